//! How often terms are met, year by year, and how much was written in each:
//! where a year has twice the passages, twice the matches mean nothing.
//!
//! Costs what counting the terms costs, and a look at two columns for every
//! passage of the index.

use std::collections::BTreeMap;
use std::time::Instant;

use super::dates::Dates;
use super::{Search, cut_warning, understand};
use crate::answer::timeline::{Period, Timeline, TimelineTerm};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::state::State;
use crate::plan;
use crate::request::Request;

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
        Search { state: self, request, expression: &expression, plan: &plan, budget }.each_match(|passage| {
            passages += 1;
            each(dates.year(passage));
            Ok(())
        })?;
        let warnings =
            expression.warnings.into_iter().chain(plan.warnings).chain(cut_warning(request, budget)).collect();
        Ok(TimelineTerm { query: request.query.clone(), passages, cut: budget.cut(), warnings })
    }
}
