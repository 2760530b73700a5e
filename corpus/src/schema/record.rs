//! Records on their way into an index.

use std::any::Any;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::schema::Field;
use tantivy::schema::document::{self, Document, ReferenceValue, ReferenceValueLeaf};

use super::fields::Fields;
use super::{ArticleKey, KIND_ARTICLE, KIND_SKIPPED, PassageId, address, kind_code, language_code};
use crate::article::{Article, Kind, Metadata, Passage};

/// One record, as the engine takes it: no copy is made of its values.
#[derive(Debug)]
pub struct Record {
    values: Vec<(Field, Owned)>,
    /// Dropped when the engine has taken the record in.
    _held: Option<Arc<dyn Any + Send + Sync>>,
}

#[derive(Debug)]
enum Owned {
    Text(String),
    Shared(Arc<[String]>, usize),
    Number(u64),
    Bytes(Vec<u8>),
}

/// What is true of a whole source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Names the article.
    pub key: ArticleKey,
    /// The path below the root, as [`crate::layout::path_bytes`] gives it.
    pub path: Vec<u8>,
    /// The size of the source in bytes.
    pub size: u64,
    /// The modification time in nanoseconds since 1970.
    pub modified: u64,
    /// The BLAKE3 hash of the source's bytes, in hexadecimal; empty if they could not be read.
    pub hash: String,
    /// The hash of the options that the source was read with.
    pub options: u64,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was read.
    #[serde(rename = "indexed")]
    Indexed,
    /// It was skipped, for this reason.
    #[serde(rename = "skipped")]
    Skipped(String),
}

/// The part of an article record that is kept as JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct ArticleJson {
    pub(super) title: Option<String>,
    pub(super) authors: Vec<String>,
    pub(super) date: Option<String>,
    pub(super) keywords: Vec<String>,
    pub(super) hash: String,
    pub(super) options: u64,
    pub(super) outcome: Outcome,
}

impl Record {
    /// Returns the records of an article: its passages, and the article record
    /// last. `held` is dropped when the engine has taken the last of them in,
    /// which is how a writer bounds what is in flight.
    pub fn of_article(fields: &Fields, record: &ArticleRecord, article: Article, held: Option<Arc<dyn Any + Send + Sync>>) -> Vec<Record> {
        let Article { metadata, passages } = article;
        let ids = PassageId::of_texts(record.key, passages.iter().map(|passage| passage.text.as_str()));
        let names = Names::of(&metadata);
        let mut records: Vec<Record> = Vec::with_capacity(passages.len() + 1);
        for (ordinal, (passage, id)) in passages.into_iter().zip(ids).enumerate() {
            let mut values = passage_values(fields, passage, id, ordinal as u64);
            names.push(fields, &mut values);
            records.push(Record { values, _held: held.clone() });
        }
        records.push(Record { values: article_values(fields, record, metadata), _held: held });
        records
    }
}

/// The searched metadata, shared by all passages of an article.
struct Names {
    title: Arc<[String]>,
    keywords: Arc<[String]>,
    authors: Arc<[String]>,
    date: Option<u64>,
}

impl Names {
    fn of(metadata: &Metadata) -> Names {
        Names {
            title: metadata.title.iter().cloned().collect(),
            keywords: metadata.keywords.iter().cloned().collect(),
            authors: metadata.authors.iter().cloned().collect(),
            date: metadata.date.map(|date| date.number()),
        }
    }

    fn push(&self, fields: &Fields, values: &mut Vec<(Field, Owned)>) {
        push_shared(values, fields.title, &self.title);
        push_shared(values, fields.keywords, &self.keywords);
        push_shared(values, fields.authors, &self.authors);
        values.extend(self.date.map(|date| (fields.date, Owned::Number(date))));
    }
}

fn push_shared(values: &mut Vec<(Field, Owned)>, field: Field, texts: &Arc<[String]>) {
    values.extend((0..texts.len()).map(|at| (field, Owned::Shared(Arc::clone(texts), at))));
}

fn passage_values(fields: &Fields, passage: Passage, id: PassageId, ordinal: u64) -> Vec<(Field, Owned)> {
    let searched = if passage.kind == Kind::Heading && !passage.is_alone { fields.heading } else { fields.body };
    let mut values = Vec::with_capacity(16);
    values.push((fields.article, Owned::Number(id.article().number())));
    values.push((fields.id, Owned::Number(id.number())));
    values.push((fields.ordinal, Owned::Number(ordinal)));
    values.push((fields.kind, Owned::Number(kind_code(passage.kind))));
    values.push((fields.language, Owned::Number(language_code(passage.language))));
    values.push((fields.address, Owned::Bytes(address::pack(&passage.pieces))));
    push_shared(&mut values, fields.section, &passage.section);
    // One string is searched and stored: `text` is the stored name of whatever field is searched.
    let text: Arc<[String]> = Arc::new([passage.text]);
    push_shared(&mut values, fields.text, &text);
    push_shared(&mut values, searched, &text);
    values
}

fn article_values(fields: &Fields, record: &ArticleRecord, metadata: Metadata) -> Vec<(Field, Owned)> {
    let kind = if record.outcome == Outcome::Indexed { KIND_ARTICLE } else { KIND_SKIPPED };
    let json = ArticleJson {
        title: metadata.title,
        authors: metadata.authors,
        date: metadata.date.map(|date| date.to_string()),
        keywords: metadata.keywords,
        hash: record.hash.clone(),
        options: record.options,
        outcome: record.outcome.clone(),
    };
    let json = serde_json::to_string(&json).expect("strings and numbers always have a JSON form");
    vec![
        (fields.article, Owned::Number(record.key.number())),
        (fields.key, Owned::Number(record.key.number())),
        (fields.kind, Owned::Number(kind)),
        (fields.size, Owned::Number(record.size)),
        (fields.modified, Owned::Number(record.modified)),
        (fields.path, Owned::Bytes(record.path.clone())),
        (fields.article_json, Owned::Text(json)),
    ]
}

impl Document for Record {
    type Value<'a> = Value<'a>;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Values<'_> {
        Values(self.values.iter())
    }
}

/// The fields and values of a record.
#[derive(Debug)]
pub struct Values<'a>(std::slice::Iter<'a, (Field, Owned)>);

impl<'a> Iterator for Values<'a> {
    type Item = (Field, Value<'a>);

    fn next(&mut self) -> Option<(Field, Value<'a>)> {
        let (field, owned) = self.0.next()?;
        let value = match owned {
            Owned::Text(text) => Value::Text(text),
            Owned::Shared(texts, at) => Value::Text(&texts[*at]),
            Owned::Number(number) => Value::Number(*number),
            Owned::Bytes(bytes) => Value::Bytes(bytes),
        };
        Some((*field, value))
    }
}

/// A value of a record, borrowed.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Number(u64),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl<'a> document::Value<'a> for Value<'a> {
    type ArrayIter = std::iter::Empty<Value<'a>>;
    type ObjectIter = std::iter::Empty<(&'a str, Value<'a>)>;

    fn as_value(&self) -> ReferenceValue<'a, Value<'a>> {
        ReferenceValue::Leaf(match *self {
            Value::Text(text) => ReferenceValueLeaf::Str(text),
            Value::Number(number) => ReferenceValueLeaf::U64(number),
            Value::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
