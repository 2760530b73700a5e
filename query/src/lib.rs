//! An opened index in, ranked passages out: all that happens after the commit.
//!
//! ```no_run
//! use svod_query::{Index, Request};
//!
//! let index = Index::open("articles")?;
//! for hit in index.search(&Request::new("乌克兰 停火"))?.hits {
//!     println!("{} {}", hit.path.display(), hit.snippet.text);
//! }
//! # Ok::<(), svod_query::QueryError>(())
//! ```
//!
//! | room | what it does |
//! | --- | --- |
//! | `open` | opens an index and reads its records |
//! | `parse`, `relax` | what was typed becomes an expression; never fails |
//! | `plan`, `dictionary` | the expression becomes queries of the engine: what decides, and what ranks |
//! | `sets`, `spans` | queries that the engine does not have |
//! | `chain`, `shape`, `needles`, `fields` | what to find again in the text and the fields of a passage |
//! | `rank`, `explain` | every weight, and what a score is made of |
//! | `search`, `hit` | collects, scores again, folds near-copies, reads the hits; counts all that match |
//! | `articles`, `counts` | the articles and their sections; what counting gives back |
//! | `concordance` | every match between what stands before and after it |
//! | `snippet`, `render` | what is shown, each format in a file of its own |
//!
//! No dictionary is loaded: the index itself says which Chinese words it knows.

mod articles;
mod chain;
#[cfg(feature = "cli")]
pub mod cli;
mod columns;
mod concordance;
mod counts;
mod damage;
mod dictionary;
mod directory;
mod error;
mod explain;
mod fields;
mod hit;
#[cfg(test)]
mod made;
mod needles;
mod open;
mod parse;
mod places;
mod plan;
mod rank;
mod relax;
pub mod render;
mod search;
mod sets;
mod shape;
mod snippet;
mod spans;
mod state;
mod statistics;
mod status;

pub use articles::{ArticleEntry, Outline, OutlineEntry};
pub use concordance::{ConcordanceLine, ConcordanceOrder, concordance};
pub use counts::{By, Count, Counts, Group};
pub use damage::{Check, DamagedFile};
pub use error::QueryError;
pub use explain::{Explanation, TermScore};
pub use hit::{
    Answer, Appeared, Citing, Hit, Known, NearCopy, Neighbour, NoteOf, Shown, Status, TermCount, Total, Unknown,
};
pub use open::Index;
pub use parse::{Warning, WarningPlace};
pub use relax::Relaxation;
pub use search::{Copies, Mode, Notes, Period, Request, Sort, Timeline, TimelineTerm, Words};
pub use snippet::Snippet;
pub use svod_corpus::article::{Date, Kind, Piece};
pub use svod_corpus::language::Language;
pub use svod_corpus::schema::{ParseIdError, PassageId};
