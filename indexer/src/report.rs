//! What came of a run.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use svod_corpus::language::Language;
use svod_corpus::layout::{FolderRules, path_bytes};

use crate::catalog::Unusable;
use crate::encoding::Refusal;
use crate::formats::FormatError;
#[cfg(feature = "pdf")]
use crate::formats::PdfError;

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

impl SkipReason {
    /// Returns whether it may be otherwise next time although the file stays as it is.
    pub(crate) fn may_pass(&self) -> bool {
        #[cfg(feature = "pdf")]
        if let SkipReason::Pdf(error) = self {
            return error.may_pass();
        }
        matches!(self, SkipReason::Unreadable(_) | SkipReason::NotAFile)
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
    /// It was interrupted with so many files still to be read. The next run goes on.
    Interrupted(u64),
}

/// What became of a file since it was indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// So many files were read in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
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
pub struct Repaired {
    /// The path below the folder.
    pub path: PathBuf,
    /// What was wrong.
    pub remarks: Vec<String>,
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
    /// It could not be read; or it is a link that leads nowhere, or to itself.
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
    /// To read it would take more memory than the run may use.
    #[error("needs at least {} MB of memory, more than the {} MB allowed", .bytes.div_ceil(1 << 20), .limit >> 20)]
    NeedsMemory {
        /// What it needs, as far as it was read.
        bytes: u64,
        /// What the run may use.
        limit: u64,
    },
    /// It is no text, or in an encoding that cannot be told.
    #[error("{0}")]
    Text(#[from] Refusal),
    /// It is damaged, encrypted, too large inside, or has no text.
    #[error("{0}")]
    Document(#[from] FormatError),
    /// It is a page description that gave no text.
    #[cfg(feature = "pdf")]
    #[error("{0}")]
    Pdf(#[from] PdfError),
    /// It is a kind of document that is not read.
    #[error("`.{0}` files are not read")]
    Unsupported(String),
    /// The run was interrupted while it was read. It stands in no report: the next run reads it.
    #[error("the run was interrupted")]
    Interrupted,
    /// The reader failed on it: a bug.
    #[error("reading it failed; please report this as a bug")]
    Panicked,
    /// It was skipped by an earlier run and has not changed since.
    #[error("{0}")]
    AsBefore(String),
    /// A link that leads out of the folder: such links are followed only if that is wished.
    #[error("a link that leads out of the folder, to `{}`", .0.display())]
    LeadsOut(PathBuf),
    /// It was in the index, and leaves it with this link or folder, which was skipped.
    #[error("leaves the index with `{}`", .0.display())]
    LeftWith(PathBuf),
}
