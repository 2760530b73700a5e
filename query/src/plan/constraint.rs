//! What must and must not be there: each clause as a query of the engine, and
//! as a condition on the text of a passage.

use std::ops::{Bound, Range, RangeInclusive};

use svod_corpus::analysis::{Glue, Scan, Script, terms_of_form};
use svod_corpus::schema;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, Occur as EngineOccur, PhraseQuery, Query, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::{Clauses, Item, Planner, items, names_of_word};
use crate::chain::{Chain, Link, Unit};
use crate::hit::TermCount;
use crate::needles::Condition;
use crate::parse::{Clause, Content, FieldName, Filter, Group, Occur, is_star};
use crate::rank;
use crate::shape::Shape;
use crate::spans::{Order, Slot, Span, SpanQuery};

/// Words of a shape beside other words are read with their positions: of more
/// postings than this, about 0.2 seconds, the most frequent words are left out.
const MOST_POSTINGS: u64 = 4_000_000;
/// A word with typing errors stands for so many words of the index, the nearest.
const MOST_NEAR: usize = 50;

/// A clause that decides which passages are hits.
pub(super) struct Constraint {
    pub(super) query: Box<dyn Query>,
    pub(super) condition: Condition,
    /// Whether it asks for something in the text of a passage.
    pub(super) asks_for_text: bool,
}

impl Constraint {
    fn of_terms(query: Box<dyn Query>) -> Constraint {
        // These words are ranked beside.
        let query = Box::new(ConstScoreQuery::new(query, 0.0));
        Constraint { query, condition: Condition::Always, asks_for_text: true }
    }

    fn filter(query: Box<dyn Query>) -> Constraint {
        let query = Box::new(ConstScoreQuery::new(query, 0.0));
        Constraint { query, condition: Condition::Always, asks_for_text: false }
    }
}

impl Planner<'_> {
    /// Returns what a group asks for. None if it asks for nothing: no clause has a word in it.
    pub(super) fn constrain_group(&mut self, group: &Group) -> tantivy::Result<Option<Constraint>> {
        let (mut required, mut any, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
        for clause in &group.clauses {
            let Some(constraint) = self.constrain(clause)? else { continue };
            match clause.occur {
                Occur::Must => required.push(constraint),
                Occur::Should => any.push(constraint),
                Occur::MustNot => excluded.push(constraint),
            }
        }
        if required.is_empty() && group.least > 1 {
            return Ok(Some(at_least(any, excluded, group.least)));
        }
        let chosen = if required.is_empty() { any } else { Vec::new() };
        if required.is_empty() && chosen.is_empty() && excluded.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.combine(required, chosen, excluded)))
    }

    fn combine(&self, required: Vec<Constraint>, any: Vec<Constraint>, excluded: Vec<Constraint>) -> Constraint {
        let asks_for_text = required.iter().any(|constraint| constraint.asks_for_text)
            || (!any.is_empty() && any.iter().all(|constraint| constraint.asks_for_text));
        let mut clauses: Clauses = Vec::new();
        if required.is_empty() && any.is_empty() {
            clauses.push((EngineOccur::Must, self.every_passage()));
        }
        let mut conditions = Vec::new();
        for constraint in required {
            clauses.push((EngineOccur::Must, constraint.query));
            conditions.push(constraint.condition);
        }
        for constraint in excluded {
            clauses.push((EngineOccur::MustNot, constraint.query));
            // Only the engine excludes: a text is never read of what it left out.
        }
        let mut alternatives = Vec::new();
        for constraint in any {
            clauses.push((EngineOccur::Should, constraint.query));
            alternatives.push(constraint.condition);
        }
        if !alternatives.is_empty() {
            conditions.push(Condition::Any(alternatives));
        }
        Constraint { query: Box::new(BooleanQuery::new(clauses)), condition: Condition::All(conditions), asks_for_text }
    }

    fn every_passage(&self) -> Box<dyn Query> {
        self.between(self.fields.kind, 0..=schema::KIND_ARTICLE - 1)
    }

    fn constrain(&mut self, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        match &clause.content {
            Content::Words(words) => Ok(self.all_words(words)?.map(Constraint::of_terms)),
            Content::Fuzzy(word, errors) => {
                let names = self.names_near(word, *errors)?;
                Ok(Some(Constraint::of_terms(self.any_of(&names))))
            }
            Content::Wildcard(shape) => self.constrain_chain(Chain::of_shape(shape), shape.clone(), clause),
            Content::Quotation(text) => self.constrain_chain(Chain::of_text(text), quoted(text), clause),
            Content::OpenQuotation(text) => self.constrain_chain(Chain::of_shape(text), quoted(text), clause),
            Content::Fragment(text) => self.constrain_chain(Chain::of_fragment(text), quoted(text), clause),
            Content::Near(text, window) => self.constrain_near(text, *window, clause),
            Content::Filter(filter) => Ok(Some(Constraint::filter(self.filter(filter)?))),
            Content::Group(group) => self.constrain_group(group),
        }
    }

    fn constrain_chain(&mut self, chain: Chain, shown: String, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        if chain.links.is_empty() {
            return Ok(None);
        }
        let stretches = self.stretches(&chain, &clause.range)?;
        let most = stretches.iter().map(|stretch| stretch.passages).min().unwrap_or(0);
        let weight = rank::idf(most, self.all);
        if clause.occur == Occur::MustNot {
            let query = self.in_order(stretches, &chain, weight);
            return Ok(Some(Constraint { query, condition: Condition::Always, asks_for_text: true }));
        }
        self.counts.push(TermCount::new(shown, most));
        let query = self.in_order(stretches, &chain, weight);
        let condition = Condition::Needle(self.needles.add_chain(chain, weight));
        Ok(Some(Constraint { query, condition, asks_for_text: true }))
    }

    fn constrain_near(&mut self, text: &str, window: u32, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        let mut chains = Vec::new();
        for part in text.split_whitespace() {
            if part.contains(is_star) {
                chains.push(Chain::of_shape(part));
            } else {
                chains.extend(chains_of_words(part));
            }
        }
        chains.retain(|chain| !chain.links.is_empty());
        chains.dedup();
        let mut spans = Vec::new();
        let mut most = u64::MAX;
        for chain in &chains {
            // A gap inside one of them is not asked for: `美*关系` is a chain of its own.
            let stretches = self.stretches(chain, &clause.range)?;
            most = most.min(stretches.iter().map(|stretch| stretch.passages).min().unwrap_or(0));
            spans.extend(stretches.into_iter().map(|stretch| stretch.span));
        }
        if spans.is_empty() {
            return Ok(None);
        }
        let weight = rank::idf(most, self.all) * spans.len() as f32;
        let query = self.in_fields(|field| {
            Box::new(SpanQuery { field, spans: spans.clone(), order: Order::Window(window), weight })
        });
        let condition = if clause.occur == Occur::MustNot {
            Condition::Always
        } else {
            self.counts.push(TermCount::new(format!("{}~{window}", quoted(text)), most));
            Condition::Needle(self.needles.add_near(chains, window as usize, weight))
        };
        Ok(Some(Constraint { query, condition, asks_for_text: true }))
    }

    /// Returns the query for passages with the stretches of a chain in order.
    fn in_order(&self, stretches: Vec<Stretch>, chain: &Chain, weight: f32) -> Box<dyn Query> {
        let spans: Vec<Span> = stretches.into_iter().map(|stretch| stretch.span).collect();
        let gaps: Vec<RangeInclusive<u32>> = chain
            .links
            .iter()
            .skip(1)
            .filter(|link| *link.gap.end() > 0)
            .map(|link| *link.gap.start() as u32..=*link.gap.end() as u32)
            .collect();
        let is_plain = |slots: &[Slot]| slots.iter().all(|slot| slot.terms.len() == 1);
        match &spans[..] {
            [Span { slots, .. }] if is_plain(slots) => self.in_fields(|field| phrase(field, slots)),
            _ => self.in_fields(|field| {
                let order = Order::Chain(gaps.clone());
                Box::new(SpanQuery { field, spans: spans.clone(), order, weight })
            }),
        }
    }

    /// Cuts a chain where there are gaps, and looks up the terms of its units.
    fn stretches(&mut self, chain: &Chain, range: &Range<usize>) -> tantivy::Result<Vec<Stretch>> {
        let mut stretches = Vec::new();
        let mut start = 0;
        for end in 1..=chain.links.len() {
            if end == chain.links.len() || *chain.links[end].gap.end() > 0 {
                let is_alone = chain.links.len() == 1;
                stretches.push(self.stretch(&chain.links[start..end], is_alone, range)?);
                start = end;
            }
        }
        Ok(stretches)
    }

    fn stretch(&mut self, links: &[Link], is_alone: bool, range: &Range<usize>) -> tantivy::Result<Stretch> {
        let mut stretch = Stretch { span: Span { slots: Vec::new(), length: links.len() as u32 }, passages: u64::MAX };
        let han = |at: usize| match links.get(at) {
            Some(Link { unit: Unit::Han(character), .. }) => Some(character.as_str()),
            _ => None,
        };
        let mut at = 0;
        while at < links.len() {
            let end = (at..).find(|&i| han(i).is_none()).unwrap_or(at);
            match (&links[at].unit, end - at) {
                // No bigram says where it stands: all that begin with it, and itself at an end of a stretch.
                (Unit::Han(character), 1) if links.len() == 1 => {
                    let known = self.dictionary.of_character(character)?;
                    let passages = known.iter().map(|known| known.passages).sum();
                    stretch.push(at, known.into_iter().map(|known| known.word).collect(), passages);
                }
                (Unit::Han(character) | Unit::Word(character), 0 | 1) => self.push_term(&mut stretch, at, character)?,
                (Unit::Shape(shape), _) => {
                    let (words, passages) = self.words_of_shape(shape, is_alone, range)?;
                    stretch.push(at, words, passages);
                }
                (Unit::Terms(terms), _) => {
                    let mut passages = 0;
                    for term in terms {
                        passages += self.dictionary.passages_with(term)?;
                    }
                    stretch.push(at, terms.clone(), passages);
                }
                // Every second bigram names every character; an odd last one is covered from the end.
                _ => {
                    let lasts = ((end - at) % 2 == 1).then_some(end - 2);
                    for first in (at..end - 1).step_by(2).chain(lasts) {
                        let bigram: String = [han(first), han(first + 1)].into_iter().flatten().collect();
                        self.push_term(&mut stretch, first, &bigram)?;
                    }
                }
            }
            at = end.max(at + 1);
        }
        Ok(stretch)
    }

    fn push_term(&self, stretch: &mut Stretch, offset: usize, term: &str) -> tantivy::Result<()> {
        let passages = self.dictionary.passages_with(term)?;
        stretch.push(offset, vec![term.to_owned()], passages);
        Ok(())
    }

    /// Returns the words of a shape, and how many passages have them at most.
    fn words_of_shape(
        &mut self,
        shape: &Shape,
        is_alone: bool,
        range: &Range<usize>,
    ) -> tantivy::Result<(Vec<String>, u64)> {
        let mut known = self.dictionary.of_shape(shape)?;
        let mut passages: u64 = known.iter().map(|known| known.passages).sum();
        if !is_alone && passages > MOST_POSTINGS {
            known.sort_by_key(|known| known.passages);
            while passages > MOST_POSTINGS {
                passages -= known.pop().map_or(passages, |known| known.passages);
            }
            self.warn(range.clone(), "very many words are of this shape: the most frequent were left out");
        }
        Ok((known.into_iter().map(|known| known.word).collect(), passages))
    }

    /// Returns the terms of the words that are near a word.
    pub(super) fn names_near(&self, word: &str, errors: u8) -> tantivy::Result<Vec<String>> {
        let scan = Scan::new(word);
        let mut names = Vec::new();
        let count = scan.units().len();
        let whole = scan.folded_run(0..count);
        for known in self.dictionary.near(whole, errors)?.into_iter().take(MOST_NEAR) {
            let near = Scan::new(&known.word);
            if near.is_han(0) {
                names.push(known.word);
            } else {
                names.extend(names_of_word(&near, 0));
            }
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Returns the query for words that must be there: a Han run as it stands,
    /// any other word in any of its forms. None if there are no words.
    fn all_words(&mut self, words: &str) -> tantivy::Result<Option<Box<dyn Query>>> {
        let scan = Scan::new(words);
        let mut all: Clauses = Vec::new();
        for item in items(&scan) {
            let query = match item {
                Item::Han(run) => {
                    let chain = Chain::of_units(&scan, run);
                    let stretches = self.stretches(&chain, &(0..0))?;
                    self.in_order(stretches, &chain, 0.0)
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

    /// Returns the query for passages and headings that have any of these terms.
    fn any_of(&self, names: &[String]) -> Box<dyn Query> {
        let fields = [self.fields.body, self.fields.label];
        let terms = names.iter().flat_map(|name| fields.map(|field| Term::from_field_text(field, name)));
        let query = |term| -> (EngineOccur, Box<dyn Query>) {
            (EngineOccur::Should, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        };
        Box::new(BooleanQuery::new(terms.map(query).collect()))
    }

    fn in_fields(&self, query: impl Fn(Field) -> Box<dyn Query>) -> Box<dyn Query> {
        let fields = [self.fields.body, self.fields.label];
        Box::new(BooleanQuery::new(fields.map(|field| (EngineOccur::Should, query(field))).into()))
    }

    /// Returns the query for the passages that a filter lets through.
    fn filter(&self, filter: &Filter) -> tantivy::Result<Box<dyn Query>> {
        Ok(match filter {
            Filter::Kind(kind) => self.between(self.fields.kind, schema::kind_code(*kind)..=schema::kind_code(*kind)),
            Filter::Language(language) => {
                let code = schema::language_code(*language);
                self.between(self.fields.language, code..=code)
            }
            Filter::Date(dates) => self.between(self.fields.date, dates.clone()),
            Filter::Path(path) => self.under_path(path)?,
            Filter::Words(name, words) => self.words_in(self.field_of(*name), words)?,
        })
    }

    fn between(&self, field: Field, range: RangeInclusive<u64>) -> Box<dyn Query> {
        let end = |number: u64| Bound::Included(Term::from_field_u64(field, number));
        Box::new(RangeQuery::new(end(*range.start()), end(*range.end())))
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
    fn words_in(&self, field: Field, words: &str) -> tantivy::Result<Box<dyn Query>> {
        let mut all: Clauses = Vec::new();
        for part in words.split_whitespace() {
            let terms = if part.contains(is_star) { self.forms_of_shape(part)? } else { None };
            match terms {
                Some(terms) => {
                    let terms = terms.iter().map(|form| Term::from_field_text(field, form));
                    all.push((EngineOccur::Must, Box::new(TermSetQuery::new(terms))));
                }
                None => each_form(part, |form| {
                    let term = Term::from_field_text(field, form);
                    all.push((EngineOccur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic))));
                }),
            }
        }
        Ok(Box::new(BooleanQuery::new(all)))
    }

    /// Returns the forms of the words of a shape: fields beside the text hold
    /// nothing else. None if it is the shape of more than one word.
    fn forms_of_shape(&self, shape: &str) -> tantivy::Result<Option<Vec<String>>> {
        let [Link { unit: Unit::Shape(shape), .. }] = &Chain::of_shape(shape).links[..] else { return Ok(None) };
        let mut forms = Vec::new();
        for known in self.dictionary.of_shape(shape)? {
            each_form(&known.word, |form| forms.push(form.to_owned()));
        }
        Ok(Some(forms))
    }

    /// Returns the query for the passages of articles whose path has this in it.
    fn under_path(&self, wanted: &str) -> tantivy::Result<Box<dyn Query>> {
        let parts: Vec<String> = wanted.split(is_star).map(str::to_lowercase).collect();
        let mut keys = Vec::new();
        for reader in self.searcher.segment_readers() {
            let columns = reader.fast_fields();
            let Some(paths) = columns.bytes("path")? else { continue };
            let articles = columns.u64("article")?;
            let mut path = Vec::new();
            let mut matching = vec![false; paths.num_terms()];
            for (ord, matches) in matching.iter_mut().enumerate() {
                path.clear();
                paths.ord_to_bytes(ord as u64, &mut path)?;
                *matches = has_parts(&String::from_utf8_lossy(&path).to_lowercase(), &parts);
            }
            for doc in reader.doc_ids_alive() {
                if paths.ords().first(doc).is_some_and(|ord| matching[ord as usize]) {
                    keys.extend(articles.first(doc));
                }
            }
        }
        let terms = keys.into_iter().map(|key| Term::from_field_u64(self.fields.article, key));
        Ok(Box::new(TermSetQuery::new(terms)))
    }
}

/// Some of these, and nothing of those.
fn at_least(any: Vec<Constraint>, excluded: Vec<Constraint>, least: usize) -> Constraint {
    let asks_for_text = any.iter().all(|constraint| constraint.asks_for_text);
    let any: Clauses = any.into_iter().map(|constraint| (EngineOccur::Should, constraint.query)).collect();
    let enough = BooleanQuery::with_minimum_required_clauses(any, least);
    let mut clauses: Clauses = vec![(EngineOccur::Must, Box::new(enough))];
    clauses.extend(excluded.into_iter().map(|constraint| (EngineOccur::MustNot, constraint.query)));
    Constraint { query: Box::new(BooleanQuery::new(clauses)), condition: Condition::Always, asks_for_text }
}

/// The terms of units that follow each other directly.
struct Stretch {
    span: Span,
    /// The most passages that can have it.
    passages: u64,
}

impl Stretch {
    fn push(&mut self, offset: usize, terms: Vec<String>, passages: u64) {
        self.passages = self.passages.min(passages);
        self.span.slots.push(Slot { offset: offset as u32, terms });
    }
}

/// Returns the query for a field with these terms in order; each slot has one.
fn phrase(field: Field, slots: &[Slot]) -> Box<dyn Query> {
    let term = |slot: &Slot| Term::from_field_text(field, slot.terms.first().map_or("", String::as_str));
    match slots {
        [slot] => Box::new(TermQuery::new(term(slot), IndexRecordOption::WithFreqs)),
        _ => {
            let terms = slots.iter().map(|slot| (slot.offset as usize, term(slot))).collect();
            Box::new(PhraseQuery::new_with_offset(terms))
        }
    }
}

/// Cuts words for a window: a run of Han characters as it stands, any other word in all its forms.
fn chains_of_words(words: &str) -> Vec<Chain> {
    let scan = Scan::new(words);
    let mut chains = Vec::new();
    for item in items(&scan) {
        match item {
            Item::Han(run) => {
                let mut start = run.start;
                for end in run.start + 1..=run.end {
                    if end == run.end || scan.units()[end].glue != Glue::Touching {
                        chains.push(Chain::of_units(&scan, start..end));
                        start = end;
                    }
                }
            }
            Item::Word(at) => chains.push(Chain::of_terms(names_of_word(&scan, at))),
            Item::Compound(form, _) => chains.push(Chain::of_terms(terms_of_form(&form, Script::Digits))),
        }
    }
    chains
}

fn each_form(words: &str, mut each: impl FnMut(&str)) {
    let scan = Scan::new(words);
    let mut scratch = String::new();
    for at in 0..scan.units().len() {
        scan.forms_at(at, &mut scratch, &mut each);
    }
}

/// Whether a path has these parts, in order.
fn has_parts(path: &str, parts: &[String]) -> bool {
    let mut rest = path;
    parts.iter().all(|part| match rest.find(part.as_str()) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.trim())
}
