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
pub use json::{
    write_answer as write_json, write_articles as write_articles_json, write_outline as write_outline_json,
    write_shown as write_shown_json, write_status as write_status_json,
};
pub use markdown::write_answer as write_markdown;
pub use paint::{Layout, Links, Paint};
pub use text::{
    Extent, Paths, write_answer as write_text, write_articles as write_articles_text,
    write_outline as write_outline_text, write_remarks, write_shown as write_shown_text,
    write_status as write_status_text, write_terms,
};
pub use vimgrep::write_answer as write_vimgrep;
