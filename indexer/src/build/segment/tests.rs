//! The segments of the engine's own writer are the second judge: ours are the
//! same, byte by byte.

use std::fs;
use std::path::{Path, PathBuf};

use svod_store::schema::{
    self, ArticleKey, ArticleName, ArticleRecord, FileState, Outcome, Reading, Record, RecordKey,
};
use svod_text::article::{Syntax, parse};
use tantivy::indexer::{AddOperation, SegmentWriter};
use tantivy::{Directory as _, Index};

use super::*;

const COMPONENTS: [SegmentComponent; 6] = [
    SegmentComponent::Terms,
    SegmentComponent::Postings,
    SegmentComponent::Positions,
    SegmentComponent::FieldNorms,
    SegmentComponent::FastFields,
    SegmentComponent::Store,
];

fn articles(folder: &Path, articles: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            self::articles(&path, articles);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            articles.push(path);
        }
    }
    articles.sort();
}

fn records(fields: &schema::Fields, at: usize, path: &Path) -> Vec<Record> {
    let article = parse(&fs::read_to_string(path).unwrap(), Syntax::Markdown);
    let record = ArticleRecord {
        key: RecordKey { article: ArticleKey(at as u32), version: 0 },
        name: ArticleName::of_path(path.as_os_str().as_encoded_bytes()),
        path: path.as_os_str().as_encoded_bytes().to_vec(),
        size: 0,
        file: FileState::default(),
        hash: None,
        rules: 0,
        length: None,
        reading: Reading::default(),
        outcome: Outcome::Indexed,
    };
    Record::of_article(fields, &record, article).collect()
}

fn files(segment: &SegmentMeta, index: &Index) -> Vec<Vec<u8>> {
    let read = |component| index.directory().atomic_read(&segment.relative_path(component)).unwrap();
    COMPONENTS.map(read).to_vec()
}

fn check_same(folder: &Path, memory_bytes: usize) {
    let mut paths = Vec::new();
    articles(folder, &mut paths);
    let index = || Index::builder().schema(schema::schema()).settings(schema::settings()).create_in_ram().unwrap();
    let (ours, engines) = (index(), index());
    let fields = schema::attach(&ours).unwrap();
    schema::attach(&engines).unwrap();
    let segment = engines.new_segment();
    let mut engine = SegmentWriter::for_segment(64 << 20, segment.clone()).unwrap();
    let mut open = OpenSegment::new(&ours, fields, memory_bytes).unwrap();
    for (at, path) in paths.iter().enumerate() {
        let mut records = records(&fields, at, path);
        open.add(&mut records).unwrap();
        for document in records {
            engine.add_document(AddOperation { opstamp: 0, document }).unwrap();
        }
    }
    assert!(engine.max_doc() > 100);
    engine.finalize().unwrap();
    let ours = files(&open.close().unwrap(), &ours);
    let engines = files(segment.meta(), &engines);
    for ((component, ours), engines) in COMPONENTS.iter().zip(ours).zip(engines) {
        assert!(ours == engines, "{component} has {} and {} bytes", ours.len(), engines.len());
    }
}

#[test]
fn segments_are_as_the_engine_writes_them() {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    check_same(&articles, 64 << 20);
    // Many runs.
    check_same(&articles, 1 << 10);
}
