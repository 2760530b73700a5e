//! Which syntax a text is written in: evidence of Markdown, weighed line by line.
//!
//! Converters save their Markdown as `.txt`, and people write `#` into plain
//! text. So each mark has a weight: a `<sup>` or a table with its rule is enough,
//! one line of `---` is not, and `#` lines within other lines, which are the
//! comments of a script, count against it. One pass; no memory.

use super::front_matter;
use super::headings;

/// The syntax of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Syntax {
    /// CommonMark with tables and footnotes.
    Markdown,
    /// Paragraphs between blank lines.
    Plain,
}

/// The evidence from which on a text is Markdown.
const ENOUGH: i32 = 4;

/// The same for a text with form feeds: they tell pages in plain text only.
const ENOUGH_WITH_PAGES: i32 = 16;

/// The longest title between two rows of dashes or above a row of equals signs, in characters.
const LONGEST_TITLE: usize = 100;

/// The longest target of a link that counts, in bytes.
const LONGEST_TARGET: usize = 500;

impl Syntax {
    /// Returns the syntax that a text is written in, from its marks: headings, notes, tables, links, fences.
    ///
    /// Takes time in proportion to the length of the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use svod_text::article::Syntax;
    ///
    /// assert_eq!(Syntax::of("## 停火<sup>[1]</sup>\n\n[1] 注。\n"), Syntax::Markdown);
    /// assert_eq!(Syntax::of("Ceasefire\n\nTalks go on # for now.\n"), Syntax::Plain);
    /// ```
    pub fn of(text: &str) -> Syntax {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let enough = if text.contains('\u{c}') { ENOUGH_WITH_PAGES } else { ENOUGH };
        let front_matter = if front_matter::is_fenced(text, start) { ENOUGH } else { 0 };
        if front_matter + Evidence::of(&text[start..]).weight() >= enough { Syntax::Markdown } else { Syntax::Plain }
    }
}

/// The marks of a text.
#[derive(Default)]
struct Evidence {
    /// The weight of the marks that are Markdown.
    marks: i32,
    /// The `#` lines that are comments.
    comments: i32,
    /// The character of the open fence.
    fence: Option<char>,
}

impl Evidence {
    fn of(text: &str) -> Evidence {
        let mut evidence = Evidence::default();
        let mut lines = text.lines().peekable();
        let (mut above, mut is_first) = ("", true);
        while let Some(line) = lines.next() {
            let below = lines.peek().copied().unwrap_or_default();
            evidence.line(above, line, below);
            if is_first && !line.trim().is_empty() {
                // A title at the very top needs no second mark.
                let is_title = is_heading(line) && below.trim().is_empty();
                evidence.marks += if is_title { 2 } else { 0 };
                is_first = false;
            }
            above = line;
        }
        evidence
    }

    fn weight(&self) -> i32 {
        self.marks - 3 * self.comments
    }

    fn line(&mut self, above: &str, line: &str, below: &str) {
        let shown = line.trim();
        if let Some(fence) = fence(shown) {
            match self.fence {
                Some(open) if open == fence && shown.chars().all(|c| c == fence) => {
                    self.fence = None;
                    self.marks += 3;
                }
                Some(_) => {}
                None => self.fence = Some(fence),
            }
            return;
        }
        if shown.is_empty() || self.fence.is_some() {
            return;
        }
        if shown.starts_with('#') {
            self.heading(above, line, below);
        }
        let is_alone = above.trim().is_empty() && below.trim().is_empty();
        self.marks +=
            if shown.starts_with(['-', '=', '|', ':', '+', '_', '*']) { of_row(above, shown, is_alone) } else { 0 };
        self.marks += inline(shown);
    }

    fn heading(&mut self, above: &str, line: &str, below: &str) {
        if !is_heading(line) {
            return;
        }
        let edge = |other: &str| other.trim().is_empty() || (is_heading(other) && level(other) != level(line));
        match (edge(above), edge(below), level(line)) {
            (true, true, 1) => self.marks += 2,
            (true, true, _) => self.marks += ENOUGH,
            (true, false, 2..) => self.marks += 2,
            // Many put no blank line below a heading, so this says nothing.
            (true, false, _) if !is_heading(below) => {}
            _ => self.comments += 1,
        }
    }
}

fn level(line: &str) -> usize {
    line.bytes().take_while(|&byte| byte == b'#').count()
}

/// Whether a line is `# text`, or `##text` with a number or Chinese text, which forgot its blank.
fn is_heading(line: &str) -> bool {
    let level = level(line);
    let rest = &line[level..];
    let text = rest.trim();
    let is_blanked = rest.starts_with([' ', '\t', '\u{3000}']);
    (1..=6).contains(&level)
        && text.contains(char::is_alphabetic)
        && (is_blanked || (level > 1 && (!text.is_ascii() || headings::numbering(text).is_some())))
}

/// Returns the character of a fence of code.
fn fence(shown: &str) -> Option<char> {
    ['`', '~'].into_iter().find(|&c| shown.starts_with(c) && shown.chars().take_while(|&other| other == c).count() >= 3)
}

/// Returns the weight of a row of signs: a rule, an underline, the rule of a table.
fn of_row(above: &str, shown: &str, is_alone: bool) -> i32 {
    let only = |c: u8| shown.len() >= 3 && shown.bytes().all(|byte| byte == c);
    let is_underline = || {
        let title = above.trim();
        let characters = title.chars().count();
        !title.is_empty()
            && characters <= LONGEST_TITLE
            && shown.len() + 2 >= characters
            && shown.len() <= 2 * characters + 2
    };
    if shown.contains('|') && shown.contains("--") && above.contains('|') {
        let is_rule = shown.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'));
        return if is_rule { ENOUGH } else { 0 };
    }
    if only(b'-') && is_alone {
        return 2;
    }
    if (only(b'=') || (only(b'-') && shown.len() > 3)) && is_underline() {
        return 2;
    }
    let is_grid = shown.starts_with('+') && shown.ends_with('+') && shown.len() > 4;
    if is_grid && shown.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'=' | b':')) {
        return 2;
    }
    let is_fenced_part = shown.starts_with(":::") && (shown.bytes().all(|byte| byte == b':') || shown.contains('{'));
    if is_fenced_part { 2 } else { 0 }
}

/// Returns the weight of the marks within a line.
fn inline(shown: &str) -> i32 {
    let bytes = shown.as_bytes();
    let has = |byte: u8| bytes.contains(&byte);
    let mut weight = 0;
    if has(b'[') {
        let is_note = shown.starts_with("[^") && shown.contains("]:");
        let is_link = || {
            shown.match_indices("](").any(|(at, _)| {
                let target = &bytes[at + 2..bytes.len().min(at + 2 + LONGEST_TARGET)];
                let end = target.iter().position(|&byte| byte == b')').unwrap_or(0);
                target[..end].iter().any(|byte| b"./#:".contains(byte))
            })
        };
        if is_note || shown.contains("![[") || shown.starts_with("> [!") {
            weight += ENOUGH;
        } else if is_link() || (shown.contains("[[") && shown.contains("]]")) {
            weight += 3;
        } else if shown.contains("[^") {
            weight += 1;
        }
    }
    if has(b'<') {
        let is_mark = shown.contains("<sup>") && shown.contains("</sup>");
        let is_anchor = shown.contains("<span id=\"page-") || shown.starts_with("<!-- page");
        weight += if is_mark || is_anchor { ENOUGH } else { 0 };
    }
    if has(b'*') && is_strong(shown) {
        weight += 1;
    }
    weight
}

/// Whether a line has `**strong**` words.
fn is_strong(shown: &str) -> bool {
    let mut ends = shown.match_indices("**").map(|(at, _)| at);
    let (Some(first), Some(second)) = (ends.next(), ends.next()) else { return false };
    let inside = &shown[first + 2..second];
    let is_close = |c: char| c.is_alphabetic() || matches!(c, '【' | '（' | '«' | '"' | '“');
    inside.starts_with(is_close) && !inside.ends_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;

    #[test]
    fn markdown_by_its_marks() {
        for source in [
            "# 极地航道\n\n正文没有其他标记。\n",
            "\n\n## 前景<sup>[1]</sup>\n\n正文。\n",
            "正文<sup>[1]</sup>没有标题。\n",
            "Вступление.\n\n## Порты\n\nТекст.\n",
            "Text with a note[^1].\n\n[^1]: The note.\n",
            "正文。\n\n---\n\n正文继续。\n\n---\n\n完。\n",
            "a | b\n--|--\nc | d\n",
            "See [the report](https://example.org/a) and ![](b.png).\n\nMore [here](c.md).\n",
            "---\ntitle: Ports\n---\ntext\n",
            "Title of the text\n=================\n\ntext\n\nA part of it\n------------\n\ntext\n",
            "##一、背景\n\n正文。\n",
            "```\ncode\n```\n\nand **words** of weight\n",
            "> [!note] Порты\n> текст\n",
            "<span id=\"page-0-0\"></span>Text.\n",
            "\u{feff}# Title\n\ntext\n",
        ] {
            assert_eq!(Syntax::of(source), Syntax::Markdown, "{source}");
        }
    }

    #[test]
    fn plain_text_stays_plain() {
        for source in [
            "",
            "停火谈判\n\n双方同意。\n",
            "Стихи\n\nстрока\nещё строка\n\n* * *\n\nстрока\n",
            "# settings of the port\nname = north\n# its depth\ndepth = 12\n",
            "#!/bin/sh\n# copies the files\ncp a b\n\n# and is done\nexit 0\n",
            "Text\n\n---\n\nSignature\n",
            "Point #1 and point #2.\n\n#тег\n",
            "    indented\n\n    more of it\n",
            "2024-01-01 10:00 [info] started <main>\n2024-01-01 10:01 [warn] a*b*c = 2**3\n",
            "[1] Первая сноска.\n[2] Вторая: [см. там же].\n",
            "- one\n- two\n\n> quoted in a letter\n",
            "# Title\n\npage one\n\u{c}\npage two\n",
        ] {
            assert_eq!(Syntax::of(source), Syntax::Plain, "{source}");
        }
    }

    proptest! {
        #[test]
        fn without_marks_both_syntaxes_give_the_same_words(source in "([a-zж]{1,6}|停火|[0-9]{1,3}|, |\\. |: |50%|\n|\n\n| |\r\n){0,40}") {
            prop_assert_eq!(Syntax::of(&source), Syntax::Plain);
            let words = |syntax: Syntax| -> String {
                let passages = parse(&source, syntax).passages;
                passages.iter().flat_map(|passage| passage.text.chars().filter(|c| c.is_alphanumeric())).collect()
            };
            prop_assert_eq!(words(Syntax::Markdown), words(Syntax::Plain));
        }
    }
}
