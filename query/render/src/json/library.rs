//! Articles, their sections, and single passages: a line each.

use std::io::{self, Write};

use serde::Serialize;
use svod_query::{ArticleEntry, Outline, OutlineEntry, Shown};

use super::{AppearedPart, VERSION, appeared_part, ends, hit_line, path_b64, shown_root, slashed, write_line};

#[derive(Serialize)]
struct ArticleLine<'a> {
    r#type: &'static str,
    version: u32,
    query: usize,
    root: Option<String>,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_b64: Option<String>,
    title: &'a str,
    authors: &'a [String],
    date: Option<String>,
    keywords: &'a [String],
    appeared: AppearedPart<'a>,
    language: &'static str,
    passages: u64,
}

#[derive(Serialize)]
struct SectionLine<'a> {
    r#type: &'static str,
    query: usize,
    depth: usize,
    heading: &'a str,
    lines: Option<[u32; 2]>,
    page: Option<u32>,
    passages: u64,
}

/// Writes the articles of an index, a line each. `query` numbers what was asked from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_articles(out: &mut dyn Write, query: usize, articles: &[ArticleEntry]) -> io::Result<()> {
    articles.iter().try_for_each(|article| write_article(out, query, article))
}

/// Writes an article, then its sections, a line each. `query` numbers what was asked from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_outline(out: &mut dyn Write, query: usize, outline: &Outline) -> io::Result<()> {
    write_article(out, query, &outline.article)?;
    outline.sections.iter().try_for_each(|section| write_section(out, query, section))
}

/// Writes a passage as a hit, then its article and the sections of it, a line each. `query` numbers what was asked
/// from 0.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_shown(out: &mut dyn Write, query: usize, shown: &Shown) -> io::Result<()> {
    write_line(out, &hit_line(Some(query), &shown.hit))?;
    write_outline(out, query, &shown.outline)
}

fn write_article(out: &mut dyn Write, query: usize, article: &ArticleEntry) -> io::Result<()> {
    let line = ArticleLine {
        r#type: "article",
        version: VERSION,
        query,
        root: shown_root(article.root.as_deref()),
        path: slashed(&article.path),
        path_b64: path_b64(&article.path),
        title: &article.title,
        authors: &article.authors,
        date: article.date.map(|date| date.to_string()),
        keywords: &article.keywords,
        appeared: appeared_part(&article.appeared),
        language: article.language.code(),
        passages: article.passages,
    };
    write_line(out, &line)
}

fn write_section(out: &mut dyn Write, query: usize, section: &OutlineEntry) -> io::Result<()> {
    let line = SectionLine {
        r#type: "section",
        query,
        depth: section.depth,
        heading: &section.heading,
        lines: ends(&section.lines),
        page: section.page,
        passages: section.passages,
    };
    write_line(out, &line)
}
