//! Why the program could not answer, what it says then, and its exit codes.

use std::io::{self, Write};
use std::path::PathBuf;

use svod_query::{Damage, QueryError, with_causes};
#[cfg(feature = "csl")]
use svod_render::cite::csl::{CslError, CslFault};

use crate::config::ConfigError;

pub(crate) const FOUND: u8 = 0;
pub(crate) const NOTHING_FOUND: u8 = 1;
pub(crate) const ERROR: u8 = 2;

/// Why the program could not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
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
    #[cfg(feature = "csl")]
    #[error(transparent)]
    Csl(#[from] CslError),
    #[cfg(feature = "csl")]
    #[error("--cite-locale is for a style in a file")]
    UnusedLocale,
    #[error("cannot write the output")]
    Write(#[from] io::Error),
    #[cfg(feature = "screen")]
    #[error("cannot use the terminal")]
    Screen(#[source] io::Error),
}

pub(crate) fn write_error(out: &mut dyn Write, error: &CliError) -> io::Result<()> {
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
        #[cfg(feature = "csl")]
        CliError::Csl(error) => hint_of_style(error),
        #[cfg(feature = "csl")]
        CliError::UnusedLocale => Some("name the file: --cite FILE.csl"),
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

#[cfg(feature = "csl")]
fn hint_of_style(error: &CslError) -> Option<&'static str> {
    match error {
        CslError::Style { fault: CslFault::Dependent(_), .. } => {
            Some("get the style that it names, and name the file of that one")
        }
        CslError::NoLocale { .. } => Some(
            "get it from https://github.com/citation-style-language/locales, or take other terms with \
             --cite-locale FILE",
        ),
        _ => None,
    }
}

/// Whether what was to be read is a link, or something else that is no file.
fn is_no_file(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::NotADirectory | io::ErrorKind::FileTooLarge)
}
