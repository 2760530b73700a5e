//! A segment being written: articles in, the engine's files out.

use svod_corpus::schema::Record;
use tantivy::index::SegmentMeta;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{Index, Segment};

/// A segment being written.
pub(crate) struct OpenSegment {
    segment: Segment,
    writer: SegmentWriter,
}

impl OpenSegment {
    /// Begins a segment that will take about so much memory.
    pub(crate) fn new(index: &Index, memory_bytes: usize) -> tantivy::Result<OpenSegment> {
        let segment = index.new_segment();
        let writer = SegmentWriter::for_segment(memory_bytes, segment.clone())?;
        Ok(OpenSegment { segment, writer })
    }

    /// Adds the records of an article.
    pub(crate) fn add(&mut self, records: Vec<Record>) -> tantivy::Result<()> {
        records.into_iter().try_for_each(|document| self.writer.add_document(AddOperation { opstamp: 0, document }))
    }

    /// Returns how much memory the segment takes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.writer.mem_usage()
    }

    /// Writes the segment out.
    pub(crate) fn close(self) -> tantivy::Result<SegmentMeta> {
        let records = self.writer.max_doc();
        self.writer.finalize()?;
        Ok(self.segment.with_max_doc(records).meta().clone())
    }
}
