//! Reads the parts of a document from their XML events.
//!
//! Paragraphs nest, because a text box and a note belong to a paragraph; the open ones are kept in a list, so that no
//! function is recursive.

use super::styles::Styles;
use crate::reading::formats::blocks::Blocks;
use crate::reading::formats::properties::is_plausible_title;
use crate::reading::formats::running_text::{Join, RunningText};
use crate::reading::formats::xml::{Element, Event};
use crate::reading::formats::{Block, BlockKind, Metadata, collapse_blanks, split_keywords};

/// A table block of a sheet ends after about this many bytes, so that the cells of a whole sheet are never kept apart.
const SHEET_BYTES: usize = 1_200;

/// The document so far.
#[derive(Default)]
pub(super) struct Story {
    metadata: Metadata,
    styles: Styles,
    blocks: Blocks<()>,
    place: Place,
    /// The number of open elements.
    depth: usize,
    /// The number of open elements from the skipped one inwards; 0 outside.
    skipped: usize,
    paragraphs: Vec<Paragraph>,
    notes: Vec<Note>,
    /// The depth of the frame with the title of a slide.
    title: Option<usize>,
    /// In a sheet: the bytes of the open table block.
    sheet_bytes: Option<usize>,
    /// The text of a property, or of the number of a note.
    value: String,
}

/// The part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Elsewhere,
    Properties,
    Styles,
    Body,
}

#[derive(Default)]
struct Paragraph {
    text: RunningText,
    level: Option<u8>,
    /// The notes that it cites.
    notes: Vec<Block>,
}

/// An open note.
struct Note {
    label: String,
    blocks: Vec<Block>,
    /// Whether its number is being read.
    in_label: bool,
    /// The number of paragraphs that are open around it.
    around: usize,
}

impl Story {
    /// Takes the next event of a part.
    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::Text(_) if self.skipped > 0 => {}
            Event::Start(element) => {
                self.depth += 1;
                self.start(&element);
            }
            Event::End(name) => {
                self.end(name);
                self.depth = self.depth.saturating_sub(1);
            }
            Event::Text(text) => self.text(text),
        }
    }

    /// Ends all elements that are still open, as in a part that was cut off, and returns metadata and blocks.
    pub(super) fn finish(mut self) -> (Metadata, Vec<Block>) {
        self.end_all();
        (self.metadata, self.blocks.finish().into_iter().map(|part| part.block).collect())
    }

    fn end_all(&mut self) {
        while !self.notes.is_empty() {
            self.end_note();
        }
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match (self.place, element.name()) {
            (_, "meta") if element.attribute("name").is_none() => self.place = Place::Properties,
            (_, "styles" | "automatic-styles") => self.place = Place::Styles,
            (_, "master-styles" | "font-face-decls" | "settings" | "scripts") => self.skip(),
            (_, "body") => self.place = Place::Body,
            (Place::Properties, _) => self.value.clear(),
            (Place::Styles, "style") => self.styles.add(element),
            (Place::Body, name) => self.start_in_body(name, element),
            _ => {}
        }
    }

    fn start_in_body(&mut self, name: &str, element: &Element<'_>) {
        let in_note = !self.notes.is_empty();
        match name {
            "tracked-changes" | "annotation" | "table-of-content" | "ruby-text" | "forms" | "desc" | "title"
            | "binary-data" | "event-listeners" | "dde-source" => self.skip(),
            "p" | "h" => self.start_paragraph(name, element),
            "s" | "tab" => self.join(Join::Blank),
            "line-break" => self.join(Join::Line),
            "note" => self.start_note(),
            "note-citation" => {
                self.value.clear();
                self.notes.iter_mut().last().into_iter().for_each(|note| note.in_label = true);
            }
            "frame" | "custom-shape" => self.start_frame(element),
            "spreadsheet" => self.sheet_bytes = Some(0),
            "table" if self.sheet_bytes.is_some() && !in_note => self.start_sheet(element),
            "table" if !in_note => self.blocks.open_table(),
            "table-row" if !in_note => self.start_row(),
            "table-cell" | "covered-table-cell" if !in_note => self.blocks.next_cell(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if self.title == Some(self.depth) {
            self.title = None;
            self.end_paragraph();
        }
        match (self.place, name) {
            (Place::Properties, "meta") | (Place::Styles, "styles" | "automatic-styles") => {
                self.place = Place::Elsewhere;
            }
            (Place::Properties, _) => self.property(name),
            (Place::Body, "body") => {
                self.end_all();
                self.place = Place::Elsewhere;
            }
            (Place::Body, "p" | "h") if self.title.is_none() => self.end_paragraph(),
            (Place::Body, "note-citation") => self.end_label(),
            (Place::Body, "note") => self.end_note(),
            (Place::Body, "table") if self.notes.is_empty() => self.blocks.close_table(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.place {
            Place::Properties => self.value.push_str(text),
            Place::Body => match (self.notes.last(), self.paragraphs.last_mut()) {
                (Some(note), _) if note.in_label => self.value.push_str(text),
                (_, Some(paragraph)) => paragraph.text.push(text),
                _ => {}
            },
            _ => {}
        }
    }

    fn skip(&mut self) {
        self.depth -= 1;
        self.skipped = 1;
    }

    /// Takes a property of the document. The creator is the last editor; the author is the initial one.
    fn property(&mut self, name: &str) {
        let value = collapse_blanks(&std::mem::take(&mut self.value));
        let metadata = &mut self.metadata;
        match name {
            _ if value.is_empty() => {}
            "title" => metadata.title = Some(value),
            "initial-creator" => metadata.authors = vec![value],
            "creator" if metadata.authors.is_empty() => metadata.authors = vec![value],
            "creation-date" => metadata.made = Some(value),
            "keyword" => metadata.keywords.extend(split_keywords(&value)),
            _ => {}
        }
    }

    fn start_paragraph(&mut self, name: &str, element: &Element<'_>) {
        if self.title.is_some() {
            return self.join(Join::Line);
        }
        let outline = element.attribute("outline-level").and_then(|level| level.parse::<u8>().ok());
        let level = match name {
            "h" => Some(outline.unwrap_or(1).clamp(1, 6)),
            _ => element.attribute("style-name").and_then(|style| self.styles.heading_level(&style)),
        };
        self.paragraphs.push(Paragraph { level, ..Paragraph::default() });
    }

    fn end_paragraph(&mut self) {
        let around = self.notes.last().map_or(0, |note| note.around);
        if self.paragraphs.len() <= around {
            return;
        }
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        if let Some((text, marks)) = paragraph.text.take() {
            self.sheet_bytes = self.sheet_bytes.map(|bytes| bytes + text.len());
            match self.notes.last_mut() {
                Some(note) => {
                    note.blocks.push(Block::new(BlockKind::Note(note.label.clone()), text, marks));
                }
                None => {
                    let kind = paragraph.level.map_or(BlockKind::Paragraph, BlockKind::Heading);
                    self.blocks.push(Block::new(kind, text, marks), ());
                }
            }
        }
        for note in paragraph.notes {
            match self.notes.last_mut() {
                Some(around) => around.blocks.push(note),
                None => self.blocks.push(note, ()),
            }
        }
    }

    fn join(&mut self, join: Join) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.join(join);
        }
    }

    fn start_note(&mut self) {
        let around = self.paragraphs.len();
        self.notes.push(Note { label: String::new(), blocks: Vec::new(), in_label: false, around });
    }

    /// Marks the place of a note, whose number was read, in the paragraph around it.
    fn end_label(&mut self) {
        let label = collapse_blanks(&std::mem::take(&mut self.value));
        let Some(note) = self.notes.last_mut() else { return };
        note.in_label = false;
        note.label.clone_from(&label);
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| !label.is_empty()) {
            paragraph.text.mark(label);
        }
    }

    fn end_note(&mut self) {
        while self.notes.last().is_some_and(|note| self.paragraphs.len() > note.around) {
            self.end_paragraph();
        }
        let Some(note) = self.notes.pop() else { return };
        match self.paragraphs.last_mut() {
            Some(paragraph) => paragraph.notes.extend(note.blocks),
            None => note.blocks.into_iter().for_each(|block| self.blocks.push(block, ())),
        }
    }

    /// Begins a frame. On slides some are titles, and some hold the date or the number of the page.
    fn start_frame(&mut self, element: &Element<'_>) {
        match element.attribute("class").as_deref() {
            Some("title") if self.title.is_none() && self.notes.is_empty() => {
                self.title = Some(self.depth);
                self.paragraphs.push(Paragraph { level: Some(1), ..Paragraph::default() });
            }
            Some("header" | "footer" | "date-time" | "page-number") => self.skip(),
            _ => {}
        }
    }

    /// Begins a sheet. A name that the program gave, such as `Sheet1`, opens no section.
    fn start_sheet(&mut self, element: &Element<'_>) {
        let name = collapse_blanks(&element.attribute("name").unwrap_or_default());
        if is_plausible_title(&name) {
            self.blocks.push(Block::new(BlockKind::Heading(1), name, Vec::new()), ());
        }
        self.sheet_bytes = Some(0);
        self.blocks.open_table();
    }

    fn start_row(&mut self) {
        if self.sheet_bytes.is_some_and(|bytes| bytes > SHEET_BYTES) {
            self.sheet_bytes = Some(0);
            self.blocks.close_table();
            self.blocks.open_table();
        }
        self.blocks.next_row();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::formats::xml;

    fn shown(body: &str) -> Vec<String> {
        let mut story = Story::default();
        let source = format!("<office:document><office:body>{body}</office:body></office:document>");
        assert_eq!(xml::read(&source, |event| story.event(event)), None);
        let shown = |block: Block| {
            let marks: String = block.marks.iter().map(|mark| format!(" {{{}@{}}}", mark.label, mark.offset)).collect();
            match block.kind {
                BlockKind::Heading(level) => format!("h{level}: {}{marks}", block.text),
                BlockKind::Note(label) => format!("note {label}: {}{marks}", block.text),
                BlockKind::Table => format!("table: {}{marks}", block.text),
                BlockKind::Paragraph => format!("{}{marks}", block.text),
            }
        };
        story.finish().1.into_iter().map(shown).collect()
    }

    fn check(body: &str, expected: &[&str]) {
        assert_eq!(shown(body), expected, "{body}");
    }

    #[test]
    fn paragraphs_are_running_text() {
        check(
            "<text:p>港口<text:s text:c=\"3\"/>费率<text:tab/>2024<text:line-break/>годы</text:p>",
            &["港口 费率 2024 годы"],
        );
        check("<text:p>a<text:span>b</text:span><text:soft-page-break/>c</text:p><text:p/>", &["abc"]);
        check("<text:h text:outline-level=\"3\">Сборы</text:h><text:h>Порты</text:h>", &["h3: Сборы", "h1: Порты"]);
        check(
            "<text:p>gate<office:annotation><dc:creator>x</dc:creator><text:p>no</text:p></office:annotation>way</text:p>",
            &["gateway"],
        );
        check(
            "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes><text:p>in<text:change/>sert</text:p>",
            &["insert"],
        );
        check(
            "<text:p><draw:frame><svg:title>alt</svg:title><svg:desc>d</svg:desc></draw:frame>Пирс</text:p>",
            &["Пирс"],
        );
        check(
            "<text:p><text:ruby><text:ruby-base>漁</text:ruby-base><text:ruby-text>りょう</text:ruby-text></text:ruby>港</text:p>",
            &["漁港"],
        );
        check(
            "<text:table-of-content><text:p>Сборы 3</text:p></text:table-of-content><text:p>Сборы</text:p>",
            &["Сборы"],
        );
    }

    #[test]
    fn notes_follow_the_paragraph_that_cites_them() {
        let note = |label: &str, text: &str| {
            format!(
                "<text:note><text:note-citation>{label}</text:note-citation><text:note-body>{text}</text:note-body></text:note>"
            )
        };
        let one = note("1", "<text:p>Реестр портов.</text:p><text:p>Том 2.</text:p>");
        check(
            &format!("<text:p>Сбор{one} растёт.</text:p><text:p>Да.</text:p>"),
            &["Сбор растёт. {1@8}", "note 1: Реестр портов.", "note 1: Том 2.", "Да."],
        );
        let end = note("ii", "<text:list><text:list-item><text:p>见港务年鉴</text:p></text:list-item></text:list>");
        check(
            &format!(
                "<table:table><table:table-row><table:table-cell><text:p>港{end}</text:p></table:table-cell><table:table-cell><text:p>9</text:p></table:table-cell></table:table-row></table:table>"
            ),
            &["table: 港 | 9 {ii@3}", "note ii: 见港务年鉴"],
        );
        check(&note("1", "<text:p>alone</text:p>"), &["note 1: alone"]);
    }

    #[test]
    fn text_boxes_come_before_their_paragraph() {
        check(
            "<text:p>Below<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>.</text:p>",
            &["boxed", "Below."],
        );
    }

    #[test]
    fn sheets_are_sections_unless_their_names_say_nothing() {
        let sheet = |name: &str, rows: &str| {
            format!("<office:spreadsheet><table:table table:name=\"{name}\">{rows}</table:table></office:spreadsheet>")
        };
        let row = "<table:table-row><table:table-cell><text:p>Порт</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"900\"/><table:table-cell><text:p>05.03.2024</text:p></table:table-cell></table:table-row>";
        check(&sheet("Тарифы", row), &["h1: Тарифы", "table: Порт | 05.03.2024"]);
        check(&sheet("Лист1", row), &["table: Порт | 05.03.2024"]);
        let many = shown(&sheet("Sheet1", &row.repeat(500)));
        assert!(many.len() > 5 && many.iter().all(|block| block.len() < 2 * SHEET_BYTES));
    }

    #[test]
    fn slides_are_sections_with_their_notes() {
        check(
            "<draw:page><draw:frame presentation:class=\"title\"><draw:text-box><text:p>Гавани</text:p><text:p>севера</text:p></draw:text-box></draw:frame>\
            <draw:frame presentation:class=\"outline\"><draw:text-box><text:p>Лёд держится долго.</text:p></draw:text-box></draw:frame>\
            <draw:frame presentation:class=\"page-number\"><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame>\
            <presentation:notes><draw:frame presentation:class=\"notes\"><draw:text-box><text:p>Показать карту.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>",
            &["h1: Гавани севера", "Лёд держится долго.", "Показать карту."],
        );
    }
}
