//! Headings: the depth of a section, from the number of its heading.
//!
//! Converted files often have wrong heading levels, but the numbers are those of
//! the authors. 编 章 节 条, Раздел Глава Статья and Part Chapter Article have a
//! fixed order. For list numbers (一、 （一） 1. （1） / I. A. 1.1) the first heading
//! of a kind lies below the section that is open, and a later one of that kind
//! closes the sections below it. If fewer than half of the headings have
//! numbers, the levels of the source count.

/// How a heading is numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    /// A part of a law, with its rank: 0 is the largest part.
    Law(u8),
    /// `1.`, `1.1`, `1.1.1`, with the number of parts.
    Decimal(u8),
    /// `一、`
    Chinese,
    /// `（一）`
    ChineseInBrackets,
    /// `（1）`, `1）`
    DigitsInBrackets,
    /// `I.`
    Roman,
    /// `A.`
    Letter,
}

/// Returns how a heading is numbered, or `None` if it has no number.
pub(super) fn numbering(heading: &str) -> Option<Numbering> {
    let heading = heading.trim_start();
    law_in_chinese(heading).or_else(|| law_in_words(heading)).map(Numbering::Law).or_else(|| list_number(heading))
}

/// The rank of an article of a law: 条, Статья, Article.
pub(super) const LAW_ARTICLE: u8 = 6;

const CHINESE_PARTS: [(&str, u8); 7] =
    [("分编", 1), ("分編", 1), ("编", 0), ("編", 0), ("章", 3), ("节", 4), ("節", 4)];

const PARTS_IN_WORDS: [(&str, u8); 17] = [
    ("часть", 0),
    ("раздел", 1),
    ("подраздел", 2),
    ("глава", 3),
    ("параграф", 4),
    ("§", 4),
    ("статья", LAW_ARTICLE),
    ("part", 0),
    ("title", 1),
    ("subtitle", 2),
    ("chapter", 3),
    ("subchapter", 4),
    ("section", 5),
    ("sec.", 5),
    ("article", LAW_ARTICLE),
    ("art.", LAW_ARTICLE),
    ("book", 0),
];

fn law_in_chinese(heading: &str) -> Option<u8> {
    let rest = heading.strip_prefix('第')?;
    let rest = after_number(rest, |c| is_chinese_number(c) || c.is_whitespace())?;
    if !heading[..heading.len() - rest.len()].contains(is_chinese_number) {
        return None;
    }
    if rest.starts_with(['条', '條']) {
        return Some(LAW_ARTICLE);
    }
    CHINESE_PARTS.iter().find(|(part, _)| rest.starts_with(part)).map(|&(_, rank)| rank)
}

fn law_in_words(heading: &str) -> Option<u8> {
    let end = if heading.starts_with('§') { '§'.len_utf8() } else { heading.find(char::is_whitespace)? };
    let word = heading[..end].to_lowercase();
    let (_, rank) = PARTS_IN_WORDS.iter().find(|(part, _)| *part == word)?;
    let number = heading[end..].trim_start();
    let number = &number[..number.find(|c: char| !c.is_alphanumeric()).unwrap_or(number.len())];
    let is_number =
        number.starts_with(|c: char| c.is_ascii_digit()) || (!number.is_empty() && number.chars().all(is_roman));
    let is_word = ["ПЕРВ", "ВТОР", "ОБЩ", "ОСОБ"].iter().any(|word| number.to_uppercase().starts_with(word));
    (is_number || is_word).then_some(*rank)
}

fn list_number(heading: &str) -> Option<Numbering> {
    if let Some(rest) = after_number(heading, is_han_number) {
        return rest.trim_start().starts_with(['、', '．', '.']).then_some(Numbering::Chinese);
    }
    if let Some(rest) = heading.strip_prefix(['（', '(']) {
        let kinds = [
            (is_han_number as fn(char) -> bool, Numbering::ChineseInBrackets),
            (is_digit, Numbering::DigitsInBrackets),
        ];
        return kinds
            .into_iter()
            .find(|&(is, _)| after_number(rest, is).is_some_and(|rest| rest.starts_with(['）', ')'])))
            .map(|(_, kind)| kind);
    }
    if heading.starts_with(is_digit) {
        return decimal_number(heading);
    }
    let (number, rest) = heading.split_once('.')?;
    if !number.is_empty() && number.chars().all(is_roman) && !rest.starts_with(char::is_alphanumeric) {
        return Some(Numbering::Roman);
    }
    let is_letter = number.chars().count() == 1 && number.chars().all(char::is_uppercase) && rest.starts_with(' ');
    is_letter.then_some(Numbering::Letter)
}

fn decimal_number(heading: &str) -> Option<Numbering> {
    let end = heading.find(|c: char| !is_digit(c) && c != '.').unwrap_or(heading.len());
    let (number, rest) = heading.split_at(end);
    let parts = number.split('.').filter(|part| !part.is_empty());
    // A year or a quantity, not the number of a section.
    if parts.clone().any(|part| part.chars().count() > 2) {
        return None;
    }
    if rest.starts_with(['）', ')']) {
        return Some(Numbering::DigitsInBrackets);
    }
    let is_marked = number.ends_with('.') || number.contains('.') || rest.starts_with(['、', '．']);
    is_marked.then_some(Numbering::Decimal(parts.count().min(9) as u8))
}

/// Returns the text behind a number of up to twelve characters.
fn after_number(text: &str, is_number: fn(char) -> bool) -> Option<&str> {
    let end = text.find(|c| !is_number(c)).unwrap_or(text.len());
    (end > 0 && text[..end].chars().count() <= 12).then(|| &text[end..])
}

fn is_chinese_number(c: char) -> bool {
    is_han_number(c) || is_digit(c)
}

fn is_han_number(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千' | '零' | '〇' | '两')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '０'..='９')
}

/// Whether a character is a Roman numeral, or a Cyrillic letter that looks like one.
fn is_roman(c: char) -> bool {
    matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'Х' | 'І' | 'С' | 'М' | 'M' | '\u{2160}'..='\u{216b}')
}

/// Returns the depth of each heading, from 0. Headings are given as level in the source and text.
pub(super) fn depths(headings: &[(u8, &str)]) -> Vec<usize> {
    let numbered: Vec<Option<Numbering>> = headings.iter().map(|(_, text)| numbering(text)).collect();
    if numbered.iter().flatten().count() * 2 < headings.len() {
        return headings.iter().map(|&(level, _)| usize::from(level)).collect();
    }
    let mut open: Vec<Numbering> = Vec::new();
    let enter = |numbering: Option<Numbering>| {
        let Some(numbering) = numbering else {
            // Conclusions, notes and annexes have no number and stand beside the largest sections.
            open.clear();
            return 0;
        };
        open.truncate(open.iter().position(|&other| !lies_above(other, numbering)).unwrap_or(open.len()));
        open.push(numbering);
        open.len() - 1
    };
    numbered.into_iter().map(enter).collect()
}

/// Whether an open section with the numbering `open` stays open when one with the numbering `next` begins.
fn lies_above(open: Numbering, next: Numbering) -> bool {
    match (open, next) {
        (Numbering::Law(open), Numbering::Law(next)) => open < next,
        (Numbering::Decimal(open), Numbering::Decimal(next)) => open < next,
        // The parts of a law never lie below a list number.
        (_, Numbering::Law(_)) => false,
        (open, next) => open != next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_kinds() {
        for (heading, expected) in [
            ("第一编 总则", Some(Numbering::Law(0))),
            ("第三章　法律责任", Some(Numbering::Law(3))),
            ("第十五条 国家保护", Some(Numbering::Law(LAW_ARTICLE))),
            ("第 12 条", Some(Numbering::Law(LAW_ARTICLE))),
            ("第 十 二 条", Some(Numbering::Law(LAW_ARTICLE))),
            ("第 章", None),
            ("РАЗДЕЛ II. ОБЩИЕ ПОЛОЖЕНИЯ", Some(Numbering::Law(1))),
            ("§5. Порядок", Some(Numbering::Law(4))),
            ("Глава ХIV. Порядок", Some(Numbering::Law(3))),
            ("Статья 15.1. Право", Some(Numbering::Law(LAW_ARTICLE))),
            ("Article 7", Some(Numbering::Law(LAW_ARTICLE))),
            ("一、背景", Some(Numbering::Chinese)),
            ("十二、结论", Some(Numbering::Chinese)),
            ("（一）战略", Some(Numbering::ChineseInBrackets)),
            ("(三) 坚持", Some(Numbering::ChineseInBrackets)),
            ("（1）合作", Some(Numbering::DigitsInBrackets)),
            ("1. Introduction", Some(Numbering::Decimal(1))),
            ("1.1 Scope", Some(Numbering::Decimal(2))),
            ("２、措施", Some(Numbering::Decimal(1))),
            ("IV. Внешний рынок", Some(Numbering::Roman)),
            ("A. Terms", Some(Numbering::Letter)),
            ("2024 in review", None),
            ("结 语", None),
            ("Part of the story", None),
            ("Заключение", None),
            ("", None),
        ] {
            assert_eq!(numbering(heading), expected, "{heading}");
        }
    }

    #[test]
    fn depth_comes_from_numbers_not_levels() {
        let check =
            |headings: &[(u8, &str)], expected: &[usize]| assert_eq!(depths(headings), expected, "{headings:?}");
        check(
            &[(3, "一、"), (3, "（一）甲"), (2, "（二）乙"), (4, "四、丙"), (4, "（一）"), (2, "结 语")],
            &[0, 1, 1, 0, 1, 0],
        );
        check(
            &[(2, "Глава 1"), (5, "Статья 1"), (5, "Статья 2"), (2, "Глава 2"), (2, "§ 1"), (5, "Статья 3")],
            &[0, 1, 1, 0, 1, 2],
        );
        check(&[(2, "1. A"), (2, "1.1 B"), (2, "2. C"), (2, "Notes")], &[0, 1, 0, 0]);
        check(&[(1, "Alpha"), (2, "Beta"), (3, "1. Gamma")], &[1, 2, 3]);
        check(&[], &[]);
    }
}
