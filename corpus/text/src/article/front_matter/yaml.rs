//! The YAML of front matter: scalars of all styles, lists, and mappings of two levels.
//!
//! A line decides by itself what it is, so each is looked at once. Anchors and
//! tags are left out, a deeper level is text.

use std::ops::Range;

use super::super::lines::lines_in;
use super::{Entry, Value, flow, scalar};

/// The longest key, in bytes.
const LONGEST_KEY: usize = 80;

/// Returns the key of a line and the byte behind its colon.
pub(super) fn key(line: &str) -> Option<(&str, usize)> {
    if line.starts_with([' ', '\t', '-', '#', '[', '{', '>', '|', '*', '&', '%', '!']) {
        return None;
    }
    if line.starts_with(['"', '\'']) {
        let (_, length) = scalar::unquoted(line)?;
        let colon = length + line[length..].find(':').filter(|&at| line[length..length + at].trim().is_empty())?;
        return Some((&line[1..length - 1], colon + 1));
    }
    // `a:b: c` has the key `a:b`, but for `title:no blank` the colon alone has to do.
    let strict = line.match_indices(':').find(|&(at, _)| {
        let rest = &line[at + 1..];
        rest.is_empty() || rest.starts_with([' ', '\t'])
    });
    let (at, colon) = strict.or_else(|| line.match_indices([':', '：']).next())?;
    let name = line[..at].trim_end();
    let is_key = !name.is_empty() && name.len() <= LONGEST_KEY && name.split_whitespace().count() <= 4;
    (is_key && !name.contains(['。', '，', '<'])).then_some((name, at + colon.len()))
}

/// Whether a line can stand in YAML: a key, a list item, a deeper line, a comment or nothing.
pub(super) fn is_line(line: &str) -> bool {
    line.trim().is_empty()
        || line.starts_with([' ', '\t', '#', ']', '}'])
        || line.starts_with("- ")
        || line.trim_end() == "-"
        || key(line).is_some()
}

/// Reads the fields in a range of a source.
pub(super) fn entries(source: &str, range: Range<usize>) -> Vec<Entry> {
    let mut entries: Vec<(Entry, usize)> = Vec::new();
    for line in lines_in(source, range) {
        let text = &source[line.clone()];
        match (key(text), entries.last_mut()) {
            (Some((name, behind)), _) => {
                let entry = Entry { key: name.to_owned(), range: line.clone(), ..Entry::default() };
                entries.push((entry, line.start + behind));
            }
            (None, Some((last, _))) if !text.starts_with('#') && !last.key.is_empty() => last.range.end = line.end,
            (None, _) => entries.push((Entry { range: line.clone(), ..Entry::default() }, line.end)),
        }
    }
    let read = |(entry, value): (Entry, usize)| Entry { values: values(&source[value..entry.range.end]), ..entry };
    entries.into_iter().map(read).collect()
}

/// Reads the value of a field: what stands behind its colon, and the lines below.
fn values(text: &str) -> Vec<Value> {
    let (first, below) = text.split_once('\n').unwrap_or((text, ""));
    let shown = scalar::without_properties(first);
    if shown.starts_with(['[', '{'])
        && let Some((leaves, _)) = text.find(['[', '{']).and_then(|at| flow::read(&text[at..]))
    {
        return flow::values(leaves);
    }
    if scalar::without_comment(shown).is_empty() {
        return block_values(below);
    }
    vec![Value::text(scalar::read(shown, below.lines()))]
}

/// Reads the lines below a key: a list, a mapping, or a text that begins there.
fn block_values(text: &str) -> Vec<Value> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty() && !is_comment(line)).collect();
    let Some(first) = lines.first() else { return Vec::new() };
    let depth = indent(first);
    let begins = |line: &&str| indent(line) == depth && dash(line).is_some();
    if begins(first) {
        return lines.chunk_by(|_, next| !begins(next)).map(item).collect();
    }
    let pairs = pairs(&lines);
    if pairs.is_empty() {
        return vec![Value::text(scalar::read("", lines.into_iter()))];
    }
    vec![Value { pairs, ..Value::default() }]
}

/// Reads an item of a list: a scalar or a mapping.
fn item(lines: &[&str]) -> Value {
    let Some((first, below)) = lines.split_first() else { return Value::default() };
    let (text, column) = dash(first).unwrap_or((first, 0));
    let text = scalar::without_properties(text);
    if text.starts_with(['[', '{'])
        && let Some((leaves, _)) =
            flow::read(&std::iter::once(text).chain(below.iter().copied()).collect::<Vec<_>>().join("\n"))
    {
        let pairs: Vec<(String, String)> = leaves.into_iter().map(|leaf| (leaf.key, leaf.text)).collect();
        return Value { pairs, is_item: true, ..Value::default() };
    }
    if is_pair(text) {
        let first = format!("{}{text}", " ".repeat(column));
        let lines: Vec<&str> = std::iter::once(first.as_str()).chain(below.iter().copied()).collect();
        return Value { pairs: pairs(&lines), is_item: true, ..Value::default() };
    }
    Value::item(scalar::read(text, below.iter().copied()))
}

/// Reads the pairs of a mapping, those at the depth of its first line.
fn pairs(lines: &[&str]) -> Vec<(String, String)> {
    let Some(first) = lines.first() else { return Vec::new() };
    let depth = indent(first);
    if !is_pair(first.trim_start()) {
        return Vec::new();
    }
    let begins = |line: &&str| indent(line) <= depth && is_pair(line.trim_start());
    let read = |lines: &[&str]| {
        let (first, below) = lines.split_first()?;
        let first = first.trim_start();
        let (name, behind) = key(first)?;
        let is_deeper =
            first[behind..].trim().is_empty() && below.first().is_some_and(|line| is_pair(line.trim_start()));
        let below = if is_deeper { &[] } else { below };
        Some((name.to_owned(), scalar::read(&first[behind..], below.iter().copied())))
    };
    lines.chunk_by(|_, next| !begins(next)).filter_map(read).collect()
}

/// Whether a text is `key: value`; a colon alone is not enough, as in 12:30.
fn is_pair(text: &str) -> bool {
    key(text).is_some_and(|(_, behind)| text[behind..].is_empty() || text[behind..].starts_with([' ', '\t']))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Returns the text behind the dash of an item, and its column.
fn dash(line: &str) -> Option<(&str, usize)> {
    let rest = line.trim_start().strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))?;
    let text = rest.trim_start();
    Some((text, line.len() - text.len()))
}
