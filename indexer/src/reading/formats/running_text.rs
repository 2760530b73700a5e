//! Running text: a block put together out of runs of inline text.
//!
//! Blanks become one; where two lines meet, words get a blank between them and
//! Chinese gets nothing. Marks of notes are kept beside the text.

use svod_text::language::is_written_without_blanks;

use crate::reading::formats::Mark;

/// What separates the next text from what stands there already. The later one is the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Join {
    /// Nothing.
    #[default]
    None,
    /// A blank.
    Blank,
    /// The end of a line, with the blanks beside it.
    Line,
}

/// A text being put together.
#[derive(Debug, Default)]
pub(crate) struct RunningText {
    text: String,
    marks: Vec<Mark>,
    join: Join,
}

/// A place in a text to go back to.
#[cfg(feature = "html")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    length: usize,
    join: Join,
}

impl RunningText {
    /// Appends text. A soft hyphen is left out, for it would cut a word in two.
    pub(crate) fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' | '\r' => self.join(Join::Line),
                c if c.is_whitespace() => self.join(Join::Blank),
                '\u{ad}' | '\0' => {}
                c => {
                    self.settle_join(c);
                    self.text.push(c);
                }
            }
        }
    }

    /// Sets what separates the next text from this one, unless something stronger does already.
    pub(crate) fn join(&mut self, join: Join) {
        self.join = self.join.max(join);
    }

    /// Notes that a mark stands here.
    pub(crate) fn mark(&mut self, label: String) {
        self.marks.push(Mark { offset: self.text.len(), label });
    }

    /// Ends the text: it is returned with its marks, and a new one begins. Nothing if there is none.
    pub(crate) fn take(&mut self) -> Option<(String, Vec<Mark>)> {
        let mut ended = std::mem::take(self);
        // It grew by doubling, and may stay for long beside many others.
        ended.text.shrink_to_fit();
        (!ended.text.is_empty()).then_some((ended.text, ended.marks))
    }

    fn settle_join(&mut self, next: char) {
        let join = std::mem::take(&mut self.join);
        let Some(last) = self.text.chars().next_back() else { return };
        let is_blank = match join {
            Join::None => false,
            Join::Blank => true,
            Join::Line => !is_written_without_blanks(last) && !is_written_without_blanks(next),
        };
        if is_blank {
            self.text.push(' ');
        }
    }
}

/// Going back: marks of notes stand in links, which are known only when they end.
#[cfg(feature = "html")]
impl RunningText {
    /// Returns the text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place that was reached.
    pub(crate) fn place(&self) -> Place {
        Place { length: self.text.len(), join: self.join }
    }

    /// Returns what was appended since a place, with the blank before it.
    pub(crate) fn since(&self, place: Place) -> &str {
        self.text.get(place.length..).unwrap_or_default()
    }

    /// Returns the text before a place.
    pub(crate) fn before(&self, place: Place) -> &str {
        self.text.get(..place.length).unwrap_or_default()
    }

    /// Takes back everything since a place.
    pub(crate) fn go_back(&mut self, place: Place) {
        if self.text.is_char_boundary(place.length) {
            self.text.truncate(place.length);
        }
        // From the end: a text may hold a hundred thousand marks.
        while self.marks.pop_if(|mark| mark.offset > place.length).is_some() {}
        self.join(place.join);
    }
}

/// Puts a text behind another as the next line.
pub(crate) fn append_line(text: &mut String, line: &str) {
    let meet = text.chars().next_back().zip(line.chars().next());
    if meet.is_some_and(|(last, next)| !is_written_without_blanks(last) && !is_written_without_blanks(next)) {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_meet_as_their_script_wants() {
        for (source, expected) in [
            ("阶段\n性成果", "阶段性成果"),
            ("阶段  \n  性成果", "阶段性成果"),
            ("阶段 性成果", "阶段 性成果"),
            ("阶段\r\n\t性成果", "阶段性成果"),
            ("северный\nморской", "северный морской"),
            ("the war\r\nin  Ukraine", "the war in Ukraine"),
            ("　　标题　作者　", "标题 作者"),
            ("со\u{ad}вет", "совет"),
            ("\n\n", ""),
        ] {
            let mut text = RunningText::default();
            text.push(source);
            assert_eq!(text.text(), expected, "{source:?}");
        }
    }

    #[test]
    fn a_mark_that_is_taken_back_leaves_no_trace() {
        let mut text = RunningText::default();
        text.push("停火 ");
        let place = text.place();
        text.push("[1]");
        assert_eq!(text.since(place), " [1]");
        text.go_back(place);
        text.mark("1".to_owned());
        text.push("协议");
        let (text, marks) = text.take().unwrap();
        assert_eq!(text, "停火 协议");
        assert_eq!(marks, [Mark { offset: 6, label: "1".to_owned() }]);
    }
}
