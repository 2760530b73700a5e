//! The pipeline: each thread reads, parses, analyses and indexes sources into
//! segments of its own; one commit ends it.
//!
//! Nothing is queued between the threads, so memory is bounded by what one
//! source and one segment a thread take. A thread works on neighbours in the
//! folder: they share language and words, and segments that share few words
//! with each other are smaller together.

use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use svod_corpus::article::Article;
use svod_corpus::language::Language;
use svod_corpus::layout::path_bytes;
use svod_corpus::schema::{self, ArticleKey, ArticleName, ArticleRecord, Fields, Outcome, Reading, Record};
use tantivy::index::SegmentMeta;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index, IndexWriter};

use crate::discover::{Found, Source};
use crate::error::IndexError;
use crate::reading::{self, Rules, Understood};
use crate::report::{ReadAs, Repaired, Report, Skipped};
use crate::segment::OpenSegment;
use crate::{Options, Progress};

/// What the dictionary, the sources being read and the program itself take.
const FIXED_BYTES: usize = 80 << 20;
/// Below this a segment holds so little that there would be too many.
const LEAST_SEGMENT_BYTES: usize = 15 << 20;
/// More segments than this many threads would leave slow searching down.
const MOST_THREADS: usize = 8;

/// Writes an index of everything found into a new folder and commits it.
pub(crate) fn write(
    root: &Path,
    folder: &Path,
    found: Found,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Report, IndexError> {
    let index = Index::builder().schema(schema::schema()).settings(schema::settings()).create_in_dir(folder)?;
    let fields = schema::attach(&index).expect("an index just made is of this version");
    let threads = threads(options);
    let run = Run {
        root,
        options,
        progress,
        fields,
        index: &index,
        segment_bytes: (options.memory_bytes.saturating_sub(FIXED_BYTES) / threads).max(LEAST_SEGMENT_BYTES),
        names: names(&found.sources),
        shares: Mutex::new(shares(&found.sources, threads)),
        sources: &found.sources,
        tally: Mutex::new(Tally { skipped: found.skipped, ..Tally::default() }),
    };
    let segments = std::thread::scope(|scope| {
        let run = &run;
        let workers: Vec<_> = (0..threads).map(|worker| scope.spawn(move || run.work(worker))).collect();
        let ended =
            workers.into_iter().map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ended.collect::<Result<Vec<Vec<SegmentMeta>>, _>>()
    })?;
    progress.committing();
    commit(&index, segments.into_iter().flatten())?;
    Ok(run.tally.into_inner().unwrap_or_else(PoisonError::into_inner).report())
}

fn threads(options: &Options) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    options.threads.map_or_else(cores, NonZeroUsize::get).min(MOST_THREADS)
}

fn commit(index: &Index, segments: impl Iterator<Item = SegmentMeta>) -> Result<(), IndexError> {
    let options =
        IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(LEAST_SEGMENT_BYTES).build();
    let mut writer: IndexWriter<Record> = index.writer_with_options(options)?;
    for segment in segments {
        writer.add_segment(segment)?;
    }
    writer.commit()?;
    Ok(writer.wait_merging_threads()?)
}

/// Gives each source the name that its passages' ids begin with.
fn names(sources: &[Source]) -> Vec<ArticleName> {
    let mut taken = HashSet::new();
    let free = |source: &Source| {
        let mut name = ArticleName::of_path(&path_bytes(&source.path));
        while !taken.insert(name) {
            name = name.next();
        }
        name
    };
    sources.iter().map(free).collect()
}

/// Divides the sources into neighbourhoods of about the same size in bytes.
fn shares(sources: &[Source], count: usize) -> Vec<Range<usize>> {
    let total: u64 = sources.iter().map(|source| source.bytes).sum();
    let mut shares = vec![0..0; count];
    let (mut start, mut bytes) = (0, 0);
    for (share, range) in shares.iter_mut().enumerate() {
        let until = total * (share as u64 + 1) / count as u64;
        let mut end = start;
        while end < sources.len() && (bytes < until || share + 1 == count) {
            bytes += sources[end].bytes;
            end += 1;
        }
        *range = start..end;
        start = end;
    }
    shares
}

/// What the threads share.
struct Run<'r> {
    root: &'r Path,
    options: &'r Options,
    progress: &'r dyn Progress,
    fields: Fields,
    index: &'r Index,
    /// A segment is written out when it takes this much memory.
    segment_bytes: usize,
    sources: &'r [Source],
    names: Vec<ArticleName>,
    /// For each thread the sources it has not taken yet.
    shares: Mutex<Vec<Range<usize>>>,
    tally: Mutex<Tally>,
}

impl Run<'_> {
    /// Indexes sources until none is left.
    fn work(&self, worker: usize) -> Result<Vec<SegmentMeta>, IndexError> {
        let mut written = Vec::new();
        let mut open: Option<OpenSegment> = None;
        while let Some(at) = self.take(worker) {
            let (record, article) = self.understand(at);
            let mut segment = open.take().map_or_else(|| OpenSegment::new(self.index, self.segment_bytes), Ok)?;
            segment.add(&Record::of_article(&self.fields, &record, article))?;
            if segment.memory_bytes() < self.segment_bytes {
                open = Some(segment);
            } else {
                written.push(segment.close()?);
            }
            self.progress.done(self.sources[at].bytes);
        }
        written.extend(open.map(OpenSegment::close).transpose()?);
        Ok(written)
    }

    /// Takes the next source of a thread's own share, else the last of the largest.
    fn take(&self, worker: usize) -> Option<usize> {
        let mut shares = lock(&self.shares);
        if let Some(next) = shares[worker].next() {
            return Some(next);
        }
        shares.iter_mut().max_by_key(|share| share.len())?.next_back()
    }

    /// Reads and parses a source. A skipped one has a record too, with its reason.
    fn understand(&self, at: usize) -> (ArticleRecord, Article) {
        let source = &self.sources[at];
        let mut record = ArticleRecord {
            key: ArticleKey(at as u32),
            name: self.names[at],
            path: path_bytes(&source.path),
            size: source.bytes,
            modified: 0,
            hash: String::new(),
            options: 0,
            reading: Reading::default(),
            outcome: Outcome::Indexed,
        };
        let rules = Rules { max_file_bytes: self.options.max_file_bytes, encoding: self.options.encoding.as_deref() };
        match reading::understand(&self.root.join(&source.path), source.format, rules) {
            Ok(mut understood) => {
                let stem = || source.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                understood.article.metadata.title.get_or_insert_with(stem);
                lock(&self.tally).count(source, &understood);
                let Understood { article, reading, hash, modified, .. } = understood;
                (record.modified, record.hash, record.reading) = (modified, hash, reading);
                (record, article)
            }
            Err(reason) => {
                record.outcome = Outcome::Skipped(reason.to_string());
                lock(&self.tally).skipped.push(Skipped { path: source.path.clone(), reason });
                (record, Article::default())
            }
        }
    }
}

/// What was counted so far.
#[derive(Default)]
struct Tally {
    articles: u64,
    passages: u64,
    bytes: u64,
    languages: BTreeMap<Language, u64>,
    readings: BTreeMap<(String, Option<String>), u64>,
    repaired: Vec<Repaired>,
    skipped: Vec<Skipped>,
}

impl Tally {
    fn count(&mut self, source: &Source, understood: &Understood) {
        let Understood { article, reading, remarks, bytes, .. } = understood;
        self.articles += 1;
        self.passages += article.passages.len() as u64;
        self.bytes += bytes;
        for passage in &article.passages {
            *self.languages.entry(passage.language).or_default() += 1;
        }
        *self.readings.entry((reading.format.clone(), reading.encoding.clone())).or_default() += 1;
        let damaged = (reading.repaired > 0).then(|| format!("{} damaged places", reading.repaired));
        let remarks: Vec<String> = damaged.into_iter().chain(remarks.iter().cloned()).collect();
        if !remarks.is_empty() {
            self.repaired.push(Repaired { path: source.path.clone(), remarks });
        }
    }

    fn report(mut self) -> Report {
        self.skipped.sort_by_cached_key(|skipped| path_bytes(&skipped.path));
        self.repaired.sort_by_cached_key(|repaired| path_bytes(&repaired.path));
        let mut readings: Vec<ReadAs> =
            self.readings.into_iter().map(|((format, encoding), files)| ReadAs { format, encoding, files }).collect();
        readings.sort_by_key(|read| std::cmp::Reverse(read.files));
        let mut languages: Vec<_> = self.languages.into_iter().collect();
        languages.sort_by_key(|&(_, passages)| std::cmp::Reverse(passages));
        Report {
            articles: self.articles,
            passages: self.passages,
            bytes: self.bytes,
            languages,
            readings,
            repaired: self.repaired,
            skipped: self.skipped,
            ..Report::default()
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
