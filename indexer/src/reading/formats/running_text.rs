//! Running text: a block put together from runs of inline text.
//!
//! A run of blanks becomes one blank. Where two lines meet, a blank is put between
//! words, nothing between Chinese characters, and a mark behind a hyphen that may
//! divide a word. Marks of notes are kept beside the text.

use svod_text::article::line_joint;

use crate::reading::formats::Mark;

/// What separates the next text from the text so far. Later variants are stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Join {
    /// Nothing.
    #[default]
    None,
    /// A blank.
    Blank,
    /// The end of a line, including blanks around it.
    Line,
}

/// A text being put together.
#[derive(Debug, Default)]
pub(crate) struct RunningText {
    text: String,
    marks: Vec<Mark>,
    join: Join,
}

/// A point in a text to go back to.
#[cfg(feature = "html")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    length: usize,
    join: Join,
}

impl RunningText {
    /// Appends text, without soft hyphens, which would cut words in two.
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

    /// Sets what separates the next text from the text so far, unless it is separated more strongly already.
    pub(crate) fn join(&mut self, join: Join) {
        self.join = self.join.max(join);
    }

    /// Adds a mark at the end of the text.
    pub(crate) fn mark(&mut self, label: String) {
        self.marks.push(Mark { offset: self.text.len(), label });
    }

    /// Ends the text: returns it with its marks and begins a new one. `None` if it is empty.
    pub(crate) fn take(&mut self) -> Option<(String, Vec<Mark>)> {
        let mut ended = std::mem::take(self);
        // Its spare room would add up: blocks are kept until the document ends.
        ended.text.shrink_to_fit();
        (!ended.text.is_empty()).then_some((ended.text, ended.marks))
    }

    fn settle_join(&mut self, next: char) {
        let join = std::mem::take(&mut self.join);
        let between = match join {
            Join::None => "",
            Join::Blank if self.text.is_empty() => "",
            Join::Blank => " ",
            Join::Line => line_joint(&self.text, next),
        };
        self.text.push_str(between);
    }
}

#[cfg(any(feature = "fb2", feature = "html"))]
impl RunningText {
    /// Returns the text so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// Going back: only at the end of a link is it known whether its text is a mark, which is then removed.
#[cfg(feature = "html")]
impl RunningText {
    /// Returns the current place.
    pub(crate) fn place(&self) -> Place {
        Place { length: self.text.len(), join: self.join }
    }

    /// Returns the text since a place, including the blank before it.
    pub(crate) fn since(&self, place: Place) -> &str {
        self.text.get(place.length..).unwrap_or_default()
    }

    /// Returns the text before a place.
    pub(crate) fn before(&self, place: Place) -> &str {
        self.text.get(..place.length).unwrap_or_default()
    }

    /// Removes everything since a place.
    pub(crate) fn go_back(&mut self, place: Place) {
        if self.text.is_char_boundary(place.length) {
            self.text.truncate(place.length);
        }
        // Checked from the end, because a text may have a hundred thousand marks.
        while self.marks.pop_if(|mark| mark.offset > place.length).is_some() {}
        self.join(place.join);
    }
}

/// Appends a text to another as the next line.
pub(crate) fn append_line(text: &mut String, line: &str) {
    if let Some(next) = line.chars().next() {
        text.push_str(line_joint(text, next));
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
            ("cross-\nborder", "cross-\u{ad} border"),
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
