//! Front matter: `key: value` lines between two `---` lines at the very top.
//!
//! Reads the subset of YAML that articles use: strings, quoted or not, and lists
//! in brackets or as `- item` lines. Every line becomes a passage and so can be
//! found; the lines of known fields also fill the metadata.

use super::Metadata;
use super::blocks::{Block, BlockKind};
use super::lines::{Lines, lines_in};
use super::metadata::MOST_NAMES;
use super::metadata_field::{self, Field};
use super::running_text::RunningText;

/// Reads the front matter, if there is any, and returns where the body begins.
pub(super) fn read(
    source: &str,
    start: usize,
    lines: &Lines,
    metadata: &mut Metadata,
    blocks: &mut Vec<Block>,
) -> usize {
    let Some(fields) = find(source, start) else { return start };
    // The field of the last key: the lines of a list belong to it.
    let mut field = None;
    let mut text = RunningText::new(source, lines);
    for range in lines_in(source, fields.start..fields.end) {
        let line = &source[range.clone()];
        let value = match line.split_once(':') {
            Some((name, value)) if !line.starts_with([' ', '-']) => {
                field = Field::of_label(name);
                value
            }
            _ => line.trim_start().trim_start_matches('-'),
        };
        if let Some(field) = field {
            set(metadata, field, value);
        }
        text.push(range);
        blocks.extend(text.take(BlockKind::Metadata));
    }
    fields.body
}

struct FieldLines {
    start: usize,
    end: usize,
    body: usize,
}

/// Returns the ranges of front matter, if the first line is `---`, the second a field, and a fence ends it.
fn find(source: &str, start: usize) -> Option<FieldLines> {
    let is_fence = |line: &str| matches!(line.trim_end(), "---" | "...");
    let mut ranges = lines_in(source, start..source.len());
    let first = ranges.next().filter(|range| source[range.clone()].trim_end() == "---")?;
    let fields = source.len().min(first.end + source[first.end..].find('\n')? + 1);
    let mut ranges = ranges.peekable();
    ranges.peek().filter(|range| source[(*range).clone()].contains(':'))?;
    let end = ranges.find(|range| is_fence(&source[range.clone()]))?;
    Some(FieldLines { start: fields, end: end.start, body: end.end })
}

fn set(metadata: &mut Metadata, field: Field, value: &str) {
    match field {
        Field::Keywords => {
            let room = MOST_NAMES.saturating_sub(metadata.keywords.len());
            metadata.keywords.extend(list(value).into_iter().take(room));
        }
        Field::Authors => {
            for names in list(value) {
                metadata_field::set(metadata, field, &names);
            }
        }
        Field::Abstract | Field::AboutAuthors => {}
        // Not a reference to a journal with its numbers, so the name of a journal alone.
        Field::Source if !metadata_field::set(metadata, field, unquote(value)) => {
            metadata_field::set(metadata, Field::Journal, unquote(value));
        }
        _ => {
            metadata_field::set(metadata, field, unquote(value));
        }
    }
}

/// Reads `[a, "b"]` or a single value.
fn list(value: &str) -> Vec<String> {
    let value = value.trim();
    let inner = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
    let items: Vec<&str> = inner.map_or_else(|| vec![value], |inner| inner.split(',').collect());
    items.into_iter().map(unquote).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

fn unquote(value: &str) -> &str {
    let value = value.trim();
    ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};

    #[test]
    fn fields_of_all_kinds() {
        let source = "---\ntitle: \"停火: 前景\"\nauthors: [Чжан Хун, 'A. Smith']\ndate: 2025-04-11\nkeywords:\n  - война\n  - peace\nother: x\n---\n\ntext\n";
        let article = parse(source, Syntax::Markdown);
        assert_eq!(article.metadata.title.as_deref(), Some("停火: 前景"));
        assert_eq!(article.metadata.authors, ["Чжан Хун", "A. Smith"]);
        assert_eq!(article.metadata.date.map(|date| date.to_string()).as_deref(), Some("2025-04-11"));
        assert_eq!(article.metadata.keywords, ["война", "peace"]);
        assert_eq!(article.passages.len(), 8);
        assert_eq!(article.passages[7].text, "text");
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
        for source in ["---\n\ntext\n\n---\n", "---\ntext without end: 1\n", "text\n---\na: b\n---\n"] {
            assert_eq!(parse(source, Syntax::Markdown).metadata.title, None, "{source:?}");
            assert!(parse(source, Syntax::Markdown).passages.iter().any(|passage| passage.text.contains("text")));
        }
    }
}
