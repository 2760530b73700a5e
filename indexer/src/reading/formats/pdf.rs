//! PDF: the text that poppler's `pdftotext` extracts.
//!
//! A separate program, because it may crash, hang or take all memory on a bad
//! file: it runs within limits (`program`). Without the package `poppler-data` it
//! finds no text in Chinese pages whose fonts are not embedded, and does not
//! report that: such pages are empty, like scanned ones.
//!
//! Faults of a file are remembered with the file. If the program was killed, or
//! ran out of time or memory, that says nothing about the file: its partial text
//! is dropped, and the next run tries again.

mod program;

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::program::{Failure, Limits, Output, run};
use crate::reading::Bounds;
use crate::reading::formats::{Metadata, collapse_blanks, split_keywords};
use crate::reading::memory::TIMES_TEXT;
use crate::reading::skip_reason::SkipReason;

/// The time limit of `pdftotext`. A thousand pages take a few seconds.
const TEXT_TIME: Duration = Duration::from_secs(60);

/// The time limit of `pdfinfo`, which reads only the head of a file.
const METADATA_TIME: Duration = Duration::from_secs(10);

/// The most bytes of text: that of fifty thick books.
const MOST_TEXT_BYTES: u64 = 64 << 20;

/// The bytes of text for which memory is reserved at first, for any file: the text of a book.
const LEAST_TEXT_BYTES: u64 = 1 << 20;

/// The memory limit of the programs. A thousand scanned pages take some hundred megabytes.
const MOST_MEMORY_BYTES: u64 = 1 << 30;

/// The number of characters of an error message that are kept.
const MOST_MESSAGE_CHARACTERS: usize = 300;

/// The exit codes by which poppler reports a fault of the file: it cannot be opened, its permissions forbid it, other
/// faults.
const FAULTS_OF_FILE: [i32; 3] = [1, 3, 99];

/// The text of a PDF file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PdfText {
    /// The pages, each ended by a form feed.
    pub(super) text: String,
    /// The number of pages.
    pub(super) pages: u32,
    /// The number of pages without text.
    pub(super) empty_pages: u32,
    /// Oddities of the file, for display.
    pub(super) remarks: Vec<String>,
}

/// Why a PDF file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// There is no `pdftotext`.
    #[error("`pdftotext` is not installed; install poppler-utils")]
    NotInstalled,
    /// It could not be started.
    #[error("`pdftotext` cannot be run: {0}")]
    Run(#[source] io::Error),
    /// It took too long.
    #[error("`pdftotext` took more than {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// It was ended by a signal, or crashed.
    #[error("`pdftotext` was killed or crashed")]
    Killed,
    /// It needed too much memory.
    #[error("`pdftotext` needs more memory than there is, or more than {} MB", .limit >> 20)]
    OutOfMemory {
        /// The limit in bytes.
        limit: u64,
    },
    /// The text is larger than the limit.
    #[error("more than {limit} bytes of text")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file needs a password.
    #[error("encrypted")]
    Encrypted,
    /// It is not a PDF file, or is damaged.
    #[error("damaged: {0}")]
    Damaged(String),
    /// No page has text.
    #[error("no text on {pages} pages: scanned, or Chinese fonts that are not embedded (install poppler-data)")]
    NoText {
        /// The number of pages.
        pages: u32,
    },
}

/// Returns whether the program that reads PDF files is installed.
pub(super) fn has_reader() -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let program = format!("pdftotext{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&folders).any(|folder| folder.join(&program).is_file())
}

impl PdfError {
    /// Returns whether reading the unchanged file may succeed another time.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            PdfError::Run(_) | PdfError::TimedOut(_) | PdfError::Killed | PdfError::OutOfMemory { .. } => true,
            PdfError::NotInstalled
            | PdfError::TooLarge { .. }
            | PdfError::Encrypted
            | PdfError::Damaged(_)
            | PdfError::NoText { .. } => false,
        }
    }
}

/// Reads the text of a PDF file of `file_bytes` bytes.
///
/// # Errors
/// The program is not installed, fails or takes too long; the file is encrypted
/// or has no text; the run has no memory left for it, or was interrupted.
pub(super) fn to_text(path: &Path, file_bytes: u64, bounds: &mut Bounds<'_>) -> Result<PdfText, SkipReason> {
    let output = read_within(path, file_bytes, bounds)?;
    let text = String::from_utf8(output.bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
    let pages = count(text.matches('\u{c}'));
    let empty_pages = count(text.split_terminator('\u{c}').filter(|page| page.trim().is_empty()));
    if text.trim().is_empty() {
        return Err(if output.code == 0 { PdfError::NoText { pages } } else { complaint(&output.message) }.into());
    }
    let mut remarks = Vec::new();
    if empty_pages > 0 {
        remarks.push(format!("{empty_pages} of {pages} pages have no text"));
    }
    if output.code != 0 {
        remarks.push("damaged; it was read as far as possible".to_owned());
    }
    Ok(PdfText { text, pages, empty_pages, remarks })
}

/// Runs `pdftotext` with memory for the usual amount of text, and again with more memory if there is more text.
fn read_within(path: &Path, file_bytes: u64, bounds: &mut Bounds<'_>) -> Result<Output, SkipReason> {
    let file = unlike_option(path);
    let [encoding, utf8, line_end, unix, to_output] = ["-enc", "UTF-8", "-eol", "unix", "-"].map(OsStr::new);
    let arguments = [encoding, utf8, line_end, unix, file.as_os_str(), to_output];
    let mut most = file_bytes.saturating_mul(2).clamp(LEAST_TEXT_BYTES, MOST_TEXT_BYTES);
    loop {
        bounds.memory.raise(most * TIMES_TEXT)?;
        match ask("pdftotext", &arguments, TEXT_TIME, most, bounds) {
            Err(SkipReason::Pdf(PdfError::TooLarge { .. })) if most < MOST_TEXT_BYTES => {
                most = most.saturating_mul(8).min(MOST_TEXT_BYTES);
            }
            // It is installed but not executable.
            Err(SkipReason::Pdf(PdfError::NotInstalled)) if has_reader() => {
                return Err(PdfError::Run(ErrorKind::PermissionDenied.into()).into());
            }
            asked => return asked,
        }
    }
}

/// Returns the metadata of a PDF file; empty if `pdfinfo` is not installed or finds none.
///
/// # Errors
/// `pdfinfo` did not finish; it may succeed another time.
pub(super) fn metadata(path: &Path, bounds: &Bounds<'_>) -> Result<Metadata, SkipReason> {
    let file = unlike_option(path);
    let [encoding, utf8, iso_dates] = ["-enc", "UTF-8", "-isodates"].map(OsStr::new);
    let arguments = [encoding, utf8, iso_dates, file.as_os_str()];
    match ask("pdfinfo", &arguments, METADATA_TIME, LEAST_TEXT_BYTES, bounds) {
        Ok(output) if output.code == 0 => Ok(read_info(&String::from_utf8_lossy(&output.bytes))),
        Err(reason) if reason.may_pass() || matches!(reason, SkipReason::Interrupted) => Err(reason),
        _ => Ok(Metadata::default()),
    }
}

/// Runs one of poppler's programs, and returns its output.
fn ask(
    program: &str,
    arguments: &[&OsStr],
    time: Duration,
    output_bytes: u64,
    bounds: &Bounds<'_>,
) -> Result<Output, SkipReason> {
    let is_interrupted = bounds.is_interrupted;
    let limits = Limits { time, memory_bytes: MOST_MEMORY_BYTES, output_bytes, is_interrupted };
    let output = run(program, arguments, &limits).map_err(|failure| match failure {
        Failure::Interrupted => SkipReason::Interrupted,
        Failure::NotFound => PdfError::NotInstalled.into(),
        Failure::Start(error) => PdfError::Run(error).into(),
        Failure::TimedOut => PdfError::TimedOut(time).into(),
        Failure::TooMuchOutput => PdfError::TooLarge { limit: output_bytes }.into(),
        Failure::Killed => PdfError::Killed.into(),
    })?;
    if output.code == 0 {
        return Ok(output);
    }
    if ["Out of memory", "bad_alloc", "Cannot allocate memory"].iter().any(|lack| output.message.contains(lack)) {
        return Err(PdfError::OutOfMemory { limit: MOST_MEMORY_BYTES }.into());
    }
    if !FAULTS_OF_FILE.contains(&output.code) {
        return Err(PdfError::Run(io::Error::other(shorten(&output.message))).into());
    }
    Ok(output)
}

fn complaint(message: &str) -> PdfError {
    if message.contains("Incorrect password") { PdfError::Encrypted } else { PdfError::Damaged(shorten(message)) }
}

fn shorten(message: &str) -> String {
    collapse_blanks(message).chars().take(MOST_MESSAGE_CHARACTERS).collect()
}

fn read_info(info: &str) -> Metadata {
    let mut metadata = Metadata::default();
    for (name, value) in info.lines().filter_map(|line| line.split_once(':')) {
        let value = collapse_blanks(value);
        match name {
            _ if value.is_empty() => {}
            "Title" => metadata.title = Some(value),
            "Author" => metadata.authors = vec![value],
            "Keywords" => metadata.keywords = split_keywords(&value).collect(),
            "CreationDate" => metadata.made = Some(value),
            _ => {}
        }
    }
    metadata
}

/// Returns the path in a form that cannot be taken for an option or for standard input, as `-x` and `-` would be.
fn unlike_option(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) }
}

fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_lines() {
        let info = "Title:  О мире: 和平\nAuthor:  \nKeywords: война, мир；停火\nCreationDate:    2025-03-01T10:00:00Z\nPages: 3\n";
        let metadata = read_info(info);
        assert_eq!(metadata.title.as_deref(), Some("О мире: 和平"));
        assert!(metadata.authors.is_empty());
        assert_eq!(metadata.keywords, ["война", "мир", "停火"]);
        assert_eq!(metadata.made.as_deref(), Some("2025-03-01T10:00:00Z"));
    }

    #[test]
    fn a_name_is_never_an_option() {
        assert_eq!(unlike_option(Path::new("-rf.pdf")), Path::new("./-rf.pdf"));
        assert_eq!(unlike_option(Path::new("/a/-")), Path::new("/a/-"));
    }
}
