//! The list of hits, grouped by article.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use svod_query::{Hit, Kind, printable};
use unicode_width::UnicodeWidthStr;

use super::bars;
use super::text::{fitted, fitted_end, marked, wrapped};
use crate::screen::listing::Listing;
use crate::screen::state::{LIST_MARGIN, SNIPPET_INDENT, SNIPPET_LINES, State};
use crate::screen::theme::Role;

/// The number of rows from which an article has its path under its title, and a blank row before it.
const ROOMY: u16 = 18;

/// Draws the list, or a text in its place, and stores the number of passages on a page.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, state: &mut State) {
    if area.is_empty() {
        return;
    }
    if state.listing().hits().is_empty() {
        return empty(buffer, area, state);
    }
    let listing = state.listing();
    let area = Rect { width: area.width.saturating_sub(LIST_MARGIN as u16).max(1), ..area };
    let rows = Rows { state, listing, area };
    let top = rows.top();
    let shown = rows.draw(buffer, top);
    state.drawn.list_page = shown.max(1);
    state.listing_mut().top = top;
}

fn empty(buffer: &mut Buffer, area: Rect, state: &State) {
    let mut texts = Vec::new();
    if state.answered.is_some() && !state.is_waiting() {
        texts.push("nothing found".to_owned());
        texts.extend(bars::remarks(state));
        if !state.filters.is_empty() {
            texts.push("Alt-X takes the filters away".to_owned());
        }
    } else if !state.is_waiting() {
        texts.extend(welcome(state));
    }
    let lines = texts.iter().flat_map(|text| {
        let mut lines = wrapped(text, usize::from(area.width).saturating_sub(2), state.theme.style(Role::Text));
        lines.push(Line::default());
        lines
    });
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buffer.set_line(area.x + 1, y, &line, area.width.saturating_sub(1));
    }
}

fn welcome(state: &State) -> Vec<String> {
    let Some(catalogue) = &state.catalogue else { return Vec::new() };
    let languages: Vec<String> =
        catalogue.languages.iter().map(|(language, articles)| format!("{} {articles}", language.code())).collect();
    let holds = format!("{} articles, {} passages ({})", catalogue.articles, catalogue.passages, languages.join(", "));
    let folder = printable(&state.places.library).into_owned();
    vec![folder, holds, "Type to search; F1 shows the keys.".to_owned()]
}

struct Rows<'s> {
    state: &'s State,
    listing: &'s Listing,
    area: Rect,
}

impl Rows<'_> {
    fn is_roomy(&self) -> bool {
        self.area.height >= ROOMY
    }

    /// Returns the first passage to show, so that the chosen one is visible.
    fn top(&self) -> usize {
        let selected = self.listing.selected();
        let height = usize::from(self.area.height);
        let mut top = self.listing.top.min(selected).max(selected.saturating_sub(height));
        while top < selected && self.height(top, selected) > height {
            top += 1;
        }
        top
    }

    /// Returns the number of rows of the passages from `top` to `last`.
    fn height(&self, top: usize, last: usize) -> usize {
        (top..=last).map(|at| self.heading(at, top).len() + self.snippet(at).len()).sum()
    }

    /// Draws the passages from `top` on; returns the number of passages that are fully visible.
    fn draw(&self, buffer: &mut Buffer, top: usize) -> usize {
        let mut y = self.area.y;
        for at in top..self.listing.hits().len() {
            let heading = self.heading(at, top).into_iter().map(|line| (line, false));
            let snippet = self.snippet(at).into_iter().map(|line| (line, true));
            for (line, is_snippet) in heading.chain(snippet) {
                if y >= self.area.bottom() {
                    return at - top;
                }
                if is_snippet && at == self.listing.selected() {
                    buffer.set_string(self.area.x, y, "▌", self.state.theme.style(Role::Chosen));
                }
                if is_snippet && self.state.marks.has(self.listing.hits()[at].id) {
                    buffer.set_stringn(
                        self.area.x + 1,
                        y,
                        "●",
                        self.area.width.saturating_sub(1).into(),
                        self.state.theme.style(Role::Mark),
                    );
                }
                let indent = if is_snippet { SNIPPET_INDENT as u16 } else { 0 }.min(self.area.width);
                buffer.set_line(self.area.x + indent, y, &line, self.area.width - indent);
                y += 1;
            }
        }
        self.listing.hits().len() - top
    }

    /// Returns the lines above a passage: title and path of its article, if it is the first one shown of it.
    fn heading(&self, at: usize, top: usize) -> Vec<Line<'static>> {
        let hits = self.listing.hits();
        let is_first = at == top || hits[at - 1].path != hits[at].path;
        if !is_first {
            return Vec::new();
        }
        let hit = &hits[at];
        let mut lines = vec![self.title(hit, hits[self.listing.selected()].path == hit.path)];
        if self.is_roomy() {
            let place = printable(&hit.path.to_string_lossy()).into_owned();
            let place = fitted_end(&place, self.area.width.into());
            lines.push(Line::styled(place, self.state.theme.style(Role::Place)));
            if at > top {
                lines.insert(0, Line::default());
            }
        }
        lines
    }

    fn title(&self, hit: &Hit, is_chosen: bool) -> Line<'static> {
        let more = hit.more.filter(|&more| more > 0).map(|more| format!("  +{more}"));
        let date = hit.date.map(|date| format!("  {date}"));
        let date = more.into_iter().chain(date).collect::<String>();
        let columns = usize::from(self.area.width).saturating_sub(date.width());
        let title = if hit.title.is_empty() { self.state.places.shown(hit) } else { hit.title.clone() };
        let title = fitted(&printable(&title), columns);
        let blanks = " ".repeat(columns.saturating_sub(title.width()));
        let role = if is_chosen { Role::Chosen } else { Role::Title };
        Line::from(vec![
            Span::styled(title, self.state.theme.style(role)),
            Span::raw(blanks),
            Span::styled(date, self.state.theme.style(Role::Dim)),
        ])
    }

    /// Returns the lines of a passage: its place and its snippet.
    fn snippet(&self, at: usize) -> Vec<Line<'static>> {
        let hit = &self.listing.hits()[at];
        let before = place_and_kind(hit);
        let text = format!("{before}{}", hit.snippet.text);
        let ranges: Vec<_> =
            hit.snippet.highlights.iter().map(|range| range.start + before.len()..range.end + before.len()).collect();
        let style = self.state.theme.style(Role::Text);
        let columns = usize::from(self.area.width).saturating_sub(SNIPPET_INDENT);
        let mut lines = marked(&text, &ranges, columns, style, self.state.theme.style(Role::Found));
        lines.truncate(SNIPPET_LINES + 1);
        lines
    }
}

/// Returns the line or paragraph number of a passage, and its kind unless it is body text.
fn place_and_kind(hit: &Hit) -> String {
    let place = match (&hit.lines, hit.paragraph) {
        (Some(lines), _) => format!("{} ", lines.start()),
        (None, Some(paragraph)) => format!("¶{paragraph} "),
        (None, None) => String::new(),
    };
    let kind = if hit.kind == Kind::Body { String::new() } else { format!("{} ", hit.kind.name()) };
    place + &kind
}
