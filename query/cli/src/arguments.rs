//! The options of the command line.

pub(crate) mod citing;
pub(crate) mod counting;
pub(crate) mod help;
pub(crate) mod usage;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ColorChoice, Parser, ValueEnum};
use svod_query::PassageId;

use self::citing::Citing;
use self::counting::Counting;

/// Searches an index of svod-indexer: ranked passages with what was found marked
///
/// All QUERY words are one query. Words are searched by best match, in any of their forms. The shell eats quotation
/// marks: write '"…"', or use --exact.
#[derive(Debug, Parser)]
#[command(name = "svod-query", version, args_override_self = true)]
#[command(after_help = help::SHORT, after_long_help = svod_cli::long_help(&help::SECTIONS))]
pub(super) struct Arguments {
    /// What to search for
    #[arg(value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// The indexed folder, or its index [default: $SVOD_INDEX, else the nearest folder upwards that has an index]
    ///
    /// Given several times, all are searched as one.
    #[arg(long, value_name = "DIR", env = "SVOD_INDEX", hide_env = true)]
    pub(super) index: Vec<PathBuf>,
    /// Only passages of which this is true, as in a query: 'lang:zh date:2024..'; it does not change the order
    #[arg(
        long, value_name = "EXPR", default_value = "", hide_default_value = true, allow_hyphen_values = true,
        help_heading = SEARCHING
    )]
    pub(super) filter: String,
    /// Take the whole query as plain words
    #[arg(long, conflicts_with = "exact", help_heading = SEARCHING)]
    pub(super) literal: bool,
    /// Take the whole query as one quotation
    #[arg(long, help_heading = SEARCHING)]
    pub(super) exact: bool,
    /// Take the whole query as one quotation whose ends may lie inside words
    #[arg(long, conflicts_with_all = ["literal", "exact"], help_heading = SEARCHING)]
    pub(super) fragment: bool,
    /// Only passages with all of the words
    #[arg(long, help_heading = SEARCHING)]
    pub(super) all: bool,
    /// Leave out passages with WORD
    #[arg(
        long, value_name = "WORD", conflicts_with_all = ["literal", "exact", "fragment"], help_heading = SEARCHING
    )]
    pub(super) not: Vec<String>,
    /// Stop a search after this time, 0 for never [default: 1 for the best hits; else 0, so that nothing is missing]
    ///
    /// The hits found so far are printed, with a remark that there may be more.
    #[arg(long, value_name = "SECONDS", value_parser = usage::seconds, help_heading = SEARCHING)]
    pub(super) timeout: Option<Duration>,
    /// Answer each line of FILE, or of standard input with -
    #[arg(long, value_name = "FILE", conflicts_with = "query", help_heading = SEARCHING)]
    pub(super) queries: Option<PathBuf>,
    /// Answer each line of FILE, or of standard input with -, as JSON; a line is a JSON object with options of its own
    #[arg(long, value_name = "FILE", conflicts_with_all = OPTIONS_OF_REQUESTS, help_heading = SEARCHING)]
    pub(super) requests: Option<PathBuf>,
    /// Show N hits, 0 for all [default: 10, with --kwic 200]
    #[arg(long, short = 'n', value_name = "N", value_parser = usage::number, help_heading = HITS)]
    pub(super) limit: Option<usize>,
    /// Show at most N hits of one article, 0 for any number [default: 3; 0 in json, csv, --vimgrep]
    #[arg(long, value_name = "N", value_parser = usage::number, help_heading = HITS)]
    pub(super) per_article: Option<usize>,
    /// The order of the hits; by date or path, only passages with all of the words
    #[arg(long, value_name = "ORDER", default_value = "score", help_heading = HITS)]
    pub(super) sort: SortOption,
    /// What to do with near-copies of a hit [default: fold; show in json, csv, --vimgrep]
    #[arg(long, value_name = "WHAT", help_heading = HITS)]
    pub(super) copies: Option<CopiesOption>,
    /// Show whole passages
    #[arg(long, help_heading = PASSAGES)]
    pub(super) full: bool,
    /// Show N passages after each hit too
    #[arg(long, short = 'A', value_name = "N", value_parser = usage::number, help_heading = PASSAGES)]
    pub(super) after: Option<usize>,
    /// Show N passages before each hit too
    #[arg(long, short = 'B', value_name = "N", value_parser = usage::number, help_heading = PASSAGES)]
    pub(super) before: Option<usize>,
    /// Show N passages before and after each hit too
    #[arg(long, short = 'C', value_name = "N", value_parser = usage::number, help_heading = PASSAGES)]
    pub(super) context: Option<usize>,
    /// Show the notes of each hit
    #[arg(long, help_heading = PASSAGES)]
    pub(super) notes: bool,
    /// Show how the query was cut, and what each score is made of
    #[arg(long, help_heading = PASSAGES)]
    pub(super) explain: bool,
    #[command(flatten)]
    pub(super) counting: Counting,
    /// Show the passage with this id, what stands around it, and the outline of its article
    #[arg(long, value_name = "ID", conflicts_with_all = ["query", "queries"], help_heading = LIBRARY)]
    pub(super) show: Option<PassageId>,
    /// Show the sections of the article at PATH
    #[arg(long, value_name = "PATH", conflicts_with_all = ["query", "queries", "show"], help_heading = LIBRARY)]
    pub(super) outline: Option<PathBuf>,
    /// List the articles of the index
    #[arg(long, conflicts_with_all = ["query", "queries", "show", "outline"], help_heading = LIBRARY)]
    pub(super) list: bool,
    /// Print what the index holds
    #[arg(long, conflicts_with_all = ["query", "queries", "show", "outline", "list"], help_heading = LIBRARY)]
    pub(super) status: bool,
    /// With --status: read all of the index and compare its checksums
    ///
    /// A search checks all that it reads, except the middle of a term dictionary larger than 256 KB: damage there may
    /// hide hits until --check finds it.
    #[arg(long, requires = "status", help_heading = LIBRARY)]
    pub(super) check: bool,
    /// Print in this format
    #[arg(
        long, value_name = "FORMAT", default_value = "text", overrides_with_all = ["json", "vimgrep"],
        help_heading = OUTPUT
    )]
    pub(super) format: Format,
    /// The same as --format json
    #[arg(long, overrides_with_all = ["format", "vimgrep"], help_heading = OUTPUT)]
    pub(super) json: bool,
    /// Print path:line:column:text for each thing found, as editors read it
    #[arg(long, overrides_with_all = ["format", "json"], help_heading = OUTPUT)]
    pub(super) vimgrep: bool,
    #[command(flatten)]
    pub(super) citing: Citing,
    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = OUTPUT)]
    pub(super) color: ColorChoice,
    /// Make places links: auto, never, an editor (vscode, cursor, zed, …), or an address with {path} and {line}
    #[arg(long, value_name = "TO", default_value = "auto", help_heading = OUTPUT)]
    pub(super) links: String,
    /// Lay out for N terminal columns [default: those of the terminal, up to 120; else 100]
    #[arg(long, value_name = "N", value_parser = usage::number, help_heading = OUTPUT)]
    pub(super) columns: Option<usize>,
    /// Show what is longer than the screen in a pager: $SVOD_PAGER, else $PAGER, else less
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = OUTPUT)]
    pub(super) paging: ColorChoice,
    /// Do not read the file of defaults
    #[arg(long, help_heading = OUTPUT)]
    pub(super) no_config: bool,
    /// Print the man page, completions for a shell, or the schema of what programs read and write
    ///
    /// The end of this help says where they go.
    #[arg(
        long,
        value_name = "WHAT",
        value_parser = svod_cli::values(&help::SCHEMAS),
        hide_short_help = true,
        help_heading = OUTPUT
    )]
    pub(super) generate: Option<String>,
}

/// The options that conflict with `--requests`, because each request has them itself.
const OPTIONS_OF_REQUESTS: [&str; 32] = [
    "query",
    "filter",
    "literal",
    "exact",
    "fragment",
    "all",
    "not",
    "timeout",
    "queries",
    "limit",
    "per_article",
    "sort",
    "copies",
    "full",
    "after",
    "before",
    "context",
    "notes",
    "explain",
    "count_by",
    "count",
    "files_with_matches",
    "timeline",
    "svg",
    "kwic",
    "show",
    "outline",
    "list",
    "status",
    "format",
    "vimgrep",
    "cite",
];

const SEARCHING: &str = "Searching";
const HITS: &str = "Which hits";
const PASSAGES: &str = "What is shown of them";
const LIBRARY: &str = "The library";
pub(super) const OUTPUT: &str = "Output";

/// The order of hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SortOption {
    /// The best first
    Score,
    /// The newest first
    Date,
    /// The oldest first
    Oldest,
    /// By path
    Path,
}

/// How to treat near-copies, such as the same paragraph in two versions of a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CopiesOption {
    /// Name them with the first of them
    Fold,
    /// Show each as a hit
    Show,
}

/// The format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// JSON Lines, for programs
    Json,
    /// A table of the hits, for spreadsheets
    Csv,
    /// A report to paste, with quotations
    Markdown,
    /// A report as a page, to save, print or send
    Html,
    /// Places, for editors: it has an option of its own
    #[value(skip)]
    Vimgrep,
}

impl Format {
    /// Returns its name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Vimgrep => "vimgrep",
        }
    }

    /// Returns whether it is meant for readers, who want the best hits of each article and no near-copies.
    pub(super) fn is_for_people(self) -> bool {
        matches!(self, Format::Text | Format::Markdown | Format::Html)
    }
}

impl Arguments {
    /// Returns the format, given by `--format`, `--json` or `--vimgrep`.
    pub(super) fn format(&self) -> Format {
        match (self.json, self.vimgrep) {
            (true, _) => Format::Json,
            (_, true) => Format::Vimgrep,
            _ => self.format,
        }
    }

    /// Returns whether there is a query or another task, so that the screen is not needed.
    pub(super) fn asks(&self) -> bool {
        let library = self.counting.asks_for_timeline()
            || self.show.is_some()
            || self.outline.is_some()
            || self.list
            || self.status;
        library || !self.query.is_empty() || self.queries.is_some() || self.requests.is_some()
    }
}
