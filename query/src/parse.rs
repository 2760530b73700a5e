//! From a query string to an expression. Never fails: whatever is typed searches.
//!
//! ```text
//! query    = item*                         items side by side: plain words are ranked, all else is required
//! item     = both (OR both)*
//! both     = one (AND one)*
//! one      = NOT one | sign? primary       sign: + required, - excluded
//! primary  = ( query ) | "…" | "…"~8 | name:value | word | wo*d | wo?d | word~
//! ```
//!
//! | room | what it does |
//! | --- | --- |
//! | `marks` | signs as keyboards of all three languages type them |
//! | `reader` | goes along the query string, and keeps what was mended |
//! | `grammar` | operators, signs and parentheses |
//! | `content`, `filter` | what one clause looks for |
//! | `limits` | how much of an endless query is taken |

mod content;
mod filter;
mod grammar;
mod limits;
mod marks;
mod reader;
pub(crate) mod relax;
#[cfg(test)]
mod shown;

use std::collections::HashSet;
use std::ops::Range;

pub(crate) use filter::{FieldName, Filter};
use grammar::Grammar;
pub(crate) use marks::is_star;

use crate::answer::warning::{Warning, WarningPlace};
use crate::parse::relax::tightened;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Expression {
    pub(crate) group: ClauseGroup,
    pub(crate) warnings: Vec<Warning>,
}

/// Clauses that belong together. It holds where all that must be there is, and
/// nothing that must not; if nothing must be there, any one clause.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ClauseGroup {
    pub(crate) clauses: Vec<Clause>,
    /// How many of the clauses that need not be there must be, if more than one.
    pub(crate) least: usize,
}

impl ClauseGroup {
    pub(crate) fn of(clauses: Vec<Clause>) -> ClauseGroup {
        ClauseGroup { clauses, least: 1 }
    }

    /// Returns whether filters or exclusions say which passages may be hits.
    pub(crate) fn has_filters(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.content {
            _ if clause.occur == Occur::MustNot => true,
            Content::Filter(_) => true,
            Content::Within(filter) => !filter.clauses.is_empty(),
            Content::Group(group) => group.has_filters(),
            _ => false,
        })
    }

    fn drop_repeats(&mut self) {
        for clause in &mut self.clauses {
            if let Content::Group(group) | Content::Within(group) = &mut clause.content {
                group.drop_repeats();
            }
        }
        let mut said = HashSet::new();
        // Plain words are weighed as they stand side by side.
        let is_plain = |clause: &Clause| clause.occur == Occur::Should && matches!(clause.content, Content::Words(_));
        self.clauses.retain(|clause| is_plain(clause) || said.insert(clause.said()));
    }
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) occur: Occur,
    pub(crate) content: Content,
    /// The bytes of the query string that it is made of.
    pub(crate) range: Range<usize>,
}

impl Clause {
    /// Returns what it says, wherever it stands.
    fn said(&self) -> String {
        match &self.content {
            Content::Group(group) | Content::Within(group) => {
                let clauses: Vec<String> = group.clauses.iter().map(Clause::said).collect();
                format!("{:?} {} ({})", self.occur, group.least, clauses.join(" "))
            }
            content => format!("{:?} {content:?}", self.occur),
        }
    }
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
    /// Words of this shape: `*` any letters, `?` one.
    Wildcard(String),
    /// This word, or one that at most this number of typing errors makes of it.
    Fuzzy(String, u8),
    /// This text, exactly.
    Quotation(String),
    /// This text, exactly, in which `*` at an end of a word stands for the rest of it.
    OpenQuotation(String),
    /// This text, exactly, whose ends may lie inside words.
    Fragment(String),
    /// These words in any order, within a window of this number of positions.
    Near(String, u32),
    /// Only passages of which this is true.
    Filter(Filter),
    /// Other clauses.
    Group(ClauseGroup),
    /// Only passages that these clauses let through: nothing of them is ranked, marked or told.
    Within(ClauseGroup),
}

impl Expression {
    /// Returns the expression without clauses that say again what stands before them: each would be looked up again.
    pub(crate) fn without_repeats(mut self) -> Expression {
        self.group.drop_repeats();
        self
    }

    /// Adds a filter, in the query language: all that it says must hold.
    ///
    /// A query is mended, a filter is not: it decides what is left out. The error is what would have to be mended.
    pub(crate) fn with_filter(mut self, filter: &str) -> Result<Expression, Warning> {
        if filter.trim().is_empty() {
            return Ok(self);
        }
        let Expression { group, warnings } = tightened(parse(filter));
        let wrong = warnings.into_iter().next().or_else(|| misnamed(&group));
        if let Some(warning) = wrong {
            // What a query does about it, a filter does not.
            let message = warning.message.split(", and ").next().unwrap_or_default();
            return Err(Warning { place: WarningPlace::Filter, message, ..warning });
        }
        let content = Content::Within(group);
        self.group.clauses.push(Clause { occur: Occur::Must, content, range: 0..filter.len() });
        Ok(self)
    }
}

impl Content {
    /// Returns whether these are words to rank by, with nothing that must or must not be there.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Content::Words(_) | Content::Wildcard(_) | Content::Fuzzy(..) => true,
            Content::Group(group) => {
                group.clauses.iter().all(|clause| clause.occur == Occur::Should && clause.content.is_plain())
            }
            _ => false,
        }
    }

    /// Plain words are ranked; operators and quotations mean what they say.
    fn default_occur(&self) -> Occur {
        if self.is_plain() { Occur::Should } else { Occur::Must }
    }
}

/// Finds a word like `dat:2024`: a name before a colon that no field has. In a query it may be a word of the text.
fn misnamed(group: &ClauseGroup) -> Option<Warning> {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    group.clauses.iter().find_map(|clause| match &clause.content {
        Content::Group(group) => misnamed(group),
        Content::Words(words) | Content::Wildcard(words) => {
            let name = words.split_once(':')?.0;
            let message = "no such field, or nothing after its colon; fields are kind, lang, date, path, title, author, \
                keyword and section";
            is_name(name).then(|| Warning::new(clause.range.clone(), message))
        }
        _ => None,
    })
}

/// Understands a query string.
pub(crate) fn parse(query: &str) -> Expression {
    let (query, warning) = limits::cut(query);
    Grammar::new(query, warning).expression()
}

/// Takes a whole query string as one clause.
pub(crate) fn whole(query: &str, content: fn(String) -> Content) -> Expression {
    let (query, warning) = limits::cut(query);
    let range = 0..query.len();
    let content = content(query.to_owned());
    let clause = Clause { occur: content.default_occur(), content, range };
    Expression { group: ClauseGroup::of(vec![clause]), warnings: warning.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_whole_query_is_one_clause() {
        let query = "мир AND \"停火";
        let exact = whole(query, Content::Quotation).group.clauses;
        let expected =
            Clause { occur: Occur::Must, content: Content::Quotation(query.to_owned()), range: 0..query.len() };
        assert_eq!(exact, [expected]);
        let literal = whole(query, Content::Words).group.clauses;
        assert_eq!((literal.len(), literal[0].occur), (1, Occur::Should));
    }

    #[test]
    fn what_is_said_again_is_dropped() {
        for (query, expected) in [
            ("а* а* а*", "а*"),
            ("+мир +мир -war -war lang:zh lang:zh", "+мир -war lang:zh"),
            ("(а* OR \"b\") (а* OR \"b\")", "(а* OR \"b\")"),
            ("мир мир", "мир мир"),
            ("а* -а* +а*", "а* -а* +а*"),
            ("(а* OR а* OR б*) (а* OR б*)", "(а* OR б*)"),
        ] {
            let said = |query| {
                let clauses = parse(query).without_repeats().group.clauses;
                clauses.iter().map(Clause::said).collect::<Vec<_>>()
            };
            assert_eq!(said(query).len(), said(expected).len(), "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_string_is_a_query(query in "(\\PC|[ \"“”«»「」+－*?~:()]|AND |OR |NOT |date:|path:){0,40}") {
            for warning in parse(&query).warnings {
                prop_assert!(query.get(warning.range).is_some());
            }
        }
    }
}
