//! An article as it is told: what it says of itself, and its sections.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use svod_text::article::{Appeared, Date};
use svod_text::language::Language;

/// An article of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArticleEntry {
    /// The indexed folder; `None` where an app wrote the text.
    pub root: Option<Arc<Path>>,
    /// The path of the source below the root, or the name that the app gave it.
    pub path: PathBuf,
    /// The title.
    pub title: String,
    /// The authors.
    pub authors: Vec<String>,
    /// The date.
    pub date: Option<Date>,
    /// The keywords.
    pub keywords: Vec<String>,
    /// Where the article appeared, as far as it says so.
    pub appeared: Appeared,
    /// The language of most of its passages.
    pub language: Language,
    /// The number of its passages.
    pub passages: u64,
}

/// The sections of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outline {
    /// The article.
    pub article: ArticleEntry,
    /// Its sections, in order.
    pub sections: Vec<OutlineEntry>,
}

/// A section of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutlineEntry {
    /// How many sections it lies in.
    pub depth: usize,
    /// The heading.
    pub heading: String,
    /// The first and last line of its first passage, from 1; `None` where a source has no lines.
    pub lines: Option<RangeInclusive<u32>>,
    /// The page that it begins on, where the source tells pages.
    pub page: Option<u32>,
    /// The number of its passages, those of the sections in it included.
    pub passages: u64,
}
