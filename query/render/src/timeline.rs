//! A timeline for people: a row for each year, the terms side by side, or one
//! below the other where lines are too narrow.
//!
//! Bars show how many of a thousand passages of the year match, on one scale
//! for all terms: numbers alone would show how much was written. Years with
//! few passages have numbers and no bar.

use std::io::{self, Write};
use std::ops::Range;

use svod_query::columns::{blanks, shortened};
use svod_query::{Period, Timeline};
use svod_text::printable;

use super::bar::bar;
use super::paint::{Layout, Style};
use super::text::{Remarks, Text, UNFINISHED, write_warnings};

const UNDATED: &str = "undated";
/// Where years without passages are left out.
const LEFT_OUT: &str = "…";
/// Columns of a number.
const NUMBER: usize = 6;
/// Columns of the number of all passages.
const ALL: usize = 7;
/// Columns of the year and of all its passages.
const BEFORE_TERMS: usize = UNDATED.len() + 1 + ALL;
/// Columns of a term beside its bar: a gap, the number, the share, and a blank after each.
const BESIDE_BAR: usize = 1 + NUMBER + 1 + NUMBER + 1;
/// Shorter bars tell nothing.
const LEAST_BAR: usize = 6;
/// Years with fewer passages have no bar.
const FEW: u64 = 100;

impl Text<'_> {
    /// Writes the years from the first to the last that have matches.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        let found = |period: &Period| period.found.iter().any(|&found| found > 0);
        if !timeline.years.iter().any(found) && !found(&timeline.undated) {
            return Ok(());
        }
        let layout = self.layout;
        let columns = layout.columns.saturating_sub(BEFORE_TERMS);
        let side_by_side = (columns / (BESIDE_BAR + LEAST_BAR)).max(1);
        let (most, least) = (most_per_thousand(timeline), least_drawn(timeline));
        for first in (0..timeline.terms.len()).step_by(side_by_side) {
            if first > 0 {
                writeln!(self.out)?;
            }
            let terms = first..(first + side_by_side).min(timeline.terms.len());
            let bar = (columns / terms.len()).saturating_sub(BESIDE_BAR);
            Table { layout, timeline, terms, bar, most, least }.write(self.out)?;
        }
        Ok(())
    }
}

impl Remarks<'_> {
    /// Writes what was mended in the queries of a timeline, and what its numbers are.
    ///
    /// # Errors
    /// As [`Remarks::answer`].
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        if !timeline.is_finished {
            writeln!(self.out, "{UNFINISHED}")?;
        }
        for term in &timeline.terms {
            write_warnings(self.out, &term.query, &term.warnings)?;
            if term.passages == 0 {
                writeln!(self.out, "nothing found: {}", printable(&term.query))?;
            }
        }
        let undated = timeline.undated.all;
        let all = undated + timeline.years.iter().map(|year| year.all).sum::<u64>();
        let elapsed = timeline.elapsed.as_secs_f64() * 1e3;
        writeln!(self.out, "\n‰: of a thousand passages of the year; {undated} of {all} have no date; {elapsed:.1} ms")
    }
}

/// Some of the terms, side by side.
struct Table<'t> {
    layout: &'t Layout,
    timeline: &'t Timeline,
    terms: Range<usize>,
    /// The columns of the longest bar.
    bar: usize,
    /// The share that it stands for.
    most: f64,
    /// Years with fewer passages have none.
    least: u64,
}

impl Table<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write_heading(out)?;
        let mut before: Option<u16> = None;
        for period in shown_years(self.timeline, 1) {
            if before.zip(period.year).is_some_and(|(before, year)| before + 1 < year) {
                writeln!(out, "{LEFT_OUT:>4}")?;
            }
            before = period.year;
            self.write_period(out, period)?;
        }
        let undated = &self.timeline.undated;
        if undated.found.iter().any(|&found| found > 0) { self.write_period(out, undated) } else { Ok(()) }
    }

    fn write_heading(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut names = " ".repeat(BEFORE_TERMS);
        let mut numbers = format!("{:<width$} {:>ALL$}", "year", "all", width = UNDATED.len());
        for term in &self.timeline.terms[self.terms.clone()] {
            let query = printable(&term.query);
            let name = shortened(&query, NUMBER * 2 + 1 + self.bar);
            names.push_str(&format!("  {name}{}", blanks(&name, BESIDE_BAR + self.bar - 2)));
            numbers.push_str(&format!(" {:>NUMBER$} {:>NUMBER$} {}", "found", "‰", " ".repeat(self.bar)));
        }
        let paint = self.layout.paint;
        let (title, faint) = (paint.style(Style::Title), paint.style(Style::Faint));
        writeln!(out, "{title}{}{title:#}", names.trim_end())?;
        writeln!(out, "{faint}{}{faint:#}", numbers.trim_end())
    }

    fn write_period(&self, out: &mut dyn Write, period: &Period) -> io::Result<()> {
        let year = period.year.map_or_else(|| UNDATED.to_owned(), |year| year.to_string());
        let mut line = format!("{year:<width$} {:>ALL$}", period.all, width = UNDATED.len());
        // Those without a date have no place in time.
        let is_drawn = period.year.is_some() && period.all >= self.least;
        for term in self.terms.clone() {
            let found = period.found.get(term).copied().unwrap_or_default();
            let share = period.per_thousand(term).filter(|_| found > 0);
            let shown = share.map(|share| format!("{share:.1}")).unwrap_or_default();
            let drawn = bar(share.filter(|_| is_drawn).unwrap_or_default(), self.most, self.bar);
            line.push_str(&format!(" {found:>NUMBER$} {shown:>NUMBER$} {drawn}{}", blanks(&drawn, self.bar)));
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// Returns the years from the first to the last with matches and with at least `least` passages.
pub(super) fn shown_years(timeline: &Timeline, least: u64) -> &[Period] {
    let has_matches = |period: &Period| period.all >= least && period.found.iter().any(|&found| found > 0);
    let first = timeline.years.iter().position(has_matches).unwrap_or(timeline.years.len());
    let end = timeline.years.iter().rposition(has_matches).map_or(first, |last| last + 1);
    &timeline.years[first..end]
}

/// Returns how many passages a year must have to be drawn. One match of a few passages would dwarf all other years; but
/// where nothing else has matches, all years are drawn.
pub(super) fn least_drawn(timeline: &Timeline) -> u64 {
    let has_matches = |year: &Period| year.all >= FEW && year.found.iter().any(|&found| found > 0);
    if timeline.years.iter().any(has_matches) { FEW } else { 1 }
}

/// Returns the greatest share that a term has in a year that is drawn.
pub(super) fn most_per_thousand(timeline: &Timeline) -> f64 {
    let least = least_drawn(timeline);
    let drawn = timeline.years.iter().filter(|year| year.all >= least);
    let shares = drawn.flat_map(|year| (0..year.found.len()).filter_map(|term| year.per_thousand(term)));
    shares.fold(0.0, f64::max)
}
