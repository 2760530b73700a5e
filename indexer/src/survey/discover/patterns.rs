//! Patterns that choose files and folders, written as in a `.gitignore`.
//!
//! A pattern is typed, the name of a file may come from macOS: both are compared with each letter and its accent as one
//! character. Drafts that were to stay out must not come in unnoticed.

use std::borrow::Cow;
use std::fs::FileType;
use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::overrides::{Override, OverrideBuilder};
use svod_store::layout::FolderRules;
use svod_text::composed;

use crate::error::IndexError;

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
        let wrong = |pattern: &str, why| IndexError::Pattern { pattern: pattern.to_owned(), why };
        let (mut include, mut exclude) = (OverrideBuilder::new(""), GitignoreBuilder::new(""));
        exclude.allow_unclosed_class(false);
        for pattern in rules.include.iter().chain(&rules.exclude) {
            check(pattern).and_then(|()| check_below(pattern, root)).map_err(|why| wrong(pattern, why))?;
        }
        for pattern in &rules.include {
            include.add(&composed(pattern)).map_err(|error| wrong(pattern, why(error)))?;
        }
        for pattern in &rules.exclude {
            exclude.add_line(None, &composed(pattern)).map_err(|error| wrong(pattern, why(error)))?;
        }
        let include = include.build().map_err(|error| wrong(&rules.include.join(" "), why(error)))?;
        let exclude = exclude.build().map_err(|error| wrong(&rules.exclude.join(" "), why(error)))?;
        Ok(Patterns { include, exclude })
    }

    /// Returns whether a path below the root is one of those wanted: no pattern excludes it and, if some are to be
    /// included, it is one of them.
    pub(super) fn choose(&self, path: &Path, kind: Kind) -> bool {
        !self.include.matched(comparable(path), kind == Kind::Folder).is_ignore() && !self.exclude(path, kind)
    }

    /// Returns whether a pattern excludes a path below the root.
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

/// Checks that there is something that a pattern can match.
///
/// # Errors
/// Why there is nothing: it would be without effect, and nobody would be told.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let name = pattern.trim_end().trim_start_matches('!');
    let name = name.strip_prefix('/').unwrap_or(name);
    let name = name.strip_suffix('/').unwrap_or(name);
    let why = if name.is_empty() || name.starts_with('#') {
        "it names nothing"
    } else if name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        "no path has an empty part, `.` or `..`"
    } else if has_backslash_between_folders(name) {
        "folders are divided by `/`"
    } else {
        return Ok(());
    };
    Err(why.to_owned())
}

/// Refuses what a shell made of a path: patterns begin in the folder, also those with a `/` in front.
fn check_below(pattern: &str, root: &Path) -> Result<(), String> {
    let is_path = root.components().count() > 2 && Path::new(pattern).starts_with(root);
    if is_path { Err("it is to begin below the folder".to_owned()) } else { Ok(()) }
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

/// Returns why a pattern cannot be understood, without the pattern.
pub(super) fn why(error: ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err,
        other => other.to_string(),
    }
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
