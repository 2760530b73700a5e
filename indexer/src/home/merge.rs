//! Which segments are merged, and when.
//!
//! Every update adds a segment and marks records of others as deleted. After
//! an update, segments of like size are merged four at a time, as in a
//! log-structured tree (O'Neil and others 1996): a record is copied about once
//! for each fourfold growth. One of which a good part is deleted is merged alone.
//! Large ones are left as they are, unless the user asks for one segment.

use std::path::{Path, PathBuf};

use svod_store::damage::Damage;
use svod_store::sealed::Fault;
use tantivy::Index;
use tantivy::index::{SegmentComponent, SegmentId, SegmentMeta};

use crate::error::IndexError;
use crate::home::committer::Committer;
use crate::progress::Shared;

/// The segments of like size that become one.
const FAN_IN: usize = 4;
/// Segments of fewer records are of like size: they cost the same to open.
const SMALL: u32 = 2_000;
/// Segments of more records are left as they are: to merge those of a first run would take a third as long again.
const LARGE: u32 = 50_000;
/// A segment with a greater share of deleted records is copied without them.
const MOST_DELETED: f64 = 0.25;

/// How far segments are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// As far as it is cheap.
    FewSegments,
    /// Into one, without deleted records.
    OneSegment,
}

/// Merges segments of the last commit of the index in the folder `home`.
pub(crate) fn merge(
    home: &Path,
    index: &Index,
    committer: &mut Committer<'_>,
    aim: Aim,
    progress: &Shared<'_>,
) -> Result<(), IndexError> {
    loop {
        // Held only for this line: files of what is held are not removed.
        let next = next(&index.searchable_segment_metas().map_err(IndexError::engine)?, aim);
        let Some(segments) = next else { return Ok(()) };
        if progress.is_interrupted() {
            return Ok(());
        }
        progress.merging();
        check(index, &segments).map_err(|damage| IndexError::Damaged { index: home.to_owned(), damage })?;
        committer.merge(&segments)?;
    }
}

/// Returns the segments to be merged next.
fn next(segments: &[SegmentMeta], aim: Aim) -> Option<Vec<SegmentId>> {
    if aim == Aim::OneSegment {
        let is_one = segments.len() <= 1 && segments.iter().all(|segment| segment.num_deleted_docs() == 0);
        return (!is_one).then(|| segments.iter().map(SegmentMeta::id).collect());
    }
    let is_worn =
        |segment: &&SegmentMeta| f64::from(segment.num_deleted_docs()) > MOST_DELETED * f64::from(segment.max_doc());
    if let Some(worn) = segments.iter().find(is_worn) {
        return Some(vec![worn.id()]);
    }
    let mut levels: Vec<Vec<SegmentId>> = Vec::new();
    for segment in segments.iter().filter(|segment| segment.num_docs() < LARGE) {
        let level = level(segment.num_docs());
        if levels.len() <= level {
            levels.resize(level + 1, Vec::new());
        }
        levels[level].push(segment.id());
    }
    levels.into_iter().find(|level| level.len() >= FAN_IN)
}

/// Returns the level of a segment: each holds four times as many records as the one below.
fn level(records: u32) -> usize {
    (records / SMALL).checked_ilog(FAN_IN as u32).map_or(0, |level| level as usize + 1)
}

/// Compares the checksums of the files of segments, and says which is damaged or that of another segment: what was made of
/// them would look sound.
pub(crate) fn check(index: &Index, segments: &[SegmentId]) -> Result<(), Damage> {
    let metas = index.searchable_segment_metas().map_err(Damage::unreadable)?;
    for path in metas.iter().filter(|segment| segments.contains(&segment.id())).flat_map(files_of) {
        // Opened by its name, it is the file that the commit names (`svod_store::sealed`).
        match index.directory().validate_checksum(&path) {
            Ok(true) => {}
            Ok(false) => return Err(Damage::file(path, "has another checksum")),
            Err(error) => return Err(Damage::unreadable(Fault::from(error).into_error(&path))),
        }
    }
    Ok(())
}

/// Returns the files of a segment.
fn files_of(segment: &SegmentMeta) -> impl Iterator<Item = PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let deleted = segment.has_deletes().then_some(Delete);
    let components = [Postings, Positions, Terms, Store, FastFields, FieldNorms].into_iter().chain(deleted);
    components.map(|component| segment.relative_path(component))
}
