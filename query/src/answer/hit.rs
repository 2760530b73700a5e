//! What a search gives back: plain values.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use svod_store::layout::file_of;
use svod_store::schema::PassageId;
use svod_text::article::{Appeared, Date, Kind, Piece};
use svod_text::language::Language;

use crate::answer::article::Outline;
use crate::answer::explanation::Explanation;
use crate::answer::snippet::Snippet;
use crate::answer::warning::{Relaxation, Warning};

/// The answer to a query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answer {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many passages were found in all.
    pub total: Total,
    /// How the query was relaxed, if that was allowed and nothing has all that it requires.
    pub relaxed: Option<Relaxation>,
    /// The last word, if it was treated as a prefix because it may be incomplete.
    pub beginning: Option<String>,
    /// What was searched for, with the number of passages that have it.
    pub terms: Vec<TermCount>,
    /// Whether filters or exclusions say which passages may be hits.
    pub is_narrowed: bool,
    /// If nothing was found, or little and help was asked for: words of the query that the index does not know.
    pub unknown: Vec<Unknown>,
    /// What was mended in the query string or ignored.
    pub warnings: Vec<Warning>,
    /// Why the answer is not complete, if the search was cut short: then its total is a lower bound.
    pub cut: Option<Cut>,
    /// Whether all of the folder is in the index: a run that makes it may be at work, or was stopped.
    pub is_finished: bool,
    /// How long the search took.
    pub elapsed: Duration,
}

/// How many passages were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Exactly this number.
    Exact(u64),
    /// This number or more: the search left out what could not be among the best, or was cut short.
    AtLeast(u64),
}

impl Total {
    /// Returns the number, whether it is exact or a lower bound.
    pub fn count(self) -> u64 {
        match self {
            Total::Exact(count) | Total::AtLeast(count) => count,
        }
    }

    /// Returns whether there are no more.
    pub fn is_exact(self) -> bool {
        matches!(self, Total::Exact(_))
    }

    /// Returns the total with its lower bound raised to `known`; an exact total stays as it is.
    pub(crate) fn or_more(self, known: u64) -> Total {
        match self {
            Total::Exact(count) => Total::Exact(count),
            Total::AtLeast(count) => Total::AtLeast(count.max(known)),
        }
    }
}

/// `12`, `at least 12`.
impl fmt::Display for Total {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Total::Exact(count) => write!(formatter, "{count}"),
            Total::AtLeast(count) => write!(formatter, "at least {count}"),
        }
    }
}

/// A word, form or quotation that was searched for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TermCount {
    /// The term, folded; a form of a word ends in `*`.
    pub term: String,
    /// How many passages have it, headings and lines of metadata too. Exact where little was found or the query is
    /// explained; else only so far as it is soon counted.
    pub passages: Total,
    /// How much it tells: its idf, by its kind.
    pub weight: f32,
}

/// A word of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Known {
    /// The word, folded.
    pub word: String,
    /// How many passages have it.
    pub passages: Total,
}

/// A word of the query that the index does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unknown {
    /// The word, folded.
    pub word: String,
    /// The words it knows that one or two typing errors make of it, nearest and most frequent first.
    pub nearest: Vec<Known>,
}

/// A found passage.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Hit {
    /// Its place among the hits, from 1.
    pub rank: usize,
    /// Its score: comparable within one answer only.
    pub score: f32,
    /// Names the passage, also after the folder was indexed again.
    pub id: PassageId,
    /// Which of the indexes that are opened as one it is from, from 0: their order is that of [`Index::paths`].
    ///
    /// [`Index::paths`]: crate::Index::paths
    pub index: usize,
    /// The indexed folder; `None` where an app wrote the text.
    pub root: Option<Arc<Path>>,
    /// The path of the source below the root, or the name that the app gave it.
    pub path: PathBuf,
    /// The title of the article.
    pub title: String,
    /// The authors of the article.
    pub authors: Vec<String>,
    /// The date of the article.
    pub date: Option<Date>,
    /// The keywords of the article.
    pub keywords: Vec<String>,
    /// Where the article appeared, as far as it says so.
    pub appeared: Appeared,
    /// The language of the passage.
    pub language: Language,
    /// What the passage is in its article.
    pub kind: Kind,
    /// The headings it stands under, outermost first.
    pub section: Vec<String>,
    /// The page on which the first match of the snippet stands, where the source tells pages.
    pub page: Option<u32>,
    /// The first and last page of the passage, where the source tells pages.
    pub pages: Option<RangeInclusive<u32>>,
    /// The first and last line in the source, from 1; `None` where a source has no lines (docx, html).
    pub lines: Option<RangeInclusive<u32>>,
    /// The place among the passages of the source, from 1, where there are no lines.
    pub paragraph: Option<u64>,
    /// The text of the passage.
    pub text: String,
    /// Byte ranges of `text` that were found; sorted, apart, on character boundaries.
    pub highlights: Vec<Range<usize>>,
    /// Where the text stands in the source; `None` where the source is not UTF-8 text.
    pub pieces: Vec<Piece>,
    /// What to show of it.
    pub snippet: Snippet,
    /// Of a note: where it is cited first.
    pub cited: Option<Citing>,
    /// The notes that the passage cites, in order, if they were asked for.
    pub notes: Vec<NoteOf>,
    /// How many more passages of its article have all the words of the query, beside the hits, if that was asked for.
    pub more: Option<u64>,
    /// The passages before it in its article, in order, if they were asked for.
    pub before: Vec<Neighbour>,
    /// The passages after it in its article, in order, if they were asked for.
    pub after: Vec<Neighbour>,
    /// Near-duplicates folded into this hit (only with [`Copies::Fold`](crate::Copies::Fold)).
    pub copies: Vec<NearCopy>,
    /// What the score is made of, if that was asked for. None where only quotations and filters were asked for.
    pub explanation: Option<Explanation>,
}

/// A passage beside a hit. Notes are no neighbours but of notes: they stand between the parts of what is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Neighbour {
    /// Names the passage.
    pub id: PassageId,
    /// What the passage is in its article.
    pub kind: Kind,
    /// The first and last line in the source, from 1; `None` where a source has no lines.
    pub lines: Option<RangeInclusive<u32>>,
    /// The place among the passages of the source, from 1, where there are no lines.
    pub paragraph: Option<u64>,
    /// The text of the passage.
    pub text: String,
}

/// A passage that was asked for by its id.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Shown {
    /// The passage, with its notes and neighbours. It has no score, and nothing is marked.
    pub hit: Hit,
    /// The sections of its article.
    pub outline: Outline,
}

/// A passage that says nearly the same as a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NearCopy {
    /// Names the passage.
    pub id: PassageId,
    /// The indexed folder; `None` where an app wrote the text.
    pub root: Option<Arc<Path>>,
    /// The path of the source below the root, or the name that the app gave it.
    pub path: PathBuf,
    /// The title of the article.
    pub title: String,
    /// The date of the article.
    pub date: Option<Date>,
    /// The first and last line in the source, from 1; `None` where a source has no lines.
    pub lines: Option<RangeInclusive<u32>>,
}

/// The sentence that cites a note.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Citing {
    /// The sentence.
    pub text: String,
    /// The first and last line of its passage, from 1.
    pub lines: Option<RangeInclusive<u32>>,
}

/// A note of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoteOf {
    /// The byte of the passage's text that its mark stood before.
    pub offset: usize,
    /// The text of the note.
    pub text: String,
    /// Its first and last line, from 1.
    pub lines: Option<RangeInclusive<u32>>,
}

impl Hit {
    /// Returns the file that the passage is in, or the archive that holds it; `None` where an app wrote the text.
    pub fn file(&self) -> Option<PathBuf> {
        self.root.as_deref().map(|root| file_of(root, &self.path))
    }

    /// Returns the byte ranges of the source that the passage was made of, in
    /// order, touching ones merged. None where the source is not UTF-8 text.
    pub fn source_ranges(&self) -> Option<Vec<Range<usize>>> {
        if self.pieces.is_empty() {
            return None;
        }
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let end = piece.source + piece.length;
            match ranges.last_mut() {
                Some(last) if last.end == piece.source => last.end = end,
                _ => ranges.push(piece.source..end),
            }
        }
        Some(ranges)
    }
}

/// Why an answer is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cut {
    /// The query asks for more than the deadline has room for, by count: the same query is cut at the same place each time.
    Work,
    /// What it would have to hold at a time is more than a search may.
    Memory,
    /// The deadline passed.
    Deadline,
    /// It was cancelled.
    Cancelled,
}

impl Cut {
    /// Returns its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Cut::Work => "work",
            Cut::Memory => "memory",
            Cut::Deadline => "deadline",
            Cut::Cancelled => "cancelled",
        }
    }

    /// Returns what to say of an answer that was cut so.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Cut::Work => "it asks for too much: the search was cut short, and there may be more",
            Cut::Memory => "it asks for more than fits into memory: the search was cut short, and there may be more",
            Cut::Deadline => "the time was up: the search was cut short, and there may be more",
            Cut::Cancelled => "the search was cancelled, and there may be more",
        }
    }
}
