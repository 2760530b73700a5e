//! Titles: the largest type on the first pages, or what the file says if its text agrees.
//!
//! The title that a file names is often that of another one, or its name on
//! somebody's disk; so it counts only if the first pages say the same. The same
//! holds for authors, which are often the names of accounts.

use super::body::Body;
use super::lines::Line;
use crate::reading::formats::collapse_blanks;

/// Type of titles is larger than this multiple of the body.
const LARGER: f32 = 1.13;
/// Lines that differ by less in size belong to one title.
const SAME_SIZE: f32 = 0.06;
/// The distance of the lines of a title, as a multiple of their size.
const WIDEST: f32 = 2.6;
/// The most lines of a title.
const MOST_LINES: usize = 6;
/// The longest title, in characters.
const LONGEST: usize = 240;
/// The fewest letters of a title.
const LEAST_LETTERS: usize = 4;
/// The fewest letters of a title that the file names.
const LEAST_NAMED_LETTERS: usize = 5;
/// The pages on which title and authors are looked for.
const FIRST_PAGES: usize = 2;

/// Returns the title of a document, and the lines that are it.
pub(super) fn find(lines: &[Line], flow: &[usize], body: &Body, named: Option<&str>) -> (Option<String>, Vec<usize>) {
    let shown = largest(lines, flow, body);
    let text = |title: &[usize]| {
        let mut text = String::new();
        for &at in title {
            super::joints::append(&mut text, &without_raised(&lines[at]));
        }
        collapse_blanks(&text)
    };
    let first_text = first_text(lines, flow);
    let agreed = named.map(collapse_blanks).filter(|named| {
        letters(named).chars().count() >= LEAST_NAMED_LETTERS
            && !is_name_of_file(named)
            && first_text.contains(&letters(named))
    });
    match (shown, agreed) {
        (Some(title), Some(agreed)) if letters(&agreed).contains(&letters(&text(&title))) => (Some(agreed), title),
        (Some(title), _) => (Some(text(&title)), title),
        (None, agreed) => (agreed, Vec::new()),
    }
}

/// Returns the lines in the largest type on the first pages.
fn largest(lines: &[Line], flow: &[usize], body: &Body) -> Option<Vec<usize>> {
    let runs = runs(lines, flow, body);
    let size = |run: &Vec<usize>| run.iter().map(|&at| body.relative_size(&lines[at])).fold(0.0, f32::max);
    let first_page = runs.first().map(|run| lines[run[0]].page)?;
    let mut best: Option<Vec<usize>> = None;
    for run in runs.into_iter().filter(|run| lines[run[0]].page == first_page) {
        if best.as_ref().is_none_or(|best| size(&run) > size(best) * (1.0 + SAME_SIZE)) {
            best = Some(run);
        }
    }
    best
}

/// Returns the runs of lines in one larger size that can be titles.
fn runs(lines: &[Line], flow: &[usize], body: &Body) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for &at in flow.iter().take_while(|&&at| lines[at].page < FIRST_PAGES) {
        let line = &lines[at];
        let size = body.relative_size(line);
        if size <= LARGER {
            continue;
        }
        let continues = |last: &Line| {
            last.page == line.page
                && (body.relative_size(last) - size).abs() < SAME_SIZE * size
                && (line.area.top - last.area.bottom).abs() < WIDEST * line.size
        };
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|&last| last + 1 == at && continues(&lines[last])) => run.push(at),
            _ => runs.push(vec![at]),
        }
    }
    runs.retain(|run| {
        let text: String = run.iter().map(|&at| lines[at].text.as_str()).collect();
        let letters = letters(&text).chars().map(|c| if c < '\u{2e80}' { 1 } else { 2 }).sum::<usize>();
        run.len() <= MOST_LINES && letters >= LEAST_LETTERS && text.chars().count() <= LONGEST
    });
    runs
}

/// Returns the authors that a file names, if its first pages name them too.
pub(super) fn authors(lines: &[Line], flow: &[usize], named: &[String]) -> Vec<String> {
    if named.is_empty() {
        return Vec::new();
    }
    let text = first_text(lines, flow);
    let names = named.iter().flat_map(|named| named.split([';', '；', '、']));
    let agrees = |name: &String| {
        let letters = letters(name);
        let least = if letters.chars().any(|c| c >= '\u{2e80}') { 2 } else { 5 };
        letters.chars().count() >= least && text.contains(&letters)
    };
    names.map(collapse_blanks).filter(agrees).collect()
}

fn first_text(lines: &[Line], flow: &[usize]) -> String {
    flow.iter()
        .map(|&at| &lines[at])
        .take_while(|line| line.page < FIRST_PAGES)
        .map(|line| letters(&line.text))
        .collect()
}

fn without_raised(line: &Line) -> String {
    let mut text = String::new();
    let mut kept = 0;
    for range in &line.raised {
        text.push_str(&line.text[kept..range.start]);
        kept = range.end;
    }
    text.push_str(&line.text[kept..]);
    text
}

/// Returns the letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a title is the name of a file or a default of a program.
fn is_name_of_file(title: &str) -> bool {
    let lower = title.to_lowercase();
    let ending = lower.rsplit_once('.').map(|(_, ending)| ending);
    ["microsoft word", "microsoft powerpoint", "untitled", "document", "документ", "幻灯片", "powerpoint"]
        .iter()
        .any(|begin| lower.starts_with(begin))
        || ending.is_some_and(|ending| {
            ["doc", "docx", "pdf", "wps", "dvi", "tex", "indd", "qxd", "rtf", "ppt", "pptx", "xls", "txt"]
                .contains(&ending)
        })
}

#[cfg(test)]
mod tests {
    use super::super::words::Area;
    use super::*;

    fn document(title: &[(&str, f32)]) -> Vec<Line> {
        let line = |text: &str, size: f32, top: f32| {
            let area = Area { left: 60.0, top, right: 400.0, bottom: top + size };
            Line { area, size, text: text.to_owned(), ..Line::default() }
        };
        let mut lines: Vec<Line> =
            title.iter().enumerate().map(|(at, (text, size))| line(text, *size, 40.0 + 20.0 * at as f32)).collect();
        lines.extend((0..20).map(|row| line("Совет портов собирается весной", 10.0, 200.0 + 12.0 * row as f32)));
        lines
    }

    #[test]
    fn the_largest_type_or_what_text_and_file_agree_on() {
        for (title, named, expected) in [
            (&[("Портовые сборы", 17.0), ("А. Семёнов", 12.0)][..], None, Some("Портовые сборы")),
            (&[("Портовые", 17.0), ("сборы", 17.0)], Some("Microsoft Word - Документ1.doc"), Some("Портовые сборы")),
            (
                &[("ПОРТОВЫЕ СБОРЫ", 17.0), ("на севере", 14.0)],
                Some("Портовые сборы на севере"),
                Some("Портовые сборы на севере"),
            ),
            (&[("Портовые сборы", 17.0)], Some("Отчёт о поездке"), Some("Портовые сборы")),
            (&[("Портовые сборы", 10.0)], Some("Портовые сборы"), Some("Портовые сборы")),
            (&[("Портовые сборы", 10.0)], Some("Отчёт о поездке"), None),
            (&[("24", 30.0), ("Портовые сборы", 17.0)], None, Some("Портовые сборы")),
            (&[("港务", 17.0)], Some("user"), Some("港务")),
        ] {
            let lines = document(title);
            let flow: Vec<usize> = (0..lines.len()).collect();
            let found = find(&lines, &flow, &Body::of(&lines), named).0;
            assert_eq!(found.as_deref(), expected, "{title:?} {named:?}");
        }
    }

    #[test]
    fn authors_that_the_text_names() {
        let lines = document(&[("А. Б. Семёнов, В. Ли", 10.0)]);
        let flow: Vec<usize> = (0..lines.len()).collect();
        let named = ["А.Б. Семёнов".to_owned(), "user".to_owned(), "Administrator".to_owned()];
        assert_eq!(authors(&lines, &flow, &named), ["А.Б. Семёнов"]);
    }
}
