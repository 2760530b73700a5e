//! A query of the engine for what decides which passages are hits: sets of
//! passages, combined one segment at a time.
//!
//! The leaves are queries of the engine, read from the first passage to the
//! last; filters are asked only of passages that all else let through.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use svod_corpus::schema::KIND_ARTICLE;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

/// Looking a passage up costs as much as reading so many in order.
const LOOK_UP: usize = 64;

/// Passages with their scores.
#[derive(Debug)]
pub(crate) enum Set {
    /// The passages that a query finds.
    Found(Box<dyn Query>, Scores),
    /// The passages of which a column has one of these values.
    Column(&'static str, Values),
    /// The passages that are in all of them.
    All(Vec<Set>),
    /// The passages that are in so many of them, or more.
    AtLeast(usize, Vec<Set>),
    /// All other passages.
    Not(Box<Set>),
}

/// Whether the scores of a query count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scores {
    Count,
    Zero,
}

/// Values of a column.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Range(RangeInclusive<u64>),
    /// In each segment one of these.
    OfSegments(HashMap<SegmentId, Arc<HashSet<u64>>>),
}

impl Values {
    /// Keeps the passages of a segment whose value is one of these.
    fn retain(&self, passages: &mut Passages, reader: &SegmentReader, column: &Column<u64>) {
        let mut keep = |is_wanted: &dyn Fn(u64) -> bool| {
            passages.retain(|&(doc, _)| column.first(doc).is_some_and(is_wanted));
        };
        match self {
            Values::Range(range) => keep(&|value| range.contains(&value)),
            Values::OfSegments(values) => match values.get(&reader.segment_id()) {
                Some(values) => keep(&|value| values.contains(&value)),
                None => keep(&|_| false),
            },
        }
    }
}

impl Clone for Set {
    fn clone(&self) -> Set {
        match self {
            Set::Found(query, scores) => Set::Found(query.box_clone(), *scores),
            Set::Column(name, values) => Set::Column(name, values.clone()),
            Set::All(all) => Set::All(all.clone()),
            Set::AtLeast(least, any) => Set::AtLeast(*least, any.clone()),
            Set::Not(set) => Set::Not(set.clone()),
        }
    }
}

/// The query for the passages of a set.
#[derive(Debug, Clone)]
pub(crate) struct SetQuery(pub(crate) Set);

impl Set {
    /// Returns the passages of the set that lie within ranges of a segment, which are in order and apart. What lies
    /// elsewhere is hardly read.
    pub(crate) fn within(
        &self,
        searcher: &Searcher,
        reader: &SegmentReader,
        ranges: &[Range<DocId>],
    ) -> tantivy::Result<Vec<DocId>> {
        let weighed = Weighed::of(self, EnableScoring::disabled_from_searcher(searcher))?;
        let passages = weighed.passages(reader, ranges)?;
        Ok(passages.into_iter().map(|(doc, _)| doc).filter(|&doc| !reader.is_deleted(doc)).collect())
    }
}

impl Query for SetQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SetWeight(Weighed::of(&self.0, scoring)?)))
    }
}

/// A set whose queries are ready to be asked.
enum Weighed {
    Found(Box<dyn Weight>, Scores),
    Column(&'static str, Values),
    All(Vec<Weighed>),
    AtLeast(usize, Vec<Weighed>),
    Not(Box<Weighed>),
}

/// Passages in order.
type Passages = Vec<(DocId, Score)>;

impl Weighed {
    fn of(set: &Set, scoring: EnableScoring<'_>) -> tantivy::Result<Weighed> {
        let all = |sets: &[Set]| sets.iter().map(|set| Weighed::of(set, scoring)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match set {
            Set::Found(query, scores) => Weighed::Found(query.weight(scoring)?, *scores),
            Set::Column(name, values) => Weighed::Column(name, values.clone()),
            Set::All(sets) => Weighed::All(all(sets)?),
            Set::AtLeast(least, sets) => Weighed::AtLeast(*least, all(sets)?),
            Set::Not(set) => Weighed::Not(Box::new(Weighed::of(set, scoring)?)),
        })
    }

    /// Returns the passages of the set that lie within these ranges.
    fn passages(&self, reader: &SegmentReader, within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        match self {
            Weighed::Found(weight, scores) => Ok(found(weight.scorer(reader, 1.0)?, *scores, within)),
            Weighed::Column(..) | Weighed::Not(_) => {
                among(reader, every(reader, within)?, std::slice::from_ref(self), within)
            }
            Weighed::All(sets) => {
                let is_narrowing = |set: &&Weighed| matches!(set, Weighed::Column(..) | Weighed::Not(_));
                let mut passages: Option<Passages> = None;
                for set in sets.iter().filter(|set| !is_narrowing(set)) {
                    passages = Some(match passages {
                        None => set.passages(reader, within)?,
                        Some(few) if few.is_empty() => return Ok(few),
                        // Few are looked up one by one.
                        Some(few) if few.len() * LOOK_UP < reader.max_doc() as usize => {
                            let each: Vec<Range<DocId>> = few.iter().map(|&(doc, _)| doc..doc + 1).collect();
                            in_both(&few, &set.passages(reader, &each)?)
                        }
                        Some(many) => in_both(&many, &set.passages(reader, within)?),
                    });
                }
                among(reader, passages.map_or_else(|| every(reader, within), Ok)?, sets, within)
            }
            Weighed::AtLeast(least, sets) => {
                let mut all = Vec::new();
                for set in sets {
                    all.extend(set.passages(reader, within)?);
                }
                Ok(in_at_least(*least, all))
            }
        }
    }
}

fn found(mut scorer: Box<dyn Scorer>, scores: Scores, within: &[Range<DocId>]) -> Passages {
    let mut passages = Vec::new();
    for range in within {
        if scorer.doc() < range.start {
            scorer.seek(range.start);
        }
        while scorer.doc() < range.end {
            let score = if scores == Scores::Count { scorer.score() } else { 0.0 };
            passages.push((scorer.doc(), score));
            scorer.advance();
        }
    }
    passages
}

/// All passages within these ranges of a segment; article records are none.
fn every(reader: &SegmentReader, within: &[Range<DocId>]) -> tantivy::Result<Passages> {
    let kinds = reader.fast_fields().u64("kind")?;
    let is_passage = |doc: &DocId| kinds.first(*doc).is_some_and(|kind| kind < KIND_ARTICLE);
    Ok(within.iter().cloned().flatten().filter(is_passage).map(|doc| (doc, 0.0)).collect())
}

/// Returns the passages that columns and exclusions leave.
fn among(
    reader: &SegmentReader,
    mut passages: Passages,
    sets: &[Weighed],
    within: &[Range<DocId>],
) -> tantivy::Result<Passages> {
    for set in sets {
        match set {
            Weighed::Column(name, values) => {
                let column: Column<u64> = reader.fast_fields().u64(name)?;
                values.retain(&mut passages, reader, &column);
            }
            Weighed::Not(set) => passages = not_in(&passages, &set.passages(reader, within)?),
            Weighed::Found(..) | Weighed::All(_) | Weighed::AtLeast(..) => {}
        }
    }
    Ok(passages)
}

fn in_both(one: &[(DocId, Score)], other: &[(DocId, Score)]) -> Passages {
    let mut others = other.iter().peekable();
    let both = one.iter().filter_map(|&(doc, score)| {
        while others.next_if(|other| other.0 < doc).is_some() {}
        others.next_if(|other| other.0 == doc).map(|other| (doc, score + other.1))
    });
    both.collect()
}

fn not_in(passages: &[(DocId, Score)], excluded: &[(DocId, Score)]) -> Passages {
    let mut excluded = excluded.iter().peekable();
    let mut is_left = |doc: DocId| {
        while excluded.next_if(|other| other.0 < doc).is_some() {}
        excluded.peek().is_none_or(|other| other.0 != doc)
    };
    passages.iter().copied().filter(|&(doc, _)| is_left(doc)).collect()
}

fn in_at_least(least: usize, mut all: Passages) -> Passages {
    all.sort_by_key(|&(doc, _)| doc);
    let enough = all.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() >= least);
    enough.map(|same| (same[0].0, same.iter().map(|passage| passage.1).sum())).collect()
}

struct SetWeight(Weighed);

impl Weight for SetWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let all = 0..reader.max_doc();
        let mut passages = self.0.passages(reader, std::slice::from_ref(&all))?;
        passages.iter_mut().for_each(|passage| passage.1 *= boost);
        Ok(Box::new(Scored { passages, at: 0 }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

/// Explains the score of a passage by itself.
pub(crate) fn explain(weight: &dyn Weight, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(reader, 1.0)?;
    if scorer.doc() > doc || scorer.seek(doc) != doc {
        return Err(TantivyError::InvalidArgument(format!("passage {doc} does not match")));
    }
    Ok(Explanation::new("found", scorer.score()))
}

/// Passages in order with their scores, as the engine reads them.
pub(crate) struct Scored {
    pub(crate) passages: Passages,
    pub(crate) at: usize,
}

impl DocSet for Scored {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.passages.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.passages[self.at..].partition_point(|&(doc, _)| doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.passages.get(self.at).map_or(TERMINATED, |&(doc, _)| doc)
    }

    fn size_hint(&self) -> u32 {
        self.passages.len() as u32
    }
}

impl Scorer for Scored {
    fn score(&mut self) -> Score {
        self.passages.get(self.at).map_or(0.0, |&(_, score)| score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn passages(docs: &BTreeSet<DocId>) -> Passages {
        docs.iter().map(|&doc| (doc, 1.0)).collect()
    }

    fn docs(passages: &Passages) -> BTreeSet<DocId> {
        passages.iter().map(|&(doc, _)| doc).collect()
    }

    proptest! {
        #[test]
        fn as_sets_are_combined(
            one in proptest::collection::btree_set(0u32..30, 0..20),
            other in proptest::collection::btree_set(0u32..30, 0..20),
        ) {
            let (left, right) = (passages(&one), passages(&other));
            prop_assert_eq!(docs(&in_both(&left, &right)), &one & &other);
            prop_assert_eq!(docs(&not_in(&left, &right)), &one - &other);
            let together = [left, right].concat();
            prop_assert_eq!(docs(&in_at_least(1, together.clone())), &one | &other);
            prop_assert_eq!(docs(&in_at_least(2, together)), &one & &other);
        }
    }
}
