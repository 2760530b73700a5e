//! The program `svod-indexer`: options in, a summary out.

mod help;
mod interrupt;
mod json;
mod progress;
mod summary;
mod watch;

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, Write};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, Parser, ValueHint};
use svod_indexer::{Ending, IndexError, Links, Options, Report, Skipped, changes, index_folder};

/// All files are in the index.
const ALL_IN: u8 = 0;
/// The run finished, but some files were skipped.
const SOME_SKIPPED: u8 = 1;
/// The run failed.
const ERROR: u8 = 2;
/// The run was interrupted, after a last commit.
const INTERRUPTED: u8 = 130;
/// The time after which `--watch` tries an index again that another process is writing.
const LOCKED: Duration = Duration::from_secs(1);

/// Indexes a folder of Chinese, Russian and English articles for svod-query
///
/// Reads Markdown, plain text, HTML, docx, pptx, xlsx, OpenDocument, epub, fb2 and, with pdftotext installed, PDF, in any
/// encoding. The index is written to FOLDER/.svod. Run again, it reads only what is new or has changed; if nothing has, it
/// writes nothing. Files that cannot be read are named with the reason and do not stop the run. It can be stopped at any
/// moment: the next run goes on.
#[derive(Debug, Parser)]
#[command(name = "svod-indexer", version, after_help = help::SHORT, after_long_help = svod_cli::long_help(&help::SECTIONS))]
struct Arguments {
    /// The folder of articles
    #[arg(required_unless_present = "generate", value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
    /// Write the index to DIR instead of FOLDER/.svod
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    index: Option<PathBuf>,
    /// Say what has changed, and write nothing
    #[arg(long, short = 'n', conflicts_with_all = ["rebuild", "optimize", "watch"])]
    dry_run: bool,
    /// Go on and bring the index up to date whenever the folder changes
    #[arg(long, conflicts_with = "json")]
    watch: bool,
    /// Make the whole index anew
    #[arg(long)]
    rebuild: bool,
    /// Merge the index into one segment: smallest, fastest to search
    #[arg(long)]
    optimize: bool,
    /// Read only files that match GLOB, written as in a .gitignore; remembered
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    include: Vec<String>,
    /// Leave out files and folders that match GLOB; remembered
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    exclude: Vec<String>,
    /// Read all text files in the encoding NAME; remembered ["auto": find it out for each]
    #[arg(long, value_name = "NAME", help_heading = FILES)]
    encoding: Option<String>,
    /// Take titles, authors, dates and so on from FILE, the export of a reference manager; remembered
    ///
    /// BibTeX, CSL-JSON, RIS, or a table with a line of names at the top. An entry belongs to the files that it names as
    /// its attachments, else to the document with its DOI, and goes before what they say of themselves.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = FILES)]
    metadata: Option<PathBuf>,
    /// Follow links that lead out of FOLDER, too; remembered
    #[arg(long, overrides_with = "no_follow", help_heading = FILES)]
    follow: bool,
    /// Follow only links that stay in FOLDER, as if nothing were remembered
    #[arg(long, overrides_with = "follow", help_heading = FILES)]
    no_follow: bool,
    /// Forget the patterns, the encoding, --metadata and --follow of earlier runs
    ///
    /// Needed when a damaged index no longer holds them and they are not given again: otherwise files that were left
    /// out would be indexed.
    #[arg(long, help_heading = FILES)]
    forget: bool,
    /// Skip files larger than MB megabytes
    #[arg(long, value_name = "MB", default_value = "64", help_heading = FILES)]
    max_file: NonZeroU64,
    /// Use N threads [default: one for each core]
    #[arg(long, value_name = "N", help_heading = MACHINE)]
    threads: Option<NonZeroUsize>,
    /// Use about MB megabytes of memory
    #[arg(long, value_name = "MB", default_value = "256", help_heading = MACHINE)]
    memory: NonZeroUsize,
    /// Print the report as one line of JSON
    #[arg(long, help_heading = OUTPUT)]
    json: bool,
    /// Print nothing but errors and skipped files
    #[arg(long, short, help_heading = OUTPUT)]
    quiet: bool,
    /// Print the man page, completions for a shell, or the schema of the report
    ///
    /// `svod-indexer --generate complete-fish > ~/.config/fish/completions/svod-indexer.fish`
    #[arg(long, value_name = "WHAT", value_parser = svod_cli::values(&help::SCHEMAS), exclusive = true, hide_short_help = true, help_heading = OUTPUT)]
    generate: Option<String>,
}

const FILES: &str = "Which files, and how they are read";
const MACHINE: &str = "The machine";
const OUTPUT: &str = "Output";

/// Runs the program with these arguments, of which the first is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, stdout: &mut dyn Write, stderr: &mut dyn Write) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(usage) => {
            let printed = usage.print().and_then(|()| stdout.flush());
            return if usage.use_stderr() { ERROR.into() } else { written(printed, ALL_IN, stderr).into() };
        }
    };
    if let Some(what) = &arguments.generate {
        let printed = svod_cli::write(stdout, what, Arguments::command(), &help::SECTIONS, &help::SCHEMAS);
        return written(printed.and_then(|()| stdout.flush()), ALL_IN, stderr).into();
    }
    interrupt::listen(INTERRUPTED);
    let folder = arguments.folder.clone().expect("an argument that is required is there");
    let mut program = Program { folder, arguments, stdout, stderr };
    match program.run() {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = summary::write_error(program.stderr, &error);
            ERROR.into()
        }
    }
}

/// Returns `code`, or [`ERROR`] if the report could not be written. A closed pipe is not an error.
fn written(report: io::Result<()>, code: u8, stderr: &mut dyn Write) -> u8 {
    match report {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = summary::write_not_written(stderr, &error);
            ERROR
        }
        _ => code,
    }
}

struct Program<'p> {
    folder: PathBuf,
    arguments: Arguments,
    stdout: &'p mut dyn Write,
    stderr: &'p mut dyn Write,
}

impl Program<'_> {
    fn run(&mut self) -> Result<u8, IndexError> {
        let mut options = self.options();
        if self.arguments.dry_run {
            let report = changes(&self.folder, &options)?;
            return Ok(self.tell_changes(&report));
        }
        let report = self.index(&options)?;
        let code = self.tell(&report);
        if !self.arguments.watch || code == INTERRUPTED {
            return Ok(code);
        }
        (options.rebuild, options.optimize, options.forget_rules) = (false, false, false);
        self.watch(&options, &report)
    }

    fn options(&self) -> Options {
        let arguments = &self.arguments;
        let mut options = Options::default();
        options.index.clone_from(&arguments.index);
        options.threads = arguments.threads;
        options.memory_bytes = arguments.memory.get().saturating_mul(1 << 20);
        options.max_file_bytes = arguments.max_file.get().saturating_mul(1 << 20);
        options.include.clone_from(&arguments.include);
        options.exclude.clone_from(&arguments.exclude);
        options.encoding.clone_from(&arguments.encoding);
        options.metadata.clone_from(&arguments.metadata);
        options.links = match (arguments.follow, arguments.no_follow) {
            (true, _) => Some(Links::All),
            (_, true) => Some(Links::Inside),
            _ => None,
        };
        options.forget_rules = arguments.forget;
        options.rebuild = arguments.rebuild;
        options.optimize = arguments.optimize;
        options
    }

    fn index(&self, options: &Options) -> Result<Report, IndexError> {
        if self.arguments.quiet {
            return index_folder(&self.folder, options, &mut progress::Silent);
        }
        let mut bar = progress::Bar::default();
        let outcome = index_folder(&self.folder, options, &mut bar);
        bar.clear();
        outcome
    }

    fn tell(&mut self, report: &Report) -> u8 {
        // If this cannot be written, the exit code still tells of skipped files.
        let _ = summary::write_skipped(self.stderr, report);
        written(self.write_report(report), exit_code(report), self.stderr)
    }

    fn write_report(&mut self, report: &Report) -> io::Result<()> {
        let (folder, index) = (&self.folder, &self.arguments.index);
        if self.arguments.json {
            json::write_report(self.stdout, report)?;
        } else if !self.arguments.quiet {
            if self.arguments.optimize && report.ending == Ending::UpToDate {
                writeln!(self.stdout, "merged into one segment: {} of index", summary::size(report.index_bytes))?;
            }
            summary::write_report(self.stdout, folder, index.as_deref(), report)?;
        }
        self.stdout.flush()
    }

    fn tell_changes(&mut self, report: &Report) -> u8 {
        let printed = if self.arguments.json {
            json::write_report(self.stdout, report)
        } else {
            summary::write_changes(self.stdout, report)
        };
        written(printed.and_then(|()| self.stdout.flush()), ALL_IN, self.stderr)
    }

    /// Brings the index up to date whenever the folder changes, until it is interrupted.
    fn watch(&mut self, options: &Options, report: &Report) -> Result<u8, IndexError> {
        let folder = self.folder.clone();
        let (mut watch, why) = watch::Watch::new(&folder, &report.index);
        if let Some(why) = why {
            let _ = summary::write_not_watched(self.stderr, &why);
        }
        if !self.arguments.quiet {
            let _ = writeln!(self.stderr, "watching; Ctrl-C ends it");
        }
        let mut told = Told::of(report);
        // The first update finds changes made between the first run and the start of the watch.
        let mut again = Some(Duration::ZERO);
        while watch.wait(again) {
            again = match index_folder(&folder, options, &mut progress::Silent) {
                Ok(report) => {
                    let again = look_again(&report);
                    self.tell_update(report, &mut told);
                    again
                }
                // The error may pass: the folder may be about to be replaced, or the index locked.
                Err(error) => {
                    let again = if matches!(error, IndexError::Locked { .. }) { LOCKED } else { watch::INTERVAL };
                    self.tell_error(&error, &mut told);
                    Some(again)
                }
            }
        }
        Ok(INTERRUPTED)
    }

    /// Prints the changes of an update, and the files that it skipped but the previous one did not.
    fn tell_update(&mut self, mut report: Report, told: &mut Told) {
        let before = std::mem::replace(told, Told::of(&report));
        report.skipped.retain(|skipped| !before.skipped.contains(&named(skipped)));
        if !report.changes.is_empty() || !report.skipped.is_empty() {
            let _ = summary::write_skipped(self.stderr, &report);
            let _ = summary::write_update(self.stdout, &report);
        }
    }

    /// Prints why the index could not be brought up to date, once for each error.
    fn tell_error(&mut self, error: &IndexError, told: &mut Told) {
        if told.error.replace(error.to_string()) != Some(error.to_string()) {
            let _ = summary::write_error(self.stderr, error);
            let _ = writeln!(self.stderr, "the index stays as it is; trying again");
        }
    }
}

/// The messages already printed, because a watch prints each once.
struct Told {
    skipped: HashSet<(PathBuf, String)>,
    error: Option<String>,
}

impl Told {
    fn of(report: &Report) -> Told {
        Told { skipped: report.skipped.iter().map(named).collect(), error: None }
    }
}

fn named(skipped: &Skipped) -> (PathBuf, String) {
    (skipped.path.clone(), skipped.reason.to_string())
}

/// Returns the interval of checks without an event: changes behind links that lead out of the folder cause none.
fn look_again(report: &Report) -> Option<Duration> {
    (report.rules.links == Links::All).then_some(watch::INTERVAL)
}

fn exit_code(report: &Report) -> u8 {
    match report.ending {
        Ending::Interrupted(_) => INTERRUPTED,
        _ if report.skipped.is_empty() => ALL_IN,
        _ => SOME_SKIPPED,
    }
}
