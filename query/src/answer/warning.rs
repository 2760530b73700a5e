//! What is said of a query beside its hits: what was mended, and how it was relaxed.

use std::ops::Range;

/// How an expression was relaxed because nothing was found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relaxation {
    /// All required words but one are there.
    Most,
    /// Any of the words is there.
    Any,
}

impl Relaxation {
    /// Returns its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Relaxation::Most => "most",
            Relaxation::Any => "any",
        }
    }
}

/// Something in a query string that was mended or ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// Which of the strings of the request it is about.
    pub place: WarningPlace,
    /// The bytes of that string that it is about.
    pub range: Range<usize>,
    /// What was done.
    pub message: &'static str,
}

/// The string of a request that a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningPlace {
    /// The query string.
    Query,
    /// The filter.
    Filter,
}

impl Warning {
    pub(crate) fn new(range: Range<usize>, message: &'static str) -> Warning {
        Warning { place: WarningPlace::Query, range, message }
    }
}
