//! Why a hit stands where it stands.

use crate::answer::explanation::{Explanation, TermScore};
use crate::plan::QueryTerm;
use crate::ranking::rank::{self, Evidence, Ranked, ScoreParts};

pub(crate) fn explain(ranked: &[Ranked], terms: &[QueryTerm], evidence: &Evidence, parts: ScoreParts) -> Explanation {
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
