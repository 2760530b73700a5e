//! Answers in the format that was asked for.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use svod_query::{Answer, ArticleEntry, Request, Shown};
use svod_render::{AnswerWriter, Csv, Extent, Html, Json, Markdown, Text, Vimgrep};

use super::Session;
use crate::arguments::Format;
use crate::error::CliError;

/// Names a page that holds the answers to many queries.
const MANY_QUERIES: &str = "svod";

impl Session<'_> {
    pub(crate) fn text<'w>(&'w self, out: &'w mut dyn Write) -> Text<'w> {
        Text::new(out, &self.layout).paths(&self.paths)
    }

    /// `number` counts the queries from 0.
    pub(crate) fn json<'w>(&'w self, out: &'w mut dyn Write, number: usize) -> Json<'w> {
        Json::new(out, self.index).number(number)
    }

    pub(crate) fn csv<'w>(&self, out: &'w mut dyn Write) -> Csv<'w> {
        Csv::new(out).paths(&self.paths)
    }

    /// Returns what writes hits in the format that was asked for.
    fn writer<'w>(&'w self, out: &'w mut dyn Write, number: usize) -> Box<dyn AnswerWriter + 'w> {
        let (extent, paths) = (self.extent(), &self.paths);
        match self.arguments.format() {
            Format::Text => Box::new(self.text(out).extent(extent)),
            Format::Json => Box::new(self.json(out, number)),
            Format::Csv => Box::new(self.csv(out).extent(extent)),
            Format::Markdown => Box::new(Markdown::new(out).paths(paths).extent(extent)),
            Format::Html => Box::new(Html::new(out).paths(paths).extent(extent)),
            Format::Vimgrep => Box::new(Vimgrep::new(out, &read).paths(paths)),
        }
    }

    /// Writes what stands before all answers. `query` is the only one, if there is only one.
    pub(crate) fn write_start(&self, out: &mut dyn Write, query: Option<&str>) -> io::Result<()> {
        // Counts are tables of their own.
        if self.arguments.counting.asks() {
            return Ok(());
        }
        self.writer(out, 0).open(query.unwrap_or(MANY_QUERIES))
    }

    /// Writes what stands before the answer to one of many queries, counted from 0.
    pub(crate) fn write_between(&self, out: &mut dyn Write, number: usize, query: &str) -> io::Result<()> {
        match self.arguments.format() {
            Format::Text => writeln!(out, "{}== {}", if number > 0 { "\n" } else { "" }, svod_query::printable(query)),
            Format::Markdown if number > 0 => writeln!(out),
            _ => Ok(()),
        }
    }

    /// Searches and writes each hit as it is read, in formats that do not put hits together. Returns how many there were;
    /// `None` in other formats.
    pub(crate) fn write_each(
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
        let mut hits = self.index.hits(request)?;
        let mut returned = 0;
        let mut writer = self.writer(out, number);
        writer.begin(&request.query, hits.answer())?;
        for hit in &mut hits {
            writer.hit(&hit?)?;
            returned += 1;
        }
        writer.end(hits.answer())?;
        drop(writer);
        if format == Format::Csv {
            self.write_remarks(out, &request.query, hits.answer(), returned, stderr)?;
        }
        Ok(Some(returned))
    }

    /// Writes the answer to a query in a format that puts hits together.
    pub(crate) fn write_answer(&self, out: &mut dyn Write, query: &str, answer: &Answer) -> io::Result<()> {
        if self.arguments.explain && self.arguments.format() == Format::Text {
            self.text(out).terms(answer)?;
        }
        self.writer(out, 0).answer(query, answer)
    }

    /// Writes what stands after all answers.
    pub(crate) fn write_end(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.arguments.counting.asks() { Ok(()) } else { self.writer(out, 0).close() }
    }

    /// Writes the articles of the index.
    pub(crate) fn write_articles(&self, out: &mut dyn Write, articles: &[ArticleEntry]) -> Result<(), CliError> {
        match self.arguments.format() {
            Format::Json => self.json(out, 0).articles(articles)?,
            Format::Text => self.text(out).articles(articles)?,
            Format::Csv => self.csv(out).articles(articles)?,
            _ => return Err(self.no_format("the list of articles")),
        }
        Ok(())
    }

    /// Writes a passage that was asked for by its id.
    pub(crate) fn write_shown(&self, out: &mut dyn Write, shown: &Shown) -> Result<(), CliError> {
        match self.arguments.format() {
            Format::Json => self.json(out, 0).shown(shown)?,
            Format::Text => self.text(out).shown(shown)?,
            Format::Markdown => Markdown::new(out).paths(&self.paths).shown(shown)?,
            Format::Html => Html::new(out).paths(&self.paths).shown(shown)?,
            _ => return Err(self.no_format("a passage")),
        }
        Ok(())
    }

    /// Returns that something is not printed in the format that was asked for.
    pub(crate) fn no_format(&self, what: &'static str) -> CliError {
        CliError::NoFormat { what, format: self.arguments.format().name() }
    }

    fn extent(&self) -> Extent {
        let reads_around = [self.before(), self.after()].into_iter().any(|passages| passages > 0);
        if self.arguments.full || reads_around { Extent::Whole } else { Extent::Snippet }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}
