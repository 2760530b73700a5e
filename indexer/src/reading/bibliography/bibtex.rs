//! BibTeX and BibLaTeX, by the crate `biblatex`. Each entry is parsed by itself: one that is damaged costs no other.

use biblatex::{Bibliography, ChunksExt, DateValue, PermissiveType, Person};
use svod_text::article::{Date, Metadata};

use super::{BibliographyFault, Entry, full_name, set};

/// The fields, each with the name that [`set`] knows. Of two the first that is there counts.
const FIELDS: [(&str, &str); 15] = [
    ("title", "title"),
    ("journaltitle", "journal"),
    ("journal", "journal"),
    ("booktitle", "journal"),
    ("issn", "issn"),
    ("volume", "volume"),
    ("number", "issue"),
    ("issue", "issue"),
    ("doi", "doi"),
    ("url", "url"),
    ("publisher", "publisher"),
    ("institution", "publisher"),
    ("location", "place"),
    ("address", "place"),
    ("pages", "pages"),
];

/// The deepest braces of an entry. The crate goes down into them.
const DEEPEST: usize = 50;
/// The most bytes of `@string` entries, which are read again with each entry.
const MOST_STRINGS: usize = 16 << 10;

pub(super) fn read(text: &str) -> Result<Vec<Entry>, BibliographyFault> {
    let parts = parts(text);
    let mut strings = String::new();
    for (_, part) in parts.iter().filter(|(_, part)| has_kind(part, "string")) {
        if strings.len() + part.len() <= MOST_STRINGS {
            strings.push_str(part);
        }
    }
    let (mut entries, mut fault) = (Vec::new(), None);
    for (line, part) in parts {
        if ["string", "comment", "preamble"].iter().any(|kind| has_kind(part, kind)) {
            continue;
        }
        match parse(&strings, part) {
            Ok(parsed) => entries.extend(parsed.iter().map(|parsed| Entry { line, ..entry(parsed) })),
            Err(message) => {
                // It belongs to nothing, and is named with the others that do not.
                entries.push(Entry { label: key(part).to_owned(), line, ..Entry::default() });
                fault.get_or_insert(BibliographyFault::Damaged { line, message });
            }
        }
    }
    let is_all_damaged = entries.iter().all(|entry| entry.metadata == Metadata::default());
    fault.filter(|_| is_all_damaged).map_or(Ok(entries), Err)
}

/// Splits an export before each line that begins an entry. Each part has the line it begins on.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut starts = Vec::new();
    let mut at = 0;
    for (line, content) in (1..).zip(text.split_inclusive('\n')) {
        if content.trim_start().starts_with('@') {
            starts.push((line, at));
        }
        at += content.len();
    }
    let ends = starts.iter().skip(1).map(|&(_, start)| start).chain([text.len()]);
    starts.iter().zip(ends).map(|(&(line, start), end)| (line, &text[start..end])).collect()
}

fn has_kind(part: &str, kind: &str) -> bool {
    let name = part.trim_start().trim_start_matches('@').trim_start();
    name.get(..kind.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(kind))
}

fn key(part: &str) -> &str {
    part.split(['{', '(']).nth(1).unwrap_or_default().split([',', '\n']).next().unwrap_or_default().trim()
}

fn parse(strings: &str, part: &str) -> Result<Vec<biblatex::Entry>, String> {
    let depths = part.bytes().scan(0_usize, |depth, byte| {
        match byte {
            b'{' => *depth += 1,
            b'}' => *depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(*depth)
    });
    if depths.max().unwrap_or(0) > DEEPEST {
        return Err(format!("braces nested more than {DEEPEST} deep"));
    }
    let parsed = Bibliography::parse(&format!("{strings}{part}")).map_err(|error| error.kind.to_string())?;
    Ok(parsed.into_vec())
}

fn entry(parsed: &biblatex::Entry) -> Entry {
    let mut metadata = Metadata::default();
    let value = |field: &str| parsed.get(field).map(ChunksExt::format_verbatim);
    for (field, name) in FIELDS {
        if let Some(value) = value(field) {
            set(&mut metadata, name, &value);
        }
    }
    if let (Some(title), Some(subtitle)) = (&metadata.title, value("subtitle").filter(|subtitle| !subtitle.is_empty()))
    {
        metadata.title = Some(format!("{title}: {subtitle}"));
    }
    metadata.date = date(parsed);
    metadata.authors = parsed.author().unwrap_or_default().iter().map(author).filter(|name| !name.is_empty()).collect();
    let keywords = value("keywords").or_else(|| value("keyword")).unwrap_or_default();
    let keywords = keywords.split([',', ';', '，', '；']).map(str::trim).filter(|keyword| !keyword.is_empty());
    metadata.keywords = keywords.map(str::to_owned).collect();
    let files = value("file").map_or_else(Vec::new, |file| attachments(&file));
    Entry { metadata, files, label: parsed.key.clone(), line: 0 }
}

fn author(person: &Person) -> String {
    let family = [person.prefix.trim(), person.name.trim()].join(" ");
    full_name(&family, &person.given_name)
}

fn date(parsed: &biblatex::Entry) -> Option<Date> {
    let PermissiveType::Typed(date) = parsed.date().ok()? else { return None };
    let (DateValue::At(at) | DateValue::After(at) | DateValue::Before(at) | DateValue::Between(at, _)) = date.value;
    let part = |part: Option<u8>| part.map_or(0, |part| part + 1);
    let year = u16::try_from(at.year).ok()?;
    Date::new(year, part(at.month), part(at.day)).or_else(|| Date::new(year, 0, 0))
}

/// Returns the paths of a field of attachments: `path`, or `description:path:type`, with `;` between them.
fn attachments(field: &str) -> Vec<String> {
    const COLON: &str = "\u{1}";
    let path = |part: &str| {
        let part = part.replace("\\:", COLON).replace("\\;", ";");
        let parts: Vec<&str> = part.split(':').collect();
        let path = match parts[..] {
            [_, path, _] => path.to_owned(),
            _ => part.clone(),
        };
        path.replace(COLON, ":").replace("\\\\", "/").trim().to_owned()
    };
    field.split(';').map(path).filter(|path| !path.is_empty()).collect()
}
