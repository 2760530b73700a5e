//! Gives each character that has a width a cell of its own.
//!
//! Terminals disagree on the width of grapheme clusters such as an emoji family, a
//! flag or a syllable: text behind a cluster would be drawn in the wrong column,
//! and parts of the cluster would remain when it is erased. On the width of single
//! characters they agree.

use ratatui::buffer::{Buffer, Cell};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Splits all grapheme clusters into characters, each cluster within its own cells.
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

/// Splits the cluster in the first of these cells, which takes the width of all of them.
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

/// Splits a cluster before each character that has a width. Joiners and variation selectors are left out, and so are
/// characters that change the width of the one that they follow.
fn parts(group: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = group.char_indices().filter(|(_, c)| c.width() > Some(0)).map(|(at, _)| at).collect();
    starts.push(group.len());
    let parts = starts.windows(2).filter_map(|ends| group.get(ends[0]..ends[1]));
    let plain = parts.filter_map(|part| part.split(JOINERS).next());
    plain.map(|part| Some(alone(part)).filter(|alone| alone.width() != part.width()).unwrap_or(part)).collect()
}

/// The joiner of emoji, and the selectors of text or emoji style.
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
