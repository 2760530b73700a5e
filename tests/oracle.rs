//! The second judge: a search finds exactly the passages that a scan of all passages finds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use svod_query::{Index, Mode, Request};
use svod_text::analysis::{FORM_MARK, Scan};
use svod_text::article::Passage;

use crate::support::{Numbers, articles, first_byte, index_into, new_folder, read_articles, sample_index, shared};

/// Passages, each by its path and first byte.
pub(crate) type Places = BTreeSet<(PathBuf, usize)>;

/// All passages of a folder, scanned.
pub(crate) struct Passages(Vec<(PathBuf, usize, Scan)>);

impl Passages {
    pub(crate) fn of(folder: &Path) -> Passages {
        let articles = read_articles(folder);
        let scanned = articles.iter().flat_map(|(path, _, article)| {
            article
                .passages
                .iter()
                .map(|passage: &Passage| (path.clone(), first_byte(passage), Scan::new(&passage.text)))
        });
        Passages(scanned.collect())
    }

    pub(crate) fn places_where(&self, holds: impl Fn(&Scan) -> bool) -> Places {
        self.0.iter().filter(|(.., scan)| holds(scan)).map(|(path, byte, _)| (path.clone(), *byte)).collect()
    }
}

/// Whether the units of a quotation stand in a passage, in order and side by side.
pub(crate) fn holds_quotation(passage: &Scan, quoted: &Scan) -> bool {
    let length = quoted.units().len();
    let stands = |at: usize| (0..length).all(|i| passage.folded(at + i) == quoted.folded(i));
    length > 0 && (0..(passage.units().len() + 1).saturating_sub(length)).any(stands)
}

/// Whether the units of a fragment stand in a passage, where the first may be the end of a word and the last the
/// beginning of one.
fn holds_fragment(passage: &Scan, cut: &Scan) -> bool {
    let last = cut.units().len().saturating_sub(1);
    let stands = |at: usize, i: usize| {
        let (word, part) = (passage.folded(at + i), cut.folded(i));
        match (i == 0, i == last) {
            _ if passage.is_han(at + i) || cut.is_han(i) => word == part,
            (true, true) => word.contains(part),
            (true, false) => word.ends_with(part),
            (false, true) => word.starts_with(part),
            (false, false) => word == part,
        }
    };
    let beginnings = 0..(passage.units().len() + 1).saturating_sub(cut.units().len());
    !cut.units().is_empty() && beginnings.into_iter().any(|at| (0..=last).all(|i| stands(at, i)))
}

/// Returns the form by which best match finds a word.
pub(crate) fn form(scan: &Scan, at: usize) -> String {
    let mut form = String::new();
    scan.forms_at(at, &mut String::new(), |term| {
        if form.is_empty() {
            form = term.trim_start_matches(FORM_MARK).to_owned();
        }
    });
    form
}

/// Whether a passage has a word in any of its forms.
pub(crate) fn holds_form(passage: &Scan, word: &Scan) -> bool {
    let wanted = form(word, 0);
    (0..passage.units().len()).any(|at| form(passage, at) == wanted)
}

pub(crate) fn search(index: &Index, query: &str, mode: Mode) -> Places {
    let mut request = Request::new(query);
    request.mode = mode;
    request.limit = None;
    let answer = index.search(&request).expect("the index can be searched");
    assert_eq!(answer.total.count() as usize, answer.hits.len(), "{query}");
    let places: Places = answer.hits.iter().map(|hit| (hit.path.clone(), hit.pieces[0].source)).collect();
    assert_eq!(places.len(), answer.hits.len(), "{query}: a passage twice");
    places
}

/// Returns up to 24 characters from anywhere in a random passage.
fn random_substring(passages: &[String], numbers: &mut Numbers) -> String {
    let text: Vec<char> = passages[numbers.below(passages.len())].chars().collect();
    let first = numbers.below(text.len());
    text[first..(first + 1 + numbers.below(24)).min(text.len())].iter().collect()
}

#[test]
fn substrings_are_found_where_they_stand_and_nowhere_else() {
    let passages = Passages::of(&articles());
    let texts: Vec<String> = read_articles(&articles())
        .into_iter()
        .flat_map(|(.., article)| article.passages)
        .map(|passage| passage.text)
        .collect();
    let index = Index::open(sample_index()).unwrap();
    let mut numbers = Numbers(20_251_123);
    for _ in 0..10_000 {
        let text = random_substring(&texts, &mut numbers);
        let scan = Scan::new(&text);
        let expected = passages.places_where(|passage| holds_quotation(passage, &scan));
        assert_eq!(search(&index, &text, Mode::Exact), expected, "{text}");
        let expected = passages.places_where(|passage| holds_fragment(passage, &scan));
        assert!(!expected.is_empty() || scan.units().is_empty(), "{text} was cut out of a passage");
        assert_eq!(search(&index, &text, Mode::Fragment), expected, "fragment {text}");
    }
}

#[test]
fn no_quotation_is_lost_where_a_long_paragraph_is_cut() {
    let folder = new_folder();
    let sentences = (0..900).map(|number| format!("第{number}句谈到停火与和平，предложение {number} о мире. "));
    std::fs::write(folder.path().join("long.txt"), sentences.collect::<String>()).unwrap();
    let home = new_folder();
    let index = index_into(folder.path(), home.path());
    let source = std::fs::read_to_string(folder.path().join("long.txt")).unwrap();
    let passages = index.status().unwrap().passages;
    assert!(passages >= 9, "{passages} parts");
    let boundaries: Vec<usize> = (0..source.len()).filter(|&at| source.is_char_boundary(at)).collect();
    let mut numbers = Numbers(7);
    for _ in 0..400 {
        let first = numbers.below(boundaries.len() - 60);
        let text = &source[boundaries[first]..boundaries[first + 20 + numbers.below(40)]];
        let quoted = Scan::new(text);
        if quoted.units().len() < 4 {
            continue;
        }
        // Without the first and the last unit, which may be cut words.
        let quotation = &text[quoted.source(1).start..quoted.source(quoted.units().len() - 2).end];
        assert!(!search(&index, quotation, Mode::Exact).is_empty(), "{quotation}");
    }
    // Each sentence has its own number, and belongs to one part only.
    for number in 100..900 {
        assert_eq!(search(&index, &format!("第{number}句谈到停火"), Mode::Exact).len(), 1, "{number}");
    }
}

#[test]
fn the_same_text_in_other_characters_is_the_same_quotation() {
    let index = Index::open(sample_index()).unwrap();
    let same = [
        ("海底電纜", "海底电缆"),
        ("Ｆ－３５", "F-35"),
        ("ПРОДОВОЛЬСТВЕННАЯ БЕЗОПАСНОСТЬ", "продовольственная безопасность"),
        ("ещё", "еще"),
        ("北极，航道", "北极航道"),
    ];
    for (one, other) in same {
        let found = search(&index, one, Mode::Exact);
        assert!(!found.is_empty(), "{one}");
        assert_eq!(found, search(&index, other, Mode::Exact), "{one} {other}");
    }
}

#[test]
fn required_and_excluded_words_are_those_of_a_scan() {
    let passages = Passages::of(&articles());
    let index = Index::open(sample_index()).unwrap();
    let words = [
        "俄罗斯",
        "合作",
        "北极",
        "制裁",
        "水",
        "能源",
        "ЕС",
        "порт",
        "зерно",
        "безопасность",
        "экспорта",
        "system",
        "grid",
        "the",
        "procurement",
        "F-35",
        "2.0",
        "2024",
    ];
    let holds = |passage: &Scan, word: &str| {
        let scan = Scan::new(word);
        if scan.is_han(0) || scan.units().len() > 1 { holds_whole(passage, &scan) } else { holds_form(passage, &scan) }
    };
    for required in words {
        for excluded in words {
            let expected = passages.places_where(|passage| holds(passage, required) && !holds(passage, excluded));
            let query = format!("+{required} -{excluded}");
            assert_eq!(search(&index, &query, Mode::Query), expected, "{query}");
        }
    }
}

/// Whether a passage has a Han word as written, or a designation in any spelling.
fn holds_whole(passage: &Scan, wanted: &Scan) -> bool {
    match wanted.compound_at(0) {
        None => holds_quotation(passage, wanted),
        Some((form, _)) => (0..passage.units().len()).any(|at| {
            let is_joined = passage.compound_at(at).is_some_and(|(found, _)| found == form);
            is_joined || passage.folded(at) == form
        }),
    }
}

#[test]
fn real_quotations_have_perfect_recall_and_precision() {
    let Some(set) = shared("sets/exact-quote") else { return };
    let home = new_folder();
    let index = index_into(&set.join("articles"), home.path());
    let passages = Passages::of(&set.join("articles"));
    let queries = std::fs::read_to_string(set.join("queries.jsonl")).unwrap();
    for line in queries.lines() {
        let query: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = query["text"].as_str().unwrap();
        let quoted = Scan::new(text);
        let expected = passages.places_where(|passage| holds_quotation(passage, &quoted));
        assert_eq!(search(&index, text, Mode::Exact), expected, "{text}");
        let expected = passages.places_where(|passage| holds_fragment(passage, &quoted));
        assert_eq!(search(&index, text, Mode::Fragment), expected, "fragment {text}");
    }
}
