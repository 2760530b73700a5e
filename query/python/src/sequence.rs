//! What an answer, a count, a timeline and a concordance have in common: they
//! are sequences of rows, and know more beside.

use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyTuple};

/// A sequence of rows that does not change.
#[pyclass(frozen, subclass, sequence, module = "svod", name = "_Rows")]
pub(crate) struct Rows {
    rows: Py<PyTuple>,
}

impl Rows {
    pub(crate) fn new(rows: Bound<'_, PyTuple>) -> Rows {
        Rows { rows: rows.unbind() }
    }
}

#[pymethods]
impl Rows {
    fn __len__(&self, py: Python<'_>) -> usize {
        self.rows.bind(py).len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, at: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.rows.bind(py).as_any().get_item(at)
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.rows.bind(py).as_any().try_iter()
    }

    fn __contains__(&self, py: Python<'_>, row: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.rows.bind(py).as_any().contains(row)
    }

    fn __reversed__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("builtins")?.call_method1("reversed", (self.rows.bind(py),))
    }

    /// Returns the place of a row, from 0; raises ValueError if it is not there.
    #[pyo3(signature = (value, start=0, stop=None))]
    fn index(&self, py: Python<'_>, value: &Bound<'_, PyAny>, start: isize, stop: Option<isize>) -> PyResult<usize> {
        self.rows.bind(py).call_method1("index", (value, start, stop.unwrap_or(isize::MAX)))?.extract()
    }

    /// Returns how often a row is there.
    fn count(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.rows.bind(py).call_method1("count", (value,))?.extract()
    }
}
