//! Metadata in the text itself: lines that begin with a label.
//!
//! Chinese journals have 【内容提要】 【关键词】 【文章编号】 【来源】, Russian ones Аннотация,
//! Ключевые слова and УДК, English ones Abstract, Keywords and DOI. Each such line
//! becomes a passage of kind metadata or abstract; a line whose value does not fit
//! its label stays a paragraph.

use super::Metadata;
use super::authors::names_under_title;
use super::blocks::{Block, BlockKind};
use super::metadata_field::{Field, set};

/// The number of blocks at the beginning of an article that can be metadata.
const FIRST_BLOCKS: usize = 25;
/// The same at its end.
const LAST_BLOCKS: usize = 8;

/// Finds metadata among the blocks: sets the kind of such blocks and fills in fields that are not known yet.
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
                is_abstract_open = Field::of_label(&block.text) == Some(Field::Abstract);
                under_title = (Some(at) == title).then_some(at + 1);
            }
            BlockKind::Paragraph => {
                let labelled = labelled(&block.text).filter(|&(field, value)| set(metadata, field, value));
                if let Some((field, _)) = labelled {
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

/// Returns whether a line begins with a label.
pub(super) fn is_labelled(text: &str) -> bool {
    labelled(text).is_some()
}

/// Splits a line into its label and its value, if it has a label.
fn labelled(text: &str) -> Option<(Field, &str)> {
    if let Some(inside) = text.strip_prefix(['【', '〔', '[']) {
        let (label, value) = inside.split_once(['】', '〕', ']'])?;
        // The value can stand inside the brackets: 【收稿日期：2025-03-18】.
        let (label, own) = label.split_once(['：', ':']).unwrap_or((label, value));
        return Some((Field::of_label(label)?, own.trim_start_matches(['：', ':']).trim()));
    }
    if let Some(inside) = text.strip_prefix(['（', '(']) {
        let (label, value) = inside.split_once(['：', ':'])?;
        return Some((Field::of_label(label)?, value.trim_end_matches(['）', ')']).trim()));
    }
    let (label, value) = text.split_once(['：', ':', '.', '—'])?;
    if label.chars().count() <= 20
        && let Some(field) = Field::of_label(label)
    {
        // Any sentence may begin with "Source" or "Год"; these are labels only with a colon (and a value that fits).
        let is_marked = text[label.len()..].starts_with(['：', ':']) && field != Field::Title && field != Field::Place;
        return (field.is_of_lines() || is_marked).then(|| (field, value.trim()));
    }
    // УДК 327.5, DOI 10.1000/1
    let (label, value) = text.split_once(' ')?;
    let field = Field::of_label(label).filter(|field| matches!(field, Field::Classification | Field::Doi))?;
    Some((field, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Syntax, parse};

    #[test]
    fn a_chinese_journal() {
        let source = "## 前景： 博弈<sup>[1]</sup>\n\n林 舟\n\n【内容提要】停火仍无期。\n\n【关键词】美俄关系 乌克兰危机\n\n【作者简介】林舟，中国社科院研究员，博士。\n\n【中图分类号】D815\n\n【文章编号】1006-4127 (2025) 02-0071-19\n\n正文。\n\n【收稿日期：2025-03-18】\n";
        let article = parse(source, Syntax::Markdown);
        let metadata = &article.metadata;
        assert_eq!(metadata.title.as_deref(), Some("前景： 博弈"));
        assert_eq!(metadata.authors, ["林舟"]);
        assert_eq!(metadata.keywords, ["美俄关系", "乌克兰危机"]);
        assert_eq!(metadata.date.unwrap().to_string(), "2025");
        assert_eq!(metadata.appeared.received.unwrap().to_string(), "2025-03-18");
        assert_eq!(
            (metadata.appeared.issn.as_deref(), metadata.appeared.issue.as_deref()),
            (Some("1006-4127"), Some("2"))
        );
        assert_eq!((metadata.appeared.first_page, metadata.appeared.pages), (Some(71), Some(19)));
        assert_eq!(metadata.appeared.classification.as_deref(), Some("D815"));
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
        assert_eq!(article.metadata.appeared.classification.as_deref(), Some("327.5"));
        assert_eq!(article.passages[3].kind, Kind::Abstract);
        let article = parse(
            "# Peace\n\nAnn Smith and Bo Li\n\n## Abstract\n\nOn peace.\n\nKeywords: peace; war\n\n## 1. Start\n\nText.\n",
            Syntax::Markdown,
        );
        assert_eq!(article.metadata.authors, ["Ann Smith", "Bo Li"]);
        assert_eq!(article.metadata.keywords, ["peace", "war"]);
        assert_eq!(article.passages[3].kind, Kind::Abstract);
    }

    #[test]
    fn where_it_appeared() {
        let metadata = |lines: &str| parse(&format!("# 标题\n\n{lines}\n\n正文。\n"), Syntax::Markdown).metadata;
        let zh = metadata(
            "作者：葉思岑\n\n【来源】《极地与海洋》2025年第2期\n\n【DOI】10.1000/zh.1\n\n发布日期：2025年4月11日",
        );
        assert_eq!((zh.appeared.journal.as_deref(), zh.appeared.issue.as_deref()), (Some("极地与海洋"), Some("2")));
        assert_eq!((zh.authors, zh.appeared.doi.as_deref()), (vec!["葉思岑".to_owned()], Some("10.1000/zh.1")));
        assert_eq!(zh.date.unwrap().to_string(), "2025-04-11");
        let ru = metadata("Журнал: «Полис»\n\nТом: 3\n\nСтраницы: 48–70\n\nИздательство: Наука");
        assert_eq!((ru.appeared.journal.as_deref(), ru.appeared.volume.as_deref()), (Some("Полис"), Some("3")));
        assert_eq!(
            (ru.appeared.first_page, ru.appeared.pages, ru.appeared.publisher.as_deref()),
            (Some(48), Some(23), Some("Наука"))
        );
        let en = metadata("DOI: https://doi.org/10.1000/en.1\n\nJournal: World Politics\n\nISSN: 0043-8871");
        assert_eq!(
            (en.appeared.doi.as_deref(), en.appeared.journal.as_deref()),
            (Some("10.1000/en.1"), Some("World Politics"))
        );
        assert_eq!(en.appeared.issn.as_deref(), Some("0043-8871"));
    }

    #[test]
    fn a_line_that_only_looks_labelled_is_a_paragraph() {
        for line in [
            "来源：作者自制",
            "Источник: Росстат, 2023",
            "Source: World Bank",
            "Pages: 3",
            "Год. За ним другой.",
            "DOI: none",
        ] {
            let article = parse(&format!("# A\n\nB c.\n\n{line}\n\nText.\n"), Syntax::Markdown);
            assert_eq!(article.passages[2].kind, Kind::Body, "{line}");
            assert_eq!(article.metadata.appeared.journal, None, "{line}");
        }
    }
}
