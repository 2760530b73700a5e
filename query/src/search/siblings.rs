//! How many more passages of an article have all that was asked for, beside
//! those that are shown.
//!
//! The passages of an article lie side by side in a segment, so only the few
//! articles of the hits are looked at, however many passages match elsewhere.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use svod_store::damage::Damage;
use tantivy::{DocAddress, DocId};

use super::{Found, Search};
use crate::error::QueryError;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::parse::relax;
use crate::plan;

impl Search<'_> {
    /// Returns for each article of the matches how many more of its passages have all the words.
    pub(super) fn more(&self, found: &[Found]) -> Result<HashMap<ArticleNumber, u64>, QueryError> {
        let strict = relax::tightened(self.expression.clone());
        let state = self.state;
        let plan = plan::plan(&strict, state, self.budget).map_err(|error| state.damaged(error))?;
        let (mut articles, mut shown) = (Vec::new(), HashSet::new());
        for found in found {
            let first = u32::try_from(found.ordinal).ok().and_then(|before| found.address.doc_id.checked_sub(before));
            let first = first.ok_or_else(|| state.broken(Damage::Records("a passage before its article")))?;
            articles.push((DocAddress::new(found.address.segment_ord, first), found.article));
            shown.extend([found.address].into_iter().chain(found.copies.iter().map(|copy| copy.address)));
        }
        articles.sort_unstable();
        articles.dedup();
        let more = Search { expression: &strict, plan: &plan, ..*self }.count_within(&articles, &shown)?;
        // A part of them is no number to show.
        Ok(if self.budget.is_stopped() { HashMap::new() } else { more })
    }

    /// Counts the matches in articles, which are in the order of their first records, but for those shown.
    fn count_within(
        &self,
        articles: &[(DocAddress, ArticleNumber)],
        shown: &HashSet<DocAddress>,
    ) -> Result<HashMap<ArticleNumber, u64>, QueryError> {
        let (state, matches) = (self.state, self.matches());
        let mut counts = HashMap::new();
        for articles in articles.chunk_by(|one, other| one.0.segment_ord == other.0.segment_ord) {
            let segment = articles[0].0.segment_ord;
            let reader = state.searcher.segment_reader(segment);
            let ranges: Vec<_> = articles.iter().map(|&(first, article)| state.records(first, article)).collect();
            let found =
                matches.within(&state.searcher, reader, &ranges, self.budget).map_err(|error| state.damaged(error))?;
            for (range, &(_, article)) in ranges.iter().zip(articles) {
                let within =
                    found.partition_point(|&doc| doc < range.start)..found.partition_point(|&doc| doc < range.end);
                let mut more = 0;
                for address in found[within].iter().map(|&doc| DocAddress::new(segment, doc)) {
                    more += u64::from(!shown.contains(&address) && !self.is_false(address)?);
                }
                counts.insert(article, more);
            }
        }
        Ok(counts)
    }
}

impl State {
    /// Returns the records of an article in a segment, from its first.
    fn records(&self, first: DocAddress, article: ArticleNumber) -> Range<DocId> {
        let articles = &self.columns[first.segment_ord as usize].article;
        let is_within = |doc: &DocId| articles.first(*doc) == Some(article.key().0.into());
        let end = (first.doc_id..articles.num_docs()).find(|doc| !is_within(doc)).unwrap_or(articles.num_docs());
        first.doc_id..end
    }
}
