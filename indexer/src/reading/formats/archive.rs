//! The parts of a document that is a zip archive, unpacked within limits.
//!
//! The sizes that an archive states are only hints: the limits are for the bytes
//! actually unpacked. An archive that lost its table of contents, such as a
//! download that was cut off, is read from its start as far as possible.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;
use zip::result::ZipError;

use crate::reading::formats::FormatError;
use crate::reading::memory::Held;
use crate::reading::skip_reason::SkipReason;

/// The most bytes that one part may unpack to: the text of fifty thick books, or of one with much markup.
pub(super) const MOST_PART_BYTES: u64 = 64 << 20;

/// The most bytes that all parts together may unpack to.
pub(super) const MOST_BYTES: u64 = 256 << 20;

/// The most times its packed size that a part may unpack to. XML shrinks to a tenth, tables of numbers to a fiftieth, a
/// zip bomb to a thousandth.
pub(super) const MOST_RATIO: u64 = 200;

/// A part that unpacks to no more bytes than this is never taken for a bomb.
const LEAST_BOMB_BYTES: u64 = 8 << 20;

/// The most parts of an archive, more than real books have. Each part takes memory before any is read.
pub(super) const MOST_PARTS: usize = 20_000;

/// The most end records of an archive. The zip reader tries each that it finds until one fits; archives inside the
/// archive have their own.
const MOST_ENDS: usize = 200;

/// The extensions of parts that are read from an archive without its table of contents: text, not pictures.
const TEXTS: [&str; 8] = [".xml", ".rels", ".opf", ".xhtml", ".html", ".htm", ".mht", ".rtf"];

const PART_IN_CONTENTS: &[u8] = b"PK\x01\x02";
const END_OF_ARCHIVE: &[u8] = b"PK\x05\x06";

/// The signature of encrypted Office documents and of the old binary formats.
const COMPOUND_FILE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// A zip archive.
pub(crate) struct Archive<'b> {
    parts: Parts<'b>,
    unpacked_bytes: u64,
}

enum Parts<'b> {
    Listed(Box<ZipArchive<Cursor<&'b [u8]>>>),
    /// The table of contents is lost; all parts were unpacked when the archive was opened.
    Rescued(HashMap<String, Part>),
}

/// An unpacked part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) bytes: Vec<u8>,
    /// Whether it ends too early or its checksum is wrong.
    pub(crate) is_damaged: bool,
}

impl<'b> Archive<'b> {
    /// Opens an archive.
    ///
    /// # Errors
    /// It is not an archive, is encrypted as a whole, or has too many parts.
    pub(crate) fn open(bytes: &'b [u8], memory: &mut Held) -> Result<Archive<'b>, SkipReason> {
        memory.keep(bytes.len() as u64);
        if bytes.starts_with(COMPOUND_FILE) {
            let is_encrypted = count(bytes, &utf16("EncryptedPackage"), 0) > 0;
            return Err(if is_encrypted { FormatError::Encrypted } else { FormatError::NotAnArchive }.into());
        }
        if count(bytes, PART_IN_CONTENTS, MOST_PARTS) > MOST_PARTS {
            return Err(FormatError::TooManyParts { limit: MOST_PARTS }.into());
        }
        let has_many_ends = count(bytes, END_OF_ARCHIVE, MOST_ENDS) > MOST_ENDS;
        let listed = if has_many_ends { None } else { ZipArchive::new(Cursor::new(bytes)).ok() };
        let parts = match listed {
            Some(archive) if !archive.is_empty() => Parts::Listed(Box::new(archive)),
            _ => Parts::Rescued(rescue(bytes, memory)?),
        };
        Ok(Archive { parts, unpacked_bytes: 0 })
    }

    /// Whether the table of contents was lost.
    pub(crate) fn is_rescued(&self) -> bool {
        matches!(self.parts, Parts::Rescued(_))
    }

    /// Returns the names of the parts.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.parts {
            Parts::Listed(archive) => archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect(),
            Parts::Rescued(parts) => parts.keys().cloned().collect(),
        }
    }

    /// Unpacks a part; `None` if there is no part with that name.
    ///
    /// # Errors
    /// It is encrypted or too large.
    pub(crate) fn read(&mut self, name: &str, memory: &mut Held) -> Result<Option<Part>, SkipReason> {
        let archive = match &mut self.parts {
            Parts::Listed(archive) => archive,
            Parts::Rescued(parts) => return Ok(parts.remove(name)),
        };
        let file = match archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(FormatError::Encrypted.into());
            }
            Err(_) => return Ok(Some(Part { bytes: Vec::new(), is_damaged: true })),
        };
        if file.encrypted() {
            return Err(FormatError::Encrypted.into());
        }
        let limit = limit(file.compressed_size()).min(MOST_BYTES.saturating_sub(self.unpacked_bytes));
        if file.size() > limit {
            return Err(FormatError::TooLarge { limit }.into());
        }
        let stated = file.size();
        let part = unpack(file, stated, limit, memory)?;
        self.unpacked_bytes += part.bytes.len() as u64;
        Ok(Some(part))
    }
}

/// Returns the most bytes that a part of `packed_bytes` may unpack to.
fn limit(packed_bytes: u64) -> u64 {
    packed_bytes.saturating_mul(MOST_RATIO).clamp(LEAST_BOMB_BYTES, MOST_PART_BYTES)
}

/// Unpacks a part up to a limit. Takes memory for the stated number of bytes, and for more only if there are more.
/// A failure in the middle leaves the bytes before it.
fn unpack(mut file: impl Read, stated: u64, limit: u64, memory: &mut Held) -> Result<Part, SkipReason> {
    let mut part = Part::default();
    for most in [stated.min(limit), limit] {
        memory.raise_beside_kept(most)?;
        let left = most.saturating_add(1) - part.bytes.len() as u64;
        part.bytes.reserve_exact(left as usize);
        part.is_damaged = file.by_ref().take(left).read_to_end(&mut part.bytes).is_err();
        if part.is_damaged || part.bytes.len() as u64 <= most {
            return Ok(part);
        }
    }
    Err(FormatError::TooLarge { limit }.into())
}

/// Unpacks the parts of an archive from its start, as far as possible.
fn rescue(bytes: &[u8], memory: &mut Held) -> Result<HashMap<String, Part>, SkipReason> {
    let mut parts = HashMap::new();
    let mut unpacked_bytes = 0;
    let mut rest = Cursor::new(bytes);
    while let Ok(Some(file)) = read_zipfile_from_stream(&mut rest) {
        if file.encrypted() {
            return Err(FormatError::Encrypted.into());
        }
        let Ok(name) = file.name().map(Cow::into_owned) else { continue };
        if !TEXTS.iter().any(|extension| name.ends_with(extension)) {
            continue;
        }
        let limit = limit(file.compressed_size()).min(MOST_BYTES - unpacked_bytes);
        let stated = file.size();
        let part = unpack(file, stated, limit, memory)?;
        unpacked_bytes += part.bytes.len() as u64;
        memory.keep(part.bytes.len() as u64);
        let is_last = part.is_damaged;
        parts.insert(name, part);
        if is_last || parts.len() > MOST_PARTS {
            break;
        }
    }
    if parts.is_empty() { Err(FormatError::NotAnArchive.into()) } else { Ok(parts) }
}

/// Counts the occurrences of a signature, up to `limit` plus one.
fn count(bytes: &[u8], signature: &[u8], limit: usize) -> usize {
    bytes.windows(signature.len()).filter(|window| *window == signature).take(limit + 1).count()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
