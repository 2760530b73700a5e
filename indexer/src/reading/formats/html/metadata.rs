//! The metadata of a page, from `<title>` and `<meta>`.

use svod_text::article::MOST_NAMES;

use super::tokens::Tag;
use crate::reading::formats::{Metadata, collapse_blanks, split_keywords};

/// The metadata so far. Of several values of a field, the one with the highest rank wins; rank 0 means no value.
#[derive(Debug, Default)]
pub(super) struct PageMetadata {
    metadata: Metadata,
    title_rank: u8,
    author_rank: u8,
    date_rank: u8,
}

impl PageMetadata {
    /// Takes the content of `<title>`.
    pub(super) fn title(&mut self, text: &str) {
        set(&mut self.metadata.title, &mut self.title_rank, 1, collapse_blanks(text));
    }

    /// Takes a `<meta>`.
    pub(super) fn meta(&mut self, tag: &Tag) {
        let Some(name) = tag.attribute("name").or_else(|| tag.attribute("property")) else { return };
        let value = collapse_blanks(tag.attribute("content").unwrap_or_default());
        if value.is_empty() {
            return;
        }
        // `citation_` tags of journals are about the article alone; `<title>` often names the site as well.
        match name.trim().to_ascii_lowercase().as_str() {
            "citation_title" => set(&mut self.metadata.title, &mut self.title_rank, 4, value),
            "dc.title" | "dcterms.title" => set(&mut self.metadata.title, &mut self.title_rank, 3, value),
            "og:title" => set(&mut self.metadata.title, &mut self.title_rank, 2, value),
            "citation_author" => self.author(3, value),
            "dc.creator" | "dcterms.creator" => self.author(2, value),
            "author" => self.author(1, value),
            "citation_publication_date" | "citation_date" => self.date(4, value),
            "article:published_time" | "dc.date.issued" | "dcterms.issued" => self.date(3, value),
            "dc.date" | "dcterms.date" => self.date(2, value),
            "date" | "pubdate" | "publishdate" => self.date(1, value),
            "keywords" | "news_keywords" | "citation_keywords" | "dc.subject" => self.keywords(&value),
            _ => {}
        }
    }

    /// Returns the metadata.
    pub(super) fn finish(self) -> Metadata {
        self.metadata
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
