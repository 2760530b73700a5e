//! DOCX: the blocks of a Word document.
//!
//! The parts are unpacked one after the other, each within a limit, and read as
//! a row of events. A note comes directly after the paragraph that cites it,
//! with the number that Word shows: the ids in the file are others. Headers,
//! footers and comments are not read, nor the numbers that Word gives to items
//! of a list.
//!
//! `styles` knows the headings, `story` reads the paragraphs.

mod story;
mod styles;

use story::{Notes, Story};
use styles::Styles;

use crate::reading::formats::archive::Archive;
use crate::reading::formats::xml::{self, Event};
use crate::reading::formats::{Block, BlockKind, Converted, FormatError, Metadata, collapse_blanks, split_keywords};
use crate::reading::memory::{Held, of_blocks, of_story};
use crate::reading::skip_reason::SkipReason;

/// Reads a document.
///
/// # Errors
/// It is no Word document, encrypted, too large, without text, or so damaged
/// that nothing of it could be read. Otherwise damage is a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut archive = Archive::open(bytes, memory)?;
    let mut remarks = Vec::new();
    if archive.is_rescued() {
        remarks.push("the archive is damaged; it was read as far as possible".to_owned());
    }
    let name = body_name(&archive)?;
    let styles = read_text(&mut archive, "word/styles.xml", &mut remarks, memory)?.map(|xml| Styles::read(&xml));
    let styles = styles.unwrap_or_default();
    let mut notes = Notes::new();
    for part in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(xml) = read_text(&mut archive, part, &mut remarks, memory)? {
            let mut story = Story::new(&styles, std::mem::take(&mut notes));
            remarks.extend(xml::read(&xml, |event| story.event(event)).map(|damage| format!("`{part}`: {damage}")));
            notes = story.finish().1;
            // A note lies in a table of its own.
            memory.keep(notes.values().map(|blocks| of_blocks(blocks)).sum());
        }
    }
    let body = read_text(&mut archive, &name, &mut remarks, memory)?.unwrap_or_default();
    let mut story = Story::new(&styles, notes);
    remarks.extend(xml::read(&body, |event| story.event(event)).map(|damage| format!("`{name}`: {damage}")));
    let (mut blocks, uncited) = story.finish();
    drop(body);
    if !remarks.is_empty() {
        append_uncited(&mut blocks, uncited);
    }
    if blocks.is_empty() {
        return Err(remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
    }
    let metadata = read_text(&mut archive, "docProps/core.xml", &mut remarks, memory)?;
    let metadata = metadata.map(|xml| read_metadata(&xml)).unwrap_or_default();
    Ok(Converted { metadata, blocks, remarks })
}

/// Some programs write `document2.xml`.
fn body_name(archive: &Archive<'_>) -> Result<String, FormatError> {
    let mut names = archive.names();
    names.retain(|name| name.starts_with("word/document") && name.ends_with(".xml"));
    names.sort();
    names.into_iter().next().ok_or_else(|| FormatError::Damaged("no `word/document.xml`".to_owned()))
}

/// Returns a part of XML, and sees to it that there is memory for the paragraphs in it.
fn read_text(
    archive: &mut Archive<'_>,
    name: &str,
    remarks: &mut Vec<String>,
    memory: &mut Held,
) -> Result<Option<String>, SkipReason> {
    let Some(part) = archive.read(name, memory)? else { return Ok(None) };
    if part.is_damaged {
        remarks.push(format!("`{name}` is damaged; it was read as far as possible"));
    }
    let text = xml::decode_whole(part.bytes);
    memory.raise_beside_kept(of_story(&text))?;
    Ok(Some(text))
}

/// What cited them was lost; their text was not.
fn append_uncited(blocks: &mut Vec<Block>, uncited: Notes) {
    let mut uncited: Vec<_> = uncited.into_iter().collect();
    uncited.sort_by_key(|((row, id), _)| (*row as usize, id.parse::<i64>().unwrap_or(i64::MAX)));
    for (_, note) in uncited {
        blocks.extend(note.into_iter().map(|block| Block { kind: BlockKind::Note(String::new()), ..block }));
    }
}

/// Reads `core.xml`, as far as it goes. Its date is that of the first saving.
fn read_metadata(xml: &str) -> Metadata {
    let mut metadata = Metadata::default();
    let mut text = String::new();
    xml::read(xml, |event| match event {
        Event::Start(_) => text.clear(),
        Event::Text(piece) => text.push_str(piece),
        Event::End(name) => {
            let value = collapse_blanks(&std::mem::take(&mut text));
            match name {
                _ if value.is_empty() => {}
                "title" => metadata.title = Some(value),
                "creator" => {
                    metadata.authors = value.split(';').map(collapse_blanks).filter(|a| !a.is_empty()).collect()
                }
                "created" => metadata.made = Some(value),
                "keywords" => metadata.keywords = split_keywords(&value).collect(),
                _ => {}
            }
        }
    });
    metadata
}
