//! What a run is given.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use svod_store::layout::Links;

/// How a folder is indexed: [`Options::default`], changed by its methods or its fields.
///
/// ```
/// use svod_indexer::Options;
///
/// let options = Options::default().include("*.md").exclude("drafts/").threads(2);
/// assert_eq!(options.exclude, ["drafts/"]);
/// ```
///
/// `include`, `exclude`, `encoding`, `links` and `metadata` are remembered in the index: a run
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
    /// How often a long run commits what is done: no interruption loses more.
    pub commit_interval: Duration,
    /// Only files that match one of these patterns, written as in a `.gitignore`.
    pub include: Vec<String>,
    /// No file or folder that matches one of these patterns.
    pub exclude: Vec<String>,
    /// The encoding of all text files; `auto`: found out for each.
    pub encoding: Option<String>,
    /// Which links are followed; as remembered if none, else those that stay in the folder.
    pub links: Option<Links>,
    /// The export of a reference manager (BibTeX, CSL-JSON, RIS, or a table) that says more of the files, and goes before
    /// what they say. As remembered if none.
    pub metadata: Option<PathBuf>,
    /// Whether the remembered patterns, encoding, links and metadata are forgotten.
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
            metadata: None,
            forget_rules: false,
            rebuild: false,
            optimize: false,
        }
    }
}

impl Options {
    /// Sets the folder that holds the index.
    #[must_use]
    pub fn index(self, folder: impl Into<PathBuf>) -> Options {
        Options { index: Some(folder.into()), ..self }
    }

    /// Sets the number of threads that write; 0 for one for each core.
    #[must_use]
    pub fn threads(self, threads: usize) -> Options {
        Options { threads: NonZeroUsize::new(threads), ..self }
    }

    /// Sets about how many bytes of memory the run may use.
    #[must_use]
    pub fn memory_bytes(self, bytes: usize) -> Options {
        Options { memory_bytes: bytes, ..self }
    }

    /// Sets the size of the largest file that is read.
    #[must_use]
    pub fn max_file_bytes(self, bytes: u64) -> Options {
        Options { max_file_bytes: bytes, ..self }
    }

    /// Sets how often a long run commits what is done.
    #[must_use]
    pub fn commit_interval(self, interval: Duration) -> Options {
        Options { commit_interval: interval, ..self }
    }

    /// Adds a pattern of files to read.
    #[must_use]
    pub fn include(mut self, pattern: impl Into<String>) -> Options {
        self.include.push(pattern.into());
        self
    }

    /// Adds a pattern of files and folders to leave out.
    #[must_use]
    pub fn exclude(mut self, pattern: impl Into<String>) -> Options {
        self.exclude.push(pattern.into());
        self
    }

    /// Sets the encoding of all text files.
    #[must_use]
    pub fn encoding(self, name: impl Into<String>) -> Options {
        Options { encoding: Some(name.into()), ..self }
    }

    /// Sets which links are followed.
    #[must_use]
    pub fn links(self, links: Links) -> Options {
        Options { links: Some(links), ..self }
    }

    /// Sets the export of a reference manager that says more of the files.
    #[must_use]
    pub fn metadata(self, file: impl Into<PathBuf>) -> Options {
        Options { metadata: Some(file.into()), ..self }
    }

    /// Forgets the remembered patterns, encoding, links and metadata.
    #[must_use]
    pub fn forget_rules(self) -> Options {
        Options { forget_rules: true, ..self }
    }

    /// Makes the index anew, whatever has changed.
    #[must_use]
    pub fn rebuild(self) -> Options {
        Options { rebuild: true, ..self }
    }

    /// Merges the index into one segment.
    #[must_use]
    pub fn optimize(self) -> Options {
        Options { optimize: true, ..self }
    }
}
