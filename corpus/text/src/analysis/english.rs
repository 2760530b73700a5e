//! English: the Snowball stemmer (Porter 2), for words in Latin letters.

use std::cell::RefCell;

use frostem::{Algorithm, Stemmer};

thread_local! {
    static STEMMER: RefCell<Stemmer> = RefCell::new(Stemmer::new(Algorithm::English));
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
            [("sanctions", "sanction"), ("negotiated", "negoti"), ("negotiating", "negoti"), ("f35", "f35"), ("", "")]
        {
            let mut stem = String::new();
            push_stem(word, &mut stem);
            assert_eq!(stem, expected, "{word}");
        }
    }
}
