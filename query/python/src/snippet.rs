//! What to show of a passage.

use pyo3::prelude::*;
use svod_query::printable;

use crate::ranges::characters;

/// So many characters stand in a representation.
const REPR_CHARACTERS: usize = 48;

/// What to show of a passage: its best sentences, and what was found in them.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Snippet {
    text: String,
    highlights: Vec<(usize, usize)>,
}

impl From<&svod_query::Snippet> for Snippet {
    fn from(snippet: &svod_query::Snippet) -> Snippet {
        Snippet { text: snippet.text.clone(), highlights: characters(&snippet.text, &snippet.highlights) }
    }
}

#[pymethods]
impl Snippet {
    /// The text.
    #[getter]
    fn text(&self) -> &str {
        &self.text
    }

    /// The ranges of its characters that were found.
    #[getter]
    fn highlights(&self) -> Vec<(usize, usize)> {
        self.highlights.clone()
    }

    /// Returns the text with marks before and after what was found. The text is not escaped for any format.
    #[pyo3(signature = (before="[", after="]"))]
    fn marked(&self, before: &str, after: &str) -> String {
        let mut marked = String::with_capacity(self.text.len() + 16);
        let mut highlights = self.highlights.iter().peekable();
        for (at, c) in self.text.chars().enumerate() {
            if highlights.peek().is_some_and(|range| range.0 == at) {
                marked.push_str(before);
            }
            marked.push(c);
            if highlights.next_if(|range| range.1 == at + 1).is_some() {
                marked.push_str(after);
            }
        }
        marked
    }

    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<svod.Snippet {}>", quoted(&self.text))
    }
}

/// Returns the beginning of a text between quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let text = printable(text);
    let mut shown: String = text.chars().take(REPR_CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("'{shown}'")
}
