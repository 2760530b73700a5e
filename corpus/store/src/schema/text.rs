//! The text of a passage as it is stored: shorter than UTF-8, and a fifth
//! smaller once compressed.
//!
//! | characters | bytes |
//! | --- | --- |
//! | ASCII, `а` to `я` | 1 |
//! | the most frequent Han characters, by their rank, so that few first bytes serve most text | 2 |
//! | other Han characters, other Cyrillic letters, common punctuation, Latin 1 | 2 |
//! | all others | 4 |
//!
//! The ranks are those of the development library, then of Traditional news:
//! 3072 characters in `text/frequent.txt`. What they are changes the size of an
//! index and nothing else, but a stored text can only be read with the table
//! it was written with: a change of it raises [`super::VERSION`].

const FREQUENT_TEXT: &[u8] = include_bytes!("text/frequent.txt");
const FREQUENT_COUNT: usize = 12 << 8;
/// In the table a line end follows every so many characters.
const LINE: usize = 64;

const HAN_FIRST: u32 = 0x4e00;
const HAN_END: u32 = 0x9c00;

// The first bytes of what is not ASCII.
const CYRILLIC: u8 = 0x80;
const FREQUENT: u8 = 0xa0;
const HAN: u8 = 0xac;
/// Each first byte from here on stands for 256 characters, from the one in [`ROWS`].
const ROW: u8 = 0xfa;
const ROWS: [u32; 5] = [0x400, 0x3000, 0x2000, 0xff00, 0x0];
const ANY: u8 = 0xff;

/// The frequent characters by rank.
static CHARACTERS: [u16; FREQUENT_COUNT] = characters();
/// For each Han character its rank and one; 0 if it has none.
static RANKS: [u16; (HAN_END - HAN_FIRST) as usize] = ranks();

const fn characters() -> [u16; FREQUENT_COUNT] {
    let mut characters = [0; FREQUENT_COUNT];
    let mut rank = 0;
    while rank < FREQUENT_COUNT {
        // Each takes three bytes of UTF-8.
        let at = rank * 3 + rank / LINE;
        let (first, second, third) = (FREQUENT_TEXT[at], FREQUENT_TEXT[at + 1], FREQUENT_TEXT[at + 2]);
        characters[rank] = (first as u16 & 0x0f) << 12 | (second as u16 & 0x3f) << 6 | (third as u16 & 0x3f);
        rank += 1;
    }
    characters
}

const fn ranks() -> [u16; (HAN_END - HAN_FIRST) as usize] {
    let mut ranks = [0; (HAN_END - HAN_FIRST) as usize];
    let characters = characters();
    let mut rank = 0;
    while rank < FREQUENT_COUNT {
        ranks[characters[rank] as usize - HAN_FIRST as usize] = rank as u16 + 1;
        rank += 1;
    }
    ranks
}

/// Appends a text.
pub(super) fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.reserve(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        match code {
            0..0x80 => bytes.push(code as u8),
            0x430..0x450 => bytes.push(CYRILLIC + (code - 0x430) as u8),
            HAN_FIRST..HAN_END => {
                let offset = code - HAN_FIRST;
                match RANKS[offset as usize] {
                    0 => bytes.extend([HAN + (offset >> 8) as u8, offset as u8]),
                    next => bytes.extend([FREQUENT + ((next - 1) >> 8) as u8, (next - 1) as u8]),
                }
            }
            _ => match ROWS.iter().position(|&row| row == code & !0xff) {
                Some(row) => bytes.extend([ROW + row as u8, code as u8]),
                None => bytes.extend([ANY, (code >> 16) as u8, (code >> 8) as u8, code as u8]),
            },
        }
    }
}

/// Reads a text that takes all the bytes; none if they are damaged.
pub(super) fn read(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut bytes = bytes.iter().copied();
    while let Some(first) = bytes.next() {
        let code = match first {
            0..CYRILLIC => u32::from(first),
            CYRILLIC..FREQUENT => 0x430 + u32::from(first - CYRILLIC),
            FREQUENT..HAN => u32::from(CHARACTERS[usize::from(first - FREQUENT) << 8 | usize::from(bytes.next()?)]),
            HAN..ROW => HAN_FIRST + (u32::from(first - HAN) << 8) + u32::from(bytes.next()?),
            ROW..ANY => ROWS[usize::from(first - ROW)] + u32::from(bytes.next()?),
            ANY => u32::from_be_bytes([0, bytes.next()?, bytes.next()?, bytes.next()?]),
        };
        text.push(char::from_u32(code)?);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        push(&mut bytes, text);
        bytes
    }

    #[test]
    fn common_text_is_short() {
        for (text, bytes) in [
            ("ceasefire", 9),
            ("перемирие", 9),
            ("Россия, ЁЖ", 7 + 6),
            ("停火协议。", 10),
            ("停戰協議", 8),
            ("龘", 4),
            ("« é – … Ａ", 10 + 5 - 5 + 4),
            ("👍", 4),
            ("", 0),
        ] {
            assert_eq!(read(&packed(text)).as_deref(), Some(text));
            assert_eq!(packed(text).len(), bytes, "{text}");
        }
    }

    #[test]
    fn every_character_survives() {
        let all: String = (0..=u32::from(char::MAX)).filter_map(char::from_u32).collect();
        assert!(read(&packed(&all)) == Some(all));
    }

    #[test]
    fn the_table_names_each_once() {
        let mut characters = CHARACTERS;
        characters.sort_unstable();
        assert!(characters.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(FREQUENT_TEXT.len(), FREQUENT_COUNT * 3 + FREQUENT_COUNT / LINE);
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(text) = read(&bytes) {
                prop_assert_eq!(read(&packed(&text)), Some(text));
            }
        }
    }
}
