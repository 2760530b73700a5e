//! Lines of a given width, by terminal columns.

use std::ops::Range;

use unicode_linebreak::linebreaks;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Returns the byte ranges of the lines that `text` takes at `columns`.
///
/// Breaks where Unicode Standard Annex 14 allows it: at blanks, between Han
/// characters, never before closing punctuation. What has no such place in a
/// whole line is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let (mut start, mut end) = (0, 0);
    // The columns from the start of the line to its end so far, blanks there included.
    let mut width = 0;
    for (next, _) in linebreaks(text) {
        let piece = &text[end..next];
        let inked = piece.trim_end();
        if !inked.is_empty() && width + inked.width() > columns {
            push_line(text, start..end, &mut lines);
            start = end;
            while let Some(cut) = cut_at(&text[start..next], columns) {
                lines.push(start..start + cut);
                start += cut;
            }
            width = text[start..next].width();
        } else {
            width += piece.width();
        }
        end = next;
    }
    push_line(text, start..end, &mut lines);
    lines
}

fn push_line(text: &str, range: Range<usize>, lines: &mut Vec<Range<usize>>) {
    let length = text[range.clone()].trim_end().len();
    if length > 0 {
        lines.push(range.start..range.start + length);
    }
}

/// Returns where to cut a text that is wider than a line.
fn cut_at(text: &str, columns: usize) -> Option<usize> {
    let mut width = 0;
    let too_wide = |c: char| {
        width += c.width().unwrap_or(0);
        width > columns
    };
    text.trim_end().find(too_wide)
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
        assert_eq!(lines("“停火”，谈判", 8), ["“停火”，", "谈判"]);
        assert!(lines("", 8).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_lost_and_no_line_is_too_long(text in "([a-z]{1,9}|停火|，|。|\\(|война| ){0,40}", columns in 6usize..40) {
            let lines = lines(&text, columns);
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
            for line in lines {
                prop_assert!(line.width() <= columns, "{}", line);
            }
        }
    }
}
