//! A tantivy query for what tantivy's own phrase query cannot say: several
//! terms at one position, gaps, windows.
//!
//! All passages of a segment are found at once when its scorer is made, the
//! rarest term first, so that of the others only what stands in the same
//! passages is read.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, Term};

use crate::budget::{Budget, Holding, LOOKED_UP, POSITION, POSTING};
use crate::index::statistics::SATURATION;
use crate::plan::sets::{Scored, explain};

/// Passages in which spans stand, in order or near each other.
#[derive(Debug, Clone)]
pub(crate) struct SpanQuery {
    pub(crate) field: Field,
    pub(crate) spans: Vec<Span>,
    pub(crate) order: Order,
    /// What endless occurrences score.
    pub(crate) weight: f32,
    pub(crate) budget: Budget,
}

/// Terms that follow each other directly.
#[derive(Debug, Clone, Default)]
pub(crate) struct Span {
    pub(crate) slots: Vec<Slot>,
    /// The positions that it takes.
    pub(crate) length: u32,
}

/// The terms that may stand at one place of a span.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// The position in the span.
    pub(crate) offset: u32,
    /// Shared: a wildcard may stand for very many.
    pub(crate) terms: Arc<[String]>,
}

/// How the spans of a query stand to each other.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    /// Each after the one before, with a number of positions between them that lies in these ranges.
    Sequence(Vec<RangeInclusive<u32>>),
    /// In any order, all within a window of this many positions.
    Window(u32),
}

impl SpanQuery {
    /// Returns the passages of a segment in which the spans stand, and how often. If the budget is spent: some of them.
    fn counts(&self, reader: &SegmentReader) -> tantivy::Result<Vec<(DocId, u32)>> {
        let index = reader.inverted_index(self.field)?;
        if let [Span { slots, .. }] = &self.spans[..]
            && let [slot] = &slots[..]
        {
            return self.count_one_slot(&index, slot, reader.max_doc());
        }
        let mut holding = self.budget.holding();
        // What stands in several slots is read once.
        let mut uses: HashMap<&[String], Vec<(usize, u32)>> = HashMap::new();
        for (at, span) in self.spans.iter().enumerate() {
            span.slots.iter().for_each(|slot| uses.entry(&slot.terms).or_default().push((at, slot.offset)));
        }
        let mut lists = Vec::with_capacity(uses.len());
        for (terms, uses) in uses {
            let lists_of = self.lists(&index, terms)?;
            let cost: u64 = lists_of.iter().map(|list| u64::from(list.doc_freq)).sum();
            lists.push((cost, uses, lists_of));
        }
        lists.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let mut occurrences: Vec<Occurrences> = Vec::with_capacity(lists.len());
        for (_, uses, lists) in lists {
            let among = occurrences.last().map(|found| &found.docs[..]);
            let found = Occurrences::read(&index, uses, &lists, among, &mut holding)?;
            if found.docs.is_empty() || self.budget.is_stopped() {
                return Ok(Vec::new());
            }
            occurrences.push(found);
        }
        Ok(self.count_all(&occurrences))
    }

    /// Looks up where the postings of terms are.
    fn lists(&self, index: &InvertedIndexReader, terms: &[String]) -> tantivy::Result<Vec<TermInfo>> {
        let mut lists = Vec::new();
        for term in terms {
            if !self.budget.spend(LOOKED_UP) {
                break;
            }
            lists.extend(index.get_term_info(&Term::from_field_text(self.field, term))?);
        }
        Ok(lists)
    }

    /// Without other slots no positions are needed.
    fn count_one_slot(
        &self,
        index: &InvertedIndexReader,
        slot: &Slot,
        all: DocId,
    ) -> tantivy::Result<Vec<(DocId, u32)>> {
        let lists = self.lists(index, &slot.terms)?;
        let most: u64 = lists.iter().map(|list| u64::from(list.doc_freq)).sum();
        let mut counts = OccurrenceCounts::of(usize::try_from(most).unwrap_or(usize::MAX), all as usize);
        for list in &lists {
            if !self.budget.spend(POSTING * u64::from(list.doc_freq)) {
                break;
            }
            let mut postings = index.read_postings_from_terminfo(list, IndexRecordOption::WithFreqs)?;
            while postings.doc() != TERMINATED {
                counts.add(postings.doc(), postings.term_freq());
                postings.advance();
            }
        }
        Ok(counts.in_order())
    }

    /// Counts in the passages that have a term of every slot.
    fn count_all(&self, occurrences: &[Occurrences]) -> Vec<(DocId, u32)> {
        let docs = occurrences.last().map_or(&[][..], |found| &found.docs[..]);
        let mut uses: Vec<(usize, u32, &Occurrences)> = (occurrences.iter())
            .flat_map(|found| found.uses.iter().map(move |&(span, offset)| (span, offset, found)))
            .collect();
        // Stable: of each span the slots stay rarest first.
        uses.sort_by_key(|slot| slot.0);
        let mut starts: Vec<Vec<u32>> = vec![Vec::new(); self.spans.len()];
        let mut counts = Vec::new();
        for &doc in docs {
            let mut compared = 0;
            for (slots, starts) in uses.chunk_by(|one, other| one.0 == other.0).zip(&mut starts) {
                starts.clear();
                for (number, &(_, offset, slot)) in slots.iter().enumerate() {
                    let mut others = slot.starts(doc, offset).inspect(|_| compared += 1).peekable();
                    if number == 0 {
                        starts.extend(others);
                        continue;
                    }
                    starts.retain(|&start| {
                        while others.next_if(|&other| other < start).is_some() {}
                        others.peek() == Some(&start)
                    });
                    if starts.is_empty() {
                        break;
                    }
                }
            }
            if !self.budget.spend(POSITION * compared) {
                break;
            }
            let count = self.order.count(&self.spans, &starts);
            if count > 0 {
                counts.push((doc, count));
            }
        }
        counts
    }
}

/// How often terms stand in passages: of few postings a list, of many a number for each passage there is.
enum OccurrenceCounts {
    Few(Vec<(DocId, u32)>),
    Many(Vec<u32>),
}

impl OccurrenceCounts {
    fn of(most: usize, all: usize) -> OccurrenceCounts {
        if most < all / 8 {
            OccurrenceCounts::Few(Vec::with_capacity(most))
        } else {
            OccurrenceCounts::Many(vec![0; all])
        }
    }

    fn add(&mut self, doc: DocId, count: u32) {
        match self {
            OccurrenceCounts::Few(few) => few.push((doc, count)),
            OccurrenceCounts::Many(counts) => counts[doc as usize] += count,
        }
    }

    fn in_order(self) -> Vec<(DocId, u32)> {
        match self {
            OccurrenceCounts::Few(mut few) => {
                few.sort_unstable();
                few.dedup_by(|next, kept| {
                    let is_same = next.0 == kept.0;
                    kept.1 += if is_same { next.1 } else { 0 };
                    is_same
                });
                few
            }
            OccurrenceCounts::Many(counts) => (0..).zip(counts).filter(|&(_, count)| count > 0).collect(),
        }
    }
}

/// Where some terms stand, and the slots that they are of.
struct Occurrences {
    /// The span and the offset in it of each slot.
    uses: Vec<(usize, u32)>,
    docs: Vec<DocId>,
    /// For each passage the end of its positions.
    ends: Vec<usize>,
    positions: Vec<u32>,
}

impl Occurrences {
    /// Reads the postings of a slot, of some passages or of all; fewer if the budget is spent.
    fn read(
        index: &InvertedIndexReader,
        uses: Vec<(usize, u32)>,
        lists: &[TermInfo],
        among: Option<&[DocId]>,
        holding: &mut Holding<'_>,
    ) -> tantivy::Result<Occurrences> {
        let mut pairs: Vec<(DocId, u32)> = Vec::new();
        let mut positions = Vec::new();
        for list in lists {
            let postings = among.map_or(list.doc_freq, |docs| list.doc_freq.min(docs.len() as u32));
            if !holding.budget().spend(POSTING * u64::from(postings)) {
                break;
            }
            let mut postings = index.read_postings_from_terminfo(list, IndexRecordOption::WithFreqsAndPositions)?;
            each_doc(&mut postings, among, |postings| {
                postings.positions(&mut positions);
                pairs.extend(positions.iter().map(|&position| (postings.doc(), position)));
                let found = positions.len();
                // Twice: once more when they are in order.
                holding.add::<(DocId, u32)>(2 * found) && holding.budget().spend(POSITION * found as u64)
            });
        }
        pairs.sort_unstable();
        let mut found = Occurrences { uses, docs: Vec::new(), ends: Vec::new(), positions: Vec::new() };
        for (doc, position) in pairs {
            if found.docs.last() != Some(&doc) {
                found.docs.push(doc);
                found.ends.push(found.positions.len());
            }
            found.positions.push(position);
            if let Some(end) = found.ends.last_mut() {
                *end = found.positions.len();
            }
        }
        Ok(found)
    }

    /// Returns the positions at which the span of a slot at an offset would begin in a passage.
    fn starts(&self, doc: DocId, offset: u32) -> impl Iterator<Item = u32> {
        let range = match self.docs.binary_search(&doc) {
            Ok(0) => 0..self.ends[0],
            Ok(at) => self.ends[at - 1]..self.ends[at],
            Err(_) => 0..0,
        };
        self.positions[range].iter().filter_map(move |position| position.checked_sub(offset))
    }
}

/// Calls `each` for every passage of a posting list that is among some, as long as it returns true.
fn each_doc(
    postings: &mut SegmentPostings,
    among: Option<&[DocId]>,
    mut each: impl FnMut(&mut SegmentPostings) -> bool,
) {
    match among {
        Some(docs) if docs.len() < postings.doc_freq() as usize => {
            for &doc in docs {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc && !each(postings) {
                    return;
                }
            }
        }
        _ => {
            while postings.doc() != TERMINATED {
                if among.is_none_or(|docs| docs.binary_search(&postings.doc()).is_ok()) && !each(postings) {
                    return;
                }
                postings.advance();
            }
        }
    }
}

impl Order {
    /// Counts how often spans stand so, each with the positions it begins at, sorted.
    fn count(&self, spans: &[Span], starts: &[Vec<u32>]) -> u32 {
        match self {
            Order::Sequence(gaps) => count_sequences(spans, starts, gaps),
            Order::Window(window) => count_windows(spans, starts, *window),
        }
    }
}

/// Goes from the last span to the first, and keeps the starts from which all later spans follow.
fn count_sequences(spans: &[Span], starts: &[Vec<u32>], gaps: &[RangeInclusive<u32>]) -> u32 {
    let Some(mut whole) = starts.last().cloned() else { return 0 };
    for ((span, starts), gap) in spans.iter().zip(starts).zip(gaps).rev() {
        let goes_on = |start: &&u32| {
            let end = **start + span.length;
            let next = whole.partition_point(|&next| next < end + gap.start());
            whole.get(next).is_some_and(|&next| next <= end + gap.end())
        };
        whole = starts.iter().filter(goes_on).copied().collect();
    }
    whole.len() as u32
}

/// The smallest window from each beginning: the span that begins first is moved on each time.
fn count_windows(spans: &[Span], starts: &[Vec<u32>], window: u32) -> u32 {
    let mut last_end = 0;
    let mut firsts = BinaryHeap::with_capacity(spans.len());
    for (at, (span, starts)) in spans.iter().zip(starts).enumerate() {
        let Some(&start) = starts.first() else { return 0 };
        last_end = last_end.max(start + span.length);
        firsts.push(Reverse((start, at, 0)));
    }
    let mut count = 0;
    while let Some(Reverse((first, at, place))) = firsts.pop() {
        count += u32::from(last_end - first <= window);
        let Some(&start) = starts[at].get(place + 1) else { break };
        last_end = last_end.max(start + spans[at].length);
        firsts.push(Reverse((start, at, place + 1)));
    }
    count
}

impl Query for SpanQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SpanWeight(self.clone())))
    }
}

struct SpanWeight(SpanQuery);

impl Weight for SpanWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let score = |count: f32| self.0.weight * boost * count / (count + SATURATION);
        let passages = self.0.counts(reader)?.into_iter().map(|(doc, count)| (doc, score(count as f32))).collect();
        Ok(Box::new(Scored { passages, at: 0 }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        explain(self, reader, doc)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(length: u32) -> Span {
        Span { slots: Vec::new(), length }
    }

    #[test]
    fn sequences_with_gaps() {
        let spans = [span(2), span(1), span(1)];
        let starts = [vec![0, 10], vec![2, 15], vec![3, 20]];
        assert_eq!(count_sequences(&spans, &starts, &[0..=0, 0..=0]), 1);
        assert_eq!(count_sequences(&spans, &starts, &[0..=3, 0..=4]), 2);
        assert_eq!(count_sequences(&spans, &starts, &[1..=2, 0..=9]), 0);
    }

    #[test]
    fn windows() {
        let spans = [span(2), span(1)];
        assert_eq!(count_windows(&spans, &[vec![0, 30], vec![7, 24]], 8), 2);
        assert_eq!(count_windows(&spans, &[vec![0, 30], vec![7, 24]], 7), 0);
        assert_eq!(count_windows(&spans, &[vec![5], vec![]], 8), 0);
    }

    proptest! {
        #[test]
        fn a_window_is_found_where_any_choice_of_places_fits(
            starts in proptest::collection::vec(proptest::collection::btree_set(0u32..40, 1..4), 1..4),
            window in 1u32..20,
        ) {
            let starts: Vec<Vec<u32>> = starts.into_iter().map(|starts| starts.into_iter().collect()).collect();
            let spans: Vec<Span> = (0..starts.len()).map(|at| span(at as u32 % 2 + 1)).collect();
            let mut choices: Vec<(u32, u32)> = vec![(u32::MAX, 0)];
            for (span, starts) in spans.iter().zip(&starts) {
                choices = choices
                    .iter()
                    .flat_map(|&(first, last)| starts.iter().map(move |&start| (first.min(start), last.max(start + span.length))))
                    .collect();
            }
            let fits = choices.iter().any(|(first, last)| last - first <= window);
            prop_assert_eq!(count_windows(&spans, &starts, window) > 0, fits);
        }
    }
}
