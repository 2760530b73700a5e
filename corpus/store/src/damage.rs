//! What is wrong with an index that cannot be used: what the errors of both libraries hold.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::layout::FORMAT;

/// What is damaged in an index.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// Files that are not as they were written.
    #[error("{}", list(.0))]
    Files(Vec<DamagedFile>),
    /// The files of a segment that speak of different numbers of records.
    #[error("the files of segment {0} do not fit together")]
    Segment(String),
    /// The file that says what the index is of does not.
    #[error("`{}`: not a manifest of svod", .0.display())]
    Manifest(PathBuf),
    /// Records that contradict each other; how they do.
    #[error("{0}")]
    Records(&'static str),
    /// Something could not be read; why.
    #[error("{0}")]
    Unreadable(Arc<dyn Error + Send + Sync>),
}

impl Damage {
    /// Returns the damage of one file.
    pub fn file(path: impl Into<PathBuf>, what: &'static str) -> Damage {
        Damage::Files(vec![DamagedFile::new(path, what)])
    }

    /// Returns the damage that made reading fail.
    pub fn unreadable(cause: impl Error + Send + Sync + 'static) -> Damage {
        Damage::Unreadable(Arc::new(cause))
    }
}

fn list(files: &[DamagedFile]) -> String {
    files.iter().map(DamagedFile::to_string).collect::<Vec<_>>().join(", ")
}

/// A file that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DamagedFile {
    /// The file, below the folder of the index.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: &'static str,
}

impl DamagedFile {
    /// Returns a file with what is wrong with it: `is missing`.
    pub fn new(path: impl Into<PathBuf>, what: &'static str) -> DamagedFile {
        DamagedFile { path: path.into(), what }
    }
}

impl fmt::Display for DamagedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", Path::display(&self.path), self.what)
    }
}

/// In what an index of another version of svod differs from those of this one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VersionMismatch {
    /// The format of the folder.
    #[error("format {0}, but this program reads format {FORMAT}")]
    Format(u32),
    /// The stamp: the versions of schema and analysis.
    #[error("made by version `{found}` of the analysis, this program has `{expected}`")]
    Stamp {
        /// The stamp of the index.
        found: String,
        /// The stamp of this program.
        expected: String,
    },
    /// Its records are of a version that this one does not know.
    #[error("its records are not known to this version")]
    Records,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_named_in_one_line() {
        let files = vec![DamagedFile::new("1/meta.json", "is missing"), DamagedFile::new("1/停火.store", "is cut off")];
        for (damage, expected) in [
            (Damage::Files(files), "`1/meta.json` is missing, `1/停火.store` is cut off"),
            (Damage::file("current", "names no generation"), "`current` names no generation"),
            (Damage::Records("a passage of no kind"), "a passage of no kind"),
            (Damage::unreadable(std::fmt::Error), "an error occurred when formatting an argument"),
        ] {
            assert_eq!(damage.to_string(), expected);
        }
    }
}
