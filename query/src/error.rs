//! What can go wrong with an index. A query string never does.

use std::error::Error;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use svod_store::damage::{Damage, VersionMismatch};

/// Why an index could not be opened or searched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// There is no such folder.
    #[error("no folder `{}`", .0.display())]
    FolderMissing(PathBuf),
    /// The folder has no index.
    #[error("no index in `{}`", .0.display())]
    NoIndex(PathBuf),
    /// Several indexes were to be opened as one, but none was named.
    #[error("no index to open")]
    NoIndexes,
    /// The filter of a request cannot be understood. A query would be mended; a filter decides what is left out.
    #[error("filter `{filter}`: {message} (at `{}`)", .filter.get(.range.clone()).unwrap_or_default())]
    Filter {
        /// The filter.
        filter: String,
        /// The bytes of it that cannot be understood.
        range: Range<usize>,
        /// What is wrong with them.
        message: &'static str,
    },
    /// There is something where the index should be, but it is none.
    #[error("`{}` is not an index of svod", .0.display())]
    NotAnIndex(PathBuf),
    /// The index was made by another version of svod.
    #[error("index `{}` was made by another version of svod ({mismatch})", .path.display())]
    OtherVersion {
        /// The index.
        path: PathBuf,
        /// In what it differs.
        mismatch: VersionMismatch,
    },
    /// Something could not be read.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// The index is damaged; where a checksum tells, the damage names the files.
    #[error("index `{}` is damaged ({damage})", .path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What is damaged.
        damage: Damage,
    },
    /// Searching stopped although all files of the index are whole: an error of svod.
    #[error("searching `{}` stopped ({panic})", .path.display())]
    Stopped {
        /// The index.
        path: PathBuf,
        /// The message of the panic.
        panic: String,
    },
}

/// Returns what an error says, and what its causes say, on one line: `cannot read `停火`: permission denied`.
pub fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message
}
