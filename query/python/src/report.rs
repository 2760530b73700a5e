//! What came of a run.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use svod_indexer::{ChangeKind, Ending};

/// What came of a run.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Report {
    report: svod_indexer::Report,
}

impl From<svod_indexer::Report> for Report {
    fn from(report: svod_indexer::Report) -> Report {
        Report { report }
    }
}

type Dicts<'py> = PyResult<Vec<Bound<'py, PyDict>>>;

#[pymethods]
impl Report {
    /// The folder that holds the index.
    #[getter]
    fn index(&self) -> &std::ffi::OsStr {
        self.report.index.as_os_str()
    }

    /// The number of articles in the index.
    #[getter]
    fn articles(&self) -> u64 {
        self.report.articles
    }

    /// The number of passages in the index.
    #[getter]
    fn passages(&self) -> u64 {
        self.report.passages
    }

    /// The size of the articles in bytes.
    #[getter]
    fn bytes(&self) -> u64 {
        self.report.bytes
    }

    /// The size of the index on disk in bytes.
    #[getter]
    fn index_bytes(&self) -> u64 {
        self.report.index_bytes
    }

    /// The number of bytes that were read.
    #[getter]
    fn read_bytes(&self) -> u64 {
        self.report.read_bytes
    }

    /// How the run ended: `unchanged`, `up_to_date` or `interrupted`.
    #[getter]
    fn ending(&self) -> &'static str {
        match self.report.ending {
            Ending::Unchanged => "unchanged",
            Ending::UpToDate => "up_to_date",
            Ending::Interrupted(_) => "interrupted",
        }
    }

    /// The number of files still to be read, where the run was interrupted.
    #[getter]
    fn left(&self) -> u64 {
        if let Ending::Interrupted(left) = self.report.ending { left } else { 0 }
    }

    /// The number of files that were as they are in the index.
    #[getter]
    fn unchanged(&self) -> u64 {
        self.report.unchanged
    }

    /// What had changed in the folder: `{"change": "added", "path": …}`, or `changed`, `removed`, `moved` with `from`.
    #[getter]
    fn changes<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |change: &svod_indexer::Change| {
            let (name, from) = match &change.kind {
                ChangeKind::Added => ("added", None),
                ChangeKind::Changed => ("changed", None),
                ChangeKind::Moved { from } => ("moved", Some(from)),
                ChangeKind::Removed => ("removed", None),
            };
            let dict = PyDict::new(py);
            dict.set_item("change", name)?;
            dict.set_item("path", change.path.to_string_lossy())?;
            from.map_or(Ok(()), |from| dict.set_item("from", from.to_string_lossy()))?;
            Ok(dict)
        };
        self.report.changes.iter().map(dict).collect()
    }

    /// Why the index was made anew, if that was not wished.
    #[getter]
    fn made_anew(&self) -> Option<String> {
        self.report.unusable.as_ref().map(ToString::to_string)
    }

    /// How many passages were read in each language, most first: `{"language": "zh", "passages": 12}`.
    #[getter]
    fn languages<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |&(language, passages): &(svod_indexer::Language, u64)| {
            let dict = PyDict::new(py);
            dict.set_item("language", language.code())?;
            dict.set_item("passages", passages)?;
            Ok(dict)
        };
        self.report.languages.iter().map(dict).collect()
    }

    /// What was read as what: `{"format": "txt", "encoding": "GBK", "files": 3}`.
    #[getter]
    fn readings<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |read: &svod_indexer::ReadAs| {
            let dict = PyDict::new(py);
            dict.set_item("format", &read.format)?;
            dict.set_item("encoding", read.encoding.as_ref())?;
            dict.set_item("files", read.files)?;
            Ok(dict)
        };
        self.report.readings.iter().map(dict).collect()
    }

    /// The files that were read although damaged or odd: `{"path": …, "remarks": […]}`.
    #[getter]
    fn repaired<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |file: &svod_indexer::Repaired| {
            let dict = PyDict::new(py);
            dict.set_item("path", file.path.to_string_lossy())?;
            dict.set_item("remarks", &file.remarks)?;
            Ok(dict)
        };
        self.report.repaired.iter().map(dict).collect()
    }

    /// The files that are not in the index: `{"path": …, "reason": …}`.
    #[getter]
    fn skipped<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |file: &svod_indexer::Skipped| {
            let dict = PyDict::new(py);
            dict.set_item("path", file.path.to_string_lossy())?;
            dict.set_item("reason", file.reason.to_string())?;
            Ok(dict)
        };
        self.report.skipped.iter().map(dict).collect()
    }

    /// The entries of `metadata` that belong to no article: `{"label": …, "line": …}`.
    #[getter]
    fn unmatched<'py>(&self, py: Python<'py>) -> Dicts<'py> {
        let dict = |entry: &svod_indexer::Unmatched| {
            let dict = PyDict::new(py);
            dict.set_item("label", &entry.label)?;
            dict.set_item("line", entry.line)?;
            Ok(dict)
        };
        self.report.unmatched.iter().map(dict).collect()
    }

    /// How long the run took, in seconds.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.report.elapsed.as_secs_f64()
    }

    /// Returns the report as `svod-indexer --json` prints it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        let list = |dicts: Dicts<'py>| PyList::new(py, dicts?);
        dict.set_item("index", self.report.index.to_string_lossy())?;
        dict.set_item("articles", self.articles())?;
        dict.set_item("passages", self.passages())?;
        dict.set_item("ending", self.ending())?;
        dict.set_item("left", self.left())?;
        dict.set_item("changes", list(self.changes(py))?)?;
        dict.set_item("unchanged", self.unchanged())?;
        dict.set_item("made_anew", self.made_anew())?;
        dict.set_item("read_bytes", self.read_bytes())?;
        dict.set_item("languages", list(self.languages(py))?)?;
        dict.set_item("bytes", self.bytes())?;
        dict.set_item("index_bytes", self.index_bytes())?;
        dict.set_item("elapsed_ms", self.elapsed() * 1e3)?;
        dict.set_item("readings", list(self.readings(py))?)?;
        dict.set_item("repaired", list(self.repaired(py))?)?;
        dict.set_item("skipped", list(self.skipped(py))?)?;
        dict.set_item("unmatched", list(self.unmatched(py))?)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let (ending, skipped) = (self.ending(), self.report.skipped.len());
        let (articles, passages) = (self.articles(), self.passages());
        format!("<svod.Report {ending}: {articles} articles, {passages} passages, {skipped} skipped>")
    }
}
