//! The index on disk: generations, a pointer to the current one, a lock.
//!
//! An update commits to the current generation. A new index, and one made
//! anew, fills a generation of its own; readers see it when the pointer is
//! moved by a rename. Whatever stops a run, the pointer names a whole index.
//!
//! Looking writes nothing. Writing begins with the lock; whoever has it
//! removes what stopped runs left behind.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use svod_corpus::layout::{self, Manifest, ManifestError};

use crate::error::IndexError;
use crate::living::Living;

/// How the engine begins the names of files that are to replace others.
const DRAFT: &str = ".tmp";

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
pub(crate) struct State {
    pub(crate) generation: Option<u64>,
    pub(crate) commit: Option<Vec<u8>>,
}

impl Home {
    /// Finds the home of the index of `root`. Writes nothing.
    pub(crate) fn find(root: &Path, index: Option<&Path>) -> Result<Home, IndexError> {
        let inside = root.join(layout::FOLDER);
        let path = index.map_or_else(|| Ok(inside.clone()), canonical)?;
        let manifest = if path == inside { Manifest::FolderAround } else { Manifest::Folder(root.to_owned()) };
        let home = Home { manifest, path };
        home.check_owner()?;
        Ok(home)
    }

    /// Finds the home of the index of an app's texts. Writes nothing.
    pub(crate) fn of_texts(path: &Path) -> Result<Home, IndexError> {
        let home = Home { manifest: Manifest::Texts, path: canonical(path)? };
        home.check_owner()?;
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of the current generation of an index that cannot be made again.
    ///
    /// # Errors
    /// If there is something, but what it is cannot be read.
    pub(crate) fn current_for_good(&self) -> Result<Option<u64>, IndexError> {
        let damaged =
            |name: &str| IndexError::Damaged { index: self.path.clone(), what: format!("`{name}` is not readable") };
        let pointer = self.path.join(layout::POINTER);
        let number = match fs::read_to_string(&pointer) {
            Ok(contents) => layout::parse_pointer(&contents).ok_or_else(|| damaged(layout::POINTER))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(damaged(layout::POINTER)),
            Err(source) => return Err(IndexError::Read { path: pointer, source }),
        };
        let manifest = fs::read_to_string(self.generation(number).join(layout::MANIFEST));
        match Manifest::parse(&manifest.map_err(|_| damaged(layout::MANIFEST))?) {
            Ok(_) => Ok(Some(number)),
            Err(ManifestError::Foreign) => Err(damaged(layout::MANIFEST)),
            Err(error @ ManifestError::OtherFormat(_)) => {
                Err(IndexError::OtherVersion { index: self.path.clone(), what: error.to_string() })
            }
        }
    }

    /// Returns the number of the current generation; none if there is no index yet.
    pub(crate) fn current(&self) -> Option<u64> {
        layout::parse_pointer(&fs::read_to_string(self.path.join(layout::POINTER)).ok()?)
    }

    /// Returns which commit of which generation is the last.
    pub(crate) fn state(&self) -> State {
        let generation = self.current();
        let commit = generation.and_then(|number| fs::read(self.generation(number).join("meta.json")).ok());
        State { generation, commit }
    }

    /// Returns the folder of a generation.
    pub(crate) fn generation(&self, number: u64) -> PathBuf {
        self.path.join(number.to_string())
    }

    /// Returns what stopped runs left in a generation: the files of segments that no commit has, and drafts.
    pub(crate) fn leftovers(&self, number: u64, living: &Living) -> Vec<PathBuf> {
        let is_leftover = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            living.is_left_over(&name) || name.starts_with(DRAFT)
        };
        let entries = fs::read_dir(self.generation(number)).into_iter().flatten().flatten();
        entries.filter(is_leftover).map(|entry| entry.path()).collect()
    }

    /// Takes the right to write, making the folder if there is none.
    pub(crate) fn lock(&self) -> Result<Lock, IndexError> {
        let written = |path: &Path| {
            let path = path.to_owned();
            |source| IndexError::Write { path, source }
        };
        create_private(&self.path).map_err(written(&self.path))?;
        let path = self.path.join(layout::LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let mut file = opened.map_err(written(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = fs::read_to_string(&path).ok().and_then(|contents| contents.trim_end().parse().ok());
                return Err(IndexError::Locked { index: self.path.clone(), process });
            }
            Err(TryLockError::Error(source)) => return Err(IndexError::Write { path, source }),
        }
        let named =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        named.map_err(written(&path))?;
        // Whoever wrote before may have made it the index of something else.
        let lock = Lock { home: self.clone(), file };
        self.check_owner()?;
        for (name, contents) in self.signs() {
            let sign = self.path.join(name);
            if !sign.exists() {
                write(&sign, contents)?;
            }
        }
        Ok(lock)
    }

    /// Returns the small files that belong beside the index. One that cannot be made again is not kept out of backups.
    fn signs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let is_made_again = self.manifest != Manifest::Texts;
        layout::SIGNS.into_iter().filter(move |&(name, _)| is_made_again || name != layout::CACHE_SIGN)
    }

    /// Refuses a folder that holds something else, or the index of another folder.
    fn check_owner(&self) -> Result<(), IndexError> {
        let Some(number) = self.current() else {
            let is_free = is_ours_or_empty(&self.path)?;
            return if is_free { Ok(()) } else { Err(IndexError::ForeignFolder(self.path.clone())) };
        };
        let found = fs::read_to_string(self.generation(number).join(layout::MANIFEST)).ok();
        // A damaged manifest, or one of another version, is no obstacle to making the index anew.
        match found.and_then(|json| Manifest::parse(&json).ok()) {
            Some(found) if found != self.manifest => {
                let index = self.path.clone();
                Err(match found {
                    Manifest::FolderAround => {
                        let root = index.parent().unwrap_or(&index).to_owned();
                        IndexError::OtherRoot { index, root }
                    }
                    Manifest::Folder(root) => IndexError::OtherRoot { index, root },
                    Manifest::Texts => IndexError::OfTexts(index),
                })
            }
            _ => Ok(()),
        }
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

impl Lock {
    pub(crate) fn home(&self) -> &Home {
        &self.home
    }

    /// Begins a generation and returns its number. Readers do not see it before it is published.
    pub(crate) fn begin(&self) -> Result<u64, IndexError> {
        self.remove_generations_but(self.home.current())?;
        let number = self.home.generations()?.into_iter().max().unwrap_or(0) + 1;
        let path = self.home.generation(number);
        create_private(&path).map_err(|source| IndexError::Write { path: path.clone(), source })?;
        write(&path.join(layout::MANIFEST), &self.home.manifest.to_json())?;
        Ok(number)
    }

    /// Makes a generation the current one and removes those before.
    pub(crate) fn publish(&self, number: u64) -> Result<(), IndexError> {
        let pointer = self.home.path.join(layout::POINTER);
        let draft = self.home.path.join(format!("{}.new", layout::POINTER));
        write(&draft, &format!("{number}\n"))?;
        fs::rename(&draft, &pointer).map_err(|source| IndexError::Write { path: pointer, source })?;
        sync_folder(&self.home.path);
        // Programs that search the old generation keep its files open; where that forbids removing them, the next run will.
        let _ = self.remove_generations_but(Some(number));
        Ok(())
    }

    /// Removes a generation that was not published.
    pub(crate) fn abandon(&self, number: u64) {
        let _ = fs::remove_dir_all(self.home.generation(number));
    }

    /// Removes what stopped runs left in a generation.
    pub(crate) fn sweep(&self, number: u64, living: &Living) {
        for leftover in self.home.leftovers(number, living) {
            let _ = fs::remove_file(leftover);
        }
    }

    /// Removes the generations that stopped runs left.
    pub(crate) fn sweep_generations(&self) -> Result<(), IndexError> {
        self.remove_generations_but(self.home.current())
    }

    fn remove_generations_but(&self, kept: Option<u64>) -> Result<(), IndexError> {
        for number in self.home.generations()?.into_iter().filter(|&number| Some(number) != kept) {
            let path = self.home.generation(number);
            fs::remove_dir_all(&path).map_err(|source| IndexError::Write { path, source })?;
        }
        Ok(())
    }
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

fn is_ours_or_empty(path: &Path) -> Result<bool, IndexError> {
    let mut entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(source) => return Err(IndexError::Write { path: path.to_owned(), source }),
    };
    Ok(entries.next().is_none() || path.join(layout::LOCK).is_file())
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

/// Makes a rename last through a power cut, where the system can.
fn sync_folder(path: &Path) {
    let _ = File::open(path).and_then(|folder| folder.sync_all());
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
