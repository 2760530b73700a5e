//! The record: what stands in the index for a passage and for an article.
//!
//! One index holds both. A **passage record** has the searched text, the
//! stored text and its address; an **article record** has what is true of the
//! whole source, its path first of all. Passages name their article by its
//! key, so a moved file changes one record.
//!
//! Both directions are here: [`Record`] goes in, [`StoredPassage`] and
//! [`StoredArticle`] come out. [`attach`] is the only door to an index, for
//! both programs: it checks the stamp and registers the analyzers.

mod address;
mod analyzer;
mod fields;
mod identity;
mod memory;
mod metadata;
mod record;
mod stored;

pub use address::Address;
pub(crate) use fields::version_of;
pub use fields::{AttachError, Fields, attach, schema, settings, stamp};
pub use identity::{ArticleKey, ArticleName, ContentHash, Fingerprint, ParseIdError, PassageId, RecordKey};
pub use memory::{Memory, directory_of};
pub use record::{ArticleRecord, FileState, Outcome, Places, Reading, Record, Value, Values};
pub use stored::{RecordError, StoredArticle, StoredPassage, find_article};
use svod_text::article::Kind;
use svod_text::language::Language;

/// Raised by any change of a field. Part of the stamp of an index, so that an
/// index of another version is refused. Before it is raised, an index of the
/// version before is kept in `tests/upgrade`: its texts can be had from it alone.
pub const VERSION: u32 = 7;

/// In the column of kinds: an article record of a source that was read.
pub const KIND_ARTICLE: u64 = 14;
/// In the column of kinds: an article record of a source that was skipped.
pub const KIND_SKIPPED: u64 = 15;

/// Returns the code of a kind in the index.
pub fn kind_code(kind: Kind) -> u64 {
    Kind::ALL.iter().position(|&other| other == kind).unwrap_or_default() as u64
}

/// Returns the kind of a code; `None` for article records.
pub fn kind_of(code: u64) -> Option<Kind> {
    Kind::ALL.get(usize::try_from(code).ok()?).copied()
}

/// Returns the code of a language in the index.
pub fn language_code(language: Language) -> u64 {
    Language::ALL.iter().position(|&other| other == language).unwrap_or_default() as u64
}

/// Returns the language of a code.
pub fn language_of(code: u64) -> Option<Language> {
    Language::ALL.get(usize::try_from(code).ok()?).copied()
}
