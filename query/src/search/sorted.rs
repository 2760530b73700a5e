//! Matches in an order that no score decides: by date, by path.
//!
//! All matches are looked at, none is scored; what tells their order is in
//! columns, so no record is read for it.

use tantivy::{DocAddress, Score};

use super::Search;
use super::dates::Dates;
use crate::answer::hit::Total;
use crate::error::QueryError;
use crate::request::Sort;

/// What sorts a match: the date in the order that was asked for, undated ones last; the rank of its path, which no other
/// article has; its place in the article. Small: there may be millions.
type Key = (i32, u32, u32);

/// Where matches lie, with the score of none.
type Placed = Vec<(Score, DocAddress)>;

impl Search<'_> {
    /// Collects the first matches in an order, and counts them all.
    pub(super) fn collect_sorted(&self, count: usize, order: Sort) -> Result<(Placed, Total), QueryError> {
        let mut keyed = self.keyed(order)?;
        let total = Total::Exact(keyed.len() as u64);
        if count < keyed.len() {
            keyed.select_nth_unstable(count);
            keyed.truncate(count);
        }
        keyed.sort_unstable();
        Ok((keyed.into_iter().map(|(_, address)| (0.0, address)).collect(), total))
    }

    /// Returns all matches, each with what sorts it.
    fn keyed(&self, order: Sort) -> Result<Vec<(Key, DocAddress)>, QueryError> {
        let state = self.state;
        let mut dates = Dates::of(state)?;
        let mut keyed = Vec::new();
        self.each_match(|passage| {
            let date = if order == Sort::Path { None } else { dates.number(passage) };
            let date = date.and_then(|date| i32::try_from(date).ok());
            let date = if order == Sort::Newest { date.map(|date| -date) } else { date };
            let (article, ordinal) = state.place(passage);
            let rank = state.ranks.of(state, article).map_err(|error| state.damaged(error))?;
            let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            keyed.push(((date.unwrap_or(i32::MAX), number(rank), number(ordinal)), passage));
            Ok(())
        })?;
        Ok(keyed)
    }
}
