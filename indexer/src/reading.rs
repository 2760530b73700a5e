//! From a file to an article.
//!
//! A file is read once, whole, within the limit; its format says how its text
//! comes out of it, and its encoding is found out where the format leaves that
//! open.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use svod_corpus::article::{Article, Syntax, parse};
use svod_corpus::schema::{Places, Reading};

use crate::encoding::{self, Decoded, Origin};
use crate::formats::{self, Format};
use crate::report::SkipReason;

/// A file understood.
#[derive(Debug)]
pub(crate) struct Understood {
    pub(crate) article: Article,
    pub(crate) reading: Reading,
    /// What was odd about the file, for people.
    pub(crate) remarks: Vec<String>,
    /// The number of bytes.
    pub(crate) bytes: u64,
    /// The hash of the bytes, in hexadecimal.
    pub(crate) hash: String,
    /// Nanoseconds since 1970.
    pub(crate) modified: u64,
}

/// How files are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'o> {
    pub(crate) max_file_bytes: u64,
    /// The encoding of all text files; found out for each if none.
    pub(crate) encoding: Option<&'o str>,
}

/// Reads and understands a file.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn understand(path: &Path, format: Format, rules: Rules<'_>) -> Result<Understood, SkipReason> {
    let (bytes, modified) = read(path, rules.max_file_bytes)?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let length = bytes.len() as u64;
    let (article, reading, remarks) = match format {
        Format::Markdown => understand_text(bytes, Syntax::Markdown, format, rules)?,
        Format::Text => understand_text(bytes, Syntax::Plain, format, rules)?,
        _ => formats::understand(path, bytes, format)?,
    };
    Ok(Understood { article, reading, remarks, bytes: length, hash, modified })
}

fn understand_text(
    bytes: Vec<u8>,
    syntax: Syntax,
    format: Format,
    rules: Rules<'_>,
) -> Result<(Article, Reading, Vec<String>), SkipReason> {
    let Decoded { text, encoding, repaired, origin } = match rules.encoding {
        Some(name) => encoding::decode_as(bytes, name)?,
        None => encoding::decode(bytes)?,
    };
    let reading = Reading {
        format: format.name().to_owned(),
        encoding: Some(encoding.to_owned()),
        repaired: repaired as u64,
        places: if origin == Origin::AsIs { Places::Bytes } else { Places::Lines },
    };
    Ok((parse(&text, syntax), reading, Vec::new()))
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
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Ok((bytes, u64::try_from(since_1970.as_nanos()).unwrap_or(u64::MAX)))
}
