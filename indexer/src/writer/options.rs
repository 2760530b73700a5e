//! What a writer is given, and what it says.

use std::num::NonZeroUsize;
use std::time::Duration;

use crate::error::IndexError;
use crate::report::Ending;

/// How a writer works: [`WriterOptions::default`], changed by its methods or its fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct WriterOptions {
    /// The number of threads that index; one for each core if none.
    pub threads: Option<NonZeroUsize>,
    /// About how many bytes of memory it may use. An index in memory itself is not counted.
    pub memory_bytes: usize,
}

impl Default for WriterOptions {
    /// A thread for each core, 256 MB of memory.
    fn default() -> WriterOptions {
        WriterOptions { threads: None, memory_bytes: 256 << 20 }
    }
}

impl WriterOptions {
    /// Sets the number of threads that index; 0 for one for each core.
    #[must_use]
    pub fn threads(self, threads: usize) -> WriterOptions {
        WriterOptions { threads: NonZeroUsize::new(threads), ..self }
    }

    /// Sets about how many bytes of memory the writer may use.
    #[must_use]
    pub fn memory_bytes(self, bytes: usize) -> WriterOptions {
        WriterOptions { memory_bytes: bytes, ..self }
    }
}

/// What became of a text that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// No article had its path.
    New,
    /// It takes the place of the article of its path.
    Replaced,
    /// The article of its path is made of the same text already; there is nothing to do.
    Unchanged,
}

/// What came of a commit.
#[derive(Debug)]
#[non_exhaustive]
pub struct Committed {
    /// How it ended.
    ///
    /// `Unchanged`: there was nothing to do. `UpToDate`: all that was added and
    /// removed can be searched now. `Interrupted`: the index is as it was before;
    /// what was added and removed still waits, for another commit or
    /// [`rollback`](crate::Writer::rollback); this number of texts is not indexed yet.
    pub ending: Ending,
    /// The number of articles in the index, as searches see it.
    pub articles: u64,
    /// The number of passages in the index, as searches see it.
    pub passages: u64,
    /// Why segments could not be merged, if so: a full disk, for example. All
    /// is committed nevertheless; the next commit tries again.
    pub unmerged: Option<IndexError>,
    /// How long it took.
    pub elapsed: Duration,
}
