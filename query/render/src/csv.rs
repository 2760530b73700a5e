//! CSV for spreadsheets (RFC 4180): a heading, then a row for each hit.
//!
//! A cell that a spreadsheet would take for a formula begins with an
//! apostrophe: a title can be `=HYPERLINK(…)`. UTF-8 without a byte order
//! mark; lines end in CR LF, and there is none inside a cell.

use std::borrow::Cow;
use std::io::{self, Write};

use svod_query::{Answer, ArticleEntry, Hit};
use svod_text::printable;

use super::report::quotation;
use super::text::{Extent, Paths};
use super::writer::AnswerWriter;

/// The names of the columns. New ones are added at the end.
const COLUMNS: [&str; 17] = [
    "rank",
    "score",
    "path",
    "line",
    "paragraph",
    "page",
    "title",
    "authors",
    "journal",
    "issue",
    "date",
    "language",
    "kind",
    "section",
    "text",
    "id",
    "query",
];

/// Writes tables: a heading, then a row for each hit, article, group or match.
pub struct Csv<'w> {
    pub(crate) out: &'w mut dyn Write,
    extent: Extent,
    pub(crate) paths: Paths,
    query: String,
}

impl<'w> Csv<'w> {
    /// Returns a writer of snippets.
    pub fn new(out: &'w mut dyn Write) -> Csv<'w> {
        Csv { out, extent: Extent::Snippet, paths: Paths::default(), query: String::new() }
    }

    /// Sets how much of a passage is shown.
    #[must_use]
    pub fn extent(self, extent: Extent) -> Csv<'w> {
        Csv { extent, ..self }
    }

    /// Sets how paths are shown.
    #[must_use]
    pub fn paths(self, paths: &Paths) -> Csv<'w> {
        Csv { paths: paths.clone(), ..self }
    }

    /// Writes the articles of an index: the names of the columns, then a row for each.
    ///
    /// # Errors
    /// If the output cannot be written; so with all methods.
    pub fn articles(&mut self, articles: &[ArticleEntry]) -> io::Result<()> {
        write_row(self.out, ARTICLE_COLUMNS)?;
        articles.iter().try_for_each(|article| write_row(self.out, article_cells(article, &self.paths)))
    }
}

/// The names of the columns, then a row for each hit in its order.
impl AnswerWriter for Csv<'_> {
    fn open(&mut self, _: &str) -> io::Result<()> {
        write_row(self.out, COLUMNS)
    }

    fn begin(&mut self, query: &str, _: &Answer) -> io::Result<()> {
        query.clone_into(&mut self.query);
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        write_row(self.out, cells(&self.query, hit, self.extent, &self.paths))
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        Ok(())
    }
}

fn cells(query: &str, hit: &Hit, extent: Extent, paths: &Paths) -> [String; COLUMNS.len()] {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        hit.rank.to_string(),
        format!("{:.3}", hit.score),
        paths.shown(hit.root.as_deref(), &hit.path),
        number(hit.lines.as_ref().map(|lines| (*lines.start()).into())),
        number(hit.paragraph),
        number(hit.page.map(u64::from)),
        hit.title.clone(),
        hit.authors.join("; "),
        hit.appeared.journal.clone().unwrap_or_default(),
        hit.appeared.issue.clone().unwrap_or_default(),
        hit.date.map(|date| date.to_string()).unwrap_or_default(),
        hit.language.code().to_owned(),
        hit.kind.name().to_owned(),
        hit.section.join(" › "),
        quotation(hit, extent).0.to_owned(),
        hit.id.to_string(),
        query.to_owned(),
    ]
}

/// The names of the columns of a list of articles.
const ARTICLE_COLUMNS: [&str; 9] =
    ["path", "title", "authors", "journal", "issue", "date", "language", "passages", "keywords"];

fn article_cells(article: &ArticleEntry, paths: &Paths) -> [String; ARTICLE_COLUMNS.len()] {
    [
        paths.shown(article.root.as_deref(), &article.path),
        article.title.clone(),
        article.authors.join("; "),
        article.appeared.journal.clone().unwrap_or_default(),
        article.appeared.issue.clone().unwrap_or_default(),
        article.date.map(|date| date.to_string()).unwrap_or_default(),
        article.language.code().to_owned(),
        article.passages.to_string(),
        article.keywords.join("; "),
    ]
}

/// Writes a row of cells.
///
/// # Errors
/// If `out` cannot be written.
pub(crate) fn write_row<C: AsRef<str>>(out: &mut dyn Write, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text.as_ref()).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// Returns a text as a cell: printable, on one line, no formula, in quotation marks where it needs them.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let mut text = printable(text);
    if text.trim_start().starts_with(is_formula) {
        text.to_mut().insert(0, '\'');
    }
    if text.contains([',', ';', '"']) || text.starts_with(' ') || text.ends_with(' ') {
        return format!("\"{}\"", text.replace('"', "\"\"")).into();
    }
    text
}

/// What a formula begins with, in full width too: spreadsheets fold it.
fn is_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_text() {
        for (text, expected) in [
            ("停火，谈判", "停火，谈判"),
            ("мир, война", "\"мир, война\""),
            ("the \"cease\" fire", "\"the \"\"cease\"\" fire\""),
            ("停火 мир war", "停火 мир war"),
            ("=cmd()", "'=cmd()"),
            ("＝1+1", "'＝1+1"),
            ("-1", "'-1"),
            ("@SUM(A1,B1)", "\"'@SUM(A1,B1)\""),
            ("\t=1", "' =1"),
            ("\r+1", "' +1"),
            ("a\r\nb", "a  b"),
            ("\x1b[31m\u{202e}", "\u{fffd}[31m\u{fffd}"),
            ("— тире", "— тире"),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }

    /// Reads cells as spreadsheets do.
    fn read(row: &str) -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut is_quoted = false;
        let mut chars = row.trim_end_matches("\r\n").chars().peekable();
        while let Some(c) = chars.next() {
            let last = cells.last_mut().unwrap();
            match c {
                '"' if is_quoted && chars.peek() == Some(&'"') => last.extend(chars.next()),
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                c => last.push(c),
            }
        }
        cells
    }

    proptest! {
        #[test]
        fn a_row_is_read_back_and_nothing_in_it_is_a_formula(
            texts in prop::collection::vec("([=+@\"',;\t\r\n -]|停火|мир|war|\\PC|\u{202e}){0,9}", 1..5)
        ) {
            let mut row = Vec::new();
            write_row(&mut row, &texts).unwrap();
            let row = String::from_utf8(row).unwrap();
            prop_assert_eq!(row.matches(['\r', '\n']).count(), 2, "{:?}", row);
            let cells = read(&row);
            prop_assert_eq!(cells.len(), texts.len());
            for (cell, text) in cells.iter().zip(&texts) {
                let kept = cell.strip_prefix('\'').filter(|kept| *kept == printable(text)).unwrap_or(cell);
                prop_assert_eq!(kept, &*printable(text));
                prop_assert!(!cell.trim_start().starts_with(is_formula), "{:?}", cell);
            }
        }
    }
}
