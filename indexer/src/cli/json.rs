//! The report for programs: one line of JSON, version 1.

use std::io::{self, Write};

use serde_json::json;

use crate::Report;

/// The version of the format. New fields may be added; none changes its meaning within a version.
const VERSION: u32 = 1;

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
    let line = json!({
        "type": "report",
        "version": VERSION,
        "index": report.index.to_string_lossy(),
        "articles": report.articles,
        "passages": report.passages,
        "languages": languages.collect::<Vec<_>>(),
        "bytes": report.bytes,
        "index_bytes": report.index_bytes,
        "elapsed_ms": report.elapsed.as_secs_f64() * 1e3,
        "readings": readings.collect::<Vec<_>>(),
        "repaired": repaired.collect::<Vec<_>>(),
        "skipped": skipped.collect::<Vec<_>>(),
    });
    writeln!(out, "{line}")
}
