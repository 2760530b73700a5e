//! Opens files of a folder that is not trusted.
//!
//! Opening a pipe would wait for its writer, and a device may have no end. So a file is opened without waiting, its
//! type is checked by its handle, and it is read up to a limit.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use crate::reading::skip_reason::SkipReason;

/// Opens a regular file that is not a link.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn open(path: &Path) -> Result<(File, Metadata), SkipReason> {
    let file = without_waiting(path).map_err(|source| unreadable(path, source))?;
    let metadata = file.metadata().map_err(SkipReason::Unreadable)?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(SkipReason::NotAFile) }
}

/// Reads an open file of at most `limit` bytes.
///
/// # Errors
/// The reason to skip it.
pub(crate) fn read(file: File, metadata: &Metadata, limit: u64) -> Result<Vec<u8>, SkipReason> {
    if metadata.len() > limit {
        return Err(SkipReason::TooLarge { bytes: metadata.len(), limit });
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    // A file can grow while it is read.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(SkipReason::Unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(SkipReason::TooLarge { bytes: bytes.len() as u64, limit });
    }
    Ok(bytes)
}

fn without_waiting(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits() as i32);
    }
    options.open(path)
}

/// Returns the reason to skip a file that could not be opened. Opening fails for sockets and for some devices, which
/// are not regular files either.
fn unreadable(path: &Path, source: io::Error) -> SkipReason {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => SkipReason::NotAFile,
        _ => SkipReason::Unreadable(source),
    }
}
