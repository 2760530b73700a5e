//! What is cited: plain values, made of what an article says of itself.

use std::path::Path;

use svod_query::{Appeared, ArticleEntry, Date, Hit, Language};
use svod_text::printable;

/// A work to be cited.
///
/// Made of a hit or an article, its texts are safe to print, without blanks
/// at their ends, and none of them is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// The authors, as written.
    pub authors: Vec<String>,
    /// The title.
    pub title: String,
    /// The journal, newspaper or collection.
    pub journal: Option<String>,
    /// The volume.
    pub volume: Option<String>,
    /// The issue.
    pub issue: Option<String>,
    /// The date.
    pub date: Option<Date>,
    /// The first page.
    pub first_page: Option<u32>,
    /// The last page, where it is known.
    pub last_page: Option<u32>,
    /// The number of the journal.
    pub issn: Option<String>,
    /// The identifier: `10.…/…`.
    pub doi: Option<String>,
    /// Where it is online.
    pub url: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// The place of publication.
    pub place: Option<String>,
    /// The language.
    pub language: Language,
    /// The name of its file, without its extension.
    pub file_name: String,
}

impl Default for Work {
    fn default() -> Work {
        Work::of(Named { title: "", authors: &[], path: Path::new("") }, None, &Appeared::default(), Language::Other)
    }
}

/// What kind of work it is, as far as that can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkKind {
    /// An article in a journal.
    Article,
    /// An article in a newspaper.
    News,
    /// A book or report with a publisher.
    Book,
    /// A law or another act, by its title.
    Law,
    /// Something that is known by its address alone.
    Page,
    /// Anything else.
    Document,
}

/// Where in a work a passage stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Place {
    /// The page as it is printed.
    pub page: Option<u32>,
    /// The article of a law: 第三条, Статья 15, Article 7.
    pub law_article: Option<String>,
    /// The line or paragraph of the source that it begins in: places of one work lie in this order.
    pub position: u64,
}

impl From<&Hit> for Work {
    fn from(hit: &Hit) -> Work {
        // A passage may be an abstract in another language; a title hardly is.
        let language = Some(Language::of(&hit.title)).filter(|&language| language != Language::Other);
        let named = Named { title: &hit.title, authors: &hit.authors, path: &hit.path };
        Work::of(named, hit.date, &hit.appeared, language.unwrap_or(hit.language))
    }
}

impl From<&ArticleEntry> for Work {
    fn from(article: &ArticleEntry) -> Work {
        let named = Named { title: &article.title, authors: &article.authors, path: &article.path };
        Work::of(named, article.date, &article.appeared, article.language)
    }
}

/// What an article is called.
struct Named<'n> {
    title: &'n str,
    authors: &'n [String],
    path: &'n Path,
}

impl Work {
    fn of(named: Named<'_>, date: Option<Date>, appeared: &Appeared, language: Language) -> Work {
        let text = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
        let last = appeared.first_page.zip(appeared.pages).and_then(|(first, pages)| last_page(first, pages));
        Work {
            authors: named.authors.iter().map(|name| blanks_joined(name)).filter(|name| !name.is_empty()).collect(),
            title: clean(named.title),
            journal: text(&appeared.journal),
            volume: text(&appeared.volume),
            issue: text(&appeared.issue),
            date,
            first_page: appeared.first_page,
            last_page: last,
            issn: text(&appeared.issn),
            doi: text(&appeared.doi),
            url: text(&appeared.url),
            publisher: text(&appeared.publisher),
            place: text(&appeared.place),
            language,
            file_name: blanks_joined(&named.path.file_stem().unwrap_or_default().to_string_lossy()),
        }
    }

    /// Returns what kind of work it is.
    pub fn kind(&self) -> WorkKind {
        let has_numbers = self.volume.is_some() || self.issue.is_some();
        let has_day = self.date.is_some_and(|date| date.day().is_some());
        match &self.journal {
            Some(journal) if !has_numbers && has_day && is_newspaper(journal) => WorkKind::News,
            Some(_) => WorkKind::Article,
            None if has_numbers || self.issn.is_some() => WorkKind::Article,
            None if self.authors.is_empty() && is_law(&self.title) => WorkKind::Law,
            None if self.publisher.is_some() => WorkKind::Book,
            None if self.url.is_some() => WorkKind::Page,
            None => WorkKind::Document,
        }
    }

    /// Returns the pages of the whole work: `48-70`, with this dash.
    pub(super) fn pages(&self, dash: &str) -> Option<String> {
        let first = self.first_page?;
        Some(match self.last_page.filter(|&last| last != first) {
            Some(last) => format!("{first}{dash}{last}"),
            None => first.to_string(),
        })
    }
}

fn last_page(first: u32, pages: u32) -> Option<u32> {
    first.checked_add(pages)?.checked_sub(1).filter(|&last| last >= first)
}

/// Whether a newspaper has this name: 人民日报, Российская газета.
fn is_newspaper(journal: &str) -> bool {
    let lower = journal.to_lowercase();
    let words = ["газета", "правда", "известия", "newspaper", "daily", "times", "news"];
    journal.ends_with(['报', '報']) || lower.split(' ').any(|word| words.contains(&word))
}

/// Whether a title is that of a law, a treaty or another act.
fn is_law(title: &str) -> bool {
    let title = title.split(['(', '（']).next().unwrap_or(title).trim().to_lowercase();
    let is_act = |word: &str| ACTS.contains(&word.trim_matches(|c: char| !c.is_alphabetic()));
    let mut words = title.split_whitespace();
    CHINESE_ACTS.iter().any(|act| title.ends_with(act))
        || words.next_back().is_some_and(is_act)
        || title.split_whitespace().take(3).any(is_act)
}

const CHINESE_ACTS: [&str; 26] = [
    "法",
    "法典",
    "条例",
    "條例",
    "规定",
    "規定",
    "办法",
    "辦法",
    "决定",
    "決定",
    "解释",
    "解釋",
    "规则",
    "規則",
    "细则",
    "細則",
    "宪法",
    "修正案",
    "准则",
    "章程",
    "公约",
    "公約",
    "协定",
    "宣言",
    "宪章",
    "憲章",
];

const ACTS: [&str; 26] = [
    "закон",
    "кодекс",
    "указ",
    "постановление",
    "распоряжение",
    "приказ",
    "конституция",
    "устав",
    "декларация",
    "договор",
    "конвенция",
    "соглашение",
    "протокол",
    "act",
    "law",
    "code",
    "constitution",
    "charter",
    "declaration",
    "convention",
    "treaty",
    "resolution",
    "agreement",
    "protocol",
    "regulation",
    "регламент",
];

impl Place {
    /// Returns the place of a hit. A page is only known to be the printed one if the work has it.
    pub(super) fn of_hit(hit: &Hit, work: &Work) -> Place {
        let is_printed = |&page: &u32| {
            work.first_page.is_none_or(|first| page >= first) && work.last_page.is_none_or(|last| page <= last)
        };
        let law_article = hit.section.last().and_then(|heading| law_article(heading));
        let position = hit.lines.as_ref().map(|lines| u64::from(*lines.start())).or(hit.paragraph);
        Place {
            position: position.unwrap_or_default(),
            page: hit.page.filter(is_printed),
            law_article: law_article.map(|article| clean(&article)),
        }
    }
}

/// Returns the number of an article of a law that a heading begins with.
fn law_article(heading: &str) -> Option<String> {
    let heading = heading.trim();
    if heading.starts_with('第') {
        let end = heading.find(['条', '條'])?;
        let added =
            heading[end..].chars().skip(1).take_while(|c| "之一二三四五六七八九十".contains(*c)).collect::<String>();
        return (heading[..end].chars().count() <= 12).then(|| format!("{}条{added}", &heading[..end]));
    }
    let (word, rest) = heading.split_once(' ')?;
    let number = rest.split_whitespace().next()?.trim_end_matches(['.', ':', ',']);
    let is_article = ["статья", "article"].contains(&word.to_lowercase().as_str());
    (is_article && number.starts_with(|c: char| c.is_ascii_digit())).then(|| format!("{word} {number}"))
}

/// Returns a text that is safe to print, without blanks and stops at its end. Abbreviations keep theirs: в 2023 гг.
fn clean(text: &str) -> String {
    let text = blanks_joined(text);
    let text = text.trim_end_matches(['。', ',', '，', ';', '；', ':', '：', ' ']);
    let is_abbreviated = |text: &str| text.chars().rev().take(LONGEST_ABBREVIATION + 1).any(|c| !c.is_alphanumeric());
    match text.strip_suffix('.') {
        Some(sentence) if !is_abbreviated(sentence) => sentence.to_owned(),
        _ => text.to_owned(),
    }
}

/// A longer word with a full stop ends a sentence.
const LONGEST_ABBREVIATION: usize = 3;

fn blanks_joined(text: &str) -> String {
    printable(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        let work = |title: &str| Work { title: title.to_owned(), ..Work::default() }.kind();
        for law in [
            "中华人民共和国国籍法",
            "最高人民法院关于适用《公司法》若干问题的规定（二）",
            "Гражданский кодекс Российской Федерации, часть первая",
            "Федеральный закон «О морских гаванях»",
            "Устав ООН",
            "Universal Declaration of Human Rights",
            "Charter of the United Nations",
        ] {
            assert_eq!(work(law), WorkKind::Law, "{law}");
        }
        for other in
            ["2024年政府工作报告", "О пользе законов", "National Security Strategy, 1993", "停火 Ceasefire", ""]
        {
            assert_eq!(work(other), WorkKind::Document, "{other}");
        }
    }

    #[test]
    fn articles_of_laws() {
        for (heading, expected) in [
            ("第十五条", Some("第十五条")),
            ("第二条之一 本法", Some("第二条之一")),
            ("Статья 15.1. Право", Some("Статья 15.1")),
            ("Article 7: On peace", Some("Article 7")),
            ("第一章 总则", None),
            ("Статья закона", None),
            ("", None),
        ] {
            assert_eq!(law_article(heading).as_deref(), expected, "{heading}");
        }
    }

    #[test]
    fn texts_are_clean() {
        assert_eq!(clean(" Мир \n и война. "), "Мир и война");
        assert_eq!(clean("停\u{202e}火。"), "停\u{fffd}火");
        assert_eq!(clean("В 2019–2023 гг."), "В 2019–2023 гг.");
    }
}
