//! What to look for in a text: the terms and quotations of a query, found
//! again in a passage. Snippets mark what is found here.

mod run;

use std::collections::HashMap;
use std::ops::Range;

use svod_corpus::analysis::{Scan, stop_words};

use run::Runs;
pub(crate) use run::Words;

/// What a query looks for in a passage.
#[derive(Debug, Default)]
pub(crate) struct Needles {
    /// The number of the needle that a term belongs to.
    terms: HashMap<String, usize>,
    quotations: Vec<(usize, Quotation)>,
    /// The quotations without which a passage is no hit.
    required: Vec<usize>,
    /// For each needle its weight.
    weights: Vec<f32>,
    /// Needles that stand side by side in the query: the first, the second, and the positions between them.
    pairs: Vec<(usize, usize, usize)>,
    /// The words of the query in their order, stop words too.
    pub(crate) words: Words,
    /// The Han characters of the terms, sorted.
    characters: Vec<char>,
}

/// A text to be found exactly: its units, folded.
#[derive(Debug)]
struct Quotation {
    units: Vec<String>,
}

/// A place in a passage where a needle stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Match {
    /// The bytes of the passage's text.
    pub(crate) range: Range<usize>,
    /// The position of its first unit, stop words not counted.
    pub(crate) position: usize,
    /// Which needle: equal numbers are the same one.
    pub(crate) needle: usize,
    pub(crate) weight: f32,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// The matches, in the order of their places.
    pub(crate) matches: Vec<Match>,
    /// The positions of the text, stop words not counted.
    pub(crate) positions: usize,
    /// The weight of the longest run of the query's words.
    pub(crate) run: f32,
    /// Those of the terms' Han characters that stand in it, wherever, sorted.
    pub(crate) characters: Vec<char>,
}

impl Needles {
    /// Returns the number of needles.
    pub(crate) fn count(&self) -> usize {
        self.weights.len()
    }

    /// Adds a needle of best match, under all the terms that may stand for it.
    pub(crate) fn add_terms(&mut self, terms: impl IntoIterator<Item = String>, weight: f32) -> usize {
        let needle = self.add(weight);
        self.terms.extend(terms.into_iter().map(|term| (term, needle)));
        needle
    }

    /// Adds Han characters to be found one by one.
    pub(crate) fn add_characters(&mut self, characters: &[char]) {
        self.characters.extend_from_slice(characters);
        self.characters.sort_unstable();
        self.characters.dedup();
    }

    /// Adds a quotation.
    pub(crate) fn add_quotation(&mut self, quoted: &Scan, weight: f32) -> usize {
        let units = (0..quoted.units().len()).map(|at| quoted.folded(at).to_owned()).collect();
        let needle = self.add(weight);
        self.quotations.push((needle, Quotation { units }));
        needle
    }

    /// Says that one needle follows another in the query, so many positions on.
    pub(crate) fn add_pair(&mut self, first: usize, second: usize, distance: usize) {
        self.pairs.push((first, second, distance));
    }

    fn add(&mut self, weight: f32) -> usize {
        self.weights.push(weight);
        self.weights.len() - 1
    }

    /// Adds a quotation without which a passage is no hit.
    pub(crate) fn require_quotation(&mut self, quoted: &Scan, weight: f32) {
        let needle = self.add_quotation(quoted, weight);
        self.required.push(needle);
    }

    /// Returns whether every required quotation is among the matches.
    pub(crate) fn has_required(&self, matches: &[Match]) -> bool {
        self.required.iter().all(|needle| matches.iter().any(|found| found.needle == *needle))
    }

    /// Returns the pairs that stand in a text as they stand in the query, each
    /// by the weight of its lighter needle.
    pub(crate) fn pairs_found(&self, matches: &[Match]) -> impl Iterator<Item = f32> {
        let stands = |needle: usize, position: usize| {
            let first = matches.partition_point(|found| found.position < position);
            matches[first..].iter().take_while(|found| found.position == position).any(|found| found.needle == needle)
        };
        let found = move |&&(first, second, distance): &&(usize, usize, usize)| {
            matches.iter().any(|found| found.needle == first && stands(second, found.position + distance))
        };
        self.pairs.iter().filter(found).map(|&(first, second, _)| self.weights[first].min(self.weights[second]))
    }

    /// Finds all needles in a text.
    pub(crate) fn find(&self, text: &str) -> Findings {
        let scan = Scan::new(text);
        let mut runs = Runs::new(&self.words);
        let mut has_character = vec![false; self.characters.len()];
        let mut matches = Vec::new();
        let mut scratch = String::new();
        let mut position = 0;
        for at in 0..scan.units().len() {
            scan.terms_at(at, &mut scratch, |term| {
                if let Some(&needle) = self.terms.get(term) {
                    matches.push(Match {
                        range: term_range(&scan, at, term),
                        position,
                        needle,
                        weight: self.weights[needle],
                    });
                }
            });
            for (needle, quotation) in &self.quotations {
                if quotation.stands_at(&scan, at) {
                    let range = scan.source(at).start..scan.source(at + quotation.units.len() - 1).end;
                    matches.push(Match { range, position, needle: *needle, weight: self.weights[*needle] });
                }
            }
            if scan.is_han(at) {
                let places = scan.folded(at).chars().map(|character| self.characters.binary_search(&character));
                places.flatten().for_each(|place| has_character[place] = true);
            } else {
                runs.read(scan.folded(at));
            }
            position += usize::from(counts(&scan, at));
        }
        let found = self.characters.iter().zip(has_character).filter(|&(_, has)| has);
        let characters = found.map(|(&character, _)| character).collect();
        Findings { matches, positions: position, run: runs.longest(), characters }
    }
}

/// Returns whether a unit counts when positions of a query and a text are
/// compared: stop words do not, for they come and go with the form of a phrase.
pub(crate) fn counts(scan: &Scan, at: usize) -> bool {
    scan.is_han(at) || !stop_words::is_stop_word(scan.folded(at))
}

/// A bigram covers two units, a compound all of its parts.
fn term_range(scan: &Scan, at: usize, term: &str) -> Range<usize> {
    let start = scan.source(at).start;
    let units = if scan.is_han(at) {
        term.chars().count()
    } else {
        let joined = |form: &str| term.ends_with(form);
        scan.compound_at(at).filter(|(form, _)| joined(form)).map_or(1, |(_, units)| units)
    };
    start..scan.source(at + units - 1).end
}

impl Quotation {
    fn stands_at(&self, scan: &Scan, at: usize) -> bool {
        !self.units.is_empty()
            && at + self.units.len() <= scan.units().len()
            && self.units.iter().enumerate().all(|(offset, unit)| scan.folded(at + offset) == unit)
    }
}
