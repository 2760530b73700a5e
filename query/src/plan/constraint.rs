//! What must and must not be there: each clause as a tantivy query, and
//! as a condition on the text of a passage.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use svod_store::schema::{self, Fields};
use svod_text::analysis::{Scan, Script, covering_bigrams, parts_of_term, terms_of_form};
use tantivy::Term;
use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, Occur as TantivyOccur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::readings::without_marks;
use super::words::{Item, items, names_of_word};
use super::{Criterion, Planner, QueryTerm};
use crate::answer::warning::WarningPlace;
use crate::budget::{STEMMED, STREAMED};
use crate::index::path_order::comparable;
use crate::matching::needles::Condition;
use crate::matching::phrase::{Element, Phrase, UnitPattern};
use crate::matching::wildcard::Wildcard;
use crate::parse::{Clause, ClauseGroup, Content, FieldName, Filter, Occur, is_star};
use crate::plan::index_terms::Word;
use crate::plan::sets::{Scores, Set, Values};
use crate::plan::spans::{Order, Slot, Span, SpanQuery};
use crate::ranking::rank;

/// The words that match a wildcard beside other words are read with their positions: of more
/// postings than this, about 0.2 seconds, the most frequent words are left out.
const MOST_POSTINGS: u64 = 4_000_000;
/// The number of wildcards whose words are remembered for the next clause that has them.
const MOST_WILDCARDS: usize = 2;
/// The most words of the index that a word with typing errors stands for, the nearest first.
const MOST_NEAR: usize = 50;

/// A clause that decides which passages are hits.
pub(super) struct Constraint {
    pub(super) set: Set,
    pub(super) condition: Condition,
    /// Whether it asks for something in the text of a passage.
    pub(super) asks_for_text: bool,
}

impl Constraint {
    /// Words that are ranked beside.
    fn of_words(set: Set) -> Constraint {
        Constraint { set, condition: Condition::Always, asks_for_text: true }
    }

    fn filter(set: Set) -> Constraint {
        Constraint { set, condition: Condition::Always, asks_for_text: false }
    }
}

impl Planner<'_> {
    /// Returns what a group asks for. None if it asks for nothing: no clause has a word in it.
    pub(super) fn constrain_group(&mut self, group: &ClauseGroup) -> tantivy::Result<Option<Constraint>> {
        let (mut required, mut any, mut excluded) = (Vec::new(), Vec::new(), Vec::new());
        // What is excluded must be known to its end: it comes first.
        let (first, then): (Vec<_>, Vec<_>) = group.clauses.iter().partition(|clause| clause.occur == Occur::MustNot);
        for clause in first.into_iter().chain(then) {
            let leaves_out = std::mem::take(&mut self.leaves_out);
            let constraint = self.constrain(clause)?;
            // A part of what is to be excluded is not enough to know what is left.
            let is_part = self.leaves_out || (self.budget.is_stopped() && looks_up(&clause.content));
            self.leaves_out |= leaves_out;
            let Some(mut constraint) = constraint else { continue };
            if clause.occur == Occur::MustNot && is_part {
                constraint.set = Set::Not(Box::new(Set::none()));
            }
            match clause.occur {
                Occur::Must => required.push(constraint),
                Occur::Should => any.push(constraint),
                Occur::MustNot => excluded.push(constraint),
            }
        }
        if !any.is_empty() && (required.is_empty() || group.least > 1) {
            required.push(at_least(group.least, any));
        }
        Ok((!required.is_empty() || !excluded.is_empty()).then(|| all(required, excluded)))
    }

    pub(super) fn constrain(&mut self, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        let is_filter = matches!(clause.content, Content::Filter(_) | Content::Within(_));
        // What there are no steps for finds nothing.
        let constraint = if self.budget.is_stopped() && looks_up(&clause.content) {
            Some(Constraint { set: Set::none(), condition: Condition::Always, asks_for_text: !is_filter })
        } else {
            self.constraint_of(clause)?
        };
        if self.budget.is_stopped() && !std::mem::replace(&mut self.is_cut, true) {
            self.warn(clause.range.clone(), "it asks for too much: from here on not all was looked up");
        }
        Ok(constraint)
    }

    fn constraint_of(&mut self, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        match &clause.content {
            Content::Words(words) => Ok(self.all_words(words)?.map(Constraint::of_words)),
            Content::Fuzzy(word, errors) => {
                let names = self.names_near(word, *errors)?;
                Ok(Some(Constraint::of_words(self.any_of(&names))))
            }
            Content::Wildcard(wildcard) => {
                self.constrain_phrases(vec![Phrase::of_wildcards(wildcard)], wildcard.clone(), clause)
            }
            Content::Quotation(text) => self.constrain_quotation(text, Phrase::of_text, clause),
            Content::OpenQuotation(text) => self.constrain_quotation(text, Phrase::of_wildcards, clause),
            Content::Fragment(text) => self.constrain_quotation(text, Phrase::of_fragment, clause),
            Content::Near(text, window) => self.constrain_near(text, *window, clause),
            Content::Filter(filter) => Ok(Some(Constraint::filter(self.filter(filter)?))),
            Content::Group(group) => self.constrain_group(group),
            Content::Within(group) => self.constrain_within(group, &clause.range),
        }
    }

    /// Returns what a filter lets through. What it looks up is neither told nor marked.
    fn constrain_within(&mut self, group: &ClauseGroup, range: &Range<usize>) -> tantivy::Result<Option<Constraint>> {
        let (needles, asked, warnings) =
            (std::mem::take(&mut self.needles), self.query_terms.len(), self.warnings.len());
        let unknown = self.unknown.len();
        let constraint = self.constrain_group(group)?;
        self.needles = needles;
        self.query_terms.truncate(asked);
        self.unknown.truncate(unknown);
        if constraint.is_none() {
            self.warn(range.clone(), "the filter has no words and was ignored");
        }
        self.warnings[warnings..].iter_mut().for_each(|warning| warning.place = WarningPlace::Filter);
        Ok(constraint.map(|constraint| Constraint::filter(constraint.set)))
    }

    fn constrain_quotation(
        &mut self,
        text: &str,
        phrase_of: fn(&str) -> Phrase,
        clause: &Clause,
    ) -> tantivy::Result<Option<Constraint>> {
        let readings = self.readings(text, phrase_of)?;
        self.constrain_phrases(readings, quoted(text), clause)
    }

    /// Returns the passages that have any of these phrases, which are readings of one thing.
    fn constrain_phrases(
        &mut self,
        mut phrases: Vec<Phrase>,
        shown: String,
        clause: &Clause,
    ) -> tantivy::Result<Option<Constraint>> {
        phrases.retain(|phrase| !phrase.elements.is_empty());
        if phrases.is_empty() {
            return Ok(None);
        }
        let (mut known, mut most) = (Vec::new(), 0);
        let unknown = self.unknown.len();
        for phrase in &phrases {
            let unknown_before = self.unknown.len();
            let stretches = self.stretches(phrase, &clause.range)?;
            let passages = stretches.iter().map(|stretch| stretch.passages).min().unwrap_or(0);
            most = passages.saturating_add(most);
            if !known.is_empty() {
                self.unknown.truncate(unknown_before);
            }
            known.push((phrase, stretches, passages));
        }
        // The words of one reading are known: those of the others need not be.
        if known.iter().skip(1).any(|&(.., passages)| passages > 0) {
            self.unknown.truncate(unknown);
        }
        let weight = rank::idf(most.min(self.all), self.all);
        let sets = known
            .into_iter()
            .map(|(phrase, stretches, _)| Set::Found(self.in_order(stretches, phrase, weight), Scores::Count));
        let set = Set::any(sets.collect());
        let condition = if clause.occur == Occur::MustNot {
            Condition::Always
        } else {
            self.add_query_term(shown, weight, Criterion::Phrase(phrases.clone(), set.clone(), most));
            Condition::Needle(self.needles.add_readings(phrases, weight))
        };
        Ok(Some(Constraint { set, condition, asks_for_text: true }))
    }

    fn constrain_near(&mut self, text: &str, window: u32, clause: &Clause) -> tantivy::Result<Option<Constraint>> {
        let mut phrases = Vec::new();
        for part in text.split_whitespace() {
            if part.contains(is_star) {
                phrases.push(Phrase::of_wildcards(part));
            } else {
                phrases.extend(phrases_of_words(part));
            }
        }
        let mut known = HashSet::new();
        phrases.retain(|phrase| !phrase.elements.is_empty() && known.insert(phrase.clone()));
        let mut spans = Vec::new();
        let mut most = u64::MAX;
        for phrase in &phrases {
            // A gap inside one of them is not asked for: `美*关系` is a phrase of its own.
            let stretches = self.stretches(phrase, &clause.range)?;
            most = most.min(stretches.iter().map(|stretch| stretch.passages).min().unwrap_or(0));
            spans.extend(stretches.into_iter().map(|stretch| stretch.span));
        }
        if spans.is_empty() {
            return Ok(None);
        }
        let weight = rank::idf(most, self.all) * spans.len() as f32;
        let query = self.in_fields(|field| {
            let budget = self.budget.clone();
            Box::new(SpanQuery { field, spans: spans.clone(), order: Order::Window(window), weight, budget })
        });
        let set = Set::Found(query, Scores::Count);
        let condition = if clause.occur == Occur::MustNot {
            Condition::Always
        } else {
            let criterion = Criterion::Near(phrases.clone(), window as usize, set.clone(), most);
            self.add_query_term(format!("{}~{window}", quoted(text)), weight, criterion);
            Condition::Needle(self.needles.add_near(phrases, window as usize, weight))
        };
        Ok(Some(Constraint { set, condition, asks_for_text: true }))
    }

    /// Remembers what is asked for, to tell how many passages have it.
    pub(super) fn add_query_term(&mut self, term: String, weight: f32, criterion: Criterion) {
        self.query_terms.push(QueryTerm { term, weight, criterion });
    }

    /// Returns the query for passages with the stretches of a phrase in order.
    fn in_order(&self, stretches: Vec<Stretch>, phrase: &Phrase, weight: f32) -> Box<dyn Query> {
        let spans: Vec<Span> = stretches.into_iter().map(|stretch| stretch.span).collect();
        let gaps: Vec<RangeInclusive<u32>> = phrase
            .elements
            .iter()
            .skip(1)
            .filter(|element| *element.gap.end() > 0)
            .map(|element| *element.gap.start() as u32..=*element.gap.end() as u32)
            .collect();
        let is_plain = |slots: &[Slot]| slots.iter().all(|slot| slot.terms.len() == 1);
        match &spans[..] {
            [Span { slots, .. }] if is_plain(slots) => self.in_fields(|field| phrase_query(field, slots)),
            _ => self.in_fields(|field| {
                let (order, budget) = (Order::Sequence(gaps.clone()), self.budget.clone());
                Box::new(SpanQuery { field, spans: spans.clone(), order, weight, budget })
            }),
        }
    }

    /// Cuts a phrase where there are gaps, and looks up the terms of its units.
    fn stretches(&mut self, phrase: &Phrase, range: &Range<usize>) -> tantivy::Result<Vec<Stretch>> {
        let mut stretches = Vec::new();
        let mut start = 0;
        for end in 1..=phrase.elements.len() {
            if end == phrase.elements.len() || *phrase.elements[end].gap.end() > 0 {
                let is_alone = phrase.elements.len() == 1;
                stretches.push(self.stretch(&phrase.elements[start..end], is_alone, range)?);
                start = end;
            }
        }
        Ok(stretches)
    }

    fn stretch(&mut self, elements: &[Element], is_alone: bool, range: &Range<usize>) -> tantivy::Result<Stretch> {
        let mut stretch =
            Stretch { span: Span { slots: Vec::new(), length: elements.len() as u32 }, passages: u64::MAX };
        let han = |at: usize| match elements.get(at) {
            Some(Element { unit: UnitPattern::Han(character), .. }) => Some(character.as_str()),
            _ => None,
        };
        let mut at = 0;
        while at < elements.len() {
            let end = (at..).find(|&i| han(i).is_none()).unwrap_or(at);
            match (&elements[at].unit, end - at) {
                // No bigram says where it stands: all that begin with it, and itself at an end of a stretch.
                (UnitPattern::Han(character), 1) if elements.len() == 1 => {
                    let (terms, passages) = self.terms_of_character(character)?;
                    stretch.push(at, terms, passages);
                }
                (UnitPattern::Han(character) | UnitPattern::Word(character), 0 | 1) => {
                    self.push_term(&mut stretch, at, character)?
                }
                (UnitPattern::Wildcard(wildcard), _) => {
                    let (words, passages) = self.words_of_wildcard(wildcard, is_alone, range)?;
                    stretch.push(at, words, passages);
                }
                (UnitPattern::Terms(terms), _) => {
                    let mut passages = 0;
                    for term in terms {
                        passages += self.index_terms.passages_with(term)?;
                    }
                    stretch.push(at, Arc::from(&terms[..]), passages);
                }
                _ => {
                    for first in covering_bigrams(at..end) {
                        let bigram: String = [han(first), han(first + 1)].into_iter().flatten().collect();
                        self.push_term(&mut stretch, first, &bigram)?;
                    }
                }
            }
            at = end.max(at + 1);
        }
        Ok(stretch)
    }

    fn push_term(&mut self, stretch: &mut Stretch, offset: usize, term: &str) -> tantivy::Result<()> {
        let passages = self.index_terms.passages_with(term)?;
        if !self.is_known(&[term.to_owned()], passages)? && !self.is_named(term)? {
            self.add_unknown(term);
        }
        stretch.push(offset, Arc::from([term.to_owned()]), passages);
        Ok(())
    }

    /// Returns whether a word stands in what names an article, in any form: there is no other kept there.
    fn is_named(&self, word: &str) -> tantivy::Result<bool> {
        let Fields { title, section, keywords, authors, .. } = *self.fields;
        let scan = Scan::new(word);
        let forms = if scan.is_han(0) { vec![word.to_owned()] } else { names_of_word(&scan, 0) };
        self.index_terms.is_in(&[title, section, keywords, authors], &forms)
    }

    /// Returns the terms that begin with a Han character, looked up once, and how many passages have them at most.
    fn terms_of_character(&mut self, character: &str) -> tantivy::Result<(Arc<[String]>, u64)> {
        if let Some(known) = self.characters.get(character) {
            return Ok(known.clone());
        }
        let known = self.index_terms.of_character(character)?;
        let passages = known.iter().map(|known| known.passages).sum();
        let terms: Arc<[String]> = known.into_iter().map(|known| known.word).collect();
        // A part of them is not remembered: what is excluded later must be known to its end.
        if !self.budget.is_stopped() {
            self.characters.insert(character.to_owned(), (Arc::clone(&terms), passages));
        }
        Ok((terms, passages))
    }

    /// Returns the words that match a wildcard, looked up once.
    fn words_matching(&mut self, wildcard: &Wildcard) -> tantivy::Result<Vec<Word>> {
        if let Some(known) = self.looked_up.get(wildcard) {
            return Ok(known.clone());
        }
        let known = self.index_terms.matching(wildcard)?;
        // The words of many wildcards would fill the memory.
        if self.looked_up.len() < MOST_WILDCARDS && !self.budget.is_stopped() {
            self.looked_up.insert(wildcard.clone(), known.clone());
        }
        Ok(known)
    }

    /// Returns the words that match a wildcard, and how many passages have them at most.
    fn words_of_wildcard(
        &mut self,
        wildcard: &Wildcard,
        is_alone: bool,
        range: &Range<usize>,
    ) -> tantivy::Result<(Arc<[String]>, u64)> {
        let mut known = self.words_matching(wildcard)?;
        let mut passages: u64 = known.iter().map(|known| known.passages).sum();
        if !is_alone && passages > MOST_POSTINGS {
            known.sort_by_key(|known| known.passages);
            while passages > MOST_POSTINGS {
                passages -= known.pop().map_or(passages, |known| known.passages);
            }
            self.warn(range.clone(), "very many words are of this shape: the most frequent were left out");
            self.budget.leave_out();
            self.leaves_out = true;
        }
        let terms: Arc<[String]> = known.into_iter().map(|known| known.word).collect();
        self.budget.keep(&*terms);
        Ok((terms, passages))
    }

    /// Returns the terms of the words that are near a word.
    pub(super) fn names_near(&mut self, word: &str, errors: u8) -> tantivy::Result<Vec<String>> {
        let asked = (word.to_owned(), errors);
        if let Some(names) = self.near.get(&asked) {
            return Ok(names.clone());
        }
        let scan = Scan::new(word);
        let mut names = Vec::new();
        let count = scan.units().len();
        let whole = scan.folded_run(0..count);
        for known in self.index_terms.near(whole, errors)?.into_iter().flatten().take(MOST_NEAR) {
            let near = Scan::new(&known.word);
            if near.is_han(0) {
                names.push(known.word);
            } else {
                names.extend(names_of_word(&near, 0));
            }
        }
        names.sort_unstable();
        names.dedup();
        if !self.budget.is_stopped() {
            self.near.insert(asked, names.clone());
        }
        Ok(names)
    }

    /// Returns the passages that have all of these words: a Han run as it
    /// stands, any other word in any of its forms. What may be marks of notes need not be there. None if there are no
    /// words.
    fn all_words(&mut self, words: &str) -> tantivy::Result<Option<Set>> {
        let bare = without_marks(words, |_| true);
        let as_written = self.all_of(words)?;
        if bare == words {
            return Ok(as_written);
        }
        Ok(match (as_written, self.all_of(&bare)?) {
            (Some(as_written), Some(bare)) => Some(Set::any(vec![as_written, bare])),
            (as_written, _) => as_written,
        })
    }

    fn all_of(&mut self, words: &str) -> tantivy::Result<Option<Set>> {
        let scan = Scan::new(words);
        let mut all: Vec<Set> = Vec::new();
        // The parts of a hyphenated word that are still to come, and the names of the whole.
        let mut whole: Option<(usize, usize, Vec<String>)> = None;
        for item in items(&scan) {
            let query = match item {
                Item::Han(run) => {
                    let phrase = Phrase::of_units(&scan, run);
                    let stretches = self.stretches(&phrase, &(0..0))?;
                    Set::Found(self.in_order(stretches, &phrase, 0.0), Scores::Zero)
                }
                Item::Word(at) => {
                    if let Some(parts) = scan.hyphenated_at(at) {
                        whole = Some((all.len(), parts, self.names_joined(&scan, at..at + parts)?));
                    }
                    self.any_of(&self.names_of(&scan, at)?)
                }
                Item::Compound(form, _) => self.any_of(&terms_of_form(&form, Script::Digits)),
            };
            all.push(query);
            if let Some((first, _, names)) = whole.take_if(|(first, parts, _)| all.len() == *first + *parts)
                && !names.is_empty()
            {
                let parts = Set::All(all.split_off(first));
                all.push(Set::any(vec![parts, self.any_of(&names)]));
            }
        }
        Ok((!all.is_empty()).then_some(Set::All(all)))
    }

    /// Returns the passages and headings that have any of these terms.
    fn any_of(&self, names: &[String]) -> Set {
        let fields = [self.fields.body, self.fields.label];
        let terms = names.iter().flat_map(|name| fields.map(|field| Term::from_field_text(field, name)));
        let query = |term| -> (TantivyOccur, Box<dyn Query>) {
            (TantivyOccur::Should, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
        };
        Set::Found(Box::new(BooleanQuery::new(terms.map(query).collect())), Scores::Zero)
    }

    fn in_fields(&self, query: impl Fn(Field) -> Box<dyn Query>) -> Box<dyn Query> {
        let fields = [self.fields.body, self.fields.label];
        Box::new(BooleanQuery::new(fields.map(|field| (TantivyOccur::Should, query(field))).into()))
    }

    /// Returns the passages that a filter lets through.
    fn filter(&mut self, filter: &Filter) -> tantivy::Result<Set> {
        let one = |code| Values::Ranges(vec![code..=code]);
        Ok(match filter {
            Filter::Kind(kind) => Set::Column("kind", one(schema::kind_code(*kind))),
            Filter::Language(language) => Set::Column("language", one(schema::language_code(*language))),
            Filter::Date(dates) => Set::Column("date", Values::Ranges(vec![dates.clone()])),
            Filter::Path(path) => Set::Column("article", Values::OfSegments(self.articles_under(path)?)),
            Filter::Words(name, words) => self.words_in(self.field_of(*name), words)?,
        })
    }

    fn field_of(&self, name: FieldName) -> Field {
        match name {
            FieldName::Title => self.fields.title,
            FieldName::Author => self.fields.authors,
            FieldName::Keyword => self.fields.keywords,
            FieldName::Section => self.fields.section,
        }
    }

    /// Returns the passages of which a field has all of these words, in any form.
    fn words_in(&mut self, field: Field, words: &str) -> tantivy::Result<Set> {
        let mut all = Vec::new();
        for part in words.split_whitespace() {
            let terms = if part.contains(is_star) { self.forms_of_wildcard(field, part)? } else { None };
            match terms {
                Some(terms) => all.push(Set::Found(Box::new(self.one_of(field, terms, 0.0)), Scores::Zero)),
                None => each_form(part, |form| {
                    let term = Term::from_field_text(field, form);
                    all.push(Set::Found(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), Scores::Zero));
                }),
            }
        }
        Ok(Set::All(all))
    }

    /// Returns the forms of the words that match a wildcard: fields beside the text hold
    /// nothing else. `None` if it stands for more than one word.
    fn forms_of_wildcard(&mut self, field: Field, wildcard: &str) -> tantivy::Result<Option<Vec<String>>> {
        let [Element { unit: UnitPattern::Wildcard(wildcard), .. }] = &Phrase::of_wildcards(wildcard).elements[..]
        else {
            return Ok(None);
        };
        let mut forms = HashSet::new();
        for known in self.words_matching(wildcard)? {
            if !self.budget.spend(STEMMED) {
                break;
            }
            each_form(&known.word, |form| {
                forms.insert(form.to_owned());
            });
        }
        // A field has few terms, and a wildcard may match very many words.
        let terms = self.index_terms.of_field(field, &forms)?;
        self.budget.keep(&terms);
        Ok(Some(terms))
    }

    /// Returns the keys of the articles whose path has this in it, for each segment those of the index it is of.
    fn articles_under(&self, wanted: &str) -> tantivy::Result<HashMap<SegmentId, Arc<HashSet<u64>>>> {
        // Paths of an index have slashes on every system.
        let slashes = if cfg!(windows) { wanted.replace('\\', "/") } else { wanted.to_owned() };
        let parts: Vec<String> = slashes.split(is_star).map(comparable).collect();
        let mut keys = vec![HashSet::new(); self.state.members.len()];
        for (article, path) in self.state.lower_paths.of(self.state)? {
            if !self.budget.spend(STREAMED + path.len() as u64) {
                break;
            }
            if has_parts(path, &parts) {
                keys[article.member()].insert(article.key().0.into());
            }
        }
        let keys: Vec<Arc<HashSet<u64>>> = keys.into_iter().map(Arc::new).collect();
        let segments = self.searcher.segment_readers().iter().enumerate();
        let keys_of = |segment| Arc::clone(&keys[self.state.member_of(segment)]);
        Ok(segments.map(|(segment, reader)| (reader.segment_id(), keys_of(segment))).collect())
    }
}

/// Returns whether something is looked up for it that the budget may not be enough for.
fn looks_up(content: &Content) -> bool {
    !matches!(content, Content::Filter(Filter::Kind(_) | Filter::Language(_) | Filter::Date(_)))
}

/// Combines clauses: all of the required ones hold, and not one of the excluded ones.
fn all(required: Vec<Constraint>, excluded: Vec<Constraint>) -> Constraint {
    let asks_for_text = required.iter().any(|constraint| constraint.asks_for_text);
    let (mut sets, mut conditions) = (Vec::new(), Vec::new());
    for constraint in required {
        sets.push(constraint.set);
        conditions.push(constraint.condition);
    }
    if !excluded.is_empty() {
        let excluded = Set::any(excluded.into_iter().map(|constraint| constraint.set).collect());
        sets.push(Set::Not(Box::new(excluded)));
    }
    Constraint { set: Set::all(sets), condition: Condition::All(conditions), asks_for_text }
}

/// Combines clauses: at least `least` of them hold.
fn at_least(least: usize, any: Vec<Constraint>) -> Constraint {
    let asks_for_text = any.iter().all(|constraint| constraint.asks_for_text);
    let (sets, conditions): (Vec<Set>, _) =
        any.into_iter().map(|constraint| (constraint.set, constraint.condition)).unzip();
    let set = if least == 1 { Set::any(sets) } else { Set::AtLeast(least, sets) };
    Constraint { set, condition: Condition::Any(conditions), asks_for_text }
}

/// The terms of units that follow each other directly.
struct Stretch {
    span: Span,
    /// The most passages that can have it.
    passages: u64,
}

impl Stretch {
    fn push(&mut self, offset: usize, terms: Arc<[String]>, passages: u64) {
        self.passages = self.passages.min(passages);
        self.span.slots.push(Slot { offset: offset as u32, terms });
    }
}

/// Returns the query for a field with these terms in order; each slot has one.
fn phrase_query(field: Field, slots: &[Slot]) -> Box<dyn Query> {
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
fn phrases_of_words(words: &str) -> Vec<Phrase> {
    let scan = Scan::new(words);
    let mut phrases = Vec::new();
    for item in items(&scan) {
        match item {
            Item::Han(run) => phrases.push(Phrase::of_units(&scan, run)),
            Item::Word(at) => phrases.push(Phrase::of_terms(names_of_word(&scan, at))),
            Item::Compound(form, _) => phrases.push(Phrase::of_terms(terms_of_form(&form, Script::Digits))),
        }
    }
    phrases
}

fn each_form(words: &str, mut each: impl FnMut(&str)) {
    let scan = Scan::new(words);
    let mut scratch = String::new();
    for at in 0..scan.units().len() {
        // A field that has the parts of a hyphenated word need not have its hyphens.
        scan.forms_at(at, &mut scratch, |form| {
            if parts_of_term(form).is_none() {
                each(form);
            }
        });
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
