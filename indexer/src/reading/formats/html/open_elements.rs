//! The open elements of a page, innermost last, and their effect on the text in them.
//!
//! Frequent questions are answered by counters, and searches look through at most
//! [`LOOK_UP`] elements, so that each tag costs the same at any depth.

use super::elements::{Role, ended_by, role, shields};

/// The deepest nesting, as in browsers. Deeper elements are read as if they stood side by side.
const DEEPEST: usize = 512;

/// The number of elements through which a tag looks for the element that it ends.
const LOOK_UP: usize = 64;

/// An open element.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Its name, in lower case.
    pub(super) name: String,
    /// Whether its text is hidden.
    pub(super) hides: bool,
    /// Whether it is a table that was opened in `Blocks`.
    pub(super) is_table: bool,
    /// Whether its name is one of notes.
    pub(super) is_note: bool,
    pub(super) part: Part,
    /// The index of its own anchor, else of the one around it.
    pub(super) anchor: Option<usize>,
    /// The index of the innermost element that holds blocks.
    pub(super) container: usize,
}

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Part {
    /// The article itself.
    Main,
    /// Inside the article, but not part of its text: navigation, asides.
    Beside,
    #[default]
    Other,
}

/// The elements that are open.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    open: Vec<Open>,
    /// The number of open elements that are not in the list because it is full.
    deeper: usize,
    hidden: usize,
    main: usize,
    beside: usize,
    notes: usize,
    pre: usize,
}

impl OpenElements {
    /// Whether text at this point is hidden.
    pub(super) fn hides(&self) -> bool {
        self.hidden > 0
    }

    /// Whether an open element is named as a note.
    pub(super) fn is_note(&self) -> bool {
        self.notes > 0
    }

    /// Whether a `<pre>` is open, in which line ends count.
    pub(super) fn is_preformatted(&self) -> bool {
        self.pre > 0
    }

    /// Returns the part of the page at this point.
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

    /// Returns the innermost element that holds blocks.
    pub(super) fn container(&self) -> usize {
        self.open.last().map_or(0, |open| open.container)
    }

    /// Returns the number of open elements.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether the list is full.
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

    /// Opens an element without effect of its own, so that its end tag is matched.
    pub(super) fn push_plain(&mut self, name: &str) {
        let (anchor, container) = (self.anchor(), self.container());
        self.push(Open { name: name.to_owned(), anchor, container, ..Open::default() });
    }

    /// Opens an element whose text is hidden.
    pub(super) fn push_hidden(&mut self, name: &str) {
        let (anchor, container) = (self.anchor(), self.container());
        self.push(Open { name: name.to_owned(), hides: true, anchor, container, ..Open::default() });
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

    /// Returns the number of elements that an end tag ends.
    pub(super) fn ended_by_end(&mut self, name: &str) -> usize {
        if self.deeper > 0 {
            self.deeper -= 1;
            return 0;
        }
        self.depth_of(|open| open == name, |open| shields(open, name))
    }

    /// Returns the number of elements that a start tag ends implicitly: the previous item and all in it.
    pub(super) fn ended_by_start(&self, name: &str) -> usize {
        let (ended, barriers) = ended_by(name);
        if ended.is_empty() {
            return 0;
        }
        self.depth_of(|open| ended.contains(&open), |open| barriers.contains(&open))
    }

    /// Returns the number of elements that the start of a block ends implicitly: a paragraph and all in it.
    pub(super) fn ended_by_block(&self) -> usize {
        self.depth_of(|open| open == "p", |open| role(open) == Role::Block)
    }

    /// Returns the depth of the nearest sought element, counted from 1 for the innermost; 0 if a barrier comes first.
    fn depth_of(&self, is_sought: impl Fn(&str) -> bool, is_barrier: impl Fn(&str) -> bool) -> usize {
        let mut near = self.open.iter().rev().take(LOOK_UP).map(|open| open.name.as_str());
        let met = near.position(|open| is_sought(open) || is_barrier(open));
        let is_found = |above: usize| self.open.iter().rev().nth(above).is_some_and(|open| is_sought(&open.name));
        met.filter(|&above| is_found(above)).map_or(0, |above| above + 1)
    }
}
