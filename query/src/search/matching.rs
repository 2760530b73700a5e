//! All passages that match, without their scores: what counting looks at.
//!
//! A part of a long paragraph is searched with the beginning of the next part,
//! so a quotation that stands there alone finds it falsely. Only its record
//! tells, so of the matches the parts are read.

use svod_store::schema::{KIND_ARTICLE, StoredPassage};
use svod_text::article::RUNS_ON_CHARACTERS;
use tantivy::query::{EnableScoring, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, SegmentReader};

use super::Search;
use crate::answer::hit::Total;
use crate::budget::{POSTING, RECORD};
use crate::error::QueryError;
use crate::index::state::State;
use crate::matching::needles::{Findings, Needles};
use crate::plan::sets::{Scores, Set};

/// The most parts that are read for a total: 20 milliseconds.
const MOST_READ: usize = 100;

impl Search<'_> {
    /// Calls `each` for every passage that matches, in the order of the index.
    pub(super) fn each_match(
        &self,
        mut each: impl FnMut(DocAddress) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        let damaged = |error| self.state.damaged(error);
        let searcher = &self.state.searcher;
        let weight = self.plan.query.weight(EnableScoring::disabled_from_searcher(searcher)).map_err(damaged)?;
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let mut docs = self.docs(&*weight, reader).map_err(damaged)?;
            docs.retain(|&doc| !reader.is_deleted(doc) && self.state.is_passage(segment, doc));
            for doc in docs {
                let address = DocAddress::new(segment as u32, doc);
                if self.budget.is_over() {
                    break;
                }
                if !self.is_false(address)? {
                    each(address)?;
                }
            }
        }
        Ok(())
    }

    /// Returns the records that match in a segment; fewer if the budget is spent.
    fn docs(&self, weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<Vec<DocId>> {
        let mut docs = Vec::new();
        if self.budget.is_stopped() {
            return Ok(docs);
        }
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut buffer = [0; COLLECT_BLOCK_BUFFER_LEN];
        loop {
            let filled = scorer.fill_buffer(&mut buffer);
            docs.extend_from_slice(&buffer[..filled]);
            if filled < buffer.len() || !self.budget.spend(POSTING * filled as u64) {
                return Ok(docs);
            }
        }
    }

    /// Returns whether a match is none: what is asked for stands only where the next part of its paragraph begins.
    pub(super) fn is_false(&self, address: DocAddress) -> Result<bool, QueryError> {
        let may_be_false = !self.plan.condition.is_always() && self.state.runs_on(address);
        if !may_be_false {
            return Ok(false);
        }
        self.budget.spend(RECORD);
        Ok(self.read(address)?.is_false)
    }

    /// Returns how many of all matches are true, of which some are parts of long paragraphs: exactly, unless very many of
    /// those would have to be read.
    pub(super) fn true_matches(&self, matches: u64, parts: &[DocAddress]) -> Result<Total, QueryError> {
        if self.plan.condition.is_always() {
            return Ok(Total::Exact(matches));
        }
        let (read, unread) = parts.split_at(parts.len().min(MOST_READ));
        let mut none = unread.len() as u64;
        for &part in read {
            none += u64::from(self.is_false(part)?);
        }
        let count = matches.saturating_sub(none);
        Ok(if unread.is_empty() { Total::Exact(count) } else { Total::AtLeast(count) })
    }

    /// Returns the passages that match, as a set.
    pub(super) fn matches(&self) -> Set {
        let all = || Set::Found(self.plan.query.box_clone(), Scores::Zero);
        self.plan.decides.clone().unwrap_or_else(all)
    }
}

impl State {
    fn is_passage(&self, segment: usize, doc: DocId) -> bool {
        self.columns[segment].kind.first(doc).is_some_and(|kind| kind < KIND_ARTICLE)
    }

    /// Reads a passage and finds needles in it: those that begin in its own text, to its end at most, where they may end
    /// in the next part.
    pub(super) fn read(&self, address: DocAddress, needles: &Needles) -> Result<(StoredPassage, Findings), QueryError> {
        let passage = self.passage(address)?;
        if !passage.address.runs_on {
            let findings = needles.find(&passage.text);
            return Ok((passage, findings));
        }
        let next = self.passage(DocAddress::new(address.segment_ord, address.doc_id + 1))?;
        let whole: String = passage.text.chars().chain(next.text.chars().take(RUNS_ON_CHARACTERS)).collect();
        let mut findings = needles.find(&whole);
        findings.matches.retain(|found| found.range.start < passage.text.len());
        for found in &mut findings.matches {
            found.range.end = found.range.end.min(passage.text.len());
        }
        Ok((passage, findings))
    }

    /// Calls `each` for every passage of the index.
    pub(super) fn each_passage(&self, mut each: impl FnMut(DocAddress)) {
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let passages = reader.doc_ids_alive().filter(|&doc| self.is_passage(segment, doc));
            passages.for_each(|doc| each(DocAddress::new(segment as u32, doc)));
        }
    }
}
