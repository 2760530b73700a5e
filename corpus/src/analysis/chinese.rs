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

    use jieba_rs::Jieba;

    static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

    let mut rest = run;
    let mut first = 0;
    while !rest.is_empty() {
        let cut = rest.char_indices().nth(LONGEST_RUN).map_or(rest.len(), |(at, _)| at);
        // Without the hidden Markov model: it joins by context, so a word would be found in one sentence and not in another.
        for token in DICTIONARY.cut(&rest[..cut], false) {
            let length = token.end - token.start;
            if length > 2 {
                each(first + token.start, length);
            }
            // As in search mode: the words of three characters in a longer one.
            if length > 3 {
                for (at, three) in threes(token.word).enumerate().filter(|(_, three)| DICTIONARY.has_word(three)) {
                    each(first + token.start + at, three.chars().count());
                }
            }
        }
        first += LONGEST_RUN;
        rest = &rest[cut..];
    }
}

/// Returns what begins at each character of a word and is three characters long.
#[cfg(feature = "dictionary")]
fn threes(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().skip(3).map(|(at, _)| at).chain([word.len()]);
    word.char_indices().zip(ends).map(|((start, _), end)| &word[start..end])
}

/// Without the dictionary there are no words: quotations and bigrams still work.
#[cfg(not(feature = "dictionary"))]
pub(super) fn each_long_word(_run: &str, _each: impl FnMut(usize, usize)) {}
