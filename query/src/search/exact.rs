//! Scores that do not depend on the way to them.
//!
//! A score is a sum of as many parts as the query has terms and fields. Whoever
//! adds them in another order gets another sum, by a part in a million: a
//! search that leaves passages out adds in another order than one that looks at
//! all. Rounding hides that, but for scores near to the edge between two
//! rounded ones. Those few are added up again in the order of the query.

use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query, Scorer, Weight};
use tantivy::{DocAddress, DocSet, Score};

use crate::index::state::State;
use crate::index::statistics::DROPPED;
use crate::plan::sets::{Scores, Set, SetQuery};

/// A sum of two numbers is off by no more than this part of it.
const LEAST_ERROR: f32 = f32::EPSILON / 2.0;

/// Tells the exact scores of passages, which come in the order of the index.
pub(super) struct Exact<'q> {
    state: &'q State,
    parts: Vec<&'q dyn Query>,
    weights: Option<Vec<Box<dyn Weight>>>,
    /// The parts in one segment, each read as far as the last passage.
    segment: Option<(u32, Vec<Box<dyn Scorer>>)>,
    failure: Option<tantivy::TantivyError>,
}

impl<'q> Exact<'q> {
    pub(super) fn new(state: &'q State, query: &'q dyn Query) -> Exact<'q> {
        Exact { state, parts: parts(query), weights: None, segment: None, failure: None }
    }

    /// Returns the least and the highest of what the exact score may be, given a sum in another order.
    pub(super) fn bounds(&self, score: Score) -> (Score, Score) {
        let error = score * LEAST_ERROR * self.parts.len() as f32;
        (rounded(score - error), rounded(score + error))
    }

    /// Returns the exact score of a passage, rounded; `None` if reading failed.
    pub(super) fn score(&mut self, address: DocAddress) -> Option<Score> {
        match self.sum(address) {
            Ok(sum) => Some(rounded(sum)),
            Err(error) => {
                self.failure.get_or_insert(error);
                None
            }
        }
    }

    /// Returns what failed, if anything did.
    pub(super) fn finish(self) -> tantivy::Result<()> {
        self.failure.map_or(Ok(()), Err)
    }

    fn sum(&mut self, address: DocAddress) -> tantivy::Result<Score> {
        let segment = address.segment_ord;
        if self.segment.as_ref().is_none_or(|(opened, _)| *opened != segment) {
            self.segment = Some((segment, self.scorers(segment)?));
        }
        let mut sum = 0.0;
        for scorer in self.segment.iter_mut().flat_map(|(_, scorers)| scorers) {
            if scorer.doc() < address.doc_id {
                scorer.seek(address.doc_id);
            }
            if scorer.doc() == address.doc_id {
                sum += f64::from(scorer.score());
            }
        }
        Ok(sum as Score)
    }

    fn scorers(&mut self, segment: u32) -> tantivy::Result<Vec<Box<dyn Scorer>>> {
        let State { statistics, searcher, .. } = self.state;
        let weights = match self.weights.take() {
            Some(weights) => weights,
            None => {
                let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
                self.parts.iter().map(|part| part.weight(scoring)).collect::<tantivy::Result<_>>()?
            }
        };
        let reader = searcher.segment_reader(segment);
        let scorers = weights.iter().map(|weight| weight.scorer(reader, 1.0)).collect();
        self.weights = Some(weights);
        scorers
    }
}

/// Returns the terms that a query adds up, where it does nothing else; what is read in another way is added in one order.
fn parts(query: &dyn Query) -> Vec<&dyn Query> {
    if let Some(SetQuery(Set::All(sets), _)) = query.downcast_ref::<SetQuery>() {
        return match &sets[..] {
            [Set::Found(ranked, Scores::Count), ..] => parts(&**ranked),
            _ => Vec::new(),
        };
    }
    let clauses = query.downcast_ref::<BooleanQuery>().map_or(&[][..], BooleanQuery::clauses);
    let is_term = |(occur, clause): &(Occur, Box<dyn Query>)| *occur == Occur::Should && clause.is::<BoostQuery>();
    if clauses.iter().all(is_term) { clauses.iter().map(|(_, clause)| &**clause).collect() } else { Vec::new() }
}

/// Rounds a score: half of the dropped bits and more are rounded up.
fn rounded(score: Score) -> Score {
    let half = 1 << (DROPPED - 1);
    Score::from_bits((score.to_bits() + half) >> DROPPED << DROPPED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::statistics::ROUNDING;

    #[test]
    fn rounding_is_within_its_bound() {
        for score in [1e-30, 0.1, 1.0, 1.001, 1.999, 6.8178, 7.999, 1e9] {
            let rounded = rounded(score);
            assert!((rounded - score).abs() < score * ROUNDING / 2.0, "{score} {rounded}");
        }
        assert_eq!(rounded(0.0), 0.0);
    }
}
