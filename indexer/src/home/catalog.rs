//! The catalogue: what the index knows of each source.
//!
//! The article records of the index are the catalogue, so the two can never
//! disagree. Read through their columns: 100,000 records take some tens of
//! milliseconds, and what is stored is read only of sources that moved.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use svod_store::damage::{Damage, VersionMismatch};
use svod_store::generation::Generation;
use svod_store::layout::CommitNote;
use svod_store::schema::{
    self, ArticleName, AttachError, ContentHash, Fields, FileState, KIND_SKIPPED, Outcome, RecordKey, StoredArticle,
};
use svod_store::sealed::{BrokenSeal, Sealed};
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::directory::RamDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::store::StoreReader;
use tantivy::{Directory, DocAddress, DocId, Index, SegmentReader, TantivyError};

use crate::error::IndexError;

/// What an index knows of the sources it was made of.
pub(crate) struct Catalog {
    pub(crate) index: Index,
    pub(crate) fields: Fields,
    /// What was kept with the last commit.
    pub(crate) note: CommitNote,
    /// By path, as [`svod_store::layout::path_bytes`] gives it.
    pub(crate) entries: HashMap<Vec<u8>, Entry>,
    readers: Vec<SegmentReader>,
}

/// What is known of a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) key: RecordKey,
    pub(crate) name: ArticleName,
    pub(crate) bytes: u64,
    /// Nothing if that proves nothing.
    pub(crate) state: FileState,
    /// None if it could not be read.
    pub(crate) hash: Option<ContentHash>,
    pub(crate) stamp: u64,
    pub(crate) length: Option<u64>,
    pub(crate) is_skipped: bool,
    record: DocAddress,
}

/// Why an index cannot be brought up to date, but only made anew.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// It was made by another version.
    #[error("it was made by another version of svod ({0})")]
    OtherVersion(VersionMismatch),
    /// It is damaged.
    #[error("it was damaged ({0})")]
    Damaged(Damage),
}

impl Unusable {
    /// Returns the error of a caller that cannot make the index anew.
    pub(crate) fn into_error(self, index: &Path) -> IndexError {
        let index = index.to_owned();
        match self {
            Unusable::OtherVersion(mismatch) => IndexError::OtherVersion { index, mismatch },
            Unusable::Damaged(damage) => IndexError::Damaged { index, damage },
        }
    }
}

/// Opens an index that is of this version.
fn attach(directory: impl Into<Box<dyn Directory>>) -> Result<(Index, Fields), Unusable> {
    let index = Index::open(directory).map_err(damaged)?;
    let fields = schema::attach(&index).map_err(|error| match error {
        AttachError::Foreign => damaged(error),
        AttachError::OtherVersion { found, expected } => {
            Unusable::OtherVersion(VersionMismatch::Stamp { found, expected })
        }
    })?;
    Ok((index, fields))
}

/// Says why tantivy cannot read a file, in the words of the check that failed.
fn unread(error: TantivyError) -> Unusable {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) | TantivyError::IoError(io_error) => {
            damaged(io_error)
        }
        error => damaged(error),
    }
}

pub(crate) fn damaged(cause: impl Error + Send + Sync + 'static) -> Unusable {
    Unusable::Damaged(Damage::unreadable(cause))
}

pub(crate) fn contradiction(what: &'static str) -> Unusable {
    Unusable::Damaged(Damage::Records(what))
}

impl Catalog {
    /// Reads the catalogue of a generation. Writes nothing, not even a lock.
    pub(crate) fn read(generation: &Path) -> Result<Catalog, Unusable> {
        let files = Sealed::open(Generation::open(generation).map_err(damaged)?).map_err(damaged)?;
        let (index, fields) = attach(files.clone())?;
        if !files.is_sealed() {
            return Err(damaged(BrokenSeal));
        }
        Catalog::of(index, fields)
    }

    /// Reads the catalogue of an index in memory.
    pub(crate) fn of_memory(directory: RamDirectory) -> Result<Catalog, Unusable> {
        let (index, fields) = attach(directory)?;
        Catalog::of(index, fields)
    }

    fn of(index: Index, fields: Fields) -> Result<Catalog, Unusable> {
        let metas = index.load_metas().map_err(damaged)?;
        let note = metas.payload.as_deref().and_then(CommitNote::parse);
        let note = note.ok_or_else(|| contradiction("its commit has no note"))?;
        let mut catalog = Catalog { index, fields, note, entries: HashMap::new(), readers: Vec::new() };
        for (ordinal, segment) in catalog.index.searchable_segments().map_err(damaged)?.iter().enumerate() {
            let reader = SegmentReader::open(segment).map_err(unread)?;
            catalog.add(ordinal as u32, &reader)?;
            catalog.readers.push(reader);
        }
        Ok(catalog)
    }

    fn add(&mut self, segment: u32, reader: &SegmentReader) -> Result<(), Unusable> {
        let number = |name: &str| reader.fast_fields().u64(name).map_err(unread);
        // Only article records have a size.
        let sizes = number("size")?;
        let records: Vec<DocId> = match &sizes.index {
            ColumnIndex::Empty { .. } => Vec::new(),
            ColumnIndex::Full => (0..reader.max_doc()).collect(),
            ColumnIndex::Optional(index) => index.iter_non_null_docs().collect(),
            ColumnIndex::Multivalued(_) => return Err(contradiction("an article of two sizes")),
        };
        let Some(paths) = reader.fast_fields().bytes("path").map_err(unread)? else { return Ok(()) };
        let columns = [number("key")?, number("name")?, number("rules")?, number("kind")?];
        let states = [number("modified")?, number("changed")?, number("inode")?];
        let [hashes, lengths] = ["hash", "length"].map(|name| number(name).ok());
        let some = |column: &Option<Column<u64>>, doc| column.as_ref().and_then(|column| column.first(doc));
        let mut by_path = vec![DocId::MAX; paths.num_terms()];
        for doc in records.into_iter().filter(|&doc| !reader.is_deleted(doc)) {
            let path = paths.ords().first(doc).and_then(|path| by_path.get_mut(path as usize));
            *path.ok_or_else(|| contradiction("an article without a path"))? = doc;
        }
        let mut stream = paths.dictionary().stream().map_err(damaged)?;
        for doc in by_path {
            if !stream.advance() {
                return Err(contradiction("an article without a path"));
            }
            if doc == DocId::MAX {
                continue;
            }
            let [key, name, stamp, kind] = columns.each_ref().map(|column| column.first(doc));
            let [modified, changed, inode] = states.each_ref().map(|column| column.first(doc).unwrap_or_default());
            let entry = Entry {
                key: RecordKey::from_number(key.unwrap_or_default()),
                name: ArticleName::from_number(name.unwrap_or_default()),
                bytes: sizes.first(doc).unwrap_or_default(),
                state: FileState { modified, changed, inode },
                hash: some(&hashes, doc).map(ContentHash),
                length: some(&lengths, doc),
                stamp: stamp.unwrap_or_default(),
                is_skipped: kind == Some(KIND_SKIPPED),
                record: DocAddress::new(segment, doc),
            };
            if self.entries.insert(stream.key().to_vec(), entry).is_some() {
                return Err(contradiction("two articles of one path"));
            }
        }
        Ok(())
    }

    /// Reads what is stored of a source.
    pub(crate) fn stored(&self, entry: &Entry) -> Result<StoredArticle, Unusable> {
        let reader = &self.readers[entry.record.segment_ord as usize];
        let store: StoreReader = reader.get_store_reader(1).map_err(damaged)?;
        let record = store.get_document_bytes(entry.record.doc_id).map_err(damaged)?;
        StoredArticle::read(&self.fields, &record).map_err(damaged)
    }

    /// Reads why a source was skipped.
    pub(crate) fn skip_reason(&self, entry: &Entry) -> Result<String, Unusable> {
        match self.stored(entry)?.outcome {
            Outcome::Skipped(reason) => Ok(reason),
            Outcome::Indexed => Err(contradiction("a skipped article that was read")),
        }
    }

    /// Returns the number of passages in the index.
    pub(crate) fn passages(&self) -> u64 {
        let records: u64 = self.readers.iter().map(|reader| u64::from(reader.num_docs())).sum();
        records.saturating_sub(self.entries.len() as u64)
    }

    /// Returns the number of articles in the index, and the size of their sources in bytes.
    pub(crate) fn articles(&self) -> (u64, u64) {
        let read = self.entries.values().filter(|entry| !entry.is_skipped);
        read.fold((0, 0), |(articles, bytes), entry| (articles + 1, bytes + entry.bytes))
    }

    /// Returns whether all is in one segment, without deleted records.
    pub(crate) fn is_optimal(&self) -> bool {
        self.readers.len() <= 1 && !self.readers.iter().any(SegmentReader::has_deletes)
    }
}
