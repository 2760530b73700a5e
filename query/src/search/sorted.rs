//! Matches in an order that no score decides: by date, by path.
//!
//! All matches are looked at, none is scored; what tells their order is in
//! columns, so no record is read for it.

use tantivy::DocAddress;
use tantivy::columnar::Column;
use tantivy::query::EnableScoring;

use super::{Found, Run, Sort};
use crate::error::QueryError;
use crate::hit::Total;
use crate::places::Place;

/// What sorts a match: the date in the order that was asked for, undated ones last; then its place.
type Key = (bool, i64, u64, Place);

impl Run<'_> {
    /// Collects the first matches in an order, and counts them all.
    pub(super) fn collect_sorted(&self, count: usize, order: Sort) -> Result<(Vec<Found>, Total), QueryError> {
        let mut keyed = self.keyed(order).map_err(|error| self.state.damaged(error))?;
        let total = Total::Exact(keyed.len() as u64);
        if count < keyed.len() {
            keyed.select_nth_unstable(count);
            keyed.truncate(count);
        }
        keyed.sort_unstable();
        Ok((keyed.into_iter().map(|(_, address)| self.found(0.0, address)).collect(), total))
    }

    /// Returns all matches, each with what sorts it.
    fn keyed(&self, order: Sort) -> tantivy::Result<Vec<(Key, DocAddress)>> {
        let searcher = &self.state.searcher;
        let weight = self.plan.query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut keyed = Vec::new();
        for (segment, reader) in (0..).zip(searcher.segment_readers()) {
            let dates: Column<u64> = reader.fast_fields().u64("date")?;
            let mut docs = Vec::new();
            weight.for_each_no_score(reader, &mut |found| {
                docs.extend(found.iter().copied().filter(|&doc| !reader.is_deleted(doc)));
            })?;
            for doc in docs {
                let address = DocAddress::new(segment, doc);
                let date = dates.first(doc).filter(|_| order != Sort::Path).map(|date| date as i64);
                let date = if order == Sort::Newest { date.map(|date| -date) } else { date };
                let place = self.state.place(address);
                let rank = self.state.ranks.of(self.state, place.0)?;
                keyed.push(((date.is_none(), date.unwrap_or_default(), rank, place), address));
            }
        }
        Ok(keyed)
    }
}
