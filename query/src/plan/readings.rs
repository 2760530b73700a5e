//! Readings: how else a quotation may stand in an article.
//!
//! What somebody copied from a page has the marks of notes in it, which an article keeps
//! beside its text; and whether the hyphen at the end of a line belongs to the word is
//! seen differently by different readers. So a quotation is asked as written and, where
//! it can matter, in its other readings: without marks that may be those of notes, with
//! words joined that were typed with a hyphen, and with a hyphen in words that were typed
//! without one. Words are looked up first: most quotations have one reading.

use std::ops::Range;

use svod_text::analysis::{Scan, terms_with_hyphens};
use svod_text::article::{NoteMark, note_marks};

use super::Planner;
use crate::matching::phrase::{Element, Phrase, UnitPattern};

/// The most readings of a quotation.
const MOST_READINGS: usize = 16;
/// Of up to so many places each combination is a reading of its own; of more only all, and all but one.
const MOST_COMBINED: usize = 3;

impl Planner<'_> {
    /// Returns the readings of a quotation, the one as written first. `phrase_of` makes a phrase of a text.
    pub(super) fn readings(&mut self, text: &str, phrase_of: fn(&str) -> Phrase) -> tantivy::Result<Vec<Phrase>> {
        let mut phrases: Vec<Phrase> = Vec::new();
        for text in without_some_marks(text) {
            for text in self.with_words_joined(text)? {
                for phrase in self.with_words_divided(phrase_of(&text))? {
                    if phrases.len() < MOST_READINGS && !phrases.contains(&phrase) && !phrase.elements.is_empty() {
                        phrases.push(phrase);
                    }
                }
            }
        }
        Ok(phrases)
    }

    /// Returns a text, and the same with hyphenated words joined that the index knows so.
    fn with_words_joined(&mut self, text: String) -> tantivy::Result<Vec<String>> {
        let scan = Scan::new(&text);
        let mut joints: Vec<Vec<Range<usize>>> = Vec::new();
        for at in 0..scan.units().len() {
            if let Some(parts) = scan.hyphenated_at(at)
                && self.index_terms.passages_with(scan.folded_run(at..at + parts))? > 0
            {
                let hyphen = |second: usize| scan.source(second - 1).end..scan.source(second).start;
                joints.push((at + 1..at + parts).map(hyphen).collect());
            }
        }
        let joined = combinations(joints.len()).into_iter().map(|chosen| {
            let gone = joints.iter().zip(chosen).filter(|&(_, is_chosen)| is_chosen).flat_map(|(hyphens, _)| hyphens);
            without(&text, gone.cloned())
        });
        Ok(joined.collect())
    }

    /// Returns a phrase, and the same with words in their hyphenated forms that the index knows so.
    fn with_words_divided(&mut self, phrase: Phrase) -> tantivy::Result<Vec<Phrase>> {
        let mut divided: Vec<(usize, String, usize)> = Vec::new();
        for (at, element) in phrase.elements.iter().enumerate() {
            let UnitPattern::Word(word) = &element.unit else { continue };
            for (term, parts) in terms_with_hyphens(word) {
                if self.index_terms.passages_with(&term)? > 0 {
                    divided.push((at, term, parts));
                }
            }
        }
        let phrases = combinations(divided.len()).into_iter().map(|chosen| {
            let mut phrase = phrase.clone();
            for ((at, term, parts), _) in divided.iter().zip(chosen).filter(|&(_, is_chosen)| is_chosen) {
                phrase.elements[*at].unit = UnitPattern::Terms(vec![term.clone()]);
                // The other parts of the word stand between it and the next one.
                if let Some(Element { gap, .. }) = phrase.elements.get_mut(at + 1) {
                    *gap = gap.start() + parts - 1..=gap.end() + parts - 1;
                }
            }
            phrase
        });
        Ok(phrases.collect())
    }
}

/// Returns a text, and the same without marks that may be those of notes. Equal labels go together, as they do in articles.
fn without_some_marks(text: &str) -> Vec<String> {
    let marks = note_marks(text);
    let mut labels: Vec<&str> = Vec::new();
    for NoteMark { label, .. } in &marks {
        if !labels.contains(&label.as_str()) {
            labels.push(label);
        }
    }
    let is_gone = |mark: &&NoteMark, chosen: &[bool]| {
        labels.iter().zip(chosen).any(|(label, &is_chosen)| is_chosen && *label == mark.label)
    };
    let texts = combinations(labels.len())
        .into_iter()
        .map(|chosen| without(text, marks.iter().filter(|mark| is_gone(mark, &chosen)).map(|mark| mark.range.clone())));
    texts.collect()
}

/// Returns words without all marks that may be those of notes, or only without those that are hardly anything else.
pub(super) fn without_marks(words: &str, is_gone: fn(&NoteMark) -> bool) -> String {
    without(words, note_marks(words).into_iter().filter(is_gone).map(|mark| mark.range))
}

/// Returns a text without these ranges, which are in order.
fn without(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> String {
    let (mut left, mut end) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        left.push_str(&text[end..range.start]);
        end = range.end;
    }
    left.push_str(&text[end..]);
    left
}

/// Returns which of `count` places are chosen together: first none, then all, then the rest, as far as there is room.
fn combinations(count: usize) -> Vec<Vec<bool>> {
    if count <= MOST_COMBINED {
        let all = (1_usize << count) - 1;
        let numbers = std::iter::once(0).chain((1..=all).rev());
        return numbers.map(|number| (0..count).map(|place| number >> place & 1 == 1).collect()).collect();
    }
    let but = |left_out: usize| (0..count).map(|place| place != left_out).collect();
    let few = [vec![false; count], vec![true; count]];
    few.into_iter().chain((0..count.min(MOST_READINGS)).map(but)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_by_their_labels() {
        for (text, expected) in [
            ("мир и война", &["мир и война"][..]),
            ("通航期延长[2]，沿岸", &["通航期延长[2]，沿岸", "通航期延长，沿岸"]),
            ("a [1] b [2] c [1]", &["a [1] b [2] c [1]", "a b c", "a [1] b c [1]", "a b [2] c"]),
        ] {
            assert_eq!(without_some_marks(text), expected);
        }
    }

    #[test]
    fn combinations_begin_with_none_and_all() {
        assert_eq!(combinations(0), [Vec::<bool>::new()]);
        assert_eq!(combinations(2), [[false, false], [true, true], [false, true], [true, false]]);
        for count in [3, 4, 100] {
            let chosen = combinations(count);
            assert!(!chosen[0].contains(&true) && !chosen[1].contains(&false) && chosen.len() <= MOST_READINGS + 2);
        }
    }
}
