//! What to look for in a text: the terms and quotations of a query, found
//! again in a passage. Snippets mark what is found here.

mod run;

use std::collections::HashMap;
use std::ops::Range;

use svod_corpus::analysis::{FORM_MARK, Scan, stop_words};

use run::Runs;
pub(crate) use run::Words;

/// Stems of so many characters have families. 6 and 8 find less.
const LEAST_STEM: usize = 7;
/// So many characters at the end of a stem may be other ones.
const ENDING: usize = 2;

/// What a query looks for in a passage.
#[derive(Debug, Default)]
pub(crate) struct Needles {
    /// The number of the needle that a term belongs to.
    terms: HashMap<String, usize>,
    /// The first characters of the words among them. Stemming keeps the first
    /// character, so no word that begins otherwise need be stemmed: most of
    /// the time of reading a text.
    initials: Vec<char>,
    /// How words begin that are related to those of the query, and the needle of each.
    roots: Vec<(String, usize)>,
    quotations: Vec<(usize, Quotation)>,
    /// The quotations without which a passage is no hit.
    required: Vec<usize>,
    /// For each needle its weight.
    weights: Vec<f32>,
    /// Needles that stand side by side in the query: the first, the second, and the positions between them.
    pairs: Vec<(usize, usize, usize)>,
    /// The words of the query in their order, stop words too.
    pub(crate) words: Words,
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
    /// For each needle whether a word of its family stands in the text, too.
    pub(crate) related: Vec<bool>,
    /// The positions of the text, stop words not counted.
    pub(crate) positions: usize,
    /// The weight of the longest run of the query's words.
    pub(crate) run: f32,
    /// The weight of the words of the query that stand in it as they were typed.
    pub(crate) as_typed: f32,
}

impl Needles {
    /// Returns the number of needles.
    pub(crate) fn count(&self) -> usize {
        self.weights.len()
    }

    /// Adds a needle of best match, under all the terms that may stand for it.
    pub(crate) fn add_terms(&mut self, terms: impl IntoIterator<Item = String>, weight: f32) -> usize {
        let needle = self.add(weight);
        for term in terms {
            let initial = term.trim_start_matches(FORM_MARK).chars().next();
            self.initials.extend(initial.filter(|initial| !self.initials.contains(initial)));
            self.roots.extend(root(&term).map(|root| (root, needle)));
            self.terms.insert(term, needle);
        }
        needle
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
        let mut matches = Vec::new();
        let mut scratch = String::new();
        let mut related = vec![false; self.count()];
        let mut position = 0;
        for at in 0..scan.units().len() {
            if self.may_begin_at(&scan, at) {
                scan.terms_at(at, &mut scratch, |term| {
                    if let Some(&needle) = self.terms.get(term) {
                        let range = term_range(&scan, at, term);
                        matches.push(Match { range, position, needle, weight: self.weights[needle] });
                    }
                });
                let word = scan.folded(at);
                for (_, needle) in self.roots.iter().filter(|(root, _)| word.starts_with(root.as_str())) {
                    related[*needle] = true;
                }
            }
            for (needle, quotation) in &self.quotations {
                if quotation.stands_at(&scan, at) {
                    let range = scan.source(at).start..scan.source(at + quotation.units.len() - 1).end;
                    matches.push(Match { range, position, needle: *needle, weight: self.weights[*needle] });
                }
            }
            if !scan.is_han(at) {
                runs.read(scan.folded(at));
            }
            position += usize::from(counts(&scan, at));
        }
        Findings { matches, related, positions: position, run: runs.longest(), as_typed: runs.as_typed() }
    }

    /// Returns whether a term of the query can stand at a unit.
    fn may_begin_at(&self, scan: &Scan, at: usize) -> bool {
        scan.folded(at).chars().next().is_some_and(|initial| self.initials.contains(&initial))
    }
}

/// Returns how the words of a term's family begin: Snowball leaves `наследник`
/// and `наследство` apart. None for short words, whose beginnings tell nothing.
fn root(term: &str) -> Option<String> {
    let stem = term.trim_start_matches(FORM_MARK);
    let characters = stem.chars().count();
    let is_long = characters >= LEAST_STEM && stem.chars().all(char::is_alphabetic);
    is_long.then(|| stem.chars().take(characters - ENDING).collect())
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_and_its_terms_begin_alike(word in "[a-z]{1,12}|[а-яё]{1,12}|[a-z]{1,3}-[0-9]{1,3}|[0-9]{1,3},[0-9]{3}") {
            let scan = Scan::new(&word);
            let initial = scan.folded(0).chars().next();
            scan.terms_at(0, &mut String::new(), |term| {
                assert_eq!(term.trim_start_matches(FORM_MARK).chars().next(), initial, "{term} of {word}");
            });
        }
    }

    #[test]
    fn words_of_a_family_are_related() {
        let mut needles = Needles::default();
        needles.add_terms(["=регистрац".to_owned()], 1.0);
        needles.add_terms(["=лес".to_owned()], 1.0);
        for (text, expected) in [
            ("регистрируется лесной", [true, false]),
            ("регистрацией лесов", [true, false]),
            ("регион лестница", [false, false]),
            ("", [false, false]),
        ] {
            assert_eq!(needles.find(text).related, expected, "{text}");
        }
    }

    #[test]
    fn terms_are_found_in_any_form() {
        let mut needles = Needles::default();
        needles.add_terms(["=sanction".to_owned()], 1.0);
        needles.add_terms(["停火".to_owned()], 1.0);
        needles.add_terms(["=f35".to_owned()], 1.0);
        let found = |text: &str| needles.find(text).matches.iter().map(|found| found.needle).collect::<Vec<_>>();
        assert_eq!(found("The sanctions and 停火, F-35 or f35"), [0, 1, 2]);
        assert_eq!(found("war"), [0_usize; 0]);
    }
}
