//! CSL-JSON, as Zotero and pandoc write it: a list of items, or an object with `items`.

use serde::Deserialize;
use serde_json::Value;
use svod_text::article::Metadata;

use super::{BibliographyFault, Entry, full_name, set};

/// The fields of CSL, each with the name that [`set`] knows. Of two the first that is there counts.
const FIELDS: [(&str, &str); 12] = [
    ("title", "title"),
    ("container-title", "journal"),
    ("ISSN", "issn"),
    ("volume", "volume"),
    ("issue", "issue"),
    ("page", "pages"),
    ("DOI", "doi"),
    ("URL", "url"),
    ("publisher", "publisher"),
    ("publisher-place", "place"),
    ("event-place", "place"),
    ("collection-title", "journal"),
];

/// The fields in which programs put the paths of attachments: CSL has none of its own.
const FILES: [&str; 3] = ["file", "attachments", "path"];

#[derive(Deserialize)]
#[serde(untagged)]
enum Items {
    List(Vec<serde_json::Map<String, Value>>),
    Object { items: Vec<serde_json::Map<String, Value>> },
}

pub(super) fn read(text: &str) -> Result<Vec<Entry>, BibliographyFault> {
    let whole: Value = serde_json::from_str(text).map_err(|error| damaged(&error))?;
    let items = match Items::deserialize(whole).map_err(|_| BibliographyFault::Unknown)? {
        Items::List(items) | Items::Object { items } => items,
    };
    let mut lines = Lines { text, from: 0, line: 1 };
    Ok(items.iter().map(|item| entry(item, &mut lines)).collect())
}

fn damaged(error: &serde_json::Error) -> BibliographyFault {
    BibliographyFault::Damaged { line: error.line(), message: error.to_string() }
}

fn entry(item: &serde_json::Map<String, Value>, lines: &mut Lines<'_>) -> Entry {
    let mut metadata = Metadata::default();
    for (field, name) in FIELDS {
        if let Some(value) = item.get(field).and_then(plain) {
            set(&mut metadata, name, &value);
        }
    }
    if let Some(issued) = item.get("issued") {
        set(&mut metadata, "date", &date(issued));
    }
    let names = item.get("author").or_else(|| item.get("editor")).and_then(Value::as_array);
    metadata.authors = names.into_iter().flatten().filter_map(name).collect();
    let keywords = item.get("keyword").and_then(plain).unwrap_or_default();
    let keywords = keywords.split([',', ';', '，', '；']).map(str::trim).filter(|keyword| !keyword.is_empty());
    metadata.keywords = keywords.map(str::to_owned).collect();
    let files = FILES.iter().filter_map(|field| item.get(*field)).flat_map(paths).collect();
    let id = item.get("id").and_then(plain);
    let line = id.as_deref().map_or(lines.line, |id| lines.of(id));
    let label = id.or_else(|| metadata.title.clone()).unwrap_or_default();
    Entry { metadata, files, label, line }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn paths(value: &Value) -> Vec<String> {
    match value {
        Value::String(path) => vec![path.clone()],
        Value::Array(paths) => paths.iter().filter_map(|path| plain(path.get("path").unwrap_or(path))).collect(),
        _ => Vec::new(),
    }
}

fn name(value: &Value) -> Option<String> {
    let part = |part: &str| value.get(part).and_then(Value::as_str).unwrap_or_default();
    let family = [part("non-dropping-particle"), part("family")].join(" ");
    let name = match part("literal") {
        "" => full_name(&family, part("given")),
        literal => literal.trim().to_owned(),
    };
    (!name.is_empty()).then_some(name)
}

/// Returns a date with `-` between its parts.
fn date(issued: &Value) -> String {
    let parts = issued.get("date-parts").and_then(|parts| parts.get(0)).and_then(Value::as_array);
    match parts {
        Some(parts) => parts.iter().filter_map(plain).collect::<Vec<_>>().join("-"),
        None => issued.get("raw").or(Some(issued)).and_then(plain).unwrap_or_default(),
    }
}

/// Finds the lines of items, in their order: the JSON reader tells none.
struct Lines<'t> {
    text: &'t str,
    from: usize,
    line: usize,
}

impl Lines<'_> {
    /// Returns the line on which an id stands first, from the last that was found on.
    fn of(&mut self, id: &str) -> usize {
        let quoted = Value::from(id).to_string();
        if let Some(at) = self.text[self.from..].find(&quoted) {
            self.line += self.text[self.from..self.from + at].matches('\n').count();
            self.from += at;
        }
        self.line
    }
}
