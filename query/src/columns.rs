//! Pieces of text by their width in terminal columns: a Han character takes two.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What stands where text was left out.
const ELLIPSIS: &str = "…";

/// Returns as much of the beginning of a text as fits into `columns` columns.
pub fn first(text: &str, columns: usize) -> &str {
    let mut width = 0;
    let too_wide = |c: char| {
        width += c.width().unwrap_or(0);
        width > columns
    };
    let mut fits = &text[..text.find(too_wide).unwrap_or(text.len())];
    // What is joined can be wider than its parts.
    while fits.width() > columns {
        fits = fits.char_indices().next_back().map_or("", |(at, _)| &fits[..at]);
    }
    fits
}

/// Returns as much of the end of a text as fits into `columns` columns. Never begins with a combining mark whose base was cut off.
pub fn last(text: &str, columns: usize) -> &str {
    let mut width = 0;
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        width += c.width().unwrap_or(0);
        if width > columns {
            break;
        }
        start = at;
    }
    let mut fits = &text[start..];
    if start > 0 {
        fits = fits.trim_start_matches(|c: char| c.width().unwrap_or(0) == 0);
    }
    while fits.width() > columns {
        fits = fits.char_indices().nth(1).map_or("", |(at, _)| &fits[at..]);
    }
    fits
}

/// Returns a text that fits into `columns` columns: itself, or its beginning and an ellipsis.
pub fn shortened(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}{ELLIPSIS}", first(text, columns.saturating_sub(1)).trim_end()))
}

/// Returns a text that fits into `columns` columns: itself, or an ellipsis and its end.
pub fn shortened_before(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{ELLIPSIS}{}", last(text, columns.saturating_sub(1)).trim_start()))
}

/// Returns the blanks that widen a text to `columns` columns.
pub fn blanks(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_columns() {
        for (text, columns, begins, ends) in [
            ("乌克兰停火", 5, "乌克", "停火"),
            ("переговоры", 4, "пере", "воры"),
            ("ceasefire", 4, "ceas", "fire"),
            ("战е\u{301}war", 4, "战е\u{301}w", "е\u{301}war"),
            ("е\u{301}", 1, "е\u{301}", "е\u{301}"),
            ("ае\u{301}б", 1, "а", "б"),
            ("", 3, "", ""),
            ("停火", 0, "", ""),
        ] {
            assert_eq!((first(text, columns), last(text, columns)), (begins, ends), "{text}");
        }
    }

    #[test]
    fn what_is_left_out_is_told() {
        assert_eq!(shortened("乌克兰停火", 10), "乌克兰停火");
        assert_eq!(shortened("乌克兰停火", 8), "乌克兰…");
        assert_eq!(shortened_before("zh/crisis.md:120", 10), "…is.md:120");
        assert_eq!(shortened_before("мир", 3), "мир");
    }

    proptest! {
        #[test]
        fn nothing_is_too_wide(text in "(\\PC|停|е\u{301}|👩\u{200d}🔬|❤\u{fe0f}| ){0,30}", columns in 1usize..20) {
            prop_assert!(first(&text, columns).width() <= columns);
            prop_assert!(last(&text, columns).width() <= columns);
            prop_assert!(shortened(&text, columns).width() <= columns);
            prop_assert!(shortened_before(&text, columns).width() <= columns);
            prop_assert!(text.starts_with(first(&text, columns)) && text.ends_with(last(&text, columns)));
        }
    }
}
