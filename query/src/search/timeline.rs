//! How often terms are met, year by year, and how much was written in each:
//! where a year has twice the passages, twice the matches mean nothing.
//!
//! Costs what counting the terms costs, and a look at two columns for every
//! passage of the index.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::dates::Dates;
use super::{Request, Run, cut_warning, understand};
use crate::budget::{Budget, Cut};
use crate::damage::guarded;
use crate::error::QueryError;
use crate::open::Index;
use crate::parse::Warning;
use crate::plan;
use crate::state::State;

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
pub struct Period {
    /// The year; none for passages without a date.
    pub year: Option<u16>,
    /// The number of all passages.
    pub all: u64,
    /// For each term the number of passages that match.
    pub found: Vec<u64>,
}

impl Period {
    /// Returns how many of a thousand passages match a term; none where there are no passages.
    pub fn per_thousand(&self, term: usize) -> Option<f64> {
        let found = *self.found.get(term)?;
        (self.all > 0).then(|| found as f64 * 1e3 / self.all as f64)
    }
}

impl Index {
    /// Counts the passages that match each of the requests, year by year.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn timeline(&self, requests: &[Request]) -> Result<Timeline, QueryError> {
        guarded(self.homes(), || self.state().timeline(requests))
    }
}

impl State {
    fn timeline(&self, requests: &[Request]) -> Result<Timeline, QueryError> {
        let started = Instant::now();
        let mut periods: BTreeMap<Option<u16>, Period> = BTreeMap::new();
        let empty = |year| Period { year, all: 0, found: vec![0; requests.len()] };
        let mut dates = Dates::of(self)?;
        self.each_passage(|passage| {
            let year = dates.year(passage);
            periods.entry(year).or_insert_with(|| empty(year)).all += 1;
        });
        let mut terms = Vec::with_capacity(requests.len());
        for (number, request) in requests.iter().enumerate() {
            terms.push(self.count_years(request, &Budget::of(request), |year| {
                periods.entry(year).or_insert_with(|| empty(year)).found[number] += 1;
            })?);
        }
        let undated = periods.remove(&None).unwrap_or_else(|| empty(None));
        Ok(Timeline {
            terms,
            years: periods.into_values().collect(),
            undated,
            is_finished: self.is_finished,
            elapsed: started.elapsed(),
        })
    }

    /// Calls `each` with the year of each passage that matches.
    fn count_years(
        &self,
        request: &Request,
        budget: &Budget,
        mut each: impl FnMut(Option<u16>),
    ) -> Result<TimelineTerm, QueryError> {
        let expression = understand(request)?;
        let plan = plan::plan(&expression, self, budget).map_err(|error| self.damaged(error))?;
        let mut dates = Dates::of(self)?;
        let mut passages = 0;
        Run { state: self, request, expression: &expression, plan: &plan, budget }.each_match(|passage| {
            passages += 1;
            each(dates.year(passage));
            Ok(())
        })?;
        let warnings =
            expression.warnings.into_iter().chain(plan.warnings).chain(cut_warning(request, budget)).collect();
        Ok(TimelineTerm { query: request.query.clone(), passages, cut: budget.cut(), warnings })
    }
}
