//! The second judge of the query language: random expressions are evaluated on
//! every passage, one by one, and compared with the hits.

use std::collections::BTreeSet;

use svod_query::{Copies, Index, Mode, Request};
use svod_text::analysis::Scan;

use crate::oracle::{Passages, form, holds_form, holds_quotation, search};
use crate::support::{Numbers, articles, read_articles, sample_index};

/// An expression of the query language.
enum Asked {
    Word(String),
    Wildcard(String),
    /// A word, and the words within one typing error of it.
    Fuzzy(String, Vec<String>),
    Quotation(String),
    Near(Vec<String>, usize),
    Both(Box<Asked>, Box<Asked>),
    Either(Box<Asked>, Box<Asked>),
    Not(Box<Asked>),
}

impl Asked {
    fn typed(&self) -> String {
        match self {
            Asked::Word(word) | Asked::Wildcard(word) => word.clone(),
            Asked::Fuzzy(word, _) => format!("{word}~"),
            Asked::Quotation(text) => format!("\"{text}\""),
            Asked::Near(words, window) => format!("\"{}\"~{window}", words.join(" ")),
            Asked::Both(one, other) => format!("({} AND {})", one.typed(), other.typed()),
            Asked::Either(one, other) => format!("({} OR {})", one.typed(), other.typed()),
            Asked::Not(asked) => format!("(NOT {})", asked.typed()),
        }
    }

    fn holds(&self, passage: &Scan) -> bool {
        match self {
            Asked::Word(word) => holds_word(passage, word),
            Asked::Wildcard(shape) => (0..passage.units().len()).any(|at| matches_pattern(passage, at, shape)),
            Asked::Fuzzy(_, near) => near.iter().any(|near| holds_form(passage, &Scan::new(near))),
            Asked::Quotation(text) => holds_quotation(passage, &Scan::new(text)),
            Asked::Near(words, window) => is_near(passage, words, *window),
            Asked::Both(one, other) => one.holds(passage) && other.holds(passage),
            Asked::Either(one, other) => one.holds(passage) || other.holds(passage),
            Asked::Not(asked) => !asked.holds(passage),
        }
    }
}

fn holds_word(passage: &Scan, word: &str) -> bool {
    let word = Scan::new(word);
    if word.is_han(0) { holds_quotation(passage, &word) } else { holds_form(passage, &word) }
}

/// Whether the word at a unit, or the Han characters from it on, match a wildcard pattern.
fn matches_pattern(passage: &Scan, at: usize, shape: &str) -> bool {
    let shape: Vec<char> = shape.chars().collect();
    if !Scan::new(&shape[..1].iter().collect::<String>()).is_han(0) {
        return !passage.is_han(at) && is_like(&shape, &passage.folded(at).chars().collect::<Vec<_>>());
    }
    at + shape.len() <= passage.units().len()
        && shape
            .iter()
            .enumerate()
            .all(|(i, &c)| c == '?' || Scan::new(&c.to_string()).folded(0) == passage.folded(at + i))
}

fn is_like(shape: &[char], word: &[char]) -> bool {
    match (shape, word) {
        ([], []) => true,
        (['*', rest @ ..], _) => (0..=word.len()).any(|taken| is_like(rest, &word[taken..])),
        (['?', rest @ ..], [_, after @ ..]) => is_like(rest, after),
        ([letter, rest @ ..], [first, after @ ..]) => letter == first && is_like(rest, after),
        _ => false,
    }
}

/// Whether all words occur within a window of this many positions.
fn is_near(passage: &Scan, words: &[String], window: usize) -> bool {
    let stands = |word: &Scan, at: usize| {
        if word.is_han(0) {
            (0..word.units().len()).all(|i| passage.folded(at + i) == word.folded(i))
        } else {
            form(passage, at) == form(word, 0)
        }
    };
    let words: Vec<Scan> = words.iter().map(|word| Scan::new(word)).collect();
    (0..passage.units().len()).any(|first| {
        let end = (first + window).min(passage.units().len());
        words.iter().all(|word| (first..end).any(|at| at + word.units().len() <= end && stands(word, at)))
    })
}

/// The texts of all passages, and all their words that are not Han characters.
struct Words {
    all: BTreeSet<String>,
    texts: Vec<String>,
}

impl Words {
    fn read() -> Words {
        let texts: Vec<String> = read_articles(&articles())
            .into_iter()
            .flat_map(|(.., article)| article.passages)
            .map(|passage| passage.text)
            .collect();
        let mut all = BTreeSet::new();
        for text in &texts {
            let scan = Scan::new(text);
            all.extend((0..scan.units().len()).filter(|&at| !scan.is_han(at)).map(|at| scan.folded(at).to_owned()));
        }
        Words { all, texts }
    }

    /// Returns the words within one typing error of a word, including itself.
    fn near(&self, word: &str) -> Vec<String> {
        self.all.iter().filter(|other| distance(word, other) <= 1).cloned().collect()
    }

    /// Returns a random word of the passages, or two Han characters.
    fn any(&self, numbers: &mut Numbers) -> String {
        loop {
            let scan = Scan::new(&self.texts[numbers.below(self.texts.len())]);
            let at = numbers.below(scan.units().len().max(1));
            if scan.is_han(at) && scan.is_han(at + 1) {
                return scan.folded_run(at..at + 2).to_owned();
            }
            // No parts of designations: a query takes these as one word.
            if !scan.is_han(at)
                && scan.folded(at).chars().count() > 3
                && scan.folded(at).chars().all(char::is_alphabetic)
            {
                return scan.folded(at).to_owned();
            }
        }
    }

    fn word_of_letters(&self, numbers: &mut Numbers) -> String {
        loop {
            let word = self.any(numbers);
            if !Scan::new(&word).is_han(0) {
                return word;
            }
        }
    }
}

/// Returns the edit distance of two words; swapping neighbours counts as one edit.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![vec![0; other.len() + 1]; one.len() + 1];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            rows[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                    let edited = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(replaced);
                    let is_swap = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    if is_swap { edited.min(rows[i - 2][j - 2] + 1) } else { edited }
                }
            };
        }
    }
    rows[one.len()][other.len()]
}

fn random(words: &Words, numbers: &mut Numbers, depth: usize) -> Asked {
    let choices = if depth == 0 { 5 } else { 8 };
    let inner = |numbers: &mut Numbers| Box::new(random(words, numbers, depth.saturating_sub(1)));
    match numbers.below(choices) {
        0 => Asked::Word(words.any(numbers)),
        1 => Asked::Wildcard(random_pattern(&words.any(numbers), numbers)),
        2 => {
            let word = words.word_of_letters(numbers);
            let near = words.near(&word);
            Asked::Fuzzy(word, near)
        }
        3 => Asked::Quotation(words.any(numbers)),
        4 => {
            let asked = (0..2 + numbers.below(2)).map(|_| words.any(numbers)).collect();
            Asked::Near(asked, 4 + numbers.below(60))
        }
        5 => Asked::Both(inner(numbers), inner(numbers)),
        6 => Asked::Either(inner(numbers), inner(numbers)),
        _ => Asked::Not(inner(numbers)),
    }
}

/// Returns a random wildcard pattern that matches a word.
fn random_pattern(word: &str, numbers: &mut Numbers) -> String {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() == 2 {
        return format!("{}?{}", letters[0], letters[1]);
    }
    let cut = 1 + numbers.below(letters.len() - 2);
    let text = |letters: &[char]| letters.iter().collect::<String>();
    match numbers.below(4) {
        0 => format!("{}*", text(&letters[..=cut])),
        1 => format!("*{}", text(&letters[cut..])),
        2 => format!("*{}*", text(&letters[cut..])),
        _ => format!("{}?{}", text(&letters[..cut]), text(&letters[cut + 1..])),
    }
}

#[test]
fn expressions_find_what_they_say() {
    let passages = Passages::of(&articles());
    let words = Words::read();
    let index = Index::open(sample_index()).unwrap();
    let mut numbers = Numbers(4);
    let mut found = 0;
    for _ in 0..400 {
        let asked = random(&words, &mut numbers, 2);
        // With `+`, because plain words alone are ranked, not required.
        let query = format!("+({})", asked.typed());
        let expected = passages.places_where(|passage| asked.holds(passage));
        assert_eq!(search(&index, &query, Mode::Query), expected, "{query}");
        found += usize::from(!expected.is_empty());
    }
    assert!(found > 130, "only {found} of the questions have an answer");
}

/// The variable for the number of random strings to search for; a million take some minutes in a release build.
const STRINGS: &str = "SVOD_STRINGS";

/// Returns a random query: a sequence of pieces of the language and any characters.
fn random_string(numbers: &mut Numbers) -> String {
    const PARTS: [&str; 31] = [
        "停火",
        "的",
        "мир",
        "санкции",
        "war",
        "F-35",
        "\"",
        "“",
        "”",
        "«",
        "(",
        ")",
        "（",
        "）",
        "*",
        "?",
        "~",
        "~2",
        "+",
        "-",
        "－",
        " ",
        " ",
        " AND ",
        " OR ",
        " NOT ",
        "title:",
        "date：2024..",
        "path:zh",
        "\u{301}",
        "\0",
    ];
    let mut query = String::new();
    for _ in 0..1 + numbers.below(9) {
        match numbers.below(4) {
            0 => query.extend(char::from_u32(numbers.below(0x2_ffff) as u32)),
            _ => query.push_str(PARTS[numbers.below(PARTS.len())]),
        }
    }
    query
}

#[test]
fn any_string_searches() {
    let index = Index::open(sample_index()).unwrap();
    let strings = std::env::var(STRINGS).ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let mut numbers = Numbers(9);
    for number in 0..strings {
        let query = random_string(&mut numbers);
        let mut request = Request::new(query.as_str());
        request.mode = [Mode::Query, Mode::Query, Mode::Fragment, Mode::Literal, Mode::Exact][number % 5];
        request.copies = if number % 2 == 0 { Copies::Fold } else { Copies::Show };
        (request.help, request.explain) = (number % 3 == 0, number % 7 == 0);
        let answer = index.search(&request).unwrap();
        for warning in &answer.warnings {
            assert!(query.get(warning.range.clone()).is_some(), "{query}");
        }
        for hit in &answer.hits {
            assert!(
                hit.snippet.highlights.iter().all(|range| hit.snippet.text.get(range.clone()).is_some()),
                "{query}"
            );
        }
    }
}
