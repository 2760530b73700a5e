//! What the fields of an ask mean together, and what is meant where they are not said.
//!
//! What is not said is as with `svod-query --json`: ten hits, near-copies
//! shown; a count, a timeline and a concordance, and hits in another order than
//! by score, are of passages with all of the words.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use svod_query::{Notes, PATIENCE, Request, Sort, Words};

use super::{
    Cite, Concordance, Count, Filter, Hits, Id, Matching, Outline, PathBytes, Search, Show, Terms, Timeline, Wire,
};
use crate::ask::{AskFault, Cited, What};
use crate::choice::Choice;

/// Hits, unless another number is asked for.
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).expect("it is not 0");
/// Passages that are shown on either side of one, unless another number is asked for.
const AROUND: usize = 2;
/// Passages that are read for a concordance, unless another number is asked for.
const CONCORDANCE_PASSAGES: NonZeroUsize = NonZeroUsize::new(200).expect("it is not 0");
/// Columns of text on either side of a match, unless another number is asked for.
const CONTEXT_COLUMNS: usize = 100;

impl Wire {
    /// Returns what is asked for. `name` is what `do` says.
    pub(super) fn what(self, name: &'static str) -> Result<What, AskFault> {
        let asked = match self {
            Wire::Search(search) => search.request().map(What::Search),
            Wire::SearchAsTyped(search) => search.request().map(What::SearchAsTyped),
            Wire::Count(count) => count.what(),
            Wire::Timeline(timeline) => timeline.what(),
            Wire::Concordance(concordance) => concordance.what(),
            Wire::Show(show) => show.what(),
            Wire::Outline(outline) => outline.what(),
            Wire::Articles => Ok(What::Articles),
            Wire::Status => Ok(What::Status),
            Wire::Cite(cite) => cite.what(),
        };
        asked.map_err(|lack| match lack {
            Lack::Missing(fields) => AskFault::Missing { what: name, fields },
            Lack::Conflict(one, other) => AskFault::Conflict(one, other),
        })
    }
}

/// Why fields that are right one by one make no ask.
enum Lack {
    Missing(&'static str),
    Conflict(&'static str, &'static str),
}

impl Search {
    fn request(self) -> Result<Request, Lack> {
        let query = self.query.ok_or(Lack::Missing("`query`"))?;
        let has_timeout = self.matching.timeout_ms.is_some();
        let mut request = self.hits.request(query, self.matching, self.sort, Words::Any);
        request.limit = self.limit.map_or(Some(LIMIT), NonZeroUsize::new);
        request.snippet_columns = self.snippet_columns.unwrap_or(request.snippet_columns);
        request.notes = if self.notes == Some(true) { Notes::Read } else { Notes::Skip };
        request.before = self.before.unwrap_or(0);
        request.after = self.after.unwrap_or(0);
        request.more = self.more == Some(true);
        request.explain = self.explain == Some(true);
        // A search for all hits takes the time that it takes.
        if !has_timeout && request.limit.is_some() && request.sort == Sort::Score {
            request.deadline = Some(PATIENCE);
        }
        Ok(request)
    }
}

impl Count {
    fn what(self) -> Result<What, Lack> {
        let (Some(Choice(by)), Some(query)) = (self.by, self.query) else {
            return Err(Lack::Missing("`query` and `by`"));
        };
        Ok(What::Count(self.matching.request(query, Words::All), by))
    }
}

impl Timeline {
    fn what(self) -> Result<What, Lack> {
        let Terms(terms) = self.terms.ok_or(Lack::Missing("`terms`"))?;
        let shared = self.matching.request(String::new(), Words::All);
        let term = |query| {
            let mut request = shared.clone();
            request.query = query;
            request
        };
        Ok(What::Timeline(terms.into_iter().map(term).collect()))
    }
}

impl Concordance {
    fn what(self) -> Result<What, Lack> {
        let query = self.query.ok_or(Lack::Missing("`query`"))?;
        let mut request = self.hits.request(query, self.matching, self.sort, Words::Whole);
        request.limit = self.limit.map_or(Some(CONCORDANCE_PASSAGES), NonZeroUsize::new);
        let order = Choice::or_default(self.order);
        Ok(What::Concordance { request, order, context_columns: self.context_columns.unwrap_or(CONTEXT_COLUMNS) })
    }
}

impl Show {
    fn what(self) -> Result<What, Lack> {
        let Id(id) = self.id.ok_or(Lack::Missing("`id`"))?;
        Ok(What::Show(id, self.around.unwrap_or(AROUND)))
    }
}

impl Outline {
    fn what(self) -> Result<What, Lack> {
        // A hit has both where its path is not UTF-8, and only the bytes are the path.
        let path = self.path_b64.map(|PathBytes(path)| path).or(self.path.map(PathBuf::from));
        path.map(What::Outline).ok_or(Lack::Missing("`path` or `path_b64`"))
    }
}

impl Cite {
    fn what(self) -> Result<What, Lack> {
        let cited = match (self.query, self.id, self.all == Some(true)) {
            (Some(query), None, false) => {
                let mut request = self.hits.request(query, self.matching, self.sort, Words::Any);
                request.limit = self.limit.map_or(Some(LIMIT), NonZeroUsize::new);
                Cited::Hits(request)
            }
            (None, Some(Id(id)), false) => Cited::Passage(id),
            (None, None, true) => Cited::Articles,
            (Some(_), Some(_), _) => return Err(Lack::Conflict("query", "id")),
            (Some(_), None, true) => return Err(Lack::Conflict("query", "all")),
            (None, Some(_), true) => return Err(Lack::Conflict("id", "all")),
            (None, None, false) => return Err(Lack::Missing("`query`, `id` or `all`")),
        };
        let Choice(style) = self.style.ok_or(Lack::Missing("`style`"))?;
        Ok(What::Cite(style, cited))
    }
}

impl Hits {
    /// Returns a request for all hits; `words` are those of hits by score.
    fn request(self, query: String, matching: Matching, sort: Option<Choice<Sort>>, words: Words) -> Request {
        let sort = Choice::or_default(sort);
        // What has one of the words is hardly a match, and only ranking puts it last.
        let mut request = matching.request(query, if sort == Sort::Score { words } else { Words::All });
        request.sort = sort;
        request.limit = None;
        request.per_article = self.per_article.and_then(NonZeroUsize::new);
        request.copies = Choice::or_default(self.copies);
        request.help = self.help == Some(true);
        request
    }
}

impl Matching {
    /// Returns a request; `words` are those that are meant if it does not say.
    fn request(self, query: String, words: Words) -> Request {
        let mut request = Request::new(query);
        request.filter = self.filter.map_or_else(String::new, |Filter(filter)| filter);
        let milliseconds = self.timeout_ms.filter(|&milliseconds| milliseconds > 0);
        request.deadline = milliseconds.map(|milliseconds| Duration::from_millis(milliseconds as u64));
        request.mode = Choice::or_default(self.mode);
        request.words = self.words.map_or(words, |Choice(words)| words);
        request
    }
}
