//! Legible text: what to do with text layers that are no text.
//!
//! Programs of the nineties stored Russian letters under the numbers of Latin
//! ones, so that the layer says `Ïîðòîâûé` for Портовый. Such lines are read
//! again in the code pages of that time, if the result is Russian by its pairs of
//! letters. Pages of private, broken or glyph numbers count as pages without text.

use std::collections::HashMap;

use encoding_rs::{Encoding, IBM866, KOI8_R, MACINTOSH, WINDOWS_1251, WINDOWS_1252, X_MAC_CYRILLIC};

use super::lines::Line;
use crate::reading::encoding::plausibility;

/// The letters that a code page must have been taken for.
const TAKEN_FOR: [&Encoding; 2] = [WINDOWS_1252, MACINTOSH];
/// The code pages of Russian text.
const MEANT: [&Encoding; 4] = [WINDOWS_1251, KOI8_R, X_MAC_CYRILLIC, IBM866];
/// The fewest letters that prove a code page.
const LEAST_LETTERS: usize = 24;
/// The number of characters that are looked at.
const MOST_SAMPLE_CHARACTERS: usize = 20_000;
/// The bits of a Russian letter, at most. Russian text takes less than 5, other code pages more than 8.
const MOST_BITS: usize = 6;
/// The part of the characters of a page that may be no text: one in this many.
const RUBBISH_PART: usize = 3;

/// Reads the lines again that were taken for Latin. Returns the pages whose text is none.
pub(super) fn recover(lines: &mut [Line], pages: usize) -> Vec<bool> {
    let strange: Vec<bool> = lines.iter().map(|line| is_strange(&line.text)).collect();
    let sample = sample(lines, &strange);
    let table = code_page(&sample);
    for (line, _) in lines.iter_mut().zip(&strange).filter(|(_, is_strange)| **is_strange) {
        if let Some(table) = &table {
            line.rewrite(|c| table.get(&c).copied().unwrap_or(c));
        }
    }
    let stays_strange = |at: usize| table.is_none() && sample.len() >= LEAST_LETTERS && strange[at];
    let mut counts = vec![(0, 0); pages];
    for (at, line) in lines.iter().enumerate() {
        if let Some((rubbish, all)) = counts.get_mut(line.page) {
            let characters = line.text.chars().filter(|c| !c.is_whitespace()).count();
            *all += characters;
            *rubbish += if stays_strange(at) { characters } else { rubbish_in(&line.text) };
        }
    }
    counts.into_iter().map(|(rubbish, all)| rubbish > 4 && rubbish * RUBBISH_PART > all).collect()
}

/// Whether most letters of a text are accented ones, as in no language. Three are enough, for lines are short.
fn is_strange(text: &str) -> bool {
    let (mut accented, mut letters) = (0, 0);
    for c in text.chars() {
        let is_accented = is_taken(c);
        accented += usize::from(is_accented);
        letters += usize::from(is_accented || c.is_alphabetic());
    }
    accented >= 3 && accented * 2 > letters
}

/// Whether a Russian letter can have been taken for a character: those of the upper halves of the two code pages,
/// without the marks that are usual in texts.
fn is_taken(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{17f}' | '\u{192}' | '\u{2c6}'..='\u{2dd}' | '‡' | '‚' | '„' | '‰' | 'ﬁ' | 'ﬂ' | '∆' | '√')
}

fn sample(lines: &[Line], strange: &[bool]) -> String {
    let mut sample = String::new();
    for (line, _) in lines.iter().zip(strange).filter(|(_, is_strange)| **is_strange) {
        sample.push_str(&line.text);
        sample.push('\n');
        if sample.len() > 2 * MOST_SAMPLE_CHARACTERS {
            break;
        }
    }
    sample
}

/// Returns what each character of a sample stands for, if the sample is Russian in another code page.
fn code_page(sample: &str) -> Option<HashMap<char, char>> {
    let mut best: Option<(usize, HashMap<char, char>)> = None;
    for taken in TAKEN_FOR {
        for meant in MEANT {
            let table = table(taken, meant);
            let text: String = sample.chars().map(|c| table.get(&c).copied().unwrap_or(c)).collect();
            let weight = plausibility::weigh(&text);
            let is_russian = weight.foreign >= LEAST_LETTERS && weight.foreign_bits <= weight.foreign * MOST_BITS;
            if is_russian && best.as_ref().is_none_or(|(bits, _)| weight.bits < *bits) {
                best = Some((weight.bits, table));
            }
        }
    }
    best.map(|(_, table)| table)
}

/// Returns the upper half of a code page, as if it was taken for another.
fn table(taken: &'static Encoding, meant: &'static Encoding) -> HashMap<char, char> {
    let upper: Vec<u8> = (0x80..=0xff).collect();
    let (from, to) = (taken.decode_without_bom_handling(&upper).0, meant.decode_without_bom_handling(&upper).0);
    from.chars().zip(to.chars()).collect()
}

/// Counts the characters that are no text: private and broken ones, and the signs that stand for glyph numbers.
fn rubbish_in(text: &str) -> usize {
    let is_broken = |c: &char| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. | '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    let is_sign = |c: &char| {
        matches!(
            c,
            '!' | '"'
                | '#'
                | '$'
                | '&'
                | '\''
                | '*'
                | '+'
                | '<'
                | '='
                | '>'
                | '@'
                | '\\'
                | '^'
                | '_'
                | '`'
                | '~'
                | '{'
                | '}'
        )
    };
    let broken = text.chars().filter(is_broken).count();
    let signs = text.chars().filter(is_sign).count();
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if signs > 2 && signs > letters { broken + signs + letters } else { broken }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> (Vec<String>, Vec<bool>) {
        let mut lines: Vec<Line> =
            texts.iter().map(|text| Line { text: (*text).to_owned(), ..Line::default() }).collect();
        let pages = recover(&mut lines, 1);
        (lines.into_iter().map(|line| line.text).collect(), pages)
    }

    fn taken_for(text: &str, meant: &'static Encoding, taken: &'static Encoding) -> String {
        taken.decode_without_bom_handling(&meant.encode(text).0).0.into_owned()
    }

    #[test]
    fn russian_that_was_taken_for_latin() {
        let lines =
            ["Совет портов собирается каждую весну и устанавливает", "размер сбора для судов (№ 7) — в рублях."];
        for meant in MEANT {
            for taken in TAKEN_FOR {
                let layer = lines.map(|line| taken_for(line, meant, taken));
                let (texts, pages) = read(&[layer[0].as_str(), layer[1].as_str(), "Port of London, 1998"]);
                assert_eq!(texts[0], lines[0], "{} as {}", meant.name(), taken.name());
                assert!(texts[1].starts_with("размер сбора для судов"), "{texts:?}");
                assert_eq!((texts[2].as_str(), pages), ("Port of London, 1998", vec![false]));
            }
        }
    }

    #[test]
    fn languages_with_accents_stay() {
        for text in [
            "Où l’été a-t-il été passé à Nîmes, où l’on a goûté des pâtés très légers",
            "Đường đến cảng được mở vào mùa xuân hằng năm, thuế cảng được quyết định",
            "Größe und Überfluß: die Gebühren für Häfen an der Küste, über Bürgermeister",
            "港口的保险费率在春季之后明显上升",
        ] {
            assert_eq!(read(&[text]), (vec![text.to_owned()], vec![false]));
        }
    }

    #[test]
    fn rubbish_is_no_text() {
        for text in [
            "\u{e012}\u{e034}\u{e000} \u{e011}\u{e011}\u{e0ff}",
            "!\"#$%&'()*+ #$%&'()* !\"#$%&'()*+ #$%&'()*",
            "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}",
            "ÃÎÑØÞãîñþÿÐØÝÞþðüñ ÿÿÿÞÞÞØØØ ÃÃÃÃÎÎÎÑÑÑ ñññþþþ",
        ] {
            assert_eq!(read(&[text]).1, [true], "{text:?}");
        }
        for text in ["12 + 7 = 19; 3 * 4 = 12; 2 > 1", "port@example.org", "• порт \u{f0b7} коса", ""] {
            assert_eq!(read(&[text]).1, [false], "{text:?}");
        }
    }
}
