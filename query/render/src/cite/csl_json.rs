//! CSL-JSON: one array of items, as reference managers take it.
//!
//! Names are family and given where that is sure, else literal. The pages of
//! the passages are the locator, the article of a law is the section.

use std::io::{self, Write};

use serde::Serialize;
use svod_query::{Date, Language};

use super::bibtex::Keys;
use super::names::Name;
use super::{Citation, WorkKind};

/// A work as reference managers take it.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Item<'c> {
    id: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<NamePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container_title: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issue: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher_place: Option<&'c str>,
    #[serde(rename = "ISSN", skip_serializing_if = "Option::is_none")]
    issn: Option<&'c str>,
    #[serde(rename = "DOI", skip_serializing_if = "Option::is_none")]
    doi: Option<&'c str>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum NamePart {
    Parts { family: String, given: String },
    Whole { literal: String },
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Issued {
    date_parts: [Vec<u16>; 1],
}

/// Writes the array.
pub(super) fn write(out: &mut dyn Write, citations: &[Citation]) -> io::Result<()> {
    svod_store::json::write_pretty(out, &items(citations))
}

/// Returns the items, each with an id of its own.
pub(super) fn items(citations: &[Citation]) -> Vec<Item<'_>> {
    let mut taken = Keys::default();
    citations.iter().map(|citation| item(citation, &mut taken)).collect()
}

fn item<'c>(citation: &'c Citation, taken: &mut Keys) -> Item<'c> {
    let work = &citation.work;
    let is_law = work.kind() == WorkKind::Law;
    Item {
        id: taken.free(work),
        r#type: kind(work.kind()),
        title: Some(work.title.as_str()).filter(|title| !title.is_empty()),
        author: work.authors.iter().map(|name| name_part(name)).collect(),
        container_title: work.journal.as_deref(),
        issued: work.date.map(issued),
        volume: work.volume.as_deref(),
        issue: work.issue.as_deref(),
        page: work.pages("-"),
        locator: citation.pages(),
        section: citation.law_articles().filter(|_| is_law),
        publisher: work.publisher.as_deref(),
        publisher_place: work.place.as_deref(),
        issn: work.issn.as_deref(),
        doi: work.doi.as_deref(),
        url: work.url.as_deref(),
        language: Some(work.language).filter(|&language| language != Language::Other).map(Language::code),
    }
}

fn kind(kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Article => "article-journal",
        WorkKind::News => "article-newspaper",
        WorkKind::Book => "book",
        WorkKind::Law => "legislation",
        WorkKind::Page => "webpage",
        WorkKind::Document => "document",
    }
}

fn name_part(name: &str) -> NamePart {
    match Name::of(name) {
        Name::Parts { family, given } => NamePart::Parts { family, given },
        Name::Whole(literal) => NamePart::Whole { literal },
    }
}

fn issued(date: Date) -> Issued {
    let rest = [date.month(), date.day()].into_iter().flatten().map(u16::from);
    Issued { date_parts: [std::iter::once(date.year()).chain(rest).collect()] }
}
