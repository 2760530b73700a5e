//! How an index of an earlier version is taken over: made anew, from its own records.
//!
//! There are no files to make it from again, and the app may have no texts any
//! more. `svod_store::earlier` reads the records of all schemas from 4 on; they
//! become articles as they were understood then.

use std::collections::BTreeMap;
use std::path::Path;

use svod_store::damage::VersionMismatch;
use svod_store::earlier::{KeptPassage, Records, restore};
use svod_store::generation::Generation;
use svod_store::layout::FolderRules;
use svod_store::schema::{
    ArticleKey, ArticleRecord, ContentHash, FileState, KIND_ARTICLE, Outcome, RecordKey, kind_of, language_of,
};
use svod_store::sealed::Sealed;
use svod_text::article::Article;
use tantivy::columnar::Column;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, Index, SegmentReader};

use super::Writer;
use super::options::WriterOptions;
use super::place::Place;
use crate::build::allowance::Allowance;
use crate::build::filling::Filling;
use crate::error::IndexError;
use crate::home::catalog::{Unusable, contradiction, damaged};
use crate::home::committer::{Committer, Step};
use crate::home::generation::OpenGeneration;
use crate::home::merge::{self, Aim};
use crate::progress::Shared;

/// Records are compressed in blocks; this number of them is kept unpacked.
const STORE_CACHE_BLOCKS: usize = 4;

impl Writer {
    /// Opens the index in a folder as [`Writer::open`] does; one that an earlier version of svod wrote is first made anew,
    /// from its own texts.
    ///
    /// Nothing is lost: passages, what the texts were given with, ids and dates are as they were. What a newer version would
    /// understand better of a text, it does when the text is added again. The new index takes the place of the old one when
    /// it is whole, and whatever stops it, the old one stays. It takes about as long as indexing on one core.
    ///
    /// ```no_run
    /// use svod_indexer::{IndexError, Writer};
    ///
    /// let writer = match Writer::open("notes.index") {
    ///     Err(IndexError::OtherVersion { .. }) => Writer::upgrade("notes.index"),
    ///     opened => opened,
    /// }?;
    /// # drop(writer);
    /// # Ok::<(), IndexError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Writer::open`]; of indexes of another version only those are refused that a later one wrote, or that are damaged.
    pub fn upgrade(path: impl AsRef<Path>) -> Result<Writer, IndexError> {
        Writer::upgrade_with(path, &WriterOptions::default())
    }

    /// Opens the index in a folder as [`Writer::upgrade`] does, with options.
    ///
    /// # Errors
    /// As [`Writer::upgrade`].
    pub fn upgrade_with(path: impl AsRef<Path>, options: &WriterOptions) -> Result<Writer, IndexError> {
        let path = path.as_ref();
        match Writer::open_with(path, options) {
            Err(IndexError::OtherVersion { .. }) => {}
            opened => return opened,
        }
        let writer = Writer::new(Place::folder(path)?, options);
        if let Some(older) = writer.place.older()? {
            let target = writer.place.begin()?;
            let taken = take_over(&older, &writer.place, &target, writer.limits.allowance);
            if taken.is_err() {
                writer.place.clean_up(&target);
            }
            taken?;
        }
        writer.go_on()
    }
}

/// Writes all articles of an older index to a new one, and publishes it.
fn take_over(older: &Older, place: &Place, target: &OpenGeneration, allowance: Allowance) -> Result<(), IndexError> {
    let rules = FolderRules::default();
    let mut committer = Committer::open(&target.index, target.fields, &rules)?;
    let mut open: Option<Filling> = None;
    for (number, kept) in (0..).zip(older.articles.values()) {
        let (record, article) =
            older.read(ArticleKey(number), kept).map_err(|unusable| unusable.into_error(place.path()))?;
        let begin = || Filling::new(target, allowance.segment_bytes);
        let mut filling = open.take().map_or_else(begin, Ok)?;
        filling.add(target, &record, article, None)?;
        if allowance.is_full(filling.memory_bytes()) {
            committer.add(filling.close()?)?;
        } else {
            open = Some(filling);
        }
    }
    if let Some(filling) = open {
        committer.add(filling.close()?)?;
    }
    committer.commit(Step::Last)?;
    place.publish(target)?;
    merge::merge(place.path(), &target.index, &mut committer, Aim::FewSegments, &Shared::new(&mut ()))?;
    committer.close()
}

/// An index of an earlier version.
pub(super) struct Older {
    records: Records,
    segments: Vec<OlderSegment>,
    /// By their keys.
    articles: BTreeMap<u64, Kept>,
}

/// Where the records of an article are.
#[derive(Default)]
struct Kept {
    article: Option<DocAddress>,
    /// Each with its place in the article.
    passages: Vec<(u64, DocAddress)>,
}

struct OlderSegment {
    reader: SegmentReader,
    store: StoreReader,
    article: Column<u64>,
    ordinal: Column<u64>,
    kind: Column<u64>,
    language: Column<u64>,
    size: Column<u64>,
    hash: Column<u64>,
    rules: Column<u64>,
}

impl Older {
    /// Opens the index of a generation, after comparing the checksums of all its files.
    pub(super) fn open(generation: &Path) -> Result<Older, Unusable> {
        let files = Sealed::open(Generation::open(generation).map_err(damaged)?).map_err(damaged)?;
        let index = Index::open(files).map_err(damaged)?;
        let unknown = || Unusable::OtherVersion(VersionMismatch::Records);
        let records = Records::of(&index.schema()).ok_or_else(unknown)?;
        let segments = index.searchable_segments().map_err(damaged)?;
        let ids: Vec<_> = segments.iter().map(tantivy::Segment::id).collect();
        merge::check(&index, &ids).map_err(Unusable::Damaged)?;
        let segments = segments.iter().map(|segment| OlderSegment::open(segment).map_err(damaged));
        let mut older = Older { records, segments: segments.collect::<Result<_, _>>()?, articles: BTreeMap::new() };
        older.find_records();
        Ok(older)
    }

    fn find_records(&mut self) {
        for (ordinal, segment) in (0..).zip(&self.segments) {
            for doc in segment.reader.doc_ids_alive() {
                let kept = self.articles.entry(segment.article.first(doc).unwrap_or_default()).or_default();
                let address = DocAddress::new(ordinal, doc);
                match segment.kind.first(doc) {
                    Some(KIND_ARTICLE) => kept.article = Some(address),
                    _ => kept.passages.push((segment.ordinal.first(doc).unwrap_or_default(), address)),
                }
            }
        }
        self.articles.values_mut().for_each(|kept| kept.passages.sort_unstable());
    }

    /// Reads an article, which gets another key.
    fn read(&self, key: ArticleKey, kept: &Kept) -> Result<(ArticleRecord, Article), Unusable> {
        let address = kept.article.ok_or_else(|| contradiction("a passage without its article"))?;
        let segment = &self.segments[address.segment_ord as usize];
        let stored = self.records.article(&segment.record(address)?).map_err(damaged)?;
        let passages = kept.passages.iter().map(|&(_, address)| self.passage(address)).collect::<Result<_, _>>()?;
        let record = ArticleRecord {
            key: RecordKey { article: key, version: 0 },
            name: stored.name,
            path: stored.path,
            size: segment.size.first(address.doc_id).unwrap_or_default(),
            file: FileState::default(),
            hash: segment.hash.first(address.doc_id).map(ContentHash),
            rules: segment.rules.first(address.doc_id).unwrap_or_default(),
            length: None,
            reading: stored.reading,
            outcome: Outcome::Indexed,
        };
        Ok((record, restore(stored.metadata, stored.outline, passages)))
    }

    fn passage(&self, address: DocAddress) -> Result<KeptPassage, Unusable> {
        let segment = &self.segments[address.segment_ord as usize];
        let code = |column: &Column<u64>| column.first(address.doc_id).unwrap_or_default();
        let stored = self.records.passage(&segment.record(address)?).map_err(damaged)?;
        let kind = kind_of(code(&segment.kind)).ok_or_else(|| contradiction("a passage of no kind"))?;
        let language = language_of(code(&segment.language)).ok_or_else(|| contradiction("a passage of no language"))?;
        let lengths = segment.reader.get_fieldnorms_reader(self.records.body()).map_err(damaged)?;
        // A heading with passages below it has no body: its text is in a field of its own.
        Ok(KeptPassage { stored, kind, language, is_alone: lengths.fieldnorm(address.doc_id) > 0 })
    }
}

impl OlderSegment {
    fn open(segment: &tantivy::Segment) -> tantivy::Result<OlderSegment> {
        let reader = SegmentReader::open(segment)?;
        let column = |name: &str| reader.fast_fields().u64(name);
        let [article, ordinal, kind, language] = ["article", "ordinal", "kind", "language"].map(column);
        let [size, hash, rules] = ["size", "hash", "rules"].map(column);
        Ok(OlderSegment {
            store: reader.get_store_reader(STORE_CACHE_BLOCKS)?,
            article: article?,
            ordinal: ordinal?,
            kind: kind?,
            language: language?,
            size: size?,
            hash: hash?,
            rules: rules?,
            reader,
        })
    }

    fn record(&self, address: DocAddress) -> Result<Vec<u8>, Unusable> {
        self.store.get_document_bytes(address.doc_id).map(|bytes| bytes.to_vec()).map_err(damaged)
    }
}
