//! The index on disk: generations, a pointer to the current one, a lock.
//!
//! An update commits to the current generation. A new index, and one made
//! anew, fills a generation of its own; readers see it when the pointer is
//! moved by a rename. Whatever stops a run, the pointer names a whole index.
//!
//! Looking writes nothing, and refuses what is not svod's own (`ownership`).
//! Writing begins with the lock; whoever has it removes what stopped runs left
//! behind. Nothing in the folder is reached through a link.

pub(crate) mod catalog;
pub(crate) mod committer;
mod durable;
pub(crate) mod generation;
pub(crate) mod live_files;
pub(crate) mod merge;
mod ownership;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use svod_store::damage::{Damage, VersionMismatch};
use svod_store::layout::{self, CommitNote, META, Manifest, ManifestError};
use svod_store::regular;

use crate::error::IndexError;
use crate::home::live_files::LiveFiles;

/// The folder that holds the generations of one index. It need not exist yet.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    path: PathBuf,
    manifest: Manifest,
}

/// The right to write to an index, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    home: Home,
    file: File,
}

impl Drop for Lock {
    /// Unlocks by word, not only by closing: a process that is just being started has a copy of the file for a moment,
    /// and would keep the lock.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// What a look at an index saw: if it is the same later, nobody has written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HomeState {
    pub(crate) generation: Option<u64>,
    pub(crate) commit: Option<Vec<u8>>,
}

impl Home {
    /// Finds the home of the index of `root`. Writes nothing.
    ///
    /// # Errors
    /// If the folder is not, or not only, the home of this index.
    pub(crate) fn find(root: &Path, index: Option<&Path>) -> Result<Home, IndexError> {
        let inside = root.join(layout::FOLDER);
        let path = index.map_or_else(|| Ok(inside.clone()), canonical)?;
        if root.starts_with(&path) {
            return Err(IndexError::AroundFolder { index: path, root: root.to_owned() });
        }
        let manifest = if path == inside { Manifest::FolderAround } else { Manifest::Folder(root.to_owned()) };
        Home { manifest, path }.checked()
    }

    /// Finds the home of the index of an app's texts. Writes nothing.
    ///
    /// # Errors
    /// As [`Home::find`].
    pub(crate) fn of_texts(path: &Path) -> Result<Home, IndexError> {
        Home { manifest: Manifest::Texts, path: canonical(path)? }.checked()
    }

    fn checked(self) -> Result<Home, IndexError> {
        self.check_place()?;
        self.generations()?;
        self.pointer()?;
        let Some(path) = self.current().map(|number| self.generation(number).join(META)) else { return Ok(self) };
        match regular::read(&path) {
            // Not damage: it may be somebody else's.
            Err(source) if source.kind() == io::ErrorKind::PermissionDenied => Err(IndexError::Read { path, source }),
            _ => Ok(self),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of the current generation of an index that cannot be made again.
    ///
    /// # Errors
    /// If there is something, but what it is cannot be read.
    pub(crate) fn current_for_good(&self) -> Result<Option<u64>, IndexError> {
        let damaged = |name: &str| {
            let damage = Damage::file(name, "is not readable");
            IndexError::Damaged { index: self.path.clone(), damage }
        };
        let number = match self.pointer()? {
            Pointer::None => self.last_committed(),
            Pointer::Broken => return Err(damaged(layout::POINTER)),
            Pointer::To(number) => Some(number),
        };
        let Some(number) = number else { return Ok(None) };
        match Manifest::parse(&self.manifest_text(number)?) {
            Ok(_) => Ok(Some(number)),
            Err(ManifestError::Foreign) => Err(damaged(layout::MANIFEST)),
            Err(ManifestError::OtherFormat(format)) => {
                let mismatch = VersionMismatch::Format(format);
                Err(IndexError::OtherVersion { index: self.path.clone(), mismatch })
            }
        }
    }

    /// Returns the number of the current generation; `None` if there is no index yet. Where the pointer is lost or names
    /// nothing, it is the one that was committed to last: its rules, and its texts, are not lost with the pointer.
    pub(crate) fn current(&self) -> Option<u64> {
        let Ok(Pointer::To(number)) = self.pointer() else { return self.last_committed() };
        let is_there = self.generation(number).is_dir();
        if is_there { Some(number) } else { self.last_committed().or(Some(number)) }
    }

    /// Returns whether the pointer names this generation.
    pub(crate) fn is_published(&self, number: u64) -> bool {
        self.pointer().is_ok_and(|pointer| pointer == Pointer::To(number))
    }

    fn pointer(&self) -> Result<Pointer, IndexError> {
        let path = self.path.join(layout::POINTER);
        match regular::read(&path) {
            Ok(bytes) => {
                let number = std::str::from_utf8(&bytes).ok().and_then(layout::parse_pointer);
                Ok(number.map_or(Pointer::Broken, Pointer::To))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Pointer::None),
            Err(source) => Err(IndexError::Read { path, source }),
        }
    }

    /// Returns the last generation that has a commit, of all of a folder if there is one.
    fn last_committed(&self) -> Option<u64> {
        let commit = |number| Some((CommitNote::of_commit(&self.commit(number)?)?.is_finished, number));
        self.generations().ok()?.into_iter().filter_map(commit).max().map(|(_, number)| number)
    }

    /// Returns whether no generation holds anything of an index.
    pub(crate) fn is_without_index(&self) -> Result<bool, IndexError> {
        for number in self.generations()? {
            if !self.is_empty(number)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn commit(&self, number: u64) -> Option<Vec<u8>> {
        regular::read(&self.generation(number).join(META)).ok()
    }

    /// Returns which commit of which generation is the last.
    pub(crate) fn state(&self) -> HomeState {
        let generation = self.current();
        HomeState { generation, commit: generation.and_then(|number| self.commit(number)) }
    }

    /// Returns the folder of a generation.
    pub(crate) fn generation(&self, number: u64) -> PathBuf {
        self.path.join(number.to_string())
    }

    /// Returns what stopped runs left in a generation: the files of segments that no commit has, and drafts.
    pub(crate) fn leftovers(&self, number: u64, live_files: &LiveFiles) -> Vec<PathBuf> {
        let is_leftover = |entry: &fs::DirEntry| {
            entry.file_name().to_str().is_some_and(|name| live_files.is_left_over(name) || layout::is_draft(name))
        };
        let entries = fs::read_dir(self.generation(number)).into_iter().flatten().flatten();
        entries.filter(is_leftover).map(|entry| entry.path()).collect()
    }

    /// Takes the right to write, making the folder if there is none.
    pub(crate) fn lock(&self) -> Result<Lock, IndexError> {
        durable::make_folder(&self.path).map_err(written(&self.path))?;
        let path = self.path.join(layout::LOCK);
        let opened = regular::open(&path, OpenOptions::new().create(true).truncate(false).read(true).write(true));
        let file = opened.map_err(written(&path))?;
        let contents = regular::read(&path);
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process =
                    contents.ok().and_then(|contents| String::from_utf8(contents).ok()?.trim_end().parse().ok());
                return Err(IndexError::Locked { index: self.path.clone(), process });
            }
            Err(TryLockError::Error(source)) => return Err(IndexError::Write { path, source }),
        }
        let mut lock = Lock { home: self.clone(), file };
        // Whoever wrote before may have made it the index of something else.
        self.generations()?;
        // What is no number is not ours to write over: the file may have a second name elsewhere.
        if contents.is_ok_and(|contents| layout::is_number(&contents)) {
            lock.name_process().map_err(written(&path))?;
        }
        for (name, contents) in self.signs() {
            let sign = self.path.join(name);
            durable::add(&sign, contents).map_err(written(&sign))?;
        }
        Ok(lock)
    }

    /// Returns the small files that belong beside the index. One that cannot be made again is not kept out of backups.
    fn signs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let is_made_again = self.manifest != Manifest::Texts;
        layout::SIGNS.into_iter().filter(move |&(name, _)| is_made_again || name != layout::CACHE_SIGN)
    }

    /// Makes the folder whole as [`Lock::tidy`] does, where there is anything to do and nobody is writing.
    pub(crate) fn tidy(&self) {
        let current = self.current();
        let is_alone = self.generations().is_ok_and(|numbers| numbers.into_iter().eq(current));
        let is_named = current.is_some_and(|number| self.is_published(number));
        if !(is_alone && is_named && !self.path.join(layout::POINTER_DRAFT).exists()) {
            let _ = self.lock().and_then(|lock| lock.tidy());
        }
    }
}

/// What the file that names the current generation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pointer {
    None,
    Broken,
    To(u64),
}

impl Lock {
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    fn name_process(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        writeln!(self.file, "{}", std::process::id())
    }

    /// Begins a generation and returns its number. Readers do not see it before it is published.
    pub(crate) fn begin(&self) -> Result<u64, IndexError> {
        self.tidy()?;
        let numbers = self.home.generations()?;
        let next = numbers.iter().max().map_or(Some(1), |last| last.checked_add(1));
        // One greater than all, so that a slow reader of the pointer never finds another index under its number.
        let number = next.or_else(|| (1..).find(|number| !numbers.contains(number))).unwrap_or(1);
        let path = self.home.generation(number);
        let begun = durable::make_folder(&path).and_then(|()| {
            let manifest = path.join(layout::MANIFEST);
            durable::replace(&manifest, layout::MANIFEST_DRAFT, &self.home.manifest.to_json())
        });
        if begun.is_err() {
            self.abandon(number);
        }
        begun.map_err(written(&path))?;
        Ok(number)
    }

    /// Makes a generation the current one and removes those before.
    pub(crate) fn publish(&self, number: u64) -> Result<(), IndexError> {
        self.point_to(number)?;
        let _ = self.remove_generations_but(Some(number));
        Ok(())
    }

    fn point_to(&self, number: u64) -> Result<(), IndexError> {
        let pointer = self.home.path.join(layout::POINTER);
        durable::replace(&pointer, layout::POINTER_DRAFT, &format!("{number}\n")).map_err(written(&pointer))
    }

    /// Removes a generation that was not published.
    pub(crate) fn abandon(&self, number: u64) {
        let _ = self.home.remove_generation(number);
    }

    /// Removes what stopped runs left in a generation.
    pub(crate) fn sweep(&self, number: u64, live_files: &LiveFiles) {
        for leftover in self.home.leftovers(number, live_files) {
            let _ = fs::remove_file(leftover);
        }
    }

    /// Makes the folder whole: the pointer names the current generation, and there is no other.
    pub(crate) fn tidy(&self) -> Result<(), IndexError> {
        let current = self.home.current();
        if let Some(number) = current.filter(|&number| !self.home.is_published(number)) {
            self.point_to(number)?;
        }
        let _ = fs::remove_file(self.home.path.join(layout::POINTER_DRAFT));
        self.remove_generations_but(current)
    }

    /// Removes generations. Programs that search one keep its files open; where that forbids removing them, a later run will.
    fn remove_generations_but(&self, kept: Option<u64>) -> Result<(), IndexError> {
        for number in self.home.generations()?.into_iter().filter(|&number| Some(number) != kept) {
            self.abandon(number);
        }
        Ok(())
    }
}

/// Says what could not be written.
fn written(path: &Path) -> impl Fn(io::Error) -> IndexError {
    let path = path.to_owned();
    move |source| IndexError::Write { path: path.clone(), source }
}

/// Returns the true path of a folder that need not exist yet.
fn canonical(path: &Path) -> Result<PathBuf, IndexError> {
    let read = |source| IndexError::Read { path: path.to_owned(), source };
    let absolute = std::path::absolute(path).map_err(read)?;
    for above in absolute.ancestors() {
        match above.canonicalize() {
            Ok(real) => {
                let rest = absolute.strip_prefix(above).unwrap_or(Path::new(""));
                return Ok(if rest.as_os_str().is_empty() { real } else { real.join(rest) });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(IndexError::Write { path: path.to_owned(), source }),
        }
    }
    Ok(absolute)
}

/// Returns the size of the files in a folder in bytes.
pub(crate) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_is_being_started_does_not_keep_the_lock() {
        let root = tempfile::tempdir().unwrap();
        let home = Home::find(root.path(), None).unwrap();
        let lock = home.lock().unwrap();
        assert!(matches!(home.lock(), Err(IndexError::Locked { .. })));
        // As it is between the two steps in which a process is made.
        let copy = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(home.lock().is_ok());
        drop(copy);
    }
}
