//! A passage by its id, with what stands around it.

use svod_store::schema::{ArticleName, PassageId};
use tantivy::DocAddress;

use super::{ReadMatch, Search};
use crate::answer::hit::{Hit, Shown};
use crate::budget::Budget;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::Index;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;
use crate::library::articles::outline;
use crate::matching::needles::Findings;
use crate::parse::Expression;
use crate::plan;
use crate::request::{Notes, Request};

impl Index {
    /// Reads the passage with an id, `around` passages before and after it, its
    /// notes, and the sections of its article. None if there is no such passage;
    /// the first, where several of the indexes have the same text at the same path.
    ///
    /// Costs some milliseconds: all passages of the article are read, for the
    /// places of its sections.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn show(&self, id: PassageId, around: usize) -> Result<Option<Shown>, QueryError> {
        guarded(self.homes(), || self.state().show(id, around))
    }
}

impl State {
    fn show(&self, id: PassageId, around: usize) -> Result<Option<Shown>, QueryError> {
        let Some(address) = self.find(id).map_err(|error| self.damaged(error))? else { return Ok(None) };
        let request = Request {
            notes: Notes::Read,
            snippet_columns: usize::MAX,
            before: around,
            after: around,
            ..Request::new(String::new())
        };
        let (expression, budget) = (Expression::default(), &Budget::for_all());
        let plan = plan::plan(&expression, self, budget).map_err(|error| self.damaged(error))?;
        let search = Search { state: self, request: &request, expression: &expression, plan: &plan, budget };
        let mut found = search.found(0.0, address);
        found.read =
            Some(ReadMatch { passage: self.passage(address)?, findings: Findings::default(), is_false: false });
        let article = self.article(found.article)?;
        let outline = outline(self, found.article, &article)?;
        Ok(search.hit(found, &article)?.map(|hit| Shown { hit: Hit { rank: 1, ..hit }, outline }))
    }

    /// Finds the record of a passage.
    fn find(&self, id: PassageId) -> tantivy::Result<Option<DocAddress>> {
        let Some(article) = self.article_named(id.article())? else { return Ok(None) };
        let is_it = |address: &DocAddress| {
            let fingerprints = &self.columns[address.segment_ord as usize].fingerprint;
            fingerprints.first(address.doc_id) == Some(id.passage().number())
        };
        Ok(self.passages_of(article)?.into_iter().find(is_it))
    }

    /// Returns the article with a name: the first, where several of the indexes have one.
    fn article_named(&self, name: ArticleName) -> tantivy::Result<Option<ArticleNumber>> {
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            let Some((names, _)) = reader.fast_fields().u64_lenient("name")? else { continue };
            let rows = (0..names.values.num_vals()).filter(|&row| names.values.get_val(row) == name.number());
            let mut docs: Vec<u32> = rows.collect();
            names.index.select_batch_in_place(0, &mut docs);
            if let Some(doc) = docs.into_iter().find(|&doc| !reader.is_deleted(doc)) {
                return Ok(Some(self.article_of(DocAddress::new(segment, doc))));
            }
        }
        Ok(None)
    }
}
