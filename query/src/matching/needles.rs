//! What to look for in a text: the terms and quotations of a query, found
//! again in a passage. Snippets mark what is found here.

mod run;

use std::collections::HashMap;
use std::ops::Range;

pub(crate) use run::QueryWords;
use run::Runs;
use svod_text::analysis::{FORM_MARK, HYPHEN_MARK, Scan, parts_of_term, stop_words};

use crate::matching::phrase::Phrase;

/// The characters of the shortest stem that has a family. 6 and 8 find less.
const LEAST_STEM: usize = 7;
/// The characters at the end of a stem in which its family may differ.
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
    phrases: Vec<(usize, Phrase)>,
    windows: Vec<(usize, NearPhrases)>,
    /// For each needle its weight.
    weights: Vec<f32>,
    /// Needles that stand side by side in the query: the first, the second, and the positions between them.
    pairs: Vec<(usize, usize, usize)>,
    /// The words of the query in their order, stop words too.
    pub(crate) words: QueryWords,
    /// The Han characters of the terms, sorted.
    characters: Vec<char>,
}

/// Phrases in any order, within a number of positions.
#[derive(Debug)]
struct NearPhrases {
    phrases: Vec<Phrase>,
    /// The phrases that are one word in any of its forms, by these forms.
    words: HashMap<String, Vec<usize>>,
    positions: usize,
}

/// What must be found in the text of a passage that tantivy found.
#[derive(Debug)]
pub(crate) enum Condition {
    /// Nothing: the query itself decides.
    Always,
    /// This needle.
    Needle(usize),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

impl Condition {
    /// Returns whether it holds for the matches of a passage.
    pub(crate) fn holds(&self, matches: &[Match]) -> bool {
        match self {
            Condition::Always => true,
            Condition::Needle(needle) => matches.iter().any(|found| found.needle == *needle),
            Condition::All(all) => all.iter().all(|condition| condition.holds(matches)),
            Condition::Any(any) => any.iter().any(|condition| condition.holds(matches)),
        }
    }

    /// Returns whether it holds whatever is found.
    pub(crate) fn is_always(&self) -> bool {
        match self {
            Condition::Always => true,
            Condition::Needle(_) => false,
            Condition::All(all) => all.iter().all(Condition::is_always),
            Condition::Any(any) => any.iter().any(Condition::is_always),
        }
    }
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
        for term in terms {
            let initial = initial(&term);
            self.initials.extend(initial.filter(|initial| !self.initials.contains(initial)));
            self.roots.extend(root(&term).map(|root| (root, needle)));
            self.terms.insert(term, needle);
        }
        needle
    }

    /// Adds Han characters to be found one by one.
    pub(crate) fn add_characters(&mut self, characters: &[char]) {
        self.characters.extend_from_slice(characters);
        self.characters.sort_unstable();
        self.characters.dedup();
    }

    /// Adds a text that is found as it stands.
    pub(crate) fn add_phrase(&mut self, phrase: Phrase, weight: f32) -> usize {
        let needle = self.add(weight);
        self.phrases.push((needle, phrase));
        needle
    }

    /// Adds a text that is found in any of its readings.
    pub(crate) fn add_readings(&mut self, phrases: Vec<Phrase>, weight: f32) -> usize {
        let needle = self.add(weight);
        self.phrases.extend(phrases.into_iter().map(|phrase| (needle, phrase)));
        needle
    }

    /// Adds phrases that are found within a window of `positions`.
    pub(crate) fn add_near(&mut self, phrases: Vec<Phrase>, positions: usize, weight: f32) -> usize {
        let needle = self.add(weight);
        let mut words: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, term) in
            phrases.iter().enumerate().flat_map(|(number, phrase)| phrase.forms().map(move |term| (number, term)))
        {
            words.entry(term.to_owned()).or_default().push(number);
        }
        self.windows.push((needle, NearPhrases { phrases, words, positions }));
        needle
    }

    /// Returns how much a needle tells.
    pub(crate) fn weight(&self, needle: usize) -> f32 {
        self.weights[needle]
    }

    /// Returns the condition that any needle is found.
    pub(crate) fn any(&self) -> Condition {
        Condition::Any((0..self.weights.len()).map(Condition::Needle).collect())
    }

    /// Says that one needle follows another in the query, `distance` positions on.
    pub(crate) fn add_pair(&mut self, first: usize, second: usize, distance: usize) {
        self.pairs.push((first, second, distance));
    }

    fn add(&mut self, weight: f32) -> usize {
        self.weights.push(weight);
        self.weights.len() - 1
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
        let mut phrases = self.phrases_in(&scan).into_iter().peekable();
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
            while let Some((units, needle)) = phrases.next_if(|(units, _)| units.start == at) {
                let range = source(&scan, units);
                matches.push(Match { range, position, needle, weight: self.weights[needle] });
            }
            if scan.is_han(at) {
                let places = scan.folded(at).chars().map(|character| self.characters.binary_search(&character));
                places.flatten().for_each(|place| has_character[place] = true);
            } else {
                runs.read(scan.folded(at));
            }
            position += usize::from(counts(&scan, at));
        }
        for (needle, window) in &self.windows {
            self.find_window(*needle, window, &scan, &mut matches);
        }
        let found = self.characters.iter().zip(has_character).filter(|&(_, has)| has);
        let characters = found.map(|(&character, _)| character).collect();
        let (run, as_typed) = (runs.longest(), runs.as_typed());
        Findings { matches, related, positions: position, run, as_typed, characters }
    }

    /// Returns where the phrases stand, in order, with their needles.
    fn phrases_in(&self, scan: &Scan) -> Vec<(Range<usize>, usize)> {
        let places = |(needle, phrase): &(usize, Phrase)| {
            let needle = *needle;
            phrase.places(scan).into_iter().map(move |units| (units, needle))
        };
        let mut places: Vec<_> = self.phrases.iter().flat_map(places).collect();
        // Stable: at one place they come in the order of the query.
        places.sort_by_key(|(units, _)| units.start);
        places
    }

    /// Returns whether a term of the query can stand at a unit.
    fn may_begin_at(&self, scan: &Scan, at: usize) -> bool {
        scan.folded(at).chars().next().is_some_and(|initial| self.initials.contains(&initial))
    }

    /// Finds the places of a window's phrases that stand near enough to all others.
    fn find_window(&self, needle: usize, window: &NearPhrases, scan: &Scan, matches: &mut Vec<Match>) {
        let before = matches.len();
        let (mut position, mut counted) = (0, 0);
        for range in window.near(&window.places(scan)) {
            position += (counted..range.start).filter(|&at| counts(scan, at)).count();
            counted = range.start;
            let range = source(scan, range);
            matches.push(Match { range, position, needle, weight: self.weights[needle] });
        }
        if matches.len() > before {
            matches.sort_by_key(|found| (found.position, found.range.start));
        }
    }
}

impl NearPhrases {
    /// Returns where each of the phrases stands. QueryWords in all their forms are looked for together: to find the forms of a
    /// text costs most.
    fn places(&self, scan: &Scan) -> Vec<Vec<Range<usize>>> {
        let is_word = |phrase: &Phrase| phrase.forms().next().is_some();
        let mut places: Vec<Vec<Range<usize>>> =
            self.phrases.iter().map(|phrase| if is_word(phrase) { Vec::new() } else { phrase.places(scan) }).collect();
        let mut scratch = String::new();
        for at in (0..scan.units().len()).filter(|_| !self.words.is_empty()) {
            scan.terms_at(at, &mut scratch, |term| {
                for &number in self.words.get(term).into_iter().flatten() {
                    if places[number].last().is_none_or(|last| last.start != at) {
                        places[number].push(at..at + 1);
                    }
                }
            });
        }
        places
    }

    /// Returns the places that lie in a window with places of all the other phrases, in order.
    fn near(&self, places: &[Vec<Range<usize>>]) -> Vec<Range<usize>> {
        let fits = |place: &Range<usize>| place.len() <= self.positions;
        let numbered =
            places.iter().enumerate().flat_map(|(number, places)| places.iter().map(move |place| (place, number)));
        let mut by_start: Vec<(&Range<usize>, usize)> = numbered.filter(|(place, _)| fits(place)).collect();
        by_start.sort_by_key(|(place, _)| (place.start, place.end));
        let mut by_end = by_start.clone();
        by_end.sort_by_key(|(place, _)| place.end);
        let (mut entered, mut left) = (by_end.iter().peekable(), by_start.iter().peekable());
        // Of each phrase how many places lie in the window, and how many phrases have any.
        let (mut counts, mut present) = (vec![0_usize; places.len()], 0);
        let mut starts: Vec<usize> = Vec::new();
        for (first, _) in &by_start {
            while let Some(&(_, number)) = entered.next_if(|(place, _)| place.end <= first.start + self.positions) {
                present += usize::from(counts[number] == 0);
                counts[number] += 1;
            }
            while let Some(&(_, number)) = left.next_if(|(place, _)| place.start < first.start) {
                counts[number] -= 1;
                present -= usize::from(counts[number] == 0);
            }
            if present == places.len() {
                starts.push(first.start);
            }
        }
        // The last window that begins no later than a place has it, if any has.
        let is_near = |place: &&Range<usize>| {
            let start = starts[..starts.partition_point(|&start| start <= place.start)].last();
            start.is_some_and(|start| place.end <= start + self.positions)
        };
        let mut near: Vec<Range<usize>> = by_start.iter().map(|&(place, _)| place).filter(is_near).cloned().collect();
        near.dedup();
        near
    }
}

/// Returns the bytes that units of a text were made of.
fn source(scan: &Scan, units: Range<usize>) -> Range<usize> {
    scan.source(units.start).start..scan.source(units.end - 1).end
}

/// Returns the first character of the word that a term stands for.
fn initial(term: &str) -> Option<char> {
    term.trim_start_matches([FORM_MARK, HYPHEN_MARK]).chars().next()
}

/// Returns how the words of a term's family begin: Snowball leaves `наследник`
/// and `наследство` apart. None for short words, whose beginnings tell nothing.
pub(crate) fn root(term: &str) -> Option<String> {
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
        let compound = || scan.compound_at(at).filter(|(form, _)| joined(form)).map(|(_, units)| units);
        parts_of_term(term).or_else(compound).unwrap_or(1)
    };
    start..scan.source(at + units - 1).end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_and_its_terms_begin_alike(word in "[a-z]{1,12}|[а-яё]{1,12}|[a-z]{1,3}-[0-9]{1,3}|[a-z]{1,5}-[a-z]{1,5}|[0-9]{1,3},[0-9]{3}") {
            let scan = Scan::new(&word);
            let initial = scan.folded(0).chars().next();
            scan.terms_at(0, &mut String::new(), |term| {
                assert_eq!(super::initial(term), initial, "{term} of {word}");
            });
        }
    }

    /// A window by its definition: every place with every other.
    fn tried(places: &[Vec<Range<usize>>], positions: usize) -> Vec<Range<usize>> {
        let mut near = Vec::new();
        for first in places.iter().flatten() {
            let inside = |place: &&Range<usize>| first.start <= place.start && place.end <= first.start + positions;
            if places.iter().all(|places| places.iter().any(|place| inside(&place))) {
                near.extend(places.iter().flatten().filter(inside).cloned());
            }
        }
        near.sort_by_key(|place| (place.start, place.end));
        near.dedup();
        near
    }

    proptest! {
        #[test]
        fn a_window_is_as_if_every_place_was_tried(
            places in proptest::collection::vec(proptest::collection::btree_set((0usize..60, 1usize..5), 0..12), 1..4),
            positions in 1usize..20,
        ) {
            let range = |(start, length): (usize, usize)| start..start + length;
            let places: Vec<Vec<Range<usize>>> =
                places.into_iter().map(|places| places.into_iter().map(range).collect()).collect();
            let window = NearPhrases { phrases: Vec::new(), words: HashMap::new(), positions };
            prop_assert_eq!(window.near(&places), tried(&places, positions));
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
