//! Asks as JSON, for programs in any language: a JSON object in, JSON Lines out.
//!
//! An HTTP handler, an editor's extension or an assistant's tool hands over
//! what it was given and hands back what is written; `svod-query --requests`
//! does nothing else for each line of its input. What an object may hold, and
//! what each line of an answer holds, is published as JSON Schema:
//! [`requests_schema`] and [`lines_schema`](crate::lines_schema).
//!
//! ```json
//! {"query":"乌克兰 停火","limit":5,"filter":"lang:zh","tag":"left-pane"}
//! {"do":"count","query":"制裁","by":"year"}
//! {"do":"show","id":"8f89bab348dc4a57","around":2}
//! ```
//!
//! - `do` says what to do; without it, to search. [`What`] has the fields of each.
//! - `tag` may be any JSON of up to 200 bytes. It comes back on every line of the answer, as it was
//!   written; what steers a terminal is escaped.
//! - A field that is not said, or null, is as with `svod-query --json`. A field that is not known is an error, and so is
//!   one of another type or one that stands twice: nothing is searched that was not meant.
//! - **Every answer ends with one line of the type `summary` or `error`.** An error has no other lines before it.
//!
//! What it costs is the search: reading an object takes some microseconds.
//! An object is read to its end before anything is searched; nothing here
//! limits what it may ask for (`"limit":0` is all hits). A server
//! that answers strangers limits [`Ask::what`] before it answers.
//!
//! # Examples
//!
//! A handler that knows nothing of svod but this:
//!
//! ```
//! use std::io;
//! use svod_query::Index;
//! use svod_render::ask::{self, Outcome};
//!
//! /// Answers the body of a request with a status and a body of JSON Lines.
//! fn handle(index: &Index, body: &str) -> io::Result<(u16, Vec<u8>)> {
//!     let mut lines = Vec::new();
//!     let status = match ask::answer(body, index, 0, &mut lines)? {
//!         Outcome::Answered => 200,
//!         Outcome::NotUnderstood(_) => 400,
//!         Outcome::Failed(_) => 500,
//!     };
//!     Ok((status, lines))
//! }
//! ```
//!
//! One that allows no more than a hundred hits:
//!
//! ```
//! # use svod_query::Index;
//! use std::num::NonZeroUsize;
//! use svod_render::ask::{AnswerError, Ask, AskError, What};
//!
//! fn read(body: &str) -> Result<Ask, AskError> {
//!     let mut ask = Ask::parse(body)?;
//!     if let What::Search(request) = &mut ask.what {
//!         let most = NonZeroUsize::new(100);
//!         request.limit = request.limit.min(most).or(most);
//!     }
//!     Ok(ask)
//! }
//! # fn answer(index: &Index, ask: &Ask) -> Result<Vec<u8>, AnswerError> {
//! # let mut lines = Vec::new();
//! # ask.answer(index, 0, &mut lines)?;
//! # Ok(lines)
//! # }
//! # assert!(matches!(read(r#"{"query":"мир","limit":0}"#).unwrap().what, What::Search(request) if request.limit == NonZeroUsize::new(100)));
//! ```

mod answer;
mod echo;
mod error;
mod object;
mod wire;

use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::value::RawValue;
use svod_query::{By, ConcordanceOrder, Index, PassageId, QueryError, Request, with_causes};

use self::echo::Echo;
pub use self::error::{AnswerError, AskError, AskFault};
use crate::cite::CiteStyle;
use crate::json;
pub use crate::json::Fault;

/// Returns the JSON Schema (draft 2020-12) of the objects that [`Ask::parse`] reads. It is made anew at each call.
pub fn requests_schema() -> String {
    wire::schema()
}

/// Something that is asked of an index, and the tag that the asker put on it.
#[derive(Debug, Clone)]
pub struct Ask {
    /// One line of JSON.
    tag: Option<Box<RawValue>>,
    /// What is asked for.
    pub what: What,
}

/// What can be asked for: the values of the field `do`, in the order of the variants `search`, `search_as_typed`,
/// `count`, `timeline`, `concordance`, `show`, `outline`, `articles`, `status`, `cite`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum What {
    /// Hits: [`Index::search`]. The only field that must be there is `query`.
    Search(Request),
    /// Hits of a query of which the last word may not be typed to its end: [`Index::search_as_typed`].
    SearchAsTyped(Request),
    /// How the passages that match are spread: [`Index::count`].
    Count(Request, By),
    /// Terms year by year: [`Index::timeline`].
    Timeline(Vec<Request>),
    /// Every match between what stands before and after it: [`concordance`](svod_query).
    Concordance {
        /// The passages.
        request: Request,
        /// The order of the matches.
        order: ConcordanceOrder,
        /// The terminal columns of text on either side.
        context_columns: usize,
    },
    /// A passage, the given number of passages before and after it, and the sections of its article: [`Index::show`].
    Show(PassageId, usize),
    /// The sections of the article at a path below the root: [`Index::outline`].
    Outline(PathBuf),
    /// All articles: [`Index::articles`].
    Articles,
    /// What the index holds: [`Index::status`].
    Status,
    /// Citations: [`write_citations`](crate::cite::write_citations).
    Cite(CiteStyle, Cited),
}

/// What is cited.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Cited {
    /// The articles of the hits, each once, with the places of its hits.
    Hits(Request),
    /// A passage.
    Passage(PassageId),
    /// All articles of the index.
    Articles,
}

/// What became of an ask.
#[derive(Debug)]
pub enum Outcome {
    /// It was answered, though perhaps nothing was found.
    Answered,
    /// It could not be understood: an error of the asker.
    NotUnderstood(AskError),
    /// The index could not answer: not an error of the asker.
    Failed(QueryError),
}

/// Reads an ask and writes the answer, a line of JSON for each thing; an error is a line too. `number` counts what this
/// index was asked by this asker, from 0, and is the field `query` of every line.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(json: &str, index: &Index, number: usize, out: &mut dyn Write) -> io::Result<Outcome> {
    let ask = match Ask::parse(json) {
        Ok(ask) => ask,
        Err(error) => {
            error.write(number, out)?;
            return Ok(Outcome::NotUnderstood(error));
        }
    };
    match ask.answer(index, number, out) {
        Ok(()) => Ok(Outcome::Answered),
        Err(AnswerError::Write(error)) => Err(error),
        Err(AnswerError::Query(error)) => {
            ask.write_failure(&error, number, out)?;
            Ok(Outcome::Failed(error))
        }
    }
}

/// Writes a line that says why what was asked has no answer, where the asker's own program knows: too much at once, no
/// right to ask. With the tag of `asked`, if that is given and has one.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_error(
    out: &mut dyn Write,
    number: usize,
    asked: Option<&str>,
    fault: Fault,
    message: &str,
) -> io::Result<()> {
    let tag = asked.and_then(|json| Ask::parse(json).map_or_else(|error| error.tag, |ask| ask.tag));
    let mut out = Echo::new(out, tag.as_deref().map(RawValue::get));
    json::write_error(&mut out, number, fault, None, message)
}

impl Ask {
    /// Returns an ask without a tag.
    pub fn new(what: What) -> Ask {
        Ask { tag: None, what }
    }

    /// Reads a JSON object.
    ///
    /// Takes time in proportion to its length, however deeply it is nested.
    ///
    /// # Errors
    /// If it is no JSON object, or one that says what is not understood: the error names the field and what is allowed.
    ///
    /// # Examples
    ///
    /// ```
    /// use svod_render::ask::Ask;
    ///
    /// let error = Ask::parse(r#"{"query":"停火","limit":"5"}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "`limit` is a whole number from 0, not `\"5\"`");
    /// ```
    pub fn parse(json: &str) -> Result<Ask, AskError> {
        wire::read(json)
    }

    /// Returns the tag that the asker put on it, as JSON.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref().map(RawValue::get)
    }

    /// Writes the answer, a line of JSON for each thing, the last of them a summary. `number` is the field `query` of
    /// each.
    ///
    /// # Errors
    /// If the index is damaged: then nothing was written. If `out` cannot be written.
    pub fn answer(&self, index: &Index, number: usize, out: &mut dyn Write) -> Result<(), AnswerError> {
        answer::answer(self, index, number, out)
    }

    /// Writes the line that says why the index could not answer.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write_failure(&self, error: &QueryError, number: usize, out: &mut dyn Write) -> io::Result<()> {
        let mut out = Echo::new(out, self.tag());
        json::write_error(&mut out, number, Fault::Index, None, &with_causes(error))
    }
}
