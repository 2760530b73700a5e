//! A request becomes an answer.

mod rescore;

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Instant;

use svod_corpus::article::{Cited, Metadata, RUNS_ON_CHARACTERS, section_path};
use svod_corpus::layout::path_from_bytes;
use svod_corpus::schema::{self, ArticleKey, Fingerprint, PassageId, Places, StoredArticle, StoredPassage};
use tantivy::collector::{Count, TopDocs};
use tantivy::columnar::Column;
use tantivy::{DocAddress, Searcher};

use crate::error::QueryError;
use crate::hit::{Answer, Appeared, Citing, Hit, NoteOf, Total};
use crate::needles::Findings;
use crate::open::Index;
use crate::parse::{self, Content, Expression};
use crate::plan::{self, Plan};
use crate::rank;
use crate::snippet;

/// Up to so many matches are counted although the search could leave most of them out.
const CHEAP_TO_COUNT: u64 = 20_000;
/// So many more than asked for are collected, so that equal scores at the end are put in order.
const TIES: usize = 32;

/// What is asked of an index.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The query string.
    pub query: String,
    /// How the query string is to be taken.
    pub mode: Mode,
    /// The number of hits; none for all.
    pub limit: Option<NonZeroUsize>,
    /// The most hits of one article; none for any number.
    pub per_article: Option<NonZeroUsize>,
    /// The length of a snippet in terminal columns; a Han character takes two.
    pub snippet_columns: usize,
    /// Whether the notes of each hit are read too.
    pub notes: Notes,
}

/// Whether the notes of a hit are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Notes {
    /// They are not.
    #[default]
    Skip,
    /// They are.
    Read,
}

/// How a query string is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// In the query language.
    #[default]
    Query,
    /// As plain words.
    Literal,
    /// As one quotation.
    Exact,
    /// As one quotation whose ends may lie inside words.
    Fragment,
}

impl Request {
    /// Returns a request for the ten best hits, any number of them of one article.
    pub fn new(query: impl Into<String>) -> Request {
        Request {
            query: query.into(),
            mode: Mode::default(),
            limit: NonZeroUsize::new(10),
            per_article: None,
            snippet_columns: 240,
            notes: Notes::default(),
        }
    }
}

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
        let started = Instant::now();
        let expression = understand(request);
        let searcher = self.searcher();
        let plan = plan::plan(&expression, &searcher, self.fields()).map_err(|error| self.damaged(error))?;
        let run = Run { index: self, searcher: &searcher, request, plan: &plan, columns: self.columns(&searcher)? };
        let (found, total) = run.collect()?;
        let collected = found.len();
        let hits = run.hits(found)?;
        let total = total.without((collected - hits.len()) as u64);
        let Expression { mut warnings, .. } = expression;
        warnings.extend(plan.warnings);
        Ok(Answer { hits, total, terms: plan.terms, warnings, elapsed: started.elapsed() })
    }

    fn columns(&self, searcher: &Searcher) -> Result<Vec<Columns>, QueryError> {
        let columns = searcher.segment_readers().iter().map(|reader| {
            let column = |name: &str| reader.fast_fields().u64(name);
            Ok(Columns {
                article: column("article")?,
                ordinal: column("ordinal")?,
                fingerprint: column("fingerprint")?,
                kind: column("kind")?,
                language: column("language")?,
            })
        });
        columns.collect::<tantivy::Result<_>>().map_err(|error| self.damaged(error))
    }
}

fn understand(request: &Request) -> Expression {
    match request.mode {
        Mode::Query => parse::parse(&request.query),
        Mode::Literal => parse::whole(&request.query, Content::Words),
        Mode::Exact => parse::whole(&request.query, Content::Quotation),
        Mode::Fragment => parse::whole(&request.query, Content::Fragment),
    }
}

/// What is known of each passage of a segment without reading it.
struct Columns {
    article: Column<u64>,
    ordinal: Column<u64>,
    fingerprint: Column<u64>,
    kind: Column<u64>,
    language: Column<u64>,
}

/// A match.
struct Found {
    score: f32,
    address: DocAddress,
    article: ArticleKey,
    ordinal: u64,
    /// What was read of it so far.
    read: Option<Read>,
}

/// A match that was read.
struct Read {
    passage: StoredPassage,
    findings: Findings,
    /// A quotation stands only where the next part of the paragraph begins: the hit is that part's.
    is_false: bool,
}

struct Run<'r> {
    index: &'r Index,
    searcher: &'r Searcher,
    request: &'r Request,
    plan: &'r Plan,
    columns: Vec<Columns>,
}

impl Run<'_> {
    /// Collects as many matches as are wanted, best first, and counts them all.
    fn collect(&self) -> Result<(Vec<Found>, Total), QueryError> {
        let all = usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX).max(1);
        let wanted = self.request.limit.map_or(all, NonZeroUsize::get);
        let mut collected = wanted.saturating_add(TIES).max(rank::RESCORED).min(all);
        loop {
            let (mut found, total) = self.collect_best(collected, wanted >= all)?;
            let is_all = found.len() < collected || collected == all;
            sort(&mut found);
            self.rescore(&mut found)?;
            self.keep_per_article(&mut found);
            if found.len() >= wanted || is_all {
                found.truncate(wanted);
                return Ok((found, total));
            }
            collected = collected.saturating_mul(4).min(all);
        }
    }

    fn read(&self, address: DocAddress) -> Result<Read, QueryError> {
        let passage = self.index.passage(self.searcher, address)?;
        if !passage.address.runs_on {
            let findings = self.plan.needles.find(&passage.text);
            return Ok(Read { passage, findings, is_false: false });
        }
        // A part of a long paragraph: what begins in it may end in the next part; what begins there is not its own.
        let next = self.index.passage(self.searcher, DocAddress::new(address.segment_ord, address.doc_id + 1))?;
        let whole: String = passage.text.chars().chain(next.text.chars().take(RUNS_ON_CHARACTERS)).collect();
        let mut findings = self.plan.needles.find(&whole);
        findings.matches.retain(|found| found.range.start < passage.text.len());
        let is_false = !self.plan.condition.holds(&findings.matches);
        for found in &mut findings.matches {
            found.range.end = found.range.end.min(passage.text.len());
        }
        Ok(Read { passage, findings, is_false })
    }

    fn collect_best(&self, count: usize, is_all: bool) -> Result<(Vec<Found>, Total), QueryError> {
        let best = TopDocs::with_limit(count).order_by_score();
        let damaged = |error| self.index.damaged(error);
        let counts_for_free = is_all || self.plan.is_exhaustive || self.plan.most_matches <= CHEAP_TO_COUNT;
        let (scored, total) = if counts_for_free {
            let (scored, count) = self.searcher.search(&self.plan.query, &(best, Count)).map_err(damaged)?;
            (scored, Total::Exact(count as u64))
        } else {
            let scored = self.searcher.search(&self.plan.query, &best).map_err(damaged)?;
            let total = if scored.len() < count {
                Total::Exact(scored.len() as u64)
            } else {
                Total::AtLeast(self.plan.least_matches.max(scored.len() as u64))
            };
            (scored, total)
        };
        Ok((scored.into_iter().map(|(score, address)| self.found(score, address)).collect(), total))
    }

    fn found(&self, score: f32, address: DocAddress) -> Found {
        let columns = &self.columns[address.segment_ord as usize];
        let article = columns.article.first(address.doc_id).unwrap_or_default();
        Found {
            score,
            address,
            article: ArticleKey(article as u32),
            ordinal: columns.ordinal.first(address.doc_id).unwrap_or_default(),
            read: None,
        }
    }

    fn keep_per_article(&self, found: &mut Vec<Found>) {
        let Some(most) = self.request.per_article else { return };
        let mut counts: HashMap<ArticleKey, usize> = HashMap::new();
        found.retain(|found| {
            let count = counts.entry(found.article).or_default();
            *count += 1;
            *count <= most.get()
        });
    }

    /// Reads the passages that were found.
    fn hits(&self, found: Vec<Found>) -> Result<Vec<Hit>, QueryError> {
        let mut articles: HashMap<ArticleKey, Arc<StoredArticle>> = HashMap::new();
        let mut hits = Vec::with_capacity(found.len());
        for found in found {
            let article = match articles.get(&found.article) {
                Some(article) => Arc::clone(article),
                None => {
                    let article = Arc::new(self.index.article(self.searcher, found.article)?);
                    articles.insert(found.article, Arc::clone(&article));
                    article
                }
            };
            hits.extend(self.hit(hits.len() + 1, found, &article)?);
        }
        Ok(hits)
    }

    fn hit(&self, rank: usize, mut found: Found, article: &StoredArticle) -> Result<Option<Hit>, QueryError> {
        let Read { passage, findings, is_false } = match found.read.take() {
            Some(read) => read,
            None => self.read(found.address)?,
        };
        if is_false {
            return Ok(None);
        }
        let columns = &self.columns[found.address.segment_ord as usize];
        let code = |column: &Column<u64>| column.first(found.address.doc_id).unwrap_or_default();
        let cited = passage.address.cited.map(|cited| self.citing(&found, cited)).transpose()?;
        let notes = match self.request.notes {
            Notes::Skip => Vec::new(),
            Notes::Read => {
                let notes = passage.address.notes.iter().map(|&(offset, note)| self.note(&found, offset, note));
                notes.collect::<Result<_, _>>()?
            }
        };
        Ok(Some(Hit {
            rank,
            score: found.score,
            id: PassageId::new(article.name, Fingerprint::from_number(code(&columns.fingerprint))),
            path: path_from_bytes(&article.path),
            title: article.metadata.title.clone().unwrap_or_default(),
            authors: article.metadata.authors.clone(),
            date: article.metadata.date,
            keywords: article.metadata.keywords.clone(),
            appeared: appeared(&article.metadata),
            language: schema::language_of(code(&columns.language)).unwrap_or(svod_corpus::language::Language::Other),
            kind: schema::kind_of(code(&columns.kind)).ok_or_else(|| self.index.damaged("a passage of no kind"))?,
            section: section_path(&article.outline, passage.address.section).into_iter().map(str::to_owned).collect(),
            page: passage.address.page,
            lines: lines(&passage),
            paragraph: (article.reading.places == Places::Paragraphs).then_some(found.ordinal + 1),
            snippet: snippet::cut(&passage.text, &findings.matches, self.request.snippet_columns),
            cited,
            notes,
            text: passage.text,
            pieces: if article.reading.places == Places::Bytes { passage.address.pieces } else { Vec::new() },
        }))
    }

    /// Reads the sentence that cites a note.
    fn citing(&self, note: &Found, cited: Cited) -> Result<Citing, QueryError> {
        let passage = self.neighbour(note, cited.passage)?;
        let text = snippet::sentence_at(&passage.text, cited.offset).to_owned();
        Ok(Citing { text, lines: lines(&passage) })
    }

    fn note(&self, citing: &Found, offset: usize, note: usize) -> Result<NoteOf, QueryError> {
        let passage = self.neighbour(citing, note)?;
        Ok(NoteOf { offset, lines: lines(&passage), text: passage.text })
    }

    /// Reads another passage of the same article. The records of an article lie side by side, in order.
    fn neighbour(&self, found: &Found, ordinal: usize) -> Result<StoredPassage, QueryError> {
        let doc = u64::from(found.address.doc_id) + ordinal as u64;
        let doc = doc.checked_sub(found.ordinal).and_then(|doc| u32::try_from(doc).ok());
        let doc = doc.ok_or_else(|| self.index.damaged("a note without its passage"))?;
        self.index.passage(self.searcher, DocAddress::new(found.address.segment_ord, doc))
    }
}

/// Sorts matches, best first, equal ones by their places.
fn sort(found: &mut [Found]) {
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.article, a.ordinal).cmp(&(b.article, b.ordinal))));
}

fn appeared(metadata: &Metadata) -> Appeared {
    Appeared {
        issn: metadata.issn.clone(),
        issue: metadata.issue.clone(),
        first_page: metadata.first_page,
        pages: metadata.pages,
        classification: metadata.classification.clone(),
        received: metadata.received,
    }
}

/// Returns the first and last line of a passage, where its source has lines.
fn lines(passage: &StoredPassage) -> Option<RangeInclusive<u32>> {
    let first = passage.address.pieces.first()?.line;
    Some(first..=passage.address.pieces.last().map_or(first, |piece| piece.line))
}
