//! What lies in an index: the fields and records of tantivy's documents, and the files around them.
//!
//! - [`schema`]: passages and articles become records of the index, and back;
//! - [`layout`]: the names and small files of an index on disk;
//! - [`generation`], [`regular`]: its files are opened as files, and nothing else is;
//! - [`sealed`]: its files, checked before they are used;
//! - [`damage`]: what is wrong with an index that cannot be used;
//! - [`earlier`]: what indexes of earlier versions hold, to be read alone;
//! - [`json`]: values as JSON that steers nothing.
//!
//! Both directions stand in one place: what writes a record and what reads it back, so that the programs cannot disagree.

pub mod damage;
pub mod earlier;
pub mod generation;
pub mod json;
pub mod layout;
pub mod regular;
pub mod schema;
pub mod sealed;
