//! The language of a text as HTML names it (BCP 47), so that a reader sees the right glyphs.
//!
//! Traditional and Simplified Chinese share code points and are written with
//! different fonts: 骨 is not the same in both.

use svod_text::analysis::Scan;
use svod_text::language::Language;

/// Of Traditional text about a third of the characters have a Simplified form; of Simplified text hardly any.
const ONE_IN: usize = 12;

/// Returns the tag of the language of a text; empty where it is not known.
pub(super) fn tag(text: &str) -> &'static str {
    match Language::of(text) {
        Language::Chinese if is_traditional(text) => "zh-Hant",
        Language::Chinese => "zh-Hans",
        Language::Other => "",
        language => language.code(),
    }
}

fn is_traditional(text: &str) -> bool {
    let scan = Scan::new(text);
    let han: Vec<usize> = (0..scan.units().len()).filter(|&at| scan.is_han(at)).collect();
    let simplified = han.iter().filter(|&&at| scan.folded(at) != &text[scan.source(at)]).count();
    simplified * ONE_IN > han.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ways_of_writing_chinese() {
        for (text, expected) in [
            ("北极航道治理与俄罗斯的政策互动", "zh-Hans"),
            ("看不見的動脈：海底電纜安全與東亞的韌性治理", "zh-Hant"),
            ("美国防长 (Pete Hegseth) 在会上说", "zh-Hans"),
            ("Морской путь", "ru"),
            ("Мова про мир і безпеку", "uk"),
            ("The sea route", "en"),
            ("2024", ""),
            ("", ""),
        ] {
            assert_eq!(tag(text), expected, "{text}");
        }
    }
}
