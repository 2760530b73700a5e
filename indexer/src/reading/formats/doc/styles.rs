//! The styles of a document, as far as they tell headings.

use super::properties::{Changes, Paragraph};
use crate::reading::formats::compound::u16_at;
use crate::reading::formats::word::{level_of_name, level_of_outline};

/// The numbers of built-in styles: headings 1 to 9, and the title.
const HEADINGS: std::ops::RangeInclusive<u16> = 1..=9;
const TITLE: u16 = 62;

/// The most styles that are looked through for what a style is based on: a ring has no end.
const MOST_BASED: usize = 12;

/// The styles of a document, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: Vec<Style>,
}

#[derive(Debug, Clone, Default)]
struct Style {
    /// The outer `None`: it has no level of its own.
    level: Option<Option<u8>>,
    based_on: usize,
}

impl Styles {
    /// Reads the list of styles.
    pub(super) fn read(table: &[u8]) -> Styles {
        let mut styles = Vec::new();
        let header_bytes = u16_at(table, 0).unwrap_or(0);
        let base_bytes = usize::from(u16_at(table, 4).unwrap_or(0));
        let mut rest = table.get(usize::from(header_bytes) + 2..).unwrap_or_default();
        while let Some(length) = u16_at(rest, 0) {
            let length = usize::from(length);
            let Some(style) = rest.get(2..2 + length) else { break };
            styles.push(Style::read(style, base_bytes));
            // Each begins at an even byte.
            rest = rest.get(2 + length.next_multiple_of(2)..).unwrap_or_default();
        }
        Styles { styles }
    }

    /// Returns the heading level of a paragraph: its own, else that of its style.
    pub(super) fn level(&self, paragraph: &Paragraph) -> Option<u8> {
        if let Some(outline) = paragraph.outline {
            return level_of_outline(outline);
        }
        let mut number = usize::from(paragraph.style);
        for _ in 0..MOST_BASED {
            let style = self.styles.get(number)?;
            if let Some(level) = style.level {
                return level;
            }
            number = style.based_on;
        }
        None
    }
}

impl Style {
    fn read(bytes: &[u8], base_bytes: usize) -> Style {
        let number = u16_at(bytes, 0).unwrap_or(0) & 0xfff;
        let kind = u16_at(bytes, 2).unwrap_or(0);
        let based_on = usize::from(kind >> 4);
        let name_units = u16_at(bytes, base_bytes).map_or(0, usize::from);
        let name_at = base_bytes + 2;
        let name: Vec<u16> = (0..name_units).map_while(|at| u16_at(bytes, name_at + at * 2)).collect();
        let level = if HEADINGS.contains(&number) {
            Some((number as u8).min(6))
        } else if number == TITLE {
            Some(1)
        } else {
            level_of_name(&String::from_utf16_lossy(&name))
        };
        let own_outline = || {
            // Behind the name and its end: the length of the changes, the number of the style, the changes.
            let changes_at = name_at + name_units * 2 + 2;
            let length = usize::from(u16_at(bytes, changes_at)?);
            let mut paragraph = Paragraph::default();
            paragraph.change(Changes::of(bytes.get(changes_at + 4..)?, length.saturating_sub(2)));
            paragraph.outline.map(level_of_outline)
        };
        Style { level: level.map(Some).or_else(own_outline), based_on }
    }
}
