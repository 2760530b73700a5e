//! PPTX: the blocks of a presentation.
//!
//! Slides are read in their order, the hidden ones too. The title of a slide is the heading of its section; without one,
//! a short first paragraph is. The notes of the speaker follow the slide. Left out are the numbers, dates and footers
//! of slides, layouts, and comments.

use super::blocks::Blocks;
use super::ooxml::Parts;
use super::running_text::{Join, RunningText};
use super::xml::{self, Element, Event};
use super::{Block, BlockKind, Converted, FormatError};
use crate::reading::memory::{Held, of_blocks};
use crate::reading::skip_reason::SkipReason;

/// The most slides that are read.
const MOST_SLIDES: usize = 5_000;

/// The longest first paragraph, in bytes, that is taken for the heading of a slide without a title.
const LONGEST_HEADING: usize = 200;

/// Reads a presentation.
///
/// # Errors
/// It is not a presentation, is encrypted, too large or without text, or so damaged that nothing could be read. Other
/// damage becomes a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut parts = Parts::open(bytes, memory)?;
    let slides = slides(&mut parts, memory)?;
    if slides.len() > MOST_SLIDES {
        parts.remarks.push(format!("only the first {MOST_SLIDES} slides of {} were read", slides.len()));
    }
    let mut blocks = Vec::new();
    for name in slides.iter().take(MOST_SLIDES) {
        let slide = read_slide(&mut parts, name, memory)?;
        memory.keep(of_blocks(&slide));
        blocks.extend(slide);
    }
    parts.finish(blocks, memory)
}

/// Returns the names of the slides, in order.
fn slides(parts: &mut Parts<'_>, memory: &mut Held) -> Result<Vec<String>, SkipReason> {
    const PRESENTATION: &str = "ppt/presentation.xml";
    let relations = parts.relations(PRESENTATION, memory)?;
    let mut slides = Vec::new();
    xml::read(&parts.read(PRESENTATION, memory)?.unwrap_or_default(), |event| {
        if let Event::Start(element) = event
            && element.name() == "sldId"
        {
            let relation = element.prefixed_attribute("id").and_then(|id| relations.get(&id));
            slides.extend(relation.map(|relation| relation.part.clone()));
        }
    });
    if slides.is_empty() {
        slides = parts.numbered("ppt/slides/slide");
    }
    if slides.is_empty() {
        return Err(FormatError::Damaged("no slides".to_owned()).into());
    }
    Ok(slides)
}

/// Returns the blocks of a slide, of its diagrams and of its notes.
fn read_slide(parts: &mut Parts<'_>, name: &str, memory: &mut Held) -> Result<Vec<Block>, SkipReason> {
    let mut blocks = read_shapes(parts, name, memory)?;
    let mut related: Vec<(u8, String)> = Vec::new();
    for relation in parts.relations(name, memory)?.into_values() {
        match relation.kind.as_str() {
            "diagramData" => related.push((0, relation.part)),
            "notesSlide" => related.push((1, relation.part)),
            _ => {}
        }
    }
    related.sort();
    for (_, part) in related {
        let shapes = read_shapes(parts, &part, memory)?;
        blocks.extend(shapes.into_iter().map(|block| match block.kind {
            BlockKind::Heading(_) => Block { kind: BlockKind::Paragraph, ..block },
            _ => block,
        }));
    }
    put_heading_first(&mut blocks);
    Ok(blocks)
}

fn read_shapes(parts: &mut Parts<'_>, name: &str, memory: &mut Held) -> Result<Vec<Block>, SkipReason> {
    let Some(source) = parts.read(name, memory)? else { return Ok(Vec::new()) };
    let mut shapes = Shapes::default();
    let damage = xml::read(&source, |event| shapes.event(event));
    parts.remarks.extend(damage.map(|damage| format!("`{name}`: {damage}")));
    Ok(shapes.finish())
}

/// Puts the title before the shapes that were drawn below it.
fn put_heading_first(blocks: &mut [Block]) {
    let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading(_));
    match blocks.iter().position(is_heading) {
        Some(at) => blocks[..=at].rotate_right(1),
        None => {
            let first = blocks.first_mut().filter(|block| block.kind == BlockKind::Paragraph);
            if let Some(first) = first.filter(|block| block.text.len() <= LONGEST_HEADING) {
                first.kind = BlockKind::Heading(1);
            }
        }
    }
}

/// The shapes of a slide so far.
#[derive(Default)]
struct Shapes {
    blocks: Blocks<()>,
    text: RunningText,
    kind: Shape,
    in_text: bool,
    in_field: bool,
    /// The number of open elements from the skipped one inwards; 0 outside.
    skipped: usize,
    /// For each open `AlternateContent`, innermost last: whether one of its versions was taken.
    version_is_taken: Vec<bool>,
}

/// What a shape is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Shape {
    #[default]
    Text,
    Title,
    /// The number, date or footer of the slide.
    Margin,
}

impl Shapes {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(_) if self.skipped > 0 => self.skipped += 1,
            Event::End(_) if self.skipped > 0 => self.skipped -= 1,
            Event::Start(element) if self.skips(&element) => self.skipped = 1,
            Event::Start(element) => self.start(&element),
            Event::End(name) => self.end(name),
            Event::Text(text) => {
                if self.skipped == 0 && self.in_text && self.kind != Shape::Margin && !self.in_field {
                    self.text.push(text);
                }
            }
        }
    }

    fn skips(&mut self, element: &Element<'_>) -> bool {
        let is_version = matches!(element.name(), "Choice" | "Fallback");
        is_version && self.version_is_taken.last_mut().is_some_and(|is_taken| std::mem::replace(is_taken, true))
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "sp" => self.kind = Shape::Text,
            "ph" => self.kind = shape(element.attribute("type").as_deref()),
            "fld" => self.in_field = matches!(element.attribute("type").as_deref(), Some("slidenum")),
            "t" => self.in_text = true,
            "br" => self.text.join(Join::Line),
            "tbl" => self.blocks.open_table(),
            "tr" => self.blocks.next_row(),
            "tc" => self.blocks.next_cell(),
            "AlternateContent" => self.version_is_taken.push(false),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "fld" => self.in_field = false,
            "p" if self.kind == Shape::Title => self.text.join(Join::Line),
            "p" => self.flush(),
            "sp" => {
                self.flush();
                self.kind = Shape::Text;
            }
            "tbl" => self.blocks.close_table(),
            "AlternateContent" => {
                self.version_is_taken.pop();
            }
            _ => {}
        }
    }

    fn flush(&mut self) {
        let Some((text, marks)) = self.text.take() else { return };
        let kind = if self.kind == Shape::Title { BlockKind::Heading(1) } else { BlockKind::Paragraph };
        self.blocks.push(Block::new(kind, text, marks), ());
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.blocks.finish().into_iter().map(|part| part.block).collect()
    }
}

fn shape(placeholder: Option<&str>) -> Shape {
    match placeholder {
        Some("title" | "ctrTitle") => Shape::Title,
        Some("sldNum" | "dt" | "ftr" | "hdr") => Shape::Margin,
        _ => Shape::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::formats::tests::samples::archive;
    use crate::reading::memory::Account;

    fn check(parts: &[(&str, &str)], expected: &[&str]) {
        let presentation = read(&archive(parts), &mut Account::of(usize::MAX).open()).unwrap();
        let shown = |block: &Block| match block.kind {
            BlockKind::Heading(_) => format!("# {}", block.text),
            BlockKind::Table => format!("table: {}", block.text),
            _ => block.text.clone(),
        };
        assert_eq!(presentation.blocks.iter().map(shown).collect::<Vec<_>>(), expected);
    }

    fn shape(placeholder: &str, text: &str) -> String {
        format!(
            "<p:sp><p:nvSpPr><p:nvPr><p:ph type=\"{placeholder}\"/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>"
        )
    }

    #[test]
    fn slides_are_sections_in_their_order() {
        let first = shape("body", "<a:p><a:r><a:t>港口的</a:t></a:r><a:r><a:t>费率</a:t></a:r></a:p><a:p/>")
            + &shape("title", "<a:p><a:r><a:t>Гавани</a:t></a:r><a:br/><a:r><a:t>севера</a:t></a:r></a:p>")
            + &shape("sldNum", "<a:p><a:fld type=\"slidenum\"><a:t>7</a:t></a:fld></a:p>");
        let table = "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Год</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>Дни</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>";
        let version = |text: &str| format!("<p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp>");
        let second = format!(
            "{}{table}<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
            version("A pier"),
            version("once"),
            version("twice")
        );
        let notes = shape("body", "<a:p><a:r><a:t>Показать карту.</a:t></a:r></a:p>");
        let slide = |shapes: &str| format!("<p:sld><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>");
        check(
            &[
                (
                    "ppt/presentation.xml",
                    "<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"a\"/><p:sldId id=\"257\" r:id=\"b\"/></p:sldIdLst></p:presentation>",
                ),
                (
                    "ppt/_rels/presentation.xml.rels",
                    "<R><r Id=\"a\" Type=\"x/slide\" Target=\"slides/slide9.xml\"/><r Id=\"b\" Type=\"x/slide\" Target=\"slides/slide1.xml\"/></R>",
                ),
                ("ppt/slides/slide9.xml", &slide(&first)),
                ("ppt/slides/slide1.xml", &slide(&second)),
                (
                    "ppt/slides/_rels/slide1.xml.rels",
                    "<R><r Id=\"n\" Type=\"x/notesSlide\" Target=\"../notesSlides/notesSlide3.xml\"/></R>",
                ),
                ("ppt/notesSlides/notesSlide3.xml", &slide(&notes)),
            ],
            &["# Гавани севера", "港口的费率", "# A pier", "table: Год | Дни", "once", "Показать карту."],
        );
    }

    #[test]
    fn slides_come_once_and_without_their_list_by_number() {
        let slide = |text: &str| format!("<p:sld><p:sp><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sp></p:sld>");
        let list = "<p><sldId id=\"1\" r:id=\"a\"/><sldId id=\"2\" r:id=\"a\"/></p>";
        let relations = "<R><r Id=\"a\" Type=\"x/slide\" Target=\"slides/slide1.xml\"/></R>";
        let repeated = [
            ("ppt/presentation.xml", list),
            ("ppt/_rels/presentation.xml.rels", relations),
            ("ppt/slides/slide1.xml", &slide("once")),
        ];
        check(&repeated, &["# once"]);
        check(
            &[("ppt/slides/slide10.xml", &slide("ten")), ("ppt/slides/slide2.xml", &slide("two"))],
            &["# two", "# ten"],
        );
    }
}
