//! The dialects of converters and note-takers, respelled for the parser.
//!
//! Pandoc, marker, MinerU, Obsidian and others write what CommonMark does not
//! know. One pass over the lines, before the parser: what is not shown is left
//! out, what has another spelling there gets the usual one, and tables of other
//! kinds are read here. Code stays as it is.

use std::borrow::Cow;
use std::ops::Range;

use super::super::lines::Lines;
use super::inline;
use super::prepared::{Editor, Inserted, Prepared};
use super::tables::{self, line_at};

/// The deepest column, in bytes, at which a mark of a quotation or list in its line still counts.
const DEEPEST_MARK: usize = 200;

/// Fences whose lines are questions to a program and show nothing.
const QUERIES: [&str; 3] = ["dataview", "dataviewjs", "query"];

/// Returns the text for the parser, from a byte of the source on.
pub(super) fn prepare<'s>(source: &'s str, start: usize, lines: &Lines) -> Prepared<'s> {
    let mut pass = Pass {
        source,
        lines,
        editor: Editor::new(source, start),
        fence: None,
        above: Above::Blank,
        has_comments: true,
        has_deep_marks: false,
    };
    let mut at = start;
    while at < source.len() {
        at = pass.line(at);
    }
    let (editor, has_deep_marks) = (pass.editor, pass.has_deep_marks);
    let mut prepared = editor.finish();
    if has_deep_marks {
        without_deep_marks(&mut prepared.text);
    }
    prepared
}

/// What stands above a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Above {
    Blank,
    Text,
}

struct Pass<'s, 'l> {
    source: &'s str,
    lines: &'l Lines,
    editor: Editor<'s>,
    /// The character and length of the open fence of code.
    fence: Option<(u8, usize)>,
    above: Above,
    /// Whether a `%%` on a line of its own may be closed by another.
    has_comments: bool,
    /// Whether a line begins with more marks than count.
    has_deep_marks: bool,
}

impl Pass<'_, '_> {
    /// Edits the line at a byte, and returns the beginning of the next that is to be edited.
    fn line(&mut self, start: usize) -> usize {
        let (line, next) = line_at(self.source, start);
        let text = &self.source[line.clone()];
        let Some(first) = text.trim_start().bytes().next() else {
            self.above = Above::Blank;
            return next;
        };
        let above = std::mem::replace(&mut self.above, Above::Text);
        self.has_deep_marks |= marks_of(text.as_bytes()) > DEEPEST_MARK;
        if matches!(first, b'`' | b'~') && self.is_fence(text.trim_start()) {
            return self.query(line, next).unwrap_or(next);
        }
        if self.fence.is_some() {
            return next;
        }
        if above == Above::Blank
            && let Some(next) = self.table(first, line.clone(), next)
        {
            self.above = Above::Blank;
            return next;
        }
        let line = self.without_anchors(line);
        let is_heading = match self.source[line.clone()].bytes().next() {
            Some(b'#') => self.heading(line.clone()),
            Some(b':') => {
                if self.division(line.clone(), above) {
                    self.above = Above::Blank;
                    return next;
                }
                false
            }
            Some(b'{') if self.page(line.clone()) => {
                self.above = Above::Blank;
                return next;
            }
            Some(b'%') => match self.comment(line.clone(), next) {
                Some(next) => return next,
                None => false,
            },
            Some(b'>') => {
                let inside = self.callout(line.clone(), next);
                if inside > line.start {
                    inline::edit(inside..line.end, false, &mut self.editor);
                    return next;
                }
                false
            }
            _ => false,
        };
        if inline::may_have_mark(&self.source[line.clone()]) {
            inline::edit(line, is_heading, &mut self.editor);
        }
        next
    }

    /// Opens or closes a fence of code; returns whether the line is one that opens.
    fn is_fence(&mut self, shown: &str) -> bool {
        let character = shown.as_bytes()[0];
        let length = shown.bytes().take_while(|&byte| byte == character).count();
        let info = &shown[length..];
        match self.fence {
            Some((open, least)) => {
                if open == character && length >= least && info.trim().is_empty() {
                    self.fence = None;
                }
                false
            }
            None => {
                let opens = length >= 3 && !(character == b'`' && info.contains('`'));
                if opens {
                    self.fence = Some((character, length));
                }
                opens
            }
        }
    }

    /// Leaves out a fence that asks a program.
    fn query(&mut self, line: Range<usize>, next: usize) -> Option<usize> {
        let shown = self.source[line.clone()].trim_start().trim_start_matches(['`', '~']).trim();
        QUERIES.contains(&shown).then_some(())?;
        let mut at = next;
        while at < self.source.len() {
            let (inside, next) = line_at(self.source, at);
            let text = self.source[inside.clone()].trim_start();
            if text.starts_with(['`', '~']) {
                self.is_fence(text);
            }
            if self.fence.is_none() {
                self.editor.cut(line.start..inside.end);
                return Some(next);
            }
            at = next;
        }
        None
    }

    /// Reads a table of Pandoc.
    fn table(&mut self, first: u8, line: Range<usize>, next: usize) -> Option<usize> {
        let (blocks, end) = match first {
            b'+' => tables::grid(self.source, line.start, self.lines)?,
            _ if tables::may_begin_simple(self.source, line.clone(), next) => {
                tables::simple(self.source, line.start, self.lines)?
            }
            _ => return None,
        };
        self.editor.insert(line.start, Inserted::Blocks(blocks));
        self.editor.cut(line.start..end);
        Some(line_at(self.source, end).1)
    }

    /// Leaves out anchors at the beginning of a line, and returns what is behind them.
    fn without_anchors(&mut self, line: Range<usize>) -> Range<usize> {
        let mut start = line.start;
        while self.source[start..line.end].starts_with('<')
            && let Some(length) = inline::anchor(&self.source[start..line.end])
        {
            let rest = &self.source[start + length..line.end];
            let end = line.end - rest.trim_start().len();
            self.editor.cut(start..end);
            start = end;
        }
        start..line.end
    }

    /// Puts a blank behind the `##` of a heading that forgot it. Returns whether the line is a heading.
    fn heading(&mut self, line: Range<usize>) -> bool {
        let text = &self.source[line.clone()];
        let level = text.bytes().take_while(|&byte| byte == b'#').count();
        let Some(first) = text[level..].chars().next() else { return false };
        // `#word` is a tag, `#[` the beginning of code.
        let is_forgotten =
            (2..=6).contains(&level) && (first.is_alphanumeric() || matches!(first, '*' | '（' | '(' | '【' | '“'));
        if is_forgotten || (level <= 6 && first == '\u{3000}') {
            self.editor.replace(line.start + level..line.start + level, " ");
        }
        level <= 6 && (is_forgotten || first.is_whitespace())
    }

    /// Leaves out a `:::` of Pandoc and its attributes, keeping a title, and the `:` of a definition below a blank line.
    fn division(&mut self, line: Range<usize>, above: Above) -> bool {
        let text = &self.source[line.clone()];
        let colons = text.bytes().take_while(|&byte| byte == b':').count();
        let inside = text[colons..].trim().trim_end_matches(':').trim_end();
        if colons >= 3 {
            let is_attribute = inside.starts_with('{') && inside.ends_with('}');
            let (class, title) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            let is_class = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            let title = title.trim();
            if !is_attribute && !is_class {
                return false;
            }
            let kept = if is_attribute || title.starts_with('{') { 0 } else { title.len() };
            let end = line.start + text.rfind(title).filter(|_| kept > 0).unwrap_or(text.len());
            // A blank line on either side parts it from the text around.
            self.editor.replace(line.start..end, "\n");
            if kept > 0 {
                self.editor.replace(end + kept..line.end, "\n");
            }
            return true;
        }
        let blanks = text[colons..].len() - text[colons..].trim_start().len();
        if colons == 1 && blanks > 0 && above == Above::Blank {
            self.editor.cut(line.start..line.start + colons + blanks);
        }
        false
    }

    /// Reads marker's `{12}--------`: page 13 begins.
    fn page(&mut self, line: Range<usize>) -> bool {
        let text = self.source[line.clone()].trim_end();
        let Some((number, rule)) = text[1..].split_once('}') else { return false };
        let page = number.parse::<u32>().ok().and_then(|page| page.checked_add(1));
        let is_rule = rule.len() >= 3 && rule.bytes().all(|byte| byte == b'-');
        let Some(page) = page.filter(|_| is_rule) else { return false };
        self.editor.insert(line.start, Inserted::Page(page));
        self.editor.replace(line, "\n");
        true
    }

    /// Leaves out what stands between two lines of `%%`.
    fn comment(&mut self, line: Range<usize>, next: usize) -> Option<usize> {
        let is_fence = |line: Range<usize>| self.source[line].trim_end() == "%%";
        if !self.has_comments || !is_fence(line.clone()) {
            return None;
        }
        let mut at = next;
        while at < self.source.len() {
            let (inside, next) = line_at(self.source, at);
            if is_fence(inside.clone()) {
                self.editor.cut(line.start..inside.end);
                return Some(next);
            }
            at = next;
        }
        self.has_comments = false;
        None
    }

    /// Leaves out the `[!note]` of a callout; its title is a paragraph. Returns the beginning of what is left.
    fn callout(&mut self, line: Range<usize>, next: usize) -> usize {
        let text = &self.source[line.clone()];
        let quote = text.len() - text.trim_start_matches(['>', ' ']).len();
        let Some(inside) = text[quote..].strip_prefix("[!") else { return line.start };
        let Some((kind, title)) = inside.split_once(']') else { return line.start };
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '|');
        let ends = title.is_empty() || title.starts_with(['+', '-', ' ']);
        let is_kind = ends && !kind.is_empty() && kind.len() <= 30 && kind.chars().all(is_name);
        if !is_kind {
            return line.start;
        }
        let title = title.strip_prefix(['+', '-']).unwrap_or(title).trim_start();
        let begin = line.end - title.len();
        self.editor.cut(line.start + quote..begin);
        if !title.trim().is_empty() && next < self.source.len() {
            inline::edit(begin..line.end, false, &mut self.editor);
            self.editor.replace(line.end..line.end, &format!("\n{}", &text[..quote]));
            return line.end;
        }
        begin
    }
}

/// Replaces the marks of quotations and lists that stand too deep in their line by blanks.
///
/// At each line the parser checks every open quotation and list, so a file with a hundred thousand open ones would
/// practically never be read to its end.
fn without_deep_marks(text: &mut Cow<'_, str>) {
    let mut start = 0;
    while start < text.len() {
        let (line, next) = line_at(text, start);
        let bytes = &text.as_bytes()[line.clone()];
        let marks = marks_of(bytes);
        if marks > DEEPEST_MARK {
            // The bracket is that of a note.
            let bracket = usize::from(bytes.get(marks) == Some(&b'['));
            let deep = start + DEEPEST_MARK..start + marks + bracket;
            let blanks = text[deep.clone()].replace(['>', '-', '*', '+', '.', ')', '['], " ");
            text.to_mut().replace_range(deep, &blanks);
        }
        start = next;
    }
}

/// Returns the number of bytes at the beginning of a line that can be marks of quotations and lists.
fn marks_of(line: &[u8]) -> usize {
    line.iter().take_while(|byte| b" \t>-*+.)0123456789".contains(byte)).count()
}
