//! From the library's JSON to Python's dictionaries, by Python's own reader: so they hold exactly what the programs print.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static LOADS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Reads a JSON text.
pub(crate) fn loads<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    LOADS.import(py, "json", "loads")?.call1((json,))
}

/// Returns a number of the library as it stands in its JSON: with no more digits than it has.
pub(crate) fn number(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}
