//! An index that lies in memory: nothing of it is on disk, and it is gone with the last who has it.

use std::fmt;
use std::sync::Arc;

use tantivy::directory::RamDirectory;

/// The place of an index in memory, for the one who writes it and those who search it.
///
/// Cheap to clone: clones are the same place, and equal.
#[derive(Clone, Default)]
pub struct Memory(Arc<RamDirectory>);

impl Memory {
    /// Returns a place of its own, with nothing in it.
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

/// Returns the place as the engine knows it. A function, so that who passes [`Memory`] on shows nothing of the engine.
pub fn directory_of(memory: &Memory) -> RamDirectory {
    RamDirectory::clone(&memory.0)
}
