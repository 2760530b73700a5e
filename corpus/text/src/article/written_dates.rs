//! Dates as people write them: 2025年3月1日, 二〇二五年三月一日, 1 марта 2025 г.,
//! March 1, 2025, 01.03.2025, 2025-03-01.
//!
//! Nothing is guessed: a date has a year of four digits, and a day and month that
//! exist. `03/01/2025` could be two dates, so it is not read.

use std::ops::Range;

use super::Date;

/// Returns the dates that are written in a text, in order.
pub(super) fn written_dates(text: &str) -> Vec<(Range<usize>, Date)> {
    let mut dates = Vec::new();
    let (mut at, mut before) = (0, ' ');
    while let Some(first) = text[at..].chars().next() {
        let found = if is_inside(before, first) { None } else { date_at(&text[at..]) };
        let length = match found {
            Some((date, length)) => {
                dates.push((at..at + length, date));
                length
            }
            None => first.len_utf8(),
        };
        before = text[..at + length].chars().next_back().unwrap_or(' ');
        at += length;
    }
    dates
}

/// Returns the first date in a text, else a date at its beginning in the form `2025` or `2025-04`.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let text = text.trim();
    written_dates(text).first().map(|&(_, date)| date).or_else(|| Date::parse(text))
}

/// Whether `first` continues a number or word that began before it.
fn is_inside(before: char, first: char) -> bool {
    let is_number = |c: char| digit(c).is_some();
    (is_number(before) && is_number(first))
        || (before.is_ascii_alphanumeric() && first.is_ascii_alphanumeric())
        || (is_cyrillic(before) && is_cyrillic(first))
        || (matches!(before, '.' | '-' | '/') && first.is_ascii_digit())
}

fn is_cyrillic(c: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&c)
}

/// Returns a date at the beginning of a text, and its length in bytes.
fn date_at(text: &str) -> Option<(Date, usize)> {
    let first = text.chars().next()?;
    let readers: &[fn(&mut Cursor<'_>) -> Option<Date>] = if digit(first).is_some() {
        &[chinese, year_first, day_first, day_and_month]
    } else if first.is_ascii_alphabetic() || is_cyrillic(first) {
        &[month_first]
    } else {
        &[]
    };
    readers.iter().find_map(|read| {
        let mut cursor = Cursor { rest: text };
        let date = read(&mut cursor)?;
        Some((date, text.len() - cursor.rest.len()))
    })
}

/// Reads 2025年3月1日 and 2025年3月.
fn chinese(cursor: &mut Cursor<'_>) -> Option<Date> {
    let year = cursor.year()?;
    cursor.blanks().take(&['年'])?;
    let month = cursor.blanks().number()?;
    cursor.blanks().take(&['月'])?;
    let after_month = *cursor;
    let day = |cursor: &mut Cursor<'_>| {
        let day = cursor.blanks().number()?;
        cursor.blanks().take(&['日', '号', '號'])?;
        Some(day)
    };
    let day = day(cursor).unwrap_or_else(|| {
        *cursor = after_month;
        0
    });
    Date::new(year, month, day).filter(|_| month > 0)
}

/// Reads 2025-03-01, 2025/3/1 and 2025.03.01.
fn year_first(cursor: &mut Cursor<'_>) -> Option<Date> {
    let year = cursor.year()?;
    let mark = cursor.take(&['-', '/', '.'])?;
    let month = cursor.number()?;
    cursor.take(&[mark])?;
    let day = cursor.number()?;
    cursor.ends_number()?;
    Date::new(year, month, day).filter(|_| month > 0 && day > 0)
}

/// Reads 01.03.2025: with full stops the day comes first in every country.
fn day_first(cursor: &mut Cursor<'_>) -> Option<Date> {
    let day = cursor.number()?;
    cursor.take(&['.'])?;
    let month = cursor.number()?;
    cursor.take(&['.'])?;
    let year = cursor.year()?;
    cursor.ends_number()?;
    Date::new(year, month, day).filter(|_| month > 0 && day > 0)
}

/// Reads 1 марта 2025, 1 March 2025 and 1st of March, 2025.
fn day_and_month(cursor: &mut Cursor<'_>) -> Option<Date> {
    let day = cursor.number()?;
    ["st", "nd", "rd", "th"].iter().for_each(|ending| cursor.skip(ending));
    cursor.blanks().skip("of ");
    let month = cursor.blanks().month()?;
    cursor.skip(",");
    let year = cursor.blanks().year()?;
    Date::new(year, month, day).filter(|_| day > 0)
}

/// Reads March 1, 2025; March 2025; март 2025.
fn month_first(cursor: &mut Cursor<'_>) -> Option<Date> {
    let month = cursor.month()?;
    let after_month = *cursor;
    let with_day = |cursor: &mut Cursor<'_>| {
        let day = cursor.blanks().number()?;
        ["st", "nd", "rd", "th"].iter().for_each(|ending| cursor.skip(ending));
        cursor.skip(",");
        Some((cursor.blanks().year()?, day))
    };
    let (year, day) = match with_day(cursor) {
        Some((year, day)) => (year, day),
        None => {
            *cursor = after_month;
            cursor.skip(",");
            (cursor.blanks().year()?, 0)
        }
    };
    Date::new(year, month, day)
}

#[derive(Clone, Copy)]
struct Cursor<'t> {
    rest: &'t str,
}

impl Cursor<'_> {
    fn blanks(&mut self) -> &mut Self {
        self.rest = self.rest.trim_start();
        self
    }

    /// Takes one of `marks`.
    fn take(&mut self, marks: &[char]) -> Option<char> {
        let mark = self.rest.chars().next().filter(|c| marks.contains(c))?;
        self.rest = &self.rest[mark.len_utf8()..];
        Some(mark)
    }

    fn skip(&mut self, text: &str) {
        self.rest = self.rest.strip_prefix(text).unwrap_or(self.rest);
    }

    fn digits(&mut self) -> Vec<u16> {
        let end = self.rest.find(|c| digit(c).is_none()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.chars().filter_map(digit).collect()
    }

    /// Takes the four digits of a year.
    fn year(&mut self) -> Option<u16> {
        let digits = self.digits();
        let year = digits.iter().fold(0, |year: u16, &digit| year.saturating_mul(10).saturating_add(digit % 10));
        (digits.len() == 4 && digits.iter().all(|&digit| digit < 10) && year >= 1_000).then_some(year)
    }

    /// Takes the number of a day or month: 3, 03, 三, 十二, 二十一.
    fn number(&mut self) -> Option<u8> {
        let number = match self.digits().as_slice() {
            [ones] => *ones,
            [10, ones] => 10 + ones,
            [tens, 10] => tens * 10,
            [tens, 10, ones] => tens * 10 + ones,
            [tens, ones] => tens * 10 + ones,
            _ => return None,
        };
        u8::try_from(number).ok()
    }

    /// Checks that no digit follows: 2025.03.015 is not a date.
    fn ends_number(&self) -> Option<()> {
        self.rest.chars().next().is_none_or(|c| digit(c).is_none()).then_some(())
    }

    /// Takes the name of a month.
    fn month(&mut self) -> Option<u8> {
        let letters = self.rest.chars().take(LONGEST_MONTH + 1).take_while(|c| c.is_alphabetic());
        let end: usize = letters.map(char::len_utf8).sum();
        let name = self.rest.get(..end)?.to_lowercase();
        let at = MONTHS.iter().position(|names| names.contains(&name.as_str()))?;
        self.rest = &self.rest[end..];
        if name.chars().count() <= 4 {
            self.skip(".");
        }
        u8::try_from(at + 1).ok()
    }
}

/// The longest name of a month, in characters: september.
const LONGEST_MONTH: usize = 9;

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "января", "январь", "янв"],
    &["february", "feb", "февраля", "февраль", "фев"],
    &["march", "mar", "марта", "март", "мар"],
    &["april", "apr", "апреля", "апрель", "апр"],
    &["may", "мая", "май"],
    &["june", "jun", "июня", "июнь", "июн"],
    &["july", "jul", "июля", "июль", "июл"],
    &["august", "aug", "августа", "август", "авг"],
    &["september", "sep", "sept", "сентября", "сентябрь", "сен"],
    &["october", "oct", "октября", "октябрь", "окт"],
    &["november", "nov", "ноября", "ноябрь", "ноя"],
    &["december", "dec", "декабря", "декабрь", "дек"],
];

/// The value of a digit; 10 for 十.
fn digit(c: char) -> Option<u16> {
    const HAN: [char; 11] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let value = match c {
        '0'..='9' => c as usize - '0' as usize,
        '０'..='９' => c as usize - '０' as usize,
        '零' | '○' => 0,
        c => HAN.iter().position(|&han| han == c)?,
    };
    u16::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_in_three_languages() {
        for (text, expected) in [
            ("1980年9月10日 第五届全国人民代表大会通过", "1980-09-10"),
            ("1948 年 12 月 10 日，联合国", "1948-12-10"),
            ("一九四八年十二月十日第217A(III)号决议", "1948-12-10"),
            ("二〇二五年三月二十一日", "2025-03-21"),
            ("２０２５年３月", "2025-03"),
            ("Принят 14 мая 2018 года и 3 июня 2019 г.", "2018-05-14 2019-06-03"),
            ("от 03.12.2020 № 71-М, от 19.06.2022 № 112-М", "2020-12-03 2022-06-19"),
            ("December 10, 1948; 1st of March 2025, Sept. 2020", "1948-12-10 2025-03-01 2020-09"),
            ("THE WHITE HOUSE MARCH 1990", "1990-03"),
            ("2025-04-11.md 2024/3/1", "2025-04-11 2024-03-01"),
            ("停火 1 марта 2025, March 2, 2025, 2025年3月3日", "2025-03-01 2025-03-02 2025-03-03"),
            ("03/01/2025, 1.2.3, 192.168.1.10, 2025.13.01, 12025-01-01", ""),
            ("2025年13月 二〇年 march of 2025 маргарин 2025", ""),
            ("", ""),
        ] {
            let found: Vec<String> = written_dates(text).into_iter().map(|(_, date)| date.to_string()).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_date_or_a_year() {
        for (text, expected) in [("2025年4月11日", "2025-04-11"), ("2025年", "2025"), (" 11 апреля 2025", "2025-04-11")]
        {
            assert_eq!(read_date(text).unwrap().to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn dates_lie_in_their_text(text in "([0-9]{1,4}|[年月日号./-]| |мая|march|十|二|〇|th|,|停){0,30}") {
            let mut end = 0;
            for (range, date) in written_dates(&text) {
                prop_assert!(end <= range.start && text.get(range.clone()).is_some());
                prop_assert_eq!(Date::parse(&date.to_string()), Some(date));
                end = range.end;
            }
        }
    }
}
