//! DOC: the blocks of a document of Word 97 to 2003.
//!
//! The text is one row of characters: the body, then the notes, headers, comments
//! and text boxes. It lies in pieces, and its properties in pages of their own;
//! whatever the file states of their places is checked. Left out: deleted and
//! hidden text, codes of fields, headers, comments, automatic numbers.
//!
//! `header` knows where things are, `pieces` the text, `properties` what is shown
//! and what is a table, `styles` the headings, `metadata` the summary.

mod header;
mod metadata;
mod pieces;
mod properties;
mod styles;

#[cfg(all(test, feature = "doc", feature = "docx", feature = "epub", feature = "mime"))]
pub(super) mod tests;

use std::ops::Range;

use header::{Header, Part};
use pieces::{Character, Pieces};
use properties::{Paragraph, Ranges, Run};
use styles::Styles;

use crate::reading::formats::compound::{Compound, u16_at, u32_at};
use crate::reading::formats::properties::believe;
use crate::reading::formats::running_text::Join;
use crate::reading::formats::word::{Row, Story};
use crate::reading::formats::{Block, BlockKind, Converted, FormatError};
use crate::reading::memory::{Held, of_paragraphs};
use crate::reading::skip_reason::SkipReason;

/// The bytes that it takes to read the main stream, for each of its own: a copy, and the properties of its text.
const TIMES_DOCUMENT: u64 = 5;

/// Reads a document.
///
/// # Errors
/// It is not a document of Word, is of Word 95 or older, encrypted, damaged or without text, or needs too much memory.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    // The streams are copies; pictures stand in one of their own, which is not read.
    let file_bytes = bytes.len() as u64;
    memory.raise(file_bytes * 2)?;
    let damaged = |what: &str| FormatError::Damaged(what.to_owned());
    let compound = Compound::open(bytes).ok_or_else(|| damaged("not a compound file"))?;
    let Some(document) = compound.stream("WordDocument") else {
        let is_encrypted = compound.stream("EncryptedPackage").is_some();
        return Err(if is_encrypted { FormatError::Encrypted } else { damaged("no document of Word in it") }.into());
    };
    let ends = document.iter().filter(|byte| matches!(byte, 7 | 12 | 13)).count() as u64;
    let document_bytes = document.len() as u64;
    memory.raise(file_bytes + document_bytes * TIMES_DOCUMENT + of_paragraphs(document_bytes, ends))?;
    let header = Header::read(&document)?;
    let table = compound.stream(header.table_name()).ok_or_else(|| damaged("a part of it is missing"))?;
    let mut reader = Reader::new(&header, &table, &document);
    let blocks = reader.document(&header, &table);
    let remarks = if reader.is_short { vec!["the document ends too early".to_owned()] } else { Vec::new() };
    if blocks.is_empty() {
        return Err(remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
    }
    let summary = compound.stream("\u{5}SummaryInformation").unwrap_or_default();
    let mut metadata = metadata::read(&summary);
    believe(&mut metadata, &blocks);
    Ok(Converted { metadata, blocks, remarks })
}

struct Reader<'d> {
    pieces: Pieces<'d>,
    runs: Ranges<Run>,
    paragraphs: Ranges<Paragraph>,
    styles: Styles,
    /// Whether characters are missing that the header counts.
    is_short: bool,
}

/// A note and the place of its mark.
#[derive(Debug)]
struct Note {
    row: Row,
    /// The number of the character that is its mark.
    mark: u32,
    /// Whether Word gives it a number; else its mark is a sign of its own.
    is_numbered: bool,
    blocks: Vec<Block>,
}

impl<'d> Reader<'d> {
    fn new(header: &Header<'_>, table: &[u8], document: &'d [u8]) -> Reader<'d> {
        let part = |part| header.part(part, table);
        Reader {
            pieces: Pieces::read(part(Part::Pieces), document),
            runs: properties::runs(part(Part::RunPages), document),
            paragraphs: properties::paragraphs(part(Part::ParagraphPages), document),
            styles: Styles::read(part(Part::Styles)),
            is_short: false,
        }
    }

    fn document(&mut self, header: &Header<'_>, table: &[u8]) -> Vec<Block> {
        let part = |part| header.part(part, table);
        let footnotes = header.footnotes_at()..header.footnotes_at().saturating_add(header.footnotes);
        let endnotes = header.endnotes_at()..header.endnotes_at().saturating_add(header.endnotes);
        let mut notes = self.notes(Row::Footnotes, part(Part::FootnoteMarks), part(Part::Footnotes), footnotes);
        notes.extend(self.notes(Row::Endnotes, part(Part::EndnoteMarks), part(Part::Endnotes), endnotes));
        notes.sort_by_key(|note| note.mark);
        let mut blocks = self.story(0..header.body, notes);
        let boxes = header.text_boxes_at()..header.text_boxes_at().saturating_add(header.text_boxes);
        blocks.extend(self.story(boxes, Vec::new()));
        blocks
    }

    /// Reads the notes of a row. `marks` and `texts` are the parts that tell where their marks and texts are, and `range`
    /// holds the texts.
    fn notes(&mut self, row: Row, marks: &[u8], texts: &[u8], range: Range<u32>) -> Vec<Note> {
        let count = marks.len().saturating_sub(4) / 6;
        let mut notes = Vec::new();
        let mut last = range.start;
        for at in 0..count {
            let text = |at: usize| u32_at(texts, at * 4).map(|number| range.start.saturating_add(number));
            let (Some(mark), Some(start), Some(end)) = (u32_at(marks, at * 4), text(at), text(at + 1)) else { break };
            // No character stands in two notes.
            let (start, end) = (start.max(last), end.min(range.end));
            last = last.max(end);
            let is_numbered = u16_at(marks, (count + 1) * 4 + at * 2) != Some(0);
            let blocks = if start < end { self.story(start..end, Vec::new()) } else { Vec::new() };
            notes.push(Note { row, mark, is_numbered, blocks });
        }
        notes
    }

    /// Reads a story with its notes, which are in the order of their marks.
    fn story(&mut self, range: Range<u32>, notes: Vec<Note>) -> Vec<Block> {
        let mut telling = Telling { notes: notes.into_iter().peekable(), ..Telling::default() };
        let mut end = range.start;
        let mut place = 0;
        for character in self.pieces.characters(range.clone()) {
            (end, place) = (character.number + 1, character.offset);
            let run = self.runs.at(character.offset);
            if run.is_left_out {
                continue;
            }
            if let Some(ended) = telling.take(character, run) {
                let paragraph = self.paragraphs.at(character.offset);
                telling.end(ended, paragraph, self.styles.level(&paragraph));
            }
        }
        self.is_short |= end < range.end;
        let paragraph = self.paragraphs.at(place);
        telling.end(Ended::Paragraph, paragraph, self.styles.level(&paragraph));
        telling.story.finish()
    }
}

/// What a character ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Paragraph,
    /// A cell, or a row if its paragraph says so.
    Cell,
}

/// A story being read.
struct Telling {
    story: Story,
    /// Text that is not in the story yet.
    units: Vec<u16>,
    /// For each open field, whether its code is open; else its result is.
    fields: Vec<bool>,
    /// The number of codes that are open.
    codes: usize,
    notes: std::iter::Peekable<std::vec::IntoIter<Note>>,
    labels_given: [usize; 2],
}

impl Default for Telling {
    fn default() -> Telling {
        Telling {
            story: Story::default(),
            units: Vec::new(),
            fields: Vec::new(),
            codes: 0,
            notes: Vec::new().into_iter().peekable(),
            labels_given: [0; 2],
        }
    }
}

impl Telling {
    /// Takes the next character. Returns what it ends, if anything.
    fn take(&mut self, character: Character, run: Run) -> Option<Ended> {
        match character.unit {
            0x13 => self.begin_field(),
            0x14 => self.end_code(),
            0x15 => self.end_field(),
            0x07 => return Some(Ended::Cell),
            0x0c | 0x0d => return Some(Ended::Paragraph),
            _ if self.codes > 0 => {}
            _ if self.cites(character) => {}
            0x0b | 0x0e => self.join(Join::Line),
            0x09 => self.join(Join::Blank),
            0x1e => self.units.push(u16::from(b'-')),
            // A sign of a symbol font, whose number is elsewhere.
            0x28 if run.is_special => {}
            // Codes of pictures, comments and the like.
            0x00..=0x1f => {}
            // Signs of symbol fonts, which are no letters.
            0xf000..=0xf0ff => {}
            unit => self.units.push(unit),
        }
        None
    }

    fn begin_field(&mut self) {
        self.fields.push(true);
        self.codes += 1;
    }

    fn end_code(&mut self) {
        if let Some(is_code) = self.fields.last_mut()
            && std::mem::replace(is_code, false)
        {
            self.codes -= 1;
        }
    }

    fn end_field(&mut self) {
        self.end_code();
        self.fields.pop();
    }

    /// Takes the marks of notes that stand at a character. Returns whether there is one.
    fn cites(&mut self, character: Character) -> bool {
        let mut is_mark = false;
        while let Some(note) = self.notes.next_if(|note| note.mark <= character.number) {
            if note.mark < character.number {
                continue;
            }
            self.flush();
            let sign = char::from_u32(u32::from(character.unit)).filter(|sign| !note.is_numbered && *sign > ' ');
            let label = match sign {
                Some(sign) => sign.to_string(),
                None => {
                    let given = &mut self.labels_given[note.row as usize];
                    *given += 1;
                    note.row.label(*given)
                }
            };
            self.story.cite(&label, note.blocks);
            is_mark = true;
        }
        is_mark
    }

    fn join(&mut self, join: Join) {
        self.flush();
        self.story.text.join(join);
    }

    fn flush(&mut self) {
        if !self.units.is_empty() {
            self.story.text.push(&String::from_utf16_lossy(&self.units));
            self.units.clear();
        }
    }

    fn end(&mut self, ended: Ended, paragraph: Paragraph, level: Option<u8>) {
        self.flush();
        // A code that goes on over the end of its paragraph has lost its own end.
        if self.codes > 0 {
            self.fields.clear();
            self.codes = 0;
        }
        let kind = level.map_or(BlockKind::Paragraph, BlockKind::Heading);
        match ended {
            Ended::Paragraph => self.story.end_paragraph(kind, paragraph.place),
            Ended::Cell if paragraph.ends_row => self.story.end_row(kind),
            Ended::Cell => self.story.end_cell(kind),
        }
    }
}
