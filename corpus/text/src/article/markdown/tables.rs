//! Tables of Pandoc: grids of `+---+`, and columns under rows of dashes.
//!
//! The lines of a cell are put together, so that its words stand in one piece. The
//! places of columns are those on the screen, where a Chinese character is two
//! wide. A table is read once; a row of dashes looks ahead no further than the
//! next row of dashes.

use std::ops::Range;

use super::super::blocks::{Block, BlockKind};
use super::super::lines::Lines;
use super::super::running_text::{Join, RunningText};
use super::TABLE_BYTES;
use crate::language::is_written_without_blanks;

/// The longest table under rows of dashes, in lines.
const MOST_LINES: usize = 500;

/// The cells of a row: for each, its parts in the source.
type Row = Vec<Vec<Range<usize>>>;

/// Returns the line that begins at a byte, without its end, and the beginning of the next.
pub(super) fn line_at(source: &str, start: usize) -> (Range<usize>, usize) {
    let end = source[start..].find('\n').map_or(source.len(), |at| start + at);
    let shown = source[start..end].trim_end_matches('\r').len();
    (start..start + shown, (end + 1).min(source.len()))
}

/// Reads the grid that begins at a line. Returns its blocks and its end.
pub(super) fn grid(source: &str, start: usize, lines: &Lines) -> Option<(Vec<Block>, usize)> {
    let (first, mut at) = line_at(source, start);
    let border = columns_of_border(&source[first.clone()])?;
    let (second, _) = line_at(source, at);
    source[second].trim_start().starts_with('|').then_some(())?;
    let (mut rows, mut row): (Vec<Row>, Row) = (Vec::new(), Row::new());
    let mut end = first.end;
    while at < source.len() {
        let (line, next) = line_at(source, at);
        let text = &source[line.clone()];
        match text.trim_start().as_bytes().first() {
            Some(b'+') if !text.contains(char::is_alphanumeric) => rows.push(std::mem::take(&mut row)),
            // The border of some cells stands beside the text of another.
            Some(b'+') if !text.contains("--") => break,
            Some(b'|' | b'+') => add_cells(source, line.clone(), &border, &mut row),
            _ => break,
        }
        (end, at) = (line.end, next);
    }
    rows.push(row);
    Some((blocks(source, &rows, lines), end))
}

/// Returns the columns of the corners of `+---+---+`.
fn columns_of_border(line: &str) -> Option<Vec<usize>> {
    let shown = line.trim_end();
    let is_border = shown.trim_start().starts_with('+')
        && shown.ends_with('+')
        && shown.contains("--")
        && shown.trim_start().bytes().all(|byte| matches!(byte, b'+' | b'-' | b'=' | b':'));
    is_border.then(|| shown.match_indices('+').map(|(at, _)| at).collect())
}

/// Adds the cells of a line of a grid to a row.
fn add_cells(source: &str, line: Range<usize>, border: &[usize], row: &mut Row) {
    let text = &source[line.clone()];
    let last = text.trim_end().len();
    let at_corner = |(at, _): &(usize, &str), column: usize| border.binary_search(&column).is_ok() || *at + 1 >= last;
    let (mut walls, mut all) = (Vec::new(), Vec::new());
    let (mut column, mut byte) = (0, 0);
    for found in text.match_indices('|') {
        column += width(&text[byte..found.0]);
        byte = found.0;
        all.push(found.0);
        if at_corner(&found, column) {
            walls.push((found.0, border.partition_point(|&corner| corner < column)));
        }
    }
    // Another tool may count columns otherwise: then every bar is a wall.
    if walls.len() < 2 || (all.len() == border.len() && walls.len() < all.len()) {
        walls = all.into_iter().enumerate().map(|(cell, at)| (at, cell)).collect();
    }
    let mut begin = line.start;
    let mut cell = 0;
    let ends = walls.into_iter().chain([(text.len(), border.len())]);
    for (end, next) in ends {
        row.resize(row.len().max(cell + 1), Vec::new());
        row[cell].extend(trimmed(source, begin..line.start + end));
        begin = (line.start + end + 1).min(line.end);
        cell = next.min(border.len());
    }
}

/// Reads the table under a row of dashes. `start` is the line of the dashes or that of the heads above it.
pub(super) fn simple(source: &str, start: usize, lines: &Lines) -> Option<(Vec<Block>, usize)> {
    let (first, mut at) = line_at(source, start);
    let mut rows: Vec<Row> = Vec::new();
    let has_heads_above = dashes(&source[first.clone()]).is_none();
    let rule = if has_heads_above {
        let (rule, next) = line_at(source, at);
        at = next;
        rule
    } else {
        first.clone()
    };
    let mut columns = dashes(&source[rule])?;
    if has_heads_above {
        let heads = cells(source, first.clone(), &columns);
        (heads.iter().filter(|cell| !cell.is_empty()).count() >= 2).then_some(())?;
        rows.push(heads);
    } else {
        closes(source, at, &columns).then_some(())?;
    }
    let is_one_rule = columns.len() == 1;
    let (mut row, mut end): (Row, usize) = (Row::new(), first.end);
    let (mut is_apart, mut rules) = (false, 1);
    for _ in 0..MOST_LINES {
        let (line, next) = line_at(source, at);
        let text = &source[line.clone()];
        if let Some(found) = dashes(text) {
            rows.push(std::mem::take(&mut row));
            // Below a rule without gaps and the heads, the rule with gaps tells the columns.
            if is_one_rule && found.len() > 1 && rules == 1 {
                let heads = std::mem::take(&mut rows);
                columns = found;
                rows.push(heads.into_iter().flatten().flatten().fold(Row::new(), |mut row, part| {
                    add(&mut row, cells(source, part, &columns));
                    row
                }));
                rules += 1;
            } else {
                end = line.end;
                break;
            }
        } else if text.trim().is_empty() {
            if has_heads_above || at >= source.len() {
                break;
            }
            is_apart = true;
        } else {
            let cells =
                if columns.len() == 1 { vec![vec![line.clone()]] } else { cells(source, line.clone(), &columns) };
            // Rows are set apart by blank lines if any are.
            if is_apart || !(is_one_rule || row.is_empty()) {
                rows.push(std::mem::take(&mut row));
            }
            add(&mut row, cells);
            is_apart = false;
        }
        end = line.end;
        at = next;
    }
    rows.push(row);
    Some((blocks(source, &rows, lines), end))
}

/// Whether a line can be a row of dashes or the heads above one; a quick look.
pub(super) fn may_begin_simple(source: &str, line: Range<usize>, next: usize) -> bool {
    let is_row = |line: &str| line.trim_start().starts_with("--") && dashes(line).is_some();
    let text = &source[line];
    is_row(text) || (text.contains("  ") && is_row(&source[line_at(source, next).0]))
}

/// Returns the columns at which the groups of a row of dashes begin.
fn dashes(line: &str) -> Option<Vec<usize>> {
    let shown = line.trim();
    let is_row = shown.len() >= 5 && shown.bytes().all(|byte| matches!(byte, b'-' | b' ')) && !shown.contains(" - ");
    if !is_row || !shown.starts_with("--") || !shown.ends_with("--") {
        return None;
    }
    let begins = |&(at, _): &(usize, &str)| !line[..at].ends_with('-');
    Some(line.match_indices('-').filter(begins).map(|(at, _)| at).collect())
}

/// Whether a row of dashes follows, with text before it. Below a rule without gaps a row with gaps comes first:
/// two rules around a text are no table.
fn closes(source: &str, mut at: usize, rule: &[usize]) -> bool {
    let (mut has_text, mut has_columns) = (false, rule.len() > 1);
    for _ in 0..MOST_LINES {
        if at >= source.len() {
            return false;
        }
        let (line, next) = line_at(source, at);
        let text = &source[line];
        match dashes(text) {
            Some(_) if has_columns => return has_text,
            Some(columns) if columns.len() > 1 && has_text => has_columns = true,
            Some(_) => return false,
            None => has_text |= !text.trim().is_empty(),
        }
        at = next;
    }
    false
}

/// Cuts a line at columns; a word that reaches over a column belongs to the cell that it begins in.
fn cells(source: &str, line: Range<usize>, columns: &[usize]) -> Row {
    let text = &source[line.clone()];
    let (mut row, mut begin) = (Row::new(), 0);
    let (mut column, mut ends) = (0, columns.iter().skip(1).peekable());
    for (at, c) in text.char_indices() {
        if ends.peek().is_some_and(|&&end| column >= end) && (c == ' ' || text[..at].ends_with(' ')) {
            ends.next();
            row.push(trimmed(source, line.start + begin..line.start + at).into_iter().collect());
            begin = at;
        }
        column += 1 + usize::from(is_written_without_blanks(c));
    }
    row.push(trimmed(source, line.start + begin..line.end).into_iter().collect());
    row
}

fn add(row: &mut Row, cells: Row) {
    row.resize(row.len().max(cells.len()), Vec::new());
    for (parts, more) in row.iter_mut().zip(cells) {
        parts.extend(more);
    }
}

fn trimmed(source: &str, range: Range<usize>) -> Option<Range<usize>> {
    let text = &source[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    (!text.trim().is_empty()).then(|| start..start + text.trim().len())
}

fn width(text: &str) -> usize {
    text.chars().map(|c| 1 + usize::from(is_written_without_blanks(c))).sum()
}

/// Makes passages of rows.
fn blocks(source: &str, rows: &[Row], lines: &Lines) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text = RunningText::new(source, lines);
    // Pieces stand in the order of the source: what a cell has further down is added without its place.
    let mut done = 0;
    for row in rows {
        for cell in row {
            for (nth, part) in cell.iter().enumerate() {
                if nth > 0 {
                    text.join(Join::Line);
                }
                if part.start < done {
                    text.push_foreign(&source[part.clone()]);
                } else {
                    text.push(part.clone());
                    done = part.end;
                }
            }
            if !cell.is_empty() {
                text.join(Join::Cell);
            }
        }
        if text.len() > TABLE_BYTES {
            blocks.extend(text.take(BlockKind::Table));
        }
    }
    blocks.extend(text.take(BlockKind::Table));
    blocks
}
