//! The language of a text, guessed from its letters.
//!
//! The guess serves filters and display; terms never depend on it. One pass, no
//! tables: the language of a mixed text is that of most of its letters, where a
//! Han character counts as two.

/// The language of a passage or an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Language {
    /// Chinese, Simplified or Traditional.
    Chinese,
    /// Russian.
    Russian,
    /// Ukrainian.
    Ukrainian,
    /// English.
    English,
    /// Any other language, or a text without letters.
    Other,
}

impl Language {
    /// All languages, in the order of their codes in the index.
    pub const ALL: [Language; 5] =
        [Language::Chinese, Language::Russian, Language::Ukrainian, Language::English, Language::Other];

    /// Returns the ISO 639-1 code, or `und` for [`Language::Other`].
    pub fn code(self) -> &'static str {
        match self {
            Language::Chinese => "zh",
            Language::Russian => "ru",
            Language::Ukrainian => "uk",
            Language::English => "en",
            Language::Other => "und",
        }
    }

    /// Returns the language that most of `text` is written in.
    pub fn of(text: &str) -> Language {
        let mut letters = Letters::default();
        text.chars().for_each(|c| letters.count(c));
        letters.language()
    }
}

#[derive(Default)]
struct Letters {
    han: usize,
    cyrillic: usize,
    ukrainian: usize,
    ascii: usize,
    other: usize,
}

impl Letters {
    fn count(&mut self, c: char) {
        match c {
            'a'..='z' | 'A'..='Z' => self.ascii += 1,
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => {
                self.han += 2
            }
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => self.ukrainian += 1,
            '\u{400}'..='\u{52f}' => self.cyrillic += 1,
            // Punctuation of all three languages: most of the other characters, and slow in `is_alphabetic`.
            '\0'..='@'
            | '\u{2010}'..='\u{206f}'
            | '\u{3000}'..='\u{3004}'
            | '\u{3008}'..='\u{3020}'
            | '\u{ff01}'..='\u{ff20}' => {}
            _ if c.is_alphabetic() => self.other += 1,
            _ => {}
        }
    }

    fn language(&self) -> Language {
        let cyrillic = self.cyrillic + self.ukrainian;
        let latin = self.ascii + self.other;
        if self.han + cyrillic + latin == 0 {
            Language::Other
        } else if self.han >= cyrillic.max(latin) {
            Language::Chinese
        } else if cyrillic >= latin {
            // At least one Ukrainian letter in fifty: Ukrainian texts have about one in ten, Russian ones with a
            // quoted name far fewer.
            if self.ukrainian * 50 > cyrillic { Language::Ukrainian } else { Language::Russian }
        } else if self.other * 30 > self.ascii {
            Language::Other
        } else {
            Language::English
        }
    }
}

/// Returns whether a character is written without blanks around it: Han
/// characters, kana, and the punctuation that goes with them.
pub fn is_written_without_blanks(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_letters() {
        for (text, expected) in [
            ("乌克兰危机的根源", "zh"),
            ("烏克蘭危機", "zh"),
            ("Переговоры о мире", "ru"),
            ("Переговори про мир і безпеку", "uk"),
            ("The war in Ukraine", "en"),
            ("Coopération économique européenne", "und"),
            ("美国防长 (Pete Hegseth) 在会上说", "zh"),
            ("2025 — 34", "und"),
            ("日本の安全保障", "zh"),
            ("한국 정부", "und"),
            ("", "und"),
        ] {
            assert_eq!(Language::of(text).code(), expected, "{text}");
        }
    }
}
