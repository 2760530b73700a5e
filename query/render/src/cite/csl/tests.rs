//! Entries by small styles in the three languages, and files that are no styles.

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::Work;
use super::super::tests::{at_article, chinese, english, law, on_page, russian, whole};
use super::*;

const LIST: &str = include_str!("tests/list.csl");
const NOTES: &str = include_str!("tests/notes.csl");

/// A folder with one style.
fn folder_of(style: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("style.csl"), style).unwrap();
    folder
}

fn entries_of(style: &str, citations: &[Citation]) -> Result<Vec<String>, CslError> {
    let folder = folder_of(style);
    CslStyle::read(&folder.path().join("style.csl"), None)?.entries(citations)
}

fn cited() -> Vec<Citation> {
    vec![on_page(chinese(), 58), whole(russian()), whole(english()), at_article(law(), "第三条")]
}

#[test]
fn a_list_in_three_languages() {
    let list = |language: &str| LIST.replace("default-locale=\"en-US\"", &format!("default-locale=\"{language}\""));
    for (language, expected) in [
        (
            "en-US",
            [
                "Ann Smith et al. “Who pays for R&D?” World Politics, vol. 3, March 18, 2024.",
                "Иванов, П. С. and Е. А. Лядова. “Зерно и порты.” Полис, vol. 69, no. 4, March 2025, pp. 5–15. https://doi.org/10.1000/ru_1.",
                "中华人民共和国国籍法. 第三条. September 10, 1980.",
                "林舟. “北极航道新规则.” 极地与海洋, no. 2, 2025, pp. 48–70.",
            ],
        ),
        (
            "en-GB",
            [
                "Ann Smith et al. ‘Who pays for R&D?’. World Politics, vol. 3, 18 March 2024.",
                "Иванов, П. С. and Е. А. Лядова. ‘Зерно и порты’. Полис, vol. 69, no. 4, March 2025, pp. 5–15. https://doi.org/10.1000/ru_1.",
                "中华人民共和国国籍法. 第三条. 10 September 1980.",
                "林舟. ‘北极航道新规则’. 极地与海洋, no. 2, 2025, pp. 48–70.",
            ],
        ),
        (
            "ru-RU",
            [
                "Иванов, П. С. и Е. А. Лядова. «Зерно и порты». Полис, т. 69, № 4, марта 2025 г., с. 5–15. https://doi.org/10.1000/ru_1.",
                "Ann Smith и др. «Who pays for R&D?». World Politics, т. 3, 18 марта 2024 г.",
                "中华人民共和国国籍法. 第三条. 10 сентября 1980 г.",
                "林舟. «北极航道新规则». 极地与海洋, № 2, 2025 г., с. 48–70.",
            ],
        ),
        (
            "zh-CN",
            [
                "林舟. “北极航道新规则”. 极地与海洋, 期 2, 2025年, 页 48–70.",
                "中华人民共和国国籍法. 第三条. 1980年9月10日.",
                "Ann Smith 等. “Who pays for R&D?”. World Politics, 卷 3, 2024年3月18日.",
                "Иванов, П. С. 和 Е. А. Лядова. “Зерно и порты”. Полис, 卷 69, 期 4, 2025年3月, 页 5–15. https://doi.org/10.1000/ru_1.",
            ],
        ),
    ] {
        assert_eq!(entries_of(&list(language), &cited()).unwrap(), expected, "{language}");
    }
}

#[test]
fn notes_have_the_cited_pages() {
    let notes = [
        "林舟, 北极航道新规则, с. 58.",
        "П. С. Иванов, Е. А. Лядова, Зерно и порты.",
        "Ann Smith и др., Who pays for R&D?",
        "中华人民共和国国籍法.",
    ];
    assert_eq!(entries_of(NOTES, &cited()).unwrap(), notes);
}

#[test]
fn a_sentence_ends_once() {
    for (word, expected) in [
        ("R&D?.", "R&D?"),
        ("мира!.”", "мира!”"),
        ("страна?»", "страна?»"),
        ("end.”.", "end.”"),
        ("https://a.org/?.x", "https://a.org/?.x"),
        ("?", "?"),
        ("al.", "al."),
    ] {
        assert_eq!(without_second_stop(word), expected);
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    let alone = Work { title: "停火".to_owned(), ..Work::default() };
    assert_eq!(entries_of(LIST, &[whole(alone)]).unwrap(), ["“停火.”"]);
    assert_eq!(entries_of(LIST, &[]).unwrap(), [""; 0]);
}

#[test]
fn an_entry_steers_no_terminal() {
    let style = LIST.replace("delimiter=\". \"", "delimiter=\"&#x1b;[31m &#x202e;\"");
    for entry in entries_of(&style, &cited()).unwrap() {
        assert!(!entry.contains(['\x1b', '\u{202e}', '\n']), "{entry:?}");
    }
}

/// A part of a style, and what it becomes.
fn mutations() -> impl Strategy<Value = Vec<(usize, String)>> {
    let parts = prop::sample::select(vec![
        "",
        "<",
        ">",
        "\"",
        "/",
        "<group>",
        "</group>",
        "<choose>",
        "<if type=\"book\">",
        "<names variable=\"editor\">",
        "<substitute>",
        "<text macro=\"authors\"/>",
        "<text term=\"et-al\" plural=\"true\"/>",
        "form=\"numeric\"",
        "99999999999",
        "-1",
        "0",
        "\u{202e}",
        "ъ",
        "&#0;",
        "&x;",
        "<!DOCTYPE x>",
        "<![CDATA[",
        "variable=\"locator\"",
        "é",
    ]);
    prop::collection::vec((any::<usize>(), parts.prop_map(str::to_owned)), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn mutated_styles_make_entries_or_errors(changes in mutations(), cut in 0_usize..40, is_note in any::<bool>()) {
        let mut style: Vec<char> = if is_note { NOTES } else { LIST }.chars().collect();
        for (at, part) in changes {
            let at = at % style.len();
            let end = (at + cut).min(style.len());
            style.splice(at..end, part.chars());
        }
        let style: String = style.into_iter().collect();
        match entries_of(&style, &cited()) {
            Ok(entries) => prop_assert!(entries.iter().all(|entry| !entry.contains('\n'))),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("style.csl");
        fs::write(&path, bytes).unwrap();
        prop_assert!(CslStyle::read(&path, None).is_err());
    }
}

#[test]
fn a_style_may_leave_works_out() {
    let only_laws =
        NOTES.replace("<group delimiter=\", \">", "<choose><if type=\"legislation\"><group delimiter=\", \">");
    let only_laws = only_laws.replace("</group>\n    </layout>", "</group></if></choose></layout>");
    assert_eq!(entries_of(&only_laws, &cited()).unwrap(), ["中华人民共和国国籍法."]);
}
