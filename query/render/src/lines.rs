//! JSON Lines with the face that all formats have: the records are those of `json`.

use std::io::{self, Write};

use svod_query::{Answer, ArticleEntry, ConcordanceLine, Counts, Hit, Index, Outline, Shown, Status, Timeline};

use crate::json;
use crate::writer::AnswerWriter;

/// Writes JSON Lines, version 1: a line for each thing, then a summary. [`lines_schema`](crate::lines_schema) has the fields.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    index: &'w Index,
    number: usize,
    query: String,
    returned: usize,
}

impl<'w> Json<'w> {
    /// Returns a writer of what an index answers.
    pub fn new(out: &'w mut dyn Write, index: &'w Index) -> Json<'w> {
        Json { out, index, number: 0, query: String::new(), returned: 0 }
    }

    /// Sets the number of what was asked, the field `query` of every line: 0 if it is not set.
    #[must_use]
    pub fn number(self, number: usize) -> Json<'w> {
        Json { number, ..self }
    }

    /// Writes the groups of a count, and a summary.
    ///
    /// # Errors
    /// If the output cannot be written; so with all methods.
    pub fn counts(&mut self, query: &str, counts: &Counts) -> io::Result<()> {
        json::write_counts(self.out, self.number, query, self.index, counts)
    }

    /// Writes the years of a timeline, what has no date, and a summary.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        json::write_timeline(self.out, self.number, self.index, timeline)
    }

    /// Writes the matches of a concordance, and a summary, in which `total` and `returned` count passages.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn concordance(&mut self, query: &str, answer: &Answer, lines: &[ConcordanceLine<'_>]) -> io::Result<()> {
        json::write_concordance(self.out, self.number, query, self.index, answer, lines)
    }

    /// Writes a passage as a hit, then its article and the sections of it.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn shown(&mut self, shown: &Shown) -> io::Result<()> {
        json::write_shown(self.out, self.number, shown)
    }

    /// Writes an article, then its sections.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn outline(&mut self, outline: &Outline) -> io::Result<()> {
        json::write_outline(self.out, self.number, outline)
    }

    /// Writes the articles of an index.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn articles(&mut self, articles: &[ArticleEntry]) -> io::Result<()> {
        json::write_articles(self.out, self.number, articles)
    }

    /// Writes what an index holds.
    ///
    /// # Errors
    /// As [`Json::counts`].
    pub fn status(&mut self, status: &Status) -> io::Result<()> {
        json::write_status(self.out, self.number, status)
    }
}

/// Hits in their order, then a summary of as many as were written.
impl AnswerWriter for Json<'_> {
    fn begin(&mut self, query: &str, _: &Answer) -> io::Result<()> {
        query.clone_into(&mut self.query);
        self.returned = 0;
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.returned += 1;
        json::write_hit(self.out, self.number, hit)
    }

    fn end(&mut self, answer: &Answer) -> io::Result<()> {
        json::write_summary(self.out, self.number, &self.query, self.index, answer, self.returned)
    }
}
