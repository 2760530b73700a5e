//! The pipeline: each thread reads, parses, analyses and indexes sources into
//! segments of its own; they are committed in steps.
//!
//! Nothing is queued between the threads, so memory is bounded by what one
//! source and one segment a thread take.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use svod_corpus::article::Article;
use svod_corpus::layout::path_bytes;
use svod_corpus::schema::{ArticleRecord, Fields, Outcome, Reading, Record, RecordKey};

use crate::catalog::{Catalog, Unusable};
use crate::changes::{Plan, Read, Renewal};
use crate::commit::{Committer, Step, WrittenSegment};
use crate::error::IndexError;
use crate::filling::Filling;
use crate::home::{Lock, size};
use crate::look::{Look, begin_report, count};
use crate::memory::{Allowance, LEAST_SEGMENT_BYTES};
use crate::merge::{self, Aim};
use crate::options::{Options, Progress};
use crate::reading::{self, Understood};
use crate::report::{Ending, Report};
use crate::rules::{Rules, memory_bytes};
use crate::shares::{self, Shares, lock};
use crate::tally::Tally;
use crate::target::Target;

/// Does what a look found to be done.
pub(crate) fn update(
    root: &Path,
    lock: &Lock,
    look: Look,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report, IndexError> {
    let home = lock.home();
    let Look { catalog, unusable, rules, plan, skipped, state } = look;
    let target = match (catalog, state.generation) {
        (Some(catalog), Some(number)) => Target::current(lock, number, catalog)?,
        // A first index shows itself from its first commit on; one that replaces another only when it is whole.
        (_, current) => Target::new(lock, if current.is_some() { Step::Last } else { Step::OnTheWay })?,
    };
    progress.found(plan.reads.len() as u64, plan.bytes());
    let mut report = begin_report(home, unusable, rules.folder.clone());
    report.skipped = skipped;
    let run = Run::new(root, &target, &rules, options, progress, plan);
    let outcome = run.run(lock, options, &mut report);
    if outcome.is_err() {
        // A full disk must not stay full of what nobody will read.
        target.clean_up(lock);
    }
    outcome?;
    let Run { plan, tally, .. } = run;
    report.changes = plan.changes;
    report.unchanged = plan.unchanged;
    report.skipped.extend(plan.skipped);
    tally.into_inner().unwrap_or_else(PoisonError::into_inner).tell(&mut report);
    report.sort();
    if let Some(number) = home.current() {
        let generation = home.generation(number);
        let damaged = |error: Unusable| IndexError::Damaged { index: home.path().to_owned(), what: error.to_string() };
        count(&mut report, &Catalog::read(&generation).map_err(damaged)?);
        report.index_bytes = size(&generation);
    }
    Ok(report)
}

/// What the threads share.
struct Run<'r> {
    root: &'r Path,
    target: &'r Target,
    rules: &'r Rules,
    progress: &'r dyn Progress,
    threads: usize,
    memory: Allowance,
    plan: Plan,
    /// Sources that take as much memory as a segment: read one after the other, before all others.
    large: Vec<Read>,
    shares: Shares,
    taken: AtomicU64,
    /// Set when a thread failed: the others need not go on.
    has_failed: AtomicBool,
    tally: Mutex<Tally>,
}

impl<'r> Run<'r> {
    fn new(
        root: &'r Path,
        target: &'r Target,
        rules: &'r Rules,
        options: &Options,
        progress: &'r dyn Progress,
        mut plan: Plan,
    ) -> Run<'r> {
        let threads = shares::threads(options.threads).min(plan.reads.len().max(1));
        let memory = Allowance::of(options.memory_bytes, threads);
        let is_large = |read: &mut Read| memory_bytes(&read.source) > memory.segment_bytes as u64;
        let large = plan.reads.extract_if(.., is_large).collect();
        Run {
            root,
            target,
            rules,
            progress,
            threads,
            memory,
            shares: Shares::of(plan.reads.iter().map(|read| read.source.bytes), threads),
            plan,
            large,
            taken: AtomicU64::new(0),
            has_failed: AtomicBool::new(false),
            tally: Mutex::default(),
        }
    }

    /// Reads what is to be read, commits it, and merges.
    fn run(&self, lock: &Lock, options: &Options, report: &mut Report) -> Result<(), IndexError> {
        let mut committer = Committer::open(&self.target.index, self.target.fields, &self.rules.folder)?;
        self.renew(&committer)?;
        self.read_large(&committer)?;
        std::thread::scope(|scope| {
            let (sender, written) = channel();
            let workers: Vec<_> = (0..self.threads)
                .map(|worker| {
                    let sender = sender.clone();
                    scope.spawn(move || self.work(worker, &sender))
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
        self.progress.committing();
        let reads = self.plan.reads.len() + self.large.len();
        let left = reads as u64 - self.taken.load(Ordering::Relaxed);
        report.ending = if left == 0 { Ending::UpToDate } else { Ending::Interrupted(left) };
        if left > 0 && self.target.is_all_or_nothing() {
            committer.close()?;
            lock.abandon(self.target.number);
            return Ok(());
        }
        let step = if left == 0 { Step::Last } else { Step::OnTheWay };
        committer.commit(step)?;
        self.target.publish(lock, step)?;
        if left == 0 {
            let aim = if options.optimize { Aim::OneSegment } else { Aim::FewSegments };
            merge::merge(lock.home().path(), &self.target.index, &mut committer, aim, self.progress)?;
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
                    self.target.publish(lock, Step::OnTheWay)?;
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
        let mut segment = Filling::new(self.target, LEAST_SEGMENT_BYTES)?;
        for renewal in &self.plan.renewals {
            committer.remove_record(renewal.key);
            segment.add_records([renewed(&self.target.fields, renewal)])?;
        }
        committer.add(segment.close()?)
    }

    /// Indexes sources until none is left.
    fn work(&self, worker: usize, written: &Sender<WrittenSegment>) -> Result<(), IndexError> {
        let worked = self.fill_segments(worker, written);
        if worked.is_err() {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        worked
    }

    fn fill_segments(&self, worker: usize, written: &Sender<WrittenSegment>) -> Result<(), IndexError> {
        // The receiver is gone only if it failed, and says so itself.
        let send = |filled: Filling| filled.close().map(|segment| drop(written.send(segment)));
        let mut filling: Option<Filling> = None;
        while let Some(read) = self.take(worker) {
            let mut open = filling.take().map_or_else(|| Filling::new(self.target, self.memory.segment_bytes), Ok)?;
            self.index(read, &mut open)?;
            if self.memory.is_full(open.memory_bytes()) {
                send(open)?;
            } else {
                filling = Some(open);
            }
        }
        filling.map_or(Ok(()), send)
    }

    /// Indexes sources that are large, each into a segment of its own.
    fn read_large(&self, committer: &Committer<'_>) -> Result<(), IndexError> {
        for read in &self.large {
            if self.progress.is_interrupted() {
                break;
            }
            self.taken.fetch_add(1, Ordering::Relaxed);
            let mut segment = Filling::new(self.target, self.memory.segment_bytes)?;
            self.index(read, &mut segment)?;
            committer.add(segment.close()?)?;
        }
        Ok(())
    }

    /// Reads a source into a segment.
    fn index(&self, read: &Read, into: &mut Filling) -> Result<(), IndexError> {
        let (record, article) = self.understand(read);
        into.add(self.target, &record, article, read.replaces)?;
        self.progress.done(read.source.bytes);
        Ok(())
    }

    /// Takes the next source of a thread's own share, else the last of the largest.
    fn take(&self, worker: usize) -> Option<&Read> {
        if self.has_failed.load(Ordering::Relaxed) || self.progress.is_interrupted() {
            return None;
        }
        let read = self.plan.reads.get(self.shares.take(worker)?)?;
        self.taken.fetch_add(1, Ordering::Relaxed);
        Some(read)
    }

    /// Reads and parses a source. A skipped one has a record too, with its reason.
    fn understand(&self, read: &Read) -> (ArticleRecord, Article) {
        let Read { source, key, name, stamp, .. } = read;
        let mut record = ArticleRecord {
            key: RecordKey { article: *key, version: 0 },
            name: *name,
            path: path_bytes(&source.path),
            size: source.bytes,
            modified: source.modified,
            hash: None,
            rules: *stamp,
            length: None,
            reading: Reading::default(),
            outcome: Outcome::Indexed,
        };
        match reading::understand(self.root, source, self.rules) {
            Ok(understood) => {
                lock(&self.tally).count(&source.path, &understood);
                let Understood { article, reading, hash, modified, bytes, .. } = understood;
                record = ArticleRecord { size: bytes, modified, hash: Some(hash), reading, ..record };
                (record, article)
            }
            Err(reason) => {
                record.outcome = Outcome::Skipped(reason.to_string());
                record.modified = if reason.may_pass() { 0 } else { record.modified };
                lock(&self.tally).skip(&source.path, reason);
                (record, Article::default())
            }
        }
    }
}

/// Returns the article record of a source whose passages stay as they are.
fn renewed(fields: &Fields, renewal: &Renewal) -> Record {
    let Renewal { source, key, hash, length, stamp, stored } = renewal;
    let record = ArticleRecord {
        key: key.next(),
        name: stored.name,
        path: path_bytes(&source.path),
        size: source.bytes,
        modified: source.modified,
        hash: *hash,
        rules: *stamp,
        length: *length,
        reading: stored.reading.clone(),
        outcome: stored.outcome.clone(),
    };
    Record::of_article_alone(fields, &record, stored.metadata.clone(), stored.outline.clone())
}
