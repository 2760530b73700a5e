//! From blocks to passages: the steps, and their order.

use super::blocks::{Block, BlockKind};
use super::metadata::cut_name;
use super::{
    Article, Cited, Kind, Metadata, Passage, Section, dating, footnotes, headings, hyphens, law, long, metadata_lines,
    reflow, sections, spaced,
};
use crate::language::Language;

/// Whether a title that the source gives beside its text is its own or may be that of a file or site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Titled {
    ByItself,
    Perhaps,
}

/// Makes an article of blocks, given in the order of the source.
pub(super) fn assemble(mut blocks: Vec<Block>, mut metadata: Metadata, titled: Titled) -> Article {
    hyphens::settle(&mut blocks);
    blocks.iter_mut().for_each(spaced::close);
    let is_law = sections::mark(&mut blocks);
    let title = title_block(&blocks);
    footnotes::find_notes(&mut blocks);
    footnotes::lift_plain_marks(&mut blocks);
    footnotes::tie(&mut blocks);
    metadata.adopted = dating::adopted(&blocks, title);
    metadata_lines::read(&mut blocks, title, &mut metadata);
    blocks.iter_mut().for_each(reflow::remove_blanks);
    if reflow::join_cut_paragraphs(&mut blocks) == reflow::Joined::AtHyphens {
        hyphens::settle(&mut blocks);
    }
    law::join_articles(&mut blocks);
    // The title block may have turned out to be a line of metadata.
    let heading = title.map(|at| &blocks[at]).filter(|block| matches!(block.kind, BlockKind::Heading(_)));
    if let Some(heading) = heading.map(|block| block.text.clone()) {
        // A law says at its beginning what it is.
        metadata.title = metadata.title.filter(|_| !is_law || titled == Titled::ByItself);
        metadata = metadata.or(Metadata { title: Some(heading), ..Metadata::default() });
    }
    metadata.cut();
    let title = title.map(|at| blocks[..at].iter().filter(|block| is_passage(block)).count());
    drop_empty(&mut blocks);
    let blocks = long::cut_long(blocks);
    let mut outline = Outline::of(&blocks, title);
    let mut passages: Vec<Passage> =
        blocks.into_iter().enumerate().map(|(at, block)| outline.place(at, block)).collect();
    tie_back(&mut passages);
    Article { metadata, outline: outline.sections, passages }
}

/// The number of short paragraphs (classification, journal, authors) that may stand above a title.
const MOST_ABOVE_TITLE: usize = 3;
/// The longest of them, in bytes.
const LONGEST_ABOVE_TITLE: usize = 200;

/// Returns the title: the first heading, if only metadata and a few short paragraphs stand above it.
fn title_block(blocks: &[Block]) -> Option<usize> {
    let first = blocks.iter().position(|block| matches!(block.kind, BlockKind::Heading(_)))?;
    let mut above = blocks[..first].iter().filter(|block| block.kind != BlockKind::Metadata && is_passage(block));
    let is_short = |block: &Block| block.text.len() <= LONGEST_ABOVE_TITLE;
    (above.clone().count() <= MOST_ABOVE_TITLE && above.all(is_short)).then_some(first)
}

fn is_passage(block: &Block) -> bool {
    !block.text.trim().is_empty()
}

/// Drops blocks without text (page breaks, and blocks that were joined to others) and adjusts the notes of marks
/// to the new indexes.
fn drop_empty(blocks: &mut Vec<Block>) {
    let mut places = Vec::with_capacity(blocks.len());
    let mut count = 0;
    for block in blocks.iter() {
        places.push(count);
        count += usize::from(is_passage(block));
    }
    blocks.retain(is_passage);
    for mark in blocks.iter_mut().flat_map(|block| &mut block.marks) {
        mark.note = mark.note.map(|note| places[note]);
    }
}

/// Sets [`Passage::cited`] of each note: where it is cited first.
fn tie_back(passages: &mut [Passage]) {
    let mut cited: Vec<(usize, Cited)> = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        cited.extend(
            passage.marks.iter().filter_map(|mark| Some((mark.note?, Cited { passage: at, offset: mark.offset }))),
        );
    }
    for (note, place) in cited {
        passages[note].cited.get_or_insert(place);
    }
}

impl BlockKind {
    fn kind(&self) -> Kind {
        match self {
            BlockKind::Heading(_) => Kind::Heading,
            BlockKind::Paragraph | BlockKind::Item | BlockKind::PageBreak => Kind::Body,
            BlockKind::Note(_) => Kind::Note,
            BlockKind::Table => Kind::Table,
            BlockKind::Metadata => Kind::Metadata,
            BlockKind::Abstract => Kind::Abstract,
        }
    }
}

/// The depth of the section of an article of a law, which lies below all headings.
const BELOW_HEADINGS: usize = usize::MAX;

/// The sections so far, and those that are open.
struct Outline {
    sections: Vec<Section>,
    /// The depth and index of each open section, outermost first.
    open: Vec<(usize, usize)>,
    /// For each block, its depth if it is a heading other than the title.
    depths: Vec<Option<usize>>,
    title: Option<usize>,
    /// Whether paragraphs begin articles that are numbered in words: `Статья 5. Граждане …`.
    has_articles: bool,
}

impl Outline {
    fn of(blocks: &[Block], title: Option<usize>) -> Outline {
        let heading = |(at, block): (usize, &Block)| match block.kind {
            BlockKind::Heading(level) if Some(at) != title => Some((at, level)),
            _ => None,
        };
        let places: Vec<(usize, u8)> = blocks.iter().enumerate().filter_map(heading).collect();
        let levels: Vec<(u8, &str)> = places.iter().map(|&(at, level)| (level, blocks[at].text.as_str())).collect();
        let mut depths = vec![None; blocks.len()];
        for ((at, _), depth) in places.iter().zip(headings::depths(&levels)) {
            depths[*at] = Some(depth);
        }
        let is_article = |block: &&Block| sections::article_in_words(&block.text).is_some();
        let paragraphs = blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
        let has_articles = paragraphs.filter(is_article).nth(1).is_some();
        Outline { sections: Vec::new(), open: Vec::new(), depths, title, has_articles }
    }

    /// Makes a passage of a block. Opens a section first if the block is a heading or an article of a law.
    fn place(&mut self, at: usize, block: Block) -> Passage {
        let in_words = || sections::article_in_words(&block.text).filter(|_| self.has_articles);
        let section = match (self.depths[at], law::article_number(&block.text).or_else(in_words)) {
            (Some(depth), _) => self.enter(depth, &block.text),
            (None, Some(number)) if block.kind == BlockKind::Paragraph => {
                self.enter(BELOW_HEADINGS, number);
                self.current()
            }
            _ => self.current(),
        };
        Passage {
            kind: block.kind.kind(),
            section,
            language: Language::of(&block.text),
            is_alone: self.is_alone(at),
            page: block.page,
            page_breaks: block.page_breaks,
            marks: block.marks,
            cited: None,
            runs_on: block.runs_on,
            text: block.text,
            pieces: block.pieces,
        }
    }

    /// Opens a section and returns the one around it.
    fn enter(&mut self, depth: usize, heading: &str) -> Option<usize> {
        self.open.retain(|&(open, _)| open < depth);
        let parent = self.current();
        self.open.push((depth, self.sections.len()));
        self.sections.push(Section { parent, heading: cut_name(heading).to_owned() });
        parent
    }

    fn current(&self) -> Option<usize> {
        self.open.last().map(|&(_, at)| at)
    }

    /// Whether a block is a heading with no passage below it.
    fn is_alone(&self, at: usize) -> bool {
        let depth = if Some(at) == self.title { Some(None) } else { self.depths[at].map(Some) };
        match (depth, self.depths.get(at + 1)) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(Some(depth)), Some(Some(next))) => *next <= depth,
            (Some(_), Some(_)) => false,
        }
    }
}
