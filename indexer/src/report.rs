//! What came of a run.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use svod_corpus::language::Language;

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
    /// The number of passages in each language, most first.
    pub languages: Vec<(Language, u64)>,
    /// The size of the articles in bytes.
    pub bytes: u64,
    /// The size of the index on disk in bytes.
    pub index_bytes: u64,
    /// The files that were skipped, by path.
    pub skipped: Vec<Skipped>,
    /// How long the run took.
    pub elapsed: Duration,
}

/// A file that is not in the index.
#[derive(Debug)]
pub struct Skipped {
    /// The path below the folder.
    pub path: PathBuf,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file is not in the index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SkipReason {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// It is a pipe, a device or a socket.
    #[error("not a regular file")]
    NotAFile,
    /// It is larger than the limit.
    #[error("{bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// It is not UTF-8 text.
    #[error("not UTF-8 text (byte {0})")]
    NotUtf8(u64),
    /// It is a kind of document that is not read yet.
    #[error("`.{0}` files are not read yet")]
    Unsupported(String),
    /// A folder could not be walked, or leads back into itself.
    #[error("{0}")]
    Walk(String),
}
