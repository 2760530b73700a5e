//! Reflow: repairs the damage of conversion, so that paragraphs are those of the authors.
//!
//! A page break cuts a paragraph in two, with the notes of the page in between, or
//! leaves nothing but a blank line (`halves` tells). OCR puts blanks between Han
//! characters. One pass over the blocks.

use std::ops::Range;

use super::blocks::{Block, BlockKind};
use super::halves::{continues, goes_on, is_han, is_long, is_page_number, is_unfinished};
use super::headings::numbering;
use super::hyphens::DIVIDED_AND_BLANK;
use super::running_text::{Join, joint};

/// The shortest paragraph in which blanks between Han characters are removed. A shorter one may be a list of names or
/// words that blanks separate.
const LEAST_CHARACTERS_OF_PROSE: usize = 20;

/// The longest number of an article or chapter, such as 第一百二十三条之一.
const MOST_BYTES_OF_NUMBER: usize = 42;

/// What stands between two paragraphs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    /// A paragraph that can be the number of a page.
    Number,
    /// A page break or notes.
    Break,
}

/// Whether a word was divided where paragraphs were joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    BetweenWords,
    /// Hyphens are to be settled.
    AtHyphens,
}

/// Joins paragraphs that were cut in two: by a page break, notes, the number of a page, or a blank line. The second half
/// is appended to the first; its block is left without text, and so is the number between them.
pub(super) fn join_cut_paragraphs(blocks: &mut [Block]) -> Joined {
    let mut joined = Joined::BetweenWords;
    let mut open: Option<usize> = None;
    let mut between = Between::Nothing;
    let mut numbers: Vec<usize> = Vec::new();
    for at in 0..blocks.len() {
        match blocks[at].kind {
            BlockKind::PageBreak | BlockKind::Note(_) => between = Between::Break,
            BlockKind::Paragraph | BlockKind::Item if open.is_some() && is_page_number(&blocks[at]) => {
                numbers.push(at);
                between = if between == Between::Break { between } else { Between::Number };
            }
            BlockKind::Paragraph => {
                match open.filter(|&first| is_second_half(&blocks[first], &blocks[at], between)) {
                    Some(first) => {
                        numbers.drain(..).for_each(|number| blocks[number].truncate(0));
                        let second =
                            std::mem::replace(&mut blocks[at], Block::new(BlockKind::Paragraph, String::new()));
                        if join(&mut blocks[first], second) == DIVIDED_AND_BLANK {
                            joined = Joined::AtHyphens;
                        }
                        open = Some(first).filter(|&first| is_unfinished(&blocks[first].text));
                    }
                    None => open = Some(at).filter(|&at| is_unfinished(&blocks[at].text)),
                }
                between = Between::Nothing;
            }
            BlockKind::Item => {
                open = Some(at).filter(|&at| is_unfinished(&blocks[at].text));
                between = Between::Nothing;
            }
            BlockKind::Heading(_) | BlockKind::Table | BlockKind::Metadata | BlockKind::Abstract => {
                open = None;
                between = Between::Nothing;
            }
        }
        if between == Between::Nothing {
            numbers.clear();
        }
    }
    joined
}

fn is_second_half(first: &Block, second: &Block, between: Between) -> bool {
    match between {
        Between::Break => continues(&first.text, &second.text),
        Between::Number => is_long(&first.text) && continues(&first.text, &second.text),
        Between::Nothing => first.kind == BlockKind::Paragraph && goes_on(first, second),
    }
}

/// Appends the second half to the first, and returns what is put between them.
fn join(first: &mut Block, second: Block) -> &'static str {
    let next = second.text.chars().next().unwrap_or(' ');
    let joint = joint(&first.text, next, Join::Line);
    if joint.closes_hyphen {
        let hyphen = first.text.chars().next_back().map_or(0, char::len_utf8);
        first.truncate(first.text.len() - hyphen);
    }
    first.append(second, joint.between);
    joint.between
}

/// Removes the blanks that OCR put between Han characters.
pub(super) fn remove_blanks(block: &mut Block) {
    let is_prose = block.text.chars().take(LEAST_CHARACTERS_OF_PROSE).count() == LEAST_CHARACTERS_OF_PROSE;
    let is_eligible = match block.kind {
        BlockKind::Heading(_) | BlockKind::Abstract => true,
        BlockKind::Paragraph | BlockKind::Item => is_prose,
        // In a note a blank is often the only separator of two titles.
        BlockKind::Note(_) | BlockKind::Table | BlockKind::Metadata | BlockKind::PageBreak => false,
    };
    if is_eligible {
        let blanks = blanks_between_han(&block.text);
        if !blanks.is_empty() {
            block.remove(&blanks);
        }
    }
}

fn blanks_between_han(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut next = 0;
    while let Some(start) = text[next..].find(' ').map(|at| next + at) {
        let end = start + text[start..].len() - text[start..].trim_start_matches(' ').len();
        let is_between = text[..start].ends_with(is_han) && text[end..].starts_with(is_han);
        if is_between && !ends_number(&text[..start]) {
            found.push(start..end);
        }
        next = end;
    }
    found
}

/// Whether a text is nothing but the number of an article or chapter: 第十五条. The blank behind it is kept.
fn ends_number(text: &str) -> bool {
    text.starts_with('第') && text.len() <= MOST_BYTES_OF_NUMBER && numbering(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_are_not_meant() {
        for (text, expected) in [
            (
                "先进制程领域，出口管 制仍使研发周期平均延长了一年半左右",
                "先进制程领域，出口管制仍使研发周期平均延长了一年半左右",
            ),
            (
                "第十七条 已经离婚的中国公民，双方均定居国外，仅就财产分割",
                "第十七条 已经离婚的中国公民，双方均定居国外，仅就财产分割",
            ),
            ("林 舟", "林 舟"),
            (
                "在 NATO 与 2025 年之间没有任何汉字之间的空格需要删除",
                "在 NATO 与 2025 年之间没有任何汉字之间的空格需要删除",
            ),
        ] {
            let mut block = Block::new(BlockKind::Paragraph, text.to_owned());
            remove_blanks(&mut block);
            assert_eq!(block.text, expected);
        }
    }
}
