//! Files of an index that are files and nothing else: opened without following a link, and without waiting for whoever is at
//! the other end of a pipe.
//!
//! A folder may come from somebody else. A link in its index would lead to a file that is none of ours, a pipe or a device
//! might never end. The only place of this crate that opens files, for both programs.

use std::fs::{self, File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// What is read whole is never larger: the list of segments has a few hundred bytes for each.
const LIMIT_BYTES: u64 = 64 << 20;

/// Opens a file with these options.
///
/// # Errors
/// If it is a link, a folder, a pipe, a socket or a device, or cannot be opened.
pub fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // Said of the name first: the system calls a link "too many levels of symbolic links".
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        found => found.map_or(Ok(()), |found| check(found.file_type()))?,
    }
    let file = without_following(options).open(path)?;
    check(file.metadata()?.file_type())?;
    Ok(file)
}

/// Reads a small file whole.
///
/// # Errors
/// As [`open`], and if it is larger than any small file of an index.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = open(path, OpenOptions::new().read(true))?;
    let mut bytes = Vec::new();
    file.take(LIMIT_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is too large for a file of this name"));
    }
    Ok(bytes)
}

/// Returns what something is if it is no file: `a symbolic link`.
pub fn not_a_file(kind: FileType) -> Option<&'static str> {
    match kind {
        kind if kind.is_file() => None,
        kind if kind.is_symlink() => Some("a symbolic link"),
        kind if kind.is_dir() => Some("a folder"),
        _ => Some("a pipe, a socket or a device"),
    }
}

/// Refuses what is no file.
///
/// # Errors
/// If it is anything else, which the error names.
pub fn check(kind: FileType) -> io::Result<()> {
    not_a_file(kind).map_or(Ok(()), |what| Err(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {what}"))))
}

#[cfg(unix)]
fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits() as i32)
}

/// There is no way to ask for it that leaves files of cloud drives readable: the look at the name has to do.
#[cfg(not(unix))]
fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let [file, link, none] = ["file", "link", "none"].map(|name| folder.path().join(name));
        fs::write(&file, "мир").unwrap();
        symlink(&file, &link).unwrap();
        assert_eq!(read(&file).unwrap(), "мир".as_bytes());
        for (path, said) in [
            (link.as_path(), "it is a symbolic link"),
            (folder.path(), "it is a folder"),
            (Path::new("/dev/zero"), "it is a pipe, a socket or a device"),
        ] {
            assert_eq!(read(path).unwrap_err().to_string(), said);
        }
        assert_eq!(read(&none).unwrap_err().kind(), io::ErrorKind::NotFound);
        // Were the link put there after the first look.
        assert!(without_following(OpenOptions::new().read(true)).open(&link).is_err());
    }

    #[test]
    fn what_is_too_large_is_not_read_whole() {
        let sparse = tempfile::NamedTempFile::new().unwrap();
        sparse.as_file().set_len(1 << 40).unwrap();
        assert_eq!(read(sparse.path()).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
    }
}
