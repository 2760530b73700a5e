//! The metadata of a page, from `<title>` and `<meta>`.

use svod_text::article::MOST_NAMES;

use super::tokens::Tag;
use super::{dates, title};
use crate::reading::formats::properties::plausible_author;
use crate::reading::formats::{Block, Metadata, collapse_blanks, split_keywords};

/// The titles that a page tells.
#[derive(Debug, Default)]
pub(super) struct Titles {
    /// In the tags for citing, which are about the article alone.
    pub(super) cited: Option<String>,
    /// In the tag for sharing.
    pub(super) shared: Option<String>,
    /// In `<title>`.
    pub(super) page: Option<String>,
    /// The name of the site.
    pub(super) site: Option<String>,
}

/// The metadata so far. Of several values of a field, the one with the highest rank wins; rank 0 means no value.
#[derive(Debug, Default)]
pub(super) struct PageMetadata {
    metadata: Metadata,
    titles: Titles,
    cited_rank: u8,
    author_rank: u8,
    date_rank: u8,
    /// The date of the first `<time>`.
    time: Option<String>,
}

impl PageMetadata {
    /// Takes the content of `<title>`.
    pub(super) fn title(&mut self, text: &str) {
        let title = collapse_blanks(text);
        if !title.is_empty() {
            self.titles.page.get_or_insert(title);
        }
    }

    /// Takes a `<meta>`.
    pub(super) fn meta(&mut self, tag: &Tag) {
        let Some(name) = tag.attribute("name").or_else(|| tag.attribute("property")) else { return };
        let value = collapse_blanks(tag.attribute("content").unwrap_or_default());
        if value.is_empty() {
            return;
        }
        match name.trim().to_ascii_lowercase().as_str() {
            "citation_title" => set(&mut self.titles.cited, &mut self.cited_rank, 2, value),
            "dc.title" | "dcterms.title" => set(&mut self.titles.cited, &mut self.cited_rank, 1, value),
            "og:title" => drop(self.titles.shared.get_or_insert(value)),
            "og:site_name" | "sitename" | "application-name" => drop(self.titles.site.get_or_insert(value)),
            "citation_author" => self.author(3, value),
            "dc.creator" | "dcterms.creator" => self.author(2, value),
            "author" => self.author(1, value),
            "citation_publication_date" | "citation_date" => self.date(4, value),
            "article:published_time" | "dc.date.issued" | "dcterms.issued" => self.date(3, value),
            "dc.date" | "dcterms.date" => self.date(2, value),
            "date" | "pubdate" | "publishdate" | "publish_date" => self.date(1, value),
            "keywords" | "news_keywords" | "citation_keywords" | "dc.subject" => self.keywords(&value),
            _ => {}
        }
    }

    /// Takes the date of a `<time>`.
    pub(super) fn time(&mut self, tag: &Tag) {
        let date = || tag.attribute("datetime").and_then(dates::find).map(|(_, date)| date);
        self.time = self.time.take().or_else(date);
    }

    /// Returns the metadata of a page, given the blocks of its article and the lines around its title.
    pub(super) fn finish<'l>(self, article: &[Block], lines: impl Iterator<Item = &'l str> + Clone) -> Metadata {
        let Metadata { authors, date, keywords, .. } = self.metadata;
        let is_site = |name: &String| self.titles.site.as_ref() == Some(name);
        let authors = authors.iter().filter(|name| !is_site(name)).filter_map(|name| plausible_author(name)).collect();
        let told = date.as_deref().map(|date| dates::find(date).map_or_else(|| date.to_owned(), |(_, date)| date));
        // What a reader sees is the day of the article; the plainest of the tags may be that of the page.
        let seen = || dates::published(lines).or(self.time);
        let date = if self.date_rank > 1 { told } else { seen().or(told) };
        Metadata { title: title::choose(self.titles, article), authors, date, keywords, made: None }
    }

    fn author(&mut self, rank: u8, name: String) {
        if rank > self.author_rank {
            self.metadata.authors.clear();
            self.author_rank = rank;
        }
        if rank == self.author_rank {
            push_new(&mut self.metadata.authors, name);
        }
    }

    fn date(&mut self, rank: u8, date: String) {
        set(&mut self.metadata.date, &mut self.date_rank, rank, date);
    }

    fn keywords(&mut self, list: &str) {
        for keyword in split_keywords(list) {
            push_new(&mut self.metadata.keywords, keyword);
        }
    }
}

/// Adds a name that is not in the list yet, up to [`MOST_NAMES`]: some pages list thousands of keywords.
fn push_new(names: &mut Vec<String>, name: String) {
    if names.len() < MOST_NAMES && !names.contains(&name) {
        names.push(name);
    }
}

fn set(place: &mut Option<String>, best: &mut u8, rank: u8, value: String) {
    if rank > *best && !value.is_empty() {
        *place = Some(value);
        *best = rank;
    }
}
