//! Each character that takes room gets a cell of its own.
//!
//! Terminals do not agree on how much room a group of characters takes, a
//! family of emoji, a flag or a syllable: what is drawn behind it would stand
//! beside its place, and a part of it would stay when the rest has gone. About
//! single characters they agree.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Takes groups of characters apart, each within the room that it has.
pub(super) fn settle(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut rest = row;
        while !rest.is_empty() {
            let room = rest[0].symbol().width().clamp(1, rest.len());
            let (cells, behind) = rest.split_at_mut(room);
            if cells[0].symbol().chars().nth(1).is_some() {
                take_apart(cells);
            }
            rest = behind;
        }
    }
}

/// Takes a group apart that stands in the first of these cells and takes the room of all.
fn take_apart(cells: &mut [Cell]) {
    let (group, style) = (cells[0].symbol().to_owned(), cells[0].style());
    cells[0].set_symbol(" ");
    let mut room = cells;
    for part in parts(&group) {
        let width = part.width();
        if width > room.len() {
            break;
        }
        room[0].set_symbol(part).set_style(style);
        room = &mut room[width..];
    }
}

/// Cuts a group before each character that takes room. What joins or changes characters is left out, and what makes one
/// wider than it is alone.
fn parts(group: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = group.char_indices().filter(|(_, c)| c.width() > Some(0)).map(|(at, _)| at).collect();
    starts.push(group.len());
    let parts = starts.windows(2).filter_map(|ends| group.get(ends[0]..ends[1]));
    let plain = parts.filter_map(|part| part.split(JOINERS).next());
    plain.map(|part| Some(alone(part)).filter(|alone| alone.width() != part.width()).unwrap_or(part)).collect()
}

/// The joiner of emoji, and what chooses between text and emoji.
const JOINERS: [char; 3] = ['\u{200d}', '\u{fe0e}', '\u{fe0f}'];

/// Returns the first character.
fn alone(part: &str) -> &str {
    part.chars().next().and_then(|first| part.get(..first.len_utf8())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn each_character_has_a_cell() {
        for (text, expected) in [
            ("停火 мир", vec!["停", " ", "火", " ", " ", "м", "и", "р"]),
            ("e\u{301}й\u{306}", vec!["e\u{301}", "й\u{306}"]),
            ("👨\u{200d}👩\u{200d}👧!", vec!["👨", " ", "!"]),
            ("👍🏽", vec!["👍", " "]),
            ("☎\u{fe0f}.", vec!["☎", " ", "."]),
            ("🇷🇺", vec!["🇷", "🇺"]),
            ("नि\u{94d}", vec!["न", "ि\u{94d}"]),
            ("", vec![]),
        ] {
            let columns = text.width() as u16;
            let mut buffer = Buffer::empty(Rect::new(0, 0, columns.max(1), 1));
            buffer.set_string(0, 0, text, Style::new().bold());
            settle(&mut buffer);
            let shown: Vec<&str> = buffer.content().iter().map(Cell::symbol).take(columns.into()).collect();
            assert_eq!(shown, expected, "{text}");
        }
    }
}
