//! Patterns that choose files and folders, written as in a `.gitignore`.

use std::fs::FileType;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use svod_store::layout::FolderRules;

use crate::error::{IndexError, PatternFault};

/// What a pattern is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
}

impl Kind {
    pub(super) fn of(kind: FileType) -> Kind {
        if kind.is_dir() { Kind::Folder } else { Kind::File }
    }
}

/// The patterns that a run was given, or remembers.
#[derive(Debug)]
pub(super) struct Patterns {
    include: Override,
    exclude: Gitignore,
}

impl Patterns {
    /// Understands the patterns for a folder.
    ///
    /// # Errors
    /// If one cannot be understood, or can never match.
    pub(super) fn of(rules: &FolderRules, root: &Path) -> Result<Patterns, IndexError> {
        let wrong = |pattern: &str, fault| IndexError::Pattern { pattern: pattern.to_owned(), fault };
        let (mut include, mut exclude) = (OverrideBuilder::new(""), GitignoreBuilder::new(""));
        exclude.allow_unclosed_class(false);
        for pattern in rules.include.iter().chain(&rules.exclude) {
            check(pattern).and_then(|()| check_below(pattern, root)).map_err(|fault| wrong(pattern, fault))?;
        }
        for pattern in &rules.include {
            include.add(pattern).map_err(|error| wrong(pattern, fault(error)))?;
        }
        for pattern in &rules.exclude {
            exclude.add_line(None, pattern).map_err(|error| wrong(pattern, fault(error)))?;
        }
        let include = include.build().map_err(|error| wrong(&rules.include.join(" "), fault(error)))?;
        let exclude = exclude.build().map_err(|error| wrong(&rules.exclude.join(" "), fault(error)))?;
        Ok(Patterns { include, exclude })
    }

    /// Returns whether a path below the root is one of those wanted: no pattern excludes it and, if some are to be
    /// included, it is one of them.
    pub(super) fn choose(&self, path: &Path, kind: Kind) -> bool {
        !self.include.matched(path, kind == Kind::Folder).is_ignore() && !self.exclude(path, kind)
    }

    /// Returns whether a pattern excludes a path below the root.
    pub(super) fn exclude(&self, path: &Path, kind: Kind) -> bool {
        self.exclude.matched(path, kind == Kind::Folder).is_ignore()
    }
}

/// Checks that there is something that a pattern can match.
///
/// # Errors
/// Why there is nothing: it would be without effect, and nobody would be told.
pub(super) fn check(pattern: &str) -> Result<(), PatternFault> {
    let name = pattern.trim_end().trim_start_matches('!');
    let name = name.strip_prefix('/').unwrap_or(name);
    let name = name.strip_suffix('/').unwrap_or(name);
    if name.is_empty() || name.starts_with('#') {
        Err(PatternFault::NamesNothing)
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Err(PatternFault::OddPart)
    } else if has_backslash_between_folders(name) {
        Err(PatternFault::Backslash)
    } else {
        Ok(())
    }
}

/// Refuses what a shell made of a path: patterns begin in the folder, also those with a `/` in front.
fn check_below(pattern: &str, root: &Path) -> Result<(), PatternFault> {
    let is_path = root.components().count() > 2 && Path::new(pattern).starts_with(root);
    if is_path { Err(PatternFault::NotBelow) } else { Ok(()) }
}

/// A backslash takes the meaning from the sign behind it; letters and digits have none.
fn has_backslash_between_folders(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c == '\\' && characters.next().is_some_and(char::is_alphanumeric) {
            return true;
        }
    }
    false
}

/// Returns why a pattern is not well formed, without the pattern.
pub(super) fn fault(error: ignore::Error) -> PatternFault {
    PatternFault::Syntax(match error {
        ignore::Error::Glob { err, .. } => err.into(),
        other => other.into(),
    })
}
