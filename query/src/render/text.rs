//! Answers for people: title, place, snippet.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use svod_corpus::printable;

use super::wrap::wrap;
use crate::explain::{Explanation, TermScore};
use crate::hit::{Answer, Hit, Status, Total};
use crate::relax::Relaxation;

/// Where files lie, and how their paths are shown.
pub struct Paths<'p> {
    /// The indexed folder.
    pub root: &'p Path,
    /// Returns a path below the root as it is shown.
    pub shown: &'p dyn Fn(&Path) -> String,
}

/// How much of a passage is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Its best sentences.
    Snippet,
    /// All of it.
    Whole,
}

/// Returns the hits of each article together, in the order of the first of each.
pub(super) fn grouped(hits: &[Hit]) -> Vec<Vec<&Hit>> {
    let mut groups: Vec<Vec<&Hit>> = Vec::new();
    let mut places: std::collections::HashMap<&Path, usize> = std::collections::HashMap::new();
    for hit in hits {
        let at = *places.entry(&hit.path).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Vec::new());
        }
        groups[at].push(hit);
    }
    groups
}

/// Returns authors, journal and date, as far as they are known.
pub(super) fn byline_of(authors: &[String], appeared: &crate::hit::Appeared, date: Option<crate::Date>) -> String {
    let issue = appeared.issue.as_ref().map(|issue| format!("№ {issue}"));
    let parts = [(!authors.is_empty()).then(|| authors.join(", ")), issue, date.map(|date| date.to_string())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// How an answer is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Whether colours are used.
    pub paint: Paint,
    /// The width of a line in terminal columns.
    pub columns: usize,
}

/// Whether colours are used. Nothing needs them to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Escape sequences for a terminal.
    Colour,
    /// None.
    Plain,
}

#[derive(Clone, Copy)]
enum Style {
    Title,
    Place,
    Section,
    Found,
}

impl Paint {
    fn start(self, style: Style) -> &'static str {
        match (self, style) {
            (Paint::Plain, _) => "",
            (_, Style::Title) => "\x1b[1m",
            (_, Style::Place) => "\x1b[36m",
            (_, Style::Section) => "\x1b[2m",
            (_, Style::Found) => "\x1b[1;31m",
        }
    }

    fn end(self) -> &'static str {
        if self == Paint::Plain { "" } else { "\x1b[0m" }
    }
}

const INDENT: &str = "    ";

/// Writes the hits of an answer, paths as `shown_path` makes them.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_answer(
    out: &mut dyn Write,
    layout: Layout,
    answer: &Answer,
    shown_path: &dyn Fn(&Path) -> String,
) -> io::Result<()> {
    for (at, hit) in answer.hits.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_hit(out, layout, hit, shown_path)?;
        if let Some(explanation) = &hit.explanation {
            let next = answer.hits.get(at + 1).and_then(|next| next.explanation.as_ref());
            write_explanation(out, hit.score, explanation, next.filter(|_| at == 0))?;
        }
    }
    Ok(())
}

/// Writes what a score is made of, and what puts the hit before the next one.
fn write_explanation(
    out: &mut dyn Write,
    score: f32,
    explanation: &Explanation,
    next: Option<&Explanation>,
) -> io::Result<()> {
    writeln!(out, "{INDENT}score {score:.1}")?;
    for TermScore { term, in_text, in_fields, score, .. } in &explanation.terms {
        let in_fields: String = in_fields.iter().map(|field| format!(", {field}")).collect();
        writeln!(out, "{INDENT}  {score:>6.1}  {}  ({in_text} in the text{in_fields})", printable(term))?;
    }
    for (name, score) in explanation.parts.iter().filter(|(_, score)| *score >= 0.05) {
        writeln!(out, "{INDENT}  {score:>6.1}  {name}")?;
    }
    writeln!(out, "{INDENT}   × {:.2}  of the query is there", explanation.coverage)?;
    if explanation.support > 0.0 {
        writeln!(out, "{INDENT}  {:>6.1}  good passages beside it", explanation.support)?;
    }
    let Some(next) = next else { return Ok(()) };
    let mut ahead = ahead_by(explanation, next);
    ahead.retain(|(_, more)| *more >= 0.1);
    ahead.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ahead: Vec<String> = ahead.iter().map(|(name, more)| format!("{} +{more:.1}", printable(name))).collect();
    writeln!(out, "{INDENT}before the next by: {}", ahead.join(", "))
}

/// Returns what one score has more of than another.
fn ahead_by<'e>(one: &'e Explanation, other: &Explanation) -> Vec<(&'e str, f32)> {
    let term = |name: &str| other.terms.iter().find(|term| term.term == name).map_or(0.0, |term| term.score);
    let part = |name: &str| other.parts.iter().find(|part| part.0 == name).map_or(0.0, |part| part.1);
    let terms = one.terms.iter().map(|own| (own.term.as_str(), own.score - term(&own.term)));
    let parts = one.parts.iter().map(|&(name, score)| (name, score - part(name)));
    let rest = [("coverage", one.coverage - other.coverage), ("passages beside it", one.support - other.support)];
    terms.chain(parts).chain(rest).collect()
}

/// Writes how a query was cut.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_terms(out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
    writeln!(out, "{:>9}  {:>6}  term", "passages", "weight")?;
    for term in &answer.terms {
        writeln!(out, "{:>9}  {:>6.2}  {}", term.passages, term.weight, printable(&term.term))?;
    }
    writeln!(out)
}

fn write_hit(out: &mut dyn Write, layout: Layout, hit: &Hit, shown_path: &dyn Fn(&Path) -> String) -> io::Result<()> {
    let Layout { paint, columns } = layout;
    let columns = columns.saturating_sub(INDENT.len());
    write_wrapped(out, paint, Style::Title, &format!("{:>2}. ", hit.rank), &printable(&hit.title), columns)?;
    let place = shown_path(&hit.path);
    let page = hit.page.map_or_else(String::new, |page| format!("  p. {page}"));
    let line = match (&hit.lines, hit.paragraph) {
        (Some(lines), _) => format!(":{}", lines.start()),
        (None, Some(paragraph)) => format!(" ¶{paragraph}"),
        (None, None) => String::new(),
    };
    writeln!(
        out,
        "{INDENT}{}{}{line}{}{page}{}",
        paint.start(Style::Place),
        printable(&place),
        paint.end(),
        byline(hit)
    )?;
    if !hit.section.is_empty() {
        let path: Vec<Cow<'_, str>> = hit.section.iter().map(|heading| printable(heading)).collect();
        write_wrapped(out, paint, Style::Section, INDENT, &path.join(" › "), columns)?;
    }
    let snippet = &hit.snippet;
    for line in wrap(&snippet.text, columns) {
        out.write_all(INDENT.as_bytes())?;
        write_marked(out, paint, &snippet.text, line, &snippet.highlights)?;
        writeln!(out)?;
    }
    write_notes(out, paint, hit, columns)?;
    write_copies(out, paint, hit, columns, shown_path)
}

/// The authors and the date of a hit, as far as they are known.
fn byline(hit: &Hit) -> String {
    let date = hit.date.map(|date| date.to_string());
    let parts = hit.authors.iter().cloned().chain(date).collect::<Vec<_>>().join(", ");
    if parts.is_empty() { parts } else { format!("  {}", printable(&parts)) }
}

/// Writes the sentence that cites a note, and the notes that a passage cites.
fn write_notes(out: &mut dyn Write, paint: Paint, hit: &Hit, columns: usize) -> io::Result<()> {
    if let Some(cited) = &hit.cited {
        write_wrapped(out, paint, Style::Section, &format!("{INDENT}← "), &printable(&cited.text), columns - 2)?;
    }
    for note in &hit.notes {
        write_wrapped(out, paint, Style::Section, &format!("{INDENT}→ "), &printable(&note.text), columns - 2)?;
    }
    Ok(())
}

/// Writes where near-copies of a hit stand.
fn write_copies(
    out: &mut dyn Write,
    paint: Paint,
    hit: &Hit,
    columns: usize,
    shown_path: &dyn Fn(&Path) -> String,
) -> io::Result<()> {
    for copy in &hit.copies {
        let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
        let date = copy.date.map_or_else(String::new, |date| format!("  {date}"));
        let place = format!("{}{line}  {}{date}", shown_path(&copy.path), copy.title);
        write_wrapped(out, paint, Style::Section, &format!("{INDENT}= "), &printable(&place), columns - 2)?;
    }
    Ok(())
}

/// Writes a text in one style, `first` before its first line and the indent before the others.
fn write_wrapped(
    out: &mut dyn Write,
    paint: Paint,
    style: Style,
    first: &str,
    text: &str,
    columns: usize,
) -> io::Result<()> {
    for (at, line) in wrap(text, columns).into_iter().enumerate() {
        let margin = if at == 0 { first } else { INDENT };
        writeln!(out, "{margin}{}{}{}", paint.start(style), &text[line], paint.end())?;
    }
    Ok(())
}

/// Writes a line of a text with its highlights.
fn write_marked(
    out: &mut dyn Write,
    paint: Paint,
    text: &str,
    line: Range<usize>,
    highlights: &[Range<usize>],
) -> io::Result<()> {
    let mut at = line.start;
    for found in highlights.iter().filter(|found| found.start < line.end && line.start < found.end) {
        let (start, end) = (found.start.max(line.start), found.end.min(line.end));
        write!(
            out,
            "{}{}{}{}",
            printable(&text[at..start]),
            paint.start(Style::Found),
            printable(&text[start..end]),
            paint.end()
        )?;
        at = end;
    }
    write!(out, "{}", printable(&text[at..line.end]))
}

/// What is said of an index whose first run is at work, or was stopped.
const UNFINISHED: &str =
    "the index is not finished: svod-indexer is at work, or was stopped and goes on when it is run again";

/// Writes what was mended in the query string, how it was relaxed, and how much was found.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_remarks(out: &mut dyn Write, query: &str, answer: &Answer) -> io::Result<()> {
    if !answer.is_finished {
        writeln!(out, "{UNFINISHED}")?;
    }
    for warning in &answer.warnings {
        let place = query.get(warning.range.clone()).unwrap_or_default();
        let character = query.get(..warning.range.start).unwrap_or_default().chars().count() + 1;
        writeln!(out, "warning: {} (`{}`, character {character})", warning.message, printable(place))?;
    }
    match answer.relaxed {
        None => {}
        Some(Relaxation::Most) => writeln!(out, "\nno passage has all of the words: these lack one of them")?,
        Some(Relaxation::Any) => writeln!(out, "\nno passage has all of the words: these have some of them")?,
    }
    for unknown in &answer.unknown {
        write!(out, "not in the index: {}", printable(&unknown.word))?;
        if !unknown.nearest.is_empty() {
            let nearest = unknown.nearest.iter().map(|known| (known.word.as_str(), known.passages));
            write!(out, "; nearest: {}", list(nearest))?;
        }
        writeln!(out)?;
    }
    if answer.hits.is_empty() {
        return if answer.terms.is_empty() {
            writeln!(out, "nothing found (no words in the query)")
        } else {
            let terms = answer.terms.iter().map(|term| (term.term.as_str(), term.passages));
            writeln!(out, "nothing found (passages with each: {})", list(terms))
        };
    }
    let total = match answer.total {
        Total::Exact(total) => total.to_string(),
        Total::AtLeast(total) => format!("at least {total}"),
    };
    writeln!(out, "\n{} of {total} passages in {:.1} ms", answer.hits.len(), answer.elapsed.as_secs_f64() * 1e3)
}

fn list<'t>(terms: impl Iterator<Item = (&'t str, u64)>) -> String {
    let terms: Vec<String> = terms.map(|(term, passages)| format!("{} {passages}", printable(term))).collect();
    terms.join(", ")
}

/// Writes what an index holds.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_status(out: &mut dyn Write, status: &Status) -> io::Result<()> {
    let languages: Vec<String> =
        status.languages.iter().map(|(language, passages)| format!("{} {passages}", language.code())).collect();
    writeln!(out, "folder    {}", printable(&status.root.to_string_lossy()))?;
    writeln!(
        out,
        "index     {}  ({:.1} MB, {})",
        printable(&status.index.to_string_lossy()),
        status.bytes as f64 / 1e6,
        status.stamp
    )?;
    if !status.is_finished {
        writeln!(out, "{UNFINISHED}")?;
    }
    writeln!(out, "articles  {}", status.articles)?;
    writeln!(out, "passages  {}  ({})", status.passages, languages.join(", "))?;
    writeln!(out, "skipped   {}", status.skipped.len())?;
    for (path, reason) in &status.skipped {
        writeln!(out, "  {}: {}", printable(&path.to_string_lossy()), printable(reason))?;
    }
    if let Some(checked) = &status.checked {
        writeln!(out, "checked   {} files, {:.1} MB: whole", checked.files, checked.bytes as f64 / 1e6)?;
    }
    Ok(())
}
