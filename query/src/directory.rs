//! The folder of a generation as the engine reads it: nothing is ever written.
//!
//! The engine would lock a file while it opens an index, so that a writer does
//! not remove segments meanwhile; a read-only medium has no place for it. Here
//! the list of segments is read once, before all else, and whoever opens an
//! index looks whether it still stands if a file is missing (`open`). Files
//! that are open stay readable when a writer removes them.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};

/// The engine's file that lists the segments of a commit.
pub(crate) const META: &str = "meta.json";
/// The engine's file that lists what its writer may remove. Readers do without.
const MANAGED: &str = ".managed.json";

/// A folder as it was at one commit.
#[derive(Debug, Clone)]
pub(crate) struct ReadOnly {
    files: MmapDirectory,
    meta: Arc<[u8]>,
}

impl ReadOnly {
    /// Opens a folder with what was read of its list of segments.
    pub(crate) fn open(folder: &Path, meta: &Arc<[u8]>) -> Result<ReadOnly, OpenDirectoryError> {
        Ok(ReadOnly { files: MmapDirectory::open(folder)?, meta: Arc::clone(meta) })
    }
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "an index is not written by a search")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        if path == Path::new(META) { Ok(true) } else { self.files.exists(path) }
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match path.to_str() {
            Some(META) => Ok(self.meta.to_vec()),
            Some(MANAGED) => Err(OpenReadError::FileDoesNotExist(path.to_owned())),
            _ => self.files.atomic_read(path),
        }
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
