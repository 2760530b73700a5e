//! Tokens of HTML: passes the tags of a page and the text between them to a [`Visitor`].
//!
//! html5gum splits a page into tokens as the standard says, in one pass, without
//! a tree. html5ever's tree takes 7 seconds for 250 KB of `<div>`, because it
//! looks through all open elements at each tag.
//!
//! In a browser, a tag, comment or title that is never closed swallows the rest
//! of the page, which may be the article. Here the rest is repaired and read
//! again from there. A repaired fault cannot occur again, so a page is read four
//! times at most.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, State, Tokenizer};

use super::Syntax;

/// Receives the tokens of a page.
pub(super) trait Visitor {
    /// Takes a start tag and returns how its content is to be read.
    fn start(&mut self, tag: &Tag) -> Content;
    /// Takes the name of an end tag, in lower case. Not called for skipped elements and the title.
    fn end(&mut self, name: &str);
    /// Takes text, without character references.
    fn text(&mut self, text: &str);
    /// Takes the text of the title.
    fn title(&mut self, text: &str);
}

/// How the content of an element is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Content {
    /// As tags and text.
    #[default]
    Markup,
    /// As the text of the title, without tags.
    Title,
    /// It is raw text and skipped.
    Skipped,
}

/// A start tag.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// Its name, in lower case.
    pub(super) name: String,
    /// The names of attributes, each with the range of its value in `values`.
    attributes: Vec<(&'static str, Range<usize>)>,
    values: String,
    /// Whether it ends with `/>`.
    pub(super) closes_itself: bool,
}

/// The attributes that are kept. If a tag repeats one, the first counts.
const ATTRIBUTES: [&str; 11] =
    ["class", "content", "datetime", "epub:type", "hidden", "href", "id", "name", "property", "role", "style"];

impl Tag {
    /// Returns the value of an attribute; an empty text if the attribute has no value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Returns the names and values of the attributes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let value = |range: &Range<usize>| self.values.get(range.clone()).unwrap_or_default();
        self.attributes.iter().map(move |(name, range)| (*name, value(range)))
    }

    fn begin(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.push_str(&text(name));
        self.attributes.clear();
        self.values.clear();
    }

    /// Begins an attribute, and returns whether it is kept.
    fn begin_attribute(&mut self, name: &[u8]) -> bool {
        let known = ATTRIBUTES.into_iter().find(|known| known.as_bytes() == name);
        let new = known.filter(|known| self.attribute(known).is_none());
        let start = self.values.len();
        self.attributes.extend(new.map(|name| (name, start..start)));
        new.is_some()
    }

    /// Appends to the value of the last attribute.
    fn push_value(&mut self, value: &[u8]) {
        self.values.push_str(&text(value));
        if let Some((_, range)) = self.attributes.last_mut() {
            range.end = self.values.len();
        }
    }
}

/// Returns bytes of the page as text. A check first is quicker than the lossy conversion, which is never needed in
/// fact.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// Passes the tokens of a page to a visitor. Never fails; takes time in proportion to the length.
pub(super) fn read(source: &str, syntax: Syntax, visitor: &mut impl Visitor) {
    let mut rest = Cow::Borrowed(source);
    while let Some((at, endless)) = read_up_to_endless(&rest, syntax, visitor) {
        rest = Cow::Owned(endless.mend(rest.get(at..).unwrap_or_default()));
    }
}

/// A part of a page that is never closed, and so swallows the rest.
#[derive(Debug, Clone, Copy)]
enum Endless {
    Comment,
    Tag,
    Title,
}

impl Endless {
    /// Returns the rest of the page, repaired so that it can be read.
    fn mend(self, rest: &str) -> String {
        match self {
            // No later comment is closed either. As `<!__` each ends at the next `>`.
            Endless::Comment => rest.replace("<!--", "<!__"),
            Endless::Tag => without_quotes(rest),
            Endless::Title => rest.to_owned(),
        }
    }
}

/// Removes the quotes from all tags, so that each ends at its next `>`. A `<` without a `>` behind it becomes text.
fn without_quotes(source: &str) -> String {
    let mut mended = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        mended.push_str(text);
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let end = if is_tag { tag.find('>') } else { Some(1) };
        let Some(end) = end else {
            rest = tag;
            break;
        };
        mended.extend(tag[..end].chars().map(|c| if matches!(c, '"' | '\'') { ' ' } else { c }));
        rest = &tag[end..];
    }
    mended.push_str(&rest.replace('<', "&lt;"));
    mended
}

/// Passes tokens to a visitor up to the first part that is never closed, and returns the offset of that part.
fn read_up_to_endless(source: &str, syntax: Syntax, visitor: &mut impl Visitor) -> Option<(usize, Endless)> {
    let mut endless = None;
    let teller =
        Teller { visitor, tag: Tag::default(), keeps_value: false, content: Content::Markup, title: String::new() };
    let steering = Steering {
        inner: CallbackEmitter::new(teller),
        source,
        syntax,
        position: 0,
        opened: 0,
        is_in_tag: false,
        comment_ends: None,
        title_begins: 0,
        endless: &mut endless,
    };
    let Ok(()) = Tokenizer::new_with_emitter(source, steering).finish();
    endless
}

/// Builds tags from events of html5gum and passes them on.
struct Teller<'v, V> {
    visitor: &'v mut V,
    tag: Tag,
    /// Whether the attribute that is being read is kept.
    keeps_value: bool,
    /// How the current text is read.
    content: Content,
    title: String,
}

impl<V: Visitor> Callback<Infallible, ()> for Teller<'_, V> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => self.tag.begin(name),
            CallbackEvent::AttributeName { name } => self.keeps_value = self.tag.begin_attribute(name),
            CallbackEvent::AttributeValue { value } if self.keeps_value => self.tag.push_value(value),
            CallbackEvent::CloseStartTag { self_closing } => {
                self.tag.closes_itself = self_closing;
                self.content = self.visitor.start(&self.tag);
            }
            CallbackEvent::EndTag { name } => self.end(&text(name)),
            CallbackEvent::String { value } => self.text(&text(value)),
            _ => {}
        }
        None
    }
}

impl<V: Visitor> Teller<'_, V> {
    fn end(&mut self, name: &str) {
        match std::mem::take(&mut self.content) {
            Content::Markup => self.visitor.end(name),
            Content::Title => self.visitor.title(&std::mem::take(&mut self.title)),
            Content::Skipped => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.content {
            Content::Markup => self.visitor.text(text),
            Content::Title => self.title.push_str(text),
            Content::Skipped => {}
        }
    }
}

/// Controls the tokenizer, and keeps the offsets of parts that may never be closed. The tokenizer can report these as
/// errors, but then checks each byte for errors, which is slow.
struct Steering<'e, 'v, V: Visitor> {
    inner: CallbackEmitter<Teller<'v, V>>,
    source: &'e str,
    syntax: Syntax,
    /// The current offset in the source.
    position: usize,
    /// The offset of the last `<`.
    opened: usize,
    is_in_tag: bool,
    comment_ends: Option<usize>,
    title_begins: usize,
    endless: &'e mut Option<(usize, Endless)>,
}

impl<V: Visitor> ForwardingEmitter for Steering<'_, '_, V> {
    type Token = Infallible;

    fn inner(&mut self) -> &mut impl Emitter<Token = Infallible> {
        &mut self.inner
    }

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    fn start_open_tag(&mut self) {
        self.opened = self.position.saturating_sub(1);
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.is_in_tag = false;
        let _ = self.inner.emit_current_tag();
        let teller = self.inner.callback_mut();
        match (teller.content, teller.tag.name.as_str()) {
            (Content::Markup, _) => None,
            (Content::Title, _) => {
                self.title_begins = self.position;
                Some(State::RcData)
            }
            (Content::Skipped, "textarea") => Some(State::RcData),
            (Content::Skipped, "script") => Some(State::ScriptData),
            (Content::Skipped, _) => Some(State::RawText),
        }
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn init_start_tag(&mut self) {
        self.is_in_tag = true;
        self.inner.init_start_tag();
    }

    fn init_end_tag(&mut self) {
        self.is_in_tag = true;
        self.inner.init_end_tag();
    }

    fn emit_current_comment(&mut self) {
        self.comment_ends = Some(self.position);
    }

    fn emit_eof(&mut self) {
        self.inner.emit_eof();
        let content = self.inner.callback_mut().content;
        *self.endless = match content {
            Content::Title => Some((self.title_begins, Endless::Title)),
            Content::Markup if self.is_in_tag => Some((self.opened, Endless::Tag)),
            Content::Markup if self.is_in_comment() => Some((self.opened, Endless::Comment)),
            Content::Markup | Content::Skipped => None,
        };
    }

    /// XHTML has CDATA sections.
    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.syntax == Syntax::Xhtml
    }
}

impl<V: Visitor> Steering<'_, '_, V> {
    /// Whether the page ends in an open comment. The tokenizer reports such a comment as if it ended with the page.
    fn is_in_comment(&self) -> bool {
        let last = self.source.get(self.opened..).filter(|_| self.comment_ends == Some(self.position));
        last.is_some_and(|last| last.starts_with("<!--") && !last.ends_with("-->") && !last.ends_with("--!>"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shows all tokens; `<script>` is skipped, and `<title>` is read as the title.
    #[derive(Default)]
    struct Shown(Vec<String>);

    impl Visitor for Shown {
        fn start(&mut self, tag: &Tag) -> Content {
            let attributes: String = tag.attributes().map(|(name, value)| format!(" {name}={value}")).collect();
            self.0.push(format!("{}{attributes}{}", tag.name, if tag.closes_itself { "/" } else { "" }));
            match tag.name.as_str() {
                "title" if !self.0.iter().any(|shown| shown == "TITLE") => {
                    self.0.push("TITLE".to_owned());
                    Content::Title
                }
                "script" | "style" | "textarea" => Content::Skipped,
                _ => Content::Markup,
            }
        }

        fn end(&mut self, name: &str) {
            self.0.push(format!("/{name}"));
        }

        fn text(&mut self, text: &str) {
            self.0.push(text.to_owned());
        }

        fn title(&mut self, text: &str) {
            self.0.push(format!("title: {text}"));
        }
    }

    fn shown(source: &str, syntax: Syntax) -> Vec<String> {
        let mut shown = Shown::default();
        read(source, syntax, &mut shown);
        shown.0.retain(|shown| shown != "TITLE");
        shown.0
    }

    fn check(source: &str, expected: &[&str]) {
        assert_eq!(shown(source, Syntax::Html), expected, "{source}");
    }

    #[test]
    fn text_and_tags() {
        check("停<B>火</b >", &["停", "b", "火", "/b"]);
        check("a < b <3 x<", &["a < b <3 x<"]);
        check("1<!-- <p> -- > -->2<!-->3<!DOCTYPE html>4<?xml version='1.0'?>5</ >6", &["1", "2", "3", "4", "5", "6"]);
        check("<a href='x>y' title=\"мир\" id=1/2 CLASS ID=2 hidden/>z", &["a href=x>y id=1/2 class= hidden=/", "z"]);
        check("<p it's>it's</p>", &["p", "it's", "/p"]);
        check("<![if !supportFootnotes]>[1]<![endif]>", &["[1]"]);
        check("</", &["</"]);
        check("", &[]);
    }

    #[test]
    fn references_become_characters() {
        for (raw, expected) in [
            ("&#20013;&#x56FD; &#xfeff", "中国 \u{feff}"),
            ("&laquo;мир&raquo; &mdash; &hellip;", "«мир» — …"),
            ("AT&amp;T &amp;amp; R&D a&b=c &", "AT&T &amp; R&D a&b=c &"),
            ("a&nbspb &ampx", "a\u{a0}b &x"),
            ("&#150;&#0;&#x110000;&#99999999999;&#;&#x;", "–\u{fffd}\u{fffd}\u{fffd}&#;&#x;"),
            ("&nosuchname; &停; &notin; &ngE;", "&nosuchname; &停; ∉ ≧̸"),
        ] {
            check(raw, &[expected]);
        }
        check("<a href='?a=1&copy=2&amp;b'>", &["a href=?a=1&copy=2&b"]);
    }

    #[test]
    fn what_never_ends_takes_nothing_with_it() {
        check("a<!-- b<p>c", &["a", "c"]);
        check("a<!-- b<p>c<!-- d --<p>e", &["a", "c", "e"]);
        check("a<!-- b --!><!--->c<!-- -->", &["a", "c"]);
        check("<p class=\"x>停火</p>", &["p class=x", "停火", "/p"]);
        check("<p a=\">\" <p a=\">\" 停火 \"мир\"", &["p", "\" ", "p", "\" 停火 \"мир\""]);
        check("<b>x <y и \"z\"", &["b", "x ", "<y и \"z\""]);
        check("<p", &["<p"]);
        check("<title>停火 <p>мир", &["title", "停火 ", "p", "мир"]);
        check("<title>a<!-- b<p>c <i 'd>e <f", &["title", "a", "c ", "i", "e ", "<f"]);
    }

    #[test]
    fn what_is_no_markup_ends_at_its_own_end_tag() {
        check("<script>a</scripts></p></SCRIPT x>rest", &["script", "rest"]);
        check("<script><!-- <script> </script> --></script>rest", &["script", "rest"]);
        check("<style>a</styl", &["style"]);
        check("<textarea><p>&amp;</textarea>rest", &["textarea", "rest"]);
        check("<title>A <b>&amp; </titles> B</title>rest", &["title", "title: A <b>& </titles> B", "rest"]);
    }

    #[test]
    fn xhtml_has_sections_of_plain_text() {
        assert_eq!(shown("a<![CDATA[<b>&amp;]]>c", Syntax::Xhtml), ["a<b>&amp;c"]);
        assert_eq!(shown("a<![CDATA[<b>停火", Syntax::Xhtml), ["a<b>停火"]);
        check("a<![CDATA[<b>&amp;]]>c", &["a", "&]]>c"]);
    }

    proptest! {
        /// In any page, the text before the first `<` and the last word behind the last `>` reach the visitor.
        #[test]
        fn nothing_is_lost_at_either_end(middle in "(\\PC|<p |<!--|-->|<!|</|<b|>|\"|'|=|\r\n|\r|<title>|</title>|&amp;|停){0,40}") {
            let told = shown(&format!("первое{middle}-->'>\">последнее"), Syntax::Html).concat();
            prop_assert!(told.starts_with("первое"), "{told}");
            prop_assert!(told.ends_with("последнее"), "{told}");
        }
    }
}
