//! A text to be found unit by unit: quotations, fragments, wildcards.
//!
//! The one definition of "it stands there" that the engine's query, the
//! highlights and the check of hits share.

use std::ops::{Range, RangeInclusive};

use svod_text::analysis::Scan;

use crate::matching::wildcard::Shape;
use crate::parse::is_star;

/// `*` between Han characters stands for up to so many positions.
const WIDEST_GAP: usize = 10;

/// Units that follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Chain {
    pub(crate) links: Vec<Link>,
}

/// A unit, and the positions that may lie between it and the one before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Link {
    pub(crate) gap: RangeInclusive<usize>,
    pub(crate) unit: Unit,
}

/// What may stand at one position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    /// This Han character.
    Han(String),
    /// This word.
    Word(String),
    /// A word of this shape.
    Shape(Shape),
    /// Any of these terms: a word in all its forms.
    Terms(Vec<String>),
}

const SIDE_BY_SIDE: RangeInclusive<usize> = 0..=0;

impl Chain {
    /// Returns the units of a text as they are written.
    pub(crate) fn of_text(text: &str) -> Chain {
        let scan = Scan::new(text);
        Chain::of_units(&scan, 0..scan.units().len())
    }

    /// Returns some of the units of a text as they are written.
    pub(crate) fn of_units(scan: &Scan, units: Range<usize>) -> Chain {
        let unit = |at| {
            let folded = scan.folded(at).to_owned();
            if scan.is_han(at) { Unit::Han(folded) } else { Unit::Word(folded) }
        };
        Chain { links: units.map(|at| Link { gap: SIDE_BY_SIDE, unit: unit(at) }).collect() }
    }

    /// Returns one unit that any of these terms may be.
    pub(crate) fn of_terms(terms: Vec<String>) -> Chain {
        Chain { links: vec![Link { gap: SIDE_BY_SIDE, unit: Unit::Terms(terms) }] }
    }

    /// Returns the terms of a chain that is one word in any of its forms; none of any other.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let terms = match &self.links[..] {
            [Link { unit: Unit::Terms(terms), .. }] => &terms[..],
            _ => &[],
        };
        terms.iter().map(String::as_str)
    }

    /// Returns the units of a text whose ends may lie inside words.
    pub(crate) fn of_fragment(text: &str) -> Chain {
        let mut chain = Chain::of_text(text);
        if let Some(first) = chain.links.first_mut() {
            first.unit.open(Side::Before);
        }
        if let Some(last) = chain.links.last_mut() {
            last.unit.open(Side::After);
        }
        chain
    }

    /// Returns the units of a text in which `*` stands for any letters of a
    /// word and `?` for one; between Han characters for any, and for one.
    pub(crate) fn of_shape(text: &str) -> Chain {
        let mut chain = Chain::default();
        let mut rest = text;
        let mut joint = Joint::default();
        loop {
            let end = next_wildcard(text, text.len() - rest.len()).unwrap_or(text.len());
            chain.append(&text[text.len() - rest.len()..end], &joint);
            let wildcards = text[end..].find(|c| !is_wildcard(c)).map_or(text.len(), |length| end + length);
            joint = Joint::of(&text[end..wildcards], text[..end].ends_with(char::is_alphanumeric));
            rest = &text[wildcards..];
            if rest.is_empty() {
                chain.append("", &joint);
                return chain;
            }
        }
    }

    /// Adds a text, `joint` between it and what is already there.
    fn append(&mut self, text: &str, joint: &Joint) {
        let mut next = Chain::of_text(text).links.into_iter();
        let touches_next = text.starts_with(char::is_alphanumeric);
        let first = if touches_next { next.next() } else { None };
        let last = if joint.touches_last { self.links.last_mut() } else { None };
        match (last, first) {
            (Some(Link { unit: Unit::Han(_), .. }), Some(Link { unit: unit @ Unit::Han(_), .. })) => {
                self.links.push(Link { gap: joint.gap(), unit });
            }
            (Some(Link { unit: Unit::Han(_), .. }), Some(mut link)) => {
                link.unit.put_before(joint);
                self.links.push(link);
            }
            (Some(last), Some(link)) => {
                last.unit.put_after(joint);
                match link.unit {
                    Unit::Word(letters) => last.unit.put_letters(&letters),
                    Unit::Han(_) | Unit::Shape(_) | Unit::Terms(_) => self.links.push(link),
                }
            }
            (Some(last), None) => last.unit.put_after(joint),
            (None, Some(mut link)) => {
                link.unit.put_before(joint);
                self.links.push(link);
            }
            (None, None) => {}
        }
        self.links.extend(next);
    }

    /// Returns the units of a text that the chain takes, wherever it begins; from each beginning the fewest.
    ///
    /// Each link is compared with each unit once, however many gaps there are.
    pub(crate) fn places(&self, scan: &Scan) -> Vec<Range<usize>> {
        let Some((first, rest)) = self.links.split_first() else { return Vec::new() };
        let all = 0..scan.units().len();
        let mut reached: Vec<Vec<usize>> = vec![all.filter(|&at| first.unit.stands_at(scan, at)).collect()];
        for link in rest {
            let next = reached.last().map_or_else(Vec::new, |before| link.after(before, scan));
            if next.is_empty() {
                return Vec::new();
            }
            reached.push(next);
        }
        // From the last link to the first: where what begins there ends. What begins sooner ends sooner.
        let mut whole: Vec<Range<usize>> = reached.pop().into_iter().flatten().map(|at| at..at + 1).collect();
        for (starts, link) in reached.iter().zip(rest).rev() {
            let goes_on = |&at: &usize| {
                let next = whole.partition_point(|next| next.start < at + 1 + link.gap.start());
                let next = whole.get(next).filter(|next| next.start <= at + 1 + link.gap.end());
                next.map(|next| at..next.end)
            };
            whole = starts.iter().filter_map(goes_on).collect();
        }
        whole
    }
}

impl Link {
    /// Returns where the link stands after one of these places, which are sorted, its gap between them.
    fn after(&self, before: &[usize], scan: &Scan) -> Vec<usize> {
        let mut places = Vec::new();
        let mut next = 0;
        for &at in before {
            let end = (at + 2 + self.gap.end()).min(scan.units().len());
            let units = next.max(at + 1 + self.gap.start())..end;
            next = next.max(end);
            places.extend(units.filter(|&at| self.unit.stands_at(scan, at)));
        }
        places
    }
}

fn has_term(scan: &Scan, at: usize, terms: &[String]) -> bool {
    let mut has_term = false;
    scan.terms_at(at, &mut String::new(), |term| has_term |= terms.iter().any(|wanted| wanted == term));
    has_term
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl Unit {
    /// Returns whether it stands at a unit of a text.
    fn stands_at(&self, scan: &Scan, at: usize) -> bool {
        match self {
            Unit::Han(folded) | Unit::Word(folded) => scan.folded(at) == folded,
            Unit::Shape(shape) => !scan.is_han(at) && shape.matches(scan.folded(at)),
            Unit::Terms(terms) => has_term(scan, at, terms),
        }
    }

    /// A word becomes a part of one; a Han character stays what it is.
    fn open(&mut self, side: Side) {
        let star = Joint { wildcards: "*".to_owned(), touches_last: true };
        match side {
            Side::Before => self.put_before(&star),
            Side::After => self.put_after(&star),
        }
    }

    fn put_before(&mut self, joint: &Joint) {
        let Unit::Word(letters) = self else { return };
        if joint.wildcards.is_empty() {
            return;
        }
        let mut shape = Shape::default();
        joint.push_onto(&mut shape);
        shape.push_letters(letters);
        *self = Unit::Shape(shape);
    }

    fn put_after(&mut self, joint: &Joint) {
        if joint.wildcards.is_empty() {
            return;
        }
        match self {
            Unit::Word(letters) => {
                let mut shape = Shape::default();
                shape.push_letters(letters);
                joint.push_onto(&mut shape);
                *self = Unit::Shape(shape);
            }
            Unit::Shape(shape) => joint.push_onto(shape),
            Unit::Han(_) | Unit::Terms(_) => {}
        }
    }

    fn put_letters(&mut self, letters: &str) {
        if let Unit::Shape(shape) = self {
            shape.push_letters(letters);
        }
    }
}

/// Wildcards between two texts.
#[derive(Default)]
struct Joint {
    wildcards: String,
    /// Whether they stand directly after a letter, digit or character.
    touches_last: bool,
}

impl Joint {
    fn of(wildcards: &str, touches_last: bool) -> Joint {
        Joint { wildcards: wildcards.to_owned(), touches_last }
    }

    fn push_onto(&self, shape: &mut Shape) {
        for wildcard in self.wildcards.chars() {
            if is_star(wildcard) { shape.push_any() } else { shape.push_one() }
        }
    }

    /// Returns the positions that they stand for between Han characters.
    fn gap(&self) -> RangeInclusive<usize> {
        let least = self.wildcards.chars().filter(|&c| !is_star(c)).count();
        let more = if self.wildcards.contains(is_star) { WIDEST_GAP } else { 0 };
        least..=least + more
    }
}

fn is_wildcard(c: char) -> bool {
    is_star(c) || c == '?'
}

/// Returns where the next wildcard stands. A question mark is one only inside a word.
fn next_wildcard(text: &str, from: usize) -> Option<usize> {
    let is_inside = |at: usize| {
        // What stands after a row of them is looked for once.
        text[..at].ends_with(char::is_alphanumeric)
            && text[at..].trim_start_matches(is_wildcard).starts_with(char::is_alphanumeric)
    };
    text[from..]
        .char_indices()
        .map(|(at, c)| (from + at, c))
        .find(|&(at, c)| is_star(c) || (c == '?' && is_inside(at)))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a chain takes of a text, first to last.
    fn taken<'t>(chain: &Chain, text: &'t str) -> Vec<&'t str> {
        let scan = Scan::new(text);
        chain
            .places(&scan)
            .into_iter()
            .map(|units| &text[scan.source(units.start).start..scan.source(units.end - 1).end])
            .collect()
    }

    #[test]
    fn quotations() {
        let chain = Chain::of_text("停火，协议 2025");
        assert_eq!(taken(&chain, "关于停火协议（2025）。停火协议2024"), ["停火协议（2025"]);
        assert_eq!(taken(&Chain::of_text("war"), "wars War post-war"), ["War", "war"]);
        assert!(taken(&Chain::of_text(""), "мир").is_empty());
    }

    #[test]
    fn fragments() {
        assert_eq!(taken(&Chain::of_fragment("ьного назн"), "специального назначения"), ["специального назначения"]);
        assert_eq!(taken(&Chain::of_fragment("рон"), "оборонный фронт"), ["оборонный", "фронт"]);
        assert_eq!(taken(&Chain::of_fragment("国a"), "中国abc 国b"), ["国abc"]);
    }

    #[test]
    fn wildcards() {
        let check = |shape: &str, text: &str, expected: &[&str]| {
            assert_eq!(taken(&Chain::of_shape(shape), text), expected, "{shape}");
        };
        check("санкци*", "санкции и санкция", &["санкции", "санкция"]);
        check("*сотруднич*", "о сотрудничестве", &["сотрудничестве"]);
        check("Zelensk?y", "Zelenskyy Zelensky Zelenskiy", &["Zelenskyy", "Zelenskiy"]);
        check("美?关系", "美中关系，美关系，美国和中国关系", &["美中关系"]);
        check("美*关系", "美中关系", &["美中关系"]);
        check("美*关系", "美国一二三四五六七八九关系 美国一二三四五六七八九十关系", &["美国一二三四五六七八九关系"]);
        check("特朗*", "特朗普", &["特朗"]);
        check("F-3*", "F-35 F-22", &["F-35"]);
        check("*ьного назначения", "специального назначения", &["специального назначения"]);
        check("中*word", "中keyword 中word", &["中keyword", "中word"]);
        check("что? где", "что где", &["что где"]);
        check("*", "мир", &[]);
    }

    /// What a chain takes by trying every gap, one after the other: the definition.
    fn tried(links: &[Link], scan: &Scan, at: usize) -> Option<usize> {
        let Some((link, rest)) = links.split_first() else { return Some(at) };
        let next = |gap| {
            let at = at + gap;
            let stands = at < scan.units().len() && link.unit.stands_at(scan, at);
            stands.then(|| tried(rest, scan, at + 1)).flatten()
        };
        link.gap.clone().find_map(next)
    }

    proptest! {
        #[test]
        fn gaps_are_as_if_each_was_tried(shape in "[国是]([国是*?]){0,6}", text in "[国是一]{0,30}") {
            let (chain, scan) = (Chain::of_shape(&shape), Scan::new(&text));
            let all = (0..scan.units().len()).filter_map(|at| Some(at..tried(&chain.links, &scan, at)?));
            let expected: Vec<_> = all.filter(|_| !chain.links.is_empty()).collect();
            prop_assert_eq!(chain.places(&scan), expected);
        }
    }

    #[test]
    fn many_stars_in_a_row_of_equal_characters_have_an_end() {
        let text = "国".repeat(2_000);
        // Tried gap by gap it would take longer than there is time.
        let chain = Chain::of_shape(&format!("{}是", "国*".repeat(60)));
        assert!(taken(&chain, &text).is_empty());
    }
}
