//! Formats: from the bytes of a document to an article.
//!
//! Every reader takes any input: for a damaged file it returns what could be read
//! and a remark, or an error. No reader panics or is recursive, and each takes
//! time in proportion to its input and the limits of `archive`. Each is behind a
//! feature of its name, so that an app can leave it out.
//!
//! `running_text` joins inline text, and `blocks` collects blocks and builds
//! tables; all but `epub`, `mime` and `pdf` use both. `epub` passes its chapters to
//! `html`, and `mime` its pages. Formats that are zip archives use `archive` and
//! `xml`; `pptx` and `xlsx`, whose parts name each other, `ooxml` too; `doc` uses
//! `compound`. `word` holds what the formats of Word have in common. `properties`
//! says which titles, authors and dates are believed. `pdf` runs another program,
//! which outputs words with their boxes, and finds the text by them.
//!
//! A new format is a file here with a function that returns [`Converted`], behind a feature of its name. Beside that it
//! takes a [`Format`] (its extensions, names and reader, all in this file), its signature (`content`), its size in memory
//! (`rules::memory_bytes`), its extension out of the list of what is not read (`survey::discover::names`), samples in
//! `tests`, and a row in the README. What another program reads is waited for beside the rest: look for `Format::Pdf`.

#[cfg(any(feature = "docx", feature = "epub"))]
mod archive;
#[cfg(any(feature = "docx", feature = "html"))]
mod blocks;
#[cfg(feature = "rtf")]
mod code_pages;
#[cfg(feature = "doc")]
mod compound;
pub(crate) mod content;
#[cfg(feature = "doc")]
mod doc;
#[cfg(feature = "docx")]
mod docx;
#[cfg(feature = "epub")]
mod epub;
#[cfg(feature = "fb2")]
mod fb2;
#[cfg(feature = "html")]
mod html;
#[cfg(feature = "mime")]
mod mime;
#[cfg(feature = "odf")]
mod odf;
#[cfg(any(feature = "pptx", feature = "xlsx"))]
mod ooxml;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "pptx")]
mod pptx;
#[cfg(any(feature = "docx", feature = "html"))]
mod properties;
#[cfg(feature = "rtf")]
mod rtf;
#[cfg(any(feature = "docx", feature = "html"))]
mod running_text;
#[cfg(any(feature = "docx", feature = "rtf"))]
mod word;
#[cfg(feature = "xlsx")]
mod xlsx;
#[cfg(any(feature = "docx", feature = "epub"))]
mod xml;

#[cfg(all(
    test,
    feature = "doc",
    feature = "docx",
    feature = "epub",
    feature = "fb2",
    feature = "html",
    feature = "mime",
    feature = "odf",
    feature = "pptx",
    feature = "rtf",
    feature = "xlsx"
))]
mod tests;

#[cfg(feature = "pdf")]
use std::io::{self, Write};
use std::path::Path;

#[cfg(feature = "pdf")]
pub use pdf::PdfError;
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use svod_store::schema::Places;
use svod_store::schema::Reading;
use svod_text::article::Article;
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use svod_text::article::{self, Date, PageBreak};
#[cfg(feature = "pdf")]
use tempfile::NamedTempFile;

use crate::reading::Bounds;
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use crate::reading::memory::of_blocks;
#[cfg(feature = "html")]
use crate::reading::memory::of_page;
use crate::reading::skip_reason::SkipReason;

/// A file format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// A Word document.
    Docx,
    /// A document of Word 97 to 2003.
    Doc,
    /// A document in the Rich Text Format.
    Rtf,
    /// A web page with its pictures in one file.
    Mhtml,
    /// An e-mail.
    Email,
    /// An electronic book.
    Epub,
    /// A FictionBook.
    Fb2,
    /// An OpenDocument text.
    Odt,
    /// An OpenDocument spreadsheet.
    Ods,
    /// An OpenDocument presentation.
    Odp,
    /// A PowerPoint presentation.
    Pptx,
    /// An Excel workbook.
    Xlsx,
    /// A PDF file, read by the program `pdftotext`.
    Pdf,
}

impl Format {
    /// Returns the format of files with an extension, given in lower case.
    pub(crate) fn of_extension(extension: &str) -> Option<Format> {
        Some(match extension {
            "md" | "markdown" | "mkd" | "mdown" | "mkdn" | "qmd" | "rmd" => Format::Markdown,
            "txt" | "text" => Format::Text,
            "html" | "htm" | "xhtml" | "xht" | "shtml" => Format::Html,
            "docx" | "docm" | "dotx" | "dotm" => Format::Docx,
            "doc" | "dot" | "wps" => Format::Doc,
            "rtf" => Format::Rtf,
            "mht" | "mhtml" => Format::Mhtml,
            "eml" => Format::Email,
            "epub" => Format::Epub,
            "fb2" => Format::Fb2,
            "odt" | "ott" | "fodt" => Format::Odt,
            "ods" | "ots" | "fods" => Format::Ods,
            "odp" | "otp" | "fodp" => Format::Odp,
            "pptx" | "pptm" | "ppsx" | "ppsm" | "potx" => Format::Pptx,
            "xlsx" | "xlsm" | "xltx" => Format::Xlsx,
            "pdf" => Format::Pdf,
            _ => return None,
        })
    }

    /// Returns whether this machine can read the format: PDF needs another program.
    pub(crate) fn has_reader(self) -> bool {
        match self {
            #[cfg(feature = "pdf")]
            Format::Pdf => pdf::has_reader(),
            _ => true,
        }
    }

    /// Returns what a file of the format is, with its article.
    fn what(self) -> &'static str {
        match self {
            Format::Markdown => "Markdown",
            Format::Text => "plain text",
            Format::Html => "a web page",
            Format::Docx => "a Word document",
            Format::Doc => "an old Word document",
            Format::Rtf => "an RTF document",
            Format::Mhtml => "a saved web page",
            Format::Email => "an e-mail",
            Format::Epub => "an electronic book",
            Format::Fb2 => "a FictionBook",
            Format::Odt => "an OpenDocument text",
            Format::Ods => "an OpenDocument table",
            Format::Odp => "an OpenDocument presentation",
            Format::Pptx => "a PowerPoint presentation",
            Format::Xlsx => "an Excel table",
            Format::Pdf => "a PDF file",
        }
    }

    /// Returns the usual file extension.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Text => "txt",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Doc => "doc",
            Format::Rtf => "rtf",
            Format::Mhtml => "mht",
            Format::Email => "eml",
            Format::Epub => "epub",
            Format::Fb2 => "fb2",
            Format::Odt => "odt",
            Format::Ods => "ods",
            Format::Odp => "odp",
            Format::Pptx => "pptx",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
        }
    }
}

/// The result of reading a file.
pub(crate) struct Outcome {
    pub(crate) article: Article,
    pub(crate) reading: Reading,
    /// Oddities of the file, for display.
    pub(crate) remarks: Vec<String>,
    /// Whether reading the same file again would give the same.
    pub(crate) is_final: bool,
}

/// Reads a file of any format but Markdown and plain text. `file` is where the bytes lie on disk, if they do: for formats
/// that another program reads.
pub(crate) fn understand(
    file: Option<&Path>,
    bytes: Vec<u8>,
    format: Format,
    bounds: &mut Bounds<'_>,
) -> Result<Outcome, SkipReason> {
    match format {
        #[cfg(feature = "html")]
        Format::Html => {
            let decoded = crate::reading::encoding::decode_html(bytes)?;
            let encoding = Some((decoded.encoding, decoded.repaired));
            bounds.memory.raise(of_page(&decoded.text))?;
            finish(html::read(&decoded.text), format, encoding, bounds)
        }
        #[cfg(feature = "docx")]
        Format::Docx => finish(docx::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "doc")]
        Format::Doc => finish(doc::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "rtf")]
        Format::Rtf => finish(rtf::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "mime")]
        Format::Mhtml | Format::Email => finish(mime::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "epub")]
        Format::Epub => finish(epub::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "fb2")]
        Format::Fb2 => finish(fb2::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "odf")]
        Format::Odt | Format::Ods | Format::Odp => finish(odf::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "pptx")]
        Format::Pptx => finish(pptx::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "xlsx")]
        Format::Xlsx => finish(xlsx::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "pdf")]
        Format::Pdf => {
            let spilt = file.is_none().then(|| spill(&bytes)).transpose().map_err(SkipReason::Unreadable)?;
            // Another program reads the file itself.
            drop(bytes);
            let path = spilt.as_ref().map(NamedTempFile::path).or(file).unwrap_or(Path::new(""));
            let pdf::Read { converted, is_final } = pdf::read(path, bounds)?;
            Ok(Outcome { is_final, ..finish(converted, format, None, bounds)? })
        }
        #[allow(unreachable_patterns, reason = "reached where a format is left out")]
        _ => {
            let _ = (file, bytes, bounds);
            Err(SkipReason::Unsupported(format.name().to_owned()))
        }
    }
}

#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn finish(
    converted: Converted,
    format: Format,
    encoding: Option<(&'static str, usize)>,
    bounds: &mut Bounds<'_>,
) -> Result<Outcome, SkipReason> {
    bounds.memory.raise(of_blocks(&converted.blocks))?;
    let metadata = article::Metadata {
        title: converted.metadata.title,
        authors: converted.metadata.authors,
        date: converted.metadata.date.as_deref().and_then(Date::parse),
        made: converted.metadata.made.as_deref().and_then(Date::parse).filter(|made| is_told(*made, &converted.blocks)),
        keywords: converted.metadata.keywords,
        ..article::Metadata::default()
    };
    let blocks = converted.blocks.into_iter().map(article_block).collect();
    let reading = Reading {
        format: format.name().to_owned(),
        encoding: encoding.map(|(name, _)| name.to_owned()),
        repaired: encoding.map_or(0, |(_, repaired)| repaired as u64),
        places: Places::Paragraphs,
    };
    Ok(Outcome { article: article::understand(blocks, metadata), reading, remarks: converted.remarks, is_final: true })
}

/// Whether a text tells the year in which its file was made: else the file may be a scan or a copy of something older.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn is_told(made: Date, blocks: &[Block]) -> bool {
    let year = made.year().to_string();
    blocks.iter().any(|block| block.text.contains(&year))
}

#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn article_block(block: Block) -> article::Block {
    let kind = match block.kind {
        BlockKind::Heading(level) => article::BlockKind::Heading(level),
        BlockKind::Paragraph => article::BlockKind::Paragraph,
        BlockKind::Note(label) => article::BlockKind::Note(label),
        BlockKind::Table => article::BlockKind::Table,
    };
    let marks =
        block.marks.into_iter().map(|mark| article::Mark { offset: mark.offset, label: mark.label, note: None });
    let mut understood = article::Block::new(kind, block.text);
    understood.marks = marks.collect();
    (understood.page, understood.page_breaks) = (block.page, block.page_breaks);
    understood
}

/// Writes bytes to a file that is removed when it is dropped, and that its owner alone can read.
#[cfg(feature = "pdf")]
fn spill(bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().prefix("svod-").suffix(".pdf").tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}

/// A document as its reader returns it.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Converted {
    /// Its metadata.
    pub(crate) metadata: Metadata,
    /// Its text, in order.
    pub(crate) blocks: Vec<Block>,
    /// Oddities of the document, for display.
    pub(crate) remarks: Vec<String>,
}

/// The metadata of a document, as written in it.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Metadata {
    /// The title.
    pub(crate) title: Option<String>,
    /// The authors, as written.
    pub(crate) authors: Vec<String>,
    /// The date of publication, else of writing, as written.
    pub(crate) date: Option<String>,
    /// The date on which the file was made, as written.
    pub(crate) made: Option<String>,
    /// The keywords, as written.
    pub(crate) keywords: Vec<String>,
}

/// A block of text.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Its kind.
    pub(crate) kind: BlockKind,
    /// Running text: not empty, without line ends, and without blanks at its ends or in a row.
    pub(crate) text: String,
    /// The marks of notes that were removed from the text, in order.
    pub(crate) marks: Vec<Mark>,
    /// The page it begins on, from 1, if the document has pages.
    pub(crate) page: Option<u32>,
    /// Where later pages begin in its text, in order.
    pub(crate) page_breaks: Vec<PageBreak>,
}

#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
impl Block {
    /// Returns a block that stands on no page.
    pub(crate) fn new(kind: BlockKind, text: String, marks: Vec<Mark>) -> Block {
        Block { kind, text, marks, page: None, page_breaks: Vec::new() }
    }
}

/// The kind of a block.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading, with its level, from 1 to 6.
    Heading(u8),
    /// A paragraph, list item or quotation.
    Paragraph,
    /// A footnote or endnote, with its label as in the mark that cites it.
    Note(String),
    /// Rows of a table; cells are separated by ` | `.
    Table,
}

/// A mark of a note.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The byte offset in the text at which it stood, on a character boundary.
    pub(crate) offset: usize,
    /// Its label, without brackets.
    pub(crate) label: String,
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is not a zip archive.
    #[error("not a zip archive")]
    NotAnArchive,
    /// A necessary part is missing or broken.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A part of it is larger than a limit.
    #[error("unpacks to more than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// It is an archive with more parts than any document has.
    #[error("an archive of more than {limit} parts")]
    TooManyParts {
        /// The limit.
        limit: usize,
    },
    /// It needs a password or a key.
    #[error("encrypted")]
    Encrypted,
    /// It holds no text.
    #[error("no text")]
    NoText,
}

/// Splits keywords at commas and semicolons of any width.
#[cfg(any(feature = "docx", feature = "html"))]
fn split_keywords(text: &str) -> impl Iterator<Item = String> {
    text.split([',', ';', '，', '；', '、', '\n']).map(collapse_blanks).filter(|keyword| !keyword.is_empty())
}

/// Replaces each run of blanks and line ends by one blank, and removes those at the ends.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn collapse_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
