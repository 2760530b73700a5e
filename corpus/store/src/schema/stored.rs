//! Records on their way out of an index.

use svod_text::article::{Metadata, Piece, Section};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::address::{self, Address};
use super::fields::Fields;
use super::identity::{ArticleKey, ArticleName};
use super::record::{ArticleJson, Outcome, Reading};

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
    /// Reads a passage record, as its bytes stand in the store of a segment.
    ///
    /// # Errors
    /// If the record is not that of a passage, or damaged.
    pub fn read(fields: &Fields, record: &[u8]) -> Result<StoredPassage, RecordError> {
        StoredPassage::read_with(fields, record, address::utf8)
    }

    /// Reads a passage record whose text is in the form that `text` reads.
    pub(crate) fn read_with(
        fields: &Fields,
        record: &[u8],
        text: fn(&[u8]) -> Option<String>,
    ) -> Result<StoredPassage, RecordError> {
        let packed = value(record, fields.text).ok_or(RecordError("text"))?;
        let (address, text) = address::unpack(packed, text).ok_or(RecordError("text"))?;
        if !address.pieces.iter().all(|piece| fits(&text, piece)) {
            return Err(RecordError("text"));
        }
        Ok(StoredPassage { text, address })
    }
}

/// Tantivy's marks of the two types of values that are stored.
const TEXT: u8 = 0;
const BYTES: u8 = 4;
/// Set in the last byte of tantivy's numbers of variable length.
const LAST: u8 = 0x80;

/// Finds the stored value of a field in the bytes of a record; `None` if they are damaged.
///
/// A record is the number of its values, then each: the field, the type, the
/// length, the bytes. Tantivy's own reader asks for as much memory as a
/// length says before it checks that those bytes are there, and one flipped
/// bit can say a terabyte; and it copies byte by byte.
fn value(mut record: &[u8], wanted: Field) -> Option<&[u8]> {
    let record = &mut record;
    for _ in 0..number(record)? {
        let (field, rest) = record.split_first_chunk()?;
        let (kind, rest) = rest.split_first()?;
        *record = rest;
        let length = usize::try_from(number(record)?).ok()?;
        let (value, rest) = record.split_at_checked(length).filter(|_| [TEXT, BYTES].contains(kind))?;
        if u32::from_le_bytes(*field) == wanted.field_id() {
            return Some(value);
        }
        *record = rest;
    }
    None
}

/// Takes one of tantivy's numbers: seven bits a byte, the lowest first.
fn number(record: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = record.split_first()?;
        *record = rest;
        number |= u64::from(byte & !LAST) << shift;
        if byte & LAST != 0 {
            return Some(number);
        }
    }
    None
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
    /// Reads an article record, as its bytes stand in the store of a segment.
    ///
    /// # Errors
    /// If the record is not that of an article, or damaged.
    pub fn read(fields: &Fields, record: &[u8]) -> Result<StoredArticle, RecordError> {
        let path = value(record, fields.path).ok_or(RecordError("path"))?;
        let json = value(record, fields.article_json).ok_or(RecordError("article_json"))?;
        let json: ArticleJson = serde_json::from_slice(json).map_err(|_| RecordError("article_json"))?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn damaged_records_are_no_panic(record in prop::collection::vec(any::<u8>(), 0..60), field in 0u32..30) {
            let found = value(&record, Field::from_field_id(field));
            prop_assert!(found.is_none_or(|value| value.len() < record.len()));
        }
    }

    #[test]
    fn values_of_a_record() {
        let record =
            [&[LAST | 2, 7, 0, 0, 0, BYTES, LAST | 3, 1, 2, 3, 9, 1, 0, 0, TEXT, LAST | 2][..], "ж".as_bytes()]
                .concat();
        for (field, expected) in [(7, Some(&[1, 2, 3][..])), (265, Some("ж".as_bytes())), (8, None)] {
            assert_eq!(value(&record, Field::from_field_id(field)), expected);
        }
        // A length of a terabyte.
        let record = [LAST | 1, 7, 0, 0, 0, BYTES, 0, 0, 0, 0, 0, LAST | 32, 1, 2, 3];
        assert_eq!(value(&record, Field::from_field_id(7)), None);
    }
}
