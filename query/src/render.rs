//! Answers in the formats that people and programs read: each format one file.

mod json;
mod paint;
mod text;
mod wrap;

pub use json::{
    write_answer as write_json, write_articles as write_articles_json, write_outline as write_outline_json,
    write_shown as write_shown_json, write_status as write_status_json,
};
pub use paint::{Layout, Links, Paint};
pub use text::{
    Extent, Paths, write_answer as write_text, write_articles as write_articles_text,
    write_outline as write_outline_text, write_remarks, write_shown as write_shown_text,
    write_status as write_status_text, write_terms,
};
#[cfg(feature = "screen")]
pub(crate) use wrap::wrap;
