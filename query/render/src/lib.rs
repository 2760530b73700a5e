//! Answers in the formats that people and programs read: each format one file and one type.
//!
//! | type | writes | hits of an article | besides hits |
//! | --- | --- | --- | --- |
//! | [`Text`] | for people, on a terminal | together | all else |
//! | [`Json`] | JSON Lines, for programs | by rank | all else |
//! | [`Csv`] | tables, for spreadsheets | by rank | articles, counts, timelines, concordances |
//! | [`Markdown`], [`Html`] | reports, to paste or to send | together | a passage |
//! | [`HtmlFragment`] | a part of a page of others | together | |
//! | [`Vimgrep`] | places, for editors | by rank | |
//! | [`Svg`] | a picture | | timelines |
//! | [`Remarks`] | what is said beside answers | | |
//!
//! Those with hits are an [`AnswerWriter`]: they take an answer as a whole, or its hits one by one. [`cite`] has citations,
//! [`ask`] answers requests that come as JSON.

pub mod ask;
mod bar;
pub mod cite;
mod counts;
mod csv;
mod html;
#[allow(unreachable_pub, reason = "`Json` is their face; `ask` writes with them")]
mod json;
mod kwic;
mod language;
mod lines;
mod markdown;
mod paint;
mod report;
mod svg;
mod tables;
#[cfg(test)]
mod test_index;
mod text;
mod timeline;
mod vimgrep;
mod wrap;
mod writer;

pub use csv::Csv;
pub use html::{FRAGMENT_STYLE as HTML_FRAGMENT_STYLE, Html, HtmlFragment};
pub(crate) use json::{
    ErrorLine, Listing, write_answer as write_json, write_articles as write_articles_json,
    write_citations as write_citations_json, write_concordance as write_concordance_json,
    write_counts as write_counts_json, write_error as write_error_json, write_listing as write_listing_json,
    write_outline as write_outline_json, write_shown as write_shown_json, write_status as write_status_json,
    write_timeline as write_timeline_json,
};
pub use json::{answer_json, hit_json};
pub use lines::Json;
pub use markdown::{Markdown, escape as escape_markdown};
pub use paint::{Layout, Links, Paint};
pub use svg::Svg;
pub use text::{Extent, Paths, Remarks, Text, byline};
pub use vimgrep::Vimgrep;
pub use wrap::wrap;
pub use writer::AnswerWriter;

/// The JSON Schema (draft 2020-12) of every line that is written as JSON.
pub const LINES_SCHEMA: &str = include_str!("../schema/json-lines.schema.json");
