//! The program: options in, hits out.

#[cfg(feature = "screen")]
mod screen;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ColorChoice, Parser, ValueEnum};

use crate::render::{self, Layout, Paint};
use crate::{Check, Copies, DamagedFile, Index, Mode, Notes, QueryError, Request, Status};

const FOUND: u8 = 0;
const NOTHING_FOUND: u8 = 1;
const ERROR: u8 = 2;

/// Hits of one article on a terminal.
const PER_ARTICLE: usize = 3;
/// Lines of a snippet on a terminal.
const SNIPPET_LINES: usize = 3;
/// The width of piped output, and of a terminal that does not tell.
const COLUMNS: usize = 100;
/// Long lines are hard to read.
const MOST_COLUMNS: usize = 120;

/// Searches an index of svod-indexer: ranked passages with what was found marked
///
/// All QUERY words are one query. Words are searched by best match, in any of their forms. The shell eats quotation
/// marks: write '"…"', or use --exact.
#[derive(Debug, Parser)]
#[command(name = "svod-query", version, after_help = AFTER_HELP)]
struct Arguments {
    /// What to search for
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// The indexed folder, or its index [default: $SVOD_INDEX, else the nearest folder upwards that has an index]
    #[arg(long, value_name = "DIR", env = "SVOD_INDEX", hide_env = true)]
    index: Option<PathBuf>,
    /// Show N hits, 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Show at most N hits of one article, 0 for any number [default: 3, with --json 0]
    #[arg(long, value_name = "N")]
    per_article: Option<usize>,
    /// Take the whole query as plain words
    #[arg(long, conflicts_with = "exact")]
    literal: bool,
    /// Take the whole query as one quotation
    #[arg(long)]
    exact: bool,
    /// Take the whole query as one quotation whose ends may lie inside words
    #[arg(long, conflicts_with_all = ["literal", "exact"])]
    fragment: bool,
    /// What to do with near-copies of a hit [default: fold, with --json show]
    #[arg(long, value_name = "WHAT")]
    copies: Option<CopiesOption>,
    /// Leave out passages with WORD
    #[arg(long, value_name = "WORD", conflicts_with_all = ["literal", "exact", "fragment"])]
    not: Vec<String>,
    /// Show the notes of each hit
    #[arg(long)]
    notes: bool,
    /// Show how the query was cut, and what each score is made of
    #[arg(long)]
    explain: bool,
    /// Answer each line of FILE, or of standard input with -
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    queries: Option<PathBuf>,
    /// Print JSON Lines
    #[arg(long)]
    json: bool,
    /// Print what the index holds
    #[arg(long, conflicts_with_all = ["query", "queries"])]
    status: bool,
    /// With --status: read all of the index and compare its checksums
    #[arg(long, requires = "status")]
    check: bool,
    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

const AFTER_HELP: &str = "\
In a query:
  \"…\"                 this text, exactly; Chinese: any substring
  \"…\"~8               these words within 8 positions
  +word  -word        must, must not be there; NOT, AND, OR and ( ) combine
  санкци*  *威慑       any letters;  Zelensk?y  one letter;  美?关系  one character
  Зеленскй~           one typing error, ~2 two
  lang:zh kind:note date:2024..2025 path:zh/ title:… author:… keyword:… section:…

Exit status: 0 found, 1 nothing found, 2 error.

Examples:
  svod-query 乌克兰 停火
  svod-query '\"северный морской путь\" +порт -уголь'
  svod-query --exact \"balance of power\"
  svod-query --json --limit 0 停火 | jq .path";

/// What becomes of the same paragraph in two versions of a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CopiesOption {
    /// Name them with the first of them
    Fold,
    /// Show each as a hit
    Show,
}

/// Why the program could not answer.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error("no index here")]
    NoIndexHere,
    #[error("index `{}` is damaged ({what})", .path.display())]
    CheckFailed { path: PathBuf, what: String },
    #[error("svod-query stopped")]
    Stopped,
    #[error("cannot read `{}`", .path.display())]
    Queries { path: PathBuf, source: io::Error },
    #[error("cannot write the output")]
    Write(#[from] io::Error),
    #[error("no query")]
    NoQuery,
    #[cfg(feature = "screen")]
    #[error("cannot use the terminal")]
    Screen(#[source] io::Error),
}

/// Runs the program with these arguments, the first of them its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let code = if usage.use_stderr() { ERROR } else { FOUND };
            let _ = usage.print();
            return code.into();
        }
    };
    keep_freed_memory();
    // Panics become errors, which say more than the engine's messages. Developers still see those.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(|_| {}));
    }
    let answered = panic::catch_unwind(AssertUnwindSafe(|| answer(&arguments, &mut BufWriter::new(stdout), stderr)));
    match answered.unwrap_or(Err(CliError::Stopped)) {
        Ok(code) => code.into(),
        // The reader has seen enough: `svod-query … | head` is no error.
        Err(CliError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => FOUND.into(),
        Err(error) => {
            let _ = write_error(stderr, &error);
            ERROR.into()
        }
    }
}

/// Has the C library keep memory that is freed.
///
/// It gives a free end of the heap back to the system at once, and asks for it
/// again for the next record that is unpacked, until it has seen a larger piece
/// come and go.
fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(4 << 20)));
}

fn answer(arguments: &Arguments, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
    if arguments.is_interactive() && (arguments.json || !has_screen()) {
        return Err(CliError::NoQuery);
    }
    let folder = index_folder(arguments.index.as_deref())?;
    let checked = if arguments.check { Some(check(&folder)?) } else { None };
    let index = Index::open(&folder)?;
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let session = Session { arguments, index: &index, layout: layout(arguments.color), here };
    let code = if arguments.is_interactive() {
        session.screen()?
    } else if arguments.status {
        session.status(checked, out)?;
        FOUND
    } else if let Some(path) = &arguments.queries {
        session.answer_lines(path, out, stderr)?;
        FOUND
    } else {
        let query = query(&arguments.query, &arguments.not);
        if session.answer(0, &query, out, stderr)? { FOUND } else { NOTHING_FOUND }
    };
    out.flush()?;
    Ok(code)
}

/// Returns whether the screen can be shown.
#[cfg(feature = "screen")]
fn has_screen() -> bool {
    screen::is_possible()
}

/// Returns whether the screen can be shown: it was not built in.
#[cfg(not(feature = "screen"))]
fn has_screen() -> bool {
    false
}

impl Arguments {
    /// Returns whether nothing is asked for: then what is typed is.
    fn is_interactive(&self) -> bool {
        self.query.is_empty() && self.queries.is_none() && !self.status
    }
}

/// Joins the words of a query by blanks; `--not` words are excluded.
fn query(words: &[String], excluded: &[String]) -> String {
    let excluded = excluded.iter().map(|word| format!("-\"{}\"", word.replace('"', " ")));
    words.iter().cloned().chain(excluded).collect::<Vec<_>>().join(" ")
}

fn index_folder(named: Option<&Path>) -> Result<PathBuf, CliError> {
    if let Some(folder) = named {
        return Ok(folder.to_owned());
    }
    let here = std::env::current_dir()?;
    Index::find(&here).ok_or(CliError::NoIndexHere)
}

fn check(folder: &Path) -> Result<Check, CliError> {
    let check = Index::check(folder)?;
    if check.damaged.is_empty() {
        return Ok(check);
    }
    let named: Vec<String> = check.damaged.iter().map(DamagedFile::to_string).collect();
    Err(CliError::CheckFailed { path: folder.to_owned(), what: named.join(", ") })
}

fn layout(color: ColorChoice) -> Layout {
    let is_terminal = io::stdout().is_terminal();
    let is_wanted = is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let paint = match color {
        ColorChoice::Always => Paint::Colour,
        ColorChoice::Auto if is_wanted => Paint::Colour,
        ColorChoice::Auto | ColorChoice::Never => Paint::Plain,
    };
    let told = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Layout { paint, columns: if is_terminal { told.unwrap_or(COLUMNS).min(MOST_COLUMNS) } else { COLUMNS } }
}

/// One run of the program.
struct Session<'s> {
    arguments: &'s Arguments,
    index: &'s Index,
    layout: Layout,
    /// The current folder.
    here: Option<PathBuf>,
}

impl Session<'_> {
    /// Searches as the user types.
    #[cfg(feature = "screen")]
    fn screen(self) -> Result<u8, CliError> {
        let request = self.request("");
        let options = screen::ScreenOptions { request, paint: self.layout.paint, here: self.here };
        match screen::run(self.index, options).map_err(CliError::Screen)? {
            screen::Ended::Left => Ok(FOUND),
            screen::Ended::Interrupted => Ok(screen::INTERRUPTED),
        }
    }

    #[cfg(not(feature = "screen"))]
    fn screen(self) -> Result<u8, CliError> {
        Err(CliError::NoQuery)
    }

    fn status(&self, checked: Option<Check>, out: &mut dyn Write) -> Result<(), CliError> {
        let status = Status { checked, ..self.index.status()? };
        if self.arguments.json {
            render::write_status_json(out, &status)?;
        } else {
            render::write_status_text(out, &status)?;
        }
        Ok(())
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
            if !self.arguments.json {
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
        if self.arguments.json {
            render::write_json(out, number, query, self.index.root(), &answer)?;
        } else {
            if self.arguments.explain {
                render::write_terms(out, &answer)?;
            }
            render::write_text(out, self.layout, &answer, &|path| self.shown_path(path))?;
            out.flush()?;
            let mut remarks = Vec::new();
            render::write_remarks(&mut remarks, query, &answer)?;
            stderr.write_all(&remarks)?;
        }
        Ok(!answer.hits.is_empty())
    }

    fn request(&self, query: &str) -> Request {
        let Arguments { json, literal, exact, fragment, limit, per_article, .. } = self.arguments;
        let mut request = Request::new(query);
        request.mode = match (literal, exact, fragment) {
            (true, ..) => Mode::Literal,
            (_, true, _) => Mode::Exact,
            (.., true) => Mode::Fragment,
            _ => Mode::Query,
        };
        request.limit = NonZeroUsize::new(*limit);
        request.per_article = NonZeroUsize::new(per_article.unwrap_or(if *json { 0 } else { PER_ARTICLE }));
        request.copies = match self.arguments.copies {
            Some(CopiesOption::Fold) => Copies::Fold,
            Some(CopiesOption::Show) => Copies::Show,
            None if *json => Copies::Show,
            None => Copies::Fold,
        };
        request.help = !json;
        request.explain = self.arguments.explain;
        if self.arguments.notes {
            request.notes = Notes::Read;
        }
        if !json {
            request.snippet_columns = SNIPPET_LINES * self.layout.columns.saturating_sub(8).max(20);
        }
        request
    }

    /// Paths on a terminal are relative to the current folder where the source lies below it.
    fn shown_path(&self, path: &Path) -> String {
        let whole = self.index.root().join(path);
        let shown = self.here.as_ref().and_then(|here| whole.strip_prefix(here).ok()).unwrap_or(&whole);
        shown.to_string_lossy().into_owned()
    }
}

fn write_error(out: &mut dyn Write, error: &CliError) -> io::Result<()> {
    write!(out, "error: {}", svod_corpus::printable(&error.to_string()))?;
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        write!(out, ": {}", svod_corpus::printable(&error.to_string()))?;
        cause = error.source();
    }
    writeln!(out)?;
    match hint(error) {
        Some(hint) => writeln!(out, "hint: {hint}"),
        None => Ok(()),
    }
}

fn hint(error: &CliError) -> Option<&'static str> {
    match error {
        CliError::NoIndexHere => {
            Some("run `svod-indexer FOLDER`, then search inside FOLDER, or name it with --index FOLDER")
        }
        CliError::Query(QueryError::NoIndex(_)) => Some("run `svod-indexer` on that folder first"),
        CliError::Query(QueryError::NotAnIndex(_)) => {
            Some("name the indexed folder, or the folder given to `svod-indexer --index`")
        }
        CliError::Query(QueryError::FolderMissing(_)) => Some("check the path"),
        CliError::Query(QueryError::OtherVersion { .. } | QueryError::Damaged { .. })
        | CliError::CheckFailed { .. } => Some("make it anew: run `svod-indexer FOLDER --rebuild`"),
        CliError::Query(QueryError::Stopped { .. }) | CliError::Stopped => {
            Some("this is an error of svod: please report it, with what RUST_BACKTRACE=1 shows")
        }
        CliError::NoQuery => Some("run `svod-query WORDS`; without words, on a terminal, it searches as you type"),
        #[cfg(feature = "screen")]
        CliError::Screen(_) => Some("run `svod-query WORDS` instead"),
        CliError::Query(_) | CliError::Queries { .. } | CliError::Write(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_options_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn words_and_exclusions_become_one_query() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(query(&words(&["乌克兰", "停火"]), &[]), "乌克兰 停火");
        assert_eq!(query(&words(&["мир"]), &words(&["war"])), "мир -\"war\"");
    }
}
