//! The encodings of Unicode: byte order marks, UTF-16 without a mark, and repair.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Scheme;
use super::plausibility::{bits, weigh};
use super::shift::{DOUBT_BITS, Row, likeliest_loss};

/// The number of bytes by which UTF-16 is detected.
const SAMPLE_BYTES: usize = 4 << 10;
/// The most bits a character of a text: texts have 5 (Russian, English) to 12 (rare Chinese), wrong decodings 18.
const TEXT_BITS: usize = 13;

/// The byte order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wide {
    LittleEndian,
    BigEndian,
}

/// A byte order mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) scheme: Scheme,
    /// Its length in bytes.
    pub(super) len: usize,
}

/// Returns the byte order mark at the beginning of bytes.
pub(super) fn mark(bytes: &[u8]) -> Option<Mark> {
    let utf32 = bytes.len().is_multiple_of(4);
    let (scheme, len) = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (Scheme::Web(UTF_8), 3),
        // Before UTF-16, because this mark begins with that of UTF-16.
        [0xFF, 0xFE, 0, 0, ..] if utf32 => (Scheme::Utf32(Wide::LittleEndian), 4),
        [0, 0, 0xFE, 0xFF, ..] => (Scheme::Utf32(Wide::BigEndian), 4),
        [0xFF, 0xFE, ..] => (Scheme::Web(UTF_16LE), 2),
        [0xFE, 0xFF, ..] => (Scheme::Web(UTF_16BE), 2),
        _ => return None,
    };
    Some(Mark { scheme, len })
}

/// Detects UTF-16 by decoding bytes in both byte orders.
///
/// Zero bytes are no criterion: a Chinese text has none. Text in any other
/// encoding, decoded as UTF-16, is a string of the rarest characters.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let tail = bytes.len().checked_sub(SAMPLE_BYTES).and_then(|start| bytes.get(start..));
    // Behind a lost byte all units are shifted, but counted from the end they are right.
    utf16_in(sample).or_else(|| tail.filter(|_| !bytes.len().is_multiple_of(2)).and_then(utf16_in))
}

fn utf16_in(sample: &[u8]) -> Option<&'static Encoding> {
    // An odd byte at the end is more often half of the last unit than the sign of a byte lost before.
    let whole = (&sample[..sample.len() & !1], 0);
    let mended = (sample, DOUBT_BITS);
    let weighed = |(sample, doubt), encoding| {
        let weight = weigh(&utf16(sample, encoding).0);
        (weight.bits + doubt, weight.characters, encoding)
    };
    let readings =
        [UTF_16LE, UTF_16BE].into_iter().flat_map(|encoding| [whole, mended].map(|way| weighed(way, encoding)));
    let (bits, characters, encoding) = readings.min_by_key(|&(bits, ..)| bits)?;
    (characters > 1 && bits < characters * TEXT_BITS).then_some(encoding)
}

/// Decodes UTF-16; returns the text and the number of places replaced.
pub(super) fn utf16(bytes: &[u8], encoding: &'static Encoding) -> (String, usize) {
    if bytes.len().is_multiple_of(2) {
        return super::web(bytes, encoding);
    }
    let number = if encoding == UTF_16LE { u16::from_le_bytes } else { u16::from_be_bytes };
    let unit_bits = |unit| bits(' ', char::from_u32(number(unit).into()).unwrap_or(char::REPLACEMENT_CHARACTER));
    let (left, right) = bytes.split_at(likeliest_loss(bytes, Row::CutShort, unit_bits));
    let (mut text, replaced) = super::web(left, encoding);
    text.push(char::REPLACEMENT_CHARACTER);
    let (right, more_replaced) = super::web(right.get(1..).unwrap_or_default(), encoding);
    text.push_str(&right);
    (text, replaced + more_replaced + 1)
}

/// Decodes damaged UTF-8; returns the text and the number of places replaced.
pub(super) fn utf8(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len());
    let mut replaced = 0;
    let mut damaged_bytes = 0;
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_empty() {
            text.push_str(chunk.valid());
            damaged_bytes = 0;
        }
        let damaged = chunk.invalid().len();
        // The broken bytes of one character, up to four, are one place.
        if damaged > 0 && (damaged_bytes == 0 || damaged_bytes + damaged > 4) {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced += 1;
            damaged_bytes = 0;
        }
        damaged_bytes += damaged;
    }
    (text, replaced)
}

/// Decodes UTF-32; returns the text and the number of places replaced.
pub(super) fn utf32(bytes: &[u8], wide: Wide) -> (String, usize) {
    let (numbers, rest) = bytes.as_chunks::<4>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut replaced = usize::from(!rest.is_empty());
    for &number in numbers {
        let number = match wide {
            Wide::LittleEndian => u32::from_le_bytes(number),
            Wide::BigEndian => u32::from_be_bytes(number),
        };
        text.push(char::from_u32(number).unwrap_or_else(|| {
            replaced += 1;
            char::REPLACEMENT_CHARACTER
        }));
    }
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, replaced)
}
