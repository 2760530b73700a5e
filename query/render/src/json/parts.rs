//! Parts that several kinds of lines have.

use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{Appeared, Cut, Index, PassageId, Total, Warning, WarningPlace};
use svod_store::layout::path_bytes;

use crate::choice::Choice;

/// The file of an article, or the name of a text.
#[derive(Serialize, JsonSchema)]
pub(super) struct Place {
    /// The indexed folder that `path` is below, an absolute path; null for texts that an app wrote.
    root: Option<String>,
    /// The path of the file below `root`, with `/` between its parts, or the name that an app gave to the text.
    path: String,
    /// The bytes of the path in base64; only there if the path is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required, extend("contentEncoding" = "base64"))]
    path_b64: Option<String>,
}

impl Place {
    pub(super) fn of(root: Option<&Path>, path: &Path) -> Place {
        Place { root: shown_root(root), path: slashed(path), path_b64: path_b64(path) }
    }
}

/// Names the passage, 16 hexadecimal digits; it stays the same when the folder is indexed again and the text has not
/// changed.
#[derive(Serialize, JsonSchema)]
#[schemars(inline, extend("pattern" = "^[0-9a-f]{16}$"))]
pub(super) struct Id(String);

impl Id {
    pub(super) fn of(id: PassageId) -> Id {
        Id(id.to_string())
    }
}

/// The first and the last line, counted from 1.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "lines")]
pub(super) struct Lines(#[schemars(inner(range(min = 1)))] [u32; 2]);

pub(super) fn ends(lines: &Option<RangeInclusive<u32>>) -> Option<Lines> {
    lines.as_ref().map(|lines| Lines([*lines.start(), *lines.end()]))
}

/// The first and the last page.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Pages([u32; 2]);

impl Pages {
    pub(super) fn of(pages: &RangeInclusive<u32>) -> Pages {
        Pages([*pages.start(), *pages.end()])
    }
}

/// A half-open range of bytes: the first, and the one after the last.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "bytes")]
pub(super) struct Bytes([usize; 2]);

pub(super) fn bytes(range: &Range<usize>) -> Bytes {
    Bytes([range.start, range.end])
}

/// Where an article appeared, as far as it says so; null is not known.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "appeared")]
pub(super) struct AppearedPart<'h> {
    /// The journal, newspaper or collection.
    journal: Option<&'h str>,
    /// The number of the journal.
    issn: Option<&'h str>,
    /// The volume.
    volume: Option<&'h str>,
    /// The issue.
    issue: Option<&'h str>,
    /// The first page.
    first_page: Option<u32>,
    /// The number of pages.
    pages: Option<u32>,
    /// The identifier of the article: `10.…/…`.
    doi: Option<&'h str>,
    /// Its address on the web.
    url: Option<&'h str>,
    /// The publisher.
    publisher: Option<&'h str>,
    /// The place of publication.
    place: Option<&'h str>,
    /// Its classification: 中图分类号 or УДК.
    classification: Option<&'h str>,
    /// When the journal received it: a year, a year and a month, or a day: `2025`, `2025-03`, `2025-03-14`.
    received: Option<String>,
}

pub(super) fn appeared_part(appeared: &Appeared) -> AppearedPart<'_> {
    AppearedPart {
        journal: appeared.journal.as_deref(),
        issn: appeared.issn.as_deref(),
        volume: appeared.volume.as_deref(),
        issue: appeared.issue.as_deref(),
        first_page: appeared.first_page,
        pages: appeared.pages,
        doi: appeared.doi.as_deref(),
        url: appeared.url.as_deref(),
        publisher: appeared.publisher.as_deref(),
        place: appeared.place.as_deref(),
        classification: appeared.classification.as_deref(),
        received: appeared.received.map(|date| date.to_string()),
    }
}

/// The indexed folders: `root` where there is one index, `roots` where there are several.
#[derive(Serialize, JsonSchema)]
pub(super) struct Roots {
    /// The indexed folder, an absolute path; null if an app wrote the texts, or several indexes are searched as one.
    root: Option<String>,
    /// The folders of the indexes, where several are searched as one, in their order; null for texts that an app wrote.
    /// Only there if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roots: Vec<Option<String>>,
}

impl Roots {
    pub(super) fn of(index: &Index) -> Roots {
        let mut roots: Vec<Option<String>> = index.roots().map(shown_root).collect();
        if roots.len() == 1 { Roots { root: roots.remove(0), roots } } else { Roots { root: None, roots } }
    }
}

/// How many passages match.
#[derive(Serialize, JsonSchema)]
pub(super) struct TotalPart {
    /// How many passages match; a lower bound where `total_is` says so.
    total: u64,
    /// Whether `total` is exact, or at least as many match.
    total_is: Exactness,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(super) enum Exactness {
    Exact,
    AtLeast,
}

pub(super) fn total_part(total: Total) -> TotalPart {
    TotalPart { total: total.count(), total_is: exactness(total) }
}

pub(super) fn exactness(total: Total) -> Exactness {
    if total.is_exact() { Exactness::Exact } else { Exactness::AtLeast }
}

/// Why the answer is not complete, if it was cut short: it asks for more than the time has room for, or than fits into
/// memory, or the time was up, or it was cancelled; then its numbers are lower bounds. Else null.
#[derive(JsonSchema)]
#[schemars(inline)]
#[expect(dead_code, reason = "it stands for the names of `Cut` in schemas")]
pub(super) struct CutName(Choice<Cut>);

/// How long it took, in milliseconds.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Milliseconds(#[schemars(range(min = 0))] f64);

pub(super) fn milliseconds(elapsed: Duration) -> Milliseconds {
    Milliseconds((elapsed.as_secs_f64() * 1e6).round() / 1e3)
}

/// False while a first run of the indexer is at work, or was stopped: not all of the folder is in the index yet.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Finished(pub(super) bool);

/// Something in a query that was mended or left out.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "warning")]
pub(super) struct WarningPart {
    /// The bytes of the query, or of the filter, that it is about.
    bytes: Bytes,
    /// What it is about.
    #[serde(rename = "in")]
    #[schemars(with = "Choice<WarningPlace>")]
    place: &'static str,
    /// What was done, in English.
    message: &'static str,
}

pub(super) fn warning_parts(warnings: &[Warning]) -> Vec<WarningPart> {
    let part = |warning: &Warning| WarningPart {
        bytes: bytes(&warning.range),
        place: match warning.place {
            WarningPlace::Query => "query",
            WarningPlace::Filter => "filter",
        },
        message: warning.message,
    };
    warnings.iter().map(part).collect()
}

pub(super) fn shown_root(root: Option<&Path>) -> Option<String> {
    root.map(|root| root.to_string_lossy().into_owned())
}

/// Returns the bytes of a path that is not UTF-8.
pub(super) fn path_b64(path: &Path) -> Option<String> {
    path.to_str().is_none().then(|| BASE64.encode(path_bytes(path)))
}

pub(super) fn slashed(path: &Path) -> String {
    String::from_utf8_lossy(&path_bytes(path)).into_owned()
}
