//! Notes: the lines at the foot of a page that are footnotes, and where each begins.
//!
//! They stand below all text of their columns, in smaller type or behind a raised
//! label, and the first has a label that the page cites. A note that did not end
//! on the page before goes on above it.

use std::collections::HashSet;
use std::ops::Range;

use super::body::Body;
use super::lines::Line;

/// Type of notes is smaller than this multiple of the body.
pub(super) const SMALLER: f32 = 0.94;

/// The most notes of a page in type as large as the text.
const MOST_LABELS: usize = 100;

/// What a line is to the notes of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// It is part of the text.
    Text,
    /// It begins a note with this label, whose text begins at this byte.
    Begins(String, usize),
    /// It continues the note before.
    Continues,
}

/// A label at the beginning of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) text: String,
    /// Where the text behind it begins.
    pub(super) end: usize,
    pub(super) is_raised: bool,
}

/// Returns the role of each line. Lines that are `left_out` are part of the text.
pub(super) fn find(lines: &[Line], left_out: &[bool], body: &Body) -> Vec<Role> {
    let mut roles = vec![Role::Text; lines.len()];
    let mut state = State { last_number: None, is_unfinished: false };
    let mut first = 0;
    while let Some(page) = lines.get(first).map(|line| line.page) {
        let count = lines[first..].iter().take_while(|line| line.page == page).count();
        let range = first..first + count;
        let shown: Vec<usize> = range.clone().filter(|&at| !left_out.get(at).copied().unwrap_or(false)).collect();
        on_page(lines, &shown, body, &mut state, &mut roles);
        first = range.end;
    }
    roles
}

struct State {
    last_number: Option<u32>,
    /// Whether the last page ended within a note.
    is_unfinished: bool,
}

fn on_page(lines: &[Line], shown: &[usize], body: &Body, state: &mut State, roles: &mut [Role]) {
    let mut cited: HashSet<String> =
        shown.iter().flat_map(|&at| marks_in(&lines[at])).map(|(_, label)| label).collect();
    // A mark may begin a line, as the label of a note does; then the label comes again below.
    let mut begun: HashSet<String> = HashSet::new();
    for label in shown.iter().filter_map(|&at| label_of(&lines[at])).filter(|label| label.is_raised) {
        if !begun.insert(label.text.clone()) {
            cited.insert(label.text);
        }
    }
    let at_foot = at_foot(lines, shown, body, &cited);
    let mut has_begun =
        state.is_unfinished && at_foot.first().is_some_and(|&at| body.relative_size(&lines[at]) < SMALLER);
    let mut last = None;
    for &at in &at_foot {
        let line = &lines[at];
        let label = label_of(line).filter(|label| {
            let number: Option<u32> = label.text.parse().ok();
            let follows = number.is_some() && number == state.last_number.map(|last| last + 1);
            label.is_raised || cited.contains(&label.text) || (follows && has_begun)
        });
        match label {
            Some(label) => {
                has_begun = true;
                state.last_number = label.text.parse().ok().or(state.last_number);
                roles[at] = Role::Begins(label.text, label.end);
            }
            None if has_begun => roles[at] = Role::Continues,
            None => continue,
        }
        last = Some(at);
    }
    state.is_unfinished = last.is_some_and(|at| !ends_sentence(&lines[at].text));
}

/// Returns the lines below all text of their columns that may be notes, in the order of reading.
fn at_foot(lines: &[Line], shown: &[usize], body: &Body, cited: &HashSet<String>) -> Vec<usize> {
    let mut upwards = shown.to_vec();
    upwards.sort_by(|&one, &other| lines[other].area.top.total_cmp(&lines[one].area.top));
    // Above the middle of a page, raised labels are those of authors and their institutes, and the text stands below.
    let (top, bottom) = shown.iter().fold((f32::MAX, f32::MIN), |(top, bottom), &at| {
        (top.min(lines[at].area.top), bottom.max(lines[at].area.bottom))
    });
    let middle = (top + bottom) / 2.0;
    let raised_top = shown
        .iter()
        .map(|&at| &lines[at])
        .filter(|line| line.area.top > middle)
        .filter(|line| label_of(line).is_some_and(|label| label.is_raised && cited.contains(&label.text)));
    // A mark at the beginning of a line is the first of its label, the note the last.
    let mut last_of: Vec<(String, (u8, u8), f32)> = Vec::new();
    for line in raised_top.take(MOST_LABELS) {
        let Some(label) = label_of(line) else { continue };
        match last_of.iter_mut().find(|(text, ..)| *text == label.text) {
            Some(last) if last.2 < line.area.top => *last = (label.text, line.columns, line.area.top),
            Some(_) => {}
            None => last_of.push((label.text, line.columns, line.area.top)),
        }
    }
    // For each column, the top of the highest line behind the raised label of a note.
    let mut begin = [f32::MAX; 256];
    for (_, columns, top) in last_of {
        for column in columns.0..=columns.1 {
            begin[usize::from(column)] = begin[usize::from(column)].min(top);
        }
    }
    let mut is_closed = [false; 256];
    let mut found: Vec<usize> = Vec::new();
    for at in upwards {
        let line = &lines[at];
        let columns = || (line.columns.0..=line.columns.1).map(usize::from);
        if columns().any(|column| is_closed[column]) {
            columns().for_each(|column| is_closed[column] = true);
        } else if body.relative_size(line) < SMALLER || columns().any(|column| begin[column] <= line.area.top) {
            found.push(at);
        } else {
            columns().for_each(|column| is_closed[column] = true);
        }
    }
    found.sort_unstable();
    found
}

/// Returns the label at the beginning of a line: a raised one, `[1]`, `①`, `*`, or `1` before a word.
pub(super) fn label_of(line: &Line) -> Option<Label> {
    let text = &line.text;
    if let Some(raised) = line.raised.first().filter(|range| range.start == 0) {
        let label = labels_in(&text[raised.clone()]).next()?.1;
        let rest = text[raised.end..].trim_start();
        return Some(Label { text: label, end: text.len() - rest.len(), is_raised: true });
    }
    let first = text.chars().next()?;
    let end = match first {
        '[' | '［' | '〔' | '(' | '（' => {
            text.find([']', '］', '〕', ')', '）']).map(|at| at + closing(&text[at..]))?
        }
        '①'..='⑳' => first.len_utf8(),
        '*' | '∗' | '†' | '‡' | '§' | '‖' | '¶' => text.find(|c| c != first)?,
        '0'..='9' => {
            let digits = text.find(|c: char| !c.is_ascii_digit())?;
            let rest = &text[digits..];
            // A decimal number is no label.
            let sign = rest.strip_prefix([' ', '.', ')']);
            let is_label = rest.starts_with(char::is_alphabetic)
                || sign.is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_digit()));
            if !is_label {
                return None;
            }
            digits
        }
        _ => return None,
    };
    let label = labels_in(&text[..end]).next()?.1;
    let rest = text[end..].trim_start_matches(['.', ')', ' ', '\u{3000}']);
    (!rest.is_empty()).then(|| Label { text: label, end: text.len() - rest.len(), is_raised: false })
}

fn closing(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// Returns the marks of notes within a line, raised ones and those in brackets or circles, with their byte ranges.
pub(super) fn marks_in(line: &Line) -> Vec<(Range<usize>, String)> {
    let raised = line.raised.iter().filter(|range| range.start > 0);
    let mut found: Vec<(Range<usize>, String)> = raised
        .flat_map(|range| labels_in(&line.text[range.clone()]).map(|(_, label)| (range.clone(), label)))
        .collect();
    for (at, c) in line.text.char_indices().skip(1) {
        match c {
            '①'..='⑳' => found.push((at..at + c.len_utf8(), circled(c))),
            '[' | '［' | '〔' => {
                let inside = &line.text[at + c.len_utf8()..];
                let end = inside.char_indices().take(5).find(|(_, c)| matches!(c, ']' | '］' | '〕'));
                let label = end.and_then(|(end, _)| labels_in(&inside[..end]).next());
                found.extend(label.map(|(_, label)| (at..at + c.len_utf8(), label)));
            }
            _ => {}
        }
    }
    found
}

/// Returns the labels in a text such as `[7]`, `3,4` or `**`, each with its byte offset.
pub(super) fn labels_in(text: &str) -> impl Iterator<Item = (usize, String)> {
    let is_separator =
        |c: char| !c.is_ascii_digit() && !matches!(c, '*' | '∗' | '†' | '‡' | '§' | '‖' | '¶' | '①'..='⑳');
    text.split(is_separator).filter(|label| (1..=9).contains(&label.len())).filter_map(move |label| {
        let at = label.as_ptr() as usize - text.as_ptr() as usize;
        let first = label.chars().next()?;
        let shown = if matches!(first, '①'..='⑳') { circled(first) } else { label.replace('∗', "*") };
        (shown.len() <= 3).then_some((at, shown))
    })
}

fn circled(c: char) -> String {
    (c as u32 - '①' as u32 + 1).to_string()
}

pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['”', '’', '"', '»', '）', ')', ']', '】', '」', '』']);
    text.ends_with(['。', '！', '？', '；', '：', '.', '!', '?', ';', ':', '…'])
}

#[cfg(test)]
mod tests {
    use super::super::words::Area;
    use super::*;

    fn line(page: usize, top: f32, size: f32, text: &str) -> Line {
        let area = Area { left: 60.0, top, right: 400.0, bottom: top + size };
        Line { page, area, size, text: text.to_owned(), ..Line::default() }
    }

    /// Marks every `^label^` of a text as raised.
    fn raised(line: Line) -> Line {
        let mut parts = line.text.split('^');
        let mut text = parts.next().unwrap_or_default().to_owned();
        let mut raised = Vec::new();
        while let (Some(label), Some(rest)) = (parts.next(), parts.next()) {
            raised.push(text.len()..text.len() + label.len());
            text.push_str(label);
            text.push_str(rest);
        }
        Line { text, raised, ..line }
    }

    fn roles(lines: Vec<Line>) -> Vec<Role> {
        let mut all: Vec<Line> =
            (0..30).map(|row| line(0, 40.0 + 12.0 * row as f32, 10.0, "текст о порте и о льдах моря")).collect();
        all.extend(lines.into_iter().map(raised));
        let body = Body::of(&all);
        find(&all, &vec![false; all.len()], &body).split_off(30)
    }

    fn begins(label: &str, at: usize) -> Role {
        Role::Begins(label.to_owned(), at)
    }

    #[test]
    fn small_lines_at_the_foot_that_the_page_cites() {
        let found = roles(vec![
            line(0, 400.0, 10.0, "совет^1^ собирается [2] весной"),
            line(0, 600.0, 8.0, "^1^ См.: Журнал совета"),
            line(0, 610.0, 8.0, "за прошлый год."),
            line(0, 620.0, 8.0, "[2] Там же."),
            line(0, 630.0, 8.0, "3. Там же."),
        ]);
        assert_eq!(found, [Role::Text, begins("1", 2), Role::Continues, begins("2", 4), begins("3", 3)]);
    }

    #[test]
    fn notes_as_large_as_the_text_behind_raised_labels() {
        let found = roles(vec![
            line(0, 400.0, 10.0, "совет^1^ собирается"),
            line(0, 600.0, 10.0, "^1^ См.: Журнал"),
            line(0, 612.0, 10.0, "совета."),
        ]);
        assert_eq!(found, [Role::Text, begins("1", 2), Role::Continues]);
    }

    #[test]
    fn a_note_goes_on_over_the_page() {
        let found = roles(vec![
            line(0, 400.0, 10.0, "совет^1^ собирается"),
            line(0, 600.0, 8.0, "^1^ См.: Журнал порто"),
            line(1, 40.0, 10.0, "весной"),
            line(1, 600.0, 8.0, "вого совета."),
            line(2, 40.0, 10.0, "и летом"),
            line(2, 600.0, 8.0, "подпись"),
        ]);
        assert_eq!(found[1..], [begins("1", 2), Role::Text, Role::Continues, Role::Text, Role::Text]);
    }

    #[test]
    fn an_institute_below_the_title_is_no_note() {
        let mut all = vec![
            line(0, 40.0, 10.0, "А. Бородин^*^ и В. Ли^*^"),
            line(0, 60.0, 10.0, "^*^ Институт портов, Архангельск"),
        ];
        all.extend((0..30).map(|row| line(0, 90.0 + 12.0 * row as f32, 10.0, "текст о порте и о льдах моря")));
        let all: Vec<Line> = all.into_iter().map(raised).collect();
        let found = find(&all, &vec![false; all.len()], &Body::of(&all));
        assert!(found.iter().all(|role| *role == Role::Text), "{found:?}");
    }

    #[test]
    fn what_is_no_note() {
        for lines in [
            // Nothing cites it.
            vec![line(0, 600.0, 8.0, "1 Архангельск 12 14")],
            // Text stands below it.
            vec![line(0, 400.0, 10.0, "совет^1^"), line(0, 600.0, 8.0, "1 Порт"), line(0, 620.0, 10.0, "текст")],
            // It is as large as the text.
            vec![line(0, 400.0, 10.0, "совет [1]"), line(0, 600.0, 10.0, "1 Порт")],
        ] {
            assert!(roles(lines.clone()).iter().all(|role| *role == Role::Text), "{lines:?}");
        }
    }

    #[test]
    fn labels() {
        for (text, expected) in [
            ("[7] Ли", Some(("7", 4))),
            ("① 港口", Some(("1", 4))),
            ("** Порт", Some(("**", 3))),
            ("‖ Порт", Some(("‖", 4))),
            ("12См.", Some(("12", 2))),
            ("3. Там же", Some(("3", 3))),
            ("3.5 тонны", None),
            ("2024 год", None),
            ("Порт", None),
            ("[7]", None),
        ] {
            let label = label_of(&line(0, 0.0, 8.0, text));
            assert_eq!(label.as_ref().map(|label| (label.text.as_str(), label.end)), expected, "{text}");
        }
        assert_eq!(labels_in("[3,14]").map(|(_, label)| label).collect::<Vec<_>>(), ["3", "14"]);
    }
}
