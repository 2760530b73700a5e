//! The catalogue of a commit: each of its files, with what it must be.
//!
//! It stands at the end of tantivy's list of segments, so that one write
//! changes both, and last of all stands the hash of what comes before:
//!
//! ```text
//!   "opstamp": 12,
//!   "files": {"5c6a….fast": [203741, 2882343476], …},
//!   "seal": "8f1e0cc2a94b7d36"
//! }
//! ```

use std::collections::{BTreeMap, HashMap};
use std::io;

use serde::{Deserialize, Serialize};

use super::file::FileSum;
use crate::schema::ContentHash;

/// What is known of each file, by its name.
pub(super) type Catalogue = BTreeMap<String, FileSum>;

/// The list of segments is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not as it was written", super::META)]
pub struct BrokenSeal;

const BEFORE_SEAL: &[u8] = b",\n  \"seal\": \"";
const SEAL_DIGITS: usize = 16;
const AFTER_SEAL: &[u8] = b"\"\n}\n";

/// Tantivy names a file of a segment by this number of hexadecimal digits, a dot, and what the file holds.
const SEGMENT_DIGITS: usize = 32;
const DELETED: &str = ".del";

#[derive(Serialize, Deserialize)]
struct FilesJson {
    files: Catalogue,
}

/// Reads the catalogue at the end of a list of segments; `None` if it has no seal.
pub(super) fn read(meta: &[u8]) -> Result<Option<Catalogue>, BrokenSeal> {
    let Some((sealed, seal)) = split(meta) else { return Ok(None) };
    if seal != hash(sealed).as_bytes() {
        return Err(BrokenSeal);
    }
    let files: FilesJson = serde_json::from_slice(meta).map_err(|_| BrokenSeal)?;
    Ok(Some(files.files))
}

fn split(meta: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sealed, seal) = meta.strip_suffix(AFTER_SEAL)?.split_last_chunk::<SEAL_DIGITS>()?;
    Some((sealed.strip_suffix(BEFORE_SEAL)?, seal))
}

fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", ContentHash::of(bytes).0)
}

/// Puts the files that a list of segments means, and a seal, at its end.
pub(super) fn seal(meta: &[u8], known: &Catalogue) -> io::Result<Vec<u8>> {
    let segments = Segments::of(meta)?;
    let files = known.iter().filter(|(name, _)| segments.have(name)).map(|(name, sum)| (name.clone(), *sum)).collect();
    let files = serde_json::to_string(&FilesJson { files })?;
    let open = |json: &[u8]| json.trim_ascii_end().strip_suffix(b"}").map(|json| json.trim_ascii_end().to_vec());
    let mut sealed = open(meta).ok_or_else(|| io::Error::other("the list of segments is no object"))?;
    sealed.extend_from_slice(b",\n  ");
    sealed.extend_from_slice(files.trim_start_matches('{').trim_end_matches('}').as_bytes());
    sealed.push(b'}');
    let seal = hash(&sealed);
    sealed.extend_from_slice(BEFORE_SEAL);
    sealed.extend_from_slice(seal.as_bytes());
    sealed.extend_from_slice(AFTER_SEAL);
    Ok(sealed)
}

/// The segments of a commit, each with the number of its list of deleted records.
struct Segments(HashMap<String, Option<u64>>);

impl Segments {
    fn of(meta: &[u8]) -> serde_json::Result<Segments> {
        #[derive(Deserialize)]
        struct Meta {
            segments: Vec<Segment>,
        }
        #[derive(Deserialize)]
        struct Segment {
            segment_id: String,
            deletes: Option<Deletes>,
        }
        #[derive(Deserialize)]
        struct Deletes {
            opstamp: u64,
        }
        let meta: Meta = serde_json::from_slice(meta)?;
        let number = |segment: Segment| (segment.segment_id.replace('-', ""), segment.deletes.map(|list| list.opstamp));
        Ok(Segments(meta.segments.into_iter().map(number).collect()))
    }

    /// Returns whether a file is one of theirs.
    fn have(&self, name: &str) -> bool {
        let found = name.split_at_checked(SEGMENT_DIGITS).and_then(|(id, rest)| Some((self.0.get(id)?, rest)));
        found.is_some_and(|(deleted, rest)| match deleted {
            Some(number) if rest.ends_with(DELETED) => rest == format!(".{number}{DELETED}"),
            _ => !rest.ends_with(DELETED),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &str = "{\n  \"segments\": [\n    {\n      \"segment_id\": \"5c6ae62a-f728-4ac5-96e4-97324a79a376\",\n      \"deletes\": {\"opstamp\": 7}\n    }\n  ]\n}\n";
    const SEGMENT: &str = "5c6ae62af7284ac596e497324a79a376";

    fn known() -> Catalogue {
        let other = "0".repeat(SEGMENT_DIGITS);
        let names = [".idx", ".7.del", ".6.del"].map(|end| format!("{SEGMENT}{end}"));
        names.into_iter().chain([format!("{other}.idx")]).zip((1..).map(|bytes| FileSum { bytes, sum: 9 })).collect()
    }

    #[test]
    fn the_files_of_a_commit_and_no_others() {
        let sealed = seal(META.as_bytes(), &known()).unwrap();
        let expected =
            [(".7.del", 2), (".idx", 1)].map(|(end, bytes)| (format!("{SEGMENT}{end}"), FileSum { bytes, sum: 9 }));
        assert_eq!(read(&sealed), Ok(Some(expected.into())));
        assert_eq!(read(META.as_bytes()), Ok(None));
        let empty = seal(b"{\"segments\":[]}", &known()).unwrap();
        assert_eq!(read(&empty), Ok(Some(Catalogue::new())));
    }

    #[test]
    fn every_flipped_bit_breaks_the_seal() {
        let sealed = seal(META.as_bytes(), &known()).unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut flipped = sealed.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(read(&flipped), Err(BrokenSeal) | Ok(None)), "bit {bit}");
        }
    }
}
