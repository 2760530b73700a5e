//! Answers in the format that was asked for.

use std::fs;
use std::io::{self, Write};

use svod_query::{Answer, ArticleEntry, Request, Shown};
use svod_render::Extent;

use super::CliError;
use super::arguments::Format;
use super::session::Session;

/// Names a page that holds the answers to many queries.
const MANY_QUERIES: &str = "svod";

impl Session<'_> {
    /// Writes what stands before all answers. `query` is the only one, if there is only one.
    pub(super) fn write_start(&self, out: &mut dyn Write, query: Option<&str>) -> io::Result<()> {
        match self.arguments.format() {
            // Counts are tables of their own.
            _ if self.arguments.counting.asks() => Ok(()),
            Format::Csv => svod_render::write_csv_heading(out),
            Format::Html => svod_render::write_html_start(out, query.unwrap_or(MANY_QUERIES)),
            Format::Text | Format::Json | Format::Markdown | Format::Vimgrep => Ok(()),
        }
    }

    /// Writes what stands before the answer to one of many queries, counted from 0.
    pub(super) fn write_between(&self, out: &mut dyn Write, number: usize, query: &str) -> io::Result<()> {
        match self.arguments.format() {
            Format::Text => writeln!(out, "{}== {}", if number > 0 { "\n" } else { "" }, svod_query::printable(query)),
            Format::Markdown if number > 0 => writeln!(out),
            _ => Ok(()),
        }
    }

    /// Searches and writes each hit as it is read, in formats that do not put hits together. Returns how many there were;
    /// none in other formats.
    pub(super) fn write_each(
        &self,
        out: &mut dyn Write,
        number: usize,
        request: &Request,
        stderr: &mut dyn Write,
    ) -> Result<Option<usize>, CliError> {
        let format = self.arguments.format();
        if !matches!(format, Format::Json | Format::Csv | Format::Vimgrep) {
            return Ok(None);
        }
        let (query, extent, mut returned) = (&request.query, self.extent(), 0);
        let mut sources = svod_render::Sources::new(&|path| fs::read(path));
        let mut hits = self.index.hits(request)?;
        for hit in &mut hits {
            let hit = hit?;
            returned += 1;
            match format {
                Format::Json => svod_render::write_hit_json(out, number, &hit)?,
                Format::Csv => self.with_paths(|paths| svod_render::write_csv_hit(out, query, &hit, extent, paths))?,
                _ => self.with_paths(|paths| svod_render::write_vimgrep_hit(out, &hit, paths, &mut sources))?,
            }
        }
        match format {
            Format::Json => svod_render::write_summary_json(out, number, query, self.index, hits.answer(), returned)?,
            Format::Csv => self.write_remarks(out, query, hits.answer(), returned, stderr)?,
            _ => {}
        }
        Ok(Some(returned))
    }

    /// Writes the answer to a query in a format that puts hits together.
    pub(super) fn write_answer(&self, out: &mut dyn Write, query: &str, answer: &Answer) -> io::Result<()> {
        let extent = self.extent();
        match self.arguments.format() {
            Format::Markdown => self.with_paths(|paths| svod_render::write_markdown(out, query, answer, extent, paths)),
            Format::Html => self.with_paths(|paths| svod_render::write_html(out, query, answer, extent, paths)),
            _ => self.write_text(out, answer),
        }
    }

    fn write_text(&self, out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
        if self.arguments.explain {
            svod_render::write_terms(out, answer)?;
        }
        self.with_paths(|paths| svod_render::write_text(out, &self.layout, answer, self.extent(), paths))
    }

    /// Writes what stands after all answers.
    pub(super) fn write_end(&self, out: &mut dyn Write) -> io::Result<()> {
        match self.arguments.format() {
            Format::Html if !self.arguments.counting.asks() => svod_render::write_html_end(out),
            _ => Ok(()),
        }
    }

    /// Writes the articles of the index.
    pub(super) fn write_articles(&self, out: &mut dyn Write, articles: &[ArticleEntry]) -> Result<(), CliError> {
        match self.arguments.format() {
            Format::Json => svod_render::write_articles_json(out, 0, articles)?,
            Format::Text => {
                self.with_paths(|paths| svod_render::write_articles_text(out, &self.layout, articles, paths))?
            }
            Format::Csv => self.with_paths(|paths| svod_render::write_articles_csv(out, articles, paths))?,
            _ => return Err(self.no_format("the list of articles")),
        }
        Ok(())
    }

    /// Writes a passage that was asked for by its id.
    pub(super) fn write_shown(&self, out: &mut dyn Write, shown: &Shown) -> Result<(), CliError> {
        match self.arguments.format() {
            Format::Json => svod_render::write_shown_json(out, 0, shown)?,
            Format::Text => self.with_paths(|paths| svod_render::write_shown_text(out, &self.layout, shown, paths))?,
            Format::Markdown => self.with_paths(|paths| svod_render::write_shown_markdown(out, shown, paths))?,
            Format::Html => self.with_paths(|paths| svod_render::write_shown_html(out, shown, paths))?,
            _ => return Err(self.no_format("a passage")),
        }
        Ok(())
    }

    /// Returns that something is not printed in the format that was asked for.
    pub(super) fn no_format(&self, what: &'static str) -> CliError {
        CliError::NoFormat { what, format: self.arguments.format().name() }
    }

    fn extent(&self) -> Extent {
        let reads_around = [self.before(), self.after()].into_iter().any(|passages| passages > 0);
        if self.arguments.full || reads_around { Extent::Whole } else { Extent::Snippet }
    }
}
