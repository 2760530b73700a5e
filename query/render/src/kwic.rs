//! A concordance for people: the matches below each other in the middle of the
//! line, the text around them cut where the line ends.

use std::borrow::Cow;
use std::io::{self, Write};

use svod_query::columns::{blanks, first, last, shortened, shortened_before};
use svod_query::{Answer, ConcordanceLine};
use svod_store::layout::file_of;
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

use super::paint::{Layout, Style};
use super::text::{Paths, Remarks, Text, write_help};

/// On either side of a match, so that it stands out without colour.
const GAP: &str = "  ";

impl Text<'_> {
    /// Writes a concordance, a line for each match.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn concordance(&mut self, lines: &[ConcordanceLine<'_>]) -> io::Result<()> {
        let places: Vec<String> = lines.iter().map(|line| place(line, &self.paths)).collect();
        let columns = Columns::of(self.layout, lines, &places);
        lines.iter().zip(&places).try_for_each(|(line, place)| columns.write(self.out, self.layout, line, place))
    }
}

impl Remarks<'_> {
    /// Writes how many matches there are, and in how many of the passages that match.
    ///
    /// # Errors
    /// As [`Remarks::answer`].
    pub fn concordance(&mut self, query: &str, answer: &Answer, lines: &[ConcordanceLine<'_>]) -> io::Result<()> {
        if lines.is_empty() {
            return self.answer(query, answer, answer.hits.len());
        }
        write_help(self.out, query, answer)?;
        let matches = if lines.len() == 1 { "match" } else { "matches" };
        let (passages, total) = (answer.hits.len(), answer.total);
        let elapsed = answer.elapsed.as_secs_f64() * 1e3;
        writeln!(self.out, "\n{} {matches} in {passages} of {total} passages in {elapsed:.1} ms", lines.len())
    }
}

/// Returns where a match stands: path and line, or paragraph.
fn place(line: &ConcordanceLine<'_>, paths: &Paths) -> String {
    let path = paths.shown(line.hit.root.as_deref(), &line.hit.path);
    let place = match (line.line, line.hit.paragraph) {
        (Some(line), _) => format!("{path}:{line}"),
        (None, Some(paragraph)) => format!("{path} ¶{paragraph}"),
        (None, None) => path,
    };
    printable(&place).into_owned()
}

/// The widths of the columns.
struct Columns {
    place: usize,
    left: usize,
    found: usize,
    /// The match and what stands after it.
    rest: usize,
}

impl Columns {
    fn of(layout: &Layout, lines: &[ConcordanceLine<'_>], places: &[String]) -> Columns {
        let place = places.iter().map(|place| place.width()).max().unwrap_or(0).min(layout.columns / 4);
        let text = layout.columns.saturating_sub(place + GAP.len());
        let found = lines.iter().map(|line| line.found.width()).max().unwrap_or(0).min(text / 3);
        let left = text.saturating_sub(found + 2 * GAP.len()) / 2;
        Columns { place, left, found: text / 3, rest: text.saturating_sub(left + GAP.len()) }
    }

    fn write(&self, out: &mut dyn Write, layout: &Layout, line: &ConcordanceLine<'_>, place: &str) -> io::Result<()> {
        let paint = layout.paint;
        let place = shortened_before(place, self.place);
        let place_blanks = blanks(&place, self.place);
        let link = layout.links.around(
            &place,
            line.hit.root.as_deref().map(|root| file_of(root, &line.hit.path)).as_deref(),
            line.line.unwrap_or(1),
        );
        let (place_style, style) = (paint.style(Style::Place), paint.style(Style::Found));
        write!(out, "{place_style}{link}{place_style:#}{place_blanks}{GAP}")?;
        let [left, found, right] = [&line.left, &line.found, &line.right].map(|text| printable(text));
        let left = last(left.trim(), self.left).trim_start();
        write!(out, "{}{left}{GAP}", blanks(left, self.left))?;
        let found: Cow<'_, str> = shortened(&found, self.found);
        write!(out, "{style}{found}{style:#}")?;
        let right = first(right.trim(), self.rest.saturating_sub(found.width() + GAP.len())).trim_end();
        if right.is_empty() { writeln!(out) } else { writeln!(out, "{GAP}{right}") }
    }
}
