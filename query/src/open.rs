//! Opening an index, and reading its records.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use svod_corpus::layout::{self, Manifest, ManifestError, path_from_bytes};
use svod_corpus::schema::{
    self, ArticleKey, AttachError, Fields, KIND_ARTICLE, KIND_SKIPPED, Outcome, StoredArticle, StoredPassage,
};
use tantivy::directory::MmapDirectory;
use tantivy::{DocAddress, IndexReader, ReloadPolicy, Searcher, TantivyDocument};

use crate::error::QueryError;
use crate::hit::Status;

/// Blocks of stored records kept unpacked, so that the hits of one article are not unpacked one by one.
const STORE_CACHE_BLOCKS: usize = 64;

/// An opened index. Cheap to clone; can be searched from many threads.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    /// The folder of the index.
    home: PathBuf,
    /// The folder of the current generation.
    generation: PathBuf,
    /// The indexed folder.
    root: PathBuf,
    fields: Fields,
    reader: IndexReader,
}

impl Inner {
    /// Opens one generation of an index.
    fn open(home: &Path, number: u64) -> Result<Inner, QueryError> {
        let home = home.to_owned();
        let generation = home.join(number.to_string());
        let manifest = Manifest::parse(&read(&generation.join(layout::MANIFEST))?).map_err(|error| match error {
            ManifestError::Foreign => QueryError::NotAnIndex(home.clone()),
            ManifestError::OtherFormat(_) => QueryError::OtherVersion { path: home.clone(), why: error.to_string() },
        })?;
        let root = manifest.root.unwrap_or_else(|| home.parent().unwrap_or(&home).to_owned());
        let damaged =
            |error: tantivy::TantivyError| QueryError::Damaged { path: home.clone(), what: error.to_string() };
        let directory = MmapDirectory::open(&generation).map_err(|error| damaged(error.into()))?;
        let index = tantivy::Index::open(directory).map_err(damaged)?;
        let fields = schema::attach(&index).map_err(|error| match error {
            AttachError::Foreign => QueryError::NotAnIndex(home.clone()),
            AttachError::OtherVersion { .. } => QueryError::OtherVersion { path: home.clone(), why: error.to_string() },
        })?;
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(STORE_CACHE_BLOCKS);
        let reader = reader.try_into().map_err(damaged)?;
        Ok(Inner { home, generation, root, fields, reader })
    }
}

fn read(path: &Path) -> Result<String, QueryError> {
    fs::read_to_string(path).map_err(|source| QueryError::Read { path: path.to_owned(), source })
}

/// Returns the number of the current generation.
fn current(home: &Path) -> Result<u64, QueryError> {
    layout::parse_pointer(&read(&home.join(layout::POINTER))?).ok_or_else(|| QueryError::NotAnIndex(home.to_owned()))
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("home", &self.inner.home).field("root", &self.inner.root).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index at a path: the indexed folder, or the folder of the index itself.
    ///
    /// Costs a few milliseconds, whatever the size.
    ///
    /// # Errors
    /// If there is no index, or it cannot be used.
    pub fn open(path: &Path) -> Result<Index, QueryError> {
        let home = find_home(path)?;
        let mut number = current(&home)?;
        loop {
            let opened = Inner::open(&home, number);
            // The generation may have been replaced by a newer one meanwhile.
            match current(&home)? {
                newer if opened.is_err() && newer != number => number = newer,
                _ => return Ok(Index { inner: Arc::new(opened?) }),
            }
        }
    }

    /// Finds the folder with an index that is nearest to `start`: itself, or the first above it.
    pub fn find(start: &Path) -> Option<PathBuf> {
        start.ancestors().find(|folder| is_home(&folder.join(layout::FOLDER))).map(Path::to_owned)
    }

    /// Returns the indexed folder.
    pub fn root(&self) -> &Path {
        &self.inner.root
    }

    /// Returns the folder of the index.
    pub fn path(&self) -> &Path {
        &self.inner.home
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.inner.fields
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.inner.reader.searcher()
    }

    pub(crate) fn damaged(&self, what: impl ToString) -> QueryError {
        QueryError::Damaged { path: self.inner.home.clone(), what: what.to_string() }
    }

    /// Reads a passage record.
    pub(crate) fn passage(&self, searcher: &Searcher, address: DocAddress) -> Result<StoredPassage, QueryError> {
        let record: TantivyDocument = searcher.doc(address).map_err(|error| self.damaged(error))?;
        StoredPassage::read(self.fields(), &record).map_err(|error| self.damaged(error))
    }

    /// Reads an article record.
    pub(crate) fn article(&self, searcher: &Searcher, key: ArticleKey) -> Result<StoredArticle, QueryError> {
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            if let Some(doc) = schema::find_article(self.fields(), reader, key).map_err(|error| self.damaged(error))? {
                let record: TantivyDocument =
                    searcher.doc(DocAddress::new(segment as u32, doc)).map_err(|error| self.damaged(error))?;
                return StoredArticle::read(self.fields(), &record).map_err(|error| self.damaged(error));
            }
        }
        Err(self.damaged("a passage without its article"))
    }

    /// Returns what the index holds.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn status(&self) -> Result<Status, QueryError> {
        let searcher = self.searcher();
        let mut counts: HashMap<u64, u64> = HashMap::new();
        let (mut articles, mut passages, mut skipped) = (0, 0, Vec::new());
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let column = |name: &str| reader.fast_fields().u64(name).map_err(|error| self.damaged(error));
            let (kinds, languages) = (column("kind")?, column("language")?);
            for doc in reader.doc_ids_alive() {
                match kinds.first(doc) {
                    Some(KIND_ARTICLE) => articles += 1,
                    Some(KIND_SKIPPED) => {
                        let record: TantivyDocument =
                            searcher.doc(DocAddress::new(segment as u32, doc)).map_err(|error| self.damaged(error))?;
                        let article =
                            StoredArticle::read(self.fields(), &record).map_err(|error| self.damaged(error))?;
                        if let Outcome::Skipped(reason) = article.outcome {
                            skipped.push((path_from_bytes(&article.path), reason));
                        }
                    }
                    _ => {
                        passages += 1;
                        *counts.entry(languages.first(doc).unwrap_or_default()).or_default() += 1;
                    }
                }
            }
        }
        skipped.sort();
        let mut languages: Vec<_> =
            counts.into_iter().filter_map(|(code, count)| Some((schema::language_of(code)?, count))).collect();
        languages.sort_by_key(|&(language, count)| (std::cmp::Reverse(count), language));
        Ok(Status {
            index: self.inner.home.clone(),
            root: self.inner.root.clone(),
            stamp: schema::stamp(),
            articles,
            passages,
            languages,
            bytes: size(&self.inner.generation),
            segments: searcher.segment_readers().len(),
            skipped,
        })
    }
}

fn find_home(path: &Path) -> Result<PathBuf, QueryError> {
    let path = path.canonicalize().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => QueryError::FolderMissing(path.to_owned()),
        _ => QueryError::Read { path: path.to_owned(), source },
    })?;
    let inside = path.join(layout::FOLDER);
    if is_home(&path) {
        Ok(path)
    } else if is_home(&inside) {
        Ok(inside)
    } else if path.file_name().is_some_and(|name| name == layout::FOLDER) || inside.exists() || path.is_file() {
        Err(QueryError::NotAnIndex(path))
    } else {
        Err(QueryError::NoIndex(path))
    }
}

fn is_home(path: &Path) -> bool {
    path.join(layout::POINTER).is_file()
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
