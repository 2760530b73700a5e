//! From a file to its text.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::report::SkipReason;

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// Of the bytes, in hexadecimal.
    pub(crate) hash: String,
    /// Nanoseconds since 1970.
    pub(crate) modified: u64,
}

/// Reads a file of UTF-8 text.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Text, SkipReason> {
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
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let since_1970 = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let text =
        String::from_utf8(bytes).map_err(|error| SkipReason::NotUtf8(error.utf8_error().valid_up_to() as u64))?;
    Ok(Text { text, hash, modified: u64::try_from(since_1970.as_nanos()).unwrap_or(u64::MAX) })
}
