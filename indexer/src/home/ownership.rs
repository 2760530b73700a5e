//! Whether a folder is svod's own, so that nothing of anybody else is written over or removed.
//!
//! An index folder holds what svod names, of the kind that svod makes, and nothing else; each generation is empty or says
//! what it is an index of. One that does not may hold what nothing can make again: it is taken for an index of the folder
//! only where it lies in the folder itself, or still names it.

use std::fs::{self, DirEntry, FileType};
use std::io;
use std::path::{Path, PathBuf};

use svod_store::damage::{Damage, VersionMismatch};
use svod_store::layout::{self, Manifest, ManifestError};
use svod_store::regular;

use super::{Home, Pointer};
use crate::error::{Foreign, IndexError};
use crate::home::catalog::Unusable;

impl Home {
    /// Refuses a place in the index of something else.
    pub(super) fn check_place(&self) -> Result<(), IndexError> {
        let is_index = |folder: &&Path| {
            let home = Home { path: folder.to_path_buf(), manifest: Manifest::Texts };
            matches!(home.pointer(), Ok(Pointer::To(number)) if home.generation(number).join(layout::MANIFEST).is_file())
        };
        match self.path.ancestors().skip(1).find(is_index) {
            Some(around) => Err(IndexError::InsideIndex { index: self.path.clone(), around: around.to_owned() }),
            None => Ok(()),
        }
    }

    /// Returns the numbers of the generations, after a look at everything in the folder.
    ///
    /// # Errors
    /// If there is anything that is not svod's, or an index of something else.
    pub(super) fn generations(&self) -> Result<Vec<u64>, IndexError> {
        match self.path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Ok(found) if !found.is_dir() => {
                let kind = regular::not_a_file(found.file_type()).unwrap_or("a file");
                return Err(self.foreign(Foreign::NotAFolder(kind)));
            }
            _ => {}
        }
        let mut numbers = Vec::new();
        self.each_entry(&self.path, |name, kind| match layout::parse_generation(name) {
            Some(number) if kind.is_dir() => {
                numbers.push(number);
                true
            }
            number => number.is_none() && kind.is_file() && layout::is_file_of_home(name),
        })?;
        let mut is_named = self.manifest == Manifest::FolderAround;
        for &number in &numbers {
            is_named |= !self.is_empty(number)? && self.fault(number)?.is_none();
        }
        if !is_named {
            self.check_numbers(&numbers)?;
        }
        Ok(numbers)
    }

    /// Refuses a folder if `is_ours` refuses an entry of it. What another run removes meanwhile is no entry.
    fn each_entry(&self, folder: &Path, mut is_ours: impl FnMut(&str, FileType) -> bool) -> Result<(), IndexError> {
        let unreadable = |source| IndexError::Read { path: folder.to_owned(), source };
        let Some(entries) = unless_gone(fs::read_dir(folder)).map_err(unreadable)? else { return Ok(()) };
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let Some(kind) = unless_gone(entry.file_type()).map_err(unreadable)? else { continue };
            let name = entry.file_name();
            if !name.to_str().is_some_and(|name| is_ours(name, kind)) {
                let kind = regular::not_a_file(kind).unwrap_or("a file");
                return Err(self.foreign(Foreign::Entry { path: self.below(&entry), kind }));
            }
        }
        Ok(())
    }

    /// Returns whether there is nothing in a generation but drafts. Refuses one that holds anything of somebody else.
    pub(super) fn is_empty(&self, number: u64) -> Result<bool, IndexError> {
        let mut is_empty = true;
        self.each_entry(&self.generation(number), |name, kind| {
            is_empty &= layout::is_draft(name);
            kind.is_file() && layout::is_file_of_generation(name)
        })?;
        Ok(is_empty)
    }

    /// Returns why a generation has to be made anew, if it does not say what it is an index of.
    ///
    /// # Errors
    /// If it is, or may be, an index of something else.
    pub(crate) fn fault(&self, number: u64) -> Result<Option<Unusable>, IndexError> {
        let (text, index) = (self.manifest_text(number)?, self.path.clone());
        match Manifest::parse(&text) {
            Ok(found) if found.root(&index) == self.manifest.root(&index) => Ok(None),
            Ok(found) => Err(match found.root(&index).map(Path::to_owned) {
                Some(root) => IndexError::OtherRoot { index, root },
                None => IndexError::OfTexts(index),
            }),
            // The file is the last of a generation that is removed.
            Err(error) if self.may_make_anew(&text) || (text.is_empty() && self.is_empty(number)?) => {
                Ok(Some(match error {
                    ManifestError::OtherFormat(format) => Unusable::OtherVersion(VersionMismatch::Format(format)),
                    ManifestError::Foreign => {
                        Unusable::Damaged(Damage::Manifest(PathBuf::from(number.to_string()).join(layout::MANIFEST)))
                    }
                }))
            }
            Err(_) if Manifest::Texts.is_named_in(&text) => Err(IndexError::OfTexts(index)),
            Err(_) => Err(IndexError::Unnamed { manifest: self.generation(number).join(layout::MANIFEST), index }),
        }
    }

    /// Returns whether what a broken manifest belongs to can be made again, or is wished to be.
    fn may_make_anew(&self, manifest: &str) -> bool {
        match &self.manifest {
            Manifest::FolderAround => !Manifest::Texts.is_named_in(manifest),
            Manifest::Folder(_) => self.manifest.is_named_in(manifest),
            // Opening such an index reports it, and a new one is begun on purpose.
            Manifest::Texts => true,
        }
    }

    /// Returns what stands in a manifest: nothing, if there is none.
    pub(super) fn manifest_text(&self, number: u64) -> Result<String, IndexError> {
        let path = self.generation(number).join(layout::MANIFEST);
        match unless_gone(regular::read(&path)) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()),
            Err(source) => Err(IndexError::Read { path, source }),
        }
    }

    /// Refuses a folder that no generation names, where what has the names of svod's small files is something else.
    fn check_numbers(&self, generations: &[u64]) -> Result<(), IndexError> {
        // The lock is made before the first generation.
        if let Some(number) = generations.first().filter(|_| !self.path.join(layout::LOCK).exists()) {
            return Err(self.foreign(Foreign::Generation(*number)));
        }
        for name in [layout::LOCK, layout::POINTER, layout::POINTER_DRAFT] {
            let path = self.path.join(name);
            let contents = unless_gone(regular::read(&path)).map_err(|source| IndexError::Read { path, source })?;
            if contents.is_some_and(|contents| !layout::is_number(&contents)) {
                return Err(self.foreign(Foreign::NotANumber(name)));
            }
        }
        Ok(())
    }

    /// Removes a generation, the file that says what it is an index of as the last. A folder that holds anything else stays.
    pub(super) fn remove_generation(&self, number: u64) -> io::Result<()> {
        let folder = self.generation(number);
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_ours =
                name.to_str().is_some_and(|name| layout::is_file_of_generation(name) && name != layout::MANIFEST);
            if is_ours && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        unless_gone(fs::remove_file(folder.join(layout::MANIFEST)))?;
        fs::remove_dir(folder)
    }

    fn below(&self, entry: &DirEntry) -> PathBuf {
        let path = entry.path();
        path.strip_prefix(&self.path).map(Path::to_owned).unwrap_or(path)
    }

    fn foreign(&self, found: Foreign) -> IndexError {
        IndexError::ForeignFolder { index: self.path.clone(), found }
    }
}

/// Returns what was found, or nothing if it is not there.
fn unless_gone<T>(found: io::Result<T>) -> io::Result<Option<T>> {
    match found {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        found => found.map(Some),
    }
}
