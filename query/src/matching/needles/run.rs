//! The longest run: how much of a query stands in a text word for word, stop
//! words with it. A phrase that somebody remembers is found by it, even if
//! one word of it is wrong.
//!
//! Han characters have no part in it: their bigrams tell as much already.
//! One pass, and only words of the query cost anything.

use std::collections::HashMap;

/// The words of a query in their order.
#[derive(Debug, Default)]
pub(crate) struct QueryWords {
    /// For each folded word its places in the query.
    places: HashMap<String, Vec<usize>>,
    weights: Vec<f32>,
}

impl QueryWords {
    /// Adds the next word.
    pub(crate) fn add(&mut self, word: &str, weight: f32) {
        self.places.entry(word.to_owned()).or_default().push(self.weights.len());
        self.weights.push(weight);
    }

    /// Adds a place where no run goes on.
    pub(crate) fn break_run(&mut self) {
        self.weights.push(0.0);
    }
}

/// The runs of a text that is being read.
#[derive(Debug)]
pub(super) struct Runs<'q> {
    words: &'q QueryWords,
    /// The runs that end at the last unit: the place in the query, and the weight so far.
    open: Vec<(usize, f32)>,
    next: Vec<(usize, f32)>,
    longest: f32,
    /// For each place in the query whether its word was seen.
    seen: Vec<bool>,
}

impl<'q> Runs<'q> {
    pub(super) fn new(words: &'q QueryWords) -> Runs<'q> {
        Runs { words, open: Vec::new(), next: Vec::new(), longest: 0.0, seen: vec![false; words.weights.len()] }
    }

    /// Reads the next unit of the text.
    pub(super) fn read(&mut self, unit: &str) {
        self.next.clear();
        for &place in self.words.places.get(unit).into_iter().flatten() {
            let weight = self.words.weights[place];
            self.seen[place] = true;
            let before = self.open.iter().find(|(open, _)| open + 1 == place);
            if let Some((_, so_far)) = before {
                self.longest = self.longest.max(so_far + weight);
            }
            self.next.push((place, weight + before.map_or(0.0, |(_, so_far)| *so_far)));
        }
        std::mem::swap(&mut self.open, &mut self.next);
    }

    /// Returns the weight of the words that stand in the text as they were typed.
    pub(super) fn as_typed(&self) -> f32 {
        self.seen.iter().zip(&self.words.weights).filter(|(seen, _)| **seen).map(|(_, weight)| weight).sum()
    }

    /// Returns the weight of the longest run of two and more words.
    pub(super) fn longest(&self) -> f32 {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_run_counts() {
        let mut words = QueryWords::default();
        for word in "the state of the union".split(' ') {
            words.add(word, if word.len() > 3 { 3.0 } else { 1.0 });
        }
        for (text, expected) in [
            ("the state of the union", 9.0),
            ("a state of the art of the union", 5.0),
            ("of the the state", 4.0),
            ("union state", 0.0),
            ("", 0.0),
        ] {
            let mut runs = Runs::new(&words);
            text.split(' ').for_each(|unit| runs.read(unit));
            assert_eq!(runs.longest(), expected, "{text}");
        }
    }

    #[test]
    fn a_word_counts_once_as_typed() {
        let mut words = QueryWords::default();
        words.add("war", 3.0);
        words.add("talks", 2.0);
        let mut runs = Runs::new(&words);
        ["war", "and", "war", "talk"].iter().for_each(|unit| runs.read(unit));
        assert_eq!(runs.as_typed(), 3.0);
    }

    #[test]
    fn a_break_ends_a_run() {
        let mut words = QueryWords::default();
        words.add("cease", 1.0);
        words.break_run();
        words.add("fire", 1.0);
        let mut runs = Runs::new(&words);
        ["cease", "fire"].iter().for_each(|unit| runs.read(unit));
        assert_eq!(runs.longest(), 0.0);
    }
}
