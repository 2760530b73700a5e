//! The folder of a generation as tantivy reads and writes it.
//!
//! Tantivy trusts the names it is given and follows links, and its own list of files (`.managed.json`) comes from the disk: a
//! folder from somebody else could make it read, or delete, any file of the user. Here it gets files with the names of an index,
//! and nothing else.
//!
//! It takes no locks: a writer holds the lock of the index, and searches take none. Those of tantivy would only do harm: a
//! process that an app starts has a copy of the open files for a moment, and keeps them locked.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};

use crate::layout::{self, META};
use crate::regular;

/// The files of a generation.
#[derive(Debug, Clone)]
pub struct Generation<Files = MmapDirectory> {
    folder: PathBuf,
    files: Files,
}

impl Generation {
    /// Opens the folder of a generation, which must not be a link.
    ///
    /// # Errors
    /// If it is no folder, or cannot be read.
    pub fn open(folder: &Path) -> Result<Generation, OpenDirectoryError> {
        match folder.symlink_metadata() {
            Ok(found) if !found.is_dir() => Err(OpenDirectoryError::NotADirectory(folder.to_owned())),
            _ => Ok(Generation { files: MmapDirectory::open(folder)?, folder: folder.to_owned() }),
        }
    }
}

impl<Files> Generation<Files> {
    fn check_name(path: &Path) -> io::Result<()> {
        let is_ours = path.to_str().is_some_and(layout::is_file_of_generation);
        is_ours
            .then_some(())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file of an index is named so"))
    }

    /// Refuses what is no regular file. One that does not exist passes.
    fn check(&self, path: &Path) -> Result<(), OpenReadError> {
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        Self::check_name(path).map_err(failed)?;
        match self.folder.join(path).symlink_metadata() {
            Ok(found) => regular::check(found.file_type()).map_err(failed),
            Err(_) => Ok(()),
        }
    }
}

impl<Files: Directory + Clone> Directory for Generation<Files> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.check(path)?;
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        // Tantivy is told that a file of another name does not exist: then it drops it from its list.
        Self::check_name(path).map_err(|_| DeleteError::FileDoesNotExist(path.to_owned()))?;
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.check(path)?;
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Self::check_name(path).map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.check(path)?;
        regular::read(&self.folder.join(path)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(error, path.to_owned()),
        })
    }

    /// The list of segments is the commit: it lasts only when its new name does.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        Self::check_name(path)?;
        self.files.atomic_write(path, data)?;
        if path == Path::new(META) { self.files.sync_directory() } else { Ok(()) }
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::io::Write;
    use std::sync::Mutex;

    use tantivy::directory::{AntiCallToken, TerminatingWrite};
    use tantivy::index::SegmentComponent::{
        Delete, FastFields, FieldNorms, Positions, Postings, Store, TempStore, Terms,
    };
    use tantivy::indexer::NoMergePolicy;
    use tantivy::{Index, IndexWriter, TantivyDocument, Term};

    use super::*;
    use crate::schema::{attach, schema, settings};

    /// What was done to a folder.
    #[derive(Debug, Clone, PartialEq, Eq)]
    enum Done {
        Created(PathBuf),
        Synced(PathBuf),
        Replaced(PathBuf),
        FolderSynced,
    }

    /// Writes down what is done.
    #[derive(Debug, Clone)]
    struct Recording {
        files: MmapDirectory,
        done: Arc<Mutex<Vec<Done>>>,
    }

    impl Recording {
        fn note(&self, done: Done) {
            self.done.lock().unwrap().push(done);
        }
    }

    struct RecordingWriter(WritePtr, Recording, PathBuf);

    impl Write for RecordingWriter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }

    impl TerminatingWrite for RecordingWriter {
        fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
            self.0.terminate_ref(token)?;
            self.1.note(Done::Synced(self.2.clone()));
            Ok(())
        }
    }

    impl Directory for Recording {
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.files.get_file_handle(path)
        }

        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.files.delete(path)
        }

        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.files.exists(path)
        }

        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            let writer = RecordingWriter(self.files.open_write(path)?, self.clone(), path.to_owned());
            self.note(Done::Created(path.to_owned()));
            Ok(io::BufWriter::new(Box::new(writer)))
        }

        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.files.atomic_read(path)
        }

        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            self.files.atomic_write(path, data)?;
            self.note(Done::Replaced(path.to_owned()));
            Ok(())
        }

        fn sync_directory(&self) -> io::Result<()> {
            self.files.sync_directory()?;
            self.note(Done::FolderSynced);
            Ok(())
        }

        fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
            self.files.acquire_lock(lock)
        }

        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.files.watch(callback)
        }
    }

    /// Commits twice, and merges.
    fn write_index(directory: impl Into<Box<dyn Directory>>) {
        let index = Index::create(directory, schema(), settings()).unwrap();
        let fields = attach(&index).unwrap();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15 << 20).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for article in 0..2 {
            let mut passage = TantivyDocument::new();
            passage.add_u64(fields.article, article);
            writer.add_document(passage).unwrap();
            writer.delete_term(Term::from_field_u64(fields.article, 7));
            writer.commit().unwrap();
        }
        writer.merge(&index.searchable_segment_ids().unwrap()).wait().unwrap();
        writer.wait_merging_threads().unwrap();
    }

    #[test]
    fn a_commit_names_what_is_on_the_disk_and_is_then_on_the_disk_itself() {
        let folder = tempfile::tempdir().unwrap();
        let files = Recording { files: MmapDirectory::open(folder.path()).unwrap(), done: Arc::default() };
        let done = Arc::clone(&files.done);
        write_index(Generation { folder: folder.path().to_owned(), files });
        let done = done.lock().unwrap();
        let (mut open, mut unnamed, mut commits) = (BTreeSet::new(), BTreeSet::new(), 0);
        for (at, step) in done.iter().enumerate() {
            match step {
                Done::Created(path) => drop(open.insert(path)),
                Done::Synced(path) => drop((open.remove(path), unnamed.insert(path))),
                Done::FolderSynced => unnamed.clear(),
                Done::Replaced(path) if path == Path::new(META) => {
                    commits += 1;
                    assert!(open.is_empty() && unnamed.is_empty(), "before its files last: {open:?} {unnamed:?}");
                    assert_eq!(done.get(at + 1), Some(&Done::FolderSynced), "the commit itself");
                }
                Done::Replaced(_) => {}
            }
        }
        assert_eq!(commits, 4, "when it was made, two commits, a merge");
    }

    #[test]
    fn every_file_that_tantivy_writes_has_a_name_of_an_index() {
        let folder = tempfile::tempdir().unwrap();
        write_index(Generation::open(folder.path()).unwrap());
        let index = Index::open(Generation::open(folder.path()).unwrap()).unwrap();
        let segment = index.searchable_segment_metas().unwrap().remove(0);
        let components = [Postings, Positions, FastFields, FieldNorms, Terms, Store, TempStore, Delete];
        let components = components.into_iter().map(|component| segment.relative_path(component));
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| PathBuf::from(entry.unwrap().file_name()));
        for name in components.chain(names) {
            assert!(layout::is_file_of_generation(name.to_str().unwrap()), "{}", name.display());
        }
    }

    #[test]
    fn no_other_file_is_read_written_or_deleted() {
        let above = tempfile::tempdir().unwrap();
        let (folder, victim) = (above.path().join("1"), above.path().join("thesis.docx"));
        fs::create_dir(&folder).unwrap();
        fs::write(&victim, "a thesis").unwrap();
        let files = Generation::open(&folder).unwrap();
        for path in [Path::new("../thesis.docx"), &victim, Path::new("../1/meta.json"), Path::new("notes.txt")] {
            assert!(
                files.get_file_handle(path).is_err() && files.atomic_read(path).is_err() && files.exists(path).is_err()
            );
            assert!(files.open_write(path).is_err() && files.atomic_write(path, b"").is_err());
            assert!(matches!(files.delete(path), Err(DeleteError::FileDoesNotExist(_))));
        }
        assert_eq!(fs::read_to_string(&victim).unwrap(), "a thesis");
    }
}
