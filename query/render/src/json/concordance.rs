//! A concordance: a line for each match, then a summary.

use std::io::{self, Write};

use serde::Serialize;
use svod_query::{Answer, ConcordanceLine, Cut, Index};

use super::{
    Roots, VERSION, WarningPart, counted, milliseconds, path_b64, shown_root, slashed, warning_parts, write_line,
};

#[derive(Serialize)]
struct MatchLine<'l> {
    r#type: &'static str,
    query: usize,
    left: &'l str,
    r#match: &'l str,
    right: &'l str,
    id: String,
    root: Option<String>,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_b64: Option<String>,
    line: Option<u32>,
    paragraph: Option<u64>,
    date: Option<String>,
}

#[derive(Serialize)]
struct ConcordanceSummary<'a> {
    r#type: &'static str,
    version: u32,
    query: usize,
    text: &'a str,
    #[serde(flatten)]
    roots: Roots,
    matches: usize,
    total: u64,
    total_is: &'static str,
    cut: Option<&'static str>,
    returned: usize,
    elapsed_ms: f64,
    warnings: Vec<WarningPart>,
    finished: bool,
}

/// Writes the matches of a concordance, a line each, and a summary. `query` numbers the query from 0; `total` and
/// `returned` count passages.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_concordance(
    out: &mut dyn Write,
    query: usize,
    text: &str,
    index: &Index,
    answer: &Answer,
    lines: &[ConcordanceLine<'_>],
) -> io::Result<()> {
    lines.iter().try_for_each(|line| write_line(out, &match_line(query, line)))?;
    let (total, total_is) = counted(answer.total);
    let summary = ConcordanceSummary {
        r#type: "summary",
        version: VERSION,
        query,
        text,
        roots: Roots::of(index),
        matches: lines.len(),
        total,
        total_is,
        cut: answer.cut.map(Cut::name),
        returned: answer.hits.len(),
        elapsed_ms: milliseconds(answer.elapsed),
        warnings: warning_parts(&answer.warnings),
        finished: answer.is_finished,
    };
    write_line(out, &summary)
}

fn match_line<'l>(query: usize, line: &'l ConcordanceLine<'_>) -> MatchLine<'l> {
    MatchLine {
        r#type: "match",
        query,
        left: &line.left,
        r#match: &line.found,
        right: &line.right,
        id: line.hit.id.to_string(),
        root: shown_root(line.hit.root.as_deref()),
        path: slashed(&line.hit.path),
        path_b64: path_b64(&line.hit.path),
        line: line.line,
        paragraph: line.hit.paragraph,
        date: line.hit.date.map(|date| date.to_string()),
    }
}
