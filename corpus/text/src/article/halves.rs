//! Halves: whether a paragraph goes on in the one below it.
//!
//! After a page break or notes a sentence that has not ended is nearly enough
//! ([`continues`]). After nothing but a blank line there must be more ([`goes_on`]): the
//! first is running text, not a heading, a line of verse, an address or a signature, and
//! the second does not begin as a paragraph does and comes to the end of a sentence.

use super::blocks::{Block, BlockKind};
use super::footnotes::label_of;
use super::headings::numbering;

/// A Chinese paragraph of so many characters that has a whole sentence before its broken one is running text.
const LEAST_WITH_SENTENCE: usize = 24;
/// The same of one with a comma at least. Headings have commas, too, but they are shorter.
const LEAST_WITH_COMMA: usize = 40;
/// The same where the sentence breaks off at a word that none ends or begins with.
const LEAST_BROKEN_OFF: usize = 16;
/// The shortest line of running text in other scripts: lines of verse and addresses are shorter.
const LEAST_LINE: usize = 45;
/// The shortest paragraph in other scripts that can be a first half.
const LEAST_LETTERS: usize = 60;

/// No more characters or pieces of a first half are looked at than these at its end.
const MOST_LOOKED_AT: usize = 200;

/// Whether a paragraph ends in the middle of a sentence.
pub(super) fn is_unfinished(text: &str) -> bool {
    last_of_sentence(text).is_some_and(|last| !is_sentence_end(last) && !matches!(last, '：' | ':' | '；' | ';'))
}

/// Whether the paragraph `second` can be the other half of the unfinished `first`, with a page break or notes between.
pub(super) fn continues(first: &str, second: &str) -> bool {
    let Some(next) = second.chars().next() else { return false };
    if matches!(next, '【' | '*' | '•') || numbering(second).is_some() {
        return false;
    }
    let last = first.trim_end().chars().next_back().unwrap_or(' ');
    if is_han(last) || is_han(next) || matches!(last, '，' | '、' | '“' | '《' | '（') {
        return !matches!(last, '）' | '】');
    }
    next.is_lowercase() || matches!(last, ',' | '-' | '–' | '—') || (next.is_numeric() && last.is_lowercase())
}

/// Whether `second` is the other half of `first`, with nothing but a blank line between.
///
/// Looks at no more than the ends of `first`, which may have grown out of very many.
pub(super) fn goes_on(first: &Block, second: &Block) -> bool {
    let end = end_of(&first.text);
    if !is_unfinished(end) || begins_anew(&second.text) || is_row(end) || is_row(&second.text) {
        return false;
    }
    if !last_line_is_full(first, end) || !comes_to_an_end(&second.text) || are_parallel(&first.text, end, &second.text)
    {
        return false;
    }
    let (Some(last), Some(next)) = (end.trim_end().chars().next_back(), second.text.chars().next()) else {
        return false;
    };
    if is_caption(&first.text) || is_byline(&first.text) {
        return false;
    }
    if is_han(last) || matches!(last, '，' | '、' | '“' | '《' | '（') {
        goes_on_in_chinese(end, last, next)
    } else {
        begins_sentence(&first.text) && goes_on_in_letters(end, last, &second.text, next)
    }
}

/// Returns the last characters of a text.
fn end_of(text: &str) -> &str {
    text.char_indices().rev().nth(MOST_LOOKED_AT - 1).map_or(text, |(at, _)| &text[at..])
}

/// Whether a paragraph is long enough to be running text that the number of a page can cut.
pub(super) fn is_long(text: &str) -> bool {
    let least = if text.contains(is_han) { LEAST_WITH_SENTENCE } else { LEAST_LINE };
    text.chars().nth(least - 1).is_some()
}

fn goes_on_in_chinese(first: &str, last: char, next: char) -> bool {
    let characters = first.chars().take(LEAST_WITH_COMMA).count();
    let is_running = match first.rfind(['。', '！', '？', '；']) {
        Some(end) => {
            characters >= LEAST_WITH_SENTENCE
                && !is_byline(first[end..].trim_start_matches(['。', '！', '？', '；', '”']))
        }
        None => characters >= LEAST_WITH_COMMA && first.contains('，'),
    };
    let breaks_off = characters >= LEAST_BROKEN_OFF && (ENDS_NOTHING.contains(last) || BEGINS_NOTHING.contains(next));
    (is_running || breaks_off)
        && (is_han(next) || next.is_alphanumeric() || "“‘《（(「".contains(next) || BEGINS_NOTHING.contains(next))
}

fn goes_on_in_letters(first: &str, last: char, second: &str, next: char) -> bool {
    let is_running = first.chars().nth(LEAST_LETTERS - 1).is_some();
    let last_word = first.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    // Items of a list that no colon announces.
    let is_item = second.ends_with([';', ',']);
    let agrees = !last.is_alphabetic() || is_cyrillic(last) == is_cyrillic(next);
    let in_lower_case = next.is_lowercase() && agrees && !is_item;
    let breaks_off = DANGLING.contains(&last_word) && (next.is_alphanumeric() || "“«\"".contains(next));
    is_running
        && (last.is_alphanumeric() || matches!(last, ',' | '-' | '–' | '—' | '”' | '»'))
        && (in_lower_case || breaks_off)
}

fn begins_sentence(text: &str) -> bool {
    let letter = text.chars().take(MOST_LOOKED_AT).find(|c| c.is_alphanumeric());
    letter.is_some_and(|letter| !letter.is_lowercase())
}

/// Whether two texts are clauses of one list: they begin alike (принимая во внимание…, 鉴于…), or the first ends before
/// the last item does (`; and`).
fn are_parallel(first: &str, end: &str, second: &str) -> bool {
    let beginning = |text: &str| {
        let letters = if text.starts_with(is_han) { 2 } else { 4 };
        text.chars().flat_map(char::to_lowercase).take(letters).collect::<String>()
    };
    let before_last_word = end.trim_end_matches(char::is_alphabetic).trim_end();
    let ends_item =
        before_last_word.ends_with(';') || (before_last_word.ends_with(',') && second.starts_with(char::is_uppercase));
    beginning(first) == beginning(second) || (ends_item && before_last_word.len() < end.len())
}

/// Whether a text begins as an item, a heading, a note, a caption or somebody's words do.
fn begins_anew(text: &str) -> bool {
    let bullets = ['【', '*', '•', '·', '●', '○', '■', '□', '◆', '▪', '-', '–', '—', '+', '#', '>', '|', '~', '='];
    // (a), б), iv)
    let is_item = || {
        let label = text.trim_start_matches(['(', '（']);
        let end = label.find([')', '）']).filter(|&end| label[..end].chars().count() <= 3);
        end.is_some_and(|end| end > 0 && label[..end].chars().all(char::is_alphanumeric))
    };
    text.starts_with(bullets)
        || numbering(text).is_some()
        || label_of(text, false).is_some()
        || is_item()
        || is_caption(text)
        || has_speaker(text)
}

/// Whether a text begins with 图1, 表 2, Рис. 3 or Table 4.
fn is_caption(text: &str) -> bool {
    ["图", "圖", "表", "рис.", "Рис.", "Таблица", "Table", "Figure", "Fig."].iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| {
            rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
        })
    })
}

/// Whether a text begins with a name or label before a colon: 问：, 王芳：, 地址：. Words that announce speech (指‖出：) are
/// none.
fn has_speaker(text: &str) -> bool {
    let label = text.char_indices().take(8).find(|(_, c)| *c == '：').map(|(at, _)| &text[..at]);
    label
        .and_then(|label| label.chars().next_back())
        .is_some_and(|last| !"示出道调為为称稱明说說是到知认述谈括下指".contains(last))
}

/// Whether a text is the line of a reporter or author below an article, or of the adoption of a law.
fn is_byline(text: &str) -> bool {
    let begins = ["记者", "本报", "本刊", "作者", "责任编辑", "责编", "编辑", "来源", "译者", "特约", "（记者"];
    let ends = ["施行", "通过", "通過", "公布", "修正", "修订", "修訂", "批准", "发布", "發布"];
    begins.iter().any(|word| text.trim_start().starts_with(word)) || ends.iter().any(|word| text.ends_with(word))
}

/// Whether a text has columns: the row of a table or of a list of addresses.
fn is_row(text: &str) -> bool {
    text.contains(['\t', '|']) || text.trim().contains("   ") || text.trim().contains("\u{3000}\u{3000}")
}

/// Whether a paragraph of several lines ends in a full one: the last line of a verse or of a paragraph that has ended is
/// shorter. Only lines that follow each other are compared; `end` is the end of the paragraph.
fn last_line_is_full(block: &Block, end: &str) -> bool {
    let mut lines: Vec<(u32, usize)> = Vec::new();
    for piece in block.pieces.iter().rev().take(MOST_LOOKED_AT) {
        match lines.last_mut() {
            Some((line, bytes)) if *line == piece.line => *bytes += piece.length,
            Some((line, _)) if *line != piece.line + 1 => break,
            _ => lines.push((piece.line, piece.length)),
        }
    }
    let longest = lines.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0);
    let last = lines.first().map_or(0, |(_, bytes)| *bytes);
    let least = if end.contains(is_han) { LEAST_BROKEN_OFF } else { LEAST_LINE };
    let least_bytes = least * end.len() / end.chars().count().max(1);
    lines.len() <= 1 || (last * 3 >= longest * 2 && longest >= least_bytes)
}

/// Whether a text has the end of a sentence, or is so long that it is cut again.
fn comes_to_an_end(text: &str) -> bool {
    let least = if text.contains(is_han) { LEAST_WITH_COMMA } else { LEAST_LETTERS };
    last_of_sentence(text).is_some_and(|last| is_sentence_end(last) || matches!(last, ':' | '：' | ';' | '；'))
        || text.contains(['。', '！', '？', '；'])
        || text.contains(". ")
        || text.chars().nth(least - 1).is_some()
}

fn last_of_sentence(text: &str) -> Option<char> {
    let inner = text.trim_end().trim_end_matches(['”', '’', '」', '』', '）', ')', ']', '》', '"', '»']);
    inner.chars().next_back()
}

fn is_sentence_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '.' | '…')
}

/// Returns the number of a page that is all there is in a text: `48`, `- 48 -`, `第48页`, `Page 48 of 120`.
pub(super) fn page_number(text: &str) -> Option<u32> {
    if text.len() > 40 {
        return None;
    }
    let inside = text.to_lowercase();
    let inside = inside.trim_matches(|c: char| c.is_whitespace() || "-–—―−·•~|".contains(c));
    let inside =
        ["page", "стр.", "с.", "p.", "第"].iter().find_map(|word| inside.strip_prefix(word)).unwrap_or(inside).trim();
    let digits = inside.find(|c: char| !c.is_ascii_digit()).unwrap_or(inside.len());
    let rest = inside[digits..].trim();
    let is_all = |rest: &str| !rest.is_empty() && rest.trim().chars().all(|c| c.is_ascii_digit());
    let ends = matches!(rest, "" | "页" | "頁")
        || ["/", "of", "из"].iter().any(|word| rest.strip_prefix(word).is_some_and(is_all));
    inside[..digits].parse().ok().filter(|_| ends && digits <= 4)
}

/// Whether a block can be the number of a page: Markdown takes `- 48 -` for an item.
pub(super) fn is_page_number(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Item) && page_number(&block.text).is_some()
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// Characters with which no Chinese sentence or heading ends.
const ENDS_NOTHING: &str = "的在和与與对對将將把被从從向于於及或且而但并並是为為以，、“《（";
/// Characters with which no Chinese paragraph begins.
const BEGINS_NOTHING: &str = "的了们們着地得，。、；：！？”’》）";

/// Words with which no sentence ends.
const DANGLING: [&str; 48] = [
    "the",
    "a",
    "an",
    "of",
    "and",
    "or",
    "to",
    "in",
    "on",
    "at",
    "by",
    "for",
    "with",
    "from",
    "that",
    "which",
    "as",
    "is",
    "are",
    "was",
    "were",
    "its",
    "their",
    "и",
    "а",
    "но",
    "или",
    "в",
    "во",
    "на",
    "с",
    "со",
    "к",
    "ко",
    "по",
    "о",
    "об",
    "от",
    "до",
    "из",
    "за",
    "для",
    "при",
    "что",
    "как",
    "не",
    "между",
    "через",
];

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};
    use super::*;

    #[test]
    fn what_goes_on_after_a_break() {
        for (first, second, expected) in [
            ("特朗普的经济部", "分解除制裁。", true),
            ("自2025年4", "月18日起", true),
            ("这是结尾。", "新的一段。", false),
            ("他说：“停火。”", "新的一段。", false),
            ("俄罗斯，", "美国与欧盟", true),
            ("某一句话", "（二）下一节", false),
            ("某一句话", "【关键词】停火", false),
            ("меры по обеспе-", "чению мира", true),
            ("стороны согласились", "продолжить переговоры", true),
            ("Заголовок без точки", "Новый абзац", false),
            ("the parties agreed", "to continue talks", true),
            ("The End", "A new paragraph", false),
        ] {
            assert_eq!(is_unfinished(first) && continues(first, second), expected, "{first} / {second}");
        }
    }

    /// Returns the texts of the passages of some paragraphs below a title.
    fn passages(paragraphs: &[&str], syntax: Syntax) -> Vec<String> {
        let source = format!("# 题目\n\n{}\n", paragraphs.join("\n\n"));
        parse(&source, syntax).passages.into_iter().skip(1).map(|passage| passage.text).collect()
    }

    const CHINESE: &str = "两国在航道上的合作已有二十年。随着冰层后退，沿岸各国对破冰服务的需";
    const RUSSIAN: &str = "Стороны договорились о том, что развитие портов на северном побережье требует";
    const ENGLISH: &str = "The parties agreed that the development of the northern ports would require a long";

    #[test]
    fn two_halves_are_one_paragraph() {
        for (paragraphs, expected) in [
            (&[CHINESE, "求不断上升。费率随之提高。"][..], format!("{CHINESE}求不断上升。费率随之提高。")),
            (
                &["各方认为，上述办法的实施还需要在", "年内完成评估。"],
                "各方认为，上述办法的实施还需要在年内完成评估。".to_owned(),
            ),
            (
                &["沿岸国家之间就引航收费达成谅解备忘录", "的谈判仍未结束。"],
                "沿岸国家之间就引航收费达成谅解备忘录的谈判仍未结束。".to_owned(),
            ),
            (&[RUSSIAN, "значительных вложений."], format!("{RUSSIAN} значительных вложений.")),
            (
                &[ENGLISH, "series of investments. They begin in May."],
                format!("{ENGLISH} series of investments. They begin in May."),
            ),
            (
                &["The commission was told in writing that the harbour belongs to the", "Republic of the Isles."],
                "The commission was told in writing that the harbour belongs to the Republic of the Isles.".to_owned(),
            ),
            (&[CHINESE, "- 48 -", "求不断上升。"], format!("{CHINESE}求不断上升。")),
            (&[RUSSIAN, "48", "значительных вложений."], format!("{RUSSIAN} значительных вложений.")),
        ] {
            for syntax in [Syntax::Markdown, Syntax::Plain] {
                assert_eq!(passages(paragraphs, syntax), std::slice::from_ref(&expected), "{syntax:?}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_two_halves_stays_apart() {
        let long = "The following goods were found in the northern warehouse by the officers of the harbour";
        for paragraphs in [
            // A heading, an address, a signature, a date.
            &["关于进一步加强北极航运合作的若干意见", "为深入落实航运规划，现提出以下意见。"][..],
            &["推动北极航运合作，促进沿岸地区发展", "近年来，沿岸国家陆续出台新的办法。"],
            &["地址：滨海市港口路一百二十三号海运大厦，邮政编码四〇〇一二三", "电话：一二三四五。"],
            &[CHINESE, "二〇二五年三月一日"],
            &[CHINESE, "王芳：我不同意这一看法。"],
            &["谈判于周五结束。双方将在秋季再次会面，讨论剩余的问题。本报记者 林舟", "另据报道，港口已经恢复通航。"],
            // Items, captions, rows, notes.
            &[CHINESE, "（一）加强引航。"],
            &[CHINESE, "图2 航道示意图，作者自绘。"],
            &[CHINESE, "① 王某：《规则》，2019年。"],
            &[
                "甲公司主要从事远洋运输，总部设在滨海市，拥有船舶一百二十艘，员工两千人",
                "乙公司主要从事近海运输，总部设在江口市，拥有船舶六十艘",
            ],
            &[RUSSIAN, "а) вложений;"],
            &[long, "timber and coal;", "grain;"],
            &["Порт | груз | год | страна отправления | страна назначения | примечание", "лес | 2024 | Норд."],
            &[long, "grain", "coal"],
            // Clauses of a list, the adoption of a law.
            &[
                "Принимая во внимание, что содействие развитию портов служит благу народов; и",
                "принимая во внимание, что льды отступают, провозглашает следующее.",
            ],
            &[
                "To keep the northern ports open to the ships of all nations throughout the year; and",
                "To build piers.",
            ],
            &[
                "鉴于沿岸各国人民已经在港口宪章中重申对航行自由和公平收费的共同信念，并决心促进繁荣，",
                "鉴于冰层后退，特制定本宪章。",
            ],
            &[
                "2021年4月7日港务委员会第十五次会议《关于修改〈引航办法〉的决定》修正，自2021年4月15日施行",
                "为规范引航，制定本办法。",
            ],
            // Verse, letters, questions and answers.
            &["The ice goes out, the harbour light", "is burning low, and through the night"],
            &["床前的月光像是地上的霜", "我抬起头望着山间的明月"],
            &["Dear Sir, we thank you for the kind letter of the twelfth of May this year,", "Ivan Petrov"],
            &["Как долго продлится ледовая обстановка в этом году на всём протяжении пути?", "до октября."],
            &[RUSSIAN, "Председатель комиссии П. С. Иванов."],
            &[ENGLISH, "Another paragraph begins here."],
        ] {
            for syntax in [Syntax::Markdown, Syntax::Plain] {
                assert_eq!(passages(paragraphs, syntax).len(), paragraphs.len(), "{syntax:?} {paragraphs:?}");
            }
        }
    }

    #[test]
    fn very_many_parts_of_one_sentence_take_no_longer_than_one() {
        let part = "Стороны договорились о том, что развитие портов на северном побережье требует";
        let second = "вложений, которые стороны намерены делать в течение многих лет подряд и без";
        let source = format!("{part}{}\n\nперерыва.\n", format!("\n\n{second}").repeat(20_000));
        let article = parse(&source, Syntax::Plain);
        assert!(article.passages.windows(2).all(|pair| !pair[0].runs_on.is_empty()), "one paragraph");
    }

    #[test]
    fn numbers_of_pages() {
        for (text, expected) in [
            ("48", Some(48)),
            ("- 48 -", Some(48)),
            ("— 7 —", Some(7)),
            ("第48页", Some(48)),
            ("Page 3 of 12", Some(3)),
            ("стр. 5", Some(5)),
            ("12 / 40", Some(12)),
            ("2025年", None),
            ("48 т", None),
            ("12345", None),
            ("page", None),
            ("", None),
        ] {
            assert_eq!(page_number(text), expected, "{text}");
        }
    }
}
