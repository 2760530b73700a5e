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
//!
//! Nothing is printed, and neither the terminal nor the environment is asked. Text of documents is escaped for where it
//! goes: a terminal, a table, a page.
//!
//! ```
//! use svod_indexer::{Memory, Text, Writer};
//! use svod_query::{Index, Request};
//!
//! let memory = Memory::new();
//! let mut writer = Writer::in_memory(&memory)?;
//! writer.add(Text::new("zh/1", "双方同意在十一月前恢复停火谈判。"))?;
//! writer.commit()?;
//!
//! let index = Index::in_memory(&memory)?;
//! let answer = index.search(&Request::new("停火"))?;
//! assert!(svod_render::hit_json(&answer.hits[0]).starts_with(r#"{"rank":1"#));
//!
//! let mut lines = Vec::new();
//! svod_render::ask::answer(r#"{"query":"停火","limit":5}"#, &index, 0, &mut lines)?;
//! assert_eq!(lines.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count(), 2); // a hit and the summary
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod ask;
mod bar;
mod choice;
pub mod cite;
mod counts;
mod csv;
mod html;
mod json;
mod kwic;
mod language;
mod markdown;
mod paint;
mod report;
mod schema;
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
pub use json::{Json, answer_json, hit_json, lines_schema};
pub use markdown::{Markdown, escape as escape_markdown};
pub use paint::{Layout, Links, Paint};
pub use svg::Svg;
pub use text::{Extent, Paths, Remarks, Text, byline};
pub use vimgrep::Vimgrep;
pub use wrap::wrap;
pub use writer::AnswerWriter;
