//! A run: the articles of a folder become segments, on all cores, within the memory it may use.

pub(crate) mod allowance;
pub(crate) mod filling;
pub(crate) mod run;
#[cfg(any(test, not(feature = "tantivy-writer")))]
mod segment;
mod slow;
mod tally;
#[cfg(any(test, feature = "tantivy-writer"))]
mod tantivy_segment;
pub(crate) mod work_queue;
pub(crate) mod write_segment;
