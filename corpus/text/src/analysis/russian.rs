//! Russian: the Snowball stemmer, for words in Cyrillic letters.
//!
//! Ukrainian and other Cyrillic words are stemmed by it too. That is good enough,
//! because queries and articles are stemmed alike.

use std::cell::RefCell;

use frostem::{Algorithm, Stemmer};

thread_local! {
    static STEMMER: RefCell<Stemmer> = RefCell::new(Stemmer::new(Algorithm::Russian));
}

/// Appends the stem of a folded word.
pub(super) fn push_stem(word: &str, out: &mut String) {
    STEMMER.with_borrow(|stemmer| out.push_str(&stemmer.stem(word)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (word, expected) in
            [("санкции", "санкц"), ("санкциями", "санкц"), ("войны", "войн"), ("переговоров", "переговор"), ("", "")]
        {
            let mut stem = String::new();
            push_stem(word, &mut stem);
            assert_eq!(stem, expected, "{word}");
        }
    }
}
