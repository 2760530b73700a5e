//! All matches looked at, rather than some read: counts, timelines, concordances.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::Path;

use svod_query::{ConcordanceOrder, Copies, Counts, Request, Timeline, Words, concordance};
use svod_render::{Remarks, Svg};

use super::{Session, query};
use crate::arguments::Format;
use crate::arguments::counting::Counting;
use crate::error::CliError;

/// The passages that are read for a concordance, unless `--limit` says otherwise.
const KWIC_PASSAGES: usize = 200;
/// Columns of text on either side of a match where no line ends it.
const KWIC_COLUMNS: usize = 100;

impl Session<'_> {
    /// Prints a count, a concordance or the like, and returns whether there were matches; `None` if hits are asked for.
    pub(super) fn look(
        &self,
        number: usize,
        query: &str,
        out: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> Result<Option<bool>, CliError> {
        let counting = &self.arguments.counting;
        if let Some(order) = counting.order() {
            return self.kwic(number, query, order, out, stderr).map(Some);
        }
        let Some(by) = counting.by() else { return Ok(None) };
        let counts = self.index.count(&self.request_for_all(query), by)?;
        match self.arguments.format() {
            Format::Json => self.json(out, number).counts(query, &counts)?,
            Format::Csv => self.csv(out).counts(&counts)?,
            Format::Text => {
                self.write_counts(out, &counts)?;
                out.flush()?;
                self.write_count_remarks(query, &counts, stderr)?;
            }
            _ => return Err(self.no_format("a count")),
        }
        Ok(Some(counts.passages > 0))
    }

    fn write_counts(&self, out: &mut dyn Write, counts: &Counts) -> Result<(), CliError> {
        let most = self.arguments.limit.and_then(NonZeroUsize::new);
        let mut text = self.text(out);
        Ok(match &self.arguments.counting {
            Counting { count: true, .. } => text.path_counts(counts),
            Counting { files_with_matches: true, .. } => text.matching_paths(counts),
            _ => text.counts(counts, most),
        }?)
    }

    /// Where nothing was counted, a search says why.
    fn write_count_remarks(&self, query: &str, counts: &Counts, stderr: &mut dyn Write) -> Result<(), CliError> {
        let mut remarks = Vec::new();
        if counts.passages > 0 {
            Remarks::new(&mut remarks).counts(query, counts)?;
        } else {
            let mut answer = self.index.search(&self.request_for_all(query))?;
            answer.hits.clear();
            answer.relaxed = None;
            Remarks::new(&mut remarks).answer(query, &answer, 0)?;
        }
        Ok(stderr.write_all(&remarks)?)
    }

    fn kwic(
        &self,
        number: usize,
        query: &str,
        order: ConcordanceOrder,
        out: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> Result<bool, CliError> {
        let mut request = self.request_for_all(query);
        request.words = Words::Whole;
        request.limit = NonZeroUsize::new(self.arguments.limit.unwrap_or(KWIC_PASSAGES));
        let answer = self.index.search(&request)?;
        let format = self.arguments.format();
        let columns = if format == Format::Text { self.layout.columns } else { KWIC_COLUMNS };
        let lines = concordance(&answer.hits, order, columns);
        match format {
            Format::Json => self.json(out, number).concordance(query, &answer, &lines)?,
            Format::Csv => self.csv(out).concordance(&lines)?,
            Format::Text => {
                self.text(out).concordance(&lines)?;
                out.flush()?;
                let mut remarks = Vec::new();
                Remarks::new(&mut remarks).concordance(query, &answer, &lines)?;
                stderr.write_all(&remarks)?;
            }
            _ => return Err(self.no_format("a concordance")),
        }
        Ok(!answer.hits.is_empty())
    }

    /// Prints the timeline of the terms and returns whether any was found.
    pub(super) fn timeline(&self, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<bool, CliError> {
        let Counting { timeline: terms, svg, .. } = &self.arguments.counting;
        let request = |term| self.request_for_all(&query(std::slice::from_ref(term), &self.arguments.not));
        let timeline = self.index.timeline(&terms.iter().map(request).collect::<Vec<Request>>())?;
        match svg.as_deref() {
            Some(path) if path == Path::new("-") => Svg::new(out).timeline(&timeline)?,
            path => {
                path.map(|path| write_svg(path, &timeline)).transpose()?;
                self.write_timeline(out, &timeline)?;
            }
        }
        out.flush()?;
        if self.arguments.format() == Format::Text {
            let mut remarks = Vec::new();
            Remarks::new(&mut remarks).timeline(&timeline)?;
            stderr.write_all(&remarks)?;
        }
        Ok(timeline.terms.iter().any(|term| term.passages > 0))
    }

    fn write_timeline(&self, out: &mut dyn Write, timeline: &Timeline) -> Result<(), CliError> {
        match self.arguments.format() {
            Format::Json => self.json(out, 0).timeline(timeline)?,
            Format::Csv => self.csv(out).timeline(timeline)?,
            Format::Text => self.text(out).timeline(timeline)?,
            _ => return Err(self.no_format("a timeline")),
        }
        Ok(())
    }

    /// Returns the request for all passages with all of the words.
    fn request_for_all(&self, query: &str) -> Request {
        let mut request = self.request(query);
        request.words = Words::All;
        request.per_article = self.arguments.per_article.and_then(NonZeroUsize::new);
        request.copies = if self.arguments.copies.is_some() { request.copies } else { Copies::Show };
        request.more = false;
        request.deadline = self.deadline(None);
        request
    }
}

fn write_svg(path: &Path, timeline: &Timeline) -> Result<(), CliError> {
    let failed = |source| CliError::Svg { path: path.to_owned(), source };
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    Svg::new(&mut file).timeline(timeline).and_then(|()| file.flush()).map_err(failed)
}
