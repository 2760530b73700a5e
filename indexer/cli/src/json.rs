//! The report for programs: one line of JSON, version 1.

use std::io::{self, Write};

use serde_json::json;
use svod_indexer::{ChangeKind, Ending, Report};

/// The version of the format. Within a version fields may be added, but none changes its meaning.
const VERSION: u32 = 1;
/// The JSON Schema (draft 2020-12) of the report.
pub(super) const SCHEMA: &str = include_str!("../schema/report.schema.json");

/// Writes the report.
pub(super) fn write_report(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let languages =
        report.languages.iter().map(|(language, passages)| json!({"language": language.code(), "passages": passages}));
    let readings = report
        .readings
        .iter()
        .map(|read| json!({"format": read.format, "encoding": read.encoding, "files": read.files}));
    let repaired =
        report.repaired.iter().map(|file| json!({"path": file.path.to_string_lossy(), "remarks": file.remarks}));
    let skipped = report
        .skipped
        .iter()
        .map(|file| json!({"path": file.path.to_string_lossy(), "reason": file.reason.to_string()}));
    let changes = report.changes.iter().map(|change| {
        let path = change.path.to_string_lossy();
        match &change.kind {
            ChangeKind::Added => json!({"change": "added", "path": path}),
            ChangeKind::Changed => json!({"change": "changed", "path": path}),
            ChangeKind::Moved { from } => json!({"change": "moved", "path": path, "from": from.to_string_lossy()}),
            ChangeKind::Removed => json!({"change": "removed", "path": path}),
        }
    });
    let (ending, left) = match report.ending {
        Ending::Unchanged => ("unchanged", 0),
        Ending::UpToDate => ("up_to_date", 0),
        Ending::Interrupted(left) => ("interrupted", left),
    };
    let line = json!({
        "type": "report",
        "version": VERSION,
        "index": report.index.to_string_lossy(),
        "articles": report.articles,
        "passages": report.passages,
        "ending": ending,
        "left": left,
        "changes": changes.collect::<Vec<_>>(),
        "unchanged": report.unchanged,
        "made_anew": report.unusable.as_ref().map(ToString::to_string),
        "read_bytes": report.read_bytes,
        "languages": languages.collect::<Vec<_>>(),
        "bytes": report.bytes,
        "index_bytes": report.index_bytes,
        "elapsed_ms": report.elapsed.as_secs_f64() * 1e3,
        "readings": readings.collect::<Vec<_>>(),
        "repaired": repaired.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
    });
    svod_store::json::write_line(out, &line)
}
