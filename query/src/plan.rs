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

mod constraint;

use std::ops::Range;

use svod_corpus::analysis::{
    EVERYDAY_CHARACTERS, FORM_MARK, Glue, Scan, Script, formal_words, push_form, stop_words, terms_of_form,
};
use svod_corpus::article::Kind;
use svod_corpus::schema::Fields;
use tantivy::query::{BooleanQuery, BoostQuery, Occur as EngineOccur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use self::constraint::Constraint;
use crate::chain::Chain;
use crate::dictionary::Dictionary;
use crate::hit::TermCount;
use crate::needles::{self, Condition, Needles};
use crate::parse::{Clause, Content, Expression, Filter, Group, Occur, Warning};
use crate::rank::{self, Ranked};
use crate::sets::{Scores, Set, SetQuery};
use crate::spans::{Order, Slot, Span, SpanQuery};

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
    /// What the text of a hit must have, where it is longer than what was indexed of it.
    pub(crate) condition: Condition,
    /// The terms of best match.
    pub(crate) ranked: Vec<Ranked>,
    /// Whether headings and lines of metadata are ranked by their text.
    pub(crate) labels: Labels,
    pub(crate) terms: Vec<TermCount>,
    /// Words that the index does not know.
    pub(crate) unknown: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
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
        dictionary: Dictionary::new(searcher, fields),
        labels: asks_for_labels(&expression.group),
        all: searcher.num_docs(),
        terms: Vec::new(),
        shapes: Vec::new(),
        has_plain_words: false,
        formal: Vec::new(),
        position: 0,
        phrases: Vec::new(),
        ranked: Vec::new(),
        needles: Needles::default(),
        counts: Vec::new(),
        unknown: Vec::new(),
        warnings: Vec::new(),
    };
    planner.rank_group(&expression.group, Decides::No)?;
    let constraint = planner.constrain_group(&constraint_of(&expression.group))?;
    planner.finish(constraint)
}

/// Returns what decides which passages are hits: all but plain words.
fn constraint_of(group: &Group) -> Group {
    let decides = |clause: &&Clause| clause.occur != Occur::Should || group.least > 1;
    Group { clauses: group.clauses.iter().filter(decides).cloned().collect(), least: group.least }
}

/// Whether a clause belongs to what decides which passages are hits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decides {
    Yes,
    No,
}

/// Whether headings and lines of metadata are ranked: only where they are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Labels {
    Rank,
    LeaveOut,
}

fn asks_for_labels(group: &Group) -> Labels {
    let asks = |clause: &Clause| match &clause.content {
        Content::Filter(Filter::Kind(Kind::Heading | Kind::Metadata)) => clause.occur != Occur::MustNot,
        Content::Group(group) => clause.occur != Occur::MustNot && asks_for_labels(group) == Labels::Rank,
        _ => false,
    };
    if group.clauses.iter().any(asks) { Labels::Rank } else { Labels::LeaveOut }
}

struct Planner<'i> {
    searcher: &'i Searcher,
    fields: &'i Fields,
    dictionary: Dictionary<'i>,
    /// Whether headings and lines of metadata are ranked too.
    labels: Labels,
    all: u64,
    terms: Vec<Wanted>,
    /// Words of a shape, ranked as one.
    shapes: Vec<Set>,
    /// Whether there are words that only rank.
    has_plain_words: bool,
    /// Formal words for what the query says in everyday ones.
    formal: Vec<&'static str>,
    /// The position in the query, as [`needles::counts`] counts.
    position: usize,
    /// The words as they were typed, where they are enough for a phrase.
    phrases: Vec<PhraseQuery>,
    ranked: Vec<Ranked>,
    needles: Needles,
    counts: Vec<TermCount>,
    unknown: Vec<String>,
    warnings: Vec<Warning>,
}

/// Where a term comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The query has it.
    Typed,
    /// It belongs to a formal word for something in the query.
    Formal,
}

/// A term of best match: one thing that is looked for, under all the names that the index may have for it.
struct Wanted {
    names: Vec<String>,
    weight: f32,
    origin: Origin,
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

    /// Returns its Han characters; none if it has several names.
    fn characters(&self) -> Vec<char> {
        match &self.names[..] {
            [name] if self.han_characters() > 0 => name.chars().collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the term for people: a form of a word ends in `*`.
    fn shown(&self) -> String {
        let name = self.character.as_ref().or(self.names.first()).map_or("", String::as_str);
        name.strip_prefix(FORM_MARK).map_or_else(|| name.to_owned(), |form| format!("{form}*"))
    }
}

fn should(query: impl Query) -> (EngineOccur, Box<dyn Query>) {
    (EngineOccur::Should, Box::new(query))
}

type Clauses = Vec<(EngineOccur, Box<dyn Query>)>;

impl Planner<'_> {
    /// Adds what passages are ranked by: all words that are asked for.
    fn rank_group(&mut self, group: &Group, decides: Decides) -> tantivy::Result<()> {
        let mut side_by_side = String::new();
        for clause in group.clauses.iter().filter(|clause| clause.occur != Occur::MustNot) {
            let decides = if clause.occur == Occur::Must { Decides::Yes } else { decides };
            self.has_plain_words |= decides == Decides::No && clause.content.is_plain();
            if let Content::Words(words) = &clause.content {
                side_by_side.push(' ');
                side_by_side.push_str(words);
                continue;
            }
            self.add_words(&std::mem::take(&mut side_by_side))?;
            match &clause.content {
                Content::Fuzzy(word, errors) => {
                    let names = self.names_near(word, *errors)?;
                    self.add_term(names, rank::FORM, false)?;
                    self.position += 1;
                }
                Content::Wildcard(_) if decides == Decides::No => {
                    if let Some(Constraint { set, condition: Condition::Needle(needle), .. }) =
                        self.constrain(clause)?
                    {
                        self.shapes.push(set);
                        let weight = self.needles.weight(needle);
                        let (names, characters) = (Vec::new(), Vec::new());
                        let shown = self.counts.len() - 1;
                        let origin = Origin::Typed;
                        self.ranked.push(Ranked { needle, names, characters, weight, family: 0.0, origin, shown });
                    }
                }
                Content::Group(group) => self.rank_group(group, decides)?,
                // Ranked by the query that finds them.
                Content::Words(_)
                | Content::Wildcard(_)
                | Content::Quotation(_)
                | Content::OpenQuotation(_)
                | Content::Fragment(_)
                | Content::Near(..)
                | Content::Filter(_) => {}
            }
        }
        self.add_words(&side_by_side)
    }

    /// Adds the terms of words to be searched by best match.
    fn add_words(&mut self, words: &str) -> tantivy::Result<()> {
        let scan = Scan::new(words);
        if scan.units().is_empty() {
            return Ok(());
        }
        self.add_phrase(&scan)?;
        let are_several = words.split_whitespace().nth(1).is_some();
        for item in items(&scan) {
            match item {
                Item::Han(run) => self.add_han(&scan, run, are_several)?,
                Item::Word(at) => {
                    self.add_term(names_of_word(&scan, at), rank::FORM, !needles::counts(&scan, at))?;
                    if self.terms.last().is_some_and(|added| added.passages == 0) {
                        self.add_unknown(scan.folded(at));
                    }
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
            let terms = scan.quotation_terms().into_iter();
            let terms = terms.map(|(offset, term)| (offset, Term::from_field_text(self.fields.body, term)));
            self.phrases.push(PhraseQuery::new_with_offset(terms.collect()));
        }
        Ok(())
    }

    fn add_han(&mut self, scan: &Scan, run: Range<usize>, is_among_others: bool) -> tantivy::Result<()> {
        if run.len() == 1 {
            let is_stop = scan.folded(run.start).chars().all(stop_words::is_stop_character);
            let known = self.dictionary.of_character(scan.folded(run.start))?;
            let names = known.into_iter().map(|known| known.word).collect();
            self.add_term(names, rank::BIGRAM, is_stop)?;
            if let Some(term) = self.terms.last_mut() {
                term.character = Some(scan.folded(run.start).to_owned());
            }
        }
        let share = if is_among_others { rank::share_of_bigrams(run.len()) } else { 1.0 };
        for first in run.clone() {
            if first + 1 < run.end {
                let bigram = scan.folded_run(first..first + 2);
                if run.len() <= LONGEST_WORD && self.passages_with(self.fields.body, bigram)? == 0 {
                    self.add_unknown(scan.folded_run(run.clone()));
                }
                let weight = weight_of(bigram) * share;
                self.add_term(vec![bigram.to_owned()], weight, stop_words::is_stop_bigram(bigram))?;
            }
            for end in first + 3..=run.end.min(first + LONGEST_WORD) {
                let word = scan.folded_run(first..end);
                if self.passages_with(self.fields.body, word)? > 0 {
                    self.add_term(vec![word.to_owned()], rank::LONG_WORD, false)?;
                }
            }
            for length in EVERYDAY_CHARACTERS.filter(|length| first + length <= run.end) {
                self.formal.extend(formal_words(scan.folded_run(first..first + length)));
            }
            self.position += 1;
        }
        Ok(())
    }

    /// Adds the bigrams of the formal words that the query does not have itself.
    fn add_formal(&mut self) -> tantivy::Result<()> {
        for word in std::mem::take(&mut self.formal) {
            let scan = Scan::new(word);
            for first in 1..scan.units().len() {
                let typed = self.terms.len();
                self.add_term(vec![scan.folded_run(first - 1..first + 1).to_owned()], rank::FORMAL, false)?;
                self.terms[typed..].iter_mut().for_each(|added| added.origin = Origin::Formal);
            }
        }
        Ok(())
    }

    /// Adds a term that stands at the current position of the query.
    fn add_term(&mut self, names: Vec<String>, weight: f32, is_stop: bool) -> tantivy::Result<()> {
        if self.terms.iter().any(|known| known.names == names) {
            return Ok(());
        }
        let (mut passages, mut least) = (0, 0);
        for name in &names {
            let with_name = self.passages_with(self.fields.body, name)?;
            passages += with_name;
            least = least.max(with_name);
        }
        self.terms.push(Wanted {
            names,
            weight,
            origin: Origin::Typed,
            is_stop,
            character: None,
            position: self.position,
            passages: passages.min(self.all),
            least,
        });
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

    /// Remembers a word that the index does not know.
    fn add_unknown(&mut self, word: &str) {
        if !self.unknown.iter().any(|known| known == word) {
            self.unknown.push(word.to_owned());
        }
    }

    fn warn(&mut self, range: Range<usize>, message: &'static str) {
        self.warnings.push(Warning { range, message });
    }

    fn finish(mut self, constraint: Option<Constraint>) -> tantivy::Result<Plan> {
        self.drop_stop_words();
        self.add_formal()?;
        let verbatim = self.verbatim(constraint.as_ref());
        let mut ranked: Clauses =
            std::mem::take(&mut self.shapes).into_iter().map(|set| should(SetQuery(set))).collect();
        let has_characters = self.terms.iter().any(|wanted| wanted.character.is_some());
        let is_exhaustive = constraint.is_some() || !ranked.is_empty() || has_characters;
        let terms = std::mem::take(&mut self.terms);
        let has_words = !terms.is_empty() || !self.ranked.is_empty();
        let least_matches = terms.iter().map(|wanted| wanted.least).max().unwrap_or(0);
        let mut most_matches = 0;
        for wanted in &terms {
            most_matches += self.add_clauses(wanted, &mut ranked)?;
        }
        self.show(terms)?;
        let ranked = Box::new(BooleanQuery::new(ranked));
        let (query, condition): (Box<dyn Query>, _) = match constraint {
            None => (ranked, self.needles.any()),
            // A filter is no reason to show a passage that has nothing of what was asked.
            Some(Constraint { set, condition, asks_for_text: false }) if self.has_plain_words => {
                (Box::new(SetQuery(Set::All(vec![Set::Found(ranked, Scores::Count), set]))), condition)
            }
            Some(Constraint { set, condition, .. }) if ranked.clauses().is_empty() => {
                (Box::new(SetQuery(set)), condition)
            }
            Some(Constraint { set, condition, .. }) => {
                let decides: Box<dyn Query> = Box::new(SetQuery(set));
                let clauses: Clauses = vec![(EngineOccur::Must, decides), (EngineOccur::Should, ranked)];
                (Box::new(BooleanQuery::new(clauses)), condition)
            }
        };
        Ok(Plan {
            query,
            verbatim,
            ranked: self.ranked,
            labels: self.labels,
            needles: self.needles,
            condition,
            terms: self.counts,
            unknown: self.unknown,
            warnings: self.warnings,
            has_words,
            is_exhaustive,
            most_matches: if is_exhaustive { self.all } else { most_matches },
            least_matches,
        })
    }

    /// Returns the query for passages that hold the words as they were typed, and all that is required.
    fn verbatim(&mut self, constraint: Option<&Constraint>) -> Option<Box<dyn Query>> {
        // Words in several places of an expression were not meant to stand together.
        let phrase = if self.phrases.len() == 1 { Box::new(self.phrases.pop()?) } else { return None };
        Some(match constraint {
            Some(constraint) => {
                Box::new(SetQuery(Set::All(vec![Set::Found(phrase, Scores::Count), constraint.set.clone()])))
            }
            None => phrase,
        })
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
        if wanted.character.is_some() {
            clauses.push(should(self.one_of(&wanted.names, wanted.weight * idf)));
            return Ok(wanted.passages);
        }
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

    /// Returns the query for passages that have any of very many terms.
    fn one_of(&self, names: &[String], weight: f32) -> SpanQuery {
        let slot = Slot { offset: 0, terms: names.to_vec() };
        let spans = vec![Span { slots: vec![slot], length: 1 }];
        SpanQuery { field: self.fields.body, spans, order: Order::Chain(Vec::new()), weight }
    }

    /// Says what was searched for, and remembers it for what is done with the text of the hits.
    fn show(&mut self, terms: Vec<Wanted>) -> tantivy::Result<()> {
        let mut placed: Vec<(usize, usize, bool)> = Vec::new();
        for wanted in terms {
            let weight = wanted.weight * rank::idf(wanted.passages, self.all);
            self.counts.push(TermCount::new(wanted.shown(), wanted.passages, weight));
            let han_characters = wanted.han_characters();
            if han_characters > 2 {
                // Its bigrams are scored and marked: it says the same again.
                continue;
            }
            let characters = wanted.characters();
            let family = wanted.weight * rank::idf(self.passages_with_family(&wanted)?, self.all);
            self.needles.add_characters(&characters);
            let names = if wanted.names.len() <= MOST_NAMES { wanted.names.clone() } else { Vec::new() };
            let needle = match wanted.character {
                Some(character) => self.needles.add_chain(Chain::of_text(&character), weight),
                None => self.needles.add_terms(wanted.names, weight),
            };
            let shown = self.counts.len() - 1;
            let origin = wanted.origin;
            self.ranked.push(Ranked { needle, names, characters, weight, family, origin, shown });
            placed.push((wanted.position, needle, han_characters == 0));
        }
        self.add_pairs(&placed);
        Ok(())
    }

    /// Returns how many passages have words of the family of a term; one that has two of them is counted twice.
    fn passages_with_family(&self, wanted: &Wanted) -> tantivy::Result<u64> {
        match wanted.names.first().and_then(|name| needles::root(name)) {
            Some(root) => self.dictionary.passages_with_beginning(&root),
            None => Ok(wanted.passages),
        }
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

/// Returns the weight of a bigram by its kind.
fn weight_of(bigram: &str) -> f32 {
    if bigram.chars().any(stop_words::is_stop_character) { rank::HALF_GRAMMAR } else { rank::BIGRAM }
}

/// A part of the words of a query.
enum Item {
    /// Han characters with nothing between them.
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
            let goes_on = |at: usize| scan.is_han(at) && scan.units()[at].glue == Glue::Touching;
            let end = (at + 1..).find(|&i| !goes_on(i)).unwrap_or(at + 1);
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
