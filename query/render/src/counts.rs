//! Counts for people: a row for each group, with a bar; and the plain lists of
//! paths that other programs read.

use std::io::{self, Write};
use std::num::NonZeroUsize;

use svod_query::columns::{blanks, shortened};
use svod_query::{Counts, Group};
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

use super::bar::bar;
use super::paint::{Layout, Style};
use super::text::{Paths, UNFINISHED, write_warnings};

/// Between columns.
const GAP: &str = "  ";
const PASSAGES: &str = "passages";
const ARTICLES: &str = "articles";
/// Narrower lines have no room for the number of articles.
const LEAST_FOR_ARTICLES: usize = 60;
/// Shorter bars tell nothing.
const LEAST_BAR: usize = 4;

/// Writes how many passages each group has, `most` groups at most.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_counts(
    out: &mut dyn Write,
    layout: &Layout,
    counts: &Counts,
    most: Option<NonZeroUsize>,
    paths: &Paths<'_>,
) -> io::Result<()> {
    let rows: Vec<Row> = counts
        .groups
        .iter()
        .take(most.map_or(usize::MAX, NonZeroUsize::get))
        .map(|count| Row { label: label(&count.group, paths), passages: count.passages, articles: count.articles })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(layout, counts.by.name(), &rows);
    columns.write_heading(out, layout, counts.by.name())?;
    rows.iter().try_for_each(|row| columns.write_row(out, row))
}

struct Row {
    label: String,
    passages: u64,
    articles: u64,
}

fn label(group: &Group, paths: &Paths<'_>) -> String {
    match group {
        Group::Article { root, path } => printable(&(paths.shown)(root.as_deref(), path)).into_owned(),
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
        let (start, end) = (layout.paint.start(Style::Faint), layout.paint.end());
        let heading = shortened(heading, self.label);
        let articles = self.articles.map(|width| format!("{GAP}{ARTICLES:>width$}")).unwrap_or_default();
        let blanks = blanks(&heading, self.label);
        let passages = format!("{PASSAGES:>width$}", width = self.passages);
        writeln!(out, "{start}{heading}{blanks}{GAP}{passages}{articles}{end}")
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

/// Writes the paths of the articles that match, each with the number of its passages: `path:count`.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_path_counts(out: &mut dyn Write, layout: &Layout, counts: &Counts, paths: &Paths<'_>) -> io::Result<()> {
    for count in &counts.groups {
        write_path(out, layout, &label(&count.group, paths))?;
        writeln!(out, ":{}", count.passages)?;
    }
    Ok(())
}

/// Writes the paths of the articles that match.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_paths(out: &mut dyn Write, layout: &Layout, counts: &Counts, paths: &Paths<'_>) -> io::Result<()> {
    for count in &counts.groups {
        write_path(out, layout, &label(&count.group, paths))?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_path(out: &mut dyn Write, layout: &Layout, path: &str) -> io::Result<()> {
    write!(out, "{}{path}{}", layout.paint.start(Style::Place), layout.paint.end())
}

/// Writes what was mended in the query string, and how much was counted.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_count_remarks(out: &mut dyn Write, query: &str, counts: &Counts) -> io::Result<()> {
    if !counts.is_finished {
        writeln!(out, "{UNFINISHED}")?;
    }
    write_warnings(out, query, &counts.warnings)?;
    let (passages, articles) = (number_of(counts.passages, "passage"), number_of(counts.articles, "article"));
    let passages = if counts.cut.is_some() { format!("at least {passages}") } else { passages };
    writeln!(out, "\n{passages} of {articles} in {:.1} ms", counts.elapsed.as_secs_f64() * 1e3)
}

/// Returns a number with what it counts: `1 article`, `2 articles`.
fn number_of(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
