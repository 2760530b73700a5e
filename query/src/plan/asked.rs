//! The terms of a query as they are told to who asks, and what passages must
//! have to have them.

use crate::matching::phrase::Chain;
use crate::plan::sets::Set;

/// A term of a query.
pub(crate) struct Asked {
    /// The term for people: a form of a word ends in `*`.
    pub(crate) term: String,
    /// How much it tells.
    pub(crate) weight: f32,
    pub(crate) sought: Sought,
}

/// What a passage must have to have a term.
pub(crate) enum Sought {
    /// Any of these terms of the index.
    Terms(Vec<String>),
    /// These Han characters side by side.
    Characters(String),
    /// A text as it stands; what finds it, and how many passages that finds at most.
    Text(Chain, Set, u64),
    /// Texts within so many positions; what finds them, and how many passages that finds at most.
    Near(Vec<Chain>, usize, Set, u64),
}
