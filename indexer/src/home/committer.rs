//! Segments become commits.
//!
//! What happens at a commit, step by step:
//!
//! 1. The segments that threads have written are added, and what they replace is deleted ([`Committer::commit`]), so that
//!    what is deleted and what takes its place are in one commit. Tantivy's writer is opened with the first of a run.
//! 2. A note goes with it: whether the run is over, and the rules of the folder.
//! 3. Tantivy writes `meta.json`. It is sealed on the way with the lengths and checksums of all files
//!    (`svod_store::sealed`), synced, and takes its name by a rename (`svod_store::generation`). From here on the commit
//!    is what readers open.
//! 4. A new generation is published by moving the pointer to it (`generation`): the first of an index with its first
//!    commit, one that replaces another with its last.
//! 5. After the last commit segments are merged (`merge`).

use svod_store::layout::{CommitNote, FolderRules};
use svod_store::schema::{ArticleKey, Fields, Record, RecordKey};
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};
use tantivy::{Index, IndexWriter, Term};

use crate::error::IndexError;

/// The memory that tantivy gives its own thread, although it writes nothing.
const LEAST_ENGINE_BYTES: usize = 15 << 20;

/// Writes commits to an index.
pub(crate) struct Committer<'c> {
    fields: Fields,
    writer: IndexWriter<Record>,
    rules: &'c FolderRules,
}

/// A segment that is whole, and not yet part of any commit.
#[derive(Debug)]
pub(crate) struct WrittenSegment {
    pub(crate) meta: SegmentMeta,
    /// The articles that it has a newer state of.
    pub(crate) replaced: Vec<ArticleKey>,
}

/// Whether a run is over with a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    OnTheWay,
    Last,
}

impl<'c> Committer<'c> {
    pub(crate) fn open(index: &Index, fields: Fields, rules: &'c FolderRules) -> Result<Committer<'c>, IndexError> {
        let options =
            IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(LEAST_ENGINE_BYTES).build();
        let writer: IndexWriter<Record> = index.writer_with_options(options).map_err(IndexError::engine)?;
        // What is merged is decided in `merge`.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Committer { fields, writer, rules })
    }

    /// Deletes all records of an article.
    pub(crate) fn remove(&self, article: ArticleKey) {
        self.writer.delete_term(Term::from_field_u64(self.fields.article, article.0.into()));
    }

    /// Deletes the article record of an article, and keeps its passages.
    pub(crate) fn remove_record(&self, record: RecordKey) {
        self.writer.delete_term(Term::from_field_u64(self.fields.key, record.number()));
    }

    /// Adds a segment in place of what it replaces.
    pub(crate) fn add(&self, written: WrittenSegment) -> Result<(), IndexError> {
        for article in written.replaced {
            self.remove(article);
        }
        // Earlier deletes touch the segment too: it has no key of theirs.
        self.writer.add_segment(written.meta).map_err(IndexError::engine)
    }

    /// Commits all that was added and removed.
    pub(crate) fn commit(&mut self, step: Step) -> Result<(), IndexError> {
        let note = CommitNote { is_finished: step == Step::Last, rules: self.rules.clone() };
        let mut commit = self.writer.prepare_commit().map_err(IndexError::engine)?;
        commit.set_payload(&note.to_json());
        commit.commit().map_err(IndexError::engine)?;
        Ok(())
    }

    /// Merges segments of the last commit into one.
    pub(crate) fn merge(&mut self, segments: &[SegmentId]) -> Result<(), IndexError> {
        self.writer.merge(segments).wait().map_err(IndexError::engine)?;
        Ok(())
    }

    /// Ends tantivy's threads.
    pub(crate) fn close(self) -> Result<(), IndexError> {
        self.writer.wait_merging_threads().map_err(IndexError::engine)
    }
}
