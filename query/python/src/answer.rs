//! The answer to a query: a sequence of hits, and what is known of them all.

use std::io::{self, Write};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use svod_query::{Cut, Index, Relaxation, Request, Warning, WarningPlace};
use svod_render::cite::{citations, write_citations};
use svod_render::{AnswerWriter, Csv, Extent, Html, HtmlFragment, Json, Markdown};

use crate::errors::write_error;
use crate::hit::{Hit, line};
use crate::ranges::characters;
use crate::request::cite_style;
use crate::rows::{KNOWN, QUERY_WARNING, TERM, UNKNOWN};
use crate::sequence::Rows;
use crate::{html, json};

/// The most hits in the representation of an answer.
const REPR_HITS: usize = 10;

/// The strings that warnings are about.
pub(crate) struct Asked {
    pub(crate) query: String,
    pub(crate) filter: String,
}

impl From<Request> for Asked {
    fn from(request: Request) -> Asked {
        Asked { query: request.query, filter: request.filter }
    }
}

/// The hits of a query, best first, and what is known of them all.
///
/// A sequence of `Hit`: `len(answer)`, `answer[0]`, `answer[:3]`, `for hit in answer`, `if answer`.
#[pyclass(frozen, extends = Rows, module = "svod")]
pub(crate) struct Answer {
    answer: Arc<svod_query::Answer>,
    asked: Asked,
    /// For the roots that JSON names.
    index: Index,
}

impl Answer {
    /// Returns an answer of the library as an object of Python.
    pub(crate) fn new<'py>(
        py: Python<'py>,
        answer: svod_query::Answer,
        asked: Asked,
        index: Index,
    ) -> PyResult<Bound<'py, Answer>> {
        let answer = Arc::new(answer);
        let hits: Vec<Hit> = (0..answer.hits.len()).map(|at| Hit::of(&answer, at)).collect();
        let rows = Rows::new(PyTuple::new(py, hits)?);
        Bound::new(py, PyClassInitializer::from(rows).add_subclass(Answer { answer, asked, index }))
    }

    fn written(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> PyResult<String> {
        let mut text = Vec::new();
        write(&mut text).map_err(write_error)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

#[pymethods]
impl Answer {
    /// The query string.
    #[getter]
    fn query(&self) -> &str {
        &self.asked.query
    }

    /// How many passages match in all; a lower bound where `total_is_exact` is False.
    #[getter]
    fn total(&self) -> u64 {
        self.answer.total.count()
    }

    /// Whether `total` is exact: the search may leave out what cannot be among the best.
    #[getter]
    fn total_is_exact(&self) -> bool {
        self.answer.total.is_exact()
    }

    /// Why the answer is not complete, if it was cut short: `work`, `memory` or `deadline`; else None.
    #[getter]
    fn cut(&self) -> Option<&'static str> {
        self.answer.cut.map(Cut::name)
    }

    /// What was searched for, with the number of passages that have it.
    #[getter]
    fn terms<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let terms = self.answer.terms.iter();
        terms
            .map(|term| {
                TERM.of(py, (&term.term, term.passages.count(), json::number(term.weight), term.passages.is_exact()))
            })
            .collect()
    }

    /// If nothing was found, or little and help was asked for: words that the index does not know, and the nearest.
    #[getter]
    fn unknown<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let row = |unknown: &svod_query::Unknown| {
            let nearest = unknown
                .nearest
                .iter()
                .map(|known| KNOWN.of(py, (&known.word, known.passages.count(), known.passages.is_exact())));
            UNKNOWN.of(py, (&unknown.word, nearest.collect::<PyResult<Vec<_>>>()?))
        };
        self.answer.unknown.iter().map(row).collect()
    }

    /// What was mended in the query string or ignored.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        warnings(py, &self.asked, &self.answer.warnings)
    }

    /// How the query was relaxed, with `help=True`, where no passage has all it requires: `most`, `any` or None.
    #[getter]
    fn relaxed(&self) -> Option<&'static str> {
        self.answer.relaxed.map(Relaxation::name)
    }

    /// The last word of the query, if it stood for all words that begin so (`typing=True`).
    #[getter]
    fn beginning(&self) -> Option<&str> {
        self.answer.beginning.as_deref()
    }

    /// How long the search took, in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.answer.elapsed.as_secs_f64()
    }

    /// Whether all of the folder is in the index: a first run may be at work, or was stopped.
    #[getter]
    fn is_finished(&self) -> bool {
        self.answer.is_finished
    }

    /// Returns the hits as plain dicts: `pandas.DataFrame(answer.to_dicts())`.
    ///
    /// They are what the programs print as JSON: ranges count bytes of UTF-8, not characters.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let hits: Vec<String> = self.answer.hits.iter().map(svod_render::hit_json).collect();
        json::loads(py, &format!("[{}]", hits.join(",")))
    }

    /// Returns the answer as one JSON object: what the summary of the programs has, and `hits`. For a web app.
    fn to_json(&self) -> String {
        svod_render::answer_json(&self.asked.query, &self.index, &self.answer)
    }

    /// Returns the JSON Lines of the programs: a line for each hit, and a summary.
    fn to_json_lines(&self) -> PyResult<String> {
        self.written(|out| Json::new(out, &self.index).answer(&self.asked.query, &self.answer))
    }

    /// Returns a report as Markdown: snippets, or, with `whole=True`, whole passages.
    #[pyo3(signature = (*, whole=false))]
    fn to_markdown(&self, whole: bool) -> PyResult<String> {
        self.written(|out| Markdown::new(out).extent(extent(whole)).answer(&self.asked.query, &self.answer))
    }

    /// Returns a report as a whole page of HTML that needs nothing beside itself.
    #[pyo3(signature = (*, whole=false))]
    fn to_html(&self, whole: bool) -> PyResult<String> {
        self.written(|out| {
            let mut html = Html::new(out).extent(extent(whole));
            html.open(&self.asked.query)?;
            html.answer(&self.asked.query, &self.answer)?;
            html.close()
        })
    }

    /// Returns a fragment of HTML, to stand in a page of your own that has `svod.HTML_STYLE`.
    #[pyo3(signature = (*, whole=false))]
    fn to_html_fragment(&self, whole: bool) -> PyResult<String> {
        self.written(|out| HtmlFragment::new(out).extent(extent(whole)).answer(&self.asked.query, &self.answer))
    }

    /// Returns a table of the hits as CSV, with a heading.
    #[pyo3(signature = (*, whole=false))]
    fn to_csv(&self, whole: bool) -> PyResult<String> {
        self.written(|out| {
            let mut csv = Csv::new(out).extent(extent(whole));
            csv.open(&self.asked.query)?;
            csv.answer(&self.asked.query, &self.answer)
        })
    }

    /// Returns the citations of the articles of the hits, each article once, with the pages of its hits.
    ///
    /// `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`.
    #[pyo3(signature = (style="gbt7714"))]
    fn cite(&self, style: &str) -> PyResult<String> {
        let style = cite_style(style)?;
        self.written(|out| write_citations(out, style, &citations(&self.answer.hits)))
    }

    fn _repr_html_(&self) -> PyResult<String> {
        let shown = html::shown(&self.answer);
        html::with_style(|out| HtmlFragment::new(out).answer(&self.asked.query, &shown)).map_err(write_error)
    }

    fn __repr__(&self) -> String {
        let total = self.answer.total;
        let hits = &self.answer.hits;
        let mut shown =
            format!("<svod.Answer '{}': {} of {total}", svod_query::printable(&self.asked.query), hits.len());
        for hit in hits.iter().take(REPR_HITS) {
            shown.push_str(&format!("\n  {}", line(hit)));
        }
        if hits.len() > REPR_HITS {
            shown.push_str("\n  …");
        }
        shown.push('>');
        shown
    }
}

fn extent(whole: bool) -> Extent {
    if whole { Extent::Whole } else { Extent::Snippet }
}

/// Returns what was mended in a query string or a filter, with the characters of it.
pub(crate) fn warnings<'py>(py: Python<'py>, asked: &Asked, warnings: &[Warning]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let row = |warning: &Warning| {
        let (place, text) = match warning.place {
            WarningPlace::Query => ("query", &asked.query),
            WarningPlace::Filter => ("filter", &asked.filter),
        };
        let range = characters(text, std::slice::from_ref(&warning.range));
        let (start, end) = range.first().copied().unwrap_or_default();
        QUERY_WARNING.of(py, (warning.message, place, start, end))
    };
    warnings.iter().map(row).collect()
}
