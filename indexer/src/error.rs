//! What stops a run.

use std::io;
use std::path::{Path, PathBuf};

use svod_store::damage::{Damage, VersionMismatch};

use crate::reading::bibliography::BibliographyFault;
use crate::reading::encoding::Refusal;
use crate::reading::rules::UnknownEncoding;
use crate::reading::skip_reason::SkipReason;

/// Why a folder or an app's texts could not be indexed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no such folder.
    #[error("no folder `{}`", .0.display())]
    FolderMissing(PathBuf),
    /// The path is no folder.
    #[error("`{}` is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// No encoding has this name.
    #[error(transparent)]
    UnknownEncoding(#[from] UnknownEncoding),
    /// Something could not be read.
    #[error("cannot read `{}`", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// The index could not be written.
    #[error("cannot write `{}`", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// The folder for the index holds something that is not svod's. Nothing was written.
    #[error("`{}` is not an index of svod: {found}", .index.display())]
    ForeignFolder {
        /// The folder for the index.
        index: PathBuf,
        /// What was found.
        found: Foreign,
    },
    /// The folder for the index holds the folder to be indexed, or is it.
    #[error("`{}` {} the folder that is to be indexed: the index cannot lie there", .index.display(), is_or_holds(.index, .root))]
    AroundFolder {
        /// The folder for the index.
        index: PathBuf,
        /// The folder to be indexed.
        root: PathBuf,
    },
    /// The folder for the index lies in the folder of another index.
    #[error("`{}` lies in the index `{}`, where nothing else may lie", .index.display(), .around.display())]
    InsideIndex {
        /// The folder for the index.
        index: PathBuf,
        /// The folder of the other index.
        around: PathBuf,
    },
    /// The folder for the index holds an index that does not say what it is of: it may be of something else.
    #[error("`{}` may be the index of something else: `{}` does not say what it is of", .index.display(), below(.manifest, .index))]
    Unnamed {
        /// The folder for the index.
        index: PathBuf,
        /// The file that should say it.
        manifest: PathBuf,
    },
    /// The folder for the index holds the index of another folder.
    #[error("`{}` is the index of `{}`", .index.display(), .root.display())]
    OtherRoot {
        /// The folder of the index.
        index: PathBuf,
        /// The folder it is an index of.
        root: PathBuf,
    },
    /// The folder for the index of a folder holds the index of an app's texts.
    #[error("`{}` is the index of texts that an app wrote", .0.display())]
    OfTexts(PathBuf),
    /// Another program, or another writer of this one, is writing the index.
    #[error("{} is being written by {}", named(.index), holder(*.process))]
    Locked {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// The number of its process, if it is known.
        process: Option<u32>,
    },
    /// The patterns and the encoding that an index remembers cannot be read, and none were given: what was to stay out would
    /// come in.
    #[error("index `{}` is damaged: the patterns and the encoding that it remembers cannot be read", .0.display())]
    LostRules(PathBuf),
    /// The export of a reference manager cannot be used.
    #[error("`{}` cannot be used: {fault}", .path.display())]
    Bibliography {
        /// The export.
        path: PathBuf,
        /// What is wrong with it.
        fault: BibliographyFault,
    },
    /// A pattern cannot be understood.
    #[error("pattern `{pattern}` cannot be understood: {fault}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        fault: PatternFault,
    },
    /// What names files to be left out is there, but cannot be applied.
    #[error("`{}` cannot be applied: {fault}", .path.display())]
    IgnoreFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: IgnoreFault,
    },
    /// A pattern among those of files to be left out cannot be understood.
    #[error("`{}`, line {line}: pattern `{pattern}` cannot be understood: {fault}", .path.display())]
    IgnorePattern {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        fault: PatternFault,
    },
    /// Files of the index are damaged. Nothing was made of them.
    #[error("{} is damaged ({damage})", named(.index))]
    Damaged {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// What is damaged.
        damage: Damage,
    },
    /// The index of an app's texts was made by another version, and there are no files to make it from again:
    /// [`Writer::upgrade`](crate::Writer::upgrade) takes over what an earlier one wrote.
    #[error("{} was made by another version of svod ({mismatch})", named(.index))]
    OtherVersion {
        /// The folder of the index; an empty path if it lies in memory.
        index: PathBuf,
        /// In what it differs.
        mismatch: VersionMismatch,
    },
    /// A text has an empty path.
    #[error("a text without a path: it must be named by one")]
    NoPath,
    /// The path of a text is longer than an index can hold.
    #[error("the path of a text has {bytes} bytes, more than the limit of {limit}")]
    LongPath {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// To index a text would take more memory than the writer may use.
    #[error("text `{path}` needs about {} MB of memory, more than the {} MB allowed", .bytes.div_ceil(1 << 20), .limit >> 20)]
    LargeText {
        /// The path of the text.
        path: String,
        /// How much memory it needs, in bytes.
        bytes: u64,
        /// How much memory the writer may use, in bytes.
        limit: u64,
    },
    /// The library failed on a text: a bug.
    #[error("reading text `{0}` failed; please report this as a bug")]
    Panicked(String),
    /// tantivy failed.
    #[error("the index could not be built")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is not svod's in the folder for an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Foreign {
    /// There is no folder, but a file, a link, a pipe …
    #[error("it is {0}")]
    NotAFolder(&'static str),
    /// Something in it that svod does not make.
    #[error("`{}` is {kind} that svod does not make", .path.display())]
    Entry {
        /// The path below the folder.
        path: PathBuf,
        /// What it is: a file, a folder, a link …
        kind: &'static str,
    },
    /// A folder with the name of a generation, where svod has made nothing.
    #[error("`{0}` is a folder that svod does not make without a `lock`")]
    Generation(u64),
    /// A file with the name of one in which svod keeps a number.
    #[error("`{0}` holds something else than a number")]
    NotANumber(&'static str),
}

/// Why a pattern of files cannot be used: it would have no effect, or not the one that is meant.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatternFault {
    /// It is empty, or a comment.
    #[error("it names nothing")]
    NamesNothing,
    /// It has an empty part, `.` or `..`.
    #[error("no path has an empty part, `.` or `..`")]
    OddPart,
    /// Its folders are divided by backslashes.
    #[error("folders are divided by `/`")]
    Backslash,
    /// It begins with the path of the folder itself.
    #[error("it is to begin below the folder")]
    NotBelow,
    /// It is not well formed; why.
    #[error("{0}")]
    Syntax(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a file that names what is left out cannot be applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IgnoreFault {
    /// It is not there, or a link that leads nowhere.
    #[error("{0}")]
    NotFound(io::Error),
    /// It cannot be read, or is no file.
    #[error("{0}")]
    Unreadable(SkipReason),
    /// It is no text, or in an encoding that cannot be told.
    #[error("{0}")]
    Text(Refusal),
    /// It is text with damaged places.
    #[error("damaged as text in {0} places")]
    DamagedText(usize),
    /// With the others of the folder it has too many bytes.
    #[error("more than {0} bytes in all such files together")]
    TooManyBytes(u64),
    /// With the others of the folder it has too many patterns.
    #[error("more than {0} patterns in all such files together")]
    TooManyPatterns(usize),
    /// Its patterns cannot be used together; why.
    #[error("{0}")]
    Patterns(PatternFault),
}

/// Names an index in the middle of a sentence.
fn named(index: &Path) -> String {
    match index.as_os_str() {
        path if path.is_empty() => "the index in memory".to_owned(),
        _ => format!("index `{}`", index.display()),
    }
}

fn is_or_holds(index: &Path, root: &Path) -> &'static str {
    if index == root { "is" } else { "holds" }
}

fn below<'p>(path: &'p Path, folder: &Path) -> std::path::Display<'p> {
    path.strip_prefix(folder).unwrap_or(path).display()
}

fn holder(process: Option<u32>) -> String {
    process.map_or_else(|| "another program".to_owned(), |process| format!("process {process}"))
}

impl IndexError {
    /// Not a `From`: that would show tantivy in the interface.
    pub(crate) fn engine(error: tantivy::TantivyError) -> IndexError {
        IndexError::Engine(Box::new(error))
    }
}
