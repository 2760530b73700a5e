//! The tokens of a text: those of its scan, and the Chinese words that only a dictionary knows.
//!
//! Tokens come sorted by position. An inverted index needs that: if a term came again at a lower position, quotations
//! would silently miss it. Long Chinese words serve ranking only and have position 0 (see [`has_positions`]).
//!
//! A thread has one tokenizer for each field and reuses its buffers for every text: no allocation per token.

use std::ops::Range;

use super::chinese;
use super::fold::is_han;
use super::scan::{Glue, Scan, Token};

/// Which terms a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// All terms, for quotations and best match.
    All,
    /// Forms and bigrams only, for best match in titles, sections and names. Long
    /// Chinese words would only count their bigrams twice there.
    Forms,
}

/// Cuts a text into the terms of the index.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    terms: Terms,
    scan: Scan,
    long_words: Vec<LongWord>,
    scratch: String,
}

impl Tokenizer {
    /// Returns a tokenizer for the given terms.
    pub fn new(terms: Terms) -> Tokenizer {
        Tokenizer { terms, scan: Scan::default(), long_words: Vec::new(), scratch: String::new() }
    }

    /// Returns which terms it yields.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Returns the byte range of the unit at a position in the last text.
    pub fn source(&self, position: usize) -> Range<usize> {
        self.scan.source(position)
    }

    /// Calls `each` with the tokens of a text and their positions, in order.
    ///
    /// A word comes as one token; the caller adds its second form with
    /// [`push_second_form`](super::push_second_form).
    pub fn each_token(&mut self, text: &str, mut each: impl FnMut(Token<'_>, usize)) {
        self.scan.fill(text);
        self.long_words.clear();
        if self.terms == Terms::All {
            find_long_words(&self.scan, &mut self.long_words);
        }
        let Tokenizer { terms, scan, long_words, scratch, .. } = self;
        let mut words = long_words.iter().peekable();
        for unit in 0..scan.units().len() {
            match terms {
                Terms::All => scan.tokens_at(unit, scratch, |token| each(token, unit)),
                Terms::Forms => scan.forms_at(unit, scratch, |term| each(Token::Term(term), unit)),
            }
            while let Some(word) = words.next_if(|word| word.first == unit) {
                each(Token::Term(scan.folded_run(word.first..word.end)), unit);
            }
        }
    }
}

/// A Chinese word of three or more characters, as a range of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LongWord {
    first: usize,
    end: usize,
}

/// Returns whether the positions of a term are its true ones.
///
/// Chinese words of three or more characters all have position 0, which takes no
/// room. Their true positions are those of the bigrams that they begin with.
pub fn has_positions(term: &str) -> bool {
    let mut characters = term.chars();
    !(characters.next().is_some_and(is_han) && characters.nth(1).is_some())
}

/// Adds the long words of every run of touching Han characters, sorted by their beginning.
fn find_long_words(scan: &Scan, long_words: &mut Vec<LongWord>) {
    let count = scan.units().len();
    let mut at = 0;
    while at < count {
        if !scan.is_han(at) {
            at += 1;
            continue;
        }
        let touches = |i: usize| scan.is_han(i) && scan.units()[i].glue == Glue::Touching;
        let end = (at + 1..).find(|&i| !touches(i)).unwrap_or(count);
        if end - at > 2 {
            chinese::each_long_word(scan.folded_run(at..end), |first, length| {
                long_words.push(LongWord { first: at + first, end: at + first + length });
            });
        }
        at = end;
    }
    long_words.sort_unstable();
    long_words.dedup();
}

#[cfg(test)]
mod tests {
    use super::super::push_second_form;
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Cut {
        term: String,
        position: usize,
        source: Range<usize>,
    }

    fn tokens(tokenizer: &mut Tokenizer, text: &str) -> Vec<Cut> {
        let mut cut: Vec<(String, usize)> = Vec::new();
        tokenizer.each_token(text, |token, position| match token {
            Token::Term(term) => cut.push((term.to_owned(), position)),
            Token::Word(word, script) => {
                cut.push((word.to_owned(), position));
                let mut second = String::new();
                if push_second_form(word, script, &mut second) {
                    cut.push((second, position));
                }
            }
        });
        cut.into_iter().map(|(term, position)| Cut { term, position, source: tokenizer.source(position) }).collect()
    }

    /// Checks the terms of a text, position by position, and what must hold for the tokens of any text.
    fn check_tokens(text: &str, expected: &str) {
        let tokens = tokens(&mut Tokenizer::new(Terms::All), text);
        check_order(text, &tokens);
        let mut shown = String::new();
        let mut position = 0;
        for token in &tokens {
            if !shown.is_empty() {
                shown.push_str(if token.position == position { "/" } else { " " });
            }
            position = token.position;
            shown.push_str(&token.term);
        }
        assert_eq!(shown, expected, "{text}");
    }

    fn check_order(text: &str, tokens: &[Cut]) {
        let mut last = (0, 0);
        for Cut { term, position, source } in tokens {
            assert!(source.start < source.end && source.end <= text.len());
            assert!(text.is_char_boundary(source.start) && text.is_char_boundary(source.end));
            assert!(!term.is_empty());
            assert!((*position, source.start) >= last, "{text}: tokens go back");
            last = (*position, source.start);
        }
    }

    #[test]
    fn terms_of_all_scripts() {
        for (text, expected) in [
            ("2025年3月停火", "2025 年 3 月停/月 停火 火"),
            ("переговоры", "переговоры/=переговор"),
            ("Украины и ЕС", "украины/=украин и ес"),
            ("sanctions war", "sanctions/=sanction war"),
            ("F-35s", "f/=f35s/=-f35s 35s"),
            ("cross-border", "cross/=-crossborder border"),
            ("2.0版", "2/=2.0 0 版"),
            ("停火，协议", "停火 火协 协议 议"),
            ("與NATO的", "与 nato 的"),
            ("", ""),
        ] {
            check_tokens(text, expected);
        }
    }

    #[cfg(feature = "dictionary")]
    #[test]
    fn long_words_stand_where_they_begin() {
        check_tokens("烏克蘭危機", "乌克/乌克兰 克兰 兰危 危机 机");
        check_tokens("中华人民共和国", "中华/中华人民共和国 华人 人民 民共 共和/共和国 和国 国");
    }

    #[test]
    fn forms_leave_out_words_as_written() {
        let cut = tokens(&mut Tokenizer::new(Terms::Forms), "Sanctions and war of 停火");
        let shown: Vec<_> = cut.into_iter().map(|token| token.term).collect();
        assert_eq!(shown, ["=sanction", "and", "war", "of", "停火"]);
    }

    proptest! {
        #[test]
        fn any_text_gives_sorted_tokens(text in "\\PC{0,80}") {
            check_order(&text, &tokens(&mut Tokenizer::new(Terms::All), &text));
            check_order(&text, &tokens(&mut Tokenizer::new(Terms::Forms), &text));
        }

        #[test]
        fn a_reused_tokenizer_forgets(first in "[a-z停火 0-9.-]{0,30}", second in "[a-zж协议 0-9.-]{0,30}") {
            let mut tokenizer = Tokenizer::new(Terms::All);
            tokens(&mut tokenizer, &first);
            prop_assert_eq!(tokens(&mut tokenizer, &second), tokens(&mut Tokenizer::new(Terms::All), &second));
        }
    }
}
