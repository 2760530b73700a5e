//! Which files of an index its last commit has.
//!
//! What a stopped run leaves is not only of no use. Tantivy numbers the
//! lists of deleted records of a segment by its operations: a run like the one
//! that was stopped would give its list the same name, and fail.

use std::collections::HashSet;

use svod_store::layout;
use tantivy::Index;
use tantivy::index::SegmentComponent;

const DELETED: &str = ".del";

/// The segments of the last commit, and their lists of deleted records.
#[derive(Debug, Default)]
pub(crate) struct LiveFiles(HashSet<String>);

impl LiveFiles {
    /// Returns what the last commit of an index has.
    pub(crate) fn of(index: &Index) -> tantivy::Result<LiveFiles> {
        let mut live_files = HashSet::new();
        for segment in index.searchable_segment_metas()? {
            live_files.insert(segment.id().uuid_string());
            if segment.has_deletes() {
                live_files.insert(segment.relative_path(SegmentComponent::Delete).to_string_lossy().into_owned());
            }
        }
        Ok(LiveFiles(live_files))
    }

    /// Returns whether a file is one of a segment, and no commit has it.
    pub(crate) fn is_left_over(&self, name: &str) -> bool {
        let segment = name.split('.').next().unwrap_or_default();
        let is_living = self.0.contains(segment) && (!name.ends_with(DELETED) || self.0.contains(name));
        layout::is_file_of_segment(name) && !is_living
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_no_commit_has() {
        let [one, other] = ["0".repeat(32), "1".repeat(32)];
        let live_files = LiveFiles([one.clone(), format!("{one}.7.del")].into());
        for (name, expected) in [
            (format!("{one}.store"), false),
            (format!("{one}.7.del"), false),
            (format!("{one}.8.del"), true),
            (format!("{other}.store"), true),
            (format!("{other}.7.del"), true),
            (format!("{other}.md"), false),
            ("meta.json".to_owned(), false),
            (".managed.json".to_owned(), false),
        ] {
            assert_eq!(live_files.is_left_over(&name), expected, "{name}");
        }
    }
}
