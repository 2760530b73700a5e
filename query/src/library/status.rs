//! What an index holds, as its records say.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use svod_store::layout::path_from_bytes;
use svod_store::schema::{self, KIND_ARTICLE, KIND_SKIPPED, Outcome, directory_of};
use tantivy::DocAddress;

use crate::answer::status::Status;
use crate::error::QueryError;
use crate::index::integrity::guarded;
use crate::index::open::{Home, Index};
use crate::index::state::{Member, State};

impl Index {
    /// Returns what the index holds.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn status(&self) -> Result<Status, QueryError> {
        guarded(self.homes(), || self.state().status())
    }
}

impl State {
    fn status(&self) -> Result<Status, QueryError> {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        let (mut articles, mut passages, mut skipped) = (0, 0, Vec::new());
        let segments = self.searcher.segment_readers();
        for (segment, (reader, columns)) in segments.iter().zip(&self.columns).enumerate() {
            for doc in reader.doc_ids_alive() {
                match columns.kind.first(doc) {
                    Some(KIND_ARTICLE) => articles += 1,
                    Some(KIND_SKIPPED) => {
                        let article = self.article_at(DocAddress::new(segment as u32, doc))?;
                        if let Outcome::Skipped(reason) = article.outcome {
                            skipped.push((path_from_bytes(&article.path), reason));
                        }
                    }
                    _ => {
                        passages += 1;
                        *counts.entry(columns.language.first(doc).unwrap_or_default()).or_default() += 1;
                    }
                }
            }
        }
        skipped.sort();
        let mut languages: Vec<_> =
            counts.into_iter().filter_map(|(code, count)| Some((schema::language_of(code)?, count))).collect();
        languages.sort_by_key(|&(language, count)| (std::cmp::Reverse(count), language));
        let alone = if let [member] = &self.members[..] { Some(member) } else { None };
        Ok(Status {
            index: alone.and_then(Member::folder),
            root: alone.and_then(|member| member.root.as_deref().map(Path::to_owned)),
            stamp: schema::stamp(),
            is_finished: self.is_finished,
            articles,
            passages,
            languages,
            bytes: self.members.iter().map(size).sum(),
            segments: segments.len(),
            skipped,
            checked: None,
        })
    }
}

/// Returns the size of an index in bytes.
fn size(member: &Member) -> u64 {
    let folder = match (&member.home, member.generation()) {
        (Home::Memory(memory), _) => return directory_of(memory).total_mem_usage() as u64,
        (Home::Folder(_), folder) => folder,
    };
    let entries = folder.map(fs::read_dir).into_iter().flatten().flatten().flatten();
    entries.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}
