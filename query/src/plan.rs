//! From an expression to a tantivy query.
//!
//! What decides which passages are hits (`constraint`: required and excluded
//! words, quotations, filters) is apart from what they are ranked by (`words`:
//! best match). The term dictionary answers in microseconds, so no other
//! dictionary is needed. Stop words are no clauses of their own while there are
//! others.

mod constraint;
pub(crate) mod index_terms;
mod readings;
pub(crate) mod sets;
mod spans;
mod words;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use svod_store::schema::Fields;
use svod_text::article::Kind;
use tantivy::query::{BooleanQuery, Occur as TantivyOccur, Query};
use tantivy::schema::Field;
use tantivy::{Score, Searcher};

use self::constraint::Constraint;
use self::words::Wanted;
use crate::answer::warning::Warning;
use crate::budget::Budget;
use crate::index::state::State;
use crate::matching::needles::{Condition, Needles};
use crate::matching::phrase::Phrase;
use crate::matching::wildcard::Wildcard;
use crate::parse::{Clause, ClauseGroup, Content, Expression, Filter, Occur};
use crate::plan::index_terms::{IndexTerms, Word};
use crate::plan::sets::{Scores, Set, SetQuery};
use crate::ranking::rank::Ranked;

/// The most words unknown to the index that are remembered.
const MOST_UNKNOWN: usize = 64;

/// What to ask tantivy, and what to look for in the hits.
pub(crate) struct Plan {
    pub(crate) query: Box<dyn Query>,
    /// What decides which passages are hits, if it is apart from what ranks them.
    pub(crate) decides: Option<Set>,
    /// Finds passages that hold the words as they were typed, if these are a phrase.
    pub(crate) verbatim: Option<Box<dyn Query>>,
    pub(crate) needles: Needles,
    /// What the text of a hit must have, where it is longer than what was indexed of it.
    pub(crate) condition: Condition,
    /// The terms of best match.
    pub(crate) ranked: Vec<Ranked>,
    /// Whether headings and lines of metadata are ranked by their text.
    pub(crate) labels: Labels,
    /// The terms of the query as they are shown.
    pub(crate) terms: Vec<QueryTerm>,
    /// Words that the index does not know.
    pub(crate) unknown: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
    /// Whether there is anything to rank by but quotations.
    pub(crate) has_words: bool,
    /// Whether tantivy must look at every match anyway, so that counting them costs nothing.
    pub(crate) is_exhaustive: bool,
    /// The fields that are searched by best match, each with the most that its terms can add to a score.
    pub(crate) most_scores: Vec<(Field, Score)>,
    /// At most this many passages match.
    pub(crate) most_matches: u64,
    /// At least this many passages match, if nothing is required.
    pub(crate) least_matches: u64,
}

/// A term of a query, as it is shown.
pub(crate) struct QueryTerm {
    /// The term for people: a form of a word ends in `*`.
    pub(crate) term: String,
    /// How much it tells.
    pub(crate) weight: f32,
    pub(crate) criterion: Criterion,
}

/// What makes a passage one that has a term.
pub(crate) enum Criterion {
    /// Any of these terms of the index.
    Terms(Vec<String>),
    /// These Han characters side by side.
    Characters(String),
    /// Any of the readings of a phrase; what finds them, and how many passages that finds at most.
    Phrase(Vec<Phrase>, Set, u64),
    /// Phrases within this many positions; what finds them, and how many passages that finds at most.
    Near(Vec<Phrase>, usize, Set, u64),
}

/// Plans an expression against what the index knows. If the budget is spent, what it finds is a part of what is asked for.
pub(crate) fn plan(expression: &Expression, state: &State, budget: &Budget) -> tantivy::Result<Plan> {
    let State { searcher, fields, .. } = state;
    let mut planner = Planner {
        state,
        searcher,
        fields,
        index_terms: IndexTerms::new(searcher, fields, budget),
        budget,
        labels: asks_for_labels(&expression.group),
        all: searcher.num_docs(),
        terms: Vec::new(),
        known: HashSet::new(),
        looked_up: HashMap::new(),
        characters: HashMap::new(),
        near: HashMap::new(),
        wildcards: Vec::new(),
        has_plain_words: false,
        formal: Vec::new(),
        position: 0,
        phrases: Vec::new(),
        ranked: Vec::new(),
        most_scores: Vec::new(),
        needles: Needles::default(),
        query_terms: Vec::new(),
        unknown: Vec::new(),
        warnings: Vec::new(),
        leaves_out: false,
        is_cut: false,
    };
    planner.rank_group(&expression.group, Decides::No)?;
    budget.allow(2);
    let constraint = planner.constrain_group(&constraint_of(&expression.group))?;
    let plan = planner.finish(constraint);
    budget.allow(4);
    plan
}

/// Returns what decides which passages are hits: all but plain words.
fn constraint_of(group: &ClauseGroup) -> ClauseGroup {
    let decides = |clause: &&Clause| clause.occur != Occur::Should || group.least > 1;
    ClauseGroup { clauses: group.clauses.iter().filter(decides).cloned().collect(), least: group.least }
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

fn asks_for_labels(group: &ClauseGroup) -> Labels {
    let asks = |clause: &Clause| match &clause.content {
        Content::Filter(Filter::Kind(Kind::Heading | Kind::Metadata)) => clause.occur != Occur::MustNot,
        Content::Group(group) | Content::Within(group) => {
            clause.occur != Occur::MustNot && asks_for_labels(group) == Labels::Rank
        }
        _ => false,
    };
    if group.clauses.iter().any(asks) { Labels::Rank } else { Labels::LeaveOut }
}

struct Planner<'i> {
    state: &'i State,
    searcher: &'i Searcher,
    fields: &'i Fields,
    index_terms: IndexTerms<'i>,
    budget: &'i Budget,
    /// Whether headings and lines of metadata are ranked too.
    labels: Labels,
    all: u64,
    terms: Vec<Wanted>,
    /// The names of each.
    known: HashSet<Vec<String>>,
    /// The words of the wildcards that were looked up.
    looked_up: HashMap<Wildcard, Vec<Word>>,
    /// The terms that begin with a Han character, and how many passages have them.
    characters: HashMap<String, (Arc<[String]>, u64)>,
    /// The names of the words that were near a word, and the number of typing errors.
    near: HashMap<(String, u8), Vec<String>>,
    /// The words of each wildcard, ranked as one.
    wildcards: Vec<Set>,
    /// Whether there are words that only rank.
    has_plain_words: bool,
    /// Formal words for what the query says in everyday ones.
    formal: Vec<&'static str>,
    /// The position in the query, as [`needles::counts`] counts.
    position: usize,
    /// The words as they were typed, where they are enough for a phrase.
    phrases: Vec<Box<dyn Query>>,
    ranked: Vec<Ranked>,
    most_scores: Vec<(Field, Score)>,
    needles: Needles,
    query_terms: Vec<QueryTerm>,
    unknown: Vec<String>,
    warnings: Vec<Warning>,
    /// Whether words that match a wildcard were left out.
    leaves_out: bool,
    /// Whether it was said that not all is looked up.
    is_cut: bool,
}

fn should(query: impl Query) -> (TantivyOccur, Box<dyn Query>) {
    (TantivyOccur::Should, Box::new(query))
}

type Clauses = Vec<(TantivyOccur, Box<dyn Query>)>;

impl Planner<'_> {
    /// Remembers a word that the index does not know.
    fn add_unknown(&mut self, word: &str) {
        if self.unknown.len() < MOST_UNKNOWN && !self.unknown.iter().any(|known| known == word) {
            self.unknown.push(word.to_owned());
        }
    }

    /// Returns whether any passage has one of the terms, in its text or in what names its article; `passages` have one of
    /// them in their text, deleted ones included.
    fn is_known(&self, terms: &[String], passages: u64) -> tantivy::Result<bool> {
        if passages > 0 && !self.has_deletes() {
            return Ok(true);
        }
        let Fields { body, label, title, section, keywords, authors, .. } = *self.fields;
        self.index_terms.is_in(&[body, label, title, section, keywords, authors], terms)
    }

    fn has_deletes(&self) -> bool {
        self.searcher.segment_readers().iter().any(|reader| reader.has_deletes())
    }

    /// Returns whether any of the words stands in what best match looks at.
    fn is_ranked(&self) -> tantivy::Result<bool> {
        let Fields { body, title, section, keywords, authors, .. } = *self.fields;
        for wanted in &self.terms {
            let is_in_text = wanted.passages > 0 && !self.has_deletes();
            let fields = [body, title, section, keywords, authors];
            // A single character is looked for in the text alone.
            let fields = if wanted.character.is_some() { &fields[..1] } else { &fields };
            if is_in_text || self.index_terms.is_in(fields, &wanted.names)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn warn(&mut self, range: Range<usize>, message: &'static str) {
        self.warnings.push(Warning::new(range, message));
    }

    fn finish(mut self, constraint: Option<Constraint>) -> tantivy::Result<Plan> {
        self.drop_stop_words();
        self.add_formal()?;
        let verbatim = self.verbatim(constraint.as_ref());
        let mut ranked: Clauses = Vec::new();
        // One set of them all: each alone would hold its passages until the end.
        if !self.wildcards.is_empty() {
            let wildcards = Set::any(std::mem::take(&mut self.wildcards));
            ranked.push(should(SetQuery(wildcards, self.budget.clone())));
        }
        let has_characters = self.terms.iter().any(|wanted| wanted.character.is_some());
        let is_exhaustive = constraint.is_some() || !ranked.is_empty() || has_characters;
        // Else nothing would be found although it is there.
        if ranked.is_empty() && !self.is_ranked()? {
            self.labels = Labels::Rank;
        }
        let terms = std::mem::take(&mut self.terms);
        let has_words = !terms.is_empty() || !self.ranked.is_empty();
        let least_matches = terms.iter().map(|wanted| wanted.least).max().unwrap_or(0);
        let mut most_matches = 0;
        for wanted in &terms {
            most_matches += self.add_clauses(wanted, &mut ranked)?;
        }
        self.show(terms)?;
        let ranked = Box::new(BooleanQuery::new(ranked));
        let decides = constraint.as_ref().filter(|one| one.asks_for_text).map(|one| one.set.clone());
        let (query, condition): (Box<dyn Query>, _) = match constraint {
            None => (ranked, self.needles.any()),
            // A filter is no reason to show a passage that has nothing of what was asked.
            Some(Constraint { set, condition, asks_for_text: false }) if self.has_plain_words => {
                (self.passages_of(Set::All(vec![Set::Found(ranked, Scores::Count), set])), condition)
            }
            Some(Constraint { set, condition, .. }) if ranked.clauses().is_empty() => {
                (self.passages_of(set), condition)
            }
            Some(Constraint { set, condition, .. }) => {
                let clauses: Clauses =
                    vec![(TantivyOccur::Must, self.passages_of(set)), (TantivyOccur::Should, ranked)];
                (Box::new(BooleanQuery::new(clauses)), condition)
            }
        };
        Ok(Plan {
            query,
            decides,
            verbatim,
            ranked: self.ranked,
            labels: self.labels,
            needles: self.needles,
            condition,
            terms: self.query_terms,
            unknown: self.unknown,
            warnings: self.warnings,
            has_words,
            is_exhaustive,
            most_scores: self.most_scores,
            most_matches: if is_exhaustive { self.all } else { most_matches },
            least_matches,
        })
    }

    /// Returns the query for passages that hold the words as they were typed, and all that is required.
    fn verbatim(&mut self, constraint: Option<&Constraint>) -> Option<Box<dyn Query>> {
        // Words in several places of an expression were not meant to stand together.
        let phrase = if self.phrases.len() == 1 { self.phrases.pop()? } else { return None };
        Some(match constraint {
            Some(constraint) => {
                self.passages_of(Set::All(vec![Set::Found(phrase, Scores::Count), constraint.set.clone()]))
            }
            None => phrase,
        })
    }

    fn passages_of(&self, set: Set) -> Box<dyn Query> {
        Box::new(SetQuery(set, self.budget.clone()))
    }
}
