//! A concordance: a line for each match, then a summary.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{Answer, ConcordanceLine, Cut};

use super::parts::{
    CutName, Finished, Id, Milliseconds, Place, Roots, TotalPart, WarningPart, milliseconds, total_part, warning_parts,
};
use super::{Json, Line, Numbered, Versioned, write_line};

#[derive(Serialize, JsonSchema)]
pub(super) struct MatchPart<'l> {
    /// The end of what stands before it in its passage, blanks drawn together.
    left: &'l str,
    /// The match: whole words.
    r#match: &'l str,
    /// The beginning of what stands after it in its passage, blanks drawn together.
    right: &'l str,
    id: Id,
    #[serde(flatten)]
    place: Place,
    /// The line of the file that it begins on, counted from 1; null where a file has no lines.
    #[schemars(range(min = 1))]
    line: Option<u32>,
    /// The place of its passage among those of the file, counted from 1, where there are no lines.
    #[schemars(range(min = 1))]
    paragraph: Option<u64>,
    /// The date of the article: a year, a year and a month, or a day: `2025`, `2025-03`, `2025-03-14`; null if it tells
    /// none.
    date: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct MatchesSummary<'a> {
    /// The query, as it was given.
    text: &'a str,
    #[serde(flatten)]
    roots: Roots,
    /// The number of matches before this line.
    matches: usize,
    #[serde(flatten)]
    total: TotalPart,
    #[schemars(with = "Option<CutName>")]
    cut: Option<&'static str>,
    /// The number of passages that they are in.
    returned: usize,
    elapsed_ms: Milliseconds,
    /// What was mended in the query or left out.
    warnings: Vec<WarningPart>,
    finished: Finished,
}

impl Json<'_> {
    /// Writes the matches of a concordance, and a summary, in which `total` and `returned` count passages.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn concordance(&mut self, query: &str, answer: &Answer, lines: &[ConcordanceLine<'_>]) -> io::Result<()> {
        for line in lines {
            write_line(self.out, Line::Match(Numbered::new(self.number, match_part(line))))?;
        }
        let summary = MatchesSummary {
            text: query,
            roots: Roots::of(self.index),
            matches: lines.len(),
            total: total_part(answer.total),
            cut: answer.cut.map(Cut::name),
            returned: answer.hits.len(),
            elapsed_ms: milliseconds(answer.elapsed),
            warnings: warning_parts(&answer.warnings),
            finished: Finished(answer.is_finished),
        };
        write_line(self.out, Line::SummaryOfMatches(Versioned::new(self.number, summary)))
    }
}

fn match_part<'l>(line: &'l ConcordanceLine<'_>) -> MatchPart<'l> {
    MatchPart {
        left: &line.left,
        r#match: &line.found,
        right: &line.right,
        id: Id::of(line.hit.id),
        place: Place::of(line.hit.root.as_deref(), &line.hit.path),
        line: line.line,
        paragraph: line.hit.paragraph,
        date: line.hit.date.map(|date| date.to_string()),
    }
}
