//! What a run prints: the summary, the skipped files, errors with a hint.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use svod_corpus::language::Language;

use crate::{IndexError, Report};

/// Writes the summary; its last line is the command to type next.
pub(super) fn write_report(
    out: &mut dyn Write,
    folder: &Path,
    index: Option<&Path>,
    report: &Report,
) -> io::Result<()> {
    if report.articles == 0 {
        writeln!(out, "no articles in {}", printable(folder))?;
        return Ok(());
    }
    let languages: Vec<String> = report
        .languages
        .iter()
        .map(|(language, passages)| format!("{} {}", language_name(*language), grouped(*passages)))
        .collect();
    let seconds = report.elapsed.as_secs_f64();
    writeln!(out, "articles  {}", grouped(report.articles))?;
    writeln!(out, "passages  {}  ({})", grouped(report.passages), languages.join(", "))?;
    writeln!(out, "text      {}", megabytes(report.bytes))?;
    writeln!(out, "time      {seconds:.2} s  ({:.1} MB/s)", report.bytes as f64 / 1e6 / seconds.max(1e-3))?;
    writeln!(out, "index     {}  in {}", megabytes(report.index_bytes), printable(&report.index))?;
    writeln!(out, "read as   {}", readings(report))?;
    if !report.repaired.is_empty() {
        writeln!(out, "repaired  {}", grouped(report.repaired.len() as u64))?;
    }
    writeln!(out, "skipped   {}", grouped(report.skipped.len() as u64))?;
    let place = index.unwrap_or(folder);
    writeln!(out, "search it: svod-query --index {} \"…\"", shell_quoted(&printable(place)))
}

/// Says what was read as what: `md UTF-8 689, txt gb18030 3, docx 2`.
fn readings(report: &Report) -> String {
    let shown = report.readings.iter().map(|read| {
        let encoding = read.encoding.as_deref().map_or_else(String::new, |encoding| format!(" {encoding}"));
        format!("{}{encoding} {}", read.format, grouped(read.files))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Writes the files that were repaired or skipped, each with its reason.
pub(super) fn write_skipped(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for repaired in &report.repaired {
        writeln!(out, "repaired {}: {}", printable(&repaired.path), clean(&repaired.remarks.join("; ")))?;
    }
    for skipped in &report.skipped {
        writeln!(out, "skipped {}: {}", printable(&skipped.path), clean(&skipped.reason.to_string()))?;
    }
    Ok(())
}

/// Writes an error, its causes, and what the user can do.
pub(super) fn write_error(out: &mut dyn Write, error: &IndexError) -> io::Result<()> {
    write!(out, "error: {}", clean(&error.to_string()))?;
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(out, ": {}", clean(&error.to_string()))?;
        cause = error.source();
    }
    writeln!(out)?;
    match hint(error) {
        Some(hint) => writeln!(out, "hint: {hint}"),
        None => Ok(()),
    }
}

fn hint(error: &IndexError) -> Option<&'static str> {
    match error {
        IndexError::FolderMissing(_) => Some("check the path; a path with blanks needs quotation marks"),
        IndexError::NotAFolder(_) => Some("name the folder that the file lies in"),
        IndexError::Write { .. } => Some("write the index somewhere else with --index DIR"),
        IndexError::ForeignFolder(_) => Some("name an empty folder, or one that does not exist yet, with --index DIR"),
        IndexError::OtherRoot { .. } => Some("one index serves one folder: name another one with --index DIR"),
        IndexError::UnknownEncoding(_) => {
            Some("names are those of the WHATWG standard: gb18030, big5, windows-1251, koi8-r …")
        }
        IndexError::Locked(_) => Some("wait until it is done"),
        IndexError::Read { .. } | IndexError::Engine(_) => None,
    }
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "Chinese",
        Language::Russian => "Russian",
        Language::Ukrainian => "Ukrainian",
        Language::English => "English",
        Language::Other => "other",
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// Writes a number with its thousands apart: 87,003.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn printable(path: &Path) -> String {
    clean(&path.to_string_lossy())
}

/// File names are foreign text: what could steer a terminal becomes visible instead.
fn clean(text: &str) -> String {
    svod_corpus::printable(text).into_owned()
}

fn shell_quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '~');
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (87_003, "87,003"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn paths_that_can_be_pasted() {
        for (path, expected) in
            [("статьи/停火", "статьи/停火"), ("my articles", "'my articles'"), ("it's", r"'it'\''s'")]
        {
            assert_eq!(shell_quoted(path), expected);
        }
    }
}
