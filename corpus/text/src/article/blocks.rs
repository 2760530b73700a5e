//! Blocks: what a reader finds in a source, before it is understood.

use std::ops::Range;

use super::Piece;

/// A block of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its kind, as the reader sees it.
    pub kind: BlockKind,
    /// The running text.
    pub text: String,
    /// Where the text stands in the source; empty if the source is not a text file.
    pub pieces: Vec<Piece>,
    /// The marks of notes that were removed from the text, in order.
    pub marks: Vec<Mark>,
    /// The page it begins on, if known.
    pub page: Option<u32>,
    /// Where other pages begin in the text, in order.
    pub page_breaks: Vec<PageBreak>,
    /// For a part of a long block: the beginning of the next part.
    pub(super) runs_on: String,
}

/// The kind of a block, as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading, with its level, from 1.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A note, with its label.
    Note(String),
    /// Rows of a table.
    Table,
    /// A line of front matter.
    Metadata,
    /// An abstract.
    Abstract,
    /// A page ends here; the block has no text.
    PageBreak,
}

/// Where a page begins inside a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageBreak {
    /// The byte offset in the text of the first character on the page.
    pub offset: usize,
    /// The page.
    pub page: u32,
}

/// A mark of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The byte offset in the running text at which it stood.
    pub offset: usize,
    /// Its label: `1`, `*`.
    pub label: String,
    /// The index of its note: among the blocks, later among the passages.
    pub note: Option<usize>,
}

impl Block {
    /// Returns a block of a text without pieces: it stands nowhere in a text file.
    pub fn new(kind: BlockKind, text: String) -> Block {
        Block {
            kind,
            text,
            pieces: Vec::new(),
            marks: Vec::new(),
            page: None,
            page_breaks: Vec::new(),
            runs_on: String::new(),
        }
    }

    /// Removes ranges from the text and adjusts pieces, marks and page breaks. `ranges` are in order and do not overlap.
    pub(super) fn remove(&mut self, ranges: &[Range<usize>]) {
        let mut text = String::with_capacity(self.text.len());
        let mut kept = 0;
        for range in ranges {
            text.push_str(&self.text[kept..range.start]);
            kept = range.end;
        }
        text.push_str(&self.text[kept..]);
        self.text = text;
        // For each range, its end and the bytes removed up to it: one pass to build, a binary search to look up.
        let gone: Vec<(usize, usize)> = ranges
            .iter()
            .scan(0, |gone, range| {
                *gone += range.len();
                Some((range.end, *gone))
            })
            .collect();
        let removed_before = |byte: usize| {
            let passed = gone.partition_point(|&(end, _)| end <= byte);
            let inside = ranges.get(passed).map_or(0, |range| byte.saturating_sub(range.start));
            passed.checked_sub(1).map_or(0, |last| gone[last].1) + inside
        };
        for mark in &mut self.marks {
            mark.offset -= removed_before(mark.offset);
        }
        for page_break in &mut self.page_breaks {
            page_break.offset -= removed_before(page_break.offset);
        }
        let mut pieces = Vec::with_capacity(self.pieces.len() + ranges.len());
        for piece in &self.pieces {
            let first = ranges.partition_point(|range| range.end <= piece.text);
            push_parts_outside(*piece, &ranges[first..], &mut pieces);
        }
        for piece in &mut pieces {
            piece.text -= removed_before(piece.text);
        }
        self.pieces = pieces;
    }

    /// Shortens the text to `length` bytes, with its pieces and marks.
    pub(super) fn truncate(&mut self, length: usize) {
        truncate(&mut self.text, &mut self.pieces, &mut self.marks, length);
    }

    /// Appends another block as the continuation of this paragraph, with `between` as the joint.
    pub(super) fn append(&mut self, other: Block, between: &str) {
        self.text.push_str(between);
        let shift = self.text.len();
        self.text.push_str(&other.text);
        self.pieces.extend(other.pieces.into_iter().map(|piece| Piece { text: piece.text + shift, ..piece }));
        self.marks.extend(other.marks.into_iter().map(|mark| Mark { offset: mark.offset + shift, ..mark }));
        let begins = other.page.filter(|_| other.page != self.last_page());
        self.page_breaks.extend(begins.map(|page| PageBreak { offset: shift, page }));
        let shifted = other.page_breaks.into_iter().map(|next| PageBreak { offset: next.offset + shift, ..next });
        self.page_breaks.extend(shifted);
    }

    /// Returns the page it ends on, if known.
    fn last_page(&self) -> Option<u32> {
        self.page_breaks.last().map_or(self.page, |last| Some(last.page))
    }

    /// Returns the page on which a byte of the text stands, if known.
    pub(super) fn page_at(&self, offset: usize) -> Option<u32> {
        let begun = self.page_breaks.partition_point(|page_break| page_break.offset <= offset);
        begun.checked_sub(1).map_or(self.page, |last| Some(self.page_breaks[last].page))
    }
}

/// Shortens a text to `length` bytes, with its pieces and marks. Touches only what is removed: it runs at
/// every line that ends in a hyphen, so it must not look through the whole text.
pub(super) fn truncate(text: &mut String, pieces: &mut Vec<Piece>, marks: &mut [Mark], length: usize) {
    text.truncate(length);
    while pieces.pop_if(|piece| piece.text >= length).is_some() {}
    if let Some(last) = pieces.last_mut() {
        last.length = last.length.min(length - last.text);
    }
    for mark in marks.iter_mut().rev().take_while(|mark| mark.offset > length) {
        mark.offset = length;
    }
}

/// Adds the parts of a piece that lie outside `ranges` of the text.
fn push_parts_outside(piece: Piece, ranges: &[Range<usize>], parts: &mut Vec<Piece>) {
    let (mut start, end) = (piece.text, piece.text + piece.length);
    let mut push = |from: usize, to: usize| {
        if from < to {
            parts.push(Piece {
                text: from,
                source: piece.source + (from - piece.text),
                length: to - from,
                line: piece.line,
            });
        }
    };
    for range in ranges.iter().take_while(|range| range.start < end) {
        push(start, range.start);
        start = start.max(range.end);
    }
    push(start, end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_leaves_true_pieces() {
        let mut block = Block::new(BlockKind::Paragraph, "abcdefgh".to_owned());
        block.pieces =
            vec![Piece { text: 0, source: 10, length: 4, line: 1 }, Piece { text: 4, source: 20, length: 4, line: 2 }];
        block.marks = vec![Mark { offset: 7, label: "1".to_owned(), note: None }];
        block.page_breaks = vec![PageBreak { offset: 4, page: 8 }, PageBreak { offset: 6, page: 9 }];
        block.remove(&[1..2, 3..5]);
        assert_eq!(block.text, "acfgh");
        let pieces: Vec<_> = block.pieces.iter().map(|piece| (piece.text, piece.source, piece.length)).collect();
        assert_eq!(pieces, [(0, 10, 1), (1, 12, 1), (2, 21, 3)]);
        assert_eq!(block.marks[0].offset, 4);
        assert_eq!(block.page_breaks, [PageBreak { offset: 2, page: 8 }, PageBreak { offset: 3, page: 9 }]);
    }

    #[test]
    fn a_text_knows_on_which_page_each_byte_stands() {
        let block = |text: &str, page| Block { page, ..Block::new(BlockKind::Paragraph, text.to_owned()) };
        let mut joined = block("ab", Some(3));
        joined.append(block("cd", Some(3)), " ");
        joined.append(block("ef", Some(4)), "");
        joined.append(block("gh", None), "");
        let last = Block { page_breaks: vec![PageBreak { offset: 1, page: 6 }], ..block("ij", Some(5)) };
        joined.append(last, "");
        let pages: Vec<Option<u32>> = (0..joined.text.len()).map(|offset| joined.page_at(offset)).collect();
        assert_eq!(pages, [3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 6].map(Some));
    }
}
