//! One run of the program: what was asked for is read and printed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use svod_corpus::schema::PassageId;

use super::arguments::{Arguments, CopiesOption, Format, SortOption};
#[cfg(feature = "screen")]
use super::screen;
use super::{CliError, FOUND, NOTHING_FOUND, pager, terminal};
use crate::render::{self, Extent, Layout, Paths};
use crate::{Answer, Check, Copies, Index, Mode, Notes, Request, Sort, Status, Words};

/// Hits of one article on a terminal.
const PER_ARTICLE: usize = 3;
/// Lines of a snippet on a terminal.
const SNIPPET_LINES: usize = 3;
/// So many passages are shown on either side of one that was asked for by its id.
const AROUND: usize = 2;

/// One run.
pub(super) struct Session<'s> {
    pub(super) arguments: &'s Arguments,
    pub(super) index: &'s Index,
    pub(super) layout: Layout,
    /// The current folder.
    pub(super) here: Option<PathBuf>,
}

impl Session<'_> {
    /// Does what was asked for and returns the exit code.
    pub(super) fn run(
        &self,
        checked: Option<Check>,
        out: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> Result<u8, CliError> {
        if let Some(path) = &self.arguments.queries {
            self.answer_lines(path, out, stderr)?;
            return Ok(FOUND);
        }
        let lines = match self.arguments.paging {
            ColorChoice::Always => Some(0),
            ColorChoice::Auto => terminal::screen_lines(),
            ColorChoice::Never => None,
        };
        let Some(lines) = lines else { return self.print(checked, out, stderr) };
        let mut text = Vec::new();
        let mut remarks = Vec::new();
        let code = self.print(checked, &mut text, &mut remarks)?;
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
        let (request, paint, here) = (self.request(""), self.layout.paint, self.here.clone());
        let ended = screen::run(self.index, screen::ScreenOptions { request, paint, here });
        Ok(match ended.map_err(CliError::Screen)? {
            screen::Ended::Left => FOUND,
            screen::Ended::Interrupted => screen::INTERRUPTED,
        })
    }

    /// Returns that nothing was asked for: there is no screen to ask on.
    #[cfg(not(feature = "screen"))]
    pub(super) fn search_as_you_type(&self) -> Result<u8, CliError> {
        Err(CliError::NoQuery)
    }

    fn print(&self, checked: Option<Check>, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let arguments = self.arguments;
        if arguments.status {
            self.status(checked, out)?;
        } else if arguments.list {
            self.list(out)?;
        } else if let Some(path) = &arguments.outline {
            self.outline(path, out)?;
        } else if let Some(id) = arguments.show {
            return self.show(id, out, stderr);
        } else {
            let query = query(&arguments.query, &arguments.not);
            return Ok(if self.answer(0, &query, out, stderr)? { FOUND } else { NOTHING_FOUND });
        }
        Ok(FOUND)
    }

    fn status(&self, checked: Option<Check>, out: &mut dyn Write) -> Result<(), CliError> {
        let status = Status { checked, ..self.index.status()? };
        match self.arguments.format() {
            Format::Json => render::write_status_json(out, &status)?,
            Format::Text => render::write_status_text(out, &status)?,
        }
        Ok(())
    }

    fn list(&self, out: &mut dyn Write) -> Result<(), CliError> {
        let articles = self.index.articles()?;
        match self.arguments.format() {
            Format::Json => render::write_articles_json(out, &articles)?,
            Format::Text => {
                self.with_paths(|paths| render::write_articles_text(out, &self.layout, &articles, paths))?
            }
        }
        Ok(())
    }

    /// Prints the sections of an article, named by its path below the root or from the current folder.
    fn outline(&self, path: &Path, out: &mut dyn Write) -> Result<(), CliError> {
        let whole = path.canonicalize().ok();
        let below = whole.as_ref().and_then(|whole| whole.strip_prefix(self.index.root()).ok());
        let outline = match below.map(|below| self.index.outline(below)).transpose()?.flatten() {
            Some(outline) => Some(outline),
            None => self.index.outline(path)?,
        };
        let outline = outline.ok_or_else(|| CliError::NoArticle(path.to_owned()))?;
        match self.arguments.format() {
            Format::Json => render::write_outline_json(out, &outline)?,
            Format::Text => self.with_paths(|paths| render::write_outline_text(out, &self.layout, &outline, paths))?,
        }
        Ok(())
    }

    fn show(&self, id: PassageId, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let around = self.arguments.context.unwrap_or(AROUND);
        let Some(shown) = self.index.show(id, around)? else {
            writeln!(stderr, "no passage has the id {id}")?;
            return Ok(NOTHING_FOUND);
        };
        match self.arguments.format() {
            Format::Json => render::write_shown_json(out, &shown)?,
            Format::Text => self.with_paths(|paths| render::write_shown_text(out, &self.layout, &shown, paths))?,
        }
        Ok(FOUND)
    }

    /// Answers each line of a file; output is flushed after each, so that a program can wait for it.
    fn answer_lines(&self, path: &Path, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<(), CliError> {
        let failed = |source| CliError::Queries { path: path.to_owned(), source };
        let mut lines: Box<dyn BufRead> = if path == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(BufReader::new(File::open(path).map_err(failed)?))
        };
        let mut line = Vec::new();
        for number in 0.. {
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(failed)? == 0 {
                break;
            }
            let query = String::from_utf8_lossy(&line);
            let query = query.trim_end_matches(['\n', '\r']);
            if self.arguments.format() == Format::Text {
                writeln!(out, "{}== {}", if number > 0 { "\n" } else { "" }, svod_corpus::printable(query))?;
            }
            self.answer(number, query, out, stderr)?;
            out.flush()?;
        }
        Ok(())
    }

    /// Answers one query and returns whether anything was found.
    fn answer(
        &self,
        number: usize,
        query: &str,
        out: &mut dyn Write,
        stderr: &mut dyn Write,
    ) -> Result<bool, CliError> {
        let request = self.request(query);
        let answer = self.index.search(&request)?;
        match self.arguments.format() {
            Format::Json => render::write_json(out, number, query, self.index.root(), &answer)?,
            Format::Text => {
                self.write_text(out, &answer)?;
                out.flush()?;
                let mut remarks = Vec::new();
                render::write_remarks(&mut remarks, query, &answer)?;
                stderr.write_all(&remarks)?;
            }
        }
        Ok(!answer.hits.is_empty())
    }

    fn write_text(&self, out: &mut dyn Write, answer: &Answer) -> io::Result<()> {
        if self.arguments.explain {
            render::write_terms(out, answer)?;
        }
        let reads_around = [self.before(), self.after()].into_iter().any(|passages| passages > 0);
        let extent = if self.arguments.full || reads_around { Extent::Whole } else { Extent::Snippet };
        self.with_paths(|paths| render::write_text(out, &self.layout, answer, extent, paths))
    }

    fn before(&self) -> usize {
        self.arguments.before.or(self.arguments.context).unwrap_or(0)
    }

    fn after(&self) -> usize {
        self.arguments.after.or(self.arguments.context).unwrap_or(0)
    }

    fn request(&self, query: &str) -> Request {
        let Arguments { literal, exact, fragment, limit, per_article, .. } = self.arguments;
        let is_for_people = self.arguments.format() == Format::Text;
        let mut request = Request::new(query);
        request.mode = match (literal, exact, fragment) {
            (true, ..) => Mode::Literal,
            (_, true, _) => Mode::Exact,
            (.., true) => Mode::Fragment,
            _ => Mode::Query,
        };
        request.sort = match self.arguments.sort {
            SortOption::Score => Sort::Score,
            SortOption::Date => Sort::Newest,
            SortOption::Oldest => Sort::Oldest,
            SortOption::Path => Sort::Path,
        };
        // What has one of the words is hardly a match, and only ranking puts it last.
        let is_ranked = self.arguments.sort == SortOption::Score;
        request.words = if self.arguments.all || !is_ranked { Words::All } else { Words::Any };
        request.limit = NonZeroUsize::new(*limit);
        request.per_article = NonZeroUsize::new(per_article.unwrap_or(if is_for_people { PER_ARTICLE } else { 0 }));
        request.copies = match self.arguments.copies {
            Some(CopiesOption::Fold) => Copies::Fold,
            Some(CopiesOption::Show) => Copies::Show,
            None if is_for_people => Copies::Fold,
            None => Copies::Show,
        };
        request.help = is_for_people;
        request.more = is_for_people;
        request.explain = self.arguments.explain;
        (request.before, request.after) = (self.before(), self.after());
        if self.arguments.notes {
            request.notes = Notes::Read;
        }
        if is_for_people {
            request.snippet_columns = SNIPPET_LINES * self.layout.columns.saturating_sub(8).max(20);
        }
        request
    }

    fn with_paths<T>(&self, write: impl FnOnce(&Paths<'_>) -> T) -> T {
        write(&Paths { root: self.index.root(), shown: &|path| self.shown_path(path) })
    }

    /// Paths on a terminal are relative to the current folder where the source lies below it.
    fn shown_path(&self, path: &Path) -> String {
        let whole = self.index.root().join(path);
        let shown = self.here.as_ref().and_then(|here| whole.strip_prefix(here).ok()).unwrap_or(&whole);
        shown.to_string_lossy().into_owned()
    }
}

/// Joins the words of a query by blanks; `--not` words are excluded.
fn query(words: &[String], excluded: &[String]) -> String {
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
