//! The encoding that a web page declares.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use super::Scheme;
use super::declared::scheme;

/// The number of bytes at the beginning of a page in which a declaration is looked for.
const HEAD_BYTES: usize = 4096;

/// Returns the encoding in `<meta charset>`, `http-equiv` or the XML declaration of a page.
pub(super) fn in_html(bytes: &[u8]) -> Option<Scheme> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let in_xml = head.trim_start().strip_prefix("<?xml").and_then(|rest| value(tag(rest), "encoding"));
    let in_meta = || head.split("<meta").skip(1).find_map(|rest| value(tag(rest), "charset"));
    match in_xml.or_else(in_meta).and_then(scheme)? {
        // A page whose declaration can be read as ASCII is not UTF-16.
        Scheme::Web(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Some(Scheme::Web(UTF_8)),
        scheme => Some(scheme),
    }
}

fn tag(rest: &str) -> &str {
    rest.split('>').next().unwrap_or(rest)
}

fn value<'tag>(tag: &'tag str, name: &str) -> Option<&'tag str> {
    tag.split(name).skip(1).find_map(|rest| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start_matches([' ', '\t', '\n', '\r', '"', '\'']);
        rest.split([' ', '\t', '\n', '\r', '"', '\'', ';', '/']).next().filter(|name| !name.is_empty())
    })
}
