//! Headings, by the size of their type, by their numbers, and by the names of usual sections.

use super::body::Body;
use super::lines::Line;

/// Larger type than this multiple of the body is that of a heading.
const LARGER: f32 = 1.13;
/// The longest heading, in characters.
const LONGEST: usize = 200;
/// The longest heading that has nothing but a number to show for it.
const LONGEST_NUMBERED: usize = 90;
/// Headings in larger type are on levels 1 to this.
const LEVELS_BY_SIZE: u8 = 4;
/// The level of headings that are told by their numbers or names.
const LEVEL_OF_NUMBERED: u8 = 5;

/// Sections that have no number and often no larger type.
const NAMES: [&str; 24] = [
    "参考文献",
    "參考文獻",
    "注释",
    "注釋",
    "литература",
    "список литературы",
    "примечания",
    "сноски",
    "источники",
    "references",
    "bibliography",
    "notes",
    "endnotes",
    "引言",
    "结语",
    "结论",
    "前言",
    "摘要",
    "введение",
    "заключение",
    "выводы",
    "introduction",
    "conclusion",
    "conclusions",
];

/// The number of [`NAMES`] that are those of lists of notes.
const NAMES_OF_LISTS: usize = 13;

/// The parts of laws and books that a heading in Russian or English begins with.
const PARTS: [&str; 12] = [
    "раздел",
    "подраздел",
    "глава",
    "статья",
    "часть",
    "параграф",
    "part",
    "chapter",
    "section",
    "article",
    "title",
    "§",
];

/// Returns the level of a heading of a paragraph that begins with `line`, or `None` if it is none.
pub(super) fn level(text: &str, line: &Line, body: &Body, sizes: &[f32]) -> Option<u8> {
    let characters = text.chars().count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if characters > LONGEST || letters < 2 {
        return None;
    }
    if body.relative_size(line) > LARGER {
        let larger = sizes.iter().filter(|&&size| size > body.relative_size(line) * 1.04).count();
        return Some((larger as u8).saturating_add(1).min(LEVELS_BY_SIZE));
    }
    let is_told = is_name(text) || (characters <= LONGEST_NUMBERED && is_part_of_law(text) && !ends_sentence(text));
    is_told.then_some(LEVEL_OF_NUMBERED)
}

/// Returns the sizes of type that are larger than the body, relative to it, largest first.
pub(super) fn sizes_of(lines: &[Line], body: &Body) -> Vec<f32> {
    let is_larger = |size: &f32| *size > LARGER;
    let mut sizes: Vec<f32> = lines.iter().map(|line| body.relative_size(line)).filter(is_larger).collect();
    sizes.sort_by(|one, other| other.total_cmp(one));
    sizes.dedup_by(|next, kept| *next > *kept / 1.04);
    sizes
}

/// Whether a text begins with the number of a part of a law: 第三章, Глава 3, Статья 15., Article 4. Chinese articles,
/// 第十五条, are paragraphs.
pub(super) fn is_part_of_law(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('第') {
        let is_number = |c: char| c.is_numeric() || c.is_whitespace() || "一二三四五六七八九十百千零〇".contains(c);
        let part = rest.trim_start_matches(is_number);
        let follows = |part: &str| part.chars().next().is_none_or(|c| c.is_whitespace() || !c.is_ascii_punctuation());
        return rest.len() > part.len()
            && ["编", "分编", "章", "节", "編", "節"].iter().any(|name| part.strip_prefix(name).is_some_and(follows));
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let number = rest.trim_start();
    let is_numbered = number.starts_with(|c: char| c.is_ascii_digit())
        || number
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .is_some_and(|first| !first.is_empty() && first.chars().all(|c| "IVXLCХІ".contains(c)));
    let begins_large = word.chars().next().is_some_and(|c| c.is_uppercase() || c == '§');
    begins_large && is_numbered && PARTS.contains(&word.to_lowercase().as_str())
}

/// Whether a text is the heading of a list of notes.
pub(super) fn is_list_of_notes(text: &str) -> bool {
    is_one_of(text, &NAMES[..NAMES_OF_LISTS])
}

fn is_name(text: &str) -> bool {
    is_one_of(text, &NAMES)
}

fn is_one_of(text: &str, names: &[&str]) -> bool {
    let trimmed = text.trim_end_matches(['：', ':', '.']).trim_start_matches('【').trim_end_matches('】');
    let squeezed: String = trimmed.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    names.iter().any(|name| squeezed == name.replace(' ', ""))
}

fn ends_sentence(text: &str) -> bool {
    text.ends_with(['。', '；', ';', '，', ',', '：', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(text: &str, size: f32) -> Option<u8> {
        let body_line = Line { size: 10.0, text: "основной текст".repeat(20), ..Line::default() };
        let line = Line { size, text: text.to_owned(), ..Line::default() };
        let large = Line { size: 20.0, ..line.clone() };
        let lines = [body_line, large];
        let body = Body::of(&lines);
        level(text, &line, &body, &sizes_of(&lines, &body))
    }

    #[test]
    fn larger_type_numbers_and_names() {
        for (text, size, expected) in [
            ("Портовые сборы", 20.0, Some(1)),
            ("Портовые сборы", 14.0, Some(2)),
            ("Портовые сборы", 10.0, None),
            ("12", 20.0, None),
            ("Глава 3. О портах", 10.0, Some(5)),
            ("Статья 15. Сборы", 10.0, Some(5)),
            ("РАЗДЕЛ IV ПОРТЫ", 10.0, Some(5)),
            ("第三章　港口", 10.0, Some(5)),
            ("第三章规定的港口费用，由船东承担。", 10.0, None),
            ("第三条　港口", 10.0, None),
            ("глава 3 устава", 10.0, None),
            ("Статья посвящена портам", 10.0, None),
            ("Статья 15 применяется к судам;", 10.0, None),
            ("Article 4", 10.0, Some(5)),
            ("参 考 文 献：", 10.0, Some(5)),
            ("Список литературы", 10.0, Some(5)),
            ("Литература о портах", 10.0, None),
        ] {
            assert_eq!(level_of(text, size), expected, "{text} {size}");
        }
    }
}
