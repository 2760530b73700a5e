//! The order of articles by their paths, for hits with equal scores.
//!
//! Keys of articles say nothing of their paths once files came and went. The
//! order is made when two articles tie for the first time: of each article one
//! number is read, and the paths of a segment are sorted already.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

use tantivy::columnar::Column;
use tantivy::{DocId, Searcher, SegmentReader};

/// The rank of each article's path, made when it is first asked for.
#[derive(Default)]
pub(crate) struct Ranks {
    /// By the article's key; or why they cannot be read.
    by_key: OnceLock<Result<HashMap<u64, u32>, String>>,
}

/// The place of a passage: its article's key and its place in it.
pub(crate) type Place = (u64, u64);

impl Ranks {
    /// Compares two places, by path and ordinal.
    pub(crate) fn compare(&self, searcher: &Searcher, one: Place, other: Place) -> Ordering {
        if one.0 == other.0 {
            return one.1.cmp(&other.1);
        }
        let Ok(by_key) = self.by_key.get_or_init(|| ranks(searcher).map_err(|error| error.to_string())) else {
            // Who asked looks at `failure` in the end.
            return Ordering::Equal;
        };
        // The keys themselves only order what has no record: damage, which the reading of the hits names.
        let rank = |place: Place| (by_key.get(&place.0), place.0);
        rank(one).cmp(&rank(other))
    }

    /// Returns why paths could not be compared, if any were.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.by_key.get()?.as_ref().err().map(String::as_str)
    }
}

fn ranks(searcher: &Searcher) -> tantivy::Result<HashMap<u64, u32>> {
    let segments = searcher.segment_readers();
    let mut articles = Vec::new();
    for reader in segments {
        let Some(paths) = reader.fast_fields().bytes("path")? else { continue };
        let of_article = reader.fast_fields().u64("article")?;
        let mut sorted = Vec::new();
        if segments.len() > 1 {
            let mut stream = paths.dictionary().stream()?;
            while stream.advance() {
                sorted.push(stream.key().to_vec());
            }
        }
        for doc in with_path(reader, paths.ords()) {
            if let (Some(key), Some(ordinal)) = (of_article.first(doc), paths.ords().first(doc)) {
                let path = sorted.get(ordinal as usize).cloned().unwrap_or_default();
                articles.push((path, ordinal, key));
            }
        }
    }
    articles.sort_unstable();
    Ok(articles.into_iter().zip(0..).map(|((.., key), rank)| (key, rank)).collect())
}

/// The records of a segment that have a path, which are those of articles, in order.
fn with_path(reader: &SegmentReader, paths: &Column<u64>) -> Vec<DocId> {
    let mut docs = (0..paths.values.num_vals()).collect();
    // From the place among all values to the record that has it.
    paths.index.select_batch_in_place(0, &mut docs);
    docs.retain(|&doc| !reader.is_deleted(doc));
    docs
}
