//! Plain text: paragraphs between blank lines, hard line ends joined.

use std::ops::Range;

use super::lines::{Lines, lines_in};
use super::passages::{Block, BlockKind};
use super::running_text::{Join, RunningText};

/// Reads the paragraphs of a range of a source, as blocks of one kind.
pub(super) fn read(source: &str, range: Range<usize>, lines: &Lines, kind: BlockKind, blocks: &mut Vec<Block>) {
    let mut text = RunningText::new(source, lines);
    for line in lines_in(source, range) {
        if source[line.clone()].trim().is_empty() {
            blocks.extend(text.take().map(|(text, pieces)| Block { kind, text, pieces }));
        } else {
            text.join(Join::Line);
            text.push(line);
        }
    }
    blocks.extend(text.take().map(|(text, pieces)| Block { kind, text, pieces }));
}
