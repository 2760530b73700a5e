//! Turns the query into a request, and its answer into the list.

use std::num::NonZeroUsize;
use std::time::Duration;

use svod_query::{Answer, Mode, Relaxation, Request, Sort, Total, Unknown, Warning, Words};

use super::{Effect, Filters, State, View};
use crate::screen::filters::{Catalogue, Dimension};
use crate::screen::keys::Turn;
use crate::screen::listing::Listing;

/// The fewest rows that a passage takes in the list.
const ROWS: usize = 3;
/// The fewest passages that are asked for.
const FEWEST_HITS: usize = 8;
/// The factor by which more passages are asked for near the end of the list.
const MORE: usize = 4;
/// The most passages that are asked for.
const MOST_HITS: usize = 2_000;
/// The number of lines of a snippet in the list.
pub(in crate::screen) const SNIPPET_LINES: usize = 2;
/// The columns before a snippet, for the bar and the mark.
pub(in crate::screen) const SNIPPET_INDENT: usize = 3;

/// The columns behind the list.
pub(in crate::screen) const LIST_MARGIN: usize = 1;
/// The columns for the place before a snippet, and for the room that wrapping leaves at the ends of lines.
const PLACE_COLUMNS: usize = 8;

/// The number of a question; later questions have higher ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::screen) struct Asked(u64);

/// A search to be made.
#[derive(Debug)]
pub(in crate::screen) struct Question {
    pub(in crate::screen) asked: Asked,
    pub(in crate::screen) request: Request,
    /// Whether the last word may be incomplete, because the cursor is at the end of the query.
    pub(in crate::screen) is_open: bool,
}

/// The answer to a question.
#[derive(Debug)]
pub(in crate::screen) struct Reply {
    pub(in crate::screen) asked: Asked,
    /// The query string of the question.
    pub(in crate::screen) query: String,
    pub(in crate::screen) answer: Answer,
}

/// The years in which a query has passages, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::screen) struct Years {
    /// The query, with all filters except the year.
    pub(in crate::screen) query: String,
    pub(in crate::screen) years: Vec<u64>,
}

/// An answer without its hits.
#[derive(Debug)]
pub(in crate::screen) struct Answered {
    asked: Asked,
    /// The query string of the question.
    query: String,
    /// The last word of the query, if it was searched as a prefix.
    pub(in crate::screen) beginning: Option<String>,
    pub(in crate::screen) total: Total,
    pub(in crate::screen) relaxed: Option<Relaxation>,
    pub(in crate::screen) unknown: Vec<Unknown>,
    pub(in crate::screen) warnings: Vec<Warning>,
    pub(in crate::screen) is_finished: bool,
    pub(in crate::screen) elapsed: Duration,
}

impl State {
    /// Searches for the query line as it is now, with the first number of hits.
    pub(super) fn ask_anew(&mut self, effects: &mut Vec<Effect>) {
        self.limit = self.first_hits();
        self.ask(effects);
    }

    /// Searches for the query line as it is now.
    pub(super) fn ask(&mut self, effects: &mut Vec<Effect>) {
        self.asked.0 += 1;
        self.is_slow = false;
        if self.query.text().trim().is_empty() && self.filters.is_empty() {
            self.found = Listing::default();
            self.answered = None;
            return;
        }
        let (asked, request, is_open) = (self.asked, self.request(), self.query.is_at_end());
        effects.push(Effect::Search(Box::new(Question { asked, request, is_open })));
    }

    /// Returns the number of passages asked for at first: about as many as the list shows, because each takes time.
    pub(super) fn first_hits(&self) -> usize {
        (usize::from(self.area.height) / ROWS).max(FEWEST_HITS)
    }

    fn request(&self) -> Request {
        let mut request = self.template.clone();
        request.query = self.filters.prefix() + self.query.text();
        request.limit = NonZeroUsize::new(self.limit);
        request.sort = self.order;
        // A passage with only some of the words is hardly a match; only ranking would put it last.
        request.words = if self.order == Sort::Score { self.template.words } else { Words::All };
        request.snippet_columns = self.snippet_columns();
        request.help = true;
        if self.filters.has_article() {
            request.per_article = None;
        }
        request
    }

    pub(super) fn snippet_columns(&self) -> usize {
        let columns = usize::from(self.panes().list_columns).saturating_sub(SNIPPET_INDENT + LIST_MARGIN);
        (columns.max(20) * SNIPPET_LINES).saturating_sub(PLACE_COLUMNS)
    }

    /// Returns whether the answer to the last question has not come yet.
    pub(in crate::screen) fn is_waiting(&self) -> bool {
        let is_asked = !(self.query.text().trim().is_empty() && self.filters.is_empty());
        is_asked && self.answered.as_ref().is_none_or(|answered| answered.asked < self.asked)
    }

    /// Takes an answer, unless one to a later question has come before it.
    pub(super) fn take(&mut self, Reply { asked, query, answer }: Reply) {
        let is_late = self.answered.as_ref().is_some_and(|answered| answered.asked >= asked);
        if is_late || !self.is_waiting() {
            return;
        }
        let chosen = self.found.hit().map(|hit| hit.id);
        let (is_same, top) = (self.answered.as_ref().is_some_and(|answered| answered.query == query), self.found.top);
        self.found = Listing::new(answer.hits);
        if let Some(id) = chosen.filter(|_| is_same) {
            self.found.choose(id);
            self.found.top = top;
        } else if self.view == View::Found {
            self.scroll = None;
        }
        self.is_slow = false;
        self.answered = Some(Answered {
            asked,
            query,
            beginning: answer.beginning,
            total: answer.total,
            relaxed: answer.relaxed,
            unknown: answer.unknown,
            warnings: answer.warnings,
            is_finished: answer.is_finished,
            elapsed: answer.elapsed,
        });
    }

    /// Asks for more passages if the choice is near the end of the list.
    pub(super) fn ask_for_more(&mut self, effects: &mut Vec<Effect>) {
        let Some(answered) = &self.answered else { return };
        let there = self.found.hits().len();
        let is_near = self.view == View::Found && self.found.selected() + self.drawn.list_page.max(4) >= there;
        if is_near && there >= self.limit && answered.total.count() > there as u64 && self.limit < MOST_HITS {
            self.limit = (self.limit * MORE).min(MOST_HITS);
            self.ask(effects);
        }
    }

    /// Changes the filters and searches again.
    pub(super) fn filter(&mut self, effects: &mut Vec<Effect>, change: impl FnOnce(&mut Filters, &Catalogue)) {
        if self.template.mode != Mode::Query {
            self.message = Some("a query that is taken literally has no filters".to_owned());
            return;
        }
        let before = self.filters.clone();
        change(&mut self.filters, self.catalogue.as_ref().unwrap_or(&Catalogue::default()));
        if self.filters != before {
            self.view = View::Found;
            self.ask_anew(effects);
        }
    }

    /// Sets a filter to its next or previous value; the year only to one in which the query has passages.
    pub(super) fn turn_filter(&mut self, dimension: Dimension, turn: Turn, effects: &mut Vec<Effect>) {
        let has_years = self.catalogue.as_ref().is_some_and(|catalogue| !catalogue.years.is_empty());
        let is_query = self.template.mode == Mode::Query && !self.query.text().trim().is_empty();
        if dimension == Dimension::Year && !has_years {
            self.message = Some("no article has a date".to_owned());
        } else if dimension == Dimension::Year && is_query {
            let query = self.query_of_all_years();
            match self.years.take().filter(|years| years.query == query) {
                Some(years) => self.take_years(years, turn, effects),
                None => {
                    let mut request = self.request();
                    request.query = query;
                    effects.push(Effect::FindYears(Box::new(request), turn));
                }
            }
        } else {
            self.filter(effects, |filters, catalogue| filters.turn(dimension, turn, catalogue));
        }
    }

    /// Takes the years in which the query has passages, and sets the filter to the next one.
    pub(super) fn take_years(&mut self, years: Years, turn: Turn, effects: &mut Vec<Effect>) {
        if years.query == self.query_of_all_years() {
            self.filter(effects, |filters, _| filters.turn_year(turn, &years.years));
            self.years = Some(years);
        }
    }

    fn query_of_all_years(&self) -> String {
        self.filters.of_all_years().prefix() + self.query.text()
    }

    pub(super) fn next_order(&mut self, effects: &mut Vec<Effect>) {
        self.order = match self.order {
            Sort::Score => Sort::Newest,
            Sort::Newest => Sort::Oldest,
            Sort::Oldest => Sort::Path,
            _ => Sort::Score,
        };
        self.ask_anew(effects);
    }
}
