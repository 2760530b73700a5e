//! Counts and timelines: a line for each group or year, then a summary.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{By, Count, Counts, Cut, Group, Period, Timeline};

use super::parts::{
    CutName, Finished, Milliseconds, Roots, WarningPart, milliseconds, path_b64, shown_root, slashed, warning_parts,
};
use super::{Json, Line, Numbered, Versioned, write_line};
use crate::choice::Choice;

#[derive(Serialize, JsonSchema)]
pub(super) struct CountPart {
    /// What was counted by.
    #[schemars(with = "Choice<By>")]
    by: &'static str,
    /// The group: a year, a code, a name, or the path of an article below `root`; null for what is unknown.
    group: Option<String>,
    /// The indexed folder that the article is in, an absolute path; only there if articles are counted, and it is a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    root: Option<String>,
    /// The bytes of the path in base64; only there if the path is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required, extend("contentEncoding" = "base64"))]
    path_b64: Option<String>,
    /// The number of its passages.
    passages: u64,
    /// The number of articles that these are of.
    articles: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CountsSummary<'c> {
    /// The query, as it was given.
    text: &'c str,
    #[serde(flatten)]
    roots: Roots,
    /// What was counted by.
    #[schemars(with = "Choice<By>")]
    by: &'static str,
    /// The number of groups before this line.
    groups: usize,
    /// The number of passages that match: each once, whatever groups it is in.
    passages: u64,
    /// The number of articles that these are of.
    articles: u64,
    #[schemars(with = "Option<CutName>")]
    cut: Option<&'static str>,
    elapsed_ms: Milliseconds,
    /// What was mended in the query or left out.
    warnings: Vec<WarningPart>,
    finished: Finished,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct YearPart<'t> {
    /// The year; null for passages of articles without a date.
    year: Option<u16>,
    /// The number of all passages of the year.
    all: u64,
    /// The terms, in the order of the summary.
    terms: Vec<PeriodTerm<'t>>,
}

/// A term in a year.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "term_of_year")]
struct PeriodTerm<'t> {
    /// The term, as it was given.
    text: &'t str,
    /// The number of passages that match.
    passages: u64,
    /// How many of a thousand passages of the year match; null where the year has none.
    per_thousand: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct YearsSummary<'t> {
    #[serde(flatten)]
    roots: Roots,
    /// The terms, in the order in which they were given.
    terms: Vec<TimelineTermPart<'t>>,
    /// The number of years before this line, not counting what has no date.
    years: usize,
    elapsed_ms: Milliseconds,
    finished: Finished,
}

/// A term of a timeline.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "term_of_timeline")]
struct TimelineTermPart<'t> {
    /// The term, as it was given: a query.
    text: &'t str,
    /// The number of passages that match, with or without a date.
    passages: u64,
    #[schemars(with = "Option<CutName>")]
    cut: Option<&'static str>,
    /// What was mended in the query or left out.
    warnings: Vec<WarningPart>,
}

impl Json<'_> {
    /// Writes the groups of a count, and a summary.
    ///
    /// # Errors
    /// If the output cannot be written; so with all methods.
    pub fn counts(&mut self, query: &str, counts: &Counts) -> io::Result<()> {
        let by = counts.by.name();
        for count in &counts.groups {
            write_line(self.out, Line::Count(Numbered::new(self.number, count_part(by, count))))?;
        }
        let summary = CountsSummary {
            text: query,
            roots: Roots::of(self.index),
            by,
            groups: counts.groups.len(),
            passages: counts.passages,
            articles: counts.articles,
            cut: counts.cut.map(Cut::name),
            elapsed_ms: milliseconds(counts.elapsed),
            warnings: warning_parts(&counts.warnings),
            finished: Finished(counts.is_finished),
        };
        write_line(self.out, Line::SummaryOfCounts(Versioned::new(self.number, summary)))
    }

    /// Writes the years of a timeline, what has no date, and a summary.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        for period in timeline.years.iter().chain([&timeline.undated]) {
            write_line(self.out, Line::Year(Numbered::new(self.number, year_part(timeline, period))))?;
        }
        let terms = timeline.terms.iter().map(|term| TimelineTermPart {
            text: &term.query,
            passages: term.passages,
            cut: term.cut.map(Cut::name),
            warnings: warning_parts(&term.warnings),
        });
        let summary = YearsSummary {
            roots: Roots::of(self.index),
            terms: terms.collect(),
            years: timeline.years.len(),
            elapsed_ms: milliseconds(timeline.elapsed),
            finished: Finished(timeline.is_finished),
        };
        write_line(self.out, Line::SummaryOfYears(Versioned::new(self.number, summary)))
    }
}

fn count_part(by: &'static str, count: &Count) -> CountPart {
    let (root, group, path_b64) = match &count.group {
        Group::Unknown => (None, None, None),
        Group::Article { root, path } => (shown_root(root.as_deref()), Some(slashed(path)), path_b64(path)),
        group => (None, Some(group.to_string()), None),
    };
    CountPart { by, group, root, path_b64, passages: count.passages, articles: count.articles }
}

fn year_part<'t>(timeline: &'t Timeline, period: &Period) -> YearPart<'t> {
    let term = |(number, &passages): (usize, &u64)| {
        let text = timeline.terms.get(number).map_or("", |term| &term.query);
        let per_thousand = period.per_thousand(number).map(|share| (share * 1e3).round() / 1e3);
        PeriodTerm { text, passages, per_thousand }
    };
    YearPart { year: period.year, all: period.all, terms: period.found.iter().enumerate().map(term).collect() }
}
