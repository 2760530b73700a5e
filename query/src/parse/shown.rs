//! How tests write an expression.

use super::{ClauseGroup, Content, Occur, parse};

/// Returns a group on one line: `+` must, `-` must not, `[quotation]`, `/shape/`.
pub(super) fn shown(group: &ClauseGroup) -> String {
    let clauses: Vec<String> = group
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
                Content::Wildcard(shape) => format!("{sign}/{shape}/"),
                Content::Fuzzy(word, errors) => format!("{sign}{word}~{errors}"),
                Content::Quotation(text) | Content::Fragment(text) => format!("{sign}[{text}]"),
                Content::OpenQuotation(text) => format!("{sign}[/{text}/]"),
                Content::Near(text, window) => format!("{sign}[{text}]~{window}"),
                Content::Filter(filter) => format!("{sign}{filter:?}"),
                Content::Group(group) => format!("{sign}({})", shown(group)),
                Content::Within(group) => format!("{sign}{{{}}}", shown(group)),
            }
        })
        .collect();
    clauses.join(" ")
}

/// Compares what a query string is understood as.
pub(super) fn check(query: &str, expected: &str) {
    assert_eq!(shown(&parse(query).group), expected, "{query}");
}

/// Returns what is ignored or mended, as it stands in the query.
pub(super) fn mended(query: &str) -> Vec<&str> {
    parse(query).warnings.into_iter().map(|warning| &query[warning.range]).collect()
}
