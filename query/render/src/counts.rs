//! Counts for people: a row for each group, with a bar; and the plain lists of
//! paths that other programs read.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use svod_query::columns::{blanks, shortened};
use svod_query::{Count, Counts, Group};
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

use super::bar::bar;
use super::paint::{Layout, Style};
use super::text::{Paths, Remarks, Text, UNFINISHED, write_warnings};

/// Between columns.
const GAP: &str = "  ";
const PASSAGES: &str = "passages";
const ARTICLES: &str = "articles";
/// Narrower lines have no room for the number of articles.
const LEAST_FOR_ARTICLES: usize = 60;
/// Shorter bars tell nothing.
const LEAST_BAR: usize = 4;

impl Text<'_> {
    /// Writes how many passages each group has, `most` groups at most.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn counts(&mut self, counts: &Counts, most: Option<NonZeroUsize>) -> io::Result<()> {
        let row = |count: &Count| Row {
            label: label(&count.group, &self.paths),
            passages: count.passages,
            articles: count.articles,
        };
        let most = most.map_or(usize::MAX, NonZeroUsize::get);
        let rows: Vec<Row> = counts.groups.iter().take(most).map(row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let columns = Columns::of(self.layout, counts.by.name(), &rows);
        columns.write_heading(self.out, self.layout, counts.by.name())?;
        rows.iter().try_for_each(|row| columns.write_row(self.out, row))
    }

    /// Writes the paths of the articles that match, each with the number of its passages: `path:count`.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn path_counts(&mut self, counts: &Counts) -> io::Result<()> {
        for count in &counts.groups {
            self.write_path(&count.group)?;
            writeln!(self.out, ":{}", count.passages)?;
        }
        Ok(())
    }

    /// Writes the paths of the articles that match.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn matching_paths(&mut self, counts: &Counts) -> io::Result<()> {
        for count in &counts.groups {
            self.write_path(&count.group)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn write_path(&mut self, article: &Group) -> io::Result<()> {
        let style = self.layout.paint.style(Style::Place);
        write!(self.out, "{style}{}{style:#}", label(article, &self.paths))
    }
}

impl Remarks<'_> {
    /// Writes what was mended in the query string, and how much was counted.
    ///
    /// # Errors
    /// As [`Remarks::answer`].
    pub fn counts(&mut self, query: &str, counts: &Counts) -> io::Result<()> {
        if !counts.is_finished {
            writeln!(self.out, "{UNFINISHED}")?;
        }
        write_warnings(self.out, query, &counts.warnings)?;
        let (passages, articles) = (number_of(counts.passages, "passage"), number_of(counts.articles, "article"));
        let passages = if counts.cut.is_some() { format!("at least {passages}") } else { passages };
        writeln!(self.out, "\n{passages} of {articles} in {:.1} ms", counts.elapsed.as_secs_f64() * 1e3)
    }
}

struct Row {
    label: String,
    passages: u64,
    articles: u64,
}

fn label(group: &Group, paths: &Paths) -> String {
    match group {
        Group::Article { root, path } => printable(&paths.shown(root.as_deref(), path)).into_owned(),
        Group::Unknown => "(unknown)".to_owned(),
        group => printable(&group.to_string()).into_owned(),
    }
}

/// The widths of the columns of a table.
struct Columns {
    label: usize,
    passages: usize,
    /// None where lines are too narrow.
    articles: Option<usize>,
    bar: usize,
    most: u64,
}

impl Columns {
    fn of(layout: &Layout, heading: &str, rows: &[Row]) -> Columns {
        let widest = |width: &dyn Fn(&Row) -> usize| rows.iter().map(width).max().unwrap_or(0);
        let digits = |number: u64| number.to_string().len();
        let passages = widest(&|row| digits(row.passages)).max(PASSAGES.len());
        let articles = widest(&|row| digits(row.articles)).max(ARTICLES.len());
        let articles = (layout.columns >= LEAST_FOR_ARTICLES).then_some(articles);
        let label = widest(&|row| row.label.width()).max(heading.len()).min(layout.columns * 2 / 5);
        let numbers = [Some(passages), articles].into_iter().flatten().map(|width| GAP.len() + width).sum::<usize>();
        Columns {
            label,
            passages,
            articles,
            bar: layout.columns.saturating_sub(label + numbers + GAP.len()),
            most: rows.iter().map(|row| row.passages).max().unwrap_or(0),
        }
    }

    fn write_heading(&self, out: &mut dyn Write, layout: &Layout, heading: &str) -> io::Result<()> {
        let style = layout.paint.style(Style::Faint);
        let heading = shortened(heading, self.label);
        let articles = self.articles.map(|width| format!("{GAP}{ARTICLES:>width$}")).unwrap_or_default();
        let blanks = blanks(&heading, self.label);
        let passages = format!("{PASSAGES:>width$}", width = self.passages);
        writeln!(out, "{style}{heading}{blanks}{GAP}{passages}{articles}{style:#}")
    }

    fn write_row(&self, out: &mut dyn Write, row: &Row) -> io::Result<()> {
        let label = shortened(&row.label, self.label);
        let passages = format!("{:>width$}", row.passages, width = self.passages);
        let articles = self.articles.map(|width| format!("{GAP}{:>width$}", row.articles)).unwrap_or_default();
        let bar = match self.bar {
            ..LEAST_BAR => String::new(),
            columns => format!("{GAP}{}", bar(row.passages as f64, self.most as f64, columns)),
        };
        let line = format!("{label}{}{GAP}{passages}{articles}{bar}", blanks(&label, self.label));
        writeln!(out, "{}", line.trim_end())
    }
}

/// Returns a number with what it counts: `1 article`, `2 articles`.
fn number_of(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
