//! How many more passages of an article have all that was asked for, beside
//! those that are shown.
//!
//! The passages of an article lie side by side in a segment, so only the few
//! articles of the hits are looked at, however many passages match elsewhere.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use tantivy::{DocAddress, DocId};

use super::{Found, Run};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::places::ArticleNumber;
use crate::plan;
use crate::relax;
use crate::sets::{Scores, Set};
use crate::state::State;

impl Run<'_> {
    /// Returns for each article of the matches how many more of its passages have all the words.
    pub(super) fn more(&self, found: &[Found]) -> Result<HashMap<ArticleNumber, u64>, QueryError> {
        let strict = relax::tightened(self.expression.clone());
        let state = self.state;
        let plan = plan::plan(&strict, state, self.budget).map_err(|error| state.damaged(error))?;
        let set = plan.decides.unwrap_or_else(|| Set::Found(plan.query, Scores::Zero));
        let (mut articles, mut shown) = (Vec::new(), HashSet::new());
        for found in found {
            let first = u32::try_from(found.ordinal).ok().and_then(|before| found.address.doc_id.checked_sub(before));
            let first = first.ok_or_else(|| state.damaged("a passage before its article"))?;
            articles.push((DocAddress::new(found.address.segment_ord, first), found.article));
            shown.extend([found.address].into_iter().chain(found.copies.iter().map(|copy| copy.address)));
        }
        articles.sort_unstable();
        articles.dedup();
        let more = state.more(&set, &articles, &shown, self.budget).map_err(|error| state.damaged(error))?;
        // A part of them is no number to show.
        Ok(if self.budget.is_stopped() { HashMap::new() } else { more })
    }
}

impl State {
    /// Counts the passages of a set in articles, which are in the order of their first records, but for those shown.
    fn more(
        &self,
        set: &Set,
        articles: &[(DocAddress, ArticleNumber)],
        shown: &HashSet<DocAddress>,
        budget: &Budget,
    ) -> tantivy::Result<HashMap<ArticleNumber, u64>> {
        let mut counts = HashMap::new();
        for articles in articles.chunk_by(|one, other| one.0.segment_ord == other.0.segment_ord) {
            let segment = articles[0].0.segment_ord;
            let reader = self.searcher.segment_reader(segment);
            let ranges: Vec<_> = articles.iter().map(|&(first, article)| self.records(first, article)).collect();
            let found = set.within(&self.searcher, reader, &ranges, budget)?;
            let more = |&&doc: &&DocId| !shown.contains(&DocAddress::new(segment, doc));
            for (range, &(_, article)) in ranges.iter().zip(articles) {
                let within =
                    found.partition_point(|&doc| doc < range.start)..found.partition_point(|&doc| doc < range.end);
                counts.insert(article, found[within].iter().filter(more).count() as u64);
            }
        }
        Ok(counts)
    }

    /// Returns the records of an article in a segment, from its first.
    fn records(&self, first: DocAddress, article: ArticleNumber) -> Range<DocId> {
        let articles = &self.columns[first.segment_ord as usize].article;
        let is_within = |doc: &DocId| articles.first(*doc) == Some(article.key().0.into());
        let end = (first.doc_id..articles.num_docs()).find(|doc| !is_within(doc)).unwrap_or(articles.num_docs());
        first.doc_id..end
    }
}
