//! Foreign text made safe to print.
//!
//! Text from articles and file names never reaches a terminal raw: control and
//! escape characters could steer it, and bidirectional ones could reorder what
//! is shown (Unicode Technical Report 36).

use std::borrow::Cow;

/// Replaces control and bidirectional characters by `�`, and line ends and tabs by a blank.
///
/// Text without such characters is borrowed.
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

/// Returns whether a character can control a terminal, or ends a line in some programs.
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
