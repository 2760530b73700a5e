//! How Excel shows a number: as a date, a percentage, or with its decimals.
//!
//! Dates are days since the end of 1899. Formats that depend on the country of the reader show `2024-03-05`. Signs that
//! group thousands are left out, so that a number is one word.

use crate::reading::formats::xml::{self, Event};

/// Days from the beginning of 1970 back to day 0 of Excel.
const DAY_ZERO: i64 = 25_569;

/// The last day that Excel knows: the end of the year 9999.
const LAST_DAY: f64 = 2_958_466.0;

/// The formats of the numbers of a workbook, by the styles of its cells.
#[derive(Debug, Default)]
pub(super) struct NumberFormats {
    styles: Vec<NumberFormat>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum NumberFormat {
    #[default]
    General,
    /// The number of decimals.
    Decimals(usize),
    Percent(usize),
    /// A date or time, as Excel writes its format: `dd.mm.yyyy`.
    Date(String),
}

impl NumberFormats {
    /// Reads `styles.xml` as far as possible.
    pub(super) fn read(source: &str) -> NumberFormats {
        let mut codes = std::collections::HashMap::new();
        let mut styles = Vec::new();
        let mut in_cells = false;
        xml::read(source, |event| match event {
            Event::Start(element) => match element.name() {
                "numFmt" => {
                    codes.extend(element.attribute("numFmtId").zip(element.attribute("formatCode")));
                }
                "cellXfs" => in_cells = true,
                "xf" if in_cells => {
                    let id = element.attribute("numFmtId").unwrap_or_default();
                    let own = codes.get(&id).map(|code| NumberFormat::of_code(code));
                    styles.push(own.unwrap_or_else(|| NumberFormat::built_in(id.parse().unwrap_or(0))));
                }
                _ => {}
            },
            Event::End("cellXfs") => in_cells = false,
            _ => {}
        });
        NumberFormats { styles }
    }

    /// Returns a value as a cell of a style shows it; as it is, if it is no number.
    pub(super) fn show(&self, value: &str, style: Option<usize>) -> String {
        let Ok(number) = value.trim().parse::<f64>() else { return value.to_owned() };
        let format = style.and_then(|style| self.styles.get(style)).unwrap_or(&NumberFormat::General);
        match format {
            NumberFormat::Decimals(decimals) => format!("{number:.decimals$}"),
            NumberFormat::Percent(decimals) => format!("{:.decimals$}%", number * 100.0),
            NumberFormat::Date(code) if (0.0..LAST_DAY).contains(&number) => date(code, number),
            NumberFormat::General | NumberFormat::Date(_) => general(value, number),
        }
    }
}

impl NumberFormat {
    /// Returns a format that is not written in the file.
    fn built_in(id: u32) -> NumberFormat {
        match id {
            1 | 3 | 37 | 38 => NumberFormat::Decimals(0),
            2 | 4 | 39 | 40 => NumberFormat::Decimals(2),
            9 => NumberFormat::Percent(0),
            10 => NumberFormat::Percent(2),
            14 | 15 | 27..=31 | 36 | 50..=54 | 57 | 58 => NumberFormat::Date("yyyy-mm-dd".to_owned()),
            16 => NumberFormat::Date("d-mm".to_owned()),
            17 => NumberFormat::Date("yyyy-mm".to_owned()),
            18..=21 | 32..=35 | 45..=47 => NumberFormat::Date("h:mm".to_owned()),
            22 => NumberFormat::Date("yyyy-mm-dd h:mm".to_owned()),
            _ => NumberFormat::General,
        }
    }

    fn of_code(code: &str) -> NumberFormat {
        // Behind the first `;` stands the format of negative numbers.
        let positive = code.split(';').next().unwrap_or_default();
        let signs = without_literals(positive);
        let decimals = || signs.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(|&b| b == b'0').count());
        if signs.contains(['y', 'd', 'h', 's', 'e']) && !signs.contains(['0', '#']) || signs.trim() == "m" {
            NumberFormat::Date(positive.to_owned())
        } else if signs.contains('%') {
            NumberFormat::Percent(decimals().min(15))
        } else if signs.contains('0') && !signs.contains(['e', '/', '?', '*']) && !signs.ends_with(',') {
            NumberFormat::Decimals(decimals().min(15))
        } else {
            NumberFormat::General
        }
    }
}

/// Returns the signs of a format, in lower case, without quoted text, colours and countries.
fn without_literals(code: &str) -> String {
    let mut signs = String::new();
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => drop(characters.by_ref().find(|&c| c == '"')),
            '[' => drop(characters.by_ref().find(|&c| c == ']')),
            '\\' | '_' => drop(characters.next()),
            _ => signs.extend(character.to_lowercase()),
        }
    }
    if signs.contains("general") { String::new() } else { signs }
}

/// Returns a number with the fifteen digits that Excel shows: what is behind them is the noise of binary fractions.
fn general(value: &str, number: f64) -> String {
    if value.len() <= 16 && !value.contains(['e', 'E']) {
        return value.trim().to_owned();
    }
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if shown != 0.0 && !(1e-9..1e21).contains(&shown.abs()) { format!("{shown:e}") } else { shown.to_string() }
}

/// Returns a date or time in a format such as `dd.mm.yyyy` or `yyyy"年"m"月"d"日"`.
fn date(code: &str, number: f64) -> String {
    let seconds = (number * 86_400.0).round() as i64;
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Excel believes in the 29th of February 1900; before it, its days are one too few.
    let (year, month, day) = civil(days - DAY_ZERO + i64::from(days < 60));
    let mut shown = String::new();
    let mut is_minute = false;
    let mut characters = code.chars().peekable();
    while let Some(character) = characters.next() {
        let sign = character.to_ascii_lowercase();
        let mut length = 1;
        if sign.is_ascii_alphabetic() {
            while characters.next_if(|next| next.to_ascii_lowercase() == sign).is_some() {
                length += 1;
            }
        }
        let value = match sign {
            'y' | 'e' if length == 2 => Some((year.rem_euclid(100), 2)),
            'y' | 'e' => Some((year, 4)),
            'm' if is_minute || characters.peek() == Some(&':') => Some((seconds / 60 % 60, length.max(2))),
            'm' => Some((month, length.min(2))),
            'd' if length < 3 => Some((day, length)),
            'h' => Some((seconds / 3_600, length.min(2))),
            's' => Some((seconds % 60, 2)),
            _ => None,
        };
        is_minute = if sign.is_ascii_alphabetic() { matches!(sign, 'h') } else { is_minute };
        match (value, sign) {
            (Some((value, width)), _) => shown.push_str(&format!("{value:0width$}")),
            (None, '"') => shown.extend(characters.by_ref().take_while(|&c| c != '"')),
            (None, '[') => drop(characters.by_ref().find(|&c| c == ']')),
            (None, '\\') => shown.extend(characters.next()),
            (None, '_' | '*') => drop(characters.next()),
            // Names of weekdays, `AM/PM`, and `@`.
            (None, 'a'..='z' | '@') => {}
            (None, _) => shown.push(character),
        }
    }
    shown.trim_matches(|c: char| c.is_whitespace() || matches!(c, '/' | ',')).to_owned()
}

/// Returns year, month and day of a day counted from the beginning of 1970, by Howard Hinnant's algorithm.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_by_their_formats() {
        for (code, value, expected) in [
            ("dd.mm.yyyy", "45356", "05.03.2024"),
            ("yyyy\"年\"m\"月\"d\"日\"", "45356", "2024年3月5日"),
            ("[$-F800]dddd, mmmm dd, yyyy", "45356", "03 05, 2024"),
            ("d/m/yy;@", "45356", "5/3/24"),
            ("yyyy/mm/dd hh:mm:ss", "45356.75", "2024/03/05 18:00:00"),
            ("h:mm", "0.5", "12:00"),
            ("dd\\-mm", "1", "01-01"),
            ("yyyy-mm-dd", "60.5", "1900-02-28"),
            ("yyyy-mm-dd", "-3", "-3"),
            ("yyyy-mm-dd", "1e300", "1e300"),
            ("0.00", "3.14159", "3.14"),
            ("#,##0.0\" руб.\"", "1234567.26", "1234567.3"),
            ("0%", "0.07", "7%"),
            ("General", "12.5", "12.5"),
            ("General", "1.1000000000000001", "1.1"),
            ("@", "00123", "00123"),
            ("0.00", "порт", "порт"),
        ] {
            let formats = NumberFormats { styles: vec![NumberFormat::of_code(code)] };
            assert_eq!(formats.show(value, Some(0)), expected, "{code}");
            assert_eq!(formats.show("x", Some(9)), "x");
        }
    }

    #[test]
    fn every_day_has_a_date() {
        assert_eq!((civil(0), civil(-1), civil(19_787)), ((1970, 1, 1), (1969, 12, 31), (2024, 3, 5)));
        assert_eq!((civil(10_956), civil(11_016)), ((1999, 12, 31), (2000, 2, 29)));
    }
}
