//! How many more passages of an article have all that was asked for, beside
//! those that are shown.
//!
//! The passages of an article lie side by side in a segment, so only the few
//! articles of the hits are looked at, however many passages match elsewhere.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use svod_corpus::schema::ArticleKey;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId};

use super::{Found, Run};
use crate::error::QueryError;
use crate::plan;
use crate::relax;
use crate::state::State;

impl Run<'_> {
    /// Returns for each article of the matches how many more of its passages have all the words.
    pub(super) fn more(&self, found: &[Found]) -> Result<HashMap<ArticleKey, u64>, QueryError> {
        let strict = relax::tightened(self.expression.clone());
        if strict == *self.expression {
            return self.count_more(&*self.plan.query, found);
        }
        let state = self.state;
        let plan = plan::plan(&strict, &state.searcher, &state.fields).map_err(|error| state.damaged(error))?;
        self.count_more(&*plan.query, found)
    }

    fn count_more(&self, query: &dyn Query, found: &[Found]) -> Result<HashMap<ArticleKey, u64>, QueryError> {
        let mut articles: Vec<(DocAddress, ArticleKey)> = Vec::new();
        let mut shown = HashSet::new();
        for found in found {
            let first = u32::try_from(found.ordinal).ok().and_then(|before| found.address.doc_id.checked_sub(before));
            let first = first.ok_or_else(|| self.state.damaged("a passage before its article"))?;
            articles.push((DocAddress::new(found.address.segment_ord, first), found.article));
            shown.extend([found.address].into_iter().chain(found.copies.iter().map(|copy| copy.address)));
        }
        articles.sort_unstable();
        articles.dedup();
        self.state.count_within(query, &articles, &shown).map_err(|error| self.state.damaged(error))
    }
}

impl State {
    /// Counts the matches in articles, which are in the order of their first records, but for those that are shown.
    fn count_within(
        &self,
        query: &dyn Query,
        articles: &[(DocAddress, ArticleKey)],
        shown: &HashSet<DocAddress>,
    ) -> tantivy::Result<HashMap<ArticleKey, u64>> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut counts = HashMap::new();
        for articles in articles.chunk_by(|one, other| one.0.segment_ord == other.0.segment_ord) {
            let segment = articles[0].0.segment_ord;
            let reader = self.searcher.segment_reader(segment);
            let mut matches = weight.scorer(reader, 1.0)?;
            for &(first, article) in articles {
                let Range { start, end } = self.records(first, article);
                let mut doc = if matches.doc() < start { matches.seek(start) } else { matches.doc() };
                let mut count = 0;
                while doc < end {
                    let is_more = !reader.is_deleted(doc) && !shown.contains(&DocAddress::new(segment, doc));
                    count += u64::from(is_more);
                    doc = matches.advance();
                }
                counts.insert(article, count);
            }
        }
        Ok(counts)
    }

    /// Returns the records of an article in a segment, from its first.
    fn records(&self, first: DocAddress, article: ArticleKey) -> Range<DocId> {
        let articles = &self.columns[first.segment_ord as usize].article;
        let is_within = |doc: &DocId| articles.first(*doc) == Some(article.0.into());
        let end = (first.doc_id..articles.num_docs()).find(|doc| !is_within(doc)).unwrap_or(articles.num_docs());
        first.doc_id..end
    }
}
