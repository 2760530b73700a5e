//! Bridges: paragraphs that go on behind a figure, a table, a note or a heading that stands between their halves.
//!
//! A half that stops within a sentence at the foot of a page or column is joined
//! to the next paragraph in the type of the body, if that one begins as a
//! sentence goes on: with a lower-case letter, or as a full Chinese line without
//! indent.

use super::body::Body;
use super::lines::Line;
use super::notes::{SMALLER, ends_sentence};
use super::paragraphs::begins_item;
use super::tables::Unit;

/// The most units between two halves.
const MOST_BETWEEN: usize = 24;
/// Text in the type of the body of at least this many characters stands between no halves.
const LEAST_TEXT: usize = 60;
/// Type larger than this multiple of the body is not that of running text.
const LARGER: f32 = 1.1;
/// The beginnings of captions, which may be in the type of the body.
const CAPTIONS: [&str; 12] =
    ["图", "圖", "表", "рис", "табл", "схема", "диаграмма", "fig", "table", "chart", "source", "источник"];

/// Joins the halves of paragraphs.
pub(super) fn build(lines: &[Line], units: Vec<Unit>, body: &Body) -> Vec<Unit> {
    let mut units: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
    for at in 0..units.len() {
        let mut open = match units[at].take() {
            Some(Unit::Paragraph(lines)) => lines,
            other => {
                units[at] = other;
                continue;
            }
        };
        while let Some(other) = other_half(lines, &units, at, &open, body) {
            if let Some(Unit::Paragraph(half)) = units[other].take() {
                open.extend(half);
            }
        }
        units[at] = Some(Unit::Paragraph(open));
    }
    units.into_iter().flatten().collect()
}

/// Returns the other half of a paragraph.
fn other_half(lines: &[Line], units: &[Option<Unit>], at: usize, open: &[usize], body: &Body) -> Option<usize> {
    let last = &lines[*open.last()?];
    if ends_sentence(&last.text) || !is_running_text(last, body) || open.iter().any(|&at| is_caption(&lines[at])) {
        return None;
    }
    for (other, unit) in units.iter().enumerate().skip(at + 1).take(MOST_BETWEEN) {
        let Some(Unit::Paragraph(half)) = unit else { continue };
        let Some(first) = half.first().map(|&first| &lines[first]) else { continue };
        if !is_running_text(first, body) {
            continue;
        }
        if goes_on(lines, open, half) {
            return is_elsewhere(last, first).then_some(other);
        }
        let length: usize = half.iter().map(|&at| lines[at].text.chars().count()).sum();
        if length >= LEAST_TEXT && !is_caption(first) {
            return None;
        }
    }
    None
}

/// Whether a line stands on another page, in another column, or well below.
fn is_elsewhere(last: &Line, first: &Line) -> bool {
    last.page != first.page || last.columns != first.columns || first.area.top - last.area.bottom > last.size
}

fn is_running_text(line: &Line, body: &Body) -> bool {
    (SMALLER..LARGER).contains(&body.relative_size(line))
}

fn is_caption(line: &Line) -> bool {
    let lower = line.text.chars().take(12).flat_map(char::to_lowercase).collect::<String>();
    let after = CAPTIONS.iter().find_map(|begin| lower.strip_prefix(begin));
    after.is_some_and(|after| after.contains(|c: char| c.is_numeric() || c == ':' || c == '：'))
}

/// Whether a paragraph begins as the sentence at the end of another goes on.
fn goes_on(lines: &[Line], open: &[usize], half: &[usize]) -> bool {
    let (Some(last), Some(first)) = (open.last(), half.first()) else { return false };
    let (last, first) = (&lines[*last], &lines[*first]);
    if begins_item(&first.text) {
        return false;
    }
    if first.text.starts_with(char::is_lowercase) {
        return last.text.chars().count() > 2;
    }
    let edge = |of: &[usize], edge: fn(&Line) -> f32| of.iter().map(|&at| edge(&lines[at])).collect::<Vec<f32>>();
    let right = edge(open, |line| line.area.right).into_iter().fold(f32::MIN, f32::max);
    let left = edge(half.get(1..).unwrap_or_default(), |line| line.area.left).into_iter().fold(f32::MAX, f32::min);
    let is_full = open.len() > 1 && last.area.right > right - 1.5 * last.size;
    let is_not_indented = half.len() > 1 && first.area.left < left + 0.5 * first.size;
    last.is_han && first.is_han && !first.text.starts_with('第') && is_full && is_not_indented
}

#[cfg(test)]
mod tests {
    use super::super::words::Area;
    use super::*;

    fn line(page: usize, top: f32, size: f32, text: &str) -> Line {
        let is_han = text.contains(|c: char| c >= '\u{2e80}');
        let area = Area { left: 60.0, top, right: 400.0, bottom: top + size };
        Line { page, area, size, is_han, text: text.to_owned(), ..Line::default() }
    }

    fn joined(texts: &[(usize, f32, &str)]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut units = Vec::new();
        for (row, &(page, size, text)) in texts.iter().enumerate() {
            let first = lines.len();
            lines.extend(
                text.split('|').enumerate().map(|(at, part)| line(page, (100 * row + 12 * at) as f32, size, part)),
            );
            units.push(Unit::Paragraph((first..lines.len()).collect()));
        }
        let filler = "основной текст о портах и гаванях ".repeat(9);
        lines.push(line(9, 0.0, 10.0, &filler));
        let han = "港口的保险费率在春季之后明显上升".repeat(9);
        lines.push(line(9, 0.0, 10.0, &han));
        let body = Body::of(&lines);
        let text = |unit: Unit| unit.lines().iter().map(|&at| lines[at].text.as_str()).collect::<Vec<_>>().join("|");
        build(&lines, units, &body).into_iter().map(text).collect()
    }

    #[test]
    fn halves_around_what_stands_between() {
        for (texts, count) in [
            (
                &[(0, 10.0, "Совет собирается каждую"), (0, 8.0, "* Институт портов"), (1, 10.0, "весну в порту.")][..],
                2,
            ),
            (&[(0, 10.0, "Совет собирается каждую"), (1, 10.0, "Рис. 3. Порт"), (1, 10.0, "весну в порту.")], 2),
            (
                &[
                    (0, 10.0, "总管须在秋分之前|公布来年的班次"),
                    (0, 14.0, "图 3 港口"),
                    (1, 10.0, "与票价，灯塔|由船只分担。"),
                ],
                2,
            ),
            (&[(0, 10.0, "Совет собирается весной."), (0, 8.0, "Институт"), (1, 10.0, "весну в порту.")], 3),
            (&[(0, 10.0, "Совет собирается каждую"), (0, 8.0, "Институт"), (1, 10.0, "Весна наступает.")], 3),
            (&[(0, 10.0, "Совет собирается каждую"), (0, 8.0, "Институт"), (1, 10.0, "а) весну;")], 3),
        ] {
            assert_eq!(joined(texts).len(), count, "{:?}", joined(texts));
        }
        let text = "Текст, который стоит между ними и который достаточно длинный для абзаца.";
        assert_eq!(joined(&[(0, 10.0, "Совет собирается каждую"), (1, 10.0, text), (2, 10.0, "весну.")]).len(), 3);
    }
}
