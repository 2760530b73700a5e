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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::lines::tests::{boxed, write};
    use super::super::words::Area;
    use super::*;

    fn understand(pages: Vec<Page>) -> Understood {
        let mut document = Document::default();
        pages.into_iter().for_each(|page| document.push(page));
        document.understand(&Metadata::default())
    }

    /// Writes rows of text from a height down, 14 points apart; a row that begins with `>` is indented.
    fn write_rows(page: &mut Page, rows: &[&str], left: f32, top: f32) {
        for (row, text) in rows.iter().enumerate() {
            let indent = if text.starts_with('>') { 20.0 } else { 0.0 };
            write(page, text.trim_start_matches('>'), left + indent, top + 14.0 * row as f32, 10.0);
        }
    }

    fn shown(understood: &Understood) -> Vec<String> {
        let kind = |block: &Block| match &block.kind {
            BlockKind::Heading(level) => format!("h{level} "),
            BlockKind::Note(label) => format!("note {label} "),
            BlockKind::Table => "table ".to_owned(),
            BlockKind::Paragraph => String::new(),
        };
        understood.blocks.iter().map(|block| kind(block) + &block.text).collect()
    }

    #[test]
    fn a_paper_of_two_pages_with_notes() {
        let mut first = Page::new(420.0, 600.0);
        write(&mut first, "Портовые сборы", 60.0, 60.0, 17.0);
        let end =
            write(&mut first, "Совет портов собирается каждую весну и устанавливает размер сбора,", 80.0, 120.0, 10.0);
        let (area, text) = boxed("1", end - 2.5, 117.5, 6.0);
        first.push(area, &text);
        write_rows(
            &mut first,
            &[
                "который владельцы судов платят до начала навигации на севере края.",
                ">Капитаны ведут журналы наблюдений, где пишут о толщине и возрасте",
            ],
            60.0,
            134.0,
        );
        let (area, text) = boxed("1", 60.0, 499.0, 5.0);
        first.push(area, &text);
        write(&mut first, "См.: Журнал совета.", 63.5, 500.0, 8.0);
        write(&mut first, "— 1 —", 200.0, 560.0, 10.0);
        let mut second = Page::new(420.0, 600.0);
        write_rows(&mut second, &["льда, о направлении ветра и о времени прихода первого каравана."], 60.0, 60.0);
        write(&mut second, "— 2 —", 200.0, 560.0, 10.0);
        let understood = understand(vec![first, second]);
        assert_eq!(
            shown(&understood),
            [
                "h1 Портовые сборы",
                "Совет портов собирается каждую весну и устанавливает размер сбора, который владельцы судов платят до \
                 начала навигации на севере края.",
                "Капитаны ведут журналы наблюдений, где пишут о толщине и возрасте льда, о направлении ветра и о времени \
                 прихода первого каравана.",
                "note 1 См.: Журнал совета.",
            ]
        );
        assert_eq!(understood.title.as_deref(), Some("Портовые сборы"));
        let [_, paragraph, over_page, note] = understood.blocks.as_slice() else { panic!("{understood:?}") };
        assert_eq!(paragraph.marks.len(), 1, "{paragraph:?}");
        assert_eq!(&paragraph.text[..paragraph.marks[0].offset].chars().next_back(), &Some(','), "{paragraph:?}");
        assert_eq!((over_page.page, note.page), (Some(1), Some(1)));
        let [page_break] = over_page.page_breaks.as_slice() else { panic!("{over_page:?}") };
        assert_eq!((page_break.page, over_page.text[page_break.offset..].starts_with("льда,")), (2, true));
    }

    #[test]
    fn raised_numbers_without_note_stay() {
        for (before, after, expected) in [("x", "растёт", "x² растёт"), ("сбор", "растёт", "сбор² растёт")]
        {
            let mut page = Page::new(420.0, 600.0);
            let (area, text) = boxed(before, 60.0, 200.0, 10.0);
            page.push(area, &text);
            let (raised, text) = boxed("2", area.right, 198.0, 6.0);
            page.push(raised, &text);
            write(&mut page, after, raised.right + 2.5, 200.0, 10.0);
            assert_eq!(shown(&understand(vec![page])), [expected]);
        }
    }

    #[test]
    fn pages_with_hardly_a_word_are_told() {
        let mut pages = vec![Page::new(600.0, 800.0), Page::new(600.0, 800.0), Page::new(600.0, 800.0)];
        write(&mut pages[0], "1", 300.0, 760.0, 10.0);
        write(&mut pages[1], "Совет портов собирается каждую весну", 60.0, 200.0, 10.0);
        write(&mut pages[2], "Карта", 60.0, 200.0, 10.0);
        let understood = understand(pages);
        assert_eq!((understood.pages, understood.bare_pages, understood.empty_pages), (3, vec![1, 3], vec![1]));
    }

    /// Returns the letters and digits of a text, raised and circled digits as plain ones, sorted.
    fn signs(text: &str) -> Vec<char> {
        let plain = |c: char| match c {
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            '①' => '1',
            '②' => '2',
            c => c,
        };
        let mut signs: Vec<char> = text.chars().map(plain).filter(|c| c.is_alphanumeric()).collect();
        signs.sort_unstable();
        signs
    }

    /// Returns a word of its own for each number.
    fn word(number: usize) -> String {
        let letters = "абвгдежиклмнопрстуфхцш".chars().collect::<Vec<char>>();
        let han = "港口保险费率春季灯塔渡轮".chars().collect::<Vec<char>>();
        let of = |letters: &[char]| {
            [number / 400, number / 20, number].map(|at| letters[at % letters.len()]).iter().collect()
        };
        if number.is_multiple_of(3) { of(&han) } else { of(&letters) }
    }

    proptest! {
        #[test]
        fn words_in_are_words_out(
            places in proptest::collection::vec((0..3_usize, 0..56_u16, 0..40_u16, 5..20_u16, 0..12_u8), 0..160)
        ) {
            let mut pages = vec![Page::new(600.0, 800.0); 3];
            let mut expected = String::new();
            for (number, (page, column, row, size, kind)) in places.into_iter().enumerate() {
                let text = match kind {
                    0 => "1".to_owned(),
                    1 => "[2]".to_owned(),
                    2 => "①".to_owned(),
                    _ => word(number),
                };
                // Running heads stand outside of this area.
                let (left, top) = (20.0 + 10.0 * f32::from(column), 200.0 + 10.0 * f32::from(row));
                let (area, text) = boxed(&text, left, top, f32::from(size));
                // What is drawn twice counts once.
                let is_double = pages[page].words.iter().any(|other| pages[page].text(other) == text);
                if !is_double {
                    expected.push_str(&text);
                    pages[page].push(area, &text);
                }
            }
            let understood = understand(pages);
            let mut found = String::new();
            for block in &understood.blocks {
                prop_assert!(!block.text.trim().is_empty() && block.text.trim() == block.text, "{:?}", block);
                found.push_str(&block.text);
                if let BlockKind::Note(label) = &block.kind {
                    found.push_str(label);
                }
                for mark in &block.marks {
                    prop_assert!(block.text.is_char_boundary(mark.offset));
                    found.push_str(&mark.label);
                }
                for page_break in &block.page_breaks {
                    prop_assert!(block.text.is_char_boundary(page_break.offset));
                }
            }
            prop_assert_eq!(signs(&found), signs(&expected));
        }

        #[test]
        fn any_boxes_are_read(
            boxes in proptest::collection::vec((any::<f32>(), any::<f32>(), any::<f32>(), any::<f32>(), "\\PC{0,6}"), 0..40)
        ) {
            let mut page = Page::new(600.0, 800.0);
            for (left, top, right, bottom, text) in boxes {
                let within = |value: f32| if value.is_finite() { value.clamp(-100_000.0, 100_000.0) } else { 0.0 };
                let [left, top, right, bottom] = [left, top, right, bottom].map(within);
                let area = Area { left: left.min(right), top: top.min(bottom), right: left.max(right), bottom: top.max(bottom) };
                page.push(area, &text);
            }
            understand(vec![page.clone(), page]);
        }
    }
}
