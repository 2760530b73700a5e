//! DOCX: the blocks of a Word document.
//!
//! The parts are unpacked one after the other, each within a limit, and read as
//! a sequence of XML events. A note comes directly after the paragraph that cites
//! it, with the number that Word shows, which is not its id in the file. Headers,
//! footers, comments and the numbers of list items are not read.
//!
//! Some programs only wrap a page or another document, which Word imports when it
//! opens the file (`altChunk`); it is read in its place.
//!
//! `styles` finds the styles of headings, `story` reads the paragraphs, `chunks`
//! the documents in other formats.

mod chunks;
mod story;
mod styles;

use chunks::Found;
use story::{Notes, Story};
use styles::Styles;

use crate::reading::formats::archive::Archive;
use crate::reading::formats::xml::{self, Event};
use crate::reading::formats::{
    Block, BlockKind, Converted, FormatError, Metadata, collapse_blanks, properties, split_keywords,
};
use crate::reading::memory::{Held, of_blocks, of_story};
use crate::reading::skip_reason::SkipReason;

/// Reads a document.
///
/// # Errors
/// It is not a Word document, is encrypted, too large or without text, or so
/// damaged that nothing could be read. Other damage becomes a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    read_document(bytes, memory, InnerDocuments::Read)
}

/// What becomes of documents that stand in the body. Those in such a document are not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InnerDocuments {
    Read,
    Skip,
}

fn read_document(bytes: &[u8], memory: &mut Held, inner: InnerDocuments) -> Result<Converted, SkipReason> {
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
            // Notes wait in a map until they are cited, so their memory stays in use.
            memory.keep(notes.values().map(|blocks| of_blocks(blocks)).sum());
        }
    }
    let body = read_text(&mut archive, &name, &mut remarks, memory)?.unwrap_or_default();
    let has_chunks = inner == InnerDocuments::Read && body.contains("altChunk");
    let chunks = if has_chunks { chunks::read(&mut archive, &name, &mut remarks, memory)? } else { Found::default() };
    let mut story = Story::new(&styles, notes);
    story.chunks = chunks.blocks;
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
    let mut metadata = metadata.map(|xml| read_metadata(&xml)).unwrap_or_default();
    metadata.title = metadata.title.or(chunks.title);
    properties::believe(&mut metadata, &blocks);
    Ok(Converted { metadata, blocks, remarks })
}

/// Returns the name of the part with the body. Some programs write `document2.xml`.
fn body_name(archive: &Archive<'_>) -> Result<String, FormatError> {
    let mut names = archive.names();
    names.retain(|name| name.starts_with("word/document") && name.ends_with(".xml"));
    names.sort();
    names.into_iter().next().ok_or_else(|| FormatError::Damaged("no `word/document.xml`".to_owned()))
}

/// Returns the XML of a part, and reserves memory for its paragraphs.
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

/// Appends notes whose citations were lost in a damaged document.
fn append_uncited(blocks: &mut Vec<Block>, uncited: Notes) {
    let mut uncited: Vec<_> = uncited.into_iter().collect();
    uncited.sort_by_key(|((row, id), _)| (*row as usize, id.parse::<i64>().unwrap_or(i64::MAX)));
    for (_, note) in uncited {
        blocks.extend(note.into_iter().map(|block| Block { kind: BlockKind::Note(String::new()), ..block }));
    }
}

/// Reads `core.xml` as far as possible. Its date is the day on which the document was first saved.
pub(super) fn read_metadata(xml: &str) -> Metadata {
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
