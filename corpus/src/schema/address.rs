//! The address of a passage, packed: its section, then its pieces as
//! differences, all in variable-length integers.

use crate::article::Piece;

/// Packs the place of a section in the outline, and pieces: for each the gap
/// in the text, the gap in the source, the length, and the lines further down.
pub(super) fn pack(section: Option<usize>, pieces: &[Piece]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pieces.len() * 4 + 8);
    push(&mut bytes, section.map_or(0, |section| section as u64 + 1));
    let (mut text, mut source, mut line) = (0, 0, 0);
    for piece in pieces {
        push(&mut bytes, (piece.text - text) as u64);
        push(&mut bytes, (piece.source - source) as u64);
        push(&mut bytes, piece.length as u64);
        push(&mut bytes, u64::from(piece.line - line));
        (text, source, line) = (piece.text + piece.length, piece.source + piece.length, piece.line);
    }
    bytes
}

/// Unpacks a section and pieces; none if the bytes are damaged.
pub(super) fn unpack(mut bytes: &[u8]) -> Option<(Option<usize>, Vec<Piece>)> {
    let section = usize::try_from(read(&mut bytes)?).ok()?.checked_sub(1);
    let mut pieces = Vec::new();
    let (mut text, mut source, mut line) = (0_usize, 0_usize, 0_u32);
    while !bytes.is_empty() {
        let mut next = || usize::try_from(read(&mut bytes)?).ok();
        text = text.checked_add(next()?)?;
        source = source.checked_add(next()?)?;
        let length = next()?;
        line = line.checked_add(u32::try_from(next()?).ok()?)?;
        pieces.push(Piece { text, source, length, line });
        text = text.checked_add(length)?;
        source = source.checked_add(length)?;
    }
    Some((section, pieces))
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
        fn addresses_survive(section in prop::option::of(0usize..900), steps in prop::collection::vec((0usize..9, 0usize..90_000, 1usize..5_000, 0u32..70), 0..20)) {
            let (mut text, mut source, mut line) = (0, 0, 1);
            let pieces: Vec<Piece> = steps.into_iter().map(|(text_gap, source_gap, length, lines)| {
                (text, source, line) = (text + text_gap, source + source_gap, line + lines);
                let piece = Piece { text, source, length, line };
                (text, source) = (text + length, source + length);
                piece
            }).collect();
            prop_assert_eq!(unpack(&pack(section, &pieces)), Some((section, pieces)));
        }

        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = unpack(&bytes);
        }
    }
}
