//! An index in memory: nothing of it is on disk, and it is gone with the last clone of its [`Memory`].

use std::fmt;
use std::sync::Arc;

use tantivy::directory::RamDirectory;

/// An index in memory, shared by its writer and all that search it.
///
/// Cheap to clone: clones are the same index, and equal.
#[derive(Clone, Default)]
pub struct Memory(Arc<RamDirectory>);

impl Memory {
    /// Returns a new index with nothing in it.
    pub fn new() -> Memory {
        Memory::default()
    }
}

impl PartialEq for Memory {
    fn eq(&self, other: &Memory) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Memory {}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

/// Returns the tantivy directory. A free function, so that the public interface of [`Memory`] names no type of tantivy.
pub fn directory_of(memory: &Memory) -> RamDirectory {
    RamDirectory::clone(&memory.0)
}
