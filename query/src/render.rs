//! Answers in the formats that people and programs read: each format one file.

mod csv;
mod html;
mod json;
mod language;
mod markdown;
mod paint;
mod report;
mod text;
mod vimgrep;
mod wrap;

pub use csv::{write_answer as write_csv, write_heading as write_csv_heading};
pub use html::{write_answer as write_html, write_end as write_html_end, write_start as write_html_start};
pub use markdown::write_answer as write_markdown;
pub use vimgrep::write_answer as write_vimgrep;

pub use json::{write_answer as write_json, write_status as write_status_json};
pub use text::{
    Extent, Layout, Paint, Paths, write_answer as write_text, write_remarks, write_status as write_status_text,
    write_terms,
};
