//! An answer: a line for each hit, then a summary; or all of it as one value.

use schemars::JsonSchema;
use serde::Serialize;
use svod_query::{Answer, Cut, Index, Known, Relaxation, TermCount};

use super::VERSION;
use super::hit::{HitPart, hit_part};
use super::parts::{
    CutName, Exactness, Finished, Milliseconds, Roots, TotalPart, WarningPart, exactness, milliseconds, total_part,
    warning_parts,
};
use crate::choice::Choice;

/// Returns an answer as one JSON object, for a web app: what the summary line has, but for `type` and `query`, and `hits`.
pub fn answer_json(text: &str, index: &Index, answer: &Answer) -> String {
    let hits = answer.hits.iter().map(hit_part).collect();
    let answer =
        AnswerPart { version: VERSION, summary: HitsSummary::of(text, index, answer, answer.hits.len()), hits };
    svod_store::json::to_string(&answer).expect("an answer has strings, numbers and lists only")
}

#[derive(Serialize, JsonSchema)]
pub(super) struct HitsSummary<'a> {
    /// The query, as it was given.
    text: &'a str,
    #[serde(flatten)]
    roots: Roots,
    #[serde(flatten)]
    total: TotalPart,
    #[schemars(with = "Option<CutName>")]
    cut: Option<&'static str>,
    /// The number of hits before this line.
    returned: usize,
    elapsed_ms: Milliseconds,
    /// Whether nothing has all that the query requires, and so most or any of its words were searched for, which a
    /// request can allow with `help`; else null.
    #[schemars(with = "Option<Choice<Relaxation>>")]
    relaxed: Option<&'static str>,
    /// The last word of the query if it stood for all words that begin so, which `search_as_typed` does; else null.
    beginning: Option<&'a str>,
    /// What was searched for.
    terms: Vec<TermPart<'a>>,
    /// Words of the query that the index does not know, if nothing was found, or little and `help` was asked for.
    unknown: Vec<UnknownPart<'a>>,
    /// What was mended in the query or left out.
    warnings: Vec<WarningPart>,
    finished: Finished,
}

/// An answer as one value.
#[derive(Serialize)]
struct AnswerPart<'a> {
    version: u32,
    #[serde(flatten)]
    summary: HitsSummary<'a>,
    hits: Vec<HitPart<'a>>,
}

/// A term.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "term")]
struct TermPart<'a> {
    /// The term, folded; a form of a word ends in `*`.
    term: &'a str,
    /// In how many passages it stands, headings and lines of metadata too; a lower bound where `passages_is` says so.
    passages: u64,
    /// Whether `passages` is exact, or at least as many have it.
    passages_is: Exactness,
    /// How much it tells.
    weight: f32,
}

/// A word that the index does not know.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "unknown_word")]
struct UnknownPart<'a> {
    /// The word, folded.
    word: &'a str,
    /// The nearest words that it knows, nearest first.
    nearest: Vec<KnownPart<'a>>,
}

/// A word of the index.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "known_word")]
struct KnownPart<'a> {
    /// The word, folded.
    term: &'a str,
    /// In how many passages it stands.
    passages: u64,
    /// Whether `passages` is exact, or at least as many have it.
    passages_is: Exactness,
}

impl<'a> HitsSummary<'a> {
    /// Returns the summary of an answer of which `returned` hits were written.
    pub(super) fn of(text: &'a str, index: &Index, answer: &'a Answer, returned: usize) -> HitsSummary<'a> {
        HitsSummary {
            text,
            roots: Roots::of(index),
            total: total_part(answer.total),
            cut: answer.cut.map(Cut::name),
            returned,
            elapsed_ms: milliseconds(answer.elapsed),
            relaxed: answer.relaxed.map(Relaxation::name),
            beginning: answer.beginning.as_deref(),
            terms: term_parts(&answer.terms),
            unknown: answer
                .unknown
                .iter()
                .map(|unknown| UnknownPart { word: &unknown.word, nearest: known_parts(&unknown.nearest) })
                .collect(),
            warnings: warning_parts(&answer.warnings),
            finished: Finished(answer.is_finished),
        }
    }
}

fn term_parts(terms: &[TermCount]) -> Vec<TermPart<'_>> {
    let mut parts = Vec::with_capacity(terms.len());
    for TermCount { term, passages, weight, .. } in terms {
        parts.push(TermPart { term, passages: passages.count(), passages_is: exactness(*passages), weight: *weight });
    }
    parts
}

fn known_parts(words: &[Known]) -> Vec<KnownPart<'_>> {
    let mut parts = Vec::with_capacity(words.len());
    for Known { word, passages, .. } in words {
        parts.push(KnownPart { term: word, passages: passages.count(), passages_is: exactness(*passages) });
    }
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use svod_query::Request;

    use super::super::Json;
    use super::*;
    use crate::AnswerWriter;
    use crate::test_index::index_of;

    #[test]
    fn an_answer_as_one_value_says_what_its_lines_say() {
        let index = index_of("停火.md", "# 停火\n\nмир и war\n\n停火 мир");
        for query in ["停火 мир (war", "zzz"] {
            let answer = index.search(&Request::new(query)).unwrap();
            let mut lines = Vec::new();
            Json::new(&mut lines, &index).number(7).answer(query, &answer).unwrap();
            let lines = String::from_utf8(lines).unwrap();
            let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            for line in &mut lines {
                let line = line.as_object_mut().unwrap();
                assert!(line.remove("type").is_some() && line.remove("query").is_some());
            }
            let mut whole: Value = serde_json::from_str(&answer_json(query, &index, &answer)).unwrap();
            let hits = whole.as_object_mut().unwrap().remove("hits").unwrap();
            assert_eq!(Some(whole), lines.pop());
            assert_eq!(hits, Value::Array(lines));
        }
    }
}
