//! Files or texts in, index out: makes and updates the indexes that `svod-query` searches.
//!
//! [`index_folder`] brings the index of a folder up to date: it walks the folder, compares what it finds with what the index
//! knows, reads what is new or changed, and writes that in one commit. [`changes`] says what it would do.
//!
//! ```no_run
//! use crate::{Options, index_folder};
//!
//! let report = index_folder("articles".as_ref(), &Options::default(), &())?;
//! println!("{} passages, {} files skipped", report.passages, report.skipped.len());
//! # Ok::<(), crate::IndexError>(())
//! ```
//!
//! A [`Writer`] makes an index of texts that an app hands over, in a folder or in [`Memory`]: it adds, replaces and removes
//! them, and commits.
//!
//! ```
//! use crate::{Memory, Text, Writer};
//!
//! let memory = Memory::new();
//! let mut writer = Writer::in_memory(&memory)?;
//! writer.add(Text::new("notes/1", "双方同意继续停火谈判。").title("第一号照会"))?;
//! writer.commit()?;
//! # Ok::<(), crate::IndexError>(())
//! ```
//!
//! # Progress and cancelling
//!
//! A [`Progress`] hears what is to be done and what is done, from several threads, and is asked now and then whether to
//! stop. `()` listens to nothing. A run of a folder that is stopped keeps what is done, and the next goes on from there; a
//! commit of a writer that is stopped has committed nothing, and nothing is lost.
//!
//! # Time and memory
//!
//! About 10 MB of text a second and core, on all cores while a call lasts; between calls no thread runs. A run that finds
//! nothing changed costs milliseconds. [`Options::memory_bytes`] bounds what a run takes: passages and what archives unpack
//! to are counted before they are made, over all threads; what needs much is read alone, and a file that needs more than all
//! is skipped and says so. The Chinese dictionary, 32 MB and
//! a tenth of a second, is loaded with the first Chinese text, once in a process. Nothing is printed or read from the
//! environment.
//!
//! Where the feature `pdf` is on, PDF files are read by the program `pdftotext`, if there is one: within a minute, 1 GB of
//! memory and 64 MB of text, in a process group of its own that ends with the run, however that ends. On systems without
//! `/bin/sh`, such as Windows, its memory is not bounded, and it outlives a run that is killed.
//!
//! # Errors
//!
//! A file that cannot be read never stops a run: it stands in [`Report::skipped`] with its reason. [`IndexError`] is what
//! stops a call; the index is then its last commit, always. One index has one writer at a time, over all processes:
//! others get [`IndexError::Locked`]. Searching takes no lock.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `html`, `docx`, `epub`, `pdf` | yes | readers of these formats; Markdown and plain text are always read |
//! | `tantivy-writer` | no | segments are written by tantivy's own writer: the same files, more slowly |
//!
//! Apps leave out what they do not need: `svod-indexer = { version = "0.1", default-features = false, features = ["html"] }`.
//!
//! # Stability
//!
//! As `svod-query`: semantic versions, `#[non_exhaustive]` where something may be added, no type of the engine in any
//! signature. The format of the index has a version of its own; [`index_folder`] makes an index of another version anew
//! from the files and says so; a [`Writer`] refuses it, and [`Writer::upgrade`] takes it over with all it holds.
//!
//! # Inside
//!
//! | room | what it does |
//! | --- | --- |
//! | `discover`, `opening`, `rules` | which files are sources, and how they are opened and read |
//! | `catalog`, `changes`, `file_state` | what the index knows of them, and what is to be done |
//! | `reading`, `encoding`, `formats` | from a file to an article |
//! | `write`, `shares`, `patience`, `slow`, `memory`, `tally` | a run: the articles of a folder to segments, on all cores |
//! | `writer` | the texts of an app to segments and commits |
//! | `filling`, `segment` | a segment being written |
//! | `target`, `commit`, `merge` | from segments to commits that readers see; few segments |
//! | `home`, `directory`, `living` | the index on disk: generations, the lock, what stopped runs left |

mod build;
mod error;
mod home;
mod options;
mod reading;
mod report;
mod survey;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Instant;

use build::run;
pub use error::IndexError;
use home::Home;
pub use home::catalog::Unusable;
pub use options::{Options, Progress};
pub use reading::encoding::Refusal;
pub use reading::formats::FormatError;
#[cfg(feature = "pdf")]
pub use reading::formats::PdfError;
pub use reading::skip_reason::SkipReason;
pub use report::{Change, ChangeKind, Ending, ReadAs, Repaired, Report, Skipped};
use survey::Survey;
pub use svod_store::layout::{FolderRules, Links};
pub use svod_store::schema::Memory;
pub use svod_text::article::{Date, Metadata, Syntax};
pub use svod_text::language::Language;
pub use svod_text::printable;
pub use writer::{Added, Committed, Text, Writer, WriterOptions};

/// Brings the index of a folder up to date, making it if there is none.
///
/// Only files that are new or have changed are read. If nothing has changed,
/// nothing is written. Whatever stops a run, the index is one of its commits:
/// the one before, or, in a first run that takes minutes, one of the steps on
/// the way; the next run goes on from there.
///
/// Files that cannot be read do not stop the run; they stand in the report.
///
/// A folder may come from somebody else: nothing in it is waited for, and links
/// that lead out of it are named and not followed, unless [`Options::links`]
/// says so. Each folder is walked once, and each file read once.
///
/// The folder of the index holds nothing but the index, and nothing in it is
/// reached through a link. What stopped runs left there is removed, and only
/// that. An index that does not say any more what it is of is made anew where
/// it lies in the folder itself, or still names it.
///
/// # Errors
/// If the folder cannot be read at all, a pattern or a `.svodignore` in it
/// cannot be applied, the index cannot be written, or it is being written by
/// another program. The index is then one of its commits. If the folder of the
/// index holds anything else than an index of this folder, nothing is written:
/// [`IndexError::ForeignFolder`] and its like.
///
/// An index that is damaged or of another version is made anew, with the options
/// that it remembers; if those cannot be read, nothing is done before they are
/// given again or forgotten: [`IndexError::LostRules`].
pub fn index_folder(folder: &Path, options: &Options, progress: &dyn Progress) -> Result<Report, IndexError> {
    let started = Instant::now();
    let root = folder_root(folder)?;
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
        run::update(&root, &lock, survey, options, progress)?
    };
    report.elapsed = started.elapsed();
    Ok(report)
}

/// Says what [`index_folder`] would do, and writes nothing.
///
/// # Errors
/// If the folder cannot be read at all, a pattern or a `.svodignore` in it cannot be applied, or the index is that of
/// another folder.
pub fn changes(folder: &Path, options: &Options) -> Result<Report, IndexError> {
    let started = Instant::now();
    let root = folder_root(folder)?;
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
