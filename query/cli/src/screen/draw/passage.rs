//! The chosen passage in full: its heading, text and notes, and the passages before and after it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use svod_query::{Hit, Kind, printable};
use svod_render::byline;

use super::text::{fitted_end, marked, wrapped};
use crate::screen::citation::place;
use crate::screen::state::{Drawn, State};
use crate::screen::theme::{Role, Theme};

/// The largest width of text: long lines are hard to read.
const MOST_COLUMNS: u16 = 100;

/// The mark before each line of the passage.
const BAR: &str = "▌ ";
/// The room before all other lines.
const GUTTER: &str = "  ";

/// Draws the chosen passage, and stores how far it can be scrolled.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, state: &mut State) {
    let Some(hit) = state.listing().hit().filter(|_| !area.is_empty()) else { return };
    let area = Rect { width: area.width.min(MOST_COLUMNS), ..area };
    // At least two thirds of the rows are left for the text.
    let most = usize::from(area.height / 3).max(1);
    let mut head = head(hit, &state.places.shown(hit), state.theme, area.width.into(), most);
    head.truncate(most);
    let below = lines_at(buffer, area, &head);
    let body = Body::of(hit, state.surroundings(), state.theme, area.width.into());
    let drawn = body.placed(state.scroll, below.height);
    let first = usize::try_from(body.start as isize + drawn.scroll).unwrap_or(0);
    lines_at(buffer, below, body.lines.get(first..).unwrap_or_default());
    state.drawn = Drawn { list_page: state.drawn.list_page, ..drawn };
}

/// Draws lines and returns the area below them.
fn lines_at(buffer: &mut Buffer, area: Rect, lines: &[Line<'_>]) -> Rect {
    let rows = area.height.min(lines.len().try_into().unwrap_or(u16::MAX));
    for (y, line) in (area.y..area.y + rows).zip(lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// Returns the lines above the passage, the most useful first: title, place, authors, section. A long title is cut to
/// two lines, or to one if there is little room.
fn head(hit: &Hit, path: &str, theme: Theme, columns: usize, most: usize) -> Vec<Line<'static>> {
    let mut lines = wrapped(&hit.title, columns, theme.style(Role::Title));
    lines.truncate(if most > 3 { 2 } else { 1 });
    let mut place = vec![Span::styled(fitted_end(&place(hit, path), columns), theme.style(Role::Place))];
    let page = hit.page.map(|page| format!("  p. {page}"));
    let kind = (hit.kind != Kind::Body).then(|| format!("  {}", hit.kind.name()));
    place.extend(page.into_iter().chain(kind).map(Span::raw));
    lines.push(Line::from(place));
    let byline = byline(&hit.authors, &hit.appeared, hit.date);
    lines.extend(wrapped(&printable(&byline), columns, theme.style(Role::Text)).into_iter().take(1));
    let section: Vec<String> = hit.section.iter().map(|heading| printable(heading).into_owned()).collect();
    lines.extend(wrapped(&section.join(" › "), columns, theme.style(Role::Dim)).into_iter().take(2));
    lines.push(Line::default());
    lines
}

/// The lines of the text.
struct Body {
    lines: Vec<Line<'static>>,
    /// The first line of the passage.
    start: usize,
    /// The line with the first highlight, counted from `start`.
    found: usize,
}

impl Body {
    fn of(hit: &Hit, read: Option<&Hit>, theme: Theme, columns: usize) -> Body {
        let columns = columns.saturating_sub(GUTTER.len());
        let (dim, text) = (theme.style(Role::Dim), theme.style(Role::Text));
        let mut lines = Vec::new();
        for neighbour in read.iter().flat_map(|read| &read.before) {
            lines.extend(wrapped(&neighbour.text, columns, dim));
            lines.push(Line::default());
        }
        let start = lines.len();
        let found = theme.style(Role::Found);
        lines.extend(marked(&hit.text, &hit.highlights, columns, text, found));
        let end = lines.len();
        let first = lines[start..].iter().position(|line| line.spans.iter().any(|span| span.style == found));
        let cited = read.and_then(|read| read.cited.as_ref()).or(hit.cited.as_ref());
        let beside = cited.map(|cited| ("← ", &cited.text)).into_iter();
        let notes = read.iter().flat_map(|read| read.notes.iter().map(|note| ("→ ", &note.text)));
        for (sign, note) in beside.chain(notes) {
            lines.push(Line::default());
            lines.extend(hanging(sign, note, theme, columns));
        }
        for neighbour in read.iter().flat_map(|read| &read.after) {
            lines.push(Line::default());
            lines.extend(wrapped(&neighbour.text, columns, dim));
        }
        for (at, line) in lines.iter_mut().enumerate() {
            let bar = if (start..end).contains(&at) { BAR } else { GUTTER };
            line.spans.insert(0, Span::styled(bar, theme.style(Role::Chosen)));
        }
        Body { lines, start, found: first.unwrap_or(0) }
    }

    /// Decides which lines are shown in `rows` rows.
    fn placed(&self, wanted: Option<isize>, rows: u16) -> Drawn {
        let (start, rows) = (self.start as isize, isize::try_from(rows).unwrap_or(0));
        let last = (self.lines.len() as isize - rows).max(0) - start;
        let found = self.found as isize;
        // A passage begins at the top, unless the first highlight would not be visible.
        let own = if found < rows { 0 } else { found - rows / 3 };
        let scroll = wanted.unwrap_or(own).clamp(-start, last);
        Drawn { list_page: 0, passage_page: rows.max(1) as usize, scroll_range: (-start, last), scroll }
    }
}

/// Wraps a text, with a sign before its first line.
fn hanging(sign: &'static str, text: &str, theme: Theme, columns: usize) -> Vec<Line<'static>> {
    let lines = wrapped(text, columns.saturating_sub(2), theme.style(Role::Text));
    let signed = lines.into_iter().enumerate().map(|(at, line)| {
        let mut spans = vec![Span::styled(if at == 0 { sign } else { "  " }, theme.style(Role::Place))];
        spans.extend(line.spans);
        Line::from(spans)
    });
    signed.collect()
}
