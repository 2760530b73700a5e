//! The index on disk: whole generations and a pointer to the current one.
//!
//! A run writes into a generation of its own; readers see it when the pointer
//! is moved by a rename. Whatever stops a run, the pointer names a whole
//! index. Leftovers of a stopped run are removed by the next.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use svod_corpus::layout::{self, Manifest};

use crate::error::IndexError;

/// The folder that holds the generations of one index, locked.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    manifest: Manifest,
    _lock: File,
}

/// A generation that is being written. Removed when dropped before it is published.
#[derive(Debug)]
pub(crate) struct Generation<'h> {
    home: &'h Home,
    number: u64,
    path: PathBuf,
    is_published: bool,
}

impl Home {
    /// Opens the home of the index of `root`, making it if there is none.
    pub(crate) fn open(root: &Path, index: Option<&Path>) -> Result<Home, IndexError> {
        let inside = root.join(layout::FOLDER);
        let path = index.map_or_else(|| inside.clone(), Path::to_owned);
        create_private(&path).map_err(|source| IndexError::Write { path: path.clone(), source })?;
        let path = path.canonicalize().map_err(|source| IndexError::Read { path, source })?;
        let manifest = Manifest { root: (path != inside).then(|| root.to_owned()) };
        check_owner(&path, &manifest)?;
        let lock = lock(&path)?;
        for (name, contents) in layout::SIGNS {
            write(&path.join(name), contents)?;
        }
        Ok(Home { path, manifest, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a generation, after removing what stopped runs left behind.
    pub(crate) fn begin(&self) -> Result<Generation<'_>, IndexError> {
        let current = current(&self.path);
        let numbers = self.generations()?;
        for &number in numbers.iter().filter(|&&number| Some(number) != current) {
            remove(&self.path.join(number.to_string()))?;
        }
        let number = numbers.into_iter().max().unwrap_or(0) + 1;
        let path = self.path.join(number.to_string());
        create_private(&path).map_err(|source| IndexError::Write { path: path.clone(), source })?;
        let generation = Generation { home: self, number, path, is_published: false };
        write(&generation.path.join(layout::MANIFEST), &self.manifest.to_json())?;
        Ok(generation)
    }

    fn generations(&self) -> Result<Vec<u64>, IndexError> {
        let read = |source| IndexError::Read { path: self.path.clone(), source };
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(read)? {
            let name = entry.map_err(read)?.file_name();
            numbers.extend(name.to_str().and_then(layout::parse_pointer));
        }
        Ok(numbers)
    }
}

impl Generation<'_> {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes this generation the current one, removes the one before, and
    /// returns the size of the index in bytes.
    pub(crate) fn publish(mut self) -> Result<u64, IndexError> {
        let bytes = size(&self.path);
        let pointer = self.home.path.join(layout::POINTER);
        let draft = self.home.path.join(format!("{}.new", layout::POINTER));
        write(&draft, &format!("{}\n", self.number))?;
        fs::rename(&draft, &pointer).map_err(|source| IndexError::Write { path: pointer, source })?;
        sync_folder(&self.home.path);
        self.is_published = true;
        for number in self.home.generations()?.into_iter().filter(|&number| number != self.number) {
            // Programs that search the old generation keep its files open; where that forbids removing them, the next run will.
            let _ = fs::remove_dir_all(self.home.path.join(number.to_string()));
        }
        Ok(bytes)
    }
}

impl Drop for Generation<'_> {
    fn drop(&mut self) {
        if !self.is_published {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Refuses a folder that holds something else, or the index of another folder.
fn check_owner(path: &Path, manifest: &Manifest) -> Result<(), IndexError> {
    let Some(number) = current(path) else {
        return if is_ours_or_empty(path)? { Ok(()) } else { Err(IndexError::ForeignFolder(path.to_owned())) };
    };
    let found = fs::read_to_string(path.join(number.to_string()).join(layout::MANIFEST)).ok();
    // A damaged manifest, or one of another version, is no obstacle to making the index anew.
    match found.and_then(|json| Manifest::parse(&json).ok()) {
        Some(found) if found != *manifest => {
            let inside = || path.parent().unwrap_or(path).to_owned();
            Err(IndexError::OtherRoot { index: path.to_owned(), root: found.root.unwrap_or_else(inside) })
        }
        _ => Ok(()),
    }
}

fn is_ours_or_empty(path: &Path) -> Result<bool, IndexError> {
    let mut entries = fs::read_dir(path).map_err(|source| IndexError::Read { path: path.to_owned(), source })?;
    Ok(entries.next().is_none() || path.join(layout::LOCK).is_file())
}

fn current(path: &Path) -> Option<u64> {
    layout::parse_pointer(&fs::read_to_string(path.join(layout::POINTER)).ok()?)
}

fn lock(home: &Path) -> Result<File, IndexError> {
    let path = home.join(layout::LOCK);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = opened.map_err(|source| IndexError::Write { path: path.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(IndexError::Locked(home.to_owned())),
        Err(TryLockError::Error(source)) => Err(IndexError::Write { path, source }),
    }
}

/// Makes a folder that only its owner can read: an index holds the full text.
fn create_private(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn write(path: &Path, contents: &str) -> Result<(), IndexError> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(contents.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|source| IndexError::Write { path: path.to_owned(), source })
}

fn remove(path: &Path) -> Result<(), IndexError> {
    fs::remove_dir_all(path).map_err(|source| IndexError::Write { path: path.to_owned(), source })
}

/// Makes a rename last through a power cut, where the system can.
fn sync_folder(path: &Path) {
    let _ = File::open(path).and_then(|folder| folder.sync_all());
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
