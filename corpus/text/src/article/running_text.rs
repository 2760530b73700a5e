//! Running text: a passage put together from pieces of its source.
//!
//! Where two lines meet, a blank is put between words, nothing between Chinese
//! characters, and a mark behind a hyphen that may divide a word. Only these joints,
//! and characters that the source writes as entities, belong to no piece. Soft
//! hyphens and zero-width characters are left out.

use std::ops::Range;

use super::Piece;
use super::blocks::{self, Block, BlockKind, Mark};
use super::hyphens::DIVIDED_AND_BLANK;
use super::lines::Lines;
use crate::language::is_written_without_blanks;

/// What separates the next text from the text so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// Nothing.
    None,
    /// The end of a line.
    Line,
    /// The border of a table cell.
    Cell,
}

/// A text being put together.
#[derive(Debug)]
pub(super) struct RunningText<'s> {
    source: &'s str,
    lines: &'s Lines,
    text: String,
    pieces: Vec<Piece>,
    marks: Vec<Mark>,
    join: Join,
}

impl<'s> RunningText<'s> {
    pub(super) fn new(source: &'s str, lines: &'s Lines) -> RunningText<'s> {
        RunningText { source, lines, text: String::new(), pieces: Vec::new(), marks: Vec::new(), join: Join::None }
    }

    /// Returns the number of bytes so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns the text from a byte on; nothing if a hyphen that stood there was removed.
    pub(super) fn since(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    /// Sets what separates the next text from the text so far.
    pub(super) fn join(&mut self, join: Join) {
        self.join = join;
    }

    /// Adds the mark of a note at the end of the text.
    pub(super) fn mark(&mut self, label: String) {
        self.marks.push(Mark { offset: self.text.len(), label, note: None });
    }

    /// Appends a range of the source; its line ends become [`Join::Line`].
    pub(super) fn push(&mut self, range: Range<usize>) {
        let mut rest = range;
        while let Some(line_end) = self.source[rest.clone()].find(['\n', '\r']) {
            self.push_line(rest.start..rest.start + line_end);
            self.join = Join::Line;
            rest.start += line_end + 1;
        }
        self.push_line(rest);
    }

    /// Appends characters that the source writes in another way, such as entities. They belong to no piece.
    pub(super) fn push_foreign(&mut self, text: &str) {
        let visible = text.replace(['\n', '\r'], " ").replace(is_invisible, "");
        if let Some(first) = visible.chars().next() {
            self.settle_join(first);
            self.text.push_str(&visible);
        }
    }

    /// Shortens the text to `length` bytes.
    pub(super) fn truncate(&mut self, length: usize) {
        blocks::truncate(&mut self.text, &mut self.pieces, &mut self.marks, length);
    }

    /// Ends the text: returns it, trimmed, as a block and begins a new one. `None` if it has no piece.
    pub(super) fn take(&mut self, kind: BlockKind) -> Option<Block> {
        self.join = Join::None;
        self.truncate(self.text.trim_end().len());
        let (text, pieces) = (std::mem::take(&mut self.text), std::mem::take(&mut self.pieces));
        let marks = std::mem::take(&mut self.marks);
        (!pieces.is_empty()).then(|| Block { pieces, marks, ..Block::new(kind, text) })
    }

    fn push_line(&mut self, range: Range<usize>) {
        let line = &self.source[range.clone()];
        let mut start = 0;
        for (at, invisible) in line.match_indices(is_invisible) {
            self.push_visible(range.start + start..range.start + at);
            start = at + invisible.len();
            // A soft hyphen at the end of a line divides a word: `joint` removes it.
            if invisible == "\u{ad}" && start == line.len() {
                self.text.push('\u{ad}');
            }
        }
        self.push_visible(range.start + start..range.end);
    }

    fn push_visible(&mut self, range: Range<usize>) {
        let mut line = &self.source[range.clone()];
        let mut start = range.start;
        if self.text.is_empty() || self.join != Join::None {
            line = line.trim_start();
            start = range.end - line.len();
        }
        let Some(first) = line.chars().next() else { return };
        self.settle_join(first);
        let text = self.text.len();
        self.text.push_str(line);
        match self.pieces.last_mut() {
            Some(last) if last.text + last.length == text && last.source + last.length == start => {
                last.length += line.len();
            }
            _ => {
                if self.pieces.is_empty() {
                    // Most paragraphs are one line; a vector would begin with room for four.
                    self.pieces.reserve_exact(1);
                }
                self.pieces.push(Piece { text, source: start, length: line.len(), line: self.lines.line_of(start) });
            }
        }
    }

    fn settle_join(&mut self, next: char) {
        let join = std::mem::replace(&mut self.join, Join::None);
        let joint = joint(&self.text, next, join);
        if joint.closes_hyphen {
            let hyphen = self.text.chars().next_back().map_or(0, char::len_utf8);
            self.truncate(self.text.len() - hyphen);
        }
        self.text.push_str(joint.between);
    }
}

/// How two texts are joined.
pub(super) struct Joint {
    /// The text that is put between them.
    pub(super) between: &'static str,
    /// Whether the hyphen at the end of the first is removed.
    pub(super) closes_hyphen: bool,
}

/// Returns how `text` is joined to a text that begins with `next`.
pub(super) fn joint(text: &str, next: char, join: Join) -> Joint {
    let nothing = Joint { between: "", closes_hyphen: false };
    let mut backwards = text.chars().rev();
    let Some(last) = backwards.next() else { return nothing };
    match join {
        Join::None => nothing,
        Join::Cell => Joint { between: " | ", closes_hyphen: false },
        Join::Line if last == '\u{ad}' => Joint { between: "", closes_hyphen: true },
        Join::Line => Joint { between: line_joint(text, next), closes_hyphen: false },
    }
}

/// Returns what is put between the lines of a text where one ends and another begins with `next`.
///
/// Behind a hyphen that may divide a word that is [`DIVIDED`](super::DIVIDED) and a blank. What is right there is settled when the
/// whole article is known.
pub fn line_joint(text: &str, next: char) -> &'static str {
    let mut backwards = text.chars().rev();
    let Some(last) = backwards.next() else { return "" };
    let is_inside = next.is_alphanumeric() && backwards.next().is_some_and(char::is_alphanumeric);
    match last {
        '-' | '\u{2010}' | '\u{2011}' if is_inside && !is_written_without_blanks(next) => DIVIDED_AND_BLANK,
        '–' | '—' if is_inside => "",
        _ if last.is_whitespace() || is_written_without_blanks(last) || is_written_without_blanks(next) => "",
        _ => " ",
    }
}

/// Whether a character is invisible and does not separate words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::super::hyphens::settle;
    use super::*;

    fn join_lines(source: &str) -> String {
        let lines = Lines::of(source);
        let mut text = RunningText::new(source, &lines);
        text.push(0..source.len());
        let mut block = text.take(BlockKind::Paragraph);
        settle(block.as_mut_slice());
        block.map_or_else(String::new, |block| block.text)
    }

    #[test]
    fn lines_meet_as_their_script_wants() {
        for (source, expected) in [
            ("阶段\n性成果", "阶段性成果"),
            ("северный\nморской", "северный морской"),
            ("the war\r\nin Ukraine", "the war in Ukraine"),
            ("在 2025\n年", "在 2025年"),
            ("  a \n  b  ", "a b"),
            ("обеспе-\nчение мира", "обеспечение мира"),
            ("со\u{ad}гла\u{ad}\nшение", "соглашение"),
            ("the 640-\nmegawatt cable", "the 640-megawatt cable"),
            ("Ростов-\nДон", "Ростов-Дон"),
            ("в 2014–\n2018 гг.", "в 2014–2018 гг."),
            ("война -\nмир", "война - мир"),
            ("经济\u{200b}及社会", "经济及社会"),
            ("\n\n", ""),
        ] {
            assert_eq!(join_lines(source), expected, "{source:?}");
        }
    }

    #[test]
    fn taking_back_shortens_the_pieces() {
        let source = "停火[1]协议";
        let lines = Lines::of(source);
        let mut text = RunningText::new(source, &lines);
        text.push(0..9);
        text.truncate(6);
        text.push(9..15);
        let block = text.take(BlockKind::Paragraph).unwrap();
        assert_eq!(block.text, "停火协议");
        let pieces: Vec<_> = block.pieces.iter().map(|piece| (piece.text, piece.source, piece.length)).collect();
        assert_eq!(pieces, [(0, 0, 6), (6, 9, 6)]);
    }
}
