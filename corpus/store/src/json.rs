//! JSON that steers nothing: what the programs and the libraries give out.
//!
//! A string of JSON may hold nearly all of Unicode as it is. Some of it a
//! terminal acts on, and some of it one language or another takes for the end
//! of a line. Both stand here as escapes (`\u2028`): a reader of the JSON gets the
//! same text, and a reader of lines as many as were written.
//!
//! Ordinary text is looked through for four bytes and written as it is.

use std::io::{self, Write};

use memchr::memchr3_iter;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use svod_text::is_dangerous;

/// Writes a value as one line.
///
/// # Errors
/// If `out` cannot be written, or the value has no JSON form.
pub fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Harmless))?;
    out.write_all(b"\n")
}

/// Writes a value on lines that people can read.
///
/// # Errors
/// If `out` cannot be written, or the value has no JSON form.
pub fn write_pretty(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    write_escaped(&mut *out, &serde_json::to_string_pretty(value)?)?;
    out.write_all(b"\n")
}

/// Returns a value as JSON.
///
/// # Errors
/// If the value has no JSON form: a map with keys that are no strings.
pub fn to_string(value: &impl Serialize) -> io::Result<String> {
    let mut json = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut json, Harmless))?;
    String::from_utf8(json).map_err(io::Error::other)
}

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(out, fragment)
    }

    /// JSON that is handed on as it came may be laid out on lines of its own.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(out, &fragment.replace(['\t', '\r', '\n'], " "))
    }
}

/// Writes a part of JSON in which only what lies in strings can be dangerous.
fn write_escaped<W: ?Sized + Write>(out: &mut W, json: &str) -> io::Result<()> {
    for (number, part) in json.split('\u{7f}').enumerate() {
        if number > 0 {
            out.write_all(b"\\u007f")?;
        }
        write_without_delete(out, part)?;
    }
    Ok(())
}

fn write_without_delete<W: ?Sized + Write>(out: &mut W, json: &str) -> io::Result<()> {
    let mut written = 0;
    // All else that is dangerous, and that strings of JSON hold raw, begins with one of these bytes.
    for at in memchr3_iter(0xc2, 0xd8, 0xe2, json.as_bytes()) {
        let (before, rest) = json.split_at(at);
        let Some(c) = rest.chars().next().filter(|&c| is_dangerous(c)) else { continue };
        write!(out, "{}\\u{:04x}", &before[written..], u32::from(c))?;
        written = at + c.len_utf8();
    }
    out.write_all(&json.as_bytes()[written..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn is_harmless(line: &str) -> bool {
        !line.contains(is_dangerous)
    }

    #[test]
    fn what_steers_is_an_escape_and_all_else_stays() {
        for (text, expected) in [
            ("停火 война war 😀 é \u{ad}\u{feff}", "\"停火 война war 😀 é \u{ad}\u{feff}\""),
            ("\u{9b}2J\u{85}", r#""\u009b2J\u0085""#),
            ("a\u{2028}b\u{2029}", r#""a\u2028b\u2029""#),
            ("txt.\u{202e}dm\u{61c}\u{2066}", r#""txt.\u202edm\u061c\u2066""#),
            ("\x1b[31m\x7f\"\\", r#""\u001b[31m\u007f\"\\""#),
        ] {
            assert_eq!(to_string(&text).unwrap(), expected);
        }
    }

    #[test]
    fn every_character_is_read_back_from_a_line_that_is_harmless() {
        for c in '\0'..=char::MAX {
            let json = to_string(&[c, 'я', c]).unwrap();
            assert!(is_harmless(&json), "{json:?}");
            assert_eq!(serde_json::from_str::<[char; 3]>(&json).unwrap(), [c, 'я', c]);
        }
    }

    #[test]
    fn what_is_handed_on_stays_on_its_line() {
        let tag: Box<RawValue> = serde_json::from_str("{\"a\":\r[1,\n\"\u{2028}\u{9b}\"]}").unwrap();
        assert_eq!(to_string(&tag).unwrap(), r#"{"a": [1, "\u2028\u009b"]}"#);
    }

    proptest! {
        #[test]
        fn texts_are_read_back(text in "([\u{7f}-\u{9f}\u{2028}-\u{202e}\u{61c}\u{2066}\"\\\\\r\n]|停火|мир|war|.){0,20}") {
            let mut line = Vec::new();
            write_line(&mut line, &[&text]).unwrap();
            let line = String::from_utf8(line).unwrap();
            prop_assert!(is_harmless(line.trim_end_matches('\n')), "{:?}", line);
            prop_assert_eq!(&serde_json::from_str::<[String; 1]>(&line).unwrap()[0], &text);
            let mut pretty = Vec::new();
            write_pretty(&mut pretty, &[&text]).unwrap();
            let pretty = String::from_utf8(pretty).unwrap();
            prop_assert!(pretty.lines().all(is_harmless), "{:?}", pretty);
            prop_assert_eq!(&serde_json::from_str::<[String; 1]>(&pretty).unwrap()[0], &text);
        }
    }
}
