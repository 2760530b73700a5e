//! From a query string to an expression. Never fails: whatever is typed searches.
//!
//! ```text
//! word            best match        "…"      this text, exactly, required
//! +word           required          -word    excluded
//! ```
//!
//! Quotation marks and signs are understood as keyboards of all three
//! languages type them: “ ” „ « » 「 」 『 』 ＂ ＋ －.

use std::ops::Range;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Expression {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) warnings: Vec<Warning>,
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) occur: Occur,
    pub(crate) content: Content,
}

/// Whether a clause must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occur {
    Should,
    Must,
    MustNot,
}

/// What a clause looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// These words.
    Words(String),
    /// This text, exactly.
    Quotation(String),
}

/// Something in a query string that was mended or ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The bytes of the query string that it is about.
    pub range: Range<usize>,
    /// What was done.
    pub message: &'static str,
}

/// Understands a query string.
pub(crate) fn parse(query: &str) -> Expression {
    let mut parser = Parser { query, at: 0, expression: Expression::default() };
    parser.run();
    parser.expression
}

/// Takes a whole query string as plain words.
pub(crate) fn literal(query: &str) -> Expression {
    whole(Occur::Should, Content::Words(query.to_owned()))
}

/// Takes a whole query string as one quotation.
pub(crate) fn exact(query: &str) -> Expression {
    whole(Occur::Must, Content::Quotation(query.to_owned()))
}

fn whole(occur: Occur, content: Content) -> Expression {
    Expression { clauses: vec![Clause { occur, content }], warnings: Vec::new() }
}

struct Parser<'q> {
    query: &'q str,
    at: usize,
    expression: Expression,
}

impl Parser<'_> {
    fn run(&mut self) {
        while let Some(c) = self.peek() {
            if c.is_whitespace() {
                self.at += c.len_utf8();
                continue;
            }
            let occur = self.sign();
            match self.peek().and_then(closing_mark) {
                Some(closing) => self.quotation(occur, closing),
                None => self.words(occur.unwrap_or(Occur::Should)),
            }
        }
    }

    fn peek(&self) -> Option<char> {
        self.query[self.at..].chars().next()
    }

    /// Takes a sign that stands directly before a word or a quotation.
    fn sign(&mut self) -> Option<Occur> {
        let mut rest = self.query[self.at..].chars();
        let sign = rest.next()?;
        let occur = match sign {
            '+' | '＋' => Occur::Must,
            '-' | '－' | '−' => Occur::MustNot,
            _ => return None,
        };
        rest.next().filter(|&next| next.is_alphanumeric() || closing_mark(next).is_some())?;
        self.at += sign.len_utf8();
        Some(occur)
    }

    fn quotation(&mut self, occur: Option<Occur>, closing: &[char]) {
        let start = self.at;
        let inside = start + self.peek().map_or(0, char::len_utf8);
        let end = self.query[inside..].find(closing).map(|length| inside + length);
        let text = &self.query[inside..end.unwrap_or(self.query.len())];
        let after = end.and_then(|end| self.query[end..].chars().next()).map_or(0, char::len_utf8);
        self.at = inside + text.len() + after;
        if end.is_none() {
            self.warn(start..self.query.len(), "the quotation has no end: taken up to the end of the query");
        }
        if text.trim().is_empty() {
            self.warn(start..self.at, "an empty quotation was ignored");
            return;
        }
        let content = Content::Quotation(text.to_owned());
        self.expression.clauses.push(Clause { occur: occur.unwrap_or(Occur::Must), content });
    }

    fn words(&mut self, occur: Occur) {
        let rest = &self.query[self.at..];
        let length = rest
            .char_indices()
            .skip(1)
            .find(|&(_, c)| c.is_whitespace() || closing_mark(c).is_some())
            .map_or(rest.len(), |(at, _)| at);
        self.expression.clauses.push(Clause { occur, content: Content::Words(rest[..length].to_owned()) });
        self.at += length;
    }

    fn warn(&mut self, range: Range<usize>, message: &'static str) {
        self.expression.warnings.push(Warning { range, message });
    }
}

/// Returns the marks that can end a quotation that begins with `opening`.
fn closing_mark(opening: char) -> Option<&'static [char]> {
    match opening {
        '"' | '＂' => Some(&['"', '＂']),
        '“' | '”' | '„' => Some(&['”', '“', '"']),
        '«' => Some(&['»']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(query: &str, expected: &str) {
        let shown: Vec<String> = parse(query)
            .clauses
            .iter()
            .map(|clause| {
                let sign = match clause.occur {
                    Occur::Should => "",
                    Occur::Must => "+",
                    Occur::MustNot => "-",
                };
                match &clause.content {
                    Content::Words(words) => format!("{sign}{words}"),
                    Content::Quotation(text) => format!("{sign}[{text}]"),
                }
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{query}");
    }

    #[test]
    fn what_is_typed() {
        check("乌克兰 停火", "乌克兰 停火");
        check("乌克兰　停火", "乌克兰 停火");
        check("+мир -война", "+мир -война");
        check("＋停火 －制裁", "+停火 -制裁");
        check("\"cease fire\" now", "+[cease fire] now");
        check("-\"cease fire\"", "-[cease fire]");
        check("“停火” «мир» 「停戰」", "+[停火] +[мир] +[停戰]");
        check("停火“协议", "停火 +[协议]");
        check("F-35 2.0 C++", "F-35 2.0 C++");
        check("- + -- a", "- + -- a");
        check("\"\" “”", "");
        check("\"open", "+[open]");
        check("", "");
    }

    #[test]
    fn what_was_mended_is_said() {
        let warnings = parse("мир \"война").warnings;
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].range, 7..18);
    }

    proptest! {
        #[test]
        fn any_string_is_a_query(query in "(\\PC|[ \"“”«»「」+－-]){0,40}") {
            for warning in parse(&query).warnings {
                prop_assert!(query.get(warning.range).is_some());
            }
        }
    }
}
