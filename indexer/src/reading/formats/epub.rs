//! EPUB: the blocks of a book.
//!
//! A book is an archive of pages and a package file that gives their order.
//! Each chapter is read by [`crate::reading::formats::html`]. Notes are found
//! only within their chapter; a chapter of notes for other chapters stays
//! paragraphs.

mod package;

use crate::reading::formats::archive::Archive;
use crate::reading::formats::html::{Syntax, read_as};
use crate::reading::formats::{Converted, FormatError, xml};
use crate::reading::memory::{Held, of_blocks, of_page};
use crate::reading::skip_reason::SkipReason;

/// The most chapters that are read: a dictionary may have one for each word.
pub(super) const MOST_CHAPTERS: usize = 5_000;

/// Methods that only obfuscate fonts; the text is not encrypted.
const FONTS_ONLY: [&str; 2] = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Reads a book.
///
/// # Errors
/// It is not a book, is encrypted, too large, or without text. Missing or damaged
/// chapters become remarks.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut archive = Archive::open(bytes, memory)?;
    let mut book = Converted::default();
    if archive.is_rescued() {
        book.remarks.push("the archive is damaged; it was read as far as possible".to_owned());
    }
    refuse_encrypted(&mut archive, memory)?;
    let chapters = read_package(&mut archive, &mut book, memory)?;
    if chapters.len() > MOST_CHAPTERS {
        book.remarks.push(format!("only the first {MOST_CHAPTERS} chapters of {} were read", chapters.len()));
    }
    for name in chapters.iter().take(MOST_CHAPTERS) {
        read_chapter(&mut archive, name, &mut book, memory)?;
    }
    if book.blocks.is_empty() {
        return Err(book.remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
    }
    Ok(book)
}

fn refuse_encrypted(archive: &mut Archive<'_>, memory: &mut Held) -> Result<(), SkipReason> {
    let Some(part) = archive.read("META-INF/encryption.xml", memory)? else { return Ok(()) };
    let methods = package::encryption_methods(&xml::decode(&part.bytes));
    let is_open = methods.iter().all(|method| FONTS_ONLY.contains(&method.as_str()));
    if is_open { Ok(()) } else { Err(FormatError::Encrypted.into()) }
}

/// Reads the package file and returns the names of the chapters; without a package file, all pages sorted by name.
fn read_package(archive: &mut Archive<'_>, book: &mut Converted, memory: &mut Held) -> Result<Vec<String>, SkipReason> {
    let container = archive.read("META-INF/container.xml", memory)?;
    let name = container.and_then(|part| package::package_name(&xml::decode(&part.bytes)));
    let mut names = archive.names();
    let name = name.or_else(|| names.iter().find(|name| name.ends_with(".opf")).cloned()).unwrap_or_default();
    if let Some(part) = archive.read(&name, memory)? {
        let (package, damage) = package::read(&xml::decode(&part.bytes), &name);
        book.metadata = package.metadata;
        book.remarks.extend(damage);
        if !package.chapters.is_empty() {
            return Ok(package.chapters);
        }
    }
    names.retain(|name| [".xhtml", ".html", ".htm"].iter().any(|extension| name.ends_with(extension)));
    names.sort();
    if names.is_empty() {
        return Err(FormatError::Damaged("no chapters".to_owned()).into());
    }
    book.remarks.push("the list of chapters is missing; they were read by name".to_owned());
    Ok(names)
}

fn read_chapter(
    archive: &mut Archive<'_>,
    name: &str,
    book: &mut Converted,
    memory: &mut Held,
) -> Result<(), SkipReason> {
    let Some(part) = archive.read(name, memory)? else {
        book.remarks.push(format!("chapter `{name}` is missing"));
        return Ok(());
    };
    if part.is_damaged {
        book.remarks.push(format!("chapter `{name}` is damaged; it was read as far as possible"));
    }
    let page = xml::decode(&part.bytes);
    memory.raise_beside_kept(of_page(&page))?;
    let blocks = read_as(&page, Syntax::Xhtml).blocks;
    memory.keep(of_blocks(&blocks));
    book.blocks.extend(blocks);
    Ok(())
}
