//! Small files and folders that survive a power cut once they are written.
//!
//! What is written is synced before it gets its name, and the folder that has the name is synced after it. Nothing that is there
//! is ever written into: a file may have a second name elsewhere.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder that only its owner can read, and those above it: an index holds the full text.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = path.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(above)?;
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    sync_folder(above)
}

/// Writes a file, in the place of any other of its name, by way of a draft.
pub(crate) fn replace(path: &Path, draft: &str, contents: &str) -> io::Result<()> {
    let draft = path.with_file_name(draft);
    // What a stopped run left.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => write(&draft, contents)?,
    }
    fs::rename(&draft, path)?;
    sync_folder(path.parent().unwrap_or(path))
}

/// Writes a file, unless there is one.
pub(crate) fn add(path: &Path, contents: &str) -> io::Result<()> {
    match write(path, contents) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        written => written,
    }
}

fn write(path: &Path, contents: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(contents.as_bytes())?;
    file.sync_all()
}

/// Makes the names in a folder last.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    match fs::File::open(path) {
        // One that may be written to, but not read.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        opened => opened?.sync_all(),
    }
}

/// Names last without it, or there is no way to ask for it.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
