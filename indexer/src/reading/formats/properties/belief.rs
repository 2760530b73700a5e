//! Which properties of a document its reader would believe.
//!
//! A title is believed if the beginning of the text has it, and otherwise only where the text has no heading of its own.
//! An author of one word, such as `Elena`, may be an account, so the text must name it too.

use super::{is_han_name, is_plausible_title, letters, plausible_author, up_to, weight, without_number};
use crate::reading::formats::{Block, BlockKind, Metadata, collapse_blanks};

/// The number of bytes at the beginning of a text in which a title or an author is looked for.
const BEGINNING_BYTES: usize = 6_000;

/// The least number of letters (a Han character counts as three) of a title that is believed within a longer line.
const TELLING_LETTERS: usize = 15;

/// The beginning of a text, with letters and digits only, in lower case.
#[derive(Debug, Default)]
struct Beginning {
    /// Its blocks or lines.
    lines: Vec<String>,
    /// All of them in a row.
    letters: String,
    has_heading: bool,
}

impl Beginning {
    /// Returns the beginning of a document.
    fn of_blocks(blocks: &[Block]) -> Beginning {
        let mut beginning = Beginning::default();
        for block in blocks {
            beginning.has_heading |= matches!(block.kind, BlockKind::Heading(_)) && can_be_title(&block.text);
            if !beginning.push(&block.text) {
                break;
            }
        }
        beginning
    }

    /// Adds a line, and returns whether more fit in.
    fn push(&mut self, line: &str) -> bool {
        self.lines.push(letters(up_to(line, BEGINNING_BYTES)));
        self.letters.push_str(self.lines.last().map_or("", String::as_str));
        self.letters.len() < BEGINNING_BYTES
    }

    /// Whether the beginning has a title: as a line, or as a good part of one or several.
    fn tells(&self, title: &str) -> bool {
        let title = letters(title);
        let is_telling = weight(&title) >= TELLING_LETTERS && self.letters.contains(&title);
        is_telling || self.lines.contains(&title)
    }
}

/// Keeps of the properties of a document what its text lets believe.
pub(in crate::reading::formats) fn believe(metadata: &mut Metadata, blocks: &[Block]) {
    let beginning = Beginning::of_blocks(blocks);
    metadata.title = metadata.title.take().and_then(|told| believed_title(&told, &beginning));
    // A list was typed by somebody, so its names need no witness.
    let believed: fn(&str, &Beginning) -> Option<String> =
        if metadata.authors.len() > 1 { |told, _| plausible_author(told) } else { believed_author };
    metadata.authors = metadata.authors.iter().filter_map(|told| believed(told, &beginning)).collect();
    for date in [&mut metadata.date, &mut metadata.made] {
        date.take_if(|told| is_template_date(told));
    }
}

/// Returns the title that a property tells: what the text has too, else what is plausible where the text has no heading.
fn believed_title(told: &str, beginning: &Beginning) -> Option<String> {
    let title = collapse_blanks(told);
    let is_believed = is_plausible_title(&title) && (!beginning.has_heading || beginning.tells(&title));
    is_believed.then_some(title)
}

/// Returns the author that a property tells, if it can be a person or an institution and no account or program. A name of
/// one word must stand in the text.
fn believed_author(told: &str, beginning: &Beginning) -> Option<String> {
    let is_one_word = |author: &str| !author.contains([' ', '.', '·']) && !is_han_name(author);
    plausible_author(told).filter(|author| !is_one_word(author) || beginning.letters.contains(&letters(author)))
}

/// Whether a date is that of a template, or the zero of a clock, which many programs leave in their documents.
fn is_template_date(told: &str) -> bool {
    TEMPLATE_DAYS.iter().any(|day| told.trim_start().starts_with(day))
}

/// The days of templates: of python-docx and python-pptx, of empty books of Excel and presentations of PowerPoint, of
/// WPS; and the zeros of clocks.
const TEMPLATE_DAYS: [&str; 16] = [
    "2013-12-23",
    "2013-01-27",
    "1996-10-08",
    "1996-10-14",
    "1996-12-17",
    "2006-08-16",
    "2006-09-13",
    "2006-09-16",
    "2015-06-05",
    "2014-10-29",
    "2023-05-12",
    "1601-01-01",
    "1899-12-3",
    "1970-01-01",
    "1980-01-01",
    "0001-01-01",
];

/// Whether a heading can be that of the whole text.
fn can_be_title(heading: &str) -> bool {
    is_plausible_title(heading) && !OPENINGS.contains(&&*without_number(heading).replace(' ', ""))
}

/// Headings of the first part of a text, without blanks.
const OPENINGS: [&str; 18] = [
    "introduction",
    "contents",
    "tableofcontents",
    "abstract",
    "summary",
    "preface",
    "foreword",
    "введение",
    "содержание",
    "оглавление",
    "аннотация",
    "реферат",
    "предисловие",
    "目录",
    "前言",
    "引言",
    "摘要",
    "序言",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn block(kind: BlockKind, text: &str) -> Block {
        Block::new(kind, text.to_owned(), Vec::new())
    }

    #[test]
    fn accounts_and_machines_are_no_authors() {
        let beginning = Beginning::of_blocks(&[block(
            BlockKind::Paragraph,
            "Доклад подготовила Светлана для совета, svet@port.example",
        )]);
        for (told, expected) in [
            ("Windows User", false),
            ("User", false),
            ("Пользователь Windows", false),
            ("Учетная запись Майкрософт", false),
            ("Администратор", false),
            ("微软用户", false),
            ("微软中国", false),
            ("作者", false),
            ("lenovo", false),
            ("Lenovo PC", false),
            ("DESKTOP-4F7K2", false),
            ("ADMIN-ПК", false),
            ("XTreme.ws", false),
            ("python-docx", false),
            ("petrov@harbour.example", false),
            ("PORT\\petrov", false),
            ("Registered User", false),
            ("belov", false),
            ("svet", false),
            ("Вера", false),
            ("-", false),
            ("1", false),
            ("Светлана", true),
            ("Вера Лугова", true),
            ("Лугова В.А.", true),
            ("В.Лугова", true),
            ("李明", true),
            ("欧阳青山", true),
            ("J.R. Smith", true),
            ("港口事务研究所", false),
        ] {
            assert_eq!(believed_author(told, &beginning).is_some(), expected, "{told}");
        }
    }

    #[test]
    fn a_heading_is_better_than_a_title_that_the_text_lacks() {
        let heading = [
            block(BlockKind::Heading(1), "Портовые сборы на севере"),
            block(BlockKind::Paragraph, "Совет портов установил сборы."),
        ];
        let plain = &heading[1..];
        let opening = [block(BlockKind::Heading(1), "1. Введение")];
        for (told, blocks, expected) in [
            ("портовые  сборы на Севере.", &heading[..], true),
            ("Совет портов установил сборы", &heading, true),
            ("сборы", &heading, false),
            ("Годовой отчёт", &heading, false),
            ("Годовой отчёт", plain, true),
            ("Годовой отчёт", &opening, true),
            ("Документ1", plain, false),
        ] {
            assert_eq!(believed_title(told, &Beginning::of_blocks(blocks)).is_some(), expected, "{told}");
        }
    }

    #[test]
    fn dates_of_templates_are_none() {
        for (date, expected) in [
            ("2013-12-23T23:15:00Z", true),
            ("2006-09-16T00:00:00Z", true),
            ("1601-01-01T00:00:00Z", true),
            ("2013-12-24T10:00:00Z", false),
            ("2024-03-05", false),
        ] {
            assert_eq!(is_template_date(date), expected, "{date}");
        }
    }

    #[test]
    fn what_is_not_believed_is_dropped() {
        let mut metadata = Metadata {
            title: Some("Слайд 1".to_owned()),
            authors: vec!["User".to_owned(), "Вера Лугова".to_owned()],
            made: Some("2013-12-23T23:15:00Z".to_owned()),
            ..Metadata::default()
        };
        believe(&mut metadata, &[]);
        assert_eq!(metadata, Metadata { authors: vec!["Вера Лугова".to_owned()], ..Metadata::default() });
    }
}
