//! Asks as they stand in JSON: the types that are read, and that the published schema is made of.
//!
//! Which fields must be there is said twice, to the schema as `required` and in [`meaning`]: the message names all that
//! is needed. A test of the whole compares the two.

mod meaning;

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::JsonSchema;
use schemars::generate::Contract;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use svod_query::{By, ConcordanceOrder, Copies, Mode, PassageId, QueryError, Request, Sort, Words};
use svod_store::layout::path_from_bytes;

use super::object::{Object, wrong};
use super::{Ask, AskError};
use crate::choice::Choice;
use crate::cite::CiteStyle;
use crate::schema::schema_of;

/// A tag comes back on every line: longer ones would be most of an answer, and deep ones more than readers of JSON take.
const MOST_TAG_BYTES: usize = 200;

/// Reads an ask.
pub(super) fn read(json: &str) -> Result<Ask, AskError> {
    let untagged = |fault| AskError { tag: None, fault };
    let mut object = Object::parse(json).map_err(untagged)?;
    let tag = object.raw("tag");
    if let Some(tag) = tag.filter(|tag| tag.get().len() > MOST_TAG_BYTES) {
        let allowed = format!("JSON of up to {MOST_TAG_BYTES} bytes");
        return Err(untagged(wrong("tag", allowed, tag.get())));
    }
    let tag = tag.map(on_one_line);
    let what = object.read("do").and_then(|wire: Wire| wire.what(object.what));
    match what {
        Ok(what) => Ok(Ask { tag, what }),
        Err(fault) => Err(AskError { tag, fault }),
    }
}

/// Returns JSON on one line in which nothing steers a terminal.
fn on_one_line(json: &RawValue) -> Box<RawValue> {
    let line = svod_store::json::to_string(&json).ok().and_then(|line| RawValue::from_string(line).ok());
    line.unwrap_or_else(|| json.to_owned())
}

/// Returns the JSON Schema of all that is read.
pub(super) fn schema() -> String {
    schema_of::<Wire>(Contract::Deserialize)
}

/// What can be asked for, one JSON object a line. A field that is null is as one that is not there. Other fields are
/// errors.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(tag = "do", deny_unknown_fields, title = "A line of svod-query --requests", transform = with_shared_fields)]
enum Wire {
    /// Hits, then a summary.
    Search(Search),
    /// Hits of a query of which the last word may not be typed to its end.
    SearchAsTyped(Search),
    /// How many passages match, by what they have in common.
    Count(Count),
    /// How many passages match each term, year by year.
    Timeline(Timeline),
    /// Every match between what stands before and after it.
    Concordance(Concordance),
    /// A passage, its notes, what stands around it, and the sections of its article.
    Show(Show),
    /// An article and its sections.
    Outline(Outline),
    /// All articles of the index.
    Articles,
    /// What the index holds.
    Status,
    /// Citations of the articles of hits, of one passage, or of all articles: one of `query`, `id` and `all`.
    Cite(Cite),
}

/// Adds what the reader of the object itself knows: `tag`, and that `do` may be left out of a search.
fn with_shared_fields(schema: &mut schemars::Schema) {
    let tag = format!(
        "Any JSON of up to {MOST_TAG_BYTES} bytes; it comes back, as it was written, on every line of the answer."
    );
    let asks = schema.get_mut("oneOf").and_then(|asks| asks.as_array_mut());
    for (number, ask) in asks.into_iter().flatten().enumerate() {
        ask["properties"]["tag"] = json!({ "description": tag });
        let what = &mut ask["properties"]["do"];
        what["description"] = json!("What to do.");
        if number == 0 {
            let name = what["const"].take();
            *what = json!({"enum": [name, null], "description": "What to do; to search, if it is not said."});
            ask["required"].as_array_mut().into_iter().for_each(|required| required.retain(|field| field != "do"));
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Search {
    /// The order: best first, newest first, oldest first, or by path; `score` if it is not said.
    sort: Option<Choice<Sort>>,
    /// What to search for, in the language of queries; `mode` can change that.
    #[schemars(required)]
    query: Option<String>,
    #[schemars(flatten)]
    matching: Matching,
    /// The most hits; 0 for all; 10 if it is not said.
    limit: Option<usize>,
    #[schemars(flatten)]
    hits: Hits,
    /// The length of a snippet in terminal columns, of which a Han character takes two; 240 if it is not said.
    snippet_columns: Option<usize>,
    /// Whether the notes that each hit cites are read.
    notes: Option<bool>,
    /// The number of passages before each hit that are read too, 100 at most.
    before: Option<usize>,
    /// The number of passages after each hit that are read too, 100 at most.
    after: Option<usize>,
    /// Whether each hit tells how many more passages of its article have all the words.
    more: Option<bool>,
    /// Whether each hit says what its score is made of.
    explain: Option<bool>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Count {
    /// What to count by.
    #[schemars(required)]
    by: Option<Choice<By>>,
    /// What to search for, in the language of queries; `mode` can change that.
    #[schemars(required)]
    query: Option<String>,
    #[schemars(flatten)]
    matching: Matching,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Timeline {
    /// The terms: each a query.
    #[schemars(required, length(min = 1))]
    terms: Option<Terms>,
    #[schemars(flatten)]
    matching: Matching,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Concordance {
    /// The order of the matches: as the hits come, by what stands before or after them reading outward, or by date,
    /// oldest first; `hits` if it is not said.
    order: Option<Choice<ConcordanceOrder>>,
    /// The terminal columns of text on either side; 100 if it is not said.
    context_columns: Option<usize>,
    /// The order of the passages: best first, newest first, oldest first, or by path; `score` if it is not said.
    sort: Option<Choice<Sort>>,
    /// What to search for, in the language of queries; `mode` can change that.
    #[schemars(required)]
    query: Option<String>,
    #[schemars(flatten)]
    matching: Matching,
    /// The most passages whose matches are shown; 0 for all; 200 if it is not said.
    limit: Option<usize>,
    #[schemars(flatten)]
    hits: Hits,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Show {
    #[schemars(required)]
    id: Option<Id>,
    /// The number of passages before and after it; 2 if it is not said.
    around: Option<usize>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("anyOf" = [
    {"required": ["path"], "properties": {"path": {"type": "string"}}},
    {"required": ["path_b64"], "properties": {"path_b64": {"type": "string"}}},
]))]
struct Outline {
    /// The path of its file below the root, as hits have it, or from `/`.
    path: Option<String>,
    /// The bytes of the path in base64, for a path that is not UTF-8; it wins over `path`.
    path_b64: Option<PathBytes>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields, extend("oneOf" = [
    {"required": ["query"], "properties": {"query": {"type": "string"}}},
    {"required": ["id"], "properties": {"id": {"type": "string"}}},
    {"required": ["all"], "properties": {"all": {"const": true}}},
]))]
struct Cite {
    /// The style.
    #[schemars(required)]
    style: Option<Choice<CiteStyle>>,
    id: Option<Id>,
    /// Whether all articles of the index are cited.
    all: Option<bool>,
    /// The order of the hits: best first, newest first, oldest first, or by path; `score` if it is not said.
    sort: Option<Choice<Sort>>,
    /// What to search for, in the language of queries; `mode` can change that.
    query: Option<String>,
    #[schemars(flatten)]
    matching: Matching,
    /// The most hits; 0 for all; 10 if it is not said.
    limit: Option<usize>,
    #[schemars(flatten)]
    hits: Hits,
}

/// What a query and the terms of a timeline share: how they are taken, and a filter.
#[derive(Deserialize, JsonSchema)]
struct Matching {
    /// A query that every hit must fulfil, and that adds nothing to the scores: `lang:zh date:2024..`.
    filter: Option<Filter>,
    /// The number of milliseconds after which it ends with what was found, and `cut` says so; 0 for never. If it is not
    /// said, 1000 where the best hits are searched for, else 0.
    timeout_ms: Option<usize>,
    /// How the query is to be taken: in the language of queries, as plain words, as one quotation, or as one quotation
    /// whose ends may lie inside words; `query` if it is not said.
    mode: Option<Choice<Mode>>,
    /// Which plain words a passage must have: any, all, or all with Han characters that stand together as one word. If
    /// it is not said, `all` for a count, a timeline, or if `sort` is not `score`; else `whole` for a concordance, and
    /// `any` for hits.
    words: Option<Choice<Words>>,
}

/// Which of the passages that match are hits.
#[derive(Deserialize, JsonSchema)]
struct Hits {
    /// The most hits of one article; 0 or not said for any number.
    per_article: Option<usize>,
    /// Whether near-copies are hits of their own, or are named with the first of them; `show` if it is not said.
    copies: Option<Choice<Copies>>,
    /// Whether a query that finds nothing is relaxed, and unknown words are named when little is found.
    help: Option<bool>,
}

/// The id of a passage, as hits have it: 16 hexadecimal digits.
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, with = "String", extend("pattern" = "^[0-9a-fA-F]{16}$"))]
struct Id(PassageId);

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline)]
struct Filter(String);

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(inline, with = "String", extend("contentEncoding" = "base64"))]
struct PathBytes(PathBuf);

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>")]
#[schemars(inline)]
struct Terms(Vec<String>);

impl TryFrom<String> for Id {
    type Error = &'static str;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        written.parse().map(Id).map_err(|_| "the id of a passage, 16 hexadecimal digits")
    }
}

impl TryFrom<String> for Filter {
    type Error = String;

    fn try_from(filter: String) -> Result<Self, Self::Error> {
        let mut request = Request::new("");
        request.filter = filter;
        match request.check_filter() {
            Err(QueryError::Filter { message, .. }) => Err(format!("a query without errors ({message})")),
            _ => Ok(Filter(request.filter)),
        }
    }
}

impl TryFrom<String> for PathBytes {
    type Error = &'static str;

    fn try_from(coded: String) -> Result<Self, Self::Error> {
        let bytes = BASE64.decode(coded).map_err(|_| "the bytes of a path in base64")?;
        Ok(PathBytes(path_from_bytes(&bytes)))
    }
}

impl TryFrom<Vec<String>> for Terms {
    type Error = &'static str;

    fn try_from(terms: Vec<String>) -> Result<Self, Self::Error> {
        if terms.is_empty() { Err("a list of one string or more") } else { Ok(Terms(terms)) }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::ask::What;

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
