//! Options that cite what was found.

use std::ffi::OsStr;
use std::io::Write;
#[cfg(feature = "csl")]
use std::path::{Path, PathBuf};

#[cfg(feature = "csl")]
use clap::ValueHint;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Args, Command, ValueEnum};
#[cfg(feature = "csl")]
use svod_render::cite::csl::CslStyle;
use svod_render::cite::{Citation, CiteStyle, citations, write_citations};

use super::arguments::OUTPUT;
use super::session::{Session, query};
use super::{CliError, FOUND, NOTHING_FOUND};

/// What is printed instead of passages.
#[derive(Debug, Args)]
pub(super) struct Citing {
    /// Print citations: of the articles of the hits, each once, with the pages of its hits; also with --show and --list
    #[cfg_attr(feature = "csl", doc = "")]
    #[cfg_attr(feature = "csl", doc = "STYLE may also be a file in CSL, the Citation Style Language: FILE.csl.")]
    #[arg(
        long, value_name = "STYLE", value_parser = CiteParser,
        conflicts_with_all = ["json", "format", "vimgrep", "queries", "outline", "status", "counting"],
        help_heading = OUTPUT
    )]
    cite: Option<CiteOption>,
    /// Take the terms of a style in CSL from FILE, a locale [default: locales-LANGUAGE.xml beside the style, else built in]
    #[cfg(feature = "csl")]
    #[arg(long, value_name = "FILE", requires = "cite", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    cite_locale: Option<PathBuf>,
}

/// How it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
enum CiteOption {
    BuiltIn(BuiltIn),
    /// By the style in a file.
    #[cfg(feature = "csl")]
    File(PathBuf),
}

/// The styles of citations that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BuiltIn {
    /// GB/T 7714-2015
    Gbt7714,
    /// ГОСТ Р 7.0.5-2008
    Gost,
    /// BibTeX, for biblatex too
    Bibtex,
    /// CSL-JSON, for Zotero and pandoc
    CslJson,
}

impl From<BuiltIn> for CiteStyle {
    fn from(style: BuiltIn) -> CiteStyle {
        match style {
            BuiltIn::Gbt7714 => CiteStyle::Gbt7714,
            BuiltIn::Gost => CiteStyle::Gost,
            BuiltIn::Bibtex => CiteStyle::Bibtex,
            BuiltIn::CslJson => CiteStyle::CslJson,
        }
    }
}

/// Reads the name of a style, or a path that ends with `.csl`.
#[derive(Debug, Clone)]
struct CiteParser;

impl TypedValueParser for CiteParser {
    type Value = CiteOption;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<CiteOption, clap::Error> {
        #[cfg(feature = "csl")]
        if Path::new(value).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csl")) {
            return Ok(CiteOption::File(value.into()));
        }
        EnumValueParser::<BuiltIn>::new().parse_ref(command, arg, value).map(CiteOption::BuiltIn).map_err(with_tip)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(BuiltIn::value_variants().iter().filter_map(BuiltIn::to_possible_value)))
    }
}

/// Says beside the names of the styles that there are files too.
fn with_tip(mut error: clap::Error) -> clap::Error {
    if cfg!(feature = "csl") {
        let tip = ContextValue::StyledStrs(vec!["the name of a file with a style in CSL ends with .csl".into()]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

/// What writes citations.
pub(super) enum Citer {
    BuiltIn(CiteStyle),
    #[cfg(feature = "csl")]
    File(CslStyle),
}

impl Citer {
    /// Writes citations, and to `stderr` how many works a style leaves out.
    #[cfg_attr(not(feature = "csl"), expect(unused_variables, reason = "the styles that are built in leave none out"))]
    fn write(&self, out: &mut dyn Write, stderr: &mut dyn Write, citations: &[Citation]) -> Result<(), CliError> {
        match self {
            Citer::BuiltIn(style) => write_citations(out, *style, citations)?,
            #[cfg(feature = "csl")]
            Citer::File(style) => {
                let entries = style.entries(citations)?;
                entries.iter().try_for_each(|entry| writeln!(out, "{entry}"))?;
                out.flush()?;
                let left_out = citations.len().saturating_sub(entries.len());
                if left_out > 0 {
                    writeln!(stderr, "the style has no entry for {left_out} of {} works", citations.len())?;
                }
            }
        }
        Ok(())
    }
}

impl Citing {
    /// Returns what writes citations, if they are asked for.
    ///
    /// # Errors
    /// If the file of a style or of its locale cannot be used.
    pub(super) fn citer(&self) -> Result<Option<Citer>, CliError> {
        let Some(option) = &self.cite else { return Ok(None) };
        Ok(Some(match option {
            #[cfg(feature = "csl")]
            CiteOption::BuiltIn(_) if self.cite_locale.is_some() => return Err(CliError::UnusedLocale),
            CiteOption::BuiltIn(style) => Citer::BuiltIn((*style).into()),
            #[cfg(feature = "csl")]
            CiteOption::File(path) => Citer::File(CslStyle::read(path, self.cite_locale.as_deref())?),
        }))
    }
}

impl Session<'_> {
    /// Cites all articles, one passage, or what a query finds, and returns the exit code.
    pub(super) fn cite(&self, citer: &Citer, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let arguments = self.arguments;
        if arguments.list {
            let all: Vec<Citation> = self.index.articles()?.iter().map(Citation::of_article).collect();
            citer.write(out, stderr, &all)?;
            return Ok(FOUND);
        }
        if let Some(id) = arguments.show {
            let Some(shown) = self.index.show(id, 0)? else {
                writeln!(stderr, "no passage has the id {id}")?;
                return Ok(NOTHING_FOUND);
            };
            citer.write(out, stderr, &[Citation::of_hit(&shown.hit)])?;
            return Ok(FOUND);
        }
        let query = query(&arguments.query, &arguments.not);
        let mut request = self.request(&query);
        request.deadline = self.deadline(None);
        let answer = self.index.search(&request)?;
        citer.write(out, stderr, &citations(&answer.hits))?;
        out.flush()?;
        let mut remarks = Vec::new();
        svod_render::write_remarks(&mut remarks, &query, &answer)?;
        stderr.write_all(&remarks)?;
        Ok(if answer.hits.is_empty() { NOTHING_FOUND } else { FOUND })
    }
}
