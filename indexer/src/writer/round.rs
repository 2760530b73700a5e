//! What was added since the last commit, on its way into segments.
//!
//! Texts wait until there are enough of them, then all threads index them, in
//! one round, each into a segment of its own. Segments stay open from round to
//! round, until they are full or committed; between rounds there is no thread.
//! A round of little text is done by fewer threads: to begin one costs less
//! than a tenth of a millisecond, but each leaves a segment to be merged.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

use svod_store::schema::{ArticleKey, ArticleRecord, FileState, Outcome, RecordKey};

use super::register::Known;
use super::text::Text;
use crate::build::allowance::Allowance;
use crate::build::filling::Filling;
use crate::build::work_queue::WorkQueue;
use crate::error::IndexError;
use crate::home::committer::WrittenSegment;
use crate::home::generation::OpenGeneration;
use crate::progress::Shared;

/// For less text than this another thread is not worth another segment.
const LEAST_SHARE_BYTES: u64 = 256 << 10;

/// What was added and removed since the last commit.
#[derive(Default)]
pub(super) struct Gathered {
    waiting: Vec<Waiting>,
    /// How much memory they take.
    pub(super) waiting_bytes: u64,
    /// Segments to go on with.
    open: Vec<Filling>,
    pub(super) written: Vec<WrittenSegment>,
    /// Articles, committed or not, that are to be gone with the next commit.
    pub(super) dead: HashSet<ArticleKey>,
}

/// A text that waits to be indexed.
struct Waiting {
    text: Text,
    known: Known,
    /// How much memory it takes, with its path and metadata.
    bytes: u64,
}

/// What becomes of open segments at the end of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    KeepOpen,
    Close,
}

/// By what a round is limited.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) threads: usize,
    pub(super) allowance: Allowance,
}

impl Gathered {
    /// Lets a text wait.
    pub(super) fn push(&mut self, text: Text, known: Known) {
        let bytes = text.bytes();
        self.waiting_bytes += bytes;
        self.waiting.push(Waiting { text, known, bytes });
    }

    fn keep_waiting(&mut self, mut keep: impl FnMut(&Waiting) -> bool) {
        self.waiting.retain(|waiting| keep(waiting));
        self.waiting_bytes = self.waiting.iter().map(|waiting| waiting.bytes).sum();
    }

    /// Returns the number of the texts that wait, and their size in bytes.
    pub(super) fn waiting(&self) -> (u64, u64) {
        (self.waiting.len() as u64, self.waiting.iter().map(Waiting::text_bytes).sum())
    }

    /// Returns whether there is nothing that a commit would change.
    pub(super) fn is_empty(&self) -> bool {
        self.is_closed() && self.written.is_empty() && self.dead.is_empty()
    }

    /// Returns whether all that was added is in written segments.
    pub(super) fn is_closed(&self) -> bool {
        self.waiting.is_empty() && self.open.is_empty()
    }

    /// Drops texts that were replaced or removed before they were indexed: nothing of them is to be deleted.
    pub(super) fn drop_dead(&mut self) {
        let mut dead = std::mem::take(&mut self.dead);
        self.keep_waiting(|waiting| !dead.remove(&waiting.known.key));
        self.dead = dead;
    }

    /// Indexes what waits. If `progress` interrupts it, some still waits or is open afterwards.
    pub(super) fn index(
        &mut self,
        target: &OpenGeneration,
        limits: Limits,
        then: Then,
        progress: &Shared<'_>,
    ) -> Result<(), IndexError> {
        let wanted = (self.waiting_bytes / LEAST_SHARE_BYTES + 1).min(self.waiting.len() as u64) as usize;
        let threads = wanted.min(limits.threads).max(if then == Then::Close { self.open.len() } else { 0 }).max(1);
        let mut fillings: Vec<Option<Filling>> = self.open.drain(..).map(Some).collect();
        let unused = fillings.split_off(fillings.len().min(threads));
        fillings.resize_with(threads, || None);
        let shares = WorkQueue::of(self.waiting.iter().map(Waiting::text_bytes), threads);
        let round = Round {
            target,
            allowance: limits.allowance,
            then,
            progress,
            waiting: &self.waiting,
            shares,
            has_failed: AtomicBool::new(false),
        };
        let filled = round.run(fillings)?;
        let rest = round.shares.rest();
        for Filled { open, written } in filled {
            self.open.extend(open);
            self.written.extend(written);
        }
        self.open.extend(unused.into_iter().flatten());
        let mut at = 0..;
        self.keep_waiting(|_| at.next().is_some_and(|at| rest.iter().any(|left| left.contains(&at))));
        Ok(())
    }
}

/// What the threads of a round share.
struct Round<'r, 'p> {
    target: &'r OpenGeneration,
    allowance: Allowance,
    then: Then,
    progress: &'r Shared<'p>,
    waiting: &'r [Waiting],
    shares: WorkQueue,
    /// Set when a thread failed: the others need not go on.
    has_failed: AtomicBool,
}

/// What a thread did in a round.
struct Filled {
    open: Option<Filling>,
    written: Vec<WrittenSegment>,
}

impl Round<'_, '_> {
    /// Indexes on as many threads as there are segments to fill; on this one alone if it is one.
    fn run(&self, mut fillings: Vec<Option<Filling>>) -> Result<Vec<Filled>, IndexError> {
        if fillings.len() <= 1 {
            return Ok(vec![self.work(0, fillings.pop().flatten())?]);
        }
        std::thread::scope(|scope| {
            let begin = |(thread, open)| scope.spawn(move || self.work(thread, open));
            let workers: Vec<_> = fillings.into_iter().enumerate().map(begin).collect();
            let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            let filled: Vec<Result<Filled, IndexError>> = workers.into_iter().map(join).collect();
            filled.into_iter().collect()
        })
    }

    fn work(&self, thread: usize, open: Option<Filling>) -> Result<Filled, IndexError> {
        let filled = self.fill(thread, open);
        if filled.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        filled
    }

    fn fill(&self, thread: usize, mut open: Option<Filling>) -> Result<Filled, IndexError> {
        let mut written = Vec::new();
        while let Some(waiting) = self.take(thread) {
            let begin = || Filling::new(self.target, self.allowance.segment_bytes);
            let mut filling = open.take().map_or_else(begin, Ok)?;
            // A bug must cost one text, and leave a writer that can go on.
            catch_unwind(AssertUnwindSafe(|| waiting.index(self.target, &mut filling)))
                .unwrap_or_else(|_| Err(IndexError::Panicked(waiting.text.path.clone())))?;
            self.progress.done(waiting.text_bytes());
            if self.allowance.is_full(filling.memory_bytes()) {
                written.push(filling.close()?);
            } else {
                open = Some(filling);
            }
        }
        if self.then == Then::Close && !self.progress.is_interrupted() {
            written.extend(open.take().map(Filling::close).transpose()?);
        }
        Ok(Filled { open, written })
    }

    fn take(&self, thread: usize) -> Option<&Waiting> {
        if self.has_failed.load(Ordering::Relaxed) || self.progress.is_interrupted() {
            return None;
        }
        self.waiting.get(self.shares.take(thread)?)
    }
}

impl Waiting {
    fn text_bytes(&self) -> u64 {
        self.text.text.len() as u64
    }

    fn index(&self, target: &OpenGeneration, into: &mut Filling) -> Result<(), IndexError> {
        let Waiting { text, known, .. } = self;
        let record = ArticleRecord {
            key: RecordKey { article: known.key, version: 0 },
            name: known.name,
            path: text.path.clone().into_bytes(),
            size: text.text.len() as u64,
            file: FileState::default(),
            hash: Some(known.hash),
            rules: known.rules,
            length: None,
            reading: text.reading(),
            outcome: Outcome::Indexed,
        };
        into.add(target, &record, text.understand(), None)
    }
}
