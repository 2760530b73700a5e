//! The paths of articles, by the columns of their records: no record is read.

use std::path::PathBuf;

use svod_store::damage::Damage;
use svod_store::layout::path_from_bytes;
use svod_store::schema;
use tantivy::columnar::BytesColumn;

use crate::error::QueryError;
use crate::index::path_order::ArticleNumber;
use crate::index::state::State;

/// The paths of articles.
pub(super) struct ArticlePaths<'s> {
    state: &'s State,
    /// Of each segment; `None` where it has no article record.
    columns: Vec<Option<BytesColumn>>,
}

impl<'s> ArticlePaths<'s> {
    pub(super) fn of_articles(state: &'s State) -> Result<ArticlePaths<'s>, QueryError> {
        let segments = state.searcher.segment_readers().iter();
        let columns: tantivy::Result<_> = segments.map(|reader| reader.fast_fields().bytes("path")).collect();
        Ok(ArticlePaths { state, columns: columns.map_err(|error| state.damaged(error))? })
    }

    pub(super) fn of(&self, article: ArticleNumber) -> Result<PathBuf, QueryError> {
        let path = self.find(article).map_err(|error| self.state.damaged(error))?;
        path.map(|path| path_from_bytes(&path))
            .ok_or_else(|| self.state.broken(Damage::Records("a passage without its article")))
    }

    fn find(&self, article: ArticleNumber) -> tantivy::Result<Option<Vec<u8>>> {
        for (segment, reader) in self.state.segments_of(article) {
            let Some(paths) = &self.columns[segment as usize] else { continue };
            let Some(doc) = schema::find_article(&self.state.fields, reader, article.key())? else { continue };
            let Some(ordinal) = paths.ords().first(doc) else { continue };
            let mut path = Vec::new();
            return Ok(paths.ord_to_bytes(ordinal, &mut path)?.then_some(path));
        }
        Ok(None)
    }
}
