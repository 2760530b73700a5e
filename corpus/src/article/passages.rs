//! Passages out of blocks: title, sections, language.

use super::{Article, Kind, Metadata, Passage, Piece, Section};
use crate::language::Language;

/// A block of a source as a reader found it.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    pub(super) text: String,
    pub(super) pieces: Vec<Piece>,
}

/// What a reader says a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A heading of a level from 1.
    Heading(u8),
    Paragraph,
    Note,
    Table,
    Metadata,
}

/// Makes an article out of blocks in the order of the source.
pub(super) fn assemble(blocks: Vec<Block>, mut metadata: Metadata) -> Article {
    let title = title_block(&blocks);
    if let (None, Some(at)) = (&metadata.title, title) {
        metadata.title = Some(blocks[at].text.clone());
    }
    let levels: Vec<Option<u8>> = blocks.iter().map(|block| block.kind.level()).collect();
    let mut outline = Outline::default();
    let passages = blocks.into_iter().enumerate().map(|(at, block)| {
        let section = match block.kind {
            BlockKind::Heading(level) if Some(at) != title => outline.enter(level, &block.text),
            _ => outline.current(),
        };
        Passage {
            kind: block.kind.kind(),
            section,
            language: Language::of(&block.text),
            is_alone: levels[at].is_some_and(|level| has_nothing_below(level, levels.get(at + 1))),
            text: block.text,
            pieces: block.pieces,
        }
    });
    let passages = passages.collect();
    Article { metadata, outline: outline.sections, passages }
}

/// Classification, journal, authors: so many short paragraphs may stand above a title.
const MOST_ABOVE_TITLE: usize = 3;
const LONGEST_ABOVE_TITLE: usize = 200;

/// The first heading is the title if only metadata and a few short paragraphs stand above it.
fn title_block(blocks: &[Block]) -> Option<usize> {
    let first = blocks.iter().position(|block| block.kind.level().is_some())?;
    let mut above = blocks[..first].iter().filter(|block| block.kind != BlockKind::Metadata);
    let is_short = |block: &Block| block.text.len() <= LONGEST_ABOVE_TITLE;
    (above.clone().count() <= MOST_ABOVE_TITLE && above.all(is_short)).then_some(first)
}

fn has_nothing_below(level: u8, next: Option<&Option<u8>>) -> bool {
    match next {
        None => true,
        Some(Some(next)) => *next <= level,
        Some(None) => false,
    }
}

impl BlockKind {
    fn level(self) -> Option<u8> {
        match self {
            BlockKind::Heading(level) => Some(level),
            _ => None,
        }
    }

    fn kind(self) -> Kind {
        match self {
            BlockKind::Heading(_) => Kind::Heading,
            BlockKind::Paragraph => Kind::Body,
            BlockKind::Note => Kind::Note,
            BlockKind::Table => Kind::Table,
            BlockKind::Metadata => Kind::Metadata,
        }
    }
}

/// The sections so far, and those that are open.
#[derive(Default)]
struct Outline {
    sections: Vec<Section>,
    /// Level and place of each open section, outermost first.
    open: Vec<(u8, usize)>,
}

impl Outline {
    /// Opens a section and returns the one around it.
    fn enter(&mut self, level: u8, heading: &str) -> Option<usize> {
        self.open.retain(|&(open, _)| open < level);
        let parent = self.current();
        self.open.push((level, self.sections.len()));
        self.sections.push(Section { parent, heading: heading.to_owned() });
        parent
    }

    fn current(&self) -> Option<usize> {
        self.open.last().map(|&(_, at)| at)
    }
}
