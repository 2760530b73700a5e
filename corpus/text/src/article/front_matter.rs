//! Front matter: what stands about an article above its text.
//!
//! YAML between two `---` lines, TOML between two `+++` lines, one JSON object,
//! the `Title: …` lines of MultiMarkdown, `#+TITLE:` of Org, and the `%` lines of
//! Pandoc. `yaml`, `toml` and `flow` read the values; strict parsers would not do,
//! for people write `title: Trade: a survey`. Each field, with all its lines,
//! becomes a passage and so can be found; known fields fill the metadata. Linear;
//! nothing here calls itself.

mod flow;
mod scalar;
mod toml;
mod yaml;

use std::ops::Range;

use super::Metadata;
use super::blocks::BlockKind;
use super::lines::{Lines, lines_in};
use super::metadata::MOST_NAMES;
use super::metadata_field::{self, Field};
use super::running_text::{Join, RunningText};
use super::written_dates::read_date;
use super::{Block, Date};

/// A field of front matter.
#[derive(Debug, Default)]
struct Entry {
    /// Its key; empty for a comment.
    key: String,
    values: Vec<Value>,
    /// Its lines in the source.
    range: Range<usize>,
}

/// A value: a text, or the pairs of a mapping.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Value {
    text: String,
    pairs: Vec<(String, String)>,
    /// Whether it is an item of a list.
    is_item: bool,
}

impl Value {
    fn text(text: impl Into<String>) -> Value {
        Value { text: text.into(), ..Value::default() }
    }

    fn item(text: impl Into<String>) -> Value {
        Value { text: text.into(), is_item: true, ..Value::default() }
    }
}

/// Reads the front matter, if there is any, and returns where the body begins.
pub(super) fn read(
    source: &str,
    start: usize,
    lines: &Lines,
    metadata: &mut Metadata,
    blocks: &mut Vec<Block>,
) -> usize {
    let mut body = start;
    let mut take = |found: Found| {
        let (entries, end) = found?;
        for entry in entries {
            set(metadata, &entry);
            push_passage(source, &entry, lines, blocks);
        }
        body = end;
        Some(end)
    };
    if take(fenced(source, start).or_else(|| json(source, start))).is_none() {
        // MultiMarkdown's lines can stand above those of Pandoc.
        let end = take(header(source, start)).unwrap_or(start);
        take(percent(source, end));
    }
    body
}

/// Whether a text begins with front matter between fences.
pub(super) fn is_fenced(source: &str, start: usize) -> bool {
    fenced(source, start).is_some()
}

/// What a reader of front matter finds: its fields, and where the body begins.
type Found = Option<(Vec<Entry>, usize)>;

/// Reads YAML and TOML: the first line is a fence, the second a field, and a fence ends it.
fn fenced(source: &str, start: usize) -> Found {
    let line = |range: &Range<usize>| &source[range.clone()];
    let mut ranges = lines_in(source, start..source.len()).skip_while(|range| line(range).trim().is_empty());
    let first = ranges.next()?;
    let (ends, is_field): (&[&str], fn(&str) -> bool) = match line(&first).trim_end() {
        "---" => (&["---", "..."], yaml::is_line),
        "+++" => (&["+++"], |_| true),
        _ => return None,
    };
    let fields = source.len().min(first.end + source[first.end..].find('\n')? + 1);
    let mut has_field = false;
    for range in ranges {
        let shown = line(&range);
        if ends.contains(&shown.trim_end()) {
            let is_toml = ends.len() == 1;
            let read = if is_toml { toml::entries } else { yaml::entries };
            return has_field.then(|| (read(source, fields..range.start), range.end));
        }
        if !has_field && !shown.trim_start().starts_with('#') {
            let is_key = if ends.len() == 1 { toml::begins(shown) } else { yaml::key(shown).is_some() };
            has_field = is_key;
            is_key.then_some(())?;
        }
        is_field(shown).then_some(())?;
    }
    None
}

/// Reads one object of JSON that begins the text and ends its line.
fn json(source: &str, start: usize) -> Found {
    let begin = start + source[start..].len() - source[start..].trim_start().len();
    if !source[begin..].starts_with('{') {
        return None;
    }
    let (leaves, length) = flow::read(&source[begin..])?;
    let end = begin + length;
    let rest = source[end..].split('\n').next().unwrap_or_default();
    let has_title = leaves.iter().any(|leaf| Field::of_label(&leaf.top) == Some(Field::Title));
    if !rest.trim().is_empty() || !has_title {
        return None;
    }
    let mut entries: Vec<Entry> = lines_in(source, begin..end)
        .filter(|range| source[range.clone()].contains(char::is_alphanumeric))
        .map(|range| Entry { range, ..Entry::default() })
        .collect();
    entries.extend(flow::entries(leaves));
    Some((entries, end))
}

/// The most lines of a header without fences.
const MOST_HEADER_LINES: usize = 100;

/// Reads the lines of MultiMarkdown, `Title: …`, and of Org, `#+TITLE: …`, up to a blank line.
fn header(source: &str, start: usize) -> Found {
    let mut entries: Vec<Entry> = Vec::new();
    let mut end = start;
    let ranges = lines_in(source, start..source.len()).skip_while(|range| source[range.clone()].trim().is_empty());
    for range in ranges.take(MOST_HEADER_LINES) {
        let line = &source[range.clone()];
        if line.trim().is_empty() {
            break;
        }
        let is_org = line.starts_with("#+");
        match line.trim_start_matches("#+").split_once(':') {
            Some((key, value)) if !line.starts_with([' ', '\t']) && (is_org || value.starts_with([' ', '\t'])) => {
                entries.push(Entry {
                    key: key.to_owned(),
                    values: vec![Value::text(value.trim())],
                    range: range.clone(),
                });
            }
            _ if line.starts_with([' ', '\t']) => {
                let last = entries.last_mut()?;
                let text = &mut last.values.first_mut()?.text;
                text.push(' ');
                text.push_str(line.trim());
                last.range.end = range.end;
            }
            _ => return None,
        }
        end = range.end;
    }
    let has_title = entries.iter().any(|entry| Field::of_label(&entry.key) == Some(Field::Title));
    has_title.then_some((entries, end))
}

/// Reads the lines of Pandoc: `% title`, `% authors`, `% date`, each with its indented lines.
fn percent(source: &str, start: usize) -> Found {
    const KEYS: [&str; 3] = ["title", "author", "date"];
    let mut entries: Vec<Entry> = Vec::new();
    let mut end = start;
    for range in lines_in(source, start..source.len()).skip_while(|range| source[range.clone()].trim().is_empty()) {
        let line = &source[range.clone()];
        match (line.strip_prefix('%'), entries.last_mut()) {
            (Some(value), _) if value.is_empty() || value.starts_with(' ') => {
                let key = KEYS.get(entries.len())?;
                entries.push(Entry {
                    key: (*key).to_owned(),
                    values: vec![Value::text(value.trim())],
                    range: range.clone(),
                });
            }
            (None, Some(last)) if line.starts_with([' ', '\t']) && !line.trim().is_empty() => {
                let text = &mut last.values.first_mut()?.text;
                // A line is an author; a title goes on.
                text.push_str(if last.key == KEYS[1] { "; " } else { " " });
                text.push_str(line.trim());
                last.range.end = range.end;
            }
            _ => break,
        }
        end = range.end;
    }
    let is_followed = source[end..].lines().nth(1).is_none_or(|line| line.trim().is_empty());
    (is_followed && entries.first()?.values.first()?.text.contains(char::is_alphabetic)).then_some((entries, end))
}

/// Makes a passage of the lines of a field.
fn push_passage(source: &str, entry: &Entry, lines: &Lines, blocks: &mut Vec<Block>) {
    let kind = if is_abstract(&entry.key) { BlockKind::Abstract } else { BlockKind::Metadata };
    let mut text = RunningText::new(source, lines);
    for (at, range) in lines_in(source, entry.range.clone()).enumerate() {
        text.join(Join::Line);
        if at == 0 {
            text.push(range.start..scalar::before_indicator(source, range));
        } else {
            let shown = scalar::behind_dash(source, range.clone());
            let is_next_item = at > 1 && source[range.start..shown.start].contains('-');
            if is_next_item {
                text.join(Join::None);
                text.push_foreign(", ");
            }
            text.push(shown);
        }
    }
    blocks.extend(text.take(kind));
}

fn is_abstract(key: &str) -> bool {
    let is_description =
        || matches!(key.trim().to_lowercase().as_str(), "description" | "описание" | "简介" | "excerpt");
    Field::of_label(key) == Some(Field::Abstract) || is_description()
}

/// Fills in the field of the metadata that an entry names.
fn set(metadata: &mut Metadata, entry: &Entry) {
    let Some(field) = Field::of_label(&entry.key) else { return };
    let mut texts = entry.values.iter().map(|value| scalar::without_links(&value.text));
    match field {
        Field::Keywords => {
            let room = MOST_NAMES.saturating_sub(metadata.keywords.len());
            metadata.keywords.extend(entry.values.iter().flat_map(keywords).take(room));
        }
        Field::Authors => {
            for name in entry.values.iter().filter_map(name) {
                metadata_field::set(metadata, field, &name);
            }
        }
        Field::Abstract | Field::AboutAuthors => {}
        Field::Date => {
            if let Some(date) = texts.find_map(|text| date(&text)) {
                metadata_field::set(metadata, field, &date.to_string());
            }
        }
        _ => {
            let Some(text) = texts.next() else { return };
            // Not a reference to a journal with its numbers, so the name of a journal alone.
            if !metadata_field::set(metadata, field, &text) && field == Field::Source {
                metadata_field::set(metadata, Field::Journal, &text);
            }
        }
    }
}

/// Returns the keywords of a value: an item of a list is one, a text is divided at its marks.
fn keywords(value: &Value) -> Vec<String> {
    let text = scalar::without_links(&value.text);
    let parts: Vec<&str> =
        if value.is_item { vec![&*text] } else { text.split([';', '；', ',', '，', '、']).collect() };
    let parts = parts.into_iter().map(|part| part.trim().trim_start_matches('#'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Returns the name of an author: a text, or what a mapping calls a name.
fn name(value: &Value) -> Option<String> {
    if value.pairs.is_empty() {
        return Some(scalar::without_links(&value.text).into_owned()).filter(|name| !name.is_empty());
    }
    let of = |keys: &[&str]| {
        let found = value.pairs.iter().find(|(key, _)| keys.contains(&key.to_lowercase().as_str()));
        found.map(|(_, text)| text.as_str()).filter(|text| !text.is_empty())
    };
    if let Some(name) = of(&["name", "fullname", "full_name", "literal", "имя", "фио", "姓名", "名字", "author"])
    {
        return Some(scalar::without_links(name).into_owned());
    }
    match (of(&["given", "first", "firstname", "given-names"]), of(&["family", "last", "lastname", "surname"])) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (given, family) => family.or(given).map(str::to_owned),
    }
    // `- Anna Petrova: {…}`: the key is the name.
    .or_else(|| value.pairs.first().filter(|(_, text)| text.is_empty()).map(|(key, _)| key.clone()))
}

/// Returns the date of a text, also of `20240506`.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_date(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
    }
    (text.chars().count() <= 60).then(|| read_date(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Syntax, parse};

    #[test]
    fn fields_of_all_kinds() {
        let source = "---\ntitle: \"停火: 前景\"\nauthors: [Чжан Хун, 'A. Smith']\ndate: 2025-04-11\nkeywords:\n  - война\n  - peace\nother: x\n---\n\ntext\n";
        let article = parse(source, Syntax::Markdown);
        assert_eq!(article.metadata.title.as_deref(), Some("停火: 前景"));
        assert_eq!(article.metadata.authors, ["Чжан Хун", "A. Smith"]);
        assert_eq!(article.metadata.date.map(|date| date.to_string()).as_deref(), Some("2025-04-11"));
        assert_eq!(article.metadata.keywords, ["война", "peace"]);
        assert_eq!(article.passages.len(), 6);
        assert_eq!(article.passages[3].text, "keywords: война, peace");
        assert_eq!(article.passages[5].text, "text");
    }

    /// Checks title, authors, date and keywords of a source.
    fn check(source: &str, title: &str, authors: &[&str], date: &str, keywords: &[&str]) {
        let metadata = parse(source, Syntax::Markdown).metadata;
        assert_eq!(metadata.title.unwrap_or_default(), title, "{source}");
        assert_eq!(metadata.authors, authors, "{source}");
        assert_eq!(metadata.date.map_or_else(String::new, |date| date.to_string()), date, "{source}");
        assert_eq!(metadata.keywords, keywords, "{source}");
    }

    #[test]
    fn scalars_of_yaml() {
        let title =
            |value: &str, expected: &str| check(&format!("---\ntitle: {value}\n---\nx\n"), expected, &[], "", &[]);
        title("Ice: an outlook (2nd: part)", "Ice: an outlook (2nd: part)");
        title("\"An \\\"icy\\\" road\" # draft", "An \"icy\" road");
        title("'It''s ice'", "It's ice");
        title("\"\\u51b0\\x21\"", "冰!");
        title(">\n  Лёд и\n  порты\n", "Лёд и порты");
        title("|-\n  Ice\n\n  and ports", "Ice and ports");
        title(">2+ # folded\n    航道", "航道");
        title("Ice and\n  ports # draft", "Ice and ports");
        title("\n  Ice below", "Ice below");
        title("&name !!str Ice", "Ice");
        title("C# and ice", "C# and ice");
        title("2024", "2024");
        title("\"not closed", "\"not closed");
        title("first\ntitle: second", "first");
    }

    #[test]
    fn authors_of_all_shapes() {
        let authors = |value: &str, expected: &[&str]| {
            check(&format!("---\ntitle: x\nauthor: {value}\n---\nx\n"), "x", expected, "", &[])
        };
        authors("\"Orlova, Anna\"", &["Orlova, Anna"]);
        authors("\n- name: Anna Orlova\n  orcid: 0000-0001\n- name: Bo Li\n", &["Anna Orlova", "Bo Li"]);
        authors("\n  - orcid: 1\n    name: 林舟\n  - 李明", &["林舟", "李明"]);
        authors("\n  name: Анна Орлова\n  email: a@b.ru", &["Анна Орлова"]);
        authors("{name: Anna Orlova, orcid: 1}", &["Anna Orlova"]);
        authors("[{name: Anna Orlova, orcid: 1}, {name: \"Bo Li\"}]", &["Anna Orlova", "Bo Li"]);
        authors("[Anna Orlova,\n  Bo Li]", &["Anna Orlova", "Bo Li"]);
        authors("\n- {given: Anna, family: Orlova}\n- family: Li\n  given: Bo", &["Anna Orlova", "Bo Li"]);
        authors("\n- Anna Orlova:\n    institute: ice\n- Bo Li", &["Anna Orlova", "Bo Li"]);
        authors("\n  - \"[[Орлова А. Н.]]\"\n  - \"[[people/li|Bo Li]]\"", &["Орлова А. Н.", "Bo Li"]);
        authors("[]", &[]);
        authors("", &[]);
    }

    #[test]
    fn dates_and_keywords() {
        for (value, expected) in [
            ("20240317", "2024-03-17"),
            ("2024-03-17T08:30:00Z", "2024-03-17"),
            ("17 марта 2024", "2024-03-17"),
            ("March 2024", "2024-03"),
            ("'2024'", "2024"),
            ("17.03.2024 # day", "2024-03-17"),
            ("2024-02-30", ""),
            ("20241345", ""),
            ("soon", ""),
        ] {
            check(&format!("---\ntitle: x\ndate: {value}\n---\nx\n"), "x", &[], expected, &[]);
        }
        check("---\ntitle: x\ntags: [ice road, 'порт']\n---\n", "x", &[], "", &["ice road", "порт"]);
        check("---\ntitle: x\n关键词: 冰；航道\n---\n", "x", &[], "", &["冰", "航道"]);
        check("---\ntitle: x\nтеги:\n- порт/лёд\n-  \"#море\"\n---\n", "x", &[], "", &["порт/лёд", "море"]);
    }

    #[test]
    fn other_front_matter() {
        check(
            "+++\ntitle = \"Ice\" # one\ndate = 2024-03-17\ntags = [\n  \"a b\",\n  'c',\n]\n[[authors]]\nname = \"Bo Li\"\nfield = \"ice\"\n[extra]\nx = 1\n+++\ntext\n",
            "Ice",
            &["Bo Li"],
            "2024-03-17",
            &["a b", "c"],
        );
        check("+++\ntitle = \"\"\"\nIce and\nports\"\"\"\ndate = 2024\n+++\n", "Ice and ports", &[], "2024", &[]);
        check(
            "{\n  \"title\": \"Лёд\",\n  \"date\": \"2024-03\",\n  \"authors\": [{\"name\": \"Bo Li\"}],\n  \"tags\":[\"a\",\"b\"]\n}\n\ntext\n",
            "Лёд",
            &["Bo Li"],
            "2024-03",
            &["a", "b"],
        );
        check("Title: Ice\nAuthor: Bo Li\nDate: 2024\n  -03\n\ntext\n", "Ice", &["Bo Li"], "2024", &[]);
        check("#+TITLE: Ice\n#+AUTHOR: Bo Li\n\ntext\n", "Ice", &["Bo Li"], "", &[]);
        check(
            "% Ice and\n  ports\n% Bo Li\n  Anna Orlova\n% March 2024\n\ntext\n",
            "Ice and ports",
            &["Bo Li", "Anna Orlova"],
            "2024-03",
            &[],
        );
    }

    #[test]
    fn nothing_of_it_is_invisible() {
        for source in [
            "---\n# draft\ntitle: > # kept\n  Ice\nabstract: |\n  Line one.\n  Line two.\n\nstatus: old\nx: {a: b}\n---\ntext\n",
            "+++\n# draft\ntitle = \"Ice\" # kept\n[extra]\nabstract = \"\"\"\nLine one.\nLine two.\"\"\"\nstatus = \"old\"\n+++\ntext\n",
        ] {
            let article = parse(source, Syntax::Markdown);
            let all: Vec<&str> = article.passages.iter().map(|passage| passage.text.as_str()).collect();
            for words in ["draft", "Ice", "kept", "Line one. Line two.", "old", "text"] {
                assert!(all.iter().any(|text| text.contains(words)), "{words} in {all:?}");
            }
            assert!(article.passages.iter().any(|passage| passage.kind == Kind::Abstract));
        }
    }

    #[test]
    fn keys_in_three_languages() {
        let metadata = |fields: &str| parse(&format!("---\n{fields}\n---\n\ntext\n"), Syntax::Markdown).metadata;
        let zh =
            metadata("标题: 停火\n作者: [林舟, 李明]\n刊名: 极地与海洋\n年份: 2025\n期: 2\n页码: 48-70\n出版地: 北京");
        assert_eq!((zh.title.as_deref(), zh.appeared.journal.as_deref()), (Some("停火"), Some("极地与海洋")));
        assert_eq!((zh.authors.join(" "), zh.appeared.issue.as_deref()), ("林舟 李明".to_owned(), Some("2")));
        assert_eq!(
            (zh.appeared.first_page, zh.appeared.pages, zh.appeared.place.as_deref()),
            (Some(48), Some(23), Some("北京"))
        );
        let ru =
            metadata("автор: Иванов П. С., Петров А. Б.\nдата: 11 апреля 2025 г.\nисточник: Полис. 2025. № 2. С. 5–9");
        assert_eq!((ru.authors.len(), ru.date.unwrap().to_string()), (2, "2025-04-11".to_owned()));
        assert_eq!((ru.appeared.journal.as_deref(), ru.appeared.issue.as_deref()), (Some("Полис"), Some("2")));
        let en = metadata(
            "source: https://example.org/a\ndoi: 10.1000/1\nvolume: 3\nissn: 1234-567X\nyear: 2024\ndate: 2024-05-01",
        );
        assert_eq!(
            (en.appeared.url.as_deref(), en.appeared.doi.as_deref()),
            (Some("https://example.org/a"), Some("10.1000/1"))
        );
        assert_eq!((en.appeared.volume.as_deref(), en.date.unwrap().to_string()), (Some("3"), "2024-05-01".to_owned()));
        let mixed = metadata("author: Ann Smith\n来源: 人民日报");
        assert_eq!(
            (mixed.authors.join(""), mixed.appeared.journal.as_deref()),
            ("Ann Smith".to_owned(), Some("人民日报"))
        );
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        for source in [
            "---\n\ntext\n\n---\n",
            "---\ntext without end: 1\n",
            "text\n---\na: b\n---\n",
            "---\ntext: 1\nwithout a colon\n---\n",
        ] {
            assert_eq!(parse(source, Syntax::Markdown).metadata.title, None, "{source:?}");
            assert!(parse(source, Syntax::Markdown).passages.iter().any(|passage| passage.text.contains("text")));
        }
    }
}
