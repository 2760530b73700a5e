//! What one clause looks for: a quotation, a filter, a word, a shape of words.

use std::ops::RangeInclusive;

use super::grammar::Grammar;
use super::marks::{closing_mark, ends_word, is_closing_parenthesis, is_opening_parenthesis, is_star, is_tilde};
use super::{Content, filter};

/// The typing errors of `word~`, and the most that can be asked for.
const ERRORS: RangeInclusive<u8> = 1..=2;
/// The window of `"…"~`, in positions.
const WINDOW: u32 = 8;

impl<'q> Grammar<'q> {
    /// Takes what a clause looks for; `None` if it can be ignored.
    pub(super) fn content(&mut self) -> Option<Content> {
        let c = self.reader.peek()?;
        if is_opening_parenthesis(c) {
            self.group(c)
        } else if let Some(closing) = closing_mark(c) {
            self.quotation(closing)
        } else if let Some((name, start)) = self.filter_name() {
            self.filter(&name, start)
        } else {
            self.word()
        }
    }

    fn quotation(&mut self, closing: &[char]) -> Option<Content> {
        let start = self.reader.at;
        let text = self.reader.quoted(closing);
        if let Some(window) = self.reader.after_tilde() {
            let window = window.unwrap_or(WINDOW);
            return self.unless_empty(start, text).then(|| Content::Near(text.to_owned(), window));
        }
        let content = if text.contains(is_star) { Content::OpenQuotation } else { Content::Quotation };
        self.unless_empty(start, text).then(|| content(text.to_owned()))
    }

    fn unless_empty(&mut self, start: usize, text: &str) -> bool {
        if text.trim().is_empty() {
            self.reader.warn(start..self.reader.at, "an empty quotation was ignored");
        }
        !text.trim().is_empty()
    }

    fn word(&mut self) -> Option<Content> {
        let start = self.reader.at;
        let rest = self.reader.rest();
        let length = rest.char_indices().skip(1).find(|&(_, c)| ends_word(c)).map_or(rest.len(), |(at, _)| at);
        let word = self.reader.take(length);
        if let Some((word, errors)) = fuzzy(word) {
            return Some(Content::Fuzzy(word.to_owned(), errors));
        }
        if !has_wildcard(word) {
            return Some(Content::Words(word.to_owned()));
        }
        if !word.contains(char::is_alphanumeric) {
            self.reader.warn(start..self.reader.at, "it would stand for every word: ignored");
            return None;
        }
        Some(Content::Wildcard(word.to_owned()))
    }

    /// Returns the name of a filter that stands here, and where its value begins.
    fn filter_name(&self) -> Option<(String, usize)> {
        let rest = self.reader.rest();
        let length = rest.find([':', '：'])?;
        let colon = rest[length..].chars().next()?;
        let name = rest[..length].to_ascii_lowercase();
        filter::NAMES.contains(&name.as_str()).then_some((name, self.reader.at + length + colon.len_utf8()))
    }

    /// Takes the value of a filter.
    fn filter(&mut self, name: &str, value_start: usize) -> Option<Content> {
        let start = std::mem::replace(&mut self.reader.at, value_start);
        let value = self.value();
        let filter = filter::understand(name, value);
        if filter.is_none() {
            self.reader.warn(start..self.reader.at, "not understood as a filter, and ignored");
        }
        filter.map(Content::Filter)
    }

    /// Takes what stands in quotation marks or parentheses, or before a blank.
    fn value(&mut self) -> &'q str {
        match self.reader.peek() {
            Some(c) if is_opening_parenthesis(c) => self.reader.quoted(&[')', '）']),
            Some(c) if closing_mark(c).is_some() => self.reader.quoted(closing_mark(c).unwrap_or_default()),
            _ => {
                let depth = self.depth;
                self.reader.take_until(|c| c.is_whitespace() || (is_closing_parenthesis(c) && depth > 0))
            }
        }
    }
}

/// `word~`, `word~2`: the word and its typing errors.
fn fuzzy(word: &str) -> Option<(&str, u8)> {
    let (before, after) = word.rsplit_once(is_tilde)?;
    let errors = if after.is_empty() { *ERRORS.start() } else { after.parse().ok()? };
    (before.contains(char::is_alphanumeric)).then_some((before, errors.min(*ERRORS.end())))
}

/// A star anywhere; a question mark only inside a word, for at its end it is one of a question.
fn has_wildcard(word: &str) -> bool {
    let inside = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.contains(is_star) || inside.contains('?')
}

#[cfg(test)]
mod tests {
    use crate::parse::parse;
    use crate::parse::shown::check;

    #[test]
    fn words_and_quotations() {
        check("乌克兰 停火", "乌克兰 停火");
        check("乌克兰　停火", "乌克兰 停火");
        check("+мир -война", "+мир -война");
        check("＋停火 －制裁", "+停火 -制裁");
        check("\"cease fire\" now", "+[cease fire] now");
        check("-\"cease fire\"", "-[cease fire]");
        check("“停火” «мир» 「停戰」", "+[停火] +[мир] +[停戰]");
        check("停火“协议", "停火 +[协议]");
        check("F-35 2.0 C++", "F-35 2.0 C++");
        check("- + -- a", "- + -- a");
        check("\"\" “”", "");
        check("\"open", "+[open]");
        check("", "");
    }

    #[test]
    fn windows_wildcards_and_errors() {
        check("\"俄罗斯 制裁\"~8", "+[俄罗斯 制裁]~8");
        check("“俄罗斯 制裁”～20 x", "+[俄罗斯 制裁]~20 x");
        check("\"a b\"~ c", "+[a b]~8 c");
        check("\"*ьного назначения\"", "+[/*ьного назначения/]");
        check("санкци* *威慑 Zelensk?y 美?关系", "/санкци*/ /*威慑/ /Zelensk?y/ /美?关系/");
        check("特朗＊ -санкци*", "/特朗＊/ -/санкци*/");
        check("Что такое санкции?", "Что такое санкции?");
        check("Зеленскй~ a~2 b~9 ~ ~5", "Зеленскй~1 a~2 b~2 ~ ~5");
        check("* ** a", "a");
    }

    #[test]
    fn filters() {
        check("kind:note 停火", "+Kind(Note) 停火");
        check("-lang:zh", "-Language(Chinese)");
        check("date:2024..2025", "+Date(20240000..=20259999)");
        check("date：2024-05", "+Date(20240500..=20240599)");
        check("date:..2025-01-02", "+Date(0..=20250102)");
        check("title:\"морской путь\" мир", "+Words(Title, \"морской путь\") мир");
        check("author:“林舟”", "+Words(Author, \"林舟\")");
        check("(lang:zh OR lang:ru) path:zh/*.md", "+(Language(Chinese) Language(Russian)) +Path(\"zh/*.md\")");
        check("title:(морской путь)", "+Words(Title, \"морской путь\")");
        check("http://example.org 12:30", "http://example.org 12:30");
        assert_eq!(parse("kind:letter мир").warnings.len(), 1);
        assert_eq!(parse("date:2025..2024").warnings.len(), 1);
    }
}
