//! The text of a passage as schemas 4 and 5 stored it: shorter than UTF-8, and of no use without a table.
//!
//! | characters | bytes |
//! | --- | --- |
//! | ASCII, `а` to `я` | 1 |
//! | 3,072 Han characters of `frequent.txt`, by their rank | 2 |
//! | other Han characters, other Cyrillic letters, common punctuation, Latin 1 | 2 |
//! | all others | 4 |
//!
//! Under the compression of the store it made an index 6 % smaller than UTF-8 does.

/// The frequent characters by rank.
const FREQUENT: &[u8] = include_bytes!("frequent.txt");
const FREQUENT_COUNT: usize = 12 << 8;
/// In the table a line end follows each row of this many characters.
const ROW_LENGTH: usize = 64;

const HAN_FIRST: u32 = 0x4e00;

// The first bytes of what is not ASCII.
const CYRILLIC: u8 = 0x80;
const RANKED: u8 = 0xa0;
const HAN: u8 = 0xac;
/// Each first byte from here on stands for 256 characters, from the one in [`ROWS`].
const ROW: u8 = 0xfa;
const ROWS: [u32; 5] = [0x400, 0x3000, 0x2000, 0xff00, 0x0];
const ANY: u8 = 0xff;

static BY_RANK: [u16; FREQUENT_COUNT] = by_rank();

const fn by_rank() -> [u16; FREQUENT_COUNT] {
    let mut characters = [0; FREQUENT_COUNT];
    let mut rank = 0;
    while rank < FREQUENT_COUNT {
        // Each takes three bytes of UTF-8.
        let at = rank * 3 + rank / ROW_LENGTH;
        let (first, second, third) = (FREQUENT[at], FREQUENT[at + 1], FREQUENT[at + 2]);
        characters[rank] = (first as u16 & 0x0f) << 12 | (second as u16 & 0x3f) << 6 | (third as u16 & 0x3f);
        rank += 1;
    }
    characters
}

/// Reads a text that takes all the bytes; `None` if they are damaged.
pub(super) fn read(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut bytes = bytes.iter().copied();
    while let Some(first) = bytes.next() {
        let code = match first {
            0..CYRILLIC => u32::from(first),
            CYRILLIC..RANKED => 0x430 + u32::from(first - CYRILLIC),
            RANKED..HAN => u32::from(BY_RANK[usize::from(first - RANKED) << 8 | usize::from(bytes.next()?)]),
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
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_of_every_kind() {
        for (bytes, expected) in [
            (&b"ceasefire"[..], Some("ceasefire")),
            (&[0x8f, 0x85, 0x90, 0x85, 0x8c, 0x88, 0x90, 0x88, 0x85], Some("перемирие")),
            (&[0xfa, 0x20, 0xfa, 0x01, 0xfa, 0x51], Some("РЁё")),
            // The first and the last of the table.
            (&[0xa0, 0x00, 0xab, 0xff], Some("的馮")),
            (&[0xac, 0x00, 0xf9, 0xff], Some("一\u{9bff}")),
            (&[0xfb, 0x02, 0xfc, 0x14, 0xfd, 0x21, 0xfe, 0xe9], Some("。—Ａé")),
            (&[0xff, 0x01, 0xf4, 0x4d], Some("👍")),
            (&[], Some("")),
            // Cut off, and no character.
            (&[0xa0], None),
            (&[0xff, 0x01, 0xf4], None),
            (&[0xff, 0x00, 0xd8, 0x00], None),
        ] {
            assert_eq!(read(bytes).as_deref(), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn the_table_is_whole() {
        let mut characters = BY_RANK;
        characters.sort_unstable();
        assert!(characters.windows(2).all(|pair| pair[0] < pair[1]), "each stands there once");
        assert_eq!(FREQUENT.len(), FREQUENT_COUNT * 3 + FREQUENT_COUNT / ROW_LENGTH);
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
        }
    }
}
