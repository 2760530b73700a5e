//! What scores by BM25 depend on beside the passage: how many passages there
//! are, how many have a term, and how long they are.
//!
//! The engine's own numbers count deleted records until their segment is
//! merged, and its sum of lengths is exact in a new segment and a guess in a
//! merged one: an index brought up to date would rank otherwise than a fresh
//! one. Here all is made of what both have alike: the records that live, and
//! the byte that each keeps for its length.

use std::sync::OnceLock;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, SegmentReader, Term};

/// The mean length of fields whose lengths are not kept. The title of an article has about twelve terms.
const USUAL_LENGTH: u64 = 12;
/// BM25's k1 and b, as they are fixed in the engine.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;
/// Scores are compared rounded, and sums of the same numbers in another order differ: by less than this.
const ROUNDING: f32 = 5e-4;

/// The statistics of an opened index.
pub(crate) struct Statistics {
    searcher: Searcher,
    /// For each field the lengths of all passages together, when they were needed.
    lengths: Vec<OnceLock<u64>>,
}

impl Bm25StatisticsProvider for Statistics {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if !self.has_lengths(field) {
            return Ok(USUAL_LENGTH * self.total_num_docs()?);
        }
        let known = &self.lengths[field.field_id() as usize];
        if let Some(&total) = known.get() {
            return Ok(total);
        }
        let mut counts = [[0; 256]; LANES];
        for reader in self.searcher.segment_readers() {
            count_lengths(reader, field, &mut counts)?;
        }
        let counts = counts.into_iter().flat_map(|counts| (0..=u8::MAX).zip(counts));
        let twice: u64 = counts.map(|(id, passages)| passages * twice_the_length(id)).sum();
        let total = twice / 2;
        Ok(*known.get_or_init(|| total.max(1)))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs().max(1))
    }

    /// Deleted records are counted until their segment is merged; more than there are would stop the engine.
    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.searcher.doc_freq(term)?.min(self.total_num_docs()?))
    }
}

impl Statistics {
    pub(crate) fn new(searcher: Searcher) -> Statistics {
        let lengths = searcher.schema().fields().map(|_| OnceLock::new()).collect();
        Statistics { searcher, lengths }
    }

    fn has_lengths(&self, field: Field) -> bool {
        self.searcher.schema().get_field_entry(field).has_fieldnorms()
    }

    /// Returns how much higher a passage of a segment can score than the engine
    /// believes when it leaves out blocks of passages: a factor, 1 at least.
    ///
    /// Of each block it keeps the passage that scored best by the mean length
    /// of its own segment. By another mean another one may be the best.
    pub(crate) fn slack(&self, reader: &SegmentReader) -> tantivy::Result<f32> {
        let mut slack = 1.0_f32;
        for (field, _) in reader.schema().fields().filter(|(_, entry)| entry.is_indexed() && entry.has_fieldnorms()) {
            let mean = self.total_num_tokens(field)? as f32 / self.total_num_docs()? as f32;
            let own = reader.inverted_index(field)?.total_num_tokens() as f32 / reader.max_doc().max(1) as f32;
            if own > 0.0 {
                slack = slack.max(bound(own / mean));
            }
        }
        Ok(slack + ROUNDING)
    }
}

/// Returns the most by which scores of two passages can change against each
/// other when the mean length is divided by `ratio`.
///
/// A term adds 1 / (1 + K / tf) times its weight, where K is k1 (1 - b) + k1 b
/// length / mean; if one passage was not above another by the old mean, it is
/// above by the new one at most by this factor.
fn bound(ratio: f32) -> f32 {
    let fixed = SATURATION * (1.0 - LENGTH);
    if ratio < 1.0 {
        1.0 + (1.0 - ratio) * fixed / (1.0 + ratio * fixed)
    } else {
        (1.0 + ratio * fixed) / (1.0 + fixed)
    }
}

/// Returns twice the middle of the lengths that an id stands for.
fn twice_the_length(id: u8) -> u64 {
    let first = u64::from(FieldNormReader::id_to_fieldnorm(id));
    let last = id.checked_add(1).map_or(first, |next| u64::from(FieldNormReader::id_to_fieldnorm(next)) - 1);
    first + last
}

/// Counting in turns, so that equal lengths side by side need not wait for each other.
const LANES: usize = 4;

/// Counts the lengths of the passages of a segment that live.
fn count_lengths(reader: &SegmentReader, field: Field, counts: &mut [[u64; 256]; LANES]) -> tantivy::Result<()> {
    let lengths = reader.fieldnorms_readers().get_inner_file().open_read(field);
    let Some(lengths) = lengths.map(|file| file.read_bytes()).transpose()? else { return Ok(()) };
    match reader.alive_bitset() {
        None => {
            for four in lengths.chunks(LANES) {
                four.iter().zip(counts.iter_mut()).for_each(|(&id, counts)| counts[usize::from(id)] += 1);
            }
        }
        Some(alive) => {
            let alive = (0..).zip(lengths.iter()).filter(|&(doc, _)| alive.is_alive(doc));
            alive.for_each(|(_, &id)| counts[0][usize::from(id)] += 1);
        }
    }
    Ok(())
}
