//! The parts of hits and articles as rows.

use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::path::Path;

use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use svod_query::{Appeared, AppearedValue};

use crate::json;
use crate::rows::{APPEARED, ARTICLE, EXPLANATION, NEAR_COPY, NEIGHBOUR, OUTLINE, SECTION, TERM_SCORE};

/// Returns the indexed folder.
pub(crate) fn root(root: Option<&Path>) -> Option<&OsStr> {
    root.map(Path::as_os_str)
}

/// Returns the first and last line.
pub(crate) fn ends(lines: &Option<RangeInclusive<u32>>) -> Option<(u32, u32)> {
    lines.as_ref().map(|lines| (*lines.start(), *lines.end()))
}

pub(crate) fn appeared<'py>(py: Python<'py>, appeared: &Appeared) -> PyResult<Bound<'py, PyAny>> {
    let values = appeared.fields().map(|(_, value)| match value {
        None => Ok(py.None().into_bound(py)),
        Some(AppearedValue::Text(text)) => text.into_bound_py_any(py),
        Some(AppearedValue::Number(number)) => number.into_bound_py_any(py),
        Some(AppearedValue::Date(date)) => date.to_string().into_bound_py_any(py),
    });
    APPEARED.of(py, PyTuple::new(py, values.collect::<PyResult<Vec<_>>>()?)?)
}

pub(crate) fn neighbours<'py>(
    py: Python<'py>,
    neighbours: &[svod_query::Neighbour],
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let row = |neighbour: &svod_query::Neighbour| {
        let (id, kind) = (neighbour.id.to_string(), neighbour.kind.name());
        NEIGHBOUR.of(py, (id, kind, ends(&neighbour.lines), neighbour.paragraph, &neighbour.text))
    };
    neighbours.iter().map(row).collect()
}

pub(crate) fn explained<'py>(py: Python<'py>, explanation: &svod_query::Explanation) -> PyResult<Bound<'py, PyAny>> {
    let term = |term: &svod_query::TermScore| {
        TERM_SCORE.of(py, (&term.term, term.in_text, term.in_fields.clone(), json::number(term.score)))
    };
    let terms: Vec<_> = explanation.terms.iter().map(term).collect::<PyResult<_>>()?;
    let parts: Vec<_> = explanation.parts.iter().map(|&(name, score)| (name, json::number(score))).collect();
    let (coverage, support) = (json::number(explanation.coverage), json::number(explanation.support));
    EXPLANATION.of(py, (terms, parts, coverage, support))
}

pub(crate) fn near_copy<'py>(py: Python<'py>, copy: &svod_query::NearCopy) -> PyResult<Bound<'py, PyAny>> {
    let date = copy.date.map(|date| date.to_string());
    let (root, path) = (root(copy.root.as_deref()), copy.path.as_os_str());
    NEAR_COPY.of(py, (copy.id.to_string(), root, path, &copy.title, date, ends(&copy.lines)))
}

pub(crate) fn article<'py>(py: Python<'py>, entry: &svod_query::ArticleEntry) -> PyResult<Bound<'py, PyAny>> {
    let date = entry.date.map(|date| date.to_string());
    let (path, appeared) = (entry.path.as_os_str(), appeared(py, &entry.appeared)?);
    let (authors, keywords) = (entry.authors.clone(), entry.keywords.clone());
    let root = root(entry.root.as_deref());
    ARTICLE.of(py, (root, path, &entry.title, authors, date, keywords, appeared, entry.language.code(), entry.passages))
}

pub(crate) fn outline<'py>(py: Python<'py>, outline: &svod_query::Outline) -> PyResult<Bound<'py, PyAny>> {
    let section = |section: &svod_query::OutlineEntry| {
        SECTION.of(py, (section.depth, &section.heading, ends(&section.lines), section.page, section.passages))
    };
    let sections = outline.sections.iter().map(section).collect::<PyResult<Vec<_>>>()?;
    OUTLINE.of(py, (article(py, &outline.article)?, sections))
}
