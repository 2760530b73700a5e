//! The program: options in, hits out.

mod arguments;
mod citing;
mod config;
mod counting;
mod help;
mod lines;
mod pager;
mod printing;
#[cfg(feature = "screen")]
mod screen;
mod session;
mod terminal;
mod usage;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use svod_query::{Check, Damage, Index, QueryError, with_causes};

use self::arguments::Arguments;
use self::config::ConfigError;
#[cfg(feature = "screen")]
use self::screen::can_tell_of_panic;
use self::session::Session;

const FOUND: u8 = 0;
const NOTHING_FOUND: u8 = 1;
const ERROR: u8 = 2;

/// Why the program could not answer.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("no query")]
    NoQuery,
    #[error("{what} is not printed as {format}")]
    NoFormat { what: &'static str, format: &'static str },
    #[error("no index here")]
    NoIndexHere,
    #[error("no article `{}` in the index", .0.display())]
    NoArticle(PathBuf),
    #[error("index `{}` is damaged ({damage})", .path.display())]
    CheckFailed { path: PathBuf, damage: Damage },
    #[error("svod-query stopped")]
    Stopped,
    #[error("cannot read `{}`", .path.display())]
    Queries { path: PathBuf, source: io::Error },
    #[error("cannot write `{}`", .path.display())]
    Svg { path: PathBuf, source: io::Error },
    #[error("cannot write the output")]
    Write(#[from] io::Error),
    #[cfg(feature = "screen")]
    #[error("cannot use the terminal")]
    Screen(#[source] io::Error),
}

/// Hides the messages of panics, which say less than the error that [`run`] makes of them. With `RUST_BACKTRACE` they are
/// told, after the terminal was given back.
///
/// For a program: the hook is that of the whole process. [`run`] itself touches none.
pub fn hide_panics() {
    let tell = panic::take_hook();
    let is_wanted = std::env::var_os("RUST_BACKTRACE").is_some();
    panic::set_hook(Box::new(move |panic| {
        if can_tell_of_panic() && is_wanted {
            tell(panic);
        }
    }));
}

/// Returns whether a panic can be told: there is no screen that it would be written over.
#[cfg(not(feature = "screen"))]
fn can_tell_of_panic() -> bool {
    true
}

/// Runs the program with these arguments, the first of them its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let typed: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&typed) {
        Ok(arguments) => arguments,
        Err(error) => {
            let printed = usage::write(stderr, &error, &typed).and_then(|()| stdout.flush());
            let printed = printed.map(|()| FOUND).map_err(CliError::Write);
            return if error.use_stderr() { ERROR.into() } else { ended(printed, stderr) };
        }
    };
    keep_freed_memory();
    let answered = catch_unwind(AssertUnwindSafe(|| answer(arguments, &typed, &mut BufWriter::new(stdout), stderr)));
    ended(answered.unwrap_or(Err(CliError::Stopped)), stderr)
}

/// Says what went wrong, if anything did, and returns the exit code.
fn ended(outcome: Result<u8, CliError>, stderr: &mut dyn Write) -> ExitCode {
    match outcome {
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

fn answer(
    arguments: Arguments,
    typed: &[OsString],
    out: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<u8, CliError> {
    if let Some(what) = &arguments.generate {
        svod_cli::write(out, what, Arguments::command(), &help::SECTIONS, &help::SCHEMAS)?;
        out.flush()?;
        return Ok(FOUND);
    }
    let arguments = &config::with_defaults(arguments, typed)?;
    if !arguments.asks() && !has_screen(arguments) {
        return Err(CliError::NoQuery);
    }
    let folders = index_folders(&arguments.index)?;
    let checks = if arguments.check {
        folders.iter().map(|folder| check(folder)).collect::<Result<_, _>>()?
    } else {
        Vec::new()
    };
    let indexes = folders.iter().map(Index::open).collect::<Result<Vec<_>, _>>()?;
    let index = if let [index] = &indexes[..] { index.clone() } else { Index::union(&indexes)? };
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    let (layout, paths) = (terminal::layout(arguments), terminal::paths(here.clone()));
    let session = Session { arguments, indexes: &indexes, index: &index, layout, paths, here };
    let code = if arguments.asks() { session.run(checks, out, stderr)? } else { session.search_as_you_type()? };
    out.flush()?;
    Ok(code)
}

/// Returns whether what is not asked for here can be asked for on a screen.
#[cfg(feature = "screen")]
fn has_screen(arguments: &Arguments) -> bool {
    arguments.format() == arguments::Format::Text && screen::is_possible()
}

/// Returns whether what is not asked for here can be asked for on a screen: there is none.
#[cfg(not(feature = "screen"))]
fn has_screen(_: &Arguments) -> bool {
    false
}

fn index_folders(named: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    if !named.is_empty() {
        return Ok(named.to_owned());
    }
    let here = std::env::current_dir()?;
    Ok(vec![Index::find(&here).ok_or(CliError::NoIndexHere)?])
}

fn check(folder: &Path) -> Result<Check, CliError> {
    let check = Index::check(folder)?;
    if check.damaged.is_empty() {
        return Ok(check);
    }
    Err(CliError::CheckFailed { path: folder.to_owned(), damage: Damage::Files(check.damaged) })
}

fn write_error(out: &mut dyn Write, error: &CliError) -> io::Result<()> {
    writeln!(out, "error: {}", svod_query::printable(&with_causes(error)))?;
    match hint(error) {
        Some(hint) => writeln!(out, "hint: {hint}"),
        None => Ok(()),
    }
}

fn hint(error: &CliError) -> Option<&'static str> {
    match error {
        CliError::NoQuery => Some(
            "write what to search for: `svod-query 停火`; without words it searches as you type, on a terminal; \
             `svod-query --help` has more",
        ),
        #[cfg(feature = "screen")]
        CliError::Screen(_) => Some("write what to search for: `svod-query 停火`"),
        CliError::Config(ConfigError::Line { .. }) => Some("correct that line, or search with --no-config"),
        CliError::Config(ConfigError::Read { .. }) => {
            Some("name another file in $SVOD_CONFIG, or search with --no-config")
        }
        CliError::NoFormat { .. } => Some("print it with --format text or --format json"),
        CliError::NoArticle(_) => Some("`svod-query --list` names the articles"),
        CliError::NoIndexHere => {
            Some("run `svod-indexer FOLDER`, then search inside FOLDER, or name it with --index FOLDER")
        }
        CliError::Query(QueryError::NoIndex(_)) => Some("run `svod-indexer` on that folder first"),
        CliError::Query(QueryError::NotAnIndex(_)) => {
            Some("name the indexed folder, or the folder given to `svod-indexer --index`")
        }
        CliError::Query(QueryError::Filter { .. }) => {
            Some("filters are written as in a query: --filter 'lang:zh date:2024..'")
        }
        CliError::Query(QueryError::NoIndexes) => Some("name one with --index FOLDER"),
        CliError::Query(QueryError::FolderMissing(_)) => Some("check the path"),
        CliError::Query(QueryError::OtherVersion { .. } | QueryError::Damaged { .. })
        | CliError::CheckFailed { .. } => Some("make it anew: run `svod-indexer FOLDER --rebuild`"),
        CliError::Query(QueryError::Read { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => Some(
            "it may be somebody else's: ask for the right to read it, or make an index of your own with `svod-indexer`",
        ),
        CliError::Query(QueryError::Read { source, .. }) if is_no_file(source) => Some(
            "an index holds its own files, no links or pipes: remove what lies there, then run `svod-indexer FOLDER`",
        ),
        CliError::Query(QueryError::Stopped { .. }) | CliError::Stopped => {
            Some("this is an error of svod: please report it, with what RUST_BACKTRACE=1 shows")
        }
        CliError::Query(_) | CliError::Queries { .. } | CliError::Svg { .. } | CliError::Write(_) => None,
    }
}

/// Whether what was to be read is a link, or something else that is no file.
fn is_no_file(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::NotADirectory | io::ErrorKind::FileTooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_fit_together() {
        Arguments::command().debug_assert();
    }
}
