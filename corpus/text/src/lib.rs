//! What an article is, and how its text becomes terms: the ground that `svod-indexer` and `svod-query` share.
//!
//! | room | what it does |
//! | --- | --- |
//! | [`article`] | a text becomes an article: metadata and passages, each with its true address in the source |
//! | [`analysis`] | a text becomes terms, the same when indexing and when searching |
//! | [`language`] | which language a text is in, by its letters |
//! | [`printable()`] | foreign text made safe for a terminal |
//!
//! Pure: text in, values out. This crate opens no file, prints nothing, and reads neither clock nor environment; it knows
//! nothing of tantivy. There is no error type for odd text: any string is an article.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `dictionary` | no | jieba's Chinese dictionary: the indexer needs it, searching does not |

pub mod analysis;
pub mod article;
pub mod language;
mod printable;

pub use printable::{is_dangerous, printable};
