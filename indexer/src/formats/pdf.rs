//! PDF: the text that `pdftotext` of poppler finds.
//!
//! A separate program, for it may crash, hang or eat memory on a bad file: it
//! gets a time limit and a limit of output. Without the package `poppler-data`
//! it finds nothing in Chinese text whose fonts are not embedded, and does not
//! say so: such pages are empty, as are scanned ones.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::formats::{Metadata, collapse_blanks, split_keywords};

/// A thousand pages take a few seconds.
const TEXT_TIME: Duration = Duration::from_secs(60);

/// It reads only the head of a file.
const METADATA_TIME: Duration = Duration::from_secs(10);

/// The text of fifty thick books.
const MOST_TEXT_BYTES: u64 = 64 << 20;

/// What a program says goes into one message.
const MOST_MESSAGE_BYTES: u64 = 64 << 10;

/// How often a program that has closed its output is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// The text of a PDF file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PdfText {
    /// The pages, each ended by a form feed.
    pub(super) text: String,
    /// The number of pages.
    pub(super) pages: u32,
    /// The number of pages without text.
    pub(super) empty_pages: u32,
    /// What was odd about it, for people.
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
    #[error("`pdftotext` cannot be run")]
    Run(#[source] io::Error),
    /// It took too long.
    #[error("`pdftotext` took more than {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// The text is larger than the limit.
    #[error("more than {limit} bytes of text")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The file needs a password.
    #[error("encrypted")]
    Encrypted,
    /// It is no PDF, or damaged.
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

/// Reads the text of a PDF file.
///
/// # Errors
/// The program is not installed, fails or takes too long; the file is
/// encrypted or has no text.
pub(super) fn to_text(path: &Path) -> Result<PdfText, PdfError> {
    let file = unlike_option(path);
    let [encoding, utf8, line_end, unix, to_output] = ["-enc", "UTF-8", "-eol", "unix", "-"].map(OsStr::new);
    let output = run("pdftotext", &[encoding, utf8, line_end, unix, file.as_os_str(), to_output], TEXT_TIME)?;
    let text = String::from_utf8_lossy(&output.bytes).into_owned();
    let pages = count(text.matches('\u{c}'));
    let empty_pages = count(text.split_terminator('\u{c}').filter(|page| page.trim().is_empty()));
    if text.trim().is_empty() {
        return Err(output.failure().unwrap_or(PdfError::NoText { pages }));
    }
    let mut remarks = Vec::new();
    if empty_pages > 0 {
        remarks.push(format!("{empty_pages} of {pages} pages have no text"));
    }
    if !output.status.success() {
        remarks.push("damaged; it was read as far as possible".to_owned());
    }
    Ok(PdfText { text, pages, empty_pages, remarks })
}

/// Returns what a PDF file says of itself. Nothing if `pdfinfo` is not installed or fails.
pub(super) fn metadata(path: &Path) -> Option<Metadata> {
    let file = unlike_option(path);
    let [encoding, utf8, iso_dates] = ["-enc", "UTF-8", "-isodates"].map(OsStr::new);
    let output = run("pdfinfo", &[encoding, utf8, iso_dates, file.as_os_str()], METADATA_TIME).ok()?;
    output.status.success().then(|| read_info(&String::from_utf8_lossy(&output.bytes)))
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

/// A name may begin with `-` or be `-`, which would be an option or standard input.
fn unlike_option(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) }
}

fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}

struct Output {
    bytes: Vec<u8>,
    message: String,
    status: ExitStatus,
}

impl Output {
    fn failure(&self) -> Option<PdfError> {
        if self.status.success() {
            return None;
        }
        let message = collapse_blanks(&self.message);
        Some(if message.contains("Incorrect password") { PdfError::Encrypted } else { PdfError::Damaged(message) })
    }
}

/// Runs a program within limits. It is ended when it breaks one.
fn run(program: &str, arguments: &[&OsStr], time: Duration) -> Result<Output, PdfError> {
    let deadline = Instant::now() + time;
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = Running(started.map_err(|error| match error.kind() {
        ErrorKind::NotFound => PdfError::NotInstalled,
        _ => PdfError::Run(error),
    })?);
    let bytes = read_beside(child.0.stdout.take(), MOST_TEXT_BYTES + 1);
    let message = read_beside(child.0.stderr.take(), MOST_MESSAGE_BYTES);
    let left = || deadline.saturating_duration_since(Instant::now());
    let bytes = bytes.recv_timeout(left()).map_err(|_| PdfError::TimedOut(time))?;
    if bytes.len() as u64 > MOST_TEXT_BYTES {
        return Err(PdfError::TooLarge { limit: MOST_TEXT_BYTES });
    }
    let message = message.recv_timeout(left()).map_err(|_| PdfError::TimedOut(time))?;
    loop {
        if let Some(status) = child.0.try_wait().map_err(PdfError::Run)? {
            return Ok(Output { bytes, message: String::from_utf8_lossy(&message).into_owned(), status });
        }
        if left().is_zero() {
            return Err(PdfError::TimedOut(time));
        }
        thread::sleep(PAUSE);
    }
}

/// Reads a pipe in a thread of its own: a full pipe would stop the program, a closed one end it.
fn read_beside(pipe: Option<impl Read + Send + 'static>, limit: u64) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let Some(mut pipe) = pipe else { return };
        // What was read before a failure counts; the exit code tells the rest.
        let _ = pipe.by_ref().take(limit).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
        let _ = io::copy(&mut pipe, &mut io::sink());
    });
    receiver
}

/// A program that is ended when it is no longer waited for.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
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
    #[cfg(unix)]
    fn programs_are_held_to_their_limits() {
        let sh = |script: &str, time| run("sh", &[OsStr::new("-c"), OsStr::new(script)], time);
        let time = Duration::from_millis(200);
        assert!(matches!(sh("exec sleep 20", time), Err(PdfError::TimedOut(_))));
        assert!(matches!(sh("exec >&- 2>&-; exec sleep 20", time), Err(PdfError::TimedOut(_))));
        assert!(matches!(sh("exec yes", Duration::from_secs(30)), Err(PdfError::TooLarge { .. })));
        assert_eq!(sh("printf 停火", Duration::from_secs(30)).unwrap().bytes, "停火".as_bytes());
        assert!(matches!(run("no-such-program-", &[], time), Err(PdfError::NotInstalled)));
    }

    #[test]
    fn a_name_is_never_an_option() {
        assert_eq!(unlike_option(Path::new("-rf.pdf")), Path::new("./-rf.pdf"));
        assert_eq!(unlike_option(Path::new("/a/-")), Path::new("/a/-"));
    }
}
