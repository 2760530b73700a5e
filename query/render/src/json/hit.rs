//! A hit: one line, or a value of its own.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{Explanation, Hit, Kind, Language, NearCopy, Neighbour, TermScore};

use super::parts::{AppearedPart, Bytes, Id, Lines, Pages, Place, appeared_part, bytes, ends, shown_root, slashed};
use super::{Json, Line, Numbered, write_line};
use crate::choice::Choice;

impl Json<'_> {
    /// Writes the line of a passage.
    pub(super) fn passage(&mut self, hit: &Hit) -> io::Result<()> {
        write_line(self.out, Line::Hit(Numbered::new(self.number, hit_part(hit))))
    }
}

/// Returns a hit as a JSON object: what its line has, but for `type` and `query`.
pub fn hit_json(hit: &Hit) -> String {
    svod_store::json::to_string(&hit_part(hit)).expect("a hit has strings, numbers and lists only")
}

#[derive(Serialize, JsonSchema)]
pub(super) struct HitPart<'h> {
    /// Its place among the hits, counted from 1.
    #[schemars(range(min = 1))]
    rank: usize,
    /// Its score, comparable with those of the same answer only; 0 where nothing is ranked.
    score: f32,
    id: Id,
    #[serde(flatten)]
    place: Place,
    /// The title of the article; empty if it has none.
    title: &'h str,
    /// The authors of the article, in its order.
    authors: &'h [String],
    /// The date of the article: a year, a year and a month, or a day: `2025`, `2025-03`, `2025-03-14`; null if it tells
    /// none.
    date: Option<String>,
    /// The keywords of the article, in its order.
    keywords: &'h [String],
    /// Where the article appeared.
    appeared: AppearedPart<'h>,
    /// The language of the passage; `und` if it is none that svod knows.
    #[schemars(with = "Choice<Language>")]
    language: &'static str,
    /// What the passage is in its article.
    #[schemars(with = "Choice<Kind>")]
    kind: &'static str,
    /// The headings that it stands under, outermost first.
    section: &'h [String],
    /// The page on which the first match of the snippet stands, where the file tells pages.
    page: Option<u32>,
    /// Its pages, where the file tells pages.
    pages: Option<Pages>,
    /// Its lines in the file; null where a file has no lines.
    lines: Option<Lines>,
    /// Its place among the passages of the file, counted from 1, where there are no lines.
    #[schemars(range(min = 1))]
    paragraph: Option<u64>,
    /// Ranges of the file as it lies on disk, in order, that the text was made of; null where the file is not UTF-8 text.
    bytes: Option<Vec<Bytes>>,
    /// What to show of the passage.
    snippet: SnippetPart<'h>,
    /// The whole text of the passage.
    text: &'h str,
    /// Ranges of `text` that were found, in bytes of its UTF-8; sorted, apart.
    highlights: Vec<Bytes>,
    /// Of a note: the sentence that cites it first; else null.
    cited: Option<CitedPart<'h>>,
    /// The notes that the passage cites, in order, if they were asked for.
    notes: Vec<NotePart<'h>>,
    /// How many more passages of its article have all the words, beside the hits; only there if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    more: Option<u64>,
    /// The passages before it in its article, in order; only there if some were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<NeighbourPart<'h>>,
    /// The passages after it in its article, in order; only there if some were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<NeighbourPart<'h>>,
    /// Near-copies of it that match too, if they were to be folded.
    copies: Vec<CopyPart<'h>>,
    /// What the score is made of; only there if it was asked for, and words were ranked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    explanation: Option<ExplanationPart<'h>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct SnippetPart<'h> {
    /// Parts of the text, on one line.
    text: &'h str,
    /// Ranges of the text of the snippet that were found, in bytes of its UTF-8; sorted, apart.
    highlights: Vec<Bytes>,
}

/// The sentence that cites a note.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "cited")]
struct CitedPart<'h> {
    /// The sentence.
    text: &'h str,
    /// The lines of the passage that it stands in.
    lines: Option<Lines>,
}

/// A note.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "note")]
struct NotePart<'h> {
    /// The byte of `text` that its mark stood before.
    at: usize,
    /// The text of the note.
    text: &'h str,
    /// Its lines in the file; null where a file has no lines.
    lines: Option<Lines>,
}

/// A passage beside a hit.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "neighbour")]
struct NeighbourPart<'h> {
    id: Id,
    /// What the passage is in its article.
    #[schemars(with = "Choice<Kind>")]
    kind: &'static str,
    /// Its lines in the file; null where a file has no lines.
    lines: Option<Lines>,
    /// Its place among the passages of the file, counted from 1, where there are no lines.
    #[schemars(range(min = 1))]
    paragraph: Option<u64>,
    /// The text of the passage.
    text: &'h str,
}

/// A passage that says nearly the same.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "copy")]
struct CopyPart<'h> {
    id: Id,
    /// The indexed folder that `path` is below, an absolute path; null for texts that an app wrote.
    root: Option<String>,
    /// The path of its file below `root`, with `/` between its parts.
    path: String,
    /// The title of its article.
    title: &'h str,
    /// The date of its article: a year, a year and a month, or a day: `2025`, `2025-03`, `2025-03-14`.
    date: Option<String>,
    /// Its lines in the file; null where a file has no lines.
    lines: Option<Lines>,
}

/// What a score is made of.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct ExplanationPart<'h> {
    /// What each term adds.
    terms: Vec<TermScorePart<'h>>,
    /// What else adds to the score.
    parts: Vec<NamedPart>,
    /// How much of the query is there, from 0 to 1: what terms and parts are multiplied by.
    coverage: f32,
    /// What good passages beside it add.
    support: f32,
}

/// A term in a score.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "term_score")]
struct TermScorePart<'h> {
    /// The term, as in the summary.
    term: &'h str,
    /// How often it stands in the text.
    in_text: u32,
    /// The fields beside the text that have it.
    in_fields: &'h [&'static str],
    /// What it adds.
    score: f32,
}

/// A part of a score.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "part_score")]
struct NamedPart {
    /// What it is, in English.
    name: &'static str,
    /// What it adds.
    score: f32,
}

pub(super) fn hit_part(hit: &Hit) -> HitPart<'_> {
    HitPart {
        rank: hit.rank,
        score: hit.score,
        id: Id::of(hit.id),
        place: Place::of(hit.root.as_deref(), &hit.path),
        title: &hit.title,
        authors: &hit.authors,
        date: hit.date.map(|date| date.to_string()),
        keywords: &hit.keywords,
        appeared: appeared_part(&hit.appeared),
        language: hit.language.code(),
        kind: hit.kind.name(),
        section: &hit.section,
        page: hit.page,
        pages: hit.pages.as_ref().map(Pages::of),
        lines: ends(&hit.lines),
        paragraph: hit.paragraph,
        bytes: hit.source_ranges().map(|ranges| ranges.iter().map(bytes).collect()),
        snippet: SnippetPart {
            text: &hit.snippet.text,
            highlights: hit.snippet.highlights.iter().map(bytes).collect(),
        },
        text: &hit.text,
        highlights: hit.highlights.iter().map(bytes).collect(),
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
        id: Id::of(neighbour.id),
        kind: neighbour.kind.name(),
        lines: ends(&neighbour.lines),
        paragraph: neighbour.paragraph,
        text: &neighbour.text,
    }
}

fn copy_part(copy: &NearCopy) -> CopyPart<'_> {
    CopyPart {
        id: Id::of(copy.id),
        root: shown_root(copy.root.as_deref()),
        path: slashed(&copy.path),
        title: &copy.title,
        date: copy.date.map(|date| date.to_string()),
        lines: ends(&copy.lines),
    }
}

fn explanation_part(explanation: &Explanation) -> ExplanationPart<'_> {
    ExplanationPart {
        terms: explanation.terms.iter().map(term_score_part).collect(),
        parts: explanation.parts.iter().map(|&(name, score)| NamedPart { name, score }).collect(),
        coverage: explanation.coverage,
        support: explanation.support,
    }
}

fn term_score_part(term: &TermScore) -> TermScorePart<'_> {
    TermScorePart { term: &term.term, in_text: term.in_text, in_fields: &term.in_fields, score: term.score }
}
