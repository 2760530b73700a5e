//! HTML for notebooks: a fragment with its style, since a cell has nothing but what it is given.

use std::borrow::Cow;
use std::io::{self, Write};

use svod_query::Answer;
use svod_render::HTML_FRAGMENT_STYLE;

/// The most hits that a cell shows: more would be slow to look at, and all are in the answer.
const MOST_HITS: usize = 50;

/// Returns what is written, after the style.
pub(crate) fn with_style(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut html = format!("<style>\n{HTML_FRAGMENT_STYLE}</style>\n").into_bytes();
    write(&mut html)?;
    Ok(String::from_utf8_lossy(&html).into_owned())
}

/// Returns an answer with as many of its hits as a cell shows.
pub(crate) fn shown(answer: &Answer) -> Cow<'_, Answer> {
    if answer.hits.len() <= MOST_HITS {
        return Cow::Borrowed(answer);
    }
    let mut few = answer.clone();
    few.hits.truncate(MOST_HITS);
    Cow::Owned(few)
}
