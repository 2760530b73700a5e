//! Patterns that include or exclude files and folders, written as in a `.gitignore`.
//!
//! A pattern is typed; the name of a file may come from macOS. Both are compared with each letter and its accent as one
//! character, so that drafts that are to stay out do not come in unnoticed.

use std::borrow::Cow;
use std::fs::FileType;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use svod_store::layout::FolderRules;
use svod_text::composed;

use crate::error::{IndexError, PatternFault};

/// The kind of a path that a pattern is compared with.
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

/// The patterns of a run, given or remembered.
#[derive(Debug)]
pub(super) struct Patterns {
    include: Override,
    exclude: Gitignore,
}

impl Patterns {
    /// Compiles the patterns for a folder.
    ///
    /// # Errors
    /// If a pattern is invalid, or can never match.
    pub(super) fn of(rules: &FolderRules, root: &Path) -> Result<Patterns, IndexError> {
        let wrong = |pattern: &str, fault| IndexError::Pattern { pattern: pattern.to_owned(), fault };
        let (mut include, mut exclude) = (OverrideBuilder::new(""), GitignoreBuilder::new(""));
        exclude.allow_unclosed_class(false);
        for pattern in rules.include.iter().chain(&rules.exclude) {
            check(pattern).and_then(|()| check_below(pattern, root)).map_err(|fault| wrong(pattern, fault))?;
        }
        for pattern in &rules.include {
            include.add(&composed(pattern)).map_err(|error| wrong(pattern, fault(error)))?;
        }
        for pattern in &rules.exclude {
            exclude.add_line(None, &composed(pattern)).map_err(|error| wrong(pattern, fault(error)))?;
        }
        let include = include.build().map_err(|error| wrong(&rules.include.join(" "), fault(error)))?;
        let exclude = exclude.build().map_err(|error| wrong(&rules.exclude.join(" "), fault(error)))?;
        Ok(Patterns { include, exclude })
    }

    /// Returns whether a path, relative to the root, is wanted: no pattern excludes it, and if there are patterns to
    /// include, it matches one of them.
    pub(super) fn choose(&self, path: &Path, kind: Kind) -> bool {
        !self.include.matched(comparable(path), kind == Kind::Folder).is_ignore() && !self.exclude(path, kind)
    }

    /// Returns whether a pattern excludes a path, relative to the root.
    pub(super) fn exclude(&self, path: &Path, kind: Kind) -> bool {
        self.exclude.matched(comparable(path), kind == Kind::Folder).is_ignore()
    }
}

/// Returns a path as patterns are compared with it.
pub(super) fn comparable(path: &Path) -> Cow<'_, Path> {
    match path.to_str().map(composed) {
        Some(Cow::Owned(composed)) => Cow::Owned(composed.into()),
        Some(Cow::Borrowed(_)) | None => Cow::Borrowed(path),
    }
}

/// Checks that a pattern can match any path: otherwise it would silently have no effect.
///
/// # Errors
/// The reason why it cannot match.
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

/// Refuses absolute paths into the folder, as a shell may expand them: patterns begin in the folder, even those with a
/// leading `/`.
fn check_below(pattern: &str, root: &Path) -> Result<(), PatternFault> {
    let is_path = root.components().count() > 2 && Path::new(pattern).starts_with(root);
    if is_path { Err(PatternFault::NotBelow) } else { Ok(()) }
}

/// Whether a backslash stands before a letter or digit. It escapes special characters, so there it was meant to
/// separate folders.
fn has_backslash_between_folders(pattern: &str) -> bool {
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        if c == '\\' && characters.next().is_some_and(char::is_alphanumeric) {
            return true;
        }
    }
    false
}

/// Returns the fault of a pattern that is not well formed, without the pattern.
pub(super) fn fault(error: ignore::Error) -> PatternFault {
    PatternFault::Syntax(match error {
        ignore::Error::Glob { err, .. } => err.into(),
        other => other.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_may_stand_apart_in_names_and_in_patterns() {
        let (together, apart) = ("Новый.md", "Новыи\u{306}.md");
        for pattern in [together, apart] {
            let (mut exclude, mut include) = (FolderRules::default(), FolderRules::default());
            exclude.exclude = vec![pattern.to_owned()];
            include.include = vec![pattern.to_owned()];
            for name in [together, apart] {
                let chosen = |rules| Patterns::of(rules, Path::new("")).unwrap().choose(Path::new(name), Kind::File);
                assert!(!chosen(&exclude) && chosen(&include), "{pattern} {name}");
            }
        }
    }
}
