//! An index as it was at one commit: what a search reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use svod_corpus::layout::{self, CommitNote, Manifest, ManifestError};
use svod_corpus::schema::{self, ArticleKey, AttachError, Fields, StoredArticle, StoredPassage};
use tantivy::columnar::Column;
use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, IndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyError};

use crate::directory::{META, ReadOnly};
use crate::error::QueryError;
use crate::open::Commit;
use crate::places::{Place, Ranks};
use crate::statistics::Statistics;

/// Blocks of stored records kept unpacked, so that the hits of one article are not unpacked one by one.
const STORE_CACHE_BLOCKS: usize = 16;

/// One commit, opened.
pub(crate) struct State {
    /// The folder of the index.
    pub(crate) home: PathBuf,
    pub(crate) commit: Commit,
    /// The folder of the generation.
    pub(crate) generation: PathBuf,
    /// The indexed folder.
    pub(crate) root: PathBuf,
    /// Whether all of the folder was in the index then.
    pub(crate) is_finished: bool,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
    /// Of each segment its stored records.
    stores: Vec<OnceLock<StoreReader>>,
    /// Of each segment.
    pub(crate) columns: Vec<Columns>,
    pub(crate) statistics: Statistics,
    pub(crate) ranks: Ranks,
}

/// What is known of each record of a segment without reading it.
pub(crate) struct Columns {
    pub(crate) article: Column<u64>,
    pub(crate) ordinal: Column<u64>,
    pub(crate) fingerprint: Column<u64>,
    pub(crate) kind: Column<u64>,
    pub(crate) language: Column<u64>,
}

impl Columns {
    fn of(reader: &SegmentReader) -> tantivy::Result<Columns> {
        let column = |name: &str| reader.fast_fields().u64(name);
        Ok(Columns {
            article: column("article")?,
            ordinal: column("ordinal")?,
            fingerprint: column("fingerprint")?,
            kind: column("kind")?,
            language: column("language")?,
        })
    }
}

impl State {
    /// Opens a commit.
    pub(crate) fn open(home: &Path, commit: &Commit) -> Result<State, QueryError> {
        let generation = home.join(commit.number.to_string());
        let root = match manifest(home, &generation)? {
            Manifest::Folder(root) => root,
            Manifest::FolderAround | Manifest::Texts => home.parent().unwrap_or(home).to_owned(),
        };
        let damaged = |what: TantivyError| QueryError::Damaged { path: home.to_owned(), what: what.to_string() };
        let directory = ReadOnly::open(&generation, &commit.meta).map_err(|error| damaged(error.into()))?;
        let unreadable =
            |_: TantivyError| QueryError::Damaged { path: home.to_owned(), what: format!("`{META}` is not readable") };
        let index = tantivy::Index::open(directory).map_err(unreadable)?;
        let fields = schema::attach(&index).map_err(|error| match error {
            AttachError::Foreign => damaged(TantivyError::SchemaError("its fields are not those of svod".to_owned())),
            AttachError::OtherVersion { .. } => {
                QueryError::OtherVersion { path: home.to_owned(), why: error.to_string() }
            }
        })?;
        // The engine's own readers of stored records are not used.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0);
        let searcher = reader.try_into().map(|reader: IndexReader| reader.searcher()).map_err(damaged)?;
        let columns = searcher.segment_readers().iter().map(Columns::of).collect::<Result<_, _>>().map_err(damaged)?;
        let state = State {
            home: home.to_owned(),
            commit: commit.clone(),
            generation,
            root,
            is_finished: CommitNote::of_commit(&commit.meta).is_none_or(|note| note.is_finished),
            fields,
            statistics: Statistics::new(searcher.clone(), &fields),
            stores: searcher.segment_readers().iter().map(|_| OnceLock::new()).collect(),
            searcher,
            columns,
            ranks: Ranks::default(),
        };
        state.check_lengths()?;
        Ok(state)
    }

    /// Checks that the files of each segment speak of as many records as the list of segments does.
    fn check_lengths(&self) -> Result<(), QueryError> {
        for (reader, columns) in self.searcher.segment_readers().iter().zip(&self.columns) {
            let id = reader.segment_id().uuid_string();
            let lengths = reader.get_fieldnorms_reader(self.fields.body).map_err(|error| self.damaged(error))?;
            let alive = reader.alive_bitset().map_or(reader.max_doc(), |alive| alive.bitset().max_value());
            let told = [lengths.num_docs(), columns.article.num_docs(), columns.kind.num_docs(), alive];
            if told != [reader.max_doc(); 4] {
                return Err(self.damaged(format!("the files of segment {id} do not fit together")));
            }
            // The engine takes a missing file of positions for an empty one.
            if !self.generation.join(format!("{id}.pos")).is_file() {
                return Err(self.damaged(format!("`{id}.pos` is missing")));
            }
        }
        Ok(())
    }

    pub(crate) fn damaged(&self, what: impl ToString) -> QueryError {
        QueryError::Damaged { path: self.home.clone(), what: what.to_string() }
    }

    /// Returns the key of the article of a record.
    pub(crate) fn article_of(&self, address: DocAddress) -> u64 {
        self.columns[address.segment_ord as usize].article.first(address.doc_id).unwrap_or_default()
    }

    /// Returns where a record stands: its article's key, and its place in it.
    pub(crate) fn place(&self, address: DocAddress) -> Place {
        let ordinals = &self.columns[address.segment_ord as usize].ordinal;
        (self.article_of(address), ordinals.first(address.doc_id).unwrap_or_default())
    }

    /// Reads the bytes of a record. The store of a segment is opened with its first.
    fn record(&self, address: DocAddress) -> tantivy::Result<OwnedBytes> {
        let segment = address.segment_ord as usize;
        let store = match self.stores[segment].get() {
            Some(store) => store,
            None => {
                let opened = self.searcher.segment_readers()[segment].get_store_reader(STORE_CACHE_BLOCKS)?;
                self.stores[segment].get_or_init(|| opened)
            }
        };
        store.get_document_bytes(address.doc_id)
    }

    /// Reads a passage record.
    pub(crate) fn passage(&self, address: DocAddress) -> Result<StoredPassage, QueryError> {
        let record = self.record(address).map_err(|error| self.damaged(error))?;
        StoredPassage::read(&self.fields, &record).map_err(|error| self.damaged(error))
    }

    /// Reads an article record.
    pub(crate) fn article(&self, key: ArticleKey) -> Result<StoredArticle, QueryError> {
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            if let Some(doc) = schema::find_article(&self.fields, reader, key).map_err(|error| self.damaged(error))? {
                return self.article_at(DocAddress::new(segment as u32, doc));
            }
        }
        Err(self.damaged("a passage without its article"))
    }

    pub(crate) fn article_at(&self, address: DocAddress) -> Result<StoredArticle, QueryError> {
        let record = self.record(address).map_err(|error| self.damaged(error))?;
        StoredArticle::read(&self.fields, &record).map_err(|error| self.damaged(error))
    }
}

/// Reads what a generation is an index of.
pub(crate) fn manifest(home: &Path, generation: &Path) -> Result<Manifest, QueryError> {
    let path = generation.join(layout::MANIFEST);
    let damaged =
        |what: &str| QueryError::Damaged { path: home.to_owned(), what: format!("`{}` {what}", layout::MANIFEST) };
    let json = match fs::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| damaged("is not readable"))?,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Err(damaged("is missing")),
        Err(source) => return Err(QueryError::Read { path, source }),
    };
    Manifest::parse(&json).map_err(|error| match error {
        ManifestError::Foreign => damaged("is not readable"),
        ManifestError::OtherFormat(_) => QueryError::OtherVersion { path: home.to_owned(), why: error.to_string() },
    })
}
