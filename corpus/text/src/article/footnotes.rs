//! Footnotes: which blocks are notes, and which mark cites which note.
//!
//! Numbers start again on every page, so a mark cites the next note with its
//! label below it. If there is no such note (`[^1]` notes can stand anywhere),
//! it cites the last one above. A mark without a note stays a mark. Linear, but
//! for one binary search among the notes of a label.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::blocks::{Block, BlockKind, Mark};

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

/// Removes marks in plain characters, `[1]` or `①`, from the running text and
/// keeps them as marks, if there is a note with their label.
pub(super) fn lift_plain_marks(blocks: &mut [Block]) {
    let note_label = |block: &Block| match &block.kind {
        BlockKind::Note(label) => Some(label.clone()),
        _ => None,
    };
    let labels: HashSet<String> = blocks.iter().filter_map(note_label).collect();
    for block in blocks {
        if !labels.is_empty() && matches!(block.kind, BlockKind::Paragraph | BlockKind::Item | BlockKind::Heading(_)) {
            let mut found = plain_marks(&block.text);
            found.retain(|(_, label)| labels.contains(label));
            block.lift(&found);
        }
    }
}

/// Returns the ranges of marks in plain characters, each with its label. The first character begins no mark:
/// there it is the label of a note.
fn plain_marks(text: &str) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    if !may_have_mark(text) {
        return found;
    }
    for (at, c) in text.char_indices().skip(1) {
        let bracketed = || {
            let inside = &text[at + c.len_utf8()..];
            let (end, close) = inside.char_indices().take(4).find(|(_, c)| matches!(c, ']' | '］' | '〕'))?;
            is_label(&inside[..end]).then(|| (plain_digits(&inside[..end]), c.len_utf8() + end + close.len_utf8()))
        };
        // A raised 2 or 3 behind a letter is far more often part of a unit or formula.
        let is_power = || matches!(c, '²' | '³') && text[..at].ends_with(char::is_alphanumeric);
        let mark = match c {
            '[' | '［' | '〔' => bracketed(),
            _ => single_character_label(c).filter(|_| !is_power()).map(|label| (label, c.len_utf8())),
        };
        found.extend(mark.map(|(label, length)| (at..at + length, label)));
    }
    found
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
