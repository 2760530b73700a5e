//! A segment that a thread fills: articles in, a written segment out.

use svod_store::schema::{ArticleKey, ArticleRecord, Record};
use svod_text::article::Article;

use crate::build::write_segment::{SegmentOfRun, WriteSegment};
use crate::error::IndexError;
use crate::home::committer::WrittenSegment;
use crate::home::generation::OpenGeneration;

/// A segment that a thread fills.
pub(crate) struct Filling {
    segment: SegmentOfRun,
    /// The articles that it has a newer state of.
    replaced: Vec<ArticleKey>,
}

impl Filling {
    /// Begins a segment that will take about this much memory.
    pub(crate) fn new(generation: &OpenGeneration, memory_bytes: usize) -> Result<Filling, IndexError> {
        let segment =
            SegmentOfRun::begin(&generation.index, generation.fields, memory_bytes).map_err(IndexError::engine)?;
        Ok(Filling { segment, replaced: Vec::new() })
    }

    /// Adds an article, in place of another state of it.
    pub(crate) fn add(
        &mut self,
        generation: &OpenGeneration,
        record: &ArticleRecord,
        article: Article,
        replaces: Option<ArticleKey>,
    ) -> Result<(), IndexError> {
        self.replaced.extend(replaces);
        self.add_records(Record::of_article(&generation.fields, record, article))
    }

    /// Makes this the segment of one article, and returns it unless the article is no longer wanted.
    pub(crate) fn of_article_while(
        mut self,
        generation: &OpenGeneration,
        record: &ArticleRecord,
        article: Article,
        replaces: Option<ArticleKey>,
        is_wanted: impl Fn() -> bool,
    ) -> Result<Option<Filling>, IndexError> {
        self.replaced.extend(replaces);
        let records = Record::of_article(&generation.fields, record, article);
        let added = self.segment.add_while(records, is_wanted).map_err(IndexError::engine)?;
        Ok(added.map(|()| self))
    }

    /// Adds the records of an article, the article record last.
    pub(crate) fn add_records(&mut self, records: impl IntoIterator<Item = Record>) -> Result<(), IndexError> {
        self.segment.add(records).map_err(IndexError::engine)
    }

    /// Returns how much memory it takes.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.segment.memory_bytes()
    }

    /// Writes the segment out.
    pub(crate) fn close(self) -> Result<WrittenSegment, IndexError> {
        Ok(WrittenSegment { meta: self.segment.close().map_err(IndexError::engine)?, replaced: self.replaced })
    }
}
