//! An object becomes an ask.
//!
//! What is not said is as with `svod-query --json`: ten hits, near-copies
//! shown; a count, a timeline and a concordance, and hits in another order than
//! by score, are of passages with all of the words.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::value::RawValue;
use svod_query::{By, ConcordanceOrder, Copies, Mode, Notes, PATIENCE, PassageId, QueryError, Request, Sort, Words};
use svod_store::layout::path_from_bytes;

use super::error::{AskError, AskFault};
use super::fields::{Fields, wrong};
use super::{Ask, Cited, What};
use crate::cite::CiteStyle;

/// A tag comes back on every line: longer ones would be most of an answer, and deep ones more than readers of JSON take.
const MOST_TAG_BYTES: usize = 200;
/// Hits, unless another number is asked for.
const LIMIT: NonZeroUsize = NonZeroUsize::new(10).expect("it is not 0");
/// So many passages are shown on either side of one, unless another number is asked for.
const AROUND: usize = 2;
/// So many passages are read for a concordance, unless another number is asked for.
const CONCORDANCE_PASSAGES: NonZeroUsize = NonZeroUsize::new(200).expect("it is not 0");
/// Columns of text on either side of a match, unless another number is asked for.
const CONTEXT_COLUMNS: usize = 100;

/// What `do` can be, and what reads the other fields.
const WHATS: [(&str, Reader); 10] = [
    ("search", |fields| hits(fields).map(What::Search)),
    ("search_as_typed", |fields| hits(fields).map(What::SearchAsTyped)),
    ("count", count),
    ("timeline", timeline),
    ("concordance", concordance),
    ("show", show),
    ("outline", outline),
    ("articles", |_| Ok(What::Articles)),
    ("status", |_| Ok(What::Status)),
    ("cite", cite),
];

/// Reads all fields of one kind of ask.
type Reader = fn(&mut Fields<'_>) -> Result<What, AskFault>;

const MODES: [(&str, Mode); 4] =
    [("query", Mode::Query), ("literal", Mode::Literal), ("exact", Mode::Exact), ("fragment", Mode::Fragment)];
const WORDS: [(&str, Words); 3] = [("any", Words::Any), ("all", Words::All), ("whole", Words::Whole)];
const SORTS: [(&str, Sort); 4] =
    [("score", Sort::Score), ("date", Sort::Newest), ("oldest", Sort::Oldest), ("path", Sort::Path)];
const COPIES: [(&str, Copies); 2] = [("show", Copies::Show), ("fold", Copies::Fold)];
const ORDERS: [(&str, ConcordanceOrder); 4] = [
    ("hits", ConcordanceOrder::Hits),
    ("left", ConcordanceOrder::Left),
    ("right", ConcordanceOrder::Right),
    ("date", ConcordanceOrder::Date),
];

/// Reads an ask.
pub(super) fn read(json: &str) -> Result<Ask, AskError> {
    let mut fields = Fields::parse(json).map_err(|fault| AskError { tag: None, fault })?;
    if let Some(name) = fields.twice() {
        return Err(AskError { tag: None, fault: AskFault::Twice(super::fields::shown(name)) });
    }
    let tag = fields.raw("tag");
    if let Some(tag) = tag.filter(|tag| tag.get().len() > MOST_TAG_BYTES) {
        let allowed = format!("JSON of up to {MOST_TAG_BYTES} bytes");
        return Err(AskError { tag: None, fault: wrong("tag", allowed, tag.get()) });
    }
    let tag = tag.map(on_one_line);
    match what(fields) {
        Ok(what) => Ok(Ask { tag, what }),
        Err(fault) => Err(AskError { tag, fault }),
    }
}

/// Returns JSON on one line in which nothing steers a terminal.
fn on_one_line(json: &RawValue) -> Box<RawValue> {
    let line = svod_store::json::to_string(&json).ok().and_then(|line| RawValue::from_string(line).ok());
    line.unwrap_or_else(|| json.to_owned())
}

fn what(mut fields: Fields<'_>) -> Result<What, AskFault> {
    let names = WHATS.map(|what| (what.0, what));
    let (name, read) = fields.choice("do", &names)?.unwrap_or(WHATS[0]);
    fields.what = name;
    match read(&mut fields) {
        Ok(what) => fields.end().map(|()| what),
        // A field that does not exist says more than that another is missing: it may be that one, misspelt.
        Err(fault @ AskFault::Missing { .. }) => Err(fields.end().err().unwrap_or(fault)),
        Err(fault) => Err(fault),
    }
}

/// Reads what decides which passages match.
fn matches(fields: &mut Fields<'_>, words: Words) -> Result<Request, AskFault> {
    let mut request = Request::new(fields.text("query")?.unwrap_or_default());
    shared(fields, &mut request, words)?;
    Ok(request)
}

/// Reads what a query and the terms of a timeline share: how they are to be taken, and a filter.
fn shared(fields: &mut Fields<'_>, request: &mut Request, words: Words) -> Result<(), AskFault> {
    request.filter = fields.text("filter")?.unwrap_or_default();
    if let Err(QueryError::Filter { message, .. }) = request.check_filter() {
        return Err(wrong("filter", format!("a query without errors ({message})"), &request.filter));
    }
    let milliseconds = fields.number("timeout_ms")?.filter(|&milliseconds| milliseconds > 0);
    request.deadline = milliseconds.map(|milliseconds| Duration::from_millis(milliseconds as u64));
    request.mode = fields.choice("mode", &MODES)?.unwrap_or_default();
    request.words = fields.choice("words", &WORDS)?.unwrap_or(words);
    Ok(())
}

/// Reads which of the passages that match are hits, and in what order.
fn hits_of(fields: &mut Fields<'_>, words: Words, limit: NonZeroUsize) -> Result<Request, AskFault> {
    let sort = fields.choice("sort", &SORTS)?.unwrap_or_default();
    // What has one of the words is hardly a match, and only ranking puts it last.
    let words = if sort == Sort::Score { words } else { Words::All };
    let mut request = matches(fields, words)?;
    request.sort = sort;
    request.limit = fields.number("limit")?.map_or(Some(limit), NonZeroUsize::new);
    request.per_article = fields.number("per_article")?.and_then(NonZeroUsize::new);
    request.copies = fields.choice("copies", &COPIES)?.unwrap_or_default();
    request.help = fields.is_true("help")?;
    Ok(request)
}

/// Reads a search: which hits, and what of them.
fn hits(fields: &mut Fields<'_>) -> Result<Request, AskFault> {
    let (is_there, has_timeout) = (fields.has("query"), fields.has("timeout_ms"));
    let mut request = hits_of(fields, Words::Any, LIMIT)?;
    request.snippet_columns = fields.number("snippet_columns")?.unwrap_or(request.snippet_columns);
    request.notes = if fields.is_true("notes")? { Notes::Read } else { Notes::Skip };
    request.before = fields.number("before")?.unwrap_or(0);
    request.after = fields.number("after")?.unwrap_or(0);
    request.more = fields.is_true("more")?;
    request.explain = fields.is_true("explain")?;
    // Who asks for all waits for all.
    if !has_timeout && request.limit.is_some() && request.sort == Sort::Score {
        request.deadline = Some(PATIENCE);
    }
    if is_there { Ok(request) } else { Err(fields.missing("`query`")) }
}

fn count(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let by = fields.choice("by", &By::ALL.map(|by| (by.name(), by)))?;
    let is_there = fields.has("query");
    let request = matches(fields, Words::All)?;
    match by {
        Some(by) if is_there => Ok(What::Count(request, by)),
        _ => Err(fields.missing("`query` and `by`")),
    }
}

fn timeline(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let terms = fields.texts("terms")?;
    let mut request = Request::new("");
    shared(fields, &mut request, Words::All)?;
    let term = |query| {
        let mut request = request.clone();
        request.query = query;
        request
    };
    terms.map(|terms| What::Timeline(terms.into_iter().map(term).collect())).ok_or_else(|| fields.missing("`terms`"))
}

fn concordance(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let order = fields.choice("order", &ORDERS)?.unwrap_or_default();
    let context_columns = fields.number("context_columns")?.unwrap_or(CONTEXT_COLUMNS);
    let is_there = fields.has("query");
    let request = hits_of(fields, Words::Whole, CONCORDANCE_PASSAGES)?;
    if is_there { Ok(What::Concordance { request, order, context_columns }) } else { Err(fields.missing("`query`")) }
}

fn show(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let id = passage(fields)?;
    let around = fields.number("around")?.unwrap_or(AROUND);
    id.map(|id| What::Show(id, around)).ok_or_else(|| fields.missing("`id`"))
}

/// Reads the id of a passage.
fn passage(fields: &mut Fields<'_>) -> Result<Option<PassageId>, AskFault> {
    let written = fields.text("id")?;
    let wrong = |written: &str| wrong("id", "the id of a passage, 16 hexadecimal digits".to_owned(), written);
    written.map(|written| written.parse().map_err(|_| wrong(&written))).transpose()
}

fn outline(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let path = fields.text("path")?.map(PathBuf::from);
    let coded = fields.text("path_b64")?;
    let decoded = |coded: &String| {
        let bytes = BASE64.decode(coded).ok();
        bytes.ok_or_else(|| wrong("path_b64", "the bytes of a path in base64".to_owned(), coded))
    };
    // A hit has both where its path is not UTF-8, and only the bytes are the path.
    let path = coded.as_ref().map(decoded).transpose()?.map(|bytes| path_from_bytes(&bytes)).or(path);
    path.map(What::Outline).ok_or_else(|| fields.missing("`path` or `path_b64`"))
}

fn cite(fields: &mut Fields<'_>) -> Result<What, AskFault> {
    let style = fields.choice("style", &CiteStyle::ALL.map(|style| (style.name(), style)))?;
    let id = passage(fields)?;
    let is_all = fields.is_true("all")?;
    let is_query = fields.has("query");
    let request = hits_of(fields, Words::Any, LIMIT)?;
    let cited = match (is_query, id, is_all) {
        (true, None, false) => Cited::Hits(request),
        (false, Some(id), false) => Cited::Passage(id),
        (false, None, true) => Cited::Articles,
        (true, Some(_), _) => return Err(AskFault::Conflict("query", "id")),
        (true, None, true) => return Err(AskFault::Conflict("query", "all")),
        (false, Some(_), true) => return Err(AskFault::Conflict("id", "all")),
        (false, None, false) => return Err(fields.missing("`query`, `id` or `all`")),
    };
    style.map(|style| What::Cite(style, cited)).ok_or_else(|| fields.missing("`style`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_as_on_the_command_line() {
        for (json, words, limit, sort) in [
            (r#"{"query":"停火"}"#, Words::Any, 10, Sort::Score),
            (r#"{"query":"мир","sort":"date"}"#, Words::All, 10, Sort::Newest),
            (r#"{"query":"мир","sort":"oldest","words":"any","limit":3}"#, Words::Any, 3, Sort::Oldest),
            (r#"{"do":"search","query":"peace мир 停火","limit":0,"words":null}"#, Words::Any, 0, Sort::Score),
        ] {
            let What::Search(request) = read(json).unwrap().what else { panic!("{json}") };
            let found = (request.words, request.limit.map_or(0, NonZeroUsize::get), request.sort);
            assert_eq!(found, (words, limit, sort), "{json}");
        }
        let What::Concordance { request, context_columns: 100, .. } =
            read(r#"{"do":"concordance","query":"停火"}"#).unwrap().what
        else {
            panic!("no concordance")
        };
        assert_eq!((request.words, request.limit), (Words::Whole, NonZeroUsize::new(200)));
        let What::Timeline(terms) =
            read(r#"{"do":"timeline","terms":["停火","мир"],"filter":"lang:zh"}"#).unwrap().what
        else {
            panic!("no timeline")
        };
        let terms: Vec<_> = terms.iter().map(|term| (&*term.query, &*term.filter, term.words)).collect();
        assert_eq!(terms, [("停火", "lang:zh", Words::All), ("мир", "lang:zh", Words::All)]);
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_allowed() {
        for (json, expected) in [
            ("", "not JSON: EOF while parsing a value at line 1 column 0"),
            ("{\"query\":\"停火\"", "not JSON: EOF while parsing an object at line 1 column 17"),
            ("[]", "not a JSON object: write `{\"query\":\"…\"}`"),
            ("{}", "`search` needs `query`"),
            (r#"{"qery":"мир"}"#, "`search` has no field `qery`; it has `tag`, `do`, `sort`, `query`, `filter`"),
            (
                r#"{"do":"dance"}"#,
                "`do` is one of `search`, `search_as_typed`, `count`, `timeline`, `concordance`, `show`",
            ),
            (r#"{"do":7}"#, "`do` is one of"),
            (r#"{"do":"count","query":"мир"}"#, "`count` needs `query` and `by`"),
            (r#"{"do":"count","query":"мир","by":"colour"}"#, "`by` is one of `year`, `language`, `author`, `journal`"),
            (r#"{"do":"show","id":"停火"}"#, "`id` is the id of a passage, 16 hexadecimal digits, not `停火`"),
            (r#"{"do":"outline","path_b64":"%"}"#, "`path_b64` is the bytes of a path in base64, not `%`"),
            (r#"{"do":"timeline","terms":[]}"#, "`terms` is a list of one string or more, not `[]`"),
            (r#"{"do":"cite","style":"gost"}"#, "`cite` needs `query`, `id` or `all`"),
            (r#"{"do":"cite","query":"мир"}"#, "`cite` needs `style`"),
            (r#"{"do":"cite","style":"gost","query":"мир","all":true}"#, "`query` and `all` ask for two things"),
            (r#"{"do":"articles","query":"мир"}"#, "`articles` has no field `query`; it has `tag`, `do`"),
            (r#"{"query":"мир","query":"war"}"#, "`query` stands twice"),
            (r#"{"query":"мир","notes":1}"#, "`notes` is true or false, not `1`"),
        ] {
            let said = read(json).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{json}: {said}");
        }
    }

    #[test]
    fn a_tag_comes_back_as_it_was_written() {
        let long = format!("\"{}\"", "停".repeat(100));
        for (tag, expected) in [
            ("7.0", Some("7.0")),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            ("\"\\u505c火\"", Some("\"\\u505c火\"")),
            ("{\"a\":\n  [1]\r\n}", Some("{\"a\":   [1]  }")),
            ("null", Some("null")),
            (&long, None),
        ] {
            let json = format!("{{\"tag\":{tag},\"query\":\"мир\"}}");
            assert_eq!(read(&json).ok().as_ref().and_then(Ask::tag), expected, "{tag}");
            let wrong = read(&json.replace("query", "qery")).unwrap_err();
            assert_eq!(wrong.tag(), expected, "{tag}");
        }
    }
}
