//! How the passages that match are spread: over years, languages, authors.
//!
//! Every match is looked at and none is scored. Years, languages, kinds and
//! paths come from columns: 17 000 passages in a millisecond. Authors and
//! journals need the record of each article, read once: 0.1 ms. The section
//! needs the record of each passage too: 15 µs where many match, 40 µs where
//! they lie far apart, which is also what quotations cost (`matching`).

use std::collections::HashMap;
use std::time::Instant;

use svod_store::schema::{self, StoredArticle};
use svod_text::article::section_path;
use tantivy::DocAddress;

use super::dates::Dates;
use super::paths::ArticlePaths;
use super::{Search, cut_warning, understand};
use crate::answer::counts::{By, Count, Counts, Group};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::plan;
use crate::request::Request;

impl Index {
    /// Counts the passages that match, by what they have in common.
    ///
    /// Exact: the sum over all kinds is the number of hits of a search without
    /// a limit that shows near-copies. Of the request, the query, its mode, the
    /// filter and `words` matter. **A request asks for any of its words; the
    /// programs count with [`Words::All`](crate::Words::All).**
    ///
    /// # Errors
    /// If the index is damaged.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use svod_query::{By, Index, QueryError, Request};
    /// # fn show(index: &Index) -> Result<(), QueryError> {
    /// for count in index.count(&Request::new("+制裁"), By::Year)?.groups {
    ///     println!("{} {}", count.group, count.passages);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn count(&self, request: &Request, by: By) -> Result<Counts, QueryError> {
        guarded(self.homes(), || self.state().count(request, by))
    }
}

impl State {
    fn count(&self, request: &Request, by: By) -> Result<Counts, QueryError> {
        let started = Instant::now();
        let expression = understand(request)?;
        let budget = &Budget::of(request);
        let plan = plan::plan(&expression, self, budget).map_err(|error| self.damaged(error))?;
        let search = Search { state: self, request, expression: &expression, plan: &plan, budget };
        let mut groups =
            Groups { state: self, by, dates: Dates::of(self)?, paths: ArticlePaths::of_articles(self)?, article: None };
        let mut tally = Tally::default();
        let mut numbers = Vec::new();
        search.each_match(|passage| {
            let key = self.article_of(passage);
            if groups.change_at(key, tally.last) {
                numbers = groups.of(passage, key)?.into_iter().map(|group| tally.number(group)).collect();
                numbers.sort_unstable();
                numbers.dedup();
            }
            tally.add(key, &numbers);
            Ok(())
        })?;
        Ok(Counts {
            by,
            passages: tally.all.passages,
            articles: tally.all.articles,
            groups: tally.sorted(by),
            warnings: expression
                .warnings
                .into_iter()
                .chain(plan.warnings)
                .chain(cut_warning(request, budget))
                .collect(),
            cut: budget.cut(),
            is_finished: self.is_finished,
            elapsed: started.elapsed(),
        })
    }
}

/// The groups that passages are in.
struct Groups<'s> {
    state: &'s State,
    by: By,
    dates: Dates<'s>,
    paths: ArticlePaths<'s>,
    /// The article at hand, where its record is needed for each passage.
    article: Option<(ArticleNumber, StoredArticle)>,
}

impl Groups<'_> {
    /// Returns whether a passage of an article may be in other groups than the passage before it.
    fn change_at(&self, article: ArticleNumber, last: Option<ArticleNumber>) -> bool {
        last != Some(article) || matches!(self.by, By::Language | By::Kind | By::Section)
    }

    fn of(&mut self, passage: DocAddress, article: ArticleNumber) -> Result<Vec<Group>, QueryError> {
        let columns = &self.state.columns[passage.segment_ord as usize];
        let group = match self.by {
            By::Year => self.dates.year(passage).map(Group::Year),
            By::Language => columns.language.first(passage.doc_id).and_then(schema::language_of).map(Group::Language),
            By::Kind => columns.kind.first(passage.doc_id).and_then(schema::kind_of).map(Group::Kind),
            By::Section => self.section(passage, article)?,
            By::Author => return Ok(authors(self.state.article(article)?)),
            By::Journal => journal(self.state.article(article)?).map(Group::Name),
            By::Article => Some(Group::Article { path: self.paths.of(article)?, root: self.state.root_of(article) }),
        };
        Ok(vec![group.unwrap_or(Group::Unknown)])
    }

    fn section(&mut self, passage: DocAddress, article: ArticleNumber) -> Result<Option<Group>, QueryError> {
        if self.article.as_ref().is_none_or(|(last, _)| *last != article) {
            self.article = Some((article, self.state.article(article)?));
        }
        let section = self.state.passage(passage)?.address.section;
        let path = self.article.iter().flat_map(|(_, article)| section_path(&article.outline, section)).next();
        Ok(path.map(|heading| Group::Name(heading.to_owned())))
    }
}

/// Returns the name of the journal, else its number.
fn journal(article: StoredArticle) -> Option<String> {
    article.metadata.appeared.journal.or(article.metadata.appeared.issn)
}

/// Returns each author of an article once.
fn authors(article: StoredArticle) -> Vec<Group> {
    let mut authors = article.metadata.authors;
    authors.sort();
    authors.dedup();
    if authors.is_empty() { vec![Group::Unknown] } else { authors.into_iter().map(Group::Name).collect() }
}

/// What was counted so far. The passages of an article come one after another.
#[derive(Default)]
struct Tally {
    /// Names without their blanks: `总 则` and `总则` are the same.
    numbers: HashMap<Group, usize>,
    /// The groups, each by the shortest of its names.
    groups: Vec<(Group, GroupTally)>,
    all: GroupTally,
    /// The last article.
    last: Option<ArticleNumber>,
}

#[derive(Default)]
struct GroupTally {
    passages: u64,
    articles: u64,
    last: Option<ArticleNumber>,
}

impl GroupTally {
    fn add(&mut self, article: ArticleNumber) {
        self.passages += 1;
        self.articles += u64::from(self.last != Some(article));
        self.last = Some(article);
    }
}

impl Tally {
    fn number(&mut self, group: Group) -> usize {
        let key = match &group {
            Group::Name(name) => Group::Name(name.split_whitespace().collect()),
            group => group.clone(),
        };
        let number = *self.numbers.entry(key).or_insert(self.groups.len());
        match self.groups.get_mut(number) {
            Some((known, _)) if (length(&group), &group) < (length(known), known) => *known = group,
            Some(_) => {}
            None => self.groups.push((group, GroupTally::default())),
        }
        number
    }

    fn add(&mut self, article: ArticleNumber, groups: &[usize]) {
        groups.iter().for_each(|&group| self.groups[group].1.add(article));
        self.all.add(article);
        self.last = Some(article);
    }

    fn sorted(self, by: By) -> Vec<Count> {
        let count = |(group, GroupTally { passages, articles, .. })| Count { group, passages, articles };
        let mut counts: Vec<Count> = self.groups.into_iter().map(count).collect();
        counts.sort_by(|one, other| one.group.cmp(&other.group));
        if !matches!(by, By::Year | By::Article) {
            counts.sort_by_key(|count| (count.group == Group::Unknown, std::cmp::Reverse(count.passages)));
        }
        counts
    }
}

fn length(group: &Group) -> usize {
    if let Group::Name(name) = group { name.len() } else { 0 }
}
