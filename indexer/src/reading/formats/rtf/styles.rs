//! The styles of paragraphs, as far as they tell headings.

use std::collections::HashMap;

use crate::reading::formats::word::{Place, level_of_name, level_of_outline};

/// The most styles that are looked through for what a style is based on: a ring has no end.
const MOST_BASED: usize = 12;

/// The properties of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Paragraph {
    /// The number of its style.
    pub(super) style: i32,
    /// Its own outline level, from 0; 9 and more is body text.
    pub(super) outline: Option<u8>,
    pub(super) place: Place,
}

/// A style.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    pub(super) number: i32,
    pub(super) name: String,
    pub(super) outline: Option<u8>,
    pub(super) based_on: Option<i32>,
}

/// The styles of a document, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<i32, (Option<Option<u8>>, Option<i32>)>,
}

impl Styles {
    /// Takes a style, if it has a name: the list of styles ends without one.
    pub(super) fn insert(&mut self, style: Style) {
        if style.name.is_empty() {
            return;
        }
        let level = level_of_name(style.name.trim_matches([';', ' ']));
        let level = level.map(Some).or_else(|| style.outline.map(level_of_outline));
        self.styles.insert(style.number, (level, style.based_on));
    }

    /// Returns the heading level of a paragraph: its own, else that of its style.
    pub(super) fn level(&self, paragraph: &Paragraph) -> Option<u8> {
        if let Some(outline) = paragraph.outline {
            return level_of_outline(outline);
        }
        let mut number = paragraph.style;
        for _ in 0..MOST_BASED {
            let (level, based_on) = self.styles.get(&number)?;
            if let Some(level) = level {
                return *level;
            }
            number = (*based_on)?;
        }
        None
    }
}
