//! A request becomes an answer.

mod best;
mod copies;
mod count;
mod dates;
pub(crate) mod each;
mod exact;
mod explain;
mod hits;
mod matching;
mod paths;
mod rescore;
mod show;
mod siblings;
mod sorted;
mod terms;
mod timeline;
mod typed;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use svod_store::schema::StoredPassage;
use svod_text::analysis::is_han;
use tantivy::{DocAddress, Score, SegmentReader};

use self::best::{Collected, Visit, best};
use self::terms::{FEW_POSTINGS, MANY_POSTINGS};
use crate::answer::explanation::Explanation;
use crate::answer::hit::{Answer, Known, Total, Unknown};
use crate::answer::warning::Warning;
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::matching::needles::Findings;
use crate::parse::{self, Content, Expression, relax};
use crate::plan::index_terms::IndexTerms;
use crate::plan::{self, Criterion, Plan};
use crate::ranking::rank;
use crate::request::{Copies, MOST_AROUND, Mode, Request, Sort, Words};

/// The most matches that are counted although the search could leave most of them out.
const CHEAP_TO_COUNT: u64 = 20_000;
/// If fewer are found, help looks up what is near to words that the index does not know: some milliseconds for each.
const LITTLE: u64 = 10;
/// The most unknown words whose nearest known ones are looked up.
const MOST_UNKNOWN: usize = 5;
/// The most known words that are named for an unknown one.
const MOST_NEAREST: usize = 3;
/// Words of fewer characters have room for one typing error only.
const ROOM_FOR_ERRORS: usize = 6;
/// Collected beyond what is asked for: near-copies and further passages of an article may be left out, and then
/// searching again costs more.
const SPARE: usize = 32;

impl Index {
    /// Searches.
    ///
    /// Any string is a query; what was mended or ignored stands in the
    /// answer's warnings. Hits with equal scores come in the order of their
    /// places in the folder.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn search(&self, request: &Request) -> Result<Answer, QueryError> {
        self.search_within(request, &Budget::of(request))
    }

    /// Searches with what is left of a budget.
    pub(crate) fn search_within(&self, request: &Request, budget: &Budget) -> Result<Answer, QueryError> {
        guarded(self.homes(), || self.state().search(request, budget))
    }
}

impl State {
    fn search(&self, request: &Request, budget: &Budget) -> Result<Answer, QueryError> {
        let started = Instant::now();
        let expression = understand(request)?;
        let mut answer = self.answer(request, &expression, budget)?;
        // Where not all was looked at, nobody knows that no passage has all.
        if answer.hits.is_empty() && request.help && answer.cut.is_none() {
            for (step, relaxed) in relax::relaxed(&expression) {
                let more = self.answer(request, &relaxed, budget)?;
                if !more.hits.is_empty() {
                    answer = Answer { relaxed: Some(step), ..more };
                    break;
                }
            }
        }
        answer.warnings.splice(0..0, expression.warnings);
        answer.warnings.extend(around_warning(request));
        answer.warnings.extend(cut_warning(request, budget));
        answer.elapsed = started.elapsed();
        Ok(answer)
    }

    fn answer(&self, request: &Request, expression: &Expression, budget: &Budget) -> Result<Answer, QueryError> {
        let plan = plan::plan(expression, self, budget).map_err(|error| self.damaged(error))?;
        let search = Search { state: self, request, expression, plan: &plan, budget };
        let (found, total) = search.collect()?;
        let hits = search.hits(found)?;
        let total = if budget.cut().is_some() { Total::AtLeast(total.count()) } else { total };
        let is_little = total.count() == 0 || (request.help && total.count() < LITTLE);
        let unknown = if is_little { search.unknown()? } else { Vec::new() };
        let terms = search.terms(total, if is_little || request.explain { MANY_POSTINGS } else { FEW_POSTINGS })?;
        Ok(Answer {
            hits,
            total,
            relaxed: None,
            beginning: None,
            terms,
            is_narrowed: expression.group.has_filters(),
            unknown,
            warnings: plan.warnings,
            cut: budget.cut(),
            is_finished: self.is_finished,
            elapsed: Duration::ZERO,
        })
    }
}

/// Returns what to say of an answer that is not complete.
fn cut_warning(request: &Request, budget: &Budget) -> Option<Warning> {
    budget.cut().map(|cut| Warning::new(0..request.query.len(), cut.message()))
}

/// Returns what to say of a request for more of the articles than is read.
fn around_warning(request: &Request) -> Option<Warning> {
    let is_less = request.before.max(request.after) > MOST_AROUND;
    is_less.then(|| Warning::new(0..request.query.len(), "no more than 100 passages are read before and after a hit"))
}

impl Request {
    /// Checks the filter, as every search does before anything is read.
    ///
    /// # Errors
    /// [`QueryError::Filter`], if it cannot be understood.
    pub fn check_filter(&self) -> Result<(), QueryError> {
        understand(&Request { query: String::new(), ..self.clone() }).map(drop)
    }
}

/// Returns what a request asks for.
fn understand(request: &Request) -> Result<Expression, QueryError> {
    let asked = match request.mode {
        Mode::Query => parse::parse(&request.query),
        Mode::Literal => parse::whole(&request.query, Content::Words),
        Mode::Exact => parse::whole(&request.query, Content::Quotation),
        Mode::Fragment => parse::whole(&request.query, Content::Fragment),
    };
    let asked = match request.words {
        Words::Any => asked,
        Words::All => relax::tightened(asked),
        Words::Whole => relax::whole(relax::tightened(asked)),
    };
    let asked = asked.with_filter(&request.filter).map_err(|warning| QueryError::Filter {
        filter: request.filter.clone(),
        range: warning.range,
        message: warning.message,
    });
    asked.map(Expression::without_repeats)
}

/// A match.
struct Found {
    score: f32,
    address: DocAddress,
    article: ArticleNumber,
    ordinal: u64,
    /// What was read of it so far.
    read: Option<ReadMatch>,
    /// Matches that are near-copies of it.
    copies: Vec<Found>,
    explanation: Option<Explanation>,
}

/// A match that was read.
struct ReadMatch {
    passage: StoredPassage,
    findings: Findings,
    /// A quotation stands only where the next part of the paragraph begins: the hit is that part's.
    is_false: bool,
}

/// A request, planned against what the index knows.
struct Search<'r> {
    state: &'r State,
    request: &'r Request,
    expression: &'r Expression,
    plan: &'r Plan,
    budget: &'r Budget,
}

impl Search<'_> {
    /// Collects as many matches as are wanted, best first, and counts them all.
    fn collect(&self) -> Result<(Vec<Found>, Total), QueryError> {
        let all = self.all();
        let wanted = self.request.limit.map_or(all, NonZeroUsize::get);
        let mut collected = wanted.saturating_add(SPARE).max(rank::candidates(self.plan.ranked.len())).min(all);
        loop {
            let (places, total) = self.places(collected, wanted >= all)?;
            let mut found: Vec<Found> = places.into_iter().map(|(score, address)| self.found(score, address)).collect();
            let is_all = found.len() < collected || collected == all || self.budget.is_stopped();
            self.drop_false(&mut found)?;
            let total = total.or_more(found.len() as u64);
            if self.request.sort == Sort::Score {
                self.rescore(&mut found)?;
            }
            let found = self.choose(found, wanted)?;
            if found.len() >= wanted || is_all {
                return Ok((found, total));
            }
            collected = collected.saturating_mul(4).min(all);
        }
    }

    fn read(&self, address: DocAddress) -> Result<ReadMatch, QueryError> {
        let (passage, findings) = self.state.read(address, &self.plan.needles)?;
        let is_false = passage.address.runs_on && !self.plan.condition.holds(&findings.matches);
        Ok(ReadMatch { passage, findings, is_false })
    }

    fn drop_false(&self, found: &mut Vec<Found>) -> Result<(), QueryError> {
        let mut failure = None;
        found.retain(|found| match self.is_false(found.address) {
            Ok(is_false) => !is_false,
            Err(error) => {
                failure = Some(error);
                false
            }
        });
        failure.map_or(Ok(()), Err)
    }

    /// Returns the number of all records that may match, or one.
    fn all(&self) -> usize {
        usize::try_from(self.state.searcher.num_docs()).unwrap_or(usize::MAX).max(1)
    }

    /// Returns where the first matches lie in the order that was asked for.
    fn places(&self, count: usize, is_all: bool) -> Result<(Vec<(Score, DocAddress)>, Total), QueryError> {
        match self.request.sort {
            Sort::Score => self.collect_best(count, is_all),
            order => self.collect_sorted(count, order),
        }
    }

    /// Collects the best by tantivy's score, best first.
    fn collect_best(&self, count: usize, is_all: bool) -> Result<(Vec<(Score, DocAddress)>, Total), QueryError> {
        let counts_for_free = is_all || self.plan.is_exhaustive || self.plan.most_matches <= CHEAP_TO_COUNT;
        let matches = if counts_for_free { Visit::All } else { Visit::Best(&self.plan.most_scores) };
        let looked = best(self.state, &*self.plan.query, count, matches, self.budget);
        let Collected { best: scored, count: looked_at, parts } = looked.map_err(|error| self.state.damaged(error))?;
        let total = if counts_for_free || scored.len() < count {
            self.true_matches(looked_at, &parts)?
        } else {
            Total::AtLeast(self.least_matches())
        };
        Ok((scored, total))
    }

    /// Returns how many passages match at least: tantivy counts deleted ones too, and parts that match falsely.
    fn least_matches(&self) -> u64 {
        let none = |(segment, reader): (u32, &SegmentReader)| {
            u64::from(reader.num_deleted_docs()) + self.state.count_parts(segment)
        };
        let none = (0..).zip(self.state.searcher.segment_readers()).map(none).sum();
        self.plan.least_matches.saturating_sub(none)
    }

    fn found(&self, score: f32, address: DocAddress) -> Found {
        let (article, ordinal) = self.state.place(address);
        Found { score, address, article, ordinal, read: None, copies: Vec::new(), explanation: None }
    }

    /// Chooses the wanted number, at most `per_article` of each article; near-copies stay with the first of them.
    fn choose(&self, found: Vec<Found>, wanted: usize) -> Result<Vec<Found>, QueryError> {
        let mut chosen: Vec<Found> = Vec::new();
        let mut counts: HashMap<ArticleNumber, usize> = HashMap::new();
        let mut seen = copies::Seen::default();
        for mut next in found {
            if chosen.len() == wanted {
                break;
            }
            if self.request.per_article.is_some_and(|most| counts.get(&next.article) == Some(&most.get())) {
                continue;
            }
            if self.request.copies == Copies::Fold {
                let read = match next.read.take() {
                    Some(read) => read,
                    None => self.read(next.address)?,
                };
                let original = seen.copy_of(&read.passage.text);
                next.read = Some(read);
                if let Some(original) = original {
                    chosen[original].copies.push(next);
                    continue;
                }
            }
            *counts.entry(next.article).or_default() += 1;
            chosen.push(next);
        }
        Ok(chosen)
    }

    /// Returns the words of the query that the index does not know, each with the nearest that it knows.
    fn unknown(&self) -> Result<Vec<Unknown>, QueryError> {
        let nearest = |word: &String| Ok(Unknown { word: word.clone(), nearest: self.nearest(word)? });
        self.plan.unknown.iter().take(MOST_UNKNOWN).map(nearest).collect()
    }

    fn nearest(&self, word: &str) -> Result<Vec<Known>, QueryError> {
        let index_terms = IndexTerms::new(&self.state.searcher, &self.state.fields, self.budget);
        let errors = if word.chars().count() < ROOM_FOR_ERRORS { 1 } else { 2 };
        let mut nearest = Vec::new();
        for word in index_terms.near(word, errors).map_err(|error| self.state.damaged(error))?.into_iter().flatten() {
            if nearest.len() == MOST_NEAREST {
                break;
            }
            let word = word.word;
            let criterion = if word.starts_with(is_han) {
                Criterion::Characters(word.clone())
            } else {
                Criterion::Terms(vec![word.clone()])
            };
            let passages = self.state.passages_with(&criterion, MANY_POSTINGS, self.budget)?;
            nearest.push(Known { word, passages });
        }
        Ok(nearest)
    }
}
