//! Tests of the programs and libraries from outside. A file here is compiled only if it is in this list.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

mod citing;
mod counts;
mod damaged;
mod defaults;
mod errors;
mod facts;
mod faults;
mod foreign;
mod formats;
mod golden;
mod helpfulness;
mod home;
mod kinds;
mod language;
mod library;
mod limits;
mod lines;
#[cfg(unix)]
mod links;
mod looking;
#[cfg(target_os = "linux")]
mod memory;
mod messy;
mod oracle;
mod output;
#[cfg(unix)]
mod pdf;
#[cfg(target_os = "linux")]
mod power;
mod programs;
mod pruning;
mod quoting;
mod reading;
mod readme;
mod relevance;
mod rooms;
mod said;
mod schema;
#[cfg(unix)]
mod screen;
mod support;
mod together;
mod updates;
mod upgrade;
mod writer;
mod writer_faults;
