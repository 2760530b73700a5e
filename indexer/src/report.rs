//! What came of a run.

use std::path::PathBuf;
use std::time::Duration;

use svod_store::layout::{FolderRules, path_bytes};
use svod_text::language::Language;

use crate::home::catalog::Unusable;
use crate::reading::skip_reason::SkipReason;

/// What came of a run.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// The folder that holds the index.
    pub index: PathBuf,
    /// The number of articles in the index.
    pub articles: u64,
    /// The number of passages in the index.
    pub passages: u64,
    /// The size of the articles in bytes.
    pub bytes: u64,
    /// The size of the index on disk in bytes.
    pub index_bytes: u64,
    /// What had changed in the folder, by path.
    pub changes: Vec<Change>,
    /// The number of files that were as they are in the index.
    pub unchanged: u64,
    /// Why the index was made anew, if it was not wished.
    pub unusable: Option<Unusable>,
    /// What the run was told, or remembered.
    pub rules: FolderRules,
    /// How it ended.
    pub ending: Ending,
    /// The number of bytes that were read.
    pub read_bytes: u64,
    /// The number of passages that were read in each language, most first.
    pub languages: Vec<(Language, u64)>,
    /// What was read as what: format, encoding where the format leaves it open, and the number of files.
    pub readings: Vec<ReadAs>,
    /// The files that were read although damaged or odd, by path.
    pub repaired: Vec<Repaired>,
    /// The files that are not in the index, by path.
    pub skipped: Vec<Skipped>,
    /// The entries of the owner's bibliography that belong to no article, in their order.
    pub unmatched: Vec<Unmatched>,
    /// How long the run took.
    pub elapsed: Duration,
}

impl Report {
    /// Puts the lists in the order of the paths.
    pub(crate) fn sort(&mut self) {
        self.skipped.sort_by_cached_key(|skipped| path_bytes(&skipped.path));
        self.repaired.sort_by_cached_key(|repaired| path_bytes(&repaired.path));
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// Nothing had changed; nothing was written.
    #[default]
    Unchanged,
    /// The index is up to date.
    UpToDate,
    /// It was interrupted; this number of files is still to be read. The next run continues.
    Interrupted(u64),
}

/// What became of a file since it was indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The path below the folder.
    pub path: PathBuf,
    /// What became of it.
    pub kind: ChangeKind,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its content changed, or what it is read by.
    Changed,
    /// It lay elsewhere; its passages keep their ids.
    Moved {
        /// The path below the folder where it lay.
        from: PathBuf,
    },
    /// It is gone.
    Removed,
}

/// The number of files that were read in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadAs {
    /// The format, as its usual file extension.
    pub format: String,
    /// The encoding, where the format leaves it open.
    pub encoding: Option<String>,
    /// The number of files.
    pub files: u64,
}

/// A file that was read although something was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repaired {
    /// The path below the folder.
    pub path: PathBuf,
    /// What was wrong.
    pub remarks: Vec<String>,
}

/// An entry of the owner's bibliography that belongs to no article.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unmatched {
    /// Its key, else its title.
    pub label: String,
    /// The line on which it begins, from 1.
    pub line: usize,
}

/// A file that is not in the index.
#[derive(Debug)]
#[non_exhaustive]
pub struct Skipped {
    /// The path below the folder.
    pub path: PathBuf,
    /// Why.
    pub reason: SkipReason,
}
