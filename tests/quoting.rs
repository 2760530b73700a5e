//! Quotations as people copy them: with marks of notes, and with words divided at line ends.

use svod_indexer::{Memory, Text, Writer};
use svod_query::{Index, Mode, Request, Words};

const TEXTS: [(&str, &str); 10] = [
    (
        "notes",
        "# Лёд\n\nВыводы работ [7] и [9] дополняют друг друга.\n\n## Литература\n\n[7] А. Б. Лёд. 2010.\n\n[9] В. Г. Порты. 2011.\n",
    ),
    ("contract", "# Договор\n\nОплата по пункту [7] договора вносится в мае.\n"),
    (
        "zh",
        "# 航道\n\n“先行先试”①是原则，航期延长<sup>[2]</sup>，沿岸受益。\n\n## 注释\n\n① 甲：《试》。\n\n[2] 乙：《航》。\n",
    ),
    ("orphan", "# Fleet\n\nThe tonnage rose sharply¹ in winter, to 20 km² of ice.\n"),
    ("kept", "# Trade\n\nThe rules on cross-\nborder barter follow Act 123-\nФЗ of May.\n"),
    ("closed", "# Grain\n\nEvery ship-\nment of barley is weighed.\n"),
    ("wrong", "# Barges\n\nA tow-\nboat pulls the barges.\n"),
    ("spaced", "# Набор\n\nСлово р а з р я д к а стоит здесь.\n"),
    ("title", "# Deep water quays\n\nThey are new.\n"),
    ("hyphen", "# Ice\n\nAn ice-breaker opens the strait.\n"),
];

fn index() -> Index {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    for (path, text) in TEXTS {
        writer.add(Text::new(path, text).markdown()).unwrap();
    }
    writer.commit().unwrap();
    Index::in_memory(&memory).unwrap()
}

fn paths(index: &Index, request: &Request) -> Vec<String> {
    let mut paths: Vec<String> =
        index.search(request).unwrap().hits.iter().map(|hit| hit.path.to_string_lossy().into_owned()).collect();
    paths.sort();
    paths.dedup();
    paths
}

#[test]
fn a_quotation_that_stands_in_the_text_is_found() {
    let index = index();
    for (quoted, expected) in [
        ("работ [7] и [9] дополняют", &["notes"][..]),
        ("работ и дополняют", &["notes"]),
        ("работ [7] и дополняют", &["notes"]),
        ("по пункту [7] договора", &["contract"]),
        ("по пункту договора", &[]),
        ("“先行先试”①是原则", &["zh"]),
        ("航期延长[2]，沿岸", &["zh"]),
        ("航期延长<sup>2</sup>，沿岸", &["zh"]),
        ("航期延长，沿岸", &["zh"]),
        ("rose sharply¹ in winter", &["orphan"]),
        ("rose sharply in winter", &["orphan"]),
        ("20 km² of ice", &["orphan"]),
        ("20 km of ice", &[]),
        ("on cross-border barter follow", &["kept"]),
        ("on crossborder barter follow", &["kept"]),
        ("Act 123-ФЗ of", &["kept"]),
        ("Act 123ФЗ of", &["kept"]),
        ("every shipment of barley", &["closed"]),
        ("every ship-ment of barley", &["closed"]),
        ("a towboat pulls", &["wrong"]),
        ("a tow-boat pulls", &["wrong"]),
        ("слово разрядка стоит", &["spaced"]),
        ("an icebreaker opens", &["hyphen"]),
        ("an icebreaker strait", &[]),
    ] {
        let mut request = Request::new(quoted);
        request.mode = Mode::Exact;
        let answer = index.search(&request).unwrap();
        assert_eq!(paths(&index, &request), expected, "{quoted}");
        assert_eq!(answer.total.count(), answer.hits.len() as u64, "{quoted}");
    }
}

#[test]
fn words_are_found_as_quotations_are() {
    let index = index();
    for (words, expected) in [
        ("cross-border", &["kept"][..]),
        ("crossborder", &["kept"]),
        ("ship-ment", &["closed"]),
        ("shipment", &["closed"]),
        ("icebreaker", &["hyphen"]),
        ("ice-breaker opens", &["hyphen"]),
        ("sharply¹ winter", &["orphan"]),
        ("разрядка", &["spaced"]),
        ("title:deep-water new", &["title"]),
        ("работ[7] дополняют", &["notes"]),
    ] {
        let mut request = Request::new(words);
        request.words = Words::All;
        assert_eq!(paths(&index, &request), expected, "{words}");
    }
}

#[test]
fn what_is_excluded_is_excluded_in_every_reading() {
    let index = index();
    let request = Request::new("barter barley tonnage -\"crossborder barter\" -\"ship-ment of\"");
    assert_eq!(paths(&index, &request), ["orphan"]);
}
