//! Citations of what was found.

use std::io::Write;

use svod_render::Remarks;
#[cfg(feature = "csl")]
use svod_render::cite::csl::CslStyle;
use svod_render::cite::{Citation, CiteStyle, citations, write_citations};

use super::{Session, query};
use crate::arguments::citing::{CiteOption, Citing};
use crate::error::{CliError, FOUND, NOTHING_FOUND};

/// What writes citations.
pub(super) enum Citer {
    BuiltIn(CiteStyle),
    #[cfg(feature = "csl")]
    File(Box<CslStyle>),
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

impl Citer {
    /// Returns what writes citations, if they are asked for.
    ///
    /// # Errors
    /// If the file of a style or of its locale cannot be used.
    pub(super) fn of(citing: &Citing) -> Result<Option<Citer>, CliError> {
        let Some(option) = &citing.cite else { return Ok(None) };
        Ok(Some(match option {
            #[cfg(feature = "csl")]
            CiteOption::BuiltIn(_) if citing.cite_locale.is_some() => return Err(CliError::UnusedLocale),
            CiteOption::BuiltIn(style) => Citer::BuiltIn((*style).into()),
            #[cfg(feature = "csl")]
            CiteOption::File(path) => Citer::File(Box::new(CslStyle::read(path, citing.cite_locale.as_deref())?)),
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
        Remarks::new(&mut remarks).answer(&query, &answer, answer.hits.len())?;
        stderr.write_all(&remarks)?;
        Ok(if answer.hits.is_empty() { NOTHING_FOUND } else { FOUND })
    }
}
