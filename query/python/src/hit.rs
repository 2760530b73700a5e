//! A found passage, and the snippet of it.

use std::ffi::OsStr;
use std::ops::Deref;
use std::sync::Arc;

use pyo3::prelude::*;
use svod_query::printable;
use svod_query::{Answer, Shown};
use svod_render::HtmlFragment;

use crate::errors::write_error;
use crate::parts::{appeared, ends, explained, near_copy, neighbours, root};
use crate::ranges::{character, characters};
use crate::request::cite_style;
use crate::rows::{CITING, NOTE};
use crate::snippet::{Snippet, quoted};
use crate::{html, json};

/// A found passage.
///
/// Ranges count characters, as Python does: `hit.text[start:end]`. Those of
/// `to_dict()` count the bytes of UTF-8, as the JSON of the programs does.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Hit {
    held: Held,
}

/// Who holds the hit: what it came with is kept as long as it is.
enum Held {
    Of(Arc<Answer>, usize),
    Shown(Arc<Shown>),
}

impl Hit {
    /// Returns a hit of an answer.
    pub(crate) fn of(answer: &Arc<Answer>, at: usize) -> Hit {
        Hit { held: Held::Of(Arc::clone(answer), at) }
    }

    /// Returns the passage that was asked for by its id.
    pub(crate) fn shown(shown: &Arc<Shown>) -> Hit {
        Hit { held: Held::Shown(Arc::clone(shown)) }
    }
}

impl Deref for Hit {
    type Target = svod_query::Hit;

    fn deref(&self) -> &svod_query::Hit {
        match &self.held {
            Held::Of(answer, at) => &answer.hits[*at],
            Held::Shown(shown) => &shown.hit,
        }
    }
}

#[pymethods]
impl Hit {
    /// Its place among the hits, from 1.
    #[getter]
    fn rank(&self) -> usize {
        self.deref().rank
    }

    /// Its score: comparable within one answer only.
    #[getter]
    fn score(&self) -> f64 {
        json::number(self.deref().score)
    }

    /// Names the passage, also after it was indexed again. For `Index.show`.
    #[getter]
    fn id(&self) -> String {
        self.deref().id.to_string()
    }

    /// The indexed folder; None where an app wrote the text.
    #[getter]
    fn root(&self) -> Option<&OsStr> {
        root(self.deref().root.as_deref())
    }

    /// The path of its source below the root, or the name that an app gave it.
    #[getter]
    fn path(&self) -> &OsStr {
        self.deref().path.as_os_str()
    }

    /// The title of the article.
    #[getter]
    fn title(&self) -> &str {
        &self.deref().title
    }

    /// The authors of the article.
    #[getter]
    fn authors(&self) -> Vec<String> {
        self.deref().authors.clone()
    }

    /// The date of the article: `2025`, `2025-04` or `2025-04-11`.
    #[getter]
    fn date(&self) -> Option<String> {
        self.deref().date.map(|date| date.to_string())
    }

    /// The keywords of the article.
    #[getter]
    fn keywords(&self) -> Vec<String> {
        self.deref().keywords.clone()
    }

    /// Where the article appeared: journal, volume, issue, pages, doi and so on.
    #[getter]
    fn appeared<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        appeared(py, &self.deref().appeared)
    }

    /// The language of the passage: `zh`, `ru`, `uk`, `en` or `und`.
    #[getter]
    fn language(&self) -> &'static str {
        self.deref().language.code()
    }

    /// What the passage is: `body`, `heading`, `note`, `table`, `metadata` or `abstract`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.deref().kind.name()
    }

    /// The headings it stands under, outermost first.
    #[getter]
    fn section(&self) -> Vec<String> {
        self.deref().section.clone()
    }

    /// The page on which the first match of the snippet stands, where the source tells pages.
    #[getter]
    fn page(&self) -> Option<u32> {
        self.deref().page
    }

    /// The first and last page of the passage, where the source tells pages.
    #[getter]
    fn pages(&self) -> Option<(u32, u32)> {
        ends(&self.deref().pages)
    }

    /// The first and last line in the source, from 1; None where a source has no lines.
    #[getter]
    fn lines(&self) -> Option<(u32, u32)> {
        ends(&self.deref().lines)
    }

    /// The place among the passages of the source, from 1, where there are no lines.
    #[getter]
    fn paragraph(&self) -> Option<u64> {
        self.deref().paragraph
    }

    /// The ranges of bytes of the source file that the passage was made of; None where it is not UTF-8 text.
    #[getter]
    fn bytes(&self) -> Option<Vec<(usize, usize)>> {
        let ranges = self.source_ranges()?;
        Some(ranges.into_iter().map(|range| (range.start, range.end)).collect())
    }

    /// The text of the passage.
    #[getter]
    fn text(&self) -> &str {
        &self.deref().text
    }

    /// The ranges of characters of `text` that were found: `hit.text[start:end]`.
    #[getter]
    fn highlights(&self) -> Vec<(usize, usize)> {
        characters(&self.deref().text, &self.deref().highlights)
    }

    /// What to show of it: `hit.snippet.text`, and what was found in that.
    #[getter]
    fn snippet(&self) -> Snippet {
        Snippet::from(&self.deref().snippet)
    }

    /// Of a note: the sentence that cites it first.
    #[getter]
    fn cited<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let cited = self.deref().cited.as_ref();
        cited.map(|cited| CITING.of(py, (&cited.text, ends(&cited.lines)))).transpose()
    }

    /// The notes that the passage cites, in order, if they were asked for.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let text = &self.deref().text;
        let notes = self.deref().notes.iter();
        notes.map(|note| NOTE.of(py, (character(text, note.offset), &note.text, ends(&note.lines)))).collect()
    }

    /// How many more passages of its article have all the words, beside the hits, if that was asked for.
    #[getter]
    fn more(&self) -> Option<u64> {
        self.deref().more
    }

    /// The passages before it in its article, in order, if they were asked for.
    #[getter]
    fn before<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        neighbours(py, &self.deref().before)
    }

    /// The passages after it in its article, in order, if they were asked for.
    #[getter]
    fn after<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        neighbours(py, &self.deref().after)
    }

    /// Near-copies of it that were folded into it, if that was asked for.
    #[getter]
    fn copies<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.deref().copies.iter().map(|copy| near_copy(py, copy)).collect()
    }

    /// What the score is made of, if that was asked for.
    #[getter]
    fn explanation<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.deref().explanation.as_ref().map(|explanation| explained(py, explanation)).transpose()
    }

    /// Returns the hit as the programs print it as JSON: plain dicts and lists.
    ///
    /// Its ranges count bytes of UTF-8, not characters. Those of the attributes count characters.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::loads(py, &svod_render::hit_json(self))
    }

    /// Returns the citation of what the hit was found in, with its page where it is known.
    ///
    /// `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`; if None, the one that those who write in the language of
    /// the article use.
    #[pyo3(signature = (style=None))]
    fn cite(&self, style: Option<&str>) -> PyResult<String> {
        let style = style.map(cite_style).transpose()?;
        Ok(svod_render::cite::reference(self, style.unwrap_or_else(|| svod_render::cite::CiteStyle::of_hit(self))))
    }

    fn _repr_html_(&self) -> PyResult<String> {
        html::with_style(|out| HtmlFragment::new(out).one_hit(self)).map_err(write_error)
    }

    fn __repr__(&self) -> String {
        format!("<svod.Hit {}>", line(self))
    }
}

/// Returns a hit in a line: its rank, its place and the beginning of its snippet.
pub(crate) fn line(hit: &svod_query::Hit) -> String {
    let path = hit.path.to_string_lossy();
    let place = hit.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
    format!("{} {}{place} {}", hit.rank, printable(&path), quoted(&hit.snippet.text))
}
