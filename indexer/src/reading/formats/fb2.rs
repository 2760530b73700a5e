//! FictionBook: the blocks of an electronic book.
//!
//! A book is one XML text, often alone in a zip archive. Its encoding is the one it declares unless the bytes
//! contradict it. Titles of nested sections are headings of their depth. The notes stand in a body of their own; each is
//! put behind the paragraph that cites it first. Left out are pictures and the description of the file.

use std::collections::HashMap;

use super::archive::Archive;
use super::blocks::Blocks;
use super::running_text::{Join, RunningText};
use super::xml::{self, Element, Event};
use super::{Block, BlockKind, Converted, FormatError, Metadata, collapse_blanks, split_keywords};
use crate::reading::encoding::decode_html;
use crate::reading::memory::{Held, of_story};
use crate::reading::skip_reason::SkipReason;

/// The longest title of a note, in bytes, that is its label; a longer one is part of its text.
const LONGEST_LABEL: usize = 16;

/// Reads a book.
///
/// # Errors
/// It is not a book, too large or without text, its encoding is not clear, or it is so damaged that nothing could be
/// read. Other damage becomes a remark.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let mut remarks = Vec::new();
    let is_archive = bytes.starts_with(b"PK");
    let source = if is_archive { unpack(bytes, &mut remarks, memory)? } else { bytes.to_vec() };
    memory.keep(source.len() as u64);
    let decoded = decode_html(source)?;
    if decoded.repaired > 0 {
        remarks.push(format!("{} damaged places in its {} text", decoded.repaired, decoded.encoding));
    }
    memory.raise_beside_kept(of_story(&decoded.text))?;
    let mut book = Book::default();
    remarks.extend(xml::read(&decoded.text, |event| book.event(event)));
    let (metadata, blocks) = book.finish();
    if blocks.is_empty() {
        return Err(remarks.into_iter().next().map_or(FormatError::NoText, FormatError::Damaged).into());
    }
    Ok(Converted { metadata, blocks, remarks })
}

/// Returns the book in an archive: its first part that is one by its name.
fn unpack(bytes: &[u8], remarks: &mut Vec<String>, memory: &mut Held) -> Result<Vec<u8>, SkipReason> {
    let mut archive = Archive::open(bytes, memory)?;
    let mut names = archive.names();
    names.retain(|name| name.to_lowercase().ends_with(".fb2"));
    names.sort();
    let name = names.into_iter().next().ok_or_else(|| FormatError::Damaged("no book in the archive".to_owned()))?;
    let part = archive.read(&name, memory)?.unwrap_or_default();
    if part.is_damaged || archive.is_rescued() {
        remarks.push("the archive is damaged; it was read as far as possible".to_owned());
    }
    Ok(part.bytes)
}

/// The part of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Elsewhere,
    /// What is told of the text.
    Title,
    /// What is told of the printed book.
    Print,
    Annotation,
    Body,
    Notes,
}

/// The book so far.
#[derive(Default)]
struct Book {
    metadata: Metadata,
    author: Vec<String>,
    printed: Option<String>,
    place: Place,
    value: String,
    text: RunningText,
    /// Whether a paragraph is open, in which text counts.
    in_paragraph: bool,
    /// The blocks, each with the ids of the notes that it cites.
    blocks: Blocks<Vec<String>>,
    cited: Vec<String>,
    /// The labels of cited notes, by their ids.
    labels: HashMap<String, String>,
    notes: HashMap<String, Vec<Block>>,
    /// The ids of notes in the order of the book.
    note_ids: Vec<String>,
    /// The number of open sections.
    sections: usize,
    in_title: bool,
    in_stanza: bool,
    /// The id of the note that the open link leads to.
    link: Option<String>,
    label: String,
}

impl Book {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(element) => self.start(&element),
            Event::End(name) => self.end(name),
            Event::Text(text) => self.text(text),
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        match (self.place, element.name()) {
            (_, "title-info") => self.place = Place::Title,
            (_, "publish-info") => self.place = Place::Print,
            (_, "body") => self.start_body(element),
            (Place::Title, "annotation") => self.place = Place::Annotation,
            (Place::Title, "author") => self.author.clear(),
            (Place::Title, name) => {
                self.value.clear();
                if name == "date" {
                    self.metadata.date = element.attribute("value").filter(|date| !date.trim().is_empty());
                }
            }
            (Place::Print, _) => self.value.clear(),
            (Place::Annotation | Place::Body | Place::Notes, name) => self.start_in_text(name, element),
            (Place::Elsewhere, _) => {}
        }
    }

    fn start_body(&mut self, element: &Element<'_>) {
        let name = element.attribute("name").unwrap_or_default().to_lowercase();
        let is_of_notes = ["notes", "footnotes", "endnotes", "comments", "примечания"].contains(&&*name);
        self.place = if is_of_notes { Place::Notes } else { Place::Body };
        self.sections = 0;
    }

    fn start_in_text(&mut self, name: &str, element: &Element<'_>) {
        match name {
            "section" => {
                self.sections += 1;
                if self.place == Place::Notes {
                    self.note_ids.extend(element.attribute("id"));
                }
            }
            "title" => self.in_title = true,
            "stanza" => self.in_stanza = true,
            "p" | "v" | "subtitle" | "text-author" | "date" | "td" | "th" => self.start_paragraph(name),
            "table" => self.blocks.open_table(),
            "tr" => self.blocks.next_row(),
            "empty-line" if self.in_title => self.text.join(Join::Line),
            "a" if element.attribute("type").as_deref() == Some("note") => {
                self.label.clear();
                self.link = element.attribute("href").map(|href| href.trim_start_matches('#').to_owned());
            }
            _ => {}
        }
    }

    /// Begins a paragraph. The lines of a title and of a stanza are one.
    fn start_paragraph(&mut self, name: &str) {
        if matches!(name, "td" | "th") {
            self.blocks.next_cell();
        }
        self.in_paragraph = true;
        if self.in_title || self.in_stanza {
            self.text.join(Join::Line);
        }
    }

    fn end(&mut self, name: &str) {
        match (self.place, name) {
            (Place::Title, "title-info") | (Place::Print, "publish-info") => self.place = Place::Elsewhere,
            (Place::Title, _) => self.property(name),
            (Place::Print, "year") => self.printed = Some(collapse_blanks(&self.value)),
            (Place::Annotation, "annotation") => {
                self.flush(BlockKind::Paragraph);
                self.place = Place::Title;
            }
            (Place::Body | Place::Notes, "body") => {
                self.flush(BlockKind::Paragraph);
                self.place = Place::Elsewhere;
            }
            (Place::Annotation | Place::Body | Place::Notes, _) => self.end_in_text(name),
            _ => {}
        }
    }

    fn end_in_text(&mut self, name: &str) {
        match name {
            "section" => {
                self.flush(BlockKind::Paragraph);
                self.sections = self.sections.saturating_sub(1);
            }
            "title" => self.end_title(),
            "stanza" => {
                self.in_stanza = false;
                self.flush(BlockKind::Paragraph);
            }
            "p" | "v" | "subtitle" | "text-author" | "date" | "td" | "th" => {
                self.in_paragraph = false;
                if !self.in_title && !self.in_stanza {
                    self.flush(BlockKind::Paragraph);
                }
            }
            "table" => self.blocks.close_table(),
            "a" => self.end_link(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.place {
            Place::Elsewhere => {}
            Place::Title | Place::Print => self.value.push_str(text),
            _ if self.link.is_some() => self.label.push_str(text),
            _ if self.in_paragraph => self.text.push(text),
            _ => {}
        }
    }

    fn property(&mut self, name: &str) {
        let value = collapse_blanks(&std::mem::take(&mut self.value));
        let metadata = &mut self.metadata;
        match name {
            "author" => {
                let author = std::mem::take(&mut self.author).join(" ");
                metadata.authors.extend(Some(author).filter(|author| !author.is_empty()));
            }
            _ if value.is_empty() => {}
            "book-title" => metadata.title = Some(value),
            "first-name" | "middle-name" | "last-name" => self.author.push(value),
            "nickname" if self.author.is_empty() => self.author.push(value),
            "date" => {
                metadata.date.get_or_insert(value);
            }
            "keywords" => metadata.keywords.extend(split_keywords(&value)),
            _ => {}
        }
    }

    /// Ends a title. That of a note is its label.
    fn end_title(&mut self) {
        self.in_title = false;
        if self.place != Place::Notes {
            let level = (self.sections + 1).min(6) as u8;
            return self.flush(BlockKind::Heading(level));
        }
        let label = bare_label(self.text.text());
        if label.len() > LONGEST_LABEL {
            return self.flush(BlockKind::Paragraph);
        }
        self.text.take();
        if let Some(id) = self.note_ids.last() {
            self.labels.entry(id.clone()).or_insert(label);
        }
    }

    fn end_link(&mut self) {
        let Some(id) = self.link.take() else { return };
        let label = bare_label(&self.label);
        if !self.in_paragraph || label.is_empty() {
            return;
        }
        self.text.mark(label.clone());
        self.labels.insert(id.clone(), label);
        self.cited.push(id);
    }

    /// Ends the block that is being read.
    fn flush(&mut self, kind: BlockKind) {
        let cited = std::mem::take(&mut self.cited);
        let Some((text, marks)) = self.text.take() else { return };
        let note = self.note_ids.last().filter(|_| self.place == Place::Notes && self.sections > 0);
        match note {
            Some(id) => {
                let block = Block::new(BlockKind::Note(String::new()), text, marks);
                self.notes.entry(id.clone()).or_default().push(block);
            }
            None => self.blocks.push(Block::new(kind, text, marks), cited),
        }
    }

    /// Ends what is open, and puts each note behind the block that cites it first; the others come last.
    fn finish(mut self) -> (Metadata, Vec<Block>) {
        self.flush(BlockKind::Paragraph);
        let Book { mut metadata, printed, mut notes, labels, note_ids, blocks, .. } = self;
        metadata.date = metadata.date.or(printed.filter(|year| !year.is_empty()));
        let mut all = Vec::new();
        let mut take = |id: &String, all: &mut Vec<Block>| {
            let label = labels.get(id).cloned().unwrap_or_default();
            let labelled = |block| Block { kind: BlockKind::Note(label.clone()), ..block };
            all.extend(notes.remove(id).unwrap_or_default().into_iter().map(labelled));
        };
        for part in blocks.finish() {
            all.push(part.block);
            part.beside.iter().for_each(|id| take(id, &mut all));
        }
        note_ids.iter().for_each(|id| take(id, &mut all));
        (metadata, all)
    }
}

/// Returns the label of a mark or a note without brackets.
fn bare_label(text: &str) -> String {
    collapse_blanks(
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | '{' | '}' | '.')),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::memory::Account;

    const BOOK: &str = r##"<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><genre>prose</genre>
<author><first-name>Вера</first-name><middle-name>Андреевна</middle-name><last-name>Лугова</last-name></author>
<author><nickname>Лоцман</nickname></author><book-title>Лёд и маяк</book-title>
<annotation><p>О смотрителях.</p></annotation><keywords>лёд, порт</keywords><date value="2019-04-05">весна</date></title-info>
<document-info><author><nickname>scanner</nickname></author><date>2021</date></document-info></description>
<body><title><p>Вера Лугова</p><p>Лёд и маяк</p></title>
<section><title><p>Часть первая</p></title>
<section><title><p>Глава 1</p></title><p>Журнал<a l:href="#n2" type="note">[2]</a> вели <emphasis>два</emphasis> смотрителя<a l:href="#n1" type="note">1</a>.</p>
<poem><stanza><v>Лёд стоит,</v><v>маяк горит.</v></stanza></poem><subtitle>* * *</subtitle>
<table><tr><th>Год</th><th>Дни</th></tr><tr><td>1911</td><td>9</td></tr></table></section></section></body>
<body name="notes"><title><p>Примечания</p></title><section id="n1"><title><p>1</p></title><p>Оба с острова.</p></section>
<section id="n2"><title><p>2</p></title><p>В кожаном переплёте.</p><p>Утрачен.</p></section>
<section id="n3"><title><p>3</p></title><p>Никем не названо.</p></section>
<section id="n4"><title><p>Замечание о льдах</p></title><p>Толстых.</p></section></body>
<binary id="a.png">0LvQtdC0</binary></FictionBook>"##;

    fn read_book(bytes: &[u8]) -> Converted {
        read(bytes, &mut Account::of(usize::MAX).open()).unwrap()
    }

    #[test]
    fn a_book_in_the_encoding_that_it_declares_or_in_another() {
        let old = encoding_rs::WINDOWS_1251.encode(BOOK).0.into_owned();
        let book = read_book(&old);
        assert_eq!(read_book(BOOK.as_bytes()), book);
        let shown: Vec<String> = book.blocks.iter().map(|block| format!("{:?}: {}", block.kind, block.text)).collect();
        assert_eq!(
            shown,
            [
                "Paragraph: О смотрителях.",
                "Heading(1): Вера Лугова Лёд и маяк",
                "Heading(2): Часть первая",
                "Heading(3): Глава 1",
                "Paragraph: Журнал вели два смотрителя.",
                "Note(\"2\"): В кожаном переплёте.",
                "Note(\"2\"): Утрачен.",
                "Note(\"1\"): Оба с острова.",
                "Paragraph: Лёд стоит, маяк горит.",
                "Paragraph: * * *",
                "Table: Год | Дни | 1911 | 9",
                "Paragraph: Примечания",
                "Note(\"3\"): Никем не названо.",
                "Note(\"\"): Замечание о льдах",
                "Note(\"\"): Толстых.",
            ]
        );
        assert_eq!(book.blocks[4].marks.len(), 2);
        assert_eq!(book.metadata.title.as_deref(), Some("Лёд и маяк"));
        assert_eq!(book.metadata.authors, ["Вера Андреевна Лугова", "Лоцман"]);
        assert_eq!(book.metadata.date.as_deref(), Some("2019-04-05"));
        assert_eq!(book.metadata.keywords, ["лёд", "порт"]);
        assert!(book.remarks.is_empty());
    }

    #[test]
    fn a_book_that_ends_early_is_read_as_far_as_possible() {
        let cut = BOOK.find("два</emphasis>").unwrap();
        let book = read_book(&BOOK.as_bytes()[..cut]);
        assert_eq!(book.blocks.last().unwrap().text, "Журнал вели");
        assert_eq!(book.remarks.len(), 1);
    }
}
