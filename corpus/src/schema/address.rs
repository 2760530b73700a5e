//! The address of a passage, packed: where it stands in its article and in the
//! source, and the notes it cites or is cited by. Differences, in
//! variable-length integers.

use crate::article::{Cited, Piece};

/// Where a passage stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The section: its place in the outline.
    pub section: Option<usize>,
    /// The page it begins on.
    pub page: Option<u32>,
    /// Where a note is cited first.
    pub cited: Option<Cited>,
    /// The notes it cites: the byte of its text, and the note's place among the passages.
    pub notes: Vec<(usize, usize)>,
    /// Whether what is searched runs on into the next passage of the article.
    pub runs_on: bool,
    /// Where the text stands in the source.
    pub pieces: Vec<Piece>,
}

/// Packs an address.
pub(super) fn pack(address: &Address) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(address.pieces.len() * 4 + 12);
    push_option(&mut bytes, address.section.map(|section| section as u64));
    push_option(&mut bytes, address.page.map(u64::from));
    push_option(&mut bytes, address.cited.map(|cited| cited.passage as u64));
    if let Some(cited) = address.cited {
        push(&mut bytes, cited.offset as u64);
    }
    push(&mut bytes, address.runs_on.into());
    push(&mut bytes, address.notes.len() as u64);
    for &(offset, note) in &address.notes {
        push(&mut bytes, offset as u64);
        push(&mut bytes, note as u64);
    }
    let (mut text, mut source, mut line) = (0, 0, 0);
    for piece in &address.pieces {
        push(&mut bytes, (piece.text - text) as u64);
        push(&mut bytes, (piece.source - source) as u64);
        push(&mut bytes, piece.length as u64);
        push(&mut bytes, u64::from(piece.line - line));
        (text, source, line) = (piece.text + piece.length, piece.source + piece.length, piece.line);
    }
    bytes
}

/// Unpacks an address; none if the bytes are damaged.
pub(super) fn unpack(mut bytes: &[u8]) -> Option<Address> {
    let bytes = &mut bytes;
    let section = read_option(bytes)?.map(usize::try_from).transpose().ok()?;
    let page = read_option(bytes)?.map(u32::try_from).transpose().ok()?;
    let cited = match read_option(bytes)? {
        Some(passage) => Some(Cited { passage: usize::try_from(passage).ok()?, offset: read_size(bytes)? }),
        None => None,
    };
    let runs_on = read(bytes)? != 0;
    let mut notes = Vec::new();
    for _ in 0..read_size(bytes)? {
        notes.push((read_size(bytes)?, read_size(bytes)?));
    }
    let mut pieces = Vec::new();
    let (mut text, mut source, mut line) = (0_usize, 0_usize, 0_u32);
    while !bytes.is_empty() {
        text = text.checked_add(read_size(bytes)?)?;
        source = source.checked_add(read_size(bytes)?)?;
        let length = read_size(bytes)?;
        line = line.checked_add(u32::try_from(read(bytes)?).ok()?)?;
        pieces.push(Piece { text, source, length, line });
        text = text.checked_add(length)?;
        source = source.checked_add(length)?;
    }
    Some(Address { section, page, cited, notes, runs_on, pieces })
}

/// 0 for none, else the number and one.
fn push_option(bytes: &mut Vec<u8>, number: Option<u64>) {
    push(bytes, number.map_or(0, |number| number + 1));
}

fn read_option(bytes: &mut &[u8]) -> Option<Option<u64>> {
    read(bytes).map(|number| number.checked_sub(1))
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
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn addresses_survive(
            (section, page) in (prop::option::of(0usize..900), prop::option::of(0u32..900)),
            cited in prop::option::of((0usize..900, 0usize..9_000)),
            notes in prop::collection::vec((0usize..9_000, 0usize..900), 0..5),
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
            let address = Address { section, page, cited, notes, runs_on: page.is_some(), pieces };
            prop_assert_eq!(unpack(&pack(&address)), Some(address));
        }

        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack(&bytes);
        }
    }
}
