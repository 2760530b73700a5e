//! A line that is edited: the query, or the name of a file.
//!
//! The cursor moves by grapheme clusters, so that a letter with its accent or an
//! emoji is skipped and deleted as one. Pure: knows neither keys nor the terminal.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A text with a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    text: String,
    /// The byte offset of the cursor, on a character boundary.
    cursor: usize,
    /// The text that was cut last.
    cut: String,
}

/// A change of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit {
    /// Inserts a character before the cursor.
    Insert(char),
    /// Moves the cursor.
    Move(Reach),
    /// Deletes from the cursor on.
    Delete(Reach),
    /// Deletes from the cursor on, and keeps the text for [`Edit::Paste`].
    Cut(Reach),
    /// Inserts the text that was cut last.
    Paste,
}

/// How far an edit reaches from the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Left,
    Right,
    WordLeft,
    WordRight,
    /// Back to the blank before the word.
    BlankLeft,
    Start,
    End,
}

impl Line {
    /// Returns a line with the cursor at its end.
    pub(super) fn new(text: impl Into<String>) -> Line {
        let text = text.into();
        Line { cursor: text.len(), text, cut: String::new() }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text before the cursor and the text behind it.
    pub(super) fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.cursor)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.cursor == self.text.len()
    }

    /// Replaces the text; the cursor goes to its end.
    pub(super) fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    /// Inserts a text at the cursor, with blanks in place of line ends and control characters.
    pub(super) fn insert(&mut self, text: &str) {
        // A line end of two characters becomes one blank.
        let text = text.trim_matches(['\r', '\n']).replace("\r\n", " ");
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.text.insert_str(self.cursor, &text);
        self.cursor += text.len();
    }

    /// Carries out an edit; returns whether the text has changed.
    pub(super) fn edit(&mut self, edit: Edit) -> bool {
        let length = self.text.len();
        match edit {
            Edit::Insert(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Edit::Move(reach) => self.cursor = self.end_of(reach),
            Edit::Delete(reach) => drop(self.take(reach)),
            Edit::Cut(reach) => {
                let cut = self.take(reach);
                if !cut.is_empty() {
                    self.cut = cut;
                }
            }
            Edit::Paste => self.insert(&self.cut.clone()),
        }
        self.text.len() != length
    }

    fn take(&mut self, reach: Reach) -> String {
        let end = self.end_of(reach);
        let range = end.min(self.cursor)..end.max(self.cursor);
        self.cursor = range.start;
        self.text.drain(range).collect()
    }

    fn end_of(&self, reach: Reach) -> usize {
        let (before, behind) = self.halves();
        match reach {
            Reach::Left => self.boundary(|cursor, text| cursor.prev_boundary(text, 0).ok().flatten()).unwrap_or(0),
            Reach::Right => {
                self.boundary(|cursor, text| cursor.next_boundary(text, 0).ok().flatten()).unwrap_or(self.text.len())
            }
            Reach::WordLeft => {
                let mut words = before.split_word_bound_indices().rev();
                words.find(|(_, word)| !is_between(word)).map_or(0, |(at, _)| at)
            }
            Reach::WordRight => {
                let mut words = behind.split_word_bound_indices();
                words
                    .find(|(_, word)| !is_between(word))
                    .map_or(self.text.len(), |(at, word)| self.cursor + at + word.len())
            }
            Reach::BlankLeft => {
                let word = before.trim_end();
                word.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8())
            }
            Reach::Start => 0,
            Reach::End => self.text.len(),
        }
    }

    fn boundary(&self, step: impl Fn(&mut GraphemeCursor, &str) -> Option<usize>) -> Option<usize> {
        step(&mut GraphemeCursor::new(self.cursor, self.text.len(), true), &self.text)
    }
}

/// Whether a piece of text is not a word, but stands between words.
fn is_between(piece: &str) -> bool {
    !piece.contains(char::is_alphanumeric)
}

/// The queries of this session, oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    queries: Vec<String>,
    /// The index of the query that is shown, and the text that was being typed before.
    shown: Option<(usize, String)>,
}

/// The direction through the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Older,
    Newer,
}

impl History {
    /// Adds a query whose hits were used.
    pub(super) fn remember(&mut self, query: &str) {
        let query = query.trim();
        if query.is_empty() || self.queries.last().is_some_and(|last| last == query) {
            return;
        }
        self.queries.retain(|known| known != query);
        self.queries.push(query.to_owned());
        self.shown = None;
    }

    /// Leaves the history, because the line was edited.
    pub(super) fn leave(&mut self) {
        self.shown = None;
    }

    /// Returns the older or newer query to show instead of `line`.
    pub(super) fn go(&mut self, age: Age, line: &str) -> Option<String> {
        let (at, draft) = match self.shown.take() {
            Some(shown) => shown,
            // The newest query is skipped if it is the line itself.
            None => (
                self.queries.len() - usize::from(self.queries.last().is_some_and(|last| last == line.trim())),
                line.to_owned(),
            ),
        };
        let next = match age {
            Age::Older => at.checked_sub(1),
            Age::Newer => Some(at + 1),
        };
        let at = next.unwrap_or(at).min(self.queries.len());
        let text = self.queries.get(at).unwrap_or(&draft).clone();
        self.shown = (at < self.queries.len()).then_some((at, draft));
        Some(text).filter(|text| text != line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Edits a line in which `|` stands for the cursor, and returns it in the same form.
    fn edited(line: &str, edits: &[Edit]) -> String {
        let cursor = line.find('|').unwrap();
        let mut line = Line { text: line.replace('|', ""), cursor, cut: String::new() };
        for &edit in edits {
            line.edit(edit);
        }
        let (before, behind) = line.halves();
        format!("{before}|{behind}")
    }

    #[test]
    fn the_cursor_moves_by_what_readers_see() {
        use Reach::*;
        for (line, reach, expected) in [
            ("停火|", Left, "停|火"),
            ("|停火", Right, "停|火"),
            ("мир|", Left, "ми|р"),
            ("й и\u{306}|", Left, "й |и\u{306}"),
            ("👨‍👩‍👧|", Left, "|👨‍👩‍👧"),
            ("|", Left, "|"),
            ("|", Right, "|"),
            ("мир и  война|", WordLeft, "мир и  |война"),
            ("мир и  |война", WordLeft, "мир |и  война"),
            ("|cease-fire now", WordRight, "cease|-fire now"),
            ("停火 now|", Start, "|停火 now"),
            ("|停火 now", End, "停火 now|"),
        ] {
            assert_eq!(edited(line, &[Edit::Move(reach)]), expected, "{line} {reach:?}");
        }
    }

    #[test]
    fn deleting_cutting_and_putting_back() {
        use Edit::*;
        for (line, edits, expected) in [
            ("乌克兰停火|", &[Delete(Reach::Left)][..], "乌克兰停|"),
            ("乌克兰 停火|", &[Cut(Reach::BlankLeft)], "乌克兰 |"),
            ("санкции  |против", &[Cut(Reach::BlankLeft)], "|против"),
            ("a b| c", &[Cut(Reach::Start), Move(Reach::End), Paste], " ca b|"),
            ("a b| c", &[Cut(Reach::End), Cut(Reach::End), Move(Reach::Start), Paste], " c|a b"),
            ("|", &[Insert('е'), Insert('\u{308}'), Delete(Reach::Left)], "|"),
            ("мир| война", &[Delete(Reach::WordRight)], "мир|"),
        ] {
            assert_eq!(edited(line, edits), expected, "{line} {edits:?}");
        }
    }

    #[test]
    fn a_pasted_text_stays_on_one_line() {
        let mut line = Line::new("停火 ");
        line.insert("\r\nпервая\r\nвторая\n\x1b[31mthird\n");
        assert_eq!(line.text(), "停火 первая вторая  [31mthird");
    }

    #[test]
    fn the_history_goes_back_and_returns_to_what_was_typed() {
        let mut history = History::default();
        for query in ["мир", "停火", " ", "мир", "мир"] {
            history.remember(query);
        }
        assert_eq!(history.queries, ["停火", "мир"]);
        assert_eq!(history.go(Age::Older, "wa").as_deref(), Some("мир"));
        assert_eq!(history.go(Age::Older, "мир").as_deref(), Some("停火"));
        assert_eq!(history.go(Age::Older, "停火"), None);
        assert_eq!(history.go(Age::Newer, "停火").as_deref(), Some("мир"));
        assert_eq!(history.go(Age::Newer, "мир").as_deref(), Some("wa"));
        assert_eq!(history.go(Age::Newer, "wa"), None);
        assert_eq!(history.go(Age::Older, "мир").as_deref(), Some("停火"), "what is shown is passed over");
        assert_eq!(History::default().go(Age::Older, ""), None);
    }

    proptest! {
        #[test]
        fn the_cursor_stays_on_a_boundary(text in "\\PC{0,12}", edits in prop::collection::vec(0usize..13, 0..20)) {
            let all = [
                Edit::Insert('停'), Edit::Insert('\u{301}'), Edit::Move(Reach::Left), Edit::Move(Reach::Right),
                Edit::Move(Reach::WordLeft), Edit::Move(Reach::WordRight), Edit::Delete(Reach::Left),
                Edit::Delete(Reach::Right), Edit::Cut(Reach::WordLeft), Edit::Cut(Reach::BlankLeft),
                Edit::Cut(Reach::Start), Edit::Cut(Reach::End), Edit::Paste,
            ];
            let mut line = Line::new(text);
            for edit in edits {
                line.edit(all[edit]);
                prop_assert!(line.text.is_char_boundary(line.cursor));
            }
        }
    }
}
