//! Lines of a given width, by terminal columns.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// Returns the byte ranges of the lines that `text` takes at `columns`.
///
/// Breaks at blanks, or between characters where one is written without
/// blanks; closing punctuation stays with what it closes. A word longer than a
/// line is cut.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let (mut start, mut width) = (0, 0);
    // Where the line could be broken: the end of the line and the start of the next.
    let mut chance: Option<(usize, usize)> = None;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if at > start && previous.is_some_and(|previous| may_break(previous, c)) {
            chance = Some((text[start..at].trim_end().len() + start, at));
        }
        let own = c.width().unwrap_or(0);
        if width + own > columns && !c.is_whitespace() {
            let (end, next) = chance.take().unwrap_or((at, at));
            lines.push(start..end);
            start = next;
            width = width_of(&text[start..at]);
        }
        width += own;
        previous = Some(c);
    }
    if start < text.len() {
        lines.push(start..start + text[start..].trim_end().len());
    }
    lines
}

fn width_of(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

fn may_break(before: char, after: char) -> bool {
    if after.is_whitespace() || closes(after) || opens(before) {
        return false;
    }
    before.is_whitespace() || is_wide(before) || is_wide(after) || matches!(before, '-' | '—' | '…' | '/')
}

fn is_wide(c: char) -> bool {
    c.width() == Some(2)
}

fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | '）' | '》' | '」' | '』' | '】' | '”' | '’' | '»' | ')' | ']' | ',' | '.' | ';' | ':' | '?' | '!' | '…' | '—')
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '「' | '『' | '【' | '“' | '‘' | '«' | '(' | '[')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, columns: usize) -> Vec<&str> {
        wrap(text, columns).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn by_columns() {
        assert_eq!(lines("乌克兰停火谈判", 6), ["乌克兰", "停火谈", "判"]);
        assert_eq!(lines("乌克兰，停火。谈判", 6), ["乌克", "兰，停", "火。谈", "判"]);
        assert_eq!(lines("the war in Ukraine", 8), ["the war", "in", "Ukraine"]);
        assert_eq!(lines("переговоры о мире", 6), ["перего", "воры о", "мире"]);
        assert_eq!(lines("“停火”(2025)", 8), ["“停火”", "(2025)"]);
        assert!(lines("", 8).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_lost_and_no_line_is_too_long(text in "([a-z]{1,9}|停火|，|。|\\(|война| ){0,40}", columns in 6usize..40) {
            let lines = lines(&text, columns);
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
            for line in lines {
                prop_assert!(width_of(line) <= columns, "{}", line);
            }
        }
    }
}
