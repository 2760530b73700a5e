//! Opening an index, and seeing what was written to it since.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use svod_corpus::layout;

use crate::damage::guarded;
use crate::directory::META;
use crate::error::QueryError;
use crate::state::State;

/// An opened index. Cheap to clone; can be searched from many threads.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    /// The folder of the index.
    home: PathBuf,
    /// The indexed folder.
    root: PathBuf,
    /// What is searched. Whoever searches takes it once, so that one search sees one commit.
    state: RwLock<Arc<State>>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("home", &self.inner.home).field("root", &self.inner.root).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index at a path: the indexed folder, or the folder of the index itself.
    ///
    /// Costs a few milliseconds, whatever the size. Nothing is written, and an
    /// indexer may be at work: what its last commit left is opened.
    ///
    /// # Errors
    /// If there is no index, or it cannot be used.
    pub fn open(path: &Path) -> Result<Index, QueryError> {
        let home = find_home(path)?;
        let state = guarded(&home, || open_commit(&home))?;
        let root = state.root.clone();
        Ok(Index { inner: Arc::new(Inner { home, root, state: RwLock::new(Arc::new(state)) }) })
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
    /// let index = Index::open("articles".as_ref())?;
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
        if Commit::read(&self.inner.home)? == self.state().commit {
            return Ok(false);
        }
        let state = guarded(&self.inner.home, || open_commit(&self.inner.home))?;
        if state.root != self.inner.root {
            return Err(QueryError::NoIndex(self.inner.root.clone()));
        }
        *self.inner.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(true)
    }

    /// Finds the folder with an index that is nearest to `start`: itself, or the first above it.
    pub fn find(start: &Path) -> Option<PathBuf> {
        start.ancestors().find(|folder| is_home(&folder.join(layout::FOLDER))).map(Path::to_owned)
    }

    /// Returns the indexed folder.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// Returns the folder of the index.
    pub fn path(&self) -> &Path {
        &self.inner.home
    }

    pub(crate) fn state(&self) -> Arc<State> {
        Arc::clone(&self.inner.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What an index held at a moment: the files of its last commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    /// The current generation.
    pub(crate) number: u64,
    /// The engine's list of segments.
    pub(crate) meta: Arc<[u8]>,
}

impl Commit {
    pub(crate) fn read(home: &Path) -> Result<Commit, QueryError> {
        let mut number = current(home)?;
        loop {
            let path = home.join(number.to_string()).join(META);
            let missing = match fs::read(&path) {
                Ok(meta) => return Ok(Commit { number, meta: meta.into() }),
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(QueryError::Read { path, source });
                }
                Err(_) => format!("`{number}/{META}` is missing"),
            };
            // The generation may have been replaced by a newer one meanwhile.
            match current(home)? {
                newer if newer != number => number = newer,
                _ => return Err(QueryError::Damaged { path: home.to_owned(), what: missing }),
            }
        }
    }
}

/// Opens the last commit of an index.
fn open_commit(home: &Path) -> Result<State, QueryError> {
    let mut commit = Commit::read(home)?;
    loop {
        let opened = State::open(home, &commit);
        if opened.is_ok() {
            return opened;
        }
        // A writer removes files that the next commit does without, perhaps before they were opened here.
        match Commit::read(home)? {
            newer if newer != commit => commit = newer,
            _ => return opened,
        }
    }
}

/// Returns the number of the current generation.
fn current(home: &Path) -> Result<u64, QueryError> {
    let path = home.join(layout::POINTER);
    let pointer = fs::read(&path).map_err(|source| QueryError::Read { path, source })?;
    let number = std::str::from_utf8(&pointer).ok().and_then(layout::parse_pointer);
    number.ok_or_else(|| match has_generations(home) {
        true => {
            QueryError::Damaged { path: home.to_owned(), what: format!("`{}` names no generation", layout::POINTER) }
        }
        false => QueryError::NotAnIndex(home.to_owned()),
    })
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
    if is_home(&path) {
        Ok(path)
    } else if is_home(&inside) {
        Ok(inside)
    } else if path.file_name().is_some_and(|name| name == layout::FOLDER) || inside.exists() || path.is_file() {
        Err(QueryError::NotAnIndex(path))
    } else {
        Err(QueryError::NoIndex(path))
    }
}

fn is_home(path: &Path) -> bool {
    path.join(layout::POINTER).is_file()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Request;
    use crate::made::Made;

    const ARTICLES: u32 = 5;

    /// Commits a round: all articles are replaced, and each says which round it is of.
    fn write_round(made: &mut Made, round: u32) {
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
        let mut made = Made::new();
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
        let mut made = Made::new();
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
