//! From a query string to an expression. Never fails: whatever is typed searches.
//!
//! ```text
//! word            best match        "…"      this text, exactly, required
//! +word           required          -word    excluded
//! name:value      only passages with it: lang, kind, date, title, author, keyword, section
//! ```
//!
//! Quotation marks and signs are understood as keyboards of all three
//! languages type them: “ ” „ « » 「 」 『 』 ＂ ＋ －.

use std::ops::{Range, RangeInclusive};

use svod_corpus::article::{Date, Kind};
use svod_corpus::language::Language;

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
    /// Only passages of which this is true.
    Filter(Filter),
}

/// What can be asked of a passage beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// It is of this kind.
    Kind(Kind),
    /// It is in this language.
    Language(Language),
    /// Its article is of a date in this range, as numbers of dates.
    Date(RangeInclusive<u64>),
    /// A field has these words.
    Words(FieldName, String),
}

/// A field that can be asked for words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldName {
    Title,
    Author,
    Keyword,
    Section,
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
            if self.filter(occur.unwrap_or(Occur::Must)) {
                continue;
            }
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

    /// Takes `name:value`, if the name is one of a filter.
    fn filter(&mut self, occur: Occur) -> bool {
        let rest = &self.query[self.at..];
        let Some((name, after)) = rest.split_once([':', '：']).filter(|(name, _)| is_filter_name(name)) else {
            return false;
        };
        let start = self.at;
        let value_start = self.query.len() - after.len();
        let (value, end) = value_of(after);
        self.at = value_start + end;
        match understand_filter(name, value) {
            Some(filter) => self.expression.clauses.push(Clause { occur, content: Content::Filter(filter) }),
            None => self.warn(start..self.at, "not understood as a filter, and ignored"),
        }
        true
    }

    fn warn(&mut self, range: Range<usize>, message: &'static str) {
        self.expression.warnings.push(Warning { range, message });
    }
}

const FILTER_NAMES: [&str; 8] = ["kind", "lang", "language", "date", "title", "author", "keyword", "section"];

fn is_filter_name(name: &str) -> bool {
    FILTER_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Returns the value that a filter's text begins with, and where it ends: a quotation, or what stands before a blank.
fn value_of(text: &str) -> (&str, usize) {
    let first = text.chars().next();
    if let (Some(opening), Some(closing)) = (first, first.and_then(closing_mark)) {
        let inside = &text[opening.len_utf8()..];
        let length = inside.find(closing).unwrap_or(inside.len());
        let after = inside[length..].chars().next().map_or(0, char::len_utf8);
        return (&inside[..length], opening.len_utf8() + length + after);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], end)
}

fn understand_filter(name: &str, value: &str) -> Option<Filter> {
    let words = |field| (!value.trim().is_empty()).then(|| Filter::Words(field, value.to_owned()));
    match name.to_ascii_lowercase().as_str() {
        "kind" => Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(value)).map(Filter::Kind),
        "lang" | "language" => {
            Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(value)).map(Filter::Language)
        }
        "date" => dates(value).map(Filter::Date),
        "title" => words(FieldName::Title),
        "author" => words(FieldName::Author),
        "keyword" => words(FieldName::Keyword),
        _ => words(FieldName::Section),
    }
}

/// `2024`, `2024-05`, `2024..2025`, `2024..`, `..2025`: each end takes in all of its year or month.
fn dates(value: &str) -> Option<RangeInclusive<u64>> {
    let (from, until) = value.split_once("..").unwrap_or((value, value));
    let first = if from.is_empty() { 0 } else { Date::parse(from)?.number() };
    let last = if until.is_empty() { u64::MAX } else { last_of(Date::parse(until)?.number()) };
    (first <= last).then_some(first..=last)
}

/// The last number of a year or a month of which the rest is unknown.
fn last_of(date: u64) -> u64 {
    if date.is_multiple_of(10_000) {
        date + 9_999
    } else if date.is_multiple_of(100) {
        date + 99
    } else {
        date
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
                    Content::Filter(filter) => format!("{sign}{filter:?}"),
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
    fn filters() {
        check("kind:note 停火", "+Kind(Note) 停火");
        check("-lang:zh", "-Language(Chinese)");
        check("date:2024..2025", "+Date(20240000..=20259999)");
        check("date：2024-05", "+Date(20240500..=20240599)");
        check("date:..2025-01-02", "+Date(0..=20250102)");
        check("title:\"морской путь\" мир", "+Words(Title, \"морской путь\") мир");
        check("author:“张弘”", "+Words(Author, \"张弘\")");
        check("http://example.org 12:30", "http://example.org 12:30");
        assert_eq!(parse("kind:letter мир").warnings.len(), 1);
        assert_eq!(parse("date:2025..2024").warnings.len(), 1);
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
