//! Stands in for the file of hits as CSV until it is merged: its two functions that other tables use.

use std::borrow::Cow;
use std::io::{self, Write};

use svod_corpus::printable;

/// Writes a row of cells.
///
/// # Errors
/// If `out` cannot be written.
pub(crate) fn write_row<C: AsRef<str>>(out: &mut dyn Write, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        out.write_all(cell(text.as_ref()).as_bytes())?;
    }
    out.write_all(b"\r\n")
}

/// Returns a text as a cell: printable, on one line, no formula, in quotation marks where it needs them.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    let mut text = printable(text);
    if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        text.to_mut().insert(0, '\'');
    }
    if text.contains([',', ';', '"']) || text.starts_with(' ') || text.ends_with(' ') {
        return format!("\"{}\"", text.replace('"', "\"\"")).into();
    }
    text
}
