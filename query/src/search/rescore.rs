//! The best matches are read and scored again by what only their text tells.
//!
//! What reads most is costly, so it happens to few: the best by BM25, and the
//! passages that hold the query word for word, which BM25 may miss where its
//! words are common.

use svod_store::schema;
use svod_text::article::Kind;
use tantivy::DocAddress;

use super::best::{Collected, Visit, best};
use super::{Found, Search};
use crate::error::QueryError;
use crate::plan::Labels;
use crate::ranking::in_fields;
use crate::ranking::rank::{self, Evidence};
use crate::search::explain;

impl Search<'_> {
    /// Scores the best of the matches again, which are sorted, and sorts them anew; the others stay behind them.
    pub(super) fn rescore(&self, found: &mut Vec<Found>) -> Result<(), QueryError> {
        if !self.plan.has_words || found.is_empty() {
            return Ok(());
        }
        let verbatim = self.verbatim()?;
        let count = self.bring_forward(&verbatim, found);
        let (candidates, others) = found.split_at_mut(count);
        // In the order of the index: what lies in one block is unpacked once.
        let mut in_order: Vec<&mut Found> = candidates.iter_mut().collect();
        in_order.sort_unstable_by_key(|candidate| candidate.address);
        for candidate in in_order {
            candidate.read = Some(self.read(candidate.address)?);
        }
        self.score(candidates, &verbatim)?;
        support(candidates);
        self.state.sort(candidates)?;
        let least = candidates.last().map_or(0.0, |candidate| candidate.score);
        for other in others {
            other.score = other.score.min(least);
        }
        Ok(())
    }

    /// Returns passages that hold the query word for word.
    fn verbatim(&self) -> Result<Vec<DocAddress>, QueryError> {
        let Some(query) = &self.plan.verbatim else { return Ok(Vec::new()) };
        let most = rank::candidates(self.plan.ranked.len());
        let Collected { best, .. } = best(self.state, &**query, most, Visit::Best(&[]), self.budget)
            .map_err(|error| self.state.damaged(error))?;
        let mut verbatim = Vec::with_capacity(best.len());
        for (_, address) in best {
            if !self.is_false(address)? {
                verbatim.push(address);
            }
        }
        Ok(verbatim)
    }

    /// Puts those to the candidates that are not among them; returns the number of candidates.
    fn bring_forward(&self, verbatim: &[DocAddress], found: &mut Vec<Found>) -> usize {
        let count = found.len().min(rank::candidates(self.plan.ranked.len()));
        let is_candidate = |address: &DocAddress| found[..count].iter().any(|found| found.address == *address);
        let missed: Vec<DocAddress> = verbatim.iter().filter(|address| !is_candidate(address)).copied().collect();
        if missed.is_empty() {
            return count;
        }
        let tail = found.split_off(count);
        found.extend(missed.iter().map(|address| self.found(0.0, *address)));
        let count = found.len();
        found.extend(tail.into_iter().filter(|found| !missed.contains(&found.address)));
        count
    }

    fn score(&self, candidates: &mut [Found], verbatim: &[DocAddress]) -> Result<(), QueryError> {
        let addresses: Vec<DocAddress> = candidates.iter().map(|candidate| candidate.address).collect();
        let in_fields = in_fields::find(&self.state.searcher, &self.state.fields, &self.plan.ranked, &addresses)
            .map_err(|error| self.state.damaged(error))?;
        let lengths = candidates.iter().flat_map(|candidate| &candidate.read).map(|read| read.findings.positions);
        let mean_length = (lengths.sum::<usize>() as f32 / candidates.len() as f32).max(1.0);
        let telling = self.telling(candidates);
        for (candidate, in_fields) in candidates.iter_mut().zip(in_fields) {
            let ranks_text = self.ranks_text(candidate.address).map_err(|error| self.state.damaged(error))?;
            let evidence = match &candidate.read {
                Some(read) if ranks_text => Evidence {
                    matches: &read.findings.matches,
                    related: &read.findings.related,
                    run: read.findings.run,
                    as_typed: read.findings.as_typed,
                    length: read.findings.positions as f32 / mean_length,
                    is_verbatim: verbatim.contains(&candidate.address),
                    in_fields,
                    characters: &read.findings.characters,
                    telling: &telling,
                },
                _ => Evidence { in_fields, ..Evidence::default() },
            };
            let parts = rank::score(&self.plan.needles, &self.plan.ranked, &evidence);
            candidate.score = parts.total();
            if self.request.explain {
                candidate.explanation = Some(explain::explain(&self.plan.ranked, &self.plan.terms, &evidence, parts));
            }
        }
        Ok(())
    }

    /// Returns for each needle how well it tells the candidates apart.
    fn telling(&self, candidates: &[Found]) -> Vec<f32> {
        let mut with_needle = vec![0_u64; self.plan.needles.count()];
        let mut is_seen = vec![false; with_needle.len()];
        for read in candidates.iter().flat_map(|candidate| &candidate.read) {
            is_seen.fill(false);
            for found in &read.findings.matches {
                with_needle[found.needle] += u64::from(!std::mem::replace(&mut is_seen[found.needle], true));
            }
        }
        with_needle.into_iter().map(|with_needle| rank::telling(with_needle, candidates.len() as u64)).collect()
    }

    /// Returns whether a passage is ranked by its text: headings and lines of
    /// metadata are so short that they would outrank the paragraph asked for.
    /// A heading with nothing below it is indexed as a paragraph is.
    fn ranks_text(&self, address: DocAddress) -> tantivy::Result<bool> {
        let kind = self.state.columns[address.segment_ord as usize].kind.first(address.doc_id);
        let is_label = matches!(kind.and_then(schema::kind_of), Some(Kind::Heading | Kind::Metadata));
        if self.plan.labels == Labels::Rank || !is_label {
            return Ok(true);
        }
        let reader = self.state.searcher.segment_reader(address.segment_ord);
        let lengths = reader.get_fieldnorms_reader(self.state.fields.body)?;
        Ok(lengths.fieldnorm(address.doc_id) > 0)
    }
}

/// Adds to each candidate what it gains from those beside it in its article.
fn support(candidates: &mut [Found]) {
    let all: Vec<_> = candidates.iter().map(|found| (found.article, found.ordinal, found.score)).collect();
    for (candidate, own) in candidates.iter_mut().zip(&all) {
        let support = rank::support(own, &all);
        candidate.score += support;
        if let Some(explanation) = &mut candidate.explanation {
            explanation.support = support;
        }
    }
}
