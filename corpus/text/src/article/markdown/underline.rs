//! Lines of dashes: what they underline is a heading, or a page ends there.
//!
//! Converters put `---` where a page ends, also directly below a paragraph; people
//! and other converters underline headings so. A row as long as the line above it
//! underlines it. A shorter one does so only where all such rows of the text stand
//! below lines that look like headings.

use std::ops::Range;

use super::super::headings::numbering;
use crate::language::is_written_without_blanks;

/// The longest heading, in characters.
const LONGEST: usize = 120;

/// How a text uses lines of dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dashes {
    Underline,
    BreakPages,
}

impl Dashes {
    /// Returns how a text uses them: one pass over its lines.
    pub(super) fn of(text: &str) -> Dashes {
        let (mut headings, mut has_equals, mut breaks) = (0, false, false);
        let (mut above, mut before) = ("", "");
        for line in text.lines() {
            let shown = line.trim();
            let is_row = |c: u8| shown.len() >= 3 && shown.bytes().all(|byte| byte == c);
            if is_row(b'=') {
                has_equals |= !above.is_empty() && before.is_empty();
            } else if is_row(b'-') && !line.starts_with("    ") {
                let is_heading = !above.is_empty() && before.is_empty() && looks_like_heading(above);
                headings += usize::from(is_heading);
                breaks |= !is_heading;
            }
            (before, above) = (above, shown);
        }
        if !breaks && (has_equals || headings >= 2) { Dashes::Underline } else { Dashes::BreakPages }
    }
}

/// Whether the last line of a block of the source, all dashes, underlines a heading above it. `dashes` is asked only
/// if the block does not tell.
pub(super) fn is_heading(block: &str, dashes: impl FnOnce() -> Dashes) -> bool {
    let mut lines = block.trim_end().lines();
    let (Some(title), Some(row), None) = (lines.next(), lines.next(), lines.next()) else { return false };
    let (title, length) = (title.trim(), row.trim().len());
    if !looks_like_heading(title) {
        return false;
    }
    let characters = title.chars().count();
    let columns = characters + title.chars().filter(|&c| is_written_without_blanks(c)).count();
    let is_as_long = length >= 4 && length + 2 >= characters && length <= columns + 3;
    is_as_long || numbering(title).is_some() || dashes() == Dashes::Underline
}

fn looks_like_heading(line: &str) -> bool {
    line.chars().count() <= LONGEST
        && line.contains(char::is_alphanumeric)
        && !line.starts_with(['|', '>', '<', '[', '#'])
        && !line.ends_with(['。', '.', '；', ';', '，', ',', '：', ':', '、', '-', '！', '…'])
}

/// Whether a heading of the parser is a line above dashes.
pub(super) fn is_underlined(text: &str, block: Range<usize>) -> bool {
    let heading = &text[block];
    let last = heading.trim_end().lines().next_back().unwrap_or_default().trim();
    !heading.starts_with('#') && last.bytes().all(|byte| byte == b'-')
}
