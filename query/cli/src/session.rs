//! One run of the program: what was asked for is read and printed.

mod citing;
mod counting;
mod lines;
mod pager;
mod printing;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::Path;
#[cfg(feature = "screen")]
use std::path::PathBuf;
use std::time::Duration;

use clap::ColorChoice;
use svod_query::{Answer, Check, Copies, Index, MOST_AROUND, Mode, Notes, PATIENCE, PassageId, Request, Sort, Words};
use svod_render::{Layout, Paths, Remarks};

use self::citing::Citer;
use crate::arguments::{Arguments, CopiesOption, Format, SortOption};
use crate::error::{CliError, FOUND, NOTHING_FOUND};
#[cfg(feature = "screen")]
use crate::screen;
use crate::terminal;

/// Hits, unless another number is asked for.
const LIMIT: usize = 10;
/// Hits of one article on a terminal.
const PER_ARTICLE: usize = 3;
/// Lines of a snippet on a terminal.
const SNIPPET_LINES: usize = 3;
/// The length of a snippet in a report.
const REPORT_COLUMNS: usize = 400;
/// The passages that are shown on either side of one that was asked for by its id.
const AROUND: usize = 2;

/// One run.
pub(super) struct Session<'s> {
    pub(super) arguments: &'s Arguments,
    /// The indexes that were named, each by itself.
    pub(super) indexes: &'s [Index],
    /// All of them as one.
    pub(super) index: &'s Index,
    pub(super) layout: Layout,
    pub(super) paths: Paths,
    /// The current folder.
    #[cfg(feature = "screen")]
    pub(super) here: Option<PathBuf>,
}

impl Session<'_> {
    /// Does what was asked for and returns the exit code.
    pub(super) fn run(&self, checks: Vec<Check>, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        if self.arguments.queries.is_some() || self.arguments.requests.is_some() {
            return self.answer_lines(out, stderr);
        }
        let lines = match self.arguments.paging {
            ColorChoice::Always => Some(0),
            ColorChoice::Auto => terminal::screen_lines(),
            ColorChoice::Never => None,
        };
        let Some(lines) = lines else { return self.print(checks, out, stderr) };
        let mut text = Vec::new();
        let mut remarks = Vec::new();
        let code = self.print(checks, &mut text, &mut remarks)?;
        if text.iter().filter(|&&byte| byte == b'\n').count() < lines {
            out.write_all(&text)?;
        } else {
            pager::show(&text, out)?;
        }
        out.flush()?;
        stderr.write_all(&remarks)?;
        Ok(code)
    }

    /// Searches as the user types, and returns the exit code.
    #[cfg(feature = "screen")]
    pub(super) fn search_as_you_type(&self) -> Result<u8, CliError> {
        let mut request = self.request("");
        request.deadline = self.deadline(Some(PATIENCE));
        let (paint, here) = (self.layout.paint, self.here.clone());
        let ended = screen::run(self.index, screen::ScreenOptions { request, paint, here });
        Ok(match ended.map_err(CliError::Screen)? {
            screen::Ended::Left => FOUND,
            screen::Ended::Interrupted => screen::INTERRUPTED,
        })
    }

    /// Without the feature `screen` a query is required.
    #[cfg(not(feature = "screen"))]
    pub(super) fn search_as_you_type(&self) -> Result<u8, CliError> {
        Err(CliError::NoQuery)
    }

    fn print(&self, checks: Vec<Check>, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let arguments = self.arguments;
        if let Some(citer) = Citer::of(&arguments.citing)? {
            return self.cite(&citer, out, stderr);
        }
        if arguments.status {
            self.status(checks, out)?;
        } else if arguments.list {
            self.list(out)?;
        } else if let Some(path) = &arguments.outline {
            self.outline(path, out)?;
        } else if let Some(id) = arguments.show {
            return self.show(id, out, stderr);
        } else if arguments.counting.asks_for_timeline() {
            return Ok(if self.timeline(out, stderr)? { FOUND } else { NOTHING_FOUND });
        } else {
            let query = query(&arguments.query, &arguments.not);
            self.write_start(out, Some(&query))?;
            let is_found = self.answer(0, &query, out, stderr)?;
            self.write_end(out)?;
            return Ok(if is_found { FOUND } else { NOTHING_FOUND });
        }
        Ok(FOUND)
    }

    /// Prints what each of the indexes holds.
    fn status(&self, checks: Vec<Check>, out: &mut dyn Write) -> Result<(), CliError> {
        let mut checks = checks.into_iter();
        for (number, index) in self.indexes.iter().enumerate() {
            let mut status = index.status()?;
            status.checked = checks.next();
            match self.arguments.format() {
                Format::Json => self.json(out, 0).status(&status)?,
                Format::Text => {
                    if number > 0 {
                        writeln!(out)?;
                    }
                    self.text(out).status(&status)?;
                }
                _ => return Err(self.no_format("the status")),
            }
        }
        Ok(())
    }

    fn list(&self, out: &mut dyn Write) -> Result<(), CliError> {
        self.write_articles(out, &self.index.articles()?)
    }

    /// Prints the sections of an article, named by its path below the root or from the current folder.
    fn outline(&self, path: &Path, out: &mut dyn Write) -> Result<(), CliError> {
        let whole = path.canonicalize().ok();
        let outline = match whole.map(|whole| self.index.outline(&whole)).transpose()?.flatten() {
            Some(outline) => Some(outline),
            None => self.index.outline(path)?,
        };
        let outline = outline.ok_or_else(|| CliError::NoArticle(path.to_owned()))?;
        match self.arguments.format() {
            Format::Json => self.json(out, 0).outline(&outline)?,
            Format::Text => self.text(out).outline(&outline)?,
            _ => return Err(self.no_format("an outline")),
        }
        Ok(())
    }

    fn show(&self, id: PassageId, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let around = self.arguments.context.unwrap_or(AROUND);
        if around > MOST_AROUND {
            writeln!(stderr, "warning: no more than {MOST_AROUND} passages are read before and after it")?;
        }
        let Some(shown) = self.index.show(id, around)? else {
            writeln!(stderr, "no passage has the id {id}")?;
            return Ok(NOTHING_FOUND);
        };
        self.write_shown(out, &shown)?;
        Ok(FOUND)
    }

    /// Answers one query and returns whether anything was found.
    pub(super) fn answer(
        &self,
        number: usize,
        query: &str,
        out: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> Result<bool, CliError> {
        if let Some(is_found) = self.look(number, query, out, stderr)? {
            return Ok(is_found);
        }
        let request = self.request(query);
        if let Some(returned) = self.write_each(out, number, &request, stderr)? {
            return Ok(returned > 0);
        }
        let answer = self.index.search(&request)?;
        self.write_answer(out, query, &answer)?;
        self.write_remarks(out, query, &answer, answer.hits.len(), stderr)?;
        Ok(!answer.hits.is_empty())
    }

    /// Says beside the hits what was found.
    pub(super) fn write_remarks(
        &self,
        out: &mut dyn Write,
        query: &str,
        answer: &Answer,
        returned: usize,
        stderr: &mut dyn Write,
    ) -> Result<(), CliError> {
        out.flush()?;
        let mut remarks = Vec::new();
        Remarks::new(&mut remarks).answer(query, answer, returned)?;
        Ok(stderr.write_all(&remarks)?)
    }

    /// Returns how long a search may take; without an option as long as this.
    pub(super) fn deadline(&self, usual: Option<Duration>) -> Option<Duration> {
        self.arguments.timeout.map_or(usual, |timeout| Some(timeout).filter(|timeout| !timeout.is_zero()))
    }

    pub(super) fn before(&self) -> usize {
        self.arguments.before.or(self.arguments.context).unwrap_or(0)
    }

    pub(super) fn after(&self) -> usize {
        self.arguments.after.or(self.arguments.context).unwrap_or(0)
    }

    pub(super) fn request(&self, query: &str) -> Request {
        let Arguments { literal, exact, fragment, limit, per_article, .. } = self.arguments;
        let is_for_people = self.arguments.format().is_for_people();
        let mut request = Request::new(query);
        request.mode = match (literal, exact, fragment) {
            (true, ..) => Mode::Literal,
            (_, true, _) => Mode::Exact,
            (.., true) => Mode::Fragment,
            _ => Mode::Query,
        };
        request.filter.clone_from(&self.arguments.filter);
        request.sort = match self.arguments.sort {
            SortOption::Score => Sort::Score,
            SortOption::Date => Sort::Newest,
            SortOption::Oldest => Sort::Oldest,
            SortOption::Path => Sort::Path,
        };
        // What has one of the words is hardly a match, and only ranking puts it last.
        let is_ranked = self.arguments.sort == SortOption::Score;
        request.words = if self.arguments.all || !is_ranked { Words::All } else { Words::Any };
        request.limit = NonZeroUsize::new(limit.unwrap_or(LIMIT));
        request.per_article = NonZeroUsize::new(per_article.unwrap_or(if is_for_people { PER_ARTICLE } else { 0 }));
        request.copies = match self.arguments.copies {
            Some(CopiesOption::Fold) => Copies::Fold,
            Some(CopiesOption::Show) => Copies::Show,
            None if is_for_people => Copies::Fold,
            None => Copies::Show,
        };
        let is_best = request.limit.is_some() && request.sort == Sort::Score;
        request.deadline = self.deadline(is_best.then_some(PATIENCE));
        request.help = is_for_people;
        request.more = is_for_people;
        request.explain = self.arguments.explain;
        (request.before, request.after) = (self.before(), self.after());
        if self.arguments.notes {
            request.notes = Notes::Read;
        }
        match self.arguments.format() {
            Format::Text => request.snippet_columns = SNIPPET_LINES * self.layout.columns.saturating_sub(8).max(20),
            Format::Markdown | Format::Html => request.snippet_columns = REPORT_COLUMNS,
            Format::Json | Format::Csv | Format::Vimgrep => {}
        }
        request
    }
}

/// Joins the words of a query by blanks; `--not` words are excluded.
pub(super) fn query(words: &[String], excluded: &[String]) -> String {
    let excluded = excluded.iter().map(|word| format!("-\"{}\"", word.replace('"', " ")));
    words.iter().cloned().chain(excluded).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_exclusions_become_one_query() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(query(&words(&["乌克兰", "停火"]), &[]), "乌克兰 停火");
        assert_eq!(query(&words(&["мир"]), &words(&["war"])), "мир -\"war\"");
    }
}
