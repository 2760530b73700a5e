//! A text to be found unit by unit: quotations, fragments, wildcards.
//!
//! The one definition of "it stands there" that the query, the highlights and
//! the check of hits share.

use std::ops::{Range, RangeInclusive};

use svod_text::analysis::Scan;

use crate::matching::wildcard::Wildcard;
use crate::parse::is_star;

/// The most positions that `*` between Han characters stands for.
const WIDEST_GAP: usize = 10;

/// A phrase pattern: what may stand at positions that follow each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Phrase {
    pub(crate) elements: Vec<Element>,
}

/// What may stand at a position, and the positions that may lie between it and the element before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Element {
    pub(crate) gap: RangeInclusive<usize>,
    pub(crate) unit: UnitPattern,
}

/// What may stand at one position.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum UnitPattern {
    /// This Han character.
    Han(String),
    /// This word.
    Word(String),
    /// A word that matches this.
    Wildcard(Wildcard),
    /// Any of these terms: a word in all its forms.
    Terms(Vec<String>),
}

const SIDE_BY_SIDE: RangeInclusive<usize> = 0..=0;

impl Phrase {
    /// Returns the units of a text as they are written.
    pub(crate) fn of_text(text: &str) -> Phrase {
        let scan = Scan::new(text);
        Phrase::of_units(&scan, 0..scan.units().len())
    }

    /// Returns some of the units of a text as they are written.
    pub(crate) fn of_units(scan: &Scan, units: Range<usize>) -> Phrase {
        let unit = |at| {
            let folded = scan.folded(at).to_owned();
            if scan.is_han(at) { UnitPattern::Han(folded) } else { UnitPattern::Word(folded) }
        };
        Phrase { elements: units.map(|at| Element { gap: SIDE_BY_SIDE, unit: unit(at) }).collect() }
    }

    /// Returns one unit that any of these terms may be.
    pub(crate) fn of_terms(terms: Vec<String>) -> Phrase {
        Phrase { elements: vec![Element { gap: SIDE_BY_SIDE, unit: UnitPattern::Terms(terms) }] }
    }

    /// Returns the terms of a phrase that is one word in any of its forms; of any other phrase, nothing.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let terms = match &self.elements[..] {
            [Element { unit: UnitPattern::Terms(terms), .. }] => &terms[..],
            _ => &[],
        };
        terms.iter().map(String::as_str)
    }

    /// Returns the units of a text whose ends may lie inside words.
    pub(crate) fn of_fragment(text: &str) -> Phrase {
        let mut phrase = Phrase::of_text(text);
        if let Some(first) = phrase.elements.first_mut() {
            first.unit.put_before(&Joint::star());
        }
        if let Some(last) = phrase.elements.last_mut() {
            last.unit.put_after(&Joint::star());
        }
        phrase
    }

    /// Returns the units of a text in which `*` stands for any letters of a
    /// word and `?` for one; between Han characters for any, and for one.
    pub(crate) fn of_wildcards(text: &str) -> Phrase {
        let mut phrase = Phrase::default();
        let mut rest = text;
        let mut joint = Joint::default();
        loop {
            let end = next_wildcard(text, text.len() - rest.len()).unwrap_or(text.len());
            phrase.append(&text[text.len() - rest.len()..end], &joint);
            let wildcards = text[end..].find(|c| !is_wildcard(c)).map_or(text.len(), |length| end + length);
            joint = Joint::of(&text[end..wildcards], text[..end].ends_with(char::is_alphanumeric));
            rest = &text[wildcards..];
            if rest.is_empty() {
                phrase.append("", &joint);
                return phrase;
            }
        }
    }

    /// Adds a text, `joint` between it and what is already there.
    fn append(&mut self, text: &str, joint: &Joint) {
        let mut next = Phrase::of_text(text).elements.into_iter();
        let touches_next = text.starts_with(char::is_alphanumeric);
        let first = if touches_next { next.next() } else { None };
        let last = if joint.touches_last { self.elements.last_mut() } else { None };
        match (last, first) {
            (
                Some(Element { unit: UnitPattern::Han(_), .. }),
                Some(Element { unit: unit @ UnitPattern::Han(_), .. }),
            ) => {
                self.elements.push(Element { gap: joint.gap(), unit });
            }
            (Some(Element { unit: UnitPattern::Han(_), .. }), Some(mut element)) => {
                element.unit.put_before(joint);
                self.elements.push(element);
            }
            (Some(last), Some(element)) => {
                last.unit.put_after(joint);
                match element.unit {
                    UnitPattern::Word(letters) => last.unit.put_letters(&letters),
                    UnitPattern::Han(_) | UnitPattern::Wildcard(_) | UnitPattern::Terms(_) => {
                        self.elements.push(element)
                    }
                }
            }
            (Some(last), None) => last.unit.put_after(joint),
            (None, Some(mut element)) => {
                element.unit.put_before(joint);
                self.elements.push(element);
            }
            (None, None) => {}
        }
        self.elements.extend(next);
    }

    /// Returns the units of a text that the phrase matches, wherever it begins; from each beginning the fewest.
    ///
    /// Each element is compared with each unit once, however many gaps there are.
    pub(crate) fn places(&self, scan: &Scan) -> Vec<Range<usize>> {
        let Some((first, rest)) = self.elements.split_first() else { return Vec::new() };
        let all = 0..scan.units().len();
        let mut reached: Vec<Vec<usize>> = vec![all.filter(|&at| first.unit.stands_at(scan, at)).collect()];
        for element in rest {
            let next = reached.last().map_or_else(Vec::new, |before| element.after(before, scan));
            if next.is_empty() {
                return Vec::new();
            }
            reached.push(next);
        }
        // From the last element to the first: where what begins there ends. What begins sooner ends sooner.
        let mut whole: Vec<Range<usize>> = reached.pop().into_iter().flatten().map(|at| at..at + 1).collect();
        for (starts, element) in reached.iter().zip(rest).rev() {
            let goes_on = |&at: &usize| {
                let next = whole.partition_point(|next| next.start < at + 1 + element.gap.start());
                let next = whole.get(next).filter(|next| next.start <= at + 1 + element.gap.end());
                next.map(|next| at..next.end)
            };
            whole = starts.iter().filter_map(goes_on).collect();
        }
        whole
    }
}

impl Element {
    /// Returns where the element stands after one of these places, which are sorted, its gap between them.
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

impl UnitPattern {
    /// Returns whether it stands at a unit of a text.
    fn stands_at(&self, scan: &Scan, at: usize) -> bool {
        match self {
            UnitPattern::Han(folded) | UnitPattern::Word(folded) => scan.folded(at) == folded,
            UnitPattern::Wildcard(wildcard) => !scan.is_han(at) && wildcard.matches(scan.folded(at)),
            UnitPattern::Terms(terms) => has_term(scan, at, terms),
        }
    }

    /// A word becomes a part of one; a Han character stays what it is.
    fn put_before(&mut self, joint: &Joint) {
        let UnitPattern::Word(letters) = self else { return };
        if joint.wildcards.is_empty() {
            return;
        }
        let mut wildcard = Wildcard::default();
        joint.push_onto(&mut wildcard);
        wildcard.push_letters(letters);
        *self = UnitPattern::Wildcard(wildcard);
    }

    fn put_after(&mut self, joint: &Joint) {
        if joint.wildcards.is_empty() {
            return;
        }
        match self {
            UnitPattern::Word(letters) => {
                let mut wildcard = Wildcard::default();
                wildcard.push_letters(letters);
                joint.push_onto(&mut wildcard);
                *self = UnitPattern::Wildcard(wildcard);
            }
            UnitPattern::Wildcard(wildcard) => joint.push_onto(wildcard),
            UnitPattern::Han(_) | UnitPattern::Terms(_) => {}
        }
    }

    fn put_letters(&mut self, letters: &str) {
        if let UnitPattern::Wildcard(wildcard) = self {
            wildcard.push_letters(letters);
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

    fn star() -> Joint {
        Joint::of("*", true)
    }

    fn push_onto(&self, wildcard: &mut Wildcard) {
        for sign in self.wildcards.chars() {
            if is_star(sign) { wildcard.push_any() } else { wildcard.push_one() }
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

    /// What a phrase matches in a text, first to last.
    fn taken<'t>(phrase: &Phrase, text: &'t str) -> Vec<&'t str> {
        let scan = Scan::new(text);
        phrase
            .places(&scan)
            .into_iter()
            .map(|units| &text[scan.source(units.start).start..scan.source(units.end - 1).end])
            .collect()
    }

    #[test]
    fn quotations() {
        let phrase = Phrase::of_text("停火，协议 2025");
        assert_eq!(taken(&phrase, "关于停火协议（2025）。停火协议2024"), ["停火协议（2025"]);
        assert_eq!(taken(&Phrase::of_text("war"), "wars War post-war"), ["War", "war"]);
        assert!(taken(&Phrase::of_text(""), "мир").is_empty());
    }

    #[test]
    fn fragments() {
        assert_eq!(taken(&Phrase::of_fragment("ьного назн"), "специального назначения"), ["специального назначения"]);
        assert_eq!(taken(&Phrase::of_fragment("рон"), "оборонный фронт"), ["оборонный", "фронт"]);
        assert_eq!(taken(&Phrase::of_fragment("国a"), "中国abc 国b"), ["国abc"]);
    }

    #[test]
    fn wildcards() {
        let check = |wildcard: &str, text: &str, expected: &[&str]| {
            assert_eq!(taken(&Phrase::of_wildcards(wildcard), text), expected, "{wildcard}");
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

    /// What a phrase matches by trying every gap, one after the other: the definition.
    fn tried(elements: &[Element], scan: &Scan, at: usize) -> Option<usize> {
        let Some((element, rest)) = elements.split_first() else { return Some(at) };
        let next = |gap| {
            let at = at + gap;
            let stands = at < scan.units().len() && element.unit.stands_at(scan, at);
            stands.then(|| tried(rest, scan, at + 1)).flatten()
        };
        element.gap.clone().find_map(next)
    }

    proptest! {
        #[test]
        fn gaps_are_as_if_each_was_tried(wildcard in "[国是]([国是*?]){0,6}", text in "[国是一]{0,30}") {
            let (phrase, scan) = (Phrase::of_wildcards(&wildcard), Scan::new(&text));
            let all = (0..scan.units().len()).filter_map(|at| Some(at..tried(&phrase.elements, &scan, at)?));
            let expected: Vec<_> = all.filter(|_| !phrase.elements.is_empty()).collect();
            prop_assert_eq!(phrase.places(&scan), expected);
        }
    }

    #[test]
    fn many_stars_in_a_row_of_equal_characters_have_an_end() {
        let text = "国".repeat(2_000);
        // Tried gap by gap it would take longer than there is time.
        let phrase = Phrase::of_wildcards(&format!("{}是", "国*".repeat(60)));
        assert!(taken(&phrase, &text).is_empty());
    }
}
