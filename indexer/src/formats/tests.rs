//! Whole documents of each format, and damaged ones by the thousand.

// Helpers of tests are tests too, whatever the lint thinks.
#![allow(clippy::unwrap_used)]

mod documents;
mod linear;
mod mutations;
mod samples;
