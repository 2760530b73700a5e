//! An index that lies in memory: nothing of it is on disk, and it is gone with the last who has it.

use std::fmt;

use tantivy::directory::RamDirectory;

/// The place of an index in memory, for the one who writes it and those who search it.
///
/// Cheap to clone: clones are the same place.
#[derive(Clone, Default)]
pub struct Memory(RamDirectory);

impl Memory {
    /// Returns a place of its own, with nothing in it.
    pub fn new() -> Memory {
        Memory::default()
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

/// Returns the place as the engine knows it. A function, so that who passes [`Memory`] on shows nothing of the engine.
pub fn directory_of(memory: &Memory) -> RamDirectory {
    memory.0.clone()
}
