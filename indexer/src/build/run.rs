//! The pipeline: each thread reads, parses, analyses and indexes sources into
//! segments of its own; they are committed in steps.
//!
//! Nothing is queued between the threads; what sources and segments take of
//! the memory is counted before it is taken. A source that finds too little left is
//! read at the end, alone.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;
use std::time::{Duration, Instant};

use svod_store::layout::path_bytes;
use svod_store::schema::{ArticleRecord, Fields, Outcome, Reading, Record, RecordKey};
use svod_text::article::Article;

use crate::build::allowance::{Allowance, LEAST_SEGMENT_BYTES};
use crate::build::filling::Filling;
use crate::build::slow::Slow;
use crate::build::tally::Tally;
use crate::build::work_queue::{self, WorkQueue};
use crate::error::IndexError;
use crate::home::catalog::Catalog;
use crate::home::committer::{Committer, Step, WrittenSegment};
use crate::home::generation::OpenGeneration;
use crate::home::merge::{self, Aim};
use crate::home::{Lock, size};
use crate::options::Options;
use crate::progress::Shared;
use crate::reading::formats::Format;
use crate::reading::memory::{Account, Held};
use crate::reading::rules::{Rules, memory_bytes};
use crate::reading::skip_reason::SkipReason;
use crate::reading::{Attempt, Seen, Understood, patience};
use crate::report::{Ending, Report};
use crate::survey::changes::{Plan, PlannedRead, Renewal};
use crate::survey::{Survey, begin_report, count, unmatched};
use crate::unpoisoned::lock as lock_of;

/// Does what a survey found to be done.
pub(crate) fn update(
    root: &Path,
    lock: &Lock,
    survey: Survey,
    options: &Options,
    progress: &Shared<'_>,
) -> Result<Report, IndexError> {
    let home = lock.home();
    let Survey { catalog, unusable, rules, plan, skipped, state } = survey;
    let generation = match (catalog, state.generation) {
        (Some(catalog), Some(number)) => OpenGeneration::current(lock, number, catalog)?,
        // A first index shows itself from its first commit on; one that replaces another only when it is whole.
        (_, current) => OpenGeneration::new(lock, if current.is_some() { Step::Last } else { Step::OnTheWay })?,
    };
    progress.found(plan.reads.len() as u64, plan.bytes());
    let mut report = begin_report(home, unusable, rules.folder.clone());
    report.skipped = skipped;
    let run = IndexRun::new(root, &generation, &rules, options, progress, plan);
    let outcome = run.run(lock, options, &mut report);
    if outcome.is_err() {
        // A full disk must not stay full of what nobody will read.
        generation.clean_up(lock);
    }
    outcome?;
    let IndexRun { plan, tally, .. } = run;
    report.changes = plan.changes;
    report.unchanged = plan.unchanged;
    report.skipped.extend(plan.skipped);
    tally.into_inner().unwrap_or_else(PoisonError::into_inner).tell(&mut report);
    report.sort();
    if let Some(number) = home.current() {
        let generation = home.generation(number);
        let catalog = Catalog::read(&generation).map_err(|unusable| unusable.into_error(home.path()))?;
        count(&mut report, &catalog);
        report.unmatched = unmatched(&rules, &catalog);
        report.index_bytes = size(&generation);
    }
    Ok(report)
}

/// What the threads share.
struct IndexRun<'r, 'p> {
    root: &'r Path,
    generation: &'r OpenGeneration,
    rules: &'r Rules,
    progress: &'r Shared<'p>,
    threads: usize,
    memory: Allowance,
    account: Arc<Account>,
    plan: Plan,
    queue: WorkQueue,
    /// Sources that others left too little memory for, by their places: read one after the other, after all others.
    large: Mutex<Vec<usize>>,
    done: AtomicU64,
    /// Set when a thread failed: the others need not go on.
    has_failed: AtomicBool,
    tally: Mutex<Tally>,
}

impl<'r, 'p> IndexRun<'r, 'p> {
    fn new(
        root: &'r Path,
        generation: &'r OpenGeneration,
        rules: &'r Rules,
        options: &Options,
        progress: &'r Shared<'p>,
        plan: Plan,
    ) -> IndexRun<'r, 'p> {
        let threads = work_queue::threads(options.threads).min(plan.reads.len().max(1));
        let memory = Allowance::of(options.memory_bytes, threads);
        IndexRun {
            root,
            generation,
            rules,
            progress,
            threads,
            memory,
            account: Account::of(options.memory_bytes),
            queue: WorkQueue::of(plan.reads.iter().map(|read| read.source.bytes), threads),
            plan,
            large: Mutex::default(),
            done: AtomicU64::new(0),
            has_failed: AtomicBool::new(false),
            tally: Mutex::default(),
        }
    }

    /// Reads what is to be read, commits it, and merges.
    fn run(&self, lock: &Lock, options: &Options, report: &mut Report) -> Result<(), IndexError> {
        let mut committer = Committer::open(&self.generation.index, self.generation.fields, &self.rules.folder)?;
        self.renew(&committer)?;
        std::thread::scope(|scope| {
            let (sender, written) = channel();
            let workers: Vec<_> = (0..self.threads)
                .map(|worker| {
                    let sender = sender.clone();
                    scope.spawn(move || self.work(scope, worker, &sender))
                })
                .collect();
            drop(sender);
            let committed = self.commit_steps(lock, &mut committer, &written, options.commit_interval);
            if committed.is_err() {
                self.has_failed.store(true, Ordering::Relaxed);
            }
            for worker in workers {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            }
            committed
        })?;
        if !lock_of(&self.large).is_empty() {
            // Readers need not wait for what takes long.
            committer.commit(Step::OnTheWay)?;
            self.generation.publish(lock, Step::OnTheWay)?;
        }
        self.read_large(&committer)?;
        self.progress.committing();
        let left = self.plan.reads.len() as u64 - self.done.load(Ordering::Relaxed);
        report.ending = if left == 0 { Ending::UpToDate } else { Ending::Interrupted(left) };
        if left > 0 && self.generation.is_all_or_nothing() {
            committer.close()?;
            lock.abandon(self.generation.number);
            return Ok(());
        }
        let step = if left == 0 { Step::Last } else { Step::OnTheWay };
        committer.commit(step)?;
        self.generation.publish(lock, step)?;
        if left == 0 {
            let aim = if options.optimize { Aim::OneSegment } else { Aim::FewSegments };
            merge::merge(lock.home().path(), &self.generation.index, &mut committer, aim, self.progress)?;
        }
        committer.close()
    }

    /// Adds what is written, and commits it when it is time, until all is written.
    fn commit_steps(
        &self,
        lock: &Lock,
        committer: &mut Committer<'_>,
        written: &Receiver<WrittenSegment>,
        interval: Duration,
    ) -> Result<(), IndexError> {
        let mut last = Instant::now();
        loop {
            match written.recv_timeout(interval.saturating_sub(last.elapsed())) {
                Ok(segment) => committer.add(segment)?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {
                    committer.commit(Step::OnTheWay)?;
                    self.generation.publish(lock, Step::OnTheWay)?;
                    last = Instant::now();
                }
            }
        }
    }

    /// Does what needs no reading: articles that are gone, and those that only moved.
    fn renew(&self, committer: &Committer<'_>) -> Result<(), IndexError> {
        for &article in &self.plan.removals {
            committer.remove(article);
        }
        if self.plan.renewals.is_empty() {
            return Ok(());
        }
        let mut segment = Filling::new(self.generation, LEAST_SEGMENT_BYTES)?;
        for renewal in &self.plan.renewals {
            committer.remove_record(renewal.key);
            segment.add_records([renewed(&self.generation.fields, renewal)])?;
        }
        committer.add(segment.close()?)
    }

    /// Indexes sources until none is left.
    fn work<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        worker: usize,
        written: &Sender<WrittenSegment>,
    ) -> Result<(), IndexError> {
        let worked = self.fill_segments(scope, worker, written);
        if worked.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        worked
    }

    fn fill_segments<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        worker: usize,
        written: &Sender<WrittenSegment>,
    ) -> Result<(), IndexError> {
        // The receiver is gone only if it failed, and says so itself.
        let send = |filled: Filled| filled.filling.close().map(|segment| drop(written.send(segment)));
        let mut filled: Option<Filled> = None;
        let mut slow = Slow::default();
        while let Some((at, mut attempt)) = self.next(scope, worker, &mut slow) {
            if matches!(attempt.1, Err(SkipReason::NeedsMemory { .. }))
                && let Some(full) = filled.take_if(|filled| filled.filling.memory_bytes() >= LEAST_SEGMENT_BYTES)
            {
                send(full)?;
                attempt = self.understand(at);
            }
            match attempt {
                (_, Err(SkipReason::NeedsMemory { .. })) => lock_of(&self.large).push(at),
                // The next run reads it.
                (_, Err(SkipReason::Interrupted)) => {}
                _ if self.progress.is_interrupted() => {}
                (seen, Ok(understood)) if self.is_large(at) => {
                    self.index_alone(at, seen, understood)?.map_or(Ok(()), send)?;
                }
                attempt => filled = Some(self.index(at, attempt, filled.take())?),
            }
            if let Some(full) = filled.take_if(|filled| self.memory.is_full(filled.filling.memory_bytes())) {
                send(full)?;
            }
        }
        filled.map_or(Ok(()), send)
    }

    /// Indexes sources that need the memory of the whole run, each into a segment of its own.
    fn read_large(&self, committer: &Committer<'_>) -> Result<(), IndexError> {
        let mut large = std::mem::take(&mut *lock_of(&self.large));
        large.sort_unstable();
        // They need not a segment each.
        let mut skipped = Vec::new();
        for at in large {
            if self.is_over() {
                break;
            }
            match self.understand(at) {
                (_, Err(SkipReason::Interrupted)) => break,
                (seen, Ok(understood)) => {
                    let Some(alone) = self.index_alone(at, seen, understood)? else { break };
                    committer.add(alone.filling.close()?)?;
                }
                attempt => skipped.push((at, attempt)),
            }
        }
        let mut open = None;
        for (at, attempt) in skipped {
            open = Some(self.index(at, attempt, open)?);
        }
        open.map_or(Ok(()), |open| committer.add(open.filling.close()?))
    }

    /// Begins a segment.
    fn begin(&self) -> Result<Filled, IndexError> {
        let filling = Filling::new(self.generation, self.memory.segment_bytes)?;
        Ok(Filled { filling, memory: self.account.open() })
    }

    /// Adds a source to a segment, or to a new one.
    fn index(&self, at: usize, attempt: Attempt, into: Option<Filled>) -> Result<Filled, IndexError> {
        let mut into = into.map_or_else(|| self.begin(), Ok)?;
        let (record, article, held) = self.record(at, attempt);
        into.filling.add(self.generation, &record, article, self.plan.reads[at].replaces)?;
        drop(held);
        Ok(self.added(at, into))
    }

    /// Makes a segment of one article, so that an interruption need not wait for it. Nothing if it is given up.
    fn index_alone(&self, at: usize, seen: Seen, understood: Understood) -> Result<Option<Filled>, IndexError> {
        let Filled { filling, memory } = self.begin()?;
        let (record, article, held) = self.record(at, (seen, Ok(understood)));
        let replaces = self.plan.reads[at].replaces;
        let filling = filling.of_article_while(self.generation, &record, article, replaces, || !self.is_over())?;
        drop(held);
        Ok(filling.map(|filling| self.added(at, Filled { filling, memory })))
    }

    /// Counts a source that was added to a segment.
    fn added(&self, at: usize, mut to: Filled) -> Filled {
        to.memory.set(to.filling.memory_bytes() as u64);
        self.done.fetch_add(1, Ordering::Relaxed);
        self.progress.done(self.plan.reads[at].source.bytes);
        to
    }

    /// Reads the next source: one of a thread's own share, else the last of the largest.
    fn next<'scope>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        worker: usize,
        slow: &mut Slow<usize, Attempt>,
    ) -> Option<(usize, Attempt)> {
        loop {
            let done = slow.done();
            if done.is_some() {
                return done;
            }
            let next = if self.is_over() { None } else { self.queue.take(worker).or_else(|| slow.next()) };
            let outcome = match next {
                Some(at) if self.is_slow(at) => slow.read(scope, at, |at| self.understand(at)),
                Some(at) => Some((at, self.understand(at))),
                None if slow.is_empty() || self.is_over() => return None,
                None => slow.wait(),
            };
            if outcome.is_some() {
                return outcome;
            }
        }
    }

    /// Whether another program reads it.
    fn is_slow(&self, at: usize) -> bool {
        self.plan.reads[at].source.format == Format::Pdf
    }

    /// Whether it takes as much memory as a segment, as far as its size tells.
    fn is_large(&self, at: usize) -> bool {
        memory_bytes(&self.plan.reads[at].source) > self.memory.segment_bytes as u64
    }

    fn is_over(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed) || self.progress.is_interrupted()
    }

    fn understand(&self, at: usize) -> Attempt {
        let source = &self.plan.reads[at].source;
        patience::understand(self.root, source, self.rules, &self.account, &|| self.is_over())
    }

    /// Returns the record of a source, its article, and what that holds of the memory until it is added. A skipped
    /// source has a record too, with its reason.
    fn record(&self, at: usize, (seen, outcome): Attempt) -> (ArticleRecord, Article, Option<Held>) {
        let PlannedRead { source, key, name, stamp, .. } = &self.plan.reads[at];
        let mut record = ArticleRecord {
            key: RecordKey { article: *key, version: 0 },
            name: *name,
            path: path_bytes(&source.path),
            size: seen.bytes,
            file: seen.state,
            hash: seen.hash,
            rules: *stamp,
            length: None,
            reading: Reading::default(),
            outcome: Outcome::Indexed,
        };
        match outcome {
            Ok(understood) => {
                lock_of(&self.tally).count(&source.path, &understood, seen.bytes);
                let Understood { article, reading, memory, .. } = understood;
                (ArticleRecord { reading, ..record }, article, Some(memory))
            }
            Err(reason) => {
                record.outcome = Outcome::Skipped(reason.to_string());
                if matches!(reason, SkipReason::NeedsMemory { .. }) {
                    record.rules = self.rules.stamp_of_refused(*stamp);
                }
                lock_of(&self.tally).skip(&source.path, reason);
                (record, Article::default(), None)
            }
        }
    }
}

/// A segment that a thread fills, and what it takes of the memory of the run.
struct Filled {
    filling: Filling,
    memory: Held,
}

/// Returns the article record of a source whose passages stay as they are.
fn renewed(fields: &Fields, renewal: &Renewal) -> Record {
    let Renewal { source, key, hash, length, stamp, stored } = renewal;
    let record = ArticleRecord {
        key: key.next(),
        name: stored.name,
        path: path_bytes(&source.path),
        size: source.bytes,
        file: source.state,
        hash: *hash,
        rules: *stamp,
        length: *length,
        reading: stored.reading.clone(),
        outcome: stored.outcome.clone(),
    };
    Record::of_article_alone(fields, &record, stored.metadata.clone(), stored.outline.clone())
}
