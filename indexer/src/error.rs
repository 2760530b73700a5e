//! What stops a run.

use std::io;
use std::path::{Path, PathBuf};

/// Why a folder or an app's texts could not be indexed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no such folder.
    #[error("no folder `{}`", .0.display())]
    FolderMissing(PathBuf),
    /// The path is no folder.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// No encoding has this name.
    #[error("no encoding is named `{0}`")]
    UnknownEncoding(String),
    /// Something could not be read.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// The index could not be written.
    #[error("cannot write `{}`", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// The folder for the index holds something else.
    #[error("`{}` holds something that is not an index of svod", .0.display())]
    ForeignFolder(PathBuf),
    /// The folder for the index holds the index of another folder.
    #[error("`{}` is the index of `{}`", .index.display(), .root.display())]
    OtherRoot {
        /// The folder of the index.
        index: PathBuf,
        /// The folder it is an index of.
        root: PathBuf,
    },
    /// The folder for the index of a folder holds the index of an app's texts.
    #[error("`{}` is the index of texts that an app wrote", .0.display())]
    OfTexts(PathBuf),
    /// Another program, or another writer of this one, is writing the index.
    #[error("{} is being written by {}", named(.index), holder(*.process))]
    Locked {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// The number of its process, if it is known.
        process: Option<u32>,
    },
    /// A pattern cannot be understood.
    #[error("pattern `{pattern}` cannot be understood: {why}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        why: String,
    },
    /// What names files to be left out is there, but cannot be applied.
    #[error("`{}` cannot be applied: {why}", .path.display())]
    IgnoreFile {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A pattern among those of files to be left out cannot be understood.
    #[error("`{}`, line {line}: pattern `{pattern}` cannot be understood: {why}", .path.display())]
    IgnorePattern {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The pattern.
        pattern: String,
        /// Why.
        why: String,
    },
    /// Files of the index are damaged. Nothing was made of them.
    #[error("{} is damaged ({what})", named(.index))]
    Damaged {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// What was found.
        what: String,
    },
    /// The index of an app's texts was made by another version, and there are no files to make it from again.
    #[error("{} was made by another version of svod ({what})", named(.index))]
    OtherVersion {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// What was found.
        what: String,
    },
    /// A text has an empty path.
    #[error("a text without a path: it must be named by one")]
    NoPath,
    /// The path of a text is longer than an index can hold.
    #[error("the path of a text has {bytes} bytes, more than the limit of {limit}")]
    LongPath {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// To index a text would take more memory than the writer may use.
    #[error("text `{path}` needs about {} MB of memory, more than the {} MB allowed", .bytes.div_ceil(1 << 20), .limit >> 20)]
    LargeText {
        /// The path of the text.
        path: String,
        /// How much memory it needs, in bytes.
        bytes: u64,
        /// How much memory the writer may use, in bytes.
        limit: u64,
    },
    /// The library failed on a text: a bug.
    #[error("reading text `{0}` failed; please report this as a bug")]
    Panicked(String),
    /// The engine failed.
    #[error("the index could not be built")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Names an index in the middle of a sentence.
fn named(index: &Path) -> String {
    match index.as_os_str() {
        path if path.is_empty() => "the index in memory".to_owned(),
        _ => format!("index `{}`", index.display()),
    }
}

fn holder(process: Option<u32>) -> String {
    process.map_or_else(|| "another program".to_owned(), |process| format!("process {process}"))
}

impl IndexError {
    /// No conversion that others see: the engine is no part of what the library promises.
    pub(crate) fn engine(error: tantivy::TantivyError) -> IndexError {
        IndexError::Engine(Box::new(error))
    }
}
