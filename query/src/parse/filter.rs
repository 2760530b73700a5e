//! Filters: `lang:zh`, `date:2024..2025`, `title:word`.

use std::ops::RangeInclusive;

use svod_text::article::{Date, Kind};
use svod_text::language::Language;

/// What can be asked of a passage beside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// It is of this kind.
    Kind(Kind),
    /// It is in this language.
    Language(Language),
    /// Its article is of a date in this range, as numbers of dates.
    Date(RangeInclusive<u64>),
    /// The path of its article has this in it; `*` stands for anything.
    Path(String),
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

/// The names that stand before the colon of a filter.
pub(super) const NAMES: [&str; 9] =
    ["kind", "lang", "language", "date", "path", "title", "author", "keyword", "section"];

/// Understands a filter by its name, in lower case, and its value.
pub(super) fn understand(name: &str, value: &str) -> Option<Filter> {
    let words = |field| (!value.trim().is_empty()).then(|| Filter::Words(field, value.to_owned()));
    match name {
        "kind" => Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(value)).map(Filter::Kind),
        "lang" | "language" => {
            Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(value)).map(Filter::Language)
        }
        "date" => dates(value).map(Filter::Date),
        "path" => (!value.is_empty()).then(|| Filter::Path(value.to_owned())),
        "title" => words(FieldName::Title),
        "author" => words(FieldName::Author),
        "keyword" => words(FieldName::Keyword),
        _ => words(FieldName::Section),
    }
}

/// `2024`, `2024-05`, `2024..2025`, `2024..`, `..2025`: each end takes in all of its year or month.
fn dates(value: &str) -> Option<RangeInclusive<u64>> {
    // `date: 2024`, with a blank, asks for nothing.
    if value.trim_matches('.').is_empty() {
        return None;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_takes_in_all_of_its_year_or_month() {
        for (value, expected) in [
            ("2024", Some(20240000..=20249999)),
            ("2024-05", Some(20240500..=20240599)),
            ("2024..2025", Some(20240000..=20259999)),
            ("..2025-01-02", Some(0..=20250102)),
            ("2024..", Some(20240000..=u64::MAX)),
            ("2025..2024", None),
            ("soon", None),
            ("", None),
            ("..", None),
        ] {
            assert_eq!(dates(value), expected, "{value}");
        }
    }
}
