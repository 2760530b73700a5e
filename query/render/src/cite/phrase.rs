//! A line that is put together of parts that may be missing.

/// The line so far.
#[derive(Debug, Default)]
pub(super) struct Phrase {
    text: String,
}

impl Phrase {
    /// Adds a part, if there is one, with what stands before it where something stands there.
    pub(super) fn add(&mut self, before: &str, part: Option<impl AsRef<str>>) -> &mut Phrase {
        let part = part.as_ref().map_or("", |part| part.as_ref());
        if !part.is_empty() {
            if !self.text.is_empty() {
                self.mark(before);
            }
            self.text.push_str(part);
        }
        self
    }

    /// Adds punctuation: no full stop behind what ends a sentence already.
    fn mark(&mut self, mark: &str) {
        let is_ended = self.text.ends_with(['.', '?', '!', '…', '？', '！']);
        self.text.push_str(mark.strip_prefix('.').filter(|_| is_ended).unwrap_or(mark));
    }

    /// Ends the line.
    pub(super) fn end(mut self) -> String {
        if !self.text.is_empty() {
            self.mark(".");
        }
        self.text
    }

    /// Returns what was put together, without an end.
    pub(super) fn text(self) -> String {
        self.text
    }
}
