//! Whole documents of each format, and damaged ones by the thousand.

mod documents;
mod mutations;
mod samples;
