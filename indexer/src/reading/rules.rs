//! The rules of a folder: which files are read, and how.
//!
//! The rules of a run are stored with its commit, so that the next run need not be
//! given them again. Each source has a stamp of the rules that affect it: if these
//! change, it is read again, and no other source.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use svod_store::layout::FolderRules;
use svod_store::schema::ContentHash;
use svod_text::article::Metadata;

use crate::options::Options;
use crate::reading::bibliography::Bibliography;
use crate::reading::encoding;
use crate::reading::formats::Format;
use crate::reading::memory::{Account, TIMES_TEXT};
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;

/// The name in place of an encoding that means: detect it for each file.
const DETECT: &str = "auto";

/// Returns about how much memory it takes to read and index a source, estimated from its size.
pub(crate) fn memory_bytes(source: &Source) -> u64 {
    // Files of the other formats are mostly images.
    let times = match source.format {
        Format::Markdown | Format::Text | Format::Html => TIMES_TEXT,
        Format::Fb2 => TIMES_TEXT,
        Format::Docx | Format::Doc | Format::Epub | Format::Pdf | Format::Rtf | Format::Mhtml | Format::Email => 2,
        Format::Odt | Format::Ods | Format::Odp | Format::Pptx | Format::Xlsx => 2,
    };
    source.bytes.saturating_mul(times)
}

/// A name that no encoding has.
#[derive(Debug, thiserror::Error)]
#[error("no encoding is named `{0}`")]
pub struct UnknownEncoding(pub String);

/// The rules of a run.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) folder: FolderRules,
    max_file_bytes: u64,
    memory_bytes: usize,
    /// What the owner knows of the files.
    bibliography: Option<Arc<Bibliography>>,
    /// Whether PDF files can be read on this machine; looked up with the first of them.
    reads_pdf: OnceLock<bool>,
}

impl Rules {
    /// Returns the rules of a run: each from `options`, else as remembered by the index.
    pub(crate) fn of(options: &Options, remembered: Option<FolderRules>) -> Result<Rules, UnknownEncoding> {
        let mut folder = remembered.filter(|_| !options.forget_rules).unwrap_or_default();
        if !options.include.is_empty() {
            folder.include.clone_from(&options.include);
        }
        if !options.exclude.is_empty() {
            folder.exclude.clone_from(&options.exclude);
        }
        if let Some(file) = &options.metadata {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            folder.metadata = Some(file.to_string_lossy().into_owned());
        }
        folder.links = options.links.unwrap_or(folder.links);
        match options.encoding.as_deref() {
            Some(DETECT) => folder.encoding = None,
            Some(name) if !encoding::is_known(name) => return Err(UnknownEncoding(name.to_owned())),
            Some(name) => folder.encoding = Some(name.to_owned()),
            None => {}
        }
        Ok(Rules {
            folder,
            max_file_bytes: options.max_file_bytes,
            memory_bytes: options.memory_bytes,
            bibliography: None,
            reads_pdf: OnceLock::new(),
        })
    }

    /// Sets what the owner knows of the files.
    pub(crate) fn set_bibliography(&mut self, bibliography: Bibliography) {
        self.bibliography = Some(Arc::new(bibliography));
    }

    /// Returns what the owner knows of the files, if that was given.
    pub(crate) fn bibliography(&self) -> Option<&Bibliography> {
        self.bibliography.as_deref()
    }

    /// Returns what the owner knows of the document at a path that tells this DOI.
    pub(crate) fn metadata_of(&self, path: &Path, doi: Option<&str>) -> Option<&Metadata> {
        self.bibliography()?.metadata_of(path, doi)
    }

    /// Returns the size of the largest file that is read.
    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.max_file_bytes
    }

    /// Returns the reason not to open a source: it is too large, or needs too much memory.
    pub(crate) fn refusal(&self, source: &Source) -> Option<SkipReason> {
        if source.bytes > self.max_file_bytes {
            return Some(SkipReason::TooLarge { bytes: source.bytes, limit: self.max_file_bytes });
        }
        Account::of(self.memory_bytes).check(memory_bytes(source)).err()
    }

    /// Returns the stamp of a source that turned out, while it was read, to need more memory than the run may use. It
    /// includes the limit, so that a run with more memory tries again.
    pub(crate) fn stamp_of_refused(&self, stamp: u64) -> u64 {
        ContentHash::of(format!("{stamp} {}", self.memory_bytes).as_bytes()).0
    }

    /// Returns the stamp of a source: a hash of all rules that decide how it is read.
    pub(crate) fn stamp(&self, source: &Source) -> u64 {
        let encoding = match source.format {
            Format::Markdown | Format::Text => self.folder.encoding.as_deref(),
            _ => None,
        };
        // The reason names the limits, so that it is renewed when they change.
        let refusal = self.refusal(source).map(|reason| reason.to_string());
        // Another version may read better.
        let version = env!("CARGO_PKG_VERSION");
        let has_reader = source.format != Format::Pdf || *self.reads_pdf.get_or_init(|| Format::Pdf.has_reader());
        let known = self.bibliography().map(|bibliography| bibliography.stamp(&source.path));
        let rules = format!("{version} {encoding:?} {refusal:?} {has_reader} {known:?}");
        ContentHash::of(rules.as_bytes()).0
    }
}
