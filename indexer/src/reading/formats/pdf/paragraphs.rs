//! Paragraphs: which lines belong together.
//!
//! A line goes on in the next if the next word would not have fitted behind it,
//! and no indent, wider distance, number or other type size says that a paragraph
//! begins. What leaves the choice open is decided by the end of the sentence and
//! by a lower-case letter. A paragraph may go on in the next column or page.

use std::collections::HashMap;
use std::ops::Range;

use svod_text::language::is_written_without_blanks;

use super::body::Body;
use super::headings::is_part_of_law;
use super::lines::Line;
use super::notes::ends_sentence;

/// A difference of type size that ends a paragraph.
const OTHER_SIZE: f32 = 0.14;
/// Widths of characters that differ by less, as a share of the larger, are the same.
const SAME_ADVANCE: f32 = 0.06;
/// A distance of lines, as a multiple of the leading, that ends a paragraph.
const WIDER: f32 = 1.45;
/// The same for lines in larger type: the lines of one heading.
const WIDER_IN_HEADING: f32 = 1.7;
/// The distance that a sentence which obviously goes on may span.
const WIDEST: f32 = 2.3;
/// Lines in type larger than this multiple of the body are those of headings.
const LARGER: f32 = 1.13;
/// The least indent, as a share of the type size.
const INDENT: f32 = 0.9;
/// Edges that differ by less, as a share of the type size, are the same.
const SAME_EDGE: f32 = 0.4;
/// The fewest lines from which the edges of a column are taken.
const LEAST_LINES: usize = 6;

/// The edges of the column that a line stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edges {
    left: f32,
    right: f32,
}

/// Returns the paragraphs: runs of `flow`, which lists lines in the order of reading.
pub(super) fn find(lines: &[Line], flow: &[usize], body: &Body) -> Vec<Range<usize>> {
    let edges = edges(lines, flow);
    let placed: Vec<Placed<'_>> =
        flow.iter().zip(edges).map(|(&at, edges)| Placed { line: &lines[at], edges }).collect();
    let indented = placed.iter().filter(|placed| (INDENT..3.2).contains(&placed.indent())).count();
    let judge = Judge { body, has_indents: indented > 2 && indented * 30 > placed.len() };
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..placed.len() {
        match found.last_mut() {
            Some(open) if !judge.begins(&placed, open.start, at) => open.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

struct Placed<'l> {
    line: &'l Line,
    edges: Edges,
}

impl Placed<'_> {
    /// Returns how far it begins right of its column, as a multiple of its type size.
    fn indent(&self) -> f32 {
        (self.line.area.left - self.edges.left) / self.line.size.max(1.0)
    }

    /// Whether it stands in the same column of the same page.
    fn is_below(&self, other: &Placed<'_>) -> bool {
        let (line, other) = (self.line, other.line);
        let is_next_column = line.area.bottom < other.area.top && line.area.left > other.area.right - other.size;
        line.page == other.page && line.columns == other.columns && !is_next_column
    }
}

struct Judge<'b> {
    body: &'b Body,
    /// Whether the first lines of paragraphs are indented.
    has_indents: bool,
}

impl Judge<'_> {
    /// Whether the line at `at` begins a paragraph; the one before it belongs to the paragraph that begins at `first`.
    fn begins(&self, placed: &[Placed<'_>], first: usize, at: usize) -> bool {
        let (Some(last), Some(next)) = (placed.get(at.wrapping_sub(1)), placed.get(at)) else { return true };
        let (last_size, next_size) = (self.body.relative_size(last.line), self.body.relative_size(next.line));
        let is_one_size = (last_size - next_size).abs() <= OTHER_SIZE * last_size.max(next_size)
            || has_same_advance(last.line, next.line);
        if !is_one_size || last.line.is_beside(next.line) && last.line.page == next.line.page {
            return true;
        }
        let distance = (next.line.area.top - last.line.area.top) / (self.body.leading * last_size.max(0.1));
        if last_size > LARGER {
            let goes_on = next.is_below(last) && (0.0..WIDER_IN_HEADING).contains(&distance);
            return !goes_on || begins_item(&next.line.text) || is_part_of_law(&next.line.text);
        }
        let goes_on = goes_on(&last.line.text, &next.line.text);
        if next.is_below(last) && !(0.0..if goes_on { WIDEST } else { WIDER }).contains(&distance) {
            return true;
        }
        let is_full = fills(last, next);
        let ends = ends_sentence(&last.line.text);
        let is_indented = next.indent() > INDENT;
        if is_item_or_part(&next.line.text) && (!is_full || ends || is_indented) {
            return true;
        }
        if last.line.cells.is_empty() {
            if goes_on {
                return false;
            }
        } else if next.line.cells.is_empty() && stands_below_cell(last.line, next.line) {
            // The last cell of a row has more lines than one.
            return !goes_on && (ends || !is_full);
        }
        if !is_full {
            return true;
        }
        let is_cut = !next.is_below(last);
        if is_cut && !ends && !begins_large(&next.line.text) {
            return false;
        }
        match self.by_indent(placed, first, at) {
            Some(begins) => begins,
            None => is_cut && !self.has_indents && ends,
        }
    }

    /// Tells by the left edges whether a paragraph begins; `None` if they leave it open.
    fn by_indent(&self, placed: &[Placed<'_>], first: usize, at: usize) -> Option<bool> {
        let (last, next) = (&placed[at - 1], &placed[at]);
        let is_same = |one: f32, other: f32| (one - other).abs() < SAME_EDGE;
        let indent = next.indent();
        let first_indent = placed[first].indent();
        if at - first >= 2 {
            let rest = placed[first + 1].indent();
            let hangs = rest > first_indent + INDENT * 0.7;
            return if is_same(indent, rest) {
                None
            } else if hangs {
                Some(is_same(indent, first_indent))
            } else {
                (indent > rest + INDENT * 0.7).then_some(true)
            };
        }
        if is_same(indent, last.indent()) {
            let is_open = indent > INDENT && self.has_indents && ends_sentence(&last.line.text);
            return is_open.then_some(true);
        }
        if indent > last.indent() + INDENT * 0.7 {
            // The second line of an item that hangs, or the first of a paragraph.
            let after = placed.get(at + 1).filter(|after| after.is_below(next));
            let hangs = begins_item(&last.line.text)
                || after.is_some_and(|after| is_same(after.indent(), indent)) && !ends_sentence(&last.line.text);
            return Some(!hangs);
        }
        None
    }
}

/// Whether a line begins below a cell of a row other than the first.
fn stands_below_cell(row: &Line, line: &Line) -> bool {
    row.cells.iter().take(64).any(|(_, left)| (left - line.area.left).abs() < 0.5 * line.size)
}

/// Whether the next line's beginning would not have fitted behind a line.
fn fills(last: &Placed<'_>, next: &Placed<'_>) -> bool {
    let size = last.line.size;
    // Chinese punctuation goes to the next line together with the character before it.
    let slack = if next.line.text.starts_with(is_written_without_blanks) { 1.3 } else { 0.6 };
    let end = last.line.area.right;
    let width = next.line.head.min((last.edges.right - last.edges.left).max(0.0));
    end + width + slack * size > last.edges.right || is_flush(last, next)
}

/// Whether the characters of two Chinese lines are as wide: the boxes of their fonts may differ in height all the same.
fn has_same_advance(one: &Line, other: &Line) -> bool {
    let (least, most) = (one.advance.min(other.advance), one.advance.max(other.advance));
    one.is_han && other.is_han && least > 0.0 && most - least < SAME_ADVANCE * most
}

/// Whether two long lines end at the same edge, as in a block of justified text narrower than its column.
fn is_flush(last: &Placed<'_>, next: &Placed<'_>) -> bool {
    let size = last.line.size;
    // Two short lines may be as wide by chance.
    let is_long = last.line.area.width() > 12.0 * size && last.line.text.chars().count() > 14;
    // The box of a Chinese punctuation mark at the end may reach over the edge.
    let is_open = last.line.is_han && next.line.is_han && !ends_sentence(&last.line.text);
    let same_edge = if is_open { 0.6 } else { 0.15 };
    is_long
        && (last.line.area.right - next.line.area.right).abs() < same_edge * size
        && last.line.area.left - next.line.area.left < 4.0 * size
        && !begins_item(&next.line.text)
}

/// Whether a sentence obviously goes on in the next line.
fn goes_on(last: &str, next: &str) -> bool {
    !ends_sentence(last) && next.starts_with(char::is_lowercase) && !begins_item(next)
}

/// Whether a text begins as sentences and names in scripts with capitals do.
fn begins_large(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase)
}

fn is_item_or_part(text: &str) -> bool {
    begins_item(text) || is_part_of_law(text) || is_chinese_article(text)
}

/// Whether a text begins with 第…条 and a blank, or stands alone with it.
fn is_chinese_article(text: &str) -> bool {
    let is_number = |c: char| c.is_numeric() || "一二三四五六七八九十百千零〇 ".contains(c);
    text.strip_prefix('第').is_some_and(|rest| {
        let part = rest.trim_start_matches(is_number);
        part.len() < rest.len()
            && part.strip_prefix(['条', '條']).is_some_and(|after| {
                after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || matches!(c, '【' | '之' | '（'))
            })
    })
}

/// Whether a text begins as an item of a list does: `•`, `— `, `1.`, `2)`, `（三）`, `а)`, `[4]`.
pub(super) fn begins_item(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    let second = characters.next();
    let rest = &text[first.len_utf8()..];
    match first {
        '•' | '▪' | '●' | '■' | '◆' | '▲' | '○' | '·' | '\u{f0b7}' | '①'..='⑳' => true,
        '—' | '–' | '-' => second == Some(' '),
        '(' | '（' | '[' | '［' => {
            let end = rest.find([')', '）', ']', '］']);
            end.is_some_and(|end| (1..=12).contains(&end) && rest[..end].chars().all(is_item_number))
        }
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            text.trim_start_matches(|c| "一二三四五六七八九十".contains(c)).starts_with('、')
        }
        '0'..='9' => {
            let number = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
            let after = &text[number..];
            number <= 8
                && (after.starts_with([')', '）', '、', '．'])
                    || (text[..number].contains('.') && number > 1 && after.starts_with(char::is_whitespace)))
        }
        c if c.is_alphabetic() => matches!(second, Some(')' | '）')),
        _ => false,
    }
}

fn is_item_number(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十".contains(c) || c.is_lowercase()
}

/// Returns the edges of the column of each line of `flow`.
fn edges(lines: &[Line], flow: &[usize]) -> Vec<Edges> {
    let mut columns: HashMap<(usize, (u8, u8)), Vec<usize>> = HashMap::new();
    for &at in flow {
        columns.entry((lines[at].page, lines[at].columns)).or_default().push(at);
    }
    let mut usual: HashMap<(i32, i32), (Edges, usize)> = HashMap::new();
    let mut found: HashMap<(usize, (u8, u8)), Edges> = HashMap::new();
    for (&key, of_column) in &columns {
        let edges = edges_of(lines, of_column);
        found.insert(key, edges);
        if of_column.len() >= LEAST_LINES {
            let class = ((edges.left / 4.0).round() as i32, (edges.right / 4.0).round() as i32);
            usual.entry(class).or_insert((edges, 0)).1 += of_column.len();
        }
    }
    // A document has few kinds of columns; those that come most are looked at.
    let mut usual: Vec<(Edges, usize)> = usual.into_values().collect();
    usual.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.left.total_cmp(&other.0.left)));
    usual.truncate(16);
    for (key, of_column) in &columns {
        if of_column.len() < LEAST_LINES
            && let Some(own) = found.get_mut(key)
        {
            let size = lines[of_column[0]].size;
            let holds = |edges: &Edges| own.left > edges.left - 0.5 * size && own.right < edges.right + 0.5 * size;
            let distance = |edges: &Edges| (own.left - edges.left).abs() + (own.right - edges.right).abs();
            let nearest = usual.iter().map(|(edges, _)| *edges).filter(holds);
            if let Some(edges) = nearest.min_by(|one, other| distance(one).total_cmp(&distance(other))) {
                *own = edges;
            }
        }
    }
    flow.iter().map(|&at| found[&(lines[at].page, lines[at].columns)]).collect()
}

/// Returns the edges of a column: the leftmost edge that several lines have, and the edge that nearly all end at.
fn edges_of(lines: &[Line], of_column: &[usize]) -> Edges {
    let mut rights: Vec<f32> = of_column.iter().map(|&at| lines[at].area.right).collect();
    rights.sort_by(f32::total_cmp);
    let mut lefts: Vec<f32> = of_column.iter().map(|&at| lines[at].area.left).collect();
    lefts.sort_by(f32::total_cmp);
    let right = justified_edge(&rights).unwrap_or(rights[(rights.len() - 1).min(rights.len() * 95 / 100)]);
    let least = lefts.len().div_ceil(8);
    let begins_run = |at: &usize| lefts.get(at + least - 1).is_some_and(|last| last - lefts[*at] < 3.0);
    let left = (0..lefts.len()).find(begins_run).map_or(lefts[0], |at| lefts[at]);
    Edges { left, right }
}

/// Returns the edge at which most lines of a column end, if its text is justified. Few lines may go beyond it.
fn justified_edge(rights: &[f32]) -> Option<f32> {
    let least = (rights.len() * 2 / 5).max(3);
    let ends_run = |at: &usize| rights[*at] - rights[at + 1 - least] < 3.0;
    (least - 1..rights.len()).rev().find(ends_run).map(|at| rights[at])
}

#[cfg(test)]
mod tests {
    use super::super::lines::{lines_of, tests::write};
    use super::super::words::{Area, Page};
    use super::*;

    /// Lays lines out at a leading of 14 points, 340 points wide. A line begins with as many `>` as it is indented, by
    /// the type size; `=` before it puts an empty line above it, and `~` a new page.
    fn paragraphs(text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let (mut top, mut page) = (50.0, 0);
        for row in text.lines() {
            let shown = row.trim_start_matches(['>', '=', '~']);
            let sign = |sign: char| row.chars().take_while(|c| ">=~".contains(*c)).filter(|c| *c == sign).count();
            top += 14.0 * (1 + sign('=')) as f32;
            if sign('~') > 0 {
                (top, page) = (50.0, page + 1);
            }
            let mut of_row = Page::new(600.0, 800.0);
            write(&mut of_row, shown, 50.0 + 10.0 * sign('>') as f32, top, 10.0);
            lines.extend(lines_of(&of_row).into_iter().map(|line| Line { page, ..line }));
        }
        let flow: Vec<usize> = (0..lines.len()).collect();
        let body = Body::of(&lines);
        let text = |range: Range<usize>| flow[range].iter().map(|&at| lines[at].text.as_str()).collect::<Vec<_>>();
        find(&lines, &flow, &body).into_iter().map(|range| text(range).join("|")).collect()
    }

    #[test]
    fn paragraphs_by_indents() {
        assert_eq!(
            paragraphs(
                ">>港口的保险费率在春季之后明显上升，承保人开始要求船东提交冰情报\n告，并把报告的准确程度写进合同条款，合同条款写进合同条款写进条款。\n\
                 >>岛屿之间的渡轮由地方公会经营，公会每年选举一名总管，总管须在秋\n分之前公布来年的班次。\n\
                 >>灯塔的维护费用由过往船只分担，吨位较小的渔船只缴纳象征性的一元"
            ),
            [
                "港口的保险费率在春季之后明显上升，承保人开始要求船东提交冰情报|告，并把报告的准确程度写进合同条款，合同条款写进合同条款写进条款。",
                "岛屿之间的渡轮由地方公会经营，公会每年选举一名总管，总管须在秋|分之前公布来年的班次。",
                "灯塔的维护费用由过往船只分担，吨位较小的渔船只缴纳象征性的一元",
            ]
        );
    }

    #[test]
    fn lines_are_of_one_size_if_their_characters_are_as_wide() {
        let find = |advance: f32| {
            let line = |row: usize, text: &str| Line {
                area: Area {
                    left: 50.0,
                    top: 50.0 + 14.0 * row as f32,
                    right: 250.0,
                    bottom: 60.0 + 14.0 * row as f32,
                },
                size: 10.0,
                is_han: true,
                advance: 10.0,
                head: 10.0,
                text: text.to_owned(),
                ..Line::default()
            };
            let text = ["港口的保险费率在春季之后明显上升承保人开", "始要求船东提交冰情报告并把报告的准确程度"];
            let mut lines: Vec<Line> = (0..8).map(|row| line(row, text[row % 2])).collect();
            (lines[3].size, lines[3].advance) = (8.0, advance);
            let flow: Vec<usize> = (0..lines.len()).collect();
            find(&lines, &flow, &Body::of(&lines)).len()
        };
        assert_eq!([find(10.2), find(8.0)], [1, 3]);
    }

    #[test]
    fn ragged_lines_end_where_the_next_word_would_have_fitted() {
        assert_eq!(
            paragraphs(
                "The council of the port meets every spring and sets the dues for the\n\
                 season, which the owners of the ships must pay before navigation\n\
                 opens in the north.\n\
                 The keepers of the lighthouses report the ice to the council by letter\n\
                 every week."
            ),
            [
                "The council of the port meets every spring and sets the dues for the|\
                 season, which the owners of the ships must pay before navigation|opens in the north.",
                "The keepers of the lighthouses report the ice to the council by letter|every week.",
            ]
        );
    }

    #[test]
    fn what_goes_on_over_a_page() {
        for (text, count) in [
            ("Совет портов собирается каждую весну и устанавливает размер сбора,\n~который владельцы платят.", 1),
            ("Совет портов собирается каждую весну и устанавливает размер сбора.\n~Капитаны платят сбор осенью.", 2),
            ("Совет собирается.\n~Капитаны платят сбор каждую осень до начала навигации на севере.", 2),
            ("总管须在秋分之前公布来年的班次与票价，灯塔的维护费用由过往船只分担\n~吨位较小的渔船只缴纳", 1),
        ] {
            assert_eq!(paragraphs(text).len(), count, "{text}");
        }
    }

    #[test]
    fn items_hang() {
        assert_eq!(
            paragraphs(
                "1. Совет портов собирается каждую весну и устанавливает размеры и\n>>сроки уплаты сборов, которые владельцы судов платят в каждом порту\n\
                 >>до осени.\n2. Капитаны платят сбор.\n3. Совет отвечает."
            ),
            [
                "1. Совет портов собирается каждую весну и устанавливает размеры и|сроки уплаты сборов, которые владельцы судов платят в каждом порту|до осени.",
                "2. Капитаны платят сбор.",
                "3. Совет отвечает.",
            ]
        );
    }

    #[test]
    fn articles_of_laws_begin_paragraphs() {
        assert_eq!(
            paragraphs(
                ">>第一条 港口的保险费率在春季之后明显上升，承保人开始要求船东提\n交冰情报告，并把报告写进合同条款写进合同条款写进合同条款合同条款。\n\
                 >>第二条 岛屿之间的渡轮由公会经营。"
            )
            .len(),
            2
        );
    }

    #[test]
    fn how_items_begin() {
        for text in
            ["• порт", "— порт", "1. Порт", "1.2. Порт", "2) порт", "а) порт", "（三）港口", "三、港口", "[4] Ли"]
        {
            assert!(begins_item(text), "{text}");
        }
        for text in ["", "—", "порт", "2024 год", "3.5", "-5 градусов", "(см. выше) порт", "一切港口", "1917"]
        {
            assert!(!begins_item(text), "{text}");
        }
    }
}
