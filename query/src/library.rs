//! What is asked of a library rather than of its best passages: its articles, every match of a query, what an index holds.

pub(crate) mod articles;
pub(crate) mod concordance;
pub(crate) mod status;
