//! MIME: e-mails, and web pages with their pictures in one file (MHTML).
//!
//! Of the same text in several formats the page is read; of the parts of a page
//! the page alone; of a mail all texts in order, those of mails in it too. What is
//! attached is counted and not read.
//!
//! `parts` finds the parts, `headers` what they say of themselves, `transfer`
//! decodes their bytes, `plain` reads those that are no pages.

mod headers;
mod parts;
mod plain;
mod transfer;

#[cfg(all(test, feature = "doc", feature = "docx", feature = "epub", feature = "mime"))]
mod tests;

use headers::Headers;
use parts::{Kind, Leaf, Parts};
#[cfg(feature = "docx")]
pub(super) use plain::read as read_text;

use crate::reading::encoding::{self, Refusal};
use crate::reading::formats::{Block, BlockKind, Converted, FormatError, Metadata, html, split_keywords};
use crate::reading::memory::{Held, of_blocks, of_page, of_text};
use crate::reading::skip_reason::SkipReason;

/// Fields of which each mail and saved page has at least one.
const FIELDS: [&str; 8] =
    ["mime-version", "content-type", "from", "subject", "date", "received", "message-id", "return-path"];

/// Fields that only a mail has that was sent.
const SENT: [&str; 6] = ["to", "cc", "received", "message-id", "return-path", "delivered-to"];

/// Reads a mail or a saved page.
///
/// # Errors
/// It has no header, no text, or an encoding that is not clear; or it needs too much memory.
pub(super) fn read(bytes: &[u8], memory: &mut Held) -> Result<Converted, SkipReason> {
    let bytes = without_envelope(bytes);
    let (root, _) = Headers::read(bytes);
    if !has_header(bytes) {
        return Err(FormatError::Damaged("no header of a mail".to_owned()).into());
    }
    memory.raise(bytes.len() as u64)?;
    let parts = Parts::of(bytes);
    let mut reader = Reader { file_bytes: bytes.len() as u64, ..Reader::default() };
    let chosen = Chosen::of(&parts);
    reader.read_all(&parts, &chosen.leaves, memory)?;
    if reader.blocks.is_empty() {
        // A page of frames has its text in the parts that belong to it.
        reader.read_all(&parts, &chosen.passed_over, memory)?;
    }
    reader.finish(&root, chosen.attachments)
}

/// Whether some bytes begin with the header of a mail or a saved page.
pub(super) fn has_header(bytes: &[u8]) -> bool {
    let (root, _) = Headers::read(without_envelope(bytes));
    FIELDS.iter().any(|field| root.has(field))
}

/// Leaves out what may stand before the header: a byte order mark, blank lines, the line that a mailbox puts before each
/// of its mails.
fn without_envelope(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    match bytes.iter().position(|&byte| byte == b'\n') {
        Some(end) if bytes.starts_with(b"From ") && !headers::is_field(bytes) => &bytes[end + 1..],
        _ => bytes,
    }
}

/// What is read of a mail.
#[derive(Debug, Default)]
struct Chosen {
    leaves: Vec<usize>,
    /// Pages that belong to another page.
    passed_over: Vec<usize>,
    attachments: usize,
}

/// What a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Page,
    Text,
    Attachment,
    /// A picture or a signature.
    Other,
}

impl Chosen {
    fn of(parts: &Parts<'_>) -> Chosen {
        let uses: Vec<Use> = parts.leaves.iter().map(Use::of).collect();
        // The first page in each container.
        let mut pages: Vec<Option<usize>> = vec![None; parts.containers.len()];
        for (at, leaf) in parts.leaves.iter().enumerate().filter(|(at, _)| uses[*at] == Use::Page) {
            for around in around(parts, leaf) {
                pages[around].get_or_insert(at);
            }
        }
        let mut chosen = Chosen::default();
        for (at, leaf) in parts.leaves.iter().enumerate() {
            let belongs_to_other = around(parts, leaf).any(|around| match parts.containers[around].kind {
                Kind::Alternative => uses[at] == Use::Text && pages[around].is_some(),
                Kind::Related => pages[around].is_some_and(|page| page != at),
                Kind::Mixed | Kind::Message => false,
            });
            match uses[at] {
                Use::Page if belongs_to_other => chosen.passed_over.push(at),
                Use::Page | Use::Text if !belongs_to_other => chosen.leaves.push(at),
                Use::Attachment if !belongs_to_other => chosen.attachments += 1,
                _ => {}
            }
        }
        chosen
    }
}

impl Use {
    fn of(leaf: &Leaf<'_>) -> Use {
        let kind = leaf.headers.word("content-type").unwrap_or_else(|| "text/plain".to_owned());
        let is_attached = leaf.headers.word("content-disposition").is_some_and(|word| word == "attachment");
        match &*kind {
            "text/html" | "application/xhtml+xml" if !is_attached => Use::Page,
            "text/css" | "text/javascript" | "text/calendar" => Use::Other,
            // A mail of parts that does not tell their boundary.
            kind if ["text/", "multipart/"].iter().any(|start| kind.starts_with(start)) && !is_attached => Use::Text,
            kind if kind.ends_with("signature") || kind.ends_with("javascript") => Use::Other,
            kind if ["text/", "application/", "message/"].iter().any(|start| kind.starts_with(start)) => {
                Use::Attachment
            }
            // Some programs leave the type out, or write `text`.
            kind if !kind.contains('/') && !is_attached => Use::Text,
            _ => Use::Other,
        }
    }
}

/// Returns the containers around a leaf, innermost first.
fn around<'p>(parts: &'p Parts<'_>, leaf: &Leaf<'_>) -> impl Iterator<Item = usize> + 'p {
    std::iter::successors(leaf.within, |&at| parts.containers[at].within)
}

#[derive(Debug, Default)]
struct Reader {
    file_bytes: u64,
    blocks: Vec<Block>,
    /// The metadata of the first page.
    page: Metadata,
    remarks: Vec<String>,
    refusal: Option<Refusal>,
    /// The number of mails within the mail whose subject has been read.
    messages_told: usize,
}

impl Reader {
    fn read_all(&mut self, parts: &Parts<'_>, leaves: &[usize], memory: &mut Held) -> Result<(), SkipReason> {
        for leaf in leaves.iter().filter_map(|&at| parts.leaves.get(at)) {
            self.tell_messages(parts, leaf);
            self.read(leaf, memory)?;
        }
        Ok(())
    }

    /// Adds the subjects of the mails that begin before a leaf.
    fn tell_messages(&mut self, parts: &Parts<'_>, leaf: &Leaf<'_>) {
        let Some(innermost) = leaf.within else { return };
        for at in self.messages_told..=innermost {
            self.blocks.extend(parts.containers[at].mail.text("subject").map(heading));
        }
        self.messages_told = self.messages_told.max(innermost + 1);
    }

    fn read(&mut self, leaf: &Leaf<'_>, memory: &mut Held) -> Result<(), SkipReason> {
        let bytes = match leaf.headers.word("content-transfer-encoding").as_deref() {
            Some("base64") => transfer::base64(leaf.body),
            Some("quoted-printable") => transfer::quoted_printable(leaf.body),
            _ => leaf.body.to_vec(),
        };
        let part = Use::of(leaf);
        let taken = self.file_bytes + bytes.len() as u64 * 2 + of_blocks(&self.blocks);
        memory.raise(taken)?;
        let charset = leaf.headers.parameter("content-type", "charset");
        let text = match decode(bytes, charset.as_deref(), part) {
            Ok(text) => text,
            Err(refusal) => {
                self.remarks.push(format!("a part was not read: {refusal}"));
                self.refusal = Some(refusal);
                return Ok(());
            }
        };
        if part == Use::Page {
            memory.raise(taken + of_page(&text))?;
            let page = html::read(&text);
            if self.page == Metadata::default() {
                self.page = page.metadata;
            }
            self.blocks.extend(page.blocks);
        } else {
            memory.raise(taken + of_text(&text))?;
            self.blocks.extend(plain::read(&text));
        }
        Ok(())
    }

    fn finish(mut self, root: &Headers<'_>, attachments: usize) -> Result<Converted, SkipReason> {
        let is_mail =
            SENT.iter().any(|field| root.has(field)) || root.text("from").is_some_and(|from| from.contains('@'));
        if self.blocks.is_empty() && self.refusal.is_none() && is_mail {
            let subject = root.text("subject").map(heading);
            self.blocks.extend(subject);
        }
        if self.blocks.is_empty() {
            return Err(self.refusal.map_or(FormatError::NoText.into(), SkipReason::Text));
        }
        match attachments {
            0 => {}
            1 => self.remarks.push("1 attachment is not read".to_owned()),
            count => self.remarks.push(format!("{count} attachments are not read")),
        }
        let metadata = if is_mail { of_mail(root, self.page) } else { of_page_saved(root, self.page) };
        Ok(Converted { metadata, blocks: self.blocks, remarks: self.remarks })
    }
}

fn heading(text: String) -> Block {
    Block::new(BlockKind::Heading(1), text, Vec::new())
}

fn of_mail(root: &Headers<'_>, page: Metadata) -> Metadata {
    Metadata {
        title: root.text("subject").or(page.title),
        authors: root.text("from").as_deref().and_then(headers::person).into_iter().collect(),
        date: root.text("date").as_deref().and_then(headers::day),
        keywords: root.text("keywords").map(|text| split_keywords(&text).collect()).unwrap_or_default(),
        ..Metadata::default()
    }
}

/// The header of a saved page tells the program that saved it, and when.
fn of_page_saved(root: &Headers<'_>, page: Metadata) -> Metadata {
    let title = page.title.or_else(|| root.text("subject"));
    let made = page.made.or_else(|| root.text("date").as_deref().and_then(headers::day));
    Metadata { title, made, ..page }
}

/// Decodes a part. What it says of its encoding counts less than that it is valid UTF-8.
fn decode(bytes: Vec<u8>, charset: Option<&str>, part: Use) -> Result<String, Refusal> {
    if bytes.is_ascii() && charset.is_some_and(|charset| charset.eq_ignore_ascii_case("utf-7")) {
        return Ok(transfer::utf7(&String::from_utf8_lossy(&bytes)));
    }
    let is_utf8 = !bytes.is_ascii() && std::str::from_utf8(&bytes).is_ok();
    // These are written where nothing is known.
    let says_nothing =
        |charset: &&str| ["us-ascii", "ascii", "iso-8859-1", "utf-8"].contains(&&*charset.to_ascii_lowercase());
    let charset = charset.filter(|charset| !is_utf8 && !says_nothing(charset) && encoding::is_known(charset));
    let decoded = match charset {
        Some(charset) => encoding::decode_as(bytes, charset)?,
        None if part == Use::Page => encoding::decode_html(bytes)?,
        None => encoding::decode(bytes)?,
    };
    Ok(decoded.text)
}
