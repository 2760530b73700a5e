//! BibTeX, with the fields that biblatex reads too.
//!
//! Keys are of ASCII letters and digits: the first author or the first word
//! of the title that has letters, Russian ones transliterated, or else the name
//! of the file or the language; then the year; `-2` and so on where that is
//! taken. Titles stand in a second pair of braces, which keeps their case.
//!
//! To BibTeX a brace is a brace, also behind a backslash: one too many in one
//! title, and the rest of the file is lost. Where those of a text do not pair,
//! each is a command that has none.

use std::collections::HashMap;
use std::io::{self, Write};

use svod_query::Language;
use svod_text::printable;

use super::names::Name;
use super::{Citation, Work, WorkKind};

/// Writes entries, with an empty line between them.
pub(super) fn write(out: &mut dyn Write, citations: &[Citation]) -> io::Result<()> {
    let mut taken = Keys::default();
    for (at, citation) in citations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_entry(out, citation, &taken.free(&citation.work))?;
    }
    Ok(())
}

fn write_entry(out: &mut dyn Write, citation: &Citation, key: &str) -> io::Result<()> {
    let work = &citation.work;
    let kind = match work.kind() {
        WorkKind::Article | WorkKind::News => "article",
        WorkKind::Book => "book",
        WorkKind::Page => "online",
        WorkKind::Law | WorkKind::Document => "misc",
    };
    let escaped = |text: &Option<String>| text.as_deref().map(escape);
    let authors: Vec<String> = work.authors.iter().map(|name| author(name)).collect();
    let places = [citation.pages().map(|pages| format!("p. {pages}")), citation.law_articles()];
    let places = super::list(places.into_iter().flatten());
    let fields = [
        ("author", Some(authors.join(" and "))),
        ("title", Some(work.title.as_str()).filter(|title| !title.is_empty()).map(braced)),
        ("journal", escaped(&work.journal)),
        ("year", work.date.map(|date| date.year().to_string())),
        ("date", work.date.filter(|date| date.month().is_some()).map(|date| date.to_string())),
        ("volume", escaped(&work.volume)),
        ("number", escaped(&work.issue)),
        ("pages", work.pages("--")),
        ("publisher", escaped(&work.publisher)),
        ("address", escaped(&work.place)),
        ("issn", escaped(&work.issn)),
        ("doi", work.doi.as_deref().map(verbatim)),
        ("url", work.url.as_deref().map(verbatim)),
        ("langid", language(work.language).map(str::to_owned)),
        ("annotation", places.as_deref().map(escape)),
    ];
    writeln!(out, "@{kind}{{{key},")?;
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        if !value.is_empty() {
            writeln!(out, "  {name} = {{{value}}},")?;
        }
    }
    writeln!(out, "}}")
}

/// A name that is not taken apart stands in braces, unless two words may be a given name and a family's.
fn author(name: &str) -> String {
    match Name::of(name) {
        Name::Parts { family, given } if name.contains(',') || Name::initials(&given, ".", " ").is_some() => {
            format!("{}, {}", part_of_name(&family), part_of_name(&given))
        }
        Name::Parts { .. } => part_of_name(name),
        Name::Whole(whole) => {
            let is_plain =
                whole.split(' ').count() <= 3 && whole.split(' ').all(|word| word.starts_with(char::is_uppercase));
            if is_plain { part_of_name(&whole) } else { braced(&whole) }
        }
    }
}

/// BibTeX cuts names at commas and between two blanks around `and`; `others` are the authors who are not named.
fn part_of_name(text: &str) -> String {
    let is_cut = |word: &str| ["and", "others"].contains(&word.to_lowercase().as_str());
    if text.contains(',') || printable(text).split_whitespace().any(is_cut) { braced(text) } else { escape(text) }
}

/// Returns a text in braces: its case is kept, and it is not cut.
fn braced(text: &str) -> String {
    let escaped = escape(text);
    // A brace with a command behind it makes an accented letter of all up to its pair.
    let guard = if escaped.starts_with('\\') { "{}" } else { "" };
    format!("{{{guard}{escaped}}}")
}

/// Returns a text as LaTeX that says just this text, on one line, with its braces in pairs.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let has_pairs = has_pairs(text);
    for c in printable(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => escaped.extend(['\\', c]),
            '{' | '}' if has_pairs => escaped.extend(['\\', c]),
            '{' => escaped.push_str("\\textbraceleft{}"),
            '}' => escaped.push_str("\\textbraceright{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '\\' => escaped.push_str("\\textbackslash{}"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Returns whether each brace of a text has its other.
fn has_pairs(text: &str) -> bool {
    let open = text.chars().try_fold(0_usize, |open, c| match c {
        '{' => Some(open + 1),
        '}' => open.checked_sub(1),
        _ => Some(open),
    });
    open == Some(0)
}

/// Addresses are read as they are, but braces must pair.
fn verbatim(address: &str) -> String {
    printable(address).replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C").replace(' ', "%20")
}

fn language(language: Language) -> Option<&'static str> {
    match language {
        Language::Chinese => Some("chinese"),
        Language::Russian => Some("russian"),
        Language::Ukrainian => Some("ukrainian"),
        Language::English => Some("english"),
        _ => None,
    }
}

/// The keys of a list: for each beginning how often it was used.
#[derive(Debug, Default)]
pub(super) struct Keys {
    used: HashMap<String, u32>,
}

impl Keys {
    /// Returns a key that no other entry has.
    pub(super) fn free(&mut self, work: &Work) -> String {
        let key = key(work);
        let used = self.used.entry(key.clone()).or_default();
        *used += 1;
        if *used == 1 { key } else { format!("{key}-{used}") }
    }
}

fn key(work: &Work) -> String {
    let family = work.authors.first().map(|name| match Name::of(name) {
        Name::Parts { family, .. } => family,
        Name::Whole(name) => name.split(' ').next_back().unwrap_or_default().to_owned(),
    });
    let words = family.into_iter().chain(work.title.split_whitespace().map(str::to_owned));
    let words = words.chain([work.file_name.clone()]);
    let word = words.map(|word| ascii(&word)).find(|word| word.len() > 1);
    let year = work.date.map(|date| date.year().to_string()).unwrap_or_default();
    format!("{}{year}", word.unwrap_or_else(|| work.language.code().to_owned()))
}

/// Returns the letters of a word in ASCII, at most twenty.
fn ascii(word: &str) -> String {
    let letters = word.chars().flat_map(char::to_lowercase);
    let ascii: String = letters.map(transliterated).collect();
    ascii.chars().take(20).collect()
}

fn transliterated(letter: char) -> String {
    const LETTERS: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh",
        "ts", "ch", "sh", "shch", "", "y", "", "e", "iu", "ia",
    ];
    match letter {
        'a'..='z' => letter.to_string(),
        'ё' => "e".to_owned(),
        'а'..='я' => LETTERS.get(letter as usize - 'а' as usize).copied().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}
