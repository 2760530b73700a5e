//! The fields of metadata and their labels in articles.
//!
//! Front matter and labelled lines use the same labels. The first value of a
//! field is kept.

use super::authors::{name_before_comma, names_of_list};
use super::metadata::MOST_NAMES;
use super::source_line::{Pages, SourceLine};
use super::written_dates::read_date;
use super::{Appeared, Date, Metadata};

/// The field that a label names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    Abstract,
    Keywords,
    Authors,
    AboutAuthors,
    Classification,
    ArticleNumber,
    Received,
    Date,
    Journal,
    Source,
    Issn,
    Volume,
    Issue,
    Pages,
    Doi,
    Url,
    Publisher,
    Place,
    Other,
}

/// Labels, in lower case and letters only.
const LABELS: &[(&str, Field)] = &[
    ("title", Field::Title),
    ("标题", Field::Title),
    ("標題", Field::Title),
    ("题名", Field::Title),
    ("заголовок", Field::Title),
    ("название", Field::Title),
    ("内容提要", Field::Abstract),
    ("摘要", Field::Abstract),
    ("提要", Field::Abstract),
    ("內容提要", Field::Abstract),
    ("аннотация", Field::Abstract),
    ("резюме", Field::Abstract),
    ("abstract", Field::Abstract),
    ("summary", Field::Abstract),
    ("关键词", Field::Keywords),
    ("關鍵詞", Field::Keywords),
    ("关键字", Field::Keywords),
    ("關鍵字", Field::Keywords),
    ("ключевыеслова", Field::Keywords),
    ("keywords", Field::Keywords),
    ("tags", Field::Keywords),
    ("tag", Field::Keywords),
    ("теги", Field::Keywords),
    ("метки", Field::Keywords),
    ("标签", Field::Keywords),
    ("標籤", Field::Keywords),
    ("作者", Field::Authors),
    ("автор", Field::Authors),
    ("авторы", Field::Authors),
    ("author", Field::Authors),
    ("authors", Field::Authors),
    ("作者简介", Field::AboutAuthors),
    ("作者簡介", Field::AboutAuthors),
    ("обавторе", Field::AboutAuthors),
    ("中图分类号", Field::Classification),
    ("分类号", Field::Classification),
    ("удк", Field::Classification),
    ("udc", Field::Classification),
    ("文章编号", Field::ArticleNumber),
    ("收稿日期", Field::Received),
    ("датапоступления", Field::Received),
    ("received", Field::Received),
    ("date", Field::Date),
    ("published", Field::Date),
    ("publicationdate", Field::Date),
    ("year", Field::Date),
    ("日期", Field::Date),
    ("年份", Field::Date),
    ("发布日期", Field::Date),
    ("出版日期", Field::Date),
    ("公布日期", Field::Date),
    ("发表日期", Field::Date),
    ("發布日期", Field::Date),
    ("дата", Field::Date),
    ("датапубликации", Field::Date),
    ("год", Field::Date),
    ("journal", Field::Journal),
    ("刊名", Field::Journal),
    ("期刊", Field::Journal),
    ("журнал", Field::Journal),
    ("source", Field::Source),
    ("来源", Field::Source),
    ("來源", Field::Source),
    ("原载", Field::Source),
    ("источник", Field::Source),
    ("issn", Field::Issn),
    ("volume", Field::Volume),
    ("卷", Field::Volume),
    ("том", Field::Volume),
    ("issue", Field::Issue),
    ("期", Field::Issue),
    ("номер", Field::Issue),
    ("выпуск", Field::Issue),
    ("pages", Field::Pages),
    ("页码", Field::Pages),
    ("頁碼", Field::Pages),
    ("страницы", Field::Pages),
    ("doi", Field::Doi),
    ("url", Field::Url),
    ("link", Field::Url),
    ("链接", Field::Url),
    ("網址", Field::Url),
    ("网址", Field::Url),
    ("ссылка", Field::Url),
    ("publisher", Field::Publisher),
    ("出版社", Field::Publisher),
    ("出版者", Field::Publisher),
    ("издательство", Field::Publisher),
    ("place", Field::Place),
    ("出版地", Field::Place),
    ("местоиздания", Field::Place),
    ("文献标识码", Field::Other),
    ("修回日期", Field::Other),
    ("基金项目", Field::Other),
    ("责任编辑", Field::Other),
    ("ббк", Field::Other),
    ("jel", Field::Other),
];

impl Field {
    /// Returns the field that a label names.
    pub(super) fn of_label(label: &str) -> Option<Field> {
        if label.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let label: String = label.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        LABELS.iter().find(|(known, _)| *known == label).map(|&(_, field)| field)
    }

    /// Whether a line that begins with this label is metadata, even without a colon and whatever its value.
    pub(super) fn is_of_lines(self) -> bool {
        use Field::*;
        matches!(self, Abstract | Keywords | AboutAuthors | Classification | ArticleNumber | Received | Other)
    }
}

/// Fills in a field, and returns whether the value fits the field.
pub(super) fn set(metadata: &mut Metadata, field: Field, value: &str) -> bool {
    match field {
        Field::Title => fill(&mut metadata.title, value, 500),
        Field::Keywords => {
            if metadata.keywords.is_empty() {
                metadata.keywords = keywords(value);
            }
            true
        }
        Field::Authors => set_authors(metadata, value),
        Field::AboutAuthors => {
            let names: Vec<String> = value.split(['；', ';', '。']).filter_map(name_before_comma).collect();
            if !names.is_empty() {
                metadata.authors = names;
            }
            true
        }
        Field::Classification => fill(&mut metadata.appeared.classification, value, 200),
        Field::ArticleNumber => set_article_number(metadata, value),
        Field::Received => fill_date(&mut metadata.appeared.received, value),
        Field::Date => value.chars().count() <= 40 && fill_date(&mut metadata.date, value),
        Field::Journal => !is_sentence(value) && fill(&mut metadata.appeared.journal, unquote_title(value), 120),
        Field::Source => set_source(metadata, value),
        Field::Issn => issn(value).is_some_and(|issn| fill(&mut metadata.appeared.issn, issn, 9)),
        Field::Volume => set_number(&mut metadata.appeared.volume, value),
        Field::Issue => set_number(&mut metadata.appeared.issue, value),
        Field::Pages => set_pages(&mut metadata.appeared, value),
        Field::Doi => doi(value).is_some_and(|doi| fill(&mut metadata.appeared.doi, doi, 200)),
        Field::Url => is_url(value) && fill(&mut metadata.appeared.url, value, 2_000),
        Field::Publisher => !is_sentence(value) && fill(&mut metadata.appeared.publisher, value, 120),
        Field::Place => fill(&mut metadata.appeared.place, value, 60),
        Field::Abstract | Field::Other => true,
    }
}

fn fill(place: &mut Option<String>, value: &str, most_characters: usize) -> bool {
    let value = value.trim();
    let is_value = !value.is_empty() && value.chars().count() <= most_characters;
    if is_value && place.is_none() {
        *place = Some(value.to_owned());
    }
    is_value
}

fn fill_date(place: &mut Option<Date>, value: &str) -> bool {
    let date = read_date(value);
    // A date with a month or day replaces the year alone.
    let is_closer = |known: Date, date: Date| known.month().is_none() && known.year() == date.year();
    if place.is_none_or(|known| date.is_some_and(|date| is_closer(known, date))) {
        *place = date.or(*place);
    }
    date.is_some()
}

fn is_sentence(value: &str) -> bool {
    value.ends_with(['。', '！', '？']) || value.contains(". ") && value.chars().count() > 80
}

fn unquote_title(value: &str) -> &str {
    let value = value.trim();
    [('《', '》'), ('«', '»'), ('“', '”')]
        .into_iter()
        .find_map(|(open, close)| value.strip_prefix(open)?.strip_suffix(close).filter(|inside| !inside.contains(open)))
        .unwrap_or(value)
}

fn set_authors(metadata: &mut Metadata, value: &str) -> bool {
    let names = names_of_list(value);
    let are_names = !names.is_empty() && !is_sentence(value);
    if are_names {
        for name in names {
            if metadata.authors.len() < MOST_NAMES && !metadata.authors.contains(&name) {
                metadata.authors.push(name);
            }
        }
    }
    are_names
}

/// Reads a journal with its numbers, or a web address.
fn set_source(metadata: &mut Metadata, value: &str) -> bool {
    if is_url(value) {
        return fill(&mut metadata.appeared.url, value, 2_000);
    }
    SourceLine::read(value).map(|source| source.fill(metadata)).is_some()
}

fn set_number(place: &mut Option<String>, value: &str) -> bool {
    let value = value.trim_matches(|c: char| !c.is_alphanumeric());
    let value = value.trim_start_matches('第').trim_end_matches(['期', '卷']);
    value.contains(|c: char| c.is_ascii_digit()) && fill(place, value, 12)
}

fn set_pages(appeared: &mut Appeared, value: &str) -> bool {
    // A single number is ambiguous: the first page, or the number of pages.
    let Some(pages) = Pages::read(value).filter(|pages| pages.count.is_some()) else { return false };
    if appeared.first_page.is_none() {
        (appeared.first_page, appeared.pages) = (Some(pages.first), pages.count);
    }
    true
}

fn issn(value: &str) -> Option<&str> {
    let value = value.trim();
    let is_issn = value.len() == 9
        && value.bytes().enumerate().all(|(at, byte)| match at {
            4 => byte == b'-',
            8 => byte.is_ascii_digit() || matches!(byte, b'X' | b'x'),
            _ => byte.is_ascii_digit(),
        });
    is_issn.then_some(value)
}

/// Returns a DOI without its `doi:` or the address of a resolver.
fn doi(value: &str) -> Option<&str> {
    let value = value.trim().trim_end_matches(['.', ',', ';', '。']);
    let doi = &value[value.find("10.")?..];
    let before = value[..value.len() - doi.len()].to_ascii_lowercase();
    let is_resolver =
        ["", "doi:", "doi: ", "https://doi.org/", "http://doi.org/", "http://dx.doi.org/", "https://dx.doi.org/"]
            .contains(&before.as_str());
    (is_resolver && doi.contains('/') && !doi.contains(char::is_whitespace)).then_some(doi)
}

fn is_url(value: &str) -> bool {
    let value = value.trim();
    ["http://", "https://", "www."].iter().any(|start| value.starts_with(start)) && !value.contains(char::is_whitespace)
}

fn keywords(value: &str) -> Vec<String> {
    let value = value.trim_end_matches(['.', '。']);
    let has_marks = value.contains([';', '；', ',', '，', '、']);
    let items: Vec<&str> = if has_marks {
        value.split([';', '；', ',', '，', '、']).collect()
    } else {
        value.split_whitespace().collect()
    };
    items.into_iter().map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// Reads `1006-4127 (2025) 02-0071-19`: ISSN, year, issue, first page, number of pages.
fn set_article_number(metadata: &mut Metadata, value: &str) -> bool {
    let plain: String = value
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '—' | '–' | '－' => '-',
            c => c,
        })
        .collect();
    let Some((number, (year, rest))) =
        plain.split_once('(').and_then(|(number, rest)| Some((number, rest.split_once(')')?)))
    else {
        return true;
    };
    let mut numbers = rest.trim().split('-').map(str::trim);
    metadata.date = metadata.date.or_else(|| Date::parse(year.trim()));
    let appeared = &mut metadata.appeared;
    appeared.issn = issn(number).map(str::to_owned);
    appeared.issue =
        numbers.next().filter(|issue| !issue.is_empty()).map(|issue| issue.trim_start_matches('0').to_owned());
    appeared.first_page = numbers.next().and_then(|page| page.parse().ok());
    appeared.pages = numbers.next().and_then(|pages| pages.parse().ok());
    true
}
