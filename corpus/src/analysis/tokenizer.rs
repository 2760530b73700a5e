//! The tokenizer that the engine calls: the terms of a scan, in order.
//!
//! Tokens come sorted by position. The engine needs that: a term that is seen
//! again at a lower position would silently lose quotations. Long Chinese words
//! are only ranked by, and have position 0 (see [`has_positions`]).
//!
//! The buffers live in the tokenizer, one for each thread and field, and are
//! used again for every text: no allocation for a token.

use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer as EngineTokenizer};

use super::fold::is_han;
use super::scan::{Glue, Scan, Token};
use super::{chinese, push_second_form};

/// Which terms a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terms {
    /// All: quotations and best match.
    All,
    /// What best match needs of titles, sections and names: forms and bigrams.
    /// Long Chinese words would only count their bigrams twice there.
    Forms,
}

/// Cuts a text into the terms of the index.
#[derive(Debug, Clone)]
pub struct Tokenizer {
    terms: Terms,
    scan: Scan,
    long_words: Vec<LongWord>,
    /// The text that the queue is of, if it may come again.
    text: String,
    queue: Queue,
    scratch: String,
    token: EngineToken,
}

/// The terms of a text, one after the other in one string.
#[derive(Debug, Clone, Default)]
struct Queue {
    terms: String,
    /// For each term its end in `terms`, and its unit.
    ends: Vec<(usize, usize)>,
}

impl Tokenizer {
    /// Returns a tokenizer for the given terms.
    pub fn new(terms: Terms) -> Tokenizer {
        Tokenizer {
            terms,
            scan: Scan::default(),
            long_words: Vec::new(),
            text: String::new(),
            queue: Queue::default(),
            scratch: String::new(),
            token: EngineToken::default(),
        }
    }

    /// Calls `each` with the tokens of a text and their positions, in order.
    ///
    /// The same as the engine gets, but without a copy of each, and without the
    /// forms of words.
    pub fn each_token(&mut self, text: &str, mut each: impl FnMut(Token<'_>, usize)) {
        self.text.clear();
        self.queue.clear();
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

    fn fill(&mut self, text: &str) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        self.each_token(text, |token, unit| {
            match token {
                Token::Term(term) => queue.terms.push_str(term),
                Token::Word(word, script) => {
                    queue.terms.push_str(word);
                    queue.ends.push((queue.terms.len(), unit));
                    if !push_second_form(word, script, &mut queue.terms) {
                        return;
                    }
                }
            }
            queue.ends.push((queue.terms.len(), unit));
        });
        self.queue = queue;
    }
}

impl Queue {
    fn clear(&mut self) {
        self.terms.clear();
        self.ends.clear();
    }
}

impl EngineTokenizer for Tokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        // All passages of a section come with the same headings, one after the other.
        if self.terms == Terms::All {
            self.fill(text);
        } else if self.text != text {
            self.fill(text);
            self.text.clear();
            self.text.push_str(text);
        }
        Stream { tokenizer: self, next: 0 }
    }
}

/// A Chinese word of three and more characters, as a range of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct LongWord {
    first: usize,
    end: usize,
}

/// The tokens of one text.
#[derive(Debug)]
pub struct Stream<'a> {
    tokenizer: &'a mut Tokenizer,
    next: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Tokenizer { queue, scan, token, .. } = &mut *self.tokenizer;
        let Some(&(end, unit)) = queue.ends.get(self.next) else { return false };
        let start = if self.next == 0 { 0 } else { queue.ends[self.next - 1].0 };
        token.text.clear();
        token.text.push_str(&queue.terms[start..end]);
        let source = scan.source(unit);
        let position = if has_positions(&token.text) { unit } else { 0 };
        (token.offset_from, token.offset_to, token.position) = (source.start, source.end, position);
        self.next += 1;
        true
    }

    fn token(&self) -> &EngineToken {
        &self.tokenizer.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        &mut self.tokenizer.token
    }
}

/// Returns whether the positions of a term say where it stands.
///
/// Those of Chinese words of three and more characters are all 0, which takes
/// no room: where one stands, so does the bigram it begins with.
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
    use super::*;
    use proptest::prelude::*;

    fn tokens(terms: Terms, text: &str) -> Vec<EngineToken> {
        let mut tokenizer = Tokenizer::new(terms);
        let mut stream = tokenizer.token_stream(text);
        let mut tokens = Vec::new();
        while let Some(token) = stream.next() {
            tokens.push(token.clone());
        }
        tokens
    }

    /// Checks the terms of a text, position by position, and what every stream of tokens must keep.
    fn check_tokens(text: &str, expected: &str) {
        let tokens = tokens(Terms::All, text);
        check_stream(text, &tokens);
        let mut shown = String::new();
        let mut position = 0;
        for token in &tokens {
            let is_here = token.position == position || !has_positions(&token.text);
            if !shown.is_empty() {
                shown.push_str(if is_here { "/" } else { " " });
            }
            position = if is_here { position } else { token.position };
            shown.push_str(&token.text);
        }
        assert_eq!(shown, expected, "{text}");
    }

    fn check_stream(text: &str, tokens: &[EngineToken]) {
        let mut last = (0, 0);
        for token in tokens {
            assert!(token.offset_from < token.offset_to && token.offset_to <= text.len());
            assert!(text.is_char_boundary(token.offset_from) && text.is_char_boundary(token.offset_to));
            assert!(!token.text.is_empty());
            if has_positions(&token.text) {
                assert!((token.position, token.offset_from) >= last, "{text}: tokens go back");
                last = (token.position, token.offset_from);
            } else {
                assert_eq!((token.position, token.offset_from >= last.1), (0, true), "{text}");
            }
        }
    }

    #[test]
    fn terms_of_all_scripts() {
        for (text, expected) in [
            ("2025年3月停火", "2025 年 3 月停/月 停火 火"),
            ("переговоры", "переговоры/=переговор"),
            ("Украины и ЕС", "украины/=украин и ес"),
            ("sanctions war", "sanctions/=sanction war"),
            ("F-35s", "f/=f35s 35s"),
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
        let shown: Vec<_> =
            tokens(Terms::Forms, "Sanctions and war of 停火").into_iter().map(|token| token.text).collect();
        assert_eq!(shown, ["=sanction", "and", "war", "of", "停火"]);
    }

    proptest! {
        #[test]
        fn any_text_gives_sorted_tokens(text in "\\PC{0,80}") {
            check_stream(&text, &tokens(Terms::All, &text));
            check_stream(&text, &tokens(Terms::Forms, &text));
        }

        #[test]
        fn a_reused_tokenizer_forgets(first in "[a-z停火 0-9.-]{0,30}", second in "[a-zж协议 0-9.-]{0,30}") {
            let mut tokenizer = Tokenizer::new(Terms::All);
            while tokenizer.token_stream(&first).next().is_some_and(|_| false) {}
            let mut stream = tokenizer.token_stream(&second);
            let mut reused = Vec::new();
            while let Some(token) = stream.next() {
                reused.push(token.clone());
            }
            prop_assert_eq!(reused, tokens(Terms::All, &second));
        }
    }
}
