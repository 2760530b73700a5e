//! Options that look at all matches rather than read some: counts, timelines, concordances.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use svod_query::{By, ConcordanceOrder};

const HEADING: &str = "Look rather than read (passages with all of the words)";

/// What is asked for instead of hits.
#[derive(Debug, Args)]
pub(crate) struct Counting {
    /// Count the passages that match by year, language, author, journal, kind or section
    #[arg(long, value_name = "BY", group = "counting", help_heading = HEADING)]
    pub(crate) count_by: Option<ByOption>,
    /// Count the passages that match of each article: path:count
    #[arg(long, short = 'c', group = "counting", help_heading = HEADING)]
    pub(crate) count: bool,
    /// Print only the paths of the articles with matches
    #[arg(long, short = 'l', visible_alias = "paths", group = "counting", help_heading = HEADING)]
    pub(crate) files_with_matches: bool,
    /// Count the passages with each TERM year by year; a TERM is a query
    #[arg(
        long, value_name = "TERM", num_args = 1.., group = "counting", conflicts_with_all = ["query", "queries"],
        help_heading = HEADING
    )]
    pub(crate) timeline: Vec<String>,
    /// With --timeline: write a line chart to FILE, or to standard output with -
    #[arg(long, value_name = "FILE", requires = "timeline", conflicts_with = "query", help_heading = HEADING)]
    pub(crate) svg: Option<PathBuf>,
    /// Show every match on a line of its own, in the order of the hits or sorted: --kwic=right
    #[arg(
        long, value_name = "ORDER", num_args = 0..=1, require_equals = true, default_missing_value = "hits",
        group = "counting", help_heading = HEADING
    )]
    pub(crate) kwic: Option<KwicOption>,
}

/// What passages are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ByOption {
    Year,
    Language,
    Author,
    Journal,
    Kind,
    Section,
}

/// The order of a concordance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KwicOption {
    /// As the hits come
    Hits,
    /// By what stands before the match, reading outward
    Left,
    /// By what stands after the match
    Right,
    /// By the date of the article, oldest first
    Date,
}

impl Counting {
    /// Returns whether a timeline is asked for, which needs no query.
    pub(crate) fn asks_for_timeline(&self) -> bool {
        !self.timeline.is_empty()
    }

    /// Returns whether anything is asked for instead of hits.
    pub(crate) fn asks(&self) -> bool {
        self.asks_for_timeline() || self.by().is_some() || self.kwic.is_some()
    }

    pub(crate) fn by(&self) -> Option<By> {
        let by = |by| match by {
            ByOption::Year => By::Year,
            ByOption::Language => By::Language,
            ByOption::Author => By::Author,
            ByOption::Journal => By::Journal,
            ByOption::Kind => By::Kind,
            ByOption::Section => By::Section,
        };
        self.count_by.map(by).or((self.count || self.files_with_matches).then_some(By::Article))
    }

    pub(crate) fn order(&self) -> Option<ConcordanceOrder> {
        self.kwic.map(|order| match order {
            KwicOption::Hits => ConcordanceOrder::Hits,
            KwicOption::Left => ConcordanceOrder::Left,
            KwicOption::Right => ConcordanceOrder::Right,
            KwicOption::Date => ConcordanceOrder::Date,
        })
    }
}
