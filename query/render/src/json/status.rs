//! What an index holds: one line.

use std::io::{self, Write};

use serde::Serialize;
use svod_query::Status;

use super::{VERSION, shown_root, slashed, write_line};

#[derive(Serialize)]
struct StatusLine<'a> {
    r#type: &'static str,
    version: u32,
    query: usize,
    index: Option<String>,
    root: Option<String>,
    stamp: &'a str,
    articles: u64,
    passages: u64,
    languages: Vec<LanguagePart>,
    bytes: u64,
    segments: usize,
    finished: bool,
    skipped: Vec<SkippedPart<'a>>,
    checked: Option<CheckedPart>,
}

#[derive(Serialize)]
struct CheckedPart {
    files: usize,
    bytes: u64,
}

#[derive(Serialize)]
struct LanguagePart {
    language: &'static str,
    passages: u64,
}

#[derive(Serialize)]
struct SkippedPart<'a> {
    path: String,
    reason: &'a str,
}

/// Writes the status of an index as one line. `query` numbers what was asked from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_status(out: &mut dyn Write, query: usize, status: &Status) -> io::Result<()> {
    let line = StatusLine {
        r#type: "status",
        version: VERSION,
        query,
        index: shown_root(status.index.as_deref()),
        root: shown_root(status.root.as_deref()),
        stamp: &status.stamp,
        articles: status.articles,
        passages: status.passages,
        languages: status
            .languages
            .iter()
            .map(|&(language, passages)| LanguagePart { language: language.code(), passages })
            .collect(),
        bytes: status.bytes,
        segments: status.segments,
        finished: status.is_finished,
        skipped: status.skipped.iter().map(|(path, reason)| SkippedPart { path: slashed(path), reason }).collect(),
        checked: status.checked.as_ref().map(|checked| CheckedPart { files: checked.files, bytes: checked.bytes }),
    };
    write_line(out, &line)
}
