//! Counts, timelines and concordances as CSV.

use std::io::{self, Write};

use svod_query::{ConcordanceLine, Counts, Group, Period, Timeline};

use super::csv::{Csv, write_row};

impl Csv<'_> {
    /// Writes a heading, then a row for each group. What is unknown has no name.
    ///
    /// # Errors
    /// As [`Csv::articles`].
    pub fn counts(&mut self, counts: &Counts) -> io::Result<()> {
        write_row(self.out, [counts.by.name(), "passages", "articles"])?;
        for count in &counts.groups {
            let name = match &count.group {
                Group::Unknown => String::new(),
                Group::Article { root, path } => self.paths.shown(root.as_deref(), path),
                group => group.to_string(),
            };
            write_row(self.out, [name, count.passages.to_string(), count.articles.to_string()])?;
        }
        Ok(())
    }

    /// Writes a heading, then a row for each year and term, and last those without a date, whose year is left empty.
    ///
    /// # Errors
    /// As [`Csv::articles`].
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        write_row(self.out, ["year", "term", "passages", "all", "per_thousand"])?;
        for period in timeline.years.iter().chain([&timeline.undated]) {
            for (number, term) in timeline.terms.iter().enumerate() {
                write_period(self.out, period, number, &term.query)?;
            }
        }
        Ok(())
    }

    /// Writes a heading, then a row for each match.
    ///
    /// # Errors
    /// As [`Csv::articles`].
    pub fn concordance(&mut self, lines: &[ConcordanceLine<'_>]) -> io::Result<()> {
        write_row(self.out, ["left", "match", "right", "path", "line", "paragraph", "date", "id"])?;
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        for line in lines {
            let cells = [
                line.left.trim().to_owned(),
                line.found.clone(),
                line.right.trim().to_owned(),
                self.paths.shown(line.hit.root.as_deref(), &line.hit.path),
                number(line.line.map(u64::from)),
                number(line.hit.paragraph),
                line.hit.date.map(|date| date.to_string()).unwrap_or_default(),
                line.hit.id.to_string(),
            ];
            write_row(self.out, cells)?;
        }
        Ok(())
    }
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
