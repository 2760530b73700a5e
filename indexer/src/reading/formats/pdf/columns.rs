//! Columns: the order in which the lines of a page are read.
//!
//! A gutter is a strip that hardly any line crosses, with columns of long lines on
//! both sides whose left edges agree. Parts of a row are joined unless a gutter
//! lies between them. The order of the file is kept, as most files are drawn in
//! the order of reading; only where it jumps between columns again and again, or
//! upwards within one, the lines are sorted by their places.

use super::lines::{Line, is_label, is_turned};

/// The width of the strips in which gutters are looked for, in points.
const STRIP: f32 = 2.0;
/// The number of strips of the widest page that is looked at.
const MOST_STRIPS: usize = 2_000;
/// The fewest lines on either side of a gutter.
const LEAST_LINES: usize = 5;
/// The most columns of a page.
const MOST_COLUMNS: usize = 4;
/// The narrowest column, as a share of the width of the page.
const NARROWEST: f32 = 0.12;
/// The part of the lines of a column that begin at its left edge.
const ALIGNED: f32 = 0.4;
/// The width of the middle line of a column of text, as a part of the column. Cells of a table are shorter.
const FILLED: f32 = 0.55;

/// The width of a line of running text, at least, as a multiple of the type size.
const LEAST_WIDTH: f32 = 6.0;

/// The most labels of notes that are looked at on a page.
const MOST_LABELS: usize = 200;

/// Puts the lines of a page together and in the order of reading, and notes their columns.
pub(super) fn arrange(lines: Vec<Line>, width: f32) -> Vec<Line> {
    let (turned, lines): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| is_turned(&line.area, &line.text));
    let gutters = gutters(&lines, width);
    let mut lines = join_labels(join_rows(lines, &gutters));
    for line in &mut lines {
        line.columns = columns(line, &gutters);
    }
    let mut lines = if is_scattered(&lines) { sorted(lines, &gutters) } else { lines };
    // What is written along the edge of a page interrupts no line of it.
    lines.extend(turned);
    lines
}

/// Joins labels of notes that the file draws apart to the lines beside them.
fn join_labels(mut lines: Vec<Line>) -> Vec<Line> {
    let labels: Vec<usize> = (0..lines.len()).filter(|&at| is_label(&lines[at].text)).take(MOST_LABELS).collect();
    let mut is_joined = vec![false; lines.len()];
    for at in labels {
        let label = &lines[at];
        let gap = |line: &Line| line.area.left - label.area.right;
        let is_near = |line: &Line| line.is_beside(label) && (0.0..2.5 * line.size).contains(&gap(line));
        let beside = (0..lines.len())
            .filter(|&other| !is_joined[other] && is_near(&lines[other]) && !is_label(&lines[other].text));
        if let Some(other) = beside.min_by(|&one, &next| gap(&lines[one]).total_cmp(&gap(&lines[next]))) {
            let text = std::mem::take(&mut lines[other]);
            let label = std::mem::take(&mut lines[at]);
            let is_raised = label.size < text.size && label.area.bottom < text.area.bottom;
            let (size, is_han, head) = (text.size, text.is_han, label.head);
            let mut joined = Line { cells: Vec::new(), ..label };
            if is_raised {
                joined.raised.clear();
                joined.raised.push(0..joined.text.len());
            }
            joined.append(text);
            joined.cells.retain(|(at, _)| *at > joined.text.len().min(9));
            lines[other] = Line { size, is_han, head, ..joined };
            is_joined[at] = true;
        }
    }
    let mut at = 0;
    lines.retain(|_| {
        at += 1;
        !is_joined[at - 1]
    });
    lines
}

/// Returns the middles of the gutters, from left to right.
fn gutters(lines: &[Line], width: f32) -> Vec<f32> {
    let mut found = Vec::new();
    let mut spans = vec![(0.0, width)];
    while let Some((left, right)) = spans.pop() {
        if found.len() + 1 < MOST_COLUMNS
            && let Some(gutter) = gutter_between(lines, left, right, NARROWEST * width)
        {
            found.push(gutter);
            spans.extend([(left, gutter), (gutter, right)]);
        }
    }
    found.sort_by(f32::total_cmp);
    found
}

/// Counts of lines by strips.
struct Strips {
    /// Lines that cover the strip.
    covering: Vec<usize>,
    /// Lines that end before the end of the strip.
    before: Vec<usize>,
    /// Lines that begin in the strip or behind it.
    behind: Vec<usize>,
}

impl Strips {
    fn of(lines: &[&Line], left: f32, count: usize) -> Strips {
        let strip = |x: f32| (((x - left) / STRIP).max(0.0) as usize).min(count);
        let (mut covering, mut before, mut behind) = (vec![0; count + 1], vec![0; count + 1], vec![0; count + 1]);
        let mut ending = vec![0; count + 1];
        for line in lines {
            let (first, last) = (strip(line.area.left), strip(line.area.right));
            covering[first] += 1;
            ending[last] += 1;
            before[last] += 1;
            behind[first] += 1;
        }
        let mut open = 0;
        for at in 0..=count {
            open += covering[at];
            covering[at] = open;
            open -= ending[at];
        }
        (1..=count).for_each(|at| before[at] += before[at - 1]);
        (0..count).rev().for_each(|at| behind[at] += behind[at + 1]);
        Strips { covering, before, behind }
    }
}

/// Returns the best gutter between two edges, if there is one.
fn gutter_between(lines: &[Line], left: f32, right: f32, narrowest: f32) -> Option<f32> {
    let within = |line: &&Line| line.area.left < right && line.area.right > left;
    let count = (((right - left) / STRIP).max(0.0) as usize).min(MOST_STRIPS);
    let all: Vec<&Line> = lines.iter().filter(within).collect();
    let covering = Strips::of(&all, left, count).covering;
    let lines: Vec<&Line> = all.into_iter().filter(|line| is_long(line)).collect();
    let strips = Strips { covering, ..Strips::of(&lines, left, count) };
    let margin = (narrowest / STRIP) as usize;
    let is_possible = |at: &usize| {
        let (before, behind) = (strips.before[*at], strips.behind[*at]);
        let crossing = strips.covering[*at];
        before >= LEAST_LINES && behind >= LEAST_LINES && crossing * 3 <= before.min(behind) * 2
    };
    let best = (margin..count.saturating_sub(margin)).filter(is_possible).min_by_key(|&at| strips.covering[at])?;
    let fewest = strips.covering[best];
    let mut runs = (best..count).take_while(|&at| strips.covering[at] == fewest);
    let end = runs.by_ref().last().unwrap_or(best) + 1;
    let edges = (left + best as f32 * STRIP, left + end as f32 * STRIP);
    let middle = (edges.0 + edges.1) / 2.0;
    let is_column = |side: &dyn Fn(&Line) -> bool| {
        let side: Vec<&Line> = lines.iter().copied().filter(|line| side(line)).collect();
        is_column_of_text(&side)
    };
    (is_column(&|line| line.area.right <= middle) && is_column(&|line| line.area.left >= middle)).then_some(middle)
}

/// Whether a line can be one of running text.
fn is_long(line: &Line) -> bool {
    line.area.width() > LEAST_WIDTH * line.size
}

/// Whether lines begin at a common edge and mostly fill their column.
fn is_column_of_text(lines: &[&Line]) -> bool {
    let mut lefts: Vec<f32> = lines.iter().map(|line| line.area.left).collect();
    let mut widths: Vec<f32> = lines.iter().map(|line| line.area.width()).collect();
    lefts.sort_by(f32::total_cmp);
    widths.sort_by(f32::total_cmp);
    let (Some(&widest), Some(&middle)) = (widths.last(), widths.get(widths.len() / 2)) else { return false };
    // The densest window of edges, as wide as a line is high.
    let window = lines.iter().map(|line| line.size).fold(0.0, f32::max).min(15.0);
    let mut first = 0;
    let mut densest = 0;
    for (at, left) in lefts.iter().enumerate() {
        while left - lefts[first] > window {
            first += 1;
        }
        densest = densest.max(at + 1 - first);
    }
    densest as f32 >= ALIGNED * lines.len() as f32 && middle >= FILLED * widest
}

/// Joins parts of a row that follow each other, unless a gutter lies between them.
fn join_rows(lines: Vec<Line>, gutters: &[f32]) -> Vec<Line> {
    let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match joined.last_mut() {
            Some(last) if continues_row(last, &line, gutters) => last.append(line),
            _ => joined.push(line),
        }
    }
    joined
}

fn continues_row(last: &Line, line: &Line, gutters: &[f32]) -> bool {
    let (end, start) = (last.area.right, line.area.left);
    let is_behind = start > end - 0.3 * last.size && line.area.right > end;
    is_behind && last.is_beside(line) && !gutters.iter().any(|&gutter| end <= gutter && gutter <= start)
}

/// Returns the first and the last column in which a line stands.
fn columns(line: &Line, gutters: &[f32]) -> (u8, u8) {
    // Punctuation may hang over the edge of a column.
    let slack = line.size.min(line.area.width() * 0.3);
    let first = gutters.iter().filter(|&&gutter| gutter <= line.area.left + slack).count();
    let last = gutters.iter().filter(|&&gutter| gutter < line.area.right - slack).count();
    (first as u8, last.max(first) as u8)
}

/// Whether the order of the file jumps between columns or upwards too often to be that of reading.
fn is_scattered(lines: &[Line]) -> bool {
    let (mut across, mut upwards, mut beside) = (0, 0, 0);
    // The labels of a figure may be drawn in any order.
    let long: Vec<&Line> = lines.iter().filter(|line| is_long(line)).collect();
    for pair in long.windows(2) {
        let [one, next] = pair else { continue };
        if one.columns == next.columns {
            upwards += usize::from(next.area.bottom < one.area.top);
            beside += usize::from(one.is_beside(next) && next.area.left < one.area.left);
        } else if one.columns.1 < next.columns.0 || next.columns.1 < one.columns.0 {
            across += 1;
        }
    }
    let many = |count: usize, part: usize| count > 3 && count * part > long.len();
    many(across, 5) || many(upwards, 5) || many(beside, 3)
}

/// Sorts lines by their places: downwards to the next line across the columns, one column after the other.
fn sorted(mut lines: Vec<Line>, gutters: &[f32]) -> Vec<Line> {
    lines.sort_by(|one, other| middle_of(one).total_cmp(&middle_of(other)));
    let mut band = 0;
    let mut keyed: Vec<((usize, u8), Line)> = Vec::with_capacity(lines.len());
    for line in lines {
        let is_across = line.columns.0 != line.columns.1;
        band += usize::from(is_across);
        keyed.push(((band, if is_across { 0 } else { line.columns.0 }), line));
        band += usize::from(is_across);
    }
    keyed.sort_by_key(|(key, _)| *key);
    let mut rows: Vec<Vec<Line>> = Vec::new();
    let mut last_key = None;
    for (key, line) in keyed {
        let is_same = last_key == Some(key);
        match rows.last_mut().filter(|row| is_same && row.first().is_some_and(|first| first.is_beside(&line))) {
            Some(row) => row.push(line),
            None => rows.push(vec![line]),
        }
        last_key = Some(key);
    }
    for row in &mut rows {
        row.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
    }
    let mut lines = join_rows(rows.into_iter().flatten().collect(), gutters);
    for line in &mut lines {
        line.columns = columns(line, gutters);
    }
    lines
}

fn middle_of(line: &Line) -> f32 {
    (line.area.top + line.area.bottom) / 2.0
}

#[cfg(test)]
mod tests {
    use super::super::lines::{lines_of, tests::write};
    use super::super::words::Page;
    use super::*;

    /// Rows of two columns of ten lines below a title, drawn in one of two orders.
    fn two_columns(by_rows: bool) -> Vec<String> {
        let mut page = Page::new(600.0, 800.0);
        write(&mut page, "Портовые сборы и правила плавания на севере страны", 170.0, 60.0, 14.0);
        let place = |column: usize, row: usize| (60.0 + 250.0 * column as f32, 100.0 + 14.0 * row as f32);
        let text = |column: usize, row: usize| format!("строка{column}{row} совета портов и гаваней края");
        let cells: Vec<(usize, usize)> =
            (0..20).map(|at| if by_rows { (at % 2, at / 2) } else { (at / 10, at % 10) }).collect();
        for (column, row) in cells {
            let (left, top) = place(column, row);
            write(&mut page, &text(column, row), left, top, 10.0);
        }
        arrange(lines_of(&page), 600.0).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        for by_rows in [false, true] {
            let lines = two_columns(by_rows);
            assert_eq!(lines.len(), 21, "{lines:?}");
            assert!(lines[0].starts_with("Портовые сборы"));
            assert!(lines[1].starts_with("строка00 ") && lines[10].starts_with("строка09 "), "{lines:?}");
            assert!(lines[11].starts_with("строка10 ") && lines[20].starts_with("строка19 "), "{lines:?}");
        }
    }

    #[test]
    fn rows_of_a_table_stay_rows() {
        let mut page = Page::new(600.0, 800.0);
        for row in 0..12 {
            let top = 100.0 + 14.0 * row as f32;
            let name = if row % 3 == 0 { "Архангельский порт" } else { "Мыс" };
            write(&mut page, name, 60.0, top, 10.0);
            write(&mut page, &format!("{}", row * 37), 300.0, top, 10.0);
            write(&mut page, &format!("{}", row * 11), 420.0, top, 10.0);
        }
        let lines = arrange(lines_of(&page), 600.0);
        assert_eq!(lines.len(), 12);
        assert_eq!(lines[1].text, "Мыс 37 11");
        assert_eq!(lines[1].cells.len(), 2);
    }

    #[test]
    fn one_column_has_no_gutter() {
        let mut page = Page::new(600.0, 800.0);
        for row in 0..30 {
            write(
                &mut page,
                "港口的保险费率在春季之后明显上升，承保人开始要求船东提交",
                60.0,
                60.0 + 15.0 * row as f32,
                12.0,
            );
        }
        let lines = lines_of(&page);
        assert_eq!(gutters(&lines, 600.0), Vec::<f32>::new());
        assert_eq!(arrange(lines.clone(), 600.0), lines);
    }

    #[test]
    fn words_in_any_order_become_lines() {
        let mut page = Page::new(600.0, 800.0);
        for row in [7, 2, 9, 0, 4, 1, 8, 3, 6, 5] {
            write(&mut page, &format!("строка{row} совета портов"), 60.0, 60.0 + 15.0 * row as f32, 10.0);
        }
        let lines = arrange(lines_of(&page), 600.0);
        let begins: Vec<String> = lines.iter().map(|line| line.text[..13].to_owned()).collect();
        assert_eq!(begins, (0..10).map(|row| format!("строка{row}")).collect::<Vec<_>>());
    }
}
