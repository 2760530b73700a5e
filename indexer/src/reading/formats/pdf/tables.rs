//! Tables: rows that follow each other and whose cells begin at the same places.
//!
//! A line that has no first cell continues cells of the row above it. Cells that a
//! file draws one below the other stay paragraphs.

use std::ops::Range;

use super::joints;
use super::lines::Line;

/// The fewest rows of a table.
const LEAST_ROWS: usize = 2;
/// Rows of a table are one block up to about this many bytes.
const TABLE_BYTES: usize = 1_200;
/// The distance of rows, as a multiple of the type size, that ends a table.
const WIDEST: f32 = 4.0;

/// A part of the text: its lines, in the order of reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    Paragraph(Vec<usize>),
    Table(Vec<usize>),
}

impl Unit {
    pub(super) fn lines(&self) -> &[usize] {
        let (Unit::Paragraph(lines) | Unit::Table(lines)) = self;
        lines
    }
}

/// Returns the tables: runs of `flow`, which lists lines in the order of reading.
pub(super) fn find(lines: &[Line], flow: &[usize]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < flow.len() {
        let mut end = first + 1;
        let mut rows = usize::from(!lines[flow[first]].cells.is_empty());
        let mut row = first;
        while rows > 0 && end < flow.len() {
            let (above, line) = (&lines[flow[row]], &lines[flow[end]]);
            if !is_near(&lines[flow[end - 1]], line) {
                break;
            } else if are_aligned(above, line) {
                (row, rows) = (end, rows + 1);
            } else if !continues_cells(above, line) {
                break;
            }
            end += 1;
        }
        if rows >= LEAST_ROWS {
            found.push(first..end);
            first = end;
        } else {
            first += 1;
        }
    }
    found
}

fn is_near(above: &Line, line: &Line) -> bool {
    let distance = line.area.top - above.area.top;
    above.page == line.page && distance > 0.0 && distance < WIDEST * above.size.max(line.size)
}

/// Whether two lines have cells, at least half of which begin at the same places.
fn are_aligned(above: &Line, line: &Line) -> bool {
    let shared = line.cells.iter().filter(|(_, left)| begins_at(above, *left, line.size)).count();
    !above.cells.is_empty() && shared > 0 && shared * 2 >= line.cells.len()
}

fn begins_at(above: &Line, left: f32, size: f32) -> bool {
    // Cells are few; a row of thousands is no table.
    above.cells.iter().take(64).any(|(_, other)| (other - left).abs() < size)
}

/// Whether all cells of a line stand below cells of the row above it, and none below the first.
fn continues_cells(above: &Line, line: &Line) -> bool {
    std::iter::once(line.area.left)
        .chain(line.cells.iter().map(|(_, left)| *left))
        .take(64)
        .all(|left| begins_at(above, left, line.size))
}

/// Returns the texts of the blocks of a table, each with the index of its first line. Cells are separated by ` | `.
pub(super) fn texts(lines: &[Line], table: &[usize]) -> Vec<(String, usize)> {
    let mut texts: Vec<(String, usize)> = Vec::new();
    let mut row: Vec<(f32, String)> = Vec::new();
    let mut first = table.first().copied().unwrap_or_default();
    let mut end_row = |row: &mut Vec<(f32, String)>, first: usize| {
        let cells: Vec<String> = row.drain(..).map(|(_, text)| text).collect();
        match texts.last_mut() {
            Some((text, _)) if text.len() <= TABLE_BYTES => {
                text.push_str(" | ");
                text.push_str(&cells.join(" | "));
            }
            _ => texts.push((cells.join(" | "), first)),
        }
    };
    for &at in table {
        let line = &lines[at];
        let continues = row.iter().skip(1).any(|(left, _)| (left - line.area.left).abs() < line.size)
            && row.first().is_some_and(|(left, _)| line.area.left > left + line.size)
            && line.area.left > row[0].0;
        if continues && continues_row(&row, line) {
            for (left, cell) in cells(line) {
                let place = row.iter_mut().skip(1).find(|(other, _)| (other - left).abs() < line.size);
                if let Some((_, text)) = place {
                    joints::append(text, cell);
                }
            }
        } else {
            if !row.is_empty() {
                end_row(&mut row, first);
            }
            first = at;
            row = cells(line).map(|(left, cell)| (left, cell.to_owned())).collect();
        }
    }
    if !row.is_empty() {
        end_row(&mut row, first);
    }
    texts
}

fn continues_row(row: &[(f32, String)], line: &Line) -> bool {
    cells(line).all(|(left, _)| row.iter().skip(1).any(|(other, _)| (other - left).abs() < line.size))
}

/// Returns the cells of a line, each with its left edge.
fn cells(line: &Line) -> impl Iterator<Item = (f32, &str)> {
    let starts = std::iter::once((0, line.area.left)).chain(line.cells.iter().copied());
    let ends = line.cells.iter().map(|(at, _)| *at).chain([line.text.len()]);
    starts.zip(ends).map(|((start, left), end)| (left, line.text.get(start..end).unwrap_or_default().trim()))
}

#[cfg(test)]
mod tests {
    use super::super::columns::arrange;
    use super::super::lines::{lines_of, tests::write};
    use super::super::words::Page;
    use super::*;

    #[test]
    fn rows_whose_cells_are_aligned() {
        let mut page = Page::new(600.0, 800.0);
        let rows: [&[(&str, f32)]; 6] = [
            &[("Портовые сборы по месяцам года", 60.0)],
            &[("Порт", 60.0), ("Сбор", 200.0), ("Кто платит", 300.0)],
            &[("Мыс", 60.0), ("12", 200.0), ("владельцы судов и", 300.0)],
            &[("капитаны", 300.0)],
            &[("Коса", 60.0), ("7", 200.0), ("никто", 300.0)],
            &[("Совет отвечает за сборы", 60.0)],
        ];
        for (row, cells) in rows.iter().enumerate() {
            for (text, left) in *cells {
                write(&mut page, text, *left, 100.0 + 14.0 * row as f32, 10.0);
            }
        }
        let lines = arrange(lines_of(&page), 600.0);
        let flow: Vec<usize> = (0..lines.len()).collect();
        let tables = find(&lines, &flow);
        assert_eq!((tables.len(), tables.first()), (1, Some(&(1..5))));
        let texts: Vec<String> = texts(&lines, &flow[1..5]).into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["Порт | Сбор | Кто платит | Мыс | 12 | владельцы судов и капитаны | Коса | 7 | никто"]);
    }

    #[test]
    fn one_wide_gap_is_no_table() {
        let mut page = Page::new(600.0, 800.0);
        write(&mut page, "Утверждено", 60.0, 100.0, 10.0);
        write(&mut page, "Советом", 300.0, 100.0, 10.0);
        write(&mut page, "Текст о порте и о льдах", 60.0, 114.0, 10.0);
        let lines = arrange(lines_of(&page), 600.0);
        assert_eq!(find(&lines, &[0, 1]), Vec::<Range<usize>>::new());
    }
}
