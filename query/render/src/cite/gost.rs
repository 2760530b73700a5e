//! ГОСТ Р 7.0.5-2008, a reference as it stands in a footnote or a list.
//!
//! Автор. Заглавие // Журнал. — 2025. — Т. 69, № 4. — С. 48–70. Up to three
//! authors stand before the title, the family first; of more the first three
//! stand behind it, with [и др.]. The words for volume, page and others are
//! those of the work's language. Of a law its date is given, and the cited
//! articles. The day of a visit is not known here.

use svod_query::{Date, Language};

use super::names::Name;
use super::phrase::Phrase;
use super::{Citation, Work, WorkKind};

/// Between the areas of a reference.
const AREA: &str = ". — ";

/// Returns the reference.
pub(super) fn reference(citation: &Citation) -> String {
    let work = &citation.work;
    let words = Words::of(work.language);
    let kind = work.kind();
    let mut phrase = Phrase::default();
    let is_behind = work.authors.len() > 3;
    let authors = super::list(work.authors.iter().map(|name| family_first(name)));
    phrase.add("", authors.filter(|_| !is_behind)).add(". ", Some(&work.title));
    phrase.add(" / ", is_behind.then(|| first_three(work, &words)));
    phrase.add(" // ", work.journal.as_deref());
    phrase.add(AREA, published(work));
    let is_whole = matches!(kind, WorkKind::Article | WorkKind::Book);
    phrase.add(AREA, if is_whole { work.date.map(|date| date.year().to_string()) } else { work.date.map(day) });
    phrase.add(AREA, numbers(work, &words));
    let pages = citation.pages().map(|pages| pages.replace('-', "–")).or_else(|| work.pages("–"));
    phrase.add(AREA, pages.map(|pages| words.page(&pages)));
    phrase.add(AREA, if kind == WorkKind::Law { law_articles(citation) } else { None });
    phrase.add(AREA, work.url.as_ref().map(|url| format!("URL: {url}")));
    phrase.add(AREA, work.doi.as_ref().map(|doi| format!("DOI: {doi}")));
    phrase.end()
}

/// The words of a language.
struct Words {
    volume: &'static str,
    issue: &'static str,
    page: &'static str,
    others: &'static str,
    /// Whether the word for a page, an issue or a volume stands behind its number too: 第58页.
    last: [&'static str; 3],
}

impl Words {
    fn of(language: Language) -> Words {
        match language {
            Language::Russian => {
                Words { volume: "Т. ", issue: "№ ", page: "С. ", others: "[и др.]", last: [""; 3] }
            }
            Language::Ukrainian => {
                Words { volume: "Т. ", issue: "№ ", page: "С. ", others: "[та ін.]", last: [""; 3] }
            }
            Language::Chinese => {
                Words { volume: "第", issue: "第", page: "第", others: "[等]", last: ["卷", "期", "页"] }
            }
            _ => Words { volume: "Vol. ", issue: "No. ", page: "P. ", others: "[et al.]", last: [""; 3] },
        }
    }

    fn page(&self, pages: &str) -> String {
        format!("{}{pages}{}", self.page, self.last[2])
    }
}

fn family_first(name: &str) -> String {
    match Name::of(name) {
        Name::Parts { family, given } => match Name::initials(&given, ".", " ") {
            Some(initials) => format!("{family} {initials}"),
            None => name.to_owned(),
        },
        Name::Whole(name) => name,
    }
}

/// П. С. Иванов, Е. А. Лядова, А. Б. Петров [и др.]
fn first_three(work: &Work, words: &Words) -> String {
    let given_first = |name: &String| match Name::of(name) {
        Name::Parts { family, given } => match Name::initials(&given, ".", " ") {
            Some(initials) => format!("{initials} {family}"),
            None => name.clone(),
        },
        Name::Whole(name) => name,
    };
    let names: Vec<String> = work.authors.iter().take(3).map(given_first).collect();
    format!("{} {}", names.join(", "), words.others)
}

/// М.: Наука
fn published(work: &Work) -> Option<String> {
    let mut phrase = Phrase::default();
    phrase.add("", work.place.as_deref()).add(": ", work.publisher.as_deref());
    Some(phrase.text())
}

/// Т. 69, № 4
fn numbers(work: &Work, words: &Words) -> Option<String> {
    let volume = work.volume.as_ref().map(|volume| format!("{}{volume}{}", words.volume, words.last[0]));
    let issue = work.issue.as_ref().map(|issue| format!("{}{issue}{}", words.issue, words.last[1]));
    super::list(volume.into_iter().chain(issue))
}

/// Ст. 15, 16; 第三条
fn law_articles(citation: &Citation) -> Option<String> {
    let articles = citation.law_articles()?;
    let numbers: Vec<&str> = articles.split(", ").filter_map(|article| article.strip_prefix("Статья ")).collect();
    if numbers.is_empty() { Some(articles) } else { Some(format!("Ст. {}", numbers.join(", "))) }
}

/// 14.05.2018
fn day(date: Date) -> String {
    let parts = [date.day(), date.month()].into_iter().flatten().map(|part| format!("{part:02}."));
    format!("{}{:04}", parts.collect::<String>(), date.year())
}
