//! The files of an index as tantivy reads them: nothing is ever written.
//!
//! Several indexes are opened as one by showing tantivy one list with the
//! segments of all: then statistics, and so scores, are those of one index.
//!
//! Tantivy would lock a file while it opens an index, so that a writer does
//! not remove segments meanwhile; a read-only medium has no place for it. Here
//! the list of segments is read once, before all else, and whoever opens an
//! index looks whether it still stands if a file is missing (`open`). Files
//! that are open stay readable when a writer removes them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use svod_store::layout::META;
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

/// Tantivy's file that lists what its writer may remove. Readers do without.
const MANAGED: &str = ".managed.json";

/// The hexadecimal digits that the name of each file of a segment begins with.
const SEGMENT_DIGITS: usize = 32;

/// The files of one index or several, as they were at one commit of each.
#[derive(Debug, Clone)]
pub(crate) struct ReadOnly {
    members: Vec<Box<dyn Directory>>,
    meta: Arc<[u8]>,
    /// For each segment the member it is of, and its name there. Empty where there is one member.
    segments: Arc<HashMap<String, (usize, String)>>,
}

impl ReadOnly {
    /// Opens one index with what was read of its list of segments.
    pub(crate) fn of(files: Box<dyn Directory>, meta: &Arc<[u8]>) -> ReadOnly {
        ReadOnly { members: vec![files], meta: Arc::clone(meta), segments: Arc::default() }
    }

    /// Opens several with what was read of their lists of segments. The number of the first that does not fit the others
    /// is the error.
    pub(crate) fn of_several(members: Vec<Box<dyn Directory>>, metas: &[&[u8]]) -> Result<ReadOnly, usize> {
        let mut segments = HashMap::new();
        let meta = merged(metas, &mut segments)?;
        Ok(ReadOnly { members, meta: meta.into(), segments: Arc::new(segments) })
    }

    /// Returns which member a segment is of.
    pub(crate) fn member_of(&self, segment: &str) -> usize {
        self.segments.get(segment).map_or(0, |known| known.0)
    }

    /// Returns the member that has a file, and the name of the file there.
    fn locate<'p>(&self, path: &'p Path) -> (&dyn Directory, Cow<'p, Path>) {
        let known = || {
            let (segment, rest) = path.to_str()?.split_at_checked(SEGMENT_DIGITS)?;
            let (member, name) = self.segments.get(segment)?;
            Some((&*self.members[*member], Cow::Owned(format!("{name}{rest}").into())))
        };
        known().unwrap_or((&*self.members[0], Cow::Borrowed(path)))
    }
}

/// Makes one list of segments of several, and notes where each segment lies. A copy of an index has segments of the same
/// names: they get others.
fn merged(metas: &[&[u8]], segments: &mut HashMap<String, (usize, String)>) -> Result<Vec<u8>, usize> {
    let mut whole: Option<Value> = None;
    for (member, meta) in metas.iter().enumerate() {
        let mut meta: Value = serde_json::from_slice(meta).map_err(|_| member)?;
        for segment in meta["segments"].as_array_mut().ok_or(member)? {
            let id = segment["segment_id"].as_str().ok_or(member)?.replace('-', "");
            let mut number = u128::from_str_radix(&id, 16).map_err(|_| member)?;
            while segments.contains_key(&format!("{number:032x}")) {
                number = number.wrapping_add(1);
            }
            let name = format!("{number:032x}");
            segment["segment_id"] = Value::String(name.clone());
            segments.insert(name, (member, id));
        }
        match &mut whole {
            None => whole = Some(meta),
            Some(whole) if whole["schema"] == meta["schema"] => {
                let more = std::mem::take(&mut meta["segments"]);
                let all = whole["segments"].as_array_mut().ok_or(member)?;
                all.extend(more.as_array().into_iter().flatten().cloned());
            }
            Some(_) => return Err(member),
        }
    }
    serde_json::to_vec(&whole).map_err(|_| 0)
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::ReadOnlyFilesystem, "an index is not written by a search")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let (files, path) = self.locate(path);
        files.get_file_handle(&path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let (files, name) = self.locate(path);
        if path == Path::new(META) { Ok(true) } else { files.exists(&name) }
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        match path.to_str() {
            Some(META) => Ok(self.meta.to_vec()),
            Some(MANAGED) => Err(OpenReadError::FileDoesNotExist(path.to_owned())),
            _ => {
                let (files, path) = self.locate(path);
                files.atomic_read(&path)
            }
        }
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
