//! Counts and timelines: a line for each group or year, then a summary.

use std::io::{self, Write};

use serde::Serialize;
use svod_query::{Count, Counts, Cut, Group, Index, Period, Timeline};

use super::{Roots, VERSION, WarningPart, milliseconds, path_b64, shown_root, slashed, warning_parts, write_line};

/// A group and how many of its passages match. What is unknown is null.
#[derive(Serialize)]
struct CountLine {
    r#type: &'static str,
    query: usize,
    by: &'static str,
    group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_b64: Option<String>,
    passages: u64,
    articles: u64,
}

#[derive(Serialize)]
struct CountSummary<'c> {
    r#type: &'static str,
    version: u32,
    query: usize,
    text: &'c str,
    #[serde(flatten)]
    roots: Roots,
    by: &'static str,
    groups: usize,
    passages: u64,
    articles: u64,
    cut: Option<&'static str>,
    elapsed_ms: f64,
    warnings: Vec<WarningPart>,
    finished: bool,
}

/// A year, or what has no date: then `year` is null.
#[derive(Serialize)]
struct PeriodLine<'t> {
    r#type: &'static str,
    query: usize,
    year: Option<u16>,
    all: u64,
    terms: Vec<PeriodTerm<'t>>,
}

#[derive(Serialize)]
struct PeriodTerm<'t> {
    text: &'t str,
    passages: u64,
    per_thousand: Option<f64>,
}

#[derive(Serialize)]
struct TimelineSummary<'t> {
    r#type: &'static str,
    version: u32,
    query: usize,
    #[serde(flatten)]
    roots: Roots,
    terms: Vec<TimelineTermPart<'t>>,
    years: usize,
    elapsed_ms: f64,
    finished: bool,
}

#[derive(Serialize)]
struct TimelineTermPart<'t> {
    text: &'t str,
    passages: u64,
    cut: Option<&'static str>,
    warnings: Vec<WarningPart>,
}

/// Writes the groups of a count, a line each, and a summary. `query` numbers the query from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_counts(out: &mut dyn Write, query: usize, text: &str, index: &Index, counts: &Counts) -> io::Result<()> {
    let by = counts.by.name();
    for count in &counts.groups {
        write_line(out, &count_line(query, by, count))?;
    }
    let summary = CountSummary {
        r#type: "summary",
        version: VERSION,
        query,
        text,
        roots: Roots::of(index),
        by,
        groups: counts.groups.len(),
        passages: counts.passages,
        articles: counts.articles,
        cut: counts.cut.map(Cut::name),
        elapsed_ms: milliseconds(counts.elapsed),
        warnings: warning_parts(&counts.warnings),
        finished: counts.is_finished,
    };
    write_line(out, &summary)
}

fn count_line(query: usize, by: &'static str, count: &Count) -> CountLine {
    let (root, group, path_b64) = match &count.group {
        Group::Unknown => (None, None, None),
        Group::Article { root, path } => (shown_root(root.as_deref()), Some(slashed(path)), path_b64(path)),
        group => (None, Some(group.to_string()), None),
    };
    CountLine { r#type: "count", query, by, group, root, path_b64, passages: count.passages, articles: count.articles }
}

/// Writes the years of a timeline, a line each, what has no date, and a summary. `query` numbers what was asked from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_timeline(out: &mut dyn Write, query: usize, index: &Index, timeline: &Timeline) -> io::Result<()> {
    for period in timeline.years.iter().chain([&timeline.undated]) {
        write_line(out, &period_line(query, timeline, period))?;
    }
    let terms = timeline.terms.iter().map(|term| TimelineTermPart {
        text: &term.query,
        passages: term.passages,
        cut: term.cut.map(Cut::name),
        warnings: warning_parts(&term.warnings),
    });
    let summary = TimelineSummary {
        r#type: "summary",
        version: VERSION,
        query,
        roots: Roots::of(index),
        terms: terms.collect(),
        years: timeline.years.len(),
        elapsed_ms: milliseconds(timeline.elapsed),
        finished: timeline.is_finished,
    };
    write_line(out, &summary)
}

fn period_line<'t>(query: usize, timeline: &'t Timeline, period: &Period) -> PeriodLine<'t> {
    let term = |(number, &passages): (usize, &u64)| {
        let text = timeline.terms.get(number).map_or("", |term| &term.query);
        let per_thousand = period.per_thousand(number).map(|share| (share * 1e3).round() / 1e3);
        PeriodTerm { text, passages, per_thousand }
    };
    PeriodLine {
        r#type: "year",
        query,
        year: period.year,
        all: period.all,
        terms: period.found.iter().enumerate().map(term).collect(),
    }
}
