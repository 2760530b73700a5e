//! Where the index of a writer lies: in a folder, or in memory.
//!
//! Both hold the right to write from the first to the last, so that no other
//! writer comes between two commits.

use std::path::{Path, PathBuf};

use svod_store::schema::{self, Memory, directory_of};
use tantivy::directory::{DirectoryLock, RamDirectory};
use tantivy::{Directory, Index};

use super::upgrading::Older;
use crate::error::IndexError;
use crate::home::catalog::Catalog;
use crate::home::committer::Step;
use crate::home::generation::OpenGeneration;
use crate::home::live_files::LiveFiles;
use crate::home::{Home, HomeState, Lock};

/// The engine's list of the segments of the last commit.
const META: &str = "meta.json";
/// Stands in memory while somebody writes there. The engine leaves alone what begins with a dot.
const WRITING: &str = ".svod-writing";
/// In memory there is one generation.
const ONLY: u64 = 0;

/// Where an index lies, and the right to write there.
pub(super) enum Place {
    Folder(Lock),
    Memory { directory: RamDirectory, _lock: DirectoryLock },
}

impl Place {
    /// Takes the right to write to the index in a folder, making the folder if there is none.
    pub(super) fn folder(path: &Path) -> Result<Place, IndexError> {
        Home::of_texts(path)?.lock().map(Place::Folder)
    }

    /// Takes the right to write to an index in memory.
    pub(super) fn memory(memory: &Memory) -> Result<Place, IndexError> {
        let directory = directory_of(memory);
        let lock = tantivy::directory::Lock { filepath: PathBuf::from(WRITING), is_blocking: false };
        let locked = || IndexError::Locked { index: PathBuf::new(), process: Some(std::process::id()) };
        let _lock = directory.acquire_lock(&lock).map_err(|_| locked())?;
        Ok(Place::Memory { directory, _lock })
    }

    /// Returns the folder; an empty path if there is none.
    pub(super) fn path(&self) -> &Path {
        match self {
            Place::Folder(lock) => lock.home().path(),
            Place::Memory { .. } => Path::new(""),
        }
    }

    /// Returns which commit is the last.
    pub(super) fn state(&self) -> HomeState {
        match self {
            Place::Folder(lock) => lock.home().state(),
            Place::Memory { directory, .. } => {
                HomeState { generation: Some(ONLY), commit: directory.atomic_read(Path::new(META)).ok() }
            }
        }
    }

    /// Opens the last commit, after removing what stopped writers left; `None` if there is no commit yet.
    pub(super) fn last_commit(&self) -> Result<Option<(OpenGeneration, Catalog)>, IndexError> {
        let (number, read) = match self {
            Place::Folder(lock) => {
                let Some(number) = lock.home().current_for_good()? else {
                    return lock.tidy().map(|()| None);
                };
                (number, Catalog::read(&lock.home().generation(number)))
            }
            Place::Memory { directory, .. } if has_commit(directory) => (ONLY, Catalog::of_memory(directory.clone())),
            Place::Memory { .. } => return Ok(None),
        };
        let catalog = read.map_err(|unusable| unusable.into_error(self.path()))?;
        // Not before it is read: were the pointer wrong, another generation might be the last that is whole.
        if let Place::Folder(lock) = self {
            lock.tidy()?;
        }
        let target = OpenGeneration::of(number, &catalog);
        self.clean_up(&target);
        Ok(Some((target, catalog)))
    }

    /// Opens the last commit of an index of an earlier version; `None` if there is no commit.
    pub(super) fn older(&self) -> Result<Option<Older>, IndexError> {
        let Place::Folder(lock) = self else { return Ok(None) };
        let Some(number) = lock.home().current_for_good()? else { return Ok(None) };
        let older = Older::open(&lock.home().generation(number));
        older.map(Some).map_err(|unusable| unusable.into_error(self.path()))
    }

    /// Begins an index. Those who search do not see it before its first commit.
    pub(super) fn begin(&self) -> Result<OpenGeneration, IndexError> {
        match self {
            Place::Folder(lock) => OpenGeneration::new(lock, Step::Last),
            Place::Memory { directory, .. } => {
                let made = Index::create(directory.clone(), schema::schema(), schema::settings());
                Ok(OpenGeneration::begun(ONLY, made.map_err(IndexError::engine)?, None))
            }
        }
    }

    /// Lets those who search see what was committed.
    pub(super) fn publish(&self, target: &OpenGeneration) -> Result<(), IndexError> {
        match self {
            Place::Folder(lock) => target.publish(lock, Step::Last),
            Place::Memory { .. } => Ok(()),
        }
    }

    /// Removes what no commit has.
    pub(super) fn clean_up(&self, target: &OpenGeneration) {
        match self {
            Place::Folder(lock) => target.clean_up(lock),
            Place::Memory { .. } => {
                let mut index = target.index.clone();
                let Ok(live_files) = LiveFiles::of(&index) else { return };
                let files = index.directory().list_managed_files().into_iter();
                let kept = files.filter(|file| !live_files.is_left_over(&file.to_string_lossy())).collect();
                let _ = index.directory_mut().garbage_collect(|| kept);
            }
        }
    }

    /// Counts the articles and passages of the last commit.
    pub(super) fn records(&self, target: &OpenGeneration) -> Result<u64, IndexError> {
        let segments = target.index.searchable_segment_metas().map_err(IndexError::engine)?;
        Ok(segments.iter().map(|segment| u64::from(segment.num_docs())).sum())
    }
}

/// An index that was begun and never committed has no note.
fn has_commit(directory: &RamDirectory) -> bool {
    let meta = directory.atomic_read(Path::new(META)).unwrap_or_default();
    svod_store::layout::CommitNote::of_commit(&meta).is_some()
}
