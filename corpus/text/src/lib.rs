//! What an article is, and how its text becomes terms. `svod-indexer` and `svod-query` both build on this crate.
//!
//! - [`article`]: a text becomes an article, a list of passages with their offsets in the source;
//! - [`language`]: the language of a text, guessed from its letters;
//! - [`analysis`]: a text becomes terms, the same for articles and queries;
//! - [`printable()`]: foreign text made safe for a terminal;
//! - [`composed`]: letters and their accents as one character, to compare names.
//!
//! The crate is pure: it opens no file, prints nothing, and reads neither clock nor environment. There is no error type
//! for odd text: any string is an article.

pub mod analysis;
pub mod article;
mod composed;
pub mod language;
mod printable;

pub use composed::composed;
pub use printable::{is_dangerous, printable};
