//! Indexes for tests.

use svod_indexer::{Options, index_folder};
use svod_query::Index;

/// Returns the index of a folder that holds one article.
pub(crate) fn index_of(path: &str, article: &str) -> Index {
    index_of_several(&[(path, article)])
}

/// Returns the index of a folder that holds these articles, each with its path.
pub(crate) fn index_of_several(articles: &[(&str, &str)]) -> Index {
    let folder = tempfile::tempdir().unwrap();
    for (path, article) in articles {
        std::fs::write(folder.path().join(path), article).unwrap();
    }
    index_folder(folder.path(), &Options::default(), &mut ()).unwrap();
    Index::open(folder.path()).unwrap()
}
