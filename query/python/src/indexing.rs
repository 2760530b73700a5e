//! Indexing a folder: in a thread of its own, while the caller's thread waits
//! without holding the interpreter, looks for Ctrl-C and tells of the progress.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use svod_indexer::{IndexError, Links, Options, Progress};

use crate::errors::index_error;
use crate::report::Report;
use crate::request::number_of;

/// The caller is told of the progress so often.
const LOOK: Duration = Duration::from_millis(100);

/// How far a run is; it ends when it is interrupted.
#[derive(Default)]
pub(crate) struct State {
    files: AtomicU64,
    bytes: AtomicU64,
    files_done: AtomicU64,
    bytes_done: AtomicU64,
    is_interrupted: AtomicBool,
}

impl State {
    /// Returns bytes done, all bytes, files done, all files.
    fn numbers(&self) -> (u64, u64, u64, u64) {
        let number = |number: &AtomicU64| number.load(Ordering::Relaxed);
        (number(&self.bytes_done), number(&self.bytes), number(&self.files_done), number(&self.files))
    }
}

/// The thread that asked reads the numbers meanwhile.
impl Progress for &State {
    fn found(&mut self, files: u64, bytes: u64) {
        self.files.store(files, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
    }

    fn done(&mut self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }

    fn is_interrupted(&mut self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
    }
}

/// Brings the index of a folder up to date, making it if there is none. Only what is new or has changed is read.
///
/// index: the folder that holds the index; `.svod` inside the indexed folder if None.
/// include, exclude: patterns as in a `.gitignore`: only files that match one, none that match one.
/// encoding: that of all text files; found out for each if None. Like patterns and `follow` it is remembered.
/// metadata: the export of a reference manager (BibTeX, CSL-JSON, RIS, a table) that says more of the files; as remembered
///     if None.
/// follow: whether links that lead out of the folder are followed; as remembered if None, else not.
/// forget: whether what is remembered is dropped.
/// rebuild: whether the index is made anew, whatever has changed.
/// optimize: whether it is merged into one segment: smallest and fastest to search.
/// threads: one for each core if None.
/// memory_mb: about how much memory the run may use; 256 if None.
/// max_file_mb: larger files are skipped; 64 if None.
/// progress: called with (done_bytes, total_bytes, files_done, files), on this thread, about ten times a second.
///
/// Files that cannot be read stand in `report.skipped`. Ctrl-C, and an exception in `progress`, end the run: it keeps
/// what is done, the next one goes on from there, and the exception is raised.
/// Raises `NoFolder`, `Locked`, `Foreign`, or `ValueError` for a pattern or an encoding that is none.
#[pyfunction]
#[pyo3(signature = (
    path, *, index=None, include=Vec::new(), exclude=Vec::new(), encoding=None, metadata=None, follow=None,
    forget=false, rebuild=false, optimize=false, threads=None, memory_mb=None, max_file_mb=None, progress=None
), text_signature = "(path, *, index=None, include=(), exclude=(), encoding=None, metadata=None, follow=None, \
    forget=False, rebuild=False, optimize=False, threads=None, memory_mb=None, max_file_mb=None, progress=None)")]
// The signature is that of Python, where arguments have names.
#[expect(clippy::too_many_arguments)]
pub(crate) fn index_folder(
    py: Python<'_>,
    path: PathBuf,
    index: Option<PathBuf>,
    include: Vec<String>,
    exclude: Vec<String>,
    encoding: Option<String>,
    metadata: Option<PathBuf>,
    follow: Option<bool>,
    forget: bool,
    rebuild: bool,
    optimize: bool,
    threads: Option<i64>,
    memory_mb: Option<i64>,
    max_file_mb: Option<i64>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Report> {
    let mut options = Options::default();
    (options.index, options.include, options.exclude, options.encoding) = (index, include, exclude, encoding);
    (options.metadata, options.links) = (metadata, follow.map(links));
    (options.forget_rules, options.rebuild, options.optimize) = (forget, rebuild, optimize);
    options.threads = number_of("threads", threads)?;
    options.memory_bytes = bytes_of("memory_mb", memory_mb)?.unwrap_or(options.memory_bytes);
    options.max_file_bytes = bytes_of("max_file_mb", max_file_mb)?.map_or(options.max_file_bytes, |bytes| bytes as u64);
    run(py, progress.as_ref(), |mut state| svod_indexer::index_folder(&path, &options, &mut state)).map(Report::from)
}

/// Says what `index_folder` would do, and writes nothing.
#[pyfunction]
#[pyo3(
    signature = (
        path, *, index=None, include=Vec::new(), exclude=Vec::new(), encoding=None, metadata=None, follow=None,
        forget=false
    ),
    text_signature = "(path, *, index=None, include=(), exclude=(), encoding=None, metadata=None, follow=None, \
        forget=False)"
)]
#[expect(clippy::too_many_arguments)]
pub(crate) fn changes(
    py: Python<'_>,
    path: PathBuf,
    index: Option<PathBuf>,
    include: Vec<String>,
    exclude: Vec<String>,
    encoding: Option<String>,
    metadata: Option<PathBuf>,
    follow: Option<bool>,
    forget: bool,
) -> PyResult<Report> {
    let mut options = Options::default();
    (options.index, options.include, options.exclude, options.encoding) = (index, include, exclude, encoding);
    (options.metadata, options.links, options.forget_rules) = (metadata, follow.map(links), forget);
    run(py, None, |_| svod_indexer::changes(&path, &options)).map(Report::from)
}

fn links(follow: bool) -> Links {
    if follow { Links::All } else { Links::Inside }
}

pub(crate) fn bytes_of(argument: &str, megabytes: Option<i64>) -> PyResult<Option<usize>> {
    Ok(number_of(argument, megabytes)?.map(|megabytes: NonZeroUsize| megabytes.get().saturating_mul(1 << 20)))
}

/// Runs what writes an index in a thread of its own, and raises what the caller's thread is interrupted by.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&State) -> Result<T, IndexError> + Send,
) -> PyResult<T> {
    let state = State::default();
    let mut interrupted = None;
    let done = thread::scope(|scope| {
        let (ended, end) = channel::<()>();
        let worker = scope.spawn(|| {
            // Dropped when the work has ended, in whatever way.
            let _ended = ended;
            work(&state)
        });
        // The receiver is looked at by this thread alone.
        let end = std::sync::Mutex::new(end);
        loop {
            interrupted = look(py, progress, &state).err();
            state.is_interrupted.store(interrupted.is_some(), Ordering::Relaxed);
            if interrupted.is_some() || py.detach(|| has_ended(&end)) {
                break;
            }
        }
        py.detach(|| worker.join())
    });
    if let Some(error) = interrupted {
        return Err(error);
    }
    let done = done.map_err(|_| PyRuntimeError::new_err("indexing failed; please report this as a bug"))?;
    let done = done.map_err(index_error)?;
    tell(py, progress, &state)?;
    Ok(done)
}

fn has_ended(end: &std::sync::Mutex<std::sync::mpsc::Receiver<()>>) -> bool {
    let end = end.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    !matches!(end.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout))
}

fn look(py: Python<'_>, progress: Option<&Py<PyAny>>, state: &State) -> PyResult<()> {
    py.check_signals()?;
    tell(py, progress, state)
}

fn tell(py: Python<'_>, progress: Option<&Py<PyAny>>, state: &State) -> PyResult<()> {
    // Before it is known what is to be done there is nothing to tell.
    let progress = progress.filter(|_| state.files.load(Ordering::Relaxed) > 0);
    progress.map_or(Ok(()), |progress| progress.call1(py, state.numbers()).map(drop))
}
