//! Where hits come from, as the screen shows it.

use std::path::PathBuf;

use svod_query::Hit;

use crate::paths::shown_path;

/// The folders by which paths are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// The indexed folders, as text.
    pub(super) library: String,
    /// The current folder.
    pub(super) here: Option<PathBuf>,
}

impl Places {
    /// Returns the path of a hit for display.
    pub(super) fn shown(&self, hit: &Hit) -> String {
        svod_query::printable(&shown_path(hit.root.as_deref(), self.here.as_deref(), &hit.path)).into_owned()
    }
}
