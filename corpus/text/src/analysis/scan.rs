//! The scan: a text becomes units, one for each position.
//!
//! A Han character is a unit, and so is a word of any other script; everything
//! else separates. All code that indexes, matches or highlights text scans it
//! here. One pass, no allocation once the buffers have grown.

use std::ops::Range;

use super::fold::{Folded, fold_character};
use super::{FORM_MARK, push_form, push_joined_mark, push_second_form};

/// The longest word, in characters. Longer ones are cut: no query has such a word,
/// and a file without blanks must not become one term.
const LONGEST_WORD: usize = 64;

/// The shortest word of which a raised number is no power: units of measure are shorter.
const LEAST_MARKED_WORD: usize = 4;

/// The script of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// One Chinese character.
    Han,
    /// A word with Cyrillic letters.
    Cyrillic,
    /// A word with Latin letters.
    Latin,
    /// A number.
    Digits,
    /// A word of any other script.
    Other,
}

/// What stands between a unit and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glue {
    /// Blanks, punctuation, or the beginning of the text.
    Apart,
    /// Nothing.
    Touching,
    /// A hyphen and nothing else.
    Hyphen,
    /// A point and nothing else.
    Point,
    /// A comma and nothing else.
    Comma,
}

/// One of the tokens at a position of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'t> {
    /// A finished term.
    Term(&'t str),
    /// A folded word. It stands for one or two terms: the word itself, and the
    /// form that [`push_second_form`] gives, if any.
    Word(&'t str, Script),
}

/// One position of a text.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    /// The script it is written in.
    pub script: Script,
    /// What stands between it and the unit before it.
    pub glue: Glue,
    folded: (u32, u32),
    source: (u32, u32),
}

/// A scanned text: its units in order. Can be filled again, which reuses its buffers.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    folded: String,
    units: Vec<Unit>,
}

impl Scan {
    /// Scans a text.
    pub fn new(text: &str) -> Scan {
        let mut scan = Scan::default();
        scan.fill(text);
        scan
    }

    /// Replaces the content by the scan of `text`, reusing the buffers.
    ///
    /// # Panics
    /// If the text is longer than 4 GiB.
    pub fn fill(&mut self, text: &str) {
        assert!(u32::try_from(text.len()).is_ok(), "a text of more than 4 GiB cannot be scanned");
        self.folded.clear();
        self.units.clear();
        Filler { scan: self, glue: Glue::Apart, word: None }.run(text);
    }

    /// Returns the units, one for each position.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Returns the folded text of a unit.
    pub fn folded(&self, at: usize) -> &str {
        self.folded_run(at..at + 1)
    }

    /// Returns the folded text of several units, with nothing between them.
    pub fn folded_run(&self, units: Range<usize>) -> &str {
        match self.units.get(units) {
            Some([first, .., last]) => &self.folded[first.folded.0 as usize..last.folded.1 as usize],
            Some([unit]) => &self.folded[unit.folded.0 as usize..unit.folded.1 as usize],
            _ => "",
        }
    }

    /// Returns the byte range of a unit in the scanned text.
    pub fn source(&self, at: usize) -> Range<usize> {
        let (start, end) = self.units[at].source;
        start as usize..end as usize
    }

    /// Returns whether a unit is a Han character.
    pub fn is_han(&self, at: usize) -> bool {
        self.units.get(at).is_some_and(|unit| unit.script == Script::Han)
    }

    /// Calls `each` with every term at a unit, except Chinese words of the
    /// dictionary. `scratch` is a buffer to reuse.
    pub fn terms_at(&self, at: usize, scratch: &mut String, mut each: impl FnMut(&str)) {
        if self.is_han(at) {
            return self.han_terms_at(at, each);
        }
        let word = self.folded(at);
        each(word);
        scratch.clear();
        if push_second_form(word, self.units[at].script, scratch) {
            each(scratch);
        }
        self.whole_forms_at(at, scratch, each);
    }

    /// Like [`Scan::terms_at`], but leaves the forms of words to the caller, which may have cached them.
    pub(super) fn tokens_at(&self, at: usize, scratch: &mut String, mut each: impl FnMut(Token<'_>)) {
        if self.is_han(at) {
            return self.han_terms_at(at, |term| each(Token::Term(term)));
        }
        each(Token::Word(self.folded(at), self.units[at].script));
        self.whole_forms_at(at, scratch, |form| each(Token::Term(form)));
    }

    /// Calls `each` with the forms of the compound that begins at a unit, if one does.
    fn whole_forms_at(&self, at: usize, scratch: &mut String, mut each: impl FnMut(&str)) {
        scratch.clear();
        scratch.push(FORM_MARK);
        if push_compound(self, at, scratch).is_some() {
            each(scratch);
        }
        if let Some(parts) = self.hyphenated_at(at) {
            scratch.clear();
            push_joined_mark(parts, scratch);
            scratch.push_str(self.folded_run(at..at + parts));
            each(scratch);
        }
    }

    /// Returns the number of units of the hyphenated word that begins at a unit: `cross-border`, `123-ФЗ`.
    pub fn hyphenated_at(&self, at: usize) -> Option<usize> {
        if !self.follows_hyphen(at + 1) || self.follows_hyphen(at) {
            return None;
        }
        let parts = 1 + (at + 1..self.units.len()).take_while(|&next| self.follows_hyphen(next)).count();
        let has_letters = || self.folded_run(at..at + parts).contains(char::is_alphabetic);
        (parts <= MOST_PARTS && has_letters()).then_some(parts)
    }

    /// Whether a hyphen and nothing else stands between a word and the word before it.
    fn follows_hyphen(&self, at: usize) -> bool {
        let follows = self.units.get(at).is_some_and(|unit| unit.glue == Glue::Hyphen && unit.script != Script::Han);
        follows && at > 0 && !self.is_han(at - 1)
    }

    /// Calls `each` with the terms at a unit that best match uses: bigrams, and
    /// the forms of words without the words as written.
    pub fn forms_at(&self, at: usize, scratch: &mut String, mut each: impl FnMut(&str)) {
        if self.is_han(at) {
            let follows_han = at > 0 && self.is_han(at - 1);
            match (self.is_han(at + 1), follows_han) {
                (true, _) => each(self.folded_run(at..at + 2)),
                (false, false) => each(self.folded(at)),
                (false, true) => {}
            }
            return;
        }
        let word = self.folded(at);
        scratch.clear();
        scratch.push(FORM_MARK);
        push_form(word, self.units[at].script, scratch);
        each(if scratch[FORM_MARK.len_utf8()..] == *word { word } else { scratch });
        self.whole_forms_at(at, scratch, each);
    }

    fn han_terms_at(&self, at: usize, mut each: impl FnMut(&str)) {
        let begins_bigram = self.is_han(at + 1);
        if begins_bigram {
            each(self.folded_run(at..at + 2));
        }
        // A quotation may hold one Han character beside another script, `年` in
        // 2025年3月. No bigram of it could match there, so the character is a
        // term by itself.
        let follows_word = at > 0 && !self.is_han(at - 1);
        if !begins_bigram || follows_word {
            each(self.folded(at));
        }
    }

    /// Returns the joined form (`f35` for `F-35`) and the number of units of the
    /// compound that begins at a unit.
    pub fn compound_at(&self, at: usize) -> Option<(String, usize)> {
        let mut form = String::new();
        let count = push_compound(self, at, &mut form)?;
        Some((form, count))
    }

    /// Returns the terms of the text as a quotation, each with its offset in
    /// positions. They match exactly where all units of the text follow one
    /// another.
    ///
    /// A text of one Han character gives that character, which as a quotation
    /// stands for every term that begins with it.
    pub fn quotation_terms(&self) -> Vec<(usize, &str)> {
        let mut terms = Vec::new();
        let mut at = 0;
        while at < self.units.len() {
            if !self.is_han(at) {
                terms.push((at, self.folded(at)));
                at += 1;
                continue;
            }
            let end = (at..).find(|&i| !self.is_han(i)).unwrap_or(at);
            if end - at == 1 {
                terms.push((at, self.folded(at)));
            } else {
                terms.extend(covering_bigrams(at..end).map(|first| (first, self.folded_run(first..first + 2))));
            }
            at = end;
        }
        terms
    }
}

/// Returns where the bigrams begin that name every character of a run of Han characters: every second bigram; an odd last
/// character is covered from the end. A single character has none.
pub fn covering_bigrams(run: Range<usize>) -> impl Iterator<Item = usize> {
    let last = (run.len() > 1 && run.len() % 2 == 1).then(|| run.end - 2);
    (run.start..run.end.saturating_sub(1)).step_by(2).chain(last)
}

/// A word of which the end is not yet reached.
struct Word {
    source: usize,
    folded: usize,
    characters: usize,
    glue: Glue,
}

struct Filler<'s> {
    scan: &'s mut Scan,
    glue: Glue,
    word: Option<Word>,
}

impl Filler<'_> {
    fn run(mut self, text: &str) {
        for (at, c) in text.char_indices() {
            match fold_character(c) {
                Folded::Letter(letter) => {
                    self.open_word(at).characters += 1;
                    self.scan.folded.push(letter);
                }
                Folded::Letters(letters) => {
                    if self.is_note_mark(c) {
                        self.close_word(at);
                    }
                    self.open_word(at).characters += letters.len();
                    self.scan.folded.push_str(letters);
                }
                Folded::Han(character) => {
                    self.close_word(at);
                    self.push_han(character, at..at + c.len_utf8());
                }
                Folded::Invisible(mark) => self.absorb(mark, at + c.len_utf8()),
                Folded::Separator(separator) => {
                    self.close_word(at);
                    self.glue = match (self.glue, separator) {
                        (Glue::Touching, '-') => Glue::Hyphen,
                        (Glue::Touching, '.') => Glue::Point,
                        (Glue::Touching, ',') => Glue::Comma,
                        _ => Glue::Apart,
                    };
                }
            }
        }
        self.close_word(text.len());
    }

    /// Whether a raised or circled number behind a word is the mark of a note: `sharply¹`, not `km²`.
    fn is_note_mark(&self, number: char) -> bool {
        let Some(word) = &self.word else { return false };
        match number {
            '①'..='⑳' => true,
            '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' => {
                word.characters >= LEAST_MARKED_WORD && self.scan.folded[word.folded..].chars().all(char::is_alphabetic)
            }
            _ => false,
        }
    }

    fn open_word(&mut self, at: usize) -> &mut Word {
        if self.word.as_ref().is_some_and(|word| word.characters >= LONGEST_WORD) {
            self.close_word(at);
        }
        let (folded, glue) = (self.scan.folded.len(), self.glue);
        self.word.get_or_insert(Word { source: at, folded, characters: 0, glue })
    }

    fn close_word(&mut self, end: usize) {
        let Some(word) = self.word.take() else { return };
        let script = mend_letters(&mut self.scan.folded, word.folded);
        self.push(script, word.glue, word.folded, word.source..end);
    }

    fn push_han(&mut self, character: char, source: Range<usize>) {
        let start = self.scan.folded.len();
        self.scan.folded.push(character);
        self.push(Script::Han, self.glue, start, source);
    }

    fn push(&mut self, script: Script, glue: Glue, folded: usize, source: Range<usize>) {
        self.scan.units.push(Unit {
            script,
            glue,
            folded: (folded as u32, self.scan.folded.len() as u32),
            source: (source.start as u32, source.end as u32),
        });
        self.glue = Glue::Touching;
    }

    /// Adds an invisible character to the unit before it. The breve turns и and у
    /// into the letters й and ў; any other mark changes nothing.
    fn absorb(&mut self, mark: char, end: usize) {
        if self.word.is_none() {
            if let (Glue::Touching, Some(unit)) = (self.glue, self.scan.units.last_mut()) {
                unit.source.1 = end as u32;
            }
            return;
        }
        if mark == '\u{306}' {
            let composed = match self.scan.folded.chars().next_back() {
                Some('и') => 'й',
                Some('у') => 'ў',
                _ => return,
            };
            self.scan.folded.pop();
            self.scan.folded.push(composed);
        }
    }
}

/// Returns the script of a word, after replacing letters that were typed or
/// recognised (OCR) as their look-alikes of the other script: `Сoвет` with a
/// Latin o, `СOVID` with a Cyrillic С.
fn mend_letters(folded: &mut String, start: usize) -> Script {
    let word = &folded[start..];
    if word.is_ascii() {
        let has_letter = word.bytes().any(|b| b.is_ascii_lowercase());
        return if has_letter { Script::Latin } else { Script::Digits };
    }
    let has_latin = word.bytes().any(|b| b.is_ascii_lowercase());
    let has_cyrillic = word.chars().any(is_cyrillic);
    match (has_latin, has_cyrillic) {
        (true, true) => mend_mixed(folded, start),
        (true, false) => Script::Latin,
        (false, true) => Script::Cyrillic,
        (false, false) if word.chars().all(char::is_numeric) => Script::Digits,
        (false, false) => Script::Other,
    }
}

fn mend_mixed(folded: &mut String, start: usize) -> Script {
    let word = &folded[start..];
    for (twin, script) in [(cyrillic_twin as fn(char) -> Option<char>, Script::Cyrillic), (latin_twin, Script::Latin)] {
        if let Some(mended) = word.chars().map(twin).collect::<Option<String>>() {
            folded.truncate(start);
            folded.push_str(&mended);
            return script;
        }
    }
    Script::Cyrillic
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// Latin and Cyrillic letters that look alike.
const TWINS: [(char, char); 12] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

fn cyrillic_twin(c: char) -> Option<char> {
    if !c.is_ascii_lowercase() {
        return Some(c);
    }
    TWINS.iter().find(|twin| twin.0 == c).map(|twin| twin.1)
}

fn latin_twin(c: char) -> Option<char> {
    if !is_cyrillic(c) {
        return Some(c);
    }
    TWINS.iter().find(|twin| twin.1 == c).map(|twin| twin.0)
}

// Numbers and designations: `F-35`, `COVID-19`, `2.0`, `10,000`. Their parts are units like any other, which is what
// quotations compare. For best match the whole has one form beside them, so that `F-35` finds `F35` and 10,000 finds
// 10000, and 2.0 never finds 20.

/// Longer rows are dates, addresses or lists, not one designation.
pub(super) const MOST_PARTS: usize = 4;
const LONGEST_PART: usize = 8;

/// Appends the joined form of the compound that begins at a unit and returns the
/// number of its units. If no compound begins there, appends nothing and returns
/// `None`.
fn push_compound(scan: &Scan, at: usize, out: &mut String) -> Option<usize> {
    if scan.is_han(at) || is_joined(scan, at) {
        return None;
    }
    let count = 1 + (at + 1..scan.units().len()).take_while(|&next| is_joined(scan, next)).count();
    if !(2..=MOST_PARTS).contains(&count) {
        return None;
    }
    let written = out.len();
    let whole = if (at..at + count).all(|i| scan.units()[i].script == Script::Digits) {
        push_number(scan, at, count, out)
    } else {
        push_designation(scan, at, count, out)
    };
    if whole.is_none() {
        out.truncate(written);
    }
    whole
}

fn is_joined(scan: &Scan, at: usize) -> bool {
    let glued = scan.units().get(at).is_some_and(|unit| matches!(unit.glue, Glue::Hyphen | Glue::Point | Glue::Comma));
    glued && at > 0 && !scan.is_han(at) && !scan.is_han(at - 1)
}

/// Appends a number: `2.0` and `2,5` get a point, `10,000` loses its comma; `15-20` is not a number.
fn push_number(scan: &Scan, at: usize, count: usize, out: &mut String) -> Option<usize> {
    out.push_str(scan.folded(at));
    for next in at + 1..at + count {
        let part = scan.folded(next);
        match scan.units()[next].glue {
            Glue::Comma if part.len() == 3 => {}
            Glue::Point | Glue::Comma => out.push('.'),
            _ => return None,
        }
        out.push_str(part);
    }
    Some(count)
}

/// Appends a designation, `F-35` or `COVID-19`: letters and digits, joined by hyphens only.
fn push_designation(scan: &Scan, at: usize, count: usize, out: &mut String) -> Option<usize> {
    let (mut has_letters, mut has_digits) = (false, false);
    for part in at..at + count {
        let text = scan.folded(part);
        if (part > at && scan.units()[part].glue != Glue::Hyphen) || text.chars().count() > LONGEST_PART {
            return None;
        }
        has_digits |= text.bytes().any(|b| b.is_ascii_digit());
        has_letters |= text.chars().any(char::is_alphabetic);
        out.push_str(text);
    }
    (has_letters && has_digits).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(text: &str) -> String {
        let scan = Scan::new(text);
        (0..scan.units().len()).map(|at| scan.folded(at)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_unit_for_each_position() {
        for (text, expected) in [
            ("2025年3月停火", "2025 年 3 月 停 火"),
            ("美、俄关系。", "美 俄 关 系"),
            ("Переговоры с ЕС", "переговоры с ес"),
            ("war-torn, don’t", "war torn don t"),
            ("F-35与Су-27", "f 35 与 су 27"),
            ("Ｎ Ａ ＴＯ", "n a to"),
            ("Сoвет СOVID ХIII Xi", "совет covid xiii xi"),
            ("и\u{306}од ёж еж", "йод еж еж"),
            ("snake_case x²", "snake case x2"),
            ("sharply¹² km² резко³", "sharply 12 km2 резко 3"),
            ("policy①是", "policy 1 是"),
            ("日本の安全", "日 本 の 安 全"),
            ("한국 정부", "한국 정부"),
            ("a\r\nb", "a b"),
            ("👍 停\u{fe00}火", "停 火"),
            ("…", ""),
            ("", ""),
        ] {
            assert_eq!(units(text), expected, "{text}");
        }
    }

    #[test]
    fn a_quotation_names_every_unit_and_nothing_between() {
        for (text, expected) in [
            ("停火", "0停火"),
            ("停火协议", "0停火 2协议"),
            ("停火，协", "0停火 1火协"),
            ("税", "0税"),
            ("2025年3月", "02025 1年 23 3月"),
            ("северный морской путь", "0северный 1морской 2путь"),
            ("the F-35", "0the 1f 235"),
            ("", ""),
        ] {
            let scan = Scan::new(text);
            let terms: Vec<_> =
                scan.quotation_terms().into_iter().map(|(offset, term)| format!("{offset}{term}")).collect();
            assert_eq!(terms.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn bigrams_cover_a_run() {
        for (run, expected) in
            [(3..3, &[][..]), (3..4, &[]), (3..5, &[3]), (3..6, &[3, 4]), (3..7, &[3, 5]), (0..5, &[0, 2, 3])]
        {
            assert_eq!(covering_bigrams(run.clone()).collect::<Vec<_>>(), expected, "{run:?}");
        }
    }

    #[test]
    fn one_form_for_a_whole_number_or_designation() {
        for (text, expected) in [
            ("F-35", "f35"),
            ("Ｆ－３５战机", "f35"),
            ("COVID-19", "covid19"),
            ("Су-27", "су27"),
            ("2.0版", "2.0"),
            ("2,5 %", "2.5"),
            ("10,000", "10000"),
            ("1,234.5", "1234.5"),
            ("15-20", ""),
            ("2025-04-11", ""),
            ("well-known", ""),
            ("Ростов-на-Дону", ""),
            ("U.S.", ""),
            ("3, 4", ""),
            ("停火-2", ""),
            ("192.168.0.1.5", ""),
        ] {
            let mut form = String::new();
            push_compound(&Scan::new(text), 0, &mut form);
            assert_eq!(form, expected, "{text}");
        }
    }

    #[test]
    fn hyphenated_words() {
        let scan = Scan::new("the cross-border 44-ФЗ 15-20 Ростов-на-Дону a-b-c-d-e x -y 停-火");
        let found: Vec<_> =
            (0..scan.units().len()).filter_map(|at| Some((scan.folded(at), scan.hyphenated_at(at)?))).collect();
        assert_eq!(found, [("cross", 2), ("44", 2), ("ростов", 3)]);
    }

    #[test]
    fn only_the_first_part_begins_a_designation() {
        let scan = Scan::new("the F-35 jet");
        let found: Vec<_> = (0..4).map(|at| scan.compound_at(at)).collect();
        assert_eq!(found, [None, Some(("f35".to_owned(), 2)), None, None]);
    }

    proptest! {
        #[test]
        fn sources_lie_in_the_text_in_order(text in "\\PC{0,60}") {
            let scan = Scan::new(&text);
            let mut end = 0;
            for at in 0..scan.units().len() {
                let source = scan.source(at);
                prop_assert!(source.start >= end && source.end > source.start);
                prop_assert!(text.is_char_boundary(source.start) && text.is_char_boundary(source.end));
                end = source.end;
            }
            prop_assert!(end <= text.len());
        }

        #[test]
        fn a_folded_text_scans_to_itself(text in "[a-zA-Zа-яА-ЯёЁ停火協議0-9 ,.é-]{0,40}") {
            let scan = Scan::new(&text);
            let units: Vec<_> = (0..scan.units().len()).map(|at| scan.folded(at).to_owned()).collect();
            let again = Scan::new(&units.join(" "));
            let units_again: Vec<_> = (0..again.units().len()).map(|at| again.folded(at).to_owned()).collect();
            prop_assert_eq!(units, units_again);
        }

        #[test]
        fn a_quotation_has_its_terms_where_it_stands(before in "[a-z停火协议 ,0-9ж-]{0,8}", quoted in "[a-z停火协议 ,0-9ж-]{1,12}", after in "[a-z停火协议 ,0-9ж-]{0,8}") {
            // Blanks around it, so that the ends of the quotation are ends of words.
            let text = format!("{before} {quoted} {after}");
            let (scan, quotation) = (Scan::new(&text), Scan::new(&quoted));
            let start = Scan::new(&before).units().len();
            let mut scratch = String::new();
            let terms = quotation.quotation_terms();
            if quotation.units().len() == 1 && quotation.is_han(0) {
                return Ok(());
            }
            for (offset, term) in terms {
                let mut found = false;
                scan.terms_at(start + offset, &mut scratch, |candidate| found |= candidate == term);
                prop_assert!(found, "{} misses {} at {}", text, term, start + offset);
            }
        }
    }
}
