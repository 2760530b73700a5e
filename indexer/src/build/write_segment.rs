//! What writes a segment: [`OpenSegment`], or tantivy's own writer.
//!
//! Ours is faster, and stands on parts of tantivy that are public but that few others use. The other one stands on as
//! little as possible. The files are the same, byte by byte (`segment/tests.rs`), so that an upgrade of tantivy that breaks
//! ours can be taken with the feature `tantivy-writer` until ours is mended. The choice is made when the program is built:
//! nothing is dispatched for a record or a token.
//!
//! [`OpenSegment`]: crate::build::segment::OpenSegment

use svod_store::schema::{Fields, Record};
use tantivy::Index;
use tantivy::index::SegmentMeta;

/// What writes the segments of runs.
#[cfg(not(feature = "tantivy-writer"))]
pub(crate) type SegmentOfRun = crate::build::segment::OpenSegment;
/// What writes the segments of runs.
#[cfg(feature = "tantivy-writer")]
pub(crate) type SegmentOfRun = crate::build::tantivy_segment::TantivySegment;

/// Writes records as one segment of an index.
pub(crate) trait WriteSegment: Sized {
    /// Begins a segment that is meant to take about `memory_bytes`.
    fn begin(index: &Index, fields: Fields, memory_bytes: usize) -> tantivy::Result<Self>;

    /// Returns the fields of the index.
    fn fields(&self) -> &Fields;

    /// Adds a record and returns how many terms its body has.
    fn add_record(&mut self, record: Record) -> tantivy::Result<u32>;

    /// Returns how much memory the segment takes.
    fn memory_bytes(&self) -> usize;

    /// Writes the segment out.
    fn close(self) -> tantivy::Result<SegmentMeta>;

    /// Adds the records of an article: its passages, and the article record last. That one learns how long they are.
    fn add(&mut self, records: impl IntoIterator<Item = Record>) -> tantivy::Result<()> {
        self.add_while(records, || true).map(drop)
    }

    /// Adds the records of an article as long as it is wanted. Given up, the segment holds a part of it and is of no
    /// more use.
    fn add_while(
        &mut self,
        records: impl IntoIterator<Item = Record>,
        is_wanted: impl Fn() -> bool,
    ) -> tantivy::Result<Option<()>> {
        let mut records = records.into_iter().peekable();
        let mut length = None;
        while let Some(mut record) = records.next() {
            if records.peek().is_none() {
                length.into_iter().for_each(|length| record.note_length(self.fields(), length));
                self.add_record(record)?;
            } else if is_wanted() {
                *length.get_or_insert(0) += u64::from(self.add_record(record)?);
            } else {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }
}
