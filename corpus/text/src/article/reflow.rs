//! Reflow: repairs the damage of conversion, so that paragraphs are those of the authors.
//!
//! A page break cuts a paragraph in two, with the notes of the page in between.
//! OCR puts blanks between Han characters. One pass over the blocks.

use std::ops::Range;

use super::blocks::{Block, BlockKind};
use super::headings::numbering;
use super::running_text::{Join, joint};

/// The shortest paragraph in which blanks between Han characters are removed. A shorter one may be a list of names or
/// words that blanks separate.
const LEAST_CHARACTERS_OF_PROSE: usize = 20;

/// The longest number of an article or chapter, such as 第一百二十三条之一.
const MOST_BYTES_OF_NUMBER: usize = 42;

/// Joins paragraphs that a page break or notes cut in two. The second half is
/// appended to the first; its block is left without text.
pub(super) fn join_cut_paragraphs(blocks: &mut [Block]) {
    let mut open: Option<usize> = None;
    let mut is_cut = false;
    for at in 0..blocks.len() {
        match blocks[at].kind {
            BlockKind::PageBreak | BlockKind::Note(_) => is_cut = true,
            BlockKind::Paragraph => {
                match open.filter(|&first| is_cut && continues(&blocks[first].text, &blocks[at].text)) {
                    Some(first) => {
                        let second =
                            std::mem::replace(&mut blocks[at], Block::new(BlockKind::Paragraph, String::new()));
                        join(&mut blocks[first], second);
                        open = Some(first).filter(|&first| is_unfinished(&blocks[first].text));
                    }
                    None => open = Some(at).filter(|&at| is_unfinished(&blocks[at].text)),
                }
                is_cut = false;
            }
            BlockKind::Item => {
                open = Some(at).filter(|&at| is_unfinished(&blocks[at].text));
                is_cut = false;
            }
            BlockKind::Heading(_) | BlockKind::Table | BlockKind::Metadata | BlockKind::Abstract => {
                open = None;
                is_cut = false;
            }
        }
    }
}

fn join(first: &mut Block, second: Block) {
    let next = second.text.chars().next().unwrap_or(' ');
    let joint = joint(&first.text, next, Join::Line);
    if joint.closes_hyphen {
        let hyphen = first.text.chars().next_back().map_or(0, char::len_utf8);
        first.truncate(first.text.len() - hyphen);
    }
    first.append(second, joint.between);
}

/// Whether a paragraph ends in the middle of a sentence.
fn is_unfinished(text: &str) -> bool {
    let inner = text.trim_end().trim_end_matches(['”', '’', '」', '』', '）', ')', ']', '》', '"', '»']);
    inner
        .chars()
        .next_back()
        .is_some_and(|last| !matches!(last, '。' | '！' | '？' | '!' | '?' | '.' | '…' | '：' | ':' | '；' | ';'))
}

/// Whether the paragraph `second` can be the other half of the unfinished `first`.
fn continues(first: &str, second: &str) -> bool {
    let Some(next) = second.chars().next() else { return false };
    if matches!(next, '【' | '*' | '•') || numbering(second).is_some() {
        return false;
    }
    let last = first.trim_end().chars().next_back().unwrap_or(' ');
    if is_han(last) || is_han(next) || matches!(last, '，' | '、' | '“' | '《' | '（') {
        return !matches!(last, '）' | '】');
    }
    next.is_lowercase() || matches!(last, ',' | '-' | '–' | '—') || (next.is_numeric() && last.is_lowercase())
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

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_after_a_break() {
        for (first, second, expected) in [
            ("特朗普的经济部", "分解除制裁。", true),
            ("自2025年4", "月18日起", true),
            ("这是结尾。", "新的一段。", false),
            ("他说：“停火。”", "新的一段。", false),
            ("俄罗斯，", "美国与欧盟", true),
            ("某一句话", "（二）下一节", false),
            ("某一句话", "【关键词】停火", false),
            ("меры по обеспе-", "чению мира", true),
            ("стороны согласились", "продолжить переговоры", true),
            ("Заголовок без точки", "Новый абзац", false),
            ("the parties agreed", "to continue talks", true),
            ("The End", "A new paragraph", false),
        ] {
            assert_eq!(is_unfinished(first) && continues(first, second), expected, "{first} / {second}");
        }
    }

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
