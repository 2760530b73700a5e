//! What stops a run.

use std::io;
use std::path::PathBuf;

/// Why a folder could not be indexed.
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
    /// Another program is writing the index.
    #[error("index `{}` is being written by {}", .index.display(), holder(*.process))]
    Locked {
        /// The folder of the index.
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
    /// Files of the index are damaged. Nothing was made of them.
    #[error("index `{}` is damaged ({what})", .index.display())]
    Damaged {
        /// The folder of the index.
        index: PathBuf,
        /// What was found.
        what: String,
    },
    /// The engine failed.
    #[error("the index could not be built")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
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
