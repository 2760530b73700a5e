//! Why a hit stands where it stands.

use crate::plan::Asked;
use crate::rank::{self, Evidence, Parts, Ranked};

/// What the score of a hit is made of: the sum of the parts, times the
/// coverage, and the support of its neighbours.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// What each term of the query adds; terms that add nothing are left out.
    pub terms: Vec<TermScore>,
    /// What else adds to the score, each with its name; without what adds nothing.
    pub parts: Vec<(&'static str, f32)>,
    /// How much of the query is there, from 0 to 1: what terms and parts are multiplied by.
    pub coverage: f32,
    /// What good passages beside it in its article add.
    pub support: f32,
}

/// What a term adds to a score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TermScore {
    /// The term, as in the answer.
    pub term: String,
    /// How often it stands in the text.
    pub in_text: u32,
    /// The fields beside the text that have it.
    pub in_fields: Vec<&'static str>,
    /// What it adds.
    pub score: f32,
}

pub(crate) fn explain(ranked: &[Ranked], terms: &[Asked], evidence: &Evidence, parts: Parts) -> Explanation {
    let term = |(at, term): (usize, &Ranked)| {
        let in_text = evidence.matches.iter().filter(|found| found.needle == term.needle).count() as u32;
        TermScore {
            term: terms.get(term.shown).map_or_else(String::new, |shown| shown.term.clone()),
            in_text,
            in_fields: evidence.in_fields.names(at).collect(),
            score: rank::score_term(term, in_text, at, evidence),
        }
    };
    let named = [
        ("title or headings name it", parts.named),
        ("whole query word for word", parts.verbatim),
        ("close together", parts.closeness),
        ("longest run", parts.run),
        ("as typed", parts.as_typed),
        ("side by side", parts.neighbours),
    ];
    Explanation {
        terms: ranked.iter().enumerate().map(term).filter(|term| term.score > 0.0).collect(),
        parts: named.into_iter().filter(|(_, score)| *score > 0.0).collect(),
        coverage: parts.coverage,
        support: 0.0,
    }
}
