//! A story of a document: its body, or its notes.
//!
//! Word calls a part with paragraphs a story. Paragraphs nest, because a text box
//! belongs to a paragraph; the open ones are kept in a list, so that no function
//! is recursive. Skipped are deleted text, the codes of fields, and the second
//! copy of text that is written twice for older programs.

use std::collections::HashMap;

use super::styles::Styles;
use crate::reading::formats::blocks::Blocks;
use crate::reading::formats::running_text::{Join, RunningText};
use crate::reading::formats::word::{Row, level_of_outline};
use crate::reading::formats::xml::{Element, Event};
use crate::reading::formats::{Block, BlockKind};

/// The sequence and id of a note.
pub(super) type NoteId = (Row, String);

/// The blocks of notes that are not cited yet.
pub(super) type Notes = HashMap<NoteId, Vec<Block>>;

/// The blocks of documents that stand in the body in another format.
pub(super) type Chunks = HashMap<String, Vec<Block>>;

/// Reads a story from its XML events.
pub(super) struct Story<'d> {
    styles: &'d Styles,
    pub(super) blocks: Blocks<()>,
    pub(super) notes: Notes,
    /// The documents that stand in the body, by the names of their relations.
    pub(super) chunks: Chunks,
    labels: HashMap<NoteId, String>,
    labels_given: [usize; 2],
    paragraphs: Vec<Paragraph>,
    /// The number of open elements from the skipped one inwards; 0 outside.
    skipped: usize,
    /// For each open `AlternateContent`, innermost last: whether one of its versions was taken.
    version_is_taken: Vec<bool>,
    in_text: bool,
    in_properties: bool,
    run_is_hidden: bool,
    /// In a story of notes: the open note.
    note: Option<NoteId>,
}

#[derive(Default)]
struct Paragraph {
    text: RunningText,
    level: Option<u8>,
    cited: Vec<NoteId>,
}

impl<'d> Story<'d> {
    pub(super) fn new(styles: &'d Styles, notes: Notes) -> Story<'d> {
        Story {
            styles,
            blocks: Blocks::default(),
            notes,
            chunks: Chunks::new(),
            labels: HashMap::new(),
            labels_given: [0; 2],
            paragraphs: Vec::new(),
            skipped: 0,
            version_is_taken: Vec::new(),
            in_text: false,
            in_properties: false,
            run_is_hidden: false,
            note: None,
        }
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::Text(_) if self.skipped > 0 => {}
            Event::Start(element) if self.skips(&element) => self.skipped = 1,
            Event::Start(element) if self.in_properties => self.property(&element),
            Event::Start(element) => self.start(&element),
            Event::End(name) => self.end(name),
            Event::Text(text) if self.in_text && !self.run_is_hidden => self.push(text),
            Event::Text(_) => {}
        }
    }

    /// Ends all elements that are still open, as in a part that was cut off, and returns blocks and notes.
    pub(super) fn finish(mut self) -> (Vec<Block>, Notes) {
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        self.end_note();
        (self.blocks.finish().into_iter().map(|part| part.block).collect(), self.notes)
    }

    fn skips(&mut self, element: &Element<'_>) -> bool {
        match element.name() {
            "del" | "moveFrom" | "delText" | "instrText" | "delInstrText" => true,
            // The reading (ruby) of a Chinese character would cut the word in two.
            "rt" => true,
            "Choice" | "Fallback" => {
                self.version_is_taken.last_mut().is_some_and(|is_taken| std::mem::replace(is_taken, true))
            }
            // Properties before a tracked change.
            name => name.ends_with("PrChange"),
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "p" => self.paragraphs.push(Paragraph::default()),
            "pPr" => self.in_properties = true,
            "r" => self.run_is_hidden = false,
            "vanish" => self.run_is_hidden = is_on(element),
            "t" => self.in_text = true,
            "tab" | "ptab" => self.join(Join::Blank),
            "br" | "cr" => self.join(Join::Line),
            "noBreakHyphen" if !self.run_is_hidden => self.push("-"),
            "footnoteReference" => self.cite(Row::Footnotes, element),
            "endnoteReference" => self.cite(Row::Endnotes, element),
            "tbl" => self.blocks.open_table(),
            "tr" => self.blocks.next_row(),
            "tc" => self.blocks.next_cell(),
            "altChunk" => self.insert(element),
            "AlternateContent" => self.version_is_taken.push(false),
            "footnote" => self.start_note(Row::Footnotes, element),
            "endnote" => self.start_note(Row::Endnotes, element),
            _ => {}
        }
    }

    /// Takes a property of the open paragraph. Separate from [`Story::start`], because `tab` is a tab stop here.
    fn property(&mut self, element: &Element<'_>) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        let value = element.attribute("val");
        match element.name() {
            "pStyle" => paragraph.level = value.and_then(|id| self.styles.heading_level(&id)),
            "outlineLvl" => {
                paragraph.level = value.and_then(|level| level.parse().ok()).and_then(level_of_outline);
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => self.end_paragraph(),
            "pPr" => self.in_properties = false,
            "t" => self.in_text = false,
            "tbl" => self.blocks.close_table(),
            "AlternateContent" => {
                self.version_is_taken.pop();
            }
            "footnote" | "endnote" => self.end_note(),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.push(text);
        }
    }

    fn join(&mut self, join: Join) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.text.join(join);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else { return };
        if let Some((text, marks)) = paragraph.text.take() {
            let kind = paragraph.level.map_or(BlockKind::Paragraph, BlockKind::Heading);
            self.blocks.push(Block::new(kind, text, marks), ());
        }
        for id in paragraph.cited {
            let label = self.labels.get(&id).cloned().unwrap_or_default();
            for block in self.notes.remove(&id).unwrap_or_default() {
                self.blocks.push(Block { kind: BlockKind::Note(label.clone()), ..block }, ());
            }
        }
    }

    /// Inserts a document. Where it is named again, it is not there again.
    fn insert(&mut self, element: &Element<'_>) {
        let blocks = element.attribute("id").and_then(|id| self.chunks.remove(&id));
        for block in blocks.unwrap_or_default() {
            self.blocks.push(block, ());
        }
    }

    fn cite(&mut self, row: Row, element: &Element<'_>) {
        let (Some(id), Some(paragraph)) = (element.attribute("id"), self.paragraphs.last_mut()) else { return };
        let id = (row, id);
        let given = &mut self.labels_given[row as usize];
        let label = self.labels.entry(id.clone()).or_insert_with(|| {
            *given += 1;
            row.label(*given)
        });
        paragraph.text.mark(label.clone());
        paragraph.cited.push(id);
    }

    /// Begins a note. Notes with a `type` are only separators between text and notes.
    fn start_note(&mut self, row: Row, element: &Element<'_>) {
        self.end_note();
        let is_text = element.attribute("type").is_none_or(|kind| kind == "normal");
        self.note = element.attribute("id").filter(|_| is_text).map(|id| (row, id));
        self.blocks = Blocks::default();
    }

    fn end_note(&mut self) {
        if let Some(id) = self.note.take() {
            let blocks = std::mem::take(&mut self.blocks).finish();
            self.notes.insert(id, blocks.into_iter().map(|part| part.block).collect());
        }
    }
}

fn is_on(element: &Element<'_>) -> bool {
    !matches!(element.attribute("val").as_deref(), Some("0" | "false" | "off"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::formats::{Mark, xml};

    fn read(body: &str) -> Vec<Block> {
        let styles = Styles::default();
        let mut story = Story::new(&styles, Notes::new());
        assert_eq!(xml::read(&format!("<w:body>{body}</w:body>"), |event| story.event(event)), None);
        story.finish().0
    }

    fn check(body: &str, expected: &[&str]) {
        let texts: Vec<String> = read(body).into_iter().map(|block| block.text).collect();
        assert_eq!(texts, expected, "{body}");
    }

    #[test]
    fn runs_become_running_text() {
        check(
            "<w:p><w:r><w:t>停</w:t></w:r><w:r><w:br/><w:t>火 </w:t><w:tab/><w:t>2025</w:t></w:r></w:p>",
            &["停火 2025"],
        );
        check("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>мир</w:t></w:r></w:p>", &["мир"]);
        check(
            "<w:p><w:r><w:t>из</w:t><w:noBreakHyphen/><w:t>за во</w:t><w:softHyphen/><w:t>йны</w:t></w:r></w:p>",
            &["из-за войны"],
        );
        check("<w:p><w:r><w:t>R&amp;D &#20013;&lt;</w:t></w:r></w:p><w:p/>", &["R&D 中<"]);
        check(
            "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText><w:t>x</w:t></w:r></w:del></w:p>",
            &["in"],
        );
        check(
            "<w:p><w:moveFrom><w:r><w:t>x</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>y</w:t></w:r></w:moveTo></w:p>",
            &["y"],
        );
        check(
            "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>",
            &["link"],
        );
        check(
            "<w:sdt><w:sdtContent><w:p><w:smartTag><w:r><w:t>s</w:t></w:r></w:smartTag></w:p></w:sdtContent></w:sdt>",
            &["s"],
        );
        check("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r><w:r><w:t>y</w:t></w:r></w:p>", &["y"]);
        check(
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>zhōng</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>中</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
            &["中"],
        );
    }

    #[test]
    fn a_text_box_is_read_once() {
        let text_box = |text: &str| format!("<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>");
        check(
            &format!(
                "<w:p><w:r><w:t>a</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>\
                 </mc:AlternateContent></w:r><w:r><w:t>b</w:t></w:r></w:p>",
                text_box("box"),
                text_box("copy")
            ),
            &["box", "ab"],
        );
        check(
            &format!(
                "<w:p><mc:AlternateContent><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:p>",
                text_box("only")
            ),
            &["only"],
        );
    }

    #[test]
    fn notes_are_numbered_as_they_are_cited() {
        let blocks = read(
            "<w:p><w:r><w:t>和平</w:t><w:footnoteReference w:id=\"7\"/><w:t>мир</w:t><w:endnoteReference w:id=\"7\"/>\
             <w:footnoteReference w:id=\"3\"/></w:r></w:p>",
        );
        let mark = |offset, label: &str| Mark { offset, label: label.to_owned() };
        assert_eq!(blocks[0].marks, [mark(6, "1"), mark(12, "i"), mark(12, "2")]);
    }
}
