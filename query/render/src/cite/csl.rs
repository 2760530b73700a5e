//! Styles that a user brings, in CSL, the Citation Style Language.
//!
//! hayagriva lays the entries out. It is given the items of CSL-JSON, a style
//! that `bounds` let through, and the `locale` of the style.
//!
//! A style with a bibliography makes an entry of each work, in the order of the
//! style, with the pages of the whole work. One without, for footnotes alone,
//! makes a note of each, in the order of the hits, with the cited pages.
//!
//! Feature `csl`.

mod bounds;
mod error;
mod locale;

use std::borrow::Cow;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::{fs, thread};

use hayagriva::citationberg::json::Item;
use hayagriva::citationberg::taxonomy::Locator;
use hayagriva::citationberg::{IndependentStyle, Locale, LocaleCode, Style};
use hayagriva::{
    BibliographyDriver, BibliographyItem, BibliographyRequest, BufWriteFormat, CitationItem, CitationRequest,
    ElemChildren, LocatorPayload, SpecificLocator,
};
use svod_text::printable;

use self::bounds::MOST_BYTES;
pub use self::error::{CslError, CslFault};
use super::{Citation, csl_json};

/// What hayagriva needs at most for a style within the bounds: 250 elements deep, each a few calls of some kilobytes.
const STACK_BYTES: usize = 32 << 20;

/// A style, with the terms of its language.
#[derive(Debug)]
pub struct CslStyle {
    path: PathBuf,
    style: IndependentStyle,
    language: LocaleCode,
    locales: Vec<Locale>,
}

impl CslStyle {
    /// Reads a style and its locale.
    ///
    /// The locale is the file `locale`, if one is named; else that of the
    /// style's `default-locale`, from a file of the CSL project beside the style
    /// (`locales-fr-FR.xml`), or, for English, Russian and Chinese, built in.
    ///
    /// # Errors
    /// If a file cannot be read or is not what it should be, if the style only
    /// names another one, or if there is no locale for its language.
    pub fn read(path: &Path, locale: Option<&Path>) -> Result<CslStyle, CslError> {
        let style = parse(&read(path)?).map_err(|fault| CslError::Style { path: path.to_owned(), fault })?;
        let (language, locales) = locale::find(path, style.default_locale.as_ref(), locale)?;
        Ok(CslStyle { path: path.to_owned(), style, language, locales })
    }

    /// Returns the citations, a line each; nothing in them can steer a terminal.
    ///
    /// A style may leave works out: some list no typescripts.
    ///
    /// # Errors
    /// If hayagriva panics.
    pub fn entries(&self, citations: &[Citation]) -> Result<Vec<String>, CslError> {
        let entries = guarded(|| self.lay_out(citations)).unwrap_or(Err(CslFault::Stopped));
        entries.map_err(|fault| CslError::Style { path: self.path.clone(), fault })
    }

    fn lay_out(&self, citations: &[Citation]) -> Result<Vec<String>, CslFault> {
        let items = items(citations)?;
        let pages: Vec<Option<String>> = citations.iter().map(Citation::pages).collect();
        let mut driver = BibliographyDriver::new();
        for (number, (item, pages)) in items.iter().zip(&pages).enumerate() {
            let locator = pages.as_deref().map(|pages| SpecificLocator(Locator::Page, LocatorPayload::Str(pages)));
            let cited = vec![CitationItem::with_locator(item, locator)];
            let language = Some(self.language.clone());
            driver.citation(CitationRequest::new(cited, &self.style, language, &self.locales, Some(number + 1)));
        }
        let list = BibliographyRequest::new(&self.style, Some(self.language.clone()), &self.locales);
        let rendered = driver.finish(list);
        let mut entries: Vec<String> = match rendered.bibliography {
            Some(list) => list.items.iter().map(entry).collect(),
            None => rendered.citations.iter().map(|note| line(&text(&note.citation))).collect(),
        };
        // The suffix of the layout alone is no entry.
        entries.retain(|entry| entry.chars().any(char::is_alphanumeric));
        Ok(entries)
    }
}

/// Returns the works as hayagriva takes them.
fn items(citations: &[Citation]) -> Result<Vec<Item>, CslFault> {
    let items = serde_json::to_value(csl_json::items(citations)).and_then(serde_json::from_value);
    items.map_err(|error| CslFault::Item(error.to_string()))
}

/// A style may set the number of an entry into the margin: a blank stands for the margin.
fn entry(item: &BibliographyItem) -> String {
    let margin = item.first_field.iter().cloned().collect();
    line(&format!("{} {}", text(&ElemChildren(margin)), text(&item.content)))
}

fn text(elements: &ElemChildren) -> String {
    let mut text = String::new();
    // Nothing can go wrong with a string.
    let _ = elements.write_buf(&mut text, BufWriteFormat::Plain);
    text
}

/// Returns a text on one line, each blank alone. Blanks that do not break stay.
fn line(text: &str) -> String {
    let words = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).map(without_second_stop);
    printable(&words.collect::<Vec<_>>().join(" ")).into_owned()
}

/// Drops a full stop at the end of a word behind what has ended the sentence: hayagriva leaves it there.
fn without_second_stop(word: &str) -> Cow<'_, str> {
    const ENDS: [(&str, &str); 4] = [("?.", "?"), ("!.", "!"), ("?.”", "?”"), ("!.”", "!”")];
    let word = word.strip_suffix('.').filter(|word| word.ends_with(".”")).unwrap_or(word);
    let end = ENDS.iter().find_map(|(end, short)| Some((word.strip_suffix(end)?, short)));
    end.map_or(Cow::Borrowed(word), |(start, short)| Cow::Owned(format!("{start}{short}")))
}

fn parse(xml: &str) -> Result<IndependentStyle, CslFault> {
    bounds::check(xml)?;
    match guarded(|| Style::from_xml(xml)).ok_or(CslFault::Stopped)?? {
        Style::Independent(style) => Ok(style),
        Style::Dependent(style) => Err(CslFault::Dependent(printable(&style.parent_link.href).into_owned())),
    }
}

/// Reads a file of text that is no larger than a style or a locale is.
fn read(path: &Path) -> Result<String, CslError> {
    let failed = |source: io::Error| CslError::Read { path: path.to_owned(), source };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(failed)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Runs what calls hayagriva on a thread of its own: its stack is large enough there, and a panic ends the thread alone.
///
/// Returns `None` if it panicked, or if the system has no thread left.
fn guarded<T: Send>(run: impl FnOnce() -> T + Send) -> Option<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run);
        thread.ok()?.join().ok()
    })
}

#[cfg(test)]
mod tests;
