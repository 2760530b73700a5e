//! Best match: every bigram of a Han run, every longer substring of it that
//! the index knows as a word, and the form of every other word.

use std::ops::Range;

use svod_text::analysis::{
    EVERYDAY_CHARACTERS, FORM_MARK, Glue, Scan, Script, formal_words, push_form, stop_words, terms_of_form,
    terms_with_hyphens,
};
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, Occur as TantivyOccur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::constraint::Constraint;
use super::readings::without_marks;
use super::{Clauses, Criterion, Decides, Labels, Planner, should};
use crate::budget::LOOKED_UP;
use crate::index::statistics::SATURATION;
use crate::matching::needles::{self, Condition};
use crate::matching::phrase::Phrase;
use crate::parse::{ClauseGroup, Content, Occur};
use crate::plan::spans::{Order, Slot, Span, SpanQuery};
use crate::ranking::in_fields;
use crate::ranking::rank::{self, Origin, Ranked};

/// Words of jieba's dictionary, which the indexer cuts with, are seldom longer.
const LONGEST_WORD: usize = 8;
/// Terms further apart in the query are no neighbours.
const MOST_APART: usize = 3;
/// A query of more terms than this keeps the rarest.
const MOST_TERMS: usize = 64;
/// The fewest Han characters of a run that may be a question.
const LEAST_QUESTION: usize = 6;
/// The fewest units that may be meant as a phrase.
const LEAST_PHRASE: usize = 3;
/// Nobody remembers more word for word.
const LONGEST_PHRASE: usize = 512;
/// A Han character alone has as many names as there are characters to follow it: not looked for in fields.
const MOST_NAMES: usize = 8;

/// A term of best match: one thing that is looked for, under all the names that the index may have for it.
pub(super) struct Wanted {
    pub(super) names: Vec<String>,
    weight: f32,
    origin: Origin,
    is_stop: bool,
    /// One Han character: what its terms have in common, and all that is to be marked.
    pub(super) character: Option<String>,
    /// What was typed, where that tells more than its names.
    typed: Option<String>,
    /// Its position in the query.
    position: usize,
    /// Passages that have it in their text; one that has two of the names is counted twice.
    pub(super) passages: u64,
    /// Passages that have the most frequent of the names.
    pub(super) least: u64,
}

impl Wanted {
    /// Returns the number of its Han characters: 0 for a word of another script.
    fn han_characters(&self) -> usize {
        let scan = Scan::new(self.names.first().map_or("", String::as_str));
        (0..scan.units().len()).take_while(|&at| scan.is_han(at)).count()
    }

    /// Returns its Han characters; nothing if it has several names.
    fn characters(&self) -> Vec<char> {
        match &self.names[..] {
            [name] if self.han_characters() > 0 => name.chars().collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the term for people: a form of a word ends in `*`.
    fn shown(&self) -> String {
        let typed = self.typed.as_ref().or(self.character.as_ref());
        let name = typed.or(self.names.first()).map_or("", String::as_str);
        name.strip_prefix(FORM_MARK).map_or_else(|| name.to_owned(), |form| format!("{form}*"))
    }
}

impl Planner<'_> {
    /// Adds what passages are ranked by: all words that are asked for.
    pub(super) fn rank_group(&mut self, group: &ClauseGroup, decides: Decides) -> tantivy::Result<()> {
        let mut side_by_side = String::new();
        for clause in group.clauses.iter().filter(|clause| clause.occur != Occur::MustNot) {
            let decides = if clause.occur == Occur::Must { Decides::Yes } else { decides };
            self.has_plain_words |= decides == Decides::No && clause.content.is_plain();
            if !matches!(clause.content, Content::Words(_)) {
                self.add_words(&std::mem::take(&mut side_by_side))?;
            }
            match &clause.content {
                Content::Words(words) => {
                    side_by_side.push(' ');
                    side_by_side.push_str(words);
                }
                Content::Fuzzy(word, errors) => {
                    let names = self.names_near(word, *errors)?;
                    self.add_near(word, names)?;
                }
                Content::Wildcard(_) if decides == Decides::No => {
                    if let Some(Constraint { set, condition: Condition::Needle(needle), .. }) =
                        self.constrain(clause)?
                    {
                        self.wildcards.push(set);
                        let weight = self.needles.weight(needle);
                        let (names, characters) = (Vec::new(), Vec::new());
                        let shown = self.query_terms.len() - 1;
                        let origin = Origin::Typed;
                        self.ranked.push(Ranked { needle, names, characters, weight, family: 0.0, origin, shown });
                    }
                }
                Content::Group(group) => self.rank_group(group, decides)?,
                // Ranked by the query that finds them.
                Content::Wildcard(_)
                | Content::Quotation(_)
                | Content::OpenQuotation(_)
                | Content::Fragment(_)
                | Content::Near(..)
                | Content::Filter(_)
                | Content::Within(_) => {}
            }
        }
        self.add_words(&side_by_side)
    }

    /// Adds the words that are near a word, ranked as one.
    fn add_near(&mut self, word: &str, names: Vec<String>) -> tantivy::Result<()> {
        let shown = format!("{word}~");
        if names.is_empty() {
            self.add_unknown(word);
            self.add_query_term(shown, 0.0, Criterion::Terms(Vec::new()));
            return Ok(());
        }
        if let Some(added) = self.add_term(names, rank::FORM, false)? {
            added.typed = Some(shown);
        }
        self.position += 1;
        Ok(())
    }

    /// Adds the terms of words to be searched by best match.
    fn add_words(&mut self, words: &str) -> tantivy::Result<()> {
        // A mark between two words would keep them apart.
        let scan = Scan::new(&without_marks(words, |mark| mark.is_raised));
        if scan.units().is_empty() {
            return Ok(());
        }
        self.add_phrase(&scan, &Scan::new(&without_marks(words, |_| true)))?;
        for item in items(&scan) {
            match item {
                Item::Han(run) => self.add_han(&scan, run)?,
                Item::Word(at) => {
                    if let Some(parts) = scan.hyphenated_at(at) {
                        let names = self.names_joined(&scan, at..at + parts)?;
                        if !names.is_empty() {
                            self.add_term(names, rank::FORM, false)?;
                        }
                    }
                    let names = self.names_of(&scan, at)?;
                    let added = self.add_term(names.clone(), rank::FORM, !needles::counts(&scan, at))?;
                    if let Some(passages) = added.map(|added| added.passages)
                        && !self.is_known(&names, passages)?
                    {
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

    /// Returns the names of a word, those too that it has where it is written with hyphens.
    pub(super) fn names_of(&self, scan: &Scan, at: usize) -> tantivy::Result<Vec<String>> {
        let mut names = names_of_word(scan, at);
        for (term, _) in terms_with_hyphens(scan.folded(at)) {
            if self.ranked_with(&term)? > 0 {
                names.push(term);
            }
        }
        Ok(names)
    }

    /// Returns the names of a hyphenated word written as one; none if the index does not know it so.
    pub(super) fn names_joined(&self, scan: &Scan, parts: Range<usize>) -> tantivy::Result<Vec<String>> {
        let joined = Scan::new(scan.folded_run(parts));
        let names = names_of_word(&joined, 0);
        Ok(if self.ranked_with_any(&names)? > 0 { names } else { Vec::new() })
    }

    /// Adds words as a text that somebody may remember word for word; `bare` is the same without marks of notes.
    fn add_phrase(&mut self, scan: &Scan, bare: &Scan) -> tantivy::Result<()> {
        for at in 0..scan.units().len() {
            if scan.is_han(at) {
                self.needles.words.break_run();
                continue;
            }
            let passages = self.ranked_with_any(&names_of_word(scan, at))?;
            let weight = if needles::counts(scan, at) { rank::idf(passages, self.all) } else { rank::STOP_WORD };
            self.needles.words.add(scan.folded(at), weight);
        }
        self.needles.words.break_run();
        if (LEAST_PHRASE..=LONGEST_PHRASE).contains(&scan.units().len()) {
            let phrase = |scan: &Scan| -> Box<dyn Query> {
                let terms = scan.quotation_terms().into_iter();
                let terms = terms.map(|(offset, term)| (offset, Term::from_field_text(self.fields.body, term)));
                Box::new(PhraseQuery::new_with_offset(terms.collect()))
            };
            let has_marks = bare.units().len() < scan.units().len() && bare.units().len() >= LEAST_PHRASE;
            let either = || {
                let clauses = [scan, bare].map(|scan| (TantivyOccur::Should, phrase(scan)));
                Box::new(BooleanQuery::new(clauses.into()))
            };
            let phrase = if has_marks { either() } else { phrase(scan) };
            self.phrases.push(phrase);
        }
        Ok(())
    }

    fn add_han(&mut self, scan: &Scan, run: Range<usize>) -> tantivy::Result<()> {
        if run.len() == 1 {
            let is_stop = scan.folded(run.start).chars().all(stop_words::is_stop_character);
            let known = self.index_terms.of_character(scan.folded(run.start))?;
            let names = known.into_iter().map(|known| known.word).collect();
            if let Some(added) = self.add_term(names, rank::BIGRAM, is_stop)? {
                added.character = Some(scan.folded(run.start).to_owned());
            }
        }
        // Short runs are keywords, not questions: they are not expanded.
        let is_question = run.len() >= LEAST_QUESTION;
        for first in run.clone() {
            if first + 1 < run.end {
                let bigram = scan.folded_run(first..first + 2);
                let names = vec![bigram.to_owned()];
                let added = self.add_term(names.clone(), weight_of(bigram), stop_words::is_stop_bigram(bigram))?;
                if let Some(passages) = added.map(|added| added.passages).filter(|_| run.len() <= LONGEST_WORD)
                    && !self.is_known(&names, passages)?
                {
                    self.add_unknown(scan.folded_run(run.clone()));
                }
            }
            for end in first + 3..=run.end.min(first + LONGEST_WORD) {
                let word = scan.folded_run(first..end);
                if self.ranked_with(word)? > 0 {
                    self.add_term(vec![word.to_owned()], rank::LONG_WORD, false)?;
                }
            }
            for length in EVERYDAY_CHARACTERS.filter(|length| is_question && first + length <= run.end) {
                self.formal.extend(formal_words(scan.folded_run(first..first + length)));
            }
            self.position += 1;
        }
        Ok(())
    }

    /// Adds the bigrams of the formal words that the query does not have itself.
    pub(super) fn add_formal(&mut self) -> tantivy::Result<()> {
        for word in std::mem::take(&mut self.formal) {
            let scan = Scan::new(word);
            for first in 1..scan.units().len() {
                let bigram = scan.folded_run(first - 1..first + 1).to_owned();
                if let Some(added) = self.add_term(vec![bigram], rank::FORMAL, false)? {
                    added.origin = Origin::Formal;
                }
            }
        }
        Ok(())
    }

    /// Adds a term that stands at the current position of the query and returns it; `None` if it is there already.
    fn add_term(&mut self, names: Vec<String>, weight: f32, is_stop: bool) -> tantivy::Result<Option<&mut Wanted>> {
        if !self.known.insert(names.clone()) {
            return Ok(None);
        }
        let (mut passages, mut least) = (0, 0);
        for name in &names {
            let with_name = self.ranked_with(name)?;
            passages += with_name;
            least = least.max(with_name);
        }
        self.terms.push(Wanted {
            names,
            weight,
            origin: Origin::Typed,
            is_stop,
            character: None,
            typed: None,
            position: self.position,
            passages: passages.min(self.all),
            least,
        });
        Ok(self.terms.last_mut())
    }

    /// Returns how many of the passages that are ranked have a term in their text.
    fn ranked_with(&self, term: &str) -> tantivy::Result<u64> {
        self.budget.spend(LOOKED_UP);
        self.searcher.doc_freq(&Term::from_field_text(self.fields.body, term))
    }

    /// Returns how many of them have any of the terms; one that has two of them is counted twice.
    fn ranked_with_any(&self, names: &[String]) -> tantivy::Result<u64> {
        let mut passages = 0;
        for name in names {
            passages += self.ranked_with(name)?;
        }
        Ok(passages.min(self.all))
    }

    /// Stop words count only if there is nothing else; of very many terms the rarest are kept.
    pub(super) fn drop_stop_words(&mut self) {
        if self.terms.iter().any(|term| !term.is_stop && term.passages > 0) {
            self.terms.retain(|term| !term.is_stop);
        }
        if self.terms.len() > MOST_TERMS {
            self.terms.sort_by_key(|term| term.passages);
            self.terms.truncate(MOST_TERMS);
            self.terms.sort_by_key(|term| term.position);
        }
        self.known = self.terms.iter().map(|term| term.names.clone()).collect();
    }

    /// Adds the clauses of one term, and returns how many passages they match at most.
    ///
    /// All names and fields of a term share one idf, that of their union: a
    /// rare form of a word is no rarer than the word.
    pub(super) fn add_clauses(&mut self, wanted: &Wanted, clauses: &mut Clauses) -> tantivy::Result<u64> {
        let idf = rank::idf(wanted.passages, self.all);
        if wanted.character.is_some() {
            let is_label = self.labels == Labels::Rank;
            for field in [Some(self.fields.body), is_label.then_some(self.fields.label)].into_iter().flatten() {
                clauses.push(should(self.one_of(field, wanted.names.clone(), wanted.weight * idf)));
            }
            return Ok(wanted.passages);
        }
        let mut most_matches = 0;
        let label = (self.labels == Labels::Rank).then_some((self.fields.label, 1.0));
        let weighted: Vec<(Field, f32)> =
            [(self.fields.body, 1.0)].into_iter().chain(in_fields::weighted(self.fields)).chain(label).collect();
        for name in &wanted.names {
            for &(field, field_weight) in &weighted {
                let term = Term::from_field_text(field, name);
                let passages = self.searcher.doc_freq(&term)?;
                if passages > 0 {
                    let boost = wanted.weight * field_weight * idf / rank::idf(passages, self.all);
                    self.note_most_score(field, wanted.weight * field_weight * idf);
                    let query = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                    clauses.push(should(BoostQuery::new(query, boost)));
                    most_matches += passages;
                }
            }
        }
        Ok(most_matches)
    }

    /// Remembers that a field has one more term of this weight: repeated without end it would add the weight times k1 + 1.
    fn note_most_score(&mut self, field: Field, weight: f32) {
        let most = weight * (SATURATION + 1.0);
        match self.most_scores.iter_mut().find(|(known, _)| *known == field) {
            Some((_, score)) => *score += most,
            None => self.most_scores.push((field, most)),
        }
    }

    /// Returns the query for passages that have any of very many terms.
    pub(super) fn one_of(&self, field: Field, terms: Vec<String>, weight: f32) -> SpanQuery {
        let spans = vec![Span { slots: vec![Slot { offset: 0, terms: terms.into() }], length: 1 }];
        SpanQuery { field, spans, order: Order::Sequence(Vec::new()), weight, budget: self.budget.clone() }
    }

    /// Says what was searched for, and remembers it for what is done with the text of the hits.
    pub(super) fn show(&mut self, terms: Vec<Wanted>) -> tantivy::Result<()> {
        let mut placed: Vec<(usize, usize, bool)> = Vec::new();
        for wanted in terms {
            let weight = wanted.weight * rank::idf(wanted.passages, self.all);
            let han_characters = wanted.han_characters();
            let criterion = match &wanted.names[..] {
                [word] if han_characters > 2 => Criterion::Characters(word.clone()),
                names => Criterion::Terms(names.to_vec()),
            };
            self.add_query_term(wanted.shown(), weight, criterion);
            if han_characters > 2 {
                // Its bigrams are scored and marked: it says the same again.
                continue;
            }
            let characters = wanted.characters();
            let family = wanted.weight * rank::idf(self.passages_with_family(&wanted)?, self.all);
            self.needles.add_characters(&characters);
            let names = if wanted.names.len() <= MOST_NAMES { wanted.names.clone() } else { Vec::new() };
            let needle = match wanted.character {
                Some(character) => self.needles.add_phrase(Phrase::of_text(&character), weight),
                None => self.needles.add_terms(wanted.names, weight),
            };
            let shown = self.query_terms.len() - 1;
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
            Some(root) => self.index_terms.passages_with_beginning(&root),
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
pub(super) enum Item {
    /// Han characters with nothing between them.
    Han(Range<usize>),
    /// A word, by its unit.
    Word(usize),
    /// A number or designation: its form and the number of its units.
    Compound(String, usize),
}

pub(super) fn items(scan: &Scan) -> Vec<Item> {
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

pub(super) fn names_of_word(scan: &Scan, at: usize) -> Vec<String> {
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
