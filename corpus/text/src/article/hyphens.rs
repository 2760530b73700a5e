//! Hyphens at line ends: whether one belongs to the word or only divides it.
//!
//! Where a line ends in a hyphen, a reader puts [`DIVIDED`] behind it. Only the whole
//! article can tell `cross-‖border` from `ship-‖ment`, so [`settle`] decides when all
//! blocks are there: the hyphen stays beside digits and capitals, where the article
//! writes the word with it elsewhere, behind the first parts of compounds that the
//! language has, and between two words of the article. Else it is removed. A wrong
//! choice hides nothing: a search tries both readings. Linear; an article without such
//! hyphens costs a search of bytes.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::Block;

/// Stands in the text of a block behind a hyphen that ended a line, until it is settled: a soft hyphen, which readers
/// leave out everywhere else. A blank may follow it.
pub const DIVIDED: char = '\u{ad}';
/// The blank is kept where a part of a word stands for a whole one: `two- and three-year`.
pub(super) const DIVIDED_AND_BLANK: &str = "\u{ad} ";

/// The letters of a second part that tell the word, whatever its ending.
const TELLING_LETTERS: usize = 4;
/// Shorter words stand in any text: that both parts do says nothing.
const LEAST_WORD: usize = 4;

/// Settles every hyphen that ended a line.
pub(super) fn settle(blocks: &mut [Block]) {
    if !blocks.iter().any(|block| has_marker(&block.text)) {
        return;
    }
    let seen = Seen::of(blocks);
    for block in blocks.iter_mut().filter(|block| has_marker(&block.text)) {
        let gone: Vec<Range<usize>> =
            block.text.match_indices(DIVIDED).map(|(at, _)| gone(&block.text, at, &seen)).collect();
        block.remove(&gone);
    }
}

/// Whether a text has a marker. Its first byte is rare, its last is not.
fn has_marker(text: &str) -> bool {
    text.as_bytes().contains(&0xc2) && text.contains(DIVIDED)
}

/// Returns what goes at a marker: the marker, or the hyphen too.
fn gone(text: &str, marker: usize, seen: &Seen) -> Range<usize> {
    let marker_end = marker + DIVIDED.len_utf8();
    let end = marker_end + usize::from(text[marker_end..].starts_with(' '));
    let Some(hyphen) = text[..marker].chars().next_back().filter(|&c| is_hyphen(c)) else { return marker..end };
    let start = marker - hyphen.len_utf8();
    let (first, second) = parts(text, marker);
    if CONJUNCTIONS.contains(&second) {
        return marker..marker_end;
    }
    let is_part = text[..start - first.len()].ends_with(is_hyphen);
    if belongs(first, second, is_part, seen) { marker..end } else { start..end }
}

/// Returns the letters and digits before the hyphen and behind the marker.
fn parts(text: &str, marker: usize) -> (&str, &str) {
    let before = text[..marker].trim_end_matches(is_hyphen);
    let start =
        before.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric()).last().map_or(before.len(), |(at, _)| at);
    let after = text[marker + DIVIDED.len_utf8()..].trim_start_matches(' ');
    let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    (&before[start..], &after[..end])
}

/// Whether a hyphen belongs to the word of which these are the parts around it.
fn belongs(first: &str, second: &str, is_part: bool, seen: &Seen) -> bool {
    let (Some(last), Some(next)) = (first.chars().next_back(), second.chars().next()) else { return true };
    let is_all_capitals = |part: &str| part.chars().all(char::is_uppercase);
    if last.is_numeric() || next.is_numeric() || first.chars().count() == 1 {
        return true;
    }
    if is_all_capitals(first) && is_all_capitals(second) {
        // ПРАВИТЕЛЬ-СТВО has vowels in both parts; of two acronyms (США-КНР) one mostly has none.
        return !(has_vowel(first) && has_vowel(second));
    }
    if next.is_uppercase() || is_all_capitals(first) {
        return true;
    }
    let (first, second) = (first.to_lowercase(), second.to_lowercase());
    if seen.has(&format!("{first}{second}")) {
        return false;
    }
    let are_words = || {
        let is_word = |part: &str| part.chars().count() >= LEAST_WORD && seen.has(part);
        is_word(&first) && is_word(&second) && !BEGINNINGS.contains(&&*first) && !ENDINGS.contains(&&*second)
    };
    seen.has(&with_hyphen(&first, &second))
        || is_compound(&first, &second)
        || (is_part && first.is_ascii())
        || are_words()
}

fn with_hyphen(first: &str, second: &str) -> String {
    let telling: String = second.chars().take(TELLING_LETTERS).collect();
    format!("{first}-{telling}")
}

/// Whether a language writes these two parts with a hyphen.
fn is_compound(first: &str, second: &str) -> bool {
    let letters = second.chars().count();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| second.starts_with(beginning));
    match first {
        "юго" | "северо" => begins(&["запад", "восто"]),
        "по" => AFTER_PO.contains(&second),
        "во" | "в" => begins(&["перв", "втор", "треть", "четв", "пяты"]),
        "из" => matches!(second, "за" | "под"),
        "кое" | "кой" => true,
        _ if matches!(second, "то" | "либо" | "нибудь" | "таки") => {
            second != "то" || BEFORE_TO.contains(&first)
        }
        _ if FIRST_PARTS.contains(&first) => letters >= LEAST_WORD && !ENDINGS.contains(&second),
        _ if NUMBERS.contains(&first) => letters >= 3 && !ENDINGS.contains(&second),
        _ if first.ends_with("ско") || first.ends_with("цко") => {
            first.chars().count() >= 6 && letters >= LEAST_WORD
        }
        _ => SECOND_PARTS.contains(&second) && first.len() >= LEAST_WORD,
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

fn has_vowel(word: &str) -> bool {
    word.to_lowercase().contains(['a', 'e', 'i', 'o', 'u', 'y', 'а', 'е', 'ё', 'и', 'о', 'у', 'ы', 'э', 'ю', 'я'])
}

/// Which of the words that decide about hyphens an article has.
struct Seen(HashMap<String, bool>);

impl Seen {
    fn of(blocks: &[Block]) -> Seen {
        let mut seen = Seen(HashMap::new());
        for block in blocks {
            for (marker, _) in block.text.match_indices(DIVIDED) {
                let (first, second) = parts(&block.text, marker);
                let (first, second) = (first.to_lowercase(), second.to_lowercase());
                let asked = [format!("{first}{second}"), with_hyphen(&first, &second), first, second];
                seen.0.extend(asked.map(|word| (word, false)));
            }
        }
        let mut word = String::new();
        for block in blocks {
            seen.read(&block.text, &mut word);
        }
        seen
    }

    fn has(&self, word: &str) -> bool {
        self.0.get(word) == Some(&true)
    }

    /// Notes the words of a text. What is divided at a line end tells nothing. `word` is a buffer to reuse.
    fn read(&mut self, text: &str, word: &mut String) {
        for written in text.split(|c: char| !c.is_alphanumeric() && !is_hyphen(c) && c != DIVIDED) {
            if written.is_empty() || written.contains(DIVIDED) {
                continue;
            }
            let mut parts = written.split(is_hyphen);
            let (first, second) = (parts.next().unwrap_or_default(), parts.next());
            word.clear();
            word.extend(first.chars().flat_map(char::to_lowercase));
            if let Some(second) = second {
                word.push('-');
                word.extend(second.chars().flat_map(char::to_lowercase).take(TELLING_LETTERS));
            }
            if let Some(is_seen) = self.0.get_mut(word.as_str()) {
                *is_seen = true;
            }
        }
    }
}

/// First parts that are written with a hyphen.
const FIRST_PARTS: [&str; 66] = [
    "cross",
    "self",
    "non",
    "post",
    "ex",
    "vice",
    "all",
    "half",
    "quasi",
    "semi",
    "mid",
    "well",
    "long",
    "short",
    "high",
    "low",
    "large",
    "small",
    "full",
    "so",
    "co",
    "pro",
    "anti",
    "pre",
    "east",
    "west",
    "sino",
    "russo",
    "anglo",
    "franco",
    "euro",
    "afro",
    "indo",
    "us",
    "decision",
    "policy",
    "peace",
    "state",
    "вице",
    "экс",
    "премьер",
    "генерал",
    "пресс",
    "онлайн",
    "интернет",
    "бизнес",
    "топ",
    "веб",
    "лейб",
    "обер",
    "унтер",
    "штаб",
    "социально",
    "военно",
    "научно",
    "общественно",
    "политико",
    "экономико",
    "финансово",
    "торгово",
    "культурно",
    "историко",
    "нормативно",
    "организационно",
    "материально",
    "морально",
];

const CONJUNCTIONS: [&str; 6] = ["and", "or", "to", "и", "или", "а"];

const NUMBERS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Second parts that are written with a hyphen.
const SECOND_PARTS: [&str; 34] = [
    "based",
    "led",
    "making",
    "related",
    "oriented",
    "owned",
    "driven",
    "backed",
    "sponsored",
    "funded",
    "controlled",
    "term",
    "range",
    "scale",
    "level",
    "wide",
    "called",
    "known",
    "held",
    "made",
    "style",
    "year",
    "old",
    "speaking",
    "looking",
    "building",
    "keeping",
    "sharing",
    "free",
    "like",
    "specific",
    "министр",
    "министра",
    "участники",
];

const BEFORE_TO: [&str; 12] =
    ["кто", "что", "как", "какой", "какая", "какое", "какие", "где", "когда", "куда", "почему", "кого"];

const AFTER_PO: [&str; 14] = [
    "прежнему",
    "новому",
    "разному",
    "другому",
    "видимому",
    "своему",
    "моему",
    "твоему",
    "иному",
    "настоящему",
    "русски",
    "китайски",
    "английски",
    "человечески",
];

/// Beginnings of words that are words too: under-standing, with-out.
const BEGINNINGS: [&str; 14] = [
    "under",
    "over",
    "with",
    "without",
    "inter",
    "super",
    "counter",
    "through",
    "every",
    "some",
    "fore",
    "government",
    "пере",
    "через",
];

/// Ends of words that are words too, or look like one.
const ENDINGS: [&str; 22] = [
    "ing", "ings", "ed", "er", "ers", "al", "ment", "ments", "ness", "less", "able", "ally", "ward", "wards", "age",
    "pone", "poned", "tion", "tional", "ship", "land", "self",
];

#[cfg(test)]
mod tests {
    use super::super::blocks::BlockKind;
    use super::*;

    /// Checks how a paragraph reads in an article that has another one.
    fn check(text: &str, other: &str, expected: &str) {
        for marker in ["\u{ad}", DIVIDED_AND_BLANK] {
            let block = |text: &str| Block::new(BlockKind::Paragraph, text.replace('‖', marker));
            let mut blocks = [block(text), block(other)];
            settle(&mut blocks);
            assert_eq!(blocks[0].text, expected, "{text} beside {other}");
        }
    }

    #[test]
    fn a_hyphen_that_divides_a_word_goes() {
        for (text, expected) in [
            ("the ship-‖ment of grain", "the shipment of grain"),
            ("решение правитель-‖ства", "решение правительства"),
            ("обще-‖ственный и законо-‖дательный", "общественный и законодательный"),
            ("мини-‖стерство, по-‖литика", "министерство, политика"),
            ("post-‖pone and under-‖standing", "postpone and understanding"),
            ("ПРАВИТЕЛЬ-‖СТВО", "ПРАВИТЕЛЬСТВО"),
            ("мес-‖то", "место"),
        ] {
            check(text, "", expected);
        }
    }

    #[test]
    fn a_hyphen_of_the_word_stays() {
        for (text, expected) in [
            ("cross-‖border trade", "cross-border trade"),
            ("self-‖determination", "self-determination"),
            ("на юго-‖восток", "на юго-восток"),
            ("премьер-‖министр", "премьер-министр"),
            ("№ 123-‖ФЗ", "№ 123-ФЗ"),
            ("COVID-‖19, the 640-‖megawatt cable", "COVID-19, the 640-megawatt cable"),
            ("Нью-‖Йорк и Ростов-на-‖Дону", "Нью-Йорк и Ростов-на-Дону"),
            ("NATO-‖led, США-‖КНР", "NATO-led, США-КНР"),
            ("какой-‖либо, по-‖прежнему, кто-‖то", "какой-либо, по-прежнему, кто-то"),
            ("российско-‖китайский", "российско-китайский"),
            ("twenty-‖five", "twenty-five"),
            ("e-‖mail", "e-mail"),
            ("well-‖known", "well-known"),
        ] {
            check(text, "", expected);
        }
    }

    #[test]
    fn a_part_that_stands_for_a_word_keeps_its_blank() {
        let mut blocks = [Block::new(BlockKind::Paragraph, "two-\u{ad} and three-year terms".to_owned())];
        settle(&mut blocks);
        assert_eq!(blocks[0].text, "two- and three-year terms");
    }

    #[test]
    fn the_article_is_the_better_witness() {
        check("non-‖proliferation", "Nonproliferation talks", "nonproliferation");
        check("дизель-‖электрический", "дизель-электрических", "дизель-электрический");
        check("cargo-‖tanker", "a tanker, a cargo", "cargo-tanker");
        check("car-‖go", "go by car", "cargo");
        check("ship-‖ment", "ship-‖ment", "shipment");
    }
}
