//! OpenDocument: the blocks of a text, a sheet or a presentation.
//!
//! A document is an archive with its body in `content.xml`, or one XML text with all parts (`.fodt`). Both go through
//! the same [`Story`]. Sheets are sections by their names, slides by their titles. A note comes directly after the
//! paragraph that cites it, with the number that the document shows. Left out are deleted text that is only kept to be
//! restored, comments, headers and footers, the table of contents, and the numbers of list items.
//!
//! `styles` finds the styles of headings, `story` reads the paragraphs.

mod story;
mod styles;

use story::Story;

use super::archive::Archive;
use super::{Converted, FormatError, Metadata, properties, xml};
use crate::reading::memory::{Held, of_blocks, of_story};
use crate::reading::skip_reason::SkipReason;

/// The parts of an archive that are read, in order: styles are named in the body.
const PARTS: [&str; 3] = ["meta.xml", "styles.xml", "content.xml"];

/// Reads a document.
///
/// # Errors
/// It is not an OpenDocument, is encrypted, too large or without text, or so damaged that nothing could be read. Other
/// damage becomes a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut remarks = Vec::new();
    let mut story = Story::default();
    if is_xml(bytes) {
        let text = xml::decode(bytes);
        memory.raise(of_story(&text))?;
        remarks.extend(xml::read(&text, |event| story.event(event)));
    } else {
        read_archive(bytes, &mut story, &mut remarks, memory)?;
    }
    let (mut metadata, blocks): (Metadata, _) = story.finish();
    memory.keep(of_blocks(&blocks));
    if blocks.is_empty() {
        return Err(remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
    }
    properties::believe(&mut metadata, &blocks);
    Ok(Converted { metadata, blocks, remarks })
}

/// Whether a document is one XML text.
fn is_xml(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.starts_with(b"<") || start.starts_with(b"\xff\xfe<") || start.starts_with(b"\xfe\xff\0<")
}

fn read_archive(
    bytes: &[u8],
    story: &mut Story,
    remarks: &mut Vec<String>,
    memory: &mut Held,
) -> Result<(), SkipReason> {
    let mut archive = Archive::open(bytes, memory)?;
    if archive.is_rescued() {
        remarks.push("the archive is damaged; it was read as far as possible".to_owned());
    }
    if let Some(part) = archive.read("META-INF/manifest.xml", memory)?
        && String::from_utf8_lossy(&part.bytes).contains("encryption-data")
    {
        return Err(FormatError::Encrypted.into());
    }
    for name in PARTS {
        let Some(part) = archive.read(name, memory)? else { continue };
        if part.is_damaged {
            remarks.push(format!("`{name}` is damaged; it was read as far as possible"));
        }
        let text = xml::decode_whole(part.bytes);
        memory.raise_beside_kept(of_story(&text))?;
        remarks.extend(xml::read(&text, |event| story.event(event)).map(|damage| format!("`{name}`: {damage}")));
    }
    Ok(())
}
