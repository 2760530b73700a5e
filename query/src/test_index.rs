//! Indexes made by hand, for tests: several commits, articles that went or
//! moved, keys in no order.

use std::fs;
use std::path::Path;

use svod_store::layout::{self, Manifest};
use svod_store::schema::{
    self, ArticleKey, ArticleName, ArticleRecord, Fields, FileState, Outcome, Reading, Record, RecordKey, settings,
};
use svod_store::sealed::Sealed;
use svod_text::article::{Syntax, parse};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexWriter, Term};
use tempfile::TempDir;

/// An index that is being written.
pub(crate) struct TestIndex {
    folder: TempDir,
    fields: Fields,
    writer: IndexWriter<Record>,
}

impl TestIndex {
    pub(crate) fn new() -> TestIndex {
        let folder = tempfile::tempdir().unwrap();
        let generation = folder.path().join("1");
        fs::create_dir(&generation).unwrap();
        fs::write(folder.path().join(layout::POINTER), "1\n").unwrap();
        fs::write(generation.join(layout::MANIFEST), Manifest::FolderAround.to_json()).unwrap();
        let files = Sealed::open(MmapDirectory::open(&generation).unwrap()).unwrap();
        let index = Index::create(files, schema::schema(), settings()).unwrap();
        let fields = schema::attach(&index).unwrap();
        let writer: IndexWriter<Record> = index.writer_with_num_threads(1, 15 << 20).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        TestIndex { folder, fields, writer }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn add(&self, key: u32, path: &str, text: &str) {
        for record in self.records(key, path, text) {
            self.writer.add_document(record).unwrap();
        }
    }

    pub(crate) fn remove(&self, key: u32) {
        self.writer.delete_term(Term::from_field_u64(self.fields.article, key.into()));
    }

    /// Gives an article another path: its article record alone is written anew.
    pub(crate) fn rename(&self, key: u32, path: &str, text: &str) {
        let old = RecordKey { article: ArticleKey(key), version: 0 };
        self.writer.delete_term(Term::from_field_u64(self.fields.key, old.number()));
        let record = self.records(key, path, text).pop().unwrap();
        self.writer.add_document(record).unwrap();
    }

    pub(crate) fn commit(&mut self) {
        self.writer.commit().unwrap();
    }

    /// Makes one segment of all.
    pub(crate) fn merge(&mut self) {
        let segments = self.writer.index().searchable_segment_ids().unwrap();
        self.writer.merge(&segments).wait().unwrap();
        self.writer.garbage_collect_files().wait().unwrap();
    }

    fn records(&self, key: u32, path: &str, text: &str) -> Vec<Record> {
        let record = ArticleRecord {
            key: RecordKey { article: ArticleKey(key), version: 0 },
            name: ArticleName::of_path(path.as_bytes()),
            path: path.as_bytes().to_vec(),
            size: text.len() as u64,
            file: FileState::default(),
            hash: None,
            rules: 0,
            length: Some(text.split_whitespace().count() as u64),
            reading: Reading::default(),
            outcome: Outcome::Indexed,
        };
        Record::of_article(&self.fields, &record, parse(text, Syntax::Markdown)).collect()
    }
}
