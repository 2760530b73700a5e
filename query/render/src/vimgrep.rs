//! Places for editors: `path:line:column:text`, a line for each thing found.
//!
//! Lines and columns count from 1, columns in bytes, as vim counts them. The
//! text is what the passage has of that line. Where a source has no lines
//! (docx, html) its hits stand at 1:1; where it is not UTF-8 text, at the
//! beginning of the passage's line.

use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use svod_query::{Answer, Hit};
use svod_text::article::Piece;
use svod_text::printable;

use super::text::Paths;
use super::writer::AnswerWriter;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes places for editors, a line for each thing found.
pub struct Vimgrep<'w> {
    out: &'w mut dyn Write,
    paths: Paths,
    sources: Sources<'w>,
}

impl<'w> Vimgrep<'w> {
    /// Returns a writer of places; `read` reads the file that a hit is in.
    pub fn new(out: &'w mut dyn Write, read: &'w dyn Fn(&Path) -> io::Result<Vec<u8>>) -> Vimgrep<'w> {
        Vimgrep { out, paths: Paths::default(), sources: Sources { read, last: None } }
    }

    /// Sets how paths are shown.
    #[must_use]
    pub fn paths(self, paths: &Paths) -> Vimgrep<'w> {
        Vimgrep { paths: paths.clone(), ..self }
    }
}

/// The places of each hit in its order.
impl AnswerWriter for Vimgrep<'_> {
    fn begin(&mut self, _: &str, _: &Answer) -> io::Result<()> {
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let path = self.paths.shown(hit.root.as_deref(), &hit.path);
        for Place { line, column, text } in places(hit, self.sources.of(hit)) {
            writeln!(self.out, "{}:{line}:{column}:{}", printable(&path), printable(&text))?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        Ok(())
    }
}

/// The files that hits are in; the last is kept for the next hit.
struct Sources<'r> {
    read: &'r dyn Fn(&Path) -> io::Result<Vec<u8>>,
    last: Option<(Option<PathBuf>, Vec<u8>)>,
}

impl Sources<'_> {
    fn of(&mut self, hit: &Hit) -> &[u8] {
        let file = hit.file();
        if self.last.as_ref().is_none_or(|(path, _)| *path != file) {
            let source = file.as_deref().and_then(|file| (self.read)(file).ok()).unwrap_or_default();
            self.last = Some((file, source));
        }
        self.last.as_ref().map_or(&[], |(_, source)| source)
    }
}

/// A place in a source.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    line: u32,
    column: usize,
    text: String,
}

/// Returns where what was found stands in the source; where nothing is marked, where the passage does.
fn places(hit: &Hit, source: &[u8]) -> Vec<Place> {
    let Some(first) = hit.pieces.first() else { return vec![without_pieces(hit)] };
    let mut places: Vec<Place> =
        hit.highlights.iter().filter_map(|found| place_of(&hit.text, &hit.pieces, found, source)).collect();
    if places.is_empty() {
        places.extend(place_of(&hit.text, &hit.pieces, &(first.text..first.text), source));
    }
    places
}

fn without_pieces(hit: &Hit) -> Place {
    let line = hit.lines.as_ref().map_or(1, |lines| *lines.start());
    Place { line, column: 1, text: hit.snippet.text.clone() }
}

/// Returns where the beginning of a range of a passage's text stands.
fn place_of(text: &str, pieces: &[Piece], found: &Range<usize>, source: &[u8]) -> Option<Place> {
    // What the passage adds between pieces belongs to the next of them.
    let piece = pieces.iter().find(|piece| found.start < piece.text + piece.length).or(pieces.last())?;
    let at = piece.source + found.start.saturating_sub(piece.text).min(piece.length);
    let on_line: Vec<&Piece> = pieces.iter().filter(|other| other.line == piece.line).collect();
    let (first, last) = (on_line.first()?, on_line.last()?);
    let start = line_start(source, at).unwrap_or(first.source);
    let text = text.get(first.text..last.text + last.length).unwrap_or_default().trim().to_owned();
    Some(Place { line: piece.line, column: at.saturating_sub(start) + 1, text })
}

/// Returns where the line begins that a byte stands in, if the source has that byte.
fn line_start(source: &[u8], at: usize) -> Option<usize> {
    let before = source.get(..at)?;
    let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    // Editors do not count the mark.
    let mark = if start == 0 && before.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    Some(start + mark)
}

#[cfg(test)]
mod tests {
    use svod_query::Request;

    use super::*;
    use crate::test_index::index_of;

    /// The hits of a query in one article.
    fn hits(source: &str, query: &str) -> Vec<Hit> {
        index_of("a.md", source).search(&Request::new(query)).unwrap().hits
    }

    /// Checks where a query is found, and that what stands there is what was found.
    fn check(source: &str, query: &str, expected: &[(u32, usize)]) {
        let mut found = Vec::new();
        for hit in hits(source, query) {
            for (place, marked) in places(&hit, source.as_bytes()).iter().zip(&hit.highlights) {
                let line = source.trim_start_matches('\u{feff}').lines().nth(place.line as usize - 1).unwrap();
                let word = hit.text[marked.clone()].split(' ').next().unwrap();
                assert!(line[place.column - 1..].starts_with(word), "{place:?} {line}");
                found.push((place.line, place.column));
            }
        }
        found.sort();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn lines_and_columns_as_vim_counts_them() {
        check("乌克兰停火谈判，停火\n", "停火", &[(1, 10), (1, 25)]);
        check("# Мир\n\nПереговоры о мире\nи ещё о мире.\n", "мир", &[(1, 3), (3, 25), (4, 14)]);
        check("> the *war* and\n> no war\n", "war", &[(1, 8), (2, 6)]);
        check("\u{feff}война и мир\r\nвойна\r\n", "война", &[(1, 1), (2, 1)]);
    }

    #[test]
    fn the_text_is_that_of_the_line() {
        let source = "> Первая *строка* о мире\n> вторая\n";
        let found = hits(source, "мир");
        let expected = Place { line: 1, column: 34, text: "Первая строка о мире".to_owned() };
        assert_eq!(places(&found[0], source.as_bytes()), [expected]);
        let gone = places(&found[0], b"");
        assert_eq!((gone[0].line, gone[0].column), (1, 32), "counted from the passage's own text on that line");
    }

    #[test]
    fn sources_without_lines_or_highlights() {
        let mut hit = hits("停火\n", "停火").remove(0);
        hit.highlights.clear();
        assert_eq!(places(&hit, "停火\n".as_bytes())[0], Place { line: 1, column: 1, text: "停火".to_owned() });
        (hit.pieces, hit.lines) = (Vec::new(), Some(7..=9));
        assert_eq!((places(&hit, b"")[0].line, places(&hit, b"")[0].column), (7, 1));
        hit.lines = None;
        assert_eq!(places(&hit, b"")[0].line, 1);
    }
}
