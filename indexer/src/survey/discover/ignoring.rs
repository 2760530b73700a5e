//! Ignore files: `.svodignore`, written like a `.gitignore`, names files and folders to be left out.
//!
//! An ignore file that cannot be applied, in whole or in one line, stops the run: excluded drafts must not be indexed
//! unnoticed. Like all files of a folder they are not trusted: opened with care and limited in size.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::patterns::{self, Kind};
use crate::error::{IgnoreFault, IndexError};
use crate::reading::{encoding, opening};

/// The name of an ignore file, in any folder.
pub(super) const IGNORE_FILE: &str = ".svodignore";
/// The most bytes of all ignore files together: some ten thousand names. Compiled patterns take many times their size.
const MOST_BYTES: u64 = 512 << 10;
/// The most patterns of all ignore files together. Each is compared with each path in its folder.
const MOST_PATTERNS: usize = 10_000;
/// The number of characters of a pattern that an error shows.
const LONGEST_SHOWN: usize = 100;

/// The ignore files that apply in a folder: its own and those of the folders above it.
#[derive(Debug, Clone, Default)]
pub(super) struct IgnoreFiles(Option<Arc<Level>>);

#[derive(Debug)]
struct Level {
    above: IgnoreFiles,
    /// The path of the folder relative to the root, as patterns are compared with it.
    folder: PathBuf,
    patterns: Arc<Gitignore>,
}

impl IgnoreFiles {
    /// Returns whether a path, relative to the root, is to be left out. The nearest file with a matching pattern
    /// decides.
    pub(super) fn leave_out(&self, path: &Path, kind: Kind) -> bool {
        let path = patterns::comparable(path);
        let mut next = self;
        while let Some(level) = &next.0 {
            let below = path.strip_prefix(&level.folder).unwrap_or(&path);
            match level.patterns.matched(below, kind == Kind::Folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => next = &level.above,
            }
        }
        false
    }
}

/// Reads the ignore files of a folder and of the folders in it, each once.
#[derive(Debug, Default)]
pub(super) struct IgnoreReader {
    /// The encoding of files that are not UTF-8, if the rules name one.
    encoding: Option<String>,
    /// The patterns of each file, by the true path of its folder.
    read: HashMap<PathBuf, Arc<Gitignore>>,
    patterns: usize,
    bytes: u64,
}

impl IgnoreReader {
    pub(super) fn new(encoding: Option<String>) -> IgnoreReader {
        IgnoreReader { encoding, ..IgnoreReader::default() }
    }

    /// Returns the ignore files that apply in `folder`, whose true path is `real`: those `above` it, and its own if it
    /// has one. The inner error says why that cannot be found out; then nothing in the folder may be taken.
    ///
    /// # Errors
    /// If the file of the folder cannot be applied.
    pub(super) fn enter(
        &mut self,
        above: &IgnoreFiles,
        real: &Path,
        folder: &Path,
    ) -> Result<io::Result<IgnoreFiles>, IndexError> {
        let patterns = match self.read.get(real) {
            Some(patterns) => Arc::clone(patterns),
            None => {
                let path = real.join(IGNORE_FILE);
                match path.symlink_metadata() {
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ok(above.clone())),
                    Err(error) => return Ok(Err(error)),
                }
                let patterns = Arc::new(self.read(&path)?);
                self.read.insert(real.to_owned(), Arc::clone(&patterns));
                patterns
            }
        };
        let folder = patterns::comparable(folder).into_owned();
        Ok(Ok(IgnoreFiles(Some(Arc::new(Level { above: above.clone(), folder, patterns })))))
    }

    fn read(&mut self, path: &Path) -> Result<Gitignore, IndexError> {
        let unusable = |fault| IndexError::IgnoreFile { path: path.to_owned(), fault };
        let text = text(path, self.encoding.as_deref()).map_err(unusable)?;
        self.bytes += text.len() as u64;
        if self.bytes > MOST_BYTES {
            return Err(unusable(IgnoreFault::TooManyBytes(MOST_BYTES)));
        }
        let mut builder = GitignoreBuilder::new("");
        // Otherwise a pattern with an open bracket would silently match nothing.
        builder.allow_unclosed_class(false);
        for (at, line) in text.split('\n').enumerate().filter(|(_, line)| !is_comment(line)) {
            self.patterns += 1;
            if self.patterns > MOST_PATTERNS {
                return Err(unusable(IgnoreFault::TooManyPatterns(MOST_PATTERNS)));
            }
            let added = patterns::check(line).and_then(|()| builder.add_line(None, line).map_err(patterns::fault));
            added.map_err(|fault| IndexError::IgnorePattern {
                path: path.to_owned(),
                line: at + 1,
                pattern: line.chars().take(LONGEST_SHOWN).collect(),
                fault,
            })?;
        }
        builder.build().map_err(|error| unusable(IgnoreFault::Patterns(patterns::fault(error))))
    }
}

fn is_comment(line: &str) -> bool {
    line.trim_end().is_empty() || line.starts_with('#')
}

/// Returns the text of an ignore file, with `\n` as line ends, or the reason why it cannot be read.
fn text(path: &Path, encoding: Option<&str>) -> Result<String, IgnoreFault> {
    // `opening::open` refuses links, but several folders may share an ignore file through a link.
    let real = path.canonicalize().map_err(IgnoreFault::NotFound)?;
    let read = opening::open(&real).and_then(|(file, metadata)| opening::read(file, &metadata, MOST_BYTES));
    let bytes = read.map_err(IgnoreFault::Unreadable)?;
    let is_unicode = std::str::from_utf8(&bytes).is_ok();
    let decoded = match encoding.filter(|_| !is_unicode) {
        Some(name) => encoding::decode_as(bytes, name),
        None => encoding::decode(bytes),
    };
    let decoded = decoded.map_err(IgnoreFault::Text)?;
    if decoded.repaired > 0 {
        return Err(IgnoreFault::DamagedText(decoded.repaired));
    }
    let text = decoded.text.strip_prefix('\u{feff}').unwrap_or(&decoded.text);
    Ok(svod_text::composed(text).replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (folder, contents) in files {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
            std::fs::write(root.path().join(folder).join(IGNORE_FILE), contents).unwrap();
        }
        root
    }

    #[test]
    fn the_nearest_file_decides() {
        let root = folder_of(&[("", "*.txt\n/草稿/\n/Новый/\n"), ("в", "!a.txt\n"), ("в/г", "a.*\n")]);
        let mut reader = IgnoreReader::new(None);
        let mut ignore_files = IgnoreFiles::default();
        for folder in ["", "в", "в/г"] {
            ignore_files = reader.enter(&ignore_files, &root.path().join(folder), Path::new(folder)).unwrap().unwrap();
        }
        for (path, kind, expected) in [
            ("a.txt", Kind::File, true),
            ("a.md", Kind::File, false),
            ("草稿", Kind::Folder, true),
            ("草稿", Kind::File, false),
            // As macOS may write it.
            ("Новыи\u{306}", Kind::Folder, true),
            ("в/a.txt", Kind::File, false),
            ("в/b.txt", Kind::File, true),
            ("в/草稿", Kind::Folder, false),
            ("в/г/a.txt", Kind::File, true),
            ("в/г/b.md", Kind::File, false),
        ] {
            let mut holding = &ignore_files;
            // The ignore files that apply in the folder of the path.
            while let Some(level) = holding.0.as_ref().filter(|level| !Path::new(path).starts_with(&level.folder)) {
                holding = &level.above;
            }
            assert_eq!(holding.leave_out(Path::new(path), kind), expected, "{path} {kind:?}");
        }
    }

    #[test]
    fn all_files_together_are_bounded() {
        for (contents, why) in [("a*b\n".repeat(6_000), "patterns"), (format!("{}\n", "名".repeat(100_000)), "bytes")]
        {
            let root = folder_of(&[("", &contents), ("в", &contents)]);
            let mut reader = IgnoreReader::new(None);
            let top = reader.enter(&IgnoreFiles::default(), root.path(), Path::new("")).unwrap().unwrap();
            // A folder that is entered again is not read again.
            reader.enter(&IgnoreFiles::default(), root.path(), Path::new("")).unwrap().unwrap();
            let error = reader.enter(&top, &root.path().join("в"), Path::new("в")).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains("in all such files together"), "{error}");
        }
    }
}
