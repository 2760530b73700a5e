//! The header of a Word document: where its parts stand, and how long its stories are.

use crate::reading::formats::FormatError;
use crate::reading::formats::compound::{u16_at, u32_at};

/// The first two bytes of Word 97 and later, and of Word 6 and 95.
const WORD_97: u16 = 0xa5ec;
const WORD_6: u16 = 0xa5dc;
/// The version of Word 95. Word 97 has 193; other programs that write for it have 191 and more.
const WORD_95_VERSION: u16 = 105;

const IS_ENCRYPTED: u16 = 0x0100;
const TABLE_IS_ONE: u16 = 0x0200;

/// The place of the first of the pairs of offset and length.
const PAIRS: usize = 154;

/// A part of the table stream, by its place among the pairs of the header.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Styles = 1,
    FootnoteMarks = 2,
    Footnotes = 3,
    RunPages = 12,
    ParagraphPages = 13,
    Pieces = 33,
    EndnoteMarks = 46,
    Endnotes = 47,
}

/// The header, with the lengths of the stories in characters.
#[derive(Debug)]
pub(super) struct Header<'d> {
    document: &'d [u8],
    pub(super) body: u32,
    pub(super) footnotes: u32,
    headers: u32,
    comments: u32,
    pub(super) endnotes: u32,
    pub(super) text_boxes: u32,
}

impl<'d> Header<'d> {
    /// Reads the header from the main stream.
    ///
    /// # Errors
    /// The document is encrypted, older than Word 97, or not Word's.
    pub(super) fn read(document: &'d [u8]) -> Result<Header<'d>, FormatError> {
        let number = |at| u16_at(document, at).unwrap_or(0);
        let is_word_97 = number(0) == WORD_97 && number(2) > WORD_95_VERSION;
        if !is_word_97 {
            let is_old = matches!(number(0), WORD_97 | WORD_6);
            let what = if is_old { "written by Word 95 or an older one" } else { "no header of Word" };
            return Err(FormatError::Damaged(what.to_owned()));
        }
        if number(10) & IS_ENCRYPTED != 0 {
            return Err(FormatError::Encrypted);
        }
        let length = |at| u32_at(document, at).unwrap_or(0);
        Ok(Header {
            document,
            body: length(76),
            footnotes: length(80),
            headers: length(84),
            comments: length(92),
            endnotes: length(96),
            text_boxes: length(100),
        })
    }

    /// Returns the name of the stream with the tables.
    pub(super) fn table_name(&self) -> &'static str {
        let flags = u16_at(self.document, 10).unwrap_or(0);
        if flags & TABLE_IS_ONE != 0 { "1Table" } else { "0Table" }
    }

    /// Returns a part of the table stream, as far as it has it.
    pub(super) fn part<'t>(&self, part: Part, table: &'t [u8]) -> &'t [u8] {
        let at = PAIRS + part as usize * 8;
        let (start, length) = (u32_at(self.document, at).unwrap_or(0), u32_at(self.document, at + 4).unwrap_or(0));
        let rest = table.get(start as usize..).unwrap_or_default();
        rest.get(..length as usize).unwrap_or(rest)
    }

    /// Returns the first character of the footnotes.
    pub(super) fn footnotes_at(&self) -> u32 {
        self.body
    }

    /// Returns the first character of the endnotes.
    pub(super) fn endnotes_at(&self) -> u32 {
        let before = [self.footnotes, self.headers, self.comments];
        before.iter().fold(self.body, |sum, &length| sum.saturating_add(length))
    }

    /// Returns the first character of the text boxes.
    pub(super) fn text_boxes_at(&self) -> u32 {
        self.endnotes_at().saturating_add(self.endnotes)
    }
}
