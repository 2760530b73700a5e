//! Members: documents inside a zip archive, each read as if the archive were a folder.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use zip::ZipArchive;
use zip::read::{ZipArchiveMetadata, ZipFileEntry, ZipReadOptions};
use zip::result::ZipError;

use crate::reading::formats::FormatError;
use crate::reading::opening;
use crate::reading::skip_reason::SkipReason;

/// The most members of an archive. Their names are kept in memory during a run.
const MOST_MEMBERS: usize = 20_000;
/// The most bytes of an archive that are read for its table of contents: that of so many members, and the search for it.
const MOST_CONTENTS_BYTES: u64 = 16 << 20;
/// The most times its packed size that a member may unpack to. Text shrinks to a tenth, a zip bomb to a thousandth.
const MOST_RATIO: u64 = 200;
/// A member that unpacks to no more bytes than this is never taken for a bomb.
const LEAST_BOMB_BYTES: u64 = 8 << 20;

/// A document inside an archive.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    contents: Arc<ZipArchiveMetadata>,
    index: usize,
}

/// What the table of contents of an archive tells of a member.
pub(crate) struct Entry {
    pub(crate) member: Member,
    /// The name as it stands in the archive, with `/` between its parts. Its encoding is that of the system it was made on.
    pub(crate) name: Vec<u8>,
    /// The number of bytes that it unpacks to.
    pub(crate) bytes: u64,
    pub(crate) is_encrypted: bool,
}

/// Lists the members of an archive; folders in it are no members.
///
/// # Errors
/// It cannot be read, is no archive, has too many members, or its members lie over each other.
pub(crate) fn list(path: &Path) -> Result<Vec<Entry>, SkipReason> {
    let (file, metadata) = opening::open(path)?;
    let contents = Contents { file, left: MOST_CONTENTS_BYTES };
    let archive = ZipArchive::new(BufReader::new(contents)).map_err(|error| match error {
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => SkipReason::Unreadable(error),
        _ => FormatError::NotAnArchive.into(),
    })?;
    let contents = archive.metadata();
    if contents.len() > MOST_MEMBERS {
        return Err(FormatError::TooManyParts { limit: MOST_MEMBERS }.into());
    }
    let mut packed_bytes = 0_u64;
    let mut entries = Vec::new();
    for index in 0..contents.len() {
        let Ok(entry) = contents.entry(index) else { continue };
        packed_bytes = packed_bytes.saturating_add(entry.compressed_size());
        if entry.is_file() {
            entries.push(Entry {
                member: Member { contents: Arc::clone(&contents), index },
                name: entry.name_raw().to_vec(),
                bytes: entry.size(),
                is_encrypted: entry.encrypted(),
            });
        }
    }
    // The same bytes under many names would be unpacked as often.
    if packed_bytes > metadata.len() {
        return Err(FormatError::Damaged("its parts lie over each other".to_owned()).into());
    }
    Ok(entries)
}

/// An archive of which only so much is read.
struct Contents {
    file: File,
    left: u64,
}

impl Read for Contents {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(read)
    }
}

impl Seek for Contents {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Member {
    /// Unpacks it, up to `limit` bytes.
    ///
    /// # Errors
    /// It is encrypted, damaged, packed by a method that is not known, or larger than the limit or than anything but a bomb.
    pub(crate) fn unpack(&self, mut archive: &File, limit: u64) -> Result<Vec<u8>, SkipReason> {
        let entry = self.contents.entry(self.index).map_err(damaged)?;
        let limit = limit.min(most_bytes(&entry));
        let stated = entry.size();
        if stated > limit {
            return Err(FormatError::TooLarge { limit }.into());
        }
        let mut bytes = Vec::with_capacity(stated as usize);
        let file = entry.with_reader(&mut archive, ZipReadOptions::new()).map_err(damaged)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| damaged(error.into()))?;
        if bytes.len() as u64 > limit { Err(FormatError::TooLarge { limit }.into()) } else { Ok(bytes) }
    }
}

fn most_bytes(entry: &ZipFileEntry<'_>) -> u64 {
    entry.compressed_size().saturating_mul(MOST_RATIO).max(LEAST_BOMB_BYTES)
}

fn damaged(error: ZipError) -> SkipReason {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => FormatError::Encrypted.into(),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            FormatError::Damaged("packed by a method that is not known".to_owned()).into()
        }
        _ => FormatError::Damaged("it cannot be unpacked".to_owned()).into(),
    }
}
