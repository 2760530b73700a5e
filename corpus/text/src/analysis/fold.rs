//! Folding: what counts as the same character when searching.
//!
//! Folds width, case, ё to е, Traditional to Simplified Chinese, radicals and
//! compatibility forms, and accents on Latin letters. Queries and articles are
//! folded alike, one character at a time while they are scanned. Stored text is
//! never changed, so its offsets stay true.
//!
//! The two tables are text files made by `tables/make_tables.py`. They become
//! static arrays at compile time: nothing is built when a program starts.

/// What a character is searched as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// A Chinese character, simplified.
    Han(char),
    /// A letter or digit of another script, in lower case.
    Letter(char),
    /// A character that stands for several letters: `ﬁ`, `Ⅳ`, `ß`.
    Letters(&'static str),
    /// A combining mark, soft hyphen or zero-width character: it neither counts
    /// nor separates.
    Invisible(char),
    /// Anything that cannot be part of a word.
    Separator(char),
}

/// Returns what a character is searched as.
pub(super) fn fold_character(c: char) -> Folded {
    match c {
        'a'..='z' | '0'..='9' | 'а'..='я' => Folded::Letter(c),
        'A'..='Z' => Folded::Letter(c.to_ascii_lowercase()),
        '\0'..='\x7f' => Folded::Separator(c),
        'А'..='Я' => Folded::Letter(from_code(c as u32 + 0x20)),
        'ё' | 'Ё' => Folded::Letter('е'),
        '\u{4e00}'..='\u{9fff}' => Folded::Han(simplify_common(c)),
        '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => Folded::Separator(c),
        // The hyphens and points that join the parts of a compound, in other widths.
        '\u{ff0d}' | '\u{2010}' | '\u{2011}' => Folded::Separator('-'),
        '\u{ff0e}' => Folded::Separator('.'),
        '\u{ff0c}' => Folded::Separator(','),
        _ if is_invisible(c) => Folded::Invisible(c),
        _ if is_rare_han(c) => Folded::Han(look_up_rare(c)),
        _ => fold_rare(c),
    }
}

fn fold_rare(c: char) -> Folded {
    if let Ok(found) = LETTERS.binary_search_by_key(&(c as u32), |entry| entry.code) {
        let LetterEntry { start, end, .. } = LETTERS[found];
        return Folded::Letters(&LETTERS_TEXT[start as usize..end as usize]);
    }
    if c.is_alphanumeric() {
        let mut lower = c.to_lowercase();
        return Folded::Letter(lower.next().unwrap_or(c));
    }
    Folded::Separator(c)
}

/// Combining marks, variation selectors, soft hyphens and zero-width characters.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Returns whether a character is a Han character.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}') || is_rare_han(c)
}

/// Han characters outside U+4E00 to U+9FFF, the block of nearly all of them.
fn is_rare_han(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '々' | '〇' | '\u{3021}'..='\u{3029}' | '\u{3400}'..='\u{4dbf}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn simplify_common(c: char) -> char {
    match HAN[(c as u32 - HAN_FIRST) as usize] {
        0 => c,
        SEE_RARE => look_up_rare(c),
        code => from_code(code.into()),
    }
}

fn look_up_rare(c: char) -> char {
    match RARE_HAN.binary_search_by_key(&(c as u32), |pair| pair.0) {
        Ok(found) => from_code(RARE_HAN[found].1),
        Err(_) => c,
    }
}

fn from_code(code: u32) -> char {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

const HAN_TEXT: &[u8] = include_bytes!("tables/han.txt");
const HAN_FIRST: u32 = 0x4e00;
const HAN_COUNT: usize = 0xa000 - HAN_FIRST as usize;

/// In [`HAN`]: the folded character needs more than 16 bits and stands in [`RARE_HAN`].
const SEE_RARE: u16 = u16::MAX;

/// For each character from U+4E00 to U+9FFF the code of its folded character; 0 means the character itself.
static HAN: [u16; HAN_COUNT] = build_han();

/// The pairs that [`HAN`] cannot hold, sorted.
static RARE_HAN: [(u32, u32); count_rare_han()] = build_rare_han();

const fn is_common_pair(from: u32, to: u32) -> bool {
    from >= HAN_FIRST && from < HAN_FIRST + HAN_COUNT as u32 && to < SEE_RARE as u32
}

const fn build_han() -> [u16; HAN_COUNT] {
    let mut table = [0; HAN_COUNT];
    let mut at = 0;
    while at < HAN_TEXT.len() {
        let (from, to, next) = pair(at);
        if is_common_pair(from, to) {
            table[(from - HAN_FIRST) as usize] = to as u16;
        } else if from >= HAN_FIRST && from < HAN_FIRST + HAN_COUNT as u32 {
            table[(from - HAN_FIRST) as usize] = SEE_RARE;
        }
        at = next;
    }
    table
}

const fn count_rare_han() -> usize {
    let (mut at, mut count) = (0, 0);
    while at < HAN_TEXT.len() {
        let (from, to, next) = pair(at);
        count += !is_common_pair(from, to) as usize;
        at = next;
    }
    count
}

const fn build_rare_han() -> [(u32, u32); count_rare_han()] {
    let mut table = [(0, 0); count_rare_han()];
    let (mut at, mut count) = (0, 0);
    while at < HAN_TEXT.len() {
        let (from, to, next) = pair(at);
        if !is_common_pair(from, to) {
            table[count] = (from, to);
            count += 1;
        }
        at = next;
    }
    table
}

/// Reads one line of [`HAN_TEXT`]: a character, a blank, a character, a line end.
const fn pair(at: usize) -> (u32, u32, usize) {
    let (from, blank) = decode(HAN_TEXT, at);
    let (to, line_end) = decode(HAN_TEXT, blank + 1);
    (from, to, line_end + 1)
}

const LETTERS_TEXT: &str = include_str!("tables/letters.txt");
const LETTERS_COUNT: usize = count_lines(LETTERS_TEXT.as_bytes());

#[derive(Clone, Copy)]
struct LetterEntry {
    code: u32,
    start: u16,
    end: u16,
}

/// For each character that folds to letters, the byte range of those letters in [`LETTERS_TEXT`]; sorted by code.
static LETTERS: [LetterEntry; LETTERS_COUNT] = build_letters();

const fn build_letters() -> [LetterEntry; LETTERS_COUNT] {
    let bytes = LETTERS_TEXT.as_bytes();
    let mut table = [LetterEntry { code: 0, start: 0, end: 0 }; LETTERS_COUNT];
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        let (code, blank) = decode(bytes, at);
        let start = blank + 1;
        let mut end = start;
        while bytes[end] != b'\n' {
            end += 1;
        }
        table[count] = LetterEntry { code, start: start as u16, end: end as u16 };
        count += 1;
        at = end + 1;
    }
    table
}

const fn count_lines(bytes: &[u8]) -> usize {
    let (mut at, mut count) = (0, 0);
    while at < bytes.len() {
        count += (bytes[at] == b'\n') as usize;
        at += 1;
    }
    count
}

/// Reads one character of valid UTF-8: its code and where the next one begins.
const fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let first = bytes[at] as u32;
    let (mut code, length) = match first {
        0..0x80 => (first, 1),
        0x80..0xe0 => (first & 0x1f, 2),
        0xe0..0xf0 => (first & 0x0f, 3),
        _ => (first & 0x07, 4),
    };
    let mut i = 1;
    while i < length {
        code = code << 6 | (bytes[at + i] as u32 & 0x3f);
        i += 1;
    }
    (code, at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            match fold_character(c) {
                Folded::Han(c) | Folded::Letter(c) => out.push(c),
                Folded::Letters(letters) => out.push_str(letters),
                Folded::Invisible(_) => {}
                Folded::Separator(c) => out.push(c),
            }
        }
        out
    }

    #[test]
    fn the_same_for_searching() {
        for (text, expected) in [
            ("烏克蘭危機與停戰協議", "乌克兰危机与停战协议"),
            ("名著", "名着"),
            ("⼀⾐带⽔", "一衣带水"),
            ("豈", "岂"),
            ("Ｆ－３５", "f-35"),
            ("СЪЁМКА Ещё", "съемка еще"),
            ("Ї Ґ", "ї ґ"),
            ("Café Łódź STRAẞE ﬁle Ⅳ ²", "cafe lodz strasse file iv 2"),
            ("со\u{ad}гла\u{301}шение", "соглашение"),
            ("\u{200b}a\u{feff}", "a"),
            ("“停火”，", "“停火”,"),
            ("👍🏽", "👍🏽"),
            ("", ""),
        ] {
            assert_eq!(folded(text), expected, "{text}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for code in 0..=char::MAX as u32 {
            let Some(c) = char::from_u32(code) else { continue };
            match fold_character(c) {
                Folded::Han(once) => assert_eq!(fold_character(once), Folded::Han(once), "{c}"),
                Folded::Letter(once) => assert_eq!(fold_character(once), Folded::Letter(once), "{c} {once}"),
                Folded::Letters(letters) => {
                    assert!(letters.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{c}")
                }
                Folded::Separator(_) | Folded::Invisible(_) => assert!(!c.is_ascii_alphanumeric()),
            }
        }
    }
}
