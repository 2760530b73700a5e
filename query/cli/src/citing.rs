//! Options that cite what was found.

use std::io::Write;

use clap::{Args, ValueEnum};
use svod_render::Remarks;
use svod_render::cite::{Citation, CiteStyle, citations, write_citations};

use super::arguments::OUTPUT;
use super::session::{Session, query};
use super::{CliError, FOUND, NOTHING_FOUND};

/// What is printed instead of passages.
#[derive(Debug, Args)]
pub(super) struct Citing {
    /// Print citations: of the articles of the hits, each once, with the pages of its hits; also with --show and --list
    #[arg(
        long, value_name = "STYLE", conflicts_with_all = ["json", "format", "vimgrep", "queries", "outline", "status", "counting"],
        help_heading = OUTPUT
    )]
    cite: Option<CiteOption>,
}

/// The styles of citations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiteOption {
    /// GB/T 7714-2015
    Gbt7714,
    /// ГОСТ Р 7.0.5-2008
    Gost,
    /// BibTeX, for biblatex too
    Bibtex,
    /// CSL-JSON, for Zotero and pandoc
    CslJson,
}

impl Citing {
    /// Returns the style that is asked for.
    pub(super) fn style(&self) -> Option<CiteStyle> {
        self.cite.map(|style| match style {
            CiteOption::Gbt7714 => CiteStyle::Gbt7714,
            CiteOption::Gost => CiteStyle::Gost,
            CiteOption::Bibtex => CiteStyle::Bibtex,
            CiteOption::CslJson => CiteStyle::CslJson,
        })
    }
}

impl Session<'_> {
    /// Cites all articles, one passage, or what a query finds, and returns the exit code.
    pub(super) fn cite(&self, style: CiteStyle, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let arguments = self.arguments;
        if arguments.list {
            let all: Vec<Citation> = self.index.articles()?.iter().map(Citation::of_article).collect();
            write_citations(out, style, &all)?;
            return Ok(FOUND);
        }
        if let Some(id) = arguments.show {
            let Some(shown) = self.index.show(id, 0)? else {
                writeln!(stderr, "no passage has the id {id}")?;
                return Ok(NOTHING_FOUND);
            };
            write_citations(out, style, &[Citation::of_hit(&shown.hit)])?;
            return Ok(FOUND);
        }
        let query = query(&arguments.query, &arguments.not);
        let mut request = self.request(&query);
        request.deadline = self.deadline(None);
        let answer = self.index.search(&request)?;
        write_citations(out, style, &citations(&answer.hits))?;
        out.flush()?;
        let mut remarks = Vec::new();
        Remarks::new(&mut remarks).answer(&query, &answer, answer.hits.len())?;
        stderr.write_all(&remarks)?;
        Ok(if answer.hits.is_empty() { NOTHING_FOUND } else { FOUND })
    }
}
