//! The order of articles by their paths, for hits with equal scores.
//!
//! Keys of articles say nothing of their paths once files came and went. The
//! order is made when two articles tie for the first time: of each article one
//! number is read, and the paths of a segment are sorted already.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use svod_store::schema::ArticleKey;
use tantivy::columnar::BytesColumn;
use tantivy::{DocAddress, TantivyError};

use crate::index::state::State;

/// The rank of each article's path, made when it is first asked for.
#[derive(Default)]
pub(crate) struct Ranks {
    /// Articles with their ranks, by number; or why they cannot be read.
    by_key: OnceLock<Result<Vec<ArticleRank>, Arc<TantivyError>>>,
}

/// Names an article among all that are opened: which of the indexes it is of, and its key there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ArticleNumber(u64);

impl ArticleNumber {
    pub(crate) fn new(member: usize, key: u64) -> ArticleNumber {
        ArticleNumber((member as u64) << 32 | key)
    }

    /// Returns which of the indexes that are opened as one has it.
    pub(crate) fn member(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// Returns its key in that index.
    pub(crate) fn key(self) -> ArticleKey {
        ArticleKey(self.0 as u32)
    }
}

/// An article and the rank of its path.
type ArticleRank = (ArticleNumber, u64);

/// The place of a passage: its article and its place in it.
pub(crate) type PassagePlace = (ArticleNumber, u64);

impl Ranks {
    /// Compares two places, by path and ordinal.
    pub(crate) fn compare(&self, state: &State, one: PassagePlace, other: PassagePlace) -> Ordering {
        if one.0 == other.0 {
            return one.1.cmp(&other.1);
        }
        let Ok(by_key) = self.by_key.get_or_init(|| ranks(state).map_err(Arc::new)) else {
            // The caller looks at `failure` in the end.
            return Ordering::Equal;
        };
        let rank = |key| by_key.binary_search_by_key(&key, |known| known.0).ok().map(|at| by_key[at].1);
        // The keys themselves only order what has no record: damage, which the reading of the hits names.
        (rank(one.0), one.0).cmp(&(rank(other.0), other.0))
    }

    /// Returns the rank of the path of an article.
    pub(crate) fn of(&self, state: &State, article: ArticleNumber) -> tantivy::Result<u64> {
        let by_key = self.by_key.get_or_init(|| ranks(state).map_err(Arc::new));
        let by_key = by_key.as_ref().map_err(|error| TantivyError::InternalError(error.to_string()))?;
        let at = by_key.binary_search_by_key(&article, |known| known.0);
        Ok(at.map_or(u64::MAX, |at| by_key[at].1))
    }

    /// Returns why paths could not be compared, if any were.
    pub(crate) fn failure(&self) -> Option<&Arc<TantivyError>> {
        self.by_key.get()?.as_ref().err()
    }
}

/// An article and its path as filters compare it.
type LowerPath = (ArticleNumber, Box<str>);

/// The paths of all articles as filters compare them. Made when they are first asked for.
#[derive(Default)]
pub(crate) struct LowerPaths {
    known: OnceLock<Result<Vec<LowerPath>, String>>,
}

impl LowerPaths {
    /// Returns each article with its path.
    pub(crate) fn of(&self, state: &State) -> tantivy::Result<&[LowerPath]> {
        let known = self.known.get_or_init(|| lower_paths(state).map_err(|error| error.to_string()));
        known.as_deref().map_err(|error| TantivyError::InternalError(error.clone()))
    }
}

/// Returns a path, or a part of one, as filters compare it: in lower case, each letter and its accent as one character.
pub(crate) fn comparable(path: &str) -> String {
    svod_text::composed(path).to_lowercase()
}

/// One pass over the dictionary of each segment: to look its paths up one by one takes twenty times as long.
fn lower_paths(state: &State) -> tantivy::Result<Vec<LowerPath>> {
    let mut known = Vec::new();
    for (segment, reader) in (0..).zip(state.searcher.segment_readers()) {
        let Some(column) = reader.fast_fields().bytes("path")? else { continue };
        let mut paths: Vec<Box<str>> = Vec::with_capacity(column.num_terms());
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            paths.push(comparable(&String::from_utf8_lossy(stream.key())).into());
        }
        let (rows, ordinals) = (0..column.ords().values.num_vals(), column.ords());
        let mut docs: Vec<u32> = rows.clone().collect();
        ordinals.index.select_batch_in_place(0, &mut docs);
        for (row, doc) in rows.zip(docs).filter(|&(_, doc)| !reader.is_deleted(doc)) {
            if let Some(path) = paths.get(ordinals.values.get_val(row) as usize) {
                known.push((state.article_of(DocAddress::new(segment, doc)), path.clone()));
            }
        }
    }
    Ok(known)
}

fn ranks(state: &State) -> tantivy::Result<Vec<ArticleRank>> {
    let segments = state.searcher.segment_readers();
    let paths: Vec<Option<BytesColumn>> =
        segments.iter().map(|reader| reader.fast_fields().bytes("path")).collect::<Result<_, _>>()?;
    let of_ordinals = match segments.len() {
        // The paths of one segment are numbered in their order.
        1 => Vec::new(),
        _ => merged(&paths)?,
    };
    let mut ranks = Vec::with_capacity(count(&paths));
    for (segment, paths) in paths.iter().enumerate() {
        let Some(paths) = paths.as_ref().map(BytesColumn::ords) else { continue };
        let rows = 0..paths.values.num_vals();
        // From the place among all paths to the record that has it.
        let mut docs = rows.clone().collect();
        paths.index.select_batch_in_place(0, &mut docs);
        for (row, doc) in rows.zip(docs).filter(|&(_, doc)| !segments[segment].is_deleted(doc)) {
            let ordinal = paths.values.get_val(row);
            let merged = of_ordinals.get(segment).and_then(|ranks: &Vec<u64>| ranks.get(ordinal as usize));
            ranks.push((state.article_of(DocAddress::new(segment as u32, doc)), merged.copied().unwrap_or(ordinal)));
        }
    }
    // Stable: a segment has most keys in order.
    ranks.sort();
    Ok(ranks)
}

fn count(paths: &[Option<BytesColumn>]) -> usize {
    paths.iter().flatten().map(|paths| paths.dictionary().num_terms()).sum()
}

/// Returns for each segment the ranks of its paths among all.
fn merged(columns: &[Option<BytesColumn>]) -> tantivy::Result<Vec<Vec<u64>>> {
    let (mut bytes, mut paths) = (Vec::new(), Vec::with_capacity(count(columns)));
    for (segment, column) in columns.iter().enumerate() {
        let Some(column) = column else { continue };
        let mut stream = column.dictionary().stream()?;
        while stream.advance() {
            let start = bytes.len();
            bytes.extend_from_slice(stream.key());
            paths.push((start..bytes.len(), segment));
        }
    }
    // Stable, so that the paths of a segment stay in order: it merges runs that are sorted already.
    paths.sort_by(|one, other| bytes[one.0.clone()].cmp(&bytes[other.0.clone()]));
    let mut ranks = vec![Vec::new(); columns.len()];
    for (rank, (_, segment)) in (0..).zip(paths) {
        ranks[segment].push(rank);
    }
    Ok(ranks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_macos_are_found_as_they_are_typed() {
        for (path, typed) in [
            ("Новыи\u{306}/Отче\u{308}т.md", "новый/отчёт"),
            ("re\u{301}sume\u{301}.md", "Résumé"),
            ("zh/北极.md", "ZH/北极"),
        ] {
            assert!(comparable(path).contains(&comparable(typed)), "{path} {typed}");
        }
    }
}
