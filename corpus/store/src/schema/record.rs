//! Records on their way into an index.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use svod_text::article::{Article, Kind, Metadata, Passage, Section, section_path};
use tantivy::schema::Field;
use tantivy::schema::document::{self, Document, ReferenceValue, ReferenceValueLeaf};

use super::fields::Fields;
use super::metadata::MetadataJson;
use super::{
    Address, ArticleName, ContentHash, Fingerprint, KIND_ARTICLE, KIND_SKIPPED, RecordKey, address, kind_code,
    language_code,
};

/// One record, as tantivy takes it: no copy is made of its values.
#[derive(Debug)]
pub struct Record {
    values: Vec<(Field, Owned)>,
}

#[derive(Debug)]
enum Owned {
    Text(String),
    Shared(Arc<str>),
    Number(u64),
    Bytes(Vec<u8>),
}

/// What is true of a whole source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRecord {
    /// Names the article in this index, and the version of this record.
    pub key: RecordKey,
    /// Names the article in the ids of its passages.
    pub name: ArticleName,
    /// The path below the root, as [`crate::layout::path_bytes`] gives it.
    pub path: Vec<u8>,
    /// The size of the source in bytes.
    pub size: u64,
    /// What its file was like when it was read.
    pub file: FileState,
    /// The hash of the source's bytes; `None` if they could not be read.
    pub hash: Option<ContentHash>,
    /// The hash of the rules that the source was read by.
    pub rules: u64,
    /// How many terms the bodies of all its passages have; `None` until they are counted.
    pub length: Option<u64>,
    /// How it was read.
    pub reading: Reading,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a file system says of a file: as long as it says the same, the content is the same. All zero proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileState {
    /// When the content was modified, as programs may set it, in nanoseconds since 1970.
    pub modified: u64,
    /// When content, name or rights last changed, in nanoseconds since 1970; nobody can set it. 0 where it is not known.
    pub changed: u64,
    /// The number of the file in its file system; 0 where there is none.
    pub inode: u64,
}

/// How a source was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The format, as its usual file extension.
    pub format: String,
    /// The encoding, where the format leaves it open.
    pub encoding: Option<String>,
    /// The number of damaged places that were repaired.
    pub repaired: u64,
    /// What tells the places of its passages.
    pub places: Places,
}

/// What tells the places of the passages of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Places {
    /// Bytes and lines: the text is the file's.
    #[default]
    Bytes,
    /// Lines: the text was converted, its lines are the file's.
    Lines,
    /// Paragraphs, counted from 1 in the order of the source.
    Paragraphs,
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
    pub(super) name: u64,
    pub(super) metadata: MetadataJson,
    pub(super) outline: Vec<(Option<usize>, String)>,
    pub(super) reading: Reading,
    pub(super) outcome: Outcome,
}

impl Record {
    /// Returns the records of an article: its passages, and the article record
    /// last. Each is made when it is asked for: a record takes more memory than a short passage.
    pub fn of_article<'a>(
        fields: &'a Fields,
        record: &'a ArticleRecord,
        article: Article,
    ) -> impl Iterator<Item = Record> + 'a {
        let Article { metadata, outline, passages } = article;
        let fingerprints = Fingerprint::of_texts(passages.iter().map(|passage| passage.text.as_str()));
        let mut source = Source { fields, record, names: Names::of(&metadata), metadata, outline };
        let mut passages = passages.into_iter().zip(fingerprints).zip(0..);
        let mut is_over = false;
        std::iter::from_fn(move || match passages.next() {
            Some(((passage, fingerprint), ordinal)) => Some(source.record_of(passage, fingerprint, ordinal)),
            None if is_over => None,
            None => {
                is_over = true;
                let (metadata, outline) = (std::mem::take(&mut source.metadata), std::mem::take(&mut source.outline));
                Some(Record::of_article_alone(fields, record, metadata, outline))
            }
        })
    }

    /// Notes on an article record how many terms the bodies of the passages have.
    pub fn note_length(&mut self, fields: &Fields, length: u64) {
        self.values.push((fields.length, Owned::Number(length)));
    }

    /// Returns an article record, for an article whose passages are in the index already.
    pub fn of_article_alone(
        fields: &Fields,
        record: &ArticleRecord,
        metadata: Metadata,
        outline: Vec<Section>,
    ) -> Record {
        Record { values: article_values(fields, record, metadata, outline) }
    }
}

/// An article whose records are being made.
struct Source<'a> {
    fields: &'a Fields,
    record: &'a ArticleRecord,
    names: Names,
    metadata: Metadata,
    outline: Vec<Section>,
}

impl Source<'_> {
    fn record_of(&mut self, passage: Passage, fingerprint: Fingerprint, ordinal: u64) -> Record {
        let Source { fields, record, names, outline, .. } = self;
        let mut values = Vec::with_capacity(16);
        if !is_label(&passage) {
            names.push(fields, outline, passage.section, &mut values);
        } else if names.is_title(&passage.text) {
            // Whoever types a title looks for it.
            names.push(fields, outline, None, &mut values);
        }
        values.extend([
            (fields.article, Owned::Number(record.key.article.0.into())),
            (fields.fingerprint, Owned::Number(fingerprint.number())),
            (fields.ordinal, Owned::Number(ordinal)),
        ]);
        push_passage(fields, passage, &mut values);
        Record { values }
    }
}

/// What the passages of an article share.
struct Names {
    /// The title, and the heading at the top where that is another one, a line each.
    title: Option<Arc<str>>,
    keywords: Option<Arc<str>>,
    authors: Option<Arc<str>>,
    date: Option<u64>,
    /// The section of the last passage that has one, and the headings that lead to it.
    section: Option<(usize, Arc<str>)>,
}

impl Names {
    fn of(metadata: &Metadata) -> Names {
        let titles: Vec<&str> =
            [&metadata.title, &metadata.heading].into_iter().flatten().map(String::as_str).collect();
        let list = |items: &[String]| (!items.is_empty()).then(|| Arc::from(items.join("; ")));
        Names {
            title: (!titles.is_empty()).then(|| Arc::from(titles.join("\n"))),
            keywords: list(&metadata.keywords),
            authors: list(&metadata.authors),
            date: metadata.date.map(|date| date.number()),
            section: None,
        }
    }

    /// Returns whether this is the title, or the heading at the top where that is another one.
    fn is_title(&self, text: &str) -> bool {
        self.title.iter().flat_map(|titles| titles.split('\n')).any(|title| title == text)
    }

    fn push(&mut self, fields: &Fields, outline: &[Section], section: Option<usize>, values: &mut Vec<(Field, Owned)>) {
        let section = section.and_then(|at| self.section(outline, at));
        let named = [
            (fields.title, self.title.clone()),
            (fields.section, section),
            (fields.keywords, self.keywords.clone()),
            (fields.authors, self.authors.clone()),
        ];
        values.extend(named.into_iter().filter_map(|(field, text)| Some((field, Owned::Shared(text?)))));
        values.extend(self.date.map(|date| (fields.date, Owned::Number(date))));
    }

    /// Returns the headings that lead to a section, the same string for neighbours in it.
    fn section(&mut self, outline: &[Section], at: usize) -> Option<Arc<str>> {
        if self.section.as_ref().is_none_or(|&(last, _)| last != at) && at < outline.len() {
            self.section = Some((at, Arc::from(heading_path(outline, at))));
        }
        self.section.as_ref().filter(|&&(last, _)| last == at).map(|(_, path)| Arc::clone(path))
    }
}

/// Longer headings are paragraphs by mistake: of those below them each would take as much again.
const MOST_HEADING_BYTES: usize = 2_000;

fn heading_path(outline: &[Section], at: usize) -> String {
    let path = section_path(outline, Some(at));
    path.into_iter().map(beginning).collect::<Vec<_>>().join("\n")
}

fn beginning(heading: &str) -> &str {
    let end = (0..=MOST_HEADING_BYTES.min(heading.len())).rev().find(|&end| heading.is_char_boundary(end));
    &heading[..end.unwrap_or_default()]
}

/// Short texts that only name what others say: found by quotations and
/// required words, but not ranked against paragraphs.
fn is_label(passage: &Passage) -> bool {
    match passage.kind {
        Kind::Heading => !passage.is_alone,
        Kind::Metadata => true,
        _ => false,
    }
}

fn push_passage(fields: &Fields, passage: Passage, values: &mut Vec<(Field, Owned)>) {
    let searched = if is_label(&passage) { fields.label } else { fields.body };
    let notes = passage.marks.iter().filter_map(|mark| Some((mark.offset, mark.note?))).collect();
    let address = Address {
        section: passage.section,
        page: passage.page,
        page_breaks: passage.page_breaks,
        cited: passage.cited,
        notes,
        runs_on: !passage.runs_on.is_empty(),
        pieces: passage.pieces,
    };
    let stored = address::pack(&address, &passage.text);
    let mut text = passage.text;
    text.push_str(&passage.runs_on);
    values.extend([
        (searched, Owned::Text(text)),
        (fields.text, Owned::Bytes(stored)),
        (fields.kind, Owned::Number(kind_code(passage.kind))),
        (fields.language, Owned::Number(language_code(passage.language))),
    ]);
    values.extend(address.runs_on.then_some((fields.runs_on, Owned::Number(1))));
}

fn article_values(
    fields: &Fields,
    record: &ArticleRecord,
    metadata: Metadata,
    outline: Vec<Section>,
) -> Vec<(Field, Owned)> {
    let kind = if record.outcome == Outcome::Indexed { KIND_ARTICLE } else { KIND_SKIPPED };
    let json = ArticleJson {
        name: record.name.number(),
        metadata: metadata.into(),
        outline: outline.into_iter().map(|section| (section.parent, section.heading)).collect(),
        reading: record.reading.clone(),
        outcome: record.outcome.clone(),
    };
    let json = serde_json::to_string(&json).expect("strings and numbers always have a JSON form");
    let hash = record.hash.map(|hash| (fields.hash, Owned::Number(hash.0)));
    let values = [
        (fields.article, Owned::Number(record.key.article.0.into())),
        (fields.key, Owned::Number(record.key.number())),
        (fields.kind, Owned::Number(kind)),
        (fields.size, Owned::Number(record.size)),
        (fields.modified, Owned::Number(record.file.modified)),
        (fields.changed, Owned::Number(record.file.changed)),
        (fields.inode, Owned::Number(record.file.inode)),
        (fields.rules, Owned::Number(record.rules)),
        (fields.name, Owned::Number(record.name.number())),
        (fields.path, Owned::Bytes(record.path.clone())),
        (fields.article_json, Owned::Text(json)),
    ];
    let length = record.length.map(|length| (fields.length, Owned::Number(length)));
    values.into_iter().chain(hash).chain(length).collect()
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
            Owned::Shared(text) => Value::Shared(text),
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
    /// A text that neighbours have too: the same string, not one that is equal.
    Shared(&'a Arc<str>),
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
            Value::Shared(text) => ReferenceValueLeaf::Str(text),
            Value::Number(number) => ReferenceValueLeaf::U64(number),
            Value::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
