//! A line that tells where an article appeared: 《极地与海洋》2025年第2期;
//! Полис. 2025. Т. 3, № 2. С. 48–70; World Politics, vol. 3, no. 2, pp. 5–20.
//!
//! The journal is the text in 《》 or «», else the text before the first year,
//! volume, issue or page.

use super::written_dates::written_dates;
use super::{Date, Metadata};

/// The parts of a line that tells where an article appeared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SourceLine {
    journal: Option<String>,
    date: Option<Date>,
    volume: Option<String>,
    issue: Option<String>,
    pages: Option<Pages>,
}

/// The first page, and the number of pages if the last page is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pages {
    pub(super) first: u32,
    pub(super) count: Option<u32>,
}

impl SourceLine {
    /// Reads a line. `None` unless it names a journal with a volume or issue, or a quoted journal with a year.
    pub(super) fn read(line: &str) -> Option<SourceLine> {
        let (year, at_year) = year(line).unzip();
        let (issue, at_issue) = named(line, &ISSUES, &["期"]).unzip();
        let (volume, at_volume) = named(line, &VOLUMES, &["卷"]).unzip();
        let (pages, at_pages) = named(line, &PAGES, &["页", "頁"]).unzip();
        let (volume_issue, at_both) = volume_and_issue(line).unzip();
        let (own_volume, own_issue) = volume_issue.unzip();
        let (volume, issue) = (volume.or(own_volume.flatten()), issue.or(own_issue));
        let first = [at_year, at_issue, at_volume, at_pages, at_both].into_iter().flatten().min();
        let (journal, is_quoted) = journal(line, first.unwrap_or(line.len()))?;
        let is_source = issue.is_some() || volume.is_some() || (is_quoted && year.is_some());
        let pages = pages.as_deref().or_else(|| line.rsplit_once([':', '：']).map(|(_, pages)| pages));
        is_source.then(|| SourceLine {
            journal: Some(journal),
            date: year,
            volume,
            issue,
            pages: pages.and_then(Pages::read),
        })
    }

    /// Fills in the fields that are not known yet.
    pub(super) fn fill(self, metadata: &mut Metadata) {
        let appeared = &mut metadata.appeared;
        appeared.journal = appeared.journal.take().or(self.journal);
        appeared.volume = appeared.volume.take().or(self.volume);
        appeared.issue = appeared.issue.take().or(self.issue);
        if let (None, Some(pages)) = (appeared.first_page, self.pages) {
            (appeared.first_page, appeared.pages) = (Some(pages.first), pages.count);
        }
        metadata.date = metadata.date.or(self.date);
    }
}

impl Pages {
    /// Reads `48-70`, `С. 48–70`, `第48页`.
    pub(super) fn read(text: &str) -> Option<Pages> {
        let numbers: Vec<u32> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map(|digits| digits.parse().ok().filter(|&page| page < 100_000))
            .collect::<Option<_>>()?;
        let is_plain = text
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace() || "-–—－~～.第页頁".contains(c) || "pPсСстр".contains(c));
        match numbers.as_slice() {
            [first] if is_plain => Some(Pages { first: *first, count: None }),
            [first, last] if is_plain && first <= last => Some(Pages { first: *first, count: Some(last - first + 1) }),
            _ => None,
        }
    }
}

const ISSUES: [&str; 10] = ["第", "no.", "no", "№", "nr.", "issue", "вып.", "выпуск", "номер", "iss."];
const VOLUMES: [&str; 7] = ["第", "vol.", "vol", "volume", "т.", "том", "v."];
const PAGES: [&str; 8] = ["第", "pp.", "p.", "pages", "с.", "стр.", "页", "页码"];

/// Returns the number behind one of `words`, and the offset of the word. 第 stands before numbers of all
/// kinds, so behind such a number one of `after` must follow.
fn named(line: &str, words: &[&str], after: &[&str]) -> Option<(String, usize)> {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let is_begin = !(before.is_alphabetic() && c.is_alphabetic()) || c == '第';
        before = c;
        let rest = words.iter().filter(|_| is_begin).find_map(|word| after_word(&line[at..], word));
        let Some((rest, is_chinese)) = rest else { continue };
        let rest = rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || "-–—－/".contains(c))).unwrap_or(rest.len());
        let number = rest[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_named = !is_chinese || after.iter().any(|word| rest[end..].trim_start().starts_with(word));
        if number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 16 && is_named {
            return Some((number.to_owned(), at));
        }
    }
    None
}

/// Returns the text behind `word` at the beginning of `text` (in any case), and whether the word is 第.
fn after_word<'t>(text: &'t str, word: &str) -> Option<(&'t str, bool)> {
    let mut chars = text.chars();
    let is_word = word.chars().all(|expected| chars.next().is_some_and(|c| c.to_lowercase().eq([expected])));
    let rest = chars.as_str();
    let ends = word.ends_with(['.', '第', '№', '页']) || !rest.starts_with(char::is_alphabetic);
    (is_word && ends).then_some((rest, word == "第"))
}

/// Reads volume and issue in the style `40(2)`.
fn volume_and_issue(line: &str) -> Option<((Option<String>, String), usize)> {
    let open = line.find(['(', '（'])?;
    let rest = line[open..].trim_start_matches(['(', '（']);
    let issue = &rest[..rest.find([')', '）'])?];
    let is_issue = issue.len() <= 5
        && issue.starts_with(|c: char| c.is_ascii_digit())
        && issue.chars().all(|c| c.is_ascii_digit() || c == '-');
    let begin = line[..open]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8));
    let volume = Some(&line[begin..open]).filter(|volume| (1..=3).contains(&volume.len())).map(str::to_owned);
    let is_year = parse_year(issue).is_some();
    (is_issue && !is_year).then(|| ((volume, issue.to_owned()), begin))
}

/// Returns the first date, else the first year that stands alone, and its offset.
fn year(line: &str) -> Option<(Date, usize)> {
    if let Some((range, date)) = written_dates(line).into_iter().next() {
        return Some((date, range.start));
    }
    let mut at = 0;
    for part in line.split(|c: char| !c.is_ascii_digit()) {
        if let Some(year) = parse_year(part) {
            return Some((Date::new(year, 0, 0)?, at));
        }
        at += part.len();
        at += line[at..].chars().next().map_or(0, char::len_utf8);
    }
    None
}

fn parse_year(text: &str) -> Option<u16> {
    text.parse().ok().filter(|year| text.len() == 4 && (1_700..2_100).contains(year))
}

/// Returns the journal, and whether it stands in 《》 or «».
fn journal(line: &str, end: usize) -> Option<(String, bool)> {
    let quoted = |open: char, close: char| {
        let inside = line.split_once(open)?.1;
        Some(inside.split_once(close)?.0)
    };
    let in_quotes = quoted('《', '》').or_else(|| quoted('«', '»').filter(|_| line.starts_with('«')));
    let before = line.get(..end)?.trim_start_matches(['/', ' ', '载']);
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '）' | '»' | '"'));
    let journal = in_quotes.unwrap_or(before).trim();
    let is_journal = (2..=120).contains(&journal.chars().count()) && journal.chars().any(char::is_alphabetic);
    is_journal.then(|| (journal.to_owned(), in_quotes.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let Some(source) = SourceLine::read(line) else { return String::new() };
        let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let pages = source.pages.map(|pages| format!("{}+{}", pages.first, pages.count.unwrap_or_default()));
        let date = source.date.map(|date| date.to_string());
        [source.journal, date, source.volume, source.issue, pages].map(text).join("|")
    }

    #[test]
    fn lines_in_three_languages() {
        for (line, expected) in [
            ("《极地与海洋》2025年第2期", "极地与海洋|2025|-|2|-"),
            ("《极地与海洋》，2025年第40卷第2期，第48-70页", "极地与海洋|2025|40|2|48+23"),
            ("极地与海洋, 2025, 40(2): 48-70", "极地与海洋|2025|40|2|48+23"),
            ("《人民日报》2025年3月1日", "人民日报|2025-03-01|-|-|-"),
            (
                "Полис. Политические исследования. 2025. № 2. С. 48–70.",
                "Полис. Политические исследования|2025|-|2|48+23",
            ),
            ("// Мировая экономика. – 2025. – Т. 69, № 4. – С. 5", "Мировая экономика|2025|69|4|5+0"),
            ("World Politics, vol. 3, no. 2, 2024, pp. 5–20", "World Politics|2024|3|2|5+16"),
            ("International Affairs 99(2), 2023", "International Affairs|2023|99|2|-"),
            ("World Politics 《世界政治》 2024 № 1", "世界政治|2024|-|1|-"),
            ("作者自制", ""),
            ("Росстат, 2023", ""),
            ("World Bank data for 2020 and 2021", ""),
            ("2025", ""),
            ("", ""),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn pages() {
        for (text, expected) in [
            ("48-70", Some((48, Some(23)))),
            ("С. 48–70", Some((48, Some(23)))),
            ("第48页", Some((48, None))),
            ("70-48", None),
            ("e123, 5", None),
            ("", None),
        ] {
            assert_eq!(Pages::read(text).map(|pages| (pages.first, pages.count)), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read(line in "([0-9]{1,4}|[《》«»()（）年第期卷页№.,:-]| |vol|т\\.|С\\.|no\\.|Полис|和平){0,24}") {
            let _ = SourceLine::read(&line);
        }
    }
}
