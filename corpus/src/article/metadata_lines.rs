//! Metadata in the text itself: lines that begin with a label.
//!
//! 【内容提要】 【关键词】 【文章编号】 of Chinese journals, Аннотация, Ключевые
//! слова and УДК of Russian ones, Abstract and Keywords of English ones. Each
//! such line stays a passage, of its own kind.

use super::blocks::{Block, BlockKind};
use super::{Date, Metadata};

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Abstract,
    Keywords,
    Authors,
    Classification,
    ArticleNumber,
    Received,
    Other,
}

/// Labels, in lower case and without blanks.
const LABELS: [(&str, Field); 33] = [
    ("内容提要", Field::Abstract),
    ("摘要", Field::Abstract),
    ("提要", Field::Abstract),
    ("內容提要", Field::Abstract),
    ("关键词", Field::Keywords),
    ("關鍵詞", Field::Keywords),
    ("关键字", Field::Keywords),
    ("關鍵字", Field::Keywords),
    ("作者简介", Field::Authors),
    ("作者簡介", Field::Authors),
    ("作者", Field::Authors),
    ("中图分类号", Field::Classification),
    ("分类号", Field::Classification),
    ("文献标识码", Field::Other),
    ("文章编号", Field::ArticleNumber),
    ("收稿日期", Field::Received),
    ("修回日期", Field::Other),
    ("基金项目", Field::Other),
    ("责任编辑", Field::Other),
    ("аннотация", Field::Abstract),
    ("резюме", Field::Abstract),
    ("ключевыеслова", Field::Keywords),
    ("удк", Field::Classification),
    ("ббк", Field::Other),
    ("обавторе", Field::Authors),
    ("датапоступления", Field::Received),
    ("abstract", Field::Abstract),
    ("summary", Field::Abstract),
    ("keywords", Field::Keywords),
    ("doi", Field::Other),
    ("udc", Field::Classification),
    ("jel", Field::Other),
    ("received", Field::Received),
];

/// Only so many blocks at either end of an article can be metadata.
const FIRST_BLOCKS: usize = 25;
const LAST_BLOCKS: usize = 8;
/// A longer line under the title is no list of authors.
const LONGEST_AUTHORS: usize = 60;

/// Finds metadata among the blocks: gives those blocks their kind and fills in what is not known yet.
pub(super) fn read(blocks: &mut [Block], title: Option<usize>, metadata: &mut Metadata) {
    let count = blocks.len();
    let mut is_abstract_open = false;
    let mut under_title = None;
    for (at, block) in blocks.iter_mut().enumerate() {
        if at >= FIRST_BLOCKS && at + LAST_BLOCKS < count {
            continue;
        }
        match block.kind {
            BlockKind::Heading(_) => {
                is_abstract_open = label_field(&block.text) == Some(Field::Abstract);
                under_title = (Some(at) == title).then_some(at + 1);
            }
            BlockKind::Paragraph => {
                let labelled = labelled(&block.text).map(|(field, value)| (field, value.to_owned()));
                if let Some((field, value)) = labelled {
                    set(metadata, field, &value);
                    block.kind = if field == Field::Abstract { BlockKind::Abstract } else { BlockKind::Metadata };
                } else if is_abstract_open {
                    block.kind = BlockKind::Abstract;
                } else if under_title == Some(at) {
                    metadata.authors.extend(
                        names_under_title(&block.text).filter(|_| metadata.authors.is_empty()).into_iter().flatten(),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Splits a line into its label and its value, if it has a label.
fn labelled(text: &str) -> Option<(Field, &str)> {
    if let Some(inside) = text.strip_prefix(['【', '〔', '[']) {
        let (label, value) = inside.split_once(['】', '〕', ']'])?;
        // 【收稿日期：2025-04-07】
        let (label, own) = label.split_once(['：', ':']).unwrap_or((label, value));
        return Some((label_field(label)?, own.trim_start_matches(['：', ':']).trim()));
    }
    if let Some(inside) = text.strip_prefix(['（', '(']) {
        let (label, value) = inside.split_once(['：', ':'])?;
        return Some((label_field(label)?, value.trim_end_matches(['）', ')']).trim()));
    }
    let (label, value) = text.split_once(['：', ':', '.', '—'])?;
    if label.chars().count() <= 20
        && let Some(field) = label_field(label)
    {
        return Some((field, value.trim()));
    }
    // УДК 327.5
    let (label, value) = text.split_once(' ')?;
    label_field(label).filter(|&field| field == Field::Classification).map(|field| (field, value.trim()))
}

fn label_field(label: &str) -> Option<Field> {
    if label.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let label: String = label.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    LABELS.iter().find(|(known, _)| *known == label).map(|&(_, field)| field)
}

fn set(metadata: &mut Metadata, field: Field, value: &str) {
    match field {
        Field::Keywords if metadata.keywords.is_empty() => metadata.keywords = keywords(value),
        Field::Authors => {
            let names: Vec<String> = value.split(['；', ';', '。']).filter_map(name_before_comma).collect();
            if !names.is_empty() {
                metadata.authors = names;
            }
        }
        Field::Classification => metadata.classification = metadata.classification.take().or(Some(value.to_owned())),
        Field::ArticleNumber => set_article_number(metadata, value),
        Field::Received => metadata.received = metadata.received.or_else(|| Date::parse(value)),
        _ => {}
    }
}

fn keywords(value: &str) -> Vec<String> {
    let value = value.trim_end_matches(['.', '。']);
    let has_marks = value.contains([';', '；', ',', '，', '、']);
    let items: Vec<&str> = if has_marks {
        value.split([';', '；', ',', '，', '、']).collect()
    } else {
        value.split_whitespace().collect()
    };
    items.into_iter().map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// 张弘，中国社科院研究员: the name is what stands before the comma.
fn name_before_comma(text: &str) -> Option<String> {
    let (name, _) = text.trim().split_once(['，', ',', '（', '('])?;
    let squeezed: String =
        if name.is_ascii() { name.trim().to_owned() } else { without_blanks_between_han(name.trim()) };
    (1..=40).contains(&squeezed.chars().count()).then_some(squeezed)
}

/// The line under a title is the authors' if it is short and no sentence: 张 弘, or П. С. Иванов, А. Б. Петров.
fn names_under_title(text: &str) -> Option<Vec<String>> {
    let is_sentence = text.ends_with(['。', '！', '？', '!', '?', ':', '：'])
        || (text.ends_with('.') && text.split_whitespace().count() > 6);
    if text.chars().count() > LONGEST_AUTHORS || is_sentence || text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let has_han = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let is_name = |name: &str| {
        let words = name.split_whitespace().count();
        if has_han {
            (2..=4).contains(&name.chars().count())
        } else {
            (2..=4).contains(&words) && name.starts_with(char::is_uppercase)
        }
    };
    let separated = text.replace(" and ", ",").replace(" и ", ",");
    let names: Vec<String> = separated
        .split([',', '，', '、', ';', '；'])
        .map(|name| without_blanks_between_han(name.trim()))
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty() && names.iter().all(|name| is_name(name))).then_some(names)
}

fn without_blanks_between_han(name: &str) -> String {
    if name.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        name.split_whitespace().collect()
    } else {
        name.to_owned()
    }
}

/// `1006-6241 (2025) 02-0048-23`: ISSN, year, issue, first page, number of pages.
fn set_article_number(metadata: &mut Metadata, value: &str) {
    let plain: String = value
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '—' | '–' | '－' => '-',
            c => c,
        })
        .collect();
    let Some((issn, rest)) = plain.split_once('(') else { return };
    let Some((year, rest)) = rest.split_once(')') else { return };
    let mut numbers = rest.trim().split('-').map(str::trim);
    metadata.issn = Some(issn.trim().to_owned())
        .filter(|issn| issn.len() == 9 && issn.is_char_boundary(4) && issn[4..].starts_with('-'));
    metadata.date = metadata.date.or_else(|| Date::parse(year.trim()));
    metadata.issue =
        numbers.next().filter(|issue| !issue.is_empty()).map(|issue| issue.trim_start_matches('0').to_owned());
    metadata.first_page = numbers.next().and_then(|page| page.parse().ok());
    metadata.pages = numbers.next().and_then(|pages| pages.parse().ok());
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Syntax, parse};

    #[test]
    fn a_chinese_journal() {
        let source = "## 前景： 博弈<sup>[1]</sup>\n\n张 弘\n\n【内容提要】停火仍无期。\n\n【关键词】美俄关系 乌克兰危机\n\n【作者简介】张弘，中国社科院研究员，博士。\n\n【中图分类号】D815\n\n【文章编号】1006-6241 (2025) 02-0048-23\n\n正文。\n\n【收稿日期：2025-04-07】\n";
        let article = parse(source, Syntax::Markdown);
        let metadata = &article.metadata;
        assert_eq!(metadata.title.as_deref(), Some("前景： 博弈"));
        assert_eq!(metadata.authors, ["张弘"]);
        assert_eq!(metadata.keywords, ["美俄关系", "乌克兰危机"]);
        assert_eq!(metadata.date.unwrap().to_string(), "2025");
        assert_eq!(metadata.received.unwrap().to_string(), "2025-04-07");
        assert_eq!((metadata.issn.as_deref(), metadata.issue.as_deref()), (Some("1006-6241"), Some("2")));
        assert_eq!((metadata.first_page, metadata.pages), (Some(48), Some(23)));
        assert_eq!(metadata.classification.as_deref(), Some("D815"));
        let kinds: Vec<Kind> = article.passages.iter().map(|passage| passage.kind).collect();
        assert_eq!(kinds[2], Kind::Abstract);
        assert_eq!(kinds.iter().filter(|&&kind| kind == Kind::Metadata).count(), 5);
    }

    #[test]
    fn russian_and_english_conventions() {
        let article = parse(
            "УДК 327.5\n\n# Мир\n\nП. С. Иванов, А. Б. Петрова\n\n**Аннотация.** О мире.\n\n**Ключевые слова:** мир, война.\n\nТекст.\n",
            Syntax::Markdown,
        );
        assert_eq!(article.metadata.authors, ["П. С. Иванов", "А. Б. Петрова"]);
        assert_eq!(article.metadata.keywords, ["мир", "война"]);
        assert_eq!(article.metadata.classification.as_deref(), Some("327.5"));
        assert_eq!(article.passages[3].kind, Kind::Abstract);
        let article = parse(
            "# Peace\n\nAnn Smith and Bo Li\n\n## Abstract\n\nOn peace.\n\nKeywords: peace; war\n\n## 1. Start\n\nText.\n",
            Syntax::Markdown,
        );
        assert_eq!(article.metadata.authors, ["Ann Smith", "Bo Li"]);
        assert_eq!(article.metadata.keywords, ["peace", "war"]);
        assert_eq!(article.passages[3].kind, Kind::Abstract);
    }
}
