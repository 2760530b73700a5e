//! The day on which a page was published, as its readers see it: 发布时间：2024-03-05, 5 марта 2024, March 5, 2024.

use crate::reading::formats::properties::up_to;

/// The number of bytes of a line in which a date is looked for.
pub(super) const LINE_BYTES: usize = 300;

/// The longest line, in bytes, that is taken for a line about the article because it has a date.
const SHORT_LINE_BYTES: usize = 120;

/// The number of bytes before a date in which its label is looked for.
const LABEL_BYTES: usize = 48;

/// Words before the date of a publication, in lower case.
const LABELS: [&str; 17] = [
    "发布时间",
    "发布日期",
    "发表时间",
    "发表日期",
    "发文日期",
    "公布日期",
    "成文日期",
    "發佈",
    "日期",
    "时间",
    "дата",
    "опубликован",
    "размещен",
    "published",
    "posted",
    "date",
    "released",
];

/// Returns the date in the lines around a title, such as `2024-03-05`: the first with a label, else the first in a short
/// line.
pub(super) fn published<'l>(lines: impl Iterator<Item = &'l str> + Clone) -> Option<String> {
    let dated = lines.filter_map(|line| find(line).map(|(at, date)| (line, at, date)));
    let labelled = dated.clone().find(|(line, at, _)| is_labelled(line, *at));
    labelled.or_else(|| dated.clone().find(|(line, ..)| is_short(line))).map(|(_, _, date)| date)
}

/// Returns the first date in a text, in the form `2024-03-05`, and its offset.
pub(super) fn find(text: &str) -> Option<(usize, String)> {
    let text = up_to(text, LINE_BYTES);
    let mut before = ' ';
    text.char_indices().find_map(|(at, character)| {
        let begins = (character.is_ascii_digit() && !before.is_ascii_digit())
            || (character.is_ascii_alphabetic() && !before.is_alphanumeric());
        before = character;
        begins.then(|| date_at(&text[at..])).flatten().map(|date| (at, date))
    })
}

/// Whether a line is no sentence, and does not tell when a law was adopted.
fn is_short(line: &str) -> bool {
    const ADOPTED: [&str; 7] = ["通过", "修正", "修订", "施行", "принят", "одобрен", "редакци"];
    let tells_of_law = line.starts_with(['（', '(']) || ADOPTED.iter().any(|word| line.contains(word));
    !tells_of_law
        && line.len() <= SHORT_LINE_BYTES
        && (line.ends_with("г.") || !line.ends_with(['.', '。', '!', '?', '！', '？', ';', '；']))
}

fn is_labelled(line: &str, at: usize) -> bool {
    let start = up_to(line, at.saturating_sub(LABEL_BYTES)).len();
    let before = line[start..at].to_lowercase();
    LABELS.iter().any(|label| before.contains(label))
}

/// Reads a date at the beginning of a text.
fn date_at(text: &str) -> Option<String> {
    let mut rest = text;
    let (year, month, day) = match number(&mut rest) {
        Some(year) if year > 31 => {
            let separator = sign(&mut rest, &['-', '/', '.', '年'])?;
            let month = number(&mut rest)?;
            sign(&mut rest, if separator == '年' { &['月'] } else { &['-', '/', '.'] })?;
            (year, month, number(&mut rest)?)
        }
        Some(day) => {
            let month = match sign(&mut rest, &['.']) {
                Some(_) => number(&mut rest).filter(|_| sign(&mut rest, &['.']).is_some())?,
                None => month(&mut rest)?,
            };
            (number(&mut rest)?, month, day)
        }
        None => {
            let month = month(&mut rest)?;
            let day = number(&mut rest)?;
            sign(&mut rest, &[',']);
            (number(&mut rest)?, month, day)
        }
    };
    let is_date = (1_990..2_100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    (is_date && !rest.starts_with(|c: char| c.is_ascii_digit())).then(|| format!("{year}-{month:02}-{day:02}"))
}

/// Reads a number of at most four digits.
fn number(rest: &mut &str) -> Option<u32> {
    let trimmed = rest.trim_start();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let number = trimmed[..digits].parse().ok().filter(|_| digits <= 4)?;
    *rest = &trimmed[digits..];
    Some(number)
}

fn sign(rest: &mut &str, signs: &[char]) -> Option<char> {
    let trimmed = rest.trim_start();
    let found = trimmed.chars().next().filter(|sign| signs.contains(sign))?;
    *rest = &trimmed[found.len_utf8()..];
    Some(found)
}

/// Reads the name of a month: its first three letters are enough.
fn month(rest: &mut &str) -> Option<u32> {
    const MONTHS: [(&str, &str); 12] = [
        ("янв", "jan"),
        ("фев", "feb"),
        ("мар", "mar"),
        ("апр", "apr"),
        ("ма", "may"),
        ("июн", "jun"),
        ("июл", "jul"),
        ("авг", "aug"),
        ("сен", "sep"),
        ("окт", "oct"),
        ("ноя", "nov"),
        ("дек", "dec"),
    ];
    let trimmed = rest.trim_start();
    let end = trimmed.find(|c: char| !c.is_alphabetic()).unwrap_or(trimmed.len());
    let name = trimmed[..end].to_lowercase();
    let month = MONTHS.iter().position(|(russian, english)| name.starts_with(russian) || name.starts_with(english))?;
    *rest = trimmed[end..].trim_start_matches('.');
    Some(month as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_found_as_written() {
        for (text, expected) in [
            ("发布时间：2024-03-05 来源：港务报", Some("2024-03-05")),
            ("2024年3月5日 09:10", Some("2024-03-05")),
            ("2024/3/5", Some("2024-03-05")),
            ("Дата публикации: 05.03.2024 12:00", Some("2024-03-05")),
            ("5 марта 2024 г., 12:00", Some("2024-03-05")),
            ("12 мая 2023", Some("2023-05-12")),
            ("March 5, 2024", Some("2024-03-05")),
            ("Posted on 5 Mar. 2024 by admin", Some("2024-03-05")),
            ("№ 5 от 31.12.1899", None),
            ("тел. 010-64870663", None),
            ("13.13.2024", None),
            ("192.168.0.12", None),
            ("12:30", None),
            ("", None),
        ] {
            assert_eq!(find(text).map(|(_, date)| date).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_label_is_better_than_the_first_date() {
        let lines = ["2020-01-01 首页", "来源：港务报 发布日期：2024-03-05", "2024-04-04"];
        assert_eq!(published(lines.into_iter()).as_deref(), Some("2024-03-05"));
        assert_eq!(published(lines[..1].iter().copied()).as_deref(), Some("2020-01-01"));
        assert_eq!(published(["Он родился 5 марта 2001 в Порту."].into_iter()), None);
        assert_eq!(published(["（2020年5月28日第一届港口会议通过）"].into_iter()), None);
        let sentence = "港口 2024-03-05 ".to_owned() + &"的保险费率".repeat(20);
        assert_eq!(published([&*sentence].into_iter()), None);
    }
}
