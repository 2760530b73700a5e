//! A run: the articles of a folder become segments, on all cores, within the memory it may use.

pub(crate) mod allowance;
pub(crate) mod filling;
pub(crate) mod run;
pub(crate) mod segment;
mod slow;
mod tally;
pub(crate) mod work_queue;
