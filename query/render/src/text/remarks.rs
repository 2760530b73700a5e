//! What is said beside the hits: how much was found, what was mended.

use std::borrow::Cow;
use std::io::{self, Write};

use svod_query::{Answer, Relaxation, Total, Warning, WarningPlace};
use svod_text::printable;

/// The most characters of a query that are shown with a remark.
const MOST_SHOWN: usize = 60;

/// What is said of an index whose first run is at work, or was stopped.
pub(crate) const UNFINISHED: &str =
    "the index is not finished: svod-indexer is at work, or was stopped and goes on when it is run again";

/// Writes what is said beside the answers to queries, for people: how much was found, what was mended, how long it took.
pub struct Remarks<'w> {
    pub(crate) out: &'w mut dyn Write,
}

impl<'w> Remarks<'w> {
    /// Returns a writer of remarks.
    pub fn new(out: &'w mut dyn Write) -> Remarks<'w> {
        Remarks { out }
    }

    /// Writes what was mended in the query string, how it was relaxed, and how much was found; `returned` hits were written.
    ///
    /// # Errors
    /// If the output cannot be written; so with all methods.
    pub fn answer(&mut self, query: &str, answer: &Answer, returned: usize) -> io::Result<()> {
        write_answer(self.out, query, answer, returned)
    }
}

pub(crate) fn write_answer(out: &mut dyn Write, query: &str, answer: &Answer, returned: usize) -> io::Result<()> {
    write_help(out, query, answer)?;
    if returned == 0 {
        let terms = list(answer.terms.iter().map(|term| (term.term.as_str(), term.passages)));
        return match (answer.terms.is_empty(), answer.is_narrowed) {
            (true, false) => writeln!(out, "nothing found (no words in the query)"),
            (true, true) => writeln!(out, "nothing found (filters and exclusions leave no passage)"),
            (false, false) => writeln!(out, "nothing found (passages with each: {terms})"),
            (false, true) => {
                writeln!(out, "nothing found (passages with each, whatever is filtered or excluded: {terms})")
            }
        };
    }
    let elapsed = answer.elapsed.as_secs_f64() * 1e3;
    writeln!(out, "\n{} of {} passages in {elapsed:.1} ms", returned, answer.total)
}

/// Writes what was mended in the query string, how it was relaxed, and what the index does not know.
pub(crate) fn write_help(out: &mut dyn Write, query: &str, answer: &Answer) -> io::Result<()> {
    if !answer.is_finished {
        writeln!(out, "{UNFINISHED}")?;
    }
    write_warnings(out, query, &answer.warnings)?;
    match answer.relaxed {
        None => {}
        Some(Relaxation::Most) => writeln!(out, "\nnothing has all that was asked for: these lack one of the words")?,
        Some(_) => writeln!(out, "\nnothing has all that was asked for: these have some of the words")?,
    }
    for unknown in &answer.unknown {
        write!(out, "not in the index: {}", printable(&unknown.word))?;
        if !unknown.nearest.is_empty() {
            let nearest = unknown.nearest.iter().map(|known| (known.word.as_str(), known.passages));
            write!(out, "; nearest: {}", list(nearest))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes what was mended in the query string.
pub(crate) fn write_warnings(out: &mut dyn Write, query: &str, warnings: &[Warning]) -> io::Result<()> {
    for warning in warnings {
        if warning.place == WarningPlace::Filter {
            writeln!(out, "warning: in the filter: {}", warning.message)?;
            continue;
        }
        let place = query.get(warning.range.clone()).unwrap_or_default();
        let character = query.get(..warning.range.start).unwrap_or_default().chars().count() + 1;
        writeln!(out, "warning: {} (`{}`, character {character})", warning.message, printable(&shortened(place)))?;
    }
    Ok(())
}

/// Returns the beginning of a part of a query: it may be as long as what was pasted.
fn shortened(place: &str) -> Cow<'_, str> {
    match place.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{}…", &place[..end])),
        None => Cow::Borrowed(place),
    }
}

fn list<'t>(terms: impl Iterator<Item = (&'t str, Total)>) -> String {
    let terms: Vec<String> = terms.map(|(term, passages)| format!("{} {passages}", printable(term))).collect();
    terms.join(", ")
}
