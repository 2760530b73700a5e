//! Spaced-out words: р а з р я д к а, 第 一 条, S P A C E D.
//!
//! Typists space words out for stress, and converters read the letters of a wide title
//! one by one. A row of single letters with one blank between them is a word where it
//! can be one: all of one script, a word by its capitals, with a vowel and a consonant,
//! and not a piece of the alphabet. So lists (a b c d), variables and initials stay. Most
//! blocks have no such row, and a look at their bytes tells.

use std::ops::Range;

use super::blocks::{Block, BlockKind};
use super::halves::is_han;
use super::headings::numbering;

/// The shortest row of letters that is a word: three letters are as often a list.
const LEAST_LETTERS: usize = 4;
/// The same of Han characters; in running text their blanks go in any case (`reflow`).
const LEAST_HAN: usize = 3;

/// Removes the blanks inside spaced-out words and inside the number at the beginning.
pub(super) fn close(block: &mut Block) {
    if matches!(block.kind, BlockKind::Table | BlockKind::Metadata | BlockKind::PageBreak) {
        return;
    }
    let number = blanks_in_number(&block.text);
    if !number.is_empty() {
        block.remove(&number);
    }
    if may_have_row(&block.text) {
        let blanks = blanks_in_rows(&block.text);
        if !blanks.is_empty() {
            block.remove(&blanks);
        }
    }
}

/// Returns the blanks in the number of a part or article of a law at the beginning of a text: 第 一 条.
fn blanks_in_number(text: &str) -> Vec<Range<usize>> {
    let Some(rest) =
        text.strip_prefix('第').filter(|rest| rest.starts_with(char::is_whitespace) || has_blank_soon(rest))
    else {
        return Vec::new();
    };
    if numbering(text).is_none() {
        return Vec::new();
    }
    let Some(end) = rest.find(['条', '條', '编', '編', '章', '节', '節', '分']).map(|at| at + '第'.len_utf8())
    else {
        return Vec::new();
    };
    let blank = |(at, c): (usize, char)| c.is_whitespace().then(|| at..at + c.len_utf8());
    text[..end].char_indices().filter_map(blank).collect()
}

fn has_blank_soon(rest: &str) -> bool {
    rest.chars().take(LEAST_LETTERS).any(char::is_whitespace)
}

/// Whether two characters that follow each other in a text stand alone between blanks or ends.
fn may_have_row(text: &str) -> bool {
    let (mut start, mut singles) = (0, 0);
    for (blank, _) in text.match_indices(' ') {
        // A character has one to four bytes; whether these are one is only looked at where they are so few.
        let is_single = blank > start && blank - start <= 4 && text[start..blank].chars().nth(1).is_none();
        singles = if is_single { singles + 1 } else { 0 };
        if singles == 2 {
            return true;
        }
        start = blank + 1;
    }
    false
}

/// Returns the blanks in the spaced-out words of a text.
fn blanks_in_rows(text: &str) -> Vec<Range<usize>> {
    let mut blanks = Vec::new();
    let mut row = Row::default();
    let mut at = 0;
    for word in text.split(' ') {
        let start = at;
        at += word.len() + 1;
        let letter = word.chars().next().filter(|c| c.is_alphabetic());
        let mark = letter.map_or("", |letter| &word[letter.len_utf8()..]);
        let is_single = letter.is_some() && mark.chars().all(|c| !c.is_alphanumeric()) && mark.chars().count() <= 2;
        let Some(letter) = letter.filter(|_| is_single && !mark.starts_with(['.', ')', '）', '-', '/', '=', '\'']))
        else {
            row.is_among_words |= word.starts_with(is_han);
            row.end(&mut blanks);
            row.is_among_words = word.ends_with(is_han);
            continue;
        };
        row.push(letter, start);
        if !mark.is_empty() {
            row.end(&mut blanks);
        }
    }
    row.end(&mut blanks);
    blanks
}

/// Single letters with one blank between them.
#[derive(Default)]
struct Row {
    letters: Vec<char>,
    starts: Vec<usize>,
    /// Whether a Chinese word stands beside it: then single characters are names or a list.
    is_among_words: bool,
}

impl Row {
    fn push(&mut self, letter: char, start: usize) {
        self.letters.push(letter);
        self.starts.push(start);
    }

    /// Ends the row, and adds its blanks if it is a word.
    fn end(&mut self, blanks: &mut Vec<Range<usize>>) {
        let is_list = self.is_among_words && self.letters.iter().all(|&letter| is_han(letter));
        if is_word(&self.letters) && !is_list {
            blanks.extend(self.starts.iter().skip(1).map(|&start| start - 1..start));
        }
        self.letters.clear();
        self.starts.clear();
        self.is_among_words = false;
    }
}

fn is_word(letters: &[char]) -> bool {
    if letters.iter().all(|&letter| is_han(letter)) {
        return letters.len() >= LEAST_HAN;
    }
    if letters.len() < LEAST_LETTERS {
        return false;
    }
    let (first, rest) = (letters[0], &letters[1..]);
    let is_latin = letters.iter().all(char::is_ascii_alphabetic);
    let is_cyrillic = letters.iter().all(|letter| matches!(letter, '\u{400}'..='\u{52f}'));
    let has_case = rest.iter().all(|letter| letter.is_lowercase())
        || (first.is_uppercase() && rest.iter().all(|letter| letter.is_uppercase()));
    let vowels = letters.iter().filter(|letter| is_vowel(**letter)).count();
    let is_alphabet = letters.windows(3).any(|three| {
        let codes = [0, 1, 2].map(|place| three[place] as u32);
        codes[0] + 1 == codes[1] && codes[1] + 1 == codes[2]
    });
    (is_latin || is_cyrillic) && has_case && vowels > 0 && vowels < letters.len() && !is_alphabet
}

fn is_vowel(letter: char) -> bool {
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    "aeiouаеёиоуыэюяіїє".contains(lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut block = Block::new(BlockKind::Paragraph, text.to_owned());
        close(&mut block);
        assert_eq!(block.text, expected);
    }

    #[test]
    fn spaced_out_words_are_words() {
        for (text, expected) in [
            ("Слово р а з р я д к а, набранное так", "Слово разрядка, набранное так"),
            ("П О Р Т О В Ы Й  З А К О Н", "ПОРТОВЫЙ  ЗАКОН"),
            ("the S P A C E D word", "the SPACED word"),
            ("第 一 条 为了", "第一条 为了"),
            ("第 十 二 章　总则", "第十二章　总则"),
            ("第 12 条", "第12条"),
            ("港 口 法", "港口法"),
            ("Г л а в а 1", "Глава 1"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn lists_of_letters_stay() {
        for text in [
            "a b c d e",
            "пункты а б в г д",
            "x y z w",
            "A B C",
            "А. Н. Иванов и П. С. Петров",
            "он и я в городе",
            "a b = c d",
            "I a m",
            "张 三",
            "王 芳 李 明华",
            "第 一",
            "",
        ] {
            check(text, text);
        }
    }
}
