//! Whole documents of each format.

use std::time::{Duration, Instant};

use zip::CompressionMethod;

use super::samples::{self, archive, check_promises, pack, shown};
use super::{docx, epub, fb2, odf, pptx, rtf, xlsx};
use crate::reading::formats::{FormatError, doc, html, mime};
use crate::reading::memory::Account;

fn check_html(source: &str, expected: &[&str]) {
    let page = html::read(source);
    check_promises(&page);
    assert_eq!(shown(&page), expected, "{source}");
}

#[test]
fn a_page() {
    let page = html::read(samples::HTML);
    check_promises(&page);
    assert_eq!(
        shown(&page),
        [
            "h1: 停火协议 & мир",
            "p: 本理事会得作成建议案，提交大会。 {1@30}",
            "p: Совет Безопасности определяет характер средств. {2@35}",
            "p: first item",
            "p: второй пункт",
            "table: 国家 | год | 中国 | 1945",
            "p: площадь 12 км2",
            "p: the end",
            "note 1: Note one 注释",
            "note 1: продолжение",
        ]
    );
    assert_eq!(page.metadata.title.as_deref(), Some("停火协议 & мир"));
    assert_eq!(page.metadata.authors, ["Ли Вэй"]);
    assert_eq!(page.metadata.keywords, ["мир", "和平", "peace"]);
    assert_eq!(page.metadata.date.as_deref(), Some("2025-03-01"));
}

#[test]
fn pieces_of_pages() {
    check_html("", &[]);
    check_html("停<b>火</b>\n协议", &["p: 停火协议"]);
    check_html("a<div>b</div>c<p>d", &["p: a", "p: b", "p: c", "p: d"]);
    check_html("　　停火<br>　　协议<br><br>мир<br>\nwar", &["p: 停火", "p: 协议", "p: мир war"]);
    check_html("<pre>one\ntwo\n\nthree\n  four</pre>", &["p: one two", "p: three", "p: four"]);
    check_html("<h2>A<p>b</h2>c", &["h2: A", "p: b", "p: c"]);
    check_html("<ruby>汉<rp>(</rp><rt>hàn<rp>)</rp>字<rt>zì</ruby>语", &["p: 汉字语"]);
    check_html("<ruby>汉<rt>hàn</rt>字<rt>zì</rt></ruby>语", &["p: 汉字语"]);
    check_html("<ul><li hidden>x<li>y</ul><p hidden>z<p>w", &["p: y", "p: w"]);
    check_html("<span style='display:none'>a<b>b</span>c", &["p: c"]);
    check_html("<body style='display:none'><p>shown</p>", &["p: shown"]);
    check_html("a<svg><title>t</title><path d=''/><text>x</text></svg>b<template><p>c</template>", &["p: ab"]);
    check_html("<title>never closed<p>text", &["p: never closed", "p: text"]);
    check_html("<script>x", &[]);
    check_html("in 10<sup>6</sup> of H<sub>2</sub>O", &["p: in 106 of H2O"]);
    check_html(
        "<main>x</main><p>a text that is much longer than the part</p>",
        &["p: x", "p: a text that is much longer than the part"],
    );
    check_html("<main><nav>menu</nav>the text itself</main>around", &["p: the text itself"]);
    // Pages of the nineties are laid out with tables.
    check_html(
        "<table><tr><td>menu<td><table><tr><td>国<td>год</table><p>текст</table>",
        &["p: menu", "table: 国 | год", "p: текст"],
    );
    check_html("<table><tr><td>a<p>b</div></td><td>c</table>d", &["table: a b | c", "p: d"]);
}

/// Returns a page with a menu of links, an article in the given element, and a list of links below.
fn page_around(article: &str) -> String {
    let menu: String = (0..9).map(|at| format!("<li><a href=/{at}>栏目{at}</a></li>")).collect();
    format!(
        "<title>北方港口收费办法_港务网</title><ul>{menu}</ul>{article}<div><p>相关新闻</p><ul>{menu}</ul></div><p>版权所有 港务网</p>"
    )
}

const SENTENCES: [&str; 3] = [
    "北方各港的引航费自春季起按吨位分三级计收，小型渔船只缴纳其中最低的一级。",
    "Совет портов публикует сборы до открытия навигации, и изменить их до осени нельзя.",
    "Masters who arrive after dark pay for the lights, unless the harbour itself was late.",
];

#[test]
fn menus_around_an_article_are_no_text() {
    let [first, second, third] = SENTENCES;
    let source = page_around(&format!(
        "<div class=content><h1>北方港口收费办法</h1><p>发布时间：2024-03-05 来源：港务报</p><p>{first}</p><p>{second} <a href=/x>{first}</a></p><p>{third}</p></div>"
    ));
    let page = html::read(&source);
    let expected = ["h1: 北方港口收费办法", "p: 发布时间：2024-03-05 来源：港务报"].map(str::to_owned);
    assert_eq!(shown(&page)[..2], expected);
    assert_eq!(page.blocks.len(), 5, "{:?}", shown(&page));
    assert_eq!(page.metadata.title.as_deref(), Some("北方港口收费办法"));
    assert_eq!(page.metadata.date.as_deref(), Some("2024-03-05"));
    // The title and a summary stand above the element with the text.
    let source = page_around(&format!(
        "<div><h1>北方港口收费办法</h1><p>{first}</p><div><p>{second}</p><p>{third}</p><p>{third}</p><p>{second}</p><p>{second}</p></div></div>"
    ));
    assert_eq!(html::read(&source).blocks.len(), 7);
}

#[test]
fn in_doubt_a_page_counts_as_a_whole() {
    let [first, second, third] = SENTENCES;
    for article in [
        // Comments of readers are most of the text, and the article is short.
        format!("<p>{first}</p><div class=comments><p>{second}</p><p>{third}</p><p>{second}</p></div>"),
        // A list of works, each a link with its description.
        format!("<ul><li><a href=/1>Порт</a> {second}</li><li><a href=/2>Harbour</a> {third}</li></ul>"),
        // One sentence.
        format!("<div>{first}</div>"),
        // No sentences at all.
        "<p>Порт</p>".to_owned(),
    ] {
        let page = html::read(&page_around(&article));
        let text: String = page.blocks.iter().map(|block| block.text.as_str()).collect();
        for sentence in SENTENCES.iter().filter(|sentence| article.contains(**sentence)) {
            assert!(text.contains(sentence), "{sentence}: {text}");
        }
        assert!(article.len() > 100 || page.blocks.len() > 18);
    }
    let without_links =
        format!("<div class=footer><p>Порт</p></div><div class=menu>{first}</div><p>{second}</p><div>{third}</div>");
    assert_eq!(html::read(&without_links).blocks.len(), 4);
}

#[test]
fn notes_of_pages() {
    // Word.
    check_html(
        r##"<p>мир<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>.</p>
        <div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> Сноска</p></div>"##,
        &["p: мир. {1@6}", "note 1: Сноска"],
    );
    // Wikipedia.
    check_html(
        r##"<p>和平<sup id=cite_ref-1><a href="#cite_note-1"><span>[</span>1<span>]</span></a></sup>战争</p>
        <ol><li id=cite_note-1><b><a href="#cite_ref-1">^</a></b> <span class=reference-text>注释</span></li></ol>"##,
        &["p: 和平战争 {1@6}", "note 1: 注释"],
    );
    // In a table of contents, too, numbers are links.
    check_html(r##"<p>see <a href="#s2">2</a></p><h2 id=s2>Two</h2>"##, &["p: see 2", "h2: Two"]);
    // All marks link to the same list.
    check_html(
        r##"<p>a<sup><a href="#notes">1</a></sup> b<sup><a href="#notes">2</a></sup></p><ol id=notes><li>one<li>two</ol>"##,
        &["p: a b {1@1} {2@3}", "p: one", "p: two"],
    );
}

#[test]
fn a_word_document() {
    let document = docx::read(&samples::docx()).unwrap();
    check_promises(&document);
    assert_eq!(
        shown(&document),
        [
            "h1: 停火协议",
            "p: 本理事会 作成建议案 {1@12}",
            "note 1: Сноска 注释 note",
            "table: 国家 | год | China | 1945",
            "p: Совет & мир",
        ]
    );
    assert!(document.remarks.is_empty());
    assert_eq!(document.metadata.title.as_deref(), Some("停火 协议"));
    assert_eq!(document.metadata.authors, ["林舟", "Иванов"]);
    assert_eq!(document.metadata.keywords, ["мир", "和平"]);
    assert_eq!(document.metadata.made.as_deref(), Some("2025-01-02T00:00:00Z"));
}

#[test]
fn an_open_document() {
    let document = odf::read(&samples::odt()).unwrap();
    check_promises(&document);
    assert_eq!(
        shown(&document),
        ["h1: 停火协议", "h2: Стороны", "p: Совет & мир the end {1@10}", "note 1: Сноска 注释", "table: 国家 | год"]
    );
    assert_eq!(document.metadata.title.as_deref(), Some("停火协议"));
    assert_eq!(document.metadata.authors, ["林舟"]);
    assert_eq!(document.metadata.keywords, ["мир"]);
    assert_eq!(document.metadata.made.as_deref(), Some("2025-01-02T00:00:00"));
    let manifest = ("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>");
    assert_eq!(odf::read(&archive(&[("content.xml", "x"), manifest])), Err(FormatError::Encrypted));
}

#[test]
fn presentations_and_workbooks() {
    let presentation = pptx::read(&samples::pptx()).unwrap();
    check_promises(&presentation);
    assert_eq!(shown(&presentation), ["h1: 停火", "p: Совет & мир the end", "p: 注释"]);
    let workbook = xlsx::read(&samples::xlsx()).unwrap();
    check_promises(&workbook);
    assert_eq!(shown(&workbook), ["h1: Сборы", "table: 国家 | год | 05.03.2024 | 2"]);
    for metadata in [presentation.metadata, workbook.metadata] {
        assert_eq!((metadata.title, metadata.authors), (None, vec!["林舟".to_owned(), "Иванов".to_owned()]));
    }
}

#[test]
fn a_book_alone_and_in_an_archive() {
    let book = fb2::read(samples::FB2.as_bytes()).unwrap();
    check_promises(&book);
    assert_eq!(fb2::read(&archive(&[("readme.txt", "x"), ("Книга.FB2", samples::FB2)])).unwrap(), book);
    assert!(matches!(fb2::read(&archive(&[("readme.txt", "x")])), Err(FormatError::Damaged(_))));
}

#[test]
fn documents_of_other_programs() {
    let rtf = rtf::read(samples::RTF.as_bytes()).unwrap();
    check_promises(&rtf);
    let blocks = ["h1: 停火", "p: Мир {1@6}", "note 1: 中国 note", "table: a | b", "p: box", "p: end"];
    assert_eq!(shown(&rtf), blocks);
    // The text has a heading, which says otherwise.
    assert_eq!(rtf.metadata.title, None);
    let doc = doc::read(&doc::tests::sample(), &mut Account::of(usize::MAX).open()).unwrap();
    check_promises(&doc);
    let blocks = [
        "h1: 停火协议",
        "p: Мир. Sea {1@6} {i@11}",
        "note 1: first",
        "note i: end",
        "table: 国家 | год",
        "p: after y",
        "p: box",
    ];
    assert_eq!(shown(&doc), blocks);
    let page = mime::read(samples::MHTML.as_bytes(), &mut Account::of(usize::MAX).open()).unwrap();
    assert_eq!(shown(&page), ["h1: 停火", "p: Мир"]);
    assert_eq!(page.metadata.title.as_deref(), Some("停火"));
}

#[test]
fn a_book() {
    let book = epub::read(&samples::epub()).unwrap();
    check_promises(&book);
    assert_eq!(
        shown(&book),
        ["h1: 第一章", "p: Глава one {1@10}", "table: 国家 | год", "note 1: Сноска 注释", "h2: 二", "p: a < b & конец"]
    );
    assert_eq!(book.remarks, ["chapter `OEBPS/gone.xhtml` is missing"]);
    assert_eq!(book.metadata.title.as_deref(), Some("Книга 书"));
    assert_eq!((book.metadata.authors, book.metadata.date), (vec!["Li Wei".into()], Some("2024".into())));
    assert_eq!(book.metadata.keywords, ["мир", "和平"]);
}

#[test]
fn damaged_and_foreign_archives() {
    let whole = samples::docx();
    assert_eq!(docx::read(b"").unwrap_err(), FormatError::NotAnArchive);
    assert_eq!(docx::read("停火".as_bytes()).unwrap_err(), FormatError::NotAnArchive);
    assert!(matches!(docx::read(&samples::epub()), Err(FormatError::Damaged(_))));
    assert!(matches!(epub::read(&whole), Err(FormatError::Damaged(_))));
    let end = whole.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let cut = docx::read(&whole[..end]).unwrap();
    assert_eq!((cut.blocks.len(), cut.remarks.len()), (5, 1));
    let body = "<w:document><w:body><w:p><w:r><w:t>停火</w:t></w:r></w:p><w:p><w:r><w:t>мир</w:p>";
    let broken = docx::read(&archive(&[("word/document.xml", body)])).unwrap();
    assert_eq!((shown(&broken), broken.remarks.len()), (vec!["p: 停火".to_owned(), "p: мир".to_owned()], 1));
    assert_eq!(docx::read(&archive(&[("word/document.xml", "<w:p/>")])).unwrap_err(), FormatError::NoText);
    let mut compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(docx::read(&compound).unwrap_err(), FormatError::Encrypted);
}

#[test]
fn a_book_with_encrypted_text_is_refused() {
    let encryption = |method: &str| {
        format!("<encryption><EncryptedData><EncryptionMethod Algorithm=\"{method}\"/></EncryptedData></encryption>")
    };
    let book = |method: &str| {
        epub::read(&archive(&[("META-INF/encryption.xml", &encryption(method)), ("a.xhtml", "<p>停火</p>")]))
    };
    assert_eq!(book("http://www.w3.org/2001/04/xmlenc#aes128-cbc").unwrap_err(), FormatError::Encrypted);
    assert_eq!(shown(&book("http://www.idpf.org/2008/embedding").unwrap()), ["p: 停火"]);
}

/// Prints how long an action took, and checks that it was not too long, even without optimization.
fn timed<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = act();
    println!("{what}: {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(20), "{what} took {:?}", start.elapsed());
    done
}

#[test]
fn no_page_takes_long() {
    let many = 200_000;
    for unit in [
        "<div>",
        "<p>",
        "<b>",
        "<b><p>",
        "<table>",
        "<table><tr><td>",
        "<font size=1>",
        "</div>",
        "</p>",
        "<a href='#x'>",
        "<sup>1",
        "<a href='#fn1'>[1]</a>x",
        "<li id=a>",
        "<div hidden>",
        "<svg>",
        "<ruby><rt>",
        "<!--",
        "<![CDATA[",
        "&",
        "&amp",
        "&#",
        "<",
        "</",
        "<a b=\"",
        "<a b='>",
        "<title>",
        "<script>",
        "<script></script>",
        "<br>",
        "<h1>x",
        "<dd>",
        "<select>",
        "<td>x",
        "<tr><td>x<td>y",
        "<pre>\n\n",
        "<p id=x>x<sup><a href='#x'>1</a></sup>",
        "<main><nav>x",
        "<?",
        "<a =",
        "\u{3000}",
        "<table>x</table>",
        "<i></i>",
        "<p></b></i>",
    ] {
        for syntax in [html::Syntax::Html, html::Syntax::Xhtml] {
            let source = unit.repeat(many);
            let page = timed(unit, || html::read_as(&source, syntax));
            check_promises(&page);
        }
    }
    for end in ["</div>", "</b>", "</td>", "x</p>"] {
        let source = format!("{}{}", "<div><b>".repeat(many), end.repeat(many));
        timed(end, || html::read(&source));
    }
    let attributes: String = (0..many).map(|n| format!("a{n}='{n}' ")).collect();
    timed("attributes", || html::read(&format!("<p {attributes}>x")));
}

#[test]
fn no_archive_takes_long() {
    let deep = format!("<w:document>{}", "<w:p><w:r>".repeat(100_000));
    assert!(timed("deep", || docx::read(&archive(&[("word/document.xml", &deep)]))).is_err());
    let tables = format!("<w:document>{}x", "<w:tbl><w:tr><w:tc><w:p><w:t>x</w:t></w:p>".repeat(200));
    assert!(timed("tables", || docx::read(&archive(&[("word/document.xml", &tables)]))).is_ok());
    let zeros = vec![b' '; 100 << 20];
    let bomb = pack(&[("word/document.xml", &zeros)], CompressionMethod::Deflated);
    assert!(matches!(timed("bomb", || docx::read(&bomb)), Err(FormatError::TooLarge { .. })));
    let bomb = pack(&[("a.xhtml", &zeros)], CompressionMethod::Deflated);
    assert!(matches!(timed("bomb", || epub::read(&bomb)), Err(FormatError::TooLarge { .. })));
    // Many end records, each pointing to a long table of contents that is broken at its end.
    let parts: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|name| (name.as_str(), "")).collect();
    let mut many = archive(&parts);
    let contents = many.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let last = many.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let end = many.split_off(many.len() - 22);
    println!("contents at {contents}, last {last}, end {end:?}");
    many[last] = b'X';
    for ends in [150, 20_000] {
        let mut bytes = many.clone();
        (0..ends).for_each(|_| bytes.extend_from_slice(&end));
        let _ = timed("ends", || docx::read(&bytes));
    }
}
