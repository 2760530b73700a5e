//! BibTeX, with the fields that biblatex reads too.
//!
//! Keys are of ASCII letters and digits: the first author or the first word
//! of the title that has letters, Russian ones transliterated, or else the name
//! of the file or the language; then the year; `-2` and so on where that is
//! taken. Titles stand in a second pair of braces, which keeps their case.

use std::collections::HashMap;
use std::io::{self, Write};

use super::names::Name;
use super::{Citation, Work, WorkKind};
use crate::Language;

/// Writes entries, with an empty line between them.
pub(super) fn write(out: &mut dyn Write, citations: &[Citation]) -> io::Result<()> {
    let mut taken = HashMap::new();
    for (at, citation) in citations.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        write_entry(out, citation, &free_key(&citation.work, &mut taken))?;
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
        (
            "title",
            Some(work.title.as_str()).filter(|title| !title.is_empty()).map(|title| format!("{{{}}}", escape(title))),
        ),
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
        Name::Parts { family, given } if Name::initials(&given, ".", " ").is_some() => {
            format!("{}, {}", escape(&family), escape(&given))
        }
        Name::Parts { .. } => escape(name),
        Name::Whole(whole) => {
            let is_plain = whole.split(' ').count() <= 3
                && whole.split(' ').all(|word| word.starts_with(char::is_uppercase) && !word.contains(','));
            if is_plain { escape(&whole) } else { format!("{{{}}}", escape(&whole)) }
        }
    }
}

/// Writes what means something to LaTeX as itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', c]),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '\\' => escaped.push_str("\\textbackslash{}"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Addresses are read as they are, but braces must pair.
fn verbatim(address: &str) -> String {
    address.replace('{', "%7B").replace('}', "%7D").replace('\\', "%5C").replace(' ', "%20")
}

fn language(language: Language) -> Option<&'static str> {
    match language {
        Language::Chinese => Some("chinese"),
        Language::Russian => Some("russian"),
        Language::Ukrainian => Some("ukrainian"),
        Language::English => Some("english"),
        Language::Other => None,
    }
}

/// Returns a key that no other entry has. `taken` counts the entries of each key without its number: keys have no
/// hyphen of their own.
pub(super) fn free_key(work: &Work, taken: &mut HashMap<String, u32>) -> String {
    let family = work.authors.first().map(|name| match Name::of(name) {
        Name::Parts { family, .. } => family,
        Name::Whole(name) => name.split(' ').next_back().unwrap_or_default().to_owned(),
    });
    let words = family.into_iter().chain(work.title.split_whitespace().map(str::to_owned));
    let words = words.chain([work.file_name.clone()]);
    let word = words.map(|word| ascii(&word)).find(|word| word.len() > 1);
    let year = work.date.map(|date| date.year().to_string()).unwrap_or_default();
    let key = format!("{}{year}", word.unwrap_or_else(|| work.language.code().to_owned()));
    let number = taken.entry(key.clone()).and_modify(|number| *number += 1).or_insert(1);
    if *number == 1 { key } else { format!("{key}-{number}") }
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
