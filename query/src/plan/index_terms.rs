//! What the index knows: the words that a wildcard, a typing error or a
//! character stands for.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use svod_store::schema::Fields;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, Term};

use crate::budget::{Budget, KEPT, LOOKED_UP, MISSPELT, STREAMED};
use crate::matching::wildcard::Wildcard;

/// The shortest words among which typing errors are looked for: shorter ones are near everything.
const SHORTEST_WITH_ERRORS: usize = 3;
/// The number of terms between two looks at the budget.
const TERMS_A_TIME: u64 = 1_024;

/// A word of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The word, folded.
    pub(crate) word: String,
    /// How many passages have it, those of deleted articles included.
    pub(crate) passages: u64,
}

/// The terms of an index.
#[derive(Clone, Copy)]
pub(crate) struct IndexTerms<'i> {
    searcher: &'i Searcher,
    fields: &'i Fields,
    budget: &'i Budget,
}

/// Words in the order of the index: digits, Latin, Cyrillic and other letters.
/// Between them lie marked forms (`=…`) and all Han terms.
const WORDS: [(&str, &str); 3] = [("0", "="), (">", "\u{3400}"), ("\u{a000}", "\u{10ffff}")];
/// Han terms.
const HAN: (&str, &str) = ("\u{3400}", "\u{a000}");

impl<'i> IndexTerms<'i> {
    /// Returns the terms of an index. If the budget is spent, what is asked of them has some of the words, not all.
    pub(crate) fn new(searcher: &'i Searcher, fields: &'i Fields, budget: &'i Budget) -> IndexTerms<'i> {
        IndexTerms { searcher, fields, budget }
    }

    /// Returns the passages and headings that have a term; those that have it in both fields do not exist.
    pub(crate) fn passages_with(&self, term: &str) -> tantivy::Result<u64> {
        let mut passages = 0;
        self.budget.spend(LOOKED_UP);
        for field in self.running() {
            passages += self.searcher.doc_freq(&Term::from_field_text(field, term))?;
        }
        Ok(passages)
    }

    /// The fields with text that runs on.
    fn running(&self) -> [Field; 2] {
        [self.fields.body, self.fields.label]
    }

    /// Returns how many passages have words with this beginning; one that has two of them is counted twice.
    pub(crate) fn passages_with_beginning(&self, beginning: &str) -> tantivy::Result<u64> {
        let mut all = 0;
        self.each_term((beginning, "\u{10ffff}"), beginning, |_, passages| all += passages)?;
        Ok(all)
    }

    /// The term dictionaries with text that runs on: of each field in each segment.
    fn dictionaries(&self) -> impl Iterator<Item = (Field, &'i SegmentReader)> {
        let fields = self.running();
        self.searcher.segment_readers().iter().flat_map(move |reader| fields.map(|field| (field, reader)))
    }

    /// Returns the words that match a wildcard, sorted.
    pub(crate) fn matching(&self, wildcard: &Wildcard) -> tantivy::Result<Vec<Word>> {
        let beginning = wildcard.beginning();
        let mut words = WordCounts::default();
        for (from, to) in WORDS {
            self.each_term((from.max(&beginning), to), &beginning, |term, passages| {
                if wildcard.matches(term) {
                    self.budget.spend(KEPT);
                    words.add(term, passages);
                }
            })?;
        }
        Ok(words.sorted())
    }

    /// Returns those of some terms that a field has, sorted.
    pub(crate) fn of_field(&self, field: Field, terms: &HashSet<String>) -> tantivy::Result<Vec<String>> {
        let mut known = BTreeSet::new();
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(field)?;
            let mut stream = index.terms().stream()?;
            while let Some((key, _)) = stream.next() {
                if !self.budget.spend(STREAMED) {
                    break;
                }
                let term = std::str::from_utf8(key).ok().and_then(|key| terms.get(key));
                known.extend(term.cloned());
            }
        }
        Ok(known.into_iter().collect())
    }

    /// Returns the terms of one or two characters that begin with a Han
    /// character, sorted: together they stand wherever it does.
    pub(crate) fn of_character(&self, character: &str) -> tantivy::Result<Vec<Word>> {
        let mut words = WordCounts::default();
        self.each_term((character, "\u{10ffff}"), character, |term, passages| {
            if term.chars().count() <= 2 {
                self.budget.spend(KEPT);
                words.add(term, passages);
            }
        })?;
        Ok(words.sorted())
    }

    /// Returns the words that typing errors make of a folded word: those of one error, then those of two, up to `errors`.
    /// An error is a letter missing, added, wrong, or changed with its neighbour (Damerau 1964). The most frequent come
    /// first; of deleted articles there are none.
    pub(crate) fn near(&self, word: &str, errors: u8) -> tantivy::Result<Vec<Vec<Word>>> {
        let mut found: Vec<Vec<Word>> = Vec::new();
        if word.chars().count() < SHORTEST_WITH_ERRORS {
            return Ok(found);
        }
        for errors in 1..=errors {
            let mut nearer = self.with_errors(word, errors)?;
            nearer.retain(|word| !found.iter().flatten().any(|nearest| nearest.word == word.word));
            nearer.sort_by_key(|word| std::cmp::Reverse(word.passages));
            found.push(nearer);
        }
        Ok(found)
    }

    /// Returns the words that at most `errors` errors make of a folded word, each with the passages that have it.
    fn with_errors(&self, word: &str, errors: u8) -> tantivy::Result<Vec<Word>> {
        let is_han = (HAN.0..HAN.1).contains(&word);
        // Without the others, whose first characters alone are thousands of ways to begin.
        let ranges = if is_han { &[HAN][..] } else { &WORDS };
        let mut words = WordCounts::default();
        if !self.budget.spend(MISSPELT) {
            return Ok(Vec::new());
        }
        let automaton = FuzzyTermQuery::new(Term::from_field_text(self.fields.body, word), errors, true).automaton()?;
        for (field, reader) in self.dictionaries() {
            let index = reader.inverted_index(field)?;
            for (from, to) in ranges {
                let mut stream = index.terms().search(&automaton).ge(from).lt(to).into_stream()?;
                while let Some((key, info)) = stream.next() {
                    if !self.budget.spend(STREAMED) {
                        break;
                    }
                    let Ok(term) = std::str::from_utf8(key) else { continue };
                    let passages = if is_han && term.chars().count() < SHORTEST_WITH_ERRORS {
                        0
                    } else {
                        alive(reader, &index, info)?
                    };
                    if passages > 0 {
                        words.add(term, passages);
                    }
                }
            }
        }
        Ok(words.sorted())
    }

    /// Returns whether any record that is not deleted has one of these terms in one of these fields.
    pub(crate) fn is_in(&self, fields: &[Field], terms: &[String]) -> tantivy::Result<bool> {
        for reader in self.searcher.segment_readers() {
            for &field in fields {
                let index = reader.inverted_index(field)?;
                for term in terms {
                    let info = index.get_term_info(&Term::from_field_text(field, term))?;
                    let Some(info) = info else { continue };
                    let mut postings = index.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
                    while postings.doc() != TERMINATED && reader.is_deleted(postings.doc()) {
                        postings.advance();
                    }
                    if postings.doc() != TERMINATED {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Calls `each` with the terms in `from..to` that have this beginning, and how many passages have each.
    fn each_term(
        &self,
        (from, to): (&str, &str),
        beginning: &str,
        mut each: impl FnMut(&str, u64),
    ) -> tantivy::Result<()> {
        for (field, reader) in self.dictionaries() {
            let index = reader.inverted_index(field)?;
            let mut stream = index.terms().range().ge(from).lt(to).into_stream()?;
            let mut streamed: u64 = 0;
            while let Some((key, info)) = stream.next() {
                streamed += 1;
                if streamed.is_multiple_of(TERMS_A_TIME) && !self.budget.spend(STREAMED * TERMS_A_TIME) {
                    break;
                }
                if !key.starts_with(beginning.as_bytes()) {
                    break;
                }
                if let Ok(term) = std::str::from_utf8(key) {
                    each(term, info.doc_freq.into());
                }
            }
            if !self.budget.spend(STREAMED * (streamed % TERMS_A_TIME)) {
                break;
            }
        }
        Ok(())
    }
}

/// Returns how many records that are not deleted a list of a segment has.
fn alive(reader: &SegmentReader, index: &InvertedIndexReader, list: &TermInfo) -> tantivy::Result<u64> {
    if !reader.has_deletes() {
        return Ok(list.doc_freq.into());
    }
    let mut postings = index.read_postings_from_terminfo(list, IndexRecordOption::Basic)?;
    let mut alive = 0;
    while postings.doc() != TERMINATED {
        alive += u64::from(!reader.is_deleted(postings.doc()));
        postings.advance();
    }
    Ok(alive)
}

/// Words of several segments, each with the passages that have it.
#[derive(Default)]
struct WordCounts(BTreeMap<String, u64>);

impl WordCounts {
    fn add(&mut self, word: &str, passages: u64) {
        match self.0.get_mut(word) {
            Some(known) => *known += passages,
            None => {
                self.0.insert(word.to_owned(), passages);
            }
        }
    }

    fn sorted(self) -> Vec<Word> {
        self.0.into_iter().map(|(word, passages)| Word { word, passages }).collect()
    }
}
