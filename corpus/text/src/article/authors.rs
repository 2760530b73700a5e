//! Names of authors: from the line under a title, from a list, or from a note
//! about the authors.
//!
//! A wrong author is worse than a missing one: a text counts as a list of
//! authors only if all of it is plainly names.

use crate::analysis::is_han;

/// The longest list of authors under a title, in characters.
const LONGEST_LINE: usize = 60;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// Returns the names in a line under a title, if it is short and holds only names: 林 舟, or П. С. Иванов, А. Б. Петров.
pub(super) fn names_under_title(text: &str) -> Option<Vec<String>> {
    let is_sentence = text.ends_with(['。', '！', '？', '!', '?', ':', '：'])
        || (text.ends_with('.') && text.split_whitespace().count() > 6);
    if text.chars().count() > LONGEST_LINE || is_sentence || text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let names = separated(text);
    (!names.is_empty() && !is_in_capitals(text) && names.iter().all(|name| is_name(name))).then_some(names)
}

/// Returns the names in a list of authors, from front matter or behind a label.
pub(super) fn names_of_list(text: &str) -> Vec<String> {
    let names = separated(text);
    // `Smith, John` is one name: commas separate names only if every part is a name.
    if names.iter().all(|name| is_name(name)) {
        return names;
    }
    let names = text.split([';', '；', '、', '\n']).map(|name| squeeze(name.trim()));
    names.filter(|name| (1..=LONGEST_NAME).contains(&name.chars().count())).collect()
}

/// Returns the name before the first comma or bracket: 林舟，中国社科院研究员.
pub(super) fn name_before_comma(text: &str) -> Option<String> {
    let (name, _) = text.trim().split_once(['，', ',', '（', '('])?;
    let name = squeeze(name.trim());
    (1..=40).contains(&name.chars().count()).then_some(name)
}

fn separated(text: &str) -> Vec<String> {
    let text = text.replace(" and ", ",").replace(" & ", ",").replace(" и ", ",");
    let parts = text.split([',', '，', '、', ';', '；']);
    parts.flat_map(|part| split_at_blanks(part.trim())).filter(|name| !name.is_empty()).collect()
}

/// Splits Chinese names at blanks: 林舟 李明 and 林 舟 李 明 are two names, 林 舟 is one.
fn split_at_blanks(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let has_whole_names = parts.iter().any(|part| part.chars().count() > 1);
    if !parts.iter().all(|part| part.chars().count() <= 4 && part.chars().all(is_han)) || parts.len() < 2 {
        return vec![squeeze(text)];
    }
    if parts.len() == 3 && !has_whole_names {
        return vec![parts.concat()];
    }
    let (mut names, mut half): (Vec<String>, Option<&str>) = (Vec::new(), None);
    for part in parts {
        let is_half = part.chars().count() == 1;
        match half.take() {
            Some(first) => names.push(format!("{first}{part}")),
            None if is_half => half = Some(part),
            None => names.push(part.to_owned()),
        }
    }
    names.extend(half.map(str::to_owned));
    names
}

fn squeeze(name: &str) -> String {
    if name.chars().any(is_han) { name.split_whitespace().collect() } else { name.to_owned() }
}

fn is_name(name: &str) -> bool {
    if name.chars().any(is_han) {
        return (2..=4).contains(&name.chars().count()) && !NO_NAMES.iter().any(|word| name.ends_with(word));
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words[0].starts_with(char::is_uppercase)
        && words.iter().all(|word| is_word_of_name(word))
        && !words.iter().any(|word| NO_NAMES.contains(&word.to_lowercase().as_str()))
}

fn is_word_of_name(word: &str) -> bool {
    let inside = word.trim_end_matches('.').trim_matches(char::is_alphabetic);
    let is_spelled = word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '‑'))
        && word.starts_with(char::is_alphabetic)
        && word.ends_with(|c: char| c.is_alphabetic() || c == '.')
        && inside.len() <= 6;
    is_spelled && (word.chars().any(char::is_uppercase) || PARTICLES.contains(&word))
}

/// Whether a text is in capitals, so a heading and not names: DISTRIBUTION STATEMENT, THE WHITE HOUSE.
fn is_in_capitals(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).peekable();
    words.peek().is_some()
        && words.all(|word| {
            let letters = word.chars().filter(|c| c.is_alphabetic()).count();
            letters > 2 && !word.contains('.') && word.chars().all(|c| !c.is_lowercase())
        })
        && text.chars().any(char::is_uppercase)
}

const PARTICLES: [&str; 14] =
    ["de", "der", "van", "von", "den", "da", "di", "du", "la", "al", "bin", "ibn", "оглы", "фон"];

/// Words that stand under titles and look like names.
const NO_NAMES: [&str; 40] = [
    "目录",
    "目錄",
    "前言",
    "序言",
    "引言",
    "导言",
    "摘要",
    "提要",
    "总则",
    "總則",
    "规定",
    "條例",
    "条例",
    "办法",
    "决定",
    "解释",
    "通知",
    "意见",
    "公告",
    "说明",
    "报告",
    "正文",
    "the",
    "of",
    "for",
    "institute",
    "university",
    "department",
    "ministry",
    "committee",
    "contents",
    "introduction",
    "preface",
    "institution",
    "институт",
    "университет",
    "министерство",
    "кафедра",
    "содержание",
    "введение",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_under_a_title() {
        for (line, expected) in [
            ("林 舟", "林舟"),
            ("林舟 李 明", "林舟|李明"),
            ("欧 阳 修", "欧阳修"),
            ("林舟 李明", "林舟|李明"),
            ("林舟、欧阳修", "林舟|欧阳修"),
            ("П. С. Иванов, А. Б. Петрова", "П. С. Иванов|А. Б. Петрова"),
            ("ИВАНОВ П.С.", "ИВАНОВ П.С."),
            ("Ann Smith and Bo Li", "Ann Smith|Bo Li"),
            ("Ludwig van den Berg, Jean-Luc O'Neill", "Ludwig van den Berg|Jean-Luc O'Neill"),
            ("DISTRIBUTION &TATTY'", ""),
            ("THE WHITE HOUSE", ""),
            ("Approved for public release", ""),
            ("目 录", ""),
            ("若干规定", ""),
            ("Ann Smith, 林舟", "Ann Smith|林舟"),
            ("Война и мир", ""),
            ("", ""),
        ] {
            assert_eq!(names_under_title(line).unwrap_or_default().join("|"), expected, "{line}");
        }
    }

    #[test]
    fn lists() {
        for (list, expected) in [
            ("Miriam Oakhollow and T. J. Vance", "Miriam Oakhollow|T. J. Vance"),
            ("Smith, John", "Smith, John"),
            ("Smith, John; Li, Bo", "Smith, John|Li, Bo"),
            ("Иванов П. С., Петров А. Б.", "Иванов П. С.|Петров А. Б."),
            ("葉思岑", "葉思岑"),
            ("新华社 国家统计局", "新华社国家统计局"),
            ("林舟 李明、王芳", "林舟|李明|王芳"),
            ("", ""),
        ] {
            assert_eq!(names_of_list(list).join("|"), expected, "{list}");
        }
    }
}
