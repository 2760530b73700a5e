//! Running text: a passage put together out of pieces of its source.
//!
//! Where two lines meet, words get a blank between them and Chinese gets
//! nothing. Such joins are the only bytes of a text that belong to no piece,
//! but for characters that the source writes as an entity.

use std::ops::Range;

use super::Piece;
use super::lines::Lines;

/// What separates the next text from what stands there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// Nothing.
    None,
    /// The end of a line.
    Line,
    /// The border of a cell of a table.
    Cell,
}

/// A text being put together.
#[derive(Debug)]
pub(super) struct RunningText<'s> {
    source: &'s str,
    lines: &'s Lines,
    text: String,
    pieces: Vec<Piece>,
    join: Join,
}

impl<'s> RunningText<'s> {
    pub(super) fn new(source: &'s str, lines: &'s Lines) -> RunningText<'s> {
        RunningText { source, lines, text: String::new(), pieces: Vec::new(), join: Join::None }
    }

    /// Returns the number of bytes so far.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Returns the text from a byte on.
    pub(super) fn since(&self, start: usize) -> &str {
        &self.text[start..]
    }

    /// Sets what separates the next text from this one.
    pub(super) fn join(&mut self, join: Join) {
        self.join = join;
    }

    /// Appends a range of the source; its line ends become joins.
    pub(super) fn push(&mut self, range: Range<usize>) {
        let mut rest = range;
        while let Some(line_end) = self.source[rest.clone()].find(['\n', '\r']) {
            self.push_line(rest.start..rest.start + line_end);
            self.join = Join::Line;
            rest.start += line_end + 1;
        }
        self.push_line(rest);
    }

    /// Appends characters that do not stand so in the source.
    pub(super) fn push_foreign(&mut self, text: &str) {
        let visible = text.replace(['\n', '\r'], " ");
        if let Some(first) = visible.chars().next() {
            self.settle_join(first);
            self.text.push_str(&visible);
        }
    }

    /// Takes back everything from a byte of the text on.
    pub(super) fn truncate(&mut self, length: usize) {
        self.text.truncate(length);
        self.pieces.retain_mut(|piece| {
            piece.length = piece.length.min(length.saturating_sub(piece.text));
            piece.length > 0
        });
    }

    /// Ends the text: it is returned, trimmed, and a new one begins. Nothing if there is none.
    pub(super) fn take(&mut self) -> Option<(String, Vec<Piece>)> {
        self.join = Join::None;
        self.truncate(self.text.trim_end().len());
        let (text, pieces) = (std::mem::take(&mut self.text), std::mem::take(&mut self.pieces));
        (!pieces.is_empty()).then_some((text, pieces))
    }

    fn push_line(&mut self, range: Range<usize>) {
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
                last.length += line.len()
            }
            _ => self.pieces.push(Piece { text, source: start, length: line.len(), line: self.lines.line_of(start) }),
        }
    }

    fn settle_join(&mut self, next: char) {
        let join = std::mem::replace(&mut self.join, Join::None);
        let Some(last) = self.text.chars().next_back() else { return };
        match join {
            Join::Line
                if !last.is_whitespace() && !is_written_without_blanks(last) && !is_written_without_blanks(next) =>
            {
                self.text.push(' ')
            }
            Join::Cell => self.text.push_str(" | "),
            Join::Line | Join::None => {}
        }
    }
}

/// Han characters, kana, and the punctuation that goes with them.
fn is_written_without_blanks(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join_lines(source: &str) -> String {
        let lines = Lines::of(source);
        let mut text = RunningText::new(source, &lines);
        text.push(0..source.len());
        text.take().map_or_else(String::new, |(text, _)| text)
    }

    #[test]
    fn lines_meet_as_their_script_wants() {
        for (source, expected) in [
            ("阶段\n性成果", "阶段性成果"),
            ("северный\nморской", "северный морской"),
            ("the war\r\nin Ukraine", "the war in Ukraine"),
            ("在 2025\n年", "在 2025年"),
            ("  a \n  b  ", "a b"),
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
        let (text, pieces) = text.take().unwrap();
        assert_eq!(text, "停火协议");
        assert_eq!(
            pieces.iter().map(|piece| (piece.text, piece.source, piece.length)).collect::<Vec<_>>(),
            [(0, 0, 6), (6, 9, 6)]
        );
    }
}
