//! An opened index: all that can be asked of it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use svod_query::{Request, concordance};
use svod_render::Json;
use svod_render::ask;
use svod_render::cite::{Citation, write_citations};

use crate::answer::Answer;
use crate::errors::{query_error, write_error};
use crate::hit::Hit;
use crate::json;
use crate::parts::{article, outline, root};
use crate::place::{Place, places};
use crate::request::{Question, Wanted, cite_style, concordance_order, counted_by, notes_if, size_of, words_for};
use crate::rows::SHOWN;
use crate::tables::{Concordance, Counts, Timeline};

/// An opened index. Threads may share it: it searches while others do, without holding the interpreter.
#[pyclass(frozen, module = "svod")]
pub(crate) struct Index {
    index: svod_query::Index,
}

impl Index {
    /// Opens the index at a place, or those at several as one.
    pub(crate) fn at(py: Python<'_>, places: &[Place]) -> PyResult<Index> {
        let open = || match places {
            [place] => place.open(),
            several => {
                let indexes = several.iter().map(Place::open).collect::<Result<Vec<_>, _>>()?;
                svod_query::Index::union(&indexes)
            }
        };
        Ok(Index { index: py.detach(open).map_err(query_error)? })
    }
}

#[pymethods]
impl Index {
    /// Opens an index: that of a folder, by the folder or by the index itself, or that of a `Writer`.
    ///
    /// A list of these is opened as one index: all hits are ranked together, and `hit.root` tells where they are from.
    /// Costs a few milliseconds, whatever the size. An indexer may be at work: what its last commit left is opened.
    /// Raises `NoIndex`, `OtherVersion` or `Damaged`.
    #[staticmethod]
    fn open(py: Python<'_>, path: &Bound<'_, PyAny>) -> PyResult<Index> {
        Index::at(py, &places(path)?)
    }

    /// The indexed folders, one for each of the indexes; None for texts that an app wrote.
    #[getter]
    fn roots(&self) -> Vec<Option<&OsStr>> {
        self.index.roots().map(root).collect()
    }

    /// The folders that hold the indexes; None for one in memory.
    #[getter]
    fn paths(&self) -> Vec<Option<&OsStr>> {
        self.index.paths().map(root).collect()
    }

    /// Returns the nearest folder with an index: the path itself, or the first above it; None if there is none.
    #[staticmethod]
    fn find(path: PathBuf) -> Option<String> {
        svod_query::Index::find(&path).map(|found| found.to_string_lossy().into_owned())
    }

    /// Reads every file of an index and compares the checksums; also of one that is too damaged to be opened.
    ///
    /// Returns `{"files": …, "bytes": …, "damaged": [{"path": …, "what": …}]}`.
    #[staticmethod]
    fn check<'py>(py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        use pyo3::types::IntoPyDict;
        let check = py.detach(|| svod_query::Index::check(&path)).map_err(query_error)?;
        let damaged = check.damaged.iter().map(|file| {
            [("path", file.path.to_string_lossy().into_owned()), ("what", file.what.to_owned())].into_py_dict(py)
        });
        let damaged = damaged.collect::<PyResult<Vec<_>>>()?.into_pyobject(py)?.into_any();
        let files = check.files.into_pyobject(py)?.into_any();
        let bytes = check.bytes.into_pyobject(py)?.into_any();
        Ok([("files", files), ("bytes", bytes), ("damaged", damaged)].into_py_dict(py)?.into_any())
    }

    /// Searches. Any string is a query; what was mended or ignored stands in `answer.warnings`.
    ///
    /// limit: the number of hits; None for all.
    /// lang: `zh`, `ru`, `uk`, `en` or `und`, or a list of them: only passages in these languages.
    /// filter: a query that every hit must fulfil and that adds nothing to scores: `date:2024.. path:zh/`.
    /// mode: `query` for the query language, `literal` for plain words, `exact` for one quotation, `fragment` for one
    ///     whose ends may lie inside words.
    /// words: which plain words a passage must have: `any`, `all`, or `whole` (all, and Chinese words as they stand).
    ///     If None: any, or all where the order is not that of scores.
    /// sort: `score`, `date` (newest first), `oldest` or `path`.
    /// per_article: the most hits of one article; None for any number.
    /// copies: `show` near-copies as hits, or `fold` them into the first of them.
    /// notes: whether the notes of each hit are read too.
    /// before, after: the number of passages around each hit that are read too, 100 at most.
    /// more: whether each hit tells how many more passages of its article have all the words.
    /// help: whether a search that finds little names near spellings and relaxes what is required.
    /// typing: whether the last word may not be typed to its end: search as you type.
    /// explain: whether each hit says what its score is made of.
    /// snippet_columns: the length of a snippet in columns; a Chinese character takes two.
    /// timeout: the number of seconds after which it ends with what was found, and `cut` says so; None for any time.
    #[pyo3(signature = (
        query, *, limit=Some(10), lang=None, filter=None, mode="query", words=None, sort="score", per_article=None,
        copies="show", notes=false, before=0, after=0, more=false, help=false, typing=false, explain=false,
        snippet_columns=240, timeout=None
    ), text_signature = "($self, query, *, limit=10, lang=None, filter=None, mode='query', words=None, sort='score', \
        per_article=None, copies='show', notes=False, before=0, after=0, more=False, help=False, typing=False, \
        explain=False, snippet_columns=240, timeout=None)")]
    // The signature is that of Python, where arguments have names.
    #[expect(clippy::too_many_arguments)]
    fn search<'py>(
        &self,
        py: Python<'py>,
        query: String,
        limit: Option<i64>,
        lang: Option<&Bound<'py, PyAny>>,
        filter: Option<&str>,
        mode: &str,
        words: Option<&str>,
        sort: &str,
        per_article: Option<i64>,
        copies: &str,
        notes: bool,
        before: i64,
        after: i64,
        more: bool,
        help: bool,
        typing: bool,
        explain: bool,
        snippet_columns: i64,
        timeout: Option<f64>,
    ) -> PyResult<Bound<'py, Answer>> {
        let words = words.unwrap_or_else(|| words_for(sort));
        let mut request = Question { query, lang, filter, mode, words, timeout }.request()?;
        Wanted { limit, per_article, sort, copies }.put_into(&mut request)?;
        request.notes = notes_if(notes);
        (request.before, request.after) = (size_of("before", before)?, size_of("after", after)?);
        (request.more, request.help, request.explain) = (more, help, explain);
        request.snippet_columns = size_of("snippet_columns", snippet_columns)?;
        let index = &self.index;
        let search = || if typing { index.search_as_typed(&request) } else { index.search(&request) };
        let answer = py.detach(search).map_err(query_error)?;
        Answer::new(py, answer, request.into(), self.index.clone())
    }

    /// Counts the passages that match by what they have in common: a sequence of `Count`.
    ///
    /// by: `year`, `language`, `author`, `journal`, `kind`, `section` or `article`.
    /// The other arguments are those of `search`; passages must have all plain words, unless `words` says otherwise.
    #[pyo3(signature = (query, by="year", *, lang=None, filter=None, mode="query", words="all", timeout=None))]
    #[expect(clippy::too_many_arguments)]
    fn count<'py>(
        &self,
        py: Python<'py>,
        query: String,
        by: &str,
        lang: Option<&Bound<'py, PyAny>>,
        filter: Option<&str>,
        mode: &str,
        words: &str,
        timeout: Option<f64>,
    ) -> PyResult<Bound<'py, Counts>> {
        let by = counted_by(by)?;
        let request = Question { query, lang, filter, mode, words, timeout }.request()?;
        let counts = py.detach(|| self.index.count(&request, by)).map_err(query_error)?;
        Counts::new(py, counts, request.into())
    }

    /// Counts the passages that match each term, a query of its own, year by year: a sequence of `Year`.
    ///
    /// terms: a query or a list of queries. The other arguments are those of `count`.
    #[pyo3(signature = (terms, *, lang=None, filter=None, mode="query", words="all", timeout=None))]
    #[expect(clippy::too_many_arguments)]
    fn timeline<'py>(
        &self,
        py: Python<'py>,
        terms: &Bound<'py, PyAny>,
        lang: Option<&Bound<'py, PyAny>>,
        filter: Option<&str>,
        mode: &str,
        words: &str,
        timeout: Option<f64>,
    ) -> PyResult<Bound<'py, Timeline>> {
        let terms: Vec<String> = match terms.extract::<String>() {
            Ok(term) => vec![term],
            Err(_) => terms.extract()?,
        };
        let request = |query| Question { query, lang, filter, mode, words, timeout }.request();
        let requests = terms.into_iter().map(request).collect::<PyResult<Vec<Request>>>()?;
        let timeline = py.detach(|| self.index.timeline(&requests)).map_err(query_error)?;
        let filter = requests.into_iter().next().map(|request| request.filter).unwrap_or_default();
        Timeline::new(py, timeline, filter)
    }

    /// Returns every match of a query between what stands before and after it: a sequence of `Match`.
    ///
    /// order: `hits`, `left` (by what stands before, reading outward), `right` (by what stands after) or `date`.
    /// limit: the number of passages that are read; None for all.
    /// context_columns: the columns of text on either side.
    /// The other arguments are those of `search`.
    #[pyo3(signature = (
        query, *, order="hits", limit=Some(200), context_columns=100, lang=None, filter=None, mode="query",
        words="whole", sort="score", per_article=None, copies="show", timeout=None
    ), text_signature = "($self, query, *, order='hits', limit=200, context_columns=100, lang=None, filter=None, \
        mode='query', words='whole', sort='score', per_article=None, copies='show', timeout=None)")]
    #[expect(clippy::too_many_arguments)]
    fn concordance<'py>(
        &self,
        py: Python<'py>,
        query: String,
        order: &str,
        limit: Option<i64>,
        context_columns: i64,
        lang: Option<&Bound<'py, PyAny>>,
        filter: Option<&str>,
        mode: &str,
        words: &str,
        sort: &str,
        per_article: Option<i64>,
        copies: &str,
        timeout: Option<f64>,
    ) -> PyResult<Bound<'py, Concordance>> {
        let (order, columns) = (concordance_order(order)?, size_of("context_columns", context_columns)?);
        let mut request = Question { query, lang, filter, mode, words, timeout }.request()?;
        Wanted { limit, per_article, sort, copies }.put_into(&mut request)?;
        let answer = py.detach(|| self.index.search(&request)).map_err(query_error)?;
        let lines = py.detach(|| concordance(&answer.hits, order, columns));
        Concordance::new(py, request.query, &answer, &lines)
    }

    /// Returns the passage with an id, `around` passages around it, its notes, and the outline of its article.
    ///
    /// None if there is no such passage. An id is the `id` of a hit.
    #[pyo3(signature = (id, around=2))]
    fn show<'py>(&self, py: Python<'py>, id: &str, around: i64) -> PyResult<Option<Bound<'py, PyAny>>> {
        let id = id.parse().map_err(|_| PyValueError::new_err(format!("`{id}` is not the id of a passage")))?;
        let around = size_of("around", around)?;
        let Some(shown) = py.detach(|| self.index.show(id, around)).map_err(query_error)? else { return Ok(None) };
        let shown = Arc::new(shown);
        Ok(Some(SHOWN.of(py, (Hit::shown(&shown), outline(py, &shown.outline)?))?))
    }

    /// Returns all articles, by path: a list of `Article`.
    fn articles<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let articles = py.detach(|| self.index.articles()).map_err(query_error)?;
        articles.iter().map(|entry| article(py, entry)).collect()
    }

    /// Returns the article at a path, as hits name it, and its sections. None if there is no such article.
    fn outline<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Option<Bound<'py, PyAny>>> {
        let found = py.detach(|| self.index.outline(&path)).map_err(query_error)?;
        found.map(|found| outline(py, &found)).transpose()
    }

    /// Returns what the index holds, as `svod-query --status --json` prints it.
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let status = py.detach(|| self.index.status()).map_err(query_error)?;
        let mut line = Vec::new();
        Json::new(&mut line, &self.index).status(&status).map_err(write_error)?;
        let status = json::loads(py, &String::from_utf8_lossy(&line))?;
        status.del_item("type")?;
        status.del_item("query")?;
        Ok(status)
    }

    /// Returns the citations of all articles. `style` is `gbt7714`, `gost`, `bibtex` or `csl-json`.
    #[pyo3(signature = (style="csl-json"))]
    fn cite(&self, py: Python<'_>, style: &str) -> PyResult<String> {
        let style = cite_style(style)?;
        let articles = py.detach(|| self.index.articles()).map_err(query_error)?;
        let citations: Vec<Citation> = articles.iter().map(Citation::of_article).collect();
        let mut text = Vec::new();
        write_citations(&mut text, style, &citations).map_err(write_error)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Answers a question that is a JSON object, such as `{"query": "停火", "limit": 5}`, with JSON Lines.
    ///
    /// What `svod-query --requests` does with a line of its input, for a handler that passes on what it was given. A
    /// question that is not understood is answered by a line of the type `error`.
    fn ask(&self, py: Python<'_>, question: &str) -> PyResult<String> {
        let mut lines = Vec::new();
        py.detach(|| ask::answer(question, &self.index, 0, &mut lines)).map_err(write_error)?;
        Ok(String::from_utf8_lossy(&lines).into_owned())
    }

    /// Sees what was written since; returns whether anything was. Costs next to nothing where nothing was.
    fn reload(&self, py: Python<'_>) -> PyResult<bool> {
        py.detach(|| self.index.reload()).map_err(query_error)
    }

    fn __repr__(&self) -> String {
        let shown = |root: Option<&Path>| root.map_or("texts".to_owned(), |root| format!("'{}'", root.display()));
        let roots: Vec<String> = self.index.roots().map(shown).collect();
        format!("<svod.Index {}>", roots.join(", "))
    }
}
