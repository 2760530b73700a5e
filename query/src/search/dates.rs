//! The dates of articles, by the columns of their passages: no record is read.
//!
//! Headings and lines of metadata have no date of their own. The records of an
//! article lie side by side, so the nearest that has one is soon found.

use tantivy::DocAddress;
use tantivy::columnar::Column;

use crate::error::QueryError;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;

/// Numbers of dates below this one in a year of their own: 20250411.
const YEAR: u64 = 10_000;

/// The dates of the articles that are asked for one after another.
pub(super) struct Dates<'s> {
    state: &'s State,
    /// Of each segment; `None` where no article has a date.
    columns: Vec<Option<Column<u64>>>,
    /// The last article and its date.
    last: Option<(ArticleNumber, Option<u64>)>,
}

impl<'s> Dates<'s> {
    pub(super) fn of(state: &'s State) -> Result<Dates<'s>, QueryError> {
        let column = |reader: &tantivy::SegmentReader| reader.fast_fields().u64_lenient("date");
        let columns: tantivy::Result<Vec<_>> = state.searcher.segment_readers().iter().map(column).collect();
        let columns = columns.map_err(|error| state.damaged(error))?;
        let columns = columns.into_iter().map(|column| column.map(|(column, _)| column)).collect();
        Ok(Dates { state, columns, last: None })
    }

    /// Returns the year of the article of a passage.
    pub(super) fn year(&mut self, passage: DocAddress) -> Option<u16> {
        u16::try_from(self.number(passage)? / YEAR).ok()
    }

    /// Returns the date of the article of a passage as a number that sorts as dates do.
    pub(super) fn number(&mut self, passage: DocAddress) -> Option<u64> {
        let article = self.state.article_of(passage);
        let date = match self.last {
            Some((last, date)) if last == article => date,
            _ => self.find(article, passage),
        };
        self.last = Some((article, date));
        date
    }

    fn find(&self, article: ArticleNumber, passage: DocAddress) -> Option<u64> {
        let dates = self.columns[passage.segment_ord as usize].as_ref()?;
        if let Some(date) = dates.first(passage.doc_id) {
            return Some(date);
        }
        let (_, ordinal) = self.state.place(passage);
        let first = passage.doc_id.saturating_sub(u32::try_from(ordinal).unwrap_or_default());
        let address = |doc| DocAddress::new(passage.segment_ord, doc);
        let records = (first..dates.num_docs()).take_while(|&doc| self.state.article_of(address(doc)) == article);
        records.filter_map(|doc| dates.first(doc)).next()
    }
}
