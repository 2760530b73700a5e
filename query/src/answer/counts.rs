//! What counting gives back: plain values.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use svod_text::article::Kind;
use svod_text::language::Language;

use crate::answer::hit::Cut;
use crate::answer::warning::Warning;

/// What passages are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum By {
    /// The year of the article.
    Year,
    /// The language of the passage.
    Language,
    /// Each author of the article: one with two authors counts for both.
    Author,
    /// The journal of the article.
    Journal,
    /// What the passage is in its article.
    Kind,
    /// The outermost heading that the passage stands under.
    Section,
    /// The article.
    Article,
}

impl By {
    /// All that passages can be counted by.
    pub const ALL: [By; 7] = [By::Year, By::Language, By::Author, By::Journal, By::Kind, By::Section, By::Article];

    /// Returns its name in output.
    pub fn name(self) -> &'static str {
        match self {
            By::Year => "year",
            By::Language => "language",
            By::Author => "author",
            By::Journal => "journal",
            By::Kind => "kind",
            By::Section => "section",
            By::Article => "article",
        }
    }
}

/// What the passages of a count have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Group {
    /// A year.
    Year(u16),
    /// A language.
    Language(Language),
    /// A kind.
    Kind(Kind),
    /// An author, a journal or a heading, as it is written; names that differ in blanks alone are one.
    Name(String),
    /// An article.
    Article {
        /// The path of its source below the root, or the name that an app gave it.
        path: PathBuf,
        /// The indexed folder; `None` where an app wrote the text.
        root: Option<Arc<Path>>,
    },
    /// None is known: no date, no author, no section.
    Unknown,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Group::Year(year) => write!(f, "{year}"),
            Group::Language(language) => f.write_str(language.code()),
            Group::Kind(kind) => f.write_str(kind.name()),
            Group::Name(name) => f.write_str(name),
            Group::Article { path, .. } => write!(f, "{}", path.display()),
            Group::Unknown => f.write_str("unknown"),
        }
    }
}

/// How many passages of a group match.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Count {
    /// The group.
    pub group: Group,
    /// The number of its passages.
    pub passages: u64,
    /// The number of articles that these are of.
    pub articles: u64,
}

/// How the passages that match are spread.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Counts {
    /// What they were counted by.
    pub by: By,
    /// The groups that have any: years and articles in their order, others most passages first; what is unknown last.
    pub groups: Vec<Count>,
    /// The number of passages that match: each once, whatever groups it is in.
    pub passages: u64,
    /// The number of articles that these are of.
    pub articles: u64,
    /// What was mended in the query string or ignored.
    pub warnings: Vec<Warning>,
    /// Why not all was counted, if counting was cut short: then each number is a lower bound.
    pub cut: Option<Cut>,
    /// Whether all of the folder is in the index.
    pub is_finished: bool,
    /// How long counting took.
    pub elapsed: Duration,
}
