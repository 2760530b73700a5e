//! Answers in the formats that people and programs read: each format one file.

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

pub use counts::{write_count_remarks, write_counts, write_path_counts, write_paths};
pub use csv::{
    write_answer as write_csv, write_articles as write_articles_csv, write_heading as write_csv_heading,
    write_hit as write_csv_hit,
};
pub use html::{
    FRAGMENT_STYLE as HTML_FRAGMENT_STYLE, write_answer as write_html, write_end as write_html_end,
    write_fragment as write_html_fragment, write_hit_fragment as write_hit_html_fragment,
    write_shown as write_shown_html, write_start as write_html_start,
};
pub(crate) use json::{
    Listed, write_citations as write_citations_json, write_error as write_error_json,
    write_listing as write_listing_json,
};
pub use json::{
    answer_json, hit_json, lines_schema, write_answer as write_json, write_articles as write_articles_json,
    write_concordance as write_concordance_json, write_counts as write_counts_json, write_hit as write_hit_json,
    write_outline as write_outline_json, write_shown as write_shown_json, write_status as write_status_json,
    write_summary as write_summary_json, write_timeline as write_timeline_json,
};
pub use kwic::{write_kwic, write_kwic_remarks};
pub use markdown::{escape as escape_markdown, write_answer as write_markdown, write_shown as write_shown_markdown};
pub use paint::{Layout, Links, Paint};
pub use svg::write_svg;
pub use tables::{
    write_concordance as write_concordance_csv, write_counts as write_counts_csv, write_timeline as write_timeline_csv,
};
pub use text::{
    Extent, Paths, byline, write_answer as write_text, write_articles as write_articles_text,
    write_outline as write_outline_text, write_remarks, write_remarks_of, write_shown as write_shown_text,
    write_status as write_status_text, write_terms,
};
pub use timeline::{write_timeline, write_timeline_remarks};
pub use vimgrep::{Sources, write_answer as write_vimgrep, write_hit as write_vimgrep_hit};
pub use wrap::wrap;
