//! From a file to an article.
//!
//! A file is read once and whole, up to a limit. Its format decides how its text
//! is extracted; the encoding of text files and web pages is detected.

pub(crate) mod bibliography;
pub(crate) mod encoding;
pub(crate) mod file_state;
pub(crate) mod formats;
#[cfg_attr(not(feature = "archives"), path = "reading/no_member.rs")]
pub(crate) mod member;
pub(crate) mod memory;
pub(crate) mod opening;
pub(crate) mod patience;
pub(crate) mod rules;
pub(crate) mod skip_reason;
pub(crate) mod source;

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use svod_store::schema::{ContentHash, FileState, Places, Reading};
use svod_text::article::{Article, Syntax, parse};

use crate::reading::encoding::{Decoded, Origin};
use crate::reading::file_state::{settled, state_of};
use crate::reading::formats::content::Content;
use crate::reading::formats::{Format, Outcome};
use crate::reading::memory::{Held, of_text};
use crate::reading::rules::{Rules, memory_bytes};
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;

/// The limits within which a source is read.
pub(crate) struct Bounds<'b> {
    /// Its share of the memory of the run.
    pub(crate) memory: Held,
    pub(crate) is_interrupted: &'b dyn Fn() -> bool,
}

/// A file understood.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) article: Article,
    pub(crate) reading: Reading,
    /// Oddities of the file, for display.
    pub(crate) remarks: Vec<String>,
    /// Whether reading the same file again would give the same.
    is_final: bool,
    /// The memory of the article, given back when this is dropped.
    pub(crate) memory: Held,
}

/// Size, hash and state of a file, by which a later run finds out whether it has changed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// The number of bytes.
    pub(crate) bytes: u64,
    /// `None` if the file was not read, or if reading it again may give more.
    pub(crate) hash: Option<ContentHash>,
    /// The default state if it would not prove that the file is unchanged.
    pub(crate) state: FileState,
}

impl Seen {
    /// Returns what is known of a source that was not read.
    pub(crate) fn nothing(source: &Source) -> Seen {
        Seen { bytes: source.bytes, hash: None, state: source.state }
    }
}

/// The outcome of reading a source: an article, or the reason to skip it.
pub(crate) type Attempt = (Seen, Result<Understood, SkipReason>);

/// Reads a source into an article, or returns the reason to skip it.
pub(crate) fn understand(root: &Path, source: &Source, rules: &Rules, mut bounds: Bounds<'_>) -> Attempt {
    let unread = Seen::nothing(source);
    if (bounds.is_interrupted)() {
        return (unread, Err(SkipReason::Interrupted));
    }
    let place = source.place(root);
    let begun = rules.refusal(source).map_or(Ok(()), Err).and_then(|()| bounds.memory.raise(memory_bytes(source)));
    let (seen, understood) = match begun.and_then(|()| read(&place, source, rules.max_file_bytes())) {
        Ok((bytes, seen)) => (seen, understand_bytes(&place, bytes, source, rules, bounds)),
        Err(reason) => (unread, Err(reason)),
    };
    // The rules of a PDF file say whether it can be read; those of one under another name do not.
    let is_misnamed = source.format != Format::Pdf;
    let may_pass = |reason: &SkipReason| reason.may_pass() || (is_misnamed && reason.lacks_program());
    let is_final = understood.as_ref().map_or_else(|reason| !may_pass(reason), |understood| understood.is_final);
    // Without hash and state the next run reads the file again, although it has not changed.
    let seen = if is_final { seen } else { Seen { hash: None, state: FileState::default(), ..seen } };
    (seen, understood)
}

fn understand_bytes(
    place: &Path,
    bytes: Vec<u8>,
    source: &Source,
    rules: &Rules,
    mut bounds: Bounds<'_>,
) -> Result<Understood, SkipReason> {
    let format = match formats::content::of(&bytes, source.format) {
        Content::Of(format) => format,
        Content::NotRead(what) => return Err(SkipReason::NotRead(what)),
    };
    let file = source.member.is_none().then_some(place);
    // A bug of a reader must cost one file, not the folder.
    let read = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Markdown | Format::Text => understand_text(bytes, format, rules, &mut bounds),
        _ => formats::understand(file, bytes, format, &mut bounds),
    }));
    let Outcome { mut article, mut reading, mut remarks, is_final } = read.unwrap_or(Err(SkipReason::Panicked))?;
    remarks.splice(0..0, formats::content::mismatch(&source.path, format, source.format));
    if source.member.is_some() && reading.places == Places::Bytes {
        // They are bytes of no file on disk.
        reading.places = Places::Lines;
    }
    let doi = article.metadata.appeared.doi.as_deref();
    if let Some(known) = rules.metadata_of(&source.path, doi) {
        article.metadata = known.clone().or(article.metadata);
    }
    let name = title_of_file(&source.path);
    article.metadata.title.get_or_insert_with(|| name.clone());
    article.metadata.settle_date(&name);
    Ok(Understood { article, reading, remarks, is_final, memory: bounds.memory })
}

/// Returns the title of an article without one: the name of its file, without the extension.
pub(crate) fn title_of_file(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads a source only to find out whether it has changed.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn look_at(root: &Path, source: &Source, rules: &Rules) -> Result<Seen, SkipReason> {
    read(&source.place(root), source, rules.max_file_bytes()).map(|(_, seen)| seen)
}

/// Reads Markdown, or text that may be Markdown under another name.
fn understand_text(
    bytes: Vec<u8>,
    format: Format,
    rules: &Rules,
    bounds: &mut Bounds<'_>,
) -> Result<Outcome, SkipReason> {
    let Decoded { text, encoding, repaired, origin } = match &rules.folder.encoding {
        Some(name) => encoding::decode_as(bytes, name)?,
        None => encoding::decode(bytes)?,
    };
    let syntax = if format == Format::Markdown { Syntax::Markdown } else { Syntax::of(&text) };
    let format = if syntax == Syntax::Markdown { Format::Markdown } else { format };
    let reading = Reading {
        format: format.name().to_owned(),
        encoding: Some(encoding.to_owned()),
        repaired: repaired as u64,
        places: if origin == Origin::AsIs { Places::Bytes } else { Places::Lines },
    };
    bounds.memory.raise(of_text(&text))?;
    Ok(Outcome { article: parse(&text, syntax), reading, remarks: Vec::new(), is_final: true })
}

/// Reads a source of at most `limit` bytes, from its file at `place`.
fn read(place: &Path, source: &Source, limit: u64) -> Result<(Vec<u8>, Seen), SkipReason> {
    let (file, metadata) = opening::open(place)?;
    let state = settled(state_of(&metadata));
    let bytes = match &source.member {
        // The table of contents was that of the file as the survey found it.
        Some(_) if state_of(&metadata) != source.state => {
            return Err(SkipReason::Unreadable(io::Error::other("the archive was changed meanwhile")));
        }
        Some(member) => member.unpack(&file, limit)?,
        None => opening::read(file, &metadata, limit)?,
    };
    let seen = Seen { bytes: bytes.len() as u64, hash: Some(ContentHash::of(&bytes)), state };
    Ok((bytes, seen))
}
