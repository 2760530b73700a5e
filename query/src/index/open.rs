//! Opening an index, or several as one, and seeing what was written since.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::{fs, io};

use svod_store::damage::Damage;
use svod_store::layout::{self, CommitNote, META};
use svod_store::regular;
use svod_store::schema::{Memory, directory_of};
use tantivy::Directory;
use tantivy::directory::error::OpenReadError;

use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::state::State;

/// An opened index, or several as one. Cheap to clone; can be searched from many threads.
///
/// Searching takes no lock for longer than it takes to copy a pointer, and
/// starts no threads: an app with many readers clones the index or shares it.
///
/// The files are mapped into memory. svod never writes into a file that it has
/// written, so an indexer may work while others search. But a file that another
/// program cuts off in place under an open index, as `cp` over an index in use
/// does, ends the process with SIGBUS: no library can catch that. Put a copy
/// beside it and rename it, or make the copy with `svod-indexer`.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    homes: Vec<Home>,
    roots: Vec<Option<Arc<Path>>>,
    /// What is searched. Whoever searches takes it once, so that one search sees one commit.
    state: RwLock<Arc<State>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("homes", &self.inner.homes)
            .field("roots", &self.inner.roots)
            .finish_non_exhaustive()
    }
}

/// Where an index lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// The folder of the index.
    Folder(PathBuf),
    Memory(Memory),
}

impl Home {
    /// Returns what errors name.
    pub(crate) fn name(&self) -> &Path {
        match self {
            Home::Folder(path) => path,
            Home::Memory(_) => Path::new("memory"),
        }
    }
}

impl Index {
    /// Opens the index at a path: the indexed folder, or the folder of the index itself.
    ///
    /// Costs a few milliseconds, and two or three more for each gigabyte of text:
    /// what every search reads is compared with its checksums. Nothing is
    /// written, and an indexer may be at work: what its last commit left is opened.
    ///
    /// # Errors
    /// If there is no index, or it cannot be used.
    pub fn open(path: impl AsRef<Path>) -> Result<Index, QueryError> {
        Index::at(vec![Home::Folder(find_home(path.as_ref())?)])
    }

    /// Opens an index that lies in memory, where a writer of this process put it.
    ///
    /// # Errors
    /// If nothing was committed to it yet.
    pub fn in_memory(memory: &Memory) -> Result<Index, QueryError> {
        Index::at(vec![Home::Memory(memory.clone())])
    }

    /// Opens several indexes as one: hits of all are ranked together, by the statistics of all.
    ///
    /// Each is opened once more, as it is now; one that comes twice counts once.
    /// What searches, counts or lists does so over all of them, and [`Index::reload`]
    /// looks at each. Hits tell by `index` which one they are from, and by `root` which folder.
    ///
    /// ```no_run
    /// # use svod_query::{Index, QueryError};
    /// let index = Index::union(&[Index::open("laws")?, Index::open("papers")?])?;
    /// # Ok::<(), QueryError>(())
    /// ```
    ///
    /// # Errors
    /// If there is none, or one cannot be used any more.
    pub fn union(indexes: &[Index]) -> Result<Index, QueryError> {
        let mut homes: Vec<Home> = Vec::new();
        for home in indexes.iter().flat_map(Index::homes) {
            if !homes.contains(home) {
                homes.push(home.clone());
            }
        }
        if homes.is_empty() { Err(QueryError::NoIndexes) } else { Index::at(homes) }
    }

    fn at(homes: Vec<Home>) -> Result<Index, QueryError> {
        let state = guarded(&homes, || open_commits(&homes))?;
        let roots = state.members.iter().map(|member| member.root.clone()).collect();
        Ok(Index { inner: Arc::new(Inner { homes, roots, state: RwLock::new(Arc::new(state)) }) })
    }

    /// Sees what was written since the index was opened or last reloaded; returns whether anything was.
    ///
    /// Searches that run meanwhile end on what they began with; clones of the
    /// index see the new state too. Costs two small files where nothing has
    /// changed.
    ///
    /// ```no_run
    /// # use svod_query::{Index, QueryError, Request};
    /// # fn serve(mut queries: impl Iterator<Item = String>) -> Result<(), QueryError> {
    /// let index = Index::open("articles")?;
    /// for query in queries {
    ///     if index.reload()? {
    ///         eprintln!("the folder was indexed again");
    ///     }
    ///     println!("{} passages", index.search(&Request::new(query))?.total.count());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there is no index any more, or it cannot be used. What was opened
    /// before can still be searched.
    pub fn reload(&self) -> Result<bool, QueryError> {
        let state = self.state();
        let known = self.inner.homes.iter().zip(&state.members);
        let mut is_new = false;
        for (home, member) in known {
            is_new |= Commit::read(home)? != member.commit;
        }
        if !is_new {
            return Ok(false);
        }
        let state = guarded(&self.inner.homes, || open_commits(&self.inner.homes))?;
        for (member, root) in state.members.iter().zip(&self.inner.roots) {
            if member.root != *root {
                return Err(QueryError::NoIndex(root.as_deref().unwrap_or(member.home.name()).to_owned()));
            }
        }
        *self.inner.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(true)
    }

    /// Finds the folder with an index that is nearest to `start`: itself, or the first above it.
    pub fn find(start: impl AsRef<Path>) -> Option<PathBuf> {
        // One that may not be read is found too: whoever opens it hears why it cannot be.
        let has_index = |folder: &&Path| {
            let inside = folder.join(layout::FOLDER);
            is_home(&inside).unwrap_or_else(|_| inside.symlink_metadata().is_ok())
        };
        start.as_ref().ancestors().find(has_index).map(Path::to_owned)
    }

    /// Returns for each of the indexes the folder that was indexed; `None` for texts that an app wrote.
    pub fn roots(&self) -> impl ExactSizeIterator<Item = Option<&Path>> {
        self.inner.roots.iter().map(Option::as_deref)
    }

    /// Returns for each of the indexes the folder that holds it; `None` for one in memory.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = Option<&Path>> {
        self.inner.homes.iter().map(|home| match home {
            Home::Folder(path) => Some(path.as_path()),
            Home::Memory(_) => None,
        })
    }

    pub(crate) fn homes(&self) -> &[Home] {
        &self.inner.homes
    }

    pub(crate) fn state(&self) -> Arc<State> {
        Arc::clone(&self.inner.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an index held at a moment: the files of its last commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    /// The current generation; 0 in memory.
    pub(crate) number: u64,
    /// Tantivy's list of segments.
    pub(crate) meta: Arc<[u8]>,
}

impl Commit {
    pub(crate) fn read(home: &Home) -> Result<Commit, QueryError> {
        match home {
            Home::Folder(path) => Commit::of_folder(path),
            Home::Memory(memory) => match directory_of(memory).atomic_read(Path::new(META)) {
                // What a writer has only begun has no note yet.
                Ok(meta) if CommitNote::of_commit(&meta).is_some() => Ok(Commit { number: 0, meta: meta.into() }),
                Ok(_) | Err(OpenReadError::FileDoesNotExist(_)) => Err(QueryError::NoIndex(home.name().to_owned())),
                Err(error) => {
                    Err(QueryError::Damaged { path: home.name().to_owned(), damage: Damage::unreadable(error) })
                }
            },
        }
    }

    fn of_folder(home: &Path) -> Result<Commit, QueryError> {
        let mut number = current(home)?;
        loop {
            let path = generation(home, number)?.join(META);
            let missing = match regular::read(&path) {
                Ok(meta) => return Ok(Commit { number, meta: meta.into() }),
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(QueryError::Read { path, source });
                }
                Err(_) => Damage::file(format!("{number}/{META}"), "is missing"),
            };
            // The generation may have been replaced by a newer one meanwhile.
            match current(home)? {
                newer if newer != number => number = newer,
                _ => return Err(QueryError::Damaged { path: home.to_owned(), damage: missing }),
            }
        }
    }
}

/// Opens the last commits of indexes as one.
fn open_commits(homes: &[Home]) -> Result<State, QueryError> {
    let read = || homes.iter().map(Commit::read).collect::<Result<Vec<_>, _>>();
    let mut commits = read()?;
    loop {
        let opened = State::open(homes, &commits);
        if opened.is_ok() {
            return opened;
        }
        // A writer removes files that the next commit does without, perhaps before they were opened here.
        match read()? {
            newer if newer != commits => commits = newer,
            _ => return opened,
        }
    }
}

/// Returns the number of the current generation.
fn current(home: &Path) -> Result<u64, QueryError> {
    let path = home.join(layout::POINTER);
    let pointer = regular::read(&path).map_err(|source| QueryError::Read { path, source })?;
    let number = std::str::from_utf8(&pointer).ok().and_then(layout::parse_pointer);
    number.ok_or_else(|| match has_generations(home) {
        true => {
            QueryError::Damaged { path: home.to_owned(), damage: Damage::file(layout::POINTER, "names no generation") }
        }
        false => QueryError::NotAnIndex(home.to_owned()),
    })
}

/// Returns the folder of a generation, which must not be reached through a link.
fn generation(home: &Path, number: u64) -> Result<PathBuf, QueryError> {
    let path = home.join(number.to_string());
    match path.symlink_metadata() {
        Ok(found) if !found.is_dir() => Err(QueryError::Read { path, source: not_a_folder() }),
        _ => Ok(path),
    }
}

fn not_a_folder() -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, "it is a symbolic link or a file, not a folder")
}

fn has_generations(home: &Path) -> bool {
    let mut entries = fs::read_dir(home).into_iter().flatten().flatten();
    entries.any(|entry| entry.path().join(layout::MANIFEST).is_file())
}

pub(crate) fn find_home(path: &Path) -> Result<PathBuf, QueryError> {
    let path = path.canonicalize().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => QueryError::FolderMissing(path.to_owned()),
        _ => QueryError::Read { path: path.to_owned(), source },
    })?;
    let inside = path.join(layout::FOLDER);
    if inside.is_symlink() {
        Err(QueryError::Read { path: inside, source: not_a_folder() })
    } else if is_home(&inside)? {
        Ok(inside)
    } else if is_home(&path)? {
        Ok(path)
    } else if path.file_name().is_some_and(|name| name == layout::FOLDER) || inside.exists() || path.is_file() {
        Err(QueryError::NotAnIndex(path))
    } else {
        Err(QueryError::NoIndex(path))
    }
}

/// Returns whether a folder has a pointer, whatever it is.
///
/// # Errors
/// If that cannot be told: the folder may not be read.
fn is_home(path: &Path) -> Result<bool, QueryError> {
    match path.join(layout::POINTER).symlink_metadata() {
        Ok(pointer) => Ok(!pointer.is_dir()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(source) => Err(QueryError::Read { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Request;
    use crate::test_index::TestIndex;

    const ARTICLES: u32 = 5;

    /// Commits a round: all articles are replaced, and each says which round it is of.
    fn write_round(made: &mut TestIndex, round: u32) {
        for key in 0..ARTICLES {
            made.remove(key);
            made.add(key, &format!("{key}.md"), &format!("# 停火\n\n停火 мир ceasefire, round{round}"));
        }
        made.commit();
    }

    /// Returns the round that all articles are of.
    fn round(index: &Index) -> String {
        let hits = index.search(&Request::new("停火 мир kind:body")).unwrap().hits;
        assert_eq!(hits.len(), ARTICLES as usize);
        let rounds: BTreeSet<_> = hits.iter().filter_map(|hit| hit.text.split_once("round")).map(|cut| cut.1).collect();
        assert_eq!(rounds.len(), 1, "of one commit: {rounds:?}");
        rounds.first().unwrap().to_string()
    }

    #[test]
    fn a_reload_sees_the_last_commit() {
        let mut made = TestIndex::new();
        write_round(&mut made, 1);
        let index = Index::open(made.path()).unwrap();
        let clone = index.clone();
        assert!(!index.reload().unwrap());
        write_round(&mut made, 2);
        assert_eq!(round(&index), "1");
        assert!(index.reload().unwrap());
        assert_eq!(round(&clone), "2");
        assert!(!clone.reload().unwrap());
        made.merge();
        assert!(index.reload().unwrap());
        assert_eq!(round(&index), "2");
        fs::remove_dir_all(made.path().join("1")).unwrap();
        assert!(matches!(index.reload(), Err(QueryError::Damaged { .. })));
        assert_eq!(round(&index), "2", "what was opened can still be searched");
    }

    #[test]
    fn searches_see_whole_commits_while_a_writer_commits() {
        let mut made = TestIndex::new();
        write_round(&mut made, 0);
        let path = made.path().to_owned();
        let kept = Index::open(&path).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for number in 1..60 {
                    write_round(&mut made, number);
                    if number % 4 == 0 {
                        made.merge();
                    }
                }
            });
            while !writer.is_finished() {
                round(&Index::open(&path).unwrap());
                kept.reload().unwrap();
                round(&kept);
            }
        });
        kept.reload().unwrap();
        assert_eq!(round(&kept), "59");
    }
}
