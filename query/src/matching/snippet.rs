//! The part of a passage that is shown, with what was found marked in it.
//!
//! The window that holds the most, and the rarest, of what was looked for is
//! widened to the ends of sentences as far as there is room. Where it stands
//! apart, two windows are joined by an ellipsis. Lengths are
//! terminal columns: a Han character takes two. About 0.1 ms a passage.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::answer::snippet::Snippet;
use crate::matching::needles::Match;

/// What stands where a snippet leaves text out.
const ELLIPSIS: &str = "…";
/// The columns of one at either end.
const ELLIPSES: usize = 2;

/// What stands elsewhere gets a window of its own if it weighs this much against the best window.
const WORTH_A_WINDOW: f32 = 0.25;
/// Windows with less room are no help.
const LEAST_COLUMNS: usize = 40;

/// Cuts a snippet of at most `columns` terminal columns out of a text: the
/// best window, or two where what was looked for stands apart. `matches` are
/// in the order of their places. Beside it, returns the byte of the text at which the first match that is shown stands.
pub(crate) fn cut(text: &str, matches: &[Match], columns: usize) -> (Snippet, usize) {
    let ruler = Ruler::of(text);
    let whole = 0..text.len();
    let windows = if ruler.width() <= columns { vec![whole] } else { windows(&ruler, matches, columns) };
    let first = windows.iter().flat_map(|window| merge(matches, window)).next();
    let first = first.or_else(|| windows.first().cloned()).map_or(0, |found| found.start);
    let mut snippet = Snippet::default();
    for window in windows {
        snippet.push(text, window, matches);
    }
    (snippet, first)
}

/// Returns one or two windows, in order and apart.
fn windows(ruler: &Ruler<'_>, matches: &[Match], columns: usize) -> Vec<Range<usize>> {
    let everything = |_: &Match| true;
    let best = best_window(ruler, matches, columns.saturating_sub(ELLIPSES), everything);
    let whole = ruler.widen(best.bytes, columns);
    let inside =
        |found: &Match, window: &Range<usize>| window.start <= found.range.start && found.range.end <= window.end;
    let shown: HashSet<usize> =
        matches.iter().filter(|found| inside(found, &whole)).map(|found| found.needle).collect();
    let is_missing = |found: &Match| !shown.contains(&found.needle);
    let half = columns.saturating_sub(ELLIPSES) / 2;
    let second = best_window(ruler, matches, half.saturating_sub(ELLIPSES), is_missing);
    if second.weight < WORTH_A_WINDOW * best.weight || half < LEAST_COLUMNS {
        return vec![whole];
    }
    let first = best_window(ruler, matches, half.saturating_sub(ELLIPSES), everything);
    let mut both = [ruler.widen(first.bytes, half), ruler.widen(second.bytes, half)];
    both.sort_by_key(|window| window.start);
    let [first, second] = both;
    if first.end >= second.start { vec![ruler.widen(first.start..second.end, columns)] } else { vec![first, second] }
}

impl Snippet {
    /// Adds a window of a text, with an ellipsis where text is left out.
    fn push(&mut self, text: &str, window: Range<usize>, matches: &[Match]) {
        if window.start > 0 && !self.text.ends_with(ELLIPSIS) {
            self.text.push_str(ELLIPSIS);
        }
        let start = self.text.len();
        self.text.push_str(&text[window.clone()]);
        if window.end < text.len() {
            self.text.push_str(ELLIPSIS);
        }
        let shifted = |range: Range<usize>| range.start - window.start + start..range.end - window.start + start;
        self.highlights.extend(merge(matches, &window).into_iter().map(shifted));
    }
}

/// A window that holds matches.
struct Window {
    /// From the first match to the last.
    bytes: Range<usize>,
    /// The weight of the different needles in it.
    weight: f32,
}

/// Returns the window of at most `columns` in which the matches that count have the most weight. One pass: both
/// ends of the window only move on.
fn best_window(ruler: &Ruler<'_>, matches: &[Match], columns: usize, counts: impl Fn(&Match) -> bool) -> Window {
    let mut best = (0..0, 0);
    let counting: Vec<&Match> = matches.iter().filter(|found| counts(found)).collect();
    let (mut held, mut next) = (Held::default(), 0);
    for (first, start) in counting.iter().enumerate() {
        while let Some(found) = counting.get(next) {
            if ruler.columns(start.range.start..found.range.end.max(held.end())) > columns {
                break;
            }
            held.add(next, found);
            next += 1;
        }
        if held.weight > best.1 {
            best = (start.range.start..held.end(), held.weight);
        }
        if next > first {
            held.remove(first, start);
        } else {
            next = first + 1;
        }
    }
    Window { bytes: best.0, weight: best.1 as f32 / Held::ONE }
}

/// The matches in a window.
#[derive(Default)]
struct Held {
    /// How many there are of each needle.
    of_needle: HashMap<usize, usize>,
    /// The weight of the needles, in whole numbers: what is added and taken away again leaves no rest.
    weight: u64,
    /// Those that no later one ends behind, each with its end: the first ends last.
    last_ends: VecDeque<(usize, usize)>,
}

impl Held {
    const ONE: f32 = (1 << 20) as f32;

    fn end(&self) -> usize {
        self.last_ends.front().map_or(0, |&(_, end)| end)
    }

    fn add(&mut self, at: usize, found: &Match) {
        let count = self.of_needle.entry(found.needle).or_default();
        *count += 1;
        if *count == 1 {
            self.weight += Held::weight_of(found);
        }
        while self.last_ends.back().is_some_and(|&(_, end)| end <= found.range.end) {
            self.last_ends.pop_back();
        }
        self.last_ends.push_back((at, found.range.end));
    }

    /// Removes the first.
    fn remove(&mut self, at: usize, found: &Match) {
        if let Some(count) = self.of_needle.get_mut(&found.needle) {
            *count -= 1;
            if *count == 0 {
                self.weight -= Held::weight_of(found);
            }
        }
        if self.last_ends.front().is_some_and(|&(first, _)| first == at) {
            self.last_ends.pop_front();
        }
    }

    fn weight_of(found: &Match) -> u64 {
        (found.weight * Held::ONE) as u64
    }
}

/// Returns the matches inside a window, overlapping and touching ones as one.
pub(crate) fn merge(matches: &[Match], window: &Range<usize>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::new();
    for found in matches.iter().filter(|found| window.start <= found.range.start && found.range.end <= window.end) {
        match merged.last_mut() {
            Some(last) if found.range.start <= last.end => last.end = last.end.max(found.range.end),
            _ => merged.push(found.range.clone()),
        }
    }
    merged
}

/// Where the columns and the sentences of a text are.
struct Ruler<'t> {
    text: &'t str,
    /// For each character its byte and the columns before it; then the end.
    marks: Vec<(usize, usize)>,
}

impl<'t> Ruler<'t> {
    fn of(text: &'t str) -> Ruler<'t> {
        let mut marks = Vec::with_capacity(text.len() / 2 + 1);
        let mut columns = 0;
        for (at, c) in text.char_indices() {
            marks.push((at, columns));
            columns += c.width().unwrap_or(0);
        }
        marks.push((text.len(), columns));
        Ruler { text, marks }
    }

    fn width(&self) -> usize {
        self.marks.last().map_or(0, |mark| mark.1)
    }

    fn columns(&self, range: Range<usize>) -> usize {
        self.column_of(range.end) - self.column_of(range.start)
    }

    fn column_of(&self, byte: usize) -> usize {
        self.marks[self.index_of(byte)].1
    }

    fn index_of(&self, byte: usize) -> usize {
        self.marks.partition_point(|mark| mark.0 < byte).min(self.marks.len() - 1)
    }

    /// Widens a window to at most `columns`: back to the beginning of its
    /// sentence if there is room, then forward to the end of one.
    fn widen(&self, window: Range<usize>, columns: usize) -> Range<usize> {
        let room = columns.saturating_sub(self.columns(window.clone()) + ELLIPSES);
        let start = self.widen_back(window.start, room * 2 / 3);
        let end = self.widen_forward(window.end, columns.saturating_sub(self.columns(start..window.end) + ELLIPSES));
        // At the end of the text the room is left in front.
        let spare = columns.saturating_sub(self.columns(start..end) + ELLIPSES);
        let start = if end == self.text.len() { self.widen_back(start, spare) } else { start };
        start..end
    }

    fn widen_back(&self, from: usize, room: usize) -> usize {
        let from_index = self.index_of(from);
        let least = self.marks[from_index].1.saturating_sub(room);
        let first = self.marks.partition_point(|mark| mark.1 < least).min(from_index);
        let starts = |is_end: fn(char) -> bool| {
            let text = &self.text[self.marks[first].0..from];
            text.char_indices().rev().find(|&(_, c)| is_end(c)).map(|(at, c)| self.marks[first].0 + at + c.len_utf8())
        };
        if first == 0 && self.marks[from_index].1 <= room {
            return 0;
        }
        let start = starts(ends_sentence)
            .or_else(|| starts(ends_clause))
            .or_else(|| starts(char::is_whitespace))
            .unwrap_or(self.marks[first].0);
        let blanks = self.text[start..from].len() - self.text[start..from].trim_start().len();
        start + blanks
    }

    fn widen_forward(&self, from: usize, room: usize) -> usize {
        let most = self.column_of(from) + room;
        let last = self.marks.partition_point(|mark| mark.1 <= most).saturating_sub(1);
        let limit = self.marks[last].0.max(from);
        if limit == self.text.len() {
            return limit;
        }
        let tail = &self.text[from..limit];
        let end_after = |is_end: fn(char) -> bool, least: usize| {
            tail.char_indices().rev().find(|&(at, c)| at >= least && is_end(c)).map(|(at, c)| from + at + c.len_utf8())
        };
        end_after(ends_sentence, tail.len() / 4)
            .or_else(|| end_after(ends_clause, tail.len() * 3 / 4))
            .or_else(|| tail.rfind(char::is_whitespace).filter(|&at| at >= tail.len() * 3 / 4).map(|at| from + at))
            .unwrap_or(limit)
    }
}

/// Returns the sentence of a text that a byte stands in or behind.
pub(crate) fn sentence_at(text: &str, byte: usize) -> &str {
    let byte = if text.is_char_boundary(byte) { byte } else { text.len() };
    // A mark stands behind the full stop of its sentence as often as before it.
    let before = text[..byte].trim_end().trim_end_matches(ends_sentence);
    let start = before.char_indices().rev().find(|&(_, c)| ends_sentence(c)).map_or(0, |(at, c)| at + c.len_utf8());
    let end = text[before.len()..]
        .char_indices()
        .find(|&(_, c)| ends_sentence(c))
        .map_or(text.len(), |(at, c)| before.len() + at + c.len_utf8());
    text[start..end].trim().trim_start_matches(['”', '’', '」', '»', ')', '）'])
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '.' | '!' | '?' | ';' | '…')
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | '、' | '：' | ',' | ':' | '—' | '）' | ')' | '”' | '»')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::matching::needles::Needles;
    use crate::matching::phrase::Phrase;

    fn needles(terms: &[&str], quotations: &[&str]) -> Needles {
        let mut needles = Needles::default();
        for term in terms {
            needles.add_terms([(*term).to_owned()], 1.0);
        }
        for quoted in quotations {
            needles.add_phrase(Phrase::of_text(quoted), 1.0);
        }
        needles
    }

    fn marked(text: &str, needles: &Needles, columns: usize) -> String {
        let (snippet, _) = cut(text, &needles.find(text).matches, columns);
        let mut shown = snippet.text.clone();
        for range in snippet.highlights.iter().rev() {
            shown.insert(range.end, ']');
            shown.insert(range.start, '[');
        }
        shown
    }

    #[test]
    fn what_was_found_is_marked() {
        for (text, terms, expected) in [
            ("俄乌停火谈判", &["停火"][..], "俄乌[停火]谈判"),
            ("乌克兰危机", &["乌克", "克兰"], "[乌克兰]危机"),
            ("烏克蘭危機", &["乌克", "克兰"], "[烏克蘭]危機"),
            ("в Украине и об Украине", &["=украин"], "в [Украине] и об [Украине]"),
            ("sanctions, sanctioned", &["=sanction"], "[sanctions], [sanctioned]"),
            ("the F-35 and F35", &["=f35", "f35"], "the [F-35] and [F35]"),
            ("停火👍停火", &["停火"], "[停火]👍[停火]"),
            ("", &["停火"], ""),
        ] {
            assert_eq!(marked(text, &needles(terms, &[]), 80), expected);
        }
    }

    #[test]
    fn a_quotation_is_marked_as_a_unit() {
        assert_eq!(marked("安全，保障与安全", &needles(&[], &["安全保障"]), 80), "[安全，保障]与安全");
        assert_eq!(marked("мир и война", &needles(&[], &["мир и"]), 80), "[мир и] война");
    }

    #[test]
    fn the_best_window_at_the_edges_of_sentences() {
        let text = "Первое предложение ни о чём. Второе говорит про мир и войну сразу. Третье снова ни о чём не говорит, совсем ни о чём.";
        assert_eq!(marked(text, &needles(&["мир", "=войн"], &[]), 46), "…Второе говорит про [мир] и [войну] сразу.…");
        let text = "第一句话没有意义。第二句话谈到停火协议。第三句话也没有意义，完全没有。";
        assert_eq!(marked(text, &needles(&["停火"], &[]), 30), "…第二句话谈到[停火]协议。…");
    }

    #[test]
    fn what_stands_apart_is_shown_in_two_windows() {
        let between = "Здесь речь идёт совсем о другом, и довольно долго. ".repeat(6);
        let text = format!("Стороны объявили перемирие. {between}Санкции остаются в силе.");
        let both = marked(&text, &needles(&["перемирие", "=санкц"], &[]), 120);
        assert!(both.starts_with("Стороны объявили [перемирие]. ") && both.contains("…"), "{both}");
        assert!(both.ends_with("[Санкции] остаются в силе."), "{both}");
        let one = marked(&text, &needles(&["перемирие"], &[]), 120);
        assert_eq!(one.matches('…').count(), 1, "{one}");
    }

    #[test]
    fn the_sentence_that_cites() {
        let text = "第一句。第二句谈到停火。第三句。";
        assert_eq!(sentence_at(text, "第一句。第二句谈到停火。".len()), "第二句谈到停火。");
        assert_eq!(sentence_at(text, "第一句。第二句".len()), "第二句谈到停火。");
        assert_eq!(sentence_at("Мир. Война", 99), "Война");
        assert_eq!(sentence_at("", 0), "");
    }

    proptest! {
        #[test]
        fn highlights_lie_in_the_snippet(text in "([a-z]{1,7}|停火|协议|[。，. ]|война|👍|e\u{301}){0,90}", columns in 1usize..180) {
            let needles = needles(&["停火", "=войн", "a"], &["协议停"]);
            let (snippet, first) = cut(&text, &needles.find(&text).matches, columns);
            if let Some(range) = snippet.highlights.first() {
                prop_assert!(text[first..].starts_with(&snippet.text[range.clone()]));
            }
            let mut end = 0;
            for range in &snippet.highlights {
                prop_assert!(range.start >= end && range.end > range.start);
                prop_assert!(snippet.text.get(range.clone()).is_some());
                end = range.end;
            }
            let parts: Vec<&str> = snippet.text.split('…').filter(|part| !part.is_empty()).collect();
            prop_assert!(parts.len() <= 2 && parts.iter().all(|part| text.contains(part)));
            if columns >= 30 {
                prop_assert!(snippet.text.width() <= columns.max(30), "{} columns", snippet.text.width());
            }
        }
    }

    /// The same by trying each beginning.
    fn most_weight(ruler: &Ruler<'_>, matches: &[Match], columns: usize) -> f32 {
        let from = |first: usize| {
            let (mut needles, mut end) = (HashMap::new(), 0);
            for found in &matches[first..] {
                end = found.range.end.max(end);
                if ruler.columns(matches[first].range.start..end) > columns {
                    break;
                }
                needles.insert(found.needle, found.weight);
            }
            needles.values().sum::<f32>()
        };
        (0..matches.len()).map(from).fold(0.0, f32::max)
    }

    proptest::proptest! {
        #[test]
        fn the_best_window_is_the_best_of_all(
            found in proptest::collection::vec((0usize..200, 1usize..30, 0usize..6), 0..40),
            columns in 1usize..80,
        ) {
            let text = "война и мир ".repeat(20);
            let at = |place: usize| text.char_indices().nth(place).map_or(text.len(), |(at, _)| at);
            let mut matches: Vec<Match> = (found.into_iter())
                .map(|(start, length, needle)| {
                    let range = at(start)..at(start + length);
                    Match { range, position: start, needle, weight: (1 << needle) as f32 }
                })
                .collect();
            matches.sort_by_key(|found| found.range.start);
            let ruler = Ruler::of(&text);
            let best = best_window(&ruler, &matches, columns, |_| true);
            proptest::prop_assert_eq!(best.weight, most_weight(&ruler, &matches, columns));
            proptest::prop_assert!(ruler.columns(best.bytes) <= columns);
        }
    }
}
