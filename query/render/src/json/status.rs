//! What an index holds: one line.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{Language, Status};

use super::parts::{Finished, shown_root, slashed};
use super::{Json, Line, Versioned, write_line};
use crate::choice::Choice;

#[derive(Serialize, JsonSchema)]
pub(super) struct StatusPart<'a> {
    /// The folder of the index, an absolute path; null if it lies in memory, or several are searched as one.
    index: Option<String>,
    /// The indexed folder, an absolute path; null if an app wrote the texts, or several indexes are searched as one.
    root: Option<String>,
    /// The versions of the fields and of the analysis that the index was made with.
    stamp: &'a str,
    /// The number of articles.
    articles: u64,
    /// The number of passages.
    passages: u64,
    /// The languages of the passages, most first.
    languages: Vec<LanguagePart>,
    /// The size of the index on disk, in bytes.
    bytes: u64,
    /// The number of tantivy's segments.
    segments: usize,
    finished: Finished,
    /// The files that could not be read, by path.
    skipped: Vec<SkippedPart<'a>>,
    /// What `--check` found whole; null if it was not asked for.
    checked: Option<CheckedPart>,
}

/// A check.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "check")]
struct CheckedPart {
    /// The number of files of the index that were read.
    files: usize,
    /// The number of bytes that were read.
    bytes: u64,
}

/// A language.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "language")]
struct LanguagePart {
    /// The language.
    #[schemars(with = "Choice<Language>")]
    language: &'static str,
    /// The number of passages in it.
    passages: u64,
}

/// A file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "skipped_file")]
struct SkippedPart<'a> {
    /// Its path below the indexed folder, with `/` between its parts.
    path: String,
    /// Why it was skipped, in English.
    reason: &'a str,
}

impl Json<'_> {
    /// Writes what an index holds.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn status(&mut self, status: &Status) -> io::Result<()> {
        let part = StatusPart {
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
            finished: Finished(status.is_finished),
            skipped: status.skipped.iter().map(|(path, reason)| SkippedPart { path: slashed(path), reason }).collect(),
            checked: status.checked.as_ref().map(|checked| CheckedPart { files: checked.files, bytes: checked.bytes }),
        };
        write_line(self.out, Line::Status(Versioned::new(self.number, part)))
    }
}
