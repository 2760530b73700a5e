//! Indexes for tests.

use svod_indexer::{Options, index_folder};
use svod_query::Index;

/// Returns the index of a folder that holds one article.
pub(crate) fn index_of(path: &str, article: &str) -> Index {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(path), article).unwrap();
    index_folder(folder.path(), &Options::default(), &mut ()).unwrap();
    Index::open(folder.path()).unwrap()
}
