//! What an article is, and how its text becomes terms: the ground that
//! `svod-indexer` and `svod-query` share.
//!
//! - [`article`]: a text becomes an article, a list of passages with their
//!   true addresses in the source;
//! - [`language`]: which language a text is in, by its letters;
//! - [`analysis`]: a text becomes terms, the same on both sides;
//! - [`schema`]: passages and articles become records of the index, and back;
//! - [`layout`]: the names and small files of an index on disk;
//! - [`json`]: values as JSON that steers nothing;
//! - [`generation`], [`regular`]: its files are opened as files, and nothing else is;
//! - [`sealed`]: its files, checked before they are used;
//! - [`printable`]: foreign text made safe for a terminal.
//!
//! Pure: but for [`regular`] and [`generation`] this crate opens no file, and it
//! prints nothing, reads no clock and no environment. There is no error type for odd text: any string is an article.

pub mod analysis;
pub mod article;
pub mod generation;
pub mod json;
pub mod language;
pub mod layout;
mod printable;
pub mod regular;
pub mod schema;
pub mod sealed;

pub use printable::printable;
