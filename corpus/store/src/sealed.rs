//! The folder of an index on disk: nothing in it is used before it is checked.
//!
//! Tantivy trusts its files: one flipped bit makes it ask for a terabyte of
//! memory, or lose a hit, and two files that were exchanged are whole, each for
//! itself. So a chain of checksums leads from a commit to each byte:
//!
//! - `meta.json`, tantivy's list of segments, ends with its own hash, and
//!   names each file with its length and the checksum of what stands at its
//!   end (`catalogue`);
//! - there stands a checksum for each 16 KB of the file (`file`);
//! - tantivy gets no byte before its 16 KB were compared, once.
//!
//! What a search reads is compared on the way, about ten gigabytes a second and only what is read, each piece once. There
//! is one exception: of a dictionary of terms of more than 256 KB only the ends are compared when it is opened, since all of
//! it would be read for one word. A check ([`Sealed::check`]) compares everything.
//!
//! Indexes of schema 4 have no catalogue. Their files are handed out as they
//! are; [`Sealed::is_sealed`] tells them.

mod catalogue;
mod file;

use std::collections::HashSet;
use std::io::{self, BufWriter};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

pub use self::catalogue::BrokenSeal;
use self::catalogue::Catalogue;
pub use self::file::Fault;
use self::file::{CheckedFile, SealingWriter};
use crate::layout::{CommitNote, META};
use crate::schema;

/// The file in which tantivy lists what its writer may remove.
const MANAGED: &str = ".managed.json";

/// The files of an index, checked before they are used, and sealed when they are written.
#[derive(Debug, Clone)]
pub struct Sealed {
    files: Box<dyn Directory>,
    known: Arc<RwLock<Catalogue>>,
    is_sealed: bool,
}

impl Sealed {
    /// Opens the files of a folder as they are at its last commit, or before the first.
    ///
    /// # Errors
    /// If the list of segments is not as it was written, or cannot be read.
    pub fn open(files: impl Into<Box<dyn Directory>>) -> io::Result<Sealed> {
        let files = files.into();
        match files.atomic_read(Path::new(META)) {
            Ok(meta) => Sealed::at(files, &meta).map_err(|broken| io::Error::new(io::ErrorKind::InvalidData, broken)),
            Err(OpenReadError::FileDoesNotExist(_)) => Ok(Sealed { files, known: Arc::default(), is_sealed: true }),
            Err(error) => Err(Fault::from(error).into_error(Path::new(META))),
        }
    }

    /// Opens the files of a folder as they are at the commit with this list of segments.
    ///
    /// # Errors
    /// If the list is not as it was written.
    pub fn at(files: impl Into<Box<dyn Directory>>, meta: &[u8]) -> Result<Sealed, BrokenSeal> {
        let catalogue = catalogue::read(meta)?;
        let is_sealed = catalogue.is_some();
        let known = Arc::new(RwLock::new(catalogue.unwrap_or_default()));
        Ok(Sealed { files: files.into(), known, is_sealed })
    }

    /// Returns whether its commit names the checksums of all files: that of every index of this version does.
    pub fn is_sealed(&self) -> bool {
        self.is_sealed
    }

    /// Returns the names of the files that have a checksum.
    pub fn names(&self) -> Vec<PathBuf> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).keys().map(PathBuf::from).collect()
    }

    /// Reads all of a file, compares its checksums, and returns how many bytes were read.
    ///
    /// # Errors
    /// If it is not the file that was written, or cannot be read.
    pub fn check(&self, name: &Path) -> Result<u64, Fault> {
        let file = self.files.get_file_handle(name)?;
        self.checked(name, file)?.check_all()
    }

    fn checked(&self, name: &Path, file: Arc<dyn FileHandle>) -> Result<CheckedFile, Fault> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let sum = name.to_str().and_then(|name| known.get(name)).ok_or(Fault::Unknown)?;
        CheckedFile::open(name, file, *sum)
    }
}

/// Reads the note of a commit in its list of segments; `None` if the list is not as it was written, or has no note.
///
/// The lists of earlier versions have no seal: their notes are taken as they are.
pub fn note_of(meta: &[u8]) -> Option<CommitNote> {
    let is_sealed = catalogue::read(meta).ok()?.is_some();
    let stamp = schema::stamp();
    let is_of_this_version = || meta.windows(stamp.len()).any(|bytes| bytes == stamp.as_bytes());
    if is_sealed || !is_of_this_version() { CommitNote::of_commit(meta) } else { None }
}

/// Whether a path is the name of a file in the folder, and nothing outside it.
fn is_plain_name(path: &Path) -> bool {
    let mut parts = path.components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

impl Directory for Sealed {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let file = self.files.get_file_handle(path)?;
        if !self.is_sealed {
            return Ok(file);
        }
        let failed = |fault: Fault| OpenReadError::wrap_io_error(fault.into_error(path), path.to_owned());
        Ok(Arc::new(self.checked(path, file).map_err(failed)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        // Tantivy deletes what `.managed.json` names, and somebody else may have written that.
        if is_plain_name(path) { self.files.delete(path) } else { Err(DeleteError::FileDoesNotExist(path.to_owned())) }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |error: io::Error| OpenWriteError::wrap_io_error(error, path.to_owned());
        let file = self.files.open_write(path)?.into_inner().map_err(|error| failed(error.into_error()))?;
        Ok(BufWriter::new(Box::new(SealingWriter::new(path, file, Arc::clone(&self.known)))))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let contents = self.files.atomic_read(path)?;
        if path != Path::new(MANAGED) {
            return Ok(contents);
        }
        // It only helps to remove files of no use: what is damaged in it is left out and stops nothing.
        let names: HashSet<PathBuf> = serde_json::from_slice(&contents).unwrap_or_default();
        let names: HashSet<PathBuf> = names.into_iter().filter(|name| is_plain_name(name)).collect();
        serde_json::to_vec(&names).map_err(|error| OpenReadError::wrap_io_error(error.into(), path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path != Path::new(META) {
            return self.files.atomic_write(path, data);
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        self.files.atomic_write(path, &catalogue::seal(data, &known)?)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}
