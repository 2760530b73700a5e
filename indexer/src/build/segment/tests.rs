//! The segments of tantivy's own writer are the second judge: ours are the
//! same, byte by byte.

use std::fs;
use std::path::{Path, PathBuf};

use svod_store::schema::{
    self, ArticleKey, ArticleName, ArticleRecord, FileState, Outcome, Reading, Record, RecordKey,
};
use svod_text::article::{Syntax, parse};
use tantivy::{Directory as _, Index};

use super::*;
use crate::build::tantivy_segment::TantivySegment;

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

/// Returns the files of a segment of the articles at these paths.
fn files_by<Writer: WriteSegment>(paths: &[PathBuf], memory_bytes: usize) -> Vec<Vec<u8>> {
    let index = Index::builder().schema(schema::schema()).settings(schema::settings()).create_in_ram().unwrap();
    let fields = schema::attach(&index).unwrap();
    let mut writer = Writer::begin(&index, fields, memory_bytes).unwrap();
    for (at, path) in paths.iter().enumerate() {
        writer.add(records(&fields, at, path)).unwrap();
    }
    assert!(writer.memory_bytes() > 0);
    let segment = writer.close().unwrap();
    let read = |component| index.directory().atomic_read(&segment.relative_path(component)).unwrap();
    COMPONENTS.map(read).to_vec()
}

fn check_same(folder: &Path, memory_bytes: usize) {
    let mut paths = Vec::new();
    articles(folder, &mut paths);
    assert!(!paths.is_empty());
    let ours = files_by::<OpenSegment>(&paths, memory_bytes);
    let theirs = files_by::<TantivySegment>(&paths, memory_bytes);
    for ((component, ours), theirs) in COMPONENTS.iter().zip(ours).zip(theirs) {
        assert!(
            ours == theirs,
            "{component}: {} bytes by our writer, {} by tantivy's. After an upgrade of tantivy: compare its \
             `SegmentWriter` with build/segment.rs, and release with the feature `tantivy-writer` until they agree.",
            ours.len(),
            theirs.len()
        );
    }
}

#[test]
fn segments_are_as_tantivy_writes_them() {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    check_same(&articles, 64 << 20);
    // Many runs.
    check_same(&articles, 1 << 10);
    // Fields without a term: no title, section, keywords or authors.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("перемирие.md"), "Стороны согласились на перемирие.\n").unwrap();
    check_same(folder.path(), 64 << 20);
}
