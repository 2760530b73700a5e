//! Hits one by one, each read when it is asked for.
//!
//! Of all that match only their places are held, so that all passages of a
//! library can be written with little memory. What must know all hits before
//! the first can be told holds them: near-copies that are folded, and how many
//! more passages of an article match.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use svod_store::schema::StoredArticle;
use tantivy::{DocAddress, Score};

use super::hits::LEAST_READ;
use super::terms::FEW_POSTINGS;
use super::{Found, Search, around_warning, cut_warning, understand};
use crate::answer::hit::{Answer, Hit, Total};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::parse::Expression;
use crate::plan::{self, Plan};
use crate::ranking::rank;
use crate::request::{Copies, Request, Sort};

/// The most articles whose records are kept for their next hits.
const MOST_ARTICLES: usize = 64;
/// So few hits are read at once: finding them costs less than finding all.
const FEW: usize = 1_000;

/// The hits of an answer, read one by one.
///
/// ```no_run
/// # use svod_query::{Index, QueryError, Request};
/// # fn write(index: &Index) -> Result<(), QueryError> {
/// let mut hits = index.hits(&Request::new("停火").limit(0))?;
/// for hit in &mut hits {
///     println!("{}", hit?.path.display());
/// }
/// println!("{} passages", hits.answer().total.count());
/// # Ok(())
/// # }
/// ```
pub struct Hits {
    index: Index,
    source: Source,
}

enum Source {
    /// All were read before.
    Read {
        answer: Box<Answer>,
        hits: std::vec::IntoIter<Hit>,
    },
    Unread(Box<Unread>),
}

impl Index {
    /// Searches, and reads each hit when it is asked for: the hits of [`Index::search`], in the same order.
    ///
    /// Of each that is not read yet some bytes are held, and no text, unless near-copies are folded or [`Request::more`]
    /// is asked for: then all are read before the first.
    ///
    /// # Errors
    /// As [`Index::search`]; and so can be each hit.
    pub fn hits(&self, request: &Request) -> Result<Hits, QueryError> {
        let are_few = request.limit.is_some_and(|limit| limit.get() <= FEW);
        let reads_all = are_few || request.copies == Copies::Fold || request.more;
        let unread = if reads_all { None } else { guarded(self.homes(), || Unread::of(self.state(), request))? };
        let source = match unread {
            Some(unread) => Source::Unread(Box::new(unread)),
            // Where nothing is found, a search may know more to say.
            None => {
                let mut answer = self.search(request)?;
                let hits = std::mem::take(&mut answer.hits).into_iter();
                Source::Read { answer: Box::new(answer), hits }
            }
        };
        Ok(Hits { index: self.clone(), source })
    }
}

impl Hits {
    /// Returns the answer without its hits. Its total is exact when all were read: some matches turn out to be none.
    pub fn answer(&self) -> &Answer {
        match &self.source {
            Source::Read { answer, .. } => answer,
            Source::Unread(unread) => &unread.answer,
        }
    }
}

impl Iterator for Hits {
    type Item = Result<Hit, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.source {
            Source::Read { hits, .. } => hits.next().map(Ok),
            Source::Unread(unread) => guarded(self.index.homes(), || unread.next()).transpose(),
        }
    }
}

/// Matches that are not read yet.
struct Unread {
    state: Arc<State>,
    request: Request,
    expression: Expression,
    plan: Plan,
    budget: Budget,
    started: Instant,
    answer: Answer,
    /// The first hit: whether there is one must be known.
    known: Option<Hit>,
    matches: Matches,
    articles: HashMap<ArticleNumber, Arc<StoredArticle>>,
    of_article: HashMap<ArticleNumber, usize>,
    /// How many hits were read.
    read: usize,
}

/// Matches in their order.
struct Matches {
    /// The first of them, scored again.
    first: std::vec::IntoIter<Found>,
    /// Where those lie.
    scored: HashSet<DocAddress>,
    /// The score of the last of them: no other has more.
    least: Score,
    others: std::vec::IntoIter<(Score, DocAddress)>,
}

impl Matches {
    fn of(search: &Search<'_>, places: Vec<(Score, DocAddress)>) -> Result<Matches, QueryError> {
        let ranks = search.request.sort == Sort::Score && search.plan.has_words;
        let count = if ranks { rank::candidates(search.plan.ranked.len()) } else { 0 };
        let (mut first, mut others) = (Vec::new(), places.into_iter());
        while let Some((score, address)) = (first.len() < count).then(|| others.next()).flatten() {
            if !search.is_false(address)? {
                first.push(search.found(score, address));
            }
        }
        search.rescore(&mut first)?;
        let scored = first.iter().map(|found| found.address).collect();
        let least = first.last().map_or(Score::MAX, |found| found.score);
        Ok(Matches { first: first.into_iter(), scored, least, others })
    }

    fn next(&mut self, search: &Search<'_>) -> Option<Found> {
        self.first.next().or_else(|| {
            let (score, address) = self.others.find(|(_, address)| !self.scored.contains(address))?;
            Some(search.found(score.min(self.least), address))
        })
    }
}

impl Unread {
    /// Finds what a request matches; `None` if that is nothing.
    fn of(state: Arc<State>, request: &Request) -> Result<Option<Unread>, QueryError> {
        let (started, budget, expression) = (Instant::now(), Budget::of(request), understand(request)?);
        let plan = plan::plan(&expression, &state, &budget).map_err(|error| state.damaged(error))?;
        let search = Search { state: &state, request, expression: &expression, plan: &plan, budget: &budget };
        let (places, total) = search.places(search.all(), true)?;
        let matches = Matches::of(&search, places)?;
        let warnings = expression.warnings.iter().chain(&plan.warnings).cloned();
        let answer = Answer {
            hits: Vec::new(),
            total,
            relaxed: None,
            beginning: None,
            terms: search.terms(total, FEW_POSTINGS)?,
            is_narrowed: expression.group.has_filters(),
            unknown: Vec::new(),
            warnings: warnings.chain(around_warning(request)).collect(),
            cut: None,
            is_finished: state.is_finished,
            elapsed: Duration::ZERO,
        };
        let (request, known, read) = (request.clone(), None, 0);
        let (articles, of_article) = Default::default();
        let mut unread = Unread {
            state,
            request,
            expression,
            plan,
            budget,
            started,
            answer,
            known,
            matches,
            articles,
            of_article,
            read,
        };
        unread.known = unread.read_next()?;
        Ok(unread.known.is_some().then_some(unread))
    }

    fn next(&mut self) -> Result<Option<Hit>, QueryError> {
        match self.known.take() {
            Some(hit) => Ok(Some(hit)),
            None => self.read_next(),
        }
    }

    /// Reads the next hit.
    fn read_next(&mut self) -> Result<Option<Hit>, QueryError> {
        let Unread { state, request, expression, plan, budget, .. } = self;
        let search = Search { state, request, expression, plan, budget };
        let mut next = None;
        while next.is_none() && request.limit.is_none_or(|limit| self.read < limit.get()) {
            if self.read >= LEAST_READ && budget.is_over() {
                break;
            }
            let Some(found) = self.matches.next(&search) else { break };
            let count = self.of_article.entry(found.article).or_default();
            if request.per_article.map(NonZeroUsize::get) == Some(*count) {
                continue;
            }
            *count += 1;
            if self.articles.len() >= MOST_ARTICLES {
                self.articles.clear();
            }
            let article = search.article(&mut self.articles, found.article)?;
            next = search.hit(found, &article)?;
            self.read += usize::from(next.is_some());
        }
        self.note_cut();
        self.answer.elapsed = self.started.elapsed();
        Ok(next.map(|hit| Hit { rank: self.read, ..hit }))
    }

    /// Says in the answer that it is not complete, if so.
    fn note_cut(&mut self) {
        if self.budget.cut().is_some() && self.answer.cut.is_none() {
            self.answer.cut = self.budget.cut();
            self.answer.total = Total::AtLeast(self.answer.total.count());
            self.answer.warnings.extend(cut_warning(&self.request, &self.budget));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_index::TestIndex;

    #[test]
    fn hits_read_one_by_one_are_those_of_a_search() {
        let mut made = TestIndex::new();
        for key in 1..40_u32 {
            let text = format!(
                "停火 {key}\n\nмир {} war\n\n停火与мир {key}\n\nwar and peace",
                "мир ".repeat(key as usize % 5)
            );
            made.add(key, &format!("{}.md", key % 7 * 100 + key), &text);
        }
        made.commit();
        let index = Index::open(made.path()).unwrap();
        for query in ["停火", "мир war", "\"war and peace\"", "kind:body", "+мир -停火", "ми*", "nothing"] {
            for (sort, per_article) in [(Sort::Score, 0), (Sort::Path, 0), (Sort::Newest, 2), (Sort::Score, 1)] {
                let mut request = Request::new(query);
                (request.limit, request.sort, request.per_article) = (None, sort, NonZeroUsize::new(per_article));
                let searched = index.search(&request).unwrap();
                let mut hits = index.hits(&request).unwrap();
                let read: Vec<Hit> = hits.by_ref().map(Result::unwrap).collect();
                let told =
                    |hits: &[Hit]| hits.iter().map(|hit| (hit.rank, hit.id, hit.score.to_bits())).collect::<Vec<_>>();
                assert_eq!(told(&read), told(&searched.hits), "{query} {sort:?}");
                assert_eq!(hits.answer().total, searched.total, "{query} {sort:?}");
            }
        }
    }
}
