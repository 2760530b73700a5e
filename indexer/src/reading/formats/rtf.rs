//! RTF: the blocks of a document in the Rich Text Format.
//!
//! One pass over the tokens. Properties belong to groups, so the open groups are
//! kept in a list; notes and text boxes are stories within the story, in another
//! list. Read as Word shows them: numbers of list items, results of fields, text
//! boxes. Left out: hidden and deleted text, headers, comments, pictures.
//!
//! A mail that a mail program saved as RTF often holds the web page that it was
//! made of, tag by tag; then that page is read instead.
//!
//! `tokens` cuts the bytes, `decoding` makes text of them, `destinations` knows
//! what a group is for, `styles` the headings; `word::story` collects the paragraphs.

mod decoding;
mod destinations;
mod styles;
mod tokens;

#[cfg(all(test, feature = "doc", feature = "docx", feature = "epub", feature = "mime"))]
mod tests;

use decoding::{Decoding, Reading};
use destinations::Destination;
use styles::{Paragraph, Style, Styles};
use tokens::{Token, Tokens};

use crate::reading::formats::properties::believe;
use crate::reading::formats::running_text::Join;
use crate::reading::formats::word::{Place, Row, Story, roman};
use crate::reading::formats::{
    Block, BlockKind, Converted, FormatError, Metadata, collapse_blanks, html, split_keywords,
};
use crate::reading::memory::{Held, of_page, of_paragraphs};
use crate::reading::skip_reason::SkipReason;

/// The deepest nesting of groups whose properties are kept apart.
const DEEPEST: usize = 1_000;

/// The deepest nesting of notes and text boxes.
const DEEPEST_STORY: usize = 20;

/// Reads a document.
///
/// # Errors
/// It is not RTF, needs too much memory, or holds no text.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !bytes.starts_with(b"{\\rtf") {
        return Err(FormatError::Damaged("it does not begin as RTF does".to_owned()).into());
    }
    memory.raise(bytes.len() as u64 + of_paragraphs(bytes.len() as u64, count_ends(bytes)))?;
    let document = Reader::new(bytes).read(bytes);
    let converted = match document.page {
        Some(page) => {
            memory.raise(bytes.len() as u64 + of_page(&page))?;
            html::read(&page)
        }
        None => {
            let mut metadata = document.metadata;
            believe(&mut metadata, &document.blocks);
            Converted { metadata, blocks: document.blocks, remarks: document.remarks }
        }
    };
    if converted.blocks.is_empty() {
        return Err(FormatError::NoText.into());
    }
    Ok(converted)
}

/// Counts what may end a paragraph.
fn count_ends(bytes: &[u8]) -> u64 {
    let is_end = |token: &Token<'_>| {
        matches!(token, Token::Word("par" | "cell" | "sect" | "page" | "nestcell" | "row", _))
            || matches!(token, Token::Word("footnote", _) | Token::Symbol(b'\n' | b'\r'))
    };
    Tokens::of(bytes).filter(is_end).count() as u64
}

/// A document as it was read.
#[derive(Debug, Default)]
struct Document {
    metadata: Metadata,
    blocks: Vec<Block>,
    /// The web page in it.
    page: Option<String>,
    remarks: Vec<String>,
}

struct Reader {
    decoding: Decoding,
    styles: Styles,
    group: Group,
    /// The groups around, outermost first.
    groups: Vec<Group>,
    /// The number of open groups that are nested too deeply to be kept.
    too_deep: usize,
    stories: Vec<Story>,
    /// The notes that are open, innermost last.
    notes: Vec<Note>,
    /// The number of notes of each row.
    labels_given: [usize; 2],
    numerals: [fn(usize) -> String; 2],
    default_font: Option<i32>,
    /// The font that the font table is telling of.
    listed_font: i32,
    style: Style,
    told: Told,
    /// Whether a `\*` came before.
    is_optional: bool,
    /// The number of bytes to skip: they stand for a Unicode character.
    skipped_bytes: usize,
    high_surrogate: Option<u16>,
    page: Option<String>,
}

/// The properties of a group.
#[derive(Debug, Clone, Copy)]
struct Group {
    destination: Destination,
    /// The destination outside of a text that is given twice.
    around_two_texts: Destination,
    /// The story that ends with it.
    story: Option<StoryKind>,
    paragraph: Paragraph,
    font: Option<i32>,
    /// The font of Chinese characters, if the text that follows is said to be such.
    double_byte: DoubleByte,
    is_hidden: bool,
    is_deleted: bool,
    /// Whether its text is not part of the web page.
    is_beside_page: bool,
    /// The number of bytes that stand for each Unicode character.
    bytes_for_unicode: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoryKind {
    Note,
    TextBox,
}

/// What is known of the font of Chinese characters in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DoubleByte {
    /// The run is of other characters.
    Off,
    /// `\dbch` came; its font follows.
    Expected,
    Font(i32),
}

/// A note being read.
#[derive(Debug, Clone, Copy)]
struct Note {
    row: Row,
    /// Whether Word gives it a number; else it has a sign of its own.
    is_numbered: bool,
}

/// Metadata as text, and parts of the date.
#[derive(Debug, Default)]
struct Told {
    title: String,
    author: String,
    keywords: String,
    year: i32,
    month: i32,
    day: i32,
}

impl Reader {
    fn new(bytes: &[u8]) -> Reader {
        Reader {
            decoding: Decoding::of(bytes),
            styles: Styles::default(),
            group: Group {
                destination: Destination::Text,
                around_two_texts: Destination::Text,
                story: None,
                paragraph: Paragraph::default(),
                font: None,
                double_byte: DoubleByte::Off,
                is_hidden: false,
                is_deleted: false,
                is_beside_page: false,
                bytes_for_unicode: 1,
            },
            groups: Vec::new(),
            too_deep: 0,
            stories: vec![Story::default()],
            notes: Vec::new(),
            labels_given: [0; 2],
            numerals: [|number| number.to_string(), roman],
            default_font: None,
            listed_font: 0,
            style: Style::default(),
            told: Told::default(),
            is_optional: false,
            skipped_bytes: 0,
            high_surrogate: None,
            page: None,
        }
    }

    fn read(mut self, bytes: &[u8]) -> Document {
        let mut is_whole = false;
        for token in Tokens::of(bytes) {
            if token == Token::Close && self.groups.len() <= 1 && self.too_deep == 0 {
                is_whole = true;
                break;
            }
            self.token(token);
        }
        self.flush();
        while !self.groups.is_empty() {
            self.too_deep = 0;
            self.close();
        }
        self.end_paragraph();
        let blocks = self.stories.pop().map(Story::finish).unwrap_or_default();
        let remarks = if is_whole { Vec::new() } else { vec!["the document ends too early".to_owned()] };
        Document { metadata: self.told.finish(), blocks, page: self.page, remarks }
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Open => self.open(),
            Token::Close => self.close(),
            Token::Binary => {}
            Token::Symbol(sign) => self.symbol(sign),
            Token::Byte(byte) => self.bytes(&[byte]),
            Token::Text(bytes) => self.bytes(bytes),
            Token::Word(name, number) => self.word(name, number),
        }
    }

    fn open(&mut self) {
        self.skipped_bytes = 0;
        if self.groups.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        self.groups.push(self.group);
        self.group.story = None;
    }

    fn close(&mut self) {
        self.skipped_bytes = 0;
        self.is_optional = false;
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(around) = self.groups.pop() else { return };
        if !self.group.shows_like(&around) {
            self.flush();
        }
        if self.group.destination == Destination::Styles {
            self.flush();
            self.styles.insert(std::mem::take(&mut self.style));
        }
        match self.group.story {
            Some(StoryKind::Note) => self.end_note(),
            Some(StoryKind::TextBox) => self.end_text_box(around.paragraph.place),
            None => {}
        }
        self.group = around;
    }

    fn symbol(&mut self, sign: u8) {
        match sign {
            b'*' => self.is_optional = true,
            b'\n' | b'\r' => self.word("par", None),
            b'\t' => self.join(Join::Blank),
            b'~' => self.text(" "),
            b'_' => self.text("-"),
            b'{' | b'}' | b'\\' => self.bytes(&[sign]),
            _ => {}
        }
    }

    /// Takes bytes of text.
    fn bytes(&mut self, bytes: &[u8]) {
        let skipped = self.skipped_bytes.min(bytes.len());
        self.skipped_bytes -= skipped;
        let bytes = bytes.get(skipped..).unwrap_or_default();
        if bytes.is_empty() || matches!(self.group.destination, Destination::Skipped | Destination::Drawing) {
            return;
        }
        self.high_surrogate = None;
        match self.decoding.reading(self.font()) {
            Reading::As(encoding) => {
                if let Some(before) = self.decoding.push(bytes, encoding) {
                    self.put(&before);
                }
            }
            Reading::Symbols => {
                self.flush();
                if bytes.first() == Some(&b' ') {
                    self.join(Join::Blank);
                }
            }
        }
    }

    /// Returns the font of the bytes that come. Metadata has none: it is in the code page of the document.
    fn font(&self) -> Option<i32> {
        match (self.group.destination, self.group.double_byte) {
            (Destination::Title | Destination::Author | Destination::Keywords, _) => None,
            (_, DoubleByte::Font(font)) => Some(font),
            _ => self.group.font.or(self.default_font),
        }
    }

    /// Takes a character by its number, of which half may come at a time.
    fn unicode(&mut self, number: i32) {
        self.skipped_bytes = self.group.bytes_for_unicode;
        let unit = if number < 0 { number.saturating_add(1 << 16) } else { number } as u32;
        let before = self.high_surrogate.take();
        let c = match (before, unit) {
            (_, 0xd800..=0xdbff) => {
                self.high_surrogate = u16::try_from(unit).ok();
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => char::decode_utf16([high, unit as u16]).next().and_then(Result::ok),
            // Signs of symbol fonts, which are no letters.
            (_, 0xf000..=0xf0ff) => None,
            _ => char::from_u32(unit),
        };
        if let Some(c) = c {
            self.text(c.encode_utf8(&mut [0; 4]));
        }
    }

    fn word(&mut self, name: &str, number: Option<i32>) {
        self.skipped_bytes = 0;
        let is_optional = std::mem::take(&mut self.is_optional);
        let destination = self.group.destination;
        match destination {
            Destination::Drawing if matches!(name, "shptxt" | "dptxbxtext") => return self.begin(StoryKind::TextBox),
            Destination::TwoTexts if name == "ud" => return self.set_destination(self.group.around_two_texts),
            Destination::Skipped | Destination::Drawing | Destination::TwoTexts => return,
            Destination::Text if name == "footnote" => return self.begin(StoryKind::Note),
            _ => {}
        }
        if let Some(opened) = Destination::opened_by(name, destination) {
            self.group.around_two_texts = destination;
            return self.set_destination(opened);
        }
        if is_optional {
            return self.set_destination(Destination::Skipped);
        }
        match destination {
            Destination::Fonts => self.font_word(name, number),
            Destination::Styles => self.style_word(name, number),
            Destination::Made => self.told.date_word(name, number),
            _ => {}
        }
        self.text_word(name, number);
    }

    fn set_destination(&mut self, destination: Destination) {
        if self.group.destination != destination {
            self.flush();
            self.group.destination = destination;
        }
    }

    fn font_word(&mut self, name: &str, number: Option<i32>) {
        let code = number.and_then(|number| u16::try_from(number).ok());
        match (name, code) {
            ("f", _) => self.listed_font = number.unwrap_or(0),
            ("fcharset", Some(charset)) => self.decoding.font(self.listed_font, charset),
            ("cpg", Some(code_page)) => self.decoding.font_code_page(self.listed_font, code_page),
            _ => {}
        }
    }

    fn style_word(&mut self, name: &str, number: Option<i32>) {
        match name {
            "s" => self.style.number = number.unwrap_or(0),
            "sbasedon" => self.style.based_on = number,
            "outlinelevel" => self.style.outline = number.and_then(|level| u8::try_from(level).ok()),
            _ => {}
        }
    }

    /// Takes a control word within text.
    fn text_word(&mut self, name: &str, number: Option<i32>) {
        let is_on = number != Some(0);
        match name {
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => self.group.bytes_for_unicode = number.unwrap_or(1).clamp(0, 100) as usize,
            "f" => (self.group.font, self.group.double_byte) = (number, DoubleByte::Off),
            "dbch" => self.group.double_byte = DoubleByte::Expected,
            "loch" | "hich" => self.group.double_byte = DoubleByte::Off,
            "af" => {
                if let (DoubleByte::Expected, Some(font)) = (self.group.double_byte, number) {
                    self.group.double_byte = DoubleByte::Font(font);
                }
            }
            "deff" => self.default_font = number,
            "plain" => self.plain(),
            "v" => self.set_shown(|group| group.is_hidden = is_on),
            "deleted" => self.set_shown(|group| group.is_deleted = is_on),
            "htmlrtf" => self.set_shown(|group| group.is_beside_page = is_on),
            "fromhtml" => self.page = Some(String::new()),
            _ if self.group.destination == Destination::Text => self.paragraph_word(name, number),
            _ => {}
        }
    }

    fn paragraph_word(&mut self, name: &str, number: Option<i32>) {
        let paragraph = &mut self.group.paragraph;
        match name {
            "par" | "sect" | "page" => self.end_paragraph(),
            "pard" => *paragraph = Paragraph::default(),
            "s" => paragraph.style = number.unwrap_or(0),
            "outlinelevel" => paragraph.outline = number.and_then(|level| u8::try_from(level).ok()),
            "intbl" | "itap" => paragraph.place = if number == Some(0) { Place::Body } else { Place::Table },
            "cell" => self.end(Story::end_cell),
            "row" => self.end(Story::end_row),
            // A table in a cell: its cells are paragraphs of that cell.
            "nestcell" => self.end(|story, kind| story.end_paragraph(kind, Place::Table)),
            "line" | "lbr" | "softline" | "column" => self.join(Join::Line),
            "tab" => self.join(Join::Blank),
            "chftn" => {
                if let Some(note) = self.notes.last_mut() {
                    note.is_numbered = true;
                }
            }
            "ftnalt" => {
                if let Some(note) = self.notes.last_mut() {
                    note.row = Row::Endnotes;
                }
            }
            "ftnnrlc" => self.numerals[Row::Footnotes as usize] = roman,
            "aftnnar" => self.numerals[Row::Endnotes as usize] = |number| number.to_string(),
            _ => {
                if let Some(text) = character(name) {
                    self.text(text);
                }
            }
        }
    }

    fn plain(&mut self) {
        self.set_shown(|group| {
            group.font = None;
            group.double_byte = DoubleByte::Off;
            (group.is_hidden, group.is_deleted) = (false, false);
        });
    }

    /// Changes what is shown from here on.
    fn set_shown(&mut self, change: impl Fn(&mut Group)) {
        let mut changed = self.group;
        change(&mut changed);
        if !changed.shows_like(&self.group) {
            self.flush();
        }
        self.group = changed;
    }

    fn text(&mut self, text: &str) {
        self.flush();
        self.put(text);
    }

    /// Decodes the bytes collected so far.
    fn flush(&mut self) {
        if let Some(text) = self.decoding.take() {
            self.put(&text);
        }
    }

    /// Puts text where it belongs.
    fn put(&mut self, text: &str) {
        match self.group.destination {
            Destination::Text if self.page.is_some() => self.put_in_page(text),
            Destination::Text if self.group.is_hidden || self.group.is_deleted => {}
            Destination::Text => self.story().text.push(text),
            Destination::Styles => self.style.name.push_str(text),
            Destination::Title => self.told.title.push_str(text),
            Destination::Author => self.told.author.push_str(text),
            Destination::Keywords => self.told.keywords.push_str(text),
            Destination::HtmlTag => self.page.get_or_insert_default().push_str(text),
            _ => {}
        }
    }

    fn put_in_page(&mut self, text: &str) {
        if let Some(page) = self.page.as_mut().filter(|_| !self.group.is_beside_page) {
            page.push_str(text);
        }
    }

    fn join(&mut self, join: Join) {
        self.flush();
        if self.group.destination != Destination::Text {
            return;
        }
        if self.page.is_some() {
            return self.put_in_page(if join == Join::Line { "\n" } else { "\t" });
        }
        self.story().text.join(join);
    }

    fn end_paragraph(&mut self) {
        let place = self.group.paragraph.place;
        self.end(|story, kind| story.end_paragraph(kind, place));
    }

    /// Ends a paragraph, and a cell or row with it.
    fn end(&mut self, end: impl Fn(&mut Story, BlockKind)) {
        self.flush();
        if self.page.is_some() {
            return self.put_in_page("\n");
        }
        let kind = self.styles.level(&self.group.paragraph).map_or(BlockKind::Paragraph, BlockKind::Heading);
        end(self.story(), kind);
    }

    fn story(&mut self) -> &mut Story {
        if self.stories.is_empty() {
            self.stories.push(Story::default());
        }
        self.stories.last_mut().expect("there is at least one story")
    }

    /// Begins a story within the story. Nested too deeply, its text belongs to the story around.
    fn begin(&mut self, kind: StoryKind) {
        self.set_destination(Destination::Text);
        if self.stories.len() >= DEEPEST_STORY || self.page.is_some() || self.group.story.is_some() {
            return;
        }
        self.flush();
        self.stories.push(Story::default());
        self.group.story = Some(kind);
        self.group.paragraph = Paragraph::default();
        if kind == StoryKind::Note {
            self.notes.push(Note { row: Row::Footnotes, is_numbered: false });
        }
    }

    /// Ends the innermost story and returns its blocks.
    fn end_story(&mut self) -> Vec<Block> {
        self.end_paragraph();
        self.stories.pop().map(Story::finish).unwrap_or_default()
    }

    fn end_text_box(&mut self, place: Place) {
        let blocks = self.end_story();
        self.story().insert(blocks, place);
    }

    fn end_note(&mut self) {
        let blocks = self.end_story();
        let Some(note) = self.notes.pop() else { return };
        if self.group.is_hidden || self.group.is_deleted {
            return;
        }
        let own = blocks.first().and_then(|block| block.text.chars().next()).filter(|sign| !sign.is_alphanumeric());
        let label = match own.filter(|_| !note.is_numbered) {
            Some(sign) => sign.to_string(),
            None => {
                let given = &mut self.labels_given[note.row as usize];
                *given += 1;
                self.numerals[note.row as usize](*given)
            }
        };
        self.story().cite(&label, blocks);
    }
}

impl Group {
    /// Whether text goes to the same place as in another group.
    fn shows_like(&self, other: &Group) -> bool {
        let key = |group: &Group| (group.destination, group.is_hidden, group.is_deleted, group.is_beside_page);
        key(self) == key(other) && self.story.is_none()
    }
}

impl Told {
    fn date_word(&mut self, name: &str, number: Option<i32>) {
        let number = number.unwrap_or(0);
        match name {
            "yr" => self.year = number,
            "mo" => self.month = number,
            "dy" => self.day = number,
            _ => {}
        }
    }

    fn finish(self) -> Metadata {
        let title = collapse_blanks(&self.title);
        let authors = self.author.split(';').map(collapse_blanks).filter(|author| !author.is_empty()).collect();
        let is_date = self.year > 0 && self.month > 0 && self.day > 0;
        Metadata {
            title: Some(title).filter(|title| !title.is_empty()),
            authors,
            made: is_date.then(|| format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)),
            keywords: split_keywords(&self.keywords).collect(),
            ..Metadata::default()
        }
    }
}

/// Returns the character of a control word.
fn character(name: &str) -> Option<&'static str> {
    Some(match name {
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => return None,
    })
}
