//! Plain text: paragraphs between blank lines, hard line ends joined, pages
//! between form feeds.

use std::ops::Range;

use super::blocks::{Block, BlockKind};
use super::footnotes::label_of;
use super::halves::{is_page_number, is_unfinished, page_number};
use super::headings::{Numbering, numbering};
use super::law::article_number;
use super::lines::{Lines, lines_in};
use super::metadata_lines::is_labelled;
use super::running_text::{Join, RunningText};
use super::sections::{article_in_words, is_part_heading};

/// The longest heading, in characters.
const LONGEST_HEADING: usize = 60;
const FORM_FEED: char = '\u{c}';

/// Reads a whole plain text: paragraphs, numbered headings and page breaks.
pub(super) fn read(source: &str, start: usize, lines: &Lines, blocks: &mut Vec<Block>) {
    let has_pages = source.contains(FORM_FEED);
    let mut page = has_pages.then_some(1);
    let mut rest = start;
    for end in source[start..].match_indices(FORM_FEED).map(|(at, _)| start + at).chain([source.len()]) {
        let first = blocks.len();
        read_page(source, rest..end, page, lines, blocks);
        for block in &mut blocks[first..] {
            block.page = page;
        }
        if end < source.len() {
            blocks.push(Block::new(BlockKind::PageBreak, String::new()));
        }
        page = page.map(|page| page + 1);
        rest = (end + FORM_FEED.len_utf8()).min(source.len());
    }
    mark_title(blocks);
}

/// Makes the first paragraph the title if it is one line, is not a sentence, and another block follows.
fn mark_title(blocks: &mut [Block]) {
    let mut texts = blocks.iter_mut().filter(|block| block.kind != BlockKind::PageBreak);
    if let (Some(first), Some(_)) = (texts.next(), texts.next())
        && first.kind == BlockKind::Paragraph
        && !is_labelled(&first.text)
        && is_heading_like(first)
    {
        first.kind = BlockKind::Heading(1);
    }
}

fn is_heading_like(block: &Block) -> bool {
    let lines = block.pieces.iter().map(|piece| piece.line);
    let is_one_line = lines.clone().min() == lines.max();
    is_one_line
        && block.text.chars().count() <= LONGEST_HEADING
        && !block.text.ends_with(['。', '.', '；', ';', '，', ',', '：', ':'])
}

/// Reads a page, or the whole text if it has no pages (`page` is `None`).
fn read_page(source: &str, range: Range<usize>, page: Option<u32>, lines: &Lines, blocks: &mut Vec<Block>) {
    let first = blocks.len();
    read_paragraphs(source, range, lines, BlockKind::Paragraph, blocks);
    if page.is_some() {
        // A number alone at the top or bottom of a page is the page number.
        if blocks.len() > first && is_page_number(&blocks[blocks.len() - 1]) {
            blocks.pop();
        }
        if blocks.len() > first && is_page_number(&blocks[first]) {
            blocks.remove(first);
        }
    } else {
        break_at_page_numbers(&mut blocks[first..]);
    }
    for block in &mut blocks[first..] {
        if is_rule(&block.text) {
            *block = Block::new(BlockKind::PageBreak, String::new());
        }
        // The parts of laws are found in all formats alike.
        if is_heading_like(block) && numbering(&block.text).is_some_and(|number| !matches!(number, Numbering::Law(_))) {
            block.kind = BlockKind::Heading(1);
        }
    }
}

/// The fewest numbers that are those of pages for no other reason than that each follows the one before.
const LEAST_PAGES: usize = 3;

/// The fewest bytes on a page, on the average: less than that stands between the numbers of a list or table.
const LEAST_PAGE_BYTES: usize = 400;

/// Makes page breaks of paragraphs that are numbers which count the pages.
fn break_at_page_numbers(blocks: &mut [Block]) {
    let number = |(at, block): (usize, &Block)| Some((at, page_number(&block.text)?));
    let numbers: Vec<(usize, u32)> = blocks.iter().enumerate().filter_map(number).collect();
    let (Some((first, _)), Some((last, _))) = (numbers.first(), numbers.last()) else { return };
    let bytes: usize = blocks[*first..*last].iter().map(|block| block.text.len()).sum();
    let are_pages = numbers.len() >= LEAST_PAGES && bytes >= (numbers.len() - 1) * LEAST_PAGE_BYTES;
    if are_pages && numbers.is_sorted_by(|(_, number), (_, next)| number + 1 == *next) {
        for (at, _) in numbers {
            blocks[at] = Block::new(BlockKind::PageBreak, String::new());
        }
    }
}

/// Whether a paragraph is a line that is drawn across the page.
fn is_rule(text: &str) -> bool {
    let is_drawn = |c: char| matches!(c, '-' | '_' | '*' | '=' | '~' | '—' | '–' | '―' | '─' | '━' | '＿' | ' ');
    text.chars().all(is_drawn) && text.chars().filter(|&c| c != ' ').nth(2).is_some()
}

/// Reads the paragraphs of a range of a source, as blocks of one kind.
pub(super) fn read_paragraphs(
    source: &str,
    range: Range<usize>,
    lines: &Lines,
    kind: BlockKind,
    blocks: &mut Vec<Block>,
) {
    let mut text = RunningText::new(source, lines);
    let mut is_heading = false;
    for line in lines_in(source, range) {
        let shown = source[line.clone()].trim();
        let begins_part = begins_part(shown) && (is_heading || !is_unfinished(text.since(0)));
        if shown.is_empty() || begins_paragraph(&source[line.clone()]) || begins_part || is_heading {
            blocks.extend(text.take(kind.clone()));
        }
        is_heading = begins_part && is_part_heading(shown);
        if !shown.is_empty() {
            text.join(Join::Line);
            text.push(line);
        }
    }
    blocks.extend(text.take(kind));
}

/// Whether a line is indented like a Chinese paragraph, or begins with the label of a note.
fn begins_paragraph(line: &str) -> bool {
    line.starts_with("\u{3000}\u{3000}") || label_of(line, false).is_some()
}

/// Whether a line begins an article or part of a law: the line above it is then a paragraph of its own, if it has ended.
fn begins_part(line: &str) -> bool {
    let may_begin = line.starts_with(['第', '§']) || line.starts_with(char::is_uppercase);
    may_begin && (article_number(line).is_some() || article_in_words(line).is_some() || is_part_heading(line))
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Syntax, parse};

    #[test]
    fn a_text_of_one_line_is_no_heading() {
        for (source, expected) in [
            ("停火谈判", &[Kind::Body][..]),
            ("Экспортные пошлины на зерно № 401\n", &[Kind::Body]),
            ("Grain duties\u{c}\n", &[Kind::Body]),
            ("停火谈判\n\n双方同意。", &[Kind::Heading, Kind::Body]),
            ("Ключевые слова: мир, война\n\nПереговоры продолжаются.", &[Kind::Metadata, Kind::Body]),
        ] {
            let kinds: Vec<Kind> = parse(source, Syntax::Plain).passages.iter().map(|passage| passage.kind).collect();
            assert_eq!(kinds, expected, "{source}");
        }
    }

    #[test]
    fn rules_and_numbers_of_pages_are_no_passages() {
        let half = "Стороны договорились о том, что развитие портов на северном побережье требует";
        let page = "Порты открыты для судов всех стран. ".repeat(12);
        let source = format!(
            "О портах\n\n{half}\n\n— 7 —\n\nвложений. {page}\n\n* * *\n\nПервое.\n\n- 8 -\n\n{page}\n\n9\n\n---\n\nТретье.\n"
        );
        let check = |source: &str, expected: &[&str]| {
            let article = parse(source, Syntax::Plain);
            let texts: Vec<&str> = article.passages.iter().map(|passage| passage.text.as_str()).collect();
            assert_eq!(texts, expected, "{source}");
        };
        let page = page.trim_end();
        let whole = format!("{half} вложений. {page}");
        check(&source, &["О портах", &whole, "Первое.", page, "Третье."]);
        // Another number, or numbers that count something else, tell no pages.
        check(&source.replace("9\n", "2024\n"), &["О портах", &whole, "Первое.", "- 8 -", page, "2024", "Третье."]);
        check("Грузы\n\n1\n\nлес\n\n2\n\nуголь\n\n3\n\nзерно\n", &["Грузы", "1", "лес", "2", "уголь", "3", "зерно"]);
        check("О мире\n\nБег.\n\n——————\n\n[1] Сноска.\n", &["О мире", "Бег.", "[1] Сноска."]);
    }

    #[test]
    fn pages_between_form_feeds() {
        let source = "О мире\n\nСтороны[1] согла-\nсились продол\u{ad}\nжить перего-\n\n[1] Сноска первая.\n[2] Сноска вторая.\n\n17\n\u{c}воры в мае.\n\nКонец.\n";
        let article = parse(source, Syntax::Plain);
        let shown: Vec<(Kind, Option<u32>, &str)> =
            article.passages.iter().map(|passage| (passage.kind, passage.page, passage.text.as_str())).collect();
        assert_eq!(
            shown,
            [
                (Kind::Heading, Some(1), "О мире"),
                (Kind::Body, Some(1), "Стороны согласились продолжить переговоры в мае."),
                (Kind::Note, Some(1), "[1] Сноска первая."),
                (Kind::Note, Some(1), "[2] Сноска вторая."),
                (Kind::Body, Some(2), "Конец."),
            ]
        );
        assert_eq!(article.passages[1].marks[0].note, Some(2));
        assert_eq!(article.passages[2].cited.map(|cited| (cited.passage, cited.offset)), Some((1, 14)));
    }
}
