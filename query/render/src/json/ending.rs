//! What ends an answer that has no summary of its own: how much was listed, or why there is no answer.

use std::io::{self, Write};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Milliseconds, milliseconds};
use super::{Json, Line, Versioned, write_line};
use crate::choice::{Choice, Named};
use crate::cite::CiteStyle;

/// What is at fault when something has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault {
    /// What was asked: asking again does not help.
    #[default]
    Request,
    /// The index, or the program that answers for it.
    Index,
}

impl Fault {
    /// Returns its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Fault::Request => "request",
            Fault::Index => "index",
        }
    }
}

impl Named for Fault {
    fn named() -> impl Iterator<Item = (&'static str, Self)> {
        [Fault::Request, Fault::Index].into_iter().map(|fault| (fault.name(), fault))
    }
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ErrorPart<'e> {
    /// Whether what was asked was wrong, or the index could not answer.
    #[schemars(with = "Choice<Fault>")]
    fault: &'static str,
    /// The field of the request that is wrong; null if it is not one alone.
    field: Option<&'e str>,
    /// What is wrong, in English.
    message: &'e str,
}

/// What was done by an answer that has no summary of its own.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum Listed {
    Show,
    Outline,
    Articles,
    Status,
    Cite,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct ListSummary {
    /// What was done.
    r#do: Listed,
    /// The number of lines before this line; 0 if what was asked for is not there.
    returned: usize,
    elapsed_ms: Milliseconds,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CitationsPart<'c> {
    /// The style.
    #[schemars(with = "Choice<CiteStyle>")]
    style: &'static str,
    /// How many articles are cited.
    articles: usize,
    /// The citations: a line each, or with `bibtex` an entry each, or with `csl-json` one JSON array.
    text: &'c str,
}

/// Writes why there is no answer. `field` is the one of the request that is at fault.
pub(crate) fn write_error(
    out: &mut dyn Write,
    query: usize,
    fault: Fault,
    field: Option<&str>,
    message: &str,
) -> io::Result<()> {
    let part = ErrorPart { fault: fault.name(), field, message };
    write_line(out, Line::Error(Versioned::new(query, part)))
}

impl Json<'_> {
    /// Writes the summary of what has no other. `returned` lines stand before it.
    pub(crate) fn listing(&mut self, listed: Listed, returned: usize, elapsed: Duration) -> io::Result<()> {
        let part = ListSummary { r#do: listed, returned, elapsed_ms: milliseconds(elapsed) };
        write_line(self.out, Line::SummaryOfList(Versioned::new(self.number, part)))
    }

    /// Writes the citations of a number of articles, which are one text.
    pub(crate) fn citations(&mut self, style: CiteStyle, articles: usize, text: &str) -> io::Result<()> {
        let part = CitationsPart { style: style.name(), articles, text };
        write_line(self.out, Line::Citations(Versioned::new(self.number, part)))
    }
}
