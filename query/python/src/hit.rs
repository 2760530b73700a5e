//! A found passage, and the snippet of it.

use std::ffi::OsStr;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use pyo3::prelude::*;
use svod_corpus::printable;
use svod_query::render::{self, Extent};
use svod_query::{Answer, Shown};

use crate::errors::write_error;
use crate::ranges::{character, characters};
use crate::request::cite_style;
use crate::rows::{APPEARED, CITING, EXPLANATION, NEAR_COPY, NEIGHBOUR, NOTE, TERM_SCORE};
use crate::{html, json};

/// So many characters of a snippet stand in the representation of a hit.
const REPR_CHARACTERS: usize = 48;

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

    /// The page it begins on, where the source tells pages.
    #[getter]
    fn page(&self) -> Option<u32> {
        self.deref().page
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
        let snippet = &self.deref().snippet;
        Snippet { text: snippet.text.clone(), highlights: characters(&snippet.text, &snippet.highlights) }
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

    /// Matches that are near-copies of it, if they were to be folded.
    #[getter]
    fn copies<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let copy = |copy: &svod_query::NearCopy| {
            let date = copy.date.map(|date| date.to_string());
            let (root, path) = (root(copy.root.as_deref()), copy.path.as_os_str());
            NEAR_COPY.of(py, (copy.id.to_string(), root, path, &copy.title, date, ends(&copy.lines)))
        };
        self.deref().copies.iter().map(copy).collect()
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
        json::loads(py, &render::hit_json(self))
    }

    /// Returns the citation of what the hit was found in, with its page where it is known.
    ///
    /// `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`; if None, the one that those who write in the language of
    /// the article use.
    #[pyo3(signature = (style=None))]
    fn cite(&self, style: Option<&str>) -> PyResult<String> {
        let style = style.map(cite_style).transpose()?;
        Ok(render::cite::reference(self, style.unwrap_or_else(|| render::cite::CiteStyle::of_hit(self))))
    }

    fn _repr_html_(&self) -> PyResult<String> {
        html::with_style(|out| render::write_hit_html_fragment(out, self, Extent::Snippet)).map_err(write_error)
    }

    fn __repr__(&self) -> String {
        format!("<svod.Hit {}>", line(self))
    }
}

/// What to show of a passage: its best sentences, and what was found in them.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Snippet {
    text: String,
    highlights: Vec<(usize, usize)>,
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

/// Returns a hit in a line: its rank, its place and the beginning of its snippet.
pub(crate) fn line(hit: &svod_query::Hit) -> String {
    let path = hit.path.to_string_lossy();
    let place = hit.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
    format!("{} {}{place} {}", hit.rank, printable(&path), quoted(&hit.snippet.text))
}

/// Returns the beginning of a text between quotation marks.
fn quoted(text: &str) -> String {
    let text = printable(text);
    let mut shown: String = text.chars().take(REPR_CHARACTERS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("'{shown}'")
}

/// Returns the indexed folder.
pub(crate) fn root(root: Option<&Path>) -> Option<&OsStr> {
    root.map(Path::as_os_str)
}

/// Returns the first and last line.
pub(crate) fn ends(lines: &Option<std::ops::RangeInclusive<u32>>) -> Option<(u32, u32)> {
    lines.as_ref().map(|lines| (*lines.start(), *lines.end()))
}

pub(crate) fn appeared<'py>(py: Python<'py>, appeared: &svod_query::Appeared) -> PyResult<Bound<'py, PyAny>> {
    let values = (
        &appeared.journal,
        &appeared.issn,
        &appeared.volume,
        &appeared.issue,
        appeared.first_page,
        appeared.pages,
        &appeared.doi,
        &appeared.url,
        &appeared.publisher,
        &appeared.place,
        &appeared.classification,
        appeared.received.map(|date| date.to_string()),
    );
    APPEARED.of(py, values)
}

fn neighbours<'py>(py: Python<'py>, neighbours: &[svod_query::Neighbour]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let row = |neighbour: &svod_query::Neighbour| {
        let (id, kind) = (neighbour.id.to_string(), neighbour.kind.name());
        NEIGHBOUR.of(py, (id, kind, ends(&neighbour.lines), neighbour.paragraph, &neighbour.text))
    };
    neighbours.iter().map(row).collect()
}

fn explained<'py>(py: Python<'py>, explanation: &svod_query::Explanation) -> PyResult<Bound<'py, PyAny>> {
    let term = |term: &svod_query::TermScore| {
        TERM_SCORE.of(py, (&term.term, term.in_text, term.in_fields.clone(), json::number(term.score)))
    };
    let terms: Vec<_> = explanation.terms.iter().map(term).collect::<PyResult<_>>()?;
    let parts: Vec<_> = explanation.parts.iter().map(|&(name, score)| (name, json::number(score))).collect();
    let (coverage, support) = (json::number(explanation.coverage), json::number(explanation.support));
    EXPLANATION.of(py, (terms, parts, coverage, support))
}
