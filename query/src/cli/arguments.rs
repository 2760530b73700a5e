//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::{ColorChoice, Parser, ValueEnum};
use svod_corpus::schema::PassageId;

/// Searches an index of svod-indexer: ranked passages with what was found marked
///
/// All QUERY words are one query. Words are searched by best match, in any of their forms. The shell eats quotation
/// marks: write '"…"', or use --exact.
#[derive(Debug, Parser)]
#[command(name = "svod-query", version, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// What to search for
    #[arg(value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// The indexed folder, or its index [default: $SVOD_INDEX, else the nearest folder upwards that has an index]
    #[arg(long, value_name = "DIR", env = "SVOD_INDEX", hide_env = true)]
    pub(super) index: Option<PathBuf>,
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
    /// Answer each line of FILE, or of standard input with -
    #[arg(long, value_name = "FILE", conflicts_with = "query", help_heading = SEARCHING)]
    pub(super) queries: Option<PathBuf>,
    /// Show N hits, 0 for all
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10, help_heading = HITS)]
    pub(super) limit: usize,
    /// Show at most N hits of one article, 0 for any number [default: 3, with --json 0]
    #[arg(long, value_name = "N", help_heading = HITS)]
    pub(super) per_article: Option<usize>,
    /// The order of the hits; by date or path, only passages with all of the words
    #[arg(long, value_name = "ORDER", default_value = "score", help_heading = HITS)]
    pub(super) sort: SortOption,
    /// What to do with near-copies of a hit [default: fold, with --json show]
    #[arg(long, value_name = "WHAT", help_heading = HITS)]
    pub(super) copies: Option<CopiesOption>,
    /// Show whole passages
    #[arg(long, help_heading = PASSAGES)]
    pub(super) full: bool,
    /// Show N passages after each hit too
    #[arg(long, short = 'A', value_name = "N", help_heading = PASSAGES)]
    pub(super) after: Option<usize>,
    /// Show N passages before each hit too
    #[arg(long, short = 'B', value_name = "N", help_heading = PASSAGES)]
    pub(super) before: Option<usize>,
    /// Show N passages before and after each hit too
    #[arg(long, short = 'C', value_name = "N", help_heading = PASSAGES)]
    pub(super) context: Option<usize>,
    /// Show the notes of each hit
    #[arg(long, help_heading = PASSAGES)]
    pub(super) notes: bool,
    /// Show how the query was cut, and what each score is made of
    #[arg(long, help_heading = PASSAGES)]
    pub(super) explain: bool,
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
    #[arg(long, requires = "status", help_heading = LIBRARY)]
    pub(super) check: bool,
    /// Print in this format
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(super) format: Format,
    /// Print JSON Lines: --format json
    #[arg(long, help_heading = OUTPUT)]
    pub(super) json: bool,
    /// Use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = OUTPUT)]
    pub(super) color: ColorChoice,
    /// Make places links: auto, never, an editor (vscode, cursor, zed, …), or an address with {path} and {line}
    #[arg(long, value_name = "TO", default_value = "auto", help_heading = OUTPUT)]
    pub(super) links: String,
    /// Lay out for N terminal columns [default: those of the terminal, up to 120; else 100]
    #[arg(long, value_name = "N", help_heading = OUTPUT)]
    pub(super) columns: Option<usize>,
    /// Show what is longer than the screen in a pager: $SVOD_PAGER, else $PAGER, else less
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = OUTPUT)]
    pub(super) paging: ColorChoice,
}

const SEARCHING: &str = "Searching";
const HITS: &str = "Which hits";
const PASSAGES: &str = "What of them";
const LIBRARY: &str = "The library";
const OUTPUT: &str = "Output";

const AFTER_HELP: &str = "\
In a query:
  \"…\"                 this text, exactly; Chinese: any substring
  \"…\"~8               these words within 8 positions
  +word  -word        must, must not be there; NOT, AND, OR and ( ) combine
  санкци*  *威慑       any letters;  Zelensk?y  one letter;  美?关系  one character
  Зеленскй~           one typing error, ~2 two
  lang:zh kind:note date:2024..2025 path:zh/ title:… author:… keyword:… section:…

Exit status: 0 found, 1 nothing found, 2 error.

Examples:
  svod-query 乌克兰 停火
  svod-query '\"северный морской путь\" +порт -уголь'
  svod-query --exact \"balance of power\"
  svod-query --json --limit 0 停火 | jq .path";

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

/// What becomes of the same paragraph in two versions of a law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CopiesOption {
    /// Name them with the first of them
    Fold,
    /// Show each as a hit
    Show,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// JSON Lines
    Json,
}

impl Arguments {
    /// Returns the format, however it was asked for.
    pub(super) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }

    /// Returns whether something is asked for at all.
    pub(super) fn asks(&self) -> bool {
        let library = self.show.is_some() || self.outline.is_some() || self.list || self.status;
        library || !self.query.is_empty() || self.queries.is_some()
    }
}
