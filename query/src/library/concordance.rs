//! Concordance: every match on a line of its own, between what stands before
//! it and what stands after it.
//!
//! Sorted by what follows, the ways a word goes on stand together; sorted by
//! what goes before, read outward from the match, the words that lead to it.
//! What stands around is compared unit by unit: Han characters one by one,
//! other scripts word by word, folded, so that case and Traditional forms do
//! not matter. Characters compare by their numbers, not as a dictionary would
//! have them.

use std::ops::Range;

use svod_text::analysis::Scan;
use unicode_width::UnicodeWidthChar;

use crate::answer::concordance::ConcordanceLine;
use crate::answer::hit::Hit;
use crate::columns;

/// The order of a concordance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ConcordanceOrder {
    /// As the hits come.
    #[default]
    Hits,
    /// By what stands before the match, reading outward.
    Left,
    /// By what stands after the match.
    Right,
    /// By the date of the article, oldest first; those without a date last.
    Date,
}

/// Returns all matches of hits with at most `context_columns` terminal columns of text on either side.
///
/// Takes time in proportion to the texts of the hits and to what is returned.
pub fn concordance(hits: &[Hit], order: ConcordanceOrder, context_columns: usize) -> Vec<ConcordanceLine<'_>> {
    let mut scan = Scan::default();
    let mut lines: Vec<ConcordanceLine<'_>> = Vec::new();
    for hit in hits {
        scan.fill(&hit.text);
        let found = whole_words(&hit.text, &hit.highlights, &scan);
        lines.extend(found.into_iter().map(|range| line(hit, range, context_columns)));
    }
    sort(&mut lines, order);
    lines
}

/// Widens ranges to the words they begin and end in; those that touch then, or that a hyphen joins, are one.
fn whole_words(text: &str, ranges: &[Range<usize>], scan: &Scan) -> Vec<Range<usize>> {
    let mut whole: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    let mut units = (0..scan.units().len()).map(|at| scan.source(at)).peekable();
    for range in ranges {
        let mut word = range.clone();
        while units.next_if(|unit| unit.end <= range.start).is_some() {}
        while let Some(unit) = units.next_if(|unit| unit.start < range.end) {
            word = word.start.min(unit.start)..word.end.max(unit.end);
        }
        match whole.last_mut() {
            Some(last) if joins(&text[last.end.min(word.start)..word.start]) => last.end = last.end.max(word.end),
            _ => whole.push(word),
        }
    }
    whole
}

/// Returns whether what stands between two words makes one of them.
fn joins(between: &str) -> bool {
    matches!(between, "" | "-" | "\u{2010}" | "\u{2011}" | "\u{ad}")
}

fn line(hit: &Hit, range: Range<usize>, context_columns: usize) -> ConcordanceLine<'_> {
    let before: String = blanks_drawn_together(hit.text[..range.start].chars().rev(), context_columns);
    let before: String = before.chars().rev().collect();
    let after = blanks_drawn_together(hit.text[range.end..].chars(), context_columns);
    let piece = hit.pieces.iter().rev().find(|piece| piece.text <= range.start).or(hit.pieces.first());
    ConcordanceLine {
        hit,
        left: columns::last(&before, context_columns).to_owned(),
        found: blanks_drawn_together(hit.text[range].chars(), usize::MAX),
        right: columns::first(&after, context_columns).to_owned(),
        line: piece.map(|piece| piece.line).or_else(|| hit.lines.as_ref().map(|lines| *lines.start())),
    }
}

/// Returns a text of one blank where there are several. It ends when it is wider than `columns` columns.
fn blanks_drawn_together(text: impl Iterator<Item = char>, columns: usize) -> String {
    let mut drawn = String::new();
    let mut width = 0;
    for c in text {
        let c = if c.is_whitespace() { ' ' } else { c };
        if c == ' ' && drawn.ends_with(' ') {
            continue;
        }
        drawn.push(c);
        width += c.width().unwrap_or(0);
        if width > columns {
            break;
        }
    }
    drawn
}

fn sort(lines: &mut [ConcordanceLine<'_>], order: ConcordanceOrder) {
    match order {
        ConcordanceOrder::Hits => {}
        ConcordanceOrder::Left => {
            lines.sort_by_cached_key(|line| (outward(&line.left), units(&line.found), units(&line.right)));
        }
        ConcordanceOrder::Right => {
            lines.sort_by_cached_key(|line| (units(&line.right), units(&line.found), outward(&line.left)));
        }
        ConcordanceOrder::Date => lines.sort_by_key(|line| line.hit.date.map_or(u64::MAX, |date| date.number())),
    }
}

/// Returns the folded units of a text.
fn units(text: &str) -> Vec<String> {
    let scan = Scan::new(text);
    (0..scan.units().len()).map(|at| scan.folded(at).to_owned()).collect()
}

fn outward(text: &str) -> Vec<String> {
    let mut units = units(text);
    units.reverse();
    units
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_index::TestIndex;
    use crate::{Answer, Index, Request};

    const CONTEXT: usize = 24;

    fn answer(text: &str, query: &str) -> Answer {
        let mut made = TestIndex::new();
        made.add(1, "停火.md", text);
        made.commit();
        Index::open(made.path()).unwrap().search(&Request::new(query)).unwrap()
    }

    fn shown(text: &str, query: &str, order: ConcordanceOrder) -> Vec<String> {
        let answer = answer(text, query);
        let shown = |line: ConcordanceLine<'_>| {
            let number = line.line.unwrap_or_default();
            format!("{number}:{}[{}]{}", line.left, line.found, line.right)
        };
        concordance(&answer.hits, order, CONTEXT).into_iter().map(shown).collect()
    }

    #[test]
    fn every_match_stands_between_its_neighbours() {
        for (text, query, expected) in [
            ("停火谈判，停火协议", "停火", &["1:[停火]谈判，停火协议", "1:停火谈判，[停火]协议"][..]),
            ("мир и   война, мир", "мир", &["1:[мир] и война, мир", "1:мир и война, [мир]"]),
            ("the ceasefire holds", "ceasefire", &["1:the [ceasefire] holds"]),
            ("关于F-35的停火", "F-35 停火", &["1:关于[F-35]的停火", "1:关于F-35的[停火]"]),
            ("一行。\n停火\n三行", "停火", &["2:一行。[停火]三行"]),
        ] {
            assert_eq!(shown(text, query, ConcordanceOrder::Hits), expected, "{text}");
        }
    }

    #[test]
    fn contexts_are_cut_by_columns() {
        let lines = shown(&format!("{0}停火{0}", "和平谈判".repeat(20)), "停火", ConcordanceOrder::Hits);
        let side = "和平谈判".repeat(3);
        assert_eq!(lines, [format!("1:{side}[停火]{side}")]);
    }

    #[test]
    fn sorted_by_what_stands_around() {
        let russian = "Новый мир, старый мир и мир новый. Большой Мир";
        assert_eq!(
            shown(russian, "мир", ConcordanceOrder::Left),
            [
                "1:ир и мир новый. Большой [Мир]",
                "1:Новый мир, старый мир и [мир] новый. Большой Мир",
                "1:Новый [мир], старый мир и мир новый",
                "1:Новый мир, старый [мир] и мир новый. Большой Ми"
            ]
        );
        let found: Vec<String> = shown(russian, "мир", ConcordanceOrder::Right)
            .iter()
            .map(|line| line.split(']').nth(1).unwrap().chars().take(5).collect())
            .collect();
        assert_eq!(found, ["", " и ми", " новы", ", ста"]);
        let chinese = "和谈停火一，双方停火二，他方停火三";
        let left: Vec<String> = shown(chinese, "停火", ConcordanceOrder::Left)
            .iter()
            .map(|line| line.split('[').next().unwrap().chars().last().unwrap().to_string())
            .collect();
        assert_eq!(left, ["方", "方", "谈"]);
    }

    #[test]
    fn parts_of_words_are_shown_as_the_words() {
        let text = "безопасность 停火 war-time war, time";
        let scan = Scan::new(text);
        for (ranges, expected) in [
            (&[(4, 8), (10, 12)][..], &[(0, 24)][..]),
            (&[(25, 28)], &[(25, 28)]),
            (&[(33, 34), (36, 38)], &[(32, 40)]),
            (&[(41, 44), (46, 50)], &[(41, 44), (46, 50)]),
            (&[], &[]),
        ] {
            let ranges: Vec<Range<usize>> = ranges.iter().map(|&(start, end)| start..end).collect();
            let whole: Vec<(usize, usize)> =
                whole_words(text, &ranges, &scan).into_iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(whole, expected, "{ranges:?}");
        }
    }

    proptest! {
        // Each case writes an index.
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn each_line_is_a_stretch_of_its_passage(text in "(мир|война|停火|协议|war| |，|\\PC){1,60}", columns in 0usize..40) {
            let answer = answer(&format!("停火 {text}"), "停火 мир war");
            for line in concordance(&answer.hits, ConcordanceOrder::Right, columns) {
                let drawn = blanks_drawn_together(line.hit.text.chars(), usize::MAX);
                let stretch = format!("{}{}{}", line.left, line.found, line.right);
                prop_assert!(drawn.contains(&stretch), "{:?} in {:?}", stretch, drawn);
            }
            let highlights: usize = answer.hits.iter().map(|hit| hit.highlights.len()).sum();
            prop_assert!(concordance(&answer.hits, ConcordanceOrder::Date, columns).len() <= highlights);
        }
    }
}
