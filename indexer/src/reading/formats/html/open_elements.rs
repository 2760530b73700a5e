//! The elements that are open, innermost last, and what holds inside them.
//!
//! Everything asked often is a counter, and no search looks further than
//! [`LOOK_UP`] elements, so that each tag costs the same however deep it is.

use super::elements::{Role, ended_by, role, shields};

/// Browsers nest no deeper; elements inside are read as if they stood beside.
const DEEPEST: usize = 512;

/// So far up an end tag looks for its start tag.
const LOOK_UP: usize = 64;

/// An open element.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// In lower case.
    pub(super) name: String,
    /// Its text is not shown.
    pub(super) hides: bool,
    /// It is a table that the blocks know of.
    pub(super) is_table: bool,
    /// It is named as a note.
    pub(super) is_note: bool,
    pub(super) part: Part,
    /// The anchor that it is, or else the one around it.
    pub(super) anchor: Option<usize>,
}

/// What part of a page something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Part {
    /// The article itself.
    Main,
    /// Inside the article, but not of it.
    Beside,
    #[default]
    Other,
}

/// The elements that are open.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    open: Vec<Open>,
    /// Elements that are open but not in the list, for it is full.
    deeper: usize,
    hidden: usize,
    main: usize,
    beside: usize,
    notes: usize,
    pre: usize,
}

impl OpenElements {
    /// Whether text is hidden here.
    pub(super) fn hides(&self) -> bool {
        self.hidden > 0
    }

    /// Whether this is inside something named as a note.
    pub(super) fn is_note(&self) -> bool {
        self.notes > 0
    }

    /// Whether line ends mean something here.
    pub(super) fn is_preformatted(&self) -> bool {
        self.pre > 0
    }

    /// Returns the part of the page this is.
    pub(super) fn part(&self) -> Part {
        match (self.main, self.beside) {
            (0, _) => Part::Other,
            (_, 0) => Part::Main,
            _ => Part::Beside,
        }
    }

    /// Returns the innermost anchor.
    pub(super) fn anchor(&self) -> Option<usize> {
        self.open.last().and_then(|open| open.anchor)
    }

    /// Whether no more elements are taken in.
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= DEEPEST
    }

    /// Opens an element.
    pub(super) fn push(&mut self, open: Open) {
        if self.is_full() {
            self.deeper += 1;
            return;
        }
        self.hidden += usize::from(open.hides);
        self.main += usize::from(open.part == Part::Main);
        self.beside += usize::from(open.part == Part::Beside);
        self.notes += usize::from(open.is_note);
        self.pre += usize::from(open.name == "pre");
        self.open.push(open);
    }

    /// Opens an element that means nothing but that it has an end.
    pub(super) fn push_plain(&mut self, name: &str) {
        self.push(Open { name: name.to_owned(), anchor: self.anchor(), ..Open::default() });
    }

    /// Opens an element whose text is not shown.
    pub(super) fn push_hidden(&mut self, name: &str) {
        self.push(Open { name: name.to_owned(), hides: true, anchor: self.anchor(), ..Open::default() });
    }

    /// Ends the innermost element.
    pub(super) fn pop(&mut self) -> Option<Open> {
        let open = self.open.pop()?;
        self.hidden -= usize::from(open.hides);
        self.main -= usize::from(open.part == Part::Main);
        self.beside -= usize::from(open.part == Part::Beside);
        self.notes -= usize::from(open.is_note);
        self.pre -= usize::from(open.name == "pre");
        Some(open)
    }

    /// Returns how many elements an end tag ends.
    pub(super) fn ended_by_end(&mut self, name: &str) -> usize {
        if self.deeper > 0 {
            self.deeper -= 1;
            return 0;
        }
        self.depth_of(|open| open == name, |open| shields(open, name))
    }

    /// Returns how many elements a start tag ends without a word: the item before, with all in it.
    pub(super) fn ended_by_start(&self, name: &str) -> usize {
        let (ended, barriers) = ended_by(name);
        if ended.is_empty() {
            return 0;
        }
        self.depth_of(|open| ended.contains(&open), |open| barriers.contains(&open))
    }

    /// Returns how many elements the start of a block ends without a word: a paragraph, with all in it.
    pub(super) fn ended_by_block(&self) -> usize {
        self.depth_of(|open| open == "p", |open| role(open) == Role::Block)
    }

    /// Returns the depth of an element, from 1 for the innermost; 0 if there is none before a barrier.
    fn depth_of(&self, is_sought: impl Fn(&str) -> bool, is_barrier: impl Fn(&str) -> bool) -> usize {
        let mut near = self.open.iter().rev().take(LOOK_UP).map(|open| open.name.as_str());
        let met = near.position(|open| is_sought(open) || is_barrier(open));
        let is_found = |above: usize| self.open.iter().rev().nth(above).is_some_and(|open| is_sought(&open.name));
        met.filter(|&above| is_found(above)).map_or(0, |above| above + 1)
    }
}
