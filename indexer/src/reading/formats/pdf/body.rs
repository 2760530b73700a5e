//! Body: the type size and the leading of most of a document's text.
//!
//! Fonts of different scripts differ in height at the same size, so Chinese lines
//! and others have a measure of their own.

use std::collections::HashMap;

use super::lines::Line;

/// The width of a class of sizes, in points.
const CLASS: f32 = 0.25;
/// Lines that differ from the body by less are as large.
const SAME_SIZE: f32 = 0.07;
/// The leading of a document of single lines, as a multiple of the type size.
const USUAL_LEADING: f32 = 1.4;

/// The type of most of the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Body {
    han_size: f32,
    other_size: f32,
    /// The distance of two lines, from top to top.
    pub(super) leading: f32,
}

impl Body {
    pub(super) fn of(lines: &[Line]) -> Body {
        let count =
            |han: bool| lines.iter().filter(|line| line.is_han == han).map(|line| line.text.len()).sum::<usize>();
        let of_script = |han: bool| lines.iter().filter(move |line| line.is_han == han);
        let sized = |line: &Line| (line.size, line.text.len());
        let mut body = if count(true) > count(false) {
            let han_size = most_usual(of_script(true).map(sized)).unwrap_or(1.0);
            let is_body = |line: &&Line| line.other_size > 0.0 && (line.size / han_size - 1.0).abs() < SAME_SIZE;
            let other_size = most_usual(of_script(true).filter(is_body).map(|line| (line.other_size, 1)));
            Body { han_size, other_size: other_size.unwrap_or(han_size), leading: 0.0 }
        } else {
            let size = most_usual(of_script(false).map(sized)).unwrap_or(1.0);
            Body { han_size: size, other_size: size, leading: 0.0 }
        };
        body.leading = most_usual(lines.windows(2).filter_map(|pair| body.distance(pair)))
            .unwrap_or(body.other_size.max(body.han_size) * USUAL_LEADING);
        body
    }

    /// Returns the type size of a line, as a multiple of that of the body.
    pub(super) fn relative_size(&self, line: &Line) -> f32 {
        line.size / if line.is_han { self.han_size } else { self.other_size }
    }

    /// Returns the distance of two lines of the body that follow each other.
    fn distance(&self, pair: &[Line]) -> Option<(f32, usize)> {
        let [one, next] = pair else { return None };
        let is_body = |line: &Line| (self.relative_size(line) - 1.0).abs() < SAME_SIZE;
        let distance = next.area.top - one.area.top;
        let are_near = one.page == next.page && one.columns == next.columns && is_body(one) && is_body(next);
        let range = 0.8 * one.size..3.0 * one.size;
        (are_near && range.contains(&distance)).then_some((distance, 1))
    }
}

/// Returns the value that is most usual, by weight.
fn most_usual(values: impl Iterator<Item = (f32, usize)>) -> Option<f32> {
    let mut classes: HashMap<u32, (f32, usize)> = HashMap::new();
    for (value, weight) in values.filter(|(value, _)| *value > 0.0) {
        let class = classes.entry((value / CLASS).round() as u32).or_default();
        class.0 += value * weight as f32;
        class.1 += weight;
    }
    // Two neighbours count together, for the values may lie about the border of their classes.
    let with_next = |class: &u32| {
        let next = classes.get(&(class + 1)).copied().unwrap_or_default();
        let own = classes[class];
        (own.0 + next.0, own.1 + next.1)
    };
    let mut known: Vec<u32> = classes.keys().copied().collect();
    known.sort_unstable();
    let (sum, weight) = known.iter().map(with_next).max_by_key(|(_, weight)| *weight)?;
    Some(sum / weight as f32)
}

#[cfg(test)]
mod tests {
    use super::super::words::Area;
    use super::*;

    fn line(text: &str, size: f32, top: f32) -> Line {
        let area = Area { left: 60.0, top, right: 400.0, bottom: top + size };
        Line { area, size, text: text.to_owned(), is_han: text.starts_with('港'), ..Line::default() }
    }

    #[test]
    fn sizes_and_leading_of_most_text() {
        let mut lines = vec![line("Заголовок", 18.0, 40.0)];
        lines.extend((0..20).map(|row| line("Строка основного текста", 10.0, 80.0 + 12.5 * row as f32)));
        lines.extend((0..9).map(|row| line("Сноска под страницей", 8.0, 600.0 + 9.0 * row as f32)));
        let body = Body::of(&lines);
        assert!((body.leading - 12.5).abs() < 0.1, "{body:?}");
        assert!((body.relative_size(&lines[0]) - 1.8).abs() < 0.01);
        assert!((body.relative_size(&lines[25]) - 0.8).abs() < 0.01);
    }

    #[test]
    fn latin_words_in_chinese_text_have_their_own_height() {
        let mut lines: Vec<Line> = (0..20).map(|row| line("港口的保险费率", 10.5, 80.0 + 16.0 * row as f32)).collect();
        lines[3].other_size = 11.6;
        lines.push(line("See Port Review, 2021.", 10.0, 700.0));
        let body = Body::of(&lines);
        assert!(body.relative_size(&lines[20]) < 0.9, "{body:?}");
    }

    #[test]
    fn no_lines_no_panic() {
        assert!(Body::of(&[]).leading > 0.0);
        assert!(Body::of(&[Line::default()]).leading > 0.0);
    }
}
