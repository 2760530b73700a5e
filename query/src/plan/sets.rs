//! A tantivy query that decides which passages are hits: sets of
//! passages, combined one segment at a time.
//!
//! The leaves are tantivy queries, read from the first passage to the
//! last; filters are asked only of passages that all else let through.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use svod_store::schema::KIND_ARTICLE;
use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError};

use crate::budget::{Budget, COLUMN, LOOKED_UP, POSTING};

/// Looking up one passage costs as much as reading this many in order.
const LOOK_UP: usize = 64;
/// The number of passages between two looks at the budget.
const PASSAGES_A_TIME: u64 = 1_024;

/// Passages with their scores.
#[derive(Debug)]
pub(crate) enum Set {
    /// The passages that a query finds.
    Found(Box<dyn Query>, Scores),
    /// The passages of which a column has one of these values.
    Column(&'static str, Values),
    /// The passages that are in all of them.
    All(Vec<Set>),
    /// The passages that are in at least this many of them.
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
    /// Ranges in order and apart.
    Ranges(Vec<RangeInclusive<u64>>),
    /// In each segment one of these.
    OfSegments(HashMap<SegmentId, Arc<HashSet<u64>>>),
}

impl Values {
    /// Keeps the passages of a segment whose value is one of these, or those whose value is not.
    fn retain(&self, passages: &mut Passages, reader: &SegmentReader, column: &Column<u64>, keep: Keep) {
        let wanted = keep == Keep::These;
        let mut retain = |is_one: &dyn Fn(u64) -> bool| {
            passages.retain(|&(doc, _)| column.first(doc).is_some_and(is_one) == wanted);
        };
        match self {
            Values::Ranges(ranges) => retain(&|value| {
                let next = ranges.partition_point(|range| *range.end() < value);
                ranges.get(next).is_some_and(|range| range.contains(&value))
            }),
            Values::OfSegments(values) => match values.get(&reader.segment_id()) {
                Some(values) => retain(&|value| values.contains(&value)),
                None => retain(&|_| false),
            },
        }
    }

    /// Returns the values that are among these or those; `None` if they are not of one sort.
    fn or(&self, other: &Values) -> Option<Values> {
        Some(match (self, other) {
            (Values::Ranges(one), Values::Ranges(other)) => {
                let mut ranges = [one.as_slice(), other].concat();
                ranges.sort_by_key(|range| *range.start());
                ranges.dedup_by(|next, kept| {
                    let touches = *next.start() <= kept.end().saturating_add(1);
                    if touches {
                        *kept = *kept.start()..=*kept.end().max(next.end());
                    }
                    touches
                });
                Values::Ranges(ranges)
            }
            (Values::OfSegments(one), Values::OfSegments(other)) => {
                Values::OfSegments(joined(one, other, |one, other| one | other))
            }
            _ => return None,
        })
    }

    /// Returns the values that are among these and those; `None` if they are not of one sort.
    fn and(&self, other: &Values) -> Option<Values> {
        Some(match (self, other) {
            (Values::Ranges(one), Values::Ranges(other)) => {
                let mut ranges = Vec::new();
                for one in one {
                    let first = other.partition_point(|other| other.end() < one.start());
                    let touching = other[first..].iter().take_while(|other| other.start() <= one.end());
                    ranges.extend(touching.map(|other| *one.start().max(other.start())..=*one.end().min(other.end())));
                }
                Values::Ranges(ranges)
            }
            (Values::OfSegments(one), Values::OfSegments(other)) => {
                Values::OfSegments(joined(one, other, |one, other| one & other))
            }
            _ => return None,
        })
    }
}

/// Joins the values of each segment.
fn joined(
    one: &HashMap<SegmentId, Arc<HashSet<u64>>>,
    other: &HashMap<SegmentId, Arc<HashSet<u64>>>,
    join: impl Fn(&HashSet<u64>, &HashSet<u64>) -> HashSet<u64>,
) -> HashMap<SegmentId, Arc<HashSet<u64>>> {
    // Both have all segments: those of one index share their values.
    let mut made: HashMap<*const HashSet<u64>, Arc<HashSet<u64>>> = HashMap::new();
    let values = one.iter().filter_map(|(segment, values)| {
        let others = other.get(segment)?;
        let joined = made.entry(Arc::as_ptr(values)).or_insert_with(|| Arc::new(join(values, others)));
        Some((*segment, Arc::clone(joined)))
    });
    values.collect()
}

/// Whether passages with the values are kept, or all others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    These,
    Others,
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
pub(crate) struct SetQuery(pub(crate) Set, pub(crate) Budget);

impl Set {
    /// Returns the set of no passages.
    pub(crate) fn none() -> Set {
        Set::AtLeast(1, Vec::new())
    }

    /// Returns the passages that are in all of these sets. What is asked of one column is asked once.
    pub(crate) fn all(sets: Vec<Set>) -> Set {
        Set::All(merged(sets, Values::and))
    }

    /// Returns the passages that are in any of these sets. What is asked of one column is asked once.
    pub(crate) fn any(sets: Vec<Set>) -> Set {
        let mut any = merged(sets, Values::or);
        match any.pop() {
            Some(only) if any.is_empty() => only,
            last => Set::AtLeast(1, any.into_iter().chain(last).collect()),
        }
    }

    /// Returns the passages of the set that lie within ranges of a segment, which are in order and apart. What lies
    /// elsewhere is hardly read.
    pub(crate) fn within(
        &self,
        searcher: &Searcher,
        reader: &SegmentReader,
        ranges: &[Range<DocId>],
        budget: &Budget,
    ) -> tantivy::Result<Vec<DocId>> {
        let weighed = Weighed::of(self, EnableScoring::disabled_from_searcher(searcher))?;
        let passages = Reading { reader, budget }.passages(&weighed, ranges)?;
        Ok(passages.into_iter().map(|(doc, _)| doc).filter(|&doc| !reader.is_deleted(doc)).collect())
    }
}

/// Merges the sets that are of one column.
fn merged(sets: Vec<Set>, merge: fn(&Values, &Values) -> Option<Values>) -> Vec<Set> {
    let mut merged: Vec<Set> = Vec::with_capacity(sets.len());
    for set in sets {
        let mut known = merged.iter_mut().filter_map(|known| match (known, &set) {
            (Set::Column(name, values), Set::Column(next, others)) if name == next => {
                merge(values, others).map(|both| (values, both))
            }
            _ => None,
        });
        match known.next() {
            Some((values, both)) => *values = both,
            None => {
                drop(known);
                merged.push(set);
            }
        }
    }
    merged
}

impl Query for SetQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SetWeight(Weighed::of(&self.0, scoring)?, self.1.clone())))
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

    /// Returns whether it leaves out passages of others, rather than finding some.
    fn is_narrowing(&self) -> bool {
        matches!(self, Weighed::Column(..) | Weighed::Not(_))
    }
}

/// Reads sets of passages in a segment. What it returns is in the set; if the budget is spent, that is not all of it.
#[derive(Clone, Copy)]
struct Reading<'r> {
    reader: &'r SegmentReader,
    budget: &'r Budget,
}

impl Reading<'_> {
    /// Returns the passages of a set that lie within these ranges.
    fn passages(self, set: &Weighed, within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        if self.budget.is_stopped() {
            return Ok(Passages::new());
        }
        match set {
            Weighed::Found(weight, scores) => self.found(&**weight, *scores, within),
            Weighed::Column(..) | Weighed::Not(_) => self.among(self.every(within)?, std::slice::from_ref(set), within),
            Weighed::All(sets) => self.in_all(sets, within),
            Weighed::AtLeast(least, sets) => {
                let mut sum = Sum::default();
                let mut holding = self.budget.holding();
                for set in sets {
                    let held = sum.add(self.passages(set, within)?, self.reader.max_doc() as usize);
                    if !holding.add::<(DocId, Score)>(held) {
                        break;
                    }
                }
                Ok(sum.in_at_least(*least))
            }
        }
    }

    fn in_all(self, sets: &[Weighed], within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        let mut passages: Option<Passages> = None;
        let mut holding = self.budget.holding();
        for set in sets.iter().filter(|set| !set.is_narrowing()) {
            passages = Some(match passages {
                None => self.passages(set, within)?,
                Some(few) if few.is_empty() => return Ok(few),
                // Few are looked up one by one.
                Some(few) if few.len() * LOOK_UP < self.reader.max_doc() as usize => {
                    let each: Vec<Range<DocId>> = few.iter().map(|&(doc, _)| doc..doc + 1).collect();
                    in_both(&few, &self.passages(set, &each)?)
                }
                Some(many) => in_both(&many, &self.passages(set, within)?),
            });
            // Once: the list of the first is the longest.
            holding.at_least::<(DocId, Score)>(passages.as_ref().map_or(0, Vec::len));
        }
        let passages = passages.map_or_else(|| self.every(within), Ok)?;
        self.among(passages, sets, within)
    }

    fn found(self, weight: &dyn Weight, scores: Scores, within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        let mut scorer = weight.scorer(self.reader, 1.0)?;
        // What a phrase costs is what it reads and does not find. Where little is looked up, it reads little.
        let looked_up = LOOK_UP as u64 * within.iter().map(|range| u64::from(range.end - range.start)).sum::<u64>();
        self.budget.spend(LOOKED_UP + POSTING * scorer.cost().min(looked_up));
        let mut passages = Vec::new();
        for range in within {
            if self.budget.is_stopped() {
                break;
            }
            if scorer.doc() < range.start {
                scorer.seek(range.start);
            }
            while scorer.doc() < range.end {
                let score = if scores == Scores::Count { scorer.score() } else { 0.0 };
                passages.push((scorer.doc(), score));
                if (passages.len() as u64).is_multiple_of(PASSAGES_A_TIME)
                    && !self.budget.spend(POSTING * PASSAGES_A_TIME)
                {
                    break;
                }
                scorer.advance();
            }
        }
        Ok(passages)
    }

    /// All passages within these ranges of a segment; article records are none.
    fn every(self, within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        let records: u64 = within.iter().map(|range| u64::from(range.end - range.start)).sum();
        if !self.budget.spend(COLUMN * records) {
            return Ok(Passages::new());
        }
        let kinds = self.reader.fast_fields().u64("kind")?;
        let is_passage = |doc: &DocId| kinds.first(*doc).is_some_and(|kind| kind < KIND_ARTICLE);
        Ok(within.iter().cloned().flatten().filter(is_passage).map(|doc| (doc, 0.0)).collect())
    }

    /// Returns the passages that columns and exclusions leave.
    fn among(self, mut passages: Passages, sets: &[Weighed], within: &[Range<DocId>]) -> tantivy::Result<Passages> {
        for set in sets.iter().filter(|set| set.is_narrowing()) {
            match set {
                Weighed::Column(name, values) => self.retain(&mut passages, name, values, Keep::These)?,
                Weighed::Not(set) => match &**set {
                    Weighed::Column(name, values) => self.retain(&mut passages, name, values, Keep::Others)?,
                    set => {
                        passages = not_in(&passages, &self.passages(set, within)?);
                        // What was not read to its end may exclude any.
                        if self.budget.is_stopped() {
                            passages.clear();
                        }
                    }
                },
                Weighed::Found(..) | Weighed::All(_) | Weighed::AtLeast(..) => {}
            }
        }
        Ok(passages)
    }

    fn retain(self, passages: &mut Passages, name: &str, values: &Values, keep: Keep) -> tantivy::Result<()> {
        self.budget.spend(COLUMN * passages.len() as u64);
        let column: Column<u64> = self.reader.fast_fields().u64(name)?;
        values.retain(passages, self.reader, &column, keep);
        Ok(())
    }
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

/// Passages of several sets: of few their lists, of many how often each is there, and its scores together.
#[derive(Default)]
struct Sum {
    few: Passages,
    many: Vec<(u32, Score)>,
}

impl Sum {
    /// Adds the passages of a set in a segment of `all` records. Returns by how much the memory grew, in entries.
    fn add(&mut self, passages: Passages, all: usize) -> usize {
        let before = self.few.len() + self.many.len();
        self.few.extend(passages);
        if self.few.len() > all / 2 {
            self.many.resize(all, (0, 0.0));
            self.add_up();
        }
        (self.few.len() + self.many.len()).saturating_sub(before)
    }

    /// Returns the passages that are in at least `least` of the sets.
    fn in_at_least(mut self, least: usize) -> Passages {
        if !self.many.is_empty() {
            self.add_up();
            let enough = (0..).zip(self.many).filter(|&(_, (count, _))| count > 0 && count as usize >= least);
            return enough.map(|(doc, (_, score))| (doc, score)).collect();
        }
        self.few.sort_by_key(|&(doc, _)| doc);
        let enough = self.few.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() >= least);
        enough.map(|same| (same[0].0, same.iter().map(|passage| passage.1).sum())).collect()
    }

    fn add_up(&mut self) {
        for (doc, score) in self.few.drain(..) {
            let (count, sum) = &mut self.many[doc as usize];
            (*count, *sum) = (*count + 1, *sum + score);
        }
    }
}

struct SetWeight(Weighed, Budget);

impl Weight for SetWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let all = 0..reader.max_doc();
        let reading = Reading { reader, budget: &self.1 };
        let mut passages = reading.passages(&self.0, std::slice::from_ref(&all))?;
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

/// Passages in order with their scores, as tantivy reads them.
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
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

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
            // As lists, and as numbers for each passage.
            for all in [1_000, 30] {
                let sum = || {
                    let mut sum = Sum::default();
                    for passages in [&left, &right] {
                        sum.add(passages.clone(), all);
                    }
                    sum
                };
                prop_assert_eq!(docs(&sum().in_at_least(1)), &one | &other);
                prop_assert_eq!(docs(&sum().in_at_least(2)), &one & &other);
            }
        }

        #[test]
        fn as_values_are_combined(
            one in proptest::collection::vec((0u64..40, 0u64..10), 1..6),
            other in proptest::collection::vec((0u64..40, 0u64..10), 1..6),
        ) {
            let ranges = |ranges: &[(u64, u64)]| {
                let one = |&(start, length): &(u64, u64)| Values::Ranges(vec![start..=start + length]);
                ranges.iter().map(one).reduce(|one, other| one.or(&other).unwrap()).unwrap()
            };
            let has = |values: &Values, value: u64| match values {
                Values::Ranges(ranges) => ranges.iter().any(|range| range.contains(&value)),
                Values::OfSegments(_) => false,
            };
            let (one, other) = (ranges(&one), ranges(&other));
            let (both, any) = (one.and(&other).unwrap(), one.or(&other).unwrap());
            for value in 0..60 {
                prop_assert_eq!(has(&both, value), has(&one, value) && has(&other, value));
                prop_assert_eq!(has(&any, value), has(&one, value) || has(&other, value));
            }
        }
    }
}
