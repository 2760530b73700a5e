//! The plausibility of a text, as the bits that encode it in a simple model.
//!
//! A common character costs few bits, a rare one many, a damaged one most. The
//! bits of a Russian letter depend on the letter before it, so that 20 letters
//! are enough to distinguish windows-1251 from KOI8-R. Of two decodings of the
//! same bytes, the one with fewer bits is the likelier text.

use std::sync::LazyLock;

use encoding_rs::{BIG5, GBK};

use super::tables::{COMMON, COMMONEST, RUSSIAN_PAIRS};

const ASCII: usize = 5;
const CONTROL: usize = 18;
const PUNCTUATION: usize = 7;
const LETTER: usize = 9;
const SIGN: usize = 12;
const RARE: usize = 20;
const NEIGHBOUR: usize = 4;
const DAMAGED: usize = 24;

/// The plausibility of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::reading) struct Weight {
    /// Bits of all characters: the fewer, the more plausible.
    pub(in crate::reading) bits: usize,
    pub(in crate::reading) characters: usize,
    /// Bits of the characters that are not ASCII.
    pub(in crate::reading) foreign_bits: usize,
    /// Characters that are not ASCII.
    pub(in crate::reading) foreign: usize,
}

/// Weighs a text in one pass.
pub(in crate::reading) fn weigh(text: &str) -> Weight {
    let mut weight = Weight::default();
    let mut before = ' ';
    for character in text.chars() {
        let bits = bits(before, character);
        weight.bits += bits;
        weight.characters += 1;
        if !character.is_ascii() {
            weight.foreign_bits += bits;
            weight.foreign += 1;
        }
        before = character;
    }
    weight
}

/// Returns the bits of `character` after `before`.
pub(super) fn bits(before: char, character: char) -> usize {
    match character {
        'A'..='Z' | 'a'..='z' if is_han(before) => ASCII + NEIGHBOUR,
        '\t' | '\n' | '\r' | ' '..='~' => ASCII,
        '\0'..='\u{9F}' => CONTROL,
        'А'..='я' | 'Ё' | 'ё' => russian(before, character) + case(before, character) + script(before),
        '\u{400}'..='\u{52F}' => LETTER + 1 + case(before, character) + script(before),
        'À'..='\u{24F}' if !matches!(character, '×' | '÷') => latin(before) + case(before, character),
        '\u{A0}' | '§' | '«' | '°' | '·' | '»' | '№' | '\u{2010}'..='\u{2026}' => PUNCTUATION,
        '、'..='】' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '\u{3000}' => PUNCTUATION,
        '\u{4E00}'..='\u{9FFF}' => {
            HAN.get(character as usize - 0x4E00).map_or(RARE, |&bits| bits.into()) + neighbour(before)
        }
        '\u{370}'..='\u{3FF}' | '\u{531}'..='\u{E7F}' | 'ぁ'..='ヿ' => LETTER + 1,
        '\u{A1}'..='\u{BF}' | '─'..='▓' | '\u{FF01}'..='\u{FF5E}' | '\u{20AC}' => SIGN,
        '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => DAMAGED,
        '가'..='힣' | '\u{2000}'..='\u{33FF}' => SIGN + 3,
        _ => RARE + 3,
    }
}

/// The rough bits of each Han character, from U+4E00 on.
static HAN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bits = vec![RARE as u8; 0x5200];
    let mut set = |text: &str, value| {
        for character in text.chars() {
            if let Some(slot) = (character as usize).checked_sub(0x4E00).and_then(|at| bits.get_mut(at)) {
                *slot = value;
            }
        }
    };
    // GB 2312 and Big5 begin with the characters in common use: 3,755 simplified, 5,401 traditional.
    let pairs = |first: u8, last: u8, from: u8| -> Vec<u8> {
        (first..=last).flat_map(|lead| (from..=0xFE).flat_map(move |trail| [lead, trail])).collect()
    };
    set(&GBK.decode_without_bom_handling(&pairs(0xB0, 0xD7, 0xA1)).0, 13);
    set(&BIG5.decode_without_bom_handling(&pairs(0xA4, 0xC6, 0x40)).0, 13);
    set(COMMON, 10);
    set(COMMONEST, 8);
    bits
});

fn russian(before: char, letter: char) -> usize {
    let row = RUSSIAN_PAIRS[position(before).map_or(0, |at| at + 1)];
    let digit = position(letter).and_then(|at| row.get(at)).copied().unwrap_or(b'b');
    char::from(digit).to_digit(16).map_or(LETTER, |bits| bits as usize)
}

/// Returns the position of a letter in the Russian alphabet without ё (counted as е), from 0.
fn position(letter: char) -> Option<usize> {
    match letter {
        'А'..='Я' => Some(letter as usize - 'А' as usize),
        'а'..='я' => Some(letter as usize - 'а' as usize),
        'Ё' | 'ё' => Some(5),
        _ => None,
    }
}

fn latin(before: char) -> usize {
    match before {
        _ if before.is_ascii_alphabetic() => LETTER - 2,
        _ if before.is_ascii() => LETTER,
        // Two in a row are rare in every language, but common in mojibake.
        _ => LETTER + 3,
    }
}

/// Extra bits of a capital inside a word: KOI8-R read as windows-1251 is full of them, and the other way round.
fn case(before: char, letter: char) -> usize {
    match (before.is_alphabetic(), before.is_lowercase(), letter.is_uppercase()) {
        (true, true, true) => 8,
        (true, false, true) => 1,
        (false, _, true) => 3,
        _ => 0,
    }
}

/// Extra bits of a Han character that touches an ASCII letter: rare in texts, but the rule where an accented letter was
/// taken for half a character.
fn neighbour(before: char) -> usize {
    if before.is_ascii_alphabetic() { NEIGHBOUR } else { 0 }
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{4E00}'..='\u{9FFF}')
}

/// Extra bits of two scripts in one word.
fn script(before: char) -> usize {
    if before.is_alphabetic() && !matches!(before, '\u{400}'..='\u{52F}') { 6 } else { 0 }
}
