//! Markdown: the blocks of a source, each byte with its offset in the source.
//!
//! pulldown-cmark finds the blocks; this file turns its events into running
//! text. Where CommonMark and real articles disagree, the articles win: a line
//! above `---` is not a heading, a numbered item keeps its number, and lines that
//! CommonMark takes for link definitions stay text.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd};

use super::blocks::{Block, BlockKind};
use super::footnotes::{is_label, label_of, plain_digits, single_character_label};
use super::lines::Lines;
use super::plain;
use super::running_text::{Join, RunningText};

/// Rows of a table are one passage up to about this many bytes.
const TABLE_BYTES: usize = 1_200;

/// The deepest column, in bytes, at which a mark of a quotation or list in its line still counts.
const DEEPEST_MARK: usize = 200;

/// Reads the blocks of a Markdown source from a byte on.
pub(super) fn read(source: &str, start: usize, lines: &Lines, blocks: &mut Vec<Block>) {
    let parsed = without_deep_marks(source, lines);
    let mut reader = Reader::new(source, &parsed, start, lines);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES;
    for (event, range) in Parser::new_ext(&parsed[start..], options).into_offset_iter() {
        reader.event(event, start + range.start..start + range.end);
    }
    reader.leave_gap(source.len());
    blocks.append(&mut reader.blocks);
}

/// Replaces the marks of quotations and lists that stand too deep in their line by blanks.
///
/// At each line the parser checks every open quotation and list, so a file with a hundred thousand open ones would
/// practically never be read to its end.
fn without_deep_marks<'s>(source: &'s str, lines: &Lines) -> Cow<'s, str> {
    let mut blanked = Cow::Borrowed(source);
    for start in lines.starts() {
        let line = source.as_bytes().get(start..).unwrap_or_default();
        let marks = line.iter().take_while(|byte| b" \t>-*+.)0123456789".contains(byte)).count();
        if marks > DEEPEST_MARK {
            // The bracket is that of a note.
            let bracket = usize::from(line.get(marks) == Some(&b'['));
            let deep = start + DEEPEST_MARK..start + marks + bracket;
            let blanks = source[deep.clone()].replace(['>', '-', '*', '+', '.', ')', '['], " ");
            blanked.to_mut().replace_range(deep, &blanks);
        }
    }
    blanked
}

struct Reader<'s> {
    source: &'s str,
    /// The text given to the parser, with the same offsets as the source.
    parsed: &'s str,
    lines: &'s Lines,
    blocks: Vec<Block>,
    text: RunningText<'s>,
    kind: BlockKind,
    /// The labels of the notes that are open.
    notes: Vec<String>,
    /// The page, from the last comment that gives one.
    page: Option<u32>,
    /// The number of open tags.
    depth: usize,
    /// The end of the part of the source that has become blocks.
    done: usize,
    /// The range of the number of a list item, which goes before its first text.
    marker: Option<Range<usize>>,
    /// The offset in the text at which an open `<sup>` began.
    superscript: Option<usize>,
    html: Html,
    /// Whether a page break follows directly below the paragraph that is being read.
    rule_below: bool,
}

/// What part of raw HTML a line begins in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Html {
    Text,
    Tag,
    Comment,
}

impl Html {
    /// Returns the characters that end the part.
    fn end(self) -> &'static str {
        match self {
            Html::Text => "<",
            Html::Tag => ">",
            Html::Comment => "-->",
        }
    }
}

impl<'s> Reader<'s> {
    fn new(source: &'s str, parsed: &'s str, start: usize, lines: &'s Lines) -> Reader<'s> {
        Reader {
            source,
            parsed,
            lines,
            blocks: Vec::new(),
            text: RunningText::new(source, lines),
            kind: BlockKind::Paragraph,
            notes: Vec::new(),
            page: None,
            depth: 0,
            done: start,
            marker: None,
            superscript: None,
            html: Html::Text,
            rule_below: false,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.depth == 0 {
            self.leave_gap(range.start);
            self.done = self.done.max(range.end);
        }
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                self.start(&tag, range);
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(tag);
            }
            Event::Text(text) => self.push(&text, range),
            Event::Code(code) => self.push_code(&code, range),
            Event::SoftBreak | Event::HardBreak => self.text.join(Join::Line),
            Event::InlineHtml(tag) => self.inline_html(&tag),
            Event::Html(_) => self.html(range),
            Event::FootnoteReference(label) => self.text.mark(cut_label(&label)),
            Event::Rule => self.break_page(),
            // Other events come only with options that are not set.
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.rule_below = is_underlined_by_rule(&self.source[range]);
                self.kind = if self.rule_below { BlockKind::Paragraph } else { BlockKind::Heading(*level as u8) };
            }
            Tag::Item => {
                self.push_marker();
                self.flush();
                self.kind = BlockKind::Item;
                self.marker = number_of_item(self.source, range);
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                self.notes.push(cut_label(label));
            }
            Tag::Table(_) => {
                self.flush();
                self.kind = BlockKind::Table;
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Html::Text;
            }
            // A loose item holds paragraphs; the first of them belongs to the number.
            Tag::Paragraph if self.marker.is_some() => {}
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::List(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableCell => self.text.join(Join::Cell),
            TagEnd::TableRow if self.text.len() > TABLE_BYTES => {
                self.flush();
                self.kind = BlockKind::Table;
            }
            TagEnd::FootnoteDefinition => {
                self.flush();
                self.notes.pop();
            }
            TagEnd::Heading(_) if std::mem::take(&mut self.rule_below) => self.break_page(),
            TagEnd::Item => {
                // The number of an item without text.
                self.push_marker();
                self.flush();
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Table => {
                self.flush()
            }
            _ => {}
        }
    }

    /// Ends the block that is being read.
    fn flush(&mut self) {
        self.superscript = None;
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        let kind = match self.notes.last() {
            Some(label) if matches!(kind, BlockKind::Paragraph | BlockKind::Item) => BlockKind::Note(label.clone()),
            _ => kind,
        };
        if let Some(mut block) = self.text.take(kind) {
            block.page = self.page;
            self.blocks.push(block);
        }
    }

    fn break_page(&mut self) {
        self.flush();
        self.blocks.push(Block::new(BlockKind::PageBreak, String::new()));
    }

    fn push(&mut self, text: &CowStr<'_>, range: Range<usize>) {
        self.push_marker();
        if self.parsed[range.clone()] == **text {
            self.text.push(range);
        } else if self.parsed[range.clone()].starts_with(&**text) {
            // `&amp;` begins with the character that it stands for.
            self.text.push(range.start..range.start + text.len());
        } else {
            self.text.push_foreign(text);
        }
    }

    fn push_code(&mut self, code: &CowStr<'_>, range: Range<usize>) {
        self.push_marker();
        match self.parsed[range.clone()].find(&**code) {
            Some(at) => self.text.push(range.start + at..range.start + at + code.len()),
            None => self.text.push_foreign(code),
        }
    }

    fn push_marker(&mut self) {
        if let Some(marker) = self.marker.take() {
            self.text.push(marker);
        }
    }

    fn inline_html(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']).trim_end_matches(['>', '/', ' ']).to_ascii_lowercase();
        match (name.as_str(), tag.starts_with("</"), self.superscript) {
            ("sup", false, _) => self.superscript = Some(self.text.len()),
            ("sup", true, Some(start)) => {
                if let Some(labels) = labels_of_mark(self.text.since(start)) {
                    self.text.truncate(start);
                    labels.into_iter().for_each(|label| self.text.mark(label));
                }
                self.superscript = None;
            }
            ("br", ..) => self.text.join(Join::Line),
            _ => {}
        }
    }

    /// Reads the text between the tags of one line of raw HTML.
    fn html(&mut self, range: Range<usize>) {
        if let Some(page) = page_of_comment(&self.source[range.clone()]) {
            self.break_page();
            self.page = Some(page);
        }
        let mut at = range.start;
        while at < range.end {
            let found = self.source[at..range.end].find(self.html.end());
            let end = found.map_or(range.end, |found| at + found);
            if self.html == Html::Text {
                self.text.push(at..end);
            } else {
                self.text.join(Join::Line);
            }
            at = end;
            if found.is_some() {
                (at, self.html) = match self.html {
                    Html::Text if self.source[end..].starts_with("<!--") => (end, Html::Comment),
                    Html::Text => (end, Html::Tag),
                    Html::Tag | Html::Comment => (end + self.html.end().len(), Html::Text),
                };
            }
        }
        self.text.join(Join::Line);
    }

    /// Keeps what the parser left out up to a byte: link definitions, which are
    /// often notes in fact.
    fn leave_gap(&mut self, until: usize) {
        if self.done < until && !self.source[self.done..until].trim().is_empty() {
            self.flush();
            let first = self.blocks.len();
            plain::read_paragraphs(self.source, self.done..until, self.lines, BlockKind::Paragraph, &mut self.blocks);
            for block in &mut self.blocks[first..] {
                if let Some(label) = label_of(&block.text, false) {
                    block.kind = BlockKind::Note(label);
                }
            }
        }
        self.done = self.done.max(until);
    }
}

/// The longest label of a note, in characters. Each block of the note keeps a copy of it.
const LONGEST_LABEL: usize = 100;

fn cut_label(label: &str) -> String {
    label.chars().take(LONGEST_LABEL).collect()
}

/// Whether `---` underlines a heading. In articles that is a page break directly below a paragraph.
fn is_underlined_by_rule(heading: &str) -> bool {
    let last = heading.trim_end().lines().next_back().unwrap_or_default().trim();
    !heading.starts_with('#') && last.bytes().all(|byte| byte == b'-')
}

/// Returns the range of the number of a list item: `1.` or `2)`, with the blank after it.
fn number_of_item(source: &str, item: Range<usize>) -> Option<Range<usize>> {
    let text = source[item.clone()].trim_start();
    let start = item.end - text.len();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marked = text[digits..].starts_with(['.', ')']);
    let blank = usize::from(text[digits..].get(1..2) == Some(" "));
    (digits > 0 && marked).then(|| start..start + digits + 1 + blank)
}

/// Returns the labels of notes in a superscript: `[1]`, `1`, `[1][2]`, `1,2`, `*`, `①`. `None` if it is something else.
fn labels_of_mark(text: &str) -> Option<Vec<String>> {
    let parts =
        text.split(|c: char| matches!(c, '[' | ']' | '［' | '］' | '〔' | '〕' | ',' | '，') || c.is_whitespace());
    let label = |part: &str| match part.chars().next().and_then(single_character_label) {
        Some(label) => Some(label),
        None => is_label(part).then(|| plain_digits(part)),
    };
    let labels: Option<Vec<String>> = parts.filter(|part| !part.is_empty()).map(label).collect();
    labels.filter(|labels| !labels.is_empty())
}

/// Returns the page that begins at a comment such as `<!-- page 58 -->`.
fn page_of_comment(html: &str) -> Option<u32> {
    let inside = html.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim().to_lowercase();
    let rest = ["page", "стр.", "страница", "页", "第", "p."].iter().find_map(|word| inside.strip_prefix(word))?;
    let rest = rest.trim_start_matches([':', '：', ' ', '=', '.']);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let is_all = matches!(rest[end..].trim(), "" | "页" | "頁");
    rest[..end].parse().ok().filter(|_| is_all)
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Syntax, parse, section_path};

    /// Checks the passages of a source, each given by kind, section path and text.
    fn check(source: &str, expected: &[&str]) {
        let article = parse(source, Syntax::Markdown);
        let shown: Vec<String> = article
            .passages
            .iter()
            .map(|passage| {
                let path = section_path(&article.outline, passage.section);
                format!(
                    "{}{}: {}",
                    passage.kind.name(),
                    path.iter().map(|heading| format!(" > {heading}")).collect::<String>(),
                    passage.text
                )
            })
            .collect();
        assert_eq!(shown, expected, "{source}");
    }

    #[test]
    fn blocks_become_passages() {
        check("# 标题\n\n## 一、\n\n正文\n", &["heading: 标题", "heading: 一、", "body > 一、: 正文"]);
        check(
            "# A\n\n## B\n\n### C\n\nc\n\n## D\n\nd\n",
            &["heading: A", "heading: B", "heading > B: C", "body > B > C: c", "heading: D", "body > D: d"],
        );
        check("первая\nвторая\n\nтретья\n", &["body: первая вторая", "body: третья"]);
        check("- один\n- два\n  - три\n", &["body: один", "body: два", "body: три"]);
        check("1) акватория\n2) порт\n", &["body: 1) акватория", "body: 2) порт"]);
        check("1.\n2. > порт\n3. - лёд\n", &["body: 1.", "body: 2. порт", "body: 3.", "body: лёд"]);
        check(" 1. порт\n 2.\n", &["body: 1. порт", "body: 2."]);
        check("> quoted *text*\n", &["body: quoted text"]);
        check("| a | b |\n|---|---|\n| c | d |\n", &["table: a | b | c | d"]);
        check("text[^1]\n\n[^1]: the note\n", &["body: text", "note: the note"]);
        check("    indented\n    code\n", &["body: indented code"]);
        check("", &[]);
    }

    #[test]
    fn where_articles_and_markdown_disagree() {
        check("方西\n---\n", &["body: 方西"]);
        check("Title\n===\n\ntext\n", &["heading: Title", "body: text"]);
        check("战争。<sup>[1]</sup>俄罗斯 x<sup>2</sup> E=mc<sup>abc</sup>\n", &["body: 战争。俄罗斯 x E=mcabc"]);
        check(
            "A.\n\n[1]: http://example.org\n[1]: http://example.org/2\n\nB.\n",
            &["body: A.", "note: [1]: http://example.org", "note: [1]: http://example.org/2", "body: B."],
        );
        check("<!-- page 2 -->\n\n<div>停火<br>协议</div>\n", &["body: 停火协议"]);
        check("see <https://example.org/a_b>\n", &["body: see https://example.org/a_b"]);
        check("AT&amp;T \\* &lt;x&gt;\n", &["body: AT&T * <x>"]);
        check("`code` x\n", &["body: code x"]);
    }

    #[test]
    fn the_title_stands_at_the_top() {
        let title = |source: &str| parse(source, Syntax::Markdown).metadata.title;
        assert_eq!(title("УДК 327\n\n# Мир\n\nтекст\n").as_deref(), Some("Мир"));
        assert_eq!(title("林 舟\n\n## 前景<sup>[1]</sup>\n").as_deref(), Some("前景"));
        assert_eq!(title(&format!("{}\n\n# Late\n", "word ".repeat(60))), None);
        assert_eq!(title("a\n\nb\n\nc\n\nd\n\n# Late\n"), None);
    }

    #[test]
    fn a_heading_with_nothing_below_is_alone() {
        let article = parse("# A\n\n## B\n\n## C\n\ntext\n\n# D\n", Syntax::Markdown);
        let alone: Vec<_> = article.passages.iter().filter(|p| p.is_alone).map(|p| p.text.as_str()).collect();
        assert_eq!(alone, ["B", "D"]);
        assert!(article.passages.iter().all(|p| !p.is_alone || p.kind == Kind::Heading));
    }

    #[test]
    fn a_byte_order_mark_shifts_nothing() {
        let article = parse("\u{feff}# 标题\n", Syntax::Markdown);
        assert_eq!(article.metadata.title.as_deref(), Some("标题"));
        assert_eq!(article.passages[0].pieces[0].source, 5);
    }
}
