//! The package file of a book: its metadata, and the order of its chapters.

use std::collections::{HashMap, HashSet};

use crate::reading::formats::xml::{self, Event};
use crate::reading::formats::{Metadata, collapse_blanks, split_keywords};

/// The content of a package file.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) metadata: Metadata,
    /// The names of the chapters in the archive, in order.
    pub(super) chapters: Vec<String>,
}

/// Returns the name of the package file that `container.xml` gives.
pub(super) fn package_name(container: &str) -> Option<String> {
    let mut found = None;
    xml::read(container, |event| {
        if let Event::Start(element) = event
            && element.name() == "rootfile"
            && found.is_none()
        {
            found = element.attribute("full-path");
        }
    });
    found
}

/// Returns the encryption methods in `encryption.xml`.
pub(super) fn encryption_methods(encryption: &str) -> Vec<String> {
    let mut methods = Vec::new();
    xml::read(encryption, |event| {
        if let Event::Start(element) = event
            && element.name() == "EncryptionMethod"
        {
            methods.extend(element.attribute("Algorithm"));
        }
    });
    methods
}

/// Reads a package file as far as possible; also returns a remark if it is damaged.
pub(super) fn read(xml: &str, name: &str) -> (Package, Option<String>) {
    let mut reading = Reading::default();
    let damage = xml::read(xml, |event| reading.event(event));
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    // Each chapter once, however often the spine or the manifest names it.
    let Reading { mut manifest, spine, metadata, .. } = reading;
    let mut seen = HashSet::new();
    let chapters = spine.iter().filter_map(|id| manifest.remove(id)).map(|href| resolve(folder, &href));
    let chapters = chapters.filter(|chapter| seen.insert(chapter.clone())).collect();
    let package = Package { chapters, metadata };
    (package, damage.map(|damage| format!("`{name}`: {damage}")))
}

#[derive(Default)]
struct Reading {
    metadata: Metadata,
    /// The address of each item, by its id.
    manifest: HashMap<String, String>,
    spine: Vec<String>,
    in_metadata: bool,
    text: String,
    /// The event (such as `publication`) of the open date.
    date_event: Option<String>,
}

impl Reading {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(element) => {
                self.text.clear();
                match element.name() {
                    "metadata" => self.in_metadata = true,
                    "date" => self.date_event = element.attribute("event"),
                    "item" => {
                        // The table of contents would only repeat the headings.
                        let properties = element.attribute("properties").unwrap_or_default();
                        if let (Some(id), Some(href)) = (element.attribute("id"), element.attribute("href"))
                            && !properties.split_whitespace().any(|property| property == "nav")
                        {
                            self.manifest.insert(id, href);
                        }
                    }
                    "itemref" => self.spine.extend(element.attribute("idref")),
                    _ => {}
                }
            }
            Event::Text(text) => self.text.push_str(text),
            Event::End("metadata") => self.in_metadata = false,
            Event::End(name) if self.in_metadata => self.entry(name),
            Event::End(_) => {}
        }
    }

    fn entry(&mut self, name: &str) {
        let value = collapse_blanks(&std::mem::take(&mut self.text));
        let metadata = &mut self.metadata;
        match name {
            _ if value.is_empty() => {}
            "title" if metadata.title.is_none() => metadata.title = Some(value),
            "creator" => metadata.authors.push(value),
            "date" if self.date_event.as_deref() == Some("publication") => metadata.date = Some(value),
            "date" if metadata.date.is_none() => metadata.date = Some(value),
            "subject" => metadata.keywords.extend(split_keywords(&value)),
            _ => {}
        }
    }
}

/// Returns the name in the archive of the part at `href`, which is relative to `folder`.
fn resolve(folder: &str, href: &str) -> String {
    let path = href.split(['#', '?']).next().unwrap_or_default();
    let path = decode_percent(path);
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_names() {
        for (folder, href, expected) in [
            ("OEBPS", "ch1.xhtml", "OEBPS/ch1.xhtml"),
            ("", "a/./b.html#x", "a/b.html"),
            ("OEBPS/pkg", "../%E7%AB%A0.xhtml", "OEBPS/章.xhtml"),
            ("a", "../../../b", "b"),
            ("a", "/b%zz%", "b%zz%"),
            ("a", "", "a"),
        ] {
            assert_eq!(resolve(folder, href), expected, "{href}");
        }
    }
}
