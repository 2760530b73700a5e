//! Small records as named tuples: they have attributes, compare, can be pickled,
//! and a list of them is a table for pandas.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyDict};
use svod_query::Appeared;

/// A class of named tuples.
pub(crate) struct Row {
    name: &'static str,
    fields: &'static [&'static str],
    doc: &'static str,
    class: PyOnceLock<Py<PyAny>>,
}

impl Row {
    const fn new(name: &'static str, fields: &'static [&'static str], doc: &'static str) -> Row {
        Row { name, fields, doc, class: PyOnceLock::new() }
    }

    /// Returns the name of the class.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the class.
    ///
    /// Named tuples are made by Python itself, once.
    pub(crate) fn class<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let class = self.class.get_or_try_init(py, || -> PyResult<Py<PyAny>> {
            let named: Bound<'_, PyDict> = [("module", "svod")].into_py_dict(py)?;
            let class =
                py.import("collections")?.call_method("namedtuple", (self.name, self.fields.to_vec()), Some(&named))?;
            class.setattr("__doc__", self.doc)?;
            Ok(class.unbind())
        })?;
        Ok(class.bind(py))
    }

    /// Returns a tuple with its values in the order of the fields.
    pub(crate) fn of<'py>(&self, py: Python<'py>, values: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.class(py)?.call1(values)
    }
}

pub(crate) static APPEARED: Row =
    Row::new("Appeared", &Appeared::NAMES, "Where an article appeared, as far as it says so.");
pub(crate) static CITING: Row = Row::new("Citing", &["text", "lines"], "The sentence that cites a note.");
pub(crate) static NOTE: Row = Row::new(
    "Note",
    &["at", "text", "lines"],
    "A note of a passage. Its mark stood before the character `at` of the passage's text.",
);
pub(crate) static NEIGHBOUR: Row = Row::new(
    "Neighbour",
    &["id", "kind", "lines", "paragraph", "text"],
    "A passage before or after a hit in its article.",
);
pub(crate) static NEAR_COPY: Row = Row::new(
    "NearCopy",
    &["id", "root", "path", "title", "date", "lines"],
    "A passage that says nearly the same as a hit.",
);
pub(crate) static TERM: Row = Row::new(
    "Term",
    &["term", "passages", "weight", "is_exact"],
    "What was searched for: in how many passages it stands, or at least, and how much it tells.",
);
pub(crate) static UNKNOWN: Row =
    Row::new("Unknown", &["word", "nearest"], "A word that the index does not know, and the nearest that it knows.");
pub(crate) static KNOWN: Row = Row::new(
    "Known",
    &["word", "passages", "is_exact"],
    "A word of the index, and how many passages have it, or at least.",
);
pub(crate) static QUERY_WARNING: Row = Row::new(
    "QueryWarning",
    &["message", "place", "start", "end"],
    "What was mended or ignored in the `query` or the `filter`: its characters from start to end.",
);
pub(crate) static EXPLANATION: Row = Row::new(
    "Explanation",
    &["terms", "parts", "coverage", "support"],
    "What a score is made of: (terms + parts) times coverage, and the support of good passages beside it.",
);
pub(crate) static TERM_SCORE: Row =
    Row::new("TermScore", &["term", "in_text", "in_fields", "score"], "What a term adds to a score.");
pub(crate) static COUNT: Row = Row::new(
    "Count",
    &["group", "passages", "articles"],
    "How many passages of a group match, and of how many articles. The group is None where nothing is known.",
);
pub(crate) static YEAR: Row = Row::new(
    "Year",
    &["year", "term", "passages", "all", "per_thousand"],
    "How many passages of a year match a term. The year is None for passages without a date.",
);
pub(crate) static MATCH: Row = Row::new(
    "Match",
    &["left", "match", "right", "root", "path", "line", "paragraph", "date", "id"],
    "A match between what stands before and after it.",
);
pub(crate) static ARTICLE: Row = Row::new(
    "Article",
    &["root", "path", "title", "authors", "date", "keywords", "appeared", "language", "passages"],
    "An article of the index.",
);
pub(crate) static SECTION: Row = Row::new(
    "Section",
    &["depth", "heading", "lines", "page", "passages"],
    "A section of an article: its heading, where it begins.",
);
pub(crate) static OUTLINE: Row =
    Row::new("Outline", &["article", "sections"], "An article and its sections, in order.");
pub(crate) static SHOWN: Row =
    Row::new("Shown", &["hit", "outline"], "A passage that was asked for by its id, and the sections of its article.");

pub(crate) static COMMITTED: Row = Row::new(
    "Committed",
    &["ending", "articles", "passages", "unmerged", "elapsed"],
    "What came of a commit: how it ended, what the index holds, and why it could not be made smaller, if so.",
);

/// All classes of rows.
pub(crate) static ALL: [&Row; 19] = [
    &APPEARED,
    &CITING,
    &NOTE,
    &NEIGHBOUR,
    &NEAR_COPY,
    &TERM,
    &UNKNOWN,
    &KNOWN,
    &QUERY_WARNING,
    &EXPLANATION,
    &TERM_SCORE,
    &COUNT,
    &YEAR,
    &MATCH,
    &ARTICLE,
    &SECTION,
    &OUTLINE,
    &SHOWN,
    &COMMITTED,
];
