//! Files or texts in, index out: makes and updates the indexes that `svod-query` searches.
//!
//! [`index_folder`] brings the index of a folder up to date: it walks the folder, compares the files with those that
//! the index knows, reads those that are new or changed, and writes them in one commit. [`changes`] reports what it
//! would do.
//!
//! ```no_run
//! use svod_indexer::{Options, index_folder};
//!
//! let report = index_folder("articles", &Options::default(), &mut ())?;
//! println!("{} passages, {} files skipped", report.passages, report.skipped.len());
//! # Ok::<(), svod_indexer::IndexError>(())
//! ```
//!
//! A [`Writer`] makes an index of texts that an app hands over, in a folder or in [`Memory`]: it adds, replaces and removes
//! them, and commits.
//!
//! ```
//! use svod_indexer::{Memory, Text, Writer};
//!
//! let memory = Memory::new();
//! let mut writer = Writer::in_memory(&memory)?;
//! writer.add(Text::new("notes/1", "双方同意继续停火谈判。").title("第一号照会"))?;
//! writer.commit()?;
//! # Ok::<(), svod_indexer::IndexError>(())
//! ```
//!
//! # Progress and cancelling
//!
//! A [`Progress`] is told, by one thread at a time, what is to be done and what is done, and is asked often whether to
//! stop. `&mut ()` ignores all of it. A stopped run of a folder keeps what it has done, and the next run continues from
//! there. A stopped commit of a writer has committed nothing; its texts are still there to be committed.
//!
//! # Time and memory
//!
//! Indexing runs on all cores, at about 10 MB of text a second on each; between calls no thread runs. A run that finds
//! nothing changed takes milliseconds. [`Options::memory_bytes`] limits the memory of a run: the needs of passages and
//! unpacked archives are estimated before they are made, over all threads. A file that needs much memory is read alone,
//! and one that needs more than the limit is skipped, with that reason. The Chinese dictionary (32 MB, a tenth of a
//! second) is loaded once in a process, with the first Chinese text. Nothing is printed or read from the environment.
//!
//! With the feature `pdf`, PDF files are read by the program `pdftotext`, if it is installed, within a minute, 1 GB of
//! memory and 64 MB of text. It runs in a process group of its own that ends with the run, however the run ends. On
//! systems without `/bin/sh`, such as Windows, its memory is not limited, and it survives a run that is killed.
//!
//! # Errors
//!
//! A file that cannot be read never stops a run: it stands in [`Report::skipped`] with its reason. An [`IndexError`]
//! stops a call; the index then always is its last commit. An index has one writer at a time, over all processes:
//! others get [`IndexError::Locked`]. Searching takes no lock.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `html`, `docx`, `doc`, `rtf`, `mime`, `odf`, `pptx`, `xlsx`, `epub`, `fb2`, `pdf` | yes | readers of these formats; Markdown and plain text are always read |
//! | `archives` | yes | documents in zip archives |
//! | `bibtex` | yes | exports of reference managers in BibTeX |
//! | `tantivy-writer` | no | segments are written by tantivy's own writer: the same files, more slowly |
//!
//! Apps leave out what they do not need: `svod-indexer = { version = "0.1", default-features = false, features = ["html"] }`.
//! The program is a package of its own, `svod-indexer-cli`.
//!
//! # Stability
//!
//! As in `svod-query`: semantic versions, `#[non_exhaustive]` where something may be added, no tantivy type in any
//! signature. The format of the index has a version of its own. [`index_folder`] rebuilds an index of another version
//! from the files, and reports it; a [`Writer`] refuses it, and [`Writer::upgrade`] converts it with all it holds.
//!
//! # Inside
//!
//! | room | what it does |
//! | --- | --- |
//! | `survey` | which files are sources, what the index knows of them, and what is to be done; writes nothing |
//! | `reading` | from a file to an article: opening, rules, memory, `encoding`, `formats` |
//! | `build` | a run: the articles of a folder become segments, on all cores; `segment` writes one |
//! | `home` | the index on disk: generations, the pointer, the lock, the catalogue, commits, merges |
//! | `writer` | texts of an app become segments and commits |

mod build;
mod error;
mod home;
mod options;
mod progress;
mod reading;
mod report;
mod survey;
mod unpoisoned;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Instant;

use build::run;
pub use error::{Foreign, IgnoreFault, IndexError, PatternFault};
use home::Home;
pub use home::catalog::Unusable;
pub use options::Options;
pub use progress::Progress;
use progress::Shared;
pub use reading::bibliography::BibliographyFault;
pub use reading::encoding::Refusal;
pub use reading::formats::FormatError;
#[cfg(feature = "pdf")]
pub use reading::formats::PdfError;
pub use reading::rules::UnknownEncoding;
pub use reading::skip_reason::SkipReason;
pub use report::{Change, ChangeKind, Ending, ReadAs, Repaired, Report, Skipped, Unmatched};
use survey::Survey;
pub use svod_store::damage::{Damage, DamagedFile, VersionMismatch};
pub use svod_store::layout::{FolderRules, Links};
pub use svod_store::schema::Memory;
pub use svod_text::article::{Appeared, AppearedMut, AppearedValue, Date, Metadata, Syntax};
pub use svod_text::language::Language;
pub use svod_text::printable;
pub use writer::{Added, Committed, Text, Writer, WriterOptions};

/// Brings the index of a folder up to date, or makes it if there is none.
///
/// Only files that are new or have changed are read. If nothing has changed,
/// nothing is written. Whatever stops a run, the index is one of its commits:
/// the previous one, or, in a first run that takes minutes, an intermediate one.
/// The next run continues from there.
///
/// Files that cannot be read do not stop the run; they stand in the report.
///
/// The folder is not trusted: no pipe or device in it is waited for, and links
/// that lead out of it are reported but not followed, unless [`Options::links`]
/// says so. Each folder is walked once, and each file read once.
///
/// The folder of the index holds nothing but the index, and no link in it is
/// followed. Files that stopped runs left there are removed, and no others. A
/// damaged index that no longer says which folder it is of is rebuilt only if it
/// lies in this folder, or if its broken manifest still names it.
///
/// # Errors
/// If the folder cannot be read at all, a pattern or a `.svodignore` in it
/// cannot be applied, the index cannot be written, or it is being written by
/// another program. The index is then one of its commits. If the folder of the
/// index holds anything other than an index of this folder, nothing is written:
/// [`IndexError::ForeignFolder`] and the like.
///
/// An index that is damaged or of another version is rebuilt with the options
/// that it remembers. If these cannot be read, the run stops with
/// [`IndexError::LostRules`] until they are given again or forgotten.
///
/// # Examples
///
/// ```no_run
/// use svod_indexer::{Options, index_folder};
///
/// let report = index_folder("articles", &Options::default().exclude("drafts/"), &mut ())?;
/// println!("{} passages", report.passages);
/// # Ok::<(), svod_indexer::IndexError>(())
/// ```
pub fn index_folder(
    folder: impl AsRef<Path>,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report, IndexError> {
    let started = Instant::now();
    let root = folder_root(folder.as_ref())?;
    let home = Home::find(&root, options.index.as_deref())?;
    let mut survey = Survey::take(&root, &home, options)?;
    let mut report = if survey.is_up_to_date(&home, options) {
        home.tidy();
        survey.report(&home)
    } else {
        let lock = home.lock()?;
        if survey.state != home.state() {
            // Another run committed meanwhile.
            survey = Survey::take(&root, &home, options)?;
        }
        run::update(&root, &lock, survey, options, &Shared::new(progress))?
    };
    report.elapsed = started.elapsed();
    Ok(report)
}

/// Reports what [`index_folder`] would do, and writes nothing.
///
/// # Errors
/// If the folder cannot be read at all, a pattern or a `.svodignore` in it cannot be applied, or the index is that of
/// another folder.
pub fn changes(folder: impl AsRef<Path>, options: &Options) -> Result<Report, IndexError> {
    let started = Instant::now();
    let root = folder_root(folder.as_ref())?;
    let home = Home::find(&root, options.index.as_deref())?;
    let mut report = Survey::take(&root, &home, options)?.report(&home);
    report.elapsed = started.elapsed();
    Ok(report)
}

fn folder_root(folder: &Path) -> Result<PathBuf, IndexError> {
    match folder.canonicalize() {
        Ok(root) if root.is_dir() => Ok(root),
        Ok(_) => Err(IndexError::NotAFolder(folder.to_owned())),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(IndexError::FolderMissing(folder.to_owned()))
        }
        Err(source) => Err(IndexError::Read { path: folder.to_owned(), source }),
    }
}
