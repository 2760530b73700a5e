//! How many passages have each term of a query.
//!
//! Most numbers stand in the dictionary of terms. Others are counted: where a
//! word has several forms, where passages were deleted, where a text is looked
//! for, where parts of long paragraphs have to be read. That work has a limit;
//! beyond it the number is a lower bound, and says so.

use std::sync::Arc;

use svod_text::analysis::Scan;
use tantivy::postings::TermInfo;
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, SegmentReader, Term};

use super::Search;
use crate::answer::hit::{TermCount, Total};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::state::State;
use crate::matching::needles::Needles;
use crate::matching::phrase::Phrase;
use crate::plan::index_terms::IndexTerms;
use crate::plan::sets::{Scores, Set};
use crate::plan::{Criterion, QueryTerm};

/// Postings that are read for the terms of a query that found something: some microseconds, a hundredth of a search.
pub(super) const FEW_POSTINGS: u64 = 4_000;
/// Postings that are read where the numbers are all that there is to say: 20 milliseconds.
pub(super) const MANY_POSTINGS: u64 = 4_000_000;
/// What a text costs for each passage that has the rarest of its terms, in postings.
const TEXT: u64 = 16;
/// What looking up a name of a term costs, in postings.
const LOOK_UP: u64 = 256;
/// The names that are looked up in any case: a word has two or three, a Han character thousands.
const FORMS: u64 = 8;
/// What reading a part of a long paragraph costs, in postings.
const READ: u64 = 1 << 14;

impl Search<'_> {
    /// Returns the terms of the query, each with the number of passages that have it. Reads about `most_postings`.
    pub(super) fn terms(&self, total: Total, most_postings: u64) -> Result<Vec<TermCount>, QueryError> {
        let terms = &self.plan.terms;
        let each = most_postings / terms.len().max(1) as u64;
        // The only term of the query: the passages that have it are the matches.
        let is_total = terms.len() == 1 && total.is_exact() && !self.expression.group.has_filters();
        let count = |asked: &QueryTerm| {
            let passages = match asked.criterion {
                Criterion::Phrase(..) | Criterion::Near(..) if is_total => total,
                _ => self.state.passages_with(&asked.criterion, each, self.budget)?,
            };
            Ok(TermCount { term: asked.term.clone(), passages, weight: asked.weight })
        };
        terms.iter().map(count).collect()
    }
}

/// The passages of a segment that have a term, by its dictionary.
struct Listed<'s> {
    reader: &'s SegmentReader,
    /// For each of the fields that has it, under any of its names.
    lists: Vec<(Arc<InvertedIndexReader>, TermInfo)>,
    /// Whether no passage stands in two of the lists.
    is_apart: bool,
}

impl Listed<'_> {
    fn longest(&self) -> u64 {
        self.lists.iter().map(|(_, list)| u64::from(list.doc_freq)).max().unwrap_or(0)
    }

    fn postings(&self) -> u64 {
        self.lists.iter().map(|(_, list)| u64::from(list.doc_freq)).sum()
    }

    /// Returns the passages before one that is not looked at any more, in order.
    fn passages(&self, end: DocId) -> tantivy::Result<Vec<DocId>> {
        let mut passages = Vec::new();
        for (index, list) in &self.lists {
            let mut postings = index.read_postings_from_terminfo(list, IndexRecordOption::Basic)?;
            while postings.doc() < end {
                passages.push(postings.doc());
                postings.advance();
            }
        }
        passages.retain(|&doc| !self.reader.is_deleted(doc));
        // The lists are sorted: they are merged.
        passages.sort();
        passages.dedup();
        Ok(passages)
    }
}

impl State {
    /// Returns how many passages meet a criterion. Reads about `most_postings`.
    pub(super) fn passages_with(
        &self,
        criterion: &Criterion,
        most_postings: u64,
        budget: &Budget,
    ) -> Result<Total, QueryError> {
        let passages = match criterion {
            Criterion::Terms(names) => {
                let mut needles = Needles::default();
                needles.add_terms(names.iter().cloned(), 0.0);
                self.with_terms(names, &needles, most_postings)?
            }
            Criterion::Characters(text) => self.with_text(
                &self.side_by_side(text),
                &needles_of(Phrase::of_text(text)),
                self.rarest(text, budget)?,
                most_postings,
                budget,
            )?,
            Criterion::Phrase(phrases, set, most) => {
                let mut needles = Needles::default();
                needles.add_readings(phrases.clone(), 0.0);
                self.with_text(set, &needles, *most, most_postings, budget)?
            }
            Criterion::Near(phrases, window, set, most) => {
                let mut needles = Needles::default();
                needles.add_near(phrases.clone(), *window, 0.0);
                self.with_text(set, &needles, *most, most_postings, budget)?
            }
        };
        Ok(if budget.is_stopped() { Total::AtLeast(passages.count()) } else { passages })
    }

    fn with_terms(&self, names: &[String], needles: &Needles, most_postings: u64) -> Result<Total, QueryError> {
        let mut counted = PassageCount::new(self, needles, most_postings);
        let looked_up = (most_postings / LOOK_UP).max(FORMS) as usize;
        counted.is_exact = names.len() <= looked_up;
        let names = &names[..names.len().min(looked_up)];
        let segments = self.listed(names).map_err(|error| self.damaged(error))?;
        let share = Share::of(most_postings, segments.iter().map(Listed::postings).sum());
        for (segment, listed) in (0..).zip(&segments) {
            let is_whole = listed.is_apart && !listed.reader.has_deletes() && self.count_parts(segment) == 0;
            if is_whole {
                counted.passages += listed.postings();
                continue;
            }
            let end = share.of_segment(listed.reader);
            // The longest list is known unread: all of it, but for what may be none.
            let none = u64::from(listed.reader.num_deleted_docs()) + self.count_parts(segment);
            let least = listed.longest().saturating_sub(none);
            if end < listed.reader.max_doc() && least > 0 {
                counted.passages += least;
                counted.is_exact = false;
                continue;
            }
            let passages = listed.passages(end).map_err(|error| self.damaged(error))?;
            counted.is_exact &= end == listed.reader.max_doc();
            counted.add(segment, &passages)?;
        }
        Ok(counted.total())
    }

    fn with_text(
        &self,
        set: &Set,
        needles: &Needles,
        most: u64,
        most_postings: u64,
        budget: &Budget,
    ) -> Result<Total, QueryError> {
        let mut counted = PassageCount::new(self, needles, most_postings);
        let share = Share::of(most_postings, most.saturating_mul(TEXT));
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()).filter(|_| most > 0) {
            let end = share.of_segment(reader);
            let passages = set.within(&self.searcher, reader, std::slice::from_ref(&(0..end)), budget);
            counted.is_exact &= end == reader.max_doc();
            counted.add(segment, &passages.map_err(|error| self.damaged(error))?)?;
        }
        Ok(counted.total())
    }

    /// Looks up the terms of the index in each segment.
    fn listed(&self, names: &[String]) -> tantivy::Result<Vec<Listed<'_>>> {
        let fields = [self.fields.body, self.fields.label];
        let segment = |reader| {
            let mut listed = Listed { reader, lists: Vec::new(), is_apart: true };
            for field in fields {
                let index = reader.inverted_index(field)?;
                let before = listed.lists.len();
                for name in names {
                    let list = index.get_term_info(&Term::from_field_text(field, name))?;
                    listed.lists.extend(list.map(|list| (Arc::clone(&index), list)));
                }
                // No passage has both fields.
                listed.is_apart &= listed.lists.len() <= before + 1;
            }
            Ok(listed)
        };
        self.searcher.segment_readers().iter().map(segment).collect()
    }

    /// Returns the passages in which characters stand side by side.
    fn side_by_side(&self, characters: &str) -> Set {
        let scan = Scan::new(characters);
        let query = |field: Field| -> (Occur, Box<dyn Query>) {
            let term = |(offset, term)| (offset, Term::from_field_text(field, term));
            let mut terms: Vec<(usize, Term)> = scan.quotation_terms().into_iter().map(term).collect();
            let query: Box<dyn Query> = match terms.len() {
                1 => Box::new(TermQuery::new(terms.remove(0).1, IndexRecordOption::Basic)),
                _ => Box::new(PhraseQuery::new_with_offset(terms)),
            };
            (Occur::Should, query)
        };
        let fields = [self.fields.body, self.fields.label];
        Set::Found(Box::new(BooleanQuery::new(fields.map(query).into())), Scores::Zero)
    }

    /// Returns how many passages have the rarest of the terms that a text has.
    fn rarest(&self, text: &str, budget: &Budget) -> Result<u64, QueryError> {
        let scan = Scan::new(text);
        let index_terms = IndexTerms::new(&self.searcher, &self.fields, budget);
        let passages = scan.quotation_terms().into_iter().map(|(_, term)| index_terms.passages_with(term));
        let passages: tantivy::Result<Vec<u64>> = passages.collect();
        Ok(passages.map_err(|error| self.damaged(error))?.into_iter().min().unwrap_or(0))
    }
}

fn needles_of(phrase: Phrase) -> Needles {
    let mut needles = Needles::default();
    needles.add_phrase(phrase, 0.0);
    needles
}

/// How much of each segment is looked at.
struct Share(f64);

impl Share {
    /// As much as some postings are of others.
    fn of(most: u64, all: u64) -> Share {
        Share(if all <= most { 1.0 } else { most as f64 / all as f64 })
    }

    /// Returns where looking ends.
    fn of_segment(&self, reader: &SegmentReader) -> DocId {
        if self.0 >= 1.0 { reader.max_doc() } else { (f64::from(reader.max_doc()) * self.0) as DocId }
    }
}

/// What was counted so far.
struct PassageCount<'s> {
    state: &'s State,
    needles: &'s Needles,
    /// The parts of long paragraphs that may still be read.
    reads: u64,
    passages: u64,
    is_exact: bool,
}

impl<'s> PassageCount<'s> {
    fn new(state: &'s State, needles: &'s Needles, most_postings: u64) -> PassageCount<'s> {
        PassageCount { state, needles, reads: most_postings / READ, passages: 0, is_exact: true }
    }

    /// Adds passages of a segment. A part of a long paragraph may have it in the next part only.
    fn add(&mut self, segment: u32, passages: &[DocId]) -> Result<(), QueryError> {
        if self.state.count_parts(segment) == 0 {
            self.passages += passages.len() as u64;
            return Ok(());
        }
        for address in passages.iter().map(|&doc| DocAddress::new(segment, doc)) {
            let is_part = self.state.runs_on(address);
            if is_part && self.reads == 0 {
                self.is_exact = false;
                continue;
            }
            self.reads -= u64::from(is_part);
            let has_it = !is_part || !self.state.read(address, self.needles)?.1.matches.is_empty();
            self.passages += u64::from(has_it);
        }
        Ok(())
    }

    fn total(&self) -> Total {
        if self.is_exact { Total::Exact(self.passages) } else { Total::AtLeast(self.passages) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::num::NonZeroUsize;

    use svod_text::analysis::{FORM_MARK, Scan};
    use svod_text::article::{Syntax, parse};

    use super::*;
    use crate::test_index::TestIndex;
    use crate::{Answer, Index, Request};

    /// Words of three scripts, forms of one word, words that are near each other.
    const WORDS: [&str; 16] = [
        "smith",
        "smiths",
        "smyth",
        "treaty",
        "treaties",
        "national",
        "president",
        "of",
        "мир",
        "мира",
        "войны",
        "停火",
        "谈判",
        "停火谈判",
        "制裁",
        "F-35",
    ];
    const QUERIES: [&str; 26] = [
        "\"national president\"",
        "\"president national\" \"national president\"",
        "\"smith treaty\" OR \"treaty smith\"",
        "smith treaty",
        "+smith +treaties +national +мира",
        "\"smith\"",
        "smth",
        "smitth~",
        "\"smyth of\"~3",
        "трeaty zzz",
        "停火谈判",
        "\"火谈\"",
        "火",
        "停判",
        "+停火 +制裁 -мир",
        "войны мир",
        "of",
        "treat*",
        "\"*tional president\"",
        "f35",
        "author:smith",
        "author:zzz",
        "smith lang:zh",
        "rarely",
        "rareli",
        "gone",
    ];

    struct World {
        made: TestIndex,
        texts: BTreeMap<u32, String>,
        number: u64,
        next: u32,
    }

    impl World {
        fn new(seed: u64) -> World {
            World { made: TestIndex::new(), texts: BTreeMap::new(), number: seed, next: 0 }
        }

        fn below(&mut self, end: usize) -> usize {
            self.number ^= self.number << 13;
            self.number ^= self.number >> 7;
            self.number ^= self.number << 17;
            (self.number % end as u64) as usize
        }

        fn words(&mut self, most: usize) -> String {
            let count = 1 + self.below(most);
            (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
        }

        fn add(&mut self, key: u32, text: String) {
            self.made.add(key, &format!("{key}.md"), &text);
            self.texts.insert(key, text);
        }

        /// Adds articles, takes some away, and commits each time.
        fn change(&mut self) {
            for _ in 0..30 {
                let (title, heading) = (self.words(2), self.words(3));
                let body: Vec<String> = (0..1 + self.below(4)).map(|_| self.words(9)).collect();
                self.next += 1;
                self.add(self.next, format!("# {title}\n\n## {heading}\n\n{}\n", body.join("\n\n")));
            }
            self.made.commit();
            let keys: Vec<u32> = self.texts.keys().copied().collect();
            for key in keys.into_iter().filter(|key| key % 4 == 1) {
                self.made.remove(key);
                self.texts.remove(&key);
            }
            self.made.commit();
        }

        /// Texts of all kinds: with a word in a line of metadata alone, in an article that is gone, in long paragraphs.
        fn all(seed: u64) -> World {
            let mut world = World::new(seed);
            world.add(9_000, "# 标题\n\n【基金项目】Rarely funded.\n\n停火。\n".to_owned());
            world.add(9_005, "# Old\n\nAll of this is gone, and so is smithy.\n".to_owned());
            let long = (0..700).map(|number| format!("Sentence {number} of treaty number{number}. "));
            world.add(9_002, long.collect());
            (0..3).for_each(|_| world.change());
            assert!(!world.texts.contains_key(&9_005));
            world
        }

        fn count(&self, holds: impl Fn(&Scan) -> bool) -> u64 {
            let passages = self.texts.values().flat_map(|text| parse(text, Syntax::Markdown).passages);
            passages.filter(|passage| holds(&Scan::new(&passage.text))).count() as u64
        }

        /// Counts the passages that have a term as it is shown; `None` where only a search can tell.
        fn scan(&self, term: &str) -> Option<u64> {
            let is_text = |text: &str| !text.contains(['*', '~']);
            if let Some(form) = term.strip_suffix('*').filter(|form| !form.starts_with('"') && *form != "treat") {
                return Some(self.count(|passage| has_form(passage, form)));
            }
            let text = term.trim_matches('"');
            is_text(text).then(|| self.count(|passage| holds(passage, &Scan::new(text))))
        }
    }

    fn holds(passage: &Scan, text: &Scan) -> bool {
        let length = text.units().len();
        let stands = |at: usize| (0..length).all(|i| passage.folded(at + i) == text.folded(i));
        (0..(passage.units().len() + 1).saturating_sub(length)).any(stands)
    }

    fn has_form(passage: &Scan, form: &str) -> bool {
        let mut has = false;
        for at in 0..passage.units().len() {
            passage.forms_at(at, &mut String::new(), |found| has |= found.trim_start_matches(FORM_MARK) == form);
            has |= passage.compound_at(at).is_some_and(|(found, _)| found == form);
        }
        has
    }

    fn ask(index: &Index, query: &str, limit: usize) -> Answer {
        let request = Request { limit: NonZeroUsize::new(limit), help: true, ..Request::new(query) };
        index.search(&request).unwrap()
    }

    /// Holds all that is told of terms and words against a scan; with several indexes each passage is there so often.
    fn check(world: &World, index: &Index, times: u64) {
        for query in
            QUERIES.iter().map(|query| (*query).to_owned()).chain((0..700).step_by(9).map(|n| format!("number{n}")))
        {
            let all = ask(index, &query, 0);
            assert_eq!(all.total, Total::Exact(all.hits.len() as u64), "{query}");
            let few = ask(index, &query, 3);
            assert!(
                few.total == all.total || (!few.total.is_exact() && few.total.count() < all.total.count()),
                "{query}: {few:?}"
            );
            assert_eq!(few.hits.len(), all.hits.len().min(3), "{query}");
            for term in all.terms.iter().chain(&few.terms) {
                let alone = || ask(index, &format!("+{}", term.term), 0).total.count();
                let expected = world.scan(&term.term).map_or_else(alone, |count| count * times);
                let is_true = term.passages == Total::Exact(expected)
                    || (!term.passages.is_exact() && term.passages.count() <= expected);
                assert!(is_true, "{query}: {term:?}, and there are {expected}");
            }
            if all.hits.is_empty() {
                assert!(all.terms.iter().all(|term| term.passages.is_exact()), "{query}: {:?}", all.terms);
            }
            for unknown in &all.unknown {
                assert_eq!(world.count(|passage| holds(passage, &Scan::new(&unknown.word))), 0, "{query}: {unknown:?}");
                for known in &unknown.nearest {
                    let expected = world.count(|passage| holds(passage, &Scan::new(&known.word))) * times;
                    assert!(
                        expected > 0 && known.passages == Total::Exact(expected),
                        "{query}: {known:?} of {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn all_numbers_are_those_of_a_scan() {
        for seed in [3, 4] {
            let (mut world, twin) = (World::all(seed), World::all(seed));
            let indexes = [&world, &twin].map(|world| Index::open(world.made.path()).unwrap());
            check(&world, &indexes[0], 1);
            check(&world, &Index::union(&indexes).unwrap(), 2);
            world.made.merge();
            check(&world, &Index::open(world.made.path()).unwrap(), 1);
        }
    }

    #[test]
    fn what_is_not_counted_to_its_end_is_a_lower_bound() {
        let world = World::all(7);
        let index = Index::open(world.made.path()).unwrap();
        let state = index.state();
        for query in ["smith", "мир", "停火", "火", "停火谈判", "\"of treaty\"", "sentence", "\"smyth of\"~3"]
        {
            let plan = crate::plan::plan(&crate::parse::parse(query), &state, &Budget::for_all()).unwrap();
            for asked in &plan.terms {
                let count = |most| state.passages_with(&asked.criterion, most, &Budget::for_all()).unwrap();
                let all = count(MANY_POSTINGS);
                assert!(all.is_exact(), "{query}");
                for most in [0, 1, 10, 40, 100, 1_000] {
                    let least = count(most);
                    let is_true = least == all || (!least.is_exact() && least.count() <= all.count());
                    assert!(is_true, "{query}: {least} of {all} by {most}");
                }
            }
        }
    }

    #[test]
    fn what_is_there_is_not_called_unknown_and_is_found() {
        let world = World::all(5);
        let index = Index::open(world.made.path()).unwrap();
        for (query, expected) in
            [("rarely", 1), ("rarely zzz", 1), ("gone", 0), ("author:zzz", 0), ("rarely lang:ru", 0)]
        {
            let answer = ask(&index, query, 10);
            assert_eq!(answer.hits.len(), expected, "{query}");
            assert!(!answer.unknown.iter().any(|unknown| unknown.word == "rarely"), "{query}");
        }
        let unknown =
            |query| ask(&index, query, 10).unknown.into_iter().map(|unknown| unknown.word).collect::<Vec<_>>();
        assert_eq!(unknown("gone"), ["gone"]);
        assert_eq!(unknown("\"gone rarely\""), ["gone"]);
        assert_eq!(unknown("author:zzz"), [""; 0]);
        let mut filtered = Request::new("rarely");
        (filtered.filter, filtered.help) = ("\"zzz yyy\" lang:ru".to_owned(), true);
        let answer = index.search(&filtered).unwrap();
        assert!(answer.unknown.is_empty() && answer.is_narrowed, "{answer:?}");
    }

    /// How many more passages of an article have all of the words.
    #[test]
    fn more_passages_are_those_of_a_scan() {
        let world = World::all(6);
        let index = Index::open(world.made.path()).unwrap();
        let mut told = 0;
        for query in ["smith", "smith treaty", "\"of treaty\"", "мир 停火", "treaty number63", "sentence"] {
            let request = Request { more: true, per_article: NonZeroUsize::new(1), ..Request::new(query) };
            for hit in index.search(&request).unwrap().hits {
                let key: u32 = hit.path.to_str().unwrap().trim_end_matches(".md").parse().unwrap();
                let words: Vec<&str> = query.split(' ').collect();
                let has_all = |text: &str| match query.trim_matches('"') {
                    text_of if text_of != query => holds(&Scan::new(text), &Scan::new(text_of)),
                    _ => words.iter().all(|word| {
                        let (passage, word) = (Scan::new(text), Scan::new(word));
                        let mut form = String::new();
                        word.forms_at(0, &mut String::new(), |found| {
                            form = found.trim_start_matches(FORM_MARK).to_owned()
                        });
                        if word.is_han(0) { holds(&passage, &word) } else { has_form(&passage, &form) }
                    }),
                };
                let passages = parse(&world.texts[&key], Syntax::Markdown).passages;
                let expected = passages.iter().filter(|passage| has_all(&passage.text)).count();
                let expected = expected - usize::from(has_all(&hit.text));
                assert_eq!(hit.more, Some(expected as u64), "{query}: {}", hit.path.display());
                told += expected;
            }
        }
        assert!(told > 10, "{told}");
    }
}
