//! Markdown: the blocks of a source, each byte with its offset in the source.
//!
//! `dialects` respells what CommonMark does not know, pulldown-cmark finds the
//! blocks, and this file turns its events into running text; `html` reads tags.
//! Where CommonMark and real articles disagree, the articles win: a line above
//! `---` is a heading only with evidence, a numbered item keeps its number, and
//! lines that CommonMark takes for link definitions stay text.

mod dialects;
mod html;
mod inline;
mod prepared;
mod tables;
mod targets;
mod tex;
mod underline;

use std::iter::Peekable;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use self::html::Html;
use self::prepared::{Insert, Inserted, Part, Prepared};
use self::underline::Dashes;
use super::blocks::{Block, BlockKind};
use super::footnotes::{is_label, label_of, plain_digits, single_character_label};
use super::lines::Lines;
use super::plain;
use super::running_text::{Join, RunningText};

/// Rows of a table are one passage up to about this many bytes.
const TABLE_BYTES: usize = 1_200;

/// Reads the blocks of a Markdown source from a byte on.
pub(super) fn read(source: &str, start: usize, lines: &Lines, blocks: &mut Vec<Block>) {
    let mut prepared = dialects::prepare(source, start, lines);
    let inserts = std::mem::take(&mut prepared.inserts);
    let mut reader = Reader::new(source, &prepared, inserts, lines);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(&prepared.text, options).into_offset_iter() {
        reader.event(event, range);
    }
    reader.leave_gap(prepared.text.len());
    reader.insert_before(prepared.text.len() + 1);
    reader.flush();
    blocks.append(&mut reader.blocks);
    blocks.extend(targets::block(source, &prepared, reader.targets, lines));
}

struct Reader<'s> {
    source: &'s str,
    prepared: &'s Prepared<'s>,
    /// The text given to the parser. Offsets are those of this text.
    parsed: &'s str,
    /// What stands in the text without being part of it, from the current place on.
    inserts: Peekable<std::vec::IntoIter<Insert>>,
    /// The notes that stand in the paragraph that is being read.
    inner_notes: Vec<(String, Range<usize>)>,
    lines: &'s Lines,
    blocks: Vec<Block>,
    text: RunningText<'s>,
    kind: BlockKind,
    /// The labels of the notes that are open.
    notes: Vec<String>,
    /// The page, from the last comment that gives one.
    page: Option<u32>,
    /// The number of open tags.
    depth: usize,
    /// The end of the part of the text that has become blocks.
    done: usize,
    /// The range of the number of a list item, which goes before its first text.
    marker: Option<Range<usize>>,
    /// The offset in the text at which an open `<sup>` began.
    superscript: Option<usize>,
    /// The label in a superscript with which the paragraph begins: the paragraph is a note.
    own_label: Option<String>,
    /// Whether nothing has been read since a line began.
    begins_line: bool,
    html: Html,
    /// Where the targets of links stand.
    targets: Vec<Range<usize>>,
    /// The end of the last cell of a table.
    cell_end: usize,
    /// How the text uses lines of dashes, once it was asked.
    dashes: Option<Dashes>,
    /// Whether a page break follows directly below the paragraph that is being read.
    rule_below: bool,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str, prepared: &'s Prepared<'s>, inserts: Vec<Insert>, lines: &'s Lines) -> Reader<'s> {
        Reader {
            source,
            prepared,
            parsed: &prepared.text,
            inserts: inserts.into_iter().peekable(),
            inner_notes: Vec::new(),
            lines,
            blocks: Vec::new(),
            text: RunningText::new(source, lines),
            kind: BlockKind::Paragraph,
            notes: Vec::new(),
            page: None,
            depth: 0,
            done: 0,
            marker: None,
            superscript: None,
            own_label: None,
            begins_line: false,
            html: Html::default(),
            targets: Vec::new(),
            cell_end: 0,
            dashes: None,
            rule_below: false,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            _ if self.depth == 0 => self.leave_gap(range.start),
            Event::Start(_) | Event::Text(_) => self.leave_definitions(range.start),
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition) => {
                self.leave_definitions(range.end);
            }
            _ => {}
        }
        // What a container holds is looked at when it comes.
        let end =
            if let Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item | Tag::FootnoteDefinition(_)) = event {
                range.start
            } else {
                range.end
            };
        self.done = self.done.max(end);
        self.insert_before(range.start);
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.start(&tag, range);
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(tag, range);
            }
            Event::Text(text) => self.push(&text, range),
            Event::Code(code) => self.push_code(&code, range),
            Event::SoftBreak | Event::HardBreak => {
                self.text.join(Join::Line);
                self.begins_line = true;
            }
            Event::InlineHtml(_) => self.tag(range),
            Event::Html(_) => self.html(range),
            Event::FootnoteReference(label) => self.text.mark(cut_label(&label)),
            Event::Rule => self.break_page(),
            // Other events come only with options that are not set, or show nothing.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.rule_below = underline::is_underlined(self.parsed, range.clone()) && !self.is_heading(range);
                self.kind = if self.rule_below { BlockKind::Paragraph } else { BlockKind::Heading(*level as u8) };
            }
            Tag::Item => {
                self.push_marker();
                self.flush();
                self.kind = BlockKind::Item;
                self.marker = number_of_item(self.parsed, range);
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.notes.push(cut_label(label));
            }
            Tag::Table(_) => {
                self.flush();
                self.kind = BlockKind::Table;
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Html::default();
            }
            Tag::Link { link_type: LinkType::Inline, dest_url, title, .. } => {
                self.targets.extend(targets::of_link(self.parsed, range, dest_url, title));
            }
            // `![](a.png)` shows no text, and its target is the name of a converter.
            Tag::Image { link_type: LinkType::Inline, dest_url, title, .. }
                if !self.parsed[range.clone()].starts_with("![]") =>
            {
                self.targets.extend(targets::of_link(self.parsed, range, dest_url, title));
            }
            // A loose item holds paragraphs; the first of them belongs to the number.
            Tag::Paragraph if self.marker.is_some() => {}
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                self.flush();
                self.push_words_of_fence(range);
            }
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::List(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        if self.inserts.peek().is_some_and(|insert| insert.what.is_inline()) {
            self.insert_marks(range.end);
        }
        match tag {
            TagEnd::TableCell => {
                self.text.join(Join::Cell);
                self.cell_end = range.end;
            }
            TagEnd::TableRow => {
                self.push_cells_without_head(range);
                if self.text.len() > TABLE_BYTES {
                    self.flush();
                    self.kind = BlockKind::Table;
                }
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.notes.pop();
            }
            TagEnd::Heading(_) if std::mem::take(&mut self.rule_below) => self.break_page(),
            TagEnd::Item => {
                // The number of an item without text.
                self.push_marker();
                self.flush();
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Table => {
                self.flush()
            }
            _ => {}
        }
    }

    /// Whether a line above dashes is a heading.
    fn is_heading(&mut self, block: Range<usize>) -> bool {
        let (text, dashes) = (self.parsed, &mut self.dashes);
        underline::is_heading(&text[block], || *dashes.get_or_insert_with(|| Dashes::of(text)))
    }

    /// Keeps what stands behind a fence, unless it is the name of a language or attributes.
    fn push_words_of_fence(&mut self, block: Range<usize>) {
        let line = self.parsed[block.clone()].lines().next().unwrap_or_default();
        let shown = line.trim_start().trim_start_matches(['`', '~']).trim_start();
        let is_attribute = || shown.starts_with('{') && shown.trim_end().ends_with('}');
        if !shown.is_ascii() || (shown.trim_end().contains(' ') && !is_attribute()) {
            let start = block.start + line.len() - shown.len();
            self.push_range(start..start + shown.len());
            self.flush();
        }
    }

    /// Keeps the cells of a row that are more than its table has heads.
    fn push_cells_without_head(&mut self, row: Range<usize>) {
        let rest = self.cell_end..row.end;
        let Some(cells) = self.parsed.get(rest.clone()).filter(|cells| cells.contains(char::is_alphanumeric)) else {
            return;
        };
        let mut at = rest.start;
        for cell in cells.split('|') {
            if !cell.trim().is_empty() {
                self.push_range(at..at + cell.trim_end().len());
                self.text.join(Join::Cell);
            }
            at += cell.len() + 1;
        }
        self.cell_end = row.end;
    }

    /// Ends the block that is being read.
    fn flush(&mut self) {
        self.superscript = None;
        self.begins_line = false;
        let own_label = self.own_label.take();
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        let kind = match self.notes.last() {
            Some(label) if matches!(kind, BlockKind::Paragraph | BlockKind::Item) => BlockKind::Note(label.clone()),
            _ => kind,
        };
        if let Some(mut block) = self.text.take(kind) {
            block.page = self.page;
            if let Some(label) = own_label {
                block.kind = BlockKind::Note(label);
            }
            self.blocks.push(block);
        }
        for (label, range) in std::mem::take(&mut self.inner_notes) {
            let note = self.inner_note(label, range);
            self.blocks.extend(note);
        }
    }

    /// Makes a block of a note that stands in a paragraph.
    fn inner_note(&self, label: String, range: Range<usize>) -> Option<Block> {
        let mut text = RunningText::new(self.source, self.lines);
        let mut start = range.start;
        // Links and the like stay as they are written; as blocks the parser would read what begins like one.
        for part in self.source[range].split(['*', '`']) {
            text.push(start..start + part.len());
            start += part.len() + 1;
        }
        let note = text.take(BlockKind::Note(label))?;
        Some(Block { page: self.page, ..note })
    }

    /// Adds what stands in the text before an event that begins at a byte.
    fn insert_before(&mut self, start: usize) {
        let is_before = |insert: &Insert| insert.at < start || (insert.at == start && !insert.what.is_inline());
        while let Some(insert) = self.inserts.next_if(is_before) {
            self.insert(insert.what);
        }
    }

    /// Adds the marks of notes that stand in the text up to a byte.
    fn insert_marks(&mut self, until: usize) {
        while let Some(insert) = self.inserts.next_if(|insert| insert.at <= until && insert.what.is_inline()) {
            self.insert(insert.what);
        }
    }

    fn insert(&mut self, what: Inserted) {
        match what {
            Inserted::Mark(label) => self.text.mark(label),
            Inserted::Note(label, range) => {
                self.text.mark(label.clone());
                self.inner_notes.push((label, range));
            }
            Inserted::Blocks(blocks) => {
                self.flush();
                let page = self.page;
                self.blocks.extend(blocks.into_iter().map(|block| Block { page, ..block }));
            }
            Inserted::Page(page) => {
                self.break_page();
                self.page = Some(page);
            }
        }
    }

    fn break_page(&mut self) {
        self.flush();
        self.blocks.push(Block::new(BlockKind::PageBreak, String::new()));
    }

    fn push(&mut self, text: &CowStr<'_>, range: Range<usize>) {
        self.push_marker();
        if self.parsed[range.clone()] == **text {
            self.push_range(range);
        } else if self.parsed[range.clone()].starts_with(&**text) {
            // `&amp;` begins with the character that it stands for.
            self.push_range(range.start..range.start + text.len());
        } else {
            self.text.push_foreign(text);
        }
    }

    fn push_code(&mut self, code: &CowStr<'_>, range: Range<usize>) {
        self.push_marker();
        let found = self.parsed[range.clone()].find(&**code).map(|at| range.start + at..range.start + at + code.len());
        self.push_range(found.unwrap_or_else(|| {
            // Code on several lines.
            let inside = self.parsed[range.clone()].trim_start_matches('`');
            range.end - inside.len()..range.end - inside.len() + inside.trim_end_matches('`').len()
        }));
    }

    /// Appends a range of the text, and the marks of notes in it.
    fn push_range(&mut self, range: Range<usize>) {
        self.begins_line = false;
        let mut start = range.start;
        while let Some(at) = self.inserts.peek().filter(|insert| insert.what.is_inline()).map(|insert| insert.at)
            && at <= range.end
        {
            self.push_parts(start..at.max(start));
            start = at.max(start);
            self.insert_marks(at);
        }
        self.push_parts(start..range.end);
    }

    fn push_parts(&mut self, range: Range<usize>) {
        let text = &mut self.text;
        self.prepared.parts(range, |part| match part {
            Part::Source(range) => text.push(range),
            Part::Foreign(characters) => text.push_foreign(characters),
        });
    }

    fn push_marker(&mut self) {
        if let Some(marker) = self.marker.take() {
            self.push_range(marker);
        }
    }

    /// Keeps the link definitions in a list or quotation, up to a byte.
    fn leave_definitions(&mut self, until: usize) {
        let gap = self.parsed.get(self.done..until).unwrap_or_default();
        let inside = gap.trim_start_matches(|c: char| c.is_whitespace() || ">-*+.)0123456789".contains(c));
        if gap.contains("]:") && !inside.starts_with("[^") && gap.contains(char::is_alphanumeric) {
            let kind = self.kind.clone();
            self.leave_gap(until);
            self.kind = kind;
        }
    }

    /// Keeps what the parser left out up to a byte: link definitions, which are
    /// often notes in fact.
    fn leave_gap(&mut self, until: usize) {
        if self.done < until && !self.parsed[self.done..until].trim().is_empty() {
            self.flush();
            let first = self.blocks.len();
            let (source, lines, blocks) = (self.source, self.lines, &mut self.blocks);
            self.prepared.parts(self.done..until, |part| {
                if let Part::Source(range) = part {
                    plain::read_paragraphs(source, range, lines, BlockKind::Paragraph, blocks);
                }
            });
            for block in &mut self.blocks[first..] {
                block.page = self.page;
                if let Some(label) = label_of(&block.text, false) {
                    block.kind = BlockKind::Note(label);
                }
            }
        }
        self.done = self.done.max(until);
    }
}

/// The longest label of a note, in characters. Each block of the note keeps a copy of it.
const LONGEST_LABEL: usize = 100;

fn cut_label(label: &str) -> String {
    label.chars().take(LONGEST_LABEL).collect()
}

/// Returns the range of the number of a list item: `1.` or `2)`, with the blank after it.
fn number_of_item(source: &str, item: Range<usize>) -> Option<Range<usize>> {
    let text = source[item.clone()].trim_start();
    let start = item.end - text.len();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marked = text[digits..].starts_with(['.', ')']);
    let blank = usize::from(text[digits..].get(1..2) == Some(" "));
    (digits > 0 && marked).then(|| start..start + digits + 1 + blank)
}

/// Returns the labels of notes in a superscript: `[1]`, `1`, `[1][2]`, `1,2`, `*`, `①`. `None` if it is something else.
fn labels_of_mark(text: &str) -> Option<Vec<String>> {
    let parts =
        text.split(|c: char| matches!(c, '[' | ']' | '［' | '］' | '〔' | '〕' | ',' | '，') || c.is_whitespace());
    let label = |part: &str| match part.chars().next().and_then(single_character_label) {
        Some(label) => Some(label),
        None => is_label(part).then(|| plain_digits(part)),
    };
    let labels: Option<Vec<String>> = parts.filter(|part| !part.is_empty()).map(label).collect();
    labels.filter(|labels| !labels.is_empty())
}

#[cfg(test)]
mod tests;
