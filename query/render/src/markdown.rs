//! A report in Markdown (CommonMark), to be pasted into notes or a paper.
//!
//! Each article has a heading and a link to its file; each hit its place, its
//! section and a quotation with what was found in bold. All that comes from documents is
//! escaped: a title cannot become a link, a list or a tag.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use svod_query::{Answer, Hit, Shown};
use svod_store::layout::file_of;
use svod_text::printable;

use super::paint::{encoded, in_address, percent_encoded};
use super::report::{OpenArticle, Stretch, caveats, place, quotation, stretches, totals};
use super::text::{Extent, Paths, byline};
use super::writer::{AnswerWriter, write_by_article};

/// Writes a report in Markdown.
pub struct Markdown<'w> {
    out: &'w mut dyn Write,
    extent: Extent,
    paths: Paths,
    article: Option<OpenArticle>,
}

impl<'w> Markdown<'w> {
    /// Returns a writer of snippets.
    pub fn new(out: &'w mut dyn Write) -> Markdown<'w> {
        Markdown { out, extent: Extent::Snippet, paths: Paths::default(), article: None }
    }

    /// Sets how much of a passage is shown.
    #[must_use]
    pub fn extent(self, extent: Extent) -> Markdown<'w> {
        Markdown { extent, ..self }
    }

    /// Sets how paths are shown.
    #[must_use]
    pub fn paths(self, paths: &Paths) -> Markdown<'w> {
        Markdown { paths: paths.clone(), ..self }
    }

    /// Writes a passage that was asked for by its id, with its neighbours and notes.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn shown(&mut self, shown: &Shown) -> io::Result<()> {
        self.write(&shown.hit, Extent::Whole)?;
        self.end_article()
    }

    /// Writes a hit, below the heading of its article.
    fn write(&mut self, hit: &Hit, extent: Extent) -> io::Result<()> {
        if !self.article.as_ref().is_some_and(|article| article.has(hit)) {
            self.end_article()?;
            write_heading(self.out, hit, &self.paths)?;
            self.article = Some(OpenArticle::of(hit));
        }
        write_hit(self.out, hit, extent, &self.paths)
    }

    fn end_article(&mut self) -> io::Result<()> {
        match self.article.take().and_then(|article| article.more) {
            Some(more) => writeln!(self.out, "\n{more}"),
            None => Ok(()),
        }
    }
}

/// The hits of an article stand together.
impl AnswerWriter for Markdown<'_> {
    fn begin(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        self.article = None;
        writeln!(self.out, "# {}\n\n{}", escape(query), totals(answer))?;
        caveats(answer).into_iter().try_for_each(|caveat| writeln!(self.out, "\n*{caveat}*"))
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.write(hit, self.extent)
    }

    fn end(&mut self, _: &Answer) -> io::Result<()> {
        self.end_article()
    }

    fn answer(&mut self, query: &str, answer: &Answer) -> io::Result<()> {
        write_by_article(self, query, answer)
    }
}

/// Writes the title of an article, who wrote it, where it appeared, and a link to its file.
fn write_heading(out: &mut dyn Write, hit: &Hit, paths: &Paths) -> io::Result<()> {
    let byline = byline(&hit.authors, &hit.appeared, hit.date);
    let separator = if byline.is_empty() { "" } else { " · " };
    let place = link(&paths.shown(hit.root.as_deref(), &hit.path), hit.root.as_deref(), &hit.path);
    writeln!(out, "\n## {}\n\n{}{separator}{place}", escape(&hit.title), escape(&byline))
}

fn write_hit(out: &mut dyn Write, hit: &Hit, extent: Extent, paths: &Paths) -> io::Result<()> {
    write!(out, "\n**{}** · {}", hit.rank, place(hit))?;
    if !hit.section.is_empty() {
        write!(out, " · {}", escape_within(&hit.section.join(" › ")))?;
    }
    writeln!(out, "\n")?;
    for neighbour in &hit.before {
        writeln!(out, "> {}\n>", escape(&neighbour.text))?;
    }
    writeln!(out, "> {}", marked(hit, extent))?;
    for neighbour in &hit.after {
        writeln!(out, ">\n> {}", escape(&neighbour.text))?;
    }
    write_notes(out, hit, paths)
}

/// Writes the sentence that cites a note, the notes of a passage, and its near-copies.
fn write_notes(out: &mut dyn Write, hit: &Hit, paths: &Paths) -> io::Result<()> {
    if hit.cited.is_some() || !hit.notes.is_empty() || !hit.copies.is_empty() {
        writeln!(out)?;
    }
    if let Some(cited) = &hit.cited {
        writeln!(out, "- cited in: {}", escape(&cited.text))?;
    }
    for note in &hit.notes {
        writeln!(out, "- note: {}", escape(&note.text))?;
    }
    for copy in &hit.copies {
        let line = copy.lines.as_ref().map_or_else(String::new, |lines| format!(":{}", lines.start()));
        let place = format!("{}{line}", paths.shown(copy.root.as_deref(), &copy.path));
        let date = copy.date.map_or_else(String::new, |date| format!(", {date}"));
        writeln!(
            out,
            "- nearly the same: {}, {}{date}",
            link(&place, copy.root.as_deref(), &copy.path),
            escape(&copy.title)
        )?;
    }
    Ok(())
}

/// Returns a text as a link to a file, if there is one.
fn link(text: &str, root: Option<&Path>, path: &Path) -> String {
    match root {
        Some(root) => format!("[{}](file://{})", escape(text), address(&file_of(root, path))),
        None => escape(text),
    }
}

/// Returns a path as it stands in a link: letters of all scripts as they are, for people read the source too.
fn address(path: &Path) -> String {
    let path = in_address(path);
    let Some(text) = path.to_str() else { return encoded(&path) };
    let mut address = String::with_capacity(text.len());
    for c in text.chars() {
        if !c.is_ascii() && c.is_alphanumeric() {
            address.push(c);
        } else {
            address.push_str(&percent_encoded(c.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }
    address
}

/// Returns what is quoted of a hit, found words in bold.
fn marked(hit: &Hit, extent: Extent) -> String {
    let (text, highlights) = quotation(hit, extent);
    let mut marked = String::with_capacity(text.len() * 2);
    for stretch in stretches(text, highlights) {
        match stretch {
            Stretch::Plain(text) => marked.push_str(&escape_within(text)),
            Stretch::Found(text) => marked.push_str(&bold(text)),
        }
    }
    at_start(marked.trim().to_owned())
}

/// Stars make bold only around letters: beside punctuation a parser may take them for text.
fn bold(text: &str) -> String {
    let is_word = text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
    let text = escape_within(text);
    if is_word { format!("**{text}**") } else { format!("<b>{text}</b>") }
}

/// Returns a text as Markdown that says just this text, at the beginning of a line too.
pub fn escape(text: &str) -> String {
    at_start(escape_within(text.trim()).into_owned())
}

/// Returns a text as Markdown that says just this text, within a line.
fn escape_within(text: &str) -> Cow<'_, str> {
    let text = printable(text);
    if !text.contains(is_markup) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_markup(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped.into()
}

/// What means something anywhere: in CommonMark, and in its dialects with tables, formulas and strokes.
fn is_markup(c: char) -> bool {
    matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '|' | '~' | '$' | '^')
}

/// Escapes what means something at the beginning of a line only: lists, rules, headings.
fn at_start(mut text: String) -> String {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let is_number = digits > 0 && text[digits..].starts_with(['.', ')']);
    if is_number {
        text.insert(digits, '\\');
    } else if text.starts_with(['-', '+', '=', ':']) {
        text.insert(0, '\\');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    #[test]
    fn markup_is_text() {
        for (text, expected) in [
            ("停火谈判", "停火谈判"),
            ("мир — это", "мир — это"),
            ("](javascript:x)", "\\](javascript:x)"),
            ("<script>*a*_b_", "\\<script\\>\\*a\\*\\_b\\_"),
            ("1. one", "1\\. one"),
            ("2024年", "2024年"),
            ("- item", "\\- item"),
            ("# 一、", "\\# 一、"),
            ("a\n\n# b", "a  \\# b"),
            ("AT&amp;T $x$ a|b", "AT\\&amp;T \\$x\\$ a\\|b"),
            ("\u{202e}", "\u{fffd}"),
            ("", ""),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn bold_holds_beside_han_characters_and_punctuation() {
        for (text, expected) in
            [("停火", "**停火**"), ("мир", "**мир**"), ("C++", "<b>C++</b>"), ("«мир»", "<b>«мир»</b>")]
        {
            assert_eq!(bold(text), expected);
        }
    }

    /// What a reader of Markdown sees: its text, what stands in bold, and the number of other tags.
    fn seen(markdown: &str) -> (String, Vec<String>, usize) {
        let (mut text, mut bold, mut tags, mut is_bold) = (String::new(), Vec::new(), 0, false);
        for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            match event {
                Event::Text(part) => {
                    text.push_str(&part);
                    if is_bold {
                        let last: &mut String = bold.last_mut().unwrap();
                        last.push_str(&part);
                    }
                }
                Event::Start(Tag::Strong) => (is_bold, bold) = (true, [bold, vec![String::new()]].concat()),
                Event::InlineHtml(tag) if &*tag == "<b>" => {
                    (is_bold, bold) = (true, [bold, vec![String::new()]].concat())
                }
                Event::InlineHtml(tag) if &*tag == "</b>" => is_bold = false,
                Event::End(pulldown_cmark::TagEnd::Strong) => is_bold = false,
                Event::Start(Tag::Paragraph | Tag::BlockQuote(None)) => {}
                Event::End(_) => {}
                _ => tags += 1,
            }
        }
        (text, bold, tags)
    }

    const FOREIGN: &str = "([-+=#>*_`~|$<&\\[\\]()!:.\\\\ ]|1|停火|«|мир|”|war|\n|http|\\PC){0,24}";

    proptest! {
        #[test]
        fn a_reader_sees_the_text_itself(text in FOREIGN) {
            let expected = printable(text.trim()).into_owned();
            let (text, _, tags) = seen(&escape(&text));
            prop_assert_eq!((text.trim(), tags), (expected.trim(), 0));
        }

        #[test]
        fn what_was_found_is_bold(before in FOREIGN, found in "(停火|мир|C\\+\\+|“和平”|war|e\u{301})", after in FOREIGN) {
            let marked = format!("> {}{}{}", escape(&format!("§{before}")), bold(&found), escape_within(&after));
            let (_, bold, tags) = seen(&marked);
            prop_assert_eq!((bold, tags), (vec![found], 0), "{}", marked);
        }
    }
}
