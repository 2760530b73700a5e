//! The properties of runs and paragraphs.
//!
//! They stand in pages of 512 bytes, each for the text between some offsets of
//! the file, as lists of changes to a style. Only those that tell what is shown,
//! and what is a heading or a row of a table, are looked at.

use crate::reading::formats::compound::{u16_at, u32_at};
use crate::reading::formats::word::Place;

const PAGE_BYTES: usize = 512;

/// The most entries of a page.
const MOST_ENTRIES: usize = 101;

/// The bits of a number that are the number of a page.
const PAGE_NUMBER: u32 = 0x3f_ffff;

/// The properties of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    pub(super) style: u16,
    /// Its own outline level, from 0.
    pub(super) outline: Option<u8>,
    pub(super) place: Place,
    /// Whether it is the end of a row.
    pub(super) ends_row: bool,
}

/// The properties of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Run {
    /// Whether its characters are codes, such as the mark of a note.
    pub(super) is_special: bool,
    /// Whether it is hidden, or deleted with its deletion still shown to editors.
    pub(super) is_left_out: bool,
}

/// Properties of the text between offsets of the file.
#[derive(Debug)]
pub(super) struct Ranges<T> {
    /// The end of each range and its properties, in the order of the file.
    ranges: Vec<(u32, u32, T)>,
    /// The range that was asked for last: the next is mostly the same.
    last: usize,
}

impl<T: Copy + Default> Ranges<T> {
    /// Returns the properties at an offset of the file.
    pub(super) fn at(&mut self, offset: u32) -> T {
        let holds = |range: &(u32, u32, T)| range.0 <= offset && offset < range.1;
        if let Some(range) = self.ranges.get(self.last).filter(|range| holds(range)) {
            return range.2;
        }
        self.last = self.ranges.partition_point(|range| range.1 <= offset);
        self.ranges.get(self.last).filter(|range| holds(range)).map(|range| range.2).unwrap_or_default()
    }

    /// Reads the pages that a table names. `read` reads the properties at a place in a page.
    fn read(table: &[u8], document: &[u8], entry_bytes: usize, read: impl Fn(&[u8], usize) -> T) -> Ranges<T> {
        let count = table.len().saturating_sub(4) / 8;
        let mut ranges = Vec::new();
        // A page is named once.
        for at in 0..count.min(document.len() / PAGE_BYTES + 1) {
            let number = u32_at(table, (count + 1) * 4 + at * 4).unwrap_or(0) & PAGE_NUMBER;
            let start = number as usize * PAGE_BYTES;
            let Some(page) = document.get(start..start + PAGE_BYTES) else { continue };
            let entries = usize::from(page[PAGE_BYTES - 1]).min(MOST_ENTRIES);
            for entry in 0..entries {
                let offset = |at: usize| u32_at(page, at * 4).unwrap_or(0);
                let place = page.get((entries + 1) * 4 + entry * entry_bytes).map_or(0, |&word| usize::from(word) * 2);
                let properties = if place == 0 { T::default() } else { read(page, place) };
                ranges.push((offset(entry), offset(entry + 1), properties));
            }
        }
        ranges.sort_by_key(|range| (range.1, range.0));
        Ranges { ranges, last: 0 }
    }
}

/// Reads the properties of all runs.
pub(super) fn runs(table: &[u8], document: &[u8]) -> Ranges<Run> {
    Ranges::read(table, document, 1, |page, place| {
        let length = page.get(place).map_or(0, |&length| usize::from(length));
        let mut run = Run::default();
        for (code, operand) in Changes::of(page.get(place + 1..).unwrap_or_default(), length) {
            let is_on = operand.first().is_some_and(|&value| value & 1 == 1);
            match code {
                0x0855 => run.is_special = is_on,
                0x0800 | 0x083c => run.is_left_out |= is_on,
                _ => {}
            }
        }
        run
    })
}

/// Reads the properties of all paragraphs.
pub(super) fn paragraphs(table: &[u8], document: &[u8]) -> Ranges<Paragraph> {
    Ranges::read(table, document, 13, |page, place| {
        // The length counts words; a zero says that the true one follows.
        let (length, place) = match page.get(place) {
            Some(0) => (page.get(place + 1).map_or(0, |&words| usize::from(words) * 2), place + 2),
            Some(&words) => (usize::from(words) * 2 - 1, place + 1),
            None => (0, place),
        };
        let mut paragraph = Paragraph { style: u16_at(page, place).unwrap_or(0), ..Paragraph::default() };
        let changes = Changes::of(page.get(place + 2..).unwrap_or_default(), length.saturating_sub(2));
        paragraph.change(changes);
        paragraph
    })
}

impl Paragraph {
    /// Applies a list of changes.
    pub(super) fn change(&mut self, changes: Changes<'_>) {
        for (code, operand) in changes {
            let value = operand.first().copied().unwrap_or(0);
            match code {
                0x4600 => self.style = u16_at(operand, 0).unwrap_or(self.style),
                0x2640 => self.outline = Some(value),
                0x2416 | 0x244b if value != 0 => self.place = Place::Table,
                0x6649 if operand.iter().any(|&byte| byte != 0) => self.place = Place::Table,
                0x2417 => self.ends_row = value != 0,
                _ => {}
            }
        }
    }
}

/// A list of changes: codes and their operands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changes<'p> {
    rest: &'p [u8],
}

impl<'p> Changes<'p> {
    /// Returns the changes in the first `length` bytes.
    pub(super) fn of(bytes: &'p [u8], length: usize) -> Changes<'p> {
        Changes { rest: bytes.get(..length).unwrap_or(bytes) }
    }
}

impl<'p> Iterator for Changes<'p> {
    type Item = (u16, &'p [u8]);

    fn next(&mut self) -> Option<(u16, &'p [u8])> {
        let code = u16_at(self.rest, 0)?;
        let rest = self.rest.get(2..)?;
        let length = match code >> 13 {
            0 | 1 => 1,
            2 | 4 | 5 => 2,
            3 => 4,
            7 => 3,
            // The definition of a table has a length of two bytes, which counts one too many.
            _ if code == 0xd608 => usize::from(u16_at(rest, 0)?) + 1,
            _ => usize::from(*rest.first()?) + 1,
        };
        let (operand, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some((code, operand))
    }
}
