//! Formal words: the words of laws and documents for everyday words. A question
//! about a 老板 (boss) is answered by an article about the 用人单位 (employer),
//! although the two words share no character.
//!
//! The table (`tables/formal.txt`) is written by hand: on each line a word of
//! everyday speech, a tab, and its formal words. Only query words are looked up
//! in it, so a change of the table needs no new index. Every line widens
//! searches, so a pair must be right far more often than not.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// The number of characters of an everyday word.
pub const EVERYDAY_CHARACTERS: RangeInclusive<usize> = 2..=5;

/// Returns the formal words for a folded everyday Chinese word; an empty iterator for any other word.
pub fn formal_words(everyday: &str) -> impl Iterator<Item = &'static str> + use<> {
    FORMAL.get(everyday).copied().unwrap_or_default().split_terminator(' ')
}

const FORMAL_TEXT: &str = include_str!("tables/formal.txt");

static FORMAL: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| lines().filter_map(|line| line.split_once('\t')).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    FORMAL_TEXT.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Scan;

    fn is_han(word: &str) -> bool {
        let scan = Scan::new(word);
        (0..scan.units().len()).all(|at| scan.is_han(at))
    }

    fn is_folded(word: &str) -> bool {
        let scan = Scan::new(word);
        scan.folded_run(0..scan.units().len()) == word
    }

    #[test]
    fn the_table_is_well_formed() {
        for line in lines() {
            let (everyday, formal) = line.split_once('\t').unwrap();
            assert!(EVERYDAY_CHARACTERS.contains(&everyday.chars().count()), "{line}");
            assert!(is_han(everyday) && is_folded(everyday), "{line}");
            for word in formal.split(' ') {
                assert!(word.chars().count() >= 2 && is_han(word), "{line}");
                assert!(!everyday.contains(word), "{line}: searched for anyway");
            }
        }
        assert_eq!(FORMAL.len(), lines().count(), "a word stands twice");
    }

    #[test]
    fn everyday_words_have_formal_ones() {
        assert!(formal_words("老板").any(|word| word == "用人单位"));
        assert!(formal_words("坐牢").any(|word| word == "有期徒刑"));
        assert_eq!(formal_words("停火").count(), 0);
        assert_eq!(formal_words("").count(), 0);
    }
}
