//! The marks of dialects within a line: links between notes, attributes, comments,
//! formulas, notes in the text.
//!
//! One pass over the bytes of a line. Each mark looks ahead a bounded number of
//! bytes. What only resembles a mark stays.

use std::ops::Range;

use super::super::footnotes::is_label;
use super::prepared::{Editor, Inserted};
use super::tex::{self, TexPart};
use crate::language::is_written_without_blanks;

/// The longest link, attribute or tag, in bytes.
const LONGEST_MARK: usize = 400;
/// The longest comment or highlighted text, in bytes.
const LONGEST_COMMENT: usize = 2_000;
/// The longest run of backticks that is looked for again.
const MOST_BACKTICKS: usize = 8;

/// Whether a line has a byte that can begin a mark.
pub(super) fn may_have_mark(line: &str) -> bool {
    line.bytes().any(|byte| BEGINS_MARK[usize::from(byte)])
}

/// The bytes that can begin a mark; most lines have none.
static BEGINS_MARK: [bool; 256] = table(b"[^%$={<");

/// The bytes at which a scan stops.
static STOPS: [bool; 256] = table(b"[^%$={<]!`\\");

const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// Edits the marks of a line.
pub(super) fn edit(line: Range<usize>, is_heading: bool, editor: &mut Editor<'_>) {
    let mut scan = Scan {
        source: editor.source,
        line: line.clone(),
        at: line.start,
        brackets: Vec::new(),
        highlight_end: None,
        unmatched: [false; MOST_BACKTICKS + 1],
        closed: None,
        is_heading,
        editor,
    };
    let bytes = scan.source.as_bytes();
    while let Some(next) = bytes[scan.at..line.end].iter().position(|&byte| STOPS[usize::from(byte)]) {
        scan.at += next;
        scan.step();
    }
}

struct Scan<'e, 's> {
    source: &'s str,
    line: Range<usize>,
    at: usize,
    /// The brackets that are open.
    brackets: Vec<usize>,
    /// The end of the highlighted text that is open.
    highlight_end: Option<usize>,
    /// The lengths of runs of backticks that have no second run.
    unmatched: [bool; MOST_BACKTICKS + 1],
    /// Where the bracket of each note in the text closes, if it was looked for.
    closed: Option<Vec<(usize, usize)>>,
    is_heading: bool,
    editor: &'e mut Editor<'s>,
}

impl Scan<'_, '_> {
    fn step(&mut self) {
        let rest = &self.source[self.at..self.line.end];
        let length = match rest.as_bytes()[0] {
            b'\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            b'`' => self.code(rest),
            b'!' if rest.starts_with("![[") => self.embed(rest).unwrap_or(1),
            b'[' => self.link(rest),
            b']' => self.end_of_bracket(rest),
            b'%' if rest.starts_with("%%") => self.comment(rest).unwrap_or(2),
            b'=' if rest.starts_with("==") => self.highlight(rest),
            b'^' => self.caret(rest),
            b'$' => self.formula(rest),
            b'{' => self.attributes_of_heading(rest).unwrap_or(1),
            b'<' => self.tag(rest),
            _ => 1,
        };
        self.at += length;
    }

    fn before(&self) -> Option<char> {
        self.source[self.line.start..self.at].chars().next_back()
    }

    fn cut(&mut self, offset: usize, length: usize) {
        self.editor.cut(self.at + offset..self.at + offset + length);
    }

    /// Passes over code.
    fn code(&mut self, rest: &str) -> usize {
        let count = rest.bytes().take_while(|&byte| byte == b'`').count();
        if count > MOST_BACKTICKS || self.unmatched[count] {
            return count;
        }
        let mut at = count;
        while let Some(found) = rest[at..].find('`') {
            let start = at + found;
            let run = rest[start..].bytes().take_while(|&byte| byte == b'`').count();
            at = start + run;
            if run == count {
                let attributes = attributes(&rest[at..]);
                self.cut(at, attributes.unwrap_or(0));
                return at + attributes.unwrap_or(0);
            }
        }
        self.unmatched[count] = true;
        count
    }

    /// Leaves out `![[…]]`: it shows another file.
    fn embed(&mut self, rest: &str) -> Option<usize> {
        let length = 3 + link_between_notes(&rest[3..])?.len() + 2;
        self.cut(0, length);
        Some(length)
    }

    /// Leaves the text of `[[target|text]]`.
    fn link(&mut self, rest: &str) -> usize {
        let inside = rest.strip_prefix("[[").and_then(link_between_notes);
        let Some(inside) = inside.filter(|inside| !rest[inside.len() + 4..].starts_with('(')) else {
            self.brackets.push(self.at);
            return 1;
        };
        let shown = inside.rfind('|').map_or(0, |bar| bar + 1);
        if shown > 0 {
            self.editor.targets.push(self.at + 2..self.at + 1 + shown);
        }
        self.cut(0, 2 + shown);
        self.cut(2 + inside.len(), 2);
        inside.len() + 4
    }

    /// Passes over the target of a link, and leaves out attributes: `[text](target){.class}`, `[text]{.class}`.
    fn end_of_bracket(&mut self, rest: &str) -> usize {
        let opened = self.brackets.pop();
        let target = rest.strip_prefix("](").and_then(|rest| within(rest, LONGEST_COMMENT).find(')'));
        let end = target.map_or(1, |target| target + 3);
        let Some(length) = attributes(&rest[end..]) else { return end };
        match (target, opened) {
            (None, Some(opened)) if self.editor.can_cut(opened) => {
                self.editor.cut(opened..opened + 1);
                self.cut(0, 1 + length);
            }
            (None, _) => return 1,
            (Some(_), _) => self.cut(end, length),
        }
        end + length
    }

    /// Leaves out `%%comment%%`.
    fn comment(&mut self, rest: &str) -> Option<usize> {
        let begins = self.before().is_none_or(|c| !c.is_ascii_digit())
            && !ends_in_number(&self.source[self.line.start..self.at]);
        let end = within(&rest[2..], LONGEST_COMMENT).find("%%").filter(|&end| begins && end > 0)?;
        self.cut(0, end + 4);
        Some(end + 4)
    }

    /// Leaves the text of `==text==`.
    fn highlight(&mut self, rest: &str) -> usize {
        let count = rest.bytes().take_while(|&byte| byte == b'=').count();
        if count == 2 && self.highlight_end == Some(self.at) {
            self.highlight_end = None;
            self.cut(0, 2);
        } else if count == 2
            && self.highlight_end.is_none()
            && self.before().is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, ')' | ']' | '"'))
            && !rest[2..].starts_with(char::is_whitespace)
        {
            let inside = within(&rest[2..], LONGEST_COMMENT);
            let end = inside.find("==").filter(|&end| end > 0 && !inside[..end].ends_with(char::is_whitespace));
            if let Some(end) = end.filter(|&end| !rest[end + 4..].starts_with('=') && !inside[..end].contains('`')) {
                self.highlight_end = Some(self.at + 2 + end);
                self.cut(0, 2);
            }
        }
        count
    }

    /// Reads a note in the text, `^[note]`, a raised mark, `^1^`, or the name of a block, ` ^a1b2c3`.
    fn caret(&mut self, rest: &str) -> usize {
        if rest.starts_with("^[") {
            return self.note(rest).unwrap_or(1);
        }
        if let Some(label) = rest[1..].split('^').next().filter(|label| label.len() <= 3 && is_label(label))
            && rest[1 + label.len()..].starts_with('^')
        {
            if self.before().is_some_and(|c| !c.is_ascii_alphanumeric()) {
                self.editor.insert(self.at, Inserted::Mark(label.to_owned()));
                self.cut(0, label.len() + 2);
            }
            return label.len() + 2;
        }
        let length = rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let name = &rest[1..1 + length];
        let is_name = (2..=64).contains(&length)
            && (name.contains(|c: char| c.is_ascii_digit()) || name.contains('-') || length >= 5)
            && rest[1 + length..].chars().all(char::is_whitespace);
        if is_name && self.before().is_none_or(char::is_whitespace) {
            self.cut(0, rest.len());
            return rest.len();
        }
        1
    }

    fn note(&mut self, rest: &str) -> Option<usize> {
        let closed = self.closed.get_or_insert_with(|| closed_brackets(self.source, self.line.clone()));
        let open = self.at + 1;
        let close = closed.binary_search_by_key(&open, |&(open, _)| open).ok().map(|at| closed[at].1)?;
        let inside = open + 1..close;
        let length = close + 1 - self.at;
        if self.source[inside.clone()].trim().is_empty() {
            return None;
        }
        // `^[1]^` is the raised mark of a note, not a note.
        let label = &self.source[inside.clone()];
        if is_label(label) {
            let caret = usize::from(rest[length..].starts_with('^'));
            self.editor.insert(self.at, Inserted::Mark(label.to_owned()));
            self.cut(0, length + caret);
            return Some(length + caret);
        }
        self.editor.insert(self.at, Inserted::Note(format!("^{open}"), inside));
        self.cut(0, length);
        Some(length)
    }

    /// Leaves the text of a simple formula.
    fn formula(&mut self, rest: &str) -> usize {
        let dollars = if rest.starts_with("$$") { 2 } else { 1 };
        let inside = within(&rest[dollars..], tex::LONGEST);
        let Some(end) = inside.find('$').filter(|&end| rest[dollars + end..].starts_with(&rest[..dollars])) else {
            return dollars;
        };
        let length = end + 2 * dollars;
        let behind = rest[length..].chars().next();
        if behind.is_some_and(|c| c.is_ascii_digit()) || rest[..dollars + end].ends_with('\\') {
            return dollars;
        }
        let Some(parts) = tex::read(&inside[..end], self.before()) else { return dollars };
        // Between characters that are written without blanks, those of a converter mean nothing.
        let above = &self.source[self.line.start..self.at];
        let is_close = |c: Option<char>| c.is_some_and(is_written_without_blanks);
        if above.ends_with(' ') && is_close(above.trim_end().chars().next_back()) && self.editor.can_cut(self.at - 1) {
            self.editor.cut(self.at - 1..self.at);
        }
        let below = &rest[length..];
        let blank = usize::from(below.starts_with(' ') && is_close(below.trim_start().chars().next()));
        self.cut(0, dollars);
        let mut done = 0;
        for part in parts {
            let start = self.at + dollars;
            match part {
                TexPart::Kept(range) => {
                    self.editor.cut(start + done..start + range.start);
                    done = range.end;
                    // What is kept is the next that is not cut.
                }
                TexPart::Sign(sign) => self.editor.replace(start + done..start + done, sign),
                TexPart::Mark(label) => self.editor.insert(start + done, Inserted::Mark(label)),
            }
        }
        self.editor.cut(self.at + dollars + done..self.at + length + blank);
        length + blank
    }

    /// Leaves out `{#id .class}` at the end of a heading.
    fn attributes_of_heading(&mut self, rest: &str) -> Option<usize> {
        let length = attributes(rest).filter(|&length| self.is_heading && rest[length..].trim_start().is_empty())?;
        self.cut(0, length);
        Some(length)
    }

    /// Leaves out an anchor: `<span id="page-1-0"></span>`.
    fn tag(&mut self, rest: &str) -> usize {
        match anchor(rest) {
            Some(length) => {
                self.cut(0, length);
                length
            }
            None => 1,
        }
    }
}

/// Returns the length of an empty `<span id="page-1-0"></span>` or `<a id="x"></a>` at the beginning of a text.
pub(super) fn anchor(text: &str) -> Option<usize> {
    let name = ["span", "a"]
        .into_iter()
        .find(|name| text[1..].strip_prefix(name).is_some_and(|behind| behind.starts_with([' ', '>'])))?;
    let end = within(text, LONGEST_MARK).find('>')? + 1;
    let close = text[end..].strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
    Some(text.len() - close.len())
}

/// Returns the beginning of a text, up to a number of bytes.
fn within(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns the inside of a link between notes, up to its `]]`.
fn link_between_notes(text: &str) -> Option<&str> {
    let inside = &text[..within(text, LONGEST_MARK).find("]]")?];
    let is_link = !inside.is_empty()
        && !inside.starts_with(char::is_whitespace)
        && !inside.contains(['[', ']'])
        && !is_label(inside);
    is_link.then_some(inside)
}

/// Returns the length of `{#id .class key="value"}` at the beginning of a text.
fn attributes(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('{')?;
    let mut quoted = false;
    let end = within(inside, LONGEST_MARK).find(|c: char| {
        quoted ^= c == '"';
        c == '}' && !quoted
    })?;
    let inside = &inside[..end];
    let is_value =
        |part: &str| part.starts_with(['#', '.', '=', '-']) && part.len() > 1 || part == "-" || part.contains('=');
    // The words of a quoted value stand behind its key.
    let first = inside.split_whitespace().next().unwrap_or_default();
    let outside: String = inside.split('"').step_by(2).collect();
    (is_value(first) && outside.split_whitespace().all(is_value)).then_some(end + 2)
}

fn ends_in_number(text: &str) -> bool {
    text.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

/// Returns where the bracket of each `^[` of a line is closed, in the order of the line.
fn closed_brackets(source: &str, line: Range<usize>) -> Vec<(usize, usize)> {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for (at, byte) in source.as_bytes()[line.clone()].iter().enumerate() {
        match byte {
            b'[' => open.push(line.start + at),
            b']' => {
                if let Some(open) = open.pop().filter(|&open| open > line.start && source.as_bytes()[open - 1] == b'^')
                {
                    closed.push((open, line.start + at));
                }
            }
            _ => {}
        }
    }
    closed.sort_unstable();
    closed
}
