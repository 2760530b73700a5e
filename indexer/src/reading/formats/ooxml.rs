//! What presentations and workbooks of Office share: parts that name each other by relations.

use std::collections::{HashMap, HashSet};

use super::archive::Archive;
use super::xml::{self, Event};
use super::{Block, Converted, FormatError, docx, properties};
use crate::reading::memory::{Held, of_story};
use crate::reading::skip_reason::SkipReason;

/// The parts of a document, and the remarks about them.
pub(super) struct Parts<'a> {
    archive: Archive<'a>,
    /// The names of the parts that were read.
    read: HashSet<String>,
    pub(super) remarks: Vec<String>,
}

/// The parts that a part names, by the ids of its relations.
pub(super) type Relations = HashMap<String, Relation>;

/// A relation from one part to another.
pub(super) struct Relation {
    /// The last word of its type, such as `notesSlide`.
    #[cfg_attr(not(feature = "pptx"), expect(dead_code, reason = "only slides have parts of several types"))]
    pub(super) kind: String,
    /// The name of the other part in the archive.
    pub(super) part: String,
}

impl<'a> Parts<'a> {
    /// Opens a document.
    ///
    /// # Errors
    /// It is not an archive, is encrypted, or has too many parts.
    pub(super) fn open(bytes: &'a [u8], memory: &mut Held) -> Result<Parts<'a>, SkipReason> {
        let archive = Archive::open(bytes, memory)?;
        let mut remarks = Vec::new();
        if archive.is_rescued() {
            remarks.push("the archive is damaged; it was read as far as possible".to_owned());
        }
        Ok(Parts { archive, read: HashSet::new(), remarks })
    }

    /// Returns the XML of a part, and reserves memory for its paragraphs; `None` if it is missing or was read before:
    /// each part counts once, however often others name it.
    ///
    /// # Errors
    /// It is encrypted or too large.
    pub(super) fn read(&mut self, name: &str, memory: &mut Held) -> Result<Option<String>, SkipReason> {
        if !self.read.insert(name.to_owned()) {
            return Ok(None);
        }
        let Some(part) = self.archive.read(name, memory)? else { return Ok(None) };
        if part.is_damaged {
            self.remarks.push(format!("`{name}` is damaged; it was read as far as possible"));
        }
        let text = xml::decode_whole(part.bytes);
        memory.raise_beside_kept(of_story(&text))?;
        Ok(Some(text))
    }

    /// Returns the relations of a part.
    ///
    /// # Errors
    /// They are encrypted or too large.
    pub(super) fn relations(&mut self, of: &str, memory: &mut Held) -> Result<Relations, SkipReason> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let xml = self.read(&format!("{folder}/_rels/{name}.rels"), memory)?.unwrap_or_default();
        let mut relations = HashMap::new();
        xml::read(&xml, |event| {
            if let Event::Start(element) = event
                && let (Some(id), Some(kind), Some(target)) =
                    (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
            {
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(id, Relation { kind, part: resolve(folder, &target) });
            }
        });
        Ok(relations)
    }

    /// Returns the document with these blocks, and the properties that they let believe.
    ///
    /// # Errors
    /// There is no block.
    pub(super) fn finish(mut self, blocks: Vec<Block>, memory: &mut Held) -> Result<Converted, SkipReason> {
        if blocks.is_empty() {
            return Err(self.remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
        }
        let metadata = self.read("docProps/core.xml", memory)?;
        let mut metadata = metadata.map(|xml| docx::read_metadata(&xml)).unwrap_or_default();
        properties::believe(&mut metadata, &blocks);
        Ok(Converted { metadata, blocks, remarks: self.remarks })
    }

    /// Returns the names of the parts in a folder that are numbered, in the order of their numbers: for a document that
    /// lost its list of them.
    pub(super) fn numbered(&self, start: &str) -> Vec<String> {
        let number = |name: &str| name.strip_prefix(start)?.strip_suffix(".xml")?.parse::<u32>().ok();
        let mut found: Vec<(u32, String)> =
            self.archive.names().into_iter().filter_map(|name| Some((number(&name)?, name))).collect();
        found.sort();
        found.into_iter().map(|(_, name)| name).collect()
    }
}

/// Returns the name in the archive of a part at `target`, which is relative to `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let mut pieces: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for piece in target.split('/') {
        match piece {
            ".." => {
                pieces.pop();
            }
            "" | "." => {}
            piece => pieces.push(piece),
        }
    }
    pieces.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_become_names() {
        for (folder, target, expected) in [
            ("ppt", "slides/slide1.xml", "ppt/slides/slide1.xml"),
            ("ppt/slides", "../notesSlides/n.xml", "ppt/notesSlides/n.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "../../../a", "a"),
        ] {
            assert_eq!(resolve(folder, target), expected, "{target}");
        }
    }
}
