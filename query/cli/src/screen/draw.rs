//! Draws the screen. Each frame is drawn as a whole; ratatui finds the cells that changed.

mod bars;
mod cells;
mod dialog;
mod list;
mod passage;
mod text;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::keys::Focus;
use super::panes::Panes;
use super::state::State;
use super::theme::Role;

/// Draws the whole screen.
pub(super) fn draw(frame: &mut Frame<'_>, state: &mut State) {
    let panes = Panes::of(frame.area(), state.focus);
    let buffer = frame.buffer_mut();
    bars::rule(buffer, panes.rule, state);
    list::draw(buffer, panes.list, state);
    passage::draw(buffer, panes.passage, state);
    border(frame, panes.border, state);
    bars::status(frame.buffer_mut(), panes.status, state);
    bars::query(frame, panes.query, state);
    dialog::draw(frame, state);
    cells::settle(frame.buffer_mut());
}

/// Draws the line between list and passage, in heavy strokes if the passage has the focus.
fn border(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let style = state.theme.style(Role::Dim);
    let symbol = match (area.width, state.focus) {
        (1, Focus::Query) => "│",
        (1, Focus::Passage) => "┃",
        (_, Focus::Query) => "─",
        (_, Focus::Passage) => "━",
    };
    for position in area.positions() {
        frame.buffer_mut()[position].set_symbol(symbol).set_style(style);
    }
}

#[cfg(test)]
mod frames;
#[cfg(test)]
mod tests;
