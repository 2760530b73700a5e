//! The paths of sources as people read them: from the folder that they are in.

use std::path::{Path, PathBuf};

use svod_render::Paths;

/// Returns how the paths of sources are shown.
pub(super) fn paths(here: Option<PathBuf>) -> Paths {
    Paths::new(move |root, path| shown_path(root, here.as_deref(), path))
}

/// Returns a path below a root as it is shown: relative to the current folder where it lies below that. What is no file
/// is shown by its name.
pub(super) fn shown_path(root: Option<&Path>, here: Option<&Path>, path: &Path) -> String {
    let Some(root) = root else { return path.to_string_lossy().into_owned() };
    let whole = root.join(path);
    let shown = here.and_then(|here| whole.strip_prefix(here).ok()).unwrap_or(&whole).to_string_lossy();
    // Windows' form of paths that may be long and have any names: roots have it.
    let rest = if cfg!(windows) { shown.strip_prefix(r"\\?\") } else { None };
    rest.filter(|rest| !rest.starts_with("UNC")).map_or_else(|| shown.to_string(), str::to_owned)
}
