//! Joints: how two lines of a paragraph meet.
//!
//! All that is known about hyphens at line ends stands in [`joint`].

use svod_text::language::is_written_without_blanks;

/// How a line is joined to the text before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// With nothing between them.
    Close,
    /// With a blank between them.
    Blank,
    /// In place of the hyphen that ends the text.
    WithoutHyphen,
}

/// Returns how a text and the next line are joined.
///
/// A soft hyphen, or one between lower-case letters, divides a word and is left out; any other hyphen stays.
pub(super) fn joint(text: &str, next: &str) -> Joint {
    let mut backwards = text.chars().rev();
    let (Some(last), Some(first)) = (backwards.next(), next.chars().next()) else { return Joint::Close };
    let before = backwards.next();
    match last {
        '\u{ad}' => Joint::WithoutHyphen,
        // Some fonts have their hyphen at the place of a control character.
        _ if last.is_control() && before.is_some_and(char::is_alphabetic) && first.is_lowercase() => {
            Joint::WithoutHyphen
        }
        '-' | '\u{2010}' | '\u{2011}' if before.is_some_and(char::is_alphanumeric) => {
            let divides_word = before.is_some_and(char::is_lowercase) && first.is_lowercase();
            if divides_word { Joint::WithoutHyphen } else { Joint::Close }
        }
        _ if last.is_whitespace() || is_written_without_blanks(last) || is_written_without_blanks(first) => {
            Joint::Close
        }
        _ => Joint::Blank,
    }
}

/// Appends a line to a text; returns the byte at which it begins.
pub(super) fn append(text: &mut String, line: &str) -> usize {
    match joint(text, line) {
        Joint::Close => {}
        Joint::Blank => text.push(' '),
        Joint::WithoutHyphen => drop(text.pop()),
    }
    let start = text.len();
    text.push_str(line);
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_meet_as_their_script_wants() {
        for (text, next, expected) in [
            ("阶段", "性成果", "阶段性成果"),
            ("северный", "морской", "северный морской"),
            ("在 2025", "年", "在 2025年"),
            ("обеспе-", "чение мира", "обеспечение мира"),
            ("согла\u{ad}", "шение", "соглашение"),
            ("исследова\u{6}", "ниях", "исследованиях"),
            ("the 640-", "megawatt cable", "the 640-megawatt cable"),
            ("Ростов-", "Дон", "Ростов-Дон"),
            ("мир —", "это", "мир — это"),
            ("a -", "b", "a - b"),
            ("", "война", "война"),
        ] {
            let mut joined = text.to_owned();
            let start = append(&mut joined, next);
            assert_eq!((joined.as_str(), &joined[start..]), (expected, next));
        }
    }
}
