//! What a file is, by its content: people rename files, and programs save one format under the name of another.
//!
//! Signatures come first, then the way in which a text begins. The name decides only where the content tells nothing. Looks
//! at the beginning of a file, and for a zip archive at its end, where its parts are listed.

use std::path::Path;

use svod_text::printable;

use crate::reading::formats::Format;

/// The bytes at the beginning of a file that are looked at.
const HEAD_BYTES: usize = 4 << 10;
/// The bytes at either end of a zip archive in which the names of its parts are looked for.
const NAMES_BYTES: usize = 256 << 10;
/// Mail programs write no more lines before the first that tells an e-mail.
const MOST_HEADER_LINES: usize = 40;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// It is of this format.
    Of(Format),
    /// It is of a format that is not read: what it is, with its article.
    NotRead(&'static str),
}

const PDF: &[u8] = b"%PDF-";
const ZIP: &[u8] = b"PK\x03\x04";

/// Signatures of formats that are not read, with the byte at which they stand.
const NOT_READ: [(usize, &[u8], &str); 15] = [
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"\x1f\x8b\x08", "a compressed file"),
    (4, b"1AY&SY", "a compressed file"),
    (0, b"\xfd7zXZ\0", "a compressed file"),
    (0, b"ITSF\x03\0\0\0", "a compiled help file"),
    (0, b"AT&TFORM", "a DjVu document"),
    (60, b"BOOKMOBI", "a Kindle book"),
    (0, b"\x89PNG\r\n\x1a\n", "a picture"),
    (0, b"\xff\xd8\xff", "a picture"),
    (0, b"GIF87a", "a picture"),
    (0, b"GIF89a", "a picture"),
    (0, b"II*\0", "a picture"),
    (0, b"MM\0*", "a picture"),
    (0, b"\x7fELF", "a program"),
];

/// Names of parts by which a zip archive is told to be a document, with what it is. The first that is there decides.
const PACKAGES: [(&[u8], Content); 9] = [
    (b"mimetypeapplication/epub+zip", Content::Of(Format::Epub)),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", Content::Of(Format::Odt)),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Content::Of(Format::Ods)),
    (b"mimetypeapplication/vnd.oasis.opendocument.presentation", Content::Of(Format::Odp)),
    (b"word/document", Content::Of(Format::Docx)),
    (b"ppt/presentation", Content::Of(Format::Pptx)),
    (b"xl/workbook", Content::Of(Format::Xlsx)),
    (b"OFD.xml", Content::NotRead("an OFD document")),
    (b"META-INF/container.xml", Content::Of(Format::Epub)),
];

/// Names of streams by which a compound file is told, with what it is. They stand in it in UTF-16.
const STREAMS: [(&str, Content); 6] = [
    ("EncryptedPackage", Content::NotRead("an encrypted document")),
    ("WordDocument", Content::Of(Format::Doc)),
    ("PowerPoint Document", Content::NotRead("an old PowerPoint presentation")),
    ("Workbook", Content::NotRead("an old Excel table")),
    ("Book", Content::NotRead("an old Excel table")),
    ("__substg1.0", Content::NotRead("an Outlook message")),
];

/// Returns a remark if the name of a file promises another format than it holds; plain text may hold Markdown.
pub(crate) fn mismatch(path: &Path, format: Format, named: Format) -> Option<String> {
    let is_plain = |format| matches!(format, Format::Markdown | Format::Text);
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let is_as_promised = format == named || (is_plain(format) && is_plain(named));
    (!is_as_promised).then(|| format!("named `.{}`, but it is {}", printable(&extension), format.what()))
}

/// Returns what a file is whose name says that it is of the format `named`.
pub(crate) fn of(bytes: &[u8], named: Format) -> Content {
    by_signature(bytes).or_else(|| by_beginning(bytes)).unwrap_or_else(|| match named {
        Format::Markdown | Format::Text | Format::Html | Format::Pdf if bytes.starts_with(ZIP) => {
            Content::NotRead("a zip archive")
        }
        Format::Markdown | Format::Text | Format::Html => Content::Of(named),
        // Readers of PDF accept what stands before the signature within the first kilobyte.
        _ if contains(&bytes[..bytes.len().min(1 << 10)], PDF) => Content::Of(Format::Pdf),
        _ if is_text(bytes) => Content::Of(Format::Text),
        _ => Content::Of(named),
    })
}

fn by_signature(bytes: &[u8]) -> Option<Content> {
    let stands_at = |at: usize, signature: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(signature));
    if stands_at(0, ZIP) {
        return package(bytes);
    }
    if stands_at(0, &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return compound(bytes);
    }
    if stands_at(0, PDF) {
        return Some(Content::Of(Format::Pdf));
    }
    let told = NOT_READ.iter().find(|(at, signature, _)| stands_at(*at, signature));
    told.map(|&(.., what)| Content::NotRead(what))
}

fn package(bytes: &[u8]) -> Option<Content> {
    let (head, tail) = (&bytes[..bytes.len().min(NAMES_BYTES)], &bytes[bytes.len().saturating_sub(NAMES_BYTES)..]);
    let told = PACKAGES.iter().find(|(name, _)| contains(head, name) || contains(tail, name));
    told.map(|&(_, content)| content)
}

fn compound(bytes: &[u8]) -> Option<Content> {
    let told = STREAMS.iter().find(|(name, _)| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &name)
    });
    told.map(|&(_, content)| content)
}

/// Tells a text by the way it begins.
fn by_beginning(bytes: &[u8]) -> Option<Content> {
    let head = head(bytes);
    let head = head.trim_ascii_start();
    if head.starts_with(b"{\\rtf") {
        return Some(Content::Of(Format::Rtf));
    }
    if is_mail(head) {
        return Some(Content::Of(if contains(head, b"multipart/related") { Format::Mhtml } else { Format::Email }));
    }
    let markup = after_comments(head);
    let begins = |tag: &[u8]| {
        let rest = markup.get(..tag.len()).filter(|begin| begin.eq_ignore_ascii_case(tag));
        rest.is_some() && markup.get(tag.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    };
    if let Some(format) = by_root(markup) {
        return Some(Content::Of(format));
    }
    let is_page = [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].into_iter().any(begins);
    is_page.then_some(Content::Of(Format::Html))
}

/// Tells a document in XML by its root, which a name space may stand before.
fn by_root(markup: &[u8]) -> Option<Format> {
    let name = markup.strip_prefix(b"<")?.split(|byte| matches!(byte, b' ' | b'>' | b'\n' | b'\r' | b'\t')).next()?;
    match name {
        b"FictionBook" => Some(Format::Fb2),
        b"office:document" => {
            let kind = |kind: &[u8]| contains(markup, kind);
            Some(match () {
                () if kind(b"opendocument.spreadsheet") => Format::Ods,
                () if kind(b"opendocument.presentation") => Format::Odp,
                () => Format::Odt,
            })
        }
        _ => None,
    }
}

/// Returns the beginning of a file in ASCII: without a byte order mark, and of UTF-16 every other byte.
fn head(bytes: &[u8]) -> Vec<u8> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    match head {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        [0xff, 0xfe, rest @ ..] => rest.iter().copied().step_by(2).collect(),
        [0xfe, 0xff, rest @ ..] => rest.iter().copied().skip(1).step_by(2).collect(),
        _ => head.to_vec(),
    }
}

/// Skips what may stand before the root of a page: declarations of XML, comments and blanks.
fn after_comments(mut markup: &[u8]) -> &[u8] {
    loop {
        markup = markup.trim_ascii_start();
        let end: &[u8] = match markup {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            _ => return markup,
        };
        match find(markup, end) {
            Some(at) => markup = &markup[at + end.len()..],
            None => return markup,
        }
    }
}

/// Whether a text begins with the header of an e-mail or of a web page saved as one. One field could stand in any text, so
/// that of the format is required.
fn is_mail(head: &[u8]) -> bool {
    let mut fields = 0;
    for line in head.split(|&byte| byte == b'\n').take(MOST_HEADER_LINES) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_continued = fields > 0 && matches!(line.first(), Some(b' ' | b'\t'));
        let name = line.split(|&byte| byte == b':').next().filter(|name| name.len() < line.len());
        match name {
            _ if is_continued => {}
            Some(name) if name.eq_ignore_ascii_case(b"mime-version") => return true,
            Some(name) if !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') => {
                fields += 1;
            }
            // Old mailboxes have a line of their own before the first field.
            _ if fields == 0 && line.starts_with(b"From ") => {}
            _ => return false,
        }
    }
    false
}

/// Whether a file is text, as far as its beginning tells.
fn is_text(bytes: &[u8]) -> bool {
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let head = head(bytes);
    !head.is_empty() && !head.into_iter().any(is_control)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    find(bytes, needle).is_some()
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], named: Format, expected: Content) {
        assert_eq!(of(bytes, named), expected, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn the_content_decides() {
        use Content::{NotRead, Of};
        for (bytes, named, expected) in [
            (&b"%PDF-1.4\n"[..], Format::Text, Of(Format::Pdf)),
            (b"\n\njunk %PDF-1.7", Format::Docx, Of(Format::Pdf)),
            (b"PK\x03\x04....word/document.xml", Format::Pdf, Of(Format::Docx)),
            (b"PK\x03\x04....mimetypeapplication/epub+zip", Format::Docx, Of(Format::Epub)),
            (b"PK\x03\x04....photo.jpg", Format::Pdf, NotRead("a zip archive")),
            (b"PK\x03\x04....photo.jpg", Format::Docx, Of(Format::Docx)),
            (b"\x89PNG\r\n\x1a\n....", Format::Pdf, NotRead("a picture")),
            (b"<!DOCTYPE html><title>x</title>", Format::Pdf, Of(Format::Html)),
            (b"\xef\xbb\xbf  <?xml version=\"1.0\"?>\n<!-- saved -->\n<HTML lang=ru>", Format::Text, Of(Format::Html)),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Format::Docx, Of(Format::Html)),
            (b"<header>\n\ntext", Format::Markdown, Of(Format::Markdown)),
            (b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n", Format::Html, Of(Format::Email)),
            (b"From: the minister\n\nTo whom it may concern", Format::Text, Of(Format::Text)),
            (b"Note: MIME-Version: 1.0 is a header\n", Format::Text, Of(Format::Text)),
            (b"just words", Format::Docx, Of(Format::Text)),
            (b"\0\x01\x02", Format::Docx, Of(Format::Docx)),
            (b"", Format::Pdf, Of(Format::Pdf)),
            (b"<?xml version='1.0'?>\n<FictionBook xmlns='x'>", Format::Text, Of(Format::Fb2)),
            (
                b"<office:document office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">",
                Format::Odt,
                Of(Format::Ods),
            ),
            (b"<FictionBooks are books>", Format::Text, Of(Format::Text)),
            (b"words", Format::Markdown, Of(Format::Markdown)),
            (b"Files that begin with %PDF-1.4 or Rar!", Format::Text, Of(Format::Text)),
        ] {
            check(bytes, named, expected);
        }
    }

    #[test]
    fn a_compound_file_is_told_by_its_streams() {
        let with = |name: &str| {
            let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0];
            bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
            bytes
        };
        check(&with("PowerPoint Document"), Format::Docx, Content::NotRead("an old PowerPoint presentation"));
        check(&with("EncryptedPackage"), Format::Docx, Content::NotRead("an encrypted document"));
        check(&with("Other"), Format::Docx, Content::Of(Format::Docx));
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(bytes in prop::collection::vec(any::<u8>(), 0..200), begin in 0usize..20) {
            let mut whole = NOT_READ.get(begin).map_or(Vec::new(), |(_, signature, _)| signature.to_vec());
            whole.extend(bytes);
            of(&whole, Format::Text);
        }
    }
}
