//! The raw files on disk: lines, and the words and Chinese characters in them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// In a text of fewer characters, all may be variants.
const FEW: usize = 4;

/// A file.
pub(crate) struct Source {
    /// Its path relative to the folder.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// Its lines of text: without front matter, comments, code and page numbers.
    pub(crate) lines: Vec<Line>,
}

pub(crate) struct Line {
    /// The number of the line, from 1.
    pub(crate) number: u32,
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
}

/// A word, or a Chinese character.
pub(crate) struct Token {
    /// Its normalised form, without differences of width, case and accents.
    pub(crate) form: String,
    /// Its byte range.
    pub(crate) range: Range<usize>,
}

/// Reads all files of a folder that are UTF-8.
pub(crate) fn read(folder: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let lines = lines(&text);
                sources.push(Source { path: path.strip_prefix(folder).unwrap().to_owned(), text, lines });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn lines(text: &str) -> Vec<Line> {
    let ends_head = |(at, line): (usize, &str)| (at > 0 && line.trim_end() == "---").then_some(at + 1);
    let has_head = text.starts_with("---\n") || text.starts_with("---\r\n");
    let head = if has_head { text.lines().enumerate().find_map(ends_head).unwrap_or(0) } else { 0 };
    let (mut is_code, mut goes_on) = (false, false);
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()).skip(head) {
        let fence = line.trim_start().starts_with("```");
        is_code ^= fence;
        if fence || is_code || line.contains("<!--") || !line.contains(char::is_alphabetic) {
            continue;
        }
        let mut tokens = tokens(line);
        // Halves of a divided word are not words.
        if std::mem::replace(&mut goes_on, line.trim_end().ends_with(['-', '\u{ad}'])) {
            tokens.remove(0);
        }
        if goes_on {
            tokens.pop();
        }
        lines.push(Line { number, text: line.to_owned(), tokens });
    }
    lines
}

impl Line {
    /// Returns whether the part of the line with some of its tokens has no markup.
    pub(crate) fn is_plain(&self, tokens: &[Token]) -> bool {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
        let is_mark = |c: char| "<>[]*_#|`\\~^$&{}=@".contains(c) || (c.is_numeric() && !c.is_ascii_digit());
        let text = &self.text[first.range.start..last.range.end];
        // A mark may begin before the tokens or end behind them.
        let before = self.text[..first.range.start].chars().next_back();
        let after = self.text[last.range.end..].chars().next();
        !self.text.contains("://") && !text.chars().chain(before).chain(after).any(is_mark)
    }
}

/// Cuts a text into words and Chinese characters.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_open = false;
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            continue;
        }
        let end = at + c.len_utf8();
        // Signs such as `№` and `℃` separate words, although their normalised forms have letters.
        let c = if c.is_alphanumeric() { c } else { ' ' };
        for folded in [c].into_iter().nfkc().flat_map(char::to_lowercase).map(plain_letter) {
            if is_han(folded) {
                tokens.push(Token { form: folded.to_string(), range: at..end });
                is_open = false;
            } else if !folded.is_alphanumeric() {
                is_open = false;
            } else if let Some(token) = tokens.last_mut().filter(|_| is_open) {
                token.form.push(folded);
                token.range.end = end;
            } else {
                tokens.push(Token { form: folded.to_string(), range: at..end });
                is_open = true;
            }
        }
    }
    tokens
}

/// Whether a character is a combining mark, a soft hyphen or of zero width.
fn is_invisible(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Returns a letter without its accent; й is a letter of its own.
fn plain_letter(c: char) -> char {
    match c {
        'ё' => 'е',
        'й' => c,
        _ => [c].into_iter().nfd().next().unwrap_or(c),
    }
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns the places where the forms occur one after another.
pub(crate) fn places<'t>(
    tokens: &'t [Token],
    forms: &'t [String],
    is_same: impl Fn(&str, &str) -> bool + 't,
) -> impl Iterator<Item = &'t [Token]> + 't {
    let stands = move |tokens: &&[Token]| tokens.iter().zip(forms).all(|(token, form)| is_same(&token.form, form));
    tokens.windows(forms.len()).filter(stands)
}

/// Returns whether the forms occur one after another if up to half of the Chinese characters may be variants, or all if
/// there are fewer than [`FEW`].
pub(crate) fn stands_loosely(tokens: &[Token], forms: &[String]) -> bool {
    let is_character = |form: &str| form.chars().all(is_han);
    let is_like = |one: &str, other: &str| one == other || (is_character(one) && is_character(other));
    let differ = |tokens: &[Token]| tokens.iter().zip(forms).filter(|(token, form)| token.form != **form).count();
    places(tokens, forms, is_like).any(|tokens| forms.len() < FEW || differ(tokens) * 2 <= forms.len())
}

/// Returns whether two words may be forms of one word: their first letters agree, at least two and half of the shorter
/// word.
pub(crate) fn may_be_form(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let shorter = one.chars().count().min(other.chars().count());
    common >= 2 && common * 2 >= shorter
}
