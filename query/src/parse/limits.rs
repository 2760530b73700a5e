//! How much of an endless query is taken. What is left out is said.

use crate::answer::warning::Warning;

/// Longer query strings are cut: no passage is as long.
pub(super) const MOST_BYTES: usize = 64 << 10;
/// More clauses are left out.
pub(super) const MOST_CLAUSES: usize = 1_000;
/// The most warnings that are given one by one.
pub(super) const MOST_WARNINGS: usize = 100;
/// Parentheses that are nested deeper do not group.
pub(super) const DEEPEST: usize = 40;

/// Returns as much of a query string as is taken, with a warning if that is not all.
pub(super) fn cut(query: &str) -> (&str, Option<Warning>) {
    if query.len() <= MOST_BYTES {
        return (query, None);
    }
    let end = (0..=MOST_BYTES).rev().find(|&end| query.is_char_boundary(end)).unwrap_or(0);
    (&query[..end], Some(Warning::new(end..query.len(), "the query is too long: its end was left out")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{ClauseGroup, Content, parse};

    #[test]
    fn endless_queries_are_cut() {
        let words = "слово ".repeat(5_000);
        let expression = parse(&words);
        assert_eq!(expression.group.clauses.len(), MOST_CLAUSES);
        assert_eq!(expression.warnings.len(), 1);
        let nested = "(".repeat(10_000) + "мир";
        check_depth(&parse(&nested).group, 0);
        assert_eq!(parse(&"а".repeat(MOST_BYTES)).warnings.len(), 1);
        assert_eq!(parse(&") ".repeat(10_000)).warnings.len(), MOST_WARNINGS + 1);
    }

    fn check_depth(group: &ClauseGroup, depth: usize) {
        assert!(depth <= DEEPEST);
        for clause in &group.clauses {
            if let Content::Group(group) = &clause.content {
                check_depth(group, depth + 1);
            }
        }
    }
}
