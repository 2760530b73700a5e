//! What an article is, and how its text becomes terms: the ground that `svod-indexer` and `svod-query` share.
//!
//! - [`article`]: a text becomes an article, a list of passages with their true addresses in the source;
//! - [`language`]: which language a text is in, by its letters;
//! - [`analysis`]: a text becomes terms, the same on both sides;
//! - [`printable`]: foreign text made safe for a terminal;
//! - [`composed`]: letters and their accents as one character, to compare names.
//!
//! Pure: text in, values out. This crate opens no file, prints nothing, and reads neither clock nor environment. There is
//! no error type for odd text: any string is an article.

pub mod analysis;
pub mod article;
mod composed;
pub mod language;
mod printable;

pub use composed::composed;
pub use printable::{is_dangerous, printable};
