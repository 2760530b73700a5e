//! How often terms are met, year by year.

use std::time::Duration;

use crate::answer::hit::Cut;
use crate::answer::warning::Warning;

/// Terms year by year.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Timeline {
    /// The terms, in the order of the requests.
    pub terms: Vec<TimelineTerm>,
    /// The years that have any passages, in order.
    pub years: Vec<Period>,
    /// The passages of articles without a date.
    pub undated: Period,
    /// Whether all of the folder is in the index.
    pub is_finished: bool,
    /// How long counting took.
    pub elapsed: Duration,
}

/// A term of a timeline: a query of its own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TimelineTerm {
    /// The query string.
    pub query: String,
    /// The number of passages that match, with or without a date.
    pub passages: u64,
    /// Why not all was counted, if counting was cut short: then each number is a lower bound.
    pub cut: Option<Cut>,
    /// What was mended in the query string or ignored.
    pub warnings: Vec<Warning>,
}

/// The passages of a year, or those without a date.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// The year; `None` for passages without a date.
    pub year: Option<u16>,
    /// The number of all passages.
    pub all: u64,
    /// For each term the number of passages that match.
    pub found: Vec<u64>,
}

impl Period {
    /// Returns how many of a thousand passages match a term; `None` where there are no passages.
    pub fn per_thousand(&self, term: usize) -> Option<f64> {
        let found = *self.found.get(term)?;
        (self.all > 0).then(|| found as f64 * 1e3 / self.all as f64)
    }
}
