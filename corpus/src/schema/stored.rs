//! Records on their way out of an index.

use tantivy::schema::IndexRecordOption;
use tantivy::schema::document::Value as _;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyDocument, Term};

use super::address::{self, Address};
use super::fields::Fields;
use super::identity::{ArticleKey, ArticleName};
use super::record::{ArticleJson, Outcome, Reading};
use crate::article::{Metadata, Piece, Section};

/// A passage as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPassage {
    /// The running text.
    pub text: String,
    /// Where it stands.
    pub address: Address,
}

/// An article record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredArticle {
    /// Names the article in the ids of its passages.
    pub name: ArticleName,
    /// The path below the root, as [`crate::layout::path_bytes`] gave it.
    pub path: Vec<u8>,
    /// What the source says of itself.
    pub metadata: Metadata,
    /// The sections.
    pub outline: Vec<Section>,
    /// How the source was read.
    pub reading: Reading,
    /// What came of the source.
    pub outcome: Outcome,
}

/// A record is not as this version writes it: the index is damaged.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a record has no readable `{0}`")]
pub struct RecordError(&'static str);

impl StoredPassage {
    /// Reads a passage record.
    ///
    /// # Errors
    /// If the record is none of a passage, or damaged.
    pub fn read(fields: &Fields, record: &TantivyDocument) -> Result<StoredPassage, RecordError> {
        let packed = record.get_first(fields.text).and_then(|value| value.as_bytes()).ok_or(RecordError("text"))?;
        let (address, text) = address::unpack(packed).ok_or(RecordError("text"))?;
        if !address.pieces.iter().all(|piece| fits(&text, piece)) {
            return Err(RecordError("text"));
        }
        Ok(StoredPassage { text, address })
    }
}

/// Finds the article record of an article in a segment.
///
/// # Errors
/// If the segment is damaged.
pub fn find_article(fields: &Fields, segment: &SegmentReader, key: ArticleKey) -> tantivy::Result<Option<DocId>> {
    let index = segment.inverted_index(fields.key)?;
    let (first, last) = key.records().into_inner();
    let [first, last] = [first, last].map(|number| Term::from_field_u64(fields.key, number));
    let range = index.terms().range().ge(first.serialized_value_bytes()).le(last.serialized_value_bytes());
    let mut records = range.into_stream()?;
    while records.advance() {
        let mut postings = index.read_postings_from_terminfo(records.value(), IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED {
            if !segment.is_deleted(postings.doc()) {
                return Ok(Some(postings.doc()));
            }
            postings.advance();
        }
    }
    Ok(None)
}

fn fits(text: &str, piece: &Piece) -> bool {
    text.get(piece.text..piece.text.saturating_add(piece.length)).is_some()
}

impl StoredArticle {
    /// Reads an article record.
    ///
    /// # Errors
    /// If the record is none of an article, or damaged.
    pub fn read(fields: &Fields, record: &TantivyDocument) -> Result<StoredArticle, RecordError> {
        let path = record.get_first(fields.path).and_then(|value| value.as_bytes()).ok_or(RecordError("path"))?;
        let json = record
            .get_first(fields.article_json)
            .and_then(|value| value.as_str())
            .ok_or(RecordError("article_json"))?;
        let json: ArticleJson = serde_json::from_str(json).map_err(|_| RecordError("article_json"))?;
        let metadata = json.metadata.into();
        let outline = json.outline.into_iter().map(|(parent, heading)| Section { parent, heading }).collect();
        Ok(StoredArticle {
            name: ArticleName::from_number(json.name),
            path: path.to_owned(),
            metadata,
            outline,
            reading: json.reading,
            outcome: json.outcome,
        })
    }
}
