//! The TOML of front matter: keys, strings of all kinds, arrays and tables.

use std::ops::Range;

use super::super::lines::lines_in;
use super::super::metadata_field::Field;
use super::{Entry, Value, flow, scalar};

/// Whether a line begins a field or a table.
pub(super) fn begins(line: &str) -> bool {
    key(line).is_some() || table(line).is_some()
}

fn key(line: &str) -> Option<(&str, usize)> {
    let (name, _) = line.split_once('=')?;
    let shown = name.trim().trim_matches(['"', '\'']);
    let is_key = !shown.is_empty() && shown.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
    is_key.then_some((shown, name.len() + 1))
}

fn table(line: &str) -> Option<&str> {
    let inside = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    Some(inside.trim_start_matches('[').trim_end_matches(']').trim()).filter(|name| !name.contains([',', '"', '\'']))
}

/// Reads the fields in a range of a source.
pub(super) fn entries(source: &str, range: Range<usize>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    // The field of the table that is open, such as `[author]`.
    let mut open: Option<usize> = None;
    let mut state = State::Closed;
    for line in lines_in(source, range) {
        let text = &source[line.clone()];
        if state != State::Closed {
            if let Some(last) = entries.last_mut() {
                last.range.end = line.end;
            }
            state = state.after(text);
            continue;
        }
        let mut entry = Entry { range: line.clone(), ..Entry::default() };
        if let Some(name) = table(text) {
            open = Field::of_label(name).map(|_| entries.len());
            if open.is_some() {
                entries.push(Entry { key: name.to_owned(), values: vec![Value::default()], ..Entry::default() });
            }
        } else if let Some((name, behind)) = key(text) {
            let pairs = open.and_then(|open| entries.get_mut(open)?.values.first_mut());
            match pairs {
                Some(value) => value.pairs.push((name.to_owned(), value_text(&text[behind..]))),
                None => entry.key = name.to_owned(),
            }
            state = State::Closed.after(&text[behind..]);
        }
        entries.push(entry);
    }
    for entry in &mut entries {
        if entry.values.is_empty() && !entry.key.is_empty() {
            let text = &source[entry.range.clone()];
            entry.values = text.split_once('=').map_or_else(Vec::new, |(_, value)| values(value.trim()));
        }
    }
    entries
}

/// Whether a value goes on below its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    /// In a string between three quotes.
    Text(&'static str),
    /// In so many brackets.
    Brackets(usize),
}

impl State {
    fn after(self, text: &str) -> State {
        match self {
            State::Text(quotes) => {
                if text.contains(quotes) {
                    State::Closed
                } else {
                    self
                }
            }
            State::Closed if text.trim_start().starts_with(['[', '{']) => State::Brackets(0).after(text),
            State::Closed => {
                let opened = ["\"\"\"", "'''"].into_iter().find(|quotes| text.trim_start().starts_with(quotes));
                opened.filter(|quotes| text.matches(quotes).count() == 1).map_or(State::Closed, State::Text)
            }
            State::Brackets(depth) => {
                let mut quote = None;
                let mut depth = depth;
                for c in text.chars() {
                    match (quote, c) {
                        (Some(open), c) if c == open => quote = None,
                        (Some(_), _) => {}
                        (None, '"' | '\'') => quote = Some(c),
                        (None, '#') => break,
                        (None, '[' | '{') => depth += 1,
                        (None, ']' | '}') => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                if depth == 0 { State::Closed } else { State::Brackets(depth) }
            }
        }
    }
}

fn values(text: &str) -> Vec<Value> {
    match flow::read(text).filter(|_| text.starts_with(['[', '{'])) {
        Some((leaves, _)) => flow::values(leaves),
        None => vec![Value::text(value_text(text))],
    }
}

/// Returns the text of a string, number or date.
fn value_text(text: &str) -> String {
    let text = text.trim();
    for quotes in ["\"\"\"", "'''"] {
        if let Some(inside) = text.strip_prefix(quotes) {
            return scalar::block(inside.split(quotes).next().unwrap_or_default().lines());
        }
    }
    scalar::read(text, std::iter::empty())
}
