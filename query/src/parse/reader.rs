//! Goes along a query string, sign by sign, and keeps what was mended on the way.

use std::ops::Range;

use super::Occur;
use super::limits::MOST_WARNINGS;
use super::marks::{closing_mark, ends_word, is_closing_parenthesis, is_opening_parenthesis, is_star, is_tilde};
use crate::answer::warning::Warning;

/// A place in a query string.
pub(super) struct Reader<'q> {
    query: &'q str,
    pub(super) at: usize,
    pub(super) warnings: Vec<Warning>,
}

/// An operator between clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Not,
}

impl<'q> Reader<'q> {
    /// Stands at the beginning of a query string of which this is known.
    pub(super) fn new(query: &'q str, warning: Option<Warning>) -> Reader<'q> {
        Reader { query, at: 0, warnings: warning.into_iter().collect() }
    }

    /// Returns what is not yet read.
    pub(super) fn rest(&self) -> &'q str {
        &self.query[self.at..]
    }

    /// Returns where the query string ends.
    pub(super) fn end(&self) -> usize {
        self.query.len()
    }

    /// Returns the character that stands here.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes over blanks and returns the character after them.
    pub(super) fn skip_blanks(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.peek()
    }

    /// Goes over a character and returns where it began.
    pub(super) fn advance(&mut self, c: char) -> usize {
        let start = self.at;
        self.at += c.len_utf8();
        start
    }

    /// Takes `length` bytes.
    pub(super) fn take(&mut self, length: usize) -> &'q str {
        let taken = &self.rest()[..length];
        self.at += length;
        taken
    }

    /// Takes what stands before a character of which this is true, or all that is left.
    pub(super) fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'q str {
        let rest = self.rest();
        self.take(rest.find(ends).unwrap_or(rest.len()))
    }

    /// Returns the operator that stands here, and its end. It is a word of its own, in capitals.
    pub(super) fn operator(&mut self) -> Option<(Operator, usize)> {
        self.skip_blanks()?;
        let rest = self.rest();
        let word = &rest[..rest.find(ends_word).unwrap_or(rest.len())];
        let operator = match word {
            "AND" | "ＡＮＤ" => Operator::And,
            "OR" | "ＯＲ" => Operator::Or,
            "NOT" | "ＮＯＴ" => Operator::Not,
            _ => return None,
        };
        Some((operator, self.at + word.len()))
    }

    /// Takes a sign that stands directly before what it is about.
    pub(super) fn sign(&mut self) -> Option<Occur> {
        let mut rest = self.rest().chars();
        let sign = rest.next()?;
        let occur = match sign {
            '+' | '＋' => Occur::Must,
            '-' | '－' | '−' => Occur::MustNot,
            _ => return None,
        };
        let begins =
            |c: char| c.is_alphanumeric() || closing_mark(c).is_some() || is_opening_parenthesis(c) || is_star(c);
        rest.next().filter(|&next| begins(next))?;
        self.advance(sign);
        Some(occur)
    }

    /// Takes the text up to a closing mark, and the marks around it.
    pub(super) fn quoted(&mut self, closing: &[char]) -> &'q str {
        let start = self.at;
        self.take(self.peek().map_or(0, char::len_utf8));
        let text = self.take_until(|c| closing.contains(&c));
        match self.peek() {
            Some(mark) => {
                self.advance(mark);
            }
            None => self.warn(start..self.end(), "the quotation has no end: taken up to the end of the query"),
        }
        text
    }

    /// Takes a tilde that stands here, with the number after it.
    pub(super) fn after_tilde(&mut self) -> Option<Option<u32>> {
        let tilde = self.peek().filter(|&c| is_tilde(c))?;
        self.advance(tilde);
        Some(self.take_until(|c| !c.is_ascii_digit()).parse().ok())
    }

    /// Returns whether a clause may begin here; at the end and before a closing parenthesis none can.
    pub(super) fn has_more(&mut self) -> bool {
        self.skip_blanks().is_some_and(|c| !is_closing_parenthesis(c))
    }

    /// Keeps what was mended or ignored.
    pub(super) fn warn(&mut self, range: Range<usize>, message: &'static str) {
        match self.warnings.len() {
            ..MOST_WARNINGS => self.warnings.push(Warning::new(range, message)),
            MOST_WARNINGS => {
                let rest = range.start..self.end();
                self.warnings.push(Warning::new(rest, "from here on more was mended or ignored"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(query: &str) -> Reader<'_> {
        Reader::new(query, None)
    }

    #[test]
    fn an_operator_is_a_word_of_its_own() {
        for (query, expected) in [
            (" AND мир", Some((Operator::And, 4))),
            ("ＯＲ　战争", Some((Operator::Or, 6))),
            ("NOT(a)", Some((Operator::Not, 3))),
            ("ANDROID", None),
            ("and", None),
            ("停火", None),
            ("", None),
        ] {
            assert_eq!(reader(query).operator(), expected, "{query}");
        }
    }

    #[test]
    fn a_sign_stands_before_what_it_is_about() {
        for (query, expected) in [
            ("+мир", Some(Occur::Must)),
            ("－制裁", Some(Occur::MustNot)),
            ("−(a)", Some(Occur::MustNot)),
            ("-*фоб", Some(Occur::MustNot)),
            ("-«мир»", Some(Occur::MustNot)),
            ("- мир", None),
            ("--a", None),
            ("мир", None),
        ] {
            assert_eq!(reader(query).sign(), expected, "{query}");
        }
    }

    #[test]
    fn a_quotation_and_the_window_after_it() {
        for (query, text, window, rest) in [
            ("«мир»~ и", "мир", Some(None), " и"),
            ("\"停火 协议\"～20", "停火 协议", Some(Some(20)), ""),
            ("“war”peace", "war", None, "peace"),
            ("「和平", "和平", None, ""),
        ] {
            let mut reader = reader(query);
            let closing = reader.peek().and_then(closing_mark).unwrap();
            assert_eq!((reader.quoted(closing), reader.after_tilde(), reader.rest()), (text, window, rest));
            assert_eq!(reader.warnings.len(), usize::from(query == "「和平"));
        }
    }
}
