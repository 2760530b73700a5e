//! Why a file is not in the index.

use std::io;
use std::path::PathBuf;

use crate::reading::encoding::Refusal;
use crate::reading::formats::FormatError;
#[cfg(feature = "pdf")]
use crate::reading::formats::PdfError;

/// Why a file is not in the index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SkipReason {
    /// It could not be read, or is a link that leads nowhere or to itself.
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
    /// Reading it would take more memory than the run may use.
    #[error("needs at least {} MB of memory, more than the {} MB allowed", .bytes.div_ceil(1 << 20), .limit >> 20)]
    NeedsMemory {
        /// The bytes that it needs, as far as is known.
        bytes: u64,
        /// The bytes that the run may use.
        limit: u64,
    },
    /// It is not text, or its encoding cannot be detected.
    #[error("{0}")]
    Text(#[from] Refusal),
    /// It is damaged, encrypted, too large inside, or has no text.
    #[error("{0}")]
    Document(#[from] FormatError),
    /// It is a PDF file from which no text could be extracted.
    #[cfg(feature = "pdf")]
    #[error("{0}")]
    Pdf(#[from] PdfError),
    /// It is a document in a format that is not read.
    #[error("`.{0}` files are not read")]
    Unsupported(String),
    /// It is of a format that is not read, whatever its name says.
    #[error("it is {0}, which is not read")]
    NotRead(&'static str),
    /// It is an archive inside an archive.
    #[error("an archive in an archive is not opened")]
    Nested,
    /// The run was interrupted while it was read. Never in a report: the next run reads the file.
    #[error("the run was interrupted")]
    Interrupted,
    /// Its reader panicked: a bug.
    #[error("reading it failed; please report this as a bug")]
    Panicked,
    /// It was skipped by an earlier run and has not changed since.
    #[error("{0}")]
    AsBefore(String),
    /// It is a link that leads out of the folder; such links are followed only on request.
    #[error("a link that leads out of the folder, to `{}`", .0.display())]
    LeadsOut(PathBuf),
    /// It was in the index, and leaves it because this link or folder, which leads to it, was skipped.
    #[error("leaves the index with `{}`", .0.display())]
    LeftWith(PathBuf),
}

impl SkipReason {
    /// Returns whether reading the unchanged file may succeed another time.
    pub(crate) fn may_pass(&self) -> bool {
        #[cfg(feature = "pdf")]
        if let SkipReason::Pdf(error) = self {
            return error.may_pass();
        }
        matches!(self, SkipReason::Unreadable(_) | SkipReason::NotAFile)
    }

    /// Returns whether it could be read if another program were installed.
    pub(crate) fn lacks_program(&self) -> bool {
        #[cfg(feature = "pdf")]
        return matches!(self, SkipReason::Pdf(PdfError::NotInstalled));
        #[cfg(not(feature = "pdf"))]
        false
    }
}
