//! JSON Lines, version 1: a line for each hit, then a summary.
//!
//! The records here are a format of their own: renaming a field of the library
//! changes nothing for those who read the lines. New fields may be added;
//! none changes its meaning within a version. What steers a terminal, or ends a line for some, stands as an escape.

mod concordance;
mod counts;
mod ending;
mod library;
mod status;

use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Serialize;
use svod_query::{
    Answer, Appeared, Cut, Explanation, Hit, Index, Known, NearCopy, Neighbour, Relaxation, TermCount, TermScore,
    Total, Warning, WarningPlace,
};
use svod_store::json;
use svod_store::layout::path_bytes;

pub use self::concordance::write_concordance;
pub use self::counts::{write_counts, write_timeline};
pub(crate) use self::ending::{ErrorLine, Listing, write_citations, write_error, write_listing};
pub use self::library::{write_articles, write_outline, write_shown};
pub use self::status::write_status;

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct HitLine<'h> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<usize>,
    rank: usize,
    score: f32,
    id: String,
    root: Option<String>,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_b64: Option<String>,
    title: &'h str,
    authors: &'h [String],
    date: Option<String>,
    keywords: &'h [String],
    appeared: AppearedPart<'h>,
    language: &'static str,
    kind: &'static str,
    section: &'h [String],
    page: Option<u32>,
    lines: Option<[u32; 2]>,
    paragraph: Option<u64>,
    bytes: Option<Vec<[usize; 2]>>,
    snippet: SnippetPart<'h>,
    text: &'h str,
    highlights: Vec<[usize; 2]>,
    cited: Option<CitedPart<'h>>,
    notes: Vec<NotePart<'h>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<NeighbourPart<'h>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<NeighbourPart<'h>>,
    copies: Vec<CopyPart<'h>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationPart<'h>>,
}

#[derive(Serialize)]
struct SnippetPart<'h> {
    text: &'h str,
    highlights: Vec<[usize; 2]>,
}

/// Where an article appeared.
#[derive(Serialize)]
struct AppearedPart<'h> {
    journal: Option<&'h str>,
    issn: Option<&'h str>,
    volume: Option<&'h str>,
    issue: Option<&'h str>,
    first_page: Option<u32>,
    pages: Option<u32>,
    doi: Option<&'h str>,
    url: Option<&'h str>,
    publisher: Option<&'h str>,
    place: Option<&'h str>,
    classification: Option<&'h str>,
    received: Option<String>,
}

/// The sentence that cites a note.
#[derive(Serialize)]
struct CitedPart<'h> {
    text: &'h str,
    lines: Option<[u32; 2]>,
}

/// A note, and the byte of `text` that its mark stood before.
#[derive(Serialize)]
struct NotePart<'h> {
    at: usize,
    text: &'h str,
    lines: Option<[u32; 2]>,
}

/// A passage beside a hit.
#[derive(Serialize)]
struct NeighbourPart<'h> {
    id: String,
    kind: &'static str,
    lines: Option<[u32; 2]>,
    paragraph: Option<u64>,
    text: &'h str,
}

/// A passage that says nearly the same.
#[derive(Serialize)]
struct CopyPart<'h> {
    id: String,
    root: Option<String>,
    path: String,
    title: &'h str,
    date: Option<String>,
    lines: Option<[u32; 2]>,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<usize>,
    text: &'a str,
    #[serde(flatten)]
    roots: Roots,
    total: u64,
    total_is: &'static str,
    cut: Option<&'static str>,
    returned: usize,
    elapsed_ms: f64,
    relaxed: Option<&'static str>,
    beginning: Option<&'a str>,
    terms: Vec<TermPart<'a>>,
    unknown: Vec<UnknownPart<'a>>,
    warnings: Vec<WarningPart>,
    finished: bool,
}

/// An answer as one value.
#[derive(Serialize)]
struct AnswerPart<'a> {
    #[serde(flatten)]
    summary: SummaryLine<'a>,
    hits: Vec<HitLine<'a>>,
}

#[derive(Serialize)]
struct TermPart<'a> {
    term: &'a str,
    passages: u64,
    passages_is: &'static str,
    weight: f32,
}

/// A word that the index does not know, and the nearest that it knows.
#[derive(Serialize)]
struct UnknownPart<'a> {
    word: &'a str,
    nearest: Vec<KnownPart<'a>>,
}

#[derive(Serialize)]
struct KnownPart<'a> {
    term: &'a str,
    passages: u64,
    passages_is: &'static str,
}

/// What a score is made of.
#[derive(Serialize)]
struct ExplanationPart<'h> {
    terms: Vec<TermScorePart<'h>>,
    parts: Vec<NamedPart>,
    coverage: f32,
    support: f32,
}

#[derive(Serialize)]
struct TermScorePart<'h> {
    term: &'h str,
    in_text: u32,
    in_fields: &'h [&'static str],
    score: f32,
}

#[derive(Serialize)]
struct NamedPart {
    name: &'static str,
    score: f32,
}

#[derive(Serialize)]
struct WarningPart {
    bytes: [usize; 2],
    #[serde(rename = "in")]
    place: &'static str,
    message: &'static str,
}

/// Writes the hits of an answer, a line each, and a summary. `query` numbers the query from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_answer(out: &mut dyn Write, query: usize, text: &str, index: &Index, answer: &Answer) -> io::Result<()> {
    for hit in &answer.hits {
        write_hit(out, query, hit)?;
    }
    write_summary(out, query, text, index, answer, answer.hits.len())
}

/// Writes the line of a hit.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_hit(out: &mut dyn Write, query: usize, hit: &Hit) -> io::Result<()> {
    write_line(out, &hit_line(Some(query), hit))
}

/// Writes the summary of an answer of which so many hits were written.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_summary(
    out: &mut dyn Write,
    query: usize,
    text: &str,
    index: &Index,
    answer: &Answer,
    returned: usize,
) -> io::Result<()> {
    write_line(out, &SummaryLine { returned, ..summary_line(Some(query), text, index, answer) })
}

/// Returns an answer as one JSON object, for a web app: what the summary line has, but for `type` and `query`, and `hits`.
pub fn answer_json(text: &str, index: &Index, answer: &Answer) -> String {
    let hits = answer.hits.iter().map(|hit| hit_line(None, hit)).collect();
    let answer = AnswerPart { summary: summary_line(None, text, index, answer), hits };
    json::to_string(&answer).expect("an answer has strings, numbers and lists only")
}

fn summary_line<'a>(query: Option<usize>, text: &'a str, index: &Index, answer: &'a Answer) -> SummaryLine<'a> {
    let (total, total_is) = counted(answer.total);
    SummaryLine {
        r#type: query.is_some().then_some("summary"),
        version: VERSION,
        query,
        text,
        roots: Roots::of(index),
        total,
        total_is,
        cut: answer.cut.map(Cut::name),
        returned: answer.hits.len(),
        elapsed_ms: milliseconds(answer.elapsed),
        relaxed: answer.relaxed.map(Relaxation::name),
        beginning: answer.beginning.as_deref(),
        terms: term_parts(&answer.terms),
        unknown: answer
            .unknown
            .iter()
            .map(|unknown| UnknownPart { word: &unknown.word, nearest: known_parts(&unknown.nearest) })
            .collect(),
        warnings: warning_parts(&answer.warnings),
        finished: answer.is_finished,
    }
}

/// Returns a number and what it is.
fn counted(total: Total) -> (u64, &'static str) {
    (total.count(), if total.is_exact() { "exact" } else { "at_least" })
}

/// Returns a hit as a JSON object: what its line has, but for `type` and `query`.
pub fn hit_json(hit: &Hit) -> String {
    json::to_string(&hit_line(None, hit)).expect("a hit has strings, numbers and lists only")
}

/// The indexed folders: `root` where there is one index, `roots` where there are several.
#[derive(Serialize)]
#[serde(untagged)]
enum Roots {
    One { root: Option<String> },
    Several { root: Option<String>, roots: Vec<Option<String>> },
}

impl Roots {
    fn of(index: &Index) -> Roots {
        let mut roots: Vec<Option<String>> = index.roots().map(shown_root).collect();
        if roots.len() == 1 { Roots::One { root: roots.remove(0) } } else { Roots::Several { root: None, roots } }
    }
}

fn shown_root(root: Option<&Path>) -> Option<String> {
    root.map(|root| root.to_string_lossy().into_owned())
}

fn milliseconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1e6).round() / 1e3
}

fn warning_parts(warnings: &[Warning]) -> Vec<WarningPart> {
    let part = |warning: &Warning| WarningPart {
        bytes: [warning.range.start, warning.range.end],
        place: match warning.place {
            WarningPlace::Query => "query",
            WarningPlace::Filter => "filter",
        },
        message: warning.message,
    };
    warnings.iter().map(part).collect()
}

fn hit_line(query: Option<usize>, hit: &Hit) -> HitLine<'_> {
    HitLine {
        r#type: query.is_some().then_some("hit"),
        query,
        rank: hit.rank,
        score: hit.score,
        id: hit.id.to_string(),
        root: shown_root(hit.root.as_deref()),
        path: slashed(&hit.path),
        path_b64: path_b64(&hit.path),
        title: &hit.title,
        authors: &hit.authors,
        date: hit.date.map(|date| date.to_string()),
        keywords: &hit.keywords,
        appeared: appeared_part(&hit.appeared),
        language: hit.language.code(),
        kind: hit.kind.name(),
        section: &hit.section,
        page: hit.page,
        lines: ends(&hit.lines),
        paragraph: hit.paragraph,
        bytes: hit.source_ranges().map(|ranges| ranges.into_iter().map(|range| [range.start, range.end]).collect()),
        snippet: SnippetPart {
            text: &hit.snippet.text,
            highlights: hit.snippet.highlights.iter().map(|range| [range.start, range.end]).collect(),
        },
        text: &hit.text,
        highlights: hit.highlights.iter().map(|range| [range.start, range.end]).collect(),
        cited: hit.cited.as_ref().map(|cited| CitedPart { text: &cited.text, lines: ends(&cited.lines) }),
        notes: hit
            .notes
            .iter()
            .map(|note| NotePart { at: note.offset, text: &note.text, lines: ends(&note.lines) })
            .collect(),
        more: hit.more,
        before: hit.before.iter().map(neighbour_part).collect(),
        after: hit.after.iter().map(neighbour_part).collect(),
        copies: hit.copies.iter().map(copy_part).collect(),
        explanation: hit.explanation.as_ref().map(explanation_part),
    }
}

fn neighbour_part(neighbour: &Neighbour) -> NeighbourPart<'_> {
    NeighbourPart {
        id: neighbour.id.to_string(),
        kind: neighbour.kind.name(),
        lines: ends(&neighbour.lines),
        paragraph: neighbour.paragraph,
        text: &neighbour.text,
    }
}

fn copy_part(copy: &NearCopy) -> CopyPart<'_> {
    CopyPart {
        id: copy.id.to_string(),
        root: shown_root(copy.root.as_deref()),
        path: slashed(&copy.path),
        title: &copy.title,
        date: copy.date.map(|date| date.to_string()),
        lines: ends(&copy.lines),
    }
}

fn term_parts(terms: &[TermCount]) -> Vec<TermPart<'_>> {
    let mut parts = Vec::with_capacity(terms.len());
    for TermCount { term, passages, weight, .. } in terms {
        let (passages, passages_is) = counted(*passages);
        parts.push(TermPart { term, passages, passages_is, weight: *weight });
    }
    parts
}

fn known_parts(words: &[Known]) -> Vec<KnownPart<'_>> {
    let mut parts = Vec::with_capacity(words.len());
    for Known { word, passages, .. } in words {
        let (passages, passages_is) = counted(*passages);
        parts.push(KnownPart { term: word, passages, passages_is });
    }
    parts
}

fn term_score_part(term: &TermScore) -> TermScorePart<'_> {
    TermScorePart { term: &term.term, in_text: term.in_text, in_fields: &term.in_fields, score: term.score }
}

fn explanation_part(explanation: &Explanation) -> ExplanationPart<'_> {
    ExplanationPart {
        terms: explanation.terms.iter().map(term_score_part).collect(),
        parts: explanation.parts.iter().map(|&(name, score)| NamedPart { name, score }).collect(),
        coverage: explanation.coverage,
        support: explanation.support,
    }
}

fn appeared_part(appeared: &Appeared) -> AppearedPart<'_> {
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

fn ends(lines: &Option<RangeInclusive<u32>>) -> Option<[u32; 2]> {
    lines.as_ref().map(|lines| [*lines.start(), *lines.end()])
}

/// Returns the bytes of a path that is not UTF-8.
fn path_b64(path: &Path) -> Option<String> {
    path.to_str().is_none().then(|| BASE64.encode(path_bytes(path)))
}

fn slashed(path: &Path) -> String {
    String::from_utf8_lossy(&path_bytes(path)).into_owned()
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    json::write_line(out, line)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use svod_query::Request;

    use super::*;
    use crate::test_index::index_of;

    #[test]
    fn an_answer_as_one_value_says_what_its_lines_say() {
        let index = index_of("停火.md", "# 停火\n\nмир и war\n\n停火 мир");
        for query in ["停火 мир (war", "zzz"] {
            let answer = index.search(&Request::new(query)).unwrap();
            let mut lines = Vec::new();
            write_answer(&mut lines, 7, query, &index, &answer).unwrap();
            let lines = String::from_utf8(lines).unwrap();
            let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            for line in &mut lines {
                let line = line.as_object_mut().unwrap();
                assert!(line.remove("type").is_some() && line.remove("query").is_some());
            }
            let mut whole: Value = serde_json::from_str(&answer_json(query, &index, &answer)).unwrap();
            let hits = whole.as_object_mut().unwrap().remove("hits").unwrap();
            assert_eq!(Some(whole), lines.pop());
            assert_eq!(hits, Value::Array(lines));
        }
    }
}
