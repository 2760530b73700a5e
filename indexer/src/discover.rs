//! Which files of a folder are sources.
//!
//! Hidden files, what `.svodignore` names and the index itself are left out;
//! `.gitignore` is not asked, for people ignore their articles there. Links
//! are followed; one that leads back into itself is reported.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ignore::overrides::Override;
use ignore::{DirEntry, WalkBuilder};
use svod_corpus::layout::path_bytes;

use crate::formats::Format;
use crate::report::{SkipReason, Skipped};

/// The file that names what is to be left out, in the form of a `.gitignore`.
const IGNORE_FILE: &str = ".svodignore";

/// Documents that people expect to be read: named, so that none is missed in silence.
const NOT_READ: [&str; 9] = ["doc", "odt", "rtf", "djvu", "mobi", "fb2", "pptx", "xlsx", "wps"];

/// A file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Below the root.
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// Nanoseconds since 1970.
    pub(crate) modified: u64,
    pub(crate) format: Format,
}

/// What a folder holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// In the order of their paths.
    pub(crate) sources: Vec<Source>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Walks a folder, leaving out the index.
pub(crate) fn discover(root: &Path, index: &Path, patterns: Override) -> Found {
    let index = index.to_owned();
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(true)
        .add_custom_ignore_filename(IGNORE_FILE)
        .overrides(patterns)
        // A pattern can name a hidden file by chance: `*.md` does.
        .filter_entry(move |entry| entry.depth() == 0 || (entry.path() != index && !is_hidden(entry)))
        .build();
    let mut found = Found::default();
    for entry in walk {
        match entry {
            Ok(entry) => found.take(root, &entry),
            Err(error) => found.skipped.push(walk_error(root, &error)),
        }
    }
    found.sources.sort_by_cached_key(|source| path_bytes(&source.path));
    found
}

fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

fn extension_of(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Returns the format of a file, by its name.
pub(crate) fn format_of(path: &Path) -> Option<Format> {
    Format::of_extension(&extension_of(path))
}

/// Returns the modification time of a file in nanoseconds since 1970; 0 if it is not known.
pub(crate) fn modified(metadata: &Metadata) -> u64 {
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since_1970.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

impl Found {
    fn take(&mut self, root: &Path, entry: &DirEntry) {
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            return;
        }
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
        let Some(format) = format_of(&path) else {
            let extension = extension_of(&path);
            if NOT_READ.contains(&extension.as_str()) {
                self.skipped.push(Skipped { path, reason: SkipReason::Unsupported(extension) });
            }
            return;
        };
        let metadata = entry.metadata().ok();
        let bytes = metadata.as_ref().map_or(0, Metadata::len);
        self.sources.push(Source { path, bytes, modified: metadata.as_ref().map_or(0, modified), format });
    }
}

fn walk_error(root: &Path, error: &ignore::Error) -> Skipped {
    let (path, cause) = innermost(error, root);
    let reason = match cause {
        ignore::Error::Io(source) => SkipReason::Unreadable(io::Error::new(source.kind(), source.to_string())),
        ignore::Error::Loop { .. } => SkipReason::Walk("a link that leads back into itself".to_owned()),
        other => SkipReason::Walk(other.to_string()),
    };
    Skipped { path: path.strip_prefix(root).unwrap_or(path).to_owned(), reason }
}

fn innermost<'e>(error: &'e ignore::Error, path: &'e Path) -> (&'e Path, &'e ignore::Error) {
    match error {
        ignore::Error::WithPath { path, err } => innermost(err, path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => innermost(err, path),
        ignore::Error::Loop { child, .. } => (child, error),
        _ => (path, error),
    }
}
