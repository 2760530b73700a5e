//! Messages about options that cannot be parsed.

use std::ffi::OsString;
use std::io::{self, Write};
use std::time::Duration;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Writes the error in the options, or the help or version if that was asked for.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn write(stderr: &mut dyn Write, error: &clap::Error, typed: &[OsString]) -> io::Result<()> {
    match word_with_hyphen(error, typed) {
        Some(word) => {
            let word = svod_query::printable(&word).into_owned();
            writeln!(stderr, "error: there is no option `{word}`")?;
            let without = word.trim_start_matches('-');
            writeln!(
                stderr,
                "hint: words that begin with a hyphen stand after --: `svod-query -- {word}`; --not {without} leaves \
                 out passages with a word"
            )
        }
        None => error.print(),
    }
}

/// Returns the word of a query that was parsed as options, because it begins with a hyphen: `-слово`.
fn word_with_hyphen(error: &clap::Error, typed: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(letter)) = error.get(ContextKind::InvalidArg) else { return None };
    let is_letter = letter.starts_with('-') && letter.chars().count() == 2 && letter != "--";
    let is_unknown = error.kind() == ErrorKind::UnknownArgument && is_letter;
    let words = typed.iter().skip(1).map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    let mut words = words.filter(|word| word.starts_with(letter.as_str()) && word.len() > letter.len());
    words.next().filter(|_| is_unknown).map(|word| word.into_owned())
}

/// Reads a number of passages, hits or columns.
pub(super) fn number(text: &str) -> Result<usize, &'static str> {
    text.trim().parse().map_err(|_| "not a whole number")
}

/// Reads a time in seconds.
pub(super) fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.trim().parse().map_err(|_| "not a number of seconds")?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "not a number of seconds")
}
