//! All passages that match, without their scores: what counting looks at.
//!
//! A part of a long paragraph is searched with the beginning of the next part,
//! so a quotation that stands there alone finds it falsely. Only its record
//! tells. Records are read where this can be: where the query asks for
//! something in the text, and the passage is long enough to be such a part.

use svod_corpus::article::Kind;
use svod_corpus::schema::{self, KIND_ARTICLE};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Weight};
use tantivy::{COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, SegmentReader};

use super::Run;
use crate::budget::{POSTING, RECORD};
use crate::error::QueryError;
use crate::state::State;

/// A part of a long paragraph has two thousand characters or more, and no term more than sixty-four: fewer terms than
/// these have only rows of dots.
const LEAST_TERMS_OF_PART: u32 = 16;

impl Run<'_> {
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
            let lengths = reader.get_fieldnorms_reader(self.state.fields.body).map_err(damaged)?;
            for doc in docs {
                let address = DocAddress::new(segment as u32, doc);
                if self.budget.is_over() {
                    break;
                }
                if !self.is_false(address, &lengths)? {
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

    fn is_false(&self, address: DocAddress, lengths: &FieldNormReader) -> Result<bool, QueryError> {
        if self.plan.condition.is_always() || !self.state.may_be_part(address, lengths) {
            return Ok(false);
        }
        self.budget.spend(RECORD);
        let passage = self.state.passage(address)?;
        Ok(passage.address.runs_on && self.read(address)?.is_false)
    }
}

impl State {
    fn is_passage(&self, segment: usize, doc: DocId) -> bool {
        self.columns[segment].kind.first(doc).is_some_and(|kind| kind < KIND_ARTICLE)
    }

    /// Returns whether a passage may be a part of a long paragraph. What is no heading can be one.
    fn may_be_part(&self, address: DocAddress, lengths: &FieldNormReader) -> bool {
        let kind = self.columns[address.segment_ord as usize].kind.first(address.doc_id);
        match kind.and_then(schema::kind_of) {
            Some(Kind::Heading) | None => false,
            // Its terms are in another field, which keeps no lengths.
            Some(Kind::Metadata) => true,
            Some(Kind::Body | Kind::Note | Kind::Table | Kind::Abstract) => {
                lengths.fieldnorm(address.doc_id) >= LEAST_TERMS_OF_PART
            }
        }
    }

    /// Calls `each` for every passage of the index.
    pub(super) fn each_passage(&self, mut each: impl FnMut(DocAddress)) {
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let passages = reader.doc_ids_alive().filter(|&doc| self.is_passage(segment, doc));
            passages.for_each(|doc| each(DocAddress::new(segment as u32, doc)));
        }
    }
}
