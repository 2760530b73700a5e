//! Full-text search over policy documents in Chinese, Russian and English: an opened index in, ranked passages out.
//!
//! What is found is a **passage**: a paragraph, a note, a heading, a table, with its true place in the file it came from
//! and what was found marked in it. An index is made by the `svod-indexer` library or program, of a folder of files or of
//! texts that an app hands over; here it is opened, on disk or in memory, and asked.
//!
//! ```
//! use svod_indexer::{Memory, Text, Writer};
//! use svod_query::{Index, Request};
//!
//! let memory = Memory::new();
//! let mut writer = Writer::in_memory(&memory)?;
//! writer.add(Text::new("zh/1", "双方同意在十一月前恢复停火谈判。"))?;
//! writer.add(Text::new("ru/1", "Стороны договорились возобновить переговоры о перемирии."))?;
//! writer.commit()?;
//!
//! let index = Index::in_memory(&memory)?; // or Index::open("articles")
//! for hit in index.search(&Request::new("停火 переговор"))?.hits {
//!     println!("{} {}", hit.path.display(), hit.snippet.marked("[", "]"));
//! }
//! # assert_eq!(index.search(&Request::new("停火 переговор"))?.hits.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What an app can ask
//!
//! | to | there is |
//! | --- | --- |
//! | open one index | [`Index::open`], [`Index::in_memory`], [`Index::find`] |
//! | open several as one, ranked together | [`Index::union`] |
//! | see what was committed since | [`Index::reload`] |
//! | search | [`Index::search`] with a [`Request`]; [`Index::search_as_typed`] for a last word that is not typed to its end |
//! | read all hits one by one | [`Index::hits`] |
//! | search within something | [`Request::filter`]: `lang:zh date:2024.. author:林舟` |
//! | count all that match | [`Index::count`] by year, language, author …; [`Index::timeline`] |
//! | read around a passage | [`Index::show`], [`Request::before`], [`Request::notes`] |
//! | list what there is | [`Index::articles`], [`Index::outline`], [`Index::status`] |
//! | see every match in its context | [`concordance()`] |
//! | check that the files are whole | [`Index::check`] |
//!
//! Answers as text, JSON, CSV, Markdown, HTML and citations, and requests that come as JSON, are in `svod-render`. All that
//! the program `svod-query` does, it does with what is public in these two.
//!
//! ```
//! # use svod_indexer::{Date, Memory, Text, Writer};
//! use svod_query::{By, Index, Request};
//! # let memory = Memory::new();
//! # let mut writer = Writer::in_memory(&memory)?;
//! # writer.add(Text::new("1", "制裁与能源。").date(Date::parse("2024-05").unwrap()))?;
//! # writer.add(Text::new("2", "制裁与粮食。").date(Date::parse("2025").unwrap()))?;
//! # writer.commit()?;
//! # let index = Index::in_memory(&memory)?;
//! assert_eq!(index.search(&Request::new("制裁").filter("date:2025"))?.total.count(), 1);
//! for count in index.count(&Request::new("制裁"), By::Year)?.groups {
//!     println!("{}: {} passages", count.group, count.passages);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Threads and time
//!
//! An [`Index`] is `Send` and `Sync`, and cheap to clone: open it once and share it. A search runs on the thread that asks
//! and sees one commit from its beginning to its end, whatever is written meanwhile. There is no global state; nothing is
//! printed, logged, or read from the environment; nothing is ever written. Any string is a query; what was mended or
//! left out stands in the answer's warnings.
//!
//! With a [`Request::deadline`] no query takes longer, whatever it asks for, and [`Answer::cut`] says of which there may be
//! more; a [`Cancel`] ends one from another thread. Lists of a search hold no more than 256 MB at a time. The programs set
//! one second for the best hits and none where nothing may be missing. [`Index::hits`] reads hits one by one, so that all
//! of them need little memory.
//!
//! On one core of a common server: opening 1 to 5 ms, a search of ten hits 1 to 3 ms in 100 MB of text and 5 ms in 1 GB, a
//! count of a word by year 0.1 ms. Files are mapped, not read: memory is that of the answers and of the pages in use.
//!
//! # Errors
//!
//! [`QueryError`] is all there is: an index that is not there, is of another version, cannot be read, or is damaged, and a
//! filter that cannot be understood. A query is never an error. After a failed [`Index::reload`] the index answers as
//! before.
//!
//! What is read of an index is compared with checksums first, so damage makes no wrong answer but an error that names the
//! files, and no panic goes through a call. One thing is not compared while searching: the middle of a dictionary of terms
//! of more than 256 KB, of which a search reads a few bytes; there damage may lose hits. [`Index::check`] compares
//! everything.
//!
//! # Stability
//!
//! Versions are semantic; before 1.0 a change that breaks apps raises the second number. Structs and enums that may grow
//! are `#[non_exhaustive]`. No type of tantivy or of another crate but svod's own shows in a signature, so a new tantivy
//! breaks nothing here. Scores, the order of hits and the words of messages may change with any version; the format of the
//! index has a version of its own, and an index of another version is a [`QueryError::OtherVersion`]. So has JSON: fields
//! are added, and none changes its meaning within a version. A newer Rust may be asked for with a new second number.
//!
//! # Inside
//!
//! | room | what it does |
//! | --- | --- |
//! | `index` | opens an index, or several as one; what was read of it at one commit; whether its files are whole |
//! | `parse` | what was typed becomes an expression; never fails |
//! | `plan` | the expression becomes tantivy queries: what decides which passages are hits, and what ranks them |
//! | `search` | collects, scores again, folds near-copies, reads the hits; counts everything that matches |
//! | `ranking` | every weight with its reason, and what a score is made of |
//! | `matching` | finds in the text of a passage what the query asks for; cuts snippets |
//! | `library` | articles, outlines, status, concordances |
//! | `answer` | the values that come back, which know nothing of how they are made |
//! | `request`, `budget` | what is asked; how much a search may do |
//! | `columns` | text by its width in terminal columns |
//!
//! No dictionary is loaded: the index itself says which Chinese words it knows.

mod answer;
mod budget;
pub mod columns;
mod error;
mod index;
mod library;
mod matching;
mod parse;
mod plan;
mod ranking;
mod request;
mod search;
#[cfg(test)]
mod test_index;

pub use answer::article::{ArticleEntry, Outline, OutlineEntry};
pub use answer::concordance::ConcordanceLine;
pub use answer::counts::{By, Count, Counts, Group};
pub use answer::explanation::{Explanation, TermScore};
pub use answer::hit::{Answer, Citing, Cut, Hit, Known, NearCopy, Neighbour, NoteOf, Shown, TermCount, Total, Unknown};
pub use answer::snippet::Snippet;
pub use answer::status::{Check, Status};
pub use answer::timeline::{Period, Timeline, TimelineTerm};
pub use answer::warning::{Relaxation, Warning, WarningPlace};
pub use budget::PATIENCE;
pub use error::{QueryError, with_causes};
pub use index::open::Index;
pub use library::concordance::{ConcordanceOrder, concordance};
pub use request::{Cancel, Copies, MOST_AROUND, Mode, Notes, Request, Sort, Words};
pub use search::each::Hits;
pub use svod_store::damage::{Damage, DamagedFile, VersionMismatch};
pub use svod_store::schema::{Memory, ParseIdError, PassageId};
pub use svod_text::article::{Appeared, AppearedMut, AppearedValue, Date, Kind, Piece};
pub use svod_text::language::Language;
pub use svod_text::printable;
