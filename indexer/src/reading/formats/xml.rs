//! XML as a sequence of events, with names without their prefixes.
//!
//! Stops at the first error in the XML and reports it. Entities of a DTD are never
//! expanded.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::escape::{resolve_html5_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event as Raw};

/// The deepest nesting. Tables in tables in text boxes come to fifty; thousands are an attack on recursive readers.
const DEEPEST: usize = 1_000;

/// An event of an XML text.
pub(crate) enum Event<'e> {
    /// The start of an element.
    Start(Element<'e>),
    /// The end of an element, with its name.
    End(&'e str),
    /// Text with its references replaced. May come in several pieces.
    Text(&'e str),
}

/// A start tag.
pub(crate) struct Element<'e> {
    start: &'e BytesStart<'e>,
}

impl<'e> Element<'e> {
    /// Returns the name without its prefix.
    pub(crate) fn name(&self) -> &'e str {
        self.start.local_name().into_inner()
    }

    /// Returns the value of an attribute that has a prefix, such as `r:id` beside `id`, given by its name without it.
    #[cfg(any(feature = "pptx", feature = "xlsx"))]
    pub(crate) fn prefixed_attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let attributes = attributes.with_checks(false).flatten();
        let is_named =
            |key: quick_xml::name::QName<'_>| key.prefix().is_some() && key.local_name().into_inner() == name;
        let value = attributes.into_iter().find(|attribute| is_named(attribute.key))?.value;
        Some(unescape(&value).unwrap_or(Cow::Borrowed(&*value)).into_owned())
    }

    /// Returns the value of an attribute, given by its name without the prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        let attributes = attributes.with_checks(false).flatten();
        let mut named = attributes.filter(|attribute| attribute.key.local_name().into_inner() == name);
        let value = named.next()?.value;
        Some(unescape(&value).unwrap_or(Cow::Borrowed(&*value)).into_owned())
    }
}

/// Calls `visit` with all events of a text. Returns the error that ended it early, if any.
pub(crate) fn read(xml: &str, mut visit: impl FnMut(Event<'_>)) -> Option<String> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Raw::Start(start)) => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(format!("nested more than {DEEPEST} deep"));
                }
                visit(Event::Start(Element { start: &start }));
            }
            Ok(Raw::End(end)) => {
                depth = depth.saturating_sub(1);
                visit(Event::End(end.local_name().into_inner()));
            }
            Ok(Raw::Text(text)) => visit(Event::Text(&text)),
            Ok(Raw::CData(text)) => visit(Event::Text(&text)),
            Ok(Raw::GeneralRef(reference)) => visit(Event::Text(&resolve(&reference))),
            Ok(Raw::Eof) if depth > 0 => return Some("ends too early".to_owned()),
            Ok(Raw::Eof) => return None,
            Ok(_) => {}
            Err(error) => return Some(describe(&error, reader.error_position())),
        }
    }
}

/// Decodes a part, which is in UTF-8 or, rarely, UTF-16.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(decode_utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(decode_utf16(rest, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => String::from_utf8_lossy(bytes),
    }
}

/// Like [`decode`], but without a copy if the bytes are valid UTF-8.
#[cfg(feature = "docx")]
pub(crate) fn decode_whole(bytes: Vec<u8>) -> String {
    match decode(&bytes) {
        Cow::Owned(text) => text,
        Cow::Borrowed(text) if text.len() < bytes.len() => text.to_owned(),
        Cow::Borrowed(_) => String::from_utf8(bytes).unwrap_or_default(),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    match resolve_html5_entity(reference) {
        Some(meaning) => meaning.to_owned(),
        None => format!("&{};", &**reference),
    }
}

fn describe(error: &Error, position: u64) -> String {
    let what = match error {
        Error::Syntax(_) => "not well-formed",
        Error::IllFormed(_) => "tags that do not match",
        _ => "not XML",
    };
    format!("{what} at byte {position}")
}
