//! Formats: from the bytes of a document to an article.
//!
//! Every reader takes any input: a damaged file gives what could be read and a
//! remark, or an error. None panics, calls itself, or takes more than time in
//! proportion to the input and the limits of `archive`. Each is behind a
//! feature of its name, so that an app can leave it out.
//!
//! `running_text` joins inline text, `blocks` gathers it and makes tables;
//! `html` and `docx` use both; `epub` hands its chapters to `html`; `archive`
//! and `xml` stand below the two formats that are zip archives. `pdf` asks
//! another program and gives plain text.

#[cfg(any(feature = "docx", feature = "epub"))]
mod archive;
#[cfg(any(feature = "docx", feature = "html"))]
mod blocks;
#[cfg(feature = "docx")]
mod docx;
#[cfg(feature = "epub")]
mod epub;
#[cfg(feature = "html")]
mod html;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(any(feature = "docx", feature = "html"))]
mod running_text;
#[cfg(any(feature = "docx", feature = "epub"))]
mod xml;

#[cfg(all(test, feature = "docx", feature = "epub", feature = "html"))]
mod tests;

use std::path::Path;

#[cfg(feature = "pdf")]
pub use pdf::PdfError;
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use svod_store::schema::Places;
use svod_store::schema::Reading;
use svod_text::article::Article;
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
use svod_text::article::{self, Date};

use crate::reading::Bounds;
#[cfg(any(feature = "docx", feature = "html"))]
use crate::reading::memory::of_blocks;
#[cfg(feature = "html")]
use crate::reading::memory::of_page;
#[cfg(feature = "pdf")]
use crate::reading::memory::of_text;
use crate::reading::skip_reason::SkipReason;

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
    /// A page of the web.
    Html,
    /// A document of Word.
    Docx,
    /// An electronic book.
    Epub,
    /// A page description; read with the help of `pdftotext`.
    Pdf,
}

impl Format {
    /// Returns the format that files with an extension, in lower case, have.
    pub(crate) fn of_extension(extension: &str) -> Option<Format> {
        Some(match extension {
            "md" | "markdown" => Format::Markdown,
            "txt" | "text" => Format::Text,
            "html" | "htm" | "xhtml" => Format::Html,
            "docx" => Format::Docx,
            "epub" => Format::Epub,
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

    /// Returns the usual file extension.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Markdown => "md",
            Format::Text => "txt",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Epub => "epub",
            Format::Pdf => "pdf",
        }
    }
}

/// What came of a file.
pub(crate) struct Outcome {
    pub(crate) article: Article,
    pub(crate) reading: Reading,
    /// What was odd about it, for people.
    pub(crate) remarks: Vec<String>,
    /// Whether another reading of the same file would find the same.
    pub(crate) is_final: bool,
}

/// Understands a file of a format that is no plain text. A path is needed where another program reads it.
pub(crate) fn understand(
    path: &Path,
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
        #[cfg(feature = "epub")]
        Format::Epub => finish(epub::read(&bytes, &mut bounds.memory)?, format, None, bounds),
        #[cfg(feature = "pdf")]
        Format::Pdf => understand_pdf(path, bytes.len() as u64, bounds),
        #[allow(unreachable_patterns, reason = "reached where a format is left out")]
        _ => {
            let _ = (path, bytes, bounds);
            Err(SkipReason::Unsupported(format.name().to_owned()))
        }
    }
}

#[cfg(any(feature = "docx", feature = "html"))]
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
        made: converted.metadata.made.as_deref().and_then(Date::parse),
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

#[cfg(any(feature = "docx", feature = "html"))]
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
    understood
}

/// A page description gives plain text, its pages between form feeds; lines of that text are no lines of the file.
#[cfg(feature = "pdf")]
fn understand_pdf(path: &Path, file_bytes: u64, bounds: &mut Bounds<'_>) -> Result<Outcome, SkipReason> {
    let pdf::PdfText { text, mut remarks, .. } = pdf::to_text(path, file_bytes, bounds)?;
    bounds.memory.raise(of_text(&text))?;
    let mut article = article::parse(&text, article::Syntax::Plain);
    for passage in &mut article.passages {
        passage.pieces.clear();
    }
    let told = match pdf::metadata(path, bounds) {
        Err(SkipReason::Interrupted) => return Err(SkipReason::Interrupted),
        told => told,
    };
    let is_final = told.is_ok();
    if !is_final {
        remarks.push("`pdfinfo` did not come to its end: its title and authors are not known yet".to_owned());
    }
    let told = told.unwrap_or_default();
    let metadata = &mut article.metadata;
    metadata.title = metadata.title.take().or(told.title);
    if metadata.authors.is_empty() {
        metadata.authors = told.authors;
    }
    metadata.made = told.made.as_deref().and_then(Date::parse);
    let reading = Reading { format: Format::Pdf.name().to_owned(), places: Places::Paragraphs, ..Reading::default() };
    Ok(Outcome { article, reading, remarks, is_final })
}

/// A document understood.
#[cfg(any(feature = "docx", feature = "html"))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Converted {
    /// What the document says of itself.
    pub(crate) metadata: Metadata,
    /// Its text, in order.
    pub(crate) blocks: Vec<Block>,
    /// What was odd about it, for people.
    pub(crate) remarks: Vec<String>,
}

/// What a document says of itself.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Metadata {
    /// The title.
    pub(crate) title: Option<String>,
    /// The authors, as written.
    pub(crate) authors: Vec<String>,
    /// The date of publication or else of writing, as written.
    pub(crate) date: Option<String>,
    /// The date on which the file was made, as written.
    pub(crate) made: Option<String>,
    /// The keywords, as written.
    pub(crate) keywords: Vec<String>,
}

/// A block of text.
#[cfg(any(feature = "docx", feature = "html"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) kind: BlockKind,
    /// Running text: not empty, no line ends, no blanks at its ends or in a row.
    pub(crate) text: String,
    /// The marks of notes that were taken out of the text, in order.
    pub(crate) marks: Vec<Mark>,
}

/// What a block is.
#[cfg(any(feature = "docx", feature = "html"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading of a level from 1 to 6.
    Heading(u8),
    /// A paragraph, list item or quotation.
    Paragraph,
    /// A footnote or endnote and its label, as in the mark that cites it.
    Note(String),
    /// Rows of a table; cells are separated by ` | `.
    Table,
}

/// A mark of a note.
#[cfg(any(feature = "docx", feature = "html"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Where it stood: a byte of the text, on a character boundary.
    pub(crate) offset: usize,
    /// Its label, without brackets.
    pub(crate) label: String,
}

/// Why a document could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// It is no zip archive.
    #[error("not a zip archive")]
    NotAnArchive,
    /// A part that it cannot do without is missing or broken.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A part of it is larger than a limit.
    #[error("unpacks to more than the limit of {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// It is an archive of more parts than any document has.
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
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn split_keywords(text: &str) -> impl Iterator<Item = String> {
    text.split([',', ';', '，', '；', '、', '\n']).map(collapse_blanks).filter(|keyword| !keyword.is_empty())
}

/// Makes one blank of every run of blanks and line ends, and none at the ends.
#[cfg(any(feature = "docx", feature = "html", feature = "pdf"))]
fn collapse_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
