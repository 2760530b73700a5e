//! A date, as far as it is known.

/// A year, with month and day where they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Returns a date, or `None` if there is no such date. 0 stands for an unknown month or day.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let is_whole = month > 0 || day == 0;
        let is_date = (1..=9_999).contains(&year) && month <= 12 && day <= days_of_month(year, month);
        (is_date && is_whole).then_some(Date { year, month, day })
    }

    /// Reads `2025`, `2025-04` or `2025-04-11`; anything after the date is ignored.
    pub fn parse(text: &str) -> Option<Date> {
        let date = text.split(|c: char| !(c.is_ascii_digit() || c == '-')).next()?;
        let mut parts = date.splitn(3, '-');
        let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let mut part = |most: u8| match parts.next() {
            None | Some("") => Some(0),
            Some(digits) => digits.parse().ok().filter(|n| (1..=most).contains(n)),
        };
        Date::new(year, part(12)?, part(31)?)
    }

    /// Returns the date as one number that sorts as dates do, such as 20250411; unknown parts are 0.
    pub fn number(self) -> u64 {
        u64::from(self.year) * 10_000 + u64::from(self.month) * 100 + u64::from(self.day)
    }

    /// Returns the year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// Returns the month, from 1, if it is known.
    pub fn month(self) -> Option<u8> {
        Some(self.month).filter(|&month| month > 0)
    }

    /// Returns the day of the month, from 1, if it is known.
    pub fn day(self) -> Option<u8> {
        Some(self.day).filter(|&day| day > 0)
    }
}

/// Returns the number of days of a month.
fn days_of_month(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u8::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().take_while(|&part| part > 0) {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, expected) in [
            ("2025", Some("2025")),
            ("2025-04", Some("2025-04")),
            ("2025-04-11T10:00", Some("2025-04-11")),
            ("2025 (2)", Some("2025")),
            ("2025-13", None),
            ("2024-02-29", Some("2024-02-29")),
            ("2100-02-29", None),
            ("2025-06-31", None),
            ("0000", None),
            ("25", None),
            ("", None),
            ("десять", None),
        ] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn parts() {
        let date = Date::parse("2025-04").unwrap();
        assert_eq!((date.year(), date.month(), date.day()), (2025, Some(4), None));
        assert_eq!(Date::new(2025, 0, 3), None);
    }
}
