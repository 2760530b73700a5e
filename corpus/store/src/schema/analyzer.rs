//! The tokenizer as tantivy calls it.
//!
//! Its buffers are used again for every text: no allocation for a token.

use svod_text::analysis::{Terms, Token, Tokenizer, has_positions, push_second_form};
use tantivy::tokenizer::{Token as TantivyToken, TokenStream, Tokenizer as TantivyTokenizer};

/// The terms of a field, handed to tantivy one by one.
#[derive(Debug, Clone)]
pub(super) struct Analyzer {
    tokenizer: Tokenizer,
    /// The text that the queue is of, if it may come again.
    text: String,
    queue: Queue,
    token: TantivyToken,
}

/// The terms of a text, one after the other in one string.
#[derive(Debug, Clone, Default)]
struct Queue {
    terms: String,
    /// For each term its end in `terms`, and its position.
    ends: Vec<(usize, usize)>,
}

impl Analyzer {
    /// Returns an analyzer for a field with the given terms.
    pub(super) fn new(terms: Terms) -> Analyzer {
        Analyzer {
            tokenizer: Tokenizer::new(terms),
            text: String::new(),
            queue: Queue::default(),
            token: TantivyToken::default(),
        }
    }

    fn fill(&mut self, text: &str) {
        let Analyzer { tokenizer, queue, .. } = self;
        queue.terms.clear();
        queue.ends.clear();
        tokenizer.each_token(text, |token, position| {
            match token {
                Token::Term(term) => queue.terms.push_str(term),
                Token::Word(word, script) => {
                    queue.terms.push_str(word);
                    queue.ends.push((queue.terms.len(), position));
                    if !push_second_form(word, script, &mut queue.terms) {
                        return;
                    }
                }
            }
            queue.ends.push((queue.terms.len(), position));
        });
    }
}

impl TantivyTokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        // All passages of a section come with the same headings, one after the other.
        if self.tokenizer.terms() == Terms::All {
            self.fill(text);
        } else if self.text != text {
            self.fill(text);
            self.text.clear();
            self.text.push_str(text);
        }
        Stream { analyzer: self, next: 0 }
    }
}

/// The tokens of one text.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    analyzer: &'a mut Analyzer,
    next: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Analyzer { queue, tokenizer, token, .. } = &mut *self.analyzer;
        let Some(&(end, at)) = queue.ends.get(self.next) else { return false };
        let start = if self.next == 0 { 0 } else { queue.ends[self.next - 1].0 };
        token.text.clear();
        token.text.push_str(&queue.terms[start..end]);
        let source = tokenizer.source(at);
        let position = if has_positions(&token.text) { at } else { 0 };
        (token.offset_from, token.offset_to, token.position) = (source.start, source.end, position);
        self.next += 1;
        true
    }

    fn token(&self) -> &TantivyToken {
        &self.analyzer.token
    }

    fn token_mut(&mut self) -> &mut TantivyToken {
        &mut self.analyzer.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(analyzer: &mut Analyzer, text: &str) -> Vec<TantivyToken> {
        let mut stream = analyzer.token_stream(text);
        let mut tokens = Vec::new();
        while let Some(token) = stream.next() {
            tokens.push(token.clone());
        }
        tokens
    }

    #[test]
    fn tantivy_gets_words_their_forms_and_long_words() {
        let tokens = tokens(&mut Analyzer::new(Terms::All), "Wars in 停火");
        let shown: Vec<_> = tokens.iter().map(|token| (&*token.text, token.position, token.offset_from)).collect();
        assert_eq!(shown, [("wars", 0, 0), ("=war", 0, 0), ("in", 1, 5), ("停火", 2, 8), ("停", 2, 8), ("火", 3, 11)]);
    }

    proptest! {
        /// The contract with tantivy: a term that comes again at a lower position would lose quotations.
        #[test]
        fn positions_never_go_back(first in "\\PC{0,40}", text in "[a-zж停火协议 0-9.-]{0,60}|\\PC{0,60}") {
            for terms in [Terms::All, Terms::Forms] {
                let mut analyzer = Analyzer::new(terms);
                tokens(&mut analyzer, &first);
                let again = tokens(&mut analyzer, &text);
                let positions: Vec<_> = again.iter().filter(|token| has_positions(&token.text)).map(|token| token.position).collect();
                prop_assert!(positions.is_sorted());
                prop_assert!(again.iter().all(|token| has_positions(&token.text) || token.position == 0));
                prop_assert!(again.iter().all(|token| text.get(token.offset_from..token.offset_to).is_some_and(|part| !part.is_empty())));
                prop_assert_eq!(tokens(&mut analyzer, &text), again.clone());
                prop_assert_eq!(tokens(&mut Analyzer::new(terms), &text), again);
            }
        }
    }
}
