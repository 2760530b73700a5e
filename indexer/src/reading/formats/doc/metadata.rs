//! The summary of a document: title, author, keywords, and the day on which it was made.

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::reading::formats::code_pages::of_code_page;
use crate::reading::formats::compound::{u16_at, u32_at};
use crate::reading::formats::{Metadata, collapse_blanks, split_keywords};

/// The most properties of a summary; Word writes fewer than twenty.
const MOST_PROPERTIES: u32 = 1_000;

const CODE_PAGE: u32 = 1;
const TITLE: u32 = 2;
const AUTHOR: u32 = 4;
const KEYWORDS: u32 = 5;
const CREATED: u32 = 12;

/// Types of values.
const BYTES: u32 = 0x1e;
const WIDE_TEXT: u32 = 0x1f;
const TIME: u32 = 0x40;

/// A time counts a tenth of a microsecond from the first day of 1601.
const TICKS_A_DAY: u64 = 864_000_000_000;

/// Reads a summary as far as possible.
pub(super) fn read(summary: &[u8]) -> Metadata {
    let set = u32_at(summary, 44).and_then(|at| summary.get(at as usize..)).unwrap_or_default();
    let count = u32_at(set, 4).unwrap_or(0).min(MOST_PROPERTIES) as usize;
    let values: Vec<(u32, &[u8])> = (0..count)
        .filter_map(|at| Some((u32_at(set, 8 + at * 8)?, set.get(u32_at(set, 12 + at * 8)? as usize..)?)))
        .collect();
    let value = |wanted: u32| values.iter().find(|(number, _)| *number == wanted).map(|(_, value)| *value);
    let code_page = value(CODE_PAGE).and_then(|value| u16_at(value, 4)).and_then(of_code_page);
    let text = |wanted: u32| value(wanted).and_then(|value| text(value, code_page.unwrap_or(WINDOWS_1252)));
    let authors = text(AUTHOR).unwrap_or_default();
    Metadata {
        title: text(TITLE),
        authors: authors.split(';').map(collapse_blanks).filter(|author| !author.is_empty()).collect(),
        made: value(CREATED).and_then(day),
        keywords: text(KEYWORDS).map(|keywords| split_keywords(&keywords).collect()).unwrap_or_default(),
        ..Metadata::default()
    }
}

/// Returns a value as text, if it is one and not empty.
fn text(value: &[u8], encoding: &'static Encoding) -> Option<String> {
    let length = u32_at(value, 4)? as usize;
    let bytes = value.get(8..)?;
    let text = match u32_at(value, 0)? {
        BYTES => encoding.decode_without_bom_handling(bytes.get(..length)?).0.into_owned(),
        WIDE_TEXT => {
            let units = bytes.chunks_exact(2).take(length).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    let text = collapse_blanks(text.split('\0').next().unwrap_or_default());
    (!text.is_empty()).then_some(text)
}

/// Returns the day of a time, as `2024-03-05`.
fn day(value: &[u8]) -> Option<String> {
    if u32_at(value, 0)? != TIME {
        return None;
    }
    let ticks = u64::from(u32_at(value, 8)?) << 32 | u64::from(u32_at(value, 4)?);
    // Days are counted from the first of March of the year 0, so that a leap day ends its year.
    let days = (ticks / TICKS_A_DAY).checked_add(584_694).filter(|_| ticks > 0)?;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}
