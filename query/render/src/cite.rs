//! Citations: the works of hits in the formats of scholars, each format one file.
//!
//! What is cited is an article with the places of its passages. Nothing is
//! made up: what an article does not say of itself is left out, with its
//! punctuation, and so is the day on which someone looked at an address.
//!
//! | style | what it is |
//! | --- | --- |
//! | `gbt7714` | GB/T 7714-2015, the numeric system: what Chinese journals ask for |
//! | `gost` | ГОСТ Р 7.0.5-2008: what Russian journals ask for, in footnotes and in lists |
//! | `bibtex` | an entry for LaTeX, that biblatex reads too |
//! | `csl-json` | an array for Zotero, pandoc and other reference managers |
//!
//! Where the pages of the cited passages are known, the two standards give
//! them, as a footnote does; else those of the whole article. The two formats
//! for programs give both.
//!
//! Other styles come from files: [`csl`], with the feature of that name.

mod bibtex;
#[cfg(feature = "csl")]
pub mod csl;
mod csl_json;
mod gbt7714;
mod gost;
mod names;
mod phrase;
mod work;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Write};
use std::path::Path;

use svod_query::{ArticleEntry, Hit, Language};
use svod_text::printable;
pub use work::{Place, Work, WorkKind};

/// A format of citations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CiteStyle {
    /// GB/T 7714-2015.
    Gbt7714,
    /// ГОСТ Р 7.0.5-2008.
    Gost,
    /// BibTeX.
    Bibtex,
    /// CSL-JSON.
    CslJson,
}

impl CiteStyle {
    /// All styles.
    pub const ALL: [CiteStyle; 4] = [CiteStyle::Gbt7714, CiteStyle::Gost, CiteStyle::Bibtex, CiteStyle::CslJson];

    /// Returns the name that options know it by.
    pub fn name(self) -> &'static str {
        match self {
            CiteStyle::Gbt7714 => "gbt7714",
            CiteStyle::Gost => "gost",
            CiteStyle::Bibtex => "bibtex",
            CiteStyle::CslJson => "csl-json",
        }
    }

    /// Returns the style that those who write in a language use: GOST in Russian, else GB/T 7714.
    pub fn of_language(language: Language) -> CiteStyle {
        match language {
            Language::Russian | Language::Ukrainian => CiteStyle::Gost,
            _ => CiteStyle::Gbt7714,
        }
    }

    /// Returns the style for what a hit was found in, by the language of its article.
    pub fn of_hit(hit: &Hit) -> CiteStyle {
        CiteStyle::of_language(Work::from(hit).language)
    }
}

/// A work, and where in it what is cited stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Citation {
    /// The work.
    pub work: Work,
    /// The places of the cited passages, in the order of the hits.
    pub places: Vec<Place>,
}

impl Citation {
    /// Returns the citation of one passage.
    pub fn of_hit(hit: &Hit) -> Citation {
        let work = Work::from(hit);
        let place = Place::of_hit(hit, &work);
        Citation { work, places: vec![place] }
    }

    /// Returns the citation of a whole article.
    pub fn of_article(article: &ArticleEntry) -> Citation {
        Citation { work: Work::from(article), places: Vec::new() }
    }

    /// Returns the cited pages, as far as they are known, in order: `58, 60`.
    fn pages(&self) -> Option<String> {
        let mut pages: Vec<u32> = self.places.iter().filter_map(|place| place.page).collect();
        pages.sort_unstable();
        pages.dedup();
        list(pages.iter().map(u32::to_string))
    }

    /// Returns the cited articles of a law, in its order: `第三条, 第五条`.
    fn law_articles(&self) -> Option<String> {
        let mut places: Vec<&Place> = self.places.iter().collect();
        places.sort_by_key(|place| place.position);
        let mut articles: Vec<&str> = Vec::new();
        for article in places.into_iter().filter_map(|place| place.law_article.as_deref()) {
            if !articles.contains(&article) {
                articles.push(article);
            }
        }
        list(articles.into_iter().map(str::to_owned))
    }
}

fn list(items: impl Iterator<Item = String>) -> Option<String> {
    Some(items.collect::<Vec<_>>().join(", ")).filter(|list| !list.is_empty())
}

/// Returns the works of hits, each article once, in the order of the hits, with the places of all of them.
pub fn citations(hits: &[Hit]) -> Vec<Citation> {
    let mut cited: Vec<Citation> = Vec::new();
    let mut known: HashMap<(usize, &Path), usize> = HashMap::new();
    for hit in hits {
        let citation = Citation::of_hit(hit);
        match known.entry((hit.index, &hit.path)) {
            Entry::Occupied(at) => cited[*at.get()].places.extend(citation.places),
            Entry::Vacant(place) => {
                place.insert(cited.len());
                cited.push(citation);
            }
        }
    }
    cited
}

/// Writes citations, a line each; CSL-JSON as one array.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_citations(out: &mut dyn Write, style: CiteStyle, citations: &[Citation]) -> io::Result<()> {
    let mut write_each = |reference: fn(&Citation) -> String| {
        citations.iter().try_for_each(|citation| writeln!(out, "{}", printable(&reference(citation))))
    };
    match style {
        CiteStyle::Gbt7714 => write_each(gbt7714::reference),
        CiteStyle::Gost => write_each(gost::reference),
        CiteStyle::Bibtex => bibtex::write(out, citations),
        CiteStyle::CslJson => csl_json::write(out, citations),
    }
}

/// Returns the citation of what a hit was found in, with the page of the hit where it is known.
///
/// One line for the two standards; nothing in it can steer a terminal.
pub fn reference(hit: &Hit, style: CiteStyle) -> String {
    let mut text = Vec::new();
    // Nothing can go wrong with a vector.
    let _ = write_citations(&mut text, style, &[Citation::of_hit(hit)]);
    String::from_utf8_lossy(&text).trim_end().to_owned()
}

#[cfg(test)]
mod tests;
