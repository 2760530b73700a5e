//! An article: a source understood as metadata and passages.
//!
//! [`parse`] takes any string and always returns an article. A passage is a
//! paragraph of running text (or a heading, a note, some rows of a table) that
//! knows where each of its bytes stands in the source.
//!
//! There are two steps. Readers find the blocks of a source: `front_matter`,
//! `markdown` and `plain`, with the help of `lines` and `running_text`. Then
//! `passages` turns the blocks into passages, in this order:
//!
//! 1. `spaced` closes spaced-out words, `sections` finds the headings of laws;
//! 2. `footnotes` finds the notes and ties their marks to them;
//! 3. `dating` finds the day of adoption, `metadata_lines` reads 【关键词】 and the like;
//! 4. `reflow` joins paragraphs that were cut in two, `hyphens` settles hyphens at line ends, `law` the paragraphs of an article of a law;
//! 5. `long` cuts long paragraphs;
//! 6. `headings` finds the depth of each section from the numbers of the headings.
//!
//! Readers of other formats pass their blocks to [`understand`].

mod appeared;
mod authors;
mod blocks;
mod date;
mod dating;
mod footnotes;
mod front_matter;
mod halves;
mod headings;
mod hyphens;
mod law;
mod lines;
mod long;
mod markdown;
mod metadata;
mod metadata_field;
mod metadata_lines;
mod passages;
mod plain;
mod reflow;
mod running_text;
mod sections;
mod source_line;
mod spaced;
mod syntax;
mod written_dates;

use std::ops::RangeInclusive;

pub use appeared::{Appeared, AppearedMut, AppearedValue};
pub use blocks::{Block, BlockKind, Mark, PageBreak};
pub use date::Date;
pub use dating::date_of_name;
pub use footnotes::{NoteMark, note_marks};
pub use hyphens::DIVIDED;
pub use long::RUNS_ON_CHARACTERS;
pub use metadata::{MOST_NAMES, Metadata};
pub use running_text::line_joint;
pub use syntax::Syntax;

use crate::language::Language;

/// A source understood: its metadata, and its passages in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
    /// The metadata that the source gives.
    pub metadata: Metadata,
    /// The sections, in the order of the source. The title does not open one.
    pub outline: Vec<Section>,
    /// The passages, in the order of the source.
    pub passages: Vec<Passage>,
}

/// A part of an article that a heading opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The index in the outline of the section around it; less than its own index.
    pub parent: Option<usize>,
    /// The heading.
    pub heading: String,
}

/// Returns the headings that lead to a section of an outline, outermost first.
pub fn section_path(outline: &[Section], section: Option<usize>) -> Vec<&str> {
    let open = |at: usize| outline.get(at).map(|section| (at, section));
    let around = |(at, section): &(usize, &Section)| section.parent.filter(|parent| parent < at).and_then(open);
    let mut path: Vec<&str> =
        std::iter::successors(section.and_then(open), around).map(|(_, section)| section.heading.as_str()).collect();
    path.reverse();
    path
}

/// The unit that is found and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The kind of the passage.
    pub kind: Kind,
    /// The index in the outline of its section. A heading belongs to the section around the one that it opens.
    pub section: Option<usize>,
    /// The running text: no line ends, no markup, no marks of notes.
    pub text: String,
    /// Where the text stands in the source, in order. Bytes outside all pieces
    /// were added where lines or cells were joined, or stand for an entity.
    pub pieces: Vec<Piece>,
    /// The language that most of the text is written in.
    pub language: Language,
    /// Whether it is a heading with no passage below it, so that only it can be found by its words.
    pub is_alone: bool,
    /// The page it begins on, if the source has pages.
    pub page: Option<u32>,
    /// Where other pages begin in the text, in order.
    pub page_breaks: Vec<PageBreak>,
    /// The marks of notes that were removed from the text, in order. [`Mark::note`] is an index among the passages.
    pub marks: Vec<Mark>,
    /// For a note: where it is cited first.
    pub cited: Option<Cited>,
    /// For a part of a long paragraph: the beginning of the next part. It is
    /// searched with this part, so that a quotation across the cut is found.
    pub runs_on: String,
}

/// Where a note is cited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cited {
    /// The index of the citing passage in [`Article::passages`].
    pub passage: usize,
    /// The byte offset in its text at which the mark stood.
    pub offset: usize,
}

impl Passage {
    /// Returns its first and last line in the source, from 1.
    pub fn lines(&self) -> RangeInclusive<u32> {
        let first = self.pieces.first().map_or(1, |piece| piece.line);
        let last = self.pieces.last().map_or(first, |piece| piece.line);
        first..=last
    }
}

/// The kind of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// A paragraph, list item or quotation.
    Body,
    /// A heading.
    Heading,
    /// A footnote or endnote.
    Note,
    /// Rows of a table.
    Table,
    /// A line of metadata: front matter, keywords, classification.
    Metadata,
    /// An abstract.
    Abstract,
}

impl Kind {
    /// All kinds, in the order of their codes in the index.
    pub const ALL: [Kind; 6] = [Kind::Body, Kind::Heading, Kind::Note, Kind::Table, Kind::Metadata, Kind::Abstract];

    /// Returns the name used in queries and output.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Body => "body",
            Kind::Heading => "heading",
            Kind::Note => "note",
            Kind::Table => "table",
            Kind::Metadata => "metadata",
            Kind::Abstract => "abstract",
        }
    }
}

/// A run of bytes that is the same in a passage and in its source, within one
/// line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Its byte offset in the text of the passage.
    pub text: usize,
    /// Its byte offset in the source.
    pub source: usize,
    /// The number of bytes.
    pub length: usize,
    /// The line of the source, from 1.
    pub line: u32,
}

/// Turns a source into an article. Never fails: any string is an article.
///
/// Takes time in proportion to the length of the text. A byte order mark is
/// skipped; offsets are those of the text as given.
///
/// # Examples
///
/// ```
/// use svod_text::article::{Syntax, parse};
///
/// let article = parse("# 停火\n\n谈判仍在\n继续。\n", Syntax::Markdown);
/// assert_eq!(article.metadata.title.as_deref(), Some("停火"));
/// assert_eq!(article.passages[1].text, "谈判仍在继续。");
/// ```
pub fn parse(text: &str, syntax: Syntax) -> Article {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let lines = lines::Lines::of(text);
    let mut blocks = Vec::new();
    let mut metadata = Metadata::default();
    match syntax {
        Syntax::Markdown => {
            let body = front_matter::read(text, start, &lines, &mut metadata, &mut blocks);
            markdown::read(text, body, &lines, &mut blocks);
        }
        Syntax::Plain => plain::read(text, start, &lines, &mut blocks),
    }
    passages::assemble(blocks, metadata, passages::Titled::ByItself)
}

/// Turns the blocks of a source that was read elsewhere, in their order, into an article.
pub fn understand(blocks: Vec<Block>, metadata: Metadata) -> Article {
    passages::assemble(blocks, metadata, passages::Titled::Perhaps)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks what must hold for the pieces of any passage.
    fn check_pieces(source: &str, article: &Article) {
        for passage in &article.passages {
            assert!(!passage.text.trim().is_empty());
            assert!(!passage.text.contains(['\n', '\r']), "{:?}", passage.text);
            let (mut text_end, mut source_end) = (0, 0);
            for piece in &passage.pieces {
                assert!(piece.length > 0 && piece.text >= text_end && piece.source >= source_end);
                (text_end, source_end) = (piece.text + piece.length, piece.source + piece.length);
                assert_eq!(&passage.text[piece.text..text_end], &source[piece.source..source_end]);
                assert_eq!(piece.line as usize, 1 + source[..piece.source].matches('\n').count());
            }
        }
    }

    #[test]
    fn line_ends_of_either_kind_give_the_same_passages() {
        let source = "# 标题\n\nпервая\nвторая строка\n\n- один\n- два\n\n| a | b |\n|---|---|\n| c | d |\n";
        let texts =
            |source: &str| parse(source, Syntax::Markdown).passages.into_iter().map(|p| p.text).collect::<Vec<_>>();
        assert_eq!(texts(source), texts(&source.replace('\n', "\r\n")));
    }

    proptest! {
        #[test]
        fn any_string_is_an_article(source in "(\\PC|\n|\r\n|---\n|\\[\\^1\\]|: |# |<sup>|</sup>|\\* |[|]|&amp;|    |```\n|停火|война){0,40}") {
            check_pieces(&source, &parse(&source, Syntax::Markdown));
            check_pieces(&source, &parse(&source, Syntax::Plain));
        }

        #[test]
        fn no_line_is_in_two_passages(source in "([a-zж]{1,5}|停火| |\n|\n\n|\r\n|---\n|\\[1\\] |\\[\\^1\\]|: |# |<b>|- |> |```\n|第一条 |\n\u{c}){0,40}") {
            for syntax in [Syntax::Markdown, Syntax::Plain] {
                let article = parse(&source, syntax);
                let mut owners = vec![0; source.split('\n').count() + 1];
                for passage in &article.passages {
                    let mut lines: Vec<u32> = passage.pieces.iter().map(|piece| piece.line).collect();
                    lines.dedup();
                    lines.into_iter().for_each(|line| owners[line as usize] += 1);
                }
                for (line, content) in (1..).zip(source.split('\n')) {
                    let most = usize::from(!content.trim().is_empty());
                    prop_assert!(owners[line] <= most, "line {} of {:?} is in {} places: {:?}", line, source, owners[line], article);
                }
            }
        }

        #[test]
        fn no_word_of_plain_text_is_lost(source in "([a-z]{1,6}|停|ж|\n|\n\n| |\r\n){0,40}") {
            let words = |text: &str| text.split_whitespace().collect::<String>();
            let article = parse(&source, Syntax::Plain);
            let all: String = article.passages.iter().map(|passage| words(&passage.text)).collect();
            prop_assert_eq!(all, words(&source));
        }
    }
}
