//! The links of a folder, followed after all files and folders in it were walked by their own paths.
//!
//! Links to folders come first, in the order of their paths, then the links found in those; links to files come last.
//! So the result does not depend on the order in which the system lists a folder, and the target of several links is
//! taken once.

use std::collections::HashSet;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use svod_store::layout::Links;

use super::ignoring::IgnoreFiles;
use super::names::{Named, named};
use super::patterns::Kind;
use super::{Entry, Walk, format_of};
use crate::error::IndexError;
use crate::reading::skip_reason::SkipReason;

impl Walk<'_> {
    /// Follows the links that were found, and those found behind them.
    pub(super) fn follow_links(&mut self) -> Result<(), IndexError> {
        let mut files = Vec::new();
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort_by(|a, b| a.path.cmp(&b.path));
            for link in links {
                match self.resolve(link)? {
                    Some((folder, metadata)) if metadata.is_dir() => self.walk(folder)?,
                    Some(file) => files.push(file),
                    None => {}
                }
            }
        }
        if files.is_empty() {
            return Ok(());
        }
        files.sort_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let mut taken: HashSet<PathBuf> = self.found.sources.iter().map(|source| source.place(self.root)).collect();
        for (file, metadata) in files {
            if format_of(&file.path).is_none() || taken.insert(file.real.clone()) {
                self.take_file(file, Ok(metadata));
            }
        }
        Ok(())
    }

    /// Returns the target of a link, with its true path, if it is to be taken.
    fn resolve(&mut self, link: Entry) -> Result<Option<(Entry, Metadata)>, IndexError> {
        let (real, metadata) = match target(&link.real) {
            Ok(target) => target,
            Err(error) => {
                let is_wanted = |kind| !self.is_left_out(&link.path, kind, &link.ignore_files);
                if is_wanted(Kind::File) && is_wanted(Kind::Folder) {
                    self.skip(link.path, SkipReason::Unreadable(error));
                }
                return Ok(None);
            }
        };
        let kind = if metadata.is_dir() { Kind::Folder } else { Kind::File };
        if real.starts_with(self.index)
            || self.is_left_out(&link.path, kind, &link.ignore_files)
            || self.is_left_out_by_own_path(&real, kind)?
        {
            return Ok(None);
        }
        let leads_out = !real.starts_with(self.root) && self.links_followed == Links::Inside;
        if leads_out && (metadata.is_dir() || metadata.is_file()) {
            if metadata.is_dir() || is_document(&link.path) {
                self.skip(link.path, SkipReason::LeadsOut(real));
            }
            return Ok(None);
        }
        Ok(Some((Entry { real, ..link }, metadata)))
    }

    /// Returns whether a pattern leaves out the target of a link by its own path; then no link brings it in.
    fn is_left_out_by_own_path(&mut self, real: &Path, kind: Kind) -> Result<bool, IndexError> {
        let Ok(below) = real.strip_prefix(self.root) else { return Ok(false) };
        let mut path = PathBuf::new();
        let mut ignore_files = IgnoreFiles::default();
        for part in below.components() {
            let Ok(entered) = self.ignore_files.enter(&ignore_files, &self.root.join(&path), &path)? else {
                return Ok(true);
            };
            ignore_files = entered;
            path.push(part);
            let kind = if path == below { kind } else { Kind::Folder };
            if self.patterns.exclude(&path, kind) || ignore_files.leave_out(&path, kind) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn target(link: &Path) -> io::Result<(PathBuf, Metadata)> {
    let real = link.canonicalize()?;
    let metadata = real.metadata()?;
    Ok((real, metadata))
}

fn is_document(path: &Path) -> bool {
    named(path) != Named::Other
}
