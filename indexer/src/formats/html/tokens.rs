//! Tokens of HTML: tags and the text between them.
//!
//! Cuts as the standard says where it matters for text: comments, quoted
//! values, raw text of scripts, `<` that opens nothing. It builds no tree:
//! html5ever's tree takes 7 seconds for 250 KB of `<div>`, for it looks through
//! all open elements at each tag; this takes time in proportion to the text.

use std::borrow::Cow;

use super::Syntax;
use super::entities::decode;

/// A piece of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// Text as written, with its character references.
    Text(&'s str),
    /// Text without character references.
    Plain(&'s str),
    /// A start tag.
    Start(Tag<'s>),
    /// The name of an end tag in lower case.
    End(Cow<'s, str>),
}

/// A start tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'s> {
    /// In lower case.
    pub(super) name: Cow<'s, str>,
    attributes: &'s str,
    /// It ends with `/>`.
    pub(super) closes_itself: bool,
}

/// The tokens of a source.
#[derive(Debug)]
pub(super) struct Tokens<'s> {
    rest: &'s str,
    syntax: Syntax,
    /// Nothing ends comments from here on: one search is enough.
    endless_comments: bool,
}

impl<'s> Tokens<'s> {
    pub(super) fn new(source: &'s str, syntax: Syntax) -> Tokens<'s> {
        Tokens { rest: source, syntax, endless_comments: false }
    }

    /// Returns the text up to the end tag of a name, which is passed over. Nothing if there is none.
    pub(super) fn raw_text(&mut self, name: &str) -> Option<&'s str> {
        let mut from = 0;
        while let Some(found) = self.rest[from..].find("</") {
            let at = from + found;
            let after = &self.rest.as_bytes()[at + 2..];
            let ends_name = after.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if ends_name && after.get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes())) {
                let raw = &self.rest[..at];
                let end = self.rest[at..].find('>').map_or(self.rest.len(), |end| at + end + 1);
                self.rest = &self.rest[end..];
                return Some(raw);
            }
            from = at + 2;
        }
        None
    }

    /// Passes over all the rest.
    pub(super) fn stop(&mut self) {
        self.rest = "";
    }

    fn take(&mut self, length: usize) -> &'s str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// Passes over a comment, declaration or instruction. Returns text if it is a section of plain text.
    fn declaration(&mut self) -> Option<Token<'s>> {
        if let Some(section) = self.rest.strip_prefix("<![CDATA[").filter(|_| self.syntax == Syntax::Xhtml) {
            let end = section.find("]]>").unwrap_or(section.len());
            self.rest = section.get(end + 3..).unwrap_or_default();
            return Some(Token::Plain(&section[..end]));
        }
        if let Some(comment) = self.rest.strip_prefix("<!--").filter(|_| !self.endless_comments) {
            // `<!-->` and `<!--->` are whole comments.
            let short = [">", "->"].into_iter().find(|short| comment.starts_with(short)).map(str::len);
            if let Some(end) = short.or_else(|| comment.find("-->").map(|at| at + 3)) {
                self.rest = &comment[end..];
                return None;
            }
            // Browsers drop all the rest. It may be an article.
            self.endless_comments = true;
        }
        self.rest = self.rest.split_once('>').map_or("", |(_, rest)| rest);
        None
    }

    fn tag(&mut self) -> Token<'s> {
        let is_end = self.rest.starts_with("</");
        let start = if is_end { 2 } else { 1 };
        let end = self.tag_end(start);
        let tag = self.take(end);
        let inner = tag[start..].trim_end_matches('>');
        let name_length = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(name_length);
        let name = lower_case(name);
        if is_end {
            return Token::End(name);
        }
        Token::Start(Tag { name, attributes, closes_itself: attributes.ends_with('/') })
    }

    /// Finds the `>` that is in no quoted value. A quote that never ends is taken as none.
    fn tag_end(&self, start: usize) -> usize {
        let mut quote = None;
        let mut after_equals = false;
        for (at, byte) in self.rest.bytes().enumerate().skip(start) {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'>') => return at + 1,
                (None, b'"' | b'\'') if after_equals => quote = Some(byte),
                _ => {}
            }
            after_equals = byte == b'=' || after_equals && byte.is_ascii_whitespace();
        }
        self.rest.find('>').map_or(self.rest.len(), |at| at + 1)
    }
}

impl<'s> Iterator for Tokens<'s> {
    type Item = Token<'s>;

    fn next(&mut self) -> Option<Token<'s>> {
        while !self.rest.is_empty() {
            let text = self.rest.bytes().enumerate().position(|(at, byte)| byte == b'<' && opens(&self.rest[at..]));
            match text.unwrap_or(self.rest.len()) {
                0 => {}
                length => return Some(Token::Text(self.take(length))),
            }
            let name = self.rest.as_bytes().get(if self.rest.starts_with("</") { 2 } else { 1 });
            if name.is_some_and(|first| first.is_ascii_alphabetic()) {
                return Some(self.tag());
            }
            if let Some(token) = self.declaration() {
                return Some(token);
            }
        }
        None
    }
}

/// Whether a `<` opens a tag, a comment or the like.
fn opens(rest: &str) -> bool {
    let mut next = rest.bytes().skip(1);
    match next.next() {
        Some(b'/') => next.next().is_some(),
        Some(b'!' | b'?') => true,
        Some(letter) => letter.is_ascii_alphabetic(),
        None => false,
    }
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl<'s> Tag<'s> {
    /// Returns the value of an attribute, the first one of a name; empty if it has none.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'s, str>> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decode(value))
    }

    /// Returns names and values as written.
    pub(super) fn attributes(&self) -> Attributes<'s> {
        Attributes { rest: self.attributes }
    }
}

/// The attributes of a tag.
#[derive(Debug, Clone)]
pub(super) struct Attributes<'s> {
    rest: &'s str,
}

impl<'s> Iterator for Attributes<'s> {
    type Item = (&'s str, &'s str);

    fn next(&mut self) -> Option<(&'s str, &'s str)> {
        let start = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        // A name may begin with `=`, so that there is always progress.
        let first = start.chars().next()?.len_utf8();
        let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/');
        let (name, rest) = start.split_at(start[first..].find(ends_name).map_or(start.len(), |at| first + at));
        let Some(value) = rest.trim_ascii_start().strip_prefix('=') else {
            self.rest = rest;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let quoted = quoted.and_then(|quote| value[1..].split_once(quote));
        let (value, rest) = quoted
            .unwrap_or_else(|| value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())));
        self.rest = rest;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let shown: Vec<String> = Tokens::new(source, Syntax::Html)
            .map(|token| match token {
                Token::Text(text) | Token::Plain(text) => text.to_owned(),
                Token::End(name) => format!("/{name}"),
                Token::Start(tag) => {
                    let attributes = tag.attributes().map(|(name, value)| format!(" {name}={value}"));
                    format!("{}{}", tag.name, attributes.collect::<String>())
                }
            })
            .collect();
        assert_eq!(shown, expected, "{source}");
    }

    #[test]
    fn text_and_tags() {
        check("停<B>火</b >", &["停", "b", "火", "/b"]);
        check("a < b <3 x<", &["a < b <3 x<"]);
        check("1<!-- <p> -- > -->2<!-->3<!DOCTYPE html>4<?xml version='1.0'?>5</ >6", &["1", "2", "3", "4", "5", "6"]);
        check("a<!-- b<p>c", &["a", "c"]);
        check("<a href='x>y' title=\"мир\" b=1/2 c hidden/>z", &["a href=x>y title=мир b=1/2 c= hidden=", "z"]);
        check("<p class=\"x>停火</p>", &["p class=\"x", "停火", "/p"]);
        check("<p it's>it's</p>", &["p it's=", "it's", "/p"]);
        check("<![if !supportFootnotes]>[1]<![endif]>", &["[1]"]);
        check("<p", &["p"]);
        check("</", &["</"]);
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag() {
        let mut tokens = Tokens::new("a</scripts></p></SCRIPT x>rest", Syntax::Html);
        assert_eq!(tokens.raw_text("script"), Some("a</scripts></p>"));
        assert_eq!(tokens.next(), Some(Token::Text("rest")));
        assert_eq!(Tokens::new("停火</scr", Syntax::Html).raw_text("script"), None);
    }
}
