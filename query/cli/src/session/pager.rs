//! Output that is longer than the screen goes through a pager.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Quit if all fits on the screen, show colours and links, leave the text on the screen at the end.
const LESS_OPTIONS: &str = "FRX";
const LESS: &str = "less";

/// Shows a text in the pager. Writes it to `out` if there is no pager, or if the pager cannot be started or fails.
///
/// # Errors
/// If neither can be written to.
pub(crate) fn show(text: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let Some(mut command) = command() else { return out.write_all(text) };
    let Ok(mut pager) = command.stdin(Stdio::piped()).spawn() else { return out.write_all(text) };
    // If the user leaves the pager before the end, writing fails with a broken pipe, which is not an error.
    let written = pager.stdin.take().map_or(Ok(()), |mut input| input.write_all(text));
    let ended = pager.wait()?;
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        // The pager failed, for example because of an unknown option.
        _ if ended.code().is_some_and(|code| code != 0) => out.write_all(text),
        _ => Ok(()),
    }
}

/// Returns the pager of the user, else `less`; `None` if the pager is `cat`, which shows text as it is.
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
