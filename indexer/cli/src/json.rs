//! The report for programs: one line of JSON, version 1.

use std::io::{self, Write};
use std::path::Path;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::Value;
use svod_indexer::{Change, ChangeKind, Ending, Language, ReadAs, Repaired, Report, Skipped, Unmatched};

/// The version of the format. Within a version fields may be added, but none changes its meaning.
const VERSION: u32 = 1;

/// What a run of svod-indexer did, version 1. Fields may be added within a version: readers pass over what they do not
/// know.
// Fields are written in the order of the alphabet.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "The line of svod-indexer --json")]
struct ReportLine<'r> {
    /// The number of articles that the index holds now.
    articles: u64,
    /// The size of all files that are in the index, in bytes.
    bytes: u64,
    /// The files that changed, by path; with `--dry-run` those that would be read or removed.
    changes: Vec<ChangePart>,
    /// How long it took, in milliseconds.
    #[schemars(range(min = 0))]
    elapsed_ms: f64,
    /// Whether nothing had changed, the index was brought up to date, or the run was interrupted.
    ending: EndingName,
    /// The folder of the index: an absolute path.
    index: String,
    /// The size of the index on disk, in bytes.
    index_bytes: u64,
    /// The languages of the passages that were read, most first.
    languages: Vec<LanguagePart>,
    /// How many files an interrupted run left for the next; else 0.
    left: u64,
    /// Why the index that was there could not be used, in English; null if it could, or there was none.
    made_anew: Option<String>,
    /// The number of passages that the index holds now.
    passages: u64,
    /// How much was read, in bytes.
    read_bytes: u64,
    /// What the files of this run were read as.
    readings: Vec<ReadingPart<'r>>,
    /// The files of which damaged places were repaired.
    repaired: Vec<RepairedPart<'r>>,
    /// The files that could not be read, by path.
    skipped: Vec<SkippedPart>,
    /// What this line is.
    #[schemars(extend("const" = "report"))]
    r#type: &'static str,
    /// The number of files that had not changed.
    unchanged: u64,
    /// The entries of the export of a reference manager that belong to no article.
    unmatched: Vec<UnmatchedPart<'r>>,
    /// The version of the format: fields may be added within it, none changes its meaning.
    #[schemars(extend("const" = VERSION))]
    version: u32,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum EndingName {
    Unchanged,
    UpToDate,
    Interrupted,
}

/// A file that changed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "change")]
struct ChangePart {
    /// What became of it.
    change: ChangeName,
    /// The path that it had before; only there if it was moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    from: Option<String>,
    /// Its path below the indexed folder.
    path: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum ChangeName {
    Added,
    Changed,
    Moved,
    Removed,
}

/// A language.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "language")]
struct LanguagePart {
    /// The language; `und` if it is none that svod knows.
    #[schemars(extend("enum" = Language::ALL.map(Language::code)))]
    language: &'static str,
    /// The number of passages in it.
    passages: u64,
}

/// A format in an encoding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "reading")]
struct ReadingPart<'r> {
    /// The encoding; null where a format has its own.
    encoding: Option<&'r str>,
    /// The number of files.
    files: u64,
    /// The format, as its usual file extension.
    format: &'r str,
}

/// A file that was repaired.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "repaired")]
struct RepairedPart<'r> {
    /// Its path below the indexed folder.
    path: String,
    /// What was repaired, in English.
    remarks: &'r [String],
}

/// A file that was skipped.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "skipped")]
struct SkippedPart {
    /// Its path below the indexed folder.
    path: String,
    /// Why it was skipped, in English.
    reason: String,
}

/// An entry of an export.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "unmatched")]
struct UnmatchedPart<'r> {
    /// Its key, else its title.
    label: &'r str,
    /// The line on which it begins, from 1.
    line: usize,
}

/// Returns the JSON Schema (draft 2020-12) of the report.
pub(super) fn schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with_transform(RecursiveTransform(with_plain_description));
    let schema = settings.into_generator().into_root_schema_for::<ReportLine<'static>>();
    serde_json::to_string_pretty(&schema).expect("a schema has strings, numbers and lists only") + "\n"
}

/// Joins the lines that a comment was broken into.
fn with_plain_description(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}

/// Writes the report.
pub(super) fn write_report(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let (ending, left) = match report.ending {
        Ending::Unchanged => (EndingName::Unchanged, 0),
        Ending::UpToDate => (EndingName::UpToDate, 0),
        Ending::Interrupted(left) => (EndingName::Interrupted, left),
    };
    let line = ReportLine {
        articles: report.articles,
        bytes: report.bytes,
        changes: report.changes.iter().map(change_part).collect(),
        elapsed_ms: report.elapsed.as_secs_f64() * 1e3,
        ending,
        index: shown(&report.index),
        index_bytes: report.index_bytes,
        languages: report.languages.iter().map(language_part).collect(),
        left,
        made_anew: report.unusable.as_ref().map(ToString::to_string),
        passages: report.passages,
        read_bytes: report.read_bytes,
        readings: report.readings.iter().map(reading_part).collect(),
        repaired: report.repaired.iter().map(repaired_part).collect(),
        skipped: report.skipped.iter().map(skipped_part).collect(),
        r#type: "report",
        unchanged: report.unchanged,
        unmatched: report.unmatched.iter().map(unmatched_part).collect(),
        version: VERSION,
    };
    svod_store::json::write_line(out, &line)
}

fn change_part(change: &Change) -> ChangePart {
    let (name, from) = match &change.kind {
        ChangeKind::Added => (ChangeName::Added, None),
        ChangeKind::Changed => (ChangeName::Changed, None),
        ChangeKind::Moved { from } => (ChangeName::Moved, Some(shown(from))),
        ChangeKind::Removed => (ChangeName::Removed, None),
    };
    ChangePart { change: name, from, path: shown(&change.path) }
}

fn language_part(&(language, passages): &(Language, u64)) -> LanguagePart {
    LanguagePart { language: language.code(), passages }
}

fn reading_part(read: &ReadAs) -> ReadingPart<'_> {
    ReadingPart { encoding: read.encoding.as_deref(), files: read.files, format: &read.format }
}

fn repaired_part(file: &Repaired) -> RepairedPart<'_> {
    RepairedPart { path: shown(&file.path), remarks: &file.remarks }
}

fn skipped_part(file: &Skipped) -> SkippedPart {
    SkippedPart { path: shown(&file.path), reason: file.reason.to_string() }
}

fn unmatched_part(entry: &Unmatched) -> UnmatchedPart<'_> {
    UnmatchedPart { label: &entry.label, line: entry.line }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
