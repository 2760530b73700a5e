//! A segment of the engine while it is being filled, by one thread.

use svod_corpus::schema::{ArticleKey, Record};
use tantivy::index::SegmentMeta;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{Index, Segment};

use crate::error::IndexError;

/// A segment being filled.
pub(crate) struct OpenSegment {
    segment: Segment,
    writer: SegmentWriter,
    replaced: Vec<ArticleKey>,
}

/// A segment that is whole, and not yet part of any commit.
#[derive(Debug)]
pub(crate) struct WrittenSegment {
    pub(crate) meta: SegmentMeta,
    /// The articles that it has a newer state of.
    pub(crate) replaced: Vec<ArticleKey>,
}

impl OpenSegment {
    /// Begins a segment that will take about so many bytes of memory.
    pub(crate) fn new(index: &Index, bytes: usize) -> Result<OpenSegment, IndexError> {
        let segment = index.new_segment();
        let writer = SegmentWriter::for_segment(bytes, segment.clone())?;
        Ok(OpenSegment { segment, writer, replaced: Vec::new() })
    }

    pub(crate) fn add(&mut self, document: Record) -> Result<(), IndexError> {
        Ok(self.writer.add_document(AddOperation { opstamp: 0, document })?)
    }

    /// Notes that the records of an article replace older ones.
    pub(crate) fn replaces(&mut self, article: ArticleKey) {
        self.replaced.push(article);
    }

    /// Returns how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.writer.mem_usage()
    }

    /// Writes it out.
    pub(crate) fn close(self) -> Result<WrittenSegment, IndexError> {
        let records = self.writer.max_doc();
        self.writer.finalize()?;
        let segment = self.segment.with_max_doc(records);
        Ok(WrittenSegment { meta: segment.meta().clone(), replaced: self.replaced })
    }
}
