//! The query line at the top, the rule below it, and the status line at the bottom.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use svod_query::{Relaxation, Sort, Total, printable};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::text::fitted;
use crate::screen::keys::Focus;
use crate::screen::line;
use crate::screen::state::{State, View, milliseconds};
use crate::screen::theme::Role;

const PROMPT: &str = "› ";
/// The keys that the status line shows as far as there is room, the most useful first.
const HINTS: [&str; 6] = ["F1 keys", "Enter open", "Tab read", "F6 mark", "F2 F3 F4 filter", "Esc leave"];

/// Draws the query line and sets the cursor in it.
pub(super) fn query(frame: &mut Frame<'_>, area: Rect, state: &State) {
    if area.is_empty() {
        return;
    }
    frame.buffer_mut().set_stringn(area.x, area.y, PROMPT, area.width.into(), state.theme.style(Role::Chosen));
    let prompt = PROMPT.width() as u16;
    let field = Rect { x: area.x + prompt.min(area.width), width: area.width.saturating_sub(prompt), ..area };
    let cursor = line(frame.buffer_mut(), field, &state.query, state);
    if state.dialog.is_none() && state.focus == Focus::Query {
        frame.set_cursor_position(cursor);
    }
}

/// Draws a line that is edited, scrolled so that the cursor is visible; returns the place of the cursor.
pub(super) fn line(buffer: &mut Buffer, area: Rect, line: &line::Line, state: &State) -> (u16, u16) {
    let (before, behind) = line.halves();
    let (before, behind) = (printable(before), printable(behind));
    let mut shown: &str = &before;
    let room = usize::from(area.width.saturating_sub(1));
    while shown.width() > room {
        shown = shown.graphemes(true).next().map_or("", |first| &shown[first.len()..]);
    }
    let style = state.theme.style(Role::Title);
    let whole = format!("{shown}{behind}");
    buffer.set_stringn(area.x, area.y, &whole, area.width.into(), style);
    (area.x + (shown.width() as u16).min(area.width.saturating_sub(1)), area.y)
}

/// Draws the number of hits, the filters that are set, and the number of marked passages.
pub(super) fn rule(buffer: &mut Buffer, area: Rect, state: &State) {
    if area.is_empty() {
        return;
    }
    let dim = state.theme.style(Role::Dim);
    for position in area.positions() {
        buffer[position].set_symbol("─").set_style(dim);
    }
    let mut spans = vec![Span::raw(format!(" {} ", counts(state)))];
    for chip in chips(state) {
        spans.push(Span::raw(" "));
        spans.push(Span::styled(format!(" {chip} "), state.theme.style(Role::Chip)));
    }
    let (x, _) = buffer.set_line(area.x + area.width.min(1), area.y, &Line::from(spans), area.width.saturating_sub(1));
    let marked = state.marks.listing.hits().len();
    let text = format!(" ● {marked} marked ");
    let width = text.width() as u16;
    if marked > 0 && x + width < area.right() {
        buffer.set_string(area.right() - width - 1, area.y, text, state.theme.style(Role::Mark));
    }
}

fn counts(state: &State) -> String {
    if state.view == View::Marked {
        return "marked passages".to_owned();
    }
    if state.is_slow {
        return "searching …".to_owned();
    }
    let Some(answered) = &state.answered else { return "svod".to_owned() };
    let total = match answered.total {
        Total::Exact(total) => total.to_string(),
        Total::AtLeast(total) => format!("{total} or more"),
    };
    let place = match state.found.hits().len() {
        0 => "nothing".to_owned(),
        _ => format!("{} of {total}", state.found.selected() + 1),
    };
    let place = match &answered.beginning {
        Some(beginning) => format!("{place} for {beginning}…"),
        None => place,
    };
    // While waiting, the list still shows the answer to an earlier query.
    if state.is_waiting() { format!("{place} …") } else { format!("{place}, {}", milliseconds(answered.elapsed)) }
}

fn chips(state: &State) -> Vec<String> {
    let order = match state.order {
        Sort::Newest => Some("newest first"),
        Sort::Oldest => Some("oldest first"),
        Sort::Path => Some("by path"),
        _ => None,
    };
    let filters = state.filters.typed().into_iter().map(|filter| printable(&filter).into_owned());
    filters.chain(order.map(str::to_owned)).collect()
}

/// Draws the message or the remarks on the answer, and as many hints as there is room for.
pub(super) fn status(buffer: &mut Buffer, area: Rect, state: &State) {
    let columns = usize::from(area.width);
    let (text, role) = match &state.message {
        Some(message) => (message.clone(), Role::Message),
        None => (remarks(state).join(" · "), Role::Text),
    };
    let text = fitted(&printable(&text), columns);
    if area.is_empty() {
        return;
    }
    buffer.set_stringn(area.x, area.y, &text, columns, state.theme.style(role));
    let mut room = columns.saturating_sub(if text.is_empty() { 0 } else { text.width() + 3 });
    let mut hints = Vec::new();
    for hint in HINTS {
        let Some(left) = room.checked_sub(hint.width() + 3) else { break };
        room = left;
        hints.push(hint);
    }
    let hints = hints.join(" · ");
    let x = area.right().saturating_sub(hints.width() as u16);
    buffer.set_string(x, area.y, &hints, state.theme.style(Role::Dim));
}

/// Returns the remarks on the current answer.
pub(super) fn remarks(state: &State) -> Vec<String> {
    let Some(answered) = state.answered.as_ref().filter(|_| state.view == View::Found) else { return Vec::new() };
    let mut remarks = Vec::new();
    if let Some(relaxed) = answered.relaxed {
        remarks.push(match relaxed {
            Relaxation::Most => "nothing has all: these lack one of the words".to_owned(),
            _ => "nothing has all: these have some of the words".to_owned(),
        });
    }
    for unknown in &answered.unknown {
        let nearest: Vec<&str> = unknown.nearest.iter().map(|known| known.word.as_str()).collect();
        let nearest = if nearest.is_empty() { String::new() } else { format!(", nearest: {}", nearest.join(", ")) };
        remarks.push(format!("not in the index: {}{nearest}", unknown.word));
    }
    remarks.extend(answered.warnings.iter().map(|warning| warning.message.to_owned()));
    if !answered.is_finished {
        remarks.push("the index is not finished".to_owned());
    }
    remarks
}
