//! Running heads: lines at the edge of pages that are no part of the text.
//!
//! A line is one if it stands on several pages at the same height, digits aside; if
//! it is nothing but the number of its page; or if it stands where most pages have
//! one. A head that comes once, as in a paper of two pages, is known by its place
//! far above the text and by the issue or page that it names.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::body::Body;
use super::headings::is_part_of_law;
use super::lines::{Line, is_turned};
use super::paragraphs::begins_item;

/// The part of the height of a page, at its head and at its foot, in which running heads stand.
const EDGE: f32 = 0.13;
/// The part in which numbers of pages stand.
const EDGE_OF_NUMBERS: f32 = 0.2;
/// The outer part in which a head that comes once is looked for.
const OUTER_EDGE: f32 = 0.075;
/// The outermost rows of a page that are looked at, at its head.
const ROWS_OF_HEAD: usize = 3;
/// The same at its foot, where neither headings nor the heads of tables and forms repeat.
const ROWS_OF_FOOT: usize = 5;
/// The most parts of a row of a running head: one with more is that of a table or form.
const MOST_PARTS: usize = 3;
/// The heights of two lines at the same place differ by less, in points.
const SAME_HEIGHT: f32 = 4.0;
/// The number of pages on which a line must come.
const LEAST_PAGES: usize = 3;
/// The pages on which it comes lie at most this far from each other on average: on one side of a chapter's pages.
const FARTHEST: usize = 4;
/// In a document of no more pages, a line apart from the text need not come more than twice.
const FEW_PAGES: usize = 8;
/// The longest running head, in characters.
const LONGEST: usize = 120;

/// A line at the edge of a page.
struct Candidate {
    /// The index of the line.
    line: usize,
    page: usize,
    key: u64,
    /// The key of all lines of its row: a file may draw them as one line on some pages, and apart on others.
    row_key: u64,
    /// The class of its height, from the head or the foot of the page.
    height: i32,
    /// Its row from the edge, from 0.
    row: usize,
    is_alone_in_row: bool,
    /// Whether it stands where running heads do, and not only numbers of pages.
    is_at_edge: bool,
    /// The distance to the next row inwards.
    gap: f32,
}

/// The rows of an edge of a page so far, from the outermost inwards.
#[derive(Debug, Clone, Copy, Default)]
struct Outer {
    row: usize,
    /// Whether a line of them is no running head.
    has_text: bool,
    /// The distance of the row from the next one inwards.
    gap: f32,
    /// The distance of the row from the one before.
    distance: f32,
}

/// Returns for each line whether it is a running head or a page number. `heights` are those of the pages.
pub(super) fn find(lines: &[Line], heights: &[f32], body: &Body) -> Vec<bool> {
    let candidates = candidates(lines, heights);
    let mut is_head = vec![false; lines.len()];
    let pages = pages_of(&candidates);
    let least = if heights.len() == 2 { 2 } else { LEAST_PAGES };
    let mut slots: HashMap<i32, HashSet<usize>> = HashMap::new();
    let mut outer: HashMap<(usize, bool), Outer> = HashMap::new();
    for candidate in &candidates {
        let rows = outer.entry((candidate.page, candidate.height > 0)).or_default();
        if candidate.row > rows.row && rows.has_text {
            continue;
        }
        if candidate.row > rows.row {
            rows.distance = rows.gap;
        }
        (rows.row, rows.gap) = (candidate.row, candidate.gap);
        let place_of = |key: u64| pages.get(&(key, candidate.height)).copied().unwrap_or_default();
        let is_apart = candidate.row == 0 && candidate.gap > 1.3 * body.leading && heights.len() <= FEW_PAGES;
        let is_outermost = candidate.row == 0 && candidate.gap > 1.3 * body.leading;
        let line = &lines[candidate.line];
        // The next line of a head may reach further into the page; so may the head of a table, but on fewer pages.
        let is_next = candidate.row > 0 && rows.distance < 1.6 * line.size;
        let least = if is_apart { 2 } else { least };
        let is_repeated = [candidate.key, candidate.row_key].into_iter().map(place_of).any(|place| {
            let goes_on = is_next && place.count * 2 > heights.len();
            (candidate.is_at_edge || is_outermost || goes_on) && place.is_repeated(least)
        });
        let is_number = candidate.row == 0
            && candidate.is_alone_in_row
            && candidate.gap > line.size * 1.5
            && is_page_number(&line.text);
        if is_repeated || is_number {
            is_head[candidate.line] = true;
            if candidate.row == 0 && !is_number {
                slots.entry(candidate.height).or_default().insert(candidate.page);
            }
        }
        rows.has_text |= !is_head[candidate.line];
    }
    for candidate in candidates.iter().filter(|candidate| candidate.row == 0) {
        let line = &lines[candidate.line];
        let is_apart = candidate.is_at_edge && candidate.gap > 1.3 * body.leading && body.relative_size(line) < 1.1;
        let is_usual = slots
            .get(&candidate.height)
            .is_some_and(|pages| pages.len() >= LEAST_PAGES && pages.len() * 2 > heights.len());
        is_head[candidate.line] |= is_apart && (is_usual || comes_once(line, candidate, heights));
    }
    for (is_head, is_repeated) in is_head.iter_mut().zip(repeated_anywhere(lines, heights.len(), body)) {
        *is_head |= is_repeated;
    }
    // What is left of a page outside its heads may be a number again: a head above a number.
    drop_inner_numbers(lines, &candidates, &mut is_head);
    is_head
}

fn candidates(lines: &[Line], heights: &[f32]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut first = 0;
    while let Some(page) = lines.get(first).map(|line| line.page) {
        let count = lines[first..].iter().take_while(|line| line.page == page).count();
        let height = heights.get(page).copied().unwrap_or_default();
        let mut order: Vec<usize> = (first..first + count).collect();
        order.sort_by(|&one, &other| lines[one].area.top.total_cmp(&lines[other].area.top));
        from_edge(lines, order.iter().copied(), page, height, Side::Head, &mut candidates);
        order.sort_by(|&one, &other| lines[other].area.bottom.total_cmp(&lines[one].area.bottom));
        from_edge(lines, order.iter().copied(), page, height, Side::Foot, &mut candidates);
        first += count;
    }
    let is_same_row = |one: &Candidate, other: &Candidate| {
        (one.page, one.row, one.height > 0) == (other.page, other.row, other.height > 0)
    };
    for row in candidates.chunk_by_mut(is_same_row).filter(|row| (2..=MOST_PARTS).contains(&row.len())) {
        row.sort_by(|one, other| lines[one.line].area.left.total_cmp(&lines[other.line].area.left));
        let texts: Vec<&str> = row.iter().map(|candidate| lines[candidate.line].text.as_str()).collect();
        let row_key = key_of(&texts.join(" "));
        row.iter_mut().for_each(|candidate| candidate.row_key = row_key);
    }
    candidates
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Head,
    Foot,
}

impl Side {
    /// Returns the number of rows that are looked at.
    fn rows(self) -> usize {
        match self {
            Side::Head => ROWS_OF_HEAD,
            Side::Foot => ROWS_OF_FOOT,
        }
    }

    /// Returns the distance of a line from the edge of a page of a height.
    fn distance(self, line: &Line, height: f32) -> f32 {
        match self {
            Side::Head => line.area.bottom,
            Side::Foot => height - line.area.top,
        }
    }
}

/// Adds the lines of the outermost rows, taken from the edge inwards.
fn from_edge(
    lines: &[Line],
    order: impl Iterator<Item = usize>,
    page: usize,
    height: f32,
    side: Side,
    candidates: &mut Vec<Candidate>,
) {
    let (mut row, mut row_start) = (0, candidates.len());
    let mut last: Option<usize> = None;
    for at in order {
        let line = &lines[at];
        let is_beside = last.is_some_and(|last| lines[last].is_beside(line));
        if let Some(last) = last.filter(|_| !is_beside) {
            let gap = (line.area.top - lines[last].area.top).abs();
            candidates[row_start..].iter_mut().for_each(|candidate| candidate.gap = gap);
            row += 1;
            row_start = candidates.len();
        }
        if row == side.rows() || side.distance(line, height) > EDGE_OF_NUMBERS * height {
            break;
        }
        if is_beside {
            candidates[row_start..].iter_mut().for_each(|candidate| candidate.is_alone_in_row = false);
        }
        let is_at_edge = side.distance(line, height) <= EDGE * height;
        let class = (side.distance(line, height) / SAME_HEIGHT) as i32 + 1;
        let height = if side == Side::Head { class } else { -class };
        let key = key_of(&line.text);
        candidates.push(Candidate {
            line: at,
            page,
            key,
            row_key: key,
            height,
            row,
            is_alone_in_row: !is_beside,
            is_at_edge,
            gap: f32::MAX,
        });
        last = Some(at);
    }
}

/// Returns for each line whether it is a watermark or stamp: letters by themselves, large or sideways text that stands
/// at the same place of most pages. Pages of a form may have the same text.
fn repeated_anywhere(lines: &[Line], pages: usize, body: &Body) -> Vec<bool> {
    let is_stamp = |line: &Line| {
        line.text.chars().nth(2).is_none() || is_turned(&line.area, &line.text) || body.relative_size(line) > 1.5
    };
    let places = |line: &Line| {
        let mut hasher = DefaultHasher::new();
        line.text.hash(&mut hasher);
        (hasher.finish(), (line.area.left / SAME_HEIGHT) as i32, (line.area.top / SAME_HEIGHT) as i32)
    };
    let mut last_pages: HashMap<(u64, i32, i32), (usize, usize)> = HashMap::new();
    for line in lines {
        let (count, last) = last_pages.entry(places(line)).or_insert((0, usize::MAX));
        if *last != line.page {
            (*count, *last) = (*count + 1, line.page);
        }
    }
    let is_usual = |line: &Line| {
        last_pages.get(&places(line)).is_some_and(|(count, _)| *count >= LEAST_PAGES && count * 2 > pages)
    };
    lines.iter().map(|line| is_stamp(line) && is_usual(line)).collect()
}

/// The pages that have a text at a height.
#[derive(Debug, Clone, Copy, Default)]
struct PagesOfText {
    count: usize,
    first: usize,
    last: usize,
}

impl PagesOfText {
    /// Whether there are enough pages, and near each other.
    fn is_repeated(&self, least: usize) -> bool {
        self.count >= least && self.last - self.first <= FARTHEST * (self.count - 1)
    }
}

/// Finds the pages of each text at each height. Neighbouring classes of height count together.
fn pages_of(candidates: &[Candidate]) -> HashMap<(u64, i32), PagesOfText> {
    let mut pages: HashMap<(u64, i32), PagesOfText> = HashMap::new();
    for candidate in candidates {
        for height in candidate.height - 1..=candidate.height + 1 {
            for key in [candidate.key, candidate.row_key] {
                let new = PagesOfText { count: 0, first: candidate.page, last: usize::MAX };
                let place = pages.entry((key, height)).or_insert(new);
                if place.last != candidate.page {
                    (place.count, place.last) = (place.count + 1, candidate.page);
                }
            }
        }
    }
    pages
}

/// Returns the hash of a text without blanks, its numbers replaced by one sign. The number of an article or item stays,
/// as those may well begin several pages.
fn key_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    if is_part_of_law(text) || begins_item(text) || text.starts_with('第') {
        text.hash(&mut hasher);
        return hasher.finish();
    }
    for word in text.split_whitespace() {
        if is_roman(word) {
            '#'.hash(&mut hasher);
            continue;
        }
        let mut in_number = false;
        for c in word.chars() {
            let is_digit = c.is_numeric();
            if !(is_digit && in_number) {
                (if is_digit { '#' } else { c }).hash(&mut hasher);
            }
            in_number = is_digit;
        }
    }
    hasher.finish()
}

/// Whether a word is a Roman number below 400.
fn is_roman(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let parts: [&[&str]; 3] = [
        &["ccc", "cc", "c"],
        &["xc", "xl", "lxxx", "lxx", "lx", "l", "xxx", "xx", "x"],
        &["ix", "iv", "viii", "vii", "vi", "v", "iii", "ii", "i"],
    ];
    let strip = |rest: &str, part: &[&str]| {
        part.iter().find_map(|digits| rest.strip_prefix(*digits)).unwrap_or(rest).to_owned()
    };
    let rest = parts.iter().fold(word.clone(), |rest, part| strip(&rest, part));
    !word.is_empty() && rest.is_empty()
}

/// Whether a line is nothing but the number of a page: `— 1 —`, `xii`, `第 3 页 共 9 页`, `Page 3 of 9`.
pub(super) fn is_page_number(text: &str) -> bool {
    let words = ["page", "of", "стр", "страница", "из", "с", "p", "第", "页", "頁", "共", "/"];
    let mut numbers = 0;
    let is_sign = |c: char| !c.is_alphanumeric();
    let mut rest = text.trim_matches(is_sign).to_lowercase();
    if rest.chars().count() > 24 {
        return false;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_numeric()).unwrap_or(rest.len());
        let roman = rest.find(|c: char| !"ivxlc".contains(c)).unwrap_or(rest.len());
        let ends = |end: usize| end > 0 && rest[end..].chars().next().is_none_or(is_sign);
        let end = if digits > 0 && digits <= 12 {
            numbers += 1;
            digits
        } else if ends(roman) && is_roman(&rest[..roman]) {
            numbers += 1;
            roman
        } else if let Some(word) = words.iter().find(|word| rest.starts_with(**word)) {
            word.len()
        } else {
            return false;
        };
        rest = rest[end..].trim_start_matches(is_sign).to_owned();
    }
    (1..=2).contains(&numbers)
}

/// Whether a line is the running head of a page that no other page repeats.
fn comes_once(line: &Line, candidate: &Candidate, heights: &[f32]) -> bool {
    let height = heights.get(candidate.page).copied().unwrap_or_default();
    let is_outside = line.area.bottom < OUTER_EDGE * height || line.area.top > (1.0 - OUTER_EDGE) * height;
    let text = line.text.trim();
    let ends_sentence = text.ends_with(['。', '.', '！', '？', '!', '?', '；', ';', ':', '：', ',', '，']);
    candidate.page > 0
        && is_outside
        && !ends_sentence
        && text.contains(char::is_numeric)
        && text.chars().count() <= LONGEST
        && !text.starts_with(|c: char| c.is_numeric() || c == '第' || c == '[')
        && !is_part_of_law(text)
}

/// Drops the page numbers that stand inside of a running head.
fn drop_inner_numbers(lines: &[Line], candidates: &[Candidate], is_head: &mut [bool]) {
    let mut outer: HashMap<(usize, bool), bool> = HashMap::new();
    for candidate in candidates {
        let all_heads = outer.entry((candidate.page, candidate.height > 0)).or_insert(true);
        let is_number = *all_heads
            && candidate.row > 0
            && candidate.is_alone_in_row
            && candidate.gap > lines[candidate.line].size * 1.5
            && is_page_number(&lines[candidate.line].text);
        is_head[candidate.line] |= is_number;
        *all_heads &= is_head[candidate.line];
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Area;
    use super::*;

    fn line(page: usize, top: f32, text: &str) -> Line {
        let area = Area { left: 60.0, top, right: 500.0, bottom: top + 10.0 };
        Line { page, area, size: 10.0, text: text.to_owned(), is_han: text.contains('港'), ..Line::default() }
    }

    fn left_over(lines: &[Line], pages: usize) -> Vec<&str> {
        let is_head = find(lines, &vec![800.0; pages], &Body::of(lines));
        lines.iter().zip(is_head).filter(|(_, is_head)| !is_head).map(|(line, _)| line.text.as_str()).collect()
    }

    #[test]
    fn numbers_of_pages() {
        for text in ["1", "— 12 —", "-3-", "xiv", "第 3 页 共 9 页", "Page 3 of 9", "стр. 5", "3/9", "· 105 ·", "１２"]
        {
            assert!(is_page_number(text), "{text}");
        }
        for text in ["", "—", "1. Порт", "第三条", "2024年3月", "mix", "1 2 3", "civil", "стр. о мире", "港口 3"]
        {
            assert!(!is_page_number(text), "{text}");
        }
    }

    #[test]
    fn what_comes_on_every_page_is_no_text() {
        let mut lines = Vec::new();
        for page in 0..5 {
            lines.push(line(page, 30.0, &format!("Вестник портов. 2023. № {page}")));
            for row in 0..20 {
                lines.push(line(
                    page,
                    80.0 + 14.0 * row as f32,
                    &format!("{} о порте {page}", ["весной", "летом", "осенью", "зимой"][(page * 7 + row * 3) % 4]),
                ));
            }
            lines.push(line(page, 760.0, &format!("— {} —", page + 1)));
        }
        let left = left_over(&lines, 5);
        assert_eq!(left.len(), 100);
        assert!(left.iter().all(|text| text.contains("о порте")));
    }

    #[test]
    fn heads_that_change_stand_where_the_others_stood() {
        let mut lines = Vec::new();
        for page in 0..10 {
            let head = if page == 7 { "Глава о льдах" } else { "Глава о портах" };
            lines.push(line(page, 30.0, head));
            lines.extend((0..20).map(|row| line(page, 80.0 + 14.0 * row as f32, &format!("слово{page}{row}"))));
        }
        assert!(left_over(&lines, 10).iter().all(|text| text.starts_with("слово")));
    }

    #[test]
    fn a_foot_of_four_lines_whose_parts_change_sides() {
        let mut lines = Vec::new();
        for page in 0..5 {
            lines.extend((0..20).map(|row| line(page, 80.0 + 14.0 * row as f32, &format!("слово{page}{row}"))));
            lines.push(line(page, 716.0, "port@example.org"));
            lines.push(line(page, 728.0, "тел. 12-34"));
            // A row that is one line on the first pages, and two on the others.
            if page < 2 {
                lines.push(line(page, 740.0, "© Совет портов Журнал"));
            } else {
                lines.push(line(page, 740.0, "© Совет портов"));
                let area = Area { left: 510.0, top: 740.0, right: 560.0, bottom: 750.0 };
                lines.push(Line { area, ..line(page, 740.0, "Журнал") });
            }
            lines.push(line(page, 752.0, "www.example.org"));
        }
        assert!(left_over(&lines, 5).iter().all(|text| text.starts_with("слово")), "{:?}", left_over(&lines, 5));
    }

    #[test]
    fn the_second_line_of_a_head_may_reach_into_the_page() {
        let mut lines = Vec::new();
        for page in 0..5 {
            lines.push(line(page, 88.0, "Исследование о портах"));
            lines.push(line(page, 100.0, "северных и южных морей"));
            // The same words in the text stay.
            lines.push(line(page, 145.0, "Порты"));
            lines.extend((0..20).map(|row| line(page, 160.0 + 14.0 * row as f32, &format!("слово{page}{row}"))));
        }
        let left = left_over(&lines, 5);
        assert!(!left.iter().any(|text| text.contains("порт") || text.contains("морей")), "{left:?}");
        assert_eq!(left.iter().filter(|text| **text == "Порты").count(), 5);
    }

    #[test]
    fn a_head_that_comes_once_names_its_issue() {
        for (head, top, is_text) in [
            ("海事评论 2024年第3期", 30.0, false),
            ("Вестник портов. 2023. № 4", 30.0, false),
            ("第三条 港口每年 2 次报告", 30.0, true),
            ("и закончилось в 1917 году.", 30.0, true),
            ("слова 1917 года", 66.0, true),
        ] {
            let mut lines: Vec<Line> = (0..20).map(|row| line(0, 80.0 + 14.0 * row as f32, "первая")).collect();
            lines.push(line(1, top, head));
            lines.extend((0..20).map(|row| line(1, 80.0 + 14.0 * row as f32, "вторая")));
            assert_eq!(left_over(&lines, 2).contains(&head), is_text, "{head}");
        }
    }

    #[test]
    fn numbers_in_tables_stay() {
        let mut lines = vec![line(0, 100.0, "порт")];
        lines.push(line(0, 760.0, "12"));
        lines
            .push(Line { area: Area { left: 510.0, top: 760.0, right: 530.0, bottom: 770.0 }, ..line(0, 760.0, "14") });
        assert_eq!(left_over(&lines, 1), ["порт", "12", "14"]);
    }
}
