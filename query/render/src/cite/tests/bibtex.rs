//! BibTeX read back by its own rules, which are not those of LaTeX: a brace counts, whatever stands before it.

use super::*;

/// An entry: its key, and its fields as they are written.
struct Entry {
    key: String,
    fields: Vec<(String, String)>,
}

impl Entry {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a file as BibTeX does. Panics where BibTeX would complain.
fn read(file: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = file.trim_start();
    while !rest.is_empty() {
        let (kind, entry) = rest.strip_prefix('@').and_then(|entry| entry.split_once('{')).unwrap();
        assert!(kind.chars().all(|c| c.is_ascii_lowercase()), "{rest}");
        let (key, mut body) = entry.split_once(',').unwrap();
        assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !key.is_empty(), "{key}");
        let mut fields = Vec::new();
        while !body.trim_start().starts_with('}') {
            let (name, value) = body.split_once(" = {").unwrap();
            let end = end_of_group(value);
            fields.push((name.trim().to_owned(), value[..end].to_owned()));
            body = value[end + 1..].strip_prefix(',').unwrap();
        }
        entries.push(Entry { key: key.to_owned(), fields });
        rest = body.trim_start()[1..].trim_start();
    }
    entries
}

/// Returns where the brace stands that closes a group.
fn end_of_group(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("not closed: {text}")
}

/// Returns the text that LaTeX makes of a value.
fn said(mut value: &str) -> String {
    const COMMANDS: [(&str, char); 12] = [
        ("\\textbraceleft{}", '{'),
        ("\\textbraceright{}", '}'),
        ("\\textbackslash{}", '\\'),
        ("\\textasciitilde{}", '~'),
        ("\\textasciicircum{}", '^'),
        ("\\{", '{'),
        ("\\}", '}'),
        ("\\&", '&'),
        ("\\%", '%'),
        ("\\$", '$'),
        ("\\#", '#'),
        ("\\_", '_'),
    ];
    let mut said = String::new();
    while let Some(c) = value.chars().next() {
        if let Some((command, c)) = COMMANDS.iter().find(|(command, _)| value.starts_with(command)) {
            said.push(*c);
            value = &value[command.len()..];
            continue;
        }
        assert!(!"\\~^&%$#_".contains(c), "{c} means something to LaTeX: {value}");
        said.extend(Some(c).filter(|c| !"{}".contains(*c)));
        value = &value[c.len_utf8()..];
    }
    said
}

/// Cuts a value at a word or a character that stands outside of braces.
fn cut<'v>(value: &'v str, at: &str) -> Vec<&'v str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (place, c) in value.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        let is_there = value[place..].get(..at.len()).is_some_and(|text| text.eq_ignore_ascii_case(at));
        if depth == 0 && place >= start && is_there {
            parts.push(&value[start..place]);
            start = place + at.len();
        }
    }
    parts.push(&value[start..]);
    parts
}

fn check_names(authors: &str, names: usize) {
    for name in cut(authors, " and ") {
        assert!(cut(name, ",").len() <= 2, "BibTeX knows no such name: {name}");
        assert_ne!(name.to_lowercase(), "others", "that is a word of BibTeX");
    }
    assert_eq!(cut(authors, " and ").len(), names, "{authors}");
}

#[test]
fn a_name_is_one_name() {
    for name in [
        "Smith and Sons",
        "Smith AND Sons",
        "Smith and Wesson, John",
        "Li, Bo And Wang, Hui",
        "Others",
        "Кирилл and Мефодий",
        "Smith,, J.",
        "李, 弘, 明",
        "and",
        "{",
    ] {
        let entries = written(CiteStyle::Bibtex, &[whole(work(name, "停火", Language::Other))]);
        let entries = read(&entries);
        check_names(entries[0].field("author").unwrap(), 1);
    }
}

/// A brace before a command makes an accented letter of what follows: styles change the case of it.
#[test]
fn what_begins_with_a_command_keeps_its_case() {
    for title in ["#Мир", "\\停火", "{War", "{War}"] {
        let entries = read(&written(CiteStyle::Bibtex, &[whole(work("", title, Language::Other))]));
        let value = entries[0].field("title").unwrap();
        assert!(!value.starts_with("{\\"), "{value}");
        assert_eq!(said(value), title);
    }
}

const HOSTILE: &str =
    "([{}\\\\%#$&_~^\"'@,=]|[{}]| and | AND |others| |\n|\r|\u{1b}|\u{85}|停火|мир|War|Ю\\.|\\PC){0,9}";

prop_compose! {
    fn hostile_work()(
        authors in prop::collection::vec(HOSTILE, 0..4),
        texts in prop::collection::vec(proptest::option::of(HOSTILE), 8),
        title in HOSTILE,
        date in proptest::option::of("20[0-9]{2}(-0[1-9](-1[0-9])?)?"),
        language in prop::sample::select(Language::ALL.to_vec()),
    ) -> Work {
        let mut texts = texts.into_iter().map(|text| text.filter(|text| !text.trim().is_empty()));
        let mut text = || texts.next().flatten();
        let authors = authors.into_iter().filter(|name| !name.trim().is_empty()).collect();
        Work {
            authors, title, language, date: date.as_deref().and_then(Date::parse),
            journal: text(), volume: text(), issue: text(), publisher: text(), place: text(), issn: text(), doi: text(),
            url: text(), ..Work::default()
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_one_field_that_says_it(works in prop::collection::vec(hostile_work(), 1..4), page in 1u32..9) {
        let citations: Vec<Citation> = works.iter().cloned().map(|work| on_page(work, page)).collect();
        let entries = read(&written(CiteStyle::Bibtex, &citations));
        prop_assert_eq!(entries.len(), works.len());
        let keys: std::collections::HashSet<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        prop_assert_eq!(keys.len(), works.len());
        for (entry, work) in entries.iter().zip(&works) {
            let fields = [
                ("title", &some(&work.title)), ("journal", &work.journal), ("volume", &work.volume),
                ("number", &work.issue), ("publisher", &work.publisher), ("address", &work.place), ("issn", &work.issn),
            ];
            for (name, text) in fields {
                prop_assert_eq!(entry.field(name).map(said), text.as_deref().map(|text| printable(text).into_owned()));
            }
            for address in [entry.field("doi"), entry.field("url")].into_iter().flatten() {
                prop_assert!(!address.contains(|c: char| c.is_control() || "{}\\ ".contains(c)), "{}", address);
            }
            if let Some(authors) = entry.field("author") {
                check_names(authors, work.authors.len());
            }
            prop_assert!(entry.field("author").is_some() || work.authors.is_empty());
        }
    }
}
