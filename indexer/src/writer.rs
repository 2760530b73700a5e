//! An index of texts that an app hands over: strings with metadata, no files.
//!
//! `text` understands a text, `register` knows all articles and can go back,
//! `round` brings texts into segments, `committing` makes them a commit, `place`
//! is the folder or memory that holds it all, `opening` begins, `upgrading` takes
//! over what earlier versions wrote. What it is for
//! and what it costs stands at [`Writer`].

mod committing;
mod opening;
mod options;
mod place;
mod register;
mod round;
mod text;
mod upgrading;

use std::fmt;

pub use options::{Added, Committed, WriterOptions};
use svod_store::schema::ContentHash;
pub use text::Text;

use self::place::Place;
use self::register::Register;
use self::round::{Gathered, Limits, Then};
use crate::error::IndexError;
use crate::home::generation::OpenGeneration;
use crate::progress::Shared;
use crate::reading::memory::{LEAST_MEMORY, of_text};

/// The number of first bytes of a path that tantivy keeps.
const MOST_PATH_BYTES: usize = u16::MAX as usize;

/// Writes an index of texts that an app hands over: strings with metadata, no files.
///
/// It is to such an index what [`index_folder`](crate::index_folder) is to that
/// of a folder. Each [`Text`] becomes an article, named by its path: a key or an
/// address of the app's. What is added and removed is seen by nobody before
/// [`Writer::commit`], and then all of it at once. Whatever stops a writer, the
/// index is its last commit.
///
/// ```
/// use svod_indexer::{Added, Memory, Text, Writer};
///
/// let memory = Memory::new(); // or in a folder: Writer::open("notes.index")
/// let mut writer = Writer::in_memory(&memory)?;
/// writer.add(Text::new("zh/1", "双方同意继续停火谈判。"))?;
/// writer.add(Text::new("ru/1", "Переговоры продолжаются.").title("Переговоры").author("П. Иванов"))?;
/// writer.add(Text::new("en/1", "# Talks\n\nThey go on.").markdown())?;
/// assert_eq!(writer.commit()?.articles, 3);
///
/// assert_eq!(writer.add(Text::new("zh/1", "双方同意继续停火谈判。"))?, Added::Unchanged);
/// assert_eq!(writer.add(Text::new("zh/1", "停火谈判破裂。"))?, Added::Replaced);
/// writer.remove("en/1")?;
/// assert_eq!(writer.commit()?.articles, 2);
/// # Ok::<(), svod_indexer::IndexError>(())
/// ```
///
/// Everything that a search can do with the index of a folder, it can do with
/// this one. Ids of passages stay the same when a text is replaced by one with
/// equal passages. There is one writer for an index at a time; any number of
/// programs can search it meanwhile. A writer can be sent to another thread;
/// dropping it drops what was not committed.
///
/// # Keeping up with an app
///
/// A text that is the same as before costs only a hash of it, so an app that
/// does not know what has changed hands over all it has, and removes what is
/// gone:
///
/// ```
/// use std::collections::HashMap;
/// use svod_indexer::{IndexError, Text, Writer};
///
/// fn update(writer: &mut Writer, notes: &HashMap<String, String>) -> Result<(), IndexError> {
///     let gone: Vec<String> = writer.paths().filter(|&path| !notes.contains_key(path)).map(str::to_owned).collect();
///     for path in gone {
///         writer.remove(&path)?;
///     }
///     for (path, note) in notes {
///         writer.add(Text::new(path, note))?;
///     }
///     writer.commit()?;
///     Ok(())
/// }
/// # let folder = tempfile::tempdir().expect("a folder can be made");
/// # let mut writer = Writer::open(folder.path().join("index"))?;
/// # for path in ["a", "b"] {
/// #     update(&mut writer, &HashMap::from([(path.to_owned(), "停火".to_owned())]))?;
/// #     assert!(writer.len() == 1 && writer.contains(path));
/// # }
/// # Ok::<(), IndexError>(())
/// ```
///
/// # Costs
///
/// - **Adding** a text costs a hash of it and a place in a list. When some
///   megabytes wait, all cores index them, and that call takes longer: some
///   tenths of a second. Between calls no thread runs.
/// - **A commit** costs some tens of milliseconds, most of them waiting for the disk,
///   and now and then the merging of small segments. Commit after a batch, not
///   after each of a thousand texts.
/// - **Memory**: about [`WriterOptions::memory_bytes`] while texts are gathered,
///   however many they are, and some 200 bytes for each article of the index.
///   Where the system tells what the whole process takes, that counts: beside a
///   large app, segments are written out when they are half full.
pub struct Writer {
    place: Place,
    /// What is written to; none before the first text of a new index is indexed.
    target: Option<OpenGeneration>,
    /// What the last commit holds; nothing if this index has none yet.
    last: Option<Counts>,
    register: Register,
    gathered: Gathered,
    limits: Limits,
    round_bytes: u64,
    memory_bytes: u64,
}

/// What a commit holds.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    articles: u64,
    passages: u64,
}

impl Writer {
    /// Adds a text, in place of the article of the same path.
    ///
    /// A text that is the same as that article in all it was given with, its
    /// metadata and syntax too, is left as it is, unless another version of
    /// svod indexed it. Most calls only gather.
    ///
    /// # Errors
    /// If the text has no path, a path of more than 65,535 bytes, or needs more
    /// memory than the writer may use, about five times its size, and more if its
    /// paragraphs are short: then nothing has changed. If the texts that were gathered cannot be indexed, because
    /// the disk is full, for example: then all that was added and removed since
    /// the last commit is dropped, and the writer can go on from there.
    pub fn add(&mut self, text: Text) -> Result<Added, IndexError> {
        let rules = text.rules();
        let (hash, rules) = (text.hash(), ContentHash::of(rules.as_bytes()).0);
        let replaced = self.register.get(&text.path).copied();
        if replaced.is_some_and(|known| known.hash == hash && known.rules == rules) {
            return Ok(Added::Unchanged);
        }
        let needed = of_text(&text.text);
        self.check(&text, needed)?;
        let added = self.take_in(text, hash, rules, needed);
        if added.is_err() {
            self.rollback();
        }
        added.map(|()| if replaced.is_some() { Added::Replaced } else { Added::New })
    }

    /// Removes the article of a path, and says whether there was one.
    ///
    /// # Errors
    /// None today; it may have to write one day.
    pub fn remove(&mut self, path: &str) -> Result<bool, IndexError> {
        let removed = self.register.remove(path);
        self.gathered.dead.extend(removed.map(|known| known.key));
        Ok(removed.is_some())
    }

    /// Removes all articles.
    pub fn clear(&mut self) {
        let paths: Vec<String> = self.paths().map(str::to_owned).collect();
        for path in paths {
            self.gathered.dead.extend(self.register.remove(&path).map(|known| known.key));
        }
    }

    /// Returns whether there is an article of a path, committed or not.
    pub fn contains(&self, path: &str) -> bool {
        self.register.get(path).is_some()
    }

    /// Returns the paths of all articles, committed or not, in the order of their bytes.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.register.paths()
    }

    /// Returns the number of articles, committed or not.
    pub fn len(&self) -> usize {
        self.register.len()
    }

    /// Returns whether there is no article, committed or not.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Refuses a text that the index cannot hold, or that needs too many bytes of memory.
    fn check(&self, text: &Text, bytes: u64) -> Result<(), IndexError> {
        let limit = self.memory_bytes.max(LEAST_MEMORY);
        if text.path.is_empty() {
            Err(IndexError::NoPath)
        } else if text.path.len() > MOST_PATH_BYTES {
            Err(IndexError::LongPath { bytes: text.path.len(), limit: MOST_PATH_BYTES })
        } else if bytes > limit {
            Err(IndexError::LargeText { path: text.path.clone(), bytes, limit })
        } else {
            Ok(())
        }
    }

    /// Lets a text wait, and indexes what waits if it is enough.
    fn take_in(&mut self, text: Text, hash: ContentHash, rules: u64, needed: u64) -> Result<(), IndexError> {
        // One that takes as much memory as a segment is indexed alone.
        let is_large = needed > self.limits.allowance.segment_bytes as u64;
        if is_large {
            self.index(Then::Close, &Shared::new(&mut ()))?;
        }
        self.gathered.dead.extend(self.register.get(&text.path).map(|known| known.key));
        let known = self.register.put(&text.path, hash, rules);
        self.gathered.push(text, known);
        if is_large {
            self.index(Then::Close, &Shared::new(&mut ()))
        } else if self.gathered.waiting_bytes >= self.round_bytes {
            self.index(Then::KeepOpen, &Shared::new(&mut ()))
        } else {
            Ok(())
        }
    }

    /// Indexes what waits.
    fn index(&mut self, then: Then, progress: &Shared<'_>) -> Result<(), IndexError> {
        self.gathered.drop_dead();
        if self.gathered.is_closed() {
            return Ok(());
        }
        let target = begun(&mut self.target, &self.place)?;
        self.gathered.index(target, self.limits, then, progress)
    }
}

/// Returns the index that is written to, beginning it if there is none.
fn begun<'t>(target: &'t mut Option<OpenGeneration>, place: &Place) -> Result<&'t OpenGeneration, IndexError> {
    match target {
        Some(target) => Ok(target),
        none => Ok(none.insert(place.begin()?)),
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (waiting, _) = self.gathered.waiting();
        f.debug_struct("Writer")
            .field("path", &self.place.path())
            .field("len", &self.len())
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}
