//! What to show of a passage.

use pyo3::prelude::*;
use svod_query::printable;

use crate::ranges::characters;

/// The most characters of a representation.
const REPR_CHARACTERS: usize = 48;

/// What to show of a passage: its best sentences, and what was found in them.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Snippet(svod_query::Snippet);

impl From<&svod_query::Snippet> for Snippet {
    fn from(snippet: &svod_query::Snippet) -> Snippet {
        Snippet(snippet.clone())
    }
}

#[pymethods]
impl Snippet {
    /// The text.
    #[getter]
    fn text(&self) -> &str {
        &self.0.text
    }

    /// The ranges of its characters that were found.
    #[getter]
    fn highlights(&self) -> Vec<(usize, usize)> {
        characters(&self.0.text, &self.0.highlights)
    }

    /// Returns the text with marks before and after what was found. The text is not escaped for any format.
    #[pyo3(signature = (before="[", after="]"))]
    fn marked(&self, before: &str, after: &str) -> String {
        self.0.marked(before, after)
    }

    fn __str__(&self) -> &str {
        &self.0.text
    }

    fn __repr__(&self) -> String {
        format!("<svod.Snippet {}>", quoted(&self.0.text))
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
