//! From an expression to a query of the engine.
//!
//! Best match: every bigram of a Han run, every longer substring of it that
//! the index knows as a word, and the form of every other word, each searched
//! in the text and, with less weight, in titles, headings, keywords and names.
//! The term dictionary answers in microseconds, so no other dictionary is
//! needed. Stop words are no clauses of their own while there are others.
//!
//! Required and excluded words, and quotations, hold in the text of passages
//! and headings.

use std::ops::{Bound, Range, RangeInclusive};

use svod_corpus::analysis::{FORM_MARK, Glue, Scan, Script, push_form, stop_words, terms_of_form};
use svod_corpus::article::Kind;
use svod_corpus::schema::{self, Fields};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur as EngineOccur, PhraseQuery, Query, RangeQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::hit::TermCount;
use crate::needles::{self, Needles};
use crate::parse::{Clause, Content, Expression, FieldName, Filter, Occur};
use crate::rank::{self, Ranked};

/// Words of the dictionary are seldom longer.
const LONGEST_WORD: usize = 8;
/// Terms further apart in the query are no neighbours.
const MOST_APART: usize = 3;
/// A query of more terms than this keeps the rarest.
const MOST_TERMS: usize = 64;
/// So many units may be meant as a phrase.
const LEAST_PHRASE: usize = 3;
/// A Han character alone has as many names as there are characters to follow it: not looked for in fields.
const MOST_NAMES: usize = 8;

/// What to ask the engine, and what to look for in the hits.
pub(crate) struct Plan {
    pub(crate) query: Box<dyn Query>,
    /// Finds passages that hold the words as they were typed, if these are a phrase.
    pub(crate) verbatim: Option<Box<dyn Query>>,
    pub(crate) needles: Needles,
    /// The terms of best match.
    pub(crate) ranked: Vec<Ranked>,
    /// Whether headings and lines of metadata are ranked by their text.
    pub(crate) labels: Labels,
    pub(crate) terms: Vec<TermCount>,
    /// Whether there is anything to rank by but quotations.
    pub(crate) has_words: bool,
    /// Whether the engine must look at every match anyway, so that counting them costs nothing.
    pub(crate) is_exhaustive: bool,
    /// At most this many passages match.
    pub(crate) most_matches: u64,
    /// At least this many passages match, if nothing is required.
    pub(crate) least_matches: u64,
}

/// Plans an expression against what the index knows.
pub(crate) fn plan(expression: &Expression, searcher: &Searcher, fields: &Fields) -> tantivy::Result<Plan> {
    let mut planner = Planner {
        searcher,
        fields,
        labels: asks_for_labels(expression),
        all: searcher.num_docs(),
        terms: Vec::new(),
        position: 0,
        phrases: Vec::new(),
        ranked: Vec::new(),
        needles: Needles::default(),
        counts: Vec::new(),
    };
    let (mut required, mut filters) = (Vec::new(), Vec::new());
    for clause in &expression.clauses {
        match (&clause.content, clause.occur) {
            (Content::Filter(filter), Occur::MustNot) => filters.push((EngineOccur::MustNot, planner.filter(filter))),
            (Content::Filter(filter), _) => filters.push((EngineOccur::Must, planner.filter(filter))),
            (Content::Words(words), Occur::Should) => planner.add_words(words)?,
            (Content::Words(words), Occur::Must) => {
                planner.add_words(words)?;
                required.extend(planner.require_words(words)?.map(|query| (EngineOccur::Must, query)));
            }
            (Content::Words(words), Occur::MustNot) => {
                required.extend(planner.require_words(words)?.map(|query| (EngineOccur::MustNot, query)))
            }
            (Content::Quotation(text), Occur::MustNot) => {
                required.extend(planner.quotation(text)?.map(|query| (EngineOccur::MustNot, query)))
            }
            (Content::Quotation(text), _) => {
                required.extend(planner.quotation(text)?.map(|query| (EngineOccur::Must, query)));
                planner.show_quotation(text)?;
            }
        }
    }
    planner.finish(required, filters)
}

/// Whether headings and lines of metadata are ranked: only where they are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Labels {
    Rank,
    LeaveOut,
}

fn asks_for_labels(expression: &Expression) -> Labels {
    let asks = |clause: &Clause| {
        let is_label = matches!(clause.content, Content::Filter(Filter::Kind(Kind::Heading | Kind::Metadata)));
        is_label && clause.occur != Occur::MustNot
    };
    if expression.clauses.iter().any(asks) { Labels::Rank } else { Labels::LeaveOut }
}

struct Planner<'i> {
    searcher: &'i Searcher,
    fields: &'i Fields,
    /// Whether headings and lines of metadata are ranked too.
    labels: Labels,
    all: u64,
    terms: Vec<Wanted>,
    /// The position in the query, as [`needles::counts`] counts.
    position: usize,
    /// The words as they were typed, where they are enough for a phrase.
    phrases: Vec<PhraseQuery>,
    ranked: Vec<Ranked>,
    needles: Needles,
    counts: Vec<TermCount>,
}

/// A term of best match: one thing that is looked for, under all the names that the index may have for it.
struct Wanted {
    names: Vec<String>,
    weight: f32,
    is_stop: bool,
    /// One Han character: what its terms have in common, and all that is to be marked.
    character: Option<String>,
    /// Its position in the query.
    position: usize,
    /// Passages that have it in their text; one that has two of the names is counted twice.
    passages: u64,
    /// Passages that have the most frequent of the names.
    least: u64,
}

impl Wanted {
    /// Returns the number of its Han characters; none for a word of another script.
    fn han_characters(&self) -> usize {
        let scan = Scan::new(self.names.first().map_or("", String::as_str));
        (0..scan.units().len()).take_while(|&at| scan.is_han(at)).count()
    }

    /// Returns the term for people: a form of a word ends in `*`.
    fn shown(&self) -> String {
        let name = self.character.as_ref().or(self.names.first()).map_or("", String::as_str);
        name.strip_prefix(FORM_MARK).map_or_else(|| name.to_owned(), |form| format!("{form}*"))
    }
}

type Clauses = Vec<(EngineOccur, Box<dyn Query>)>;

impl Planner<'_> {
    /// Adds the terms of words to be searched by best match.
    fn add_words(&mut self, words: &str) -> tantivy::Result<()> {
        let scan = Scan::new(words);
        self.add_phrase(&scan)?;
        for item in items(&scan) {
            match item {
                Item::Han(run) => self.add_han(&scan, run)?,
                Item::Word(at) => {
                    self.add_term(names_of_word(&scan, at), rank::FORM, !needles::counts(&scan, at))?;
                    self.position += usize::from(needles::counts(&scan, at));
                }
                Item::Compound(form, units) => {
                    self.add_term(terms_of_form(&form, Script::Digits), rank::FORM, false)?;
                    self.position += units;
                }
            }
        }
        Ok(())
    }

    /// Adds words as a text that somebody may remember word for word.
    fn add_phrase(&mut self, scan: &Scan) -> tantivy::Result<()> {
        for at in 0..scan.units().len() {
            if scan.is_han(at) {
                self.needles.words.break_run();
                continue;
            }
            let passages = self.passages_with_any(&names_of_word(scan, at))?;
            let weight = if needles::counts(scan, at) { rank::idf(passages, self.all) } else { rank::STOP_WORD };
            self.needles.words.add(scan.folded(at), weight);
        }
        self.needles.words.break_run();
        if scan.units().len() >= LEAST_PHRASE {
            self.phrases.push(self.phrase_in(self.fields.body, &scan.quotation_terms()));
        }
        Ok(())
    }

    fn add_han(&mut self, scan: &Scan, run: Range<usize>) -> tantivy::Result<()> {
        if run.len() == 1 {
            let is_stop = scan.folded(run.start).chars().all(stop_words::is_stop_character);
            let names = self.terms_beginning_with(scan.folded(run.start))?;
            self.add_term(names, rank::BIGRAM, is_stop)?;
            if let Some(term) = self.terms.last_mut() {
                term.character = Some(scan.folded(run.start).to_owned());
            }
        }
        for first in run.clone() {
            if first + 1 < run.end {
                let bigram = scan.folded_run(first..first + 2);
                self.add_term(vec![bigram.to_owned()], rank::BIGRAM, stop_words::is_stop_bigram(bigram))?;
            }
            for end in first + 3..=run.end.min(first + LONGEST_WORD) {
                if scan.units()[end - 1].glue != Glue::Touching || scan.units()[first + 1].glue != Glue::Touching {
                    break;
                }
                let word = scan.folded_run(first..end);
                if self.passages_with(self.fields.body, word)? > 0 {
                    self.add_term(vec![word.to_owned()], rank::LONG_WORD, false)?;
                }
            }
            self.position += 1;
        }
        Ok(())
    }

    /// Adds a term that stands at the current position of the query.
    fn add_term(&mut self, names: Vec<String>, weight: f32, is_stop: bool) -> tantivy::Result<()> {
        if self.terms.iter().any(|known| known.names == names) {
            return Ok(());
        }
        let mut least = 0;
        for name in &names {
            least = least.max(self.passages_with(self.fields.body, name)?);
        }
        let passages = self.passages_with_any(&names)?;
        self.terms.push(Wanted { names, weight, is_stop, character: None, position: self.position, passages, least });
        Ok(())
    }

    fn passages_with(&self, field: Field, term: &str) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&Term::from_field_text(field, term))
    }

    /// Returns how many passages have any of the terms; one that has two of them is counted twice.
    fn passages_with_any(&self, names: &[String]) -> tantivy::Result<u64> {
        let mut passages = 0;
        for name in names {
            passages += self.passages_with(self.fields.body, name)?;
        }
        Ok(passages.min(self.all))
    }

    /// Returns the terms of one or two characters that begin with a Han character: together they stand wherever it does.
    fn terms_beginning_with(&self, character: &str) -> tantivy::Result<Vec<String>> {
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            for field in [self.fields.body, self.fields.label] {
                let index = reader.inverted_index(field)?;
                let mut stream = index.terms().range().ge(character.as_bytes()).into_stream()?;
                while stream.advance() && stream.key().starts_with(character.as_bytes()) {
                    let term = String::from_utf8_lossy(stream.key());
                    if term.chars().count() <= 2 {
                        terms.push(term.into_owned());
                    }
                }
            }
        }
        terms.sort_unstable();
        terms.dedup();
        Ok(terms)
    }

    /// Returns the query for words that must, or must not, be there: a Han run
    /// as it stands, any other word in any of its forms. None if there are no words.
    fn require_words(&mut self, words: &str) -> tantivy::Result<Option<Box<dyn Query>>> {
        let scan = Scan::new(words);
        let mut all: Clauses = Vec::new();
        for item in items(&scan) {
            let query = match item {
                Item::Han(run) => {
                    self.exact_units(&Scan::new(&words[scan.source(run.start).start..scan.source(run.end - 1).end]))?
                }
                Item::Word(at) => self.any_of(&names_of_word(&scan, at)),
                Item::Compound(form, _) => self.any_of(&terms_of_form(&form, Script::Digits)),
            };
            all.push((EngineOccur::Must, query));
        }
        Ok(match all.len() {
            0 => None,
            1 => all.pop().map(|(_, query)| query),
            _ => Some(Box::new(BooleanQuery::new(all))),
        })
    }

    /// Returns the query for passages and headings that hold a text exactly. None if the text has no units.
    fn quotation(&self, text: &str) -> tantivy::Result<Option<Box<dyn Query>>> {
        let scan = Scan::new(text);
        if scan.units().is_empty() { Ok(None) } else { self.exact_units(&scan).map(Some) }
    }

    fn exact_units(&self, scan: &Scan) -> tantivy::Result<Box<dyn Query>> {
        let terms = scan.quotation_terms();
        if let [(_, term)] = terms[..] {
            let is_lone_han = scan.units().len() == 1 && scan.is_han(0);
            let names = if is_lone_han { self.terms_beginning_with(term)? } else { vec![term.to_owned()] };
            return Ok(self.any_of(&names));
        }
        let in_field = |field: Field| -> (EngineOccur, Box<dyn Query>) {
            (EngineOccur::Should, Box::new(self.phrase_in(field, &terms)))
        };
        Ok(Box::new(BooleanQuery::new([self.fields.body, self.fields.label].map(in_field).into())))
    }

    /// Returns the query for texts that have two and more terms at their places.
    fn phrase_in(&self, field: Field, terms: &[(usize, &str)]) -> PhraseQuery {
        let terms = terms.iter().map(|&(offset, term)| (offset, Term::from_field_text(field, term)));
        PhraseQuery::new_with_offset(terms.collect())
    }

    /// Returns the query for passages and headings that have any of these terms.
    fn any_of(&self, names: &[String]) -> Box<dyn Query> {
        let mut any: Clauses = Vec::new();
        for name in names {
            for field in [self.fields.body, self.fields.label] {
                any.push((
                    EngineOccur::Should,
                    Box::new(TermQuery::new(Term::from_field_text(field, name), IndexRecordOption::WithFreqs)),
                ));
            }
        }
        match any.len() {
            0 => Box::new(EmptyQuery),
            1..=8 => Box::new(BooleanQuery::new(any)),
            // The terms that begin with one character: their single weights mean nothing.
            _ => Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::new(any)), 1.0)),
        }
    }

    /// Returns the query for the passages that a filter lets through.
    fn filter(&self, filter: &Filter) -> Box<dyn Query> {
        let between = |field: Field, range: RangeInclusive<u64>| -> Box<dyn Query> {
            let end = |number: u64| Bound::Included(Term::from_field_u64(field, number));
            Box::new(ConstScoreQuery::new(Box::new(RangeQuery::new(end(*range.start()), end(*range.end()))), 0.0))
        };
        match filter {
            Filter::Kind(kind) => between(self.fields.kind, schema::kind_code(*kind)..=schema::kind_code(*kind)),
            Filter::Language(language) => {
                between(self.fields.language, schema::language_code(*language)..=schema::language_code(*language))
            }
            Filter::Date(dates) => between(self.fields.date, dates.clone()),
            Filter::Words(name, words) => self.words_in(self.field_of(*name), words),
        }
    }

    fn field_of(&self, name: FieldName) -> Field {
        match name {
            FieldName::Title => self.fields.title,
            FieldName::Author => self.fields.authors,
            FieldName::Keyword => self.fields.keywords,
            FieldName::Section => self.fields.section,
        }
    }

    /// Returns the query for passages of which a field has all of these words, in any form.
    fn words_in(&self, field: Field, words: &str) -> Box<dyn Query> {
        let scan = Scan::new(words);
        let mut all: Clauses = Vec::new();
        let mut scratch = String::new();
        for at in 0..scan.units().len() {
            scan.forms_at(at, &mut scratch, |form| {
                let term = Term::from_field_text(field, form);
                all.push((EngineOccur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
            });
        }
        if all.is_empty() {
            Box::new(EmptyQuery)
        } else {
            Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::new(all)), 0.0))
        }
    }

    fn show_quotation(&mut self, text: &str) -> tantivy::Result<()> {
        let scan = Scan::new(text);
        self.needles.require_quotation(&scan, 1.0);
        let mut rarest = u64::MAX;
        for (_, term) in scan.quotation_terms() {
            rarest = rarest.min(self.passages_with(self.fields.body, term)?);
        }
        if rarest < u64::MAX {
            self.counts.push(TermCount { term: format!("\"{}\"", text.trim()), passages: rarest });
        }
        Ok(())
    }

    fn finish(mut self, required: Clauses, filters: Clauses) -> tantivy::Result<Plan> {
        self.drop_stop_words();
        let verbatim = self.verbatim(&required, &filters);
        let mut clauses = required;
        let must_match = clauses.iter().chain(&filters).any(|(occur, _)| *occur == EngineOccur::Must);
        let is_exhaustive = !clauses.is_empty() || !filters.is_empty();
        let terms = std::mem::take(&mut self.terms);
        let has_words = !terms.is_empty();
        let least_matches = terms.iter().map(|wanted| wanted.least).max().unwrap_or(0);
        let mut most_matches = 0;
        for wanted in &terms {
            most_matches += self.add_clauses(wanted, &mut clauses)?;
        }
        self.show(terms);
        let has_positive = |clauses: &Clauses| clauses.iter().any(|(occur, _)| *occur != EngineOccur::MustNot);
        if has_positive(&clauses) && !filters.is_empty() {
            // A filter is no reason to show a passage that has nothing of what was asked.
            clauses = vec![(EngineOccur::Must, Box::new(BooleanQuery::new(clauses)))];
        }
        clauses.extend(filters);
        let query: Box<dyn Query> =
            if has_positive(&clauses) { Box::new(BooleanQuery::new(clauses)) } else { Box::new(EmptyQuery) };
        let most_matches = if must_match { self.all } else { most_matches };
        Ok(Plan {
            query,
            verbatim,
            ranked: self.ranked,
            labels: self.labels,
            needles: self.needles,
            terms: self.counts,
            has_words,
            is_exhaustive,
            most_matches,
            least_matches,
        })
    }

    /// Returns the query for passages that hold the words as they were typed, and all that is required.
    fn verbatim(&mut self, required: &Clauses, filters: &Clauses) -> Option<Box<dyn Query>> {
        // Words in several places of an expression were not meant to stand together.
        let phrase = if self.phrases.len() == 1 { self.phrases.pop()? } else { return None };
        let is_exact = |(occur, _): &&(EngineOccur, Box<dyn Query>)| *occur != EngineOccur::Should;
        let also = required.iter().chain(filters).filter(is_exact);
        let mut clauses: Clauses = also.map(|(occur, query)| (*occur, query.box_clone())).collect();
        clauses.push((EngineOccur::Must, Box::new(phrase)));
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    /// Stop words count only if there is nothing else; of very many terms the rarest are kept.
    fn drop_stop_words(&mut self) {
        if self.terms.iter().any(|term| !term.is_stop && term.passages > 0) {
            self.terms.retain(|term| !term.is_stop);
        }
        if self.terms.len() > MOST_TERMS {
            self.terms.sort_by_key(|term| term.passages);
            self.terms.truncate(MOST_TERMS);
            self.terms.sort_by_key(|term| term.position);
        }
    }

    /// Adds the clauses of one term, and returns how many passages they match at most.
    ///
    /// All names and fields of a term share one idf, that of their union: a
    /// rare form of a word is no rarer than the word.
    fn add_clauses(&self, wanted: &Wanted, clauses: &mut Clauses) -> tantivy::Result<u64> {
        let idf = rank::idf(wanted.passages, self.all);
        let mut most_matches = 0;
        let in_fields = [
            (self.fields.body, 1.0),
            (self.fields.title, rank::TITLE),
            (self.fields.section, rank::SECTION),
            (self.fields.keywords, rank::KEYWORDS),
            (self.fields.authors, rank::AUTHORS),
            (self.fields.label, if self.labels == Labels::Rank { 1.0 } else { 0.0 }),
        ];
        for name in &wanted.names {
            for (field, field_weight) in in_fields.into_iter().filter(|&(_, weight)| weight > 0.0) {
                let term = Term::from_field_text(field, name);
                let passages = self.searcher.doc_freq(&term)?;
                if passages > 0 {
                    let boost = wanted.weight * field_weight * idf / rank::idf(passages, self.all);
                    let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                    clauses.push((EngineOccur::Should, Box::new(BoostQuery::new(query, boost))));
                    most_matches += passages;
                }
            }
        }
        Ok(most_matches)
    }

    /// Says what was searched for, and remembers it for what is done with the text of the hits.
    fn show(&mut self, terms: Vec<Wanted>) {
        let mut placed: Vec<(usize, usize, bool)> = Vec::new();
        for wanted in terms {
            let weight = wanted.weight * rank::idf(wanted.passages, self.all);
            self.counts.push(TermCount { term: wanted.shown(), passages: wanted.passages });
            let han_characters = wanted.han_characters();
            if han_characters > 2 {
                // Its bigrams are scored and marked: it says the same again.
                continue;
            }
            let names = if wanted.names.len() <= MOST_NAMES { wanted.names.clone() } else { Vec::new() };
            let needle = match wanted.character {
                Some(character) => self.needles.add_quotation(&Scan::new(&character), weight),
                None => self.needles.add_terms(wanted.names, weight),
            };
            self.ranked.push(Ranked { needle, names, weight });
            placed.push((wanted.position, needle, han_characters == 0));
        }
        self.add_pairs(&placed);
    }

    /// Pairs what stands side by side in the query: each its position, its needle, and whether it is a word.
    fn add_pairs(&mut self, placed: &[(usize, usize, bool)]) {
        // The bigrams of a Han run overlap: that they stand side by side tells nothing new.
        for (at, &(position, first, is_word)) in placed.iter().enumerate() {
            let next = placed[at + 1..].iter().find(|(next, ..)| *next > position);
            let near = next.filter(|(next, ..)| next - position <= MOST_APART);
            if let Some(&(next, second, _)) = near.filter(|(.., next_is_word)| is_word || *next_is_word) {
                self.needles.add_pair(first, second, next - position);
            }
        }
    }
}

/// A part of the words of a query.
enum Item {
    /// A stretch of Han characters.
    Han(Range<usize>),
    /// A word, by its unit.
    Word(usize),
    /// A number or designation: its form and the number of its units.
    Compound(String, usize),
}

fn items(scan: &Scan) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < scan.units().len() {
        if scan.is_han(at) {
            let end = (at..).find(|&i| !scan.is_han(i)).unwrap_or(at + 1);
            items.push(Item::Han(at..end));
            at = end;
        } else if let Some((form, units)) = scan.compound_at(at) {
            items.push(Item::Compound(form, units));
            at += units;
        } else {
            items.push(Item::Word(at));
            at += 1;
        }
    }
    items
}

fn names_of_word(scan: &Scan, at: usize) -> Vec<String> {
    let script = scan.units()[at].script;
    let mut form = String::new();
    push_form(scan.folded(at), script, &mut form);
    let mut names = terms_of_form(&form, script);
    // A word that is its own form although its form's form is another: Snowball is not idempotent.
    if form == scan.folded(at) && !names.contains(&form) {
        names.push(form);
    }
    names
}
