//! Sections of laws: paragraphs that are headings by their numbers.
//!
//! The same law comes as a text file, a web page, a Word file and a book, and in most of
//! them nothing but the number says that 第一章 总则 or Глава I is a heading. Such
//! paragraphs become headings where an article has several of them, so that the outline
//! is the same in every format; the first line above them is the title. A sentence that
//! begins with a number (Статья 5 Конституции гласит) is none, and neither is a line of
//! the table of contents. 第一条 begins a passage of its own (`law`). Two passes.

use std::collections::HashMap;

use super::blocks::{Block, BlockKind};
use super::halves::is_han;
use super::headings::{LAW_ARTICLE, Numbering, numbering};
use super::law::article_number;
use super::metadata_lines::is_labelled;

/// The longest heading, in characters: laws have long ones.
const LONGEST_HEADING: usize = 250;
/// The same where no blank or point stands behind the number.
const LONGEST_UNMARKED: usize = 20;
/// The longest line of a table of contents that has no number: preamble, annex.
const LONGEST_ENTRY: usize = 60;
const LONGEST_TITLE: usize = 120;
/// The fewest numbered sections and articles of a law.
const LEAST_NUMBERED: usize = 2;

/// Makes headings of paragraphs that are headings by their numbers. Returns whether the article has such ones.
pub(super) fn mark(blocks: &mut [Block]) -> bool {
    let numbered = numbered(blocks);
    let articles = blocks.iter().filter(|block| begins_article(block)).take(LEAST_NUMBERED).count();
    if numbered.len() + articles < LEAST_NUMBERED {
        return false;
    }
    let is_listed = contents(blocks, &numbered);
    let mut first = None;
    for (section, is_listed) in numbered.iter().zip(is_listed) {
        let block = &mut blocks[section.at];
        if !is_listed && block.kind == BlockKind::Paragraph {
            block.kind = BlockKind::Heading(section.rank + 2);
            first.get_or_insert(section.at);
        }
    }
    // A law may have nothing but articles.
    let first = first.or_else(|| blocks.iter().position(begins_article));
    mark_title(&mut blocks[..first.unwrap_or(0)]);
    first.is_some()
}

/// Makes the first line above all sections the title, if there is no other.
fn mark_title(above: &mut [Block]) {
    if above.iter().any(|block| matches!(block.kind, BlockKind::Heading(_))) {
        return;
    }
    if let Some(first) = above.iter_mut().find(|block| is_passage(block))
        && first.kind == BlockKind::Paragraph
        && first.text.chars().count() <= LONGEST_TITLE
        && !ends_sentence(&first.text)
        && !first.text.starts_with(['（', '(', '[', '【'])
        && !is_labelled(&first.text)
    {
        first.kind = BlockKind::Heading(1);
    }
}

/// A paragraph or heading that is numbered as a part of a law.
struct Section {
    at: usize,
    rank: u8,
    /// The same for the entry in the table of contents.
    key: String,
}

fn numbered(blocks: &[Block]) -> Vec<Section> {
    let section = |(at, block): (usize, &Block)| {
        let rank = match block.kind {
            BlockKind::Paragraph => rank_of_heading(&block.text)?,
            BlockKind::Heading(_) => rank_of(&block.text)?,
            _ => return None,
        };
        Some(Section { at, rank, key: key(&block.text) })
    };
    blocks.iter().enumerate().filter_map(section).collect()
}

fn rank_of(text: &str) -> Option<u8> {
    // Most texts begin otherwise: a look at their first letter is quicker than their first word.
    let may_begin = |c: char| {
        matches!(c, '第' | '§' | 'Ч' | 'Р' | 'П' | 'Г' | 'С' | 'ч' | 'р' | 'п' | 'г' | 'с')
            || matches!(c.to_ascii_lowercase(), 'p' | 't' | 's' | 'c' | 'a' | 'b')
    };
    if !text.starts_with(may_begin) {
        return None;
    }
    match numbering(text)? {
        Numbering::Law(rank) => Some(rank),
        _ => None,
    }
}

/// Returns the rank of a paragraph that can be the heading of a part of a law.
fn rank_of_heading(text: &str) -> Option<u8> {
    let rank = rank_of(text)?;
    if text.chars().nth(LONGEST_HEADING).is_some() {
        return None;
    }
    let is_heading =
        if text.starts_with('第') { is_chinese_heading(text, rank) } else { is_heading_in_words(text, rank) };
    (is_heading && !has_leader(text)).then_some(rank)
}

/// Whether a line can be the heading of a part of a law.
pub(super) fn is_part_heading(line: &str) -> bool {
    rank_of_heading(line).is_some()
}

fn is_chinese_heading(text: &str, rank: u8) -> bool {
    if rank == LAW_ARTICLE {
        return false;
    }
    let Some(unit) = text.find(['编', '編', '章', '节', '節']) else { return false };
    let name = text[unit..].trim_start_matches(['编', '編', '章', '节', '節']);
    let is_marked = name.is_empty() || name.starts_with(char::is_whitespace);
    let is_name = name.starts_with(is_han)
        && name.chars().count() <= LONGEST_UNMARKED
        && !name.starts_with(REFERS)
        && !name.contains('，');
    (is_marked || is_name) && !name.contains(['。', '；', '：', '！', '？']) && !name.ends_with(['，', '、'])
}

/// What follows a number that is only referred to: 第三章规定的, 第三章和第四章.
const REFERS: [char; 12] = ['规', '規', '的', '所', '和', '与', '與', '至', '、', '中', '第', '以'];

fn is_heading_in_words(text: &str, rank: u8) -> bool {
    if !text.starts_with(|c: char| c.is_uppercase() || c == '§') {
        return false;
    }
    let behind_word = text.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    let name = behind_word.trim_start_matches(|c: char| c.is_alphanumeric() || ".-–".contains(c));
    let number = &behind_word[..behind_word.len() - name.len()];
    let name = name.trim();
    let is_marked = number.ends_with('.') || name.starts_with([':', '—', '–', '-', '«', '"', '(']);
    // Статья 5 Конституции гласит; but РАЗДЕЛ II ОБЩИЕ ПОЛОЖЕНИЯ needs no point.
    let is_part = rank < RANK_OF_SECTION && name.starts_with(char::is_uppercase);
    name.is_empty() || ((is_marked || is_part) && !ends_sentence(name) && !name.contains(". ") && !is_lower(name))
}

/// The rank of Section, which sentences begin with as they do with Article.
const RANK_OF_SECTION: u8 = 5;

fn is_lower(name: &str) -> bool {
    name.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_lowercase)
}

/// Returns the number of an article of a law that a paragraph begins, if its text follows: `Статья 5`, `Article 5`.
pub(super) fn article_in_words(text: &str) -> Option<&str> {
    if !text.starts_with(char::is_uppercase) || rank_of(text)? < RANK_OF_SECTION {
        return None;
    }
    let word = text.find(char::is_whitespace)?;
    let number = text[word..].find(|c: char| c.is_ascii_digit()).map(|at| word + at)?;
    let end =
        text[number..].find(|c: char| !c.is_ascii_digit() && c != '.' && c != '-').map_or(text.len(), |at| number + at);
    let marked = &text[..end];
    (marked.ends_with('.') && text[end..].starts_with(char::is_whitespace)).then(|| marked.trim_end_matches('.'))
}

/// Returns which sections are entries of a table of contents: from one up to the next of the same name, if no running text
/// stands between.
fn contents(blocks: &[Block], sections: &[Section]) -> Vec<bool> {
    let mut is_listed = vec![false; sections.len()];
    // For each block the paragraphs of running text before it.
    let mut running = Vec::with_capacity(blocks.len() + 1);
    running.push(0_usize);
    for block in blocks {
        let before = running[running.len() - 1];
        running.push(before + usize::from(is_running_text(block)));
    }
    let mut next: HashMap<&str, usize> = HashMap::new();
    let mut same: Vec<Option<usize>> = vec![None; sections.len()];
    for (number, section) in sections.iter().enumerate().rev() {
        same[number] = next.insert(&section.key, number);
    }
    let mut number = 0;
    while number < sections.len() {
        let last = same[number].filter(|&last| running[sections[last].at] == running[sections[number].at]);
        match last {
            Some(last) => {
                is_listed[number..last].fill(true);
                number = last;
            }
            None => number += 1,
        }
    }
    is_listed
}

fn is_running_text(block: &Block) -> bool {
    let is_entry = || {
        rank_of_heading(&block.text).is_some()
            || has_leader(&block.text)
            || (block.text.chars().count() <= LONGEST_ENTRY && !ends_sentence(&block.text))
    };
    match block.kind {
        BlockKind::Heading(_) | BlockKind::PageBreak => false,
        BlockKind::Paragraph | BlockKind::Item => {
            is_passage(block) && (article_number(&block.text).is_some() || !is_entry())
        }
        _ => true,
    }
}

/// Whether a line ends in the number of a page behind dots: an entry of a table of contents.
fn has_leader(text: &str) -> bool {
    let line = text.trim_end();
    let name = line.trim_end_matches(|c: char| c.is_ascii_digit());
    let dots = name.trim_end().trim_end_matches(['.', '…', '·', '．', '_', ' ']);
    let leader = &name[dots.len()..];
    name.len() < line.len() && leader.chars().filter(|c| *c != ' ').count() >= 2
}

/// Returns what an entry of a table of contents has in common with its heading.
fn key(text: &str) -> String {
    let name = text.trim_end().trim_end_matches(|c: char| c.is_ascii_digit());
    let name = if name.ends_with([' ', '\t', '\u{3000}', '.', '…']) { name } else { text };
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn begins_article(block: &Block) -> bool {
    let begins = || article_number(&block.text).or_else(|| article_in_words(&block.text));
    block.kind == BlockKind::Paragraph && begins().is_some()
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['。', '.', '；', ';', '，', ',', '：', ':', '！', '!', '？', '?'])
}

fn is_passage(block: &Block) -> bool {
    !block.text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::{Article, Block, BlockKind, Metadata, Syntax, parse, section_path, understand};

    fn outline(article: &Article) -> Vec<String> {
        (0..article.outline.len()).map(|at| section_path(&article.outline, Some(at)).join(" > ")).collect()
    }

    /// Checks title and outline of a law in which every line is a paragraph, however it is read.
    fn check(lines: &[&str], title: Option<&str>, expected: &[&str]) {
        let source = lines.join("\n\n");
        let blocks = lines.iter().map(|line| Block::new(BlockKind::Paragraph, (*line).to_owned())).collect();
        for article in
            [parse(&source, Syntax::Markdown), parse(&source, Syntax::Plain), understand(blocks, Metadata::default())]
        {
            assert_eq!(article.metadata.title.as_deref(), title, "{source}");
            assert_eq!(outline(&article), expected, "{source}");
        }
    }

    #[test]
    fn a_law_has_one_outline_in_every_format() {
        check(
            &[
                "示范港口法",
                "（2020年5月28日港务会议通过）",
                "目　录",
                "第一章　总则",
                "第二章　引航",
                "附则",
                "第 一 章　总则",
                "第一条　为了管理港口，制定本法。",
                "第二章　引航",
                "第一节　一般规定",
                "第 二 条　引航应当安全。",
                "第二节　收费",
                "第三条　收费应当公开。",
                "依照第二章规定的除外。",
            ],
            Some("示范港口法"),
            &[
                "第一章　总则",
                "第一章　总则 > 第一条",
                "第二章　引航",
                "第二章　引航 > 第一节　一般规定",
                "第二章　引航 > 第一节　一般规定 > 第二条",
                "第二章　引航 > 第二节　收费",
                "第二章　引航 > 第二节　收费 > 第三条",
            ],
        );
        check(
            &[
                "Портовый закон",
                "Раздел I. Основы ........ 3",
                "Глава 1. Общие положения ........ 4",
                "РАЗДЕЛ I. ОСНОВЫ",
                "Глава 1. Общие положения",
                "Статья 1. Предмет закона",
                "1. Закон регулирует плату.",
                "Статья 5 Конституции гласит, что порты открыты.",
                "Глава 2 Права судов",
                "Статья 2.",
                "Суда вправе ждать.",
            ],
            Some("Портовый закон"),
            &[
                "РАЗДЕЛ I. ОСНОВЫ",
                "РАЗДЕЛ I. ОСНОВЫ > Глава 1. Общие положения",
                "РАЗДЕЛ I. ОСНОВЫ > Глава 1. Общие положения > Статья 1. Предмет закона",
                "РАЗДЕЛ I. ОСНОВЫ > Глава 2 Права судов",
                "РАЗДЕЛ I. ОСНОВЫ > Глава 2 Права судов > Статья 2.",
            ],
        );
        check(
            &[
                "Harbour Act",
                "Part I General",
                "Article 1. Purpose",
                "Ports are open.",
                "Article 2",
                "Fees are public.",
            ],
            Some("Harbour Act"),
            &["Part I General", "Part I General > Article 1. Purpose", "Part I General > Article 2"],
        );
        check(
            &["Port Act", "Article 1. Ports are open to all ships.", "More.", "Article 2. Fees are public."],
            Some("Port Act"),
            &["Article 1", "Article 2"],
        );
    }

    #[test]
    fn a_number_at_the_beginning_is_not_enough() {
        for line in [
            "Part of the harbour was closed",
            "Section 5 of the Act provides that ports are open",
            "Статья 5 Конституции и её значение для портов",
            "Глава 3 Кодекса говорит о сборах, но молчит о льготах.",
            "第三章规定的费率继续适用",
            "第二节课后，船员返回港口",
        ] {
            let source = ["Заметки", line, "Первое. Второе.", line, "Третье."].join("\n\n");
            for syntax in [Syntax::Markdown, Syntax::Plain] {
                assert!(parse(&source, syntax).outline.is_empty(), "{syntax:?} {line}");
            }
        }
        // One alone is none.
        let article = parse("First.\n\nChapter 1. The harbour\n\nSecond.\n", Syntax::Markdown);
        assert!(article.outline.is_empty());
    }

    #[test]
    fn lines_of_a_text_file_begin_sections_without_blank_lines() {
        let source = "示范港口法\n\n第一章　总则\n第一条　为了管理港口，\n制定本法。\n第二条　港口开放。\n第二章　引航\n第三条　引航应当安全。\n";
        let article = parse(source, Syntax::Plain);
        assert_eq!(
            outline(&article),
            ["第一章　总则", "第一章　总则 > 第一条", "第一章　总则 > 第二条", "第二章　引航", "第二章　引航 > 第三条"]
        );
        assert_eq!(article.passages[2].text, "第一条　为了管理港口，制定本法。");
        let source = "Harbour Act\n\nChapter 1. General\nArticle 1. Purpose\nPorts are open, as the parties agreed under\nArticle 7. They stay so.\nArticle 2. Fees\nFees are public.\n";
        let article = parse(source, Syntax::Plain);
        assert_eq!(
            outline(&article),
            ["Chapter 1. General", "Chapter 1. General > Article 1. Purpose", "Chapter 1. General > Article 2. Fees"]
        );
    }
}
