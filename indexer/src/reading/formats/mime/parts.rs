//! The parts of a mail: what lies between the lines of its boundaries.
//!
//! One pass over the lines. Parts nest; the boundaries that are open are kept in
//! a map, so that each line is compared once, however deep it stands.

use std::collections::HashMap;
use std::ops::Range;

use super::headers::Headers;

/// The deepest nesting. What lies deeper is text of the part around.
const DEEPEST: usize = 50;

/// The most parts that are read.
const MOST_PARTS: usize = 5_000;

/// A mail as its parts.
#[derive(Debug, Default)]
pub(super) struct Parts<'b> {
    /// What holds other parts; the outer before the inner.
    pub(super) containers: Vec<Container<'b>>,
    /// What holds bytes, in order.
    pub(super) leaves: Vec<Leaf<'b>>,
}

/// A part that holds other parts.
#[derive(Debug)]
pub(super) struct Container<'b> {
    pub(super) kind: Kind,
    /// The header of a mail in the mail.
    pub(super) mail: Headers<'b>,
    pub(super) within: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Parts one after the other.
    Mixed,
    /// The same in several formats.
    Alternative,
    /// A page and what belongs to it.
    Related,
    /// A mail in the mail.
    Message,
}

/// A part that holds bytes.
#[derive(Debug)]
pub(super) struct Leaf<'b> {
    pub(super) headers: Headers<'b>,
    pub(super) body: &'b [u8],
    pub(super) within: Option<usize>,
}

impl<'b> Parts<'b> {
    /// Cuts a mail into its parts.
    pub(super) fn of(bytes: &'b [u8]) -> Parts<'b> {
        let mut cutting = Cutting { bytes, parts: Parts::default(), open: Vec::new(), boundaries: HashMap::new() };
        let mut leaf = cutting.begin(0);
        let start = leaf.start;
        let mut at = start;
        while at < bytes.len() {
            let line = line_at(bytes, at);
            let next = at + line.len();
            at = next;
            if let Some((depth, is_last)) = cutting.boundary(line) {
                cutting.end(&leaf, next - line.len());
                cutting.close(if is_last { depth } else { depth + 1 });
                leaf = if is_last { Begun { start: next, headers: None } } else { cutting.begin(next) };
                at = leaf.start;
            }
        }
        cutting.end(&leaf, bytes.len());
        if cutting.parts.leaves.is_empty() {
            // No line is the boundary that the header tells.
            let leaf = Leaf { headers: Headers::default(), body: &bytes[start..], within: None };
            cutting.parts.leaves.push(leaf);
        }
        cutting.parts
    }
}

struct Cutting<'b> {
    bytes: &'b [u8],
    parts: Parts<'b>,
    /// The open containers, outermost first, with the boundary of each.
    open: Vec<(usize, Option<Vec<u8>>)>,
    /// The depth of each open boundary.
    boundaries: HashMap<Vec<u8>, usize>,
}

/// A part that has begun. Without headers it is what stands beside the parts, and is not kept.
struct Begun<'b> {
    start: usize,
    headers: Option<Headers<'b>>,
}

impl<'b> Cutting<'b> {
    /// Begins a part: reads its header, and those of the parts that begin with it.
    fn begin(&mut self, mut start: usize) -> Begun<'b> {
        let mut mail = None;
        loop {
            let (headers, length) = Headers::read(&self.bytes[start..]);
            start += length;
            if let Some(mail) = mail.take().and_then(|at: usize| self.parts.containers.get_mut(at)) {
                mail.mail = headers;
            }
            let kind =
                Self::kind(&headers).filter(|_| self.open.len() < DEEPEST && self.parts.containers.len() < MOST_PARTS);
            let boundary = headers.parameter("content-type", "boundary").map(String::into_bytes);
            match (kind, boundary) {
                (Some(Kind::Message), _) => mail = Some(self.open_container(Kind::Message, None)),
                (Some(kind), Some(boundary)) if !self.boundaries.contains_key(&boundary) => {
                    self.open_container(kind, Some(boundary));
                    return Begun { start, headers: None };
                }
                _ => return Begun { start, headers: Some(headers) },
            }
        }
    }

    fn kind(headers: &Headers<'b>) -> Option<Kind> {
        let kind = headers.word("content-type")?;
        let is_plain =
            headers.word("content-transfer-encoding").is_none_or(|way| !matches!(&*way, "base64" | "quoted-printable"));
        match &*kind {
            "multipart/alternative" => Some(Kind::Alternative),
            "multipart/related" => Some(Kind::Related),
            "message/rfc822" | "message/global" if is_plain => Some(Kind::Message),
            kind if kind.starts_with("multipart/") => Some(Kind::Mixed),
            _ => None,
        }
    }

    /// Opens a container and returns its index.
    fn open_container(&mut self, kind: Kind, boundary: Option<Vec<u8>>) -> usize {
        let at = self.parts.containers.len();
        let within = self.open.last().map(|(at, _)| *at);
        if let Some(boundary) = &boundary {
            self.boundaries.insert(boundary.clone(), self.open.len());
        }
        self.open.push((at, boundary));
        self.parts.containers.push(Container { kind, mail: Headers::default(), within });
        at
    }

    /// Returns the depth of the boundary that a line is, and whether it is the last.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let name = line.strip_prefix(b"--")?.trim_ascii_end();
        if let Some(&depth) = self.boundaries.get(name) {
            return Some((depth, false));
        }
        Some((*self.boundaries.get(name.strip_suffix(b"--")?)?, true))
    }

    /// Ends a part before the line end that belongs to its boundary.
    fn end(&mut self, begun: &Begun<'b>, end: usize) {
        let Some(headers) = begun.headers else { return };
        let range: Range<usize> = begun.start..end.max(begun.start);
        let body = &self.bytes[range];
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        if self.parts.leaves.len() < MOST_PARTS {
            self.parts.leaves.push(Leaf { headers, body, within: self.open.last().map(|(at, _)| *at) });
        }
    }

    /// Closes all containers from a depth on.
    fn close(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some((_, Some(boundary))) = self.open.pop() {
                self.boundaries.remove(&boundary);
            }
        }
    }
}

/// Returns the line that begins at a byte, with its end.
fn line_at(bytes: &[u8], at: usize) -> &[u8] {
    bytes[at..].split_inclusive(|&byte| byte == b'\n').next().unwrap_or_default()
}
