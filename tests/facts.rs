//! What we rely on in tantivy that it promises nobody: a test each.
//!
//! One that fails after an upgrade of tantivy says which code of ours to look at. That our segments are tantivy's, byte by
//! byte, is tested beside their writer (`indexer/src/build/segment/tests.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use svod_store::layout;
use tantivy::directory::RamDirectory;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{Bm25StatisticsProvider, Bm25Weight, EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TEXT};
use tantivy::{Directory, DocId, Index, IndexWriter, Score, Searcher, TantivyDocument, Term, doc};

use crate::support::new_folder;

/// As little memory as tantivy's writer takes.
const WRITER_BYTES: usize = 15 << 20;

fn writer(index: &Index) -> IndexWriter {
    let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES).unwrap();
    writer.set_merge_policy(Box::new(NoMergePolicy));
    writer
}

/// An index of texts, in one segment.
fn index_of(texts: &[String]) -> (Index, Field) {
    let mut schema = Schema::builder();
    let body = schema.add_text_field("body", TEXT);
    let index = Index::create_in_ram(schema.build());
    let mut writer = writer(&index);
    for text in texts {
        writer.add_document(doc!(body => text.as_str())).unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    (index, body)
}

fn searcher(index: &Index) -> Searcher {
    index.reader().unwrap().searcher()
}

/// Bounds of scores are made with tantivy's k1 and b, which it shows nobody.
#[test]
fn bm25() {
    let (k1, b) = (1.2, 0.75);
    let (count, total, mean) = (7_u16, 900_u16, 31.0);
    let weight = Bm25Weight::for_one_term(count.into(), total.into(), mean);
    let rarity = (1.0 + (f32::from(total - count) + 0.5) / (f32::from(count) + 0.5)).ln();
    // Lengths that are not rounded.
    for (length, frequency) in [(1_u8, 1_u8), (12, 1), (12, 3), (40, 9)] {
        let frequency_part = f32::from(frequency);
        let expected =
            rarity * (k1 + 1.0) * frequency_part / (frequency_part + k1 * (1.0 - b + b * f32::from(length) / mean));
        let score = weight.score(FieldNormReader::fieldnorm_to_id(length.into()), frequency.into());
        assert!(
            (score - expected).abs() < expected * 1e-5,
            "tantivy scores {frequency} of {length} terms by another BM25: {score}, not {expected}. Look at SATURATION, \
             LENGTH and `bound` in query/src/index/statistics.rs, and at their users in query/src/plan"
        );
    }
}

/// Statistics by which every passage has `terms` terms.
struct MeanOf {
    terms: u64,
    searcher: Searcher,
}

impl Bm25StatisticsProvider for MeanOf {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.terms * self.searcher.num_docs())
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}

/// Of a block of 128 passages tantivy keeps the one that scores best by the mean length of its own segment. By another mean
/// a better one is passed over: searches leave a margin for it.
#[test]
fn block_maxima() {
    const BLOCK: usize = 128;
    let text = |word_count: usize, other_count: usize| "word ".repeat(word_count) + &"other ".repeat(other_count);
    let mut texts = vec![text(1, 63); BLOCK];
    // The first scores less than the second by a mean of 63 terms, and more by one of 12.
    let (short, long): (DocId, DocId) = (5, 9);
    texts[short as usize] = text(1, 0);
    texts[long as usize] = text(2, 10);
    let (index, body) = index_of(&texts);
    let word = Term::from_field_text(body, "word");
    let scores = |mean: u64, least: Score| -> Vec<(DocId, Score)> {
        let searcher = searcher(&index);
        let statistics = MeanOf { terms: mean, searcher: searcher.clone() };
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, &searcher);
        let weight = TermQuery::new(word.clone(), IndexRecordOption::WithFreqs).weight(scoring).unwrap();
        let mut seen = Vec::new();
        let mut see = |doc, score| {
            seen.push((doc, score));
            least
        };
        weight.for_each_pruning(least, searcher.segment_reader(0), &mut see).unwrap();
        seen.sort_by(|one, other| other.1.total_cmp(&one.1));
        seen
    };
    let best_two = |mean| [0, 1].map(|rank| scores(mean, Score::MIN)[rank]);
    let [(own_best, _), _] = best_two(63);
    let [(other_best, best), (other_second, second)] = best_two(12);
    assert_eq!([own_best, other_best, other_second], [long, short, long], "the example shows what it is to show");
    let found = scores(12, (best + second) / 2.0);
    assert!(
        found.is_empty(),
        "tantivy bounds blocks otherwise: {found:?} are no longer passed over. Look at `Margin` in \
         query/src/index/statistics.rs: it may be too small, or of no use any more"
    );
    assert_eq!(scores(12, second * 0.999).len(), 2, "what the block promises is shown, and what is better beside it");
}

/// Lengths are kept rounded, and the sum of a segment that is merged without its deleted records is a guess made of them:
/// an index brought up to date would rank otherwise than one made afresh.
#[test]
fn sums_of_lengths() {
    let mut texts = vec!["word ".repeat(1_000); 4];
    texts.push("gone".to_owned());
    let (index, body) = index_of(&texts);
    let sum = || searcher(&index).segment_reader(0).inverted_index(body).unwrap().total_num_tokens();
    assert_eq!(sum(), 4_001, "tantivy counts terms otherwise: look at `Statistics` in query/src/index/statistics.rs");
    let mut writer = writer(&index);
    writer.delete_term(Term::from_field_text(body, "gone"));
    writer.commit().unwrap();
    writer.merge(&index.searchable_segment_ids().unwrap()).wait().unwrap();
    assert!(
        sum() < 4_000,
        "tantivy's sum of lengths is exact after a merge: `Statistics` in query/src/index/statistics.rs and the column \
         `length` may be of no use any more"
    );
}

/// Stored records are read from their bytes: tantivy's own reader trusts them.
#[test]
fn bytes_of_a_stored_record() {
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", STORED);
    let bytes = schema.add_bytes_field("bytes", STORED);
    let index = Index::create_in_ram(schema.build());
    let mut writer = writer(&index);
    let long = vec![7; 300];
    writer.add_document(doc!(text => "停火", bytes => long.clone())).unwrap();
    writer.commit().unwrap();
    let searcher = searcher(&index);
    let found = searcher.segment_reader(0).get_store_reader(1).unwrap().get_document_bytes(0).unwrap();
    // The number of values; of each its field, its type, its length and itself. The last byte of a length has its top bit.
    let expected = [
        &[0x82][..],
        &[0, 0, 0, 0, 0, 0x86],
        "停火".as_bytes(),
        &[1, 0, 0, 0, 4, 300_u16 as u8 & 0x7f, 0x80 | (300_u16 >> 7) as u8],
        &long,
    ]
    .concat();
    assert_eq!(
        found.as_slice(),
        expected,
        "tantivy stores records otherwise: look at `value` and `number` in corpus/store/src/schema/stored.rs"
    );
}

/// A folder with two commits, deleted records, and a note.
fn two_commits(folder: &Path) -> Index {
    let mut schema = Schema::builder();
    let key = schema.add_text_field("key", STRING);
    let index = Index::create_in_dir(folder, schema.build()).unwrap();
    let mut writer = writer(&index);
    for name in ["停火", "мир"] {
        writer.add_document(doc!(key => name)).unwrap();
    }
    writer.commit().unwrap();
    writer.delete_term(Term::from_field_text(key, "мир"));
    let mut commit = writer.prepare_commit().unwrap();
    commit.set_payload("a note");
    commit.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    index
}

fn meta(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join(layout::META)).unwrap()).unwrap()
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// A folder in which anything has another name is no index of ours, and nothing is read or removed there.
#[test]
fn names_of_files() {
    let folder = new_folder();
    let index = two_commits(folder.path());
    let segment = index.searchable_segment_metas().unwrap().remove(0).id().uuid_string();
    let found: BTreeSet<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(&segment, "SEGMENT"))
        .collect();
    let deleted = format!("SEGMENT.{}.del", meta(folder.path())["segments"][0]["deletes"]["opstamp"]);
    let expected = [
        ".managed.json",
        ".tantivy-meta.lock",
        ".tantivy-writer.lock",
        &deleted,
        "SEGMENT.fast",
        "SEGMENT.fieldnorm",
        "SEGMENT.idx",
        "SEGMENT.pos",
        "SEGMENT.store",
        "SEGMENT.term",
        "meta.json",
    ];
    assert_eq!(
        found.iter().map(String::as_str).collect::<Vec<_>>(),
        expected,
        "tantivy writes files of other names: look at `is_file_of_generation` in corpus/store/src/layout.rs, `Segments` in \
         corpus/store/src/sealed/catalogue.rs and `files_of` in indexer/src/home/merge.rs"
    );
    // What it replaces a file by is named by the crate `tempfile`.
    let draft = tempfile::NamedTempFile::new_in(folder.path()).unwrap();
    let name = draft.path().file_name().unwrap().to_str().unwrap();
    assert!(
        layout::is_draft(name),
        "drafts have other names, such as `{name}`: look at DRAFT in corpus/store/src/layout.rs"
    );
}

/// The catalogue of checksums stands in `meta.json`, and is made of what tantivy says there.
#[test]
fn contents_of_meta_json() {
    const LOOK: &str = "tantivy writes another `meta.json`: look at corpus/store/src/sealed/catalogue.rs, `CommitNote` in \
                        corpus/store/src/layout.rs and query/src/index/directory.rs";
    let folder = new_folder();
    let index = two_commits(folder.path());
    let meta = meta(folder.path());
    assert_eq!(names(&meta), ["index_settings", "opstamp", "payload", "schema", "segments"].into(), "{LOOK}");
    assert_eq!(meta["payload"], "a note", "{LOOK}");
    let segment = &meta["segments"][0];
    assert_eq!(names(segment), ["deletes", "max_doc", "segment_id"].into(), "{LOOK}");
    assert_eq!(names(&segment["deletes"]), ["num_deleted_docs", "opstamp"].into(), "{LOOK}");
    let id = segment["segment_id"].as_str().unwrap().replace('-', "");
    assert_eq!(id, index.searchable_segment_ids().unwrap()[0].uuid_string(), "{LOOK}");
    let text = fs::read_to_string(folder.path().join(layout::META)).unwrap();
    assert!(text.trim_end().ends_with('}'), "{LOOK}");
}

/// The catalogue and the seal are names that tantivy does not know: it must pass over them.
#[test]
fn unknown_names_in_meta_json() {
    let folder = new_folder();
    drop(two_commits(folder.path()));
    let mut meta = meta(folder.path());
    meta["files"] = json!({"a.idx": [1, 2]});
    meta["seal"] = json!("8f1e0cc2a94b7d36");
    fs::write(folder.path().join(layout::META), meta.to_string()).unwrap();
    let opened = Index::open_in_dir(folder.path()).map(|index| searcher(&index).num_docs());
    assert_eq!(
        opened.ok(),
        Some(1),
        "tantivy refuses names in `meta.json` that it does not know: the catalogue of \
         corpus/store/src/sealed/catalogue.rs needs a file of its own"
    );
}

/// In memory a file whose name begins with a dot says that somebody writes: tantivy must not remove it as its own.
#[test]
fn files_that_begin_with_a_dot() {
    let directory = RamDirectory::create();
    let mut schema = Schema::builder();
    schema.add_text_field("body", TEXT);
    let mut index = Index::create(directory.clone(), schema.build(), Default::default()).unwrap();
    let mut writer: IndexWriter<TantivyDocument> = writer(&index);
    writer.commit().unwrap();
    drop(writer);
    let lock = tantivy::directory::Lock { filepath: ".svod-writing".into(), is_blocking: false };
    let _held = index.directory().acquire_lock(&lock).unwrap();
    index.directory_mut().garbage_collect(Default::default).unwrap();
    assert!(
        directory.exists(Path::new(".svod-writing")).unwrap(),
        "tantivy removes files that begin with a dot: look at WRITING in indexer/src/writer/place.rs"
    );
}
