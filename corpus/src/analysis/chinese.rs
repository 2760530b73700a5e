//! Chinese: the dictionary that finds words in a run of Han characters.
//!
//! Only the indexer has it (feature `dictionary`). A query does without: it
//! asks the index which of its substrings are words (design of the terms).
//! Loading costs 0.1 to 0.2 seconds and 32 MB, so it is loaded once, with the
//! first Chinese character, and shared.

/// Longer runs are cut: the word graph of a file without punctuation must not
/// grow without bound. Only words over the cut are lost, no quotation is.
#[cfg(feature = "dictionary")]
const LONGEST_RUN: usize = 512;

/// Calls `each` with the first character and the number of characters of every
/// dictionary word of three and more characters in `run`, a run of simplified
/// Han characters. Order: as the words end, not sorted by beginning.
#[cfg(feature = "dictionary")]
pub(super) fn each_long_word(run: &str, mut each: impl FnMut(usize, usize)) {
    use std::sync::LazyLock;

    use jieba_rs::{Jieba, TokenizeMode};

    static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

    let mut rest = run;
    let mut first = 0;
    while !rest.is_empty() {
        let cut = rest.char_indices().nth(LONGEST_RUN).map_or(rest.len(), |(at, _)| at);
        // Without the hidden Markov model: it joins by context, so a word would be found in one sentence and not in another.
        for token in DICTIONARY.tokenize(&rest[..cut], TokenizeMode::Search, false) {
            if token.end - token.start > 2 {
                each(first + token.start, token.end - token.start);
            }
        }
        first += LONGEST_RUN;
        rest = &rest[cut..];
    }
}

/// Without the dictionary there are no words: quotations and bigrams still work.
#[cfg(not(feature = "dictionary"))]
pub(super) fn each_long_word(_run: &str, _each: impl FnMut(usize, usize)) {}
