//! A file to be read, as the survey of its folder found it.

use std::path::{Path, PathBuf};

use svod_store::schema::FileState;

use crate::reading::formats::Format;
use crate::reading::member::Member;

/// A file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its path relative to the root.
    pub(crate) path: PathBuf,
    /// The true path of its file, if `path` is another: it leads through a link, or into an archive.
    pub(crate) real: Option<PathBuf>,
    pub(crate) bytes: u64,
    pub(crate) state: FileState,
    /// The format that its name tells.
    pub(crate) format: Format,
    /// Which document of an archive it is, if it lies in one.
    pub(crate) member: Option<Member>,
}

impl Source {
    /// Returns the path of the file that it is read from, which is not a link.
    pub(crate) fn place(&self, root: &Path) -> PathBuf {
        self.real.clone().unwrap_or_else(|| root.join(&self.path))
    }
}
