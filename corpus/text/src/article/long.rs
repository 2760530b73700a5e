//! Long paragraphs are cut at sentence ends.
//!
//! A hit of ten pages is of no use, and a file of one endless line must not
//! become one record. Each part is searched together with the beginning of the
//! next part, so that a quotation across the cut is found.

use super::Piece;
use super::blocks::{Block, BlockKind, Mark, PageBreak};

/// The longest paragraph that is not cut, and the longest part.
const MOST_CHARACTERS: usize = 4_000;

/// The number of characters of the next part that are searched with a part.
pub const RUNS_ON_CHARACTERS: usize = 200;

/// Cuts every long block. A mark whose note is cut then names its first part.
pub(super) fn cut_long(blocks: Vec<Block>) -> Vec<Block> {
    let mut firsts = Vec::with_capacity(blocks.len());
    let mut parts = Vec::with_capacity(blocks.len());
    for block in blocks {
        firsts.push(parts.len());
        // The number of bytes is known and never less than that of characters.
        if block.text.len() <= MOST_CHARACTERS || matches!(block.kind, BlockKind::Heading(_)) {
            parts.push(block);
        } else {
            cut(block, &mut parts);
        }
    }
    for mark in parts.iter_mut().flat_map(|part| &mut part.marks) {
        mark.note = mark.note.map(|note| firsts[note]);
    }
    parts
}

fn cut(block: Block, parts: &mut Vec<Block>) {
    let mut start = 0;
    while start < block.text.len() {
        let end = start + part_length(&block.text[start..]);
        let next = &block.text[end..];
        let mut part = slice(&block, start, end);
        part.runs_on = next[..byte_of(next, RUNS_ON_CHARACTERS).min(part_length(next))].to_owned();
        parts.push(part);
        start = end;
    }
}

/// Returns the length in bytes of the first part of a text: up to the last
/// sentence end in the second half of the longest part, else to the last blank
/// there, else the longest part.
fn part_length(text: &str) -> usize {
    let limit = byte_of(text, MOST_CHARACTERS);
    if limit == text.len() {
        return limit;
    }
    let half = byte_of(text, MOST_CHARACTERS / 2);
    let after_last = |is_end: fn(char) -> bool| {
        text[half..limit].char_indices().rev().find(|&(_, c)| is_end(c)).map(|(at, c)| half + at + c.len_utf8())
    };
    after_last(|c| matches!(c, '。' | '！' | '？' | '；' | '.' | '!' | '?' | ';'))
        .or_else(|| after_last(char::is_whitespace))
        .unwrap_or(limit)
}

fn byte_of(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}

/// Returns the bytes `start..end` of a block, with their pieces, marks and page breaks.
fn slice(block: &Block, start: usize, end: usize) -> Block {
    let first = block.pieces.partition_point(|piece| piece.text + piece.length <= start);
    let inside = block.pieces[first..].iter().take_while(|piece| piece.text < end);
    let pieces = inside.map(|piece| {
        let from = piece.text.max(start);
        let until = (piece.text + piece.length).min(end);
        Piece { text: from - start, source: piece.source + (from - piece.text), length: until - from, line: piece.line }
    });
    let first = block.marks.partition_point(|mark| mark.offset < start || (mark.offset == start && start > 0));
    let inside = block.marks[first..].iter().take_while(|mark| mark.offset <= end);
    let marks = inside.map(|mark| Mark { offset: mark.offset - start, ..mark.clone() });
    let first = block.page_breaks.partition_point(|page_break| page_break.offset <= start);
    let inside = block.page_breaks[first..].iter().take_while(|page_break| page_break.offset < end);
    let page_breaks = inside.map(|page_break| PageBreak { offset: page_break.offset - start, ..*page_break });
    Block {
        pieces: pieces.collect(),
        marks: marks.collect(),
        page: block.page_at(start),
        page_breaks: page_breaks.collect(),
        ..Block::new(block.kind.clone(), block.text[start..end].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};
    use super::*;

    #[test]
    fn each_part_knows_its_pages() {
        let sentence = "第二句话谈到停火协议。";
        let block = Block {
            page: Some(1),
            page_breaks: (1..8).map(|page| PageBreak { offset: page * 6_600, page: page as u32 + 1 }).collect(),
            ..Block::new(BlockKind::Paragraph, sentence.repeat(1_500))
        };
        let mut start = 0;
        for part in cut_long(vec![block.clone()]) {
            for offset in 0..part.text.len() {
                assert_eq!(part.page_at(offset), block.page_at(start + offset));
            }
            start += part.text.len();
        }
        assert_eq!(start, block.text.len());
    }

    #[test]
    fn parts_are_the_whole() {
        for sentence in ["第二句话谈到停火协议。", "Второе предложение о мире. ", "停火", "слово "]
        {
            let source = sentence.repeat(3_000);
            let article = parse(&source, Syntax::Plain);
            let texts: String = article.passages.iter().map(|passage| passage.text.as_str()).collect();
            assert_eq!(texts, source.trim_end());
            assert!(article.passages.iter().all(|passage| passage.text.chars().count() <= MOST_CHARACTERS));
            for pair in article.passages.windows(2) {
                assert!(!pair[0].runs_on.is_empty() && pair[1].text.starts_with(&pair[0].runs_on));
            }
            for passage in &article.passages {
                let from = passage.pieces[0].source;
                assert_eq!(&source[from..from + passage.text.len()], passage.text);
            }
        }
    }
}
