//! HTML: the blocks of a page.
//!
//! No tree is built: a list of the open elements is enough to know where blocks
//! end and what is hidden, and any input takes time in proportion to its length.
//! If the page marks a part as the article, and that part is not a mere teaser,
//! the rest is left out.
//!
//! `tokens` splits the source into tags and text; `elements` knows the role of
//! each element, `open_elements` where it ends; `notes` finds notes; `metadata`
//! reads `<meta>`.

mod dates;
mod elements;
mod main_part;
mod metadata;
mod notes;
mod open_elements;
mod title;
mod tokens;

use elements::{Role, heading_level, role};
use main_part::Containers;
use metadata::PageMetadata;
use notes::{Label, Notes, Shape};
use open_elements::{Open, OpenElements, Part};
use tokens::{Content, Tag, Visitor};

use crate::reading::formats::blocks::{Blocks, Gathered};
use crate::reading::formats::properties::up_to;
use crate::reading::formats::running_text::{Join, Place, RunningText};
use crate::reading::formats::{Block, BlockKind, Converted};

/// The syntax of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// HTML, as on the web.
    Html,
    /// XML, as in chapters of an EPUB: `<p/>` is a whole element.
    Xhtml,
}

/// How to treat text that a page hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HiddenText {
    Skip,
    Read,
}

/// Reads a web page. Never fails; takes time in proportion to the length.
pub(super) fn read(html: &str) -> Converted {
    read_as(html, Syntax::Html)
}

/// Reads a page.
pub(super) fn read_as(html: &str, syntax: Syntax) -> Converted {
    let page = Reader::new(syntax, HiddenText::Skip).read(html);
    if !page.blocks.is_empty() {
        return page;
    }
    // The text may be hidden until a script shows it.
    let mut page = Reader::new(syntax, HiddenText::Read).read(html);
    if !page.blocks.is_empty() {
        page.remarks.push("all text is hidden; it was read anyway".to_owned());
    }
    page
}

struct Reader {
    syntax: Syntax,
    hidden_text: HiddenText,
    blocks: Blocks<Origin>,
    metadata: PageMetadata,
    notes: Notes,
    text: RunningText,
    heading: Option<u8>,
    open: OpenElements,
    /// The anchor at the start of the block.
    own_anchor: Option<usize>,
    /// The label at the start of the block.
    own_label: Option<String>,
    superscript: Option<Place>,
    link: Option<Link>,
    containers: Containers,
    /// The number of elements that were open where the open link to another page began.
    leads_away: Option<usize>,
    /// The bytes of the block that are in links to other pages.
    linked: usize,
    after_break: bool,
    title_is_read: bool,
}

struct Link {
    place: Place,
    target: Option<String>,
    is_note: bool,
}

/// What the reader keeps beside a block to find notes and the main part.
struct Origin {
    part: Part,
    anchor: Option<usize>,
    own_label: Option<String>,
    /// The index of the element around it.
    container: usize,
    /// The bytes of its text that are in links to other pages.
    linked: usize,
}

/// Only the first `<title>` is the title; the text of others is read as text.
impl Visitor for Reader {
    fn start(&mut self, tag: &Tag) -> Content {
        let role = role(&tag.name);
        self.end_implied(&tag.name, role);
        let is_whole = tag.closes_itself && (self.syntax == Syntax::Xhtml || self.open.hides());
        match role {
            Role::Raw if is_whole => {}
            Role::Raw => return Content::Skipped,
            _ if self.open.hides() => {
                if role != Role::Void && !is_whole {
                    self.open.push_plain(&tag.name);
                }
            }
            Role::Void => self.void(tag),
            Role::Block => self.block(tag, is_whole),
            Role::Hidden if is_whole => {}
            Role::Hidden => self.open.push_hidden(&tag.name),
            Role::Inline if tag.name == "title" && !is_whole && !std::mem::replace(&mut self.title_is_read, true) => {
                return Content::Title;
            }
            Role::Inline => self.inline(tag, is_whole),
        }
        Content::Markup
    }

    fn end(&mut self, name: &str) {
        match role(name) {
            Role::Block => {
                if !self.open.hides() {
                    self.flush();
                }
                if heading_level(name).is_some() {
                    self.heading = None;
                }
            }
            _ if self.open.hides() => {}
            _ => match name {
                "br" => self.line_break(),
                "sup" => self.end_superscript(),
                "a" => {
                    self.leads_away = None;
                    self.end_link();
                }
                _ => {}
            },
        }
        let depth = self.open.ended_by_end(name);
        self.pop(depth);
    }

    fn text(&mut self, text: &str) {
        if !self.open.hides() {
            self.push(text);
        }
    }

    fn title(&mut self, text: &str) {
        self.metadata.title(text);
    }
}

impl Reader {
    fn new(syntax: Syntax, hidden_text: HiddenText) -> Reader {
        Reader {
            syntax,
            hidden_text,
            blocks: Blocks::default(),
            metadata: PageMetadata::default(),
            notes: Notes::default(),
            text: RunningText::default(),
            heading: None,
            open: OpenElements::default(),
            own_anchor: None,
            own_label: None,
            superscript: None,
            link: None,
            containers: Containers::default(),
            leads_away: None,
            linked: 0,
            after_break: false,
            title_is_read: false,
        }
    }

    fn read(mut self, html: &str) -> Converted {
        tokens::read(html.trim_start_matches('\u{feff}'), self.syntax, &mut self);
        self.flush();
        let mut gathered = self.blocks.finish();
        mark_notes(&mut gathered, &self.notes.labels());
        let stays = self.containers.main_part(&gathered);
        let around_title = around_title(&gathered, &stays).map(|part| up_to(&part.block.text, dates::LINE_BYTES));
        let around_title: Vec<String> = around_title.map(str::to_owned).collect();
        let article = gathered.into_iter().zip(stays).filter(|(_, stays)| *stays);
        let blocks: Vec<Block> = article.map(|(part, _)| part.block).collect();
        let metadata = self.metadata.finish(&blocks, around_title.iter().map(String::as_str));
        Converted { metadata, blocks, remarks: Vec::new() }
    }

    fn void(&mut self, tag: &Tag) {
        match &*tag.name {
            "br" => self.line_break(),
            "hr" => self.flush(),
            "meta" => self.metadata.meta(tag),
            _ => {}
        }
    }

    /// Takes a `<br>`. On old pages two of them end a paragraph.
    fn line_break(&mut self) {
        if self.after_break {
            self.flush();
        } else {
            self.text.join(Join::Line);
            self.after_break = true;
        }
    }

    fn block(&mut self, tag: &Tag, is_whole: bool) {
        self.flush();
        if is_whole {
            return;
        }
        let is_table = tag.name == "table" && !self.open.is_full();
        match &*tag.name {
            _ if is_table => self.blocks.open_table(),
            "tr" => self.blocks.next_row(),
            "td" | "th" => self.blocks.next_cell(),
            name => self.heading = heading_level(name).or(self.heading),
        }
        let Traits { id, hides, is_note } = Traits::of(tag);
        let hides = hides && self.hidden_text == HiddenText::Skip;
        let around = self.open.anchor();
        let anchor = id.map(|id| self.notes.anchor(id, around)).or(around);
        let part = self.part(tag);
        let names = [tag.attribute("class"), tag.attribute("id")].map(Option::unwrap_or_default);
        let is_beside = names.iter().any(|names| main_part::is_beside(&tag.name, names));
        let container = self.containers.open(self.open.container(), is_beside);
        self.open.push(Open { name: tag.name.clone(), hides, is_table, is_note, part, anchor, container });
    }

    fn part(&self, tag: &Tag) -> Part {
        match &*tag.name {
            "main" | "article" => Part::Main,
            "nav" | "aside" if self.open.part() == Part::Main => Part::Beside,
            "div" | "section" if tag.attribute("role").is_some_and(|role| role == "main") => Part::Main,
            _ => Part::Other,
        }
    }

    fn inline(&mut self, tag: &Tag, is_whole: bool) {
        let traits = Traits::of(tag);
        let name = tag.attribute("name").filter(|name| tag.name == "a" && is_anchor_id(name));
        if let Some(id) = traits.id.or(name)
            && self.text.text().is_empty()
        {
            self.own_anchor = Some(self.notes.anchor(id, self.own_anchor.or(self.open.anchor())));
        }
        match &*tag.name {
            _ if is_whole => {}
            // Some pages hide `html` or `body` until a script has run, so their attributes do not count.
            "html" | "head" | "body" => {}
            "ruby" => self.open.push_plain(&tag.name),
            _ if traits.hides && self.hidden_text == HiddenText::Skip => self.open.push_hidden(&tag.name),
            "sup" => self.superscript = Some(self.text.place()),
            "time" => self.metadata.time(tag),
            "a" => {
                let leads_away = tag.attribute("href").is_some_and(|href| !href.starts_with('#'));
                self.leads_away = leads_away.then_some(self.open.depth());
                let target = tag.attribute("href").and_then(|href| Some(href.rsplit_once('#')?.1));
                let target = target.filter(|target| is_anchor_id(target)).map(str::to_owned);
                let is_note = traits.is_note || target.as_deref().is_some_and(notes::is_named_note);
                self.link = Some(Link { place: self.text.place(), target, is_note });
            }
            _ => {}
        }
    }

    fn pop(&mut self, depth: usize) {
        for open in (0..depth).map_while(|_| self.open.pop()) {
            if open.is_table {
                self.blocks.close_table();
            }
        }
        // A link that is never closed ends with the element that it stands in.
        self.leads_away.take_if(|depth| self.open.depth() < *depth);
    }

    /// Ends the elements that a start tag ends implicitly.
    fn end_implied(&mut self, name: &str, role: Role) {
        self.end_elements(self.open.ended_by_start(name), role);
        if role == Role::Block {
            self.end_elements(self.open.ended_by_block(), role);
        }
    }

    fn end_elements(&mut self, depth: usize, role: Role) {
        if depth > 0 && role == Role::Block {
            self.flush();
        }
        self.pop(depth);
    }

    fn push(&mut self, text: &str) {
        if self.leads_away.is_some() {
            self.linked += text.trim().len();
        }
        if self.open.is_preformatted() {
            return self.push_lines(text);
        }
        if self.after_break && !text.trim_ascii().is_empty() {
            if is_indented(text.trim_start_matches(['\n', '\r', '\t', ' '])) {
                self.flush();
            }
            self.after_break = false;
        }
        self.text.push(text);
    }

    /// Appends text of a `<pre>`, which may hold a whole book: a blank line or an indent begins a paragraph.
    fn push_lines(&mut self, text: &str) {
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.text.join(Join::Line);
                let is_blank = line.trim().is_empty() && text.len() > line.len();
                if is_blank || line.starts_with("  ") || line.starts_with('\t') || is_indented(line) {
                    self.flush();
                }
            }
            self.text.push(line);
        }
    }

    fn end_superscript(&mut self) {
        let Some(place) = self.superscript.take() else { return };
        let is_linked = self.link.as_ref().is_some_and(|link| link.target.is_some());
        let Some(label) = notes::label(self.text.since(place)) else { return };
        let is_mark = match label.shape {
            Shape::Sure => true,
            _ if is_linked => true,
            Shape::Number if self.begins_block(place) => self.open.is_note(),
            Shape::Number => !notes::is_raised(self.text.before(place)),
            Shape::Letters => false,
        };
        if is_mark {
            let label = label.text.to_owned();
            let target = self.link.as_ref().and_then(|link| link.target.clone());
            self.mark(place, label, target.as_deref());
        }
    }

    fn end_link(&mut self) {
        let Some(Link { place, target: Some(target), is_note }) = self.link.take() else { return };
        let text = self.text.since(place);
        if notes::leads_back(text) {
            return self.text.go_back(place);
        }
        let is_raised = self.superscript.is_some();
        match notes::label(text) {
            Some(Label { text, shape }) if shape == Shape::Sure || is_raised || is_note => {
                let label = text.to_owned();
                self.mark(place, label, Some(&target));
            }
            _ => {}
        }
    }

    /// Removes a mark from the text. At the start of a block it becomes the label of that block.
    fn mark(&mut self, place: Place, label: String, target: Option<&str>) {
        let begins_block = self.begins_block(place);
        self.text.go_back(place);
        if begins_block {
            self.own_label.get_or_insert(label);
            return;
        }
        if let Some(target) = target {
            self.notes.cite(target, &label);
        }
        self.text.mark(label);
    }

    /// Whether a place is the start of a block. Never in a table, where the block may be any cell.
    fn begins_block(&self, place: Place) -> bool {
        self.text.before(place).is_empty() && self.blocks.tables_open() == 0
    }

    /// Ends the block that is being read.
    fn flush(&mut self) {
        self.superscript = None;
        self.link = None;
        self.after_break = false;
        let anchor = self.own_anchor.take().or(self.open.anchor());
        let own_label = self.own_label.take();
        let linked = std::mem::take(&mut self.linked);
        let Some((text, marks)) = self.text.take() else { return };
        let kind = match self.heading.take() {
            Some(level) => BlockKind::Heading(level),
            None => BlockKind::Paragraph,
        };
        let (part, container) = (self.open.part(), self.open.container());
        self.blocks.push(Block::new(kind, text, marks), Origin { part, anchor, own_label, container, linked });
    }
}

/// Whether a text is indented like a Chinese paragraph: by wide blanks, or on old pages by `&nbsp;`.
fn is_indented(text: &str) -> bool {
    text.starts_with('\u{3000}') || text.starts_with("\u{a0}\u{a0}")
}

/// What the attributes of an element tell about it.
struct Traits<'t> {
    id: Option<&'t str>,
    hides: bool,
    is_note: bool,
}

impl<'t> Traits<'t> {
    fn of(tag: &'t Tag) -> Traits<'t> {
        let mut traits = Traits { id: None, hides: false, is_note: false };
        for (name, value) in tag.attributes() {
            match name {
                "id" if is_anchor_id(value) => traits.id = Some(value),
                "hidden" => traits.hides |= !value.eq_ignore_ascii_case("until-found"),
                "style" => traits.hides |= hides(value),
                "class" | "role" | "epub:type" => traits.is_note |= notes::is_named_note(value),
                _ => {}
            }
        }
        traits
    }
}

/// The longest id of an anchor, in bytes. Each mark in a link copies the id, so a longer one is ignored.
const LONGEST_ANCHOR_ID: usize = 500;

fn is_anchor_id(name: &str) -> bool {
    (1..=LONGEST_ANCHOR_ID).contains(&name.len())
}

fn hides(style: &str) -> bool {
    style.split(';').filter_map(|rule| rule.split_once(':')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("display")
            && value
                .split(['!', ' '])
                .find(|word| !word.is_empty())
                .is_some_and(|word| word.eq_ignore_ascii_case("none"))
    })
}

/// The number of blocks before and after the first sentence of an article that may tell its date.
const AROUND_TITLE: usize = 6;

/// Returns the blocks among which the date of an article stands, from those above its title to its first paragraphs.
fn around_title<'g>(
    gathered: &'g [Gathered<Origin>],
    stays: &[bool],
) -> impl Iterator<Item = &'g Gathered<Origin>> + use<'g> {
    let first = stays.iter().position(|stays| *stays).unwrap_or(0);
    let text = stays.iter().zip(gathered).skip(first).position(|(stays, part)| *stays && main_part::is_sentence(part));
    let end = first + text.unwrap_or(0).min(AROUND_TITLE) + AROUND_TITLE;
    gathered[first.saturating_sub(AROUND_TITLE)..end.min(gathered.len())].iter()
}

fn mark_notes(gathered: &mut [Gathered<Origin>], labels: &[Option<&str>]) {
    for part in gathered.iter_mut().filter(|part| part.block.kind == BlockKind::Paragraph) {
        let cited = part.beside.anchor.and_then(|anchor| *labels.get(anchor)?).map(str::to_owned);
        if let Some(label) = cited.or_else(|| part.beside.own_label.take()) {
            part.block.kind = BlockKind::Note(label);
        }
    }
}
