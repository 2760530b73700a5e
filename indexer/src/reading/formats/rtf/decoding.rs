//! From the bytes of RTF to text: the encodings of fonts and of the document.
//!
//! Bytes are collected until their encoding changes or something else than a
//! byte follows, because the two bytes of a Chinese character may stand in two
//! runs.

use std::collections::{HashMap, HashSet};

use encoding_rs::{Encoding, WINDOWS_1252};

use super::tokens::{Token, Tokens};
use crate::reading::encoding;
use crate::reading::formats::code_pages::{of_charset, of_code_page};

/// The character set of fonts whose signs are no letters.
const SYMBOLS: u16 = 2;
/// The character sets that stand for the code page of the document, the first where no font names that code page.
const WESTERN: u16 = 0;
const DEFAULT: u16 = 1;

/// The first letter beyond the western ones: below stand letters of Latin, above it Greek, Russian and Chinese.
const LEAST_LETTER: i32 = 0x370;

/// The number of bytes of text from which an encoding is guessed.
const SAMPLE_BYTES: usize = 64 << 10;

/// How the bytes of a run are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    As(&'static Encoding),
    /// The font has signs, not letters: bullets, check marks.
    Symbols,
}

/// The encodings of a document, and bytes that wait to be decoded.
#[derive(Debug)]
pub(super) struct Decoding {
    default: &'static Encoding,
    /// Whether fonts of the western character set hold what the document's code page has. Programs that know neither
    /// character sets nor Unicode write so.
    western_is_default: bool,
    fonts: HashMap<i32, Reading>,
    /// Collected bytes, all of one encoding.
    bytes: Vec<u8>,
    bytes_as: &'static Encoding,
}

impl Decoding {
    /// Finds the encoding of a document.
    pub(super) fn of(document: &[u8]) -> Decoding {
        let stated = Stated::find(document);
        let default = stated.encoding.filter(|&encoding| encoding != WINDOWS_1252);
        let names_none = stated.charsets.iter().all(|&charset| charset <= SYMBOLS);
        let default = default.or_else(|| names_none.then(|| guess(document)).flatten()).unwrap_or(WINDOWS_1252);
        let is_named = |&charset: &u16| charset != WESTERN && of_charset(charset) == Some(default);
        let western_is_default = !stated.has_unicode && !stated.charsets.iter().any(is_named);
        Decoding { default, western_is_default, fonts: HashMap::new(), bytes: Vec::new(), bytes_as: default }
    }

    /// Notes the character set of a font.
    pub(super) fn font(&mut self, number: i32, charset: u16) {
        let reading = match charset {
            SYMBOLS => Reading::Symbols,
            DEFAULT => Reading::As(self.default),
            WESTERN if self.western_is_default => Reading::As(self.default),
            _ => Reading::As(of_charset(charset).unwrap_or(self.default)),
        };
        self.fonts.insert(number, reading);
    }

    /// Notes the code page of a font, which is stronger than its character set.
    pub(super) fn font_code_page(&mut self, number: i32, code_page: u16) {
        if let Some(encoding) = of_code_page(code_page) {
            self.fonts.insert(number, Reading::As(encoding));
        }
    }

    /// Returns how the bytes of a font are read.
    pub(super) fn reading(&self, font: Option<i32>) -> Reading {
        font.and_then(|font| self.fonts.get(&font).copied()).unwrap_or(Reading::As(self.default))
    }

    /// Collects bytes. Returns the text before them, if it was in another encoding.
    pub(super) fn push(&mut self, bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
        let before = if encoding == self.bytes_as { None } else { self.take() };
        self.bytes_as = encoding;
        self.bytes.extend_from_slice(bytes);
        before
    }

    /// Returns the text of the collected bytes.
    pub(super) fn take(&mut self) -> Option<String> {
        if self.bytes.is_empty() {
            return None;
        }
        let text = self.bytes_as.decode_without_bom_handling(&self.bytes).0.into_owned();
        self.bytes.clear();
        Some(text)
    }
}

/// What a document states about its encodings.
#[derive(Debug, Default)]
struct Stated {
    encoding: Option<&'static Encoding>,
    charsets: HashSet<u16>,
    /// Whether letters beyond the western ones are written by their numbers in Unicode.
    has_unicode: bool,
}

impl Stated {
    fn find(document: &[u8]) -> Stated {
        let mut stated = Stated::default();
        for token in Tokens::of(document) {
            match token {
                Token::Word("ansicpg", Some(number)) => {
                    stated.encoding = stated.encoding.or(u16::try_from(number).ok().and_then(of_code_page));
                }
                Token::Word("mac", None) => stated.encoding = stated.encoding.or(of_code_page(10000)),
                Token::Word("u", Some(number)) => stated.has_unicode |= !(0..LEAST_LETTER).contains(&number),
                Token::Word("fcharset", Some(number)) => stated.charsets.extend(u16::try_from(number).ok()),
                _ => {}
            }
        }
        stated
    }
}

/// Guesses the encoding of a document that states none, from its text.
fn guess(document: &[u8]) -> Option<&'static Encoding> {
    let mut sample = Vec::new();
    for token in Tokens::of(document) {
        match token {
            Token::Byte(byte) => sample.push(byte),
            Token::Text(text) => sample.extend_from_slice(text),
            Token::Word("par", _) => sample.push(b'\n'),
            _ => {}
        }
        if sample.len() > SAMPLE_BYTES {
            break;
        }
    }
    if sample.is_ascii() {
        return None;
    }
    encoding::decode(sample).ok().and_then(|decoded| Encoding::for_label(decoded.encoding.as_bytes()))
}
