//! From a file to an article.
//!
//! A file is read once, whole, within the limit; its format says how its text
//! comes out of it, and its encoding is found out where the format leaves that
//! open.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use svod_corpus::article::{Article, Syntax, parse};
use svod_corpus::schema::{ContentHash, Places, Reading};

use crate::changes::{is_trusted, now};
use crate::discover::{Source, modified};
use crate::encoding::{self, Decoded, Origin};
use crate::formats::{self, Format, Outcome};
use crate::memory::{Held, of_text};
use crate::report::SkipReason;
use crate::rules::{Rules, memory_bytes};

/// Within what a source is read.
pub(crate) struct Bounds<'b> {
    /// What it takes of the memory of the run.
    pub(crate) memory: Held,
    pub(crate) is_interrupted: &'b dyn Fn() -> bool,
}

/// A file understood.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) article: Article,
    pub(crate) reading: Reading,
    /// What was odd about the file, for people.
    pub(crate) remarks: Vec<String>,
    /// The number of bytes.
    pub(crate) bytes: u64,
    /// None if another reading may find more.
    pub(crate) hash: Option<ContentHash>,
    /// When the file was modified, in nanoseconds since 1970; 0 if that proves nothing.
    pub(crate) modified: u64,
    /// Given back with what was understood.
    pub(crate) memory: Held,
}

/// Reads and understands a source.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn understand(
    root: &Path,
    source: &Source,
    rules: &Rules,
    mut bounds: Bounds<'_>,
) -> Result<Understood, SkipReason> {
    if (bounds.is_interrupted)() {
        return Err(SkipReason::Interrupted);
    }
    if let Some(refusal) = rules.refusal(source) {
        return Err(refusal);
    }
    bounds.memory.raise(memory_bytes(source))?;
    let path = root.join(&source.path);
    let started = now();
    let (bytes, modified) = read(&path, rules.max_file_bytes())?;
    let hash = ContentHash::of(&bytes);
    let length = bytes.len() as u64;
    let format = source.format;
    // A bug of a reader must cost one file, not the folder.
    let read = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Markdown => understand_text(bytes, Syntax::Markdown, format, rules, &mut bounds),
        Format::Text => understand_text(bytes, Syntax::Plain, format, rules, &mut bounds),
        _ => formats::understand(&path, bytes, format, &mut bounds),
    }));
    let Outcome { mut article, reading, remarks, is_final } = read.unwrap_or(Err(SkipReason::Panicked))?;
    let name = title_of_file(&source.path);
    article.metadata.title.get_or_insert_with(|| name.clone());
    article.metadata.settle_date(&name);
    let modified = if is_final && is_trusted(modified, started) { modified } else { 0 };
    let hash = Some(hash).filter(|_| is_final);
    Ok(Understood { article, reading, remarks, bytes: length, hash, modified, memory: bounds.memory })
}

/// Returns the title of an article that has none: the name of its file.
pub(crate) fn title_of_file(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns the hash of a file's content.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn hash(path: &Path, rules: &Rules) -> Result<ContentHash, SkipReason> {
    read(path, rules.max_file_bytes()).map(|(bytes, _)| ContentHash::of(&bytes))
}

fn understand_text(
    bytes: Vec<u8>,
    syntax: Syntax,
    format: Format,
    rules: &Rules,
    bounds: &mut Bounds<'_>,
) -> Result<Outcome, SkipReason> {
    let Decoded { text, encoding, repaired, origin } = match &rules.folder.encoding {
        Some(name) => encoding::decode_as(bytes, name)?,
        None => encoding::decode(bytes)?,
    };
    let reading = Reading {
        format: format.name().to_owned(),
        encoding: Some(encoding.to_owned()),
        repaired: repaired as u64,
        places: if origin == Origin::AsIs { Places::Bytes } else { Places::Lines },
    };
    bounds.memory.raise(of_text(&text))?;
    Ok(Outcome { article: parse(&text, syntax), reading, remarks: Vec::new(), is_final: true })
}

/// Reads a regular file of at most `limit` bytes, and when it was modified.
fn read(path: &Path, limit: u64) -> Result<(Vec<u8>, u64), SkipReason> {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    if !path.metadata().map_err(SkipReason::Unreadable)?.is_file() {
        return Err(SkipReason::NotAFile);
    }
    let file = File::open(path).map_err(SkipReason::Unreadable)?;
    let metadata = file.metadata().map_err(SkipReason::Unreadable)?;
    if metadata.len() > limit {
        return Err(SkipReason::TooLarge { bytes: metadata.len(), limit });
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    // A file can grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(SkipReason::Unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(SkipReason::TooLarge { bytes: bytes.len() as u64, limit });
    }
    Ok((bytes, modified(&metadata)))
}
