//! Search as you type: the last word of a query may be incomplete.
//!
//! An incomplete word is often unknown to the index: it is then treated as a
//! prefix. A word that the index knows stands for itself. Han characters are
//! never a prefix: a word has no letters to add.

use super::LITTLE;
use crate::answer::hit::{Answer, Total};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::open::Index;
use crate::request::{Mode, Request};

/// Shorter beginnings would stand for too much.
const LEAST_LETTERS: usize = 2;
/// Letters from here on stand for words.
const FIRST_HAN: char = '\u{2e80}';
const OPERATORS: [&str; 3] = ["AND", "OR", "NOT"];
/// Marks in which a star is no wildcard, but for the straight one, which is counted.
const QUOTATION_MARKS: [char; 9] = ['“', '”', '„', '«', '»', '「', '」', '『', '』'];

/// Returns the last word of a query if it may go on.
fn beginning(query: &str) -> Option<&str> {
    let is_quoted = query.matches('"').count() % 2 == 1 || query.contains(QUOTATION_MARKS);
    let word = query.rsplit(|c: char| c.is_whitespace() || c == '(').next()?;
    let is_word = word.chars().all(|c| c.is_alphabetic() && c < FIRST_HAN) && !OPERATORS.contains(&word);
    (is_word && !is_quoted && word.chars().count() >= LEAST_LETTERS).then_some(word)
}

impl Index {
    /// Searches for what is being typed. If the index does not know the last word, which may be incomplete, it is treated
    /// as a prefix, and the answer says so.
    ///
    /// Help with spelling costs many times as much as a search, so it is given only if little is found.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn search_as_typed(&self, request: &Request) -> Result<Answer, QueryError> {
        let Some(beginning) = beginning(&request.query).filter(|_| request.mode == Mode::Query) else {
            return self.search(request);
        };
        let quick = Request { help: false, ..request.clone() };
        // One for all that is tried.
        let budget = &Budget::of(request);
        let answer = self.search_within(&quick, budget)?;
        if is_unknown(&answer, beginning) {
            let longer = self.search_within(&Request { query: format!("{}*", quick.query), ..quick }, budget)?;
            if !longer.hits.is_empty() {
                return Ok(Answer { beginning: Some(beginning.to_owned()), ..longer });
            }
        }
        let helps = request.help && answer.total.count() < LITTLE && answer.cut.is_none();
        if helps { self.search_within(request, budget) } else { Ok(answer) }
    }
}

/// Returns whether no passage has a word: the answer counts its form, which is a beginning of it.
fn is_unknown(answer: &Answer, word: &str) -> bool {
    let word = word.to_lowercase();
    answer
        .terms
        .iter()
        .any(|term| term.passages == Total::Exact(0) && word.starts_with(term.term.trim_end_matches('*')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_at_the_end_of_a_query_go_on() {
        for (query, expected) in [
            ("мирные перего", Some("перего")),
            ("lang:en (sanc", Some("sanc")),
            ("停火 cease", Some("cease")),
            ("停火", None),
            ("мир ", None),
            ("м", None),
            ("\"balance of pow", None),
            ("\"balance\" of", Some("of")),
            ("«мир и вой", None),
            ("war OR", None),
            ("title:war", None),
            ("F35", None),
            ("санкци*", None),
            ("", None),
        ] {
            assert_eq!(beginning(query), expected, "{query}");
        }
    }
}
