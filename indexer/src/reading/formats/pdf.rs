//! PDF: text from the boxes of words that poppler's `pdftotext -bbox` prints, in the order of the file.
//!
//! A separate program, because it may crash, hang or take all memory on a bad
//! file: it runs within limits (`program`). Without the package `poppler-data` it
//! finds no text in Chinese pages whose fonts are not embedded, and does not
//! report that: such pages are empty, like scanned ones.
//!
//! `words` reads the boxes as they arrive, page by page; `turned` turns sideways
//! pages upright; `lines` and `columns` make lines in the order of reading. When
//! the last page has come, `document` puts blocks together: `legible` mends text
//! layers, `body` finds the usual type, `running_heads` and `notes` sort lines
//! out, `tables`, `paragraphs`, `bridges` and `headings` shape the rest, and `titles` weighs
//! what the file says of itself. Only lines are kept of a page.
//!
//! Faults of a file are remembered with the file. If the program was killed, or
//! ran out of time or memory, that says nothing about the file: its partial text
//! is dropped, and the next run tries again.

mod body;
mod bridges;
mod columns;
mod document;
mod headings;
mod joints;
mod legible;
mod lines;
mod notes;
mod paragraphs;
mod program;
mod running_heads;
mod tables;
mod titles;
mod turned;
mod words;

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::document::Document;
use self::program::{Ended, Failure, Limits, run};
use self::words::Pages;
use crate::reading::Bounds;
use crate::reading::formats::{Converted, Metadata, collapse_blanks};
use crate::reading::skip_reason::SkipReason;

/// The time limit of `pdftotext`. A thousand pages take a few seconds.
const TEXT_TIME: Duration = Duration::from_secs(60);

/// The time limit of `pdfinfo`, which reads only the head of a file.
const METADATA_TIME: Duration = Duration::from_secs(10);

/// The most bytes of boxes with their words: those of fifty thick books.
const MOST_OUTPUT_BYTES: u64 = 512 << 20;

/// The most bytes that the other programs may print.
const MOST_LIST_BYTES: u64 = 8 << 20;

/// The size of the pictures of a page, in square inches, from which on they may show a page.
const LEAST_SCAN: f32 = 12.0;

/// The memory limit of the programs. A thousand scanned pages take some hundred megabytes.
const MOST_MEMORY_BYTES: u64 = 1 << 30;

/// The number of characters of an error message that are kept.
const MOST_MESSAGE_CHARACTERS: usize = 300;

/// The exit codes by which poppler reports a fault of the file: it cannot be opened, its permissions forbid it, other
/// faults.
const FAULTS_OF_FILE: [i32; 3] = [1, 3, 99];

/// A PDF file that was read.
pub(super) struct Read {
    pub(super) converted: Converted,
    /// Whether reading the same file again would give the same.
    pub(super) is_final: bool,
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
    #[error("more than {} MB of text with its places", .limit >> 20)]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file needs a password.
    #[error("encrypted")]
    Encrypted,
    /// It is not a PDF file, or is damaged.
    #[error("damaged, or not a PDF file")]
    Damaged,
    /// No page has text.
    #[error("no text on {pages} pages: scanned, or Chinese fonts that are not embedded (install poppler-data)")]
    NoText {
        /// The number of pages.
        pages: u32,
    },
    /// The text layer is no text.
    #[error("its text layer holds numbers of glyphs instead of letters")]
    Illegible,
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
            | PdfError::Damaged
            | PdfError::NoText { .. }
            | PdfError::Illegible => false,
        }
    }
}

/// Reads a PDF file.
///
/// # Errors
/// The program is not installed, fails or takes too long; the file is encrypted
/// or has no text; the run has no memory left for it, or was interrupted.
pub(super) fn read(path: &Path, bounds: &mut Bounds<'_>) -> Result<Read, SkipReason> {
    let (document, ended) = read_pages(path, bounds)?;
    let is_damaged = ended.code != 0;
    if is_damaged && document.bytes() == 0 {
        return Err(complaint(&ended.message).into());
    }
    let mut remarks = Vec::new();
    if is_damaged {
        remarks.push("damaged; it was read as far as possible".to_owned());
    }
    let named = match metadata(path, bounds) {
        Err(SkipReason::Interrupted) => return Err(SkipReason::Interrupted),
        named => named,
    };
    let is_final = named.is_ok();
    if !is_final {
        remarks.push("`pdfinfo` did not finish: authors are not known yet".to_owned());
    }
    let named = named.unwrap_or_default();
    let understood = document.understand(&named);
    let pages = understood.pages;
    if understood.blocks.is_empty() {
        let is_illegible = understood.illegible_pages > 0;
        return Err(if is_illegible { PdfError::Illegible } else { PdfError::NoText { pages } }.into());
    }
    remarks.extend(missing_pages(path, &understood, bounds)?);
    let Metadata { made, .. } = named;
    let metadata = Metadata { title: understood.title, authors: understood.authors, made, ..Metadata::default() };
    Ok(Read { converted: Converted { metadata, blocks: understood.blocks, remarks }, is_final })
}

/// Runs `pdftotext`, and reads what it prints as it comes.
fn read_pages(path: &Path, bounds: &mut Bounds<'_>) -> Result<(Document, Ended), SkipReason> {
    let file = unlike_option(path);
    let [encoding, utf8, boxes, in_order, to_output] = ["-enc", "UTF-8", "-bbox", "-raw", "-"].map(OsStr::new);
    let arguments = [encoding, utf8, boxes, in_order, file.as_os_str(), to_output];
    let (mut document, mut pages) = (Document::default(), Pages::default());
    let mut refused = None;
    let is_interrupted = bounds.is_interrupted;
    let limits =
        Limits { time: TEXT_TIME, memory_bytes: MOST_MEMORY_BYTES, output_bytes: MOST_OUTPUT_BYTES, is_interrupted };
    let memory = &mut bounds.memory;
    let asked = ask("pdftotext", &arguments, &limits, &mut |chunk| {
        pages.read(chunk, &mut |page| document.push(page));
        // Lines and the blocks that are made of them are there at the same time.
        match memory.raise(((document.bytes() + pages.bytes()) * 2) as u64) {
            Ok(()) => ControlFlow::Continue(()),
            Err(reason) => {
                refused = Some(reason);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(reason) = refused {
        return Err(reason);
    }
    match asked {
        // It is installed but not executable.
        Err(SkipReason::Pdf(PdfError::NotInstalled)) if has_reader() => {
            Err(PdfError::Run(ErrorKind::PermissionDenied.into()).into())
        }
        Err(reason) => Err(reason),
        Ok(ended) => {
            pages.finish(&mut |page| document.push(page));
            Ok((document, ended))
        }
    }
}

/// Returns remarks on the pages whose text is not read.
fn missing_pages(
    path: &Path,
    understood: &document::Understood,
    bounds: &Bounds<'_>,
) -> Result<Vec<String>, SkipReason> {
    let pages = understood.pages;
    let mut remarks = Vec::new();
    if !understood.bare_pages.is_empty() {
        let pictured = pictured_pages(path, bounds)?;
        let scanned = understood.bare_pages.iter().filter(|page| pictured.contains(page)).count();
        let empty = understood.empty_pages.iter().filter(|page| !pictured.contains(page)).count();
        if scanned > 0 {
            let [are, their] = if scanned == 1 { ["is", "its"] } else { ["are", "their"] };
            remarks.push(format!("{scanned} of {pages} pages {are} scanned, {their} text is not read"));
        }
        if empty > 0 {
            let have = if empty == 1 { "has" } else { "have" };
            remarks.push(format!("{empty} of {pages} pages {have} no text"));
        }
    }
    if understood.illegible_pages > 0 {
        let count = understood.illegible_pages;
        remarks.push(format!("the text layer of {count} of {pages} pages holds no letters and is not read"));
    }
    Ok(remarks)
}

/// Returns the pages with pictures large enough for one of a whole page; none if `pdfimages` does not tell.
fn pictured_pages(path: &Path, bounds: &Bounds<'_>) -> Result<Vec<u32>, SkipReason> {
    let file = unlike_option(path);
    let printed = match ask_all("pdfimages", &[OsStr::new("-list"), file.as_os_str()], bounds) {
        Ok((printed, _)) => printed,
        Err(SkipReason::Interrupted) => return Err(SkipReason::Interrupted),
        Err(_) => return Ok(Vec::new()),
    };
    let mut sizes: Vec<(u32, f32)> = Vec::new();
    for (page, more) in printed.lines().filter_map(read_picture) {
        match sizes.last_mut().filter(|(last, _)| *last == page) {
            Some((_, size)) => *size += more,
            None => sizes.push((page, more)),
        }
    }
    Ok(sizes.into_iter().filter(|(_, size)| *size >= LEAST_SCAN).map(|(page, _)| page).collect())
}

/// Reads a line of a list of pictures: the page, and the size of the picture in square inches.
fn read_picture(line: &str) -> Option<(u32, f32)> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let number = |at: usize| columns.get(at)?.parse::<f32>().ok();
    let page = columns.first()?.parse().ok()?;
    let (width, height) = (number(3)? / number(12)?, number(4)? / number(13)?);
    Some((page, width * height))
}

/// Returns the metadata of a PDF file; empty if `pdfinfo` is not installed or finds none.
///
/// # Errors
/// `pdfinfo` did not finish; it may succeed another time.
fn metadata(path: &Path, bounds: &Bounds<'_>) -> Result<Metadata, SkipReason> {
    let file = unlike_option(path);
    let [encoding, utf8, iso_dates] = ["-enc", "UTF-8", "-isodates"].map(OsStr::new);
    match ask_all("pdfinfo", &[encoding, utf8, iso_dates, file.as_os_str()], bounds) {
        Ok((printed, ended)) if ended.code == 0 => Ok(read_info(&printed)),
        Err(reason) if reason.may_pass() || matches!(reason, SkipReason::Interrupted) => Err(reason),
        _ => Ok(Metadata::default()),
    }
}

/// Runs a program that prints little, and returns what it printed.
fn ask_all(program: &str, arguments: &[&OsStr], bounds: &Bounds<'_>) -> Result<(String, Ended), SkipReason> {
    let is_interrupted = bounds.is_interrupted;
    let limits =
        Limits { time: METADATA_TIME, memory_bytes: MOST_MEMORY_BYTES, output_bytes: MOST_LIST_BYTES, is_interrupted };
    let mut printed = Vec::new();
    let ended = ask(program, arguments, &limits, &mut |chunk| {
        printed.extend_from_slice(chunk);
        ControlFlow::Continue(())
    })?;
    Ok((String::from_utf8_lossy(&printed).into_owned(), ended))
}

/// Runs one of poppler's programs, and passes on what it prints.
fn ask(
    program: &str,
    arguments: &[&OsStr],
    limits: &Limits<'_>,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<Ended, SkipReason> {
    let ended = run(program, arguments, limits, take).map_err(|failure| match failure {
        Failure::Interrupted => SkipReason::Interrupted,
        Failure::NotFound => PdfError::NotInstalled.into(),
        Failure::Start(error) => PdfError::Run(error).into(),
        Failure::TimedOut => PdfError::TimedOut(limits.time).into(),
        Failure::TooMuchOutput | Failure::Refused => PdfError::TooLarge { limit: limits.output_bytes }.into(),
        Failure::Killed => PdfError::Killed.into(),
    })?;
    if ended.code == 0 {
        return Ok(ended);
    }
    if ["Out of memory", "bad_alloc", "Cannot allocate memory"].iter().any(|lack| ended.message.contains(lack)) {
        return Err(PdfError::OutOfMemory { limit: MOST_MEMORY_BYTES }.into());
    }
    if !FAULTS_OF_FILE.contains(&ended.code) {
        return Err(PdfError::Run(io::Error::other(shorten(&ended.message))).into());
    }
    Ok(ended)
}

fn complaint(message: &str) -> PdfError {
    if message.contains("Incorrect password") { PdfError::Encrypted } else { PdfError::Damaged }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_lines() {
        let info = "Title:  О мире: 和平\nAuthor:  \nCreationDate:    2025-03-01T10:00:00Z\nPages: 3\n";
        let metadata = read_info(info);
        assert_eq!(metadata.title.as_deref(), Some("О мире: 和平"));
        assert!(metadata.authors.is_empty());
        assert_eq!(metadata.made.as_deref(), Some("2025-03-01T10:00:00Z"));
    }

    #[test]
    fn lines_of_a_list_of_pictures() {
        let line = "   2     1 image     920  1840  rgb     3   8  image  no        11  0    92   184 81.4K  16%";
        assert_eq!(read_picture(line), Some((2, 100.0)));
        for heading in
            ["page   num  type   width height color comp bpc  enc interp  object ID x-ppi y-ppi", "-----", ""]
        {
            assert_eq!(read_picture(heading), None);
        }
    }

    #[test]
    fn a_name_is_never_an_option() {
        assert_eq!(unlike_option(Path::new("-rf.pdf")), Path::new("./-rf.pdf"));
        assert_eq!(unlike_option(Path::new("/a/-")), Path::new("/a/-"));
    }
}
