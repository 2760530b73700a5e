//! The header of a mail, or of a part of one.

use crate::reading::encoding;
use crate::reading::formats::collapse_blanks;

use super::transfer::{base64, quoted_printable, utf7};

/// The lines before the text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Headers<'b> {
    lines: &'b [u8],
}

impl<'b> Headers<'b> {
    /// Reads the header at the start of some bytes. Returns it and its length, with the blank line that ends it. A line
    /// that belongs to no header ends it too.
    pub(super) fn read(bytes: &'b [u8]) -> (Headers<'b>, usize) {
        let mut length = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            if line.trim_ascii().is_empty() {
                return (Headers { lines: &bytes[..length] }, length + line.len());
            }
            if !is_folded(line) && !is_field(line) {
                break;
            }
            length += line.len();
        }
        (Headers { lines: &bytes[..length] }, length)
    }

    /// Whether there is a field of this name, given in lower case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Returns the text of a field, if it has one.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = collapse_blanks(&decode(&self.raw(name)?));
        (!text.is_empty()).then_some(text)
    }

    /// Returns the value of a field without its parameters, in lower case.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        let value = self.raw(name)?;
        let word = value.split(|&byte| byte == b';').next()?.trim_ascii();
        Some(String::from_utf8_lossy(word).to_ascii_lowercase())
    }

    /// Returns a parameter of a field.
    pub(super) fn parameter(&self, name: &str, parameter: &str) -> Option<String> {
        let value = self.raw(name)?;
        let mut rest = &value[value.iter().position(|&byte| byte == b';')?..];
        while let [b';', after @ ..] = rest {
            let end = after.iter().position(|byte| matches!(byte, b'=' | b';')).unwrap_or(after.len());
            let (key, after) = after.split_at(end);
            let after = after.strip_prefix(b"=").unwrap_or(after).trim_ascii_start();
            let (own, after) = match after.strip_prefix(b"\"") {
                Some(quoted) => quoted.split_at(quoted.iter().position(|&byte| byte == b'"').unwrap_or(quoted.len())),
                None => after.split_at(after.iter().position(|&byte| byte == b';').unwrap_or(after.len())),
            };
            if key.trim_ascii().eq_ignore_ascii_case(parameter.as_bytes()) {
                return Some(String::from_utf8_lossy(own.trim_ascii()).into_owned());
            }
            rest = &after[after.iter().position(|&byte| byte == b';').unwrap_or(after.len())..];
        }
        None
    }

    /// Returns the value of the first field of a name, with its lines joined.
    fn raw(&self, name: &str) -> Option<Vec<u8>> {
        let mut found: Option<Vec<u8>> = None;
        for line in self.lines.split_inclusive(|&byte| byte == b'\n') {
            match &mut found {
                Some(value) if is_folded(line) => {
                    value.push(b' ');
                    value.extend_from_slice(line.trim_ascii());
                }
                Some(_) => break,
                None => {
                    let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
                    if !is_folded(line) && line[..colon].trim_ascii_end().eq_ignore_ascii_case(name.as_bytes()) {
                        found = Some(line[colon + 1..].trim_ascii().to_vec());
                    }
                }
            }
        }
        found
    }
}

fn is_folded(line: &[u8]) -> bool {
    line.starts_with(b" ") || line.starts_with(b"\t")
}

/// Whether a line begins a field.
pub(super) fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|&&byte| byte.is_ascii_graphic() && byte != b':').count();
    name > 0 && line[name..].trim_ascii_start().starts_with(b":")
}

/// Decodes the text of a field: bytes as they stand, and words such as `=?utf-8?B?5Lit?=`.
fn decode(value: &[u8]) -> String {
    let whole = match std::str::from_utf8(value) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding::decode(value.to_vec())
            .map_or_else(|_| String::from_utf8_lossy(value).into_owned(), |decoded| decoded.text),
    };
    let mut text = String::with_capacity(whole.len());
    // Bytes of words in a row: a character may begin in one and end in the next.
    let mut open: Option<Word> = None;
    let mut rest = whole.as_str();
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, length)) = Word::read(from) else {
            flush(&mut open, &mut text);
            text.push_str(before);
            text.push_str("=?");
            rest = &from[2..];
            continue;
        };
        rest = &from[length..];
        // Blanks between two words are no text.
        let follows = open.is_some() && before.trim().is_empty();
        match open.as_mut().filter(|open| follows && open.charset.eq_ignore_ascii_case(&word.charset)) {
            Some(open) => open.bytes.extend(word.bytes),
            None => {
                flush(&mut open, &mut text);
                text.push_str(if follows { "" } else { before });
                open = Some(word);
            }
        }
    }
    flush(&mut open, &mut text);
    text.push_str(rest);
    text
}

/// A word of a field in an encoding of its own.
struct Word {
    charset: String,
    bytes: Vec<u8>,
}

/// The longest word that is decoded. The standard allows 75 bytes; some programs write a whole line.
const LONGEST_WORD: usize = 2_000;

impl Word {
    /// Reads the word at the start of a text. Returns it and its length.
    fn read(text: &str) -> Option<(Word, usize)> {
        let mut end = text.len().min(LONGEST_WORD);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut parts = text[2..end.max(2)].splitn(3, '?');
        let (charset, way, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let written = &rest[..rest.find("?=")?];
        let bytes = match way {
            "B" | "b" => base64(written.as_bytes()),
            "Q" | "q" => quoted_printable(written.replace('_', " ").as_bytes()),
            _ => return None,
        };
        let length = 2 + charset.len() + 1 + way.len() + 1 + written.len() + 2;
        let charset = charset.split('*').next().unwrap_or(charset).to_owned();
        Some((Word { charset, bytes }, length))
    }
}

fn flush(open: &mut Option<Word>, text: &mut String) {
    let Some(Word { charset, bytes }) = open.take() else { return };
    if charset.eq_ignore_ascii_case("utf-7") {
        return text.push_str(&utf7(&String::from_utf8_lossy(&bytes)));
    }
    match encoding::decode_as(bytes, &charset) {
        Ok(decoded) => text.push_str(&decoded.text),
        Err(_) => text.push(char::REPLACEMENT_CHARACTER),
    }
}

/// Returns the name of a person in a field such as `Ann Lee <ann@example.org>`; `None` if there is only an address.
pub(super) fn person(field: &str) -> Option<String> {
    let name = match (field.rfind('<'), field.find('(')) {
        (Some(address), _) => &field[..address],
        (None, Some(comment)) => field[comment + 1..].trim_end_matches(')'),
        (None, None) => field,
    };
    let name = collapse_blanks(name.trim_matches(['"', '\'', ' ']));
    (!name.is_empty() && !name.contains('@')).then_some(name)
}

/// Returns the day of a field such as `Tue, 5 Mar 2024 10:00:00 +0800`, as `2024-03-05`.
pub(super) fn day(field: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = field.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let month_of =
        |word: &&str| MONTHS.iter().position(|month| word.get(..3).is_some_and(|w| w.eq_ignore_ascii_case(month)));
    let at = words.iter().position(|word| month_of(word).is_some())?;
    let month = month_of(words.get(at)?)? + 1;
    let day: u32 = words.get(at.checked_sub(1)?)?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let year: u32 = words.get(at + 1)?.parse().ok()?;
    let year = match year {
        0..50 => year + 2000,
        50..100 => year + 1900,
        _ => year,
    };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded() {
        for (raw, expected) in [
            ("plain text", "plain text"),
            ("=?utf-8?B?5riv5Y+j?=", "港口"),
            ("=?UTF-8?b?5rivI?= =?utf-8?B?5Y+j?=", "港口"),
            ("=?utf-8?B?5rg=?= =?utf-8?B?r+WPow==?=", "港口"),
            ("=?koi8-r?Q?=F0=CF=D2=D4?= of =?windows-1251?Q?=CC=EE=EB=5F?=", "Порт of Мол_"),
            ("=?gb2312?B?uNu/2g==?=\r\n =?gb2312?Q?a_b?=", "港口a b"),
            ("=?utf-7?Q?Fr+APY-sche?=", "Frösche"),
            ("a =?x", "a =?x"),
            ("=?utf-8?X?a?= b", "=?utf-8?X?a?= b"),
            ("=?no-such?Q?a?=", "\u{fffd}"),
            ("Порт", "Порт"),
        ] {
            let bytes = format!("Subject: {raw}\r\n\r\n");
            assert_eq!(Headers::read(bytes.as_bytes()).0.text("subject").unwrap(), expected, "{raw}");
        }
        let raw = [
            &b"Subject: "[..],
            b"\xcf\xee\xf0\xf2\xee\xe2\xfb\xe9 \xf1\xee\xe2\xe5\xf2 \xf1\xee\xe1\xf0\xe0\xeb\xf1\xff",
            b"\n\n",
        ]
        .concat();
        assert_eq!(Headers::read(&raw).0.text("subject").unwrap(), "Портовый совет собрался");
    }

    #[test]
    fn parameters_may_be_quoted_and_folded() {
        let (headers, length) = Headers::read(
            b"CONTENT-type : Multipart/Related;\r\n\ttype=\"text/html\"; Boundary=\"a;b\" ;charset=utf-8\r\nX: y\r\n\r\nbody",
        );
        assert_eq!(length, 93);
        assert_eq!(headers.word("content-type").unwrap(), "multipart/related");
        assert_eq!(headers.parameter("content-type", "boundary").unwrap(), "a;b");
        assert_eq!(headers.parameter("content-type", "charset").unwrap(), "utf-8");
        assert_eq!(headers.parameter("content-type", "name"), None);
        assert!(headers.has("x") && !headers.has("y"));
        // A header that no blank line ends.
        assert_eq!(Headers::read(b"A: b\r\n--c\r\n").1, 6);
    }

    #[test]
    fn people_and_days() {
        for (field, expected) in [
            ("Ann Lee <ann@example.org>", Some("Ann Lee")),
            ("\"王 芳\" <w@example.org>", Some("王 芳")),
            ("ann@example.org (Ann Lee)", Some("Ann Lee")),
            ("<ann@example.org>", None),
            ("ann@example.org", None),
            ("'ann@example.org' <ann@example.org>", None),
        ] {
            assert_eq!(person(field).as_deref(), expected, "{field}");
        }
        for (field, expected) in [
            ("Tue, 5 Mar 2024 10:00:00 +0800", Some("2024-03-05")),
            ("05 March 24 10:00", Some("2024-03-05")),
            ("Mon, 31-Dec-1999", Some("1999-12-31")),
            ("yesterday", None),
            ("Mar", None),
        ] {
            assert_eq!(day(field).as_deref(), expected, "{field}");
        }
    }
}
