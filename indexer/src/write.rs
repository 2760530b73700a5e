//! The pipeline: each thread reads, parses, analyses and indexes sources into
//! segments of its own; they are committed in steps.
//!
//! Nothing is queued between the threads, so memory is bounded by what one
//! source and one segment a thread take. A thread works on neighbours in the
//! folder: they share language and words, and segments that share few words
//! with each other are smaller together.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use svod_corpus::article::Article;
use svod_corpus::layout::path_bytes;
use svod_corpus::schema::{ArticleKey, ArticleRecord, Fields, Outcome, Reading, Record, RecordKey};

use crate::catalog::{Catalog, Unusable};
use crate::changes::{Plan, Read, Renewal};
use crate::commit::{Committer, Step, WrittenSegment};
use crate::error::IndexError;
use crate::home::{Lock, size};
use crate::look::{Look, begin_report, count};
use crate::memory::{LEAST_SEGMENT_BYTES, Memory};
use crate::merge::{self, Aim};
use crate::options::{Options, Progress};
use crate::reading::{self, Understood};
use crate::report::{Ending, Report};
use crate::rules::{Rules, memory_bytes};
use crate::segment::OpenSegment;
use crate::tally::Tally;
use crate::target::Target;

/// More segments than this many threads would leave slow searching down.
const MOST_THREADS: usize = 8;

/// Does what a look found to be done.
pub(crate) fn update(
    root: &Path,
    lock: &Lock<'_>,
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
    memory: Memory,
    plan: Plan,
    /// Sources that take as much memory as a segment: read one after the other, before all others.
    large: Vec<Read>,
    /// For each thread the sources it has not taken yet.
    shares: Mutex<Vec<Range<usize>>>,
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
        let threads = threads(options).min(plan.reads.len().max(1));
        let memory = Memory::of(options.memory_bytes, threads);
        let is_large = |read: &mut Read| memory_bytes(&read.source) > memory.segment_bytes as u64;
        let large = plan.reads.extract_if(.., is_large).collect();
        Run {
            root,
            target,
            rules,
            progress,
            threads,
            memory,
            shares: Mutex::new(shares(&plan.reads, threads)),
            plan,
            large,
            taken: AtomicU64::new(0),
            has_failed: AtomicBool::new(false),
            tally: Mutex::default(),
        }
    }

    /// Reads what is to be read, commits it, and merges.
    fn run(&self, lock: &Lock<'_>, options: &Options, report: &mut Report) -> Result<(), IndexError> {
        let home = lock.home();
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
            merge::merge(home, &self.target.index, &mut committer, aim, self.progress)?;
        }
        committer.close()
    }

    /// Adds what is written, and commits it when it is time, until all is written.
    fn commit_steps(
        &self,
        lock: &Lock<'_>,
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
        let mut segment = OpenSegment::new(&self.target.index, self.target.fields, LEAST_SEGMENT_BYTES)?;
        for renewal in &self.plan.renewals {
            committer.remove_record(renewal.key);
            segment.add(&mut [renewed(&self.target.fields, renewal)])?;
        }
        committer.add(WrittenSegment { meta: segment.close()?, replaced: Vec::new() })
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
            if self.memory.is_full(open.segment.memory_bytes()) {
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
        into.replaced.extend(read.replaces);
        into.segment.add(&mut Record::of_article(&self.target.fields, &record, article))?;
        self.progress.done(read.source.bytes);
        Ok(())
    }

    /// Takes the next source of a thread's own share, else the last of the largest.
    fn take(&self, worker: usize) -> Option<&Read> {
        if self.has_failed.load(Ordering::Relaxed) || self.progress.is_interrupted() {
            return None;
        }
        let mut shares = lock(&self.shares);
        let next = match shares[worker].next() {
            Some(next) => Some(next),
            None => shares.iter_mut().max_by_key(|share| share.len())?.next_back(),
        };
        let read = self.plan.reads.get(next?)?;
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

/// A segment that a thread fills.
struct Filling {
    segment: OpenSegment,
    /// The articles that it has a newer state of.
    replaced: Vec<ArticleKey>,
}

impl Filling {
    fn new(target: &Target, memory_bytes: usize) -> Result<Filling, IndexError> {
        Ok(Filling { segment: OpenSegment::new(&target.index, target.fields, memory_bytes)?, replaced: Vec::new() })
    }

    fn close(self) -> Result<WrittenSegment, IndexError> {
        Ok(WrittenSegment { meta: self.segment.close()?, replaced: self.replaced })
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

fn threads(options: &Options) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    options.threads.map_or_else(cores, NonZeroUsize::get).min(MOST_THREADS)
}

/// Divides the sources into neighbourhoods of about the same size in bytes.
fn shares(reads: &[Read], count: usize) -> Vec<Range<usize>> {
    let total: u64 = reads.iter().map(|read| read.source.bytes).sum();
    let mut shares = vec![0..0; count];
    let (mut start, mut bytes) = (0, 0);
    for (share, range) in shares.iter_mut().enumerate() {
        let until = total * (share as u64 + 1) / count as u64;
        let mut end = start;
        while end < reads.len() && (bytes < until || share + 1 == count) {
            bytes += reads[end].source.bytes;
            end += 1;
        }
        *range = start..end;
        start = end;
    }
    shares
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
