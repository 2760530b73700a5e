//! Words: reads the pages that `pdftotext -bbox` prints, as they arrive.
//!
//! Every word stands on a line of its own, with the corners of its box in points,
//! the vertical axis pointing down. Lines of any other form are passed over. Only
//! the page being read is kept.

use std::ops::Range;

/// The longest line that is read. A word and its box take a few hundred bytes.
const LONGEST_LINE_BYTES: usize = 1 << 20;

/// The largest coordinate: pages are at most 14,400 points wide.
const LARGEST: f32 = 100_000.0;

/// A rectangle on a page, in points from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Area {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Area {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// Returns the height that two areas share; negative if one lies below the other.
    pub(super) fn shared_height(&self, other: &Area) -> f32 {
        self.bottom.min(other.bottom) - self.top.max(other.top)
    }

    /// Returns the smallest area around both.
    pub(super) fn with(&self, other: &Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A word with its box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) area: Area,
    /// Its place in [`Page::text`].
    range: Range<usize>,
}

/// A page: its words in the order in which the file draws them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Page {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) words: Vec<Word>,
    text: String,
}

impl Page {
    pub(super) fn new(width: f32, height: f32) -> Page {
        Page { width, height, ..Page::default() }
    }

    /// Returns the text of a word of this page.
    pub(super) fn text(&self, word: &Word) -> &str {
        self.text.get(word.range.clone()).unwrap_or_default()
    }

    /// Appends a word. A word without text is left out.
    pub(super) fn push(&mut self, area: Area, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            let start = self.text.len();
            self.text.push_str(text);
            self.words.push(Word { area, range: start..self.text.len() });
        }
    }

    /// Returns about how many bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.words.len() * size_of::<Word>()
    }
}

/// Reads pages from chunks of output.
#[derive(Debug, Default)]
pub(super) struct Pages {
    line: Vec<u8>,
    page: Option<Page>,
}

impl Pages {
    /// Reads a chunk, and passes on each page that ends in it.
    pub(super) fn read(&mut self, chunk: &[u8], each: &mut dyn FnMut(Page)) {
        let mut rest = chunk;
        while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
            self.keep(&rest[..end]);
            rest = &rest[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.read_line(&String::from_utf8_lossy(&line), each);
            self.line = line;
            self.line.clear();
        }
        self.keep(rest);
    }

    /// Passes on the last page, if the output was cut off within it.
    pub(super) fn finish(mut self, each: &mut dyn FnMut(Page)) {
        if let Some(page) = self.page.take() {
            each(page);
        }
    }

    /// Returns about how many bytes of memory the page being read takes.
    pub(super) fn bytes(&self) -> usize {
        self.line.len() + self.page.as_ref().map_or(0, Page::bytes)
    }

    fn keep(&mut self, part: &[u8]) {
        let room = LONGEST_LINE_BYTES - self.line.len().min(LONGEST_LINE_BYTES);
        self.line.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn read_line(&mut self, line: &str, each: &mut dyn FnMut(Page)) {
        let line = line.trim_start();
        if let Some(attributes) = line.strip_prefix("<word ") {
            if let (Some(page), Some((area, text))) = (self.page.as_mut(), read_word(attributes)) {
                page.push(area, &unescape(text));
            }
        } else if let Some(attributes) = line.strip_prefix("<page ") {
            let [width, height] = numbers(attributes).0;
            if let Some(before) = self.page.replace(Page::new(width, height)) {
                each(before);
            }
        } else if line.starts_with("</page>")
            && let Some(page) = self.page.take()
        {
            each(page);
        }
    }
}

/// Reads the box and the text of a word.
fn read_word(attributes: &str) -> Option<(Area, &str)> {
    let ([left, top, right, bottom], rest) = numbers(attributes);
    let text = rest.strip_prefix('>')?;
    let text = &text[..text.rfind("</word>").unwrap_or(text.len())];
    let area = Area { left: left.min(right), top: top.min(bottom), right: left.max(right), bottom: top.max(bottom) };
    Some((area, text))
}

/// Reads the values of the next attributes, and returns what follows them. A value that is no number counts as 0.
fn numbers<const COUNT: usize>(attributes: &str) -> ([f32; COUNT], &str) {
    let mut rest = attributes;
    let values = [(); COUNT].map(|()| {
        let (_, after) = rest.split_once('"').unwrap_or_default();
        let (value, after) = after.split_once('"').unwrap_or_default();
        rest = after;
        value.parse().ok().filter(|value: &f32| value.is_finite()).unwrap_or(0.0).clamp(-LARGEST, LARGEST)
    });
    (values, rest)
}

/// Replaces the five entities that poppler writes.
fn unescape(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        shown.push_str(&rest[..at]);
        rest = &rest[at..];
        let (entity, character) =
            entities.iter().find(|(entity, _)| rest.starts_with(entity)).copied().unwrap_or(("&", "&"));
        shown.push_str(character);
        rest = &rest[entity.len()..];
    }
    shown.push_str(rest);
    shown.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "<html>\n<title><page width=\"1\"></title>\n<doc>\n  <page width=\"595.280000\" height=\"841.890000\">\n    \
        <word xMin=\"72.5\" yMin=\"90.0\" xMax=\"118.25\" yMax=\"100.0\">R&amp;D &lt;港口&gt;</word>\n    \
        <word xMin=\"nan\" yMin=\"90\" xMax=\"-5\" yMax=\"inf\">порт</word>\n    <word xMin=\"1\" yMin=\"2\"\n  \
        </page>\n  <page width=\"300\" height=\"400\">\n    <word xMin=\"1\" yMin=\"2\" xMax=\"3\" yMax=\"4\">cut";

    fn read(chunks: impl Iterator<Item = Vec<u8>>) -> Vec<Page> {
        let (mut pages, mut reader) = (Vec::new(), Pages::default());
        chunks.for_each(|chunk| reader.read(&chunk, &mut |page| pages.push(page)));
        reader.finish(&mut |page| pages.push(page));
        pages
    }

    #[test]
    fn words_with_their_boxes() {
        let pages = read([PRINTED.as_bytes().to_vec()].into_iter());
        assert_eq!(pages.len(), 2, "{pages:?}");
        assert_eq!((pages[0].width, pages[0].height), (595.28, 841.89));
        let words: Vec<_> = pages[0].words.iter().map(|word| (pages[0].text(word), word.area)).collect();
        assert_eq!(words.len(), 2);
        assert_eq!(words[0], ("R&D <港口>", Area { left: 72.5, top: 90.0, right: 118.25, bottom: 100.0 }));
        assert_eq!(words[1], ("порт", Area { left: -5.0, top: 0.0, right: 0.0, bottom: 90.0 }));
        assert!(pages[1].words.is_empty(), "a line that does not end is not a word");
    }

    #[test]
    fn chunks_may_end_anywhere() {
        let whole = read([PRINTED.as_bytes().to_vec()].into_iter());
        for size in [1, 2, 3, 7, 100] {
            assert_eq!(read(PRINTED.as_bytes().chunks(size).map(<[u8]>::to_vec)), whole, "{size}");
        }
    }

    #[test]
    fn a_line_without_end_is_not_kept() {
        let mut reader = Pages::default();
        for _ in 0..40 {
            reader.read(&[b'x'; 100_000], &mut |_| {});
        }
        assert!(reader.bytes() <= LONGEST_LINE_BYTES);
    }
}
