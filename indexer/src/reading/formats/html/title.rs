//! The title of a page, without the name of its site.
//!
//! A `<title>` mostly names the article and the site, `岛屿航运新规发布_港务网`. The heading that it contains is the title; else
//! the part that stands in the text as a line; else all but the part of the site.

use super::metadata::Titles;
use crate::reading::formats::properties::{is_plausible_title, letters};
use crate::reading::formats::{Block, BlockKind};

/// The number of blocks at the beginning of the article among which its title is looked for.
const BEGINNING: usize = 40;

/// The number of blocks above a first-level heading that is the title although no `<title>` has it.
const MOST_ABOVE: usize = 4;

/// The longest `<title>`, in bytes, that is looked at.
const LONGEST_TOLD: usize = 1_000;

/// The longest name of a site, in bytes.
const LONGEST_SITE: usize = 90;

/// The fewest bytes of a part of a `<title>` that is its title because a longer line of the text has it.
const TELLING_BYTES: usize = 30;

/// What separates the parts of a `<title>`. Longer ones come first.
const SEPARATORS: [&str; 16] =
    [" :: ", " -- ", " - ", " – ", " — ", " | ", " » ", " « ", " · ", " • ", "--", "——", "_", "|", "｜", "-"];

/// Returns the title of a page with the blocks of its article.
pub(super) fn choose(titles: Titles, blocks: &[Block]) -> Option<String> {
    let Titles { cited, shared, page, site } = titles;
    if cited.is_some() {
        return cited;
    }
    let beginning = &blocks[..blocks.len().min(BEGINNING)];
    let told = [&shared, &page].into_iter().flatten().map(String::as_str);
    let told: Vec<&str> = told.filter(|told| told.len() <= LONGEST_TOLD).collect();
    let is_site = |text: &str| site.as_deref().is_some_and(|site| letters(site) == letters(text));
    let by_heading = told.iter().find_map(|told| heading_in(told, beginning).filter(|heading| !is_site(heading)));
    let by_line = || told.iter().find_map(|told| part_in(told, beginning)).filter(|part| !is_site(part));
    let by_level = || only_heading(blocks).filter(|heading| !is_site(heading));
    let by_parts = || told.iter().map(|told| without_site(told, site.as_deref())).find(|told| is_plausible_title(told));
    by_heading.or_else(by_line).or_else(by_level).or_else(by_parts)
}

/// Returns the longest heading that a `<title>` contains as a good part of it.
fn heading_in(told: &str, beginning: &[Block]) -> Option<String> {
    let told = letters(told);
    let is_part = |text: &str| {
        let text = letters(text);
        told.contains(&text) && text.len() * 3 >= told.len()
    };
    let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading(_));
    let headings = beginning.iter().filter(is_heading).map(|block| block.text.as_str());
    let named = headings.filter(|text| is_plausible_title(text) && is_part(text));
    named.max_by_key(|text| text.len()).map(str::to_owned)
}

/// Returns the first parts of a `<title>`, as many as stand in the text: as a line of their own, or long enough within one.
fn part_in(told: &str, beginning: &[Block]) -> Option<String> {
    let lines: Vec<String> = beginning.iter().map(|block| letters(&block.text)).collect();
    let parts = ends_of_parts(told).into_iter().rev().map(|end| told[..end].trim());
    let is_told = |part: &str| {
        let part = letters(part);
        lines.iter().any(|line| *line == part || part.len() >= TELLING_BYTES && line.contains(&part))
    };
    parts.filter(|part| is_plausible_title(part)).find(|part| is_told(part)).map(str::to_owned)
}

/// Returns the one first-level heading of an article, if it stands at the top.
fn only_heading(blocks: &[Block]) -> Option<String> {
    let mut headings = blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Heading(1));
    let (at, heading) = headings.next()?;
    let is_only = headings.next().is_none() && at <= MOST_ABOVE && is_plausible_title(&heading.text);
    is_only.then(|| heading.text.clone())
}

/// Returns a `<title>` without the name of its site, which comes first or last.
fn without_site(told: &str, site: Option<&str>) -> String {
    let ends = ends_of_parts(told);
    let is_site = |part: &str| site.is_some_and(|site| letters(site) == letters(part));
    let [.., before_last, _] = ends[..] else { return told.trim().to_owned() };
    let (first, _) = split_part(told, ends[0]);
    let (rest, last) = split_part(told, before_last);
    if is_site(first) {
        return told[ends[0]..].trim_matches(is_separator).to_owned();
    }
    // Pages of Chinese portals name the channel between article and site.
    let is_portal = told[ends[0]..].starts_with(['_', '-']) && first.chars().filter(|c| *c >= '\u{2e80}').count() >= 5;
    if is_portal && ends.len() > 2 {
        return first.to_owned();
    }
    let is_name = last.len() <= LONGEST_SITE && last.len() < rest.len();
    if is_site(last) || is_name { rest.to_owned() } else { told.trim().to_owned() }
}

fn split_part(told: &str, end: usize) -> (&str, &str) {
    let (first, rest) = told.split_at(end);
    (first.trim(), rest.trim_matches(is_separator))
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|' | '»' | '«' | '·' | '•' | '_' | '｜')
}

/// Returns the offsets at which the parts of a `<title>` end, the last one too. A lone hyphen separates only Chinese.
fn ends_of_parts(told: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while at < told.len() {
        let rest = &told[at..];
        let separator = SEPARATORS.iter().find(|separator| rest.starts_with(**separator));
        let is_between = |separator: &str| separator != "-" || is_chinese_before(&told[..at]);
        match separator.filter(|separator| is_between(separator)) {
            Some(separator) => {
                ends.push(at);
                at += separator.len();
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    ends.retain(|end| *end > 0);
    ends.push(told.len());
    ends
}

fn is_chinese_before(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c >= '\u{2e80}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, site: Option<&str>, blocks: &[(Option<u8>, &str)], expected: Option<&str>) {
        let block = |&(level, text): &(Option<u8>, &str)| {
            Block::new(level.map_or(BlockKind::Paragraph, BlockKind::Heading), text.to_owned(), Vec::new())
        };
        let titles = Titles { page: Some(page.to_owned()), site: site.map(str::to_owned), ..Titles::default() };
        let blocks: Vec<Block> = blocks.iter().map(block).collect();
        assert_eq!(choose(titles, &blocks).as_deref(), expected, "{page}");
    }

    #[test]
    fn the_name_of_the_site_is_no_part_of_the_title() {
        let text = (None, "港口的保险费率在春季之后明显上升。");
        check("岛屿航运新规发布_港务网", None, &[(Some(1), "岛屿航运新规发布"), text], Some("岛屿航运新规发布"));
        check("岛屿航运新规发布_港务网", None, &[(None, "岛屿航运新规发布"), text], Some("岛屿航运新规发布"));
        check("岛屿航运新规发布-新闻-港务网", None, &[text], Some("岛屿航运新规发布"));
        check("岛屿航运新规发布_要闻_港务网", None, &[text], Some("岛屿航运新规发布"));
        check("Новые сборы в северных портах - Сайт", None, &[text], Some("Новые сборы в северных портах"));
        check("New dues in northern ports | Harbour Post", None, &[text], Some("New dues in northern ports"));
        check("Harbour Post | New dues", Some("Harbour Post"), &[text], Some("New dues"));
        check("Dues - Harbour Post", Some("harbour post"), &[text], Some("Dues"));
    }

    #[test]
    fn a_title_without_a_site_stays() {
        check("New dues in northern ports", None, &[], Some("New dues in northern ports"));
        check("Самоопределение юго-востока", None, &[], Some("Самоопределение юго-востока"));
        check("Порты – ворота северного края", None, &[], Some("Порты – ворота северного края"));
        check("t", None, &[(None, "Закон о портах")], None);
        check("Документ1", None, &[(Some(1), "Закон о портах")], Some("Закон о портах"));
        check("Портал", None, &[(Some(1), "Закон о портах")], Some("Закон о портах"));
        check("", None, &[], None);
    }

    #[test]
    fn of_two_headings_the_one_of_the_title_counts() {
        let headings = [(Some(1), "Гавань"), (Some(2), "Новые сборы в портах"), (None, "Совет решил.")];
        check("Новые сборы в портах — Гавань", Some("Гавань"), &headings, Some("Новые сборы в портах"));
    }
}
