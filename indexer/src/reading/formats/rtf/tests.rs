//! Documents as each kind of program writes them.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

use crate::reading::formats::tests::samples::{check_promises, shown};
use crate::reading::formats::{Converted, FormatError};
use crate::reading::memory::Account;
use crate::reading::skip_reason::SkipReason;

fn read(document: &[u8]) -> Result<Converted, FormatError> {
    super::read(document, &mut Account::of(usize::MAX).open()).map_err(|reason| match reason {
        SkipReason::Document(error) => error,
        other => panic!("{other}"),
    })
}

/// Checks the blocks of a document of which only the inside of its group is given.
fn check(inside: &str, expected: &[&str]) {
    let document = read(format!("{{\\rtf1{inside}}}").as_bytes()).unwrap();
    check_promises(&document);
    assert_eq!(shown(&document), expected, "{inside}");
    assert!(document.remarks.is_empty(), "{inside}");
}

#[test]
fn bytes_are_read_in_the_encoding_of_their_font() {
    // The document's code page.
    check("\\ansicpg1251 \\'cf\\'ee\\'f0\\'f2", &["p: Порт"]);
    check("\\ansicpg936 \\'b8\\'db\\'bf\\'da", &["p: 港口"]);
    check("\\ansicpg950 \\'b4\\'e4\\'a4f", &["p: 港口"]);
    check("\\mac \\'8eclair", &["p: éclair"]);
    // Fonts with character sets; the second byte of a character may look like a letter, or stand in another run.
    let fonts =
        "\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset134 C;}{\\f3\\fcharset2 S;}}";
    let with_fonts = |text: &str, expected: &[&str]| check(&format!("{fonts}{text}"), expected);
    with_fonts("{\\f1 \\'cc\\'ee\\'eb}{\\f2\\'b8}{\\f2\\b\\'db\\'bf\\'da}{\\f0 caf\\'e9}", &["p: Мол港口café"]);
    with_fonts("{\\f2 \\'81@\\'b8\\'db}", &["p: 丂港"]);
    with_fonts("\\loch\\af0\\hich\\af0\\dbch\\af2\\'b8\\'db\\loch\\f0 \\'e9", &["p: 港é"]);
    with_fonts("\\deff1\\'cc{\\f0\\'e9\\plain\\'ee}", &["p: Мéо"]);
    // Signs of symbol fonts are no letters.
    with_fonts("{\\f3 \\'b7\\tab}\\f1\\'cc\\'ee\\u-3913?", &["p: Мо"]);
    // A program that knows no character sets: its fonts say nothing of what they hold.
    check("\\ansicpg1251{\\fonttbl{\\f0\\fcharset0 A;}}\\f0 \\'cc\\'ee\\'eb", &["p: Мол"]);
    // One that does: the sign is western.
    check("\\ansicpg1251{\\fonttbl{\\f0\\fcharset0 A;}}\\f0 \\u1052?\\u1086? 4 \\'d7 5", &["p: Мо 4 × 5"]);
    check("\\ansicpg1251{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f0 4 \\'d7 5\\f1\\'cc", &["p: 4 × 5М"]);
    // Nothing is said: the text itself tells.
    let letters = "\\'cf\\'ee\\'f0\\'f2\\'ee\\'e2\\'fb\\'e9 \\'f1\\'ee\\'e2\\'e5\\'f2 \\'f1\\'ee\\'e1\\'f0\\'e0\\'eb\\'f1\\'ff \\'e2\\'e5\\'f1\\'ed\\'ee\\'e9";
    check(&format!("\\ansi {letters}"), &["p: Портовый совет собрался весной"]);
    check("\\ansi 港口的保险费率在春季之后明显上升", &["p: 港口的保险费率在春季之后明显上升"]);
}

#[test]
fn unicode_stands_beside_its_substitute() {
    for (source, expected) in [
        ("\\u1052?\\u1086?\\u1083?", "p: Мол"),
        ("\\u1052\\'3f\\u1086 ?", "p: Мо"),
        ("\\uc2\\u28207\\'b8\\'db\\u21475\\'bf\\'da", "p: 港口"),
        ("\\uc0\\u1052\\u1086 x", "p: Моx"),
        ("{\\uc0\\u1052}\\u1086?x", "p: Моx"),
        ("\\u-10179?\\u-8704?", "p: 😀"),
        ("\\u55357?\\u56832?", "p: 😀"),
        ("\\u-10179?x", "p: x"),
        ("\\u1052{?}", "p: М?"),
        ("\\u8212\\b text", "p: —text"),
        ("\\u99999999999?x", "p: x"),
        ("x\\~y\\_z\\-w\\emdash\\lquote a\\rquote", "p: x y-zw—‘a’"),
        ("\\{\\}\\\\", "p: {}\\"),
    ] {
        check(source, &[expected]);
    }
}

#[test]
fn what_word_shows_is_read() {
    check("停\\'66x", &["p: 停fx"]);
    check("one\\par two\\line three\\page four\\\nfive\\sect", &["p: one", "p: two three", "p: four", "p: five"]);
    check("a{\\v hidden}b{\\deleted gone}c{\\revised in}", &["p: abcin"]);
    check("a\\v x\\v0 b\\deleted y\\plain c", &["p: abc"]);
    check("{\\header top}{\\footerf page}body{\\*\\unknown {x}y}{\\pict 0102}{\\bin3 }}}}z", &["p: bodyz"]);
    check(
        "{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}} and {\\field{\\fldinst PAGE}{\\fldrslt 5}}",
        &["p: link and 5"],
    );
    check("{\\listtext\\pard\\plain 1.\\tab}\\pard\\plain item", &["p: 1. item"]);
    check("{\\pntext\\f3 \\'a7)\\tab}item{\\*\\pn{\\pntxtb (}}", &["p: §) item"]);
    check("a{\\annotation comment}{\\*\\atnid x}b{\\xe index}c{\\*\\bkmkstart m}", &["p: abc"]);
    check("{\\upr{a?}{\\*\\ud{a\\u1052?}}}", &["p: aМ"]);
    check("{\\object{\\*\\objdata 01}{\\result shown}}", &["p: shown"]);
    check(
        "{\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn x}{\\sv 1}}{\\shptxt \\pard box\\par}}{\\shprslt{\\do copy}}}text",
        &["p: box", "p: text"],
    );
}

#[test]
fn headings_are_known_by_their_styles() {
    let styles = "{\\stylesheet{\\ql Normal;}{\\s1\\outlinelevel0 \\sbasedon0 heading 1;}{\\s5\\sbasedon1 Kapitel;}\
                  {\\s6\\outlinelevel9\\sbasedon1 Text;}{\\s7\\sbasedon7 Ring;}{\\*\\cs10 heading 3;}{\\s8\\uc1 \\u26631?\\u39064? 2;}}";
    let styled = |text: &str, expected: &[&str]| check(&format!("{styles}{text}"), expected);
    styled(
        "\\pard\\s1 One\\par\\pard\\s5 Two\\par\\pard\\s6 three\\par\\pard\\s7 four\\par\\pard\\s8 Five\\par\\pard six",
        &["h1: One", "h1: Two", "p: three", "p: four", "h2: Five", "p: six"],
    );
    styled("\\pard\\s1{\\listtext\\pard\\plain 2.1\\tab}Ice\\par", &["h1: 2.1 Ice"]);
    styled("\\pard\\outlinelevel2 Sub\\par\\pard\\s1\\outlinelevel9 text", &["h3: Sub", "p: text"]);
}

#[test]
fn notes_come_after_the_paragraph_that_cites_them() {
    check(
        "Мир{\\super\\chftn}{\\footnote\\pard\\plain{\\super\\chftn} first\\par second}. Sea\\chftn{\\*\\footnote\\ftnalt\\chftn end}\\par next",
        &["p: Мир. Sea {1@6} {i@11}", "note 1: first", "note 1: second", "note i: end", "p: next"],
    );
    check(
        "a{\\footnote\\chftn x}b*{\\footnote * own}c{\\footnote\\chftn y}",
        &["p: ab*c {1@1} {*@3} {2@4}", "note 1: x", "note *: * own", "note 2: y"],
    );
    check("\\aftnnar a{\\footnote\\ftnalt\\chftn x}", &["p: a {1@1}", "note 1: x"]);
    check("a{\\deleted{\\footnote\\chftn x}}b{\\footnote\\chftn y}", &["p: ab {1@2}", "note 1: y"]);
}

#[test]
fn cells_become_rows() {
    check(
        "before\\par\\trowd\\pard\\intbl 国家\\cell год\\cell\\row\\trowd\\pard\\intbl China\\par Taiwan\\cell 1945\\cell\\row\\pard after",
        &["p: before", "table: 国家 | год | China Taiwan | 1945", "p: after"],
    );
    check(
        "\\trowd\\pard\\intbl a{\\footnote\\chftn n}\\cell b\\cell\\row\\pard\\par\\pard\\intbl c\\cell d\\cell\\row",
        &["table: a | b {1@1}", "note 1: n", "table: c | d"],
    );
    check(
        "\\pard\\intbl a\\cell{\\pard\\intbl\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\trowd\\nestrow}{\\nonesttables\\par}}\\pard\\intbl z\\cell\\row",
        &["table: a | x y z"],
    );
}

#[test]
fn the_properties_of_a_document() {
    let document = read(
        "{\\rtf1\\ansi\\ansicpg1251{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}{\\info{\\title \\'cf\\'ee\\'f0\\'f2 \\u28207?}{\\author Ann Lee; \\'cc\\'ee\\'eb}\
         {\\keywords ice, \\'eb\\'b8\\'e4}{\\creatim\\yr2024\\mo3\\dy5\\hr7}{\\operator user}{\\company X}}\\f1\\'cc}"
            .as_bytes(),
    )
    .unwrap();
    let metadata = document.metadata;
    assert_eq!(metadata.title.as_deref(), Some("Порт 港"));
    assert_eq!(metadata.authors, ["Ann Lee", "Мол"]);
    assert_eq!(metadata.keywords, ["ice", "лёд"]);
    assert_eq!(metadata.made.as_deref(), Some("2024-03-05"));
}

#[test]
fn a_mail_in_rtf_is_the_page_that_it_was_made_of() {
    check(
        "\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\*\\htmltag64 <html><body>}{\\*\\htmltag64 <h1>}\\htmlrtf {\\b \\htmlrtf0 \\'cf\\'ee\\'f0\\'f2\\htmlrtf }\\htmlrtf0\
         {\\*\\htmltag72 </h1>}{\\*\\htmltag64 <p>}R{\\*\\htmltag84 &amp;}D\\htmlrtf\\par\\htmlrtf0{\\*\\mhtmltag64 <i>}{\\*\\htmltag72 </p>}",
        &["h1: Порт", "p: R&D"],
    );
}

#[test]
fn what_is_not_whole_is_read_as_far_as_it_goes() {
    let cut = read("{\\rtf1\\ansi ice{\\footnote\\chftn no".as_bytes()).unwrap();
    assert_eq!(shown(&cut), ["p: ice {1@3}", "note 1: no"]);
    assert_eq!(cut.remarks, ["the document ends too early"]);
    assert_eq!(read(b"{\\rtf1}").unwrap_err(), FormatError::NoText);
    assert!(matches!(read(b"plain"), Err(FormatError::Damaged(_))));
    // What stands behind the end is no part of it.
    assert_eq!(shown(&read(b"{\\rtf1 ice}}\\par noise").unwrap()), ["p: ice"]);
}
