//! What a run is given, and what it tells while it goes on.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use svod_store::layout::Links;

/// How a folder is indexed.
///
/// `include`, `exclude`, `encoding` and `links` are remembered in the index: a run
/// without them takes those of the run before. Where a damaged index no longer
/// tells them, the run stops until patterns are given or `forget_rules` is set.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The folder that holds the index; `.svod` inside the indexed folder if none.
    pub index: Option<PathBuf>,
    /// The number of threads that write; one for each core if none.
    pub threads: Option<NonZeroUsize>,
    /// About how many bytes of memory the run may use.
    pub memory_bytes: usize,
    /// Larger files are skipped.
    pub max_file_bytes: u64,
    /// A long run commits what is done so often: no interruption loses more.
    pub commit_interval: Duration,
    /// Only files that match one of these patterns, written as in a `.gitignore`.
    pub include: Vec<String>,
    /// No file or folder that matches one of these patterns.
    pub exclude: Vec<String>,
    /// The encoding of all text files; `auto`: found out for each.
    pub encoding: Option<String>,
    /// Which links are followed; as remembered if none, else those that stay in the folder.
    pub links: Option<Links>,
    /// Whether the remembered patterns, encoding and links are forgotten.
    pub forget_rules: bool,
    /// Whether the index is made anew, whatever has changed.
    pub rebuild: bool,
    /// Whether the index is merged into one segment: smallest and fastest to search.
    pub optimize: bool,
}

impl Default for Options {
    /// 256 MB of memory, files up to 64 MB, a commit a minute.
    fn default() -> Options {
        Options {
            index: None,
            threads: None,
            memory_bytes: 256 << 20,
            max_file_bytes: 64 << 20,
            commit_interval: Duration::from_secs(60),
            include: Vec::new(),
            exclude: Vec::new(),
            encoding: None,
            links: None,
            forget_rules: false,
            rebuild: false,
            optimize: false,
        }
    }
}

/// Hears how a run goes on, and can end it; called from several threads.
pub trait Progress: Sync {
    /// What is to be read is known: the number and size of the files.
    fn found(&self, files: u64, bytes: u64) {
        let _ = (files, bytes);
    }
    /// One source of this size is done.
    fn done(&self, bytes: u64) {
        let _ = bytes;
    }
    /// All sources are done; the index is being written out.
    fn committing(&self) {}
    /// Segments are being merged.
    fn merging(&self) {}
    /// Whether the run is to end, keeping what is done. A large source that is being read is given up, and read by
    /// the next run; asked often.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// Listens to nothing.
impl Progress for () {}
