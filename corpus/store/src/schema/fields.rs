//! The fields, the stamp, and the door.

use svod_text::analysis::{self, Terms};
use tantivy::schema::{
    FAST, Field, FieldType, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexSettings};

use super::analyzer::Analyzer;

/// Stored records are compressed in blocks of this size: larger ones are
/// smaller on disk and slower to read ten passages from. Of 32 KB an index is 1 % smaller, and a record takes a fifth
/// longer to read.
const STORE_BLOCK_BYTES: usize = 24 << 10;
/// The level of compression. At level 6 an index is 1.5 % smaller and read as fast, but indexing takes about 5 % more time.
const STORE_LEVEL: i32 = 4;

/// The fields of a record.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// Searched: the text of a passage, with positions.
    pub body: Field,
    /// Searched: the text of a heading with passages below it, or of a line of
    /// metadata. A field of its own, so that best match, which leaves these
    /// short texts out, need not filter.
    pub label: Field,
    /// Searched: the title of the article.
    pub title: Field,
    /// Searched: the headings that a passage stands under.
    pub section: Field,
    /// Searched: the keywords of the article.
    pub keywords: Field,
    /// Searched: the authors of the article.
    pub authors: Field,
    /// Column: what tells the passage from the others of its article.
    pub fingerprint: Field,
    /// Column: the place of a passage in its article, from 0.
    pub ordinal: Field,
    /// Column: the kind of a passage, or that it is an article record.
    pub kind: Field,
    /// Column: the language of a passage.
    pub language: Field,
    /// Column: the date of the article, as a number.
    pub date: Field,
    /// Column and term: the article's key, on all its records; to delete by.
    pub article: Field,
    /// Column and term: the key of an article record, on it alone; to look it up and delete it by.
    pub key: Field,
    /// Column: the size of the source in bytes, on article records.
    pub size: Field,
    /// Column: the modification time of the source in nanoseconds since 1970, on article records.
    pub modified: Field,
    /// Column: the change time of the source in nanoseconds since 1970, on article records.
    pub changed: Field,
    /// Column: the number of the source in its file system, on article records.
    pub inode: Field,
    /// Column: the first bits of the hash of the source's bytes, on article records.
    pub hash: Field,
    /// Column: the hash of the rules that the source was read by, on article records.
    pub rules: Field,
    /// Column: what names the article in the ids of its passages, on article records.
    pub name: Field,
    /// Column: how many terms the bodies of all its passages have, on article records.
    pub length: Field,
    /// Column: on parts of a long paragraph that are searched with the beginning of the next, a one.
    pub runs_on: Field,
    /// Stored: where the text of a passage stands in the source, then the
    /// text. One value, as each takes some bytes in every record.
    pub text: Field,
    /// Stored and column: the path of the source below the root, on article records.
    pub path: Field,
    /// Stored: the rest of an article record, as JSON.
    pub article_json: Field,
}

/// Why an index cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AttachError {
    /// An index of another version of svod.
    #[error("made by version `{found}` of the analysis, this program has `{expected}`")]
    OtherVersion {
        /// The stamp of the index.
        found: String,
        /// The stamp of this program.
        expected: String,
    },
    /// An index of something else.
    #[error("not an index of svod")]
    Foreign,
}

/// Returns the stamp of this program: the versions of schema and analysis.
///
/// It is part of the analyzers' names, which stand in the schema: it is
/// written when an index is made and cannot be lost.
pub fn stamp() -> String {
    format!("{STAMP_PREFIX}{}.{}", super::VERSION, analysis::VERSION)
}

const STAMP_PREFIX: &str = "svod-";
const FORMS_SUFFIX: &str = "-forms";

/// Returns the schema of an index.
pub fn schema() -> Schema {
    build().0
}

/// Returns the settings of an index.
pub fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(STORE_LEVEL) }),
        docstore_blocksize: STORE_BLOCK_BYTES,
        ..IndexSettings::default()
    }
}

/// Checks that an index is one of this version and registers its analyzers.
///
/// # Errors
/// If the index is of another version, or of something else.
pub fn attach(index: &Index) -> Result<Fields, AttachError> {
    let (expected, fields) = build();
    if index.schema() != expected {
        return Err(match stamp_of(&index.schema()) {
            Some(found) if found != stamp() => AttachError::OtherVersion { found, expected: stamp() },
            _ => AttachError::Foreign,
        });
    }
    let analyzers = index.tokenizers();
    analyzers.register(&stamp(), TextAnalyzer::builder(Analyzer::new(Terms::All)).build());
    analyzers
        .register(&format!("{}{FORMS_SUFFIX}", stamp()), TextAnalyzer::builder(Analyzer::new(Terms::Forms)).build());
    Ok(fields)
}

impl Fields {
    /// Finds what records are read by in the schema of any version: the body and the stored fields. The others are those of
    /// this version, and of no use there.
    pub(crate) fn stored_in(schema: &Schema) -> Option<Fields> {
        let field = |name: &str| schema.get_field(name).ok();
        let (body, text) = (field("body")?, field("text")?);
        Some(Fields { body, text, path: field("path")?, article_json: field("article_json")?, ..build().1 })
    }
}

/// Returns the version of any schema of svod; `None` if it is of something else.
pub(crate) fn version_of(schema: &Schema) -> Option<u32> {
    stamp_of(schema)?.strip_prefix(STAMP_PREFIX)?.split('.').next()?.parse().ok()
}

/// Finds the stamp in the schema of an index of any version.
fn stamp_of(schema: &Schema) -> Option<String> {
    let analyzer = |field_type: &FieldType| match field_type {
        FieldType::Str(options) => options.get_indexing_options().map(|indexing| indexing.tokenizer().to_owned()),
        _ => None,
    };
    let mut analyzers = schema.fields().filter_map(|(_, entry)| analyzer(entry.field_type()));
    analyzers.find(|name| name.starts_with(STAMP_PREFIX) && !name.ends_with(FORMS_SUFFIX))
}

fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let running = searched(&stamp(), IndexRecordOption::WithFreqsAndPositions);
    let forms = searched(&format!("{}{FORMS_SUFFIX}", stamp()), IndexRecordOption::WithFreqs);
    let term = NumericOptions::default().set_indexed();
    let fields = Fields {
        body: schema.add_text_field("body", text(running.clone())),
        label: schema.add_text_field("label", text(running.clone())),
        title: schema.add_text_field("title", text(forms.clone())),
        section: schema.add_text_field("section", text(forms.clone())),
        keywords: schema.add_text_field("keywords", text(forms.clone())),
        authors: schema.add_text_field("authors", text(forms.clone())),
        fingerprint: schema.add_u64_field("fingerprint", FAST),
        ordinal: schema.add_u64_field("ordinal", FAST),
        kind: schema.add_u64_field("kind", FAST),
        language: schema.add_u64_field("language", FAST),
        date: schema.add_u64_field("date", FAST),
        article: schema.add_u64_field("article", term.clone() | FAST),
        key: schema.add_u64_field("key", term | FAST),
        size: schema.add_u64_field("size", FAST),
        modified: schema.add_u64_field("modified", FAST),
        changed: schema.add_u64_field("changed", FAST),
        inode: schema.add_u64_field("inode", FAST),
        hash: schema.add_u64_field("hash", FAST),
        rules: schema.add_u64_field("rules", FAST),
        name: schema.add_u64_field("name", FAST),
        length: schema.add_u64_field("length", FAST),
        runs_on: schema.add_u64_field("runs_on", FAST),
        text: schema.add_bytes_field("text", STORED),
        path: schema.add_bytes_field("path", STORED | FAST),
        article_json: schema.add_text_field("article_json", STORED),
    };
    (schema.build(), fields)
}

fn searched(analyzer: &str, record: IndexRecordOption) -> TextFieldIndexing {
    TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(record)
}

fn text(indexing: TextFieldIndexing) -> TextOptions {
    TextOptions::default().set_indexing_options(indexing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_door_knows_its_own() {
        assert!(attach(&Index::create_in_ram(schema())).is_ok());
        let mut other = Schema::builder();
        other.add_text_field("body", TextOptions::default());
        assert_eq!(attach(&Index::create_in_ram(other.build())).err(), Some(AttachError::Foreign));
        let mut older = Schema::builder();
        older.add_text_field("body", text(searched("svod-0.7", IndexRecordOption::WithFreqs)));
        let refused = attach(&Index::create_in_ram(older.build())).err();
        assert_eq!(refused, Some(AttachError::OtherVersion { found: "svod-0.7".to_owned(), expected: stamp() }));
    }
}
