//! The articles of an index, and the sections of one.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use svod_store::layout::{path_bytes, path_from_bytes};
use svod_store::schema::{self, KIND_ARTICLE, StoredArticle, StoredPassage};
use svod_text::article::Kind;
use svod_text::language::Language;
use tantivy::query::{EnableScoring, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Term};

use crate::answer::article::{ArticleEntry, Outline, OutlineEntry};
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;

impl Index {
    /// Returns all articles, by path. Reads one record of each.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn articles(&self) -> Result<Vec<ArticleEntry>, QueryError> {
        guarded(self.homes(), || articles(&self.state()))
    }

    /// Returns the sections of the article at a path: below a root, from `/`, or as an app named it. None if there is no
    /// such article; the first, where several of the indexes have one there.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn outline(&self, path: impl AsRef<Path>) -> Result<Option<Outline>, QueryError> {
        let path = path.as_ref();
        guarded(self.homes(), || {
            let state = self.state();
            let Some(address) = state.find_article(path).map_err(|error| state.damaged(error))? else {
                return Ok(None);
            };
            let article = state.article_of(address);
            outline(&state, article, &state.article_at(address)?).map(Some)
        })
    }
}

fn articles(state: &State) -> Result<Vec<ArticleEntry>, QueryError> {
    let (mut addresses, mut languages) = (Vec::new(), HashMap::<ArticleNumber, [u64; Language::ALL.len()]>::new());
    for (segment, (reader, columns)) in (0..).zip(state.searcher.segment_readers().iter().zip(&state.columns)) {
        for doc in reader.doc_ids_alive() {
            let address = DocAddress::new(segment, doc);
            match columns.kind.first(doc) {
                Some(KIND_ARTICLE) => addresses.push(address),
                Some(kind) if kind < KIND_ARTICLE => {
                    let language = columns.language.first(doc).unwrap_or_default() as usize;
                    let counts = languages.entry(state.article_of(address)).or_default();
                    counts.get_mut(language).into_iter().for_each(|count| *count += 1);
                }
                _ => {}
            }
        }
    }
    let mut articles = Vec::with_capacity(addresses.len());
    for address in addresses {
        let number = state.article_of(address);
        let counts = languages.remove(&number).unwrap_or_default();
        articles.push(entry(state.root_of(number), &state.article_at(address)?, counts));
    }
    articles.sort_by(|one, other| (&one.path, &one.root).cmp(&(&other.path, &other.root)));
    Ok(articles)
}

/// Returns what is told of an article, with the number of its passages in each language.
fn entry(root: Option<Arc<Path>>, article: &StoredArticle, languages: [u64; Language::ALL.len()]) -> ArticleEntry {
    let most = (0..languages.len()).rev().max_by_key(|&at| languages[at]).filter(|&at| languages[at] > 0);
    ArticleEntry {
        root,
        path: path_from_bytes(&article.path),
        title: article.metadata.title.clone().unwrap_or_default(),
        authors: article.metadata.authors.clone(),
        date: article.metadata.date,
        keywords: article.metadata.keywords.clone(),
        appeared: article.metadata.appeared.clone(),
        language: most.and_then(|code| schema::language_of(code as u64)).unwrap_or(Language::Other),
        passages: languages.iter().sum(),
    }
}

/// Returns the sections of an article, with the places of their first passages.
pub(crate) fn outline(state: &State, number: ArticleNumber, article: &StoredArticle) -> Result<Outline, QueryError> {
    let mut sections: Vec<OutlineEntry> = Vec::with_capacity(article.outline.len());
    for (at, section) in article.outline.iter().enumerate() {
        let depth = section.parent.filter(|&parent| parent < at).map_or(0, |parent| sections[parent].depth + 1);
        let heading = section.heading.clone();
        sections.push(OutlineEntry { depth, heading, lines: None, page: None, passages: 0 });
    }
    let mut languages = [0; Language::ALL.len()];
    let mut next = 0;
    for address in state.passages_of(number).map_err(|error| state.damaged(error))? {
        let columns = &state.columns[address.segment_ord as usize];
        let Some(kind) = columns.kind.first(address.doc_id).and_then(schema::kind_of) else { continue };
        let language = columns.language.first(address.doc_id).unwrap_or_default() as usize;
        languages.get_mut(language).into_iter().for_each(|count| *count += 1);
        let passage = state.passage(address)?;
        let inside = passage.address.section;
        let opens = |next: usize| kind == Kind::Heading && sections[next].heading == passage.text;
        let end =
            if next < sections.len() && opens(next) { next + 1 } else { inside.map_or(next, |inside| inside + 1) };
        while next < end.min(sections.len()) {
            begin(&mut sections[next], &passage);
            next += 1;
        }
        let mut around = inside;
        while let Some(at) = around.filter(|&at| at < sections.len()) {
            sections[at].passages += 1;
            around = article.outline[at].parent.filter(|&parent| parent < at);
        }
    }
    Ok(Outline { article: entry(state.root_of(number), article, languages), sections })
}

fn begin(section: &mut OutlineEntry, first: &StoredPassage) {
    section.lines = first.address.lines();
    section.page = first.address.page;
}

impl State {
    /// Finds the record of the article at a path.
    fn find_article(&self, path: &Path) -> tantivy::Result<Option<DocAddress>> {
        for (member, root) in self.members.iter().map(|member| member.root.as_deref()).enumerate() {
            let below = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
            if let Some(address) = self.find_article_of(member, &path_bytes(below))? {
                return Ok(Some(address));
            }
        }
        Ok(None)
    }

    /// Finds the record of the article that one of the indexes has at a path.
    fn find_article_of(&self, member: usize, path: &[u8]) -> tantivy::Result<Option<DocAddress>> {
        for (segment, reader) in self.segments_of(ArticleNumber::new(member, 0)) {
            let Some(paths) = reader.fast_fields().bytes("path")? else { continue };
            let Some(ordinal) = paths.dictionary().term_ord(path)? else { continue };
            let rows = (0..paths.ords().values.num_vals()).filter(|&row| paths.ords().values.get_val(row) == ordinal);
            let mut docs: Vec<u32> = rows.collect();
            paths.ords().index.select_batch_in_place(0, &mut docs);
            let columns = &self.columns[segment as usize];
            let is_article = |&doc: &u32| !reader.is_deleted(doc) && columns.kind.first(doc) == Some(KIND_ARTICLE);
            if let Some(doc) = docs.into_iter().find(is_article) {
                return Ok(Some(DocAddress::new(segment, doc)));
            }
        }
        Ok(None)
    }

    /// Returns the passages of an article, in order.
    pub(crate) fn passages_of(&self, article: ArticleNumber) -> tantivy::Result<Vec<DocAddress>> {
        let term = Term::from_field_u64(self.fields.article, article.key().0.into());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut passages = Vec::new();
        for (segment, reader) in self.segments_of(article) {
            let kinds = &self.columns[segment as usize].kind;
            let is_passage =
                |doc: u32| !reader.is_deleted(doc) && kinds.first(doc).is_some_and(|kind| kind < KIND_ARTICLE);
            weight.for_each_no_score(reader, &mut |docs| {
                let docs = docs.iter().copied().filter(|&doc| is_passage(doc));
                passages.extend(docs.map(|doc| DocAddress::new(segment, doc)));
            })?;
        }
        Ok(passages)
    }
}
