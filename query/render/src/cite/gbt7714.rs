//! GB/T 7714-2015, a reference of the numeric system, without its number.
//!
//! 作者. 题名[J]. 刊名, 年, 卷(期): 页. DOI. Punctuation is of half width in
//! all languages; after three authors come 等, и др. or et al.; families of
//! names in letters are in capitals, their given names initials without
//! stops, where it is sure which is which. Laws and what is of no known kind
//! are [Z]: of a law its date is given, and the cited articles stand where
//! cited pages do. The day of a visit, which the standard asks for with an
//! address, is not known here.

use svod_query::Language;

use super::names::Name;
use super::phrase::Phrase;
use super::{Citation, Work, WorkKind};

/// Returns the reference.
pub(super) fn reference(citation: &Citation) -> String {
    let work = &citation.work;
    let mut phrase = Phrase::default();
    phrase.add("", authors(work)).add(". ", Some(&work.title));
    phrase.add("", Some(kind_mark(work)).filter(|_| !work.title.is_empty()));
    match work.kind() {
        WorkKind::Article => phrase.add(". ", in_journal(citation)),
        WorkKind::News => phrase.add(". ", in_newspaper(citation)),
        WorkKind::Page => phrase.add(". ", date(work).map(|date| format!("({date})"))),
        WorkKind::Book => phrase.add(". ", published(citation, year(work))),
        WorkKind::Law | WorkKind::Document => phrase.add(". ", published(citation, date(work))),
    };
    phrase.add(". ", work.url.as_deref()).add(". DOI: ", work.doi.as_deref());
    phrase.end()
}

fn authors(work: &Work) -> Option<String> {
    let mut names: Vec<String> = work.authors.iter().take(3).map(|name| author(name)).collect();
    if work.authors.len() > 3 {
        let others = match work.language {
            Language::Chinese => "等",
            Language::Russian => "и др.",
            Language::Ukrainian => "та ін.",
            _ => "et al.",
        };
        names.push(others.to_owned());
    }
    super::list(names.into_iter())
}

fn author(name: &str) -> String {
    match Name::of(name) {
        Name::Parts { family, given } => match Name::initials(&given, "", " ") {
            Some(initials) => format!("{} {initials}", family.to_uppercase()),
            None => name.to_owned(),
        },
        Name::Whole(name) => name,
    }
}

fn kind_mark(work: &Work) -> &'static str {
    let is_online = work.url.is_some();
    match work.kind() {
        WorkKind::Article if is_online => "[J/OL]",
        WorkKind::Article => "[J]",
        WorkKind::News if is_online => "[N/OL]",
        WorkKind::News => "[N]",
        WorkKind::Book if is_online => "[M/OL]",
        WorkKind::Book => "[M]",
        WorkKind::Page => "[EB/OL]",
        WorkKind::Law | WorkKind::Document if is_online => "[Z/OL]",
        WorkKind::Law | WorkKind::Document => "[Z]",
    }
}

/// 极地与海洋, 2025, 40(2): 48-70
fn in_journal(citation: &Citation) -> Option<String> {
    let work = &citation.work;
    let issue = work.issue.as_ref().map(|issue| format!("({issue})"));
    let mut phrase = Phrase::default();
    phrase.add("", work.journal.as_deref()).add(", ", year(work)).add(", ", work.volume.as_deref());
    // The issue stands at the volume, else at the year; alone it stands as after a comma.
    let is_joined = work.volume.is_some() || work.date.is_some();
    phrase.add(if is_joined { "" } else { ", " }, issue);
    phrase.add(": ", citation.pages().or_else(|| work.pages("-")));
    Some(phrase.text())
}

/// 人民日报, 2025-03-01(3)
fn in_newspaper(citation: &Citation) -> Option<String> {
    let work = &citation.work;
    let page = citation.pages().or_else(|| work.pages("-")).map(|page| format!("({page})"));
    let mut phrase = Phrase::default();
    phrase.add("", work.journal.as_deref()).add(", ", date(work)).add("", page);
    Some(phrase.text())
}

/// 北京: 商务印书馆, 2025: 58
fn published(citation: &Citation, date: Option<String>) -> Option<String> {
    let work = &citation.work;
    let mut phrase = Phrase::default();
    phrase.add("", work.place.as_deref());
    phrase.add(": ", work.publisher.as_deref());
    phrase.add(", ", date);
    let place = if work.kind() == WorkKind::Law { citation.law_articles() } else { None };
    phrase.add(": ", place.or_else(|| citation.pages()));
    Some(phrase.text())
}

fn year(work: &Work) -> Option<String> {
    work.date.map(|date| date.year().to_string())
}

fn date(work: &Work) -> Option<String> {
    work.date.map(|date| date.to_string())
}
