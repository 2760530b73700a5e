//! Scalars of YAML: plain, quoted and block texts, and what stands around them.

use std::borrow::Cow;
use std::ops::Range;

/// The indicator of a block scalar: `|`, `>`, with `+`, `-` or the depth of its lines.
pub(super) fn is_indicator(text: &str) -> bool {
    let text = without_comment(text).trim();
    text.starts_with(['|', '>'])
        && text.len() <= 3
        && text[1..].bytes().all(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
}

/// Returns the end of the first line of a field, without the indicator of a block scalar.
pub(super) fn before_indicator(source: &str, line: Range<usize>) -> usize {
    let text = &source[line.clone()];
    match text.find(':') {
        // Behind an indicator a comment can stand, and its words are kept.
        Some(colon) if is_indicator(&text[colon + 1..]) && !text.contains('#') => line.start + colon + 1,
        _ => line.end,
    }
}

/// Returns a line without the dash of a list item.
pub(super) fn behind_dash(source: &str, line: Range<usize>) -> Range<usize> {
    let text = source[line.clone()].trim_start();
    let shown = text.strip_prefix("- ").unwrap_or(text);
    line.end - shown.len()..line.end
}

/// Returns a text without a comment at its end.
pub(super) fn without_comment(text: &str) -> &str {
    if text.starts_with('#') {
        return "";
    }
    let end = text.match_indices('#').map(|(at, _)| at).find(|&at| text[..at].ends_with([' ', '\t']));
    &text[..end.unwrap_or(text.len())]
}

/// Returns a text without the anchors and tags before it.
pub(super) fn without_properties(text: &str) -> &str {
    let mut text = text.trim();
    while text.starts_with(['&', '!']) {
        text = text.split_once([' ', '\t']).map_or("", |(_, rest)| rest.trim_start());
    }
    text
}

/// Returns the text of a block scalar: its lines as one running text.
pub(super) fn block<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    joined(lines.map(str::trim))
}

/// Reads a scalar on one line or several: quoted, or plain with the comments left out.
pub(super) fn read<'t>(first: &'t str, below: impl Iterator<Item = &'t str>) -> String {
    let first = without_properties(first);
    if is_indicator(first) {
        return block(below);
    }
    if first.starts_with(['"', '\'']) {
        let whole = joined(std::iter::once(first).chain(below.map(str::trim)));
        return unquoted(&whole).map_or(whole.clone(), |(text, _)| text);
    }
    joined(std::iter::once(first).chain(below.map(str::trim)).map(|line| without_comment(line).trim_end()))
}

/// Joins lines by blanks; those without text are left out.
fn joined<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for line in lines.filter(|line| !line.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Reads a quoted scalar at the beginning of a text. Returns it with its length in the text, if its quote ends.
pub(super) fn unquoted(text: &str) -> Option<(String, usize)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut value = String::new();
    let mut rest = text[1..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\'' if quote == '\'' && rest.next_if(|&(_, next)| next == '\'').is_some() => value.push('\''),
            c if c == quote => return Some((value, at + 2)),
            '\\' if quote == '"' => {
                let (at, escaped) = rest.next()?;
                let digits = match escaped {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                let code = text[1..].get(at + 1..at + 1 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
                match code.filter(|_| digits > 0).and_then(char::from_u32) {
                    Some(character) => {
                        value.push(character);
                        rest.nth(digits - 1);
                    }
                    None if matches!(escaped, 'n' | 't' | 'r') => value.push(' '),
                    None => value.push(escaped),
                }
            }
            c => value.push(c),
        }
    }
    None
}

/// Returns a text without the brackets of links between notes: `[[Орлова А. Н.]]`, `[[people/orlova|Орлова]]`.
pub(super) fn without_links(text: &str) -> Cow<'_, str> {
    if !text.contains("[[") {
        return Cow::Borrowed(text.trim());
    }
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        shown.push_str(before);
        let (link, after) = after.split_once("]]").unwrap_or((after, ""));
        shown.push_str(link.rsplit_once('|').map_or(link, |(_, shown)| shown));
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown.trim().to_owned())
}
