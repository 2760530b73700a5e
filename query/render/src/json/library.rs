//! Articles, their sections, and single passages: a line each.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{ArticleEntry, Language, Outline, OutlineEntry, Shown};

use super::parts::{AppearedPart, Lines, Place, appeared_part, ends};
use super::{Json, Line, Numbered, Versioned, write_line};
use crate::choice::Choice;

#[derive(Serialize, JsonSchema)]
pub(super) struct ArticlePart<'a> {
    #[serde(flatten)]
    place: Place,
    /// The title of the article; empty if it has none.
    title: &'a str,
    /// The authors of the article, in its order.
    authors: &'a [String],
    /// The date of the article: a year, a year and a month, or a day: `2025`, `2025-03`, `2025-03-14`; null if it tells
    /// none.
    date: Option<String>,
    /// The keywords of the article, in its order.
    keywords: &'a [String],
    /// Where the article appeared.
    appeared: AppearedPart<'a>,
    /// The language of most of its passages.
    #[schemars(with = "Choice<Language>")]
    language: &'static str,
    /// The number of its passages.
    passages: u64,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct SectionPart<'a> {
    /// How many sections it lies in.
    depth: usize,
    /// Its heading.
    heading: &'a str,
    /// The lines of its first passage; null where a file has no lines.
    lines: Option<Lines>,
    /// The page that it begins on, where the file tells pages.
    page: Option<u32>,
    /// The number of its passages, those of the sections in it included.
    passages: u64,
}

impl Json<'_> {
    /// Writes the articles of an index.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn articles(&mut self, articles: &[ArticleEntry]) -> io::Result<()> {
        articles.iter().try_for_each(|article| self.article(article))
    }

    /// Writes an article, then its sections.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn outline(&mut self, outline: &Outline) -> io::Result<()> {
        self.article(&outline.article)?;
        outline.sections.iter().try_for_each(|section| self.section(section))
    }

    /// Writes a passage as a hit, then its article and the sections of it.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn shown(&mut self, shown: &Shown) -> io::Result<()> {
        self.passage(&shown.hit)?;
        self.outline(&shown.outline)
    }

    fn article(&mut self, article: &ArticleEntry) -> io::Result<()> {
        let part = ArticlePart {
            place: Place::of(article.root.as_deref(), &article.path),
            title: &article.title,
            authors: &article.authors,
            date: article.date.map(|date| date.to_string()),
            keywords: &article.keywords,
            appeared: appeared_part(&article.appeared),
            language: article.language.code(),
            passages: article.passages,
        };
        write_line(self.out, Line::Article(Versioned::new(self.number, part)))
    }

    fn section(&mut self, section: &OutlineEntry) -> io::Result<()> {
        let part = SectionPart {
            depth: section.depth,
            heading: &section.heading,
            lines: ends(&section.lines),
            page: section.page,
            passages: section.passages,
        };
        write_line(self.out, Line::Section(Numbered::new(self.number, part)))
    }
}
