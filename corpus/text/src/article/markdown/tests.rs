//! What Markdown of all origins becomes.

use proptest::prelude::*;

use super::super::{Kind, Syntax, parse, section_path};

/// Checks the passages of a source, each given by kind, section path and text.
fn check(source: &str, expected: &[&str]) {
    let article = parse(source, Syntax::Markdown);
    let shown: Vec<String> = article
        .passages
        .iter()
        .map(|passage| {
            let path = section_path(&article.outline, passage.section);
            format!(
                "{}{}: {}",
                passage.kind.name(),
                path.iter().map(|heading| format!(" > {heading}")).collect::<String>(),
                passage.text
            )
        })
        .collect();
    assert_eq!(shown, expected, "{source}");
}

#[test]
fn blocks_become_passages() {
    check("# 标题\n\n## 一、\n\n正文\n", &["heading: 标题", "heading: 一、", "body > 一、: 正文"]);
    check(
        "# A\n\n## B\n\n### C\n\nc\n\n## D\n\nd\n",
        &["heading: A", "heading: B", "heading > B: C", "body > B > C: c", "heading: D", "body > D: d"],
    );
    check("первая\nвторая\n\nтретья\n", &["body: первая вторая", "body: третья"]);
    check("- один\n- два\n  - три\n", &["body: один", "body: два", "body: три"]);
    check("1) акватория\n2) порт\n", &["body: 1) акватория", "body: 2) порт"]);
    check("1.\n2. > порт\n3. - лёд\n", &["body: 1.", "body: 2. порт", "body: 3.", "body: лёд"]);
    check(" 1. порт\n 2.\n", &["body: 1. порт", "body: 2."]);
    check("> quoted *text*\n", &["body: quoted text"]);
    check("| a | b |\n|---|---|\n| c | d |\n", &["table: a | b | c | d"]);
    check("text[^1]\n\n[^1]: the note\n", &["body: text", "note: the note"]);
    check("    indented\n    code\n", &["body: indented code"]);
    check("", &[]);
}

#[test]
fn where_articles_and_markdown_disagree() {
    check("方西\n---\n", &["body: 方西"]);
    check("Title\n===\n\ntext\n", &["heading: Title", "body: text"]);
    check("战争。<sup>[1]</sup>俄罗斯 x<sup>2</sup> E=mc<sup>abc</sup>\n", &["body: 战争。俄罗斯 x E=mcabc"]);
    check(
        "A.\n\n[1]: http://example.org\n[1]: http://example.org/2\n\nB.\n",
        &["body: A.", "note: [1]: http://example.org", "note: [1]: http://example.org/2", "body: B."],
    );
    check("<!-- page 2 -->\n\n<div>停火<br>协议</div>\n", &["body: 停火协议"]);
    check("see <https://example.org/a_b>\n", &["body: see https://example.org/a_b"]);
    check("AT&amp;T \\* &lt;x&gt;\n", &["body: AT&T * <x>"]);
    check("лё\u{ad}<sup>\nд</sup>\n", &["body: лёд"]);
    check("`code` x\n", &["body: code x"]);
    check("`code\non two lines`\n", &["body: code on two lines"]);
}

#[test]
fn the_title_stands_at_the_top() {
    let title = |source: &str| parse(source, Syntax::Markdown).metadata.title;
    assert_eq!(title("УДК 327\n\n# Мир\n\nтекст\n").as_deref(), Some("Мир"));
    assert_eq!(title("林 舟\n\n## 前景<sup>[1]</sup>\n").as_deref(), Some("前景"));
    assert_eq!(title(&format!("{}\n\n# Late\n", "word ".repeat(60))), None);
    assert_eq!(title("a\n\nb\n\nc\n\nd\n\n# Late\n"), None);
}

#[test]
fn a_heading_with_nothing_below_is_alone() {
    let article = parse("# A\n\n## B\n\n## C\n\ntext\n\n# D\n", Syntax::Markdown);
    let alone: Vec<_> = article.passages.iter().filter(|p| p.is_alone).map(|p| p.text.as_str()).collect();
    assert_eq!(alone, ["B", "D"]);
    assert!(article.passages.iter().all(|p| !p.is_alone || p.kind == Kind::Heading));
}

#[test]
fn a_byte_order_mark_shifts_nothing() {
    let article = parse("\u{feff}# 标题\n", Syntax::Markdown);
    assert_eq!(article.metadata.title.as_deref(), Some("标题"));
    assert_eq!(article.passages[0].pieces[0].source, 5);
}

#[test]
fn headings_above_dashes() {
    // As long as its underline.
    check("Порты Севера\n------------\n\nтекст\n", &["heading: Порты Севера", "body: текст"]);
    check("极地航道\n--------\n\n正文\n", &["heading: 极地航道", "body: 正文"]);
    // All rows of the text stand below lines that look like headings.
    check(
        "Ice roads\n===\n\nIntro.\n\nPorts\n---\n\ntext\n",
        &["heading: Ice roads", "body: Intro.", "heading: Ports", "body > Ports: text"],
    );
    check("Ice\n---\n\na\n\nPorts\n---\n\nb\n", &["heading: Ice", "body: a", "heading: Ports", "body > Ports: b"]);
    check("第二章 航行\n---\n\n正文\n", &["heading: 第二章 航行", "body: 正文"]);
    // Page breaks.
    check("стороны дого-\n---\n\nворились\n", &["body: стороны договорились"]);
    check("Конец страницы.\n---------------\n\nНачало.\n", &["body: Конец страницы.", "body: Начало."]);
    check("one\ntwo words\n---------\n\nThree.\n", &["body: one two words", "body: Three."]);
    check("Ice\n---\n\nA.\n\n---\n\nB.\n", &["body: Ice", "body: A.", "body: B."]);
}

#[test]
fn headings_of_converters() {
    check("##Порты\n\n#тег\n\n##\u{3000}冰\n", &["heading: Порты", "body: #тег", "heading: 冰"]);
    check("## Порты {#ports .wide key=\"a b\"}\n\nx\n", &["heading: Порты", "body: x"]);
    check("## Множество {a, b}\n\nx\n", &["heading: Множество {a, b}", "body: x"]);
    check(
        "<span id=\"page-1-0\"></span><a id=\"x\"></a># **Лёд**\n\nx<a name=\"y\"></a> z\n",
        &["heading: Лёд", "body: x z"],
    );
    check("<h2 align=\"center\">Лёд</h2>\n<p>текст</p>\n", &["heading: Лёд", "body: текст"]);
}

#[test]
fn divisions_and_spans_of_pandoc() {
    check("::: {.note custom-style=\"a b\"}\nодин [два]{.mark} три\n:::\n", &["body: один два три"]);
    check("::: warning Осторожно лёд\nтонкий\n:::\n", &["body: Осторожно лёд", "body: тонкий"]);
    check("a ::: b\n", &["body: a ::: b"]);
    check(
        "[текст](a.html){target=x} и `код`{.rs} {не атрибут}\n",
        &["body: текст и код {не атрибут}", "metadata: a.html"],
    );
    check("[1]{a} b\n", &["body: [1]{a} b"]);
    check("Порт\n\n:   место у воды\n", &["body: Порт", "body: место у воды"]);
}

#[test]
fn tables_of_pandoc() {
    check(
        "+-----+--------+\n| лёд | две    |\n|     | строки |\n+=====+========+\n| a   | b      |\n+-----+--------+\n\nx\n",
        &["table: лёд | две строки | a | b", "body: x"],
    );
    // The first cell has two lines as well; widths count characters, or columns.
    check("+----+----+\n| 冰 | a  |\n| 海 | b  |\n+----+----+\n", &["table: 冰海 | a b"]);
    check("+---+---+\n| 冰 | a |\n+---+---+\n", &["table: 冰 | a"]);
    check(
        "  ------- -----------\n  Год     Лёд, тыс. т\n  2021    десять\n  ------- -----------\n",
        &["table: Год | Лёд, тыс. т | 2021 | десять"],
    );
    check(
        "Год     Лёд\n------  ------\n2021    десять\n2022    сто\n\nx\n",
        &["table: Год | Лёд | 2021 | десять | 2022 | сто", "body: x"],
    );
    check(
        "-----------------\nГод     Лёд и\n        порты\n------- ---------\n2021    десять\n        тысяч\n\n2022    сто\n-----------------\n",
        &["table: Год | Лёд и порты | 2021 | десять тысяч | 2022 | сто"],
    );
    check("----- -----\n\nне таблица\n", &["body: не таблица"]);
    check("-----\n\nЛёд.\n\n-----\n\nВода.\n", &["body: Лёд.", "body: Вода."]);
    check("+ один\n+ два\n", &["body: один", "body: два"]);
}

#[test]
fn a_row_keeps_the_cells_that_have_no_head() {
    check("| a | b |\n|---|---|\n| c | d | e | f |\n", &["table: a | b | c | d | e | f"]);
}

#[test]
fn notes_in_the_text() {
    check("лёд^[Заметка [1] о *льде*.] тает\n", &["body: лёд тает", "note: Заметка [1] о льде."]);
    check("лёд^1^ и m^2^, x^y\n\n[1] Заметка.\n", &["body: лёд и m^2^, x^y", "note: [1] Заметка."]);
    check("^[Только заметка.]\n", &["note: Только заметка."]);
    check("^[не закрыта\n", &["body: ^[не закрыта"]);
    let article = parse("лёд^[Одна.] и^[Две.] вода\n", Syntax::Markdown);
    let notes: Vec<_> = article.passages[0].marks.iter().map(|mark| (mark.offset, mark.note)).collect();
    assert_eq!(notes, [(6, Some(1)), (9, Some(2))]);
}

#[test]
fn notes_that_begin_with_their_mark() {
    check(
        "Лёд тает.<sup>1</sup>\n\n<sup>1</sup> Отчёт.\n<sup>2</sup> Ещё один.\n",
        &["body: Лёд тает.", "note: Отчёт.", "note: Ещё один."],
    );
    check("海冰\n\n---\n\n<sup>[3]</sup>融化。\n", &["body: 海冰融化。"]);
}

#[test]
fn what_obsidian_writes() {
    check("в [[Ледовый кодекс|кодексе]] и [[Порт]]\n", &["body: в кодексе и Порт", "metadata: Ледовый кодекс"]);
    check("![[схема.png|400]]\n\n%%тайна%% явь\n\n%%\nтайна\n\nещё\n%%\n\nвсё\n", &["body: явь", "body: всё"]);
    check("5 %% от 10 %% суммы\n", &["body: 5 %% от 10 %% суммы"]);
    check("> [!warning]+ Лёд\n> тонок\n", &["body: Лёд", "body: тонок"]);
    check("> [!tip]\n> тонок\n", &["body: тонок"]);
    check("> [!не закрыт\n", &["body: [!не закрыт"]);
    check("это ==важно== и a==b\n", &["body: это важно и a==b"]);
    check("абзац ^a1b2c3\n\nx ^2\n", &["body: абзац", "body: x ^2"]);
    check("- [ ] дело\n- [x] сделано\n", &["body: дело", "body: сделано"]);
    check("```dataview\nLIST FROM #x\n```\n\n```sql\nSELECT [[a|b]]\n```\n", &["body: SELECT [[a|b]]"]);
    check("m = [[1, 2], [3]] и [[1]] и `[[код|x]]`\n", &["body: m = [[1, 2], [3]] и [[1]] и [[код|x]]"]);
}

#[test]
fn what_miner_u_writes() {
    check("约 $3 0 . 5 \\%$ ，从$5到$10，$x$\n", &["body: 约30.5%，从$5到$10，x"]);
    check("costs $5 and $10, or $5-$10\n", &["body: costs $5 and $10, or $5-$10"]);
    check("冰$^{[2]}$融。\n\n[2] 注。\n", &["body: 冰融。", "note: [2] 注。"]);
    check(
        "<html><body><table><tr><td rowspan=\"2\">年</td><td>冰 &amp; 海</td></tr>\n<tr><td>百<b>万</b></td></tr></table></body></html>\n",
        &["table: 年 | 冰 & 海 | 百万"],
    );
}

#[test]
fn marker_counts_pages_from_zero() {
    let article = parse("{0}--------\n\nЛёд.\n\n{1}--------\n\nВода.\n", Syntax::Markdown);
    let pages: Vec<_> = article.passages.iter().map(|passage| passage.page).collect();
    assert_eq!(pages, [Some(1), Some(2)]);
}

#[test]
fn targets_of_links_can_be_found() {
    check(
        "[указ](https://a.ru/ukaz-9.html \"о льдах\") ![карта](img/map-1.png) ![](x.jpg) [b](#b) [https://c.cn](https://c.cn)\n",
        &["body: указ карта  b https://c.cn", "metadata: https://a.ru/ukaz-9.html \"о льдах img/map-1.png"],
    );
    let article = parse("x\n\n[a](b.html)\n", Syntax::Markdown);
    assert_eq!(article.passages[2].pieces[0].line, 3);
}

#[test]
fn what_is_no_element_of_html_is_text() {
    check("файл <имя> и <user> в <b>списке</b>\n", &["body: файл <имя> и <user> в списке"]);
    check("<config>\nlёд < 5\n</config>\n", &["body: <config> lёд < 5 </config>"]);
}

#[test]
fn a_row_of_tildes_hides_no_words() {
    check("~~~ Глава вторая ~~~\nЛёд\n", &["body: Глава вторая ~~~", "body: Лёд"]);
    check("```rust\nx\n```\n", &["body: x"]);
}

#[test]
fn definitions_of_links_in_lists_stay() {
    check("- [1]: Порт\n- б\n", &["body: - [1]: Порт", "body: б"]);
}

/// Marks of all dialects, and words.
const FRAGMENTS: [&str; 73] = [
    "лёд",
    "порт ",
    "вода\n",
    "море",
    "и ",
    "停火",
    "ice",
    " a ",
    "1",
    "\n\n",
    "\n",
    "\r\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "##",
    "**",
    "_",
    "`",
    "```\n",
    "~~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "[[",
    "]]",
    "|",
    "\n|---|---|\n",
    "^",
    "^[",
    " ^",
    "}",
    "$",
    "$$",
    "\\",
    ":::",
    ": ",
    "==",
    "---\n",
    "===\n",
    "--- ---\n",
    "----- ---\n",
    "+---+\n",
    "+---+---+\n",
    "    ",
    "<sup>",
    "</sup>",
    "<td>",
    "</td>",
    "<table>",
    "</table>",
    "<p>",
    "<user>",
    "<",
    ">",
    "<span id=\"a\"></span>",
    "[!",
    "[^1]",
    "]: ",
    "&amp;",
    "&",
    "{0}---\n",
    "% ",
    ".",
    "\u{3000}",
    "\u{ad}",
    "===",
    "\n\n---\n\n",
    "+++\n",
    "title: ",
];

proptest! {
    /// What is in no passage is a mark: each Russian word of any Markdown can be found.
    #[test]
    fn words_in_are_words_out(fragments in proptest::collection::vec(proptest::sample::select(&FRAGMENTS[..]), 0..30)) {
        let mut source = fragments.concat();
        // Embedded files, the labels of notes and targets in the article itself are left out.
        for (left_out, kept) in [("![[", "! [["), ("[^", "[ ^"), ("[ ^1]", "[^1]"), ("](#", "](-")] {
            source = source.replace(left_out, kept);
        }
        let russian = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| ('а'..='ё').contains(c)).collect();
            letters.sort_unstable();
            letters
        };
        let article = parse(&source, Syntax::Markdown);
        let found: String = article.passages.iter().map(|passage| passage.text.as_str()).collect();
        prop_assert_eq!(russian(&found), russian(&source), "{:?} {:?}", source, article.passages);
    }
}
