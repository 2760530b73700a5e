//! Finds the sources in a folder.
//!
//! Hidden files, those that a `.svodignore` names, and the index itself are left
//! out. A `.gitignore` has no effect, because many people list their articles in
//! it.
//!
//! The folder is not trusted. Its own paths are walked first, then its links, so
//! that each folder is walked once, however many links lead to it, and each file
//! is read once, under its own path if that is not left out. Links that lead out
//! of the folder are reported but not followed, unless the rules say so.

#[cfg(feature = "archives")]
mod archives;
mod ignoring;
mod links;
mod names;
mod patterns;

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use svod_store::layout::{Links, path_bytes};

use self::ignoring::{IgnoreFiles, IgnoreReader};
use self::names::{Named, named, page_of_parts};
use self::patterns::{Kind, Patterns};
use crate::error::IndexError;
use crate::reading::file_state::state_of;
use crate::reading::formats::Format;
use crate::reading::rules::Rules;
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;
use crate::report::Skipped;

/// The files found in a folder.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The sources, in the order of their paths.
    pub(crate) sources: Vec<Source>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Finds the sources below `root`, leaving out the index. `root` is a canonical path.
///
/// # Errors
/// If the folder itself cannot be read, or a pattern or a `.svodignore` cannot be applied.
pub(crate) fn discover(root: &Path, index: &Path, rules: &Rules) -> Result<Found, IndexError> {
    let mut walk = Walk {
        root,
        index,
        patterns: Patterns::of(&rules.folder, root)?,
        ignore_files: IgnoreReader::new(rules.folder.encoding.clone()),
        links_followed: rules.folder.links,
        export: rules.folder.metadata.as_deref().and_then(|file| Path::new(file).canonicalize().ok()),
        folders: HashSet::new(),
        links: Vec::new(),
        found: Found::default(),
    };
    let root =
        Entry { path: PathBuf::new(), real: root.to_owned(), ignore_files: IgnoreFiles::default(), is_of_page: false };
    walk.walk(root)?;
    walk.follow_links()?;
    let mut found = walk.found;
    found.sources.sort_by_cached_key(|source| path_bytes(&source.path));
    Ok(found)
}

/// Returns the format of a file by its extension.
pub(crate) fn format_of(path: &Path) -> Option<Format> {
    match named(path) {
        Named::Read(format) => Some(format),
        Named::Archive | Named::NotRead(_) | Named::Other => None,
    }
}

/// Returns the name, without its extension, of a file that may be a saved web page.
fn saved_page(entry: &DirEntry) -> Option<OsString> {
    let path = PathBuf::from(entry.file_name());
    let stem = path.file_stem().filter(|_| format_of(&path) == Some(Format::Html));
    stem.map(OsStr::to_owned)
}

/// Whether a folder holds the parts of one of these pages beside it.
fn is_of_page(folder: &Path, pages: &HashSet<OsString>) -> bool {
    let page = folder.file_name().and_then(OsStr::to_str).and_then(page_of_parts);
    page.is_some_and(|page| pages.contains(OsStr::new(page)))
}

fn is_hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.starts_with(b"~$")
}

struct Walk<'w> {
    root: &'w Path,
    index: &'w Path,
    patterns: Patterns,
    ignore_files: IgnoreReader,
    links_followed: Links,
    /// The export that says more of the documents, and is none itself.
    export: Option<PathBuf>,
    /// The true paths of the folders already walked.
    folders: HashSet<PathBuf>,
    /// The links that are still to be followed.
    links: Vec<Entry>,
    found: Found,
}

/// A folder to be walked, or a link.
struct Entry {
    /// Its path relative to the root.
    path: PathBuf,
    /// Its path without links.
    real: PathBuf,
    /// The ignore files that apply to it.
    ignore_files: IgnoreFiles,
    /// Whether it holds the parts of a saved web page: pages in it belong to that one.
    is_of_page: bool,
}

impl Walk<'_> {
    /// Walks a folder and all folders in it, and collects their links.
    fn walk(&mut self, folder: Entry) -> Result<(), IndexError> {
        let mut folders = vec![folder];
        while let Some(mut folder) = folders.pop() {
            if !self.folders.insert(folder.real.clone()) {
                continue;
            }
            let entered = self.ignore_files.enter(&folder.ignore_files, &folder.real, &folder.path)?;
            let entries = entered.and_then(|ignore_files| {
                folder.ignore_files = ignore_files;
                fs::read_dir(&folder.real)
            });
            match entries {
                Ok(entries) => {
                    let (mut below, mut pages) = (Vec::new(), HashSet::new());
                    for entry in entries {
                        match entry {
                            Ok(entry) => {
                                pages.extend(saved_page(&entry));
                                below.extend(self.take(&folder, &entry));
                            }
                            Err(error) => self.skip_folder(&folder, error)?,
                        }
                    }
                    for folder in &mut below {
                        folder.is_of_page |= is_of_page(&folder.path, &pages);
                    }
                    folders.append(&mut below);
                }
                Err(error) => self.skip_folder(&folder, error)?,
            }
        }
        Ok(())
    }

    /// Reports a folder that cannot be read. For the root this is an error: it must not look like an empty folder.
    fn skip_folder(&mut self, folder: &Entry, source: io::Error) -> Result<(), IndexError> {
        if folder.real == self.root {
            return Err(IndexError::Read { path: self.root.to_owned(), source });
        }
        self.skip_unreadable(folder.path.clone(), source);
        Ok(())
    }

    /// Takes an entry of a folder; returns it if it is a folder to be walked.
    fn take(&mut self, folder: &Entry, entry: &DirEntry) -> Option<Entry> {
        let name = entry.file_name();
        let (path, real) = (folder.path.join(&name), folder.real.join(&name));
        if is_hidden(&name) || real == self.index {
            return None;
        }
        let (ignore_files, is_of_page) = (folder.ignore_files.clone(), folder.is_of_page);
        let found = Entry { path, real, ignore_files, is_of_page };
        match entry.file_type() {
            Err(error) => self.skip_unreadable(found.path, error),
            Ok(kind) if kind.is_symlink() => self.links.push(found),
            Ok(kind) if self.is_left_out(&found.path, Kind::of(kind), &found.ignore_files) => {}
            Ok(kind) if kind.is_dir() => return Some(found),
            Ok(_) => self.take_file(found, entry.metadata()),
        }
        None
    }

    /// Takes a file if its name is that of a document.
    fn take_file(&mut self, file: Entry, metadata: io::Result<Metadata>) {
        let named = named(&file.path);
        let is_of_page = file.is_of_page && named == Named::Read(Format::Html);
        if is_of_page || self.export.as_ref() == Some(&file.real) {
            return;
        }
        let Entry { path, real, .. } = &file;
        let format = match named {
            Named::Other => return,
            Named::NotRead(extension) => return self.skip(file.path, SkipReason::Unsupported(extension)),
            Named::Archive => None,
            Named::Read(format) => Some(format),
        };
        match (format, metadata) {
            #[cfg(feature = "archives")]
            (None, Ok(metadata)) if metadata.is_file() => self.take_archive(file, &metadata),
            (Some(format), Ok(metadata)) if metadata.is_file() => {
                let (bytes, state) = (metadata.len(), state_of(&metadata));
                let real = (real.strip_prefix(self.root) != Ok(path)).then(|| real.clone());
                self.found.sources.push(Source { path: file.path, real, bytes, state, format, member: None });
            }
            (_, Ok(_)) => self.skip(file.path, SkipReason::NotAFile),
            (_, Err(error)) => self.skip_unreadable(file.path, error),
        }
    }

    fn is_left_out(&self, path: &Path, kind: Kind, ignore_files: &IgnoreFiles) -> bool {
        !self.patterns.choose(path, kind) || ignore_files.leave_out(path, kind)
    }

    /// Reports an entry that cannot be read, unless it was removed since it was listed.
    fn skip_unreadable(&mut self, path: PathBuf, error: io::Error) {
        if error.kind() != io::ErrorKind::NotFound {
            self.skip(path, SkipReason::Unreadable(error));
        }
    }

    fn skip(&mut self, path: PathBuf, reason: SkipReason) {
        self.found.skipped.push(Skipped { path, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn paths(root: &Path, index: &Path, links: Links) -> Vec<PathBuf> {
        let options = Options { links: Some(links), ..Options::default() };
        let found = discover(root, index, &Rules::of(&options, None).unwrap()).unwrap();
        found.sources.into_iter().map(|source| source.path).collect()
    }

    #[test]
    fn the_index_is_left_out_by_whatever_path() {
        let above = tempfile::tempdir().unwrap();
        let above = above.path().canonicalize().unwrap();
        let (root, outside, inside) = (above.join("статьи"), above.join("index"), above.join("статьи/index"));
        for folder in [&root, &outside, &inside] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a.md"), "停火").unwrap();
        }
        assert_eq!(paths(&root, &inside, Links::All), [Path::new("a.md")]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../index", root.join("link")).unwrap();
            std::os::unix::fs::symlink("../index/a.md", root.join("link.md")).unwrap();
            std::os::unix::fs::symlink("..", root.join("up")).unwrap();
            let expected = ["a.md", "index/a.md"].map(Path::new);
            assert_eq!(paths(&root, &outside, Links::All), expected);
        }
    }
}
