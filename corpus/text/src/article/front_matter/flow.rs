//! Lists in brackets and mappings in braces: those of YAML, JSON and TOML.
//!
//! One pass with a stack of brackets; what lies deeper than a mapping in a list
//! keeps the nearest key.

use super::{Entry, Value, scalar};

/// A scalar in a flow, with where it stands.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Leaf {
    /// The key in the outermost mapping.
    pub(super) top: String,
    /// The number of the list item that it belongs to.
    pub(super) item: usize,
    /// The nearest key, if it stands in a mapping.
    pub(super) key: String,
    pub(super) text: String,
    /// Whether it stands in a list.
    pub(super) is_item: bool,
}

/// The deepest nesting that is read.
const DEEPEST: usize = 32;

/// Reads a flow at the beginning of a text. Returns its scalars and its length, if its brackets are closed.
pub(super) fn read(text: &str) -> Option<(Vec<Leaf>, usize)> {
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut open: Vec<char> = Vec::new();
    let (mut top, mut key, mut item) = (String::new(), String::new(), 0);
    let mut word: Option<String> = None;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let is_divider = matches!(c, ',' | ']' | '}' | '\n') || (c == '#' && text[..at].ends_with(char::is_whitespace));
        if is_divider && let Some(text) = word.take_if(|_| c != '\n') {
            let is_item = open.contains(&'[');
            leaves.push(Leaf { top: top.clone(), item, key: key.clone(), text, is_item });
        }
        let length = match c {
            '[' | '{' if word.is_none() => {
                open.push(c);
                (open.len() <= DEEPEST).then_some(())?;
                1
            }
            ']' | '}' => {
                let opened = open.pop()?;
                (opened == if c == ']' { '[' } else { '{' }).then_some(())?;
                if open.is_empty() {
                    return Some((leaves, at + 1));
                }
                item += usize::from(c == '}');
                1
            }
            ',' => {
                item += usize::from(open.last() == Some(&'['));
                1
            }
            ':' | '=' if open.last() == Some(&'{') && word.is_some() && is_separator(rest, text, at) => {
                key = word.take().unwrap_or_default();
                if open.len() == 1 {
                    top.clone_from(&key);
                }
                1
            }
            '"' | '\'' if word.is_none() => {
                let (quoted, length) = scalar::unquoted(rest)?;
                word = Some(quoted);
                length
            }
            '#' if text[..at].ends_with(char::is_whitespace) => rest.find('\n').unwrap_or(rest.len()),
            c if c.is_whitespace() => 1.max(c.len_utf8()),
            _ => {
                let length = plain_length(rest, open.last() == Some(&'{'));
                let plain = rest[..length].trim();
                match &mut word {
                    Some(word) => {
                        word.push(' ');
                        word.push_str(plain);
                    }
                    None => word = Some(plain.to_owned()),
                }
                length
            }
        };
        at += length;
    }
    None
}

/// Whether a colon or equals sign divides key and value: in JSON it may stand close to the value.
fn is_separator(rest: &str, text: &str, at: usize) -> bool {
    rest.starts_with('=') || rest[1..].starts_with([' ', '\t', '\n', '\r', '"', '[', '{']) || text[..at].ends_with('"')
}

/// Returns the length of a plain scalar, at least one character.
fn plain_length(text: &str, in_mapping: bool) -> usize {
    let ends = |(at, c): (usize, char)| match c {
        ',' | ']' | '}' | '\n' => true,
        '[' | '{' => in_mapping,
        ':' | '=' => in_mapping && (c == '=' || text[at + 1..].starts_with([' ', '\t', '\n', '\r', '"', '[', '{'])),
        '#' => text[..at].ends_with(char::is_whitespace),
        _ => false,
    };
    let first = text.chars().next().map_or(1, char::len_utf8);
    text.char_indices().skip(1).find(|&found| ends(found)).map_or(text.len(), |(at, _)| at.max(first))
}

/// Returns the values of a flow that stands as the value of a field.
pub(super) fn values(leaves: Vec<Leaf>) -> Vec<Value> {
    let mut values: Vec<(usize, Value)> = Vec::new();
    for leaf in leaves {
        if leaf.key.is_empty() {
            values.push((leaf.item, Value { is_item: leaf.is_item, ..Value::text(leaf.text) }));
            continue;
        }
        match values.last_mut().filter(|(item, value)| *item == leaf.item && !value.pairs.is_empty()) {
            Some((_, value)) => value.pairs.push((leaf.key, leaf.text)),
            None => values.push((
                leaf.item,
                Value { pairs: vec![(leaf.key, leaf.text)], is_item: leaf.is_item, ..Value::default() },
            )),
        }
    }
    values.into_iter().map(|(_, value)| value).collect()
}

/// Returns the fields of a flow that is a whole front matter.
pub(super) fn entries(leaves: Vec<Leaf>) -> Vec<Entry> {
    let mut entries: Vec<(String, Vec<Leaf>)> = Vec::new();
    for mut leaf in leaves {
        let top = std::mem::take(&mut leaf.top);
        if leaf.key == top {
            leaf.key.clear();
        }
        match entries.last_mut().filter(|(key, _)| *key == top) {
            Some((_, leaves)) => leaves.push(leaf),
            None => entries.push((top, vec![leaf])),
        }
    }
    entries.into_iter().map(|(key, leaves)| Entry { key, values: values(leaves), ..Entry::default() }).collect()
}
