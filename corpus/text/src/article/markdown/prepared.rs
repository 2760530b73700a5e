//! The text that the parser sees: the source without the marks of dialects.
//!
//! An editor goes through the source once, from its beginning, and leaves out or
//! replaces parts of it. What is left are runs of the source, so that every byte
//! keeps its true place. A source without such marks is not copied.

use std::borrow::Cow;
use std::ops::Range;

use super::Block;

/// A source as the parser sees it. All offsets are those of its text.
#[derive(Debug)]
pub(super) struct Prepared<'s> {
    pub(super) text: Cow<'s, str>,
    /// The byte of the source at which the text begins.
    base: usize,
    /// The parts that the text has from the source, in order; none if the text is the source.
    runs: Vec<Run>,
    /// What stands at a byte of the text without being part of it, in order.
    pub(super) inserts: Vec<Insert>,
    /// The targets of links between notes, in the source.
    pub(super) targets: Vec<Range<usize>>,
}

/// A part of the text that is the same in the source.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: usize,
    source: usize,
    length: usize,
}

/// Something that stands at a byte of the text without being part of it.
#[derive(Debug)]
pub(super) struct Insert {
    pub(super) at: usize,
    pub(super) what: Inserted,
}

#[derive(Debug)]
pub(super) enum Inserted {
    /// The mark of a note, with its label.
    Mark(String),
    /// A note in the text, with its label and its text in the source.
    Note(String, Range<usize>),
    /// Blocks that were read without the parser.
    Blocks(Vec<Block>),
    /// A page begins, with its number.
    Page(u32),
}

impl Inserted {
    /// Whether it stands within a paragraph.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Inserted::Mark(_) | Inserted::Note(..))
    }
}

/// A part of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'p> {
    /// A range of the source.
    Source(Range<usize>),
    /// Characters that the source writes in another way.
    Foreign(&'p str),
}

impl Prepared<'_> {
    /// Calls `each` with the parts of a range of the text, in order.
    pub(super) fn parts(&self, range: Range<usize>, mut each: impl FnMut(Part<'_>)) {
        if self.runs.is_empty() {
            return each(Part::Source(self.base + range.start..self.base + range.end));
        }
        let first = self.runs.partition_point(|run| run.at + run.length <= range.start);
        let mut at = range.start;
        for run in self.runs[first..].iter().take_while(|run| run.at < range.end) {
            if at < run.at {
                each(Part::Foreign(&self.text[at..run.at]));
                at = run.at;
            }
            let end = range.end.min(run.at + run.length);
            let source = run.source + (at - run.at);
            each(Part::Source(source..source + (end - at)));
            at = end;
        }
        if at < range.end {
            each(Part::Foreign(&self.text[at..range.end]));
        }
    }
}

/// Makes the text for the parser. Everything is given in the order of the source.
pub(super) struct Editor<'s> {
    pub(super) source: &'s str,
    start: usize,
    /// The end of the part of the source that is done.
    done: usize,
    text: String,
    runs: Vec<Run>,
    inserts: Vec<Insert>,
    pub(super) targets: Vec<Range<usize>>,
}

impl<'s> Editor<'s> {
    pub(super) fn new(source: &'s str, start: usize) -> Editor<'s> {
        Editor {
            source,
            start,
            done: start,
            text: String::new(),
            runs: Vec::new(),
            inserts: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Keeps the source up to a byte.
    fn keep(&mut self, until: usize) {
        if self.done < until {
            self.runs.push(Run { at: self.text.len(), source: self.done, length: until - self.done });
            self.text.push_str(&self.source[self.done..until]);
            self.done = until;
        }
    }

    /// Whether a byte of the source can still be edited.
    pub(super) fn can_cut(&self, at: usize) -> bool {
        self.done <= at
    }

    /// Leaves out a part of the source.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        self.keep(range.start);
        self.done = self.done.max(range.end);
    }

    /// Replaces a part of the source.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        self.cut(range);
        self.text.push_str(text);
    }

    /// Puts something at a byte of the source.
    pub(super) fn insert(&mut self, at: usize, what: Inserted) {
        self.keep(at);
        self.inserts.push(Insert { at: self.text.len(), what });
    }

    pub(super) fn finish(mut self) -> Prepared<'s> {
        let is_edited =
            !self.runs.is_empty() || !self.inserts.is_empty() || self.done > self.start || !self.text.is_empty();
        if !is_edited {
            let (text, base) = (Cow::Borrowed(&self.source[self.start..]), self.start);
            return Prepared { text, base, runs: Vec::new(), inserts: Vec::new(), targets: Vec::new() };
        }
        self.keep(self.source.len());
        // Without a run the text would be taken for the source.
        self.runs.push(Run { at: self.text.len(), source: self.source.len(), length: 0 });
        let Editor { start, text, runs, inserts, targets, .. } = self;
        Prepared { text: Cow::Owned(text), base: start, runs, inserts, targets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_keeps_its_place() {
        let mut editor = Editor::new("停火[x]协议", 0);
        editor.cut(6..7);
        editor.replace(7..9, "~");
        let prepared = editor.finish();
        assert_eq!(prepared.text, "停火~协议");
        let mut parts = Vec::new();
        prepared.parts(3..10, |part| parts.push(format!("{part:?}")));
        assert_eq!(parts, ["Source(3..6)", "Foreign(\"~\")", "Source(9..12)"]);
        let prepared = Editor::new("abc", 1).finish();
        assert!(matches!(prepared.text, Cow::Borrowed("bc")));
    }
}
