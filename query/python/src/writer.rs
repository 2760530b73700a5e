//! A writer of texts that a program has: strings with what is known of them, no files.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyIterator;
use svod_indexer::{Added, Appeared, Date, Ending, IndexError, Memory, Metadata, Syntax, Text, WriterOptions};

use crate::errors::index_error;
use crate::index::Index;
use crate::indexing::{State, bytes_of, run};
use crate::place::Place;
use crate::request::{chosen, number_of};
use crate::rows::COMMITTED;

const SYNTAXES: &[(&str, Syntax)] = &[("plain", Syntax::Plain), ("markdown", Syntax::Markdown)];

/// Writes an index of texts: `Writer()` in memory, `Writer("texts")` in a folder of its own.
///
///     with svod.Writer() as writer:
///         writer.add("zh/1", "停火谈判仍在继续。", title="停火", date="2025-04-11")
///     writer.index().search("停火")
///
/// What is added and removed can be searched after `commit()`, all at once. A `with` block commits at its end, or, on an
/// exception, rolls back; either way the writer is closed, and the index stays. A folder has one writer at a time.
///
/// rebuild: whether the index is made anew, also where it is damaged or of another version.
/// threads: one for each core if None.
/// memory_mb: about how much memory the writer may use, beside an index in memory itself; 256 if None.
///
/// Raises `Locked`, `Foreign` (the index of a folder, for example), `Damaged` or `OtherVersion`.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Writer {
    /// None when it is closed. Waited for only while other threads may run.
    writer: Mutex<Option<svod_indexer::Writer>>,
    place: Place,
}

impl Writer {
    /// Works with the writer while other threads of Python run.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut svod_indexer::Writer) -> Result<T, IndexError> + Send,
    ) -> PyResult<T> {
        let done = py.detach(|| self.try_with(work)).ok_or_else(closed)?;
        done.map_err(index_error)
    }

    fn try_with<T>(&self, work: impl FnOnce(&mut svod_indexer::Writer) -> T) -> Option<T> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(work)
    }

    /// Returns where an index of what was committed is opened.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }
}

fn options(threads: Option<i64>, memory_mb: Option<i64>) -> PyResult<WriterOptions> {
    let mut options = WriterOptions::default();
    options.threads = number_of("threads", threads)?;
    options.memory_bytes = bytes_of("memory_mb", memory_mb)?.unwrap_or(options.memory_bytes);
    Ok(options)
}

fn closed() -> PyErr {
    PyValueError::new_err("the writer is closed")
}

#[pymethods]
impl Writer {
    #[new]
    #[pyo3(signature = (path=None, *, rebuild=false, threads=None, memory_mb=None))]
    fn new(
        py: Python<'_>,
        path: Option<PathBuf>,
        rebuild: bool,
        threads: Option<i64>,
        memory_mb: Option<i64>,
    ) -> PyResult<Writer> {
        let options = options(threads, memory_mb)?;
        let place = path.map_or_else(|| Place::Memory(Memory::new()), Place::Folder);
        let open = || match &place {
            Place::Memory(memory) => svod_indexer::Writer::in_memory_with(memory, &options),
            Place::Folder(path) if rebuild => svod_indexer::Writer::create_with(path, &options),
            Place::Folder(path) => svod_indexer::Writer::open_with(path, &options),
        };
        let writer = py.detach(open).map_err(index_error)?;
        Ok(Writer { writer: Mutex::new(Some(writer)), place })
    }

    /// Opens the index of texts in a folder; one that an earlier version of svod wrote is first made anew, from its own texts.
    ///
    /// Nothing is lost: passages, what the texts were given with, ids and dates are as they were. Whatever stops it, the old
    /// index stays. It takes about as long as indexing on one core.
    /// Raises as `Writer` does, `OtherVersion` only if a later version of svod wrote the index.
    #[staticmethod]
    #[pyo3(signature = (path, *, threads=None, memory_mb=None))]
    fn upgrade(py: Python<'_>, path: PathBuf, threads: Option<i64>, memory_mb: Option<i64>) -> PyResult<Writer> {
        let options = options(threads, memory_mb)?;
        let writer = py.detach(|| svod_indexer::Writer::upgrade_with(&path, &options)).map_err(index_error)?;
        Ok(Writer { writer: Mutex::new(Some(writer)), place: Place::Folder(path) })
    }

    /// Adds a text, or replaces the one of the same path. Returns `new`, `replaced` or `unchanged`.
    ///
    /// path: names the article: a key or an address of yours, any string that is not empty.
    /// text: the text; places that a search tells are its lines and bytes.
    /// syntax: `plain` (paragraphs between blank lines) or `markdown`.
    /// authors, keywords: a string or a list of strings.
    /// date, received: `2025`, `"2025-04"`, `"2025-04-11"` or a `datetime.date`.
    /// The other arguments say where the text appeared. What is not given is read from the text itself.
    #[pyo3(signature = (
        path, text, *, title=None, authors=None, date=None, keywords=None, syntax="plain", journal=None, issn=None,
        volume=None, issue=None, first_page=None, pages=None, doi=None, url=None, publisher=None, place=None,
        classification=None, received=None
    ))]
    // The signature is that of Python, where arguments have names.
    #[expect(clippy::too_many_arguments)]
    fn add(
        &self,
        py: Python<'_>,
        path: String,
        text: String,
        title: Option<String>,
        authors: Option<&Bound<'_, PyAny>>,
        date: Option<&Bound<'_, PyAny>>,
        keywords: Option<&Bound<'_, PyAny>>,
        syntax: &str,
        journal: Option<String>,
        issn: Option<String>,
        volume: Option<String>,
        issue: Option<String>,
        first_page: Option<u32>,
        pages: Option<u32>,
        doi: Option<String>,
        url: Option<String>,
        publisher: Option<String>,
        place: Option<String>,
        classification: Option<String>,
        received: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<&'static str> {
        let mut text = Text::new(path, text);
        text.syntax = chosen("syntax", syntax, SYNTAXES)?;
        let (authors, keywords) = (strings("authors", authors)?, strings("keywords", keywords)?);
        let (date, received) = (date_of("date", date)?, date_of("received", received)?);
        let appeared = Appeared {
            journal,
            issn,
            volume,
            issue,
            first_page,
            pages,
            doi,
            url,
            publisher,
            place,
            classification,
            received,
        };
        text.metadata = Metadata { title, authors, date, keywords, appeared, ..Metadata::default() };
        Ok(match self.with(py, |writer| writer.add(text))? {
            Added::New => "new",
            Added::Replaced => "replaced",
            Added::Unchanged => "unchanged",
        })
    }

    /// Removes the text of a path; returns whether there was one.
    fn remove(&self, py: Python<'_>, path: &str) -> PyResult<bool> {
        self.with(py, |writer| writer.remove(path))
    }

    /// Removes all texts.
    fn clear(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |writer| {
            writer.clear();
            Ok(())
        })
    }

    /// Makes what was added and removed visible to searches, all at once, and returns what came of it.
    ///
    /// progress: called with (done_bytes, total_bytes, texts_done, texts), on this thread, about ten times a second.
    /// Ctrl-C, and an exception in `progress`, end the commit: the index is as it was, and what was added waits for
    /// another commit.
    #[pyo3(signature = (*, progress=None))]
    fn commit<'py>(&self, py: Python<'py>, progress: Option<Py<PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let work = |mut state: &State| self.try_with(|writer| writer.commit_with(&mut state)).transpose();
        let committed = run(py, progress.as_ref(), work)?.ok_or_else(closed)?;
        let ending = match committed.ending {
            Ending::Unchanged => "unchanged",
            Ending::UpToDate => "up_to_date",
            Ending::Interrupted(_) => "interrupted",
        };
        let unmerged = committed.unmerged.map(|error| index_error(error).value(py).to_string());
        let elapsed = committed.elapsed.as_secs_f64();
        COMMITTED.of(py, (ending, committed.articles, committed.passages, unmerged, elapsed))
    }

    /// Forgets what was added and removed since the last commit.
    fn rollback(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |writer| {
            writer.rollback();
            Ok(())
        })
    }

    /// Gives the folder back to other writers; forgets what was not committed. Closing again does nothing.
    fn close(&self, py: Python<'_>) {
        py.detach(|| *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None);
    }

    /// Opens what was committed for searching; `reload()` of the index sees later commits.
    fn index(&self, py: Python<'_>) -> PyResult<Index> {
        Index::at(py, &[self.place()])
    }

    /// The paths of all texts, in no order, those of texts that are not committed yet included.
    fn paths(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        self.with(py, |writer| Ok(writer.paths().map(str::to_owned).collect()))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.with(py, |writer| Ok(writer.len()))
    }

    /// Whether a writer is there, not whether it has texts: `if writer` is True for an empty one too.
    fn __bool__(&self) -> bool {
        true
    }

    fn __contains__(&self, py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(path) = path.extract::<String>() else { return Ok(false) };
        self.with(py, |writer| Ok(writer.contains(&path)))
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        self.paths(py)?.into_pyobject(py)?.into_any().try_iter()
    }

    fn __delitem__(&self, py: Python<'_>, path: String) -> PyResult<()> {
        if self.remove(py, &path)? { Ok(()) } else { Err(PyKeyError::new_err(path)) }
    }

    fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[pyo3(signature = (exc_type, exc_value, traceback, /))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exc_type: &Bound<'_, PyAny>,
        exc_value: &Bound<'_, PyAny>,
        traceback: &Bound<'_, PyAny>,
    ) -> PyResult<bool> {
        let _ = (exc_value, traceback);
        let done = if exc_type.is_none() { self.commit(py, None).map(drop) } else { Ok(()) };
        self.close(py);
        done.map(|()| false)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let texts = py.detach(|| self.try_with(|writer| writer.len()));
        let state = texts.map_or_else(|| "closed".to_owned(), |texts| format!("{texts} texts"));
        match &self.place {
            Place::Memory(_) => format!("<svod.Writer in memory: {state}>"),
            Place::Folder(path) => format!("<svod.Writer '{}': {state}>", path.display()),
        }
    }
}

/// Reads a string or a list of strings.
fn strings(argument: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<String>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    match value.extract::<String>() {
        Ok(one) => Ok(vec![one]),
        Err(_) => {
            value.extract().map_err(|_| PyTypeError::new_err(format!("`{argument}` is a string or a list of strings")))
        }
    }
}

/// Reads a date: a string, a number of a year, or what Python writes as a string that begins with a date.
fn date_of(argument: &str, value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Date>> {
    let Some(value) = value else { return Ok(None) };
    let text = value.str()?.to_string();
    let date = Date::parse(&text).map(Some);
    date.ok_or_else(|| PyValueError::new_err(format!("`{argument}` is a date as `2025-04-11` or `2025`, not `{text}`")))
}
