//! What indexes of earlier versions hold, for `Writer::upgrade` of `svod-indexer` alone.
//!
//! Nothing here is written any more. A version that stores records in another form leaves the reader of the old form here:
//!
//! | schema | the text of a passage |
//! | --- | --- |
//! | 4, 5 | characters in one, two or four bytes by a table (`text`) |
//! | from 6 on | UTF-8 |
//!
//! Before 7 an address told only the page on which a passage begins.

mod article;
mod text;

use tantivy::schema::{Field, Schema};

pub use self::article::{KeptPassage, restore};
use crate::schema::{self, Fields, RecordError, StoredArticle, StoredPassage};

/// The first schema whose records can be read.
const OLDEST: u32 = 4;
/// The first schema whose records hold UTF-8.
const FIRST_OF_UTF8: u32 = 6;

/// Reads the records of an index of any version from the oldest on to this one.
#[derive(Debug, Clone, Copy)]
pub struct Records {
    /// Of these only the stored ones and the body stand in the schema of the index.
    fields: Fields,
    text: TextForm,
}

/// How the text of a passage is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextForm {
    Table,
    Utf8,
}

impl Records {
    /// Finds the stored fields in the schema of an index; `None` if it is of something else, of a later version, or of one
    /// older than can be read.
    pub fn of(schema: &Schema) -> Option<Records> {
        let text = match schema::version_of(schema)? {
            OLDEST..FIRST_OF_UTF8 => TextForm::Table,
            FIRST_OF_UTF8..=schema::VERSION => TextForm::Utf8,
            _ => return None,
        };
        Some(Records { fields: Fields::stored_in(schema)?, text })
    }

    /// Returns the field with the searched text of passages.
    pub fn body(&self) -> Field {
        self.fields.body
    }

    /// Reads a passage record, as its bytes stand in the store of a segment.
    ///
    /// # Errors
    /// If the record is none of a passage, or damaged.
    pub fn passage(&self, record: &[u8]) -> Result<StoredPassage, RecordError> {
        match self.text {
            TextForm::Table => StoredPassage::read_with(&self.fields, record, text::read),
            TextForm::Utf8 => StoredPassage::read(&self.fields, record),
        }
    }

    /// Reads an article record, as its bytes stand in the store of a segment.
    ///
    /// # Errors
    /// If the record is none of an article, or damaged.
    pub fn article(&self, record: &[u8]) -> Result<StoredArticle, RecordError> {
        StoredArticle::read(&self.fields, record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_the_versions_that_can_be_read() {
        let current = schema::schema();
        let written_by = |version: u32| {
            let json = serde_json::to_string(&current).unwrap();
            let stamp = schema::stamp();
            let analysis = stamp.rsplit('.').next().unwrap();
            serde_json::from_str::<Schema>(&json.replace(&stamp, &format!("svod-{version}.{analysis}"))).unwrap()
        };
        for (version, expected) in [
            (OLDEST - 1, None),
            (OLDEST, Some(TextForm::Table)),
            (5, Some(TextForm::Table)),
            (6, Some(TextForm::Utf8)),
            (schema::VERSION, Some(TextForm::Utf8)),
            (schema::VERSION + 1, None),
        ] {
            assert_eq!(Records::of(&written_by(version)).map(|records| records.text), expected, "{version}");
        }
        assert!(Records::of(&Schema::builder().build()).is_none());
    }
}
