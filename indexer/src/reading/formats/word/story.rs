//! A story of a document in RTF or of old Word: its body, a note, or a text box.
//!
//! Both mark tables only by the ends of cells and rows: a table begins with the
//! first paragraph in a cell, and ends before the first that is in none. A note
//! comes after the paragraph that cites it.

use crate::reading::formats::blocks::Blocks;
use crate::reading::formats::running_text::RunningText;
use crate::reading::formats::{Block, BlockKind};

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::reading::formats) enum Place {
    #[default]
    Body,
    Table,
}

/// A story being read.
#[derive(Debug, Default)]
pub(in crate::reading::formats) struct Story {
    pub(in crate::reading::formats) text: RunningText,
    blocks: Blocks<()>,
    /// Where the last paragraph stood.
    place: Place,
    /// Notes that the open paragraph cites.
    notes: Vec<Block>,
}

impl Story {
    /// Ends a paragraph.
    pub(in crate::reading::formats) fn end_paragraph(&mut self, kind: BlockKind, place: Place) {
        self.settle_table(place);
        if let Some((text, marks)) = self.text.take() {
            self.blocks.push(Block::new(kind, text, marks), ());
        }
        for note in self.notes.drain(..) {
            self.blocks.push(note, ());
        }
    }

    /// Ends a cell and its last paragraph.
    pub(in crate::reading::formats) fn end_cell(&mut self, kind: BlockKind) {
        self.end_paragraph(kind, Place::Table);
        self.blocks.next_cell();
    }

    /// Ends a row.
    pub(in crate::reading::formats) fn end_row(&mut self, kind: BlockKind) {
        self.end_paragraph(kind, Place::Table);
        self.blocks.next_row();
    }

    /// Takes the blocks of a text box, which come before the paragraph that holds it.
    pub(in crate::reading::formats) fn insert(&mut self, blocks: Vec<Block>, place: Place) {
        self.settle_table(place);
        for block in blocks {
            self.blocks.push(block, ());
        }
    }

    /// Takes a note that is cited here.
    pub(in crate::reading::formats) fn cite(&mut self, label: &str, note: Vec<Block>) {
        self.text.mark(label.to_owned());
        let notes = note.into_iter().map(|block| Block { kind: BlockKind::Note(label.to_owned()), ..block });
        self.notes.extend(notes);
    }

    /// Returns the blocks; the last paragraph has been ended.
    pub(in crate::reading::formats) fn finish(self) -> Vec<Block> {
        self.blocks.finish().into_iter().map(|part| part.block).collect()
    }

    /// Opens a table before its first paragraph and closes it before the first one below.
    fn settle_table(&mut self, place: Place) {
        match (self.place, place) {
            (Place::Body, Place::Table) => {
                self.blocks.open_table();
                self.blocks.next_row();
            }
            (Place::Table, Place::Body) => self.blocks.close_table(),
            _ => {}
        }
        self.place = place;
    }
}
