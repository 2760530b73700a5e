//! Puts the tag of an ask into each line of its answer.

use std::io::{self, Write};

/// Passes lines of JSON objects on, each with one more field, its first.
pub(super) struct Echo<'w> {
    out: &'w mut dyn Write,
    /// What follows the brace that a line begins with.
    field: String,
    is_start: bool,
}

impl<'w> Echo<'w> {
    /// Returns a writer for lines with this `tag`, if there is one. It is one line of JSON.
    pub(super) fn new(out: &'w mut dyn Write, tag: Option<&str>) -> Echo<'w> {
        let field = tag.map(|tag| format!("\"tag\":{tag},")).unwrap_or_default();
        Echo { out, field, is_start: true }
    }

    /// Writes bytes of which only the last may end a line.
    fn write_part(&mut self, part: &[u8]) -> io::Result<()> {
        match part.split_first() {
            Some((brace, rest)) if self.is_start && !self.field.is_empty() => {
                self.out.write_all(&[*brace])?;
                self.out.write_all(self.field.as_bytes())?;
                self.out.write_all(rest)?;
            }
            _ => self.out.write_all(part)?,
        }
        self.is_start = part.ends_with(b"\n");
        Ok(())
    }
}

impl Write for Echo<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        bytes.split_inclusive(|&byte| byte == b'\n').try_for_each(|part| self.write_part(part))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_begins_with_the_tag() {
        let lines = "{\"type\":\"hit\",\"title\":\"停火\"}\n{\"type\":\"summary\"}\n";
        for (tag, expected) in [
            (None, lines.to_owned()),
            (
                Some("7"),
                "{\"tag\":7,\"type\":\"hit\",\"title\":\"停火\"}\n{\"tag\":7,\"type\":\"summary\"}\n".to_owned(),
            ),
        ] {
            for size in 1..=lines.len() {
                let mut out = Vec::new();
                let mut echo = Echo::new(&mut out, tag);
                lines.as_bytes().chunks(size).for_each(|bytes| echo.write_all(bytes).unwrap());
                assert_eq!(String::from_utf8(out).unwrap(), expected, "{size}");
            }
        }
    }
}
