//! Documents made byte by byte, whole and damaged.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use crate::reading::formats::compound::made::compound;
use crate::reading::formats::tests::samples::{check_promises, shown};
use crate::reading::formats::{Converted, FormatError};
use crate::reading::memory::Account;
use crate::reading::skip_reason::SkipReason;

/// Returns a document with a heading, notes and a table.
pub(in crate::reading::formats) fn sample() -> Vec<u8> {
    let made = Made {
        body: "停火协议\rМир\u{2}. Sea\u{3}\r国家\u{7}год\u{7}\u{7}after \u{13}X\u{14}y\u{15}\r",
        footnotes: &["\u{2} first\r"],
        endnotes: &["\u{2} end\r"],
        text_box: "box\r",
        paragraphs: &[(0, 1, &[]), (2, 0, IN_TABLE), (3, 0, IN_TABLE), (4, 0, ROW_END)],
        styles: &[(0, "Normal", 0xfff, &[]), (1, "heading 1", 0, &[])],
        ..Made::default()
    };
    made.bytes()
}

/// The byte of the main stream at which the text of a made document begins.
const TEXT_AT: usize = 2048;

/// A document to be made. Texts of the stories end with a paragraph's end.
#[derive(Default)]
struct Made<'m> {
    body: &'m str,
    footnotes: &'m [&'m str],
    endnotes: &'m [&'m str],
    text_box: &'m str,
    /// The marks of footnotes that have a sign of their own.
    own_marks: &'m [usize],
    /// Properties of runs: characters and a list of changes.
    runs: &'m [(std::ops::Range<usize>, &'m [u8])],
    /// Properties of paragraphs, by their number: the style and a list of changes.
    paragraphs: &'m [(usize, u16, &'m [u8])],
    /// Styles: number of the built-in one, name, style it is based on, changes.
    styles: &'m [(u16, &'m str, u16, &'m [u8])],
    is_narrow: bool,
    flags: u16,
}

const DELETED: &[u8] = &[0x00, 0x08, 1];
const HIDDEN: &[u8] = &[0x3c, 0x08, 1];
const IN_TABLE: &[u8] = &[0x16, 0x24, 1];
const ROW_END: &[u8] = &[0x16, 0x24, 1, 0x17, 0x24, 1];

/// The sign of a footnote's mark, and of an endnote's, in the body of a made document.
const FOOTNOTE: char = '\u{2}';
const ENDNOTE: char = '\u{3}';

impl Made<'_> {
    fn bytes(&self) -> Vec<u8> {
        let (document, table) = self.streams();
        compound(&[("WordDocument", &document), ("1Table", &table)])
    }

    fn streams(&self) -> (Vec<u8>, Vec<u8>) {
        let footnotes = self.footnotes.concat();
        let endnotes = self.endnotes.concat();
        let text: Vec<u16> = [self.body, &footnotes, &endnotes, self.text_box].concat().encode_utf16().collect();
        let length = |text: &str| text.encode_utf16().count() as u32;
        let width = if self.is_narrow { 1 } else { 2 };
        let mut document = vec![0; TEXT_AT];
        for &unit in &text {
            document.extend_from_slice(&unit.to_le_bytes()[..width]);
        }
        document.resize(document.len().next_multiple_of(512), 0);
        let place = |character: usize| (TEXT_AT + character * width) as u32;
        let mut table = Vec::new();
        let mut part = |number: usize, bytes: &[u8], document: &mut Vec<u8>| {
            put(document, 154 + number * 8, table.len() as u32);
            put(document, 158 + number * 8, bytes.len() as u32);
            table.extend_from_slice(bytes);
        };
        // Runs, with those between them.
        let mut runs: Vec<(u32, &[u8])> = vec![(place(0), &[])];
        for (range, changes) in self.runs {
            runs.push((place(range.start), changes));
            runs.push((place(range.end), &[]));
        }
        let page = page(&runs, place(text.len()), 1, |changes| [&[changes.len() as u8], *changes].concat());
        part(12, &pages(place(0), place(text.len()), document.len()), &mut document);
        document.extend(page);
        // Paragraphs.
        let mut starts = vec![0];
        starts.extend(text.iter().enumerate().filter(|(_, unit)| matches!(unit, 7 | 12 | 13)).map(|(at, _)| at + 1));
        starts.pop();
        let paragraphs: Vec<(u32, (u16, &[u8]))> = starts
            .iter()
            .enumerate()
            .map(|(number, &start)| {
                let of = self.paragraphs.iter().find(|(at, ..)| *at == number);
                (place(start), of.map_or((0, &[][..]), |(_, style, changes)| (*style, *changes)))
            })
            .collect();
        let of_paragraph = |(style, changes): &(u16, &[u8])| {
            let mut bytes = [&style.to_le_bytes(), *changes].concat();
            bytes.resize(bytes.len().next_multiple_of(2), 0);
            [&[0, (bytes.len() / 2) as u8], &bytes[..]].concat()
        };
        let page = page_of_paragraphs(&paragraphs, place(text.len()), of_paragraph);
        part(13, &pages(place(0), place(text.len()), document.len()), &mut document);
        document.extend(page);
        // One piece.
        let mut pieces = vec![2];
        pieces.extend(16_u32.to_le_bytes());
        pieces.extend([0, text.len() as u32].iter().flat_map(|number| number.to_le_bytes()));
        let offset = if self.is_narrow { (TEXT_AT as u32 * 2) | 1 << 30 } else { TEXT_AT as u32 };
        pieces.extend([0, 0]);
        pieces.extend(offset.to_le_bytes());
        pieces.extend([0, 0]);
        part(33, &pieces, &mut document);
        // Notes.
        for (marks, texts, sign, notes) in [(2, 3, FOOTNOTE, self.footnotes), (46, 47, ENDNOTE, self.endnotes)] {
            let mut at: Vec<u32> = self
                .body
                .encode_utf16()
                .enumerate()
                .filter(|(_, unit)| *unit == sign as u16)
                .map(|(at, _)| at as u32)
                .collect();
            if sign == FOOTNOTE {
                at.extend(self.own_marks.iter().map(|&mark| mark as u32));
                at.sort_unstable();
            }
            let mut bytes: Vec<u8> = at.iter().chain([&u32::MAX]).flat_map(|number| number.to_le_bytes()).collect();
            let is_own = |mark: u32| sign == FOOTNOTE && self.own_marks.contains(&(mark as usize));
            bytes.extend(at.iter().flat_map(|&mark| u16::from(!is_own(mark)).to_le_bytes()));
            part(marks, &bytes, &mut document);
            let mut end = 0;
            let mut bytes = 0_u32.to_le_bytes().to_vec();
            for note in notes {
                end += length(note);
                bytes.extend(end.to_le_bytes());
            }
            bytes.extend(end.to_le_bytes());
            part(texts, &bytes, &mut document);
        }
        part(1, &self.list_of_styles(), &mut document);
        document[..2].copy_from_slice(&[0xec, 0xa5]);
        document[2] = 0xc1;
        document[10..12].copy_from_slice(&(0x0200 | self.flags).to_le_bytes());
        for (at, text) in [(76, self.body), (80, &footnotes), (96, &endnotes), (100, self.text_box)] {
            put(&mut document, at, length(text));
        }
        (document, table)
    }

    fn list_of_styles(&self) -> Vec<u8> {
        let mut list = vec![4, 0, 0, 0, 10, 0];
        for (number, name, based_on, changes) in self.styles {
            let mut style = number.to_le_bytes().to_vec();
            style.extend((1 | based_on << 4).to_le_bytes());
            style.resize(10, 0);
            style.extend((name.encode_utf16().count() as u16).to_le_bytes());
            style.extend(name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
            style.extend((changes.len() as u16 + 2).to_le_bytes());
            style.extend([0, 0]);
            style.extend(*changes);
            list.extend((style.len() as u16).to_le_bytes());
            style.resize(style.len().next_multiple_of(2), 0);
            list.extend(style);
        }
        list
    }
}

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// Returns the table that names one page.
fn pages(first: u32, end: u32, page_at: usize) -> Vec<u8> {
    [first, end, (page_at / 512) as u32].iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn page<T>(entries: &[(u32, T)], end: u32, entry_bytes: usize, write: impl Fn(&T) -> Vec<u8>) -> Vec<u8> {
    let mut page: Vec<u8> = entries.iter().map(|(start, _)| *start).chain([end]).flat_map(u32::to_le_bytes).collect();
    let entries_at = page.len();
    page.resize(512, 0);
    let mut free = 510;
    for (at, (_, properties)) in entries.iter().enumerate() {
        let bytes = write(properties);
        free = (free - bytes.len()) & !1;
        page[free..free + bytes.len()].copy_from_slice(&bytes);
        page[entries_at + at * entry_bytes] = (free / 2) as u8;
    }
    page[511] = entries.len() as u8;
    page
}

fn page_of_paragraphs<T>(entries: &[(u32, T)], end: u32, write: impl Fn(&T) -> Vec<u8>) -> Vec<u8> {
    page(entries, end, 13, write)
}

fn read(bytes: &[u8]) -> Result<Converted, FormatError> {
    super::read(bytes, &mut Account::of(usize::MAX).open()).map_err(|reason| match reason {
        SkipReason::Document(error) => error,
        other => panic!("{other}"),
    })
}

fn check(made: &Made<'_>, expected: &[&str]) {
    let document = read(&made.bytes()).unwrap();
    check_promises(&document);
    assert_eq!(shown(&document), expected, "{}", made.body);
    assert!(document.remarks.is_empty());
}

#[test]
fn characters_of_one_byte_and_of_two() {
    check(
        &Made { body: "港口的保险费率\rПортовый совет\rthe council 😀\r", ..Made::default() },
        &["p: 港口的保险费率", "p: Портовый совет", "p: the council 😀"],
    );
    check(
        &Made { body: "caf\u{e9} \u{93}x\u{94} 5\u{96}7\r", is_narrow: true, ..Made::default() },
        &["p: café “x” 5–7"],
    );
    check(
        &Made { body: "one\u{b}two\tthree\u{c}из\u{1e}за во\u{1f}йны\u{1}\r\r", ..Made::default() },
        &["p: one two three", "p: из-за войны"],
    );
}

#[test]
fn what_word_shows_is_read() {
    check(
        &Made { body: "a gone b hid c\r", runs: &[(2..7, DELETED), (9..13, HIDDEN)], ..Made::default() },
        &["p: a b c"],
    );
    check(
        &Made {
            body: "\u{13}HYPERLINK \"x\" \u{14}link\u{15} \u{13}IF \u{13}PAGE\u{14}2\u{15} = 1\u{14}shown\u{15}.\r",
            ..Made::default()
        },
        &["p: link shown."],
    );
    // A field that has lost its end takes no more than its paragraph.
    check(&Made { body: "a\u{13}PAGE\rb\r", ..Made::default() }, &["p: a", "p: b"]);
    check(&Made { body: "\u{15}\u{14}a\r", text_box: "box\r", ..Made::default() }, &["p: a", "p: box"]);
}

#[test]
fn notes_come_after_the_paragraph_that_cites_them() {
    check(
        &Made {
            body: "Мир\u{2}. Sea\u{3}\u{2}\rnext\r",
            footnotes: &["\u{2} first\rsecond\r", "\u{2}other\r"],
            endnotes: &["\u{2} end\r"],
            ..Made::default()
        },
        &[
            "p: Мир. Sea {1@6} {i@11} {2@11}",
            "note 1: first",
            "note 1: second",
            "note i: end",
            "note 2: other",
            "p: next",
        ],
    );
    check(
        &Made { body: "ice*a\u{2}\r", footnotes: &["* own\r", "\u{2}x\r"], own_marks: &[3], ..Made::default() },
        &["p: icea {*@3} {1@4}", "note *: * own", "note 1: x"],
    );
    check(
        &Made { body: "a\u{2}b\u{2}\r", footnotes: &["x\r", "y\r"], runs: &[(1..2, DELETED)], ..Made::default() },
        &["p: ab {1@2}", "note 1: y"],
    );
}

#[test]
fn headings_are_known_by_their_styles() {
    let styles: &[(u16, &str, u16, &[u8])] = &[
        (0, "Normal", 0xfff, &[]),
        (1, "Заголовок 1", 0, &[]),
        (62, "Название", 0, &[]),
        (0xffe, "Kapitel", 1, &[]),
        (0xffe, "节", 0, &[0x40, 0x26, 2]),
        (0xffe, "Text", 1, &[0x40, 0x26, 9]),
        (0xffe, "Ring", 6, &[]),
    ];
    let paragraphs: &[(usize, u16, &[u8])] = &[
        (0, 2, &[]),
        (1, 1, &[]),
        (2, 3, &[]),
        (3, 4, &[]),
        (4, 5, &[]),
        (5, 6, &[]),
        (6, 0, &[0x40, 0x26, 1]),
        (7, 1, &[0x40, 0x26, 9]),
    ];
    check(
        &Made { body: "title\rone\rtwo\rthree\rfour\rfive\rsix\rseven\r", styles, paragraphs, ..Made::default() },
        &["h1: title", "h1: one", "h1: two", "h3: three", "p: four", "p: five", "h2: six", "p: seven"],
    );
}

#[test]
fn cells_become_rows() {
    check(
        &Made {
            body: "before\r国家\u{7}год\u{7}\u{7}China\rTaiwan\u{7}1945\u{7}\u{7}after\r",
            paragraphs: &[
                (1, 0, IN_TABLE),
                (2, 0, IN_TABLE),
                (3, 0, ROW_END),
                (4, 0, IN_TABLE),
                (5, 0, IN_TABLE),
                (6, 0, IN_TABLE),
                (7, 0, ROW_END),
            ],
            ..Made::default()
        },
        &["p: before", "table: 国家 | год | China Taiwan | 1945", "p: after"],
    );
}

#[test]
fn the_properties_of_a_document() {
    let mut values: Vec<u8> = Vec::new();
    let mut list = Vec::new();
    let kinds: [(u32, u32, &[u8]); 5] = [
        (1, 2, &1251_u32.to_le_bytes()),
        (2, 0x1e, b"\x05\0\0\0\xcf\xee\xf0\xf2\0\0\0\0"),
        (4, 0x1f, b"\x03\0\0\0\x2f\x6e\xe3\x53\0\0\0\0"),
        (5, 0x1e, b"\x08\0\0\0ice, \xeb\xb8\xe4"),
        (12, 0x40, &133_541_136_000_000_000_u64.to_le_bytes()),
    ];
    for (number, kind, value) in kinds {
        list.push((number, 8 + 5 * 8 + values.len() as u32));
        values.extend(kind.to_le_bytes());
        values.extend(value);
    }
    let mut summary = vec![0; 44];
    summary.extend(48_u32.to_le_bytes());
    summary.extend([0, 0, 0, 0]);
    summary.extend(5_u32.to_le_bytes());
    summary.extend(list.iter().flat_map(|(number, at)| [number.to_le_bytes(), at.to_le_bytes()].concat()));
    summary.extend(values);
    let (document, table) = Made { body: "x\r", ..Made::default() }.streams();
    let file = compound(&[("WordDocument", &document), ("1Table", &table), ("\u{5}SummaryInformation", &summary)]);
    let metadata = read(&file).unwrap().metadata;
    assert_eq!(metadata.title.as_deref(), Some("Порт"));
    assert_eq!(metadata.authors, ["港口"]);
    assert_eq!(metadata.keywords, ["ice", "лёд"]);
    assert_eq!(metadata.made.as_deref(), Some("2024-03-05"));
}

#[test]
fn what_is_not_read_says_why() {
    let encrypted = Made { body: "x\r", flags: 0x0100, ..Made::default() };
    assert_eq!(read(&encrypted.bytes()).unwrap_err(), FormatError::Encrypted);
    assert_eq!(read(&compound(&[("EncryptedPackage", b"x")])).unwrap_err(), FormatError::Encrypted);
    assert_eq!(read(&Made { body: "\r", ..Made::default() }.bytes()).unwrap_err(), FormatError::NoText);
    let damaged = |what: &str| FormatError::Damaged(what.to_owned());
    assert_eq!(read(b"ice").unwrap_err(), damaged("not a compound file"));
    assert_eq!(read(&compound(&[("Workbook", b"x")])).unwrap_err(), damaged("no document of Word in it"));
    let (mut document, table) = Made { body: "x\r", ..Made::default() }.streams();
    (document[0], document[2]) = (0xdc, 0x68);
    let old = compound(&[("WordDocument", &document), ("1Table", &table)]);
    assert_eq!(read(&old).unwrap_err(), damaged("written by Word 95 or an older one"));
}

#[test]
fn pieces_that_overlap_are_damage() {
    let text = "停火x\r".repeat(400_000);
    let (document, table) = Made { body: &text[..0], ..Made::default() }.streams();
    // A million pieces that all claim the whole text.
    let mut document = document;
    document.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let mut pieces = vec![2];
    let count = 500_000_u32;
    pieces.extend((count * 12 + 4).to_le_bytes());
    pieces.extend((0..=count).flat_map(|at| (at * 1_000).to_le_bytes()));
    pieces.extend((0..count).flat_map(|_| [0, 0, 0, 8, 0, 0, 0, 0]));
    put(&mut document, 154 + 33 * 8, table.len() as u32);
    put(&mut document, 158 + 33 * 8, pieces.len() as u32);
    put(&mut document, 76, u32::MAX);
    let file = compound(&[("WordDocument", &document), ("1Table", &[table, pieces].concat())]);
    let start = Instant::now();
    let _ = read(&file);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}
