//! Matches in an order that no score decides: by date, by path.
//!
//! All matches are looked at, none is scored; what tells their order is in
//! columns, so no record is read for it.

use tantivy::DocAddress;

use super::dates::Dates;
use super::{Found, Run, Sort};
use crate::error::QueryError;
use crate::hit::Total;
use crate::places::Place;

/// What sorts a match: the date in the order that was asked for, undated ones last; then its place.
type Key = (bool, i64, u64, Place);

impl Run<'_> {
    /// Collects the first matches in an order, and counts them all.
    pub(super) fn collect_sorted(&self, count: usize, order: Sort) -> Result<(Vec<Found>, Total), QueryError> {
        let mut keyed = self.keyed(order)?;
        let total = Total::Exact(keyed.len() as u64);
        if count < keyed.len() {
            keyed.select_nth_unstable(count);
            keyed.truncate(count);
        }
        keyed.sort_unstable();
        Ok((keyed.into_iter().map(|(_, address)| self.found(0.0, address)).collect(), total))
    }

    /// Returns all matches, each with what sorts it.
    fn keyed(&self, order: Sort) -> Result<Vec<(Key, DocAddress)>, QueryError> {
        let state = self.state;
        let mut dates = Dates::of(state)?;
        let mut keyed = Vec::new();
        self.each_match(|passage| {
            let date = if order == Sort::Path { None } else { dates.number(passage).map(|date| date as i64) };
            let date = if order == Sort::Newest { date.map(|date| -date) } else { date };
            let place = state.place(passage);
            let rank = state.ranks.of(state, place.0).map_err(|error| state.damaged(error))?;
            keyed.push(((date.is_none(), date.unwrap_or_default(), rank, place), passage));
            Ok(())
        })?;
        Ok(keyed)
    }
}
