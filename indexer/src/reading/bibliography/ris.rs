//! RIS: a line a value, `TY  - JOUR`, from the type to `ER`.

use svod_text::article::Metadata;

use super::{Entry, full_name, set};

/// The tags, each with the name that [`set`] knows.
const TAGS: [(&str, &str); 20] = [
    ("TI", "title"),
    ("T1", "title"),
    ("T2", "journal"),
    ("JO", "journal"),
    ("JF", "journal"),
    ("JA", "journal"),
    ("BT", "journal"),
    ("SN", "issn"),
    ("VL", "volume"),
    ("IS", "issue"),
    ("DO", "doi"),
    ("UR", "url"),
    ("PB", "publisher"),
    ("CY", "place"),
    ("PP", "place"),
    ("DA", "date"),
    ("PY", "date"),
    ("Y1", "date"),
    ("SP", "pages"),
    ("CT", "title"),
];

pub(super) fn read(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut open: Option<Entry> = None;
    let mut last_page = None;
    for (line, content) in (1..).zip(text.lines()) {
        let Some((tag, value)) = content.split_once("  -").map(|(tag, value)| (tag.trim(), value.trim())) else {
            continue;
        };
        if tag == "TY" {
            close(open.replace(Entry { line, ..Entry::default() }), &mut entries);
            last_page = None;
            continue;
        }
        let Some(entry) = &mut open else { continue };
        let metadata = &mut entry.metadata;
        match tag {
            "ER" => close(open.take(), &mut entries),
            "ID" => value.clone_into(&mut entry.label),
            "AU" | "A1" => metadata.authors.extend(name(value)),
            "KW" => metadata.keywords.push(value.to_owned()),
            "L1" | "L2" | "LK" if !value.is_empty() => entry.files.push(value.to_owned()),
            "EP" => last_page = value.parse::<u32>().ok(),
            // The year may stand before the whole date, or behind it.
            "PY" | "Y1" if metadata.date.is_some_and(|date| date.month().is_some()) => {}
            _ => {
                if let Some((_, name)) = TAGS.iter().find(|(known, _)| *known == tag) {
                    set(metadata, name, value);
                }
            }
        }
        if let Some((entry, last)) = open.as_mut().zip(last_page) {
            let appeared = &mut entry.metadata.appeared;
            let count = appeared.first_page.and_then(|first| last.checked_sub(first)?.checked_add(1));
            appeared.pages = appeared.pages.or(count);
        }
    }
    close(open, &mut entries);
    entries
}

fn name(value: &str) -> Option<String> {
    let (family, given) = value.split_once(',').unwrap_or((value, ""));
    Some(full_name(family, given)).filter(|name| !name.is_empty())
}

fn close(entry: Option<Entry>, entries: &mut Vec<Entry>) {
    entries.extend(entry.map(|mut entry| {
        if entry.label.is_empty() {
            entry.label = entry.metadata.clone().title.unwrap_or_default();
        }
        entry.metadata = Metadata { heading: None, ..entry.metadata };
        entry
    }));
}
