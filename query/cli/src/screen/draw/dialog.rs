//! Dialogs over the screen: the keys, the name of a file, a question.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::bars;
use crate::screen::keys::HELP;
use crate::screen::state::{Dialog, State};
use crate::screen::theme::{Role, Theme};

/// The column at which the meaning of a key begins.
const MEANING: usize = 20;

/// Draws the open dialog, if there is one.
pub(super) fn draw(frame: &mut Frame<'_>, state: &mut State) {
    match &state.dialog {
        None => {}
        Some(Dialog::Help(_)) => help(frame, state),
        Some(Dialog::Leaving) => {
            let marked = state.marks.listing.hits().len();
            let text = format!("{marked} marked, not written to a file");
            let lines = [
                text.into(),
                Line::default(),
                "w  write them, then leave".into(),
                "l  leave without them".into(),
                "Esc  stay".into(),
            ];
            boxed(frame, &lines, "Leave?", state.theme);
        }
        Some(Dialog::Name(name)) => {
            let lines = ["".into(), Line::default(), "Enter writes, Esc does not".into()];
            let inside = boxed(frame, &lines, "Write the marked passages to", state.theme);
            let field = Rect { height: inside.height.min(1), ..inside };
            if !field.is_empty() {
                let cursor = bars::line(frame.buffer_mut(), field, name, state);
                frame.set_cursor_position(cursor);
            }
        }
    }
}

fn help(frame: &mut Frame<'_>, state: &mut State) {
    let theme = state.theme;
    let lines: Vec<Line<'_>> = HELP.iter().map(|(keys, meaning)| help_line(keys, meaning, theme)).collect();
    let rows = usize::from(frame.area().height.saturating_sub(2));
    let Some(Dialog::Help(scroll)) = &mut state.dialog else { return };
    *scroll = (*scroll).min(lines.len().saturating_sub(rows));
    let title = if lines.len() > rows { "Keys (↓ shows more)" } else { "Keys" };
    boxed(frame, &lines[*scroll..], title, theme);
}

fn help_line(keys: &'static str, meaning: &'static str, theme: Theme) -> Line<'static> {
    if keys.is_empty() {
        return Line::styled(meaning, theme.style(Role::Title));
    }
    let blanks = " ".repeat(MEANING.saturating_sub(keys.width() + 2));
    Line::from(vec![Span::styled(format!("  {keys}{blanks}"), theme.style(Role::Place)), Span::raw(meaning)])
}

/// Draws a box with lines in the middle of the screen, and returns the area inside.
fn boxed(frame: &mut Frame<'_>, lines: &[Line<'_>], title: &str, theme: Theme) -> Rect {
    let screen = frame.area();
    let widest = lines.iter().map(Line::width).chain([title.width() + 2, 40]).max().unwrap_or(0);
    let width = u16::try_from(widest + 4).unwrap_or(u16::MAX).min(screen.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(screen.height);
    let area =
        Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height };
    let buffer = frame.buffer_mut();
    outline(buffer, area, title, theme);
    let inside = Rect {
        x: area.x + width.min(2),
        y: area.y + height.min(1),
        width: width.saturating_sub(4),
        height: height.saturating_sub(2),
    };
    for (y, line) in (inside.top()..inside.bottom()).zip(lines) {
        buffer.set_line(inside.x, y, line, inside.width);
    }
    inside
}

fn outline(buffer: &mut Buffer, area: Rect, title: &str, theme: Theme) {
    let (right, bottom) = (area.right().saturating_sub(1), area.bottom().saturating_sub(1));
    for position in area.positions() {
        let at_side = position.x == area.x || position.x == right;
        let symbol = match (position.y == area.y, position.y == bottom) {
            (true, _) if position.x == area.x => "╭",
            (true, _) if position.x == right => "╮",
            (_, true) if position.x == area.x => "╰",
            (_, true) if position.x == right => "╯",
            (true, _) | (_, true) => "─",
            _ if at_side => "│",
            _ => " ",
        };
        // The left half of a wide character beside the box would erase its side.
        if position.x == area.x && position.x > buffer.area.x {
            let beside = &mut buffer[(position.x - 1, position.y)];
            if beside.symbol().width() > 1 {
                beside.set_symbol(" ");
            }
        }
        buffer[position].reset();
        buffer[position].set_symbol(symbol);
    }
    if area.width > 4 {
        buffer.set_stringn(area.x + 2, area.y, format!(" {title} "), (area.width - 4).into(), theme.style(Role::Title));
    }
}
