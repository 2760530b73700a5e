//! Foreign text made safe to print.
//!
//! Text out of articles and file names never reaches a terminal raw: control
//! and escape characters could steer it, bidirectional ones reorder what a
//! reader sees (Unicode Technical Report 36).

use std::borrow::Cow;

/// Replaces control and bidirectional characters by `�`, line ends and tabs by a blank.
///
/// Text without them is given back as it is.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let safe = |c| match c {
        '\n' | '\r' | '\t' => ' ',
        c if is_dangerous(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.chars().map(safe).collect())
}

/// Returns whether a terminal acts on a character, or some program takes it for the end of a line.
pub fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        for (text, expected) in [
            ("停火 война war", "停火 война war"),
            ("\x1b[31mred\x07", "�[31mred�"),
            ("a\tb\nc", "a b c"),
            ("txt.\u{202e}dm", "txt.�dm"),
            ("\u{9b}2J", "�2J"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }
}
