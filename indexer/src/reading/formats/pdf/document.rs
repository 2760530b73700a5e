//! A document: from its pages to blocks.
//!
//! Pages become lines as they arrive. When the last has come, running heads and
//! notes are told from the text, the text is cut into paragraphs, and the marks of
//! notes are taken out of it. No word is lost but those of running heads.

use std::collections::HashSet;
use std::ops::Range;

use svod_text::article::PageBreak;

use super::body::Body;
use super::lines::{Line, lines_of};
use super::notes::{self, Role};
use super::tables::Unit;
use super::words::Page;
use super::{bridges, columns, headings, joints, legible, paragraphs, running_heads, tables, titles, turned};
use crate::reading::formats::{Block, BlockKind, Mark, Metadata, collapse_blanks};

/// A page with a picture and fewer letters and digits than this is a scanned one.
const LEAST_LETTERS: usize = 12;

/// The pages of a document so far.
#[derive(Debug, Default)]
pub(super) struct Document {
    lines: Vec<Line>,
    heights: Vec<f32>,
    bytes: usize,
}

/// What is known of a document when its last page has come.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Understood {
    pub(super) blocks: Vec<Block>,
    /// The title that its first page shows.
    pub(super) title: Option<String>,
    /// The authors that the file names and the first pages show.
    pub(super) authors: Vec<String>,
    /// The number of pages.
    pub(super) pages: u32,
    /// The pages with hardly a word beside a running head, counted from 1.
    pub(super) bare_pages: Vec<u32>,
    /// Those of them without a letter or digit.
    pub(super) empty_pages: Vec<u32>,
    /// The number of pages whose text layer is no text.
    pub(super) illegible_pages: u32,
}

impl Document {
    /// Adds the next page.
    pub(super) fn push(&mut self, page: Page) {
        let page = turned::upright(page);
        let number = self.heights.len();
        self.heights.push(page.height);
        let lines = columns::arrange(lines_of(&page), page.width);
        for line in lines {
            self.bytes += line.bytes();
            self.lines.push(Line { page: number, ..line });
        }
    }

    /// Returns about how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the number of pages so far.
    pub(super) fn pages(&self) -> u32 {
        u32::try_from(self.heights.len()).unwrap_or(u32::MAX)
    }

    /// Turns the pages into blocks. `named` is what the file says about itself.
    pub(super) fn understand(mut self, named: &Metadata) -> Understood {
        let is_illegible = legible::recover(&mut self.lines, self.heights.len());
        self.lines.retain(|line| !is_illegible.get(line.page).copied().unwrap_or(false));
        let (lines, pages) = (&self.lines, self.pages());
        let body = Body::of(lines);
        let is_head = running_heads::find(lines, &self.heights, &body);
        let roles = notes::find(lines, &is_head, &body);
        let flow: Vec<usize> = (0..lines.len()).filter(|&at| !is_head[at] && matches!(roles[at], Role::Text)).collect();
        let mut letters = vec![0_usize; self.heights.len()];
        for (line, _) in lines.iter().zip(&is_head).filter(|(_, is_head)| !**is_head) {
            letters[line.page] += line.text.chars().filter(|c| c.is_alphanumeric()).count();
        }
        let is_bare = |page: &usize| letters[*page] < LEAST_LETTERS && !is_illegible[*page];
        let bare_pages = (0..letters.len()).filter(is_bare).map(number_of).collect();
        let empty_pages =
            (0..letters.len()).filter(is_bare).filter(|&page| letters[page] == 0).map(number_of).collect();
        let illegible_pages = is_illegible.iter().filter(|is| **is).count() as u32;
        let (title, title_lines) = titles::find(lines, &flow, &body, named.title.as_deref());
        let authors = titles::authors(lines, &flow, &named.authors);
        let composer = Composer::of(lines, &roles, &body, &title_lines);
        let blocks = composer.compose(&flow);
        Understood { blocks, title, authors, pages, bare_pages, empty_pages, illegible_pages }
    }
}

fn number_of(page: usize) -> u32 {
    u32::try_from(page + 1).unwrap_or(u32::MAX)
}

/// Composes blocks of lines.
struct Composer<'d> {
    lines: &'d [Line],
    roles: &'d [Role],
    body: &'d Body,
    title: HashSet<usize>,
    sizes: Vec<f32>,
    /// The labels of the notes of each page.
    labels: HashSet<(usize, String)>,
    /// Whether notes stand at the end, where no page tells them.
    has_endnotes: bool,
}

impl<'d> Composer<'d> {
    fn of(lines: &'d [Line], roles: &'d [Role], body: &'d Body, title: &[usize]) -> Composer<'d> {
        let label = |(line, role): (&Line, &Role)| match role {
            Role::Begins(label, _) => Some((line.page, label.clone())),
            _ => None,
        };
        let labels = lines.iter().zip(roles).filter_map(label).collect();
        let has_endnotes = lines.iter().zip(roles).any(|(line, role)| {
            matches!(role, Role::Text)
                && (headings::is_list_of_notes(&line.text)
                    || (body.relative_size(line) < notes::SMALLER
                        && notes::label_of(line).is_some_and(|label| label.is_raised)))
        });
        let sizes = headings::sizes_of(lines, body);
        Composer { lines, roles, body, title: title.iter().copied().collect(), sizes, labels, has_endnotes }
    }

    /// Returns the blocks of the text, the notes of each page behind the block in which the page ends.
    fn compose(&self, flow: &[usize]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut notes = self.notes().into_iter().peekable();
        for unit in self.units(flow) {
            let lines = unit.lines();
            let first_page = lines.first().map_or(0, |&at| self.lines[at].page);
            while let Some((_, note)) = notes.next_if(|(page, _)| *page < first_page) {
                blocks.push(note);
            }
            match unit {
                Unit::Paragraph(_) => blocks.extend(self.paragraph(lines)),
                Unit::Table(_) => {
                    let tables = tables::texts(self.lines, lines).into_iter();
                    blocks.extend(tables.map(|(text, at)| {
                        let page = Some(number_of(self.lines[at].page));
                        Block { page, ..Block::new(BlockKind::Table, collapse_blanks(&text), Vec::new()) }
                    }));
                }
            }
        }
        blocks.extend(notes.map(|(_, note)| note));
        blocks
    }

    /// Cuts the text into paragraphs and tables.
    fn units(&self, flow: &[usize]) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut start = 0;
        let add = |units: &mut Vec<Unit>, range: Range<usize>| {
            let flow = &flow[range];
            let found = paragraphs::find(self.lines, flow, self.body);
            units.extend(found.into_iter().map(|lines| Unit::Paragraph(flow[lines].to_vec())));
        };
        for table in tables::find(self.lines, flow) {
            add(&mut units, start..table.start);
            start = table.end;
            units.push(Unit::Table(flow[table].to_vec()));
        }
        add(&mut units, start..flow.len());
        bridges::build(self.lines, units, self.body)
    }

    fn paragraph(&self, lines: &[usize]) -> Option<Block> {
        let first = *lines.first()?;
        let line = &self.lines[first];
        let mut text = Text::default();
        // A list of notes at the end of a document, behind raised labels.
        let is_small = self.body.relative_size(line) < notes::SMALLER;
        let label = notes::label_of(line).filter(|label| label.is_raised && is_small);
        for &at in lines {
            let skip = label.as_ref().filter(|_| at == first).map_or(0, |label| label.end);
            self.add_line(&mut text, at, skip);
        }
        let level = headings::level(&text.text, line, self.body, &self.sizes);
        let kind = match (label, level) {
            (Some(label), _) => BlockKind::Note(label.text),
            _ if self.title.contains(&first) => BlockKind::Heading(1),
            (None, Some(level)) => BlockKind::Heading(level),
            (None, None) => BlockKind::Paragraph,
        };
        text.finish(kind)
    }

    /// Returns the notes, each with the page that it begins on.
    fn notes(&self) -> Vec<(usize, Block)> {
        let mut notes: Vec<(usize, String, Text)> = Vec::new();
        for (at, role) in self.roles.iter().enumerate() {
            match role {
                Role::Text => {}
                Role::Begins(label, skip) => {
                    let mut text = Text::default();
                    self.add_line(&mut text, at, *skip);
                    notes.push((self.lines[at].page, label.clone(), text));
                }
                Role::Continues => match notes.last_mut() {
                    Some((_, _, text)) => self.add_line(text, at, 0),
                    None => {
                        let mut text = Text::default();
                        self.add_line(&mut text, at, 0);
                        notes.push((self.lines[at].page, String::new(), text));
                    }
                },
            }
        }
        let block = |(page, label, text): (usize, String, Text)| Some((page, text.finish(BlockKind::Note(label))?));
        notes.into_iter().filter_map(block).collect()
    }

    /// Appends a line from a byte on. Marks of notes are taken out of it.
    fn add_line(&self, text: &mut Text, at: usize, skip: usize) {
        let line = &self.lines[at];
        text.begin_line(line.page);
        let mut from = skip;
        for raised in &line.raised {
            if raised.start < from {
                continue;
            }
            text.push(&line.text[from..raised.start]);
            let shown = &line.text[raised.clone()];
            let labels: Vec<String> = notes::labels_in(shown).map(|(_, label)| label).collect();
            let before = if raised.start > 0 { &line.text[..raised.start] } else { text.text.as_str() };
            let begins_word = before.is_empty() || before.ends_with(' ');
            let is_prefix = begins_word && line.text[raised.end..].starts_with(|c: char| c.is_ascii_alphabetic());
            if !is_prefix && labels.iter().any(|label| self.is_mark(label, line.page, before)) {
                labels.into_iter().for_each(|label| text.mark(label));
            } else {
                text.push(&shown.chars().map(raised_form).collect::<String>());
            }
            from = raised.end;
        }
        text.push(&line.text[from..]);
    }

    /// Whether a raised label behind a text is the mark of a note, and not a power.
    fn is_mark(&self, label: &str, page: usize, before: &str) -> bool {
        let is_of_page = self.labels.contains(&(page, label.to_owned()));
        (is_of_page || self.has_endnotes) && !is_power(before, label)
    }
}

/// Whether a raised number belongs to a unit or a formula: m², 10³.
fn is_power(before: &str, label: &str) -> bool {
    let word = &before[before.trim_end_matches(char::is_alphanumeric).len()..];
    let units = ["m", "km", "cm", "mm", "dm", "м", "км", "см", "мм", "дм", "га", "с", "s", "c"];
    let is_digits = word.len() <= 2 && word.chars().all(|c| c.is_ascii_digit());
    let is_letter = word.len() == 1 && word.chars().all(|c| c.is_ascii_alphabetic());
    !word.is_empty() && (is_digits || ((is_letter || units.contains(&word)) && matches!(label, "2" | "3")))
}

/// Returns the raised form of a digit; a raised number that is no mark stays one, so that the word before it ends.
fn raised_form(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁴' as u32 + (c as u32 - '4' as u32)).unwrap_or(c),
        c => c,
    }
}

/// The text of a block being put together.
#[derive(Debug, Default)]
struct Text {
    text: String,
    marks: Vec<Mark>,
    first_page: Option<usize>,
    page: usize,
    breaks: Vec<PageBreak>,
    is_new_line: bool,
    is_new_page: bool,
}

impl Text {
    fn begin_line(&mut self, page: usize) {
        self.is_new_page |= self.first_page.is_some() && page != self.page;
        self.first_page.get_or_insert(page);
        self.page = page;
        self.is_new_line = true;
    }

    fn push(&mut self, part: &str) {
        let part = collapsed(part, self.is_new_line || self.text.is_empty() || self.text.ends_with(' '));
        if part.is_empty() {
            return;
        }
        let start = if std::mem::take(&mut self.is_new_line) {
            let length = self.text.len();
            let start = joints::append(&mut self.text, &part);
            for mark in self.marks.iter_mut().rev().take_while(|mark| mark.offset == length) {
                mark.offset = mark.offset.min(start);
            }
            start
        } else {
            self.text.push_str(&part);
            self.text.len() - part.len()
        };
        if std::mem::take(&mut self.is_new_page) {
            self.breaks.push(PageBreak { offset: start, page: number_of(self.page) });
        }
    }

    fn mark(&mut self, label: String) {
        self.marks.push(Mark { offset: self.text.len(), label });
    }

    /// Returns the block; `None` if it has no text.
    fn finish(mut self, kind: BlockKind) -> Option<Block> {
        let length = self.text.trim_end().len();
        self.text.truncate(length);
        self.text.shrink_to_fit();
        self.marks.iter_mut().for_each(|mark| mark.offset = mark.offset.min(length));
        let page = self.first_page.map(number_of);
        (length > 0).then_some(Block { kind, text: self.text, marks: self.marks, page, page_breaks: self.breaks })
    }
}

/// Returns a text with one blank in place of each run of blanks, and none at the beginning if `at_start`.
fn collapsed(part: &str, at_start: bool) -> String {
    let mut shown = String::with_capacity(part.len());
    let mut is_blank = at_start;
    for c in part.chars() {
        let is_space = c.is_whitespace();
        if !(is_space && is_blank) {
            shown.push(if is_space { ' ' } else { c });
        }
        is_blank = is_space;
    }
    shown
}
