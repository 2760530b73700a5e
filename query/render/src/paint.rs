//! How a terminal is written to: colours, links, width.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use anstyle::AnsiColor;
use svod_text::printable;

use super::wrap::wrap;

/// How an answer is laid out.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Layout {
    /// Whether colours are used.
    pub paint: Paint,
    /// The width of a line in terminal columns.
    pub columns: usize,
    /// Whether places are links.
    pub links: Links,
}

impl Layout {
    /// Returns a layout for lines of `columns` terminal columns, without colours and links.
    pub fn new(columns: usize) -> Layout {
        Layout { paint: Paint::Plain, columns, links: Links::None }
    }

    /// Sets whether colours are used.
    #[must_use]
    pub fn paint(self, paint: Paint) -> Layout {
        Layout { paint, ..self }
    }

    /// Sets what places link to.
    #[must_use]
    pub fn links(self, links: Links) -> Layout {
        Layout { links, ..self }
    }
}

/// Whether colours are used. Nothing needs them to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Escape sequences for a terminal, in the sixteen colours of its own palette.
    Colour,
    /// None.
    Plain,
}

/// What the place of a passage links to, as terminals understand it (OSC 8).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Links {
    /// Places are plain text.
    #[default]
    None,
    /// An address in which `{path}` stands for the path of the file, `{line}` for the line.
    To(String),
}

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Title,
    Place,
    /// What is not looked at first.
    Faint,
    Found,
}

impl Paint {
    /// Returns how a stretch of text is shown: `{style}` begins it, and `{style:#}` ends it.
    pub(crate) fn style(self, style: Style) -> anstyle::Style {
        match (self, style) {
            (Paint::Plain, _) => anstyle::Style::new(),
            (_, Style::Title) => anstyle::Style::new().bold(),
            (_, Style::Place) => AnsiColor::Cyan.on_default(),
            (_, Style::Faint) => anstyle::Style::new().dimmed(),
            (_, Style::Found) => AnsiColor::Red.on_default().bold(),
        }
    }
}

impl Links {
    /// Returns a text as a link to a line of a file, if there is one.
    pub(crate) fn around(&self, text: &str, file: Option<&Path>, line: u32) -> String {
        match (self, file) {
            (Links::None, _) | (_, None) => text.to_owned(),
            (Links::To(pattern), Some(path)) => {
                let address = pattern.replace("{line}", &line.to_string()).replace("{path}", &encoded(path));
                format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\")
            }
        }
    }
}

/// Returns a path as it stands in an address.
pub(crate) fn encoded(path: &Path) -> String {
    percent_encoded(in_address(path).as_os_str().as_encoded_bytes())
}

/// Returns a path with the folders of an address: on Windows they begin with a `/`, as elsewhere.
pub(crate) fn in_address(path: &Path) -> Cow<'_, Path> {
    match path.to_str() {
        Some(path) if cfg!(windows) => Cow::Owned(of_windows(path).into()),
        _ => Cow::Borrowed(path),
    }
}

fn of_windows(path: &str) -> String {
    // The form of paths that may be long and have any names: all roots have it.
    let path = match path.strip_prefix(r"\\?\") {
        Some(rest) => rest.strip_prefix(r"UNC\").map_or_else(|| rest.to_owned(), |share| format!("//{share}")),
        None => path.to_owned(),
    };
    let path = path.replace('\\', "/");
    if path.starts_with('/') { path } else { format!("/{path}") }
}

/// Writes all bytes but unreserved ones and `/` by their numbers (RFC 3986).
pub(crate) fn percent_encoded(bytes: &[u8]) -> String {
    let mut encoded = String::new();
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02X}").expect("a string can be written to"),
        }
    }
    encoded
}

/// A margin: what stands before the first line of a text, and before the others.
pub(crate) type Margin<'m> = (&'m str, &'m str);

/// Writes a text in one style, wrapped within the layout's columns.
pub(crate) fn write_wrapped(
    out: &mut dyn Write,
    layout: &Layout,
    style: Style,
    margin: Margin<'_>,
    text: &str,
) -> io::Result<()> {
    let (text, style) = (printable(text), layout.paint.style(style));
    let columns = layout.columns.saturating_sub(unicode_width::UnicodeWidthStr::width(margin.0));
    for (at, line) in wrap(&text, columns).into_iter().enumerate() {
        let margin = if at == 0 { margin.0 } else { margin.1 };
        writeln!(out, "{margin}{style}{}{style:#}", &text[line])?;
    }
    Ok(())
}

/// Writes a text with its highlights, wrapped.
pub(crate) fn write_highlighted(
    out: &mut dyn Write,
    layout: &Layout,
    margin: &str,
    text: &str,
    highlights: &[Range<usize>],
) -> io::Result<()> {
    for line in wrap(text, layout.columns.saturating_sub(margin.len())) {
        out.write_all(margin.as_bytes())?;
        write_marked(out, layout.paint, text, line, highlights)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes a line of a text with its highlights.
fn write_marked(
    out: &mut dyn Write,
    paint: Paint,
    text: &str,
    line: Range<usize>,
    highlights: &[Range<usize>],
) -> io::Result<()> {
    let (style, mut at) = (paint.style(Style::Found), line.start);
    for found in highlights.iter().filter(|found| found.start < line.end && line.start < found.end) {
        let (start, end) = (found.start.max(line.start), found.end.min(line.end));
        write!(out, "{}{style}{}{style:#}", printable(&text[at..start]), printable(&text[start..end]))?;
        at = end;
    }
    write!(out, "{}", printable(&text[at..line.end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_links() {
        let file = Links::To("file://{path}#{line}".to_owned());
        assert_eq!(
            file.around("停火.md:3", Some(Path::new("/a b/停火\x1b.md")), 3),
            "\x1b]8;;file:///a%20b/%E5%81%9C%E7%81%AB%1B.md#3\x1b\\停火.md:3\x1b]8;;\x1b\\"
        );
        for (path, expected) in [
            (r"\\?\C:\库\a.md", "/C:/库/a.md"),
            (r"C:\a.md", "/C:/a.md"),
            (r"\\?\UNC\server\share\a.md", "//server/share/a.md"),
        ] {
            assert_eq!(of_windows(path), expected);
        }
        assert_eq!(Links::None.around("мир.txt:1", Some(Path::new("/мир.txt")), 1), "мир.txt:1");
        assert_eq!(file.around("laws/1", None, 1), "laws/1");
    }
}
