//! The folder of a generation as the engine writes it: without locks of the
//! engine's own.
//!
//! Whoever writes holds the lock of the index (`home`), and searches take none.
//! The engine's locks would only do harm: a process that an app starts has a
//! copy of their files for a moment, and keeps them locked.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};

/// A folder that is locked by other means.
#[derive(Debug, Clone)]
pub(crate) struct Unlocked(MmapDirectory);

impl Unlocked {
    pub(crate) fn open(folder: &Path) -> Result<Unlocked, OpenDirectoryError> {
        MmapDirectory::open(folder).map(Unlocked)
    }
}

impl Directory for Unlocked {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

#[cfg(test)]
mod tests {
    use tantivy::directory::{INDEX_WRITER_LOCK, META_LOCK};

    use super::*;
    use crate::{Text, Writer};

    #[test]
    fn locks_of_the_engine_that_another_process_has_are_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| {
            let mut writer = Writer::open(folder.path()).unwrap();
            writer.add(Text::new("a", text)).unwrap();
            writer.commit()
        };
        write("停火").unwrap();
        // As they are in a process that is just being started.
        let copies = MmapDirectory::open(folder.path().join("1")).unwrap();
        let _held = [&INDEX_WRITER_LOCK, &META_LOCK].map(|lock| copies.acquire_lock(lock).unwrap());
        assert_eq!(write("мир").unwrap().articles, 1);
    }
}
