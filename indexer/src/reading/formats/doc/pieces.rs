//! The text of a document: characters by their number, from pieces that lie anywhere in the file.

use std::ops::Range;

use encoding_rs::WINDOWS_1252;

use crate::reading::formats::compound::{u16_at, u32_at};

/// The bit that tells a piece of one byte a character.
const IS_NARROW: u32 = 1 << 30;

/// A run of text in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// The number of its first character.
    first: u32,
    length: u32,
    /// The offset of its first byte.
    offset: u32,
    is_narrow: bool,
}

/// The pieces of a document, in order.
#[derive(Debug)]
pub(super) struct Pieces<'d> {
    document: &'d [u8],
    pieces: Vec<Piece>,
}

/// A character of the text: a unit of UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Character {
    pub(super) number: u32,
    pub(super) unit: u16,
    /// The offset of its first byte, by which its properties are found.
    pub(super) offset: u32,
}

impl<'d> Pieces<'d> {
    /// Reads the table of pieces.
    pub(super) fn read(table: &[u8], document: &'d [u8]) -> Pieces<'d> {
        let table = skip_properties(table);
        let count = table.len().saturating_sub(4) / 12;
        let mut pieces = Vec::new();
        // No byte stands for two characters, so pieces that overlap are damage; they end the text.
        let mut left = document.len() as u64;
        for at in 0..count {
            let number = |at: usize| u32_at(table, at).unwrap_or(0);
            let (first, end) = (number(at * 4), number(at * 4 + 4));
            let offset = number((count + 1) * 4 + at * 8 + 2);
            let is_narrow = offset & IS_NARROW != 0;
            let offset = if is_narrow { (offset & !IS_NARROW) / 2 } else { offset };
            let length = end.saturating_sub(first);
            let bytes = u64::from(length) * if is_narrow { 1 } else { 2 };
            if length == 0 || bytes > left {
                break;
            }
            left -= bytes;
            pieces.push(Piece { first, length, offset, is_narrow });
        }
        Pieces { document, pieces }
    }

    /// Returns the characters with numbers in a range, as far as the file has them.
    pub(super) fn characters(&self, range: Range<u32>) -> impl Iterator<Item = Character> + '_ {
        let first = self.pieces.partition_point(|piece| piece.first.saturating_add(piece.length) <= range.start);
        let pieces = self.pieces.get(first..).unwrap_or_default();
        let end = range.end;
        pieces.iter().take_while(move |piece| piece.first < end).flat_map(move |piece| {
            let start = range.start.max(piece.first);
            let end = range.end.min(piece.first.saturating_add(piece.length));
            (start..end).map_while(move |number| self.character(piece, number))
        })
    }

    fn character(&self, piece: &Piece, number: u32) -> Option<Character> {
        let at = number - piece.first;
        let offset = piece.offset.checked_add(if piece.is_narrow { at } else { at.checked_mul(2)? })?;
        let unit = if piece.is_narrow {
            widen(*self.document.get(offset as usize)?)
        } else {
            u16_at(self.document, offset as usize)?
        };
        Some(Character { number, unit, offset })
    }
}

/// Returns the table of pieces, which stands behind lists of properties.
fn skip_properties(mut table: &[u8]) -> &[u8] {
    while let [1, rest @ ..] = table {
        let length = u16_at(rest, 0).map_or(usize::MAX, |length| usize::from(length) + 2);
        table = rest.get(length..).unwrap_or_default();
    }
    match table {
        [2, rest @ ..] => {
            let length = u32_at(rest, 0).unwrap_or(0) as usize;
            let rest = rest.get(4..).unwrap_or_default();
            rest.get(..length).unwrap_or(rest)
        }
        _ => &[],
    }
}

/// Returns the character of a byte.
fn widen(byte: u8) -> u16 {
    if byte < 0x80 {
        return u16::from(byte);
    }
    let text = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
    text.map_or(0xfffd, |c| c as u16)
}
