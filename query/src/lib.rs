//! An opened index in, ranked passages out: all that happens after the commit.
//!
//! ```no_run
//! use svod_query::{Index, Request};
//!
//! let index = Index::open("articles".as_ref())?;
//! for hit in index.search(&Request::new("乌克兰 停火"))?.hits {
//!     println!("{} {}", hit.path.display(), hit.snippet.text);
//! }
//! # Ok::<(), svod_query::QueryError>(())
//! ```
//!
//! `open` opens an index; `parse` turns what was typed into an expression and
//! never fails; `plan` turns that into terms of the index; `rank` holds every
//! weight and `fields` and `needles` find what is weighed; `search` collects the hits; `snippet` finds what to show of them;
//! `render` writes them as text or JSON Lines. No dictionary is loaded: the
//! index itself says which Chinese words it knows.

mod chain;
#[cfg(feature = "cli")]
pub mod cli;
mod dictionary;
mod error;
mod explain;
mod fields;
mod hit;
mod needles;
mod open;
mod parse;
mod plan;
mod rank;
mod relax;
pub mod render;
mod search;
mod sets;
mod shape;
mod snippet;
mod spans;

pub use error::QueryError;
pub use explain::{Explanation, TermScore};
pub use hit::{Answer, Appeared, Citing, Hit, Known, NearCopy, NoteOf, Status, TermCount, Total, Unknown};
pub use open::Index;
pub use parse::Warning;
pub use relax::Relaxation;
pub use search::{Copies, Mode, Notes, Request};
pub use snippet::Snippet;
pub use svod_corpus::article::{Date, Kind, Piece};
pub use svod_corpus::language::Language;
pub use svod_corpus::schema::PassageId;
