//! Damaged indexes: found by their checksums, named by their files.
//!
//! Opening an index checks that its files are those that the last commit
//! names. What is read of them is compared with checksums on the way
//! (`svod_store::sealed`), but for the middle of long dictionaries of terms:
//! what was damaged there may lose hits, or make a search fail. Comparing all takes a
//! tenth of a second a gigabyte and the time to read it, so it is done when it
//! is asked for ([`Index::check`]), and when a search fails ([`guarded`]).

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use svod_store::damage::{Damage, DamagedFile};
use svod_store::layout::{self, META};
use svod_store::sealed::Fault;

use crate::answer::status::Check;
use crate::error::QueryError;
use crate::index::open::{Commit, Home, Index, find_home};
use crate::index::state::{State, files_of, manifest};

const UNREADABLE: &str = "is not as it was written";

impl Index {
    /// Reads every file of the index at a path and compares the checksums.
    ///
    /// Works on indexes that are too damaged to be opened. An indexer may be at
    /// work: what its last commit left is checked.
    ///
    /// # Errors
    /// If there is no index, it is of another version, or a file cannot be read.
    pub fn check(path: impl AsRef<Path>) -> Result<Check, QueryError> {
        check_home(&find_home(path.as_ref())?)
    }
}

fn check_home(path: &Path) -> Result<Check, QueryError> {
    let home = Home::Folder(path.to_owned());
    let mut commit = Commit::read(&home)?;
    loop {
        let check = check(path, &commit)?;
        if check.damaged.is_empty() {
            return Ok(check);
        }
        // A writer removes files that the next commit does without.
        match Commit::read(&home)? {
            newer if newer != commit => commit = newer,
            _ => return Ok(check),
        }
    }
}

/// Runs what reads an index. If it fails or panics because of damage, the error names the damaged files.
///
/// Tantivy trusts its files, so flipped bits can make it panic.
pub(crate) fn guarded<T>(homes: &[Home], run: impl FnOnce() -> Result<T, QueryError>) -> Result<T, QueryError> {
    let name = || homes.first().map_or(Path::new(""), Home::name).to_owned();
    let failed = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Err(QueryError::Damaged { path, damage })) => QueryError::Damaged { path, damage },
        Ok(done) => return done,
        Err(panic) => QueryError::Stopped { path: name(), panic: message(&*panic) },
    };
    for home in homes {
        let Home::Folder(path) = home else { continue };
        let checked = catch_unwind(|| check_home(path));
        let damaged = checked.ok().and_then(Result::ok).map(|check| check.damaged).unwrap_or_default();
        if !damaged.is_empty() {
            return Err(QueryError::Damaged { path: path.clone(), damage: Damage::Files(damaged) });
        }
    }
    Err(failed)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no reason given".to_owned())
}

fn check(home: &Path, commit: &Commit) -> Result<Check, QueryError> {
    let number = PathBuf::from(commit.number.to_string());
    let mut check = Check { files: 2, bytes: commit.meta.len() as u64, ..Check::default() };
    let mut add = |name: &Path, what| check.damaged.push(DamagedFile::new(number.join(name), what));
    if matches!(manifest(home, &home.join(&number)), Err(QueryError::Damaged { .. })) {
        add(Path::new(layout::MANIFEST), UNREADABLE);
    }
    let files = match files_of(home, commit) {
        Ok(files) if files.is_sealed() => files,
        _ => {
            // Indexes of other versions have other checksums, or none.
            let opened = State::open(&[Home::Folder(home.to_owned())], std::slice::from_ref(commit));
            if let Err(error @ QueryError::OtherVersion { .. }) = opened {
                return Err(error);
            }
            add(Path::new(META), UNREADABLE);
            return Ok(check);
        }
    };
    for name in files.names() {
        check.files += 1;
        match files.check(&name) {
            Ok(bytes) => check.bytes += bytes,
            Err(Fault::Unreadable(source)) => {
                return Err(QueryError::Read { path: home.join(number).join(name), source });
            }
            Err(fault) => check.damaged.push(DamagedFile::new(number.join(name), fault.what())),
        }
    }
    Ok(check)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::Request;
    use crate::test_index::TestIndex;

    /// An index of two segments, one of them with deleted records.
    fn made() -> TestIndex {
        let mut made = TestIndex::new();
        for key in 0..20 {
            made.add(key, &format!("{key}.md"), "# 停火\n\n停火谈判 и переговоры о мире, a ceasefire");
        }
        made.commit();
        made.add(20, "20.md", "война");
        made.remove(3);
        made.commit();
        made
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let made = made();
        let generation = made.path().join("1");
        let files: Vec<_> = fs::read_dir(&generation).unwrap().map(|entry| entry.unwrap().path()).collect();
        let of_segments: Vec<_> =
            files.iter().filter(|path| path.file_stem().is_some_and(|stem| stem.len() >= 32)).collect();
        assert_eq!(of_segments.len(), 13, "two segments of six files, and one of deletions");
        for path in of_segments {
            let whole = fs::read(path).unwrap();
            let name = path.strip_prefix(made.path()).unwrap();
            for at in (0..whole.len()).step_by(whole.len() / 40 + 1).chain(whole.len() - 90..whole.len()) {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << (at % 8);
                fs::write(path, flipped).unwrap();
                let damaged = Index::check(made.path()).unwrap().damaged;
                assert_eq!(damaged.len(), 1, "byte {at} of {}", name.display());
                assert_eq!(damaged[0].path, name);
            }
            fs::write(path, whole).unwrap();
        }
    }

    #[test]
    fn a_lost_deletion_is_found() {
        let made = made();
        let meta = made.path().join("1").join(META);
        let whole = fs::read_to_string(&meta).unwrap();
        for (from, to) in [("\"deletes\": {", "\"deletfs\": {"), ("\"num_deleted_docs\": ", "\"num_deleted_docs\": 1")]
        {
            let changed = whole.replace(from, to);
            assert_ne!(changed, whole);
            fs::write(&meta, changed).unwrap();
            let damaged = Index::check(made.path()).unwrap().damaged;
            assert_eq!(
                damaged.iter().map(|file| &file.path).collect::<Vec<_>>(),
                [Path::new("1").join(META).as_path()]
            );
        }
    }

    #[test]
    fn a_panic_names_the_file_or_is_an_error_of_ours() {
        let made = made();
        let panicking = || guarded::<()>(&[Home::Folder(made.path().to_owned())], || panic!("out of range"));
        assert!(matches!(panicking(), Err(QueryError::Stopped { panic, .. }) if panic == "out of range"));
        let index = Index::open(made.path()).unwrap();
        assert!(!index.search(&Request::new("停火")).unwrap().hits.is_empty());
        let generation = made.path().join("1");
        let store = fs::read_dir(&generation).unwrap().map(|entry| entry.unwrap().path());
        let store = store.into_iter().find(|path| path.extension().is_some_and(|end| end == "store")).unwrap();
        fs::remove_file(&store).unwrap();
        let named = format!("`{}` is missing", store.strip_prefix(made.path()).unwrap().display());
        assert!(matches!(panicking(), Err(QueryError::Damaged { damage, .. }) if damage.to_string() == named));
    }
}
