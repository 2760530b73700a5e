//! Collects the blocks of a document, and joins the rows of its tables.
//!
//! Blocks inside a table are collected like all others, each with the number of
//! its cell. When the table ends, its rows are joined into table blocks. A table
//! that only lays out a page is not joined: its blocks stay as they are. One
//! pass; each block is moved at most once for every joined table around it.

use crate::reading::formats::running_text::append_line;
use crate::reading::formats::{Block, BlockKind, Mark};

/// Rows of a table are one block up to about this many bytes.
const TABLE_BYTES: usize = 1_200;

/// A cell with more bytes of text than this holds an article, not a value.
const CELL_BYTES: usize = 4_000;

/// A block with its place in a table, and a value of the reader.
#[derive(Debug)]
pub(crate) struct Gathered<T> {
    pub(crate) block: Block,
    pub(crate) beside: T,
    row: usize,
    cell: usize,
}

/// The blocks so far.
#[derive(Debug)]
pub(crate) struct Blocks<T> {
    gathered: Vec<Gathered<T>>,
    tables: Vec<OpenTable>,
}

#[derive(Debug, Default)]
struct OpenTable {
    /// The index of its first block.
    first: usize,
    row: usize,
    /// The number of the cell, counted over the whole table.
    cell: usize,
    holds_table: bool,
}

impl<T> Default for Blocks<T> {
    fn default() -> Blocks<T> {
        Blocks { gathered: Vec::new(), tables: Vec::new() }
    }
}

impl<T> Blocks<T> {
    /// Appends a block.
    pub(crate) fn push(&mut self, block: Block, beside: T) {
        let (row, cell) = self.tables.last().map_or((0, 0), |table| (table.row, table.cell));
        self.gathered.push(Gathered { block, beside, row, cell });
    }

    /// Returns the number of tables that are open.
    #[cfg(feature = "html")]
    pub(crate) fn tables_open(&self) -> usize {
        self.tables.len()
    }

    /// Begins a table.
    pub(crate) fn open_table(&mut self) {
        if let Some(around) = self.tables.last_mut() {
            around.holds_table = true;
        }
        self.tables.push(OpenTable { first: self.gathered.len(), ..OpenTable::default() });
    }

    /// Begins a row.
    pub(crate) fn next_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.row += 1;
            table.cell += 1;
        }
    }

    /// Begins a cell.
    pub(crate) fn next_cell(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.cell += 1;
        }
    }

    /// Ends a table.
    pub(crate) fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        let first = table.first.min(self.gathered.len());
        if table.holds_table || lays_out_page(&self.gathered[first..]) {
            return;
        }
        let cells: Vec<Gathered<T>> = self.gathered.drain(first..).collect();
        self.join_rows(cells);
    }

    /// Ends all tables and returns the blocks.
    pub(crate) fn finish(mut self) -> Vec<Gathered<T>> {
        while !self.tables.is_empty() {
            self.close_table();
        }
        self.gathered
    }

    /// Appends rows as table blocks. Notes inside a table come after the rows that cite them.
    fn join_rows(&mut self, cells: Vec<Gathered<T>>) {
        let mut notes = Vec::new();
        let mut rows: Option<Gathered<T>> = None;
        for cell in cells {
            if matches!(cell.block.kind, BlockKind::Note(_)) {
                notes.push(cell);
                continue;
            }
            match rows.as_mut() {
                Some(rows) if rows.row == cell.row || rows.block.text.len() <= TABLE_BYTES => rows.append(cell),
                _ => self.end_rows(rows.replace(cell), &mut notes),
            }
        }
        self.end_rows(rows, &mut notes);
    }

    fn end_rows(&mut self, rows: Option<Gathered<T>>, notes: &mut Vec<Gathered<T>>) {
        if let Some(rows) = rows {
            let block = Block { kind: BlockKind::Table, ..rows.block };
            self.push(block, rows.beside);
        }
        for note in notes.drain(..) {
            self.push(note.block, note.beside);
        }
    }
}

impl<T> Gathered<T> {
    fn append(&mut self, next: Gathered<T>) {
        let text = &mut self.block.text;
        if self.cell == next.cell {
            append_line(text, &next.block.text);
        } else {
            text.push_str(" | ");
            text.push_str(&next.block.text);
        }
        let start = text.len() - next.block.text.len();
        let shifted = next.block.marks.into_iter().map(|mark| Mark { offset: mark.offset + start, ..mark });
        self.block.marks.extend(shifted);
        (self.row, self.cell) = (next.row, next.cell);
    }
}

/// Whether a table only lays out a page, as on old web pages or in text boxes: it has one column, or headings or whole
/// articles in its cells.
fn lays_out_page<T>(cells: &[Gathered<T>]) -> bool {
    let is_heading = |cell: &Gathered<T>| matches!(cell.block.kind, BlockKind::Heading(_));
    let is_article = |cell: &[Gathered<T>]| cell.iter().map(|part| part.block.text.len()).sum::<usize>() > CELL_BYTES;
    let has_columns = cells.windows(2).any(|pair| pair[0].row == pair[1].row && pair[0].cell != pair[1].cell);
    !has_columns || cells.iter().any(is_heading) || cells.chunk_by(|a, b| a.cell == b.cell).any(is_article)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds a table from rows of cells of paragraphs, and returns its blocks as text.
    fn check(rows: &[&[&[&str]]], expected: &[&str]) {
        let mut blocks = Blocks::<()>::default();
        blocks.open_table();
        for row in rows {
            blocks.next_row();
            for cell in *row {
                blocks.next_cell();
                for text in *cell {
                    let mark = Mark { offset: text.len(), label: "1".to_owned() };
                    blocks.push(Block::new(BlockKind::Paragraph, (*text).to_owned(), vec![mark]), ());
                }
            }
        }
        let shown: Vec<String> = blocks
            .finish()
            .into_iter()
            .map(|part| {
                assert!(part.block.marks.iter().all(|mark| part.block.text.is_char_boundary(mark.offset)));
                assert_eq!(part.block.marks.last().unwrap().offset, part.block.text.len());
                if part.block.kind == BlockKind::Table {
                    format!("table: {}", part.block.text)
                } else {
                    part.block.text
                }
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn rows_are_joined_unless_the_table_lays_out_a_page() {
        check(
            &[&[&["国家"], &["год"]], &[&["中国", "台湾"], &["in", "2025"]]],
            &["table: 国家 | год | 中国台湾 | in 2025"],
        );
        check(&[&[&["a", "b"]], &[&["c"]]], &["a", "b", "c"]);
        check(&[], &[]);
        let long = "x".repeat(1_300);
        check(&[&[&["a"], &[&long]], &[&["b"], &["c"]]], &[&format!("table: a | {long}"), "table: b | c"]);
        let article = "y".repeat(2_500);
        check(&[&[&["menu"], &[&article, &article]]], &["menu", &article, &article]);
    }
}
