//! A file to be read, as the survey of its folder found it.

use std::path::{Path, PathBuf};

use svod_store::schema::FileState;

use crate::reading::formats::Format;

/// A file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its path relative to the root.
    pub(crate) path: PathBuf,
    /// Its true path, if `path` leads through a link.
    pub(crate) real: Option<PathBuf>,
    pub(crate) bytes: u64,
    pub(crate) state: FileState,
    pub(crate) format: Format,
}

impl Source {
    /// Returns the path that it is read from, which is not a link.
    pub(crate) fn place(&self, root: &Path) -> PathBuf {
        self.real.clone().unwrap_or_else(|| root.join(&self.path))
    }
}
