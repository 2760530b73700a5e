//! The address of a passage, packed before its text: where it stands in its
//! article and in the source, and the notes it cites or is cited by. Differences,
//! in variable-length integers. The text after it is UTF-8.

use std::ops::RangeInclusive;

use svod_text::article::{Cited, PageBreak, Piece};

/// Where a passage stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The section: its place in the outline.
    pub section: Option<usize>,
    /// The page it begins on.
    pub page: Option<u32>,
    /// Where other pages begin in the text, in order.
    pub page_breaks: Vec<PageBreak>,
    /// Where a note is cited first.
    pub cited: Option<Cited>,
    /// The notes it cites: the byte of its text, and the note's place among the passages.
    pub notes: Vec<(usize, usize)>,
    /// Whether what is searched runs on into the next passage of the article.
    pub runs_on: bool,
    /// Where the text stands in the source.
    pub pieces: Vec<Piece>,
}

impl Address {
    /// Returns the first and last line of the passage, from 1; `None` where it has no pieces.
    pub fn lines(&self) -> Option<RangeInclusive<u32>> {
        let first = self.pieces.first()?.line;
        Some(first..=self.pieces.last().map_or(first, |piece| piece.line))
    }

    /// Returns the first and last page of the passage; `None` where the source has no pages.
    pub fn pages(&self) -> Option<RangeInclusive<u32>> {
        let first = self.page?;
        Some(first..=self.page_breaks.last().map_or(first, |last| last.page))
    }

    /// Returns the page on which a byte of the text stands; `None` where the source has no pages.
    pub fn page_at(&self, offset: usize) -> Option<u32> {
        let begun = self.page_breaks.partition_point(|page_break| page_break.offset <= offset);
        begun.checked_sub(1).map_or(self.page, |last| Some(self.page_breaks[last].page))
    }
}

/// What an address has. Most have little.
const SECTION: u8 = 1;
const PAGE: u8 = 2;
const CITED: u8 = 4;
const RUNS_ON: u8 = 8;
const NOTES: u8 = 16;
/// The text is one piece.
const WHOLE: u8 = 32;
const PAGE_BREAKS: u8 = 64;

/// Packs an address and the text it is of.
pub(super) fn pack(address: &Address, stored: &str) -> Vec<u8> {
    let mut bytes = vec![head(address, stored.len())];
    if let Some(section) = address.section {
        push(&mut bytes, section as u64);
    }
    if let Some(page) = address.page {
        push(&mut bytes, page.into());
    }
    if !address.page_breaks.is_empty() {
        push_page_breaks(&mut bytes, &address.page_breaks);
    }
    if let Some(cited) = address.cited {
        push(&mut bytes, cited.passage as u64);
        push(&mut bytes, cited.offset as u64);
    }
    if !address.notes.is_empty() {
        push(&mut bytes, address.notes.len() as u64);
    }
    for &(offset, note) in &address.notes {
        push(&mut bytes, offset as u64);
        push(&mut bytes, note as u64);
    }
    match &address.pieces[..] {
        [piece] if is_whole(piece, stored.len()) => {
            push(&mut bytes, piece.source as u64);
            push(&mut bytes, piece.line.into());
        }
        pieces => push_pieces(&mut bytes, pieces),
    }
    bytes.extend_from_slice(stored.as_bytes());
    bytes
}

fn head(address: &Address, text_bytes: usize) -> u8 {
    let has = |has: bool, bit: u8| if has { bit } else { 0 };
    has(address.section.is_some(), SECTION)
        | has(address.page.is_some(), PAGE)
        | has(address.cited.is_some(), CITED)
        | has(address.runs_on, RUNS_ON)
        | has(!address.notes.is_empty(), NOTES)
        | has(!address.page_breaks.is_empty(), PAGE_BREAKS)
        | has(matches!(&address.pieces[..], [piece] if is_whole(piece, text_bytes)), WHOLE)
}

fn is_whole(piece: &Piece, text_bytes: usize) -> bool {
    piece.text == 0 && piece.length == text_bytes
}

fn push_page_breaks(bytes: &mut Vec<u8>, page_breaks: &[PageBreak]) {
    push(bytes, page_breaks.len() as u64);
    let mut offset = 0;
    for page_break in page_breaks {
        push(bytes, (page_break.offset - offset) as u64);
        push(bytes, page_break.page.into());
        offset = page_break.offset;
    }
}

fn push_pieces(bytes: &mut Vec<u8>, pieces: &[Piece]) {
    push(bytes, pieces.len() as u64);
    let (mut text, mut source, mut line) = (0, 0, 0);
    for piece in pieces {
        push(bytes, (piece.text - text) as u64);
        push(bytes, (piece.source - source) as u64);
        push(bytes, piece.length as u64);
        push(bytes, u64::from(piece.line - line));
        (text, source, line) = (piece.text + piece.length, piece.source + piece.length, piece.line);
    }
}

/// Reads a text as [`pack`] stores it; `None` if the bytes are damaged.
pub(super) fn utf8(bytes: &[u8]) -> Option<String> {
    str::from_utf8(bytes).ok().map(str::to_owned)
}

/// Unpacks an address and its text, which `read_text` reads; `None` if the bytes are damaged.
pub(super) fn unpack(mut bytes: &[u8], read_text: fn(&[u8]) -> Option<String>) -> Option<(Address, String)> {
    let bytes = &mut bytes;
    let (&head, rest) = bytes.split_first()?;
    *bytes = rest;
    let has = |bit: u8| head & bit != 0;
    let section = if has(SECTION) { Some(read_size(bytes)?) } else { None };
    let page = if has(PAGE) { Some(read_number(bytes)?) } else { None };
    let page_breaks = if has(PAGE_BREAKS) { read_page_breaks(bytes)? } else { Vec::new() };
    let cited = if has(CITED) { Some(Cited { passage: read_size(bytes)?, offset: read_size(bytes)? }) } else { None };
    let mut notes = Vec::new();
    for _ in 0..if has(NOTES) { read_size(bytes)? } else { 0 } {
        notes.push((read_size(bytes)?, read_size(bytes)?));
    }
    let mut pieces = if has(WHOLE) {
        let (source, line) = (read_size(bytes)?, read_number(bytes)?);
        vec![Piece { text: 0, source, length: 0, line }]
    } else {
        read_pieces(bytes)?
    };
    let text = read_text(bytes)?;
    if has(WHOLE) {
        pieces[0].length = text.len();
    }
    Some((Address { section, page, page_breaks, cited, notes, runs_on: has(RUNS_ON), pieces }, text))
}

fn read_page_breaks(bytes: &mut &[u8]) -> Option<Vec<PageBreak>> {
    let mut page_breaks = Vec::new();
    let mut offset = 0_usize;
    for _ in 0..read_size(bytes)? {
        offset = offset.checked_add(read_size(bytes)?)?;
        page_breaks.push(PageBreak { offset, page: read_number(bytes)? });
    }
    Some(page_breaks)
}

fn read_pieces(bytes: &mut &[u8]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let (mut text, mut source, mut line) = (0_usize, 0_usize, 0_u32);
    for _ in 0..read_size(bytes)? {
        text = text.checked_add(read_size(bytes)?)?;
        source = source.checked_add(read_size(bytes)?)?;
        let length = read_size(bytes)?;
        line = line.checked_add(read_number(bytes)?)?;
        pieces.push(Piece { text, source, length, line });
        text = text.checked_add(length)?;
        source = source.checked_add(length)?;
    }
    Some(pieces)
}

fn read_number(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(read(bytes)?).ok()
}

fn read_size(bytes: &mut &[u8]) -> Option<usize> {
    usize::try_from(read(bytes)?).ok()
}

fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn addresses_survive(
            (section, page) in (prop::option::of(0usize..900), prop::option::of(0u32..900)),
            cited in prop::option::of((0usize..900, 0usize..9_000)),
            notes in prop::collection::vec((0usize..9_000, 0usize..900), 0..5),
            breaks in prop::collection::vec((0usize..9_000, 0u32..900), 0..4),
            steps in prop::collection::vec((0usize..9, 0usize..90_000, 1usize..5_000, 0u32..70), 0..20),
        ) {
            let (mut text, mut source, mut line) = (0, 0, 1);
            let pieces: Vec<Piece> = steps.into_iter().map(|(text_gap, source_gap, length, lines)| {
                (text, source, line) = (text + text_gap, source + source_gap, line + lines);
                let piece = Piece { text, source, length, line };
                (text, source) = (text + length, source + length);
                piece
            }).collect();
            let cited = cited.map(|(passage, offset)| Cited { passage, offset });
            let mut offset = 0;
            let page_breaks: Vec<PageBreak> = breaks.into_iter().map(|(gap, page)| {
                offset += gap;
                PageBreak { offset, page }
            }).collect();
            let address = Address { section, page, page_breaks, cited, notes, runs_on: page.is_some(), pieces };
            let text = "ж".repeat(text.div_ceil(2));
            prop_assert_eq!(unpack(&pack(&address, &text), utf8), Some((address, text)));
        }

        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack(&bytes, utf8);
        }
    }
}
