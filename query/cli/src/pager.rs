//! Output that is longer than the screen goes through a pager.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Quit where all fits on the screen, show colours and links, leave the text there.
const LESS_OPTIONS: &str = "FRX";
const LESS: &str = "less";

/// Shows a text in the pager, or writes it to `out` if there is none that starts and ends in good order.
///
/// # Errors
/// If neither can be written to.
pub(super) fn show(text: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let Some(mut command) = command() else { return out.write_all(text) };
    let Ok(mut pager) = command.stdin(Stdio::piped()).spawn() else { return out.write_all(text) };
    // A pager that was left before the end has shown enough.
    let written = pager.stdin.take().map_or(Ok(()), |mut input| input.write_all(text));
    let ended = pager.wait()?;
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        // An option that it does not know, a program that its shell does not find.
        _ if ended.code().is_some_and(|code| code != 0) => out.write_all(text),
        _ => Ok(()),
    }
}

/// Returns the pager that the user asked for; none if it is no pager at all.
fn command() -> Option<Command> {
    let named = ["SVOD_PAGER", "PAGER"].into_iter().find_map(std::env::var_os).unwrap_or_else(|| OsString::from(LESS));
    let named = named.to_string_lossy().into_owned();
    let mut words = named.split_whitespace();
    let program = words.next().filter(|&program| program != "cat")?;
    let mut command = Command::new(program);
    command.args(words);
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", LESS_OPTIONS);
    }
    Some(command)
}
