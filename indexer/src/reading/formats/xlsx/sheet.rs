//! The cells of a sheet, and the strings that they share.

use super::numbers::NumberFormats;
use crate::reading::formats::blocks::Blocks;
use crate::reading::formats::running_text::RunningText;
use crate::reading::formats::xml::{self, Element, Event};
use crate::reading::formats::{Block, BlockKind};

/// A table block ends after about this many bytes, so that the cells of a whole sheet are never kept apart.
const TABLE_BYTES: usize = 1_200;

/// A shared string with more bytes than this is read only in its first cell: a file of one page can repeat it a million
/// times.
const MOST_SHARED_BYTES: usize = 200;

/// The bytes of a shared string beside its text.
const STRING_BYTES: u64 = 32;

/// The strings of a workbook, by their numbers.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    strings: Vec<String>,
}

impl SharedStrings {
    /// Reads `sharedStrings.xml` as far as possible; returns the damage.
    pub(super) fn read(&mut self, source: &str) -> Option<String> {
        let mut text = RunningText::default();
        let (mut in_text, mut in_reading) = (false, false);
        xml::read(source, |event| match event {
            Event::Start(element) => match element.name() {
                "t" => in_text = true,
                // The reading of Chinese characters would repeat them.
                "rPh" => in_reading = true,
                _ => {}
            },
            Event::Text(piece) if in_text && !in_reading => text.push(piece),
            Event::Text(_) => {}
            Event::End(name) => match name {
                "t" => in_text = false,
                "rPh" => in_reading = false,
                "si" => self.strings.push(text.take().map_or_else(String::new, |(text, _)| text)),
                _ => {}
            },
        })
    }

    /// Returns about how much memory they take.
    pub(super) fn memory_bytes(&self) -> u64 {
        self.strings.iter().map(|string| string.len() as u64 + STRING_BYTES).sum()
    }

    fn get(&mut self, number: &str) -> Option<String> {
        let string = self.strings.get_mut(number.trim().parse::<usize>().ok()?)?;
        Some(if string.len() > MOST_SHARED_BYTES { std::mem::take(string) } else { string.clone() })
    }
}

/// A sheet being read.
pub(super) struct Sheet<'w> {
    strings: &'w mut SharedStrings,
    formats: &'w NumberFormats,
    blocks: Blocks<()>,
    table_bytes: usize,
    cell: Cell,
}

#[derive(Default)]
struct Cell {
    kind: Option<String>,
    style: Option<usize>,
    value: String,
    text: RunningText,
    open: Content,
}

/// What the text that is being read is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Content {
    #[default]
    None,
    Value,
    Inline,
}

impl<'w> Sheet<'w> {
    pub(super) fn new(strings: &'w mut SharedStrings, formats: &'w NumberFormats) -> Sheet<'w> {
        let mut blocks = Blocks::default();
        blocks.open_table();
        Sheet { strings, formats, blocks, table_bytes: 0, cell: Cell::default() }
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(element) => self.start(&element),
            Event::Text(text) => match self.cell.open {
                Content::None => {}
                Content::Value => self.cell.value.push_str(text),
                Content::Inline => self.cell.text.push(text),
            },
            Event::End(name) => match name {
                "v" | "t" => self.cell.open = Content::None,
                "c" => self.end_cell(),
                _ => {}
            },
        }
    }

    /// Returns the blocks.
    pub(super) fn finish(self) -> Vec<Block> {
        self.blocks.finish().into_iter().map(|part| part.block).collect()
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "row" => self.start_row(),
            "c" => {
                let style = element.attribute("s").and_then(|style| style.parse().ok());
                self.cell = Cell { kind: element.attribute("t"), style, ..Cell::default() };
            }
            "v" => self.cell.open = Content::Value,
            "t" => self.cell.open = Content::Inline,
            _ => {}
        }
    }

    fn start_row(&mut self) {
        if self.table_bytes > TABLE_BYTES {
            self.table_bytes = 0;
            self.blocks.close_table();
            self.blocks.open_table();
        }
        self.blocks.next_row();
    }

    fn end_cell(&mut self) {
        let Cell { kind, style, value, mut text, .. } = std::mem::take(&mut self.cell);
        match kind.as_deref() {
            Some("s") => text.push(&self.strings.get(&value).unwrap_or_default()),
            Some("inlineStr") => {}
            Some("e") => return,
            Some("b") => text.push(if value.trim() == "1" { "TRUE" } else { "FALSE" }),
            Some("str" | "d") => text.push(&value),
            _ => text.push(&self.formats.show(&value, style)),
        }
        let Some((text, marks)) = text.take() else { return };
        self.table_bytes += text.len();
        self.blocks.next_cell();
        self.blocks.push(Block::new(BlockKind::Paragraph, text, marks), ());
    }
}
