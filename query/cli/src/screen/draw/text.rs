//! Wraps text of documents into lines of a given width, with its highlights.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use svod_query::printable;
use svod_render::wrap;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Wraps a text into lines of at most `columns` columns.
pub(super) fn wrapped(text: &str, columns: usize, style: Style) -> Vec<Line<'static>> {
    marked(text, &[], columns, style, style)
}

/// Wraps a text into lines, with the style `found` for `ranges` and `style` for the rest.
pub(super) fn marked(
    text: &str,
    ranges: &[Range<usize>],
    columns: usize,
    style: Style,
    found: Style,
) -> Vec<Line<'static>> {
    wrap(text, columns).into_iter().map(|line| marked_line(text, line, ranges, style, found)).collect()
}

fn marked_line(text: &str, line: Range<usize>, ranges: &[Range<usize>], style: Style, found: Style) -> Line<'static> {
    let mut spans = Vec::new();
    let mut push = |range: Range<usize>, style| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            spans.push(Span::styled(printable(text).into_owned(), style));
        }
    };
    let mut at = line.start;
    for range in ranges.iter().filter(|range| range.start < line.end && line.start < range.end) {
        let (start, end) = (range.start.max(line.start), range.end.min(line.end));
        push(at..start, style);
        push(start..end, found);
        at = end;
    }
    push(at..line.end, style);
    Line::from(spans)
}

/// Returns the beginning of a printable text that fits into `columns`, with `…` if it is cut.
pub(super) fn fitted(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |grapheme: &&str| {
        width += grapheme.width();
        width <= columns
    };
    let kept: String = text.graphemes(true).take_while(fits).collect();
    if columns == 0 { kept } else { kept + "…" }
}

/// Like [`fitted`], but keeps the end, such as the file name of a path.
pub(super) fn fitted_end(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut width = 1;
    let fits = |(_, grapheme): &(usize, &str)| {
        width += grapheme.width();
        width <= columns
    };
    let start = text.grapheme_indices(true).rev().take_while(fits).last().map_or(text.len(), |(at, _)| at);
    if columns == 0 { String::new() } else { format!("…{}", &text[start..]) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_no_room_is_left_out() {
        for (text, columns, start, end) in [
            ("停火协议", 8, "停火协议", "停火协议"),
            ("停火协议", 6, "停火…", "…协议"),
            ("перемирие", 4, "пер…", "…рие"),
            ("ceasefire", 1, "…", "…"),
            ("ceasefire", 0, "", ""),
            ("", 3, "", ""),
        ] {
            assert_eq!(fitted(text, columns), start, "{text} {columns}");
            assert_eq!(fitted_end(text, columns), end, "{text} {columns}");
        }
    }

    #[test]
    fn what_was_found_is_marked_over_the_end_of_a_line() {
        let found = Style::new().underlined();
        let lines = marked("停火协议 \x1b[3", std::slice::from_ref(&(3..9)), 4, Style::new(), found);
        let shown: Vec<Vec<(&str, bool)>> = lines
            .iter()
            .map(|line| line.spans.iter().map(|span| (span.content.as_ref(), span.style == found)).collect())
            .collect();
        assert_eq!(
            shown,
            [vec![("停", false), ("火", true)], vec![("协", true), ("议", false)], vec![("�[3", false)],]
        );
    }

    proptest! {
        #[test]
        fn it_has_room(text in "\\PC{0,20}", columns in 0usize..20) {
            prop_assert!(fitted(&text, columns).width() <= columns);
            prop_assert!(fitted_end(&text, columns).width() <= columns);
        }
    }
}
