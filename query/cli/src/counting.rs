//! Options that look at all matches rather than read some: counts, timelines,
//! concordances.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use svod_query::{By, ConcordanceOrder, Copies, Counts, Request, Timeline, Words, concordance};
use svod_render::{Remarks, Svg};

use super::CliError;
use super::arguments::Format;
use super::session::{Session, query};

const HEADING: &str = "Look rather than read (passages with all of the words)";
/// So many passages are read for a concordance, unless `--limit` says otherwise.
const KWIC_PASSAGES: usize = 200;
/// Columns of text on either side of a match where no line ends it.
const KWIC_COLUMNS: usize = 100;

/// What is asked for instead of hits.
#[derive(Debug, Args)]
pub(super) struct Counting {
    /// Count the passages that match by year, language, author, journal, kind or section
    #[arg(long, value_name = "BY", group = "counting", help_heading = HEADING)]
    count_by: Option<ByOption>,
    /// Count the passages that match of each article: path:count
    #[arg(long, short = 'c', group = "counting", help_heading = HEADING)]
    count: bool,
    /// Print only the paths of the articles with matches
    #[arg(long, short = 'l', visible_alias = "paths", group = "counting", help_heading = HEADING)]
    files_with_matches: bool,
    /// Count the passages with each TERM year by year; a TERM is a query
    #[arg(
        long, value_name = "TERM", num_args = 1.., group = "counting", conflicts_with_all = ["query", "queries"],
        help_heading = HEADING
    )]
    timeline: Vec<String>,
    /// With --timeline: write a line chart to FILE, or to standard output with -
    #[arg(long, value_name = "FILE", requires = "timeline", conflicts_with = "query", help_heading = HEADING)]
    svg: Option<PathBuf>,
    /// Show every match on a line of its own, in the order of the hits or sorted: --kwic=right
    #[arg(
        long, value_name = "ORDER", num_args = 0..=1, require_equals = true, default_missing_value = "hits",
        group = "counting", help_heading = HEADING
    )]
    kwic: Option<KwicOption>,
}

/// What passages are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ByOption {
    Year,
    Language,
    Author,
    Journal,
    Kind,
    Section,
}

/// The order of a concordance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KwicOption {
    /// As the hits come
    Hits,
    /// By what stands before the match, reading outward
    Left,
    /// By what stands after the match
    Right,
    /// By the date of the article, oldest first
    Date,
}

impl Counting {
    /// Returns whether a timeline is asked for, which needs no query.
    pub(super) fn asks_for_timeline(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// Returns whether anything is asked for instead of hits.
    pub(super) fn asks(&self) -> bool {
        self.asks_for_timeline() || self.by().is_some() || self.kwic.is_some()
    }

    fn by(&self) -> Option<By> {
        let by = |by| match by {
            ByOption::Year => By::Year,
            ByOption::Language => By::Language,
            ByOption::Author => By::Author,
            ByOption::Journal => By::Journal,
            ByOption::Kind => By::Kind,
            ByOption::Section => By::Section,
        };
        self.count_by.map(by).or((self.count || self.files_with_matches).then_some(By::Article))
    }

    fn order(&self) -> Option<ConcordanceOrder> {
        self.kwic.map(|order| match order {
            KwicOption::Hits => ConcordanceOrder::Hits,
            KwicOption::Left => ConcordanceOrder::Left,
            KwicOption::Right => ConcordanceOrder::Right,
            KwicOption::Date => ConcordanceOrder::Date,
        })
    }
}

impl Session<'_> {
    /// Looks at the matches of a query as was asked for, and returns whether there were any; none if hits were asked for.
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
