//! Files in, index out: all that happens before the commit.
//!
//! [`index_folder`] walks a folder, understands each article, and writes an
//! index that `svod-query` searches. `discover` finds the sources,
//! `reading` understands them with the help of [`encoding`] and [`formats`], `write` runs the pipeline, `generation` keeps the index on disk
//! whole: a run fills a new generation and shows it only when it is complete.
//!
//! The library prints nothing. Progress goes to a [`Progress`], what was
//! skipped stands in the [`Report`].
//!
//! ```no_run
//! use svod_indexer::{Options, index_folder};
//!
//! let report = index_folder("articles".as_ref(), &Options::default(), &())?;
//! println!("{} passages, {} files skipped", report.passages, report.skipped.len());
//! # Ok::<(), svod_indexer::IndexError>(())
//! ```

#[cfg(feature = "cli")]
pub mod cli;
mod discover;
pub mod encoding;
mod error;
pub mod formats;
mod generation;
mod reading;
mod report;
mod segment;
mod write;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub use error::IndexError;
pub use report::{ReadAs, Repaired, Report, SkipReason, Skipped};
pub use svod_corpus::language::Language;

/// How a folder is indexed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The folder that holds the index; `.svod` inside the indexed folder if none.
    pub index: Option<PathBuf>,
    /// The number of threads that write; one for each core if none.
    pub threads: Option<NonZeroUsize>,
    /// About how many bytes of memory the run may use.
    pub memory_bytes: usize,
    /// Larger files are skipped.
    pub max_file_bytes: u64,
    /// The encoding of all text files; found out for each if none.
    pub encoding: Option<String>,
}

impl Default for Options {
    /// 256 MB of memory, files up to 64 MB.
    fn default() -> Options {
        Options { index: None, threads: None, memory_bytes: 256 << 20, max_file_bytes: 64 << 20, encoding: None }
    }
}

/// Hears how a run goes on; called from several threads.
pub trait Progress: Sync {
    /// All sources are known: their number and size.
    fn found(&self, files: u64, bytes: u64) {
        let _ = (files, bytes);
    }
    /// One source of this size is done.
    fn done(&self, bytes: u64) {
        let _ = bytes;
    }
    /// All sources are done; the index is being written out.
    fn committing(&self) {}
}

/// Listens to nothing.
impl Progress for () {}

/// Indexes a folder: everything in it becomes a new generation of its index,
/// which replaces the old one when it is whole.
///
/// Files that cannot be read do not stop the run; they stand in the report.
///
/// # Errors
/// If the folder cannot be read at all, the index cannot be written, or it is
/// being written by another program. The index is then as it was.
pub fn index_folder(folder: &Path, options: &Options, progress: &dyn Progress) -> Result<Report, IndexError> {
    let started = Instant::now();
    let root = folder_root(folder)?;
    if let Some(name) = options.encoding.as_deref().filter(|name| !encoding::is_known(name)) {
        return Err(IndexError::UnknownEncoding(name.to_owned()));
    }
    let home = generation::Home::open(&root, options.index.as_deref())?;
    let found = discover::discover(&root, home.path());
    progress.found(found.sources.len() as u64, found.bytes());
    let generation = home.begin()?;
    let mut report = write::write(&root, generation.path(), found, options, progress)?;
    report.index_bytes = generation.publish()?;
    report.index = home.path().to_owned();
    report.elapsed = started.elapsed();
    Ok(report)
}

fn folder_root(folder: &Path) -> Result<PathBuf, IndexError> {
    match folder.canonicalize() {
        Ok(root) if root.is_dir() => Ok(root),
        Ok(_) => Err(IndexError::NotAFolder(folder.to_owned())),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(IndexError::FolderMissing(folder.to_owned()))
        }
        Err(source) => Err(IndexError::Read { path: folder.to_owned(), source }),
    }
}
