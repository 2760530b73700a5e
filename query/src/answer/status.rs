//! What an index holds, and whether its files are whole.

use std::path::PathBuf;

use svod_store::damage::DamagedFile;
use svod_text::language::Language;

/// What an index holds.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Status {
    /// The folder of the index; `None` for one in memory, and for several that are opened as one.
    pub index: Option<PathBuf>,
    /// The indexed folder; `None` where an app wrote the texts, and for several indexes.
    pub root: Option<PathBuf>,
    /// The versions of schema and analysis.
    pub stamp: String,
    /// Whether all of the folder is in the index: a run that makes it may be at work, or was stopped.
    pub is_finished: bool,
    /// The number of articles.
    pub articles: u64,
    /// The number of passages.
    pub passages: u64,
    /// The number of passages in each language, most first.
    pub languages: Vec<(Language, u64)>,
    /// The size on disk in bytes.
    pub bytes: u64,
    /// The number of tantivy's segments.
    pub segments: usize,
    /// The sources that were skipped, each with its reason, by path.
    pub skipped: Vec<(PathBuf, String)>,
    /// What a check of all files found, if one was made.
    pub checked: Option<Check>,
}

/// What a check of an index found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Check {
    /// The number of files that were checked.
    pub files: usize,
    /// The number of bytes that were read.
    pub bytes: u64,
    /// The files that are not as they were written.
    pub damaged: Vec<DamagedFile>,
}
