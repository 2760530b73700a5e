//! Footnotes: which blocks are notes, and which mark cites which note.
//!
//! Numbers start again on every page, so a mark cites the next note with its
//! label below it. If there is no such note (`[^1]` notes can stand anywhere),
//! it cites the last one above. A mark without a note stays a mark. Linear, but
//! for one binary search among the notes of a label.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::blocks::{Block, BlockKind, Mark};
use super::halves::is_han;

/// Headings of lists of notes.
const NOTE_HEADINGS: [&str; 14] = [
    "注释",
    "注釋",
    "参考文献",
    "參考文獻",
    "примечания",
    "сноски",
    "литература",
    "список литературы",
    "источники",
    "notes",
    "endnotes",
    "references",
    "bibliography",
    "works cited",
];

/// Turns paragraphs that are notes into notes.
///
/// A paragraph that begins with a label is a note if it stands below a page
/// break or under a heading of notes, if its number follows that of the note
/// above it, or if a mark with its label stands above and has no note yet.
pub(super) fn find_notes(blocks: &mut [Block]) {
    let mut waiting: HashSet<String> = HashSet::new();
    let (mut below_break, mut under_heading) = (false, false);
    // The number that follows that of the last note.
    let mut next_number: Option<u32> = None;
    for block in blocks {
        match &block.kind {
            BlockKind::PageBreak => below_break = true,
            BlockKind::Heading(_) => {
                under_heading = is_note_heading(&block.text);
                (below_break, next_number) = (false, None);
            }
            BlockKind::Paragraph | BlockKind::Item => {
                let label = label_of(&block.text, under_heading);
                let is_next = |label: &String| next_number.is_some() && label.parse().ok() == next_number;
                let is_note =
                    |label: &String| below_break || under_heading || is_next(label) || waiting.contains(label);
                match label.filter(is_note) {
                    Some(label) => {
                        waiting.remove(&label);
                        next_number = label.parse().ok().map(|number: u32| number + 1);
                        block.kind = BlockKind::Note(label);
                        block.marks.clear();
                    }
                    None => (below_break, next_number) = (false, None),
                }
            }
            BlockKind::Note(_) | BlockKind::Table | BlockKind::Metadata | BlockKind::Abstract => {}
        }
        if !matches!(block.kind, BlockKind::Note(_)) {
            let plain = plain_marks(&block.text).into_iter().map(|(_, label)| label);
            waiting.extend(block.marks.iter().map(|mark| mark.label.clone()).chain(plain));
        }
    }
}

fn is_note_heading(heading: &str) -> bool {
    let squeezed: String = heading.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    NOTE_HEADINGS.iter().any(|known| squeezed == known.replace(' ', ""))
}

/// Returns the label at the beginning of a paragraph: `[1]`, `［1］`, `①`, `¹`; if `is_listed` (under a heading of
/// notes), also `1.` and `1)`.
pub(super) fn label_of(text: &str, is_listed: bool) -> Option<String> {
    let first = text.chars().next()?;
    if let Some(number) = single_character_label(first) {
        return Some(number);
    }
    if matches!(first, '[' | '［' | '〔') {
        let inside = &text[first.len_utf8()..];
        let end = inside.find([']', '］', '〕'])?;
        return is_label(&inside[..end]).then(|| plain_digits(&inside[..end]));
    }
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let is_numbered = is_listed && (1..=3).contains(&end) && text[end..].starts_with(['.', ')', ' ']);
    is_numbered.then(|| text[..end].to_owned())
}

/// Whether a text can be the label of a note: up to three digits, or stars.
pub(super) fn is_label(text: &str) -> bool {
    let count = text.chars().count();
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    (1..=3).contains(&count) && (text.chars().all(is_digit) || text.chars().all(|c| matches!(c, '*' | '†' | '‡')))
}

/// Returns a label with plain digits for full-width ones.
pub(super) fn plain_digits(label: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        c => c,
    };
    label.chars().map(plain).collect()
}

/// Returns the number of a character that is a whole label: `①`, `³`.
pub(super) fn single_character_label(c: char) -> Option<String> {
    let number = match c {
        '①'..='⑳' => c as u32 - '①' as u32 + 1,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴'..='⁹' => c as u32 - '⁴' as u32 + 4,
        _ => return None,
    };
    Some(number.to_string())
}

/// Sets [`Mark::note`] of each mark: the index of its note among the blocks.
pub(super) fn tie(blocks: &mut [Block]) {
    let mut notes: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, block) in blocks.iter().enumerate() {
        if let BlockKind::Note(label) = &block.kind {
            notes.entry(label.clone()).or_default().push(at);
        }
    }
    for (at, block) in blocks.iter_mut().enumerate() {
        for mark in &mut block.marks {
            mark.note = notes.get(&mark.label).and_then(|places| nearest(places, at));
        }
    }
}

fn nearest(places: &[usize], at: usize) -> Option<usize> {
    let below = places.partition_point(|&place| place <= at);
    places.get(below).or_else(|| places[..below].last()).copied()
}

/// Removes marks in plain characters, `[1]` or `①`, from the running text and keeps them as marks, if there is a note
/// with their label. Raised numbers that can be nothing but marks go in any case: they would hide the word before them.
pub(super) fn lift_plain_marks(blocks: &mut [Block]) {
    let note_label = |block: &Block| match &block.kind {
        BlockKind::Note(label) => Some(label.clone()),
        _ => None,
    };
    let labels: HashSet<String> = blocks.iter().filter_map(note_label).collect();
    for block in blocks {
        let is_text = matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading(_));
        if is_text && (!labels.is_empty() || has_raised_digit(&block.text)) {
            let mut found = plain_marks(&block.text);
            found.retain(|(range, label)| labels.contains(label) || is_surely_mark(&block.text, range));
            for (range, _) in &mut found {
                // Of the two blanks around a mark one is left.
                let is_between = block.text[range.end..].starts_with([' ', ',', '.', ';', ':']);
                range.start -= usize::from(is_between && range.start > 1 && block.text[..range.start].ends_with(' '));
            }
            block.lift(&found);
        }
    }
}

/// Returns the ranges of marks in plain characters, each with its label. The first character begins no mark:
/// there it is the label of a note.
fn plain_marks(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    if !may_have_mark(text) {
        return found;
    }
    for (at, c) in text.char_indices().skip(1) {
        // The digits of a raised number are read with its first.
        if found.last().is_none_or(|(last, _)| last.end <= at)
            && let Some((length, label)) = mark_at(text, at, c)
        {
            found.push((at..at + length, label));
        }
    }
    found
}

/// Returns the length and label of the mark that begins at a character.
fn mark_at(text: &str, at: usize, c: char) -> Option<(usize, String)> {
    match c {
        '[' | '［' | '〔' => {
            let inside = &text[at + c.len_utf8()..];
            let (end, close) = inside.char_indices().take(4).find(|(_, c)| matches!(c, ']' | '］' | '〕'))?;
            is_label(&inside[..end]).then(|| (c.len_utf8() + end + close.len_utf8(), plain_digits(&inside[..end])))
        }
        _ if raised_digit(c).is_some() => {
            let before = &text[..at];
            let digits = text[at..].chars().map_while(raised_digit);
            let label: String = digits.clone().collect();
            let length = text[at..].chars().map_while(|c| raised_digit(c).map(|_| c.len_utf8())).sum();
            let is_inside = before.chars().next_back().and_then(raised_digit).is_some();
            let is_power = matches!(&*label, "2" | "3") && is_measure(before);
            (!is_inside && !is_power && label.len() <= 3).then_some((length, label))
        }
        _ => single_character_label(c).map(|label| (c.len_utf8(), label)),
    }
}

/// Returns the digit that a raised one stands for.
fn raised_digit(c: char) -> Option<char> {
    match c {
        '¹' => Some('1'),
        '²' => Some('2'),
        '³' => Some('3'),
        '⁰' | '⁴'..='⁹' => char::from_digit(c as u32 - '⁰' as u32, 10),
        _ => None,
    }
}

/// The shortest word of which a raised number is no power: most units of measure, and variables, are shorter.
const LEAST_MARKED_WORD: usize = 4;
/// Units that are not.
const MEASURES: [&str; 10] = ["метр", "метров", "миль", "mile", "miles", "metre", "metres", "meter", "meters", "feet"];

/// Whether a text ends in a unit of measure, a variable or a number, of which a raised number is the power.
fn is_measure(before: &str) -> bool {
    let start = before.char_indices().rev().take_while(|(_, c)| c.is_alphanumeric() && !is_han(*c)).last();
    let word = start.map_or("", |(at, _)| &before[at..]);
    let is_short = word.chars().count() < LEAST_MARKED_WORD || word.contains(|c: char| c.is_numeric());
    before.ends_with(['米', '里', '尺', ')', '）']) || (!word.is_empty() && is_short) || MEASURES.contains(&word)
}

/// Whether a mark can be nothing else although it has no note: a raised number behind a word or the end of a sentence.
fn is_surely_mark(text: &str, mark: &Range<usize>) -> bool {
    let before = &text[..mark.start];
    let is_raised = text[mark.clone()].chars().all(|c| raised_digit(c).is_some());
    let goes_on = text[mark.end..].starts_with(char::is_alphanumeric) && !text[mark.end..].starts_with(is_han);
    let is_behind = before.ends_with(|c: char| c.is_alphabetic() || ".,;:!?…”»。，；：！？》".contains(c));
    is_raised && is_behind && !goes_on && !is_measure(before)
}

/// What may be the mark of a note in a text that somebody copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteMark {
    /// Where it stands, with the blank before it.
    pub range: Range<usize>,
    /// Its label.
    pub label: String,
    /// Whether it is raised or circled, so that it is hardly anything else.
    pub is_raised: bool,
}

/// Returns what may be marks of notes in a copied text, in order: `[7]`, `[^7]`, `[7, 9]`, `①`, `¹`, `<sup>2</sup>`. Articles
/// whose notes have such labels do not have them in their texts.
pub fn note_marks(text: &str) -> Vec<NoteMark> {
    let mut marks: Vec<NoteMark> = Vec::new();
    // A mark at the beginning is the label of the note that was copied.
    let start = text.find(|c: char| c.is_alphabetic()).unwrap_or(text.len());
    for (at, c) in text[start..].char_indices().map(|(at, c)| (start + at, c)) {
        if marks.last().is_some_and(|mark| at < mark.range.end) {
            continue;
        }
        let found = match c {
            '<' => superscript_at(&text[at..]).map(|(length, label)| (length, label, true)),
            '[' => bracketed_at(&text[at..]).map(|(length, label)| (length, label, false)),
            _ => mark_at(text, at, c).map(|(length, label)| (length, label, !matches!(c, '［' | '〔'))),
        };
        if let Some((length, label, is_raised)) = found {
            let start = text[..at].trim_end_matches([' ', '\u{a0}']).len();
            let start = marks.last().map_or(start, |mark| start.max(mark.range.end));
            marks.push(NoteMark { range: start..at + length, label, is_raised });
        }
    }
    marks
}

/// Reads `<sup>2</sup>`, with or without brackets inside.
fn superscript_at(text: &str) -> Option<(usize, String)> {
    let inside = text.strip_prefix("<sup>")?;
    let end =
        inside.char_indices().take(LONGEST_MARK).map(|(at, _)| at).find(|&at| inside[at..].starts_with("</sup>"))?;
    let label = inside[..end].trim_matches(['[', ']', '［', '］', ' ']);
    is_list_of_labels(label).then(|| ("<sup></sup>".len() + end, plain_digits(label)))
}

/// Reads `[7]`, `[^7]`, `[7, 9]`, `[7–9]`.
fn bracketed_at(text: &str) -> Option<(usize, String)> {
    let inside = &text[1..];
    let (end, _) = inside.char_indices().take(LONGEST_MARK).find(|(_, c)| *c == ']')?;
    let label = inside[..end].trim_start_matches('^');
    is_list_of_labels(label).then(|| (end + 2, plain_digits(label)))
}

/// The longest mark of several notes, in characters.
const LONGEST_MARK: usize = 24;

fn is_list_of_labels(text: &str) -> bool {
    text.split([',', '，', '-', '–']).all(|label| {
        let label = label.trim();
        is_label(label) || (label.chars().count() == 1 && label.chars().all(|c| single_character_label(c).is_some()))
    })
}

/// Whether a text can have a raised digit: these are their first two bytes.
fn has_raised_digit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let may_have = bytes.contains(&0xc2) || bytes.contains(&0xe2);
    may_have && bytes.windows(2).any(|bytes| matches!(bytes, [0xc2, 0xb2 | 0xb3 | 0xb9] | [0xe2, 0x81]))
}

/// Whether a text has a byte that can begin a mark. Most texts have none, and a search of bytes is quick.
fn may_have_mark(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins_mark = |at: usize| match bytes[at] {
        b'[' | 0xc2 => true,
        0xe2 => matches!(bytes.get(at + 1), Some(0x81 | 0x91)),
        0xe3 => bytes[at..].starts_with("〔".as_bytes()),
        0xef => bytes[at..].starts_with("［".as_bytes()),
        _ => false,
    };
    (0..bytes.len()).any(begins_mark)
}

impl Block {
    /// Removes ranges from the running text and keeps them as marks.
    fn lift(&mut self, found: &[(Range<usize>, String)]) {
        if found.is_empty() {
            return;
        }
        let marks = found.iter().map(|(range, label)| Mark { offset: range.start, label: label.clone(), note: None });
        self.marks.extend(marks);
        let ranges: Vec<Range<usize>> = found.iter().map(|(range, _)| range.clone()).collect();
        self.remove(&ranges);
        self.marks.sort_by_key(|mark| mark.offset);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};
    use super::*;

    /// Checks the text of a paragraph with these notes below it.
    fn check(paragraph: &str, notes: &str, expected: &str) {
        for syntax in [Syntax::Markdown, Syntax::Plain] {
            let article = parse(&format!("# Заметки\n\n{paragraph}\n\nКонец.\n\n{notes}\n"), syntax);
            assert_eq!(article.passages[1].text, expected, "{syntax:?} {paragraph}");
        }
    }

    #[test]
    fn a_mark_goes_where_it_can_be_nothing_else() {
        for (paragraph, notes, expected) in [
            ("The fleet grew sharply¹ in May.", "", "The fleet grew sharply in May."),
            ("Флот вырос¹² весной.³", "", "Флот вырос весной."),
            ("船队规模⁴继续扩大。", "", "船队规模继续扩大。"),
            ("The policy² holds, E=mc² too.", "² Smith, 2019.", "The policy holds, E=mc² too."),
            ("площадью 20 км², 30 м³ и 40 метров²", "", "площадью 20 км², 30 м³ и 40 метров²"),
            ("面积为二十平方米²左右", "", "面积为二十平方米²左右"),
            ("about 10⁵ and x² + (a + b)²", "", "about 10⁵ and x² + (a + b)²"),
            ("по пункту [7] договора", "", "по пункту [7] договора"),
            ("包括①引航②拖带", "", "包括①引航②拖带"),
            ("в работах [7] [8] и [9].", "[7] А. Б.\n\n[8] В. Г.\n\n[9] Д. Е.", "в работах и."),
            ("规则先行①是前提", "① 王某：《规则》。", "规则先行是前提"),
        ] {
            check(paragraph, notes, expected);
        }
    }

    #[test]
    fn marks_in_what_was_copied() {
        for (text, expected) in [
            ("Методы работ [7] и [9] дополняют", "Методы работ{7} и{9} дополняют"),
            ("通航期延长[2]，沿岸", "通航期延长{2}，沿岸"),
            ("“规则先行”①是前提", "“规则先行”{+1}是前提"),
            ("sharply¹² in May", "sharply{+12} in May"),
            ("战争。<sup>[1]</sup>俄罗斯 a[^3]", "战争。{+1}俄罗斯 a{3}"),
            ("как в [7, 9] и [3–5]", "как в{7, 9} и{3–5}"),
            ("20 м², E=mc², <b>2</b>, [см. 7]", "20 м², E=mc², <b>2</b>, [см. 7]"),
            ("[2] 乙：《航》[3]。", "[2] 乙：《航》{3}。"),
            ("", ""),
        ] {
            let (mut shown, mut end) = (String::new(), 0);
            for mark in note_marks(text) {
                let raised = if mark.is_raised { "+" } else { "" };
                shown += &format!("{}{{{raised}{}}}", &text[end..mark.range.start], mark.label);
                end = mark.range.end;
            }
            assert_eq!(shown + &text[end..], expected);
        }
    }
}
