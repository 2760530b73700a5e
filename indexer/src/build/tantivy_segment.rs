//! A segment that tantivy's own writer writes: what runs use with the feature `tantivy-writer`, and the judge of ours.

use svod_store::schema::{Fields, Record, Value};
use tantivy::index::SegmentMeta;
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::schema::Document;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, Segment};

use crate::build::allowance::LEAST_SEGMENT_BYTES;
use crate::build::write_segment::WriteSegment;

/// A segment being written by tantivy's own writer.
pub(crate) struct TantivySegment {
    segment: Segment,
    writer: SegmentWriter,
    fields: Fields,
    /// Cuts bodies a second time: tantivy keeps their lengths rounded, and an article record has the exact sum.
    body: TextAnalyzer,
}

impl WriteSegment for TantivySegment {
    fn begin(index: &Index, fields: Fields, memory_bytes: usize) -> tantivy::Result<TantivySegment> {
        let segment = index.new_segment();
        // Of little memory tantivy makes no table of terms at all.
        let writer = SegmentWriter::for_segment(memory_bytes.max(LEAST_SEGMENT_BYTES), segment.clone())?;
        Ok(TantivySegment { segment, writer, fields, body: index.tokenizer_for_field(fields.body)? })
    }

    fn fields(&self) -> &Fields {
        &self.fields
    }

    fn add_record(&mut self, record: Record) -> tantivy::Result<u32> {
        let mut length = 0;
        for (field, value) in record.iter_fields_and_values() {
            if let (true, Value::Text(text)) = (field == self.fields.body, value) {
                self.body.token_stream(text).process(&mut |_| length += 1);
            }
        }
        // Nothing is deleted of a segment before it is part of a commit: no stamp is compared.
        self.writer.add_document(AddOperation { opstamp: 0, document: record })?;
        Ok(length)
    }

    fn memory_bytes(&self) -> usize {
        self.writer.mem_usage()
    }

    fn close(self) -> tantivy::Result<SegmentMeta> {
        let records = self.writer.max_doc();
        self.writer.finalize()?;
        Ok(self.segment.with_max_doc(records).meta().clone())
    }
}
