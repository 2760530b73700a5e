//! Character references: `&laquo;`, `&#31038;`, `&#x4e2d;`.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

/// `CounterClockwiseContourIntegral` is the longest name.
const LONGEST_NAME: usize = 32;

/// Names that old pages write without a semicolon.
const WITHOUT_SEMICOLON: [(&str, &str); 12] = [
    ("nbsp", "\u{a0}"),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("laquo", "«"),
    ("raquo", "»"),
    ("copy", "©"),
    ("sect", "§"),
    ("middot", "·"),
    ("deg", "°"),
    ("shy", "\u{ad}"),
];

/// What the numbers 0x80 to 0x9f mean: not control characters, but those of windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Replaces the character references of a text. What is none stays as it is.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    let Some(first) = raw.find('&') else { return Cow::Borrowed(raw) };
    let mut text = String::with_capacity(raw.len());
    let (plain, mut rest) = raw.split_at(first);
    text.push_str(plain);
    while let Some(reference) = rest.strip_prefix('&') {
        rest = match read(reference, &mut text) {
            Some(length) => &reference[length..],
            None => {
                text.push('&');
                reference
            }
        };
        let (plain, next) = rest.split_at(rest.find('&').unwrap_or(rest.len()));
        text.push_str(plain);
        rest = next;
    }
    Cow::Owned(text)
}

/// Appends what a reference means and returns how long it is, without the `&`.
fn read(reference: &str, text: &mut String) -> Option<usize> {
    match reference.strip_prefix('#') {
        Some(number) => Some(1 + read_number(number, text)?),
        None => read_name(reference, text),
    }
}

fn read_number(number: &str, text: &mut String) -> Option<usize> {
    let (radix, digits) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, number),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    text.push(match code.checked_sub(0x80).and_then(|at| WINDOWS_1252.get(at as usize)) {
        Some(&c) => c,
        None => char::from_u32(code).filter(|&c| c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER),
    });
    let semicolon = digits[length..].starts_with(';');
    Some(number.len() - digits.len() + length + usize::from(semicolon))
}

fn read_name(reference: &str, text: &mut String) -> Option<usize> {
    let length = reference.bytes().take(LONGEST_NAME).take_while(u8::is_ascii_alphanumeric).count();
    let name = &reference[..length];
    let common = WITHOUT_SEMICOLON.iter();
    if reference[length..].starts_with(';') {
        let exact = common.clone().find(|(common, _)| *common == name).map(|&(_, meaning)| meaning);
        if let Some(meaning) = exact.or_else(|| resolve_html5_entity(name)) {
            text.push_str(meaning);
            return Some(length + 1);
        }
    }
    let (prefix, meaning) = common.clone().find(|(common, _)| name.starts_with(common))?;
    text.push_str(meaning);
    Some(prefix.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters() {
        for (raw, expected) in [
            ("", ""),
            ("停火", "停火"),
            ("&#20013;&#x56FD; &#xfeff", "中国 \u{feff}"),
            ("&laquo;мир&raquo; &mdash; &hellip;", "«мир» — …"),
            ("AT&amp;T &amp;amp; R&D a&b=c &", "AT&T &amp; R&D a&b=c &"),
            ("a&nbspb &ampx", "a\u{a0}b &x"),
            ("&#150;&#0;&#x110000;&#99999999999;&#;&#x;", "–\u{fffd}\u{fffd}\u{fffd}&#;&#x;"),
            ("&nosuchname; &停;", "&nosuchname; &停;"),
        ] {
            assert_eq!(decode(raw), expected, "{raw}");
        }
    }
}
