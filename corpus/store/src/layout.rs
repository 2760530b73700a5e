//! An index on disk: the names and small files around tantivy's own.
//!
//! ```text
//! FOLDER/.svod/            or the folder named with --index
//!   current                the number of the generation to search, replaced by rename
//!   lock                   held while an indexer writes; names its process
//!   .gitignore, CACHEDIR.TAG
//!   1/                     a generation: an index of tantivy, and
//!     svod.json            what it is an index of
//! ```
//!
//! An update commits to the current generation. A rebuild fills a new one; the
//! pointer is moved to it when it is whole. Only names and contents are here; reading and writing is done by the
//! programs' libraries.
//!
//! A folder in which anything has another name is not an index of svod: a new
//! name that svod or tantivy gives a file must be added here.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::schema::ContentHash;

/// The folder of an index inside the folder it is of.
pub const FOLDER: &str = ".svod";
/// The file that names the current generation.
pub const POINTER: &str = "current";
/// The next pointer, until it takes the place of the last.
pub const POINTER_DRAFT: &str = "current.new";
/// The file that an indexer locks while it writes.
pub const LOCK: &str = "lock";
/// The file in each generation that says what it is an index of.
pub const MANIFEST: &str = "svod.json";
/// The manifest of a generation that is being begun.
pub const MANIFEST_DRAFT: &str = "svod.json.new";
/// Tantivy's list of the segments of a generation: the last commit.
pub const META: &str = "meta.json";
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

/// Tantivy names a file of a segment by this number of hexadecimal digits, a dot, and what the file holds.
const SEGMENT_DIGITS: usize = 32;
/// What the files of a segment hold.
const SEGMENT_ENDS: [&str; 7] = ["idx", "pos", "term", "store", "store.temp", "fast", "fieldnorm"];
/// How tantivy begins the name of a file that is to replace another; [`DRAFT_LETTERS`] letters and digits follow.
const DRAFT: &str = ".tmp";
const DRAFT_LETTERS: usize = 6;
/// How a network mount begins the name of a file that was removed while it was open; [`REMOVED_DIGITS`] hexadecimal digits
/// follow.
const REMOVED: &str = ".nfs";
const REMOVED_DIGITS: usize = 24;
/// The files of a generation that are no segment's.
const COMMON: [&str; 5] = [MANIFEST, META, ".managed.json", ".tantivy-writer.lock", ".tantivy-meta.lock"];

/// What desktops put into any folder that they show. Holds nothing of a person.
const OF_DESKTOPS: [&str; 3] = [".DS_Store", "desktop.ini", "Thumbs.db"];
/// Where files have no attributes, macOS keeps them beside each file under its name with this before it.
const ATTRIBUTES: &str = "._";

/// Reads the name of a generation: a number from 1 on, as svod writes it.
pub fn parse_generation(name: &str) -> Option<u64> {
    name.parse().ok().filter(|number: &u64| *number > 0 && number.to_string() == name)
}

/// Reads the contents of the pointer: the number of a generation.
pub fn parse_pointer(contents: &str) -> Option<u64> {
    parse_generation(contents.trim_end())
}

/// Returns whether svod gives a file beside the generations this name.
pub fn is_file_of_home(name: &str) -> bool {
    let file = name.strip_prefix(ATTRIBUTES).unwrap_or(name);
    [POINTER, POINTER_DRAFT, LOCK].contains(&file)
        || SIGNS.iter().any(|sign| sign.0 == file)
        || OF_DESKTOPS.contains(&name)
}

/// Returns whether the pointer, its draft or the lock can hold this: a number, or what a power cut left of one.
pub fn is_number(contents: &[u8]) -> bool {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    contents.len() <= 32 && contents.iter().all(|byte| byte.is_ascii_digit() || is_blank(byte))
}

/// Returns whether svod or tantivy gives a file of a generation this name.
pub fn is_file_of_generation(name: &str) -> bool {
    let file = name.strip_prefix(ATTRIBUTES).unwrap_or(name);
    COMMON.contains(&file) || is_draft(file) || is_file_of_segment(file) || OF_DESKTOPS.contains(&name)
}

/// Returns whether a file of a generation of this name was never part of a commit, or is no more.
pub fn is_draft(name: &str) -> bool {
    let is_rest_of = |begin: &str, letters: usize, is_it: fn(&u8) -> bool| {
        name.strip_prefix(begin).is_some_and(|rest| rest.len() == letters && rest.as_bytes().iter().all(is_it))
    };
    name == MANIFEST_DRAFT
        || is_rest_of(DRAFT, DRAFT_LETTERS, u8::is_ascii_alphanumeric)
        || is_rest_of(REMOVED, REMOVED_DIGITS, u8::is_ascii_hexdigit)
}

/// Returns whether a file of this name is one of a segment.
pub fn is_file_of_segment(name: &str) -> bool {
    let Some((segment, end)) = name.split_once('.') else { return false };
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_deletions =
        || end.strip_suffix(".del").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    segment.len() == SEGMENT_DIGITS
        && segment.as_bytes().iter().all(is_digit)
        && (SEGMENT_ENDS.contains(&end) || is_deletions())
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

/// What every format has.
#[derive(Deserialize)]
struct FormatJson {
    svod_format: u32,
}

/// A name that is not known in it is a damaged one.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ManifestJson {
    svod_format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root_b64: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    texts: bool,
    /// The hash of the file without it. Those of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sum: Option<String>,
}

impl ManifestJson {
    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and numbers always have a JSON form")
    }

    fn hash(&self) -> String {
        format!("{:016x}", ContentHash::of(self.to_json().as_bytes()).0)
    }

    /// Returns whether it is as it was written.
    fn is_whole(&mut self) -> bool {
        self.sum.take().is_none_or(|sum| sum == self.hash())
    }
}

impl Manifest {
    /// Returns the contents of the file.
    pub fn to_json(&self) -> String {
        let root = match self {
            Manifest::Folder(root) => Some(root.as_path()),
            Manifest::FolderAround | Manifest::Texts => None,
        };
        let mut manifest = ManifestJson {
            svod_format: FORMAT,
            root: root.and_then(Path::to_str).map(str::to_owned),
            root_b64: root.filter(|root| root.to_str().is_none()).map(|root| BASE64.encode(path_bytes(root))),
            texts: *self == Manifest::Texts,
            sum: None,
        };
        manifest.sum = Some(manifest.hash());
        manifest.to_json() + "\n"
    }

    /// Reads the contents of the file.
    ///
    /// # Errors
    /// If it is no manifest, or one of another format.
    pub fn parse(json: &str) -> Result<Manifest, ManifestError> {
        let format: FormatJson = serde_json::from_str(json).map_err(|_| ManifestError::Foreign)?;
        if format.svod_format != FORMAT {
            return Err(ManifestError::OtherFormat(format.svod_format));
        }
        let mut manifest: ManifestJson = serde_json::from_str(json).map_err(|_| ManifestError::Foreign)?;
        if !manifest.is_whole() {
            return Err(ManifestError::Foreign);
        }
        if manifest.texts {
            return Ok(Manifest::Texts);
        }
        let encoded = manifest.root_b64.and_then(|root| BASE64.decode(root).ok()).map(|bytes| path_from_bytes(&bytes));
        let root = encoded.or_else(|| manifest.root.map(PathBuf::from));
        Ok(root.map_or(Manifest::FolderAround, Manifest::Folder))
    }

    /// Returns the folder that an index in the folder `home` was made of; `None` if it was made of texts.
    pub fn root<'m>(&'m self, home: &'m Path) -> Option<&'m Path> {
        match self {
            Manifest::FolderAround => Some(home.parent().unwrap_or(home)),
            Manifest::Folder(root) => Some(root),
            Manifest::Texts => None,
        }
    }

    /// Returns whether a file that is no manifest of this version, and perhaps none at all, names what this one does.
    pub fn is_named_in(&self, damaged: &str) -> bool {
        let quoted = |text: &str| damaged.contains(&serde_json::Value::from(text).to_string());
        match self {
            Manifest::FolderAround => false,
            Manifest::Folder(root) => root.to_str().map_or_else(|| quoted(&BASE64.encode(path_bytes(root))), quoted),
            Manifest::Texts => {
                let dense: String = damaged.split_whitespace().collect();
                dense.contains("\"texts\":true")
            }
        }
    }
}

/// What is kept with each commit, in tantivy's own `meta.json`: one write changes both.
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
    /// The export of a reference manager that says more of the files: an absolute path.
    pub metadata: Option<String>,
}

/// Which links of a folder are followed. What is read by its own path is not read again by that of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Links {
    /// Those that stay in the folder.
    #[default]
    Inside,
    /// Those that lead out of it, too.
    All,
}

// An unknown name in them is a damaged one: to ignore it would lose what stands there.

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitNoteJson {
    finished: bool,
    #[serde(default)]
    rules: RulesJson,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<String>,
}

impl From<FolderRules> for RulesJson {
    fn from(rules: FolderRules) -> RulesJson {
        let FolderRules { include, exclude, encoding, links, metadata } = rules;
        RulesJson { include, exclude, encoding, follow: links == Links::All, metadata }
    }
}

impl From<RulesJson> for FolderRules {
    fn from(json: RulesJson) -> FolderRules {
        let RulesJson { include, exclude, encoding, follow, metadata } = json;
        FolderRules { include, exclude, encoding, links: if follow { Links::All } else { Links::Inside }, metadata }
    }
}

impl CommitNote {
    /// Returns what is kept.
    pub fn to_json(&self) -> String {
        let note = CommitNoteJson { finished: self.is_finished, rules: self.rules.clone().into() };
        serde_json::to_string(&note).expect("strings and flags always have a JSON form")
    }

    /// Finds what was kept with a commit in its `meta.json`; `None` if nothing was.
    pub fn of_commit(meta: &[u8]) -> Option<CommitNote> {
        #[derive(Deserialize)]
        struct Meta {
            payload: String,
        }
        let meta: Meta = serde_json::from_slice(meta).ok()?;
        CommitNote::parse(&meta.payload)
    }

    /// Reads what was kept; `None` if it is no note of svod.
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

/// Returns the file on disk in which the source at `path` below `root` lies: of a document inside an archive, the archive.
pub fn file_of(root: &Path, path: &Path) -> PathBuf {
    let whole = root.join(path);
    let is_archive = |above: &&Path| {
        above.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) && root.join(above).is_file()
    };
    path.ancestors().skip(1).find(is_archive).map_or(whole, |archive| root.join(archive))
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
        let earlier = "{\"svod_format\":1,\"root\":\"/статьи\"}";
        assert_eq!(Manifest::parse(earlier), Ok(Manifest::Folder(PathBuf::from("/статьи"))));
    }

    #[test]
    fn no_flipped_bit_makes_another_manifest() {
        for manifest in [Manifest::FolderAround, Manifest::Texts, Manifest::Folder(PathBuf::from("/статьи/停火"))]
        {
            let json = manifest.to_json().into_bytes();
            for bit in 0..json.len() * 8 {
                let mut flipped = json.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                let Ok(flipped) = String::from_utf8(flipped) else { continue };
                let read = Manifest::parse(&flipped);
                assert!(read.is_err() || read == Ok(manifest.clone()), "{flipped}");
            }
        }
    }

    #[test]
    fn the_note_of_a_commit_survives() {
        let rules = FolderRules {
            include: vec!["*.md".to_owned()],
            exclude: vec!["черновики/".to_owned()],
            encoding: Some("gb18030".to_owned()),
            links: Links::All,
            metadata: Some("/библиотека/refs.bib".to_owned()),
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
        for none in ["../../etc", "", "0", "007", "+5", "-1", "1 2", "１", "99999999999999999999"] {
            assert_eq!(parse_pointer(none), None, "{none}");
        }
    }

    #[test]
    fn what_a_damaged_manifest_still_names() {
        let folder = Manifest::Folder(PathBuf::from("/статьи/о \"мире\""));
        for manifest in [folder.clone(), Manifest::Texts, Manifest::Folder(path_from_bytes(b"/\xff"))] {
            let json = manifest.to_json();
            assert!(manifest.is_named_in(&json.replace("1", "9")));
            assert!(manifest.is_named_in(&json[..json.len() - 2]), "{json}");
            assert_eq!(folder.is_named_in(&json), folder == manifest, "{json}");
            assert_eq!(Manifest::Texts.is_named_in(&json), manifest == Manifest::Texts, "{json}");
        }
        assert!(!Manifest::Folder(PathBuf::from("/a")).is_named_in(&Manifest::Folder(PathBuf::from("/a/b")).to_json()));
        assert!(Manifest::Texts.is_named_in("{ \"svod_format\": 2, \"texts\": true }"));
        assert!(!Manifest::FolderAround.is_named_in(&Manifest::FolderAround.to_json()), "it names nothing");
    }

    #[test]
    fn names_that_svod_gives() {
        let segment = "0123456789abcdef".repeat(2);
        for (name, expected) in [
            ("svod.json", true),
            ("meta.json", true),
            (".managed.json", true),
            (".tmpAb3dEf", true),
            (".nfs000000000002e3a400000001", true),
            (&format!("{segment}.store"), true),
            (&format!("{segment}.store.temp"), true),
            (&format!("{segment}.17.del"), true),
            (&format!("._{segment}.17.del"), true),
            (".DS_Store", true),
            ("._thesis.docx", false),
            (&format!("{segment}.md"), false),
            (&format!("{segment}.17.del.bak"), false),
            (&format!("{segment}.del"), false),
            (&format!("{segment}.+1.del"), false),
            (&segment, false),
            (&format!("{}.store", &segment[1..]), false),
            (&format!("{}.store", segment.to_uppercase()), false),
            (".tmp", false),
            (".tmp停火停火停火", false),
            (".nfs-thesis", false),
            ("thesis.docx", false),
            ("../current", false),
            ("/etc/passwd", false),
            ("", false),
        ] {
            assert_eq!(is_file_of_generation(name), expected, "{name}");
        }
        assert!(is_number(b"") && is_number(b"12\n") && is_number(&[0; 8]));
        assert!(!is_number(b"2024-05") && !is_number("１".as_bytes()) && !is_number(&[b'1'; 100]));
    }
}
