//! The date of an article: chosen among the dates that stand in and around it.
//!
//! The first of these that is known:
//!
//! 1. the date of front matter, of a label or of 文章编号;
//! 2. a whole date in the name of the file: `监督法(2024-11-08).md`;
//! 3. the last day in the lines under the title on which it was adopted, amended
//!    or published, or a line that is nothing but a date;
//! 4. a year that is the name of the file, begins it, or ends it in brackets:
//!    `1993.md`, `1993-Clinton.md`;
//! 5. a year at the end or the beginning of the title: `…, 2024`, `2024年政府工作报告`;
//! 6. the day on which the file was made, if its format tells.
//!
//! A date in the name of the file goes before the lines because it is the date of
//! the edition: of 580 Chinese laws with both, a fifth name only their first
//! adoption, although their text is decades younger. Of several days in the
//! lines the last counts for the same reason: it is the date of this text. The
//! day on which a law comes into force does not count.

use super::blocks::{Block, BlockKind};
use super::law::article_number;
use super::written_dates::written_dates;
use super::{Date, Metadata};

impl Metadata {
    /// Sets the date, if it is not known yet, by the rules of dating (name of the file, lines under the title,
    /// title, creation of the file).
    ///
    /// `file_name` is given without its extension; the title must be set before.
    pub fn settle_date(&mut self, file_name: &str) {
        let name = date_of_name(file_name);
        let whole = name.filter(|date| date.day().is_some());
        let title = || self.title.as_deref().and_then(year_of_title);
        self.date = self.date.or(whole).or(self.adopted).or(name).or_else(title).or(self.made);
    }
}

/// Returns the date in the name of a file, given without its extension.
///
/// A moved file may have another date by its new name; comparing the results
/// for both names tells.
pub fn date_of_name(name: &str) -> Option<Date> {
    let name = name.trim();
    let written = written_dates(name);
    // The last one: in 《…》的决定(2020-12-29) the title may name other dates.
    let whole = written.iter().map(|&(_, date)| date).rfind(|date| date.day().is_some());
    whole.or_else(|| eight_digits(name)).or_else(|| year_of_name(name))
}

/// Reads a date of eight digits: `20250411-notes`.
fn eight_digits(name: &str) -> Option<Date> {
    let digits = name.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 8)?;
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (date.month().is_some() && date.day().is_some() && is_year(date.year())).then_some(date)
}

fn year_of_name(name: &str) -> Option<Date> {
    let (year, rest) = leading_year(name).unzip();
    let begins = rest.is_some_and(|rest| {
        let is_range = rest.trim_start_matches(['-', '–', '—', '_', ' ']).starts_with(|c: char| c.is_ascii_digit());
        rest.is_empty() || (rest.starts_with(['-', '_', ' ', '.', '–', '—']) && !is_range)
    });
    let (month, rest) = rest.and_then(month_after).unzip();
    match year {
        Some(year) if begins => Date::new(year, 0, 0),
        // `2025-04.md` is a month, but `2024-25` and `2001-02` are two years.
        Some(year) if rest == Some("") && month.map(u16::from) != Some((year + 1) % 100) => {
            Date::new(year, month.unwrap_or_default(), 0)
        }
        _ => year_in_brackets(name),
    }
}

fn month_after(rest: &str) -> Option<(u8, &str)> {
    let (month, rest) = rest.strip_prefix(['-', '_'])?.split_at_checked(2)?;
    Some((month.parse().ok().filter(|month| (1..=12).contains(month))?, rest))
}

/// Returns a year at the end or the beginning of a title.
fn year_of_title(title: &str) -> Option<Date> {
    let title = title.trim_end_matches(['.', '。']);
    // Without the number of the part: State of the Union, Bush, 1991 (2).
    let title = title
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
        .map_or(title, |(rest, number)| if number.len() <= 2 { rest } else { title });
    let after_comma = title.rsplit_once([',', '，']).and_then(|(_, year)| parse_year(year.trim()));
    let begins = || leading_year(title).filter(|(_, rest)| is_of_year(rest)).map(|(year, _)| year);
    after_comma.or_else(begins).and_then(|year| Date::new(year, 0, 0)).or_else(|| year_in_brackets(title))
}

/// Whether a title is of the year that it begins with: 2024年政府工作报告 is, but 2030年前碳达峰行动方案 was written
/// earlier.
fn is_of_year(rest: &str) -> bool {
    let ahead = ["前", "以前", "之前", "愿景", "願景", "远景", "遠景", "目标", "目標", "议程", "議程"];
    rest.strip_prefix('年').is_some_and(|rest| !ahead.iter().any(|word| rest.starts_with(word)))
}

/// Returns a year in brackets at the end: 宪法修正案（1988年）.
fn year_in_brackets(name: &str) -> Option<Date> {
    let inside = name.trim_end().strip_suffix([')', '）'])?;
    let (_, year) = inside.rsplit_once(['(', '（'])?;
    let year = ["年", " г.", " г", " год"].iter().find_map(|word| year.strip_suffix(word)).unwrap_or(year);
    Date::new(parse_year(year.trim())?, 0, 0)
}

fn leading_year(text: &str) -> Option<(u16, &str)> {
    let (year, rest) = text.split_at_checked(4)?;
    Some((parse_year(year)?, rest)).filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn parse_year(text: &str) -> Option<u16> {
    let is_number = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|&year| is_number && is_year(year))
}

/// Whether a number of four digits is taken for a year.
fn is_year(year: u16) -> bool {
    (1_500..2_100).contains(&year)
}

/// The number of blocks under the title in which dates of adoption are looked for.
const MOST_BLOCKS: usize = 16;
/// The longest line under a title, in bytes: a long list of amendments fits.
const LONGEST_LINE: usize = 2_400;
const LONGEST_SENTENCE: usize = 400;

/// Returns the last day of adoption, amendment or publication in the lines under the title.
pub(super) fn adopted(blocks: &[Block], title: Option<usize>) -> Option<Date> {
    let below = blocks.get(title.map_or(0, |at| at + 1)..)?;
    let lines = below.iter().filter(|block| block.kind != BlockKind::PageBreak).take(MOST_BLOCKS);
    let lines = lines.take_while(|block| article_number(&block.text).is_none());
    let lines = lines.filter(|block| block.kind == BlockKind::Paragraph && block.text.len() <= LONGEST_LINE);
    let in_lines = lines.filter_map(|block| date_of_line(block.text.trim())).max_by_key(|date| date.number());
    in_lines.or_else(|| numbered(title.map_or("", |at| &blocks[at].text)))
}

/// Reads the day of a law by its number in a line that names it: Федеральный закон от 12.12.1993 № 51-ФЗ «О портах».
fn numbered(line: &str) -> Option<Date> {
    let (range, date) = written_dates(line).into_iter().next().filter(|_| line.len() <= LONGEST_SENTENCE)?;
    let before = line[..range.start].trim_end().to_lowercase();
    let is_named = ACTS.iter().any(|act| before.starts_with(act)) && before.ends_with(" от");
    (is_named && is_number(after_year(&line[range.end..]))).then_some(date)
}

/// Kinds of acts, as the line under or in a title names them; `законом` in a sentence is another case.
const ACTS: [&str; 12] = [
    "федеральный закон",
    "федеральный конституционный закон",
    "закон ",
    "указ ",
    "постановление",
    "распоряжение",
    "приказ ",
    "решение",
    "определение",
    "директива",
    "кодекс",
    "положение",
];

/// Returns what stands behind a date, without the word for year.
fn after_year(text: &str) -> &str {
    let text = text.trim_start();
    ["года", "г."].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim_start()
}

fn is_number(text: &str) -> bool {
    text.starts_with('№') || text.starts_with("N ") || text.starts_with("No.")
}

fn date_of_line(line: &str) -> Option<Date> {
    let dates = written_dates(line);
    let (first, last) = (dates.first()?, dates.last()?);
    let outside = [&line[..first.0.start], &line[last.0.end..]];
    let is_nothing_else = dates.len() == 1
        && outside
            .iter()
            .all(|text| text.chars().all(|c| !c.is_alphanumeric()) || matches!(text.trim(), "г." | "года"));
    if is_nothing_else {
        return Some(first.1);
    }
    last_adoption(line, &dates).or_else(|| adoption_in_words(line, &dates))
}

type Written = (std::ops::Range<usize>, Date);

/// Reads （2005年12月14日…通过　根据2010年…《…》修正）: behind each day stands what happened on it.
fn last_adoption(line: &str, dates: &[Written]) -> Option<Date> {
    let line_end = line.trim_end_matches(['）', ')', '。', ' ']).len();
    if line[..line_end].contains(['。', '！', '？']) || line.ends_with('。') {
        return None;
    }
    let ends = dates.iter().skip(1).map(|(range, _)| range.start).chain([line.len()]);
    let happened = dates.iter().zip(ends).filter(|((range, _), end)| {
        let clause = &line[range.end..*end];
        ADOPTED_IN_CHINESE.iter().any(|word| clause.contains(word))
    });
    happened.map(|((_, date), _)| *date).max_by_key(|date| date.number())
}

const ADOPTED_IN_CHINESE: [&str; 14] =
    ["通过", "通過", "公布", "发布", "發布", "颁布", "頒布", "批准", "修正", "修订", "修訂", "修改", "签署", "簽署"];

/// Reads Russian and English lines: Принят Государственной Думой 14 мая 2018 года; Adopted on 10 December 1948;
/// 14 декабря 2005 г. № 123-ФЗ.
fn adoption_in_words(line: &str, dates: &[Written]) -> Option<Date> {
    let begins = line.trim_start_matches(['(', '[', '*']).to_lowercase();
    let is_said = ADOPTED.iter().any(|word| begins.starts_with(word));
    let sentences = line.trim_end_matches([')', ']', '*', '.']).split(". ").filter(|part| part.len() > 20).count();
    let is_line = line.len() <= LONGEST_SENTENCE || begins.starts_with("в ред");
    if is_said && is_line && sentences <= 2 {
        return dates.iter().map(|(_, date)| *date).max_by_key(|date| date.number());
    }
    let (range, date) = dates.first()?;
    let before = line[..range.start].trim();
    let is_numbered = (before.is_empty() || before == "от") && is_number(after_year(&line[range.end..]));
    if let Some(date) = numbered(line) {
        return Some(date);
    }
    (is_line && (is_numbered || (is_number(before) && before.ends_with("от")))).then_some(*date)
}

const ADOPTED: [&str; 22] = [
    "принят",
    "одобрен",
    "утвержд",
    "подписан",
    "ратифицирован",
    "провозглашен",
    "опубликован",
    "в ред.",
    "в редакции",
    "с изменениями",
    "с изм.",
    "adopted",
    "enacted",
    "approved",
    "passed",
    "signed",
    "proclaimed",
    "promulgated",
    "ratified",
    "amended",
    "as amended",
    "published",
];

#[cfg(test)]
mod tests {
    use super::super::{Syntax, parse};
    use super::*;

    fn shown(date: Option<Date>) -> String {
        date.map(|date| date.to_string()).unwrap_or_default()
    }

    #[test]
    fn names_of_files() {
        for (name, expected) in [
            ("监督法(2024-11-08)", "2024-11-08"),
            ("宪法修正案（1988年）", "1988"),
            ("2025年3月1日讲话", "2025-03-01"),
            ("1993", "1993"),
            ("1993-Clinton", "1993"),
            ("1991-Bush-2", "1991"),
            ("2025-04", "2025-04"),
            ("2001-02", ""),
            ("2024-25 budget", ""),
            ("1914-1918", ""),
            ("Указ от 14.05.2018 № 204", "2018-05-14"),
            ("Закон (2018)", "2018"),
            ("20250411 停火 ceasefire", "2025-04-11"),
            ("Agenda-2030", ""),
            ("中国制造2025", ""),
            ("2030年前碳达峰行动方案", ""),
            ("1024-bit", ""),
            ("19931", ""),
            ("", ""),
        ] {
            assert_eq!(shown(date_of_name(name)), expected, "{name}");
        }
    }

    #[test]
    fn titles() {
        for (title, expected) in [
            ("Report on the Work of the Government, 2024", "2024"),
            ("State of the Union Address, Bush, 1991 (2)", "1991"),
            ("2024年政府工作报告", "2024"),
            ("2030年前碳达峰行动方案", ""),
            ("中华人民共和国宪法修正案（1988年）", "1988"),
            ("Доклад правительства, 2024", "2024"),
            ("Vision 2050", ""),
            ("Мир 世界 2024", ""),
        ] {
            assert_eq!(shown(year_of_title(title)), expected, "{title}");
        }
    }

    /// Checks the date of an article with these lines under its title.
    fn check(lines: &str, expected: &str) {
        let mut metadata = parse(&format!("# Title\n\n{lines}\n\nText.\n"), Syntax::Markdown).metadata;
        metadata.settle_date("name");
        assert_eq!(shown(metadata.date), expected, "{lines}");
    }

    #[test]
    fn lines_under_the_title() {
        check("1980年9月10日 第五届全国人民代表大会第三次会议通过", "1980-09-10");
        check("2020年5月28日 全国人民代表大会通过\n\n2021年1月1日 施行", "2020-05-28");
        check("（2005年12月14日通过　根据2010年1月2日《关于修改〈办法〉的决定》修正）", "2010-01-02");
        check("2013年12月9日公告第14号公布自2014年1月1日施行", "2013-12-09");
        check("聯合國大會一九四八年十二月十日第 217A (III) 號決議通過並宣布", "1948-12-10");
        check("2024年3月1日，国务院通过了条例。", "");
        check("Принят Палатой 14 мая 2018 года\nОдобрен Советом 29 мая 2018 года", "2018-05-29");
        check("Принята резолюцией 217 А (III) Генеральной Ассамблеи от 10 декабря 1948 года.", "1948-12-10");
        check("14 декабря 2005 г. № 123-ФЗ", "2005-12-14");
        check("Федеральный закон от 12.12.1993 № 51-ФЗ", "1993-12-12");
        check("Постановление Правительства от 14 мая 2018 г. N 204", "2018-05-14");
        check("В соответствии с Федеральным законом от 12.12.1993 № 51-ФЗ порты открыты.", "");
        check("14 декабря 2005 г. начались переговоры № 5 о границе и о торговле", "");
        check("Adopted on 10 December 1948", "1948-12-10");
        check("March 6, 1991", "1991-03-06");
        check("On March 6, 1991, the talks began.", "");
        check("Adopted 停火协议 принято 1 мая 2025 года", "2025-05-01");
    }

    #[test]
    fn the_title_names_the_day_and_number_of_a_law() {
        let title = "Федеральный закон от 27.07.2006 № 149-ФЗ «О портах»";
        for (lines, expected) in [("", "2006-07-27"), ("Принят 8 июля 2006 года\n\n", "2006-07-08")] {
            let metadata = parse(&format!("# {title}\n\n{lines}Текст.\n"), Syntax::Markdown).metadata;
            assert_eq!(shown(metadata.adopted), expected, "{lines}");
        }
    }

    #[test]
    fn the_surest_date_counts() {
        let law = "# 法, 2011\n\n2006年8月27日 会议通过\n\n第一条 甲。\n";
        for (front, name, expected) in [
            ("---\ndate: 2024-01-02\n---\n\n", "法(2024-11-08)", "2024-01-02"),
            ("", "法(2024-11-08)", "2024-11-08"),
            ("", "2024-法", "2006-08-27"),
        ] {
            let mut metadata = parse(&format!("{front}{law}"), Syntax::Markdown).metadata;
            metadata.settle_date(name);
            assert_eq!(shown(metadata.date), expected, "{name}");
        }
        for (name, expected) in [("1993-Clinton", "1993"), ("notes", "2011")] {
            let mut metadata = parse("# 法, 2011\n\n正文。\n", Syntax::Markdown).metadata;
            metadata.settle_date(name);
            assert_eq!(shown(metadata.date), expected, "{name}");
        }
    }
}
