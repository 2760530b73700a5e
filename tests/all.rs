//! The house seen from outside. A file here is compiled only when it is in this list.

mod errors;
mod golden;
mod library;
mod oracle;
mod programs;
mod readme;
mod relevance;
mod support;
