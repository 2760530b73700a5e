//! JSON Lines, version 1: a line for each hit, then a summary.
//!
//! The records here are a format of their own: renaming a field of the library
//! changes nothing for those who read the lines. New fields may be added;
//! none changes its meaning within a version. What steers a terminal, or ends a line for some, stands as an escape.

mod answer;
mod concordance;
mod counts;
mod ending;
mod hit;
mod library;
mod parts;
mod status;

use std::io::{self, Write};

use schemars::generate::Contract;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::json;

use svod_query::{Answer, Hit, Index};

use self::answer::HitsSummary;
pub use self::answer::answer_json;
use self::concordance::{MatchPart, MatchesSummary};
use self::counts::{CountPart, CountsSummary, YearPart, YearsSummary};
pub use self::ending::Fault;
use self::ending::{CitationsPart, ErrorPart, ListSummary};
pub(crate) use self::ending::{Listed, write_error};
use self::hit::HitPart;
pub use self::hit::hit_json;
use self::library::{ArticlePart, SectionPart};
use self::status::StatusPart;
use crate::schema::schema_of;
use crate::writer::AnswerWriter;

/// Writes JSON Lines, version 1: a line for each thing, then a summary. [`lines_schema`] has the fields.
pub struct Json<'w> {
    out: &'w mut dyn Write,
    index: &'w Index,
    number: usize,
    query: String,
    returned: usize,
}

impl<'w> Json<'w> {
    /// Returns a writer of what an index answers.
    pub fn new(out: &'w mut dyn Write, index: &'w Index) -> Json<'w> {
        Json { out, index, number: 0, query: String::new(), returned: 0 }
    }

    /// Sets the number of what was asked, the field `query` of every line: 0 if it is not set.
    #[must_use]
    pub fn number(self, number: usize) -> Json<'w> {
        Json { number, ..self }
    }
}

/// Hits in their order, then a summary of as many as were written.
impl AnswerWriter for Json<'_> {
    fn begin(&mut self, query: &str, _: &Answer) -> io::Result<()> {
        query.clone_into(&mut self.query);
        self.returned = 0;
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.returned += 1;
        self.passage(hit)
    }

    fn end(&mut self, answer: &Answer) -> io::Result<()> {
        let summary = HitsSummary::of(&self.query, self.index, answer, self.returned);
        write_line(self.out, Line::SummaryOfHits(Versioned::new(self.number, summary)))
    }
}

/// The version of the format.
const VERSION: u32 = 1;

/// Every line that svod-query writes as JSON, version 1. Lengths and offsets are bytes of UTF-8, lines, ranks and pages
/// count from 1. What is not known is null. Fields may be added within a version: readers pass over what they do not
/// know.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(title = "A line of svod-query --json", transform = with_shared_fields)]
#[expect(clippy::large_enum_variant, reason = "a line lives until it is written")]
enum Line<'a> {
    /// A passage that was found, or asked for by its id.
    Hit(Numbered<HitPart<'a>>),
    /// A match between what stands before and after it.
    Match(Numbered<MatchPart<'a>>),
    /// A group of the passages that match.
    Count(Numbered<CountPart>),
    /// A year of a timeline.
    Year(Numbered<YearPart<'a>>),
    /// An article of the index.
    Article(Versioned<ArticlePart<'a>>),
    /// A section of the article before it, in the order of the text.
    Section(Numbered<SectionPart<'a>>),
    /// Citations, as `--cite` prints them.
    Citations(Versioned<CitationsPart<'a>>),
    /// What the index holds.
    Status(Versioned<StatusPart<'a>>),
    /// Why a line of the input has no answer. It is the only line for it.
    Error(Versioned<ErrorPart<'a>>),
    /// Ends the hits of a query.
    #[serde(rename = "summary")]
    SummaryOfHits(Versioned<HitsSummary<'a>>),
    /// Ends a concordance.
    #[serde(rename = "summary")]
    SummaryOfMatches(Versioned<MatchesSummary<'a>>),
    /// Ends a count.
    #[serde(rename = "summary")]
    SummaryOfCounts(Versioned<CountsSummary<'a>>),
    /// Ends a timeline.
    #[serde(rename = "summary")]
    SummaryOfYears(Versioned<YearsSummary<'a>>),
    /// Ends the answer to a request that lists, shows or cites.
    #[serde(rename = "summary")]
    SummaryOfList(Versioned<ListSummary>),
}

/// Adds what no line has of itself: the tag of the request, and a sentence about `type`. Lines may come to look like each
/// other as fields are added, so one that fits is enough.
fn with_shared_fields(schema: &mut Schema) {
    let mut lines = schema.remove("oneOf").unwrap_or_default();
    for line in lines.as_array_mut().into_iter().flatten() {
        let fields = &mut line["properties"];
        fields["type"]["description"] = json!("What this line is.");
        let tag = "What the request had as its tag, as it was written; not there if it had none.";
        fields["tag"] = json!({ "description": tag });
    }
    schema.insert("anyOf".to_owned(), lines);
}

/// Returns the JSON Schema (draft 2020-12) of every line that is written as JSON. It is made anew at each call.
pub fn lines_schema() -> String {
    schema_of::<Line<'static>>(Contract::Serialize)
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct Numbered<T> {
    /// Which line of the input is answered, counted from 0; 0 where there is only one query.
    query: usize,
    #[serde(flatten)]
    part: T,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
struct Versioned<T> {
    /// The version of the format: fields may be added within it, none changes its meaning.
    #[schemars(extend("const" = VERSION))]
    version: u32,
    /// Which line of the input is answered, counted from 0; 0 where there is only one query.
    query: usize,
    #[serde(flatten)]
    part: T,
}

impl<T> Numbered<T> {
    fn new(query: usize, part: T) -> Numbered<T> {
        Numbered { query, part }
    }
}

impl<T> Versioned<T> {
    fn new(query: usize, part: T) -> Versioned<T> {
        Versioned { version: VERSION, query, part }
    }
}

fn write_line(out: &mut dyn Write, line: Line<'_>) -> io::Result<()> {
    svod_store::json::write_line(out, &line)
}
