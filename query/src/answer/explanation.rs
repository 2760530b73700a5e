//! What a score is made of, as it is told.

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
