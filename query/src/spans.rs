//! A query of the engine for what its own phrase query cannot say: several
//! terms at one position, gaps, windows.
//!
//! All passages of a segment are found at once when its scorer is made, the
//! rarest term first, so that of the others only what stands in the same
//! passages is read.

use std::ops::RangeInclusive;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, Term};

use crate::sets::{Scored, explain};

/// How soon more occurrences in one passage tell nothing more: the k1 of BM25.
const SATURATION: f32 = 1.2;

/// Passages in which spans stand, in order or near each other.
#[derive(Debug, Clone)]
pub(crate) struct SpanQuery {
    pub(crate) field: Field,
    pub(crate) spans: Vec<Span>,
    pub(crate) order: Order,
    /// What endless occurrences score.
    pub(crate) weight: f32,
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
    pub(crate) terms: Vec<String>,
}

/// How the spans of a query stand to each other.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    /// Each after the one before, with so many positions between them.
    Chain(Vec<RangeInclusive<u32>>),
    /// In any order, all within a window of so many positions.
    Window(u32),
}

impl SpanQuery {
    /// Returns the passages of a segment in which the spans stand, and how often.
    fn counts(&self, reader: &SegmentReader) -> tantivy::Result<Vec<(DocId, u32)>> {
        let index = reader.inverted_index(self.field)?;
        if let [Span { slots, .. }] = &self.spans[..]
            && let [slot] = &slots[..]
        {
            return self.count_one_slot(&index, slot, reader.max_doc());
        }
        let mut lists = Vec::new();
        for (span, slot) in
            self.spans.iter().enumerate().flat_map(|(at, span)| span.slots.iter().map(move |slot| (at, slot)))
        {
            let postings = self.postings(&index, slot, IndexRecordOption::WithFreqsAndPositions)?;
            let cost: u64 = postings.iter().map(|postings| u64::from(postings.doc_freq())).sum();
            lists.push((cost, span, slot.offset, postings));
        }
        lists.sort_by_key(|list| list.0);
        let mut occurrences: Vec<Occurrences> = Vec::with_capacity(lists.len());
        for (_, span, offset, postings) in lists {
            let among = occurrences.last().map(|found| &found.docs[..]);
            let found = Occurrences::read(span, offset, postings, among);
            if found.docs.is_empty() {
                return Ok(Vec::new());
            }
            occurrences.push(found);
        }
        Ok(self.count_all(&occurrences))
    }

    fn postings(
        &self,
        index: &InvertedIndexReader,
        slot: &Slot,
        record: IndexRecordOption,
    ) -> tantivy::Result<Vec<SegmentPostings>> {
        let read = |term: &String| index.read_postings(&Term::from_field_text(self.field, term), record).transpose();
        Ok(slot.terms.iter().filter_map(read).collect::<Result<_, _>>()?)
    }

    /// Without other slots no positions are needed.
    fn count_one_slot(
        &self,
        index: &InvertedIndexReader,
        slot: &Slot,
        all: DocId,
    ) -> tantivy::Result<Vec<(DocId, u32)>> {
        let mut counts = vec![0; all as usize];
        for mut postings in self.postings(index, slot, IndexRecordOption::WithFreqs)? {
            while postings.doc() != TERMINATED {
                counts[postings.doc() as usize] += postings.term_freq();
                postings.advance();
            }
        }
        Ok((0..all).zip(counts).filter(|&(_, count)| count > 0).collect())
    }

    /// Counts in the passages that have a term of every slot.
    fn count_all(&self, occurrences: &[Occurrences]) -> Vec<(DocId, u32)> {
        let docs = occurrences.last().map_or(&[][..], |found| &found.docs[..]);
        let mut starts: Vec<Vec<u32>> = vec![Vec::new(); self.spans.len()];
        let mut counts = Vec::new();
        for &doc in docs {
            for (span, starts) in starts.iter_mut().enumerate() {
                starts.clear();
                let mut slots = occurrences.iter().filter(|found| found.span == span);
                if let Some(first) = slots.next() {
                    starts.extend(first.starts(doc));
                }
                for slot in slots {
                    let mut others = slot.starts(doc).peekable();
                    starts.retain(|&start| {
                        while others.next_if(|&other| other < start).is_some() {}
                        others.peek() == Some(&start)
                    });
                }
            }
            let count = self.order.count(&self.spans, &starts);
            if count > 0 {
                counts.push((doc, count));
            }
        }
        counts
    }
}

/// Where the terms of one slot stand.
struct Occurrences {
    span: usize,
    offset: u32,
    docs: Vec<DocId>,
    /// For each passage the end of its positions.
    ends: Vec<usize>,
    positions: Vec<u32>,
}

impl Occurrences {
    /// Reads the postings of a slot, of some passages or of all.
    fn read(span: usize, offset: u32, lists: Vec<SegmentPostings>, among: Option<&[DocId]>) -> Occurrences {
        let mut pairs: Vec<(DocId, u32)> = Vec::new();
        let mut positions = Vec::new();
        for mut postings in lists {
            each_doc(&mut postings, among, |postings| {
                postings.positions(&mut positions);
                pairs.extend(positions.iter().map(|&position| (postings.doc(), position)));
            });
        }
        pairs.sort_unstable();
        let mut found = Occurrences { span, offset, docs: Vec::new(), ends: Vec::new(), positions: Vec::new() };
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
        found
    }

    /// Returns the positions at which the span would begin in a passage.
    fn starts(&self, doc: DocId) -> impl Iterator<Item = u32> {
        let range = match self.docs.binary_search(&doc) {
            Ok(0) => 0..self.ends[0],
            Ok(at) => self.ends[at - 1]..self.ends[at],
            Err(_) => 0..0,
        };
        self.positions[range].iter().filter_map(|position| position.checked_sub(self.offset))
    }
}

/// Calls `each` for every passage of a posting list that is among some.
fn each_doc(postings: &mut SegmentPostings, among: Option<&[DocId]>, mut each: impl FnMut(&mut SegmentPostings)) {
    match among {
        Some(docs) if docs.len() < postings.doc_freq() as usize => {
            for &doc in docs {
                if postings.doc() < doc {
                    postings.seek(doc);
                }
                if postings.doc() == doc {
                    each(postings);
                }
            }
        }
        _ => {
            while postings.doc() != TERMINATED {
                if among.is_none_or(|docs| docs.binary_search(&postings.doc()).is_ok()) {
                    each(postings);
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
            Order::Chain(gaps) => count_chains(spans, starts, gaps),
            Order::Window(window) => count_windows(spans, starts, *window),
        }
    }
}

/// From the last span to the first: which of them begin something whole.
fn count_chains(spans: &[Span], starts: &[Vec<u32>], gaps: &[RangeInclusive<u32>]) -> u32 {
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
    let mut next = vec![0; spans.len()];
    let mut count = 0;
    loop {
        let (mut first, mut first_start, mut last_end) = (0, u32::MAX, 0);
        for (at, (span, starts)) in spans.iter().zip(starts).enumerate() {
            let Some(&start) = starts.get(next[at]) else { return count };
            last_end = last_end.max(start + span.length);
            if start < first_start {
                (first, first_start) = (at, start);
            }
        }
        count += u32::from(last_end - first_start <= window);
        next[first] += 1;
    }
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
    use super::*;
    use proptest::prelude::*;

    fn span(length: u32) -> Span {
        Span { slots: Vec::new(), length }
    }

    #[test]
    fn chains_with_gaps() {
        let spans = [span(2), span(1), span(1)];
        let starts = [vec![0, 10], vec![2, 15], vec![3, 20]];
        assert_eq!(count_chains(&spans, &starts, &[0..=0, 0..=0]), 1);
        assert_eq!(count_chains(&spans, &starts, &[0..=3, 0..=4]), 2);
        assert_eq!(count_chains(&spans, &starts, &[1..=2, 0..=9]), 0);
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
