//! Answers as text for people and as JSON Lines for programs.

mod json;
mod text;
mod wrap;

pub use json::{write_answer as write_json, write_status as write_status_json};
pub use text::{
    Layout, Paint, write_answer as write_text, write_remarks, write_status as write_status_text, write_terms,
};
#[cfg(feature = "screen")]
pub(crate) use wrap::wrap;
