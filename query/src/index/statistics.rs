//! What scores by BM25 depend on beside the passage: how many passages there
//! are, how many have a term, and how long they are.
//!
//! Tantivy's own numbers count deleted records until their segment is
//! merged, and its sum of lengths is exact in a new segment and a guess in a
//! merged one: an index brought up to date would rank otherwise than a fresh
//! one. Here all is made of what both have alike: the records that live, and
//! the length that each article record keeps.

use std::sync::OnceLock;

use svod_store::schema::Fields;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Score, Searcher, SegmentReader, Term};

/// The bits that rounding takes from the fraction of a score: what is left tells one part in five hundred to a thousand.
pub(crate) const DROPPED: u32 = 14;
/// More than the difference between a score and its rounded one, as a part of it.
pub(crate) const ROUNDING: f32 = 1.0 / (1 << (f32::MANTISSA_DIGITS - 1 - DROPPED)) as f32;
/// The mean length of all fields but the body. The title of an article has about twelve terms.
const USUAL_LENGTH: u64 = 12;
/// BM25's k1 and b, as they are fixed in tantivy.
pub(crate) const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.75;

/// The statistics of an opened index.
pub(crate) struct Statistics {
    searcher: Searcher,
    body: Field,
    /// The bodies of all passages together, when it was needed.
    length: OnceLock<u64>,
}

impl Bm25StatisticsProvider for Statistics {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if field != self.body {
            return Ok(USUAL_LENGTH * self.total_num_docs()?);
        }
        if let Some(&total) = self.length.get() {
            return Ok(total);
        }
        let mut total = 0;
        for reader in self.searcher.segment_readers() {
            total += length(reader)?;
        }
        Ok(*self.length.get_or_init(|| total.max(1)))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs().max(1))
    }

    /// Deleted records are counted until their segment is merged; more than there are would stop tantivy.
    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.searcher.doc_freq(term)?.min(self.total_num_docs()?))
    }
}

impl Statistics {
    pub(crate) fn new(searcher: Searcher, fields: &Fields) -> Statistics {
        Statistics { searcher, body: fields.body, length: OnceLock::new() }
    }

    /// Returns how far below the last of the best tantivy's threshold must lie in a segment.
    ///
    /// Of each block of passages tantivy keeps the one that scored best by the mean length of its own segment. By
    /// another mean another one may be the best: a field's part of a score can be higher than tantivy believes by a
    /// factor. `fields` are those that are searched, each with the most that its terms can add to a score.
    pub(crate) fn margin(&self, reader: &SegmentReader, fields: &[(Field, Score)]) -> tantivy::Result<Margin> {
        let mut bounds = Vec::with_capacity(fields.len());
        for &(field, most) in fields {
            let mean = self.total_num_tokens(field)? as f32 / self.total_num_docs()? as f32;
            let own = reader.inverted_index(field)?.total_num_tokens() as f32 / reader.max_doc().max(1) as f32;
            bounds.push((if own > 0.0 { bound(own / mean) } else { 1.0 }, most));
        }
        Ok(Margin::new(bounds))
    }
}

/// How much higher than tantivy believes passages of a segment can score.
///
/// A field that few records have, like the authors, has a small mean and so a
/// large factor, but can add little to a score. Counting its part as lost, not
/// raising all parts by its factor, keeps the margin small.
#[derive(Debug)]
pub(crate) struct Margin {
    /// Ways to bound a score: an amount more than a factor times what tantivy believes.
    ways: Vec<(Score, f32)>,
}

impl Margin {
    /// Takes for each field the factor of its part, and the most that this part can be.
    fn new(mut fields: Vec<(f32, Score)>) -> Margin {
        fields.push((1.0, 0.0));
        fields.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut lost = 0.0;
        let ways = fields.into_iter().map(|(factor, most)| {
            let way = (lost, factor + ROUNDING);
            lost += (1.0 - 1.0 / factor) * most;
            way
        });
        Margin { ways: ways.collect() }
    }

    /// Returns the threshold above which tantivy must show every passage that scores as much as this.
    pub(crate) fn threshold(&self, score: Score) -> Score {
        self.ways.iter().map(|(lost, factor)| (score - lost) / factor).fold(Score::MIN, Score::max)
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

/// Returns how many terms the bodies of the passages of a segment's articles have.
fn length(reader: &SegmentReader) -> tantivy::Result<u64> {
    let Some((lengths, _)) = reader.fast_fields().u64_lenient("length")? else { return Ok(0) };
    let rows = 0..lengths.values.num_vals();
    if !reader.has_deletes() {
        return Ok(rows.map(|row| lengths.values.get_val(row)).sum());
    }
    let mut docs = rows.clone().collect();
    lengths.index.select_batch_in_place(0, &mut docs);
    let alive = rows.zip(docs).filter(|&(_, doc)| !reader.is_deleted(doc));
    Ok(alive.map(|(row, _)| lengths.values.get_val(row)).sum())
}
