//! Arguments of Python become a request of the library. A value that is none
//! of the choices is a ValueError that names them.

use std::num::NonZeroUsize;
use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use svod_query::{By, ConcordanceOrder, Copies, Language, Mode, Notes, Request, Sort, Words};
use svod_render::cite::CiteStyle;

const MODES: &[(&str, Mode)] =
    &[("query", Mode::Query), ("literal", Mode::Literal), ("exact", Mode::Exact), ("fragment", Mode::Fragment)];
const WORDS: &[(&str, Words)] = &[("any", Words::Any), ("all", Words::All), ("whole", Words::Whole)];
const SORTS: &[(&str, Sort)] =
    &[("score", Sort::Score), ("date", Sort::Newest), ("oldest", Sort::Oldest), ("path", Sort::Path)];
const COPIES: &[(&str, Copies)] = &[("show", Copies::Show), ("fold", Copies::Fold)];
const ORDERS: &[(&str, ConcordanceOrder)] = &[
    ("hits", ConcordanceOrder::Hits),
    ("left", ConcordanceOrder::Left),
    ("right", ConcordanceOrder::Right),
    ("date", ConcordanceOrder::Date),
];
const BYS: [By; 7] = [By::Year, By::Language, By::Author, By::Journal, By::Kind, By::Section, By::Article];

/// What is asked, and of which passages: what all questions to an index have in common.
pub(crate) struct Question<'q> {
    pub(crate) query: String,
    pub(crate) lang: Option<&'q Bound<'q, PyAny>>,
    pub(crate) filter: Option<&'q str>,
    pub(crate) mode: &'q str,
    pub(crate) words: &'q str,
    pub(crate) timeout: Option<f64>,
}

impl Question<'_> {
    /// Returns the request for all passages that match.
    pub(crate) fn request(self) -> PyResult<Request> {
        let mut request = Request::new(self.query);
        request.mode = chosen("mode", self.mode, MODES)?;
        request.words = chosen("words", self.words, WORDS)?;
        request.limit = None;
        request.deadline = time_of("timeout", self.timeout)?;
        request.filter = filter(self.lang, self.filter)?;
        Ok(request)
    }
}

/// Which of the hits are wanted, and in which order.
pub(crate) struct Wanted<'w> {
    pub(crate) limit: Option<i64>,
    pub(crate) per_article: Option<i64>,
    pub(crate) sort: &'w str,
    pub(crate) copies: &'w str,
}

impl Wanted<'_> {
    pub(crate) fn put_into(self, request: &mut Request) -> PyResult<()> {
        request.limit = number_of("limit", self.limit)?;
        request.per_article = number_of("per_article", self.per_article)?;
        request.sort = chosen("sort", self.sort, SORTS)?;
        request.copies = chosen("copies", self.copies, COPIES)?;
        Ok(())
    }
}

/// Returns which words of a query a passage must have, where nothing is said: what has one of them is hardly a match,
/// and only ranking puts it last.
pub(crate) fn words_for(sort: &str) -> &'static str {
    if sort == "score" { "any" } else { "all" }
}

pub(crate) fn notes_if(wanted: bool) -> Notes {
    if wanted { Notes::Read } else { Notes::Skip }
}

pub(crate) fn concordance_order(name: &str) -> PyResult<ConcordanceOrder> {
    chosen("order", name, ORDERS)
}

pub(crate) fn counted_by(name: &str) -> PyResult<By> {
    chosen("by", name, &BYS.map(|by| (by.name(), by)))
}

pub(crate) fn cite_style(name: &str) -> PyResult<CiteStyle> {
    chosen("style", name, &CiteStyle::ALL.map(|style| (style.name(), style)))
}

/// Returns the value that a name stands for.
pub(crate) fn chosen<T: Copy>(argument: &str, name: &str, choices: &[(&str, T)]) -> PyResult<T> {
    choices.iter().find(|(known, _)| *known == name).map(|&(_, value)| value).ok_or_else(|| {
        let names: Vec<String> = choices.iter().map(|(known, _)| format!("`{known}`")).collect();
        PyValueError::new_err(format!("`{argument}` is one of {}, not `{name}`", names.join(", ")))
    })
}

/// Returns a number from 1; none stands for all.
pub(crate) fn number_of(argument: &str, number: Option<i64>) -> PyResult<Option<NonZeroUsize>> {
    let Some(number) = number else { return Ok(None) };
    usize::try_from(number)
        .ok()
        .and_then(NonZeroUsize::new)
        .map(Some)
        .ok_or_else(|| PyValueError::new_err(format!("`{argument}` is 1 or more, or None for all, not `{number}`")))
}

/// Returns a number from 0.
pub(crate) fn size_of(argument: &str, number: i64) -> PyResult<usize> {
    usize::try_from(number).map_err(|_| PyValueError::new_err(format!("`{argument}` is 0 or more, not `{number}`")))
}

/// Returns a time in seconds.
fn time_of(argument: &str, seconds: Option<f64>) -> PyResult<Option<Duration>> {
    let time = |seconds| {
        let wrong = |_| PyValueError::new_err(format!("`{argument}` is a number of seconds, or None, not `{seconds}`"));
        Duration::try_from_secs_f64(seconds).map_err(wrong)
    };
    seconds.map(time).transpose()
}

/// Returns the filter for languages and what else every hit must fulfil.
fn filter(lang: Option<&Bound<'_, PyAny>>, filter: Option<&str>) -> PyResult<String> {
    let languages = languages(lang)?;
    let languages = match languages.as_slice() {
        [] => None,
        [one] => Some(format!("lang:{}", one.code())),
        several => {
            let terms: Vec<String> = several.iter().map(|language| format!("lang:{}", language.code())).collect();
            Some(format!("({})", terms.join(" OR ")))
        }
    };
    let filter = filter.filter(|filter| !filter.is_empty()).map(str::to_owned);
    Ok(languages.into_iter().chain(filter).collect::<Vec<_>>().join(" "))
}

/// Reads the name of a language, or a list of names.
fn languages(lang: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Language>> {
    let Some(lang) = lang else { return Ok(Vec::new()) };
    let names: Vec<String> = match lang.extract::<String>() {
        Ok(name) => vec![name],
        Err(_) => lang.extract().map_err(|_| PyTypeError::new_err("`lang` is a string or a list of strings"))?,
    };
    let codes = Language::ALL.map(|language| (language.code(), language));
    names.iter().map(|name| chosen("lang", name, &codes)).collect()
}
