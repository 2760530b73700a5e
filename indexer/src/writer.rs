mod options;
mod place;
mod register;
mod round;
mod text;
use std::path::Path;
use std::time::Instant;

use svod_corpus::layout::FolderRules;
use svod_corpus::schema::{ContentHash, Memory};

pub use options::{Added, Committed, WriterOptions};
use place::Place;
use register::Register;
use round::{Gathered, Limits, Then};
pub use text::Text;

use crate::commit::{Committer, Step};
use crate::error::IndexError;
use crate::home::State;
use crate::memory::Allowance;
use crate::merge::{self, Aim};
use crate::options::Progress;
use crate::report::Ending;
use crate::rules::{LEAST_MEMORY, TIMES_TEXT};
use crate::shares;
use crate::target::Target;

/// The engine keeps the first bytes of a path, so many of them.
const MOST_PATH_BYTES: usize = u16::MAX as usize;
/// Texts wait until they are so much, at least and at most.
const LEAST_ROUND_BYTES: usize = 256 << 10;
const LARGEST_ROUND_BYTES: usize = 8 << 20;
/// The part of the memory that waiting texts take.
const ROUND_SHARE: usize = 32;

/// Writes the index of an app's texts.
pub struct Writer {
    place: Place,
    /// What is written to; none before the first text of a new index is indexed.
    target: Option<Target>,
    /// What the last commit holds; none if this index has none yet.
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

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (waiting, _) = self.gathered.waiting();
        f.debug_struct("Writer")
            .field("path", &self.place.path())
            .field("len", &self.len())
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens the index in a folder for writing, making it if there is none.
    pub fn open(path: impl AsRef<Path>) -> Result<Writer, IndexError> {
        Writer::open_with(path, &WriterOptions::default())
    }

    /// Opens the index in a folder for writing, making it if there is none, with these options.
    pub fn open_with(path: impl AsRef<Path>, options: &WriterOptions) -> Result<Writer, IndexError> {
        Writer::new(Place::folder(path.as_ref())?, options).go_on()
    }

    pub fn create(path: impl AsRef<Path>) -> Result<Writer, IndexError> {
        Writer::create_with(path, &WriterOptions::default())
    }

    pub fn create_with(path: impl AsRef<Path>, options: &WriterOptions) -> Result<Writer, IndexError> {
        Ok(Writer::new(Place::folder(path.as_ref())?, options))
    }

    pub fn in_memory(memory: &Memory) -> Result<Writer, IndexError> {
        Writer::in_memory_with(memory, &WriterOptions::default())
    }

    pub fn in_memory_with(memory: &Memory, options: &WriterOptions) -> Result<Writer, IndexError> {
        let mut writer = Writer::new(Place::memory(memory)?, options);
        // The index itself is in this process, and no writing makes it smaller.
        writer.limits.allowance = writer.limits.allowance.of_segments_alone();
        writer.go_on()
    }

    fn new(place: Place, options: &WriterOptions) -> Writer {
        let threads = shares::threads(options.threads);
        let round_bytes = (options.memory_bytes / ROUND_SHARE).clamp(LEAST_ROUND_BYTES, LARGEST_ROUND_BYTES);
        let allowance = Allowance::of(options.memory_bytes.saturating_sub(round_bytes), threads);
        Writer {
            place,
            target: None,
            last: None,
            register: Register::default(),
            gathered: Gathered::default(),
            limits: Limits { threads, allowance },
            round_bytes: round_bytes as u64,
            memory_bytes: options.memory_bytes as u64,
        }
    }

    /// Goes on with the last commit, if there is one.
    fn go_on(mut self) -> Result<Writer, IndexError> {
        if let Some((target, catalog)) = self.place.last_commit()? {
            let register = Register::of(&catalog);
            self.register = register.map_err(|unusable| unusable.into_error(self.place.path()))?;
            self.last = Some(Counts { articles: self.register.len() as u64, passages: catalog.passages() });
            self.target = Some(target);
        }
        Ok(self)
    }

    pub fn add(&mut self, text: Text) -> Result<Added, IndexError> {
        let rules = text.rules();
        self.check(&text, rules.len())?;
        let (hash, rules) = (text.hash(), ContentHash::of(rules.as_bytes()).0);
        let replaced = self.register.get(&text.path).copied();
        if replaced.is_some_and(|known| known.hash == hash && known.rules == rules) {
            return Ok(Added::Unchanged);
        }
        let added = self.take_in(text, hash, rules);
        if added.is_err() {
            self.rollback();
        }
        added.map(|()| if replaced.is_some() { Added::Replaced } else { Added::New })
    }

    /// Refuses a text that the index cannot hold.
    fn check(&self, text: &Text, rules_bytes: usize) -> Result<(), IndexError> {
        let needed = (text.text.len() + rules_bytes) as u64 * TIMES_TEXT;
        if text.path.is_empty() {
            Err(IndexError::NoPath)
        } else if text.path.len() > MOST_PATH_BYTES {
            Err(IndexError::LongPath { bytes: text.path.len(), limit: MOST_PATH_BYTES })
        } else if needed > self.memory_bytes.max(LEAST_MEMORY) {
            Err(IndexError::LargeText { path: text.path.clone(), bytes: needed, limit: self.memory_bytes })
        } else {
            Ok(())
        }
    }

    fn take_in(&mut self, text: Text, hash: ContentHash, rules: u64) -> Result<(), IndexError> {
        // One that takes as much memory as a segment is indexed alone.
        let is_large = text.text.len() as u64 * TIMES_TEXT > self.limits.allowance.segment_bytes as u64;
        if is_large {
            self.index(Then::Close, &())?;
        }
        self.gathered.dead.extend(self.register.get(&text.path).map(|known| known.key));
        let known = self.register.put(&text.path, hash, rules);
        self.gathered.push(text, known);
        if is_large {
            self.index(Then::Close, &())
        } else if self.gathered.waiting().1 >= self.round_bytes {
            self.index(Then::KeepOpen, &())
        } else {
            Ok(())
        }
    }

    /// Indexes what waits.
    fn index(&mut self, then: Then, progress: &dyn Progress) -> Result<(), IndexError> {
        self.gathered.drop_dead();
        if self.gathered.is_closed() {
            return Ok(());
        }
        let target = begun(&mut self.target, &self.place)?;
        self.gathered.index(target, self.limits, then, progress)
    }

    pub fn remove(&mut self, path: &str) -> Result<bool, IndexError> {
        let removed = self.register.remove(path);
        self.gathered.dead.extend(removed.map(|known| known.key));
        Ok(removed.is_some())
    }

    pub fn clear(&mut self) {
        let paths: Vec<String> = self.paths().map(str::to_owned).collect();
        for path in paths {
            self.gathered.dead.extend(self.register.remove(&path).map(|known| known.key));
        }
    }

    pub fn contains(&self, path: &str) -> bool {
        self.register.get(path).is_some()
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.register.paths()
    }

    pub fn len(&self) -> usize {
        self.register.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn commit(&mut self) -> Result<Committed, IndexError> {
        self.commit_with(&())
    }

    pub fn commit_with(&mut self, progress: &dyn Progress) -> Result<Committed, IndexError> {
        let started = Instant::now();
        let before = self.place.state();
        let done = self.try_commit(progress);
        if done.is_err() {
            self.recover(&before);
        }
        let (ending, unmerged) = done?;
        let Counts { articles, passages } = self.last.unwrap_or_default();
        Ok(Committed { ending, articles, passages, unmerged, elapsed: started.elapsed() })
    }

    fn try_commit(&mut self, progress: &dyn Progress) -> Result<(Ending, Option<IndexError>), IndexError> {
        self.gathered.drop_dead();
        let (texts, bytes) = self.gathered.waiting();
        progress.found(texts, bytes);
        self.index(Then::Close, progress)?;
        if !self.gathered.is_closed() || progress.is_interrupted() {
            return Ok((Ending::Interrupted(self.gathered.waiting().0), None));
        }
        if self.gathered.is_empty() && self.last.is_some() {
            return Ok((Ending::Unchanged, None));
        }
        progress.committing();
        let target = begun(&mut self.target, &self.place)?;
        // No folder is read by any rules.
        let rules = FolderRules::default();
        let mut committer = Committer::open(&target.index, target.fields, &rules)?;
        for segment in self.gathered.written.drain(..) {
            committer.add(segment)?;
        }
        // After the segments: some of them hold articles that were replaced again.
        for &article in &self.gathered.dead {
            committer.remove(article);
        }
        committer.commit(Step::Last)?;
        self.place.publish(target)?;
        self.register.keep();
        self.gathered = Gathered::default();
        let articles = self.register.len() as u64;
        let last = self.last.insert(Counts { articles, passages: 0 });
        last.passages = self.place.records(target)?.saturating_sub(articles);
        let merged = merge::merge(self.place.path(), &target.index, &mut committer, Aim::FewSegments, progress);
        Ok((Ending::UpToDate, merged.and_then(|()| committer.close()).err()))
    }

    /// Goes on after a commit that failed, with what is there now.
    fn recover(&mut self, before: &State) {
        if self.last.is_some() && self.place.state() != *before {
            // It failed when all was done.
            self.register.keep();
        }
        self.rollback();
    }

    pub fn rollback(&mut self) {
        // First what holds files, then the files.
        self.gathered = Gathered::default();
        self.register.undo();
        if let Some(target) = &self.target {
            self.place.clean_up(target);
        }
        if self.last.is_none() {
            self.target = None;
        }
    }
}

/// Returns the index that is written to, beginning it if there is none.
fn begun<'t>(target: &'t mut Option<Target>, place: &Place) -> Result<&'t Target, IndexError> {
    match target {
        Some(target) => Ok(target),
        none => Ok(none.insert(place.begin()?)),
    }
}

impl Drop for Writer {
    /// Removes what was not committed.
    fn drop(&mut self) {
        self.rollback();
    }
}
