//! Lines: from the words of a page to its lines of text.
//!
//! Words that follow each other in the file and stand side by side are one line.
//! A wide gap ends it; `columns` joins the parts again unless a gutter lies
//! between them. Text drawn twice (a way of printing bold) counts once. Raised
//! small labels are remembered: they may be the marks of notes.

use std::ops::Range;

use svod_text::language::is_written_without_blanks;

use super::words::{Area, Page, Word};

/// The widest gap within a line, as a share of the type size.
const WIDEST_GAP: f32 = 0.8;
/// How far a Chinese word may begin inside the one before: typesetters squeeze punctuation marks.
const WIDEST_SQUEEZE: f32 = 2.6;
/// The narrowest gap between words of scripts with blanks.
const LEAST_BLANK: f32 = 0.12;
/// The narrowest gap that separates Chinese characters.
const LEAST_HAN_BLANK: f32 = 0.5;
/// A raised word is at most this much of the type size high.
const RAISED_SIZE: f32 = 0.85;
/// It ends at least this much of the type size above the others.
const RAISED_BY: f32 = 0.12;
/// The number of words before a word among which its double is looked for.
const DOUBLES_WITHIN: usize = 12;

/// A line of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    /// The area of its words; raised ones do not count.
    pub(super) area: Area,
    /// The type size: the height of most of its characters.
    pub(super) size: f32,
    /// Whether most of its characters are Chinese: fonts of different scripts differ in height.
    pub(super) is_han: bool,
    /// The height of its other words if most are Chinese, or 0.
    pub(super) other_size: f32,
    /// The width of a character of its longest Chinese word, or 0. Fonts agree about it more than about heights.
    pub(super) advance: f32,
    pub(super) text: String,
    /// The byte ranges of raised labels.
    pub(super) raised: Vec<Range<usize>>,
    /// The cells after the first: the byte at which each begins, and its left edge.
    pub(super) cells: Vec<(usize, f32)>,
    /// The width of its beginning that would not have been broken.
    pub(super) head: f32,
    /// The first and the last column of the page that it stands in.
    pub(super) columns: (u8, u8),
    /// The page, counted from 0.
    pub(super) page: usize,
}

impl Line {
    /// Returns about how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of::<Line>() + self.text.len() + self.raised.len() * 16 + self.cells.len() * 16
    }

    /// Returns whether two lines stand side by side.
    pub(super) fn is_beside(&self, other: &Line) -> bool {
        self.area.shared_height(&other.area) > 0.5 * self.area.height().min(other.area.height())
    }

    /// Appends the next part of the same row. A gap of the width of a table's makes it a new cell.
    pub(super) fn append(&mut self, next: Line) {
        let size = self.size.max(next.size);
        let gap = next.area.left - self.area.right;
        if needs_blank(&self.text, &next.text, gap, size) {
            self.text.push(' ');
        }
        let shift = self.text.len();
        if gap > 1.5 * size {
            self.cells.push((shift, next.area.left));
        }
        self.cells.extend(next.cells.iter().map(|&(at, left)| (at + shift, left)));
        self.raised.extend(next.raised.iter().map(|range| range.start + shift..range.end + shift));
        self.text.push_str(&next.text);
        if next.area.width() > self.area.width() {
            (self.size, self.is_han, self.other_size) = (next.size, next.is_han, next.other_size);
            self.advance = next.advance;
        }
        self.area = self.area.with(&next.area);
    }

    /// Replaces each character of the text; ranges and cells stay true.
    pub(super) fn rewrite(&mut self, change: impl Fn(char) -> char) {
        let mut text = String::with_capacity(self.text.len());
        let mut places: Vec<&mut usize> =
            self.raised.iter_mut().flat_map(|range| [&mut range.start, &mut range.end]).collect();
        places.extend(self.cells.iter_mut().map(|(at, _)| at));
        places.sort_unstable();
        let mut places = places.into_iter().peekable();
        for (at, c) in self.text.char_indices() {
            while let Some(place) = places.next_if(|place| **place <= at) {
                *place = text.len();
            }
            text.push(change(c));
        }
        places.for_each(|place| *place = text.len());
        self.text = text;
    }
}

/// Returns the lines of a page, in the order of the file. Parts of a row that a wide gap separates are lines of their own.
pub(super) fn lines_of(page: &Page) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<OpenLine> = None;
    for (at, word) in page.words.iter().enumerate() {
        let text = page.text(word);
        if is_double(page, at, word, text) {
            continue;
        }
        let joined = open.as_mut().is_some_and(|line| line.take(word, text));
        if !joined {
            lines.extend(open.replace(OpenLine::of(word, text)).map(OpenLine::close));
        }
    }
    lines.extend(open.map(OpenLine::close));
    lines
}

/// Whether a word was drawn before, at nearly the same place.
fn is_double(page: &Page, at: usize, word: &Word, text: &str) -> bool {
    let near = 0.15 * word.area.height();
    page.words[at.saturating_sub(DOUBLES_WITHIN)..at].iter().any(|before| {
        (before.area.left - word.area.left).abs() < near
            && (before.area.top - word.area.top).abs() < near
            && page.text(before) == text
    })
}

/// A line that takes words.
struct OpenLine {
    line: Line,
    /// The last word that is not raised.
    base: Area,
    /// Whether there is no other word yet than one that may be raised.
    has_label_only: bool,
    /// The right edge of the last word, which may be raised.
    right: f32,
    /// For each word its height, its number of characters and whether it is Chinese.
    heights: Vec<(f32, usize, bool)>,
    /// The number of characters of the longest Chinese word.
    longest: usize,
}

impl OpenLine {
    fn of(word: &Word, text: &str) -> OpenLine {
        let line = Line { area: word.area, text: text.to_owned(), head: head_of(text, &word.area), ..Line::default() };
        let has_label_only = is_label(text);
        let (right, heights) = (word.area.right, vec![measure(word, text)]);
        let mut open = OpenLine { line, base: word.area, has_label_only, right, heights, longest: 1 };
        open.take_advance(word, text);
        open
    }

    /// Appends a word if it stands beside the last one.
    fn take(&mut self, word: &Word, text: &str) -> bool {
        if is_turned(&self.base, &self.line.text) || is_turned(&word.area, text) {
            return false;
        }
        let (area, base) = (&word.area, &self.base);
        let size = base.height().max(area.height());
        let shared = area.shared_height(base);
        let rises = is_raised(area, base) && is_label(text);
        if shared <= 0.5 * area.height().min(base.height()) && !(rises && shared > 0.1 * area.height()) {
            return false;
        }
        let gap = area.left - self.right;
        // The box of a punctuation mark is that of a whole character, but what comes next may begin within it.
        let is_after_sign = self.line.text.ends_with(is_squeezed) && text.starts_with(char::is_alphanumeric);
        let squeezes = ((is_han_end(&self.line.text) || self.line.text.ends_with(is_wide_sign))
            && (is_han_start(text) || text.starts_with(is_wide_sign))
            || is_after_sign)
            && area.right > self.right;
        let least = if squeezes { -WIDEST_SQUEEZE } else { -0.5 };
        if gap > WIDEST_GAP * size || gap < least * size || area.left < self.line.area.left {
            return false;
        }
        if self.has_label_only && self.line.raised.is_empty() && is_raised(base, area) {
            self.line.raised.push(0..self.line.text.len());
            self.line.area = *area;
            self.line.area.left = self.base.left;
            self.line.text.push(' ');
            self.heights.clear();
        } else if !rises && needs_blank(&self.line.text, text, gap, size) {
            self.line.text.push(' ');
        }
        let start = self.line.text.len();
        self.line.text.push_str(text);
        self.right = self.right.max(area.right);
        if rises {
            self.line.raised.push(start..self.line.text.len());
        } else {
            self.line.area = self.line.area.with(area);
            self.base = *area;
            self.has_label_only = false;
            self.heights.push(measure(word, text));
            self.take_advance(word, text);
        }
        true
    }

    /// Takes the width of the characters of a Chinese word, if it is the longest.
    fn take_advance(&mut self, word: &Word, text: &str) {
        let characters = text.chars().count();
        if characters > self.longest && text.chars().all(is_written_without_blanks) {
            self.longest = characters;
            self.line.advance = word.area.width() / characters as f32;
        }
    }

    fn close(mut self) -> Line {
        let count = |han: bool| self.heights.iter().filter(|of| of.2 == han).map(|of| of.1).sum::<usize>();
        self.line.is_han = count(true) >= count(false);
        self.line.size = most_usual(&mut self.heights, self.line.is_han);
        if self.line.is_han {
            self.line.other_size = most_usual(&mut self.heights, false);
        }
        self.line.area.right = self.line.area.right.max(self.right);
        self.line.text.shrink_to_fit();
        self.line
    }
}

/// Returns the height of the middle character of a script, or 0.
fn most_usual(heights: &mut [(f32, usize, bool)], han: bool) -> f32 {
    heights.sort_by(|one, other| one.0.total_cmp(&other.0));
    let of_script = || heights.iter().filter(|of| of.2 == han);
    let half = of_script().map(|of| of.1).sum::<usize>() / 2;
    let mut passed = 0;
    let middle = of_script().find(|of| {
        passed += of.1;
        passed > half
    });
    middle.map_or(0.0, |of| of.0)
}

fn measure(word: &Word, text: &str) -> (f32, usize, bool) {
    let characters = text.chars().count();
    let han = text.chars().filter(|&c| is_written_without_blanks(c)).count();
    (word.area.height(), characters, han * 2 > characters)
}

/// Whether a small word stands higher than the word before it. Boxes of some fonts are far taller than their letters, on
/// both sides: a word at half their height is not raised.
fn is_raised(area: &Area, base: &Area) -> bool {
    let middle = |area: &Area| (area.top + area.bottom) / 2.0;
    area.height() < RAISED_SIZE * base.height()
        && area.bottom < base.bottom - RAISED_BY * base.height()
        && middle(area) < middle(base)
}

/// Whether a word is written upwards or downwards.
pub(super) fn is_turned(area: &Area, text: &str) -> bool {
    area.height() > 2.0 * area.width() && text.chars().nth(2).is_some()
}

/// Whether a word can be the mark of a note.
pub(super) fn is_label(text: &str) -> bool {
    let is_part = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '[' | ']' | '(' | ')' | '［' | '］' | '〔' | '〕' | '（' | '）' | ',' | '-' | '–')
    };
    let is_sign = |c: char| matches!(c, '*' | '∗' | '†' | '‡' | '§' | '‖' | '¶' | '①'..='⑳');
    text.chars().count() <= 9
        && ((text.chars().all(is_part) && text.contains(|c: char| c.is_ascii_digit())) || text.chars().all(is_sign))
}

fn is_han_end(text: &str) -> bool {
    text.chars().next_back().is_some_and(is_written_without_blanks)
}

fn is_han_start(text: &str) -> bool {
    text.chars().next().is_some_and(is_written_without_blanks)
}

/// Whether a sign is as wide as a Chinese character in Chinese text, and squeezed like its punctuation.
fn is_wide_sign(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Whether a punctuation mark may be given the width of a Chinese character, and overlap the next word.
fn is_squeezed(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | ';' | '．' | '，' | '：' | '；' | '。' | '、' | '）' | '］' | '》' | '】')
}

fn needs_blank(before: &str, next: &str, gap: f32, size: f32) -> bool {
    match (is_han_end(before), is_han_start(next)) {
        (true, true) => gap > LEAST_HAN_BLANK * size,
        _ => gap > LEAST_BLANK * size,
    }
}

/// Returns the width of the beginning of a word that is never broken: the whole word, or one Chinese character.
fn head_of(text: &str, area: &Area) -> f32 {
    let units = |part: &str| part.chars().map(|c| if is_written_without_blanks(c) { 2 } else { 1 }).sum::<usize>();
    let first = text.chars().next().map_or(0, char::len_utf8);
    let end = if is_han_start(text) { first } else { text.find(is_written_without_blanks).unwrap_or(text.len()) };
    area.width() * units(&text[..end]) as f32 / units(text).max(1) as f32
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a word of a given size, as wide as its characters usually are.
    pub(in crate::reading::formats::pdf) fn boxed(text: &str, left: f32, top: f32, size: f32) -> (Area, String) {
        let width: f32 = text.chars().map(|c| if is_written_without_blanks(c) { size } else { size * 0.5 }).sum();
        (Area { left, top, right: left + width, bottom: top + size }, text.to_owned())
    }

    /// Appends a row of words with blanks between them; returns where the row ends.
    pub(in crate::reading::formats::pdf) fn write(page: &mut Page, text: &str, left: f32, top: f32, size: f32) -> f32 {
        let mut left = left;
        for word in text.split(' ') {
            let (area, text) = boxed(word, left, top, size);
            page.push(area, &text);
            left = area.right + size * 0.25;
        }
        left
    }

    fn texts(words: &[(&str, f32, f32, f32)]) -> Vec<String> {
        let mut page = Page::new(600.0, 800.0);
        for &(text, left, top, size) in words {
            let (area, text) = boxed(text, left, top, size);
            page.push(area, &text);
        }
        lines_of(&page).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn words_side_by_side_are_a_line() {
        for (words, expected) in [
            (&[("порт", 10.0, 10.0, 10.0), ("закрыт", 32.5, 10.0, 10.0)][..], &["порт закрыт"][..]),
            (&[("порт", 10.0, 10.0, 10.0), ("закрыт", 80.0, 10.0, 10.0)], &["порт", "закрыт"]),
            (&[("港口", 10.0, 10.0, 10.0), ("关闭", 31.0, 10.0, 10.0)], &["港口关闭"]),
            (&[("第一条", 10.0, 10.0, 10.0), ("港口", 47.0, 10.0, 10.0)], &["第一条 港口"]),
            (&[("段）", 10.0, 10.0, 10.0), ("。岛屿由公会", 8.0 + 2.0, 10.0, 10.0)], &["段）。岛屿由公会"]),
            (&[("段）", 20.0, 10.0, 10.0), ("。岛屿由公会", 18.0, 10.0, 10.0)], &["段）", "。岛屿由公会"]),
            (&[("the", 10.0, 10.0, 10.0), ("war", 10.0, 22.0, 10.0)], &["the", "war"]),
            (&[("war", 10.0, 10.0, 10.0), ("war", 10.4, 10.2, 10.0)], &["war"]),
            (&[("war", 10.0, 10.0, 10.0), ("war", 27.5, 10.0, 10.0)], &["war war"]),
        ] {
            assert_eq!(texts(words), expected, "{words:?}");
        }
    }

    #[test]
    fn a_word_may_begin_within_the_box_of_a_punctuation_mark() {
        for (sign, next, expected) in [
            (".", "在春季之后", &["港口.在春季之后"][..]),
            ("，", "Chen", &["港口，Chen"]),
            ("灯", "Chen", &["港口灯", "Chen"]),
        ] {
            let mut page = Page::new(600.0, 800.0);
            for (text, left, right) in [("港口", 10.0, 30.0), (sign, 31.0, 41.5), (next, 34.0, 84.0)] {
                page.push(Area { left, top: 10.0, right, bottom: 20.0 }, text);
            }
            let lines: Vec<String> = lines_of(&page).into_iter().map(|line| line.text).collect();
            assert_eq!(lines, expected);
        }
    }

    #[test]
    fn a_number_amid_a_tall_font_is_not_raised() {
        let mut page = Page::new(600.0, 800.0);
        for (text, left, top, size) in
            [("港口每年有", 10.0, 10.0, 30.0), ("120", 165.0, 20.5, 12.0), ("艘", 190.0, 10.0, 30.0)]
        {
            let (area, text) = boxed(text, left, top, size);
            page.push(area, &text);
        }
        let lines = lines_of(&page);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].raised.is_empty(), "{:?}", lines[0]);
    }

    #[test]
    fn raised_labels_are_remembered() {
        for (words, text, raised) in [
            (&[("сбор", 10.0, 10.0, 10.0), ("3", 30.2, 9.0, 6.0), ("и", 36.0, 10.0, 10.0)][..], "сбор3 и", &["3"][..]),
            (&[("3", 10.0, 9.0, 6.0), ("См.", 13.5, 10.0, 10.0)], "3 См.", &["3"]),
            (&[("港口", 10.0, 10.0, 10.0), ("①", 30.0, 9.0, 6.0)], "港口①", &["①"]),
            (&[("м", 10.0, 10.0, 10.0), ("2", 15.0, 14.5, 6.0)], "м2", &[]),
            (&[("the", 10.0, 10.0, 10.0), ("th", 25.0, 9.0, 6.0)], "theth", &[]),
            (&[("3", 10.0, 10.0, 10.0), ("См.", 18.0, 10.0, 10.0)], "3 См.", &[]),
        ] {
            let mut page = Page::new(600.0, 800.0);
            for &(text, left, top, size) in words {
                let (area, text) = boxed(text, left, top, size);
                page.push(area, &text);
            }
            let lines = lines_of(&page);
            assert_eq!(lines.len(), 1, "{lines:?}");
            let found: Vec<&str> = lines[0].raised.iter().map(|range| &lines[0].text[range.clone()]).collect();
            assert_eq!((lines[0].text.as_str(), found.as_slice()), (text, raised));
        }
    }

    #[test]
    fn the_size_is_that_of_most_characters() {
        let mut page = Page::new(600.0, 800.0);
        for (text, left, size) in [("港口的保险费率", 10.0, 10.0), ("2025", 82.0, 11.1), ("年", 105.0, 10.0)] {
            let (area, text) = boxed(text, left, 10.0, size);
            page.push(area, &text);
        }
        let line = &lines_of(&page)[0];
        assert_eq!((line.is_han, (line.size * 10.0).round(), (line.other_size * 10.0).round()), (true, 100.0, 111.0));
    }

    #[test]
    fn rewriting_keeps_ranges_true() {
        let mut line = Line { text: "ab1 c".to_owned(), cells: vec![(4, 9.0)], ..Line::default() };
        line.raised.push(2..3);
        line.rewrite(|c| match c {
            'a' => 'п',
            'b' => '港',
            c => c,
        });
        assert_eq!(line.text, "п港1 c");
        assert_eq!((&line.text[line.raised[0].clone()], &line.text[line.cells[0].0..]), ("1", "c"));
    }
}
