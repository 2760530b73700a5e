//! Letters and their accents as one character.
//!
//! `й` is one character or two, `и` and a combining breve; both look the same. Keyboards give the first, file names may be
//! the second: those of macOS, and of archives made there. Names and what is typed are compared composed.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Returns a text in Unicode's composed form (NFC).
///
/// Text that is in it already is given back as it is.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_join_their_letters() {
        for (text, expected) in [
            ("report.md", "report.md"),
            ("зи\u{306}мний", "зймний"),
            ("Е\u{308}лка", "Ёлка"),
            ("re\u{301}sume\u{301}", "résumé"),
            ("北极/か\u{3099}", "北极/が"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            // No character of its own: it stays two.
            ("а\u{301}", "а\u{301}"),
            ("", ""),
        ] {
            assert_eq!(composed(text), expected, "{text}");
        }
        assert!(matches!(composed("Зимний 停火"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn composing_twice_changes_nothing(text in "\\PC{0,20}") {
            let once = composed(&text).into_owned();
            prop_assert_eq!(composed(&once), once.as_str());
        }
    }
}
