//! The output of a run: the summary, the changes, the skipped files, and errors with a hint.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use svod_indexer::{ChangeKind, Ending, FolderRules, IndexError, Language, Links, Report, SkipReason};

/// The number of changes up to which an update names the files; more are only counted.
const MOST_NAMED: usize = 5;
/// The most entries of an export that are named.
const MOST_UNMATCHED: usize = 20;

/// Writes the summary. Its last line is the command that searches the index.
pub(super) fn write_report(
    out: &mut dyn Write,
    folder: &Path,
    index: Option<&Path>,
    report: &Report,
) -> io::Result<()> {
    if let Some(unusable) = &report.unusable {
        writeln!(out, "anew      {}", clean(&unusable.to_string()))?;
    }
    match report.ending {
        Ending::Interrupted(left) => write_interrupted(out, report, left)?,
        _ if report.articles == 0 && report.changes.is_empty() => {
            writeln!(out, "no articles in {}", printable(folder))?;
            return write_rules(out, &report.rules);
        }
        Ending::UpToDate if !report.changes.is_empty() => write_what_was_read(out, report)?,
        Ending::UpToDate | Ending::Unchanged => {
            let (articles, passages) = (counted(report.articles, "article"), counted(report.passages, "passage"));
            writeln!(out, "nothing changed: {articles}, {passages}  ({})", seconds(report))?;
        }
    }
    write_rules(out, &report.rules)?;
    if report.articles > 0 {
        let place = index.unwrap_or(folder);
        writeln!(out, "search it: svod-query --index {} \"…\"", shell_quoted(&printable(place)))?;
    }
    Ok(())
}

fn write_what_was_read(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let is_first = report.unchanged == 0 && report.changes.iter().all(|change| change.kind == ChangeKind::Added);
    if !is_first {
        writeln!(out, "changes   {}", changes_counted(report))?;
    }
    writeln!(out, "articles  {}", grouped(report.articles))?;
    if is_first {
        writeln!(out, "passages  {}  ({})", grouped(report.passages), languages(report))?;
    } else {
        writeln!(out, "passages  {}", grouped(report.passages))?;
    }
    writeln!(out, "text      {}", size(report.bytes))?;
    if report.read_bytes > 1_000_000 {
        let speed = report.read_bytes as f64 / 1e6 / report.elapsed.as_secs_f64().max(1e-3);
        writeln!(out, "time      {}  ({speed:.1} MB/s)", seconds(report))?;
    } else {
        writeln!(out, "time      {}", seconds(report))?;
    }
    writeln!(out, "index     {}  in {}", size(report.index_bytes), printable(&report.index))?;
    if !report.readings.is_empty() {
        writeln!(out, "read as   {}", readings(report))?;
    }
    if !report.repaired.is_empty() {
        writeln!(out, "repaired  {}", grouped(report.repaired.len() as u64))?;
    }
    if !report.unmatched.is_empty() {
        writeln!(out, "unmatched {}", grouped(report.unmatched.len() as u64))?;
    }
    writeln!(out, "skipped   {}", grouped(report.skipped.len() as u64))
}

fn write_interrupted(out: &mut dyn Write, report: &Report, left: u64) -> io::Result<()> {
    if report.articles == 0 {
        writeln!(out, "interrupted: nothing was kept; still to be read: {}", counted(left, "file"))
    } else {
        let articles = counted(report.articles, "article");
        let left = counted(left, "file");
        writeln!(out, "interrupted: the index has {articles}; still to be read: {left}; the next run goes on")
    }
}

/// Writes one line about an update.
pub(super) fn write_update(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    if report.changes.len() <= MOST_NAMED {
        write_each_change(out, report)?;
    }
    if !report.changes.is_empty() {
        let articles = counted(report.articles, "article");
        writeln!(out, "{}: {articles}  ({})", changes_counted(report), seconds(report))?;
    }
    out.flush()
}

/// Writes the changes that a run would make.
pub(super) fn write_changes(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    if let Some(unusable) = &report.unusable {
        writeln!(out, "the index would be made anew: {}", clean(&unusable.to_string()))?;
    }
    write_each_change(out, report)?;
    for skipped in report.skipped.iter().filter(|skipped| !matches!(skipped.reason, SkipReason::AsBefore(_))) {
        writeln!(out, "skip    {}: {}", printable(&skipped.path), clean(&skipped.reason.to_string()))?;
    }
    match changes_counted(report) {
        none if none.is_empty() => writeln!(out, "nothing changed: {}", counted(report.unchanged, "file")),
        some => writeln!(out, "{some}, {} unchanged", grouped(report.unchanged)),
    }
}

fn write_each_change(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for change in &report.changes {
        let path = printable(&change.path);
        match &change.kind {
            ChangeKind::Added => writeln!(out, "add     {path}")?,
            ChangeKind::Changed => writeln!(out, "change  {path}")?,
            ChangeKind::Moved { from } => writeln!(out, "move    {} → {path}", printable(from))?,
            ChangeKind::Removed => writeln!(out, "remove  {path}")?,
        }
    }
    Ok(())
}

/// Counts the changes by kind: `2 added, 1 moved`.
fn changes_counted(report: &Report) -> String {
    let count = |is_it: fn(&ChangeKind) -> bool| report.changes.iter().filter(|change| is_it(&change.kind)).count();
    let counts = [
        (count(|kind| *kind == ChangeKind::Added), "added"),
        (count(|kind| *kind == ChangeKind::Changed), "changed"),
        (count(|kind| matches!(kind, ChangeKind::Moved { .. })), "moved"),
        (count(|kind| *kind == ChangeKind::Removed), "removed"),
    ];
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    some.map(|(count, name)| format!("{} {name}", grouped(count as u64))).collect::<Vec<_>>().join(", ")
}

/// Writes the rules of the folder, if there are any.
fn write_rules(out: &mut dyn Write, rules: &FolderRules) -> io::Result<()> {
    let option = |name: &str, value: &String| format!("--{name} {}", shell_quoted(&clean(value)));
    let include = rules.include.iter().map(|pattern| option("include", pattern));
    let exclude = rules.exclude.iter().map(|pattern| option("exclude", pattern));
    let encoding = rules.encoding.iter().map(|name| option("encoding", name));
    let links = (rules.links == Links::All).then(|| "--follow".to_owned());
    let metadata = rules.metadata.iter().map(|file| option("metadata", file));
    let rules: Vec<String> = include.chain(exclude).chain(encoding).chain(metadata).chain(links).collect();
    if rules.is_empty() {
        return Ok(());
    }
    writeln!(out, "rules     {}  (remembered; --forget drops them)", rules.join(" "))
}

/// Writes that the folder is checked at intervals instead of being watched, and why.
pub(super) fn write_not_watched(out: &mut dyn Write, why: &str) -> io::Result<()> {
    writeln!(out, "the system does not report changes ({}): the folder is checked every ten seconds", clean(why))
}

fn languages(report: &Report) -> String {
    let named = report.languages.iter();
    let named = named.map(|(language, passages)| format!("{} {}", language_name(*language), grouped(*passages)));
    named.collect::<Vec<_>>().join(", ")
}

/// Returns the time of a run for display.
fn seconds(report: &Report) -> String {
    match report.elapsed.as_secs_f64() {
        short if short < 0.1 => format!("{:.0} ms", short * 1e3),
        long => format!("{long:.2} s"),
    }
}

/// Returns the number of files by format and encoding: `md UTF-8 689, txt gb18030 3, docx 2`.
fn readings(report: &Report) -> String {
    let shown = report.readings.iter().map(|read| {
        let encoding = read.encoding.as_deref().map_or_else(String::new, |encoding| format!(" {encoding}"));
        format!("{}{encoding} {}", read.format, grouped(read.files))
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Writes the files that were repaired or skipped, each with its reason. Files skipped as in earlier runs are counted.
pub(super) fn write_skipped(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    for repaired in &report.repaired {
        writeln!(out, "repaired {}: {}", printable(&repaired.path), clean(&repaired.remarks.join("; ")))?;
    }
    let mut as_before = 0;
    for skipped in &report.skipped {
        match &skipped.reason {
            SkipReason::AsBefore(_) => as_before += 1,
            reason => writeln!(out, "skipped {}: {}", printable(&skipped.path), clean(&reason.to_string()))?,
        }
    }
    if as_before > 0 {
        writeln!(out, "skipped as before: {} (`svod-query --status` names them)", grouped(as_before))?;
    }
    write_unmatched(out, report)?;
    if report.skipped.iter().any(|skipped| matches!(skipped.reason, SkipReason::LeadsOut(_))) {
        writeln!(out, "hint: --follow reads what links outside the folder lead to")?;
    }
    Ok(())
}

/// Writes the entries of the owner's bibliography that belong to no article.
fn write_unmatched(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let file = report.rules.metadata.as_deref().unwrap_or_default();
    for unmatched in report.unmatched.iter().take(MOST_UNMATCHED) {
        let label = clean(&unmatched.label);
        writeln!(out, "unmatched {}:{}: {label}: no file and no DOI of the folder", clean(file), unmatched.line)?;
    }
    match report.unmatched.len().saturating_sub(MOST_UNMATCHED) {
        0 => Ok(()),
        more => writeln!(out, "unmatched as well: {} (--json names them)", grouped(more as u64)),
    }
}

/// Writes an error with its causes, and a hint what to do.
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

/// Writes that the output could not be written.
pub(super) fn write_not_written(out: &mut dyn Write, error: &io::Error) -> io::Result<()> {
    writeln!(out, "error: cannot write the output: {}", clean(&error.to_string()))?;
    writeln!(out, "hint: only what is printed is lost; `svod-query --status` says what is in the index")
}

fn hint(error: &IndexError) -> Option<&'static str> {
    match error {
        IndexError::FolderMissing(_) => Some("check the path; a path with blanks needs quotation marks"),
        IndexError::NotAFolder(_) => Some("name the folder that the file lies in"),
        error if is_forbidden(error) => Some(
            "it may be somebody else's: ask for the right to read and write it, or name another place with --index DIR",
        ),
        IndexError::ForeignFolder { .. } | IndexError::InsideIndex { .. } => {
            Some("name an empty folder, or one that does not exist yet, with --index DIR; nothing was touched")
        }
        IndexError::AroundFolder { .. } => {
            Some("leave --index away to write to FOLDER/.svod, or name an empty or a new folder")
        }
        IndexError::Unnamed { .. } => Some(
            "name another folder with --index DIR, or delete this one yourself if nobody needs it; nothing was touched",
        ),
        IndexError::OtherRoot { .. } | IndexError::OfTexts(_) => {
            Some("one index serves one folder: name another one with --index DIR")
        }
        IndexError::UnknownEncoding(_) => {
            Some("names are those of the WHATWG standard: gb18030, big5, windows-1251, koi8-r …")
        }
        IndexError::Locked { .. } => Some("wait until it is done"),
        IndexError::Pattern { .. } => Some("patterns are written as in a .gitignore: '*.md', 'drafts/'"),
        IndexError::IgnorePattern { .. } => {
            Some("patterns are written as in a .gitignore: '*.md', 'drafts/'; a `\\` escapes the next character")
        }
        IndexError::IgnoreFile { .. } => {
            Some("nothing is indexed before it is known what is to stay out: mend the file, or save it as UTF-8")
        }
        IndexError::Damaged { .. } => Some("make it anew with --rebuild"),
        IndexError::LostRules(_) => {
            Some("give the patterns of --include and --exclude again, and --encoding; or drop them with --forget")
        }
        error if is_disk_full(error) => Some("make room, then run it again: it goes on from the last commit"),
        IndexError::Write { .. } => Some("write the index somewhere else with --index DIR"),
        _ => None,
    }
}

/// Whether the user has no permission to read or write a file.
fn is_forbidden(error: &IndexError) -> bool {
    let (IndexError::Read { source, .. } | IndexError::Write { source, .. }) = error else { return false };
    source.kind() == io::ErrorKind::PermissionDenied
}

/// Looks for a full disk among the causes of an error.
fn is_disk_full(error: &IndexError) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.to_string().contains("os error 28") {
            return true;
        }
        cause = error.source();
    }
    false
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "Chinese",
        Language::Russian => "Russian",
        Language::Ukrainian => "Ukrainian",
        Language::English => "English",
        Language::Other => "other",
        language => language.code(),
    }
}

/// Returns a size for display.
pub(super) fn size(bytes: u64) -> String {
    match bytes as f64 {
        small if small < 1e6 => format!("{:.1} kB", small / 1e3),
        large => format!("{:.1} MB", large / 1e6),
    }
}

/// Returns a number of things: `1 article`, `2,465 articles`.
fn counted(number: u64, thing: &str) -> String {
    format!("{} {thing}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Returns a number with its thousands separated: `87,003`.
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

/// Replaces characters that could control a terminal: file names are not trusted.
fn clean(text: &str) -> String {
    svod_indexer::printable(text).into_owned()
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
