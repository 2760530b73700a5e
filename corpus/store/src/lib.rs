//! What lies in an index: the fields and records of tantivy's documents, and the files around them.
//!
//! | room | what it does |
//! | --- | --- |
//! | [`schema`] | passages and articles become records of the index, and back; [`schema::attach`] is the one door to an index |
//! | [`layout`] | the names and small files of an index on disk |
//! | [`generation`], [`regular`] | its files are opened as files, and nothing else is |
//! | [`sealed`] | its files, compared with checksums before they are used |
//! | [`json`] | values as JSON that controls no terminal and ends no line |
//!
//! Both directions stand in one place, what writes a record and what reads it back, so that the programs cannot disagree.

pub mod generation;
pub mod json;
pub mod layout;
pub mod regular;
pub mod schema;
pub mod sealed;
