//! An index on disk: the names and small files around the engine's own.
//!
//! ```text
//! FOLDER/.svod/            or the folder named with --index
//!   current                the number of the generation to search, replaced by rename
//!   lock                   held while an indexer writes; names its process
//!   .gitignore, CACHEDIR.TAG
//!   1/                     a generation: an index of the engine, and
//!     svod.json            what it is an index of
//! ```
//!
//! An update commits to the current generation. A rebuild fills a new one; the
//! pointer is moved to it when it is whole. Only names and contents are here; reading and writing is done by the
//! programs' libraries.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

/// The folder of an index inside the folder it is of.
pub const FOLDER: &str = ".svod";
/// The file that names the current generation.
pub const POINTER: &str = "current";
/// The file that an indexer locks while it writes.
pub const LOCK: &str = "lock";
/// The file in each generation that says what it is an index of.
pub const MANIFEST: &str = "svod.json";
/// The small file that keeps an index out of backups.
pub const CACHE_SIGN: &str = "CACHEDIR.TAG";
/// Small files that keep an index out of version control and backups: name and contents.
pub const SIGNS: [(&str, &str); 2] = [
    (".gitignore", "*\n"),
    (
        CACHE_SIGN,
        "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is an index of svod-indexer and can be made again.\n",
    ),
];

/// The version of this layout.
pub const FORMAT: u32 = 1;

/// Reads the contents of the pointer: the number of a generation.
pub fn parse_pointer(contents: &str) -> Option<u64> {
    contents.trim_end().parse().ok()
}

/// What a generation is an index of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manifest {
    /// The folder that the index lies in, so that both can be moved together.
    FolderAround,
    /// This folder.
    Folder(PathBuf),
    /// Texts that an app handed over: there are no files.
    Texts,
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ManifestError {
    /// It is none.
    #[error("not a manifest of svod")]
    Foreign,
    /// It is of another version of svod.
    #[error("format {0}, but this program reads format {FORMAT}")]
    OtherFormat(u32),
}

#[derive(Serialize, Deserialize)]
struct ManifestJson {
    svod_format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root_b64: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    texts: bool,
}

impl Manifest {
    /// Returns the contents of the file.
    pub fn to_json(&self) -> String {
        let root = match self {
            Manifest::Folder(root) => Some(root.as_path()),
            Manifest::FolderAround | Manifest::Texts => None,
        };
        let manifest = ManifestJson {
            svod_format: FORMAT,
            root: root.and_then(Path::to_str).map(str::to_owned),
            root_b64: root.filter(|root| root.to_str().is_none()).map(|root| BASE64.encode(path_bytes(root))),
            texts: *self == Manifest::Texts,
        };
        let mut json = serde_json::to_string(&manifest).expect("strings and numbers always have a JSON form");
        json.push('\n');
        json
    }

    /// Reads the contents of the file.
    ///
    /// # Errors
    /// If it is no manifest, or one of another format.
    pub fn parse(json: &str) -> Result<Manifest, ManifestError> {
        let manifest: ManifestJson = serde_json::from_str(json).map_err(|_| ManifestError::Foreign)?;
        if manifest.svod_format != FORMAT {
            return Err(ManifestError::OtherFormat(manifest.svod_format));
        }
        if manifest.texts {
            return Ok(Manifest::Texts);
        }
        let encoded = manifest.root_b64.and_then(|root| BASE64.decode(root).ok()).map(|bytes| path_from_bytes(&bytes));
        let root = encoded.or_else(|| manifest.root.map(PathBuf::from));
        Ok(root.map_or(Manifest::FolderAround, Manifest::Folder))
    }
}

/// What is kept with each commit, in the engine's own file of commits: one write changes both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitNote {
    /// Whether everything found in the folder was in the index then.
    pub is_finished: bool,
    /// What the folder was read by.
    pub rules: FolderRules,
}

/// Which files of a folder are read, and how: remembered, so that the next run needs no options.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FolderRules {
    /// Only files that match one of these patterns; all if there is none.
    pub include: Vec<String>,
    /// No file or folder that matches one of these patterns.
    pub exclude: Vec<String>,
    /// The encoding of all text files; found out for each if none.
    pub encoding: Option<String>,
    /// Which links are followed.
    pub links: Links,
}

/// Which links of a folder are followed. What is read by its own path is not read again by that of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Links {
    /// Those that stay in the folder.
    #[default]
    Inside,
    /// Those that lead out of it, too.
    All,
}

#[derive(Serialize, Deserialize)]
struct CommitNoteJson {
    finished: bool,
    #[serde(default)]
    rules: RulesJson,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RulesJson {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exclude: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    /// Whether all links are followed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    follow: bool,
}

impl From<FolderRules> for RulesJson {
    fn from(rules: FolderRules) -> RulesJson {
        let FolderRules { include, exclude, encoding, links } = rules;
        RulesJson { include, exclude, encoding, follow: links == Links::All }
    }
}

impl From<RulesJson> for FolderRules {
    fn from(json: RulesJson) -> FolderRules {
        let RulesJson { include, exclude, encoding, follow } = json;
        FolderRules { include, exclude, encoding, links: if follow { Links::All } else { Links::Inside } }
    }
}

impl CommitNote {
    /// Returns what is kept.
    pub fn to_json(&self) -> String {
        let note = CommitNoteJson { finished: self.is_finished, rules: self.rules.clone().into() };
        serde_json::to_string(&note).expect("strings and flags always have a JSON form")
    }

    /// Finds what was kept with a commit in the engine's file of it, `meta.json`; none if nothing was.
    pub fn of_commit(meta: &[u8]) -> Option<CommitNote> {
        #[derive(Deserialize)]
        struct Meta {
            payload: String,
        }
        let meta: Meta = serde_json::from_slice(meta).ok()?;
        CommitNote::parse(&meta.payload)
    }

    /// Reads what was kept; none if it is no note of svod.
    pub fn parse(json: &str) -> Option<CommitNote> {
        let note: CommitNoteJson = serde_json::from_str(json).ok()?;
        Some(CommitNote { is_finished: note.finished, rules: note.rules.into() })
    }
}

/// Returns a path as bytes, parts separated by `/`. Nothing is lost on Unix;
/// elsewhere what is not Unicode is replaced.
pub fn path_bytes(path: &Path) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        path.as_os_str().as_bytes().to_vec()
    }
    #[cfg(not(unix))]
    {
        path.to_string_lossy().replace('\\', "/").into_bytes()
    }
}

/// Returns the path that [`path_bytes`] gave these bytes.
pub fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
    }
    #[cfg(not(unix))]
    {
        PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_survives() {
        let mut manifests =
            vec![Manifest::FolderAround, Manifest::Texts, Manifest::Folder(PathBuf::from("/статьи/停火"))];
        if cfg!(unix) {
            manifests.push(Manifest::Folder(path_from_bytes(b"/\xff\xfe")));
        }
        for manifest in manifests {
            assert_eq!(Manifest::parse(&manifest.to_json()), Ok(manifest));
        }
    }

    #[test]
    fn the_note_of_a_commit_survives() {
        let rules = FolderRules {
            include: vec!["*.md".to_owned()],
            exclude: vec!["черновики/".to_owned()],
            encoding: Some("gb18030".to_owned()),
            links: Links::All,
        };
        for note in
            [CommitNote { is_finished: false, rules: FolderRules::default() }, CommitNote { is_finished: true, rules }]
        {
            assert_eq!(CommitNote::parse(&note.to_json()), Some(note));
        }
        assert_eq!(CommitNote::parse("Segments Merge: []"), None);
    }

    #[test]
    fn what_is_no_manifest_says_so() {
        assert_eq!(Manifest::parse("{}"), Err(ManifestError::Foreign));
        assert_eq!(Manifest::parse("停火"), Err(ManifestError::Foreign));
        assert_eq!(Manifest::parse("{\"svod_format\":99}"), Err(ManifestError::OtherFormat(99)));
        assert_eq!(parse_pointer("12\n"), Some(12));
        assert_eq!(parse_pointer("../../etc"), None);
    }
}
