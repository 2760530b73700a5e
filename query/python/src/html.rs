//! HTML for notebooks: a fragment with its style, since a cell has nothing but what it is given.

use std::io::{self, Write};

use svod_query::render::HTML_FRAGMENT_STYLE;

/// Returns what is written, after the style.
pub(crate) fn with_style(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut html = format!("<style>\n{HTML_FRAGMENT_STYLE}</style>\n").into_bytes();
    write(&mut html)?;
    Ok(String::from_utf8_lossy(&html).into_owned())
}
