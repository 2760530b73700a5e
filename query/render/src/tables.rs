//! Counts, timelines and concordances as CSV.

use std::io::{self, Write};

use svod_query::{ConcordanceLine, Counts, Group, Period, Timeline};

use super::csv::write_row;
use crate::Paths;

/// Writes a heading, then a row for each group. What is unknown has no name.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_counts(out: &mut dyn Write, counts: &Counts, paths: &Paths<'_>) -> io::Result<()> {
    write_row(out, [counts.by.name(), "passages", "articles"])?;
    for count in &counts.groups {
        let name = match &count.group {
            Group::Unknown => String::new(),
            Group::Article { root, path } => (paths.shown)(root.as_deref(), path),
            group => group.to_string(),
        };
        write_row(out, [name, count.passages.to_string(), count.articles.to_string()])?;
    }
    Ok(())
}

/// Writes a heading, then a row for each year and term, and last those without a date, whose year is left empty.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_timeline(out: &mut dyn Write, timeline: &Timeline) -> io::Result<()> {
    write_row(out, ["year", "term", "passages", "all", "per_thousand"])?;
    for period in timeline.years.iter().chain([&timeline.undated]) {
        for (number, term) in timeline.terms.iter().enumerate() {
            write_period(out, period, number, &term.query)?;
        }
    }
    Ok(())
}

fn write_period(out: &mut dyn Write, period: &Period, number: usize, term: &str) -> io::Result<()> {
    let found = period.found.get(number).copied().unwrap_or_default();
    write_row(
        out,
        [
            period.year.map(|year| year.to_string()).unwrap_or_default(),
            term.to_owned(),
            found.to_string(),
            period.all.to_string(),
            period.per_thousand(number).map(|share| format!("{share:.3}")).unwrap_or_default(),
        ],
    )
}

/// Writes a heading, then a row for each match.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_concordance(out: &mut dyn Write, lines: &[ConcordanceLine<'_>], paths: &Paths<'_>) -> io::Result<()> {
    write_row(out, ["left", "match", "right", "path", "line", "paragraph", "date", "id"])?;
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    for line in lines {
        let cells = [
            line.left.trim().to_owned(),
            line.found.clone(),
            line.right.trim().to_owned(),
            (paths.shown)(line.hit.root.as_deref(), &line.hit.path),
            number(line.line.map(u64::from)),
            number(line.hit.paragraph),
            line.hit.date.map(|date| date.to_string()).unwrap_or_default(),
            line.hit.id.to_string(),
        ];
        write_row(out, cells)?;
    }
    Ok(())
}
