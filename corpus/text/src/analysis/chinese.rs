//! Chinese: the dictionary that finds words in a run of Han characters.
//!
//! Only the indexer has it (feature `dictionary`). A query needs none: it looks
//! up in the index which of its substrings are words. Loading takes 0.1 to 0.2
//! seconds and 32 MB, so the dictionary is loaded once, at the first run of three
//! Chinese characters, and shared.

#[cfg(feature = "dictionary")]
static DICTIONARY: std::sync::LazyLock<jieba_rs::Jieba> = std::sync::LazyLock::new(jieba_rs::Jieba::new);

/// The longest run, in characters, that is segmented in one piece. Longer runs are
/// cut, so that the word graph of a file without punctuation stays bounded. Words
/// across a cut are lost; quotations are not.
#[cfg(feature = "dictionary")]
const LONGEST_RUN: usize = 512;

/// Calls `each` for every dictionary word of three or more characters in `run`,
/// with its first character (counted from 0) and its number of characters.
///
/// `run` is a run of simplified Han characters. The words come in no fixed order.
#[cfg(feature = "dictionary")]
pub(super) fn each_long_word(run: &str, mut each: impl FnMut(usize, usize)) {
    let mut rest = run;
    let mut first = 0;
    while !rest.is_empty() {
        let cut = rest.char_indices().nth(LONGEST_RUN).map_or(rest.len(), |(at, _)| at);
        // No hidden Markov model: it guesses by context, so a word would be found in one sentence but not in another.
        for token in DICTIONARY.cut(&rest[..cut], false) {
            let length = token.end - token.start;
            if length > 2 {
                each(first + token.start, length);
            }
            // As in jieba's search mode: also the three-character words inside a longer one.
            if length > 3 {
                for (at, _) in trigrams(token.word).enumerate().filter(|(_, word)| DICTIONARY.has_word(word)) {
                    each(first + token.start + at, 3);
                }
            }
        }
        first += LONGEST_RUN;
        rest = &rest[cut..];
    }
}

/// Returns every substring of three characters.
#[cfg(feature = "dictionary")]
fn trigrams(word: &str) -> impl Iterator<Item = &str> {
    let ends = word.char_indices().skip(3).map(|(at, _)| at).chain([word.len()]);
    word.char_indices().zip(ends).map(|((start, _), end)| &word[start..end])
}

/// Finds nothing: without the dictionary only bigrams and quotations work.
#[cfg(not(feature = "dictionary"))]
pub(super) fn each_long_word(_run: &str, _each: impl FnMut(usize, usize)) {}

#[cfg(all(test, feature = "dictionary"))]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::path::Path;

    use jieba_rs::TokenizeMode;
    use proptest::prelude::*;

    use super::*;

    /// Checks that the words are those of jieba's own search mode.
    fn check_run(run: &str) {
        let mut found = Vec::new();
        each_long_word(run, |first, length| found.push((first, length)));
        let tokens = DICTIONARY.tokenize(run, TokenizeMode::Search, false);
        let lengths = tokens.iter().map(|token| (token.start, token.end - token.start));
        let mut expected: Vec<_> = lengths.filter(|&(_, length)| length > 2).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{run}");
    }

    fn check_folder(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                check_folder(&entry.path());
            }
            let text = fs::read_to_string(entry.path()).unwrap_or_default();
            let runs = text.split(|c| !matches!(c, '\u{4e00}'..='\u{9fff}'));
            runs.filter(|run| !run.is_empty() && run.chars().count() <= LONGEST_RUN).for_each(check_run);
        }
    }

    #[test]
    fn words_are_those_of_search_mode() {
        check_run("中华人民共和国香港特别行政区基本法");
        check_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../articles"));
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/library/zh");
        if library.is_dir() {
            return check_folder(&library);
        }
        // Written to stderr directly, past the test harness's capture: CI counts the skipped tests.
        let note = "skipped: words_are_those_of_search_mode: the development corpora are not there\n";
        std::io::stderr().write_all(note.as_bytes()).unwrap();
    }

    proptest! {
        #[test]
        fn of_any_characters(run in "[中华人民共和国务院总理政府工作报告〇々㐀俄罗斯乌克兰的]{0,40}") {
            check_run(&run);
        }
    }
}
