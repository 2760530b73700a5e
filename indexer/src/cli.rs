//! The program: options in, a summary out.

mod json;
mod progress;
mod summary;

use std::ffi::OsString;
use std::io::Write;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::{IndexError, Options, Progress, index_folder};

/// All files are in the index.
const ALL_IN: u8 = 0;
/// The run finished, but some files were skipped.
const SOME_SKIPPED: u8 = 1;
/// It did not work.
const ERROR: u8 = 2;

/// Indexes a folder of Chinese, Russian and English articles for svod-query
///
/// Reads Markdown, plain text, HTML, docx, epub and, with pdftotext installed, PDF, in any encoding. The index is written to FOLDER/.svod and replaced, when it is run again, only
/// by a whole new one. Files that cannot be read are named with the reason and do not stop the run.
#[derive(Debug, Parser)]
#[command(name = "svod-indexer", version, after_help = AFTER_HELP)]
struct Arguments {
    /// The folder of articles
    folder: PathBuf,
    /// Write the index to DIR instead of FOLDER/.svod
    #[arg(long, value_name = "DIR")]
    index: Option<PathBuf>,
    /// Use N threads [default: one for each core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Use about MB megabytes of memory
    #[arg(long, value_name = "MB", default_value = "256")]
    memory: NonZeroUsize,
    /// Skip files larger than MB megabytes
    #[arg(long, value_name = "MB", default_value = "64")]
    max_file: NonZeroU64,
    /// Read all text files in the encoding NAME instead of finding it out
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Print the report as one line of JSON
    #[arg(long)]
    json: bool,
    /// Print nothing but errors and skipped files
    #[arg(long, short)]
    quiet: bool,
}

const AFTER_HELP: &str = "\
Files and folders that a `.svodignore` file names (written like a .gitignore) are left out.

Exit status: 0 all files are in, 1 finished but some files were skipped, 2 error.

Examples:
  svod-indexer articles
  svod-indexer articles --index ~/indexes/articles";

/// Runs the program with these arguments, the first of them its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let code = if usage.use_stderr() { ERROR } else { ALL_IN };
            let _ = usage.print();
            return code.into();
        }
    };
    match index(&arguments, stdout, stderr) {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = summary::write_error(stderr, &error);
            ERROR.into()
        }
    }
}

fn index(arguments: &Arguments, stdout: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, IndexError> {
    let options = Options {
        index: arguments.index.clone(),
        threads: arguments.threads,
        memory_bytes: arguments.memory.get().saturating_mul(1 << 20),
        max_file_bytes: arguments.max_file.get().saturating_mul(1 << 20),
        encoding: arguments.encoding.clone(),
    };
    let bar = progress::Bar::new();
    let progress: &dyn Progress = if arguments.quiet { &() } else { &bar };
    let outcome = index_folder(&arguments.folder, &options, progress);
    bar.clear();
    let report = outcome?;
    // A closed pipe must not turn a good run into a bad one.
    let _ = summary::write_skipped(stderr, &report);
    if arguments.json {
        let _ = json::write_report(stdout, &report);
    } else if !arguments.quiet {
        let _ = summary::write_report(stdout, &arguments.folder, arguments.index.as_deref(), &report);
    }
    Ok(if report.skipped.is_empty() { ALL_IN } else { SOME_SKIPPED })
}
