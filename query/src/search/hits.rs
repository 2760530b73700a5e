//! The chosen matches become hits: what is stored of them and of their
//! articles is read.

use std::collections::HashMap;
use std::sync::Arc;

use svod_store::damage::Damage;
use svod_store::layout::path_from_bytes;
use svod_store::schema::{self, Fingerprint, PassageId, Places, StoredArticle, StoredPassage};
use svod_text::article::{Cited, Kind, section_path};
use svod_text::language::Language;
use tantivy::DocAddress;
use tantivy::columnar::Column;

use super::{Found, ReadMatch, Search};
use crate::answer::hit::{Citing, Hit, NearCopy, Neighbour, NoteOf};
use crate::error::QueryError;
use crate::index::path_order::ArticleNumber;
use crate::index::state::Columns;
use crate::matching::snippet;
use crate::request::{MOST_AROUND, Notes};

/// The hits that are read even if the time is up.
pub(super) const LEAST_READ: usize = 10;

/// Where neighbours of a hit stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Search<'_> {
    /// Reads the passages that were found.
    pub(super) fn hits(&self, found: Vec<Found>) -> Result<Vec<Hit>, QueryError> {
        let mut articles: HashMap<ArticleNumber, Arc<StoredArticle>> = HashMap::new();
        let more = if self.request.more && self.budget.cut().is_none() { self.more(&found)? } else { HashMap::new() };
        let mut hits: Vec<Hit> = Vec::new();
        let mut holding = self.budget.holding();
        for mut found in found {
            // What was found first is shown however late it is.
            if hits.len() >= LEAST_READ && self.budget.is_over() {
                break;
            }
            let mut copies = Vec::with_capacity(found.copies.len());
            for copy in std::mem::take(&mut found.copies) {
                let article = self.article(&mut articles, copy.article)?;
                copies.push(self.named(&copy, &article));
            }
            let article = self.article(&mut articles, found.article)?;
            let rank = hits.len() + 1;
            let more = more.get(&found.article).copied();
            let Some(hit) = self.hit(found, &article)? else { continue };
            // Of many hits what stands around them is most of what is held: a library several times over.
            let around = hit.before.iter().chain(&hit.after).map(|neighbour| neighbour.text.len()).sum();
            hits.push(Hit { rank, copies, more, ..hit });
            if !holding.add::<u8>(around) {
                break;
            }
        }
        Ok(hits)
    }

    pub(super) fn article(
        &self,
        read: &mut HashMap<ArticleNumber, Arc<StoredArticle>>,
        key: ArticleNumber,
    ) -> Result<Arc<StoredArticle>, QueryError> {
        if let Some(article) = read.get(&key) {
            return Ok(Arc::clone(article));
        }
        let article = Arc::new(self.state.article(key)?);
        read.insert(key, Arc::clone(&article));
        Ok(article)
    }

    fn id(&self, address: DocAddress, article: &StoredArticle) -> PassageId {
        PassageId::new(article.name, Fingerprint::from_number(self.code(address, |columns| &columns.fingerprint)))
    }

    fn code(&self, address: DocAddress, column: impl Fn(&Columns) -> &Column<u64>) -> u64 {
        let columns = &self.state.columns[address.segment_ord as usize];
        column(columns).first(address.doc_id).unwrap_or_default()
    }

    /// Returns what names a near-copy.
    fn named(&self, copy: &Found, article: &StoredArticle) -> NearCopy {
        NearCopy {
            id: self.id(copy.address, article),
            root: self.state.root_of(copy.article),
            path: path_from_bytes(&article.path),
            title: article.metadata.title.clone().unwrap_or_default(),
            date: article.metadata.date,
            lines: copy.read.as_ref().and_then(|read| read.passage.address.lines()),
        }
    }

    /// Reads a candidate; `None` if verification against the stored text rejects it.
    pub(super) fn hit(&self, mut found: Found, article: &StoredArticle) -> Result<Option<Hit>, QueryError> {
        let ReadMatch { passage, findings, is_false } = match found.read.take() {
            Some(read) => read,
            None => self.read(found.address)?,
        };
        if is_false {
            return Ok(None);
        }
        let kind = schema::kind_of(self.code(found.address, |columns| &columns.kind));
        let kind = kind.ok_or_else(|| self.state.broken(Damage::Records("a passage of no kind")))?;
        let language = schema::language_of(self.code(found.address, |columns| &columns.language));
        let cited = passage.address.cited.map(|cited| self.citing(&found, cited)).transpose()?;
        let notes = match self.request.notes {
            Notes::Skip => Vec::new(),
            Notes::Read => {
                let notes = passage.address.notes.iter().map(|&(offset, note)| self.note(&found, offset, note));
                notes.collect::<Result<_, _>>()?
            }
        };
        let (snippet, first_shown) = snippet::cut(&passage.text, &findings.matches, self.request.snippet_columns);
        Ok(Some(Hit {
            rank: 0,
            score: found.score,
            id: self.id(found.address, article),
            index: found.article.member(),
            root: self.state.root_of(found.article),
            path: path_from_bytes(&article.path),
            title: article.metadata.title.clone().unwrap_or_default(),
            authors: article.metadata.authors.clone(),
            date: article.metadata.date,
            keywords: article.metadata.keywords.clone(),
            appeared: article.metadata.appeared.clone(),
            language: language.unwrap_or(Language::Other),
            kind,
            section: section_path(&article.outline, passage.address.section).into_iter().map(str::to_owned).collect(),
            page: passage.address.page_at(first_shown),
            pages: passage.address.pages(),
            lines: passage.address.lines(),
            paragraph: paragraph(article, found.ordinal),
            snippet,
            cited,
            notes,
            copies: Vec::new(),
            highlights: snippet::merge(&findings.matches, &(0..passage.text.len())),
            more: None,
            before: self.neighbours(&found, article, Side::Before)?,
            after: self.neighbours(&found, article, Side::After)?,
            explanation: found.explanation,
            text: passage.text,
            pieces: if article.reading.places == Places::Bytes { passage.address.pieces } else { Vec::new() },
        }))
    }

    /// Reads the sentence that cites a note.
    fn citing(&self, note: &Found, cited: Cited) -> Result<Citing, QueryError> {
        let passage = self.neighbour(note, cited.passage)?;
        let text = snippet::sentence_at(&passage.text, cited.offset).to_owned();
        Ok(Citing { text, lines: passage.address.lines() })
    }

    fn note(&self, citing: &Found, offset: usize, note: usize) -> Result<NoteOf, QueryError> {
        let passage = self.neighbour(citing, note)?;
        Ok(NoteOf { offset, lines: passage.address.lines(), text: passage.text })
    }

    /// Reads the passages beside a hit, as many as are wanted and there are.
    fn neighbours(&self, hit: &Found, article: &StoredArticle, side: Side) -> Result<Vec<Neighbour>, QueryError> {
        let is_note = |address| self.kind_within(hit.article, address) == Some(Kind::Note);
        let mut neighbours = Vec::new();
        let (wanted, step) = match side {
            Side::Before => (self.request.before.min(MOST_AROUND), -1),
            Side::After => (self.request.after.min(MOST_AROUND), 1),
        };
        let mut next = hit.address.doc_id.checked_add_signed(step);
        while let Some(doc) = next.filter(|_| neighbours.len() < wanted) {
            let address = DocAddress::new(hit.address.segment_ord, doc);
            let Some(kind) = self.kind_within(hit.article, address) else { break };
            if kind != Kind::Note || is_note(hit.address) {
                let passage = self.state.passage(address)?;
                neighbours.push(Neighbour {
                    id: self.id(address, article),
                    kind,
                    lines: passage.address.lines(),
                    paragraph: paragraph(article, self.state.place(address).1),
                    text: passage.text,
                });
            }
            next = doc.checked_add_signed(step);
        }
        if side == Side::Before {
            neighbours.reverse();
        }
        Ok(neighbours)
    }

    /// Returns the kind of a passage, if there is one and it is of that article.
    fn kind_within(&self, article: ArticleNumber, address: DocAddress) -> Option<Kind> {
        let columns = &self.state.columns[address.segment_ord as usize];
        if address.doc_id >= columns.article.num_docs()
            || columns.article.first(address.doc_id) != Some(article.key().0.into())
        {
            return None;
        }
        columns.kind.first(address.doc_id).and_then(schema::kind_of)
    }

    /// Reads another passage of the same article. The records of an article lie side by side, in order.
    fn neighbour(&self, found: &Found, ordinal: usize) -> Result<StoredPassage, QueryError> {
        let doc = u64::from(found.address.doc_id) + ordinal as u64;
        let doc = doc.checked_sub(found.ordinal).and_then(|doc| u32::try_from(doc).ok());
        let doc = doc.ok_or_else(|| self.state.broken(Damage::Records("a note without its passage")))?;
        self.state.passage(DocAddress::new(found.address.segment_ord, doc))
    }
}

/// Returns the place of a passage in its article, from 1, where there are no lines.
fn paragraph(article: &StoredArticle, ordinal: u64) -> Option<u64> {
    (article.reading.places == Places::Paragraphs).then_some(ordinal + 1)
}
