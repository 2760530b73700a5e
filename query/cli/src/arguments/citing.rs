//! Options that cite what was found.

use std::ffi::OsStr;
#[cfg(feature = "csl")]
use std::path::{Path, PathBuf};

#[cfg(feature = "csl")]
use clap::ValueHint;
use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Args, Command, ValueEnum};
use svod_render::cite::CiteStyle;

use super::OUTPUT;

/// What is printed instead of passages.
#[derive(Debug, Args)]
pub(crate) struct Citing {
    /// Print citations: of the articles of the hits, each once, with the pages of its hits; also with --show and --list
    #[cfg_attr(feature = "csl", doc = "")]
    #[cfg_attr(feature = "csl", doc = "STYLE may also be a file in CSL, the Citation Style Language: FILE.csl.")]
    #[arg(
        long, value_name = "STYLE", value_parser = CiteParser,
        conflicts_with_all = ["json", "format", "vimgrep", "queries", "outline", "status", "counting"],
        help_heading = OUTPUT
    )]
    pub(crate) cite: Option<CiteOption>,
    /// Take the terms of a style in CSL from FILE, a locale [default: locales-LANGUAGE.xml beside the style, else built in]
    #[cfg(feature = "csl")]
    #[arg(long, value_name = "FILE", requires = "cite", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub(crate) cite_locale: Option<PathBuf>,
}

/// How it is cited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CiteOption {
    BuiltIn(BuiltIn),
    /// By the style in a file.
    #[cfg(feature = "csl")]
    File(PathBuf),
}

/// The styles of citations that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BuiltIn {
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
