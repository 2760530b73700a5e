//! What looking at all matches gives back: counts, timelines, concordances.
//! Each is a sequence of named tuples, so that it is a table for pandas.

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use svod_query::{ConcordanceLine, Cut, Group, Period};

use crate::answer::{Asked, warnings};
use crate::errors::write_error;
use crate::parts::root;
use crate::rows::{COUNT, MATCH, YEAR};
use crate::sequence::Rows;

/// How the passages that match are spread: a sequence of `Count`.
///
/// Years and articles come in their order, others most passages first; what is unknown comes last.
#[pyclass(frozen, extends = Rows, module = "svod")]
pub(crate) struct Counts {
    counts: svod_query::Counts,
    asked: Asked,
}

impl Counts {
    pub(crate) fn new<'py>(py: Python<'py>, counts: svod_query::Counts, asked: Asked) -> PyResult<Bound<'py, Counts>> {
        let row = |count: &svod_query::Count| COUNT.of(py, (group(py, &count.group)?, count.passages, count.articles));
        let rows = counts.groups.iter().map(row).collect::<PyResult<Vec<_>>>()?;
        let rows = Rows::new(PyTuple::new(py, rows)?);
        Bound::new(py, PyClassInitializer::from(rows).add_subclass(Counts { counts, asked }))
    }
}

fn group<'py>(py: Python<'py>, group: &Group) -> PyResult<Bound<'py, PyAny>> {
    Ok(match group {
        Group::Unknown => py.None().into_bound(py),
        Group::Year(year) => year.into_pyobject(py)?.into_any(),
        Group::Article { path, .. } => path.as_os_str().into_pyobject(py)?.into_any(),
        group => group.to_string().into_pyobject(py)?.into_any(),
    })
}

#[pymethods]
impl Counts {
    /// What passages were counted by.
    #[getter]
    fn by(&self) -> &'static str {
        self.counts.by.name()
    }

    /// The number of passages that match: each once, whatever groups it is in.
    #[getter]
    fn passages(&self) -> u64 {
        self.counts.passages
    }

    /// The number of articles that these are of.
    #[getter]
    fn articles(&self) -> u64 {
        self.counts.articles
    }

    /// Why the count is not complete, if it was cut short: `work`, `memory` or `deadline`; else None.
    #[getter]
    fn cut(&self) -> Option<&'static str> {
        self.counts.cut.map(Cut::name)
    }

    /// What was mended in the query string or ignored.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        warnings(py, &self.asked, &self.counts.warnings)
    }

    /// Whether all of the folder is in the index.
    #[getter]
    fn is_finished(&self) -> bool {
        self.counts.is_finished
    }

    /// How long counting took, in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.counts.elapsed.as_secs_f64()
    }

    fn __repr__(&self) -> String {
        let Counts { counts, asked } = self;
        let (query, by) = (svod_query::printable(&asked.query), counts.by.name());
        format!("<svod.Counts '{query}' by {by}: {} passages of {} articles>", counts.passages, counts.articles)
    }
}

/// Terms year by year: a sequence of `Year`, one for each year and term, and last those without a date.
///
/// In a notebook it is a chart.
#[pyclass(frozen, extends = Rows, module = "svod")]
pub(crate) struct Timeline {
    timeline: svod_query::Timeline,
    filter: String,
}

impl Timeline {
    pub(crate) fn new<'py>(
        py: Python<'py>,
        timeline: svod_query::Timeline,
        filter: String,
    ) -> PyResult<Bound<'py, Timeline>> {
        let mut rows = Vec::with_capacity((timeline.years.len() + 1) * timeline.terms.len());
        for period in timeline.years.iter().chain([&timeline.undated]) {
            for (number, term) in timeline.terms.iter().enumerate() {
                rows.push(year(py, period, number, &term.query)?);
            }
        }
        let rows = Rows::new(PyTuple::new(py, rows)?);
        Bound::new(py, PyClassInitializer::from(rows).add_subclass(Timeline { timeline, filter }))
    }
}

fn year<'py>(py: Python<'py>, period: &Period, number: usize, term: &str) -> PyResult<Bound<'py, PyAny>> {
    let found = period.found.get(number).copied().unwrap_or_default();
    YEAR.of(py, (period.year, term, found, period.all, period.per_thousand(number)))
}

#[pymethods]
impl Timeline {
    /// The terms, and how many passages match each, with or without a date.
    #[getter]
    fn terms(&self) -> Vec<(String, u64)> {
        self.timeline.terms.iter().map(|term| (term.query.clone(), term.passages)).collect()
    }

    /// Why the counts of each term are not complete, if they were cut short: `work`, `memory` or `deadline`; else None.
    #[getter]
    fn cut(&self) -> Vec<Option<&'static str>> {
        self.timeline.terms.iter().map(|term| term.cut.map(Cut::name)).collect()
    }

    /// What was mended in the terms or ignored: a list for each term.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Vec<Bound<'py, PyAny>>>> {
        let asked = |query: &String| Asked { query: query.clone(), filter: self.filter.clone() };
        self.timeline.terms.iter().map(|term| warnings(py, &asked(&term.query), &term.warnings)).collect()
    }

    /// Whether all of the folder is in the index.
    #[getter]
    fn is_finished(&self) -> bool {
        self.timeline.is_finished
    }

    /// How long counting took, in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.timeline.elapsed.as_secs_f64()
    }

    /// Returns a line chart as SVG.
    fn to_svg(&self) -> PyResult<String> {
        let mut svg = Vec::new();
        svod_render::Svg::new(&mut svg).timeline(&self.timeline).map_err(write_error)?;
        Ok(String::from_utf8_lossy(&svg).into_owned())
    }

    fn _repr_svg_(&self) -> PyResult<String> {
        self.to_svg()
    }

    fn __repr__(&self) -> String {
        let term = |term: &svod_query::TimelineTerm| {
            format!("'{}': {} passages", svod_query::printable(&term.query), term.passages)
        };
        let terms: Vec<String> = self.timeline.terms.iter().map(term).collect();
        format!("<svod.Timeline {}>", terms.join(", "))
    }
}

/// Every match of a query between what stands before and after it: a sequence of `Match`.
#[pyclass(frozen, extends = Rows, module = "svod")]
pub(crate) struct Concordance {
    query: String,
    total: u64,
    cut: Option<Cut>,
    returned: usize,
    matches: usize,
}

impl Concordance {
    pub(crate) fn new<'py>(
        py: Python<'py>,
        query: String,
        answer: &svod_query::Answer,
        lines: &[ConcordanceLine<'_>],
    ) -> PyResult<Bound<'py, Concordance>> {
        let rows = lines.iter().map(|line| found(py, line)).collect::<PyResult<Vec<_>>>()?;
        let rows = Rows::new(PyTuple::new(py, rows)?);
        let (total, returned) = (answer.total.count(), answer.hits.len());
        let concordance = Concordance { query, total, cut: answer.cut, returned, matches: lines.len() };
        Bound::new(py, PyClassInitializer::from(rows).add_subclass(concordance))
    }
}

fn found<'py>(py: Python<'py>, line: &ConcordanceLine<'_>) -> PyResult<Bound<'py, PyAny>> {
    let (hit, date) = (line.hit, line.hit.date.map(|date| date.to_string()));
    let (root, path, id) = (root(hit.root.as_deref()), hit.path.as_os_str(), hit.id.to_string());
    MATCH.of(py, (&line.left, &line.found, &line.right, root, path, line.line, hit.paragraph, date, id))
}

#[pymethods]
impl Concordance {
    /// How many passages match in all; a lower bound where `cut` is not None.
    #[getter]
    fn total(&self) -> u64 {
        self.total
    }

    /// Why not all was looked at, if the search was cut short: `work`, `memory` or `deadline`; else None.
    #[getter]
    fn cut(&self) -> Option<&'static str> {
        self.cut.map(Cut::name)
    }

    /// Of how many passages the matches are.
    #[getter]
    fn returned(&self) -> usize {
        self.returned
    }

    fn __repr__(&self) -> String {
        let query = svod_query::printable(&self.query);
        let Concordance { total, returned, matches, .. } = self;
        format!("<svod.Concordance '{query}': {matches} matches in {returned} of {total} passages>")
    }
}
