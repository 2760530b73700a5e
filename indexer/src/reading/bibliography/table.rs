//! Tables with a line of names at the top: separated by tabs, or by commas as in RFC 4180, as spreadsheets and Zotero write
//! them.

use svod_text::article::Metadata;

use super::{Entry, full_name, set};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Files,
    Authors,
    Keywords,
    Field(&'static str),
    Other,
}

impl Column {
    fn of(name: &str) -> Column {
        match name.trim().to_lowercase().as_str() {
            "file" | "files" | "path" | "attachment" | "attachments" | "file attachments" => Column::Files,
            "author" | "authors" => Column::Authors,
            "keyword" | "keywords" | "tags" | "manual tags" => Column::Keywords,
            "title" => Column::Field("title"),
            "date" => Column::Field("date"),
            "year" | "publication year" => Column::Field("date"),
            "journal" | "publication title" | "publication" => Column::Field("journal"),
            "issn" => Column::Field("issn"),
            "volume" => Column::Field("volume"),
            "issue" | "number" => Column::Field("issue"),
            "pages" => Column::Field("pages"),
            "doi" => Column::Field("doi"),
            "url" => Column::Field("url"),
            "publisher" => Column::Field("publisher"),
            "place" => Column::Field("place"),
            _ => Column::Other,
        }
    }
}

/// Reads a table; `None` if its first line does not name a column that ties it to files.
pub(super) fn read(text: &str) -> Option<Vec<Entry>> {
    let separator = if text.lines().next()?.contains('\t') { '\t' } else { ',' };
    let mut rows = rows(text, separator).into_iter();
    let columns: Vec<Column> = rows.next()?.1.iter().map(|name| Column::of(name)).collect();
    let is_tied = columns.iter().any(|column| matches!(column, Column::Files | Column::Field("doi")));
    if columns.len() < 2 || !is_tied {
        return None;
    }
    let is_empty = |(_, cells): &(usize, Vec<String>)| cells.iter().all(|cell| cell.trim().is_empty());
    Some(rows.filter(|row| !is_empty(row)).map(|(line, cells)| entry(line, &columns, &cells)).collect())
}

fn entry(line: usize, columns: &[Column], cells: &[String]) -> Entry {
    let mut entry = Entry { line, metadata: Metadata::default(), ..Entry::default() };
    for (column, cell) in columns.iter().zip(cells) {
        let parts = || cell.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        match column {
            Column::Files => entry.files.extend(parts()),
            Column::Authors => entry.metadata.authors.extend(parts().map(|name| match name.split_once(',') {
                Some((family, given)) => full_name(family, given),
                None => name,
            })),
            Column::Keywords => entry.metadata.keywords.extend(parts()),
            // A year says less than a date in a column before it.
            Column::Field("date") if entry.metadata.date.is_some() && cell.trim().len() <= 4 => {}
            Column::Field(name) => set(&mut entry.metadata, name, cell),
            Column::Other => {}
        }
    }
    let metadata = &entry.metadata;
    let named = metadata.title.as_ref().or(entry.files.first()).or(metadata.appeared.doi.as_ref());
    entry.label = named.cloned().unwrap_or_default();
    entry
}

/// Splits a table into rows, each with the line it begins on. Between quotation marks line ends and separators are text.
fn rows(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut line, mut first_line) = (1, 1);
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut is_quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            '\n' if !is_quoted => {
                line += 1;
                cells.push(std::mem::take(&mut cell));
                rows.push((first_line, std::mem::take(&mut cells)));
                first_line = line;
            }
            '\r' if !is_quoted => {}
            _ if c == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            _ => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((first_line, cells));
    }
    rows
}
