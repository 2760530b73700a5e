//! What the formats of Word have in common: the labels of notes and the levels of headings; and for RTF and old Word the
//! stories.

#[cfg(feature = "rtf")]
mod story;

#[cfg(feature = "rtf")]
pub(super) use story::{Place, Story};

/// The two sequences of notes of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Row {
    /// Notes at the foot of the page, numbered 1, 2, 3.
    Footnotes,
    /// Notes at the end, numbered i, ii, iii, as Word does.
    Endnotes,
}

impl Row {
    /// Returns the label of a note by its place in the sequence, from 1.
    #[cfg(any(feature = "doc", feature = "docx"))]
    pub(super) fn label(self, number: usize) -> String {
        match self {
            Row::Footnotes => number.to_string(),
            Row::Endnotes => roman(number),
        }
    }
}

/// Returns a number in small Roman numerals.
pub(super) fn roman(mut number: usize) -> String {
    const SIGNS: [(usize, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    // In a damaged document, which may cite a million notes.
    if number >= 4_000 {
        return format!("e{number}");
    }
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while number >= value {
            text.push_str(sign);
            number -= value;
        }
    }
    text
}

/// Returns the heading level of an outline level, which counts from 0; body text has 9.
pub(super) fn level_of_outline(outline: u8) -> Option<u8> {
    (outline < 9).then(|| (outline + 1).min(6))
}

/// Returns the heading level in the name of a style: `heading 1`, `Heading1`, `Заголовок 1`, `标题 1`; `Title` has 1.
pub(super) fn level_of_name(name: &str) -> Option<u8> {
    let name = name.trim().to_lowercase();
    if ["title", "название", "标题", "標題"].contains(&&*name) {
        return Some(1);
    }
    let number = ["heading", "заголовок", "标题", "標題"].iter().find_map(|word| name.strip_prefix(word))?;
    number.trim().parse::<u8>().ok().filter(|level| (1..=9).contains(level)).map(|level| level.min(6))
}

#[cfg(all(test, feature = "docx"))]
mod tests {
    use super::*;

    #[test]
    fn notes_are_labelled_as_word_does() {
        assert_eq!(Row::Footnotes.label(12), "12");
        assert_eq!((roman(4), roman(1994), roman(5_000)), ("iv".into(), "mcmxciv".into(), "e5000".into()));
    }
}
