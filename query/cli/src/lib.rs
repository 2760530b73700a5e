//! The program: options in, hits out.

mod arguments;
mod config;
mod error;
mod paths;
#[cfg(feature = "screen")]
mod screen;
mod session;
mod terminal;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use svod_query::{Check, Damage, Index};

use self::arguments::{Arguments, help, usage};
use self::error::{CliError, ERROR, FOUND, write_error};
#[cfg(feature = "screen")]
use self::screen::can_tell_of_panic;
use self::session::Session;

/// Hides the messages of panics, which say less than the error that [`run`] makes of them. With `RUST_BACKTRACE` they are
/// printed, after the terminal was given back.
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
    let (layout, paths) = (terminal::layout(arguments), paths::paths(here.clone()));
    let session = Session {
        arguments,
        indexes: &indexes,
        index: &index,
        layout,
        paths,
        #[cfg(feature = "screen")]
        here,
    };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_fit_together() {
        Arguments::command().debug_assert();
    }
}
