//! Documents in zip archives: an archive is walked like a folder.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use svod_store::layout::path_from_bytes;

use super::names::{Named, named};
use super::patterns::Kind;
use super::{Entry, Walk, is_hidden};
use crate::reading::encoding;
use crate::reading::file_state::state_of;
use crate::reading::formats::FormatError;
use crate::reading::member;
use crate::reading::skip_reason::SkipReason;
use crate::reading::source::Source;

/// The folder that macOS puts beside the documents of an archive.
const OF_MACOS: &str = "__MACOSX";

impl Walk<'_> {
    /// Takes the documents of an archive; reports it if it cannot be opened.
    pub(super) fn take_archive(&mut self, archive: Entry, metadata: &Metadata) {
        let members = match member::list(&archive.real) {
            Ok(members) => members,
            Err(reason) => return self.skip(archive.path, reason),
        };
        let names = decode(members.iter().map(|member| member.name.as_slice()));
        let mut taken = HashSet::new();
        for (member::Entry { member, bytes, is_encrypted, .. }, name) in members.into_iter().zip(names) {
            let Some(path) = below(&archive.path, &name).filter(|path| self.is_wanted(&archive, path)) else {
                continue;
            };
            if !taken.insert(path.clone()) {
                continue;
            }
            match named(&path) {
                Named::Other => {}
                Named::Archive => self.skip(path, SkipReason::Nested),
                Named::NotRead(extension) => self.skip(path, SkipReason::Unsupported(extension)),
                Named::Read(_) if is_encrypted => self.skip(path, FormatError::Encrypted.into()),
                Named::Read(format) => self.found.sources.push(Source {
                    path,
                    real: Some(archive.real.clone()),
                    bytes,
                    state: state_of(metadata),
                    format,
                    member: Some(member),
                }),
            }
        }
    }

    /// Whether patterns and ignore files leave in a path inside an archive, with all folders on the way to it.
    fn is_wanted(&self, archive: &Entry, path: &Path) -> bool {
        let folders = path.ancestors().skip(1).take_while(|above| *above != archive.path);
        !self.is_left_out(path, Kind::File, &archive.ignore_files)
            && folders.into_iter().all(|above| !self.is_left_out(above, Kind::Folder, &archive.ignore_files))
    }
}

/// Returns the path of a member below that of its archive; `None` if it is hidden, or its name leads elsewhere.
fn below(archive: &Path, name: &[u8]) -> Option<PathBuf> {
    let mut path = archive.to_owned();
    // Old programs of Windows write its own separator.
    for part in name.split(|byte| matches!(byte, b'/' | b'\\')).filter(|part| !part.is_empty() && *part != b".") {
        let part = path_from_bytes(part);
        let is_odd = part == Path::new("..") || part.as_os_str().as_encoded_bytes().contains(&0);
        if is_odd || is_hidden(part.as_os_str()) || part.as_os_str() == OsStr::new(OF_MACOS) {
            return None;
        }
        // A drive of Windows would take the place of the whole path.
        path = [path.as_os_str(), part.as_os_str()].iter().collect::<PathBuf>();
        if !path.starts_with(archive) {
            return None;
        }
    }
    (path != archive).then_some(path)
}

/// Returns names in UTF-8. Old programs write them in the encoding of their system, the same for all of an archive: it is
/// detected from all together. Where it is not clear, they stay as they are.
fn decode<'n>(names: impl Iterator<Item = &'n [u8]> + Clone) -> Vec<Vec<u8>> {
    let are_utf8 = names.clone().all(|name| str::from_utf8(name).is_ok());
    if !are_utf8 {
        let foreign: Vec<&[u8]> = names.clone().filter(|name| str::from_utf8(name).is_err()).collect();
        let decoded = encoding::decode(foreign.join(&b'\n'));
        let lines: Vec<String> =
            decoded.map_or_else(|_| Vec::new(), |decoded| decoded.text.split('\n').map(str::to_owned).collect());
        if lines.len() == foreign.len() {
            let mut lines = lines.into_iter();
            let mut decode = |name: &[u8]| match str::from_utf8(name) {
                Ok(_) => Some(name.to_vec()),
                Err(_) => lines.next().map(String::into_bytes),
            };
            return names.filter_map(&mut decode).collect();
        }
    }
    names.map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GBK, WINDOWS_1251};

    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for (name, expected) in [
            ("законы/о мире.docx", Some("a.zip/законы/о мире.docx")),
            ("a\\b.md", Some("a.zip/a/b.md")),
            ("/etc/b.md", Some("a.zip/etc/b.md")),
            ("./b.md", Some("a.zip/b.md")),
            ("../b.md", None),
            ("x/../../b.md", None),
            ("__MACOSX/._b.md", None),
            (".git/b.md", None),
            ("a\0b.md", None),
            ("", None),
        ] {
            assert_eq!(below(Path::new("a.zip"), name.as_bytes()).as_deref(), expected.map(Path::new), "{name}");
        }
    }

    #[test]
    fn names_of_old_systems_are_decoded_together() {
        let chinese = ["关于加强港口管理的通知.docx", "附件一.pdf", "readme.txt"];
        let russian = ["Федеральный закон о портах.doc", "Приложение 1.rtf"];
        for (names, encoding) in [(&chinese[..], GBK), (&russian[..], WINDOWS_1251)] {
            let raw: Vec<Vec<u8>> = names.iter().map(|name| encoding.encode(name).0.into_owned()).collect();
            let decoded: Vec<String> = decode(raw.iter().map(Vec::as_slice))
                .into_iter()
                .map(|name| String::from_utf8(name).unwrap())
                .collect();
            assert_eq!(decoded, names);
        }
    }
}
