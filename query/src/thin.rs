//! The program as an app: compiled once more, outside the library, with nothing but what apps can use. What it would need
//! and they cannot have does not compile. Built with the tests.

use std::process::ExitCode;

pub use svod_query::*;

pub mod cli;

fn main() -> ExitCode {
    cli::run(std::env::args_os(), &mut std::io::stdout().lock(), &mut std::io::stderr())
}
