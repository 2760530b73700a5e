//! GB18030 and HZ, with repair of damaged text.
//!
//! Files in both encodings fall into rows: the Chinese between two ASCII
//! characters (GB18030), or between two brackets (HZ). Damage never reaches beyond
//! its row.

use encoding_rs::{GB18030, GBK};

use super::plausibility::weigh;
use super::shift::{Row, likeliest_loss};

/// The longest row that is mended, in bytes.
const LONGEST_ROW: usize = 1 << 20;
/// The number of pairs of brackets by which HZ is detected.
const HZ_SAMPLE: usize = 1000;
/// The most bits a character (see `plausibility`) of text that is taken for HZ.
const HZ_BITS: usize = 13;

/// Decodes GB18030; returns the text and the number of places replaced.
pub(super) fn gb18030(bytes: &[u8]) -> (String, usize) {
    let (text, replaced) = super::web(bytes, GB18030);
    if replaced == 0 {
        return (text, 0);
    }
    drop(text);
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    // A line feed is never part of a longer character.
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match GB18030.decode_without_bom_handling_and_without_replacement(line) {
            Some(line) => text.push_str(&line),
            None => mend_line(line, &mut text),
        }
    }
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    (text, replaced)
}

/// Decodes HZ, where `~{` begins Chinese and `~}` ends it; returns the text and the number of places replaced.
pub(super) fn hz(bytes: &[u8]) -> (String, usize) {
    let mut text = String::with_capacity(bytes.len() / 2 * 3);
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => break,
            [b'~', b'{', tail @ ..] => push_bracket(tail, &mut text),
            [b'~', b'\n', tail @ ..] => tail,
            [b'~', b'~', tail @ ..] => {
                text.push('~');
                tail
            }
            [byte, tail @ ..] => {
                text.push(if byte.is_ascii() { char::from(*byte) } else { char::REPLACEMENT_CHARACTER });
                tail
            }
        };
    }
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    (text, replaced)
}

/// Appends the Chinese up to `~}`; returns the bytes behind it.
fn push_bracket<'bytes>(bytes: &'bytes [u8], text: &mut String) -> &'bytes [u8] {
    // `}` never begins a pair. A bracket that is not closed ends with its line.
    let is_end = |&at: &usize| matches!(bytes[at..], [b'~', b'}', ..] | [b'\n' | b'\r', ..]);
    let end = (0..bytes.len()).find(is_end).unwrap_or(bytes.len());
    let (inside, rest) = bytes.split_at(end);
    let row: Vec<u8> = inside.iter().map(|byte| byte | 0x80).collect();
    if row.len().is_multiple_of(2) {
        push(text, &row);
    } else {
        mend_row(&row, if rest.is_empty() { Row::CutShort } else { Row::Closed }, text);
    }
    rest.strip_prefix(b"~}").unwrap_or(rest)
}

/// Whether a text is HZ, and not ASCII that happens to contain `~{`: the text in the brackets must be Chinese.
pub(super) fn is_hz(text: &str) -> bool {
    let mut chinese = String::new();
    for opened in text.split("~{").skip(1).take(HZ_SAMPLE) {
        let inside = opened.split_once("~}").map_or(opened, |(inside, _)| inside);
        let inside = inside.split(['\n', '\r']).next().unwrap_or(inside);
        if inside.len().is_multiple_of(2) {
            let row: Vec<u8> = inside.bytes().map(|byte| byte | 0x80).collect();
            push(&mut chinese, &row);
        }
    }
    let weight = weigh(&chinese);
    weight.characters > 0 && weight.bits <= weight.characters * HZ_BITS
}

/// Appends a damaged line to the text.
fn mend_line(line: &[u8], text: &mut String) {
    // The offset at which the current row of characters above ASCII begins.
    let mut row = 0;
    let mut at = 0;
    while let Some((&byte, rest)) = line.get(at..).and_then(<[u8]>::split_first) {
        match character_length(byte, rest) {
            Some(1) => {
                push(text, &line[row..=at]);
                at += 1;
                row = at;
            }
            Some(length) => at += length,
            None => {
                mend_row(&line[row..=at], if rest.is_empty() { Row::CutShort } else { Row::Closed }, text);
                // The second byte of a broken pair is not a damaged place of its own.
                at += if let [0xFF, ..] = rest { 2 } else { 1 };
                row = at;
            }
        }
    }
    push(text, line.get(row..).unwrap_or_default());
}

/// Appends a row that has a byte too many, without the byte whose loss leaves the most plausible text.
fn mend_row(row: &[u8], end: Row, text: &mut String) {
    let is_pairs = row.len() % 2 == 1 && row.len() < LONGEST_ROW;
    let (before, pairs) = if is_pairs { row.split_at(0) } else { row.split_at(row.len().saturating_sub(1)) };
    push(text, before);
    let (left, right) = pairs.split_at(likeliest_loss(pairs, end, pair_bits));
    push(text, left);
    text.push(char::REPLACEMENT_CHARACTER);
    push(text, right.get(1..).unwrap_or_default());
}

fn pair_bits(pair: [u8; 2]) -> usize {
    weigh(&GBK.decode_without_bom_handling(&pair).0).bits
}

/// Returns the length of the character that begins with `byte`, if `rest` completes it.
fn character_length(byte: u8, rest: &[u8]) -> Option<usize> {
    match (byte, rest) {
        (..=0x80, _) => Some(1),
        (0x81..=0xFE, [0x40..=0x7E | 0x80..=0xFE, ..]) => Some(2),
        (0x81..=0xFE, [0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, ..]) => Some(4),
        _ => None,
    }
}

fn push(text: &mut String, bytes: &[u8]) {
    text.push_str(&GB18030.decode_without_bom_handling(bytes).0);
}
