//! HTML in Markdown: tags within a line, and blocks of HTML.
//!
//! Tables keep their cells, headings their level, and a superscript is the mark of a
//! note. What is no element of HTML, such as `<name>`, is text.

use std::ops::Range;

use super::super::blocks::BlockKind;
use super::super::running_text::Join;
use super::{Reader, TABLE_BYTES, labels_of_mark};

/// What is open in a block of HTML.
#[derive(Clone, Copy, Default)]
pub(super) struct Html {
    part: Part,
    in_table: bool,
    /// Whether a cell of a table has ended since the last text.
    ends_cell: bool,
}

/// What part of HTML a line begins in.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Part {
    #[default]
    Text,
    Tag,
    Comment,
}

impl Part {
    /// Returns the characters that end the part.
    fn end(self) -> &'static str {
        match self {
            Part::Text => "<",
            Part::Tag => ">",
            Part::Comment => "-->",
        }
    }
}

impl Reader<'_> {
    /// Reads a tag within a line.
    pub(super) fn tag(&mut self, range: Range<usize>) {
        let tag = &self.parsed[range.clone()];
        // By far the most frequent tags of articles.
        match tag {
            "<sup>" => return self.open_superscript(),
            "</sup>" => return self.close_superscript(range.end),
            _ => {}
        }
        match name_of_tag(tag) {
            ("sup", false) => self.open_superscript(),
            ("sup", true) => self.close_superscript(range.end),
            ("br", _) => {
                self.text.join(Join::Line);
                self.begins_line = true;
            }
            (name, _) if !name.is_empty() && !is_element(name) => {
                self.push_marker();
                self.push_range(range);
            }
            _ => {}
        }
    }

    fn open_superscript(&mut self) {
        if self.begins_line && self.own_label.is_some() {
            self.flush();
        }
        self.superscript = Some(self.text.len());
    }

    /// Makes the text of a superscript the mark of a note; before any text it is the label of this note.
    fn close_superscript(&mut self, end: usize) {
        let Some(start) = self.superscript.take() else { return };
        let Some(labels) = labels_of_mark(self.text.since(start)) else { return };
        let is_bracketed = self.text.since(start).starts_with(['[', '［', '〔']);
        let is_apart = self.parsed[end..].starts_with(char::is_whitespace);
        self.text.truncate(start);
        match <[String; 1]>::try_from(labels) {
            // Text that goes on behind a page break can begin with a mark, without a blank.
            Ok([label])
                if start == 0
                    && self.kind == BlockKind::Paragraph
                    && self.notes.is_empty()
                    && (is_apart || !is_bracketed) =>
            {
                self.own_label = Some(label);
            }
            Ok(label) => label.into_iter().for_each(|label| self.text.mark(label)),
            Err(labels) => labels.into_iter().for_each(|label| self.text.mark(label)),
        }
    }

    /// Reads one line of a block of HTML.
    pub(super) fn html(&mut self, range: Range<usize>) {
        if let Some(page) = page_of_comment(&self.parsed[range.clone()]) {
            self.break_page();
            self.page = Some(page);
        }
        let mut at = range.start;
        while at < range.end {
            let rest = &self.parsed[at..range.end];
            let part = self.html.part;
            let found = if part == Part::Text { tag_in(rest) } else { rest.find(part.end()) };
            let end = found.map_or(range.end, |found| at + found);
            if part == Part::Text {
                self.html_text(at..end);
            }
            at = end;
            if found.is_some() {
                (at, self.html.part) = match part {
                    Part::Text if self.parsed[end..].starts_with("<!--") => (end, Part::Comment),
                    Part::Text => self.html_tag(end..range.end),
                    Part::Tag | Part::Comment => (end + part.end().len(), Part::Text),
                };
            }
        }
        self.text.join(Join::Line);
        self.begins_line = true;
    }

    /// Appends text between tags.
    fn html_text(&mut self, range: Range<usize>) {
        let text = &self.parsed[range.clone()];
        if text.trim().is_empty() {
            // Between tags a blank still divides words.
            if !text.is_empty() && !self.html.ends_cell && !self.html.in_table {
                self.text.join(Join::Line);
            }
            return;
        }
        if std::mem::take(&mut self.html.ends_cell) {
            self.text.join(Join::Cell);
        }
        let mut start = range.start;
        for (at, _) in text.match_indices('&') {
            let at = range.start + at;
            let entity = ENTITIES.iter().find(|(name, _)| self.parsed[at..range.end].starts_with(name));
            if let Some((name, shown)) = entity {
                self.push_range(start..at);
                self.text.push_foreign(shown);
                start = at + name.len();
            }
        }
        self.push_range(start..range.end);
    }

    /// Reads the tag at the beginning of a range. Returns from where on to read, and as what.
    fn html_tag(&mut self, range: Range<usize>) -> (usize, Part) {
        let tag = &self.parsed[range.clone()];
        let (name, closes) = name_of_tag(tag);
        match (name, closes) {
            ("table", _) => {
                self.flush();
                self.html = Html { in_table: !closes, ..self.html };
                if !closes {
                    self.kind = BlockKind::Table;
                }
            }
            ("td" | "th", true) => self.html.ends_cell = true,
            ("tr", true) if self.html.in_table && self.text.len() > TABLE_BYTES => {
                self.flush();
                self.kind = BlockKind::Table;
                self.html.ends_cell = false;
            }
            ("sup", false) => self.open_superscript(),
            ("sup", true) => self.close_superscript(range.start + tag.find('>').map_or(tag.len(), |end| end + 1)),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", false) if !self.html.in_table => {
                self.flush();
                self.kind = BlockKind::Heading(name.as_bytes()[1] - b'0');
            }
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "div" | "li" | "ul" | "ol" | "blockquote", _)
                if !self.html.in_table =>
            {
                self.flush();
                if (name, closes) == ("li", false) {
                    self.kind = BlockKind::Item;
                }
            }
            (name, _) if INLINE.contains(&name) => {}
            (name, _) if !name.is_empty() && !is_element(name) => {
                let end = range.start + tag.find('>').map_or(tag.len(), |end| end + 1);
                self.html_text(range.start..end);
                return (end, Part::Text);
            }
            _ if !self.html.ends_cell => self.text.join(Join::Line),
            _ => {}
        }
        (range.start, Part::Tag)
    }
}

/// Returns the offset of the first tag or comment in a text. `a < b` is none.
fn tag_in(text: &str) -> Option<usize> {
    let begins = |next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
    text.match_indices('<').map(|(at, _)| at).find(|at| text[at + 1..].starts_with(begins))
}

/// Returns the name of a tag, which is empty for `<!…` and `<?…`, and whether it closes an element.
fn name_of_tag(tag: &str) -> (&str, bool) {
    let inside = tag.trim_start_matches('<');
    let (inside, closes) = inside.strip_prefix('/').map_or((inside, false), |inside| (inside, true));
    let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '!' | '?')).unwrap_or(inside.len());
    let name = &inside[..end];
    (ELEMENTS.iter().copied().find(|known| known.eq_ignore_ascii_case(name)).unwrap_or(name), closes)
}

fn is_element(name: &str) -> bool {
    // The elements of Office have a prefix.
    ELEMENTS.contains(&name) || name.starts_with("o:") || name.starts_with("w:") || name.starts_with("v:")
}

/// Entities that converters write.
const ENTITIES: [(&str, &str); 6] =
    [("&nbsp;", " "), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")];

/// Elements that stand within a word or line.
const INLINE: [&str; 20] = [
    "a", "abbr", "b", "bdi", "code", "em", "font", "i", "ins", "del", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "u", "wbr",
];

/// The elements of HTML, and those that converters add.
const ELEMENTS: [&str; 132] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "path",
    "g",
];

/// Returns the page that begins at a comment such as `<!-- page 58 -->`.
fn page_of_comment(html: &str) -> Option<u32> {
    let inside = html.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim().to_lowercase();
    let rest = ["page", "стр.", "страница", "页", "第", "p."].iter().find_map(|word| inside.strip_prefix(word))?;
    let rest = rest.trim_start_matches([':', '：', ' ', '=', '.']);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let is_all = matches!(rest[end..].trim(), "" | "页" | "頁");
    rest[..end].parse().ok().filter(|_| is_all)
}
