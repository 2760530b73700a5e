//! What is asked of an index: plain values.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// The most passages that are read on either side of a hit ([`Request::before`]): to read an article, open it.
pub const MOST_AROUND: usize = 100;

/// What is asked of an index: made with [`Request::new`], and changed by its methods or its fields.
///
/// ```
/// use svod_query::{Notes, Request};
///
/// let request = Request::new("停火").filter("lang:zh date:2024..").limit(20).notes(Notes::Read);
/// assert_eq!(request.filter, "lang:zh date:2024..");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The query string, in the query language unless [`Request::mode`] says otherwise.
    ///
    /// | typed | means |
    /// | --- | --- |
    /// | `乌克兰 停火` | best match: any of the words in any form; more of them, rarer ones and closer ones first |
    /// | `"…"`, `"…"~8` | this text, exactly; these words within 8 positions |
    /// | `+word`, `-word` | must be there, must not |
    /// | `a AND (b OR c) AND NOT d` | operators, in capitals; `AND` binds before `OR` |
    /// | `санкци*`, `Zelensk?y`, `美*关系` | any letters of a word, one; between Han characters up to ten |
    /// | `word~`, `word~2` | words that one or two typing errors make of it |
    /// | `lang:zh`, `date:2024..` … | only such passages: the fields of [`Request::filter`] |
    pub query: String,
    /// How the query string is to be taken.
    pub mode: Mode,
    /// What every hit must fulfil, in the query language whatever the mode: `lang:zh date:2024..`, `(lang:zh OR lang:ru)
    /// -kind:note`, `author:"Anna Lee"`. It adds nothing to scores, and nothing of it is marked. Empty for no filter.
    ///
    /// Fields are `kind` (`body`, `heading`, `note`, `table`, `metadata`, `abstract`), `lang` (`zh`, `ru`, `uk`, `en`,
    /// `und`), `date` (`2024`, `2024-05..2025`, `2024..`), `path`, `title`, `author`, `keyword`, `section`. What a user
    /// typed goes between quotation marks, without those that it has. A query is mended where it is odd; a filter is an
    /// error, [`QueryError::Filter`](crate::QueryError::Filter).
    pub filter: String,
    /// The number of hits; `None` for all.
    pub limit: Option<NonZeroUsize>,
    /// The most hits of one article; `None` for any number.
    pub per_article: Option<NonZeroUsize>,
    /// Which words of the query a passage must have.
    pub words: Words,
    /// The order of the hits.
    pub sort: Sort,
    /// What becomes of near-copies.
    pub copies: Copies,
    /// The length of a snippet in terminal columns; a Han character takes two.
    pub snippet_columns: usize,
    /// Whether the notes of each hit are read too.
    pub notes: Notes,
    /// The number of passages that are read before each hit, 100 at most.
    pub before: usize,
    /// The number of passages that are read after each hit, 100 at most.
    pub after: usize,
    /// Whether each hit tells how many more passages of its article have all the words.
    pub more: bool,
    /// Whether a search that finds little helps on: with the nearest spellings of unknown words, and, where no passage
    /// has all of the required words, with most of them or any.
    pub help: bool,
    /// Whether each hit says what its score is made of.
    pub explain: bool,
    /// How long it may take; `None` for any time. What asks for more is cut short: the answer has what was found so far,
    /// says so ([`Answer::cut`](crate::Answer::cut)), and its total is a lower bound. Nothing in it is false.
    ///
    /// The steps that a second has room for are counted, so that a query is cut at the same place each time; the clock is
    /// for machines and disks that are slower. With or without a deadline the lists of a search hold no more than 256 MB
    /// at a time.
    pub deadline: Option<Duration>,
    /// Ends it from another thread.
    pub cancel: Option<Cancel>,
}

/// Which plain words of a query a passage must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Words {
    /// Any: the more the better.
    #[default]
    Any,
    /// All, as if each had a `+`.
    All,
    /// All, and Han characters that stand together in the query are one word: they are marked only where they all
    /// stand, and not ranked by their parts.
    Whole,
}

/// The order of hits. All but the first have no scores, and want all matches read: of common words this is slower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Sort {
    /// The best first.
    #[default]
    Score,
    /// By the date of the article, newest first; those without a date last.
    Newest,
    /// By the date of the article, oldest first; those without a date last.
    Oldest,
    /// By path, in the order of the passages.
    Path,
}

/// What becomes of near-copies: the same paragraph in two versions of a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Copies {
    /// Each is a hit of its own.
    #[default]
    Show,
    /// They are named with the first of them.
    Fold,
}

/// Whether the notes of a hit are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notes {
    /// They are not.
    #[default]
    Skip,
    /// They are.
    Read,
}

/// How a query string is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mode {
    /// In the query language.
    #[default]
    Query,
    /// As plain words.
    Literal,
    /// As one quotation.
    Exact,
    /// As one quotation whose ends may lie inside words.
    Fragment,
}

impl Request {
    /// Returns a request for the ten best hits, any number of them of one article: with any of the words, near-copies
    /// shown, snippets of 240 columns, no notes, no neighbours, no filter, no help, no deadline.
    ///
    /// For the next ten, ask for twenty: the first ten are the same while nothing is committed.
    pub fn new(query: impl Into<String>) -> Request {
        Request {
            query: query.into(),
            mode: Mode::default(),
            filter: String::new(),
            limit: NonZeroUsize::new(10),
            per_article: None,
            words: Words::default(),
            sort: Sort::default(),
            copies: Copies::default(),
            snippet_columns: 240,
            notes: Notes::default(),
            before: 0,
            after: 0,
            more: false,
            help: false,
            explain: false,
            deadline: None,
            cancel: None,
        }
    }

    /// Sets how the query string is to be taken.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Request {
        Request { mode, ..self }
    }

    /// Sets what every hit must fulfil.
    #[must_use]
    pub fn filter(self, filter: impl Into<String>) -> Request {
        Request { filter: filter.into(), ..self }
    }

    /// Sets the number of hits; 0 for all.
    #[must_use]
    pub fn limit(self, most: usize) -> Request {
        Request { limit: NonZeroUsize::new(most), ..self }
    }

    /// Sets the most hits of one article; 0 for any number.
    #[must_use]
    pub fn per_article(self, most: usize) -> Request {
        Request { per_article: NonZeroUsize::new(most), ..self }
    }

    /// Sets which words of the query a passage must have.
    #[must_use]
    pub fn words(self, words: Words) -> Request {
        Request { words, ..self }
    }

    /// Sets the order of the hits.
    #[must_use]
    pub fn sort(self, sort: Sort) -> Request {
        Request { sort, ..self }
    }

    /// Sets what becomes of near-copies.
    #[must_use]
    pub fn copies(self, copies: Copies) -> Request {
        Request { copies, ..self }
    }

    /// Sets the length of a snippet in terminal columns.
    #[must_use]
    pub fn snippet_columns(self, columns: usize) -> Request {
        Request { snippet_columns: columns, ..self }
    }

    /// Sets whether the notes of each hit are read too.
    #[must_use]
    pub fn notes(self, notes: Notes) -> Request {
        Request { notes, ..self }
    }

    /// Sets the number of passages that are read before each hit.
    #[must_use]
    pub fn before(self, passages: usize) -> Request {
        Request { before: passages, ..self }
    }

    /// Sets the number of passages that are read after each hit.
    #[must_use]
    pub fn after(self, passages: usize) -> Request {
        Request { after: passages, ..self }
    }

    /// Has each hit tell how many more passages of its article have all the words.
    #[must_use]
    pub fn more(self) -> Request {
        Request { more: true, ..self }
    }

    /// Has a search that finds little help on.
    #[must_use]
    pub fn help(self) -> Request {
        Request { help: true, ..self }
    }

    /// Has each hit say what its score is made of.
    #[must_use]
    pub fn explain(self) -> Request {
        Request { explain: true, ..self }
    }

    /// Sets how long it may take.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Request {
        Request { deadline: Some(deadline), ..self }
    }

    /// Sets what ends it from another thread.
    #[must_use]
    pub fn cancel(self, cancel: Cancel) -> Request {
        Request { cancel: Some(cancel), ..self }
    }
}

/// Ends a search from another thread: what was found so far is the answer.
///
/// ```
/// use svod_query::{Cancel, Request};
///
/// let cancel = Cancel::new();
/// let request = Request::new("停火").cancel(cancel.clone());
/// std::thread::spawn(move || cancel.cancel());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Returns a handle that cancels nothing yet.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Ends all searches whose requests have this handle, those that begin later too.
    pub fn cancel(&self) {
        self.0.store(true, Relaxed);
    }

    /// Returns whether that was done.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Relaxed)
    }
}
