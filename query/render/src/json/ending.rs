//! What ends an answer that has no summary of its own: how much was listed, or why there is no answer.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use serde_json::value::RawValue;

use super::{VERSION, milliseconds, write_line};
use crate::ask::Fault;

/// Why there is no answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct ErrorLine<'e> {
    pub(crate) query: usize,
    /// The tag that the asker put on what was asked, as JSON.
    pub(crate) tag: Option<&'e RawValue>,
    /// What is at fault.
    pub(crate) fault: Fault,
    /// The field of the request that is at fault.
    pub(crate) field: Option<&'e str>,
    pub(crate) message: String,
}

#[derive(Serialize)]
struct ErrorRecord<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'e RawValue>,
    r#type: &'static str,
    version: u32,
    query: usize,
    fault: &'static str,
    field: Option<&'e str>,
    message: &'e str,
}

/// How much of what was listed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listing {
    pub(crate) query: usize,
    /// What was done.
    pub(crate) r#do: &'static str,
    /// The lines before this one.
    pub(crate) returned: usize,
    pub(crate) elapsed: Duration,
}

#[derive(Serialize)]
struct ListingSummary {
    r#type: &'static str,
    version: u32,
    query: usize,
    r#do: &'static str,
    returned: usize,
    elapsed_ms: f64,
}

#[derive(Serialize)]
struct CitationsLine<'c> {
    r#type: &'static str,
    version: u32,
    query: usize,
    style: &'static str,
    articles: usize,
    text: &'c str,
}

/// Writes why there is no answer.
pub(crate) fn write_error(out: &mut dyn Write, error: &ErrorLine<'_>) -> io::Result<()> {
    let &ErrorLine { query, tag, fault, field, ref message } = error;
    let fault = fault.name();
    write_line(out, &ErrorRecord { tag, r#type: "error", version: VERSION, query, fault, field, message })
}

/// Writes the summary of what has no other.
pub(crate) fn write_listing(out: &mut dyn Write, listing: Listing) -> io::Result<()> {
    let Listing { query, r#do, returned, elapsed } = listing;
    let elapsed_ms = milliseconds(elapsed);
    write_line(out, &ListingSummary { r#type: "summary", version: VERSION, query, r#do, returned, elapsed_ms })
}

/// Writes the citations of so many articles, which are one text.
pub(crate) fn write_citations(
    out: &mut dyn Write,
    query: usize,
    style: &'static str,
    articles: usize,
    text: &str,
) -> io::Result<()> {
    write_line(out, &CitationsLine { r#type: "citations", version: VERSION, query, style, articles, text })
}
