//! An index as it was at one commit, or several as they were at one commit of
//! each: what a search reads.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use svod_store::damage::{Damage, VersionMismatch};
use svod_store::generation::Generation;
use svod_store::layout::{self, CommitNote, META, Manifest, ManifestError};
use svod_store::regular;
use svod_store::schema::{self, AttachError, Fields, StoredArticle, StoredPassage, directory_of};
use svod_store::sealed::{BrokenSeal, Sealed};
use tantivy::columnar::Column;
use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use tantivy::{Directory, DocAddress, DocId, IndexReader, ReloadPolicy, Searcher, SegmentReader};

use crate::error::QueryError;
use crate::index::directory::ReadOnly;
use crate::index::open::{Commit, Home};
use crate::index::path_order::{ArticleNumber, LowerPaths, PassagePlace, Ranks};
use crate::index::statistics::Statistics;

/// Blocks of stored records kept unpacked, so that the hits of one article are not unpacked one by one.
const STORE_CACHE_BLOCKS: usize = 16;

/// What is wrong with a file that holds no JSON, or not what it should.
const NOT_READABLE: &str = "is not readable";

/// Commits, opened.
pub(crate) struct State {
    pub(crate) members: Vec<Member>,
    /// Of each segment the member that it is of.
    member_of: Vec<usize>,
    /// Whether all of the folders was in the indexes then.
    pub(crate) is_finished: bool,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
    /// Of each segment its stored records.
    stores: Vec<OnceLock<StoreReader>>,
    /// Of each segment.
    pub(crate) columns: Vec<Columns>,
    pub(crate) statistics: Statistics,
    pub(crate) ranks: Ranks,
    pub(crate) lower_paths: LowerPaths,
}

/// One of the indexes that are opened as one.
pub(crate) struct Member {
    pub(crate) home: Home,
    pub(crate) commit: Commit,
    /// The indexed folder; `None` where an app wrote the texts.
    pub(crate) root: Option<Arc<Path>>,
    files: Box<dyn Directory>,
    /// Whether the files are compared with checksums when they are read; there is no need to in memory.
    is_checked: bool,
}

impl Member {
    fn of(home: &Home, commit: &Commit) -> Result<Member, QueryError> {
        let root = match home {
            Home::Memory(_) => None,
            Home::Folder(path) => manifest(path, &path.join(commit.number.to_string()))?.root(path).map(Arc::from),
        };
        let (files, is_checked): (Box<dyn Directory>, bool) = match home {
            Home::Memory(memory) => (Box::new(directory_of(memory)), true),
            Home::Folder(path) => {
                let files = files_of(path, commit)?;
                let is_sealed = files.is_sealed();
                (Box::new(files), is_sealed)
            }
        };
        Ok(Member { home: home.clone(), commit: commit.clone(), root, files, is_checked })
    }

    /// Returns the folder of the index.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        match &self.home {
            Home::Folder(path) => Some(path.clone()),
            Home::Memory(_) => None,
        }
    }

    /// Returns the folder of the generation.
    pub(crate) fn generation(&self) -> Option<PathBuf> {
        self.folder().map(|path| path.join(self.commit.number.to_string()))
    }

    fn is_finished(&self) -> bool {
        CommitNote::of_commit(&self.commit.meta).is_none_or(|note| note.is_finished)
    }

    fn damaged(&self, damage: Damage) -> QueryError {
        QueryError::Damaged { path: self.home.name().to_owned(), damage }
    }
}

/// Returns the files of a commit of the index in a folder.
pub(crate) fn files_of(home: &Path, commit: &Commit) -> Result<Sealed, QueryError> {
    let damaged = |damage| QueryError::Damaged { path: home.to_owned(), damage };
    let folder = Generation::open(&home.join(commit.number.to_string()));
    let folder = folder.map_err(|error| damaged(Damage::unreadable(error)))?;
    Sealed::at(folder, &commit.meta).map_err(|broken| damaged(Damage::unreadable(broken)))
}

/// Returns the files of all members as one folder.
fn directory(members: &[Member]) -> Result<ReadOnly, QueryError> {
    if let [member] = members {
        return Ok(ReadOnly::of(member.files.clone(), &member.commit.meta));
    }
    let files = members.iter().map(|member| member.files.clone()).collect();
    let metas: Vec<&[u8]> = members.iter().map(|member| &*member.commit.meta).collect();
    ReadOnly::of_several(files, &metas).map_err(|member| unfit(members, member))
}

/// Returns why indexes cannot be opened as one: one of them was made anew by another version, or is damaged.
fn unfit(members: &[Member], suspect: usize) -> QueryError {
    let alone =
        |member: &Member| State::open(std::slice::from_ref(&member.home), std::slice::from_ref(&member.commit)).err();
    let unreadable = || members[suspect].damaged(Damage::file(META, NOT_READABLE));
    members.iter().find_map(alone).unwrap_or_else(unreadable)
}

/// What is known of each record of a segment without reading it.
pub(crate) struct Columns {
    pub(crate) article: Column<u64>,
    pub(crate) ordinal: Column<u64>,
    pub(crate) fingerprint: Column<u64>,
    pub(crate) kind: Column<u64>,
    pub(crate) language: Column<u64>,
    /// None where no passage is a part that runs on.
    runs_on: Option<Column<u64>>,
    /// The records that do, when it was needed.
    parts: OnceLock<Vec<DocId>>,
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
            runs_on: reader.fast_fields().u64_lenient("runs_on")?.map(|(column, _)| column),
            parts: OnceLock::new(),
        })
    }
}

impl State {
    /// Opens one commit of each of these.
    pub(crate) fn open(homes: &[Home], commits: &[Commit]) -> Result<State, QueryError> {
        State::open_members(
            homes.iter().zip(commits).map(|(home, commit)| Member::of(home, commit)).collect::<Result<_, _>>()?,
        )
    }

    fn open_members(members: Vec<Member>) -> Result<State, QueryError> {
        let first = &members[0];
        let directory = directory(&members)?;
        let index = tantivy::Index::open(directory.clone());
        let index = index.map_err(|_| first.damaged(Damage::file(META, NOT_READABLE)))?;
        let fields = schema::attach(&index).map_err(|error| match error {
            AttachError::Foreign => first.damaged(Damage::Records("its fields are not those of svod")),
            AttachError::OtherVersion { found, expected } => QueryError::OtherVersion {
                path: first.home.name().to_owned(),
                mismatch: VersionMismatch::Stamp { found, expected },
            },
        })?;
        if let Some(member) = members.iter().find(|member| !member.is_checked) {
            return Err(member.damaged(Damage::unreadable(BrokenSeal)));
        }
        // Tantivy's own readers of stored records are not used.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0);
        let searcher = reader.try_into().map(|reader: IndexReader| reader.searcher());
        let searcher = searcher.map_err(|error| first.damaged(Damage::unreadable(error)))?;
        let segments = searcher.segment_readers();
        let columns = segments
            .iter()
            .map(Columns::of)
            .collect::<Result<_, _>>()
            .map_err(|error| first.damaged(Damage::unreadable(error)))?;
        let state = State {
            is_finished: members.iter().all(Member::is_finished),
            member_of: segments.iter().map(|reader| directory.member_of(&reader.segment_id().uuid_string())).collect(),
            fields,
            statistics: Statistics::new(searcher.clone(), &fields),
            stores: segments.iter().map(|_| OnceLock::new()).collect(),
            columns,
            ranks: Ranks::default(),
            lower_paths: LowerPaths::default(),
            searcher,
            members,
        };
        state.check_lengths(&directory)?;
        Ok(state)
    }

    /// Checks that the files of each segment speak of as many records as the list of segments does.
    fn check_lengths(&self, directory: &ReadOnly) -> Result<(), QueryError> {
        for (reader, columns) in self.searcher.segment_readers().iter().zip(&self.columns) {
            let id = reader.segment_id().uuid_string();
            let lengths = reader.get_fieldnorms_reader(self.fields.body).map_err(|error| self.damaged(error))?;
            let alive = reader.alive_bitset().map_or(reader.max_doc(), |alive| alive.bitset().max_value());
            let told = [lengths.num_docs(), columns.article.num_docs(), columns.kind.num_docs(), alive];
            if told != [reader.max_doc(); 4] {
                return Err(self.broken(Damage::Segment(id)));
            }
            // Tantivy takes a missing file of positions for an empty one.
            let positions = format!("{id}.pos");
            if !directory.exists(Path::new(&positions)).map_err(|error| self.damaged(error))? {
                return Err(self.broken(Damage::file(positions, "is missing")));
            }
        }
        Ok(())
    }

    /// Blames the first index for what made reading fail. `guarded` finds out which of several is really damaged.
    pub(crate) fn damaged(&self, cause: impl Error + Send + Sync + 'static) -> QueryError {
        self.broken(Damage::unreadable(cause))
    }

    /// Blames the first index as [`State::damaged`] does.
    pub(crate) fn broken(&self, damage: Damage) -> QueryError {
        self.members[0].damaged(damage)
    }

    /// Returns which of the indexes a segment is of.
    pub(crate) fn member_of(&self, segment: usize) -> usize {
        self.member_of[segment]
    }

    /// Returns the article of a record.
    pub(crate) fn article_of(&self, address: DocAddress) -> ArticleNumber {
        let segment = address.segment_ord as usize;
        let key = self.columns[segment].article.first(address.doc_id).unwrap_or_default();
        ArticleNumber::new(self.member_of[segment], key)
    }

    /// Returns where a record stands: its article, and its place in it.
    pub(crate) fn place(&self, address: DocAddress) -> PassagePlace {
        let ordinals = &self.columns[address.segment_ord as usize].ordinal;
        (self.article_of(address), ordinals.first(address.doc_id).unwrap_or_default())
    }

    /// Returns whether what is searched of a passage runs on into the next part of its paragraph.
    pub(crate) fn runs_on(&self, address: DocAddress) -> bool {
        let column = &self.columns[address.segment_ord as usize].runs_on;
        column.as_ref().is_some_and(|column| column.first(address.doc_id).is_some())
    }

    /// Returns the passages of a segment that run on, in order.
    pub(crate) fn parts(&self, segment: u32) -> &[DocId] {
        let Columns { runs_on: Some(column), parts, .. } = &self.columns[segment as usize] else { return &[] };
        parts.get_or_init(|| {
            let mut docs = (0..column.values.num_vals()).collect();
            column.index.select_batch_in_place(0, &mut docs);
            docs
        })
    }

    /// Returns how many passages of a segment run on, deleted ones too.
    pub(crate) fn count_parts(&self, segment: u32) -> u64 {
        self.columns[segment as usize].runs_on.as_ref().map_or(0, |column| column.values.num_vals().into())
    }

    /// Returns the segments of the index that has an article.
    pub(crate) fn segments_of(&self, article: ArticleNumber) -> impl Iterator<Item = (u32, &SegmentReader)> {
        let segments = (0..).zip(self.searcher.segment_readers());
        segments.filter(move |&(segment, _)| self.member_of[segment as usize] == article.member())
    }

    /// Returns the folder that the path of an article is below.
    pub(crate) fn root_of(&self, article: ArticleNumber) -> Option<Arc<Path>> {
        self.members[article.member()].root.clone()
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
    pub(crate) fn article(&self, article: ArticleNumber) -> Result<StoredArticle, QueryError> {
        for (segment, reader) in self.segments_of(article) {
            let found = schema::find_article(&self.fields, reader, article.key());
            if let Some(doc) = found.map_err(|error| self.damaged(error))? {
                return self.article_at(DocAddress::new(segment, doc));
            }
        }
        Err(self.broken(Damage::Records("a passage without its article")))
    }

    pub(crate) fn article_at(&self, address: DocAddress) -> Result<StoredArticle, QueryError> {
        let record = self.record(address).map_err(|error| self.damaged(error))?;
        StoredArticle::read(&self.fields, &record).map_err(|error| self.damaged(error))
    }
}

/// Reads what a generation is an index of.
pub(crate) fn manifest(home: &Path, generation: &Path) -> Result<Manifest, QueryError> {
    let path = generation.join(layout::MANIFEST);
    let damaged = |what| QueryError::Damaged { path: home.to_owned(), damage: Damage::file(layout::MANIFEST, what) };
    let json = match regular::read(&path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| damaged(NOT_READABLE))?,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Err(damaged("is missing")),
        Err(source) => return Err(QueryError::Read { path, source }),
    };
    Manifest::parse(&json).map_err(|error| match error {
        ManifestError::Foreign => damaged(NOT_READABLE),
        ManifestError::OtherFormat(format) => {
            QueryError::OtherVersion { path: home.to_owned(), mismatch: VersionMismatch::Format(format) }
        }
    })
}
