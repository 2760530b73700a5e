//! A line of a concordance.

use crate::answer::hit::Hit;

/// A match and what stands around it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConcordanceLine<'h> {
    /// The passage it stands in.
    pub hit: &'h Hit,
    /// The end of what stands before it in the passage, blanks drawn together.
    pub left: String,
    /// The match: whole words.
    pub found: String,
    /// The beginning of what stands after it in the passage.
    pub right: String,
    /// The line of the source it begins on, where there are lines.
    pub line: Option<u32>,
}
