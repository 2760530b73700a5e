//! What a folder is read by: which files, and how.
//!
//! The rules that a run is given are remembered with its commit, so the next
//! run needs none of them. Each source is stamped with those that touch it: when
//! they change, it is read again, and no other.

use std::sync::OnceLock;

use svod_store::layout::FolderRules;
use svod_store::schema::ContentHash;

use crate::error::IndexError;
use crate::options::Options;
use crate::reading::encoding;
use crate::reading::formats::Format;
use crate::reading::memory::{Account, TIMES_TEXT};
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;

/// The name that stands for no encoding: it is found out for each file.
const FIND_OUT: &str = "auto";

/// Returns about how much memory it takes to read and index a source, as far as its size tells.
pub(crate) fn memory_bytes(source: &Source) -> u64 {
    // The others are images for the most part.
    let times = match source.format {
        Format::Markdown | Format::Text | Format::Html => TIMES_TEXT,
        Format::Docx | Format::Epub | Format::Pdf => 2,
    };
    source.bytes.saturating_mul(times)
}

/// The rules of a run.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) folder: FolderRules,
    max_file_bytes: u64,
    memory_bytes: usize,
    /// Whether PDF files can be read here; looked up with the first of them.
    reads_pdf: OnceLock<bool>,
}

impl Rules {
    /// Returns the rules of a run: those it is given, else those remembered.
    pub(crate) fn of(options: &Options, remembered: Option<FolderRules>) -> Result<Rules, IndexError> {
        let mut folder = remembered.filter(|_| !options.forget_rules).unwrap_or_default();
        if !options.include.is_empty() {
            folder.include.clone_from(&options.include);
        }
        if !options.exclude.is_empty() {
            folder.exclude.clone_from(&options.exclude);
        }
        folder.links = options.links.unwrap_or(folder.links);
        match options.encoding.as_deref() {
            Some(FIND_OUT) => folder.encoding = None,
            Some(name) if !encoding::is_known(name) => return Err(IndexError::UnknownEncoding(name.to_owned())),
            Some(name) => folder.encoding = Some(name.to_owned()),
            None => {}
        }
        Ok(Rules {
            folder,
            max_file_bytes: options.max_file_bytes,
            memory_bytes: options.memory_bytes,
            reads_pdf: OnceLock::new(),
        })
    }

    /// Returns the limit that files are read up to.
    pub(crate) fn max_file_bytes(&self) -> u64 {
        self.max_file_bytes
    }

    /// Returns why a source is not even read: it is too large.
    pub(crate) fn refusal(&self, source: &Source) -> Option<SkipReason> {
        if source.bytes > self.max_file_bytes {
            return Some(SkipReason::TooLarge { bytes: source.bytes, limit: self.max_file_bytes });
        }
        Account::of(self.memory_bytes).check(memory_bytes(source)).err()
    }

    /// Returns the stamp of a source that was found to need more memory than the run may use when it was read.
    pub(crate) fn stamp_of_refused(&self, stamp: u64) -> u64 {
        ContentHash::of(format!("{stamp} {}", self.memory_bytes).as_bytes()).0
    }

    /// Returns the stamp of a source: a hash of all that decides how it is read.
    pub(crate) fn stamp(&self, source: &Source) -> u64 {
        let encoding = match source.format {
            Format::Markdown | Format::Text => self.folder.encoding.as_deref(),
            _ => None,
        };
        // With its limits: another reason is to be told.
        let refusal = self.refusal(source).map(|reason| reason.to_string());
        // Another version may read better.
        let version = env!("CARGO_PKG_VERSION");
        let has_reader = source.format != Format::Pdf || *self.reads_pdf.get_or_init(|| Format::Pdf.has_reader());
        let rules = format!("{version} {encoding:?} {refusal:?} {has_reader}");
        ContentHash::of(rules.as_bytes()).0
    }
}
