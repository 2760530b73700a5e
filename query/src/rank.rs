//! Ranking: every weight, with its reason. Nothing here needs a new index.

use std::collections::HashMap;

use crate::needles::{Match, Needles};

/// A bigram of a Han run.
pub(crate) const BIGRAM: f32 = 1.0;
/// A Chinese word of three and more characters, beside its bigrams.
pub(crate) const LONG_WORD: f32 = 1.0;
/// The form of a word.
pub(crate) const FORM: f32 = 1.0;

/// A term in the title of the article, against the same in the text.
pub(crate) const TITLE: f32 = 0.5;
/// A term in the headings above a passage.
pub(crate) const SECTION: f32 = 0.5;
/// A term in the keywords of the article.
pub(crate) const KEYWORDS: f32 = 0.3;
/// A term in the names of the authors.
pub(crate) const AUTHORS: f32 = 0.5;

/// The best hits by BM25 are read and scored again with what only their text tells.
pub(crate) const RESCORED: usize = 50;
/// Found in a window of so many positions: what belongs together stands together.
const WINDOW_POSITIONS: usize = 30;
/// The terms in the best window, against BM25.
const CLOSENESS: f32 = 1.0;
/// Neighbours in the query that are neighbours in the text.
const NEIGHBOURS: f32 = 0.5;

/// Scores a passage again: BM25, and how close together its matches stand.
pub(crate) fn rescore(bm25: f32, needles: &Needles, matches: &[Match]) -> f32 {
    bm25 + CLOSENESS * best_window(matches) + NEIGHBOURS * needles.pairs_found(matches).sum::<f32>()
}

/// Returns the weight of the different needles in the window that has the most.
fn best_window(matches: &[Match]) -> f32 {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    let (mut weight, mut best, mut first) = (0.0, 0.0_f32, 0);
    for found in matches {
        let count = counts.entry(found.needle).or_default();
        *count += 1;
        if *count == 1 {
            weight += found.weight;
        }
        while matches[first].position + WINDOW_POSITIONS <= found.position {
            if let Some(count) = counts.get_mut(&matches[first].needle) {
                *count -= 1;
                if *count == 0 {
                    weight -= matches[first].weight;
                }
            }
            first += 1;
        }
        best = best.max(weight);
    }
    best
}

/// Returns how much a term tells: the logarithm of how rare it is, as in BM25
/// (Robertson and Zaragoza 2009), never below 0.
pub(crate) fn idf(with_term: u64, all: u64) -> f32 {
    let with_term = with_term.min(all) as f32;
    (1.0 + (all as f32 - with_term + 0.5) / (with_term + 0.5)).ln()
}
