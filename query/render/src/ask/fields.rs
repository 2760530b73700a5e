//! The fields of a JSON object, each read as what it must be.
//!
//! Nothing is turned into something else: `"5"` is no number, and a field that
//! nobody asked for is an error. No value but a list of terms is nested, so
//! depth costs nothing.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::AskFault;

/// Of a value that is wrong, so many characters are shown.
const MOST_SHOWN: usize = 60;

/// The fields of an object that nobody has asked for yet.
pub(super) struct Fields<'j> {
    given: Vec<(String, &'j RawValue)>,
    /// What is asked for: the value of `do`.
    pub(super) what: &'static str,
    /// Those that were asked for, whether they are there or not.
    known: Vec<&'static str>,
}

impl<'j> Fields<'j> {
    /// Reads an object.
    ///
    /// # Errors
    /// If it is none.
    pub(super) fn parse(json: &'j str) -> Result<Fields<'j>, AskFault> {
        match serde_json::from_str(json) {
            Ok(Pairs(given)) => Ok(Fields { given, what: "", known: Vec::new() }),
            Err(error) if error.is_data() => Err(AskFault::NotAnObject),
            Err(error) => Err(AskFault::NotJson(error.to_string())),
        }
    }

    /// Returns a field that stands twice.
    pub(super) fn twice(&self) -> Option<&str> {
        let mut names: Vec<&str> = self.given.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }

    /// Returns the value of a field as it is written; none if it is not there.
    pub(super) fn raw(&mut self, name: &'static str) -> Option<&'j RawValue> {
        self.known.push(name);
        let at = self.given.iter().position(|(given, _)| given == name)?;
        Some(self.given.remove(at).1)
    }

    /// Returns a field that is not null as a value of its type.
    fn value<T: Deserialize<'j>>(&mut self, name: &'static str, allowed: &str) -> Result<Option<T>, AskFault> {
        let Some(raw) = self.raw(name).filter(|raw| raw.get() != "null") else { return Ok(None) };
        serde_json::from_str(raw.get()).map(Some).map_err(|_| wrong(name, allowed.to_owned(), raw.get()))
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<Option<String>, AskFault> {
        self.value(name, "a string")
    }

    /// Returns a field that is a list of one string or more.
    pub(super) fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, AskFault> {
        let allowed = "a list of one string or more";
        let texts: Option<Vec<String>> = self.value(name, allowed)?;
        match texts {
            Some(texts) if texts.is_empty() => Err(wrong(name, allowed.to_owned(), "[]")),
            texts => Ok(texts),
        }
    }

    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<usize>, AskFault> {
        self.value(name, "a whole number from 0")
    }

    /// Returns whether a field is there and true.
    pub(super) fn is_true(&mut self, name: &'static str) -> Result<bool, AskFault> {
        Ok(self.value(name, "true or false")?.unwrap_or(false))
    }

    /// Returns a field that is one of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&'static str, T)],
    ) -> Result<Option<T>, AskFault> {
        let allowed = || format!("one of {}", list(choices.iter().map(|(choice, _)| *choice)));
        let Some(raw) = self.raw(name).filter(|raw| raw.get() != "null") else { return Ok(None) };
        let word: Option<String> = serde_json::from_str(raw.get()).ok();
        let chosen = choices.iter().find(|(choice, _)| word.as_deref() == Some(*choice));
        chosen.map(|(_, chosen)| Some(*chosen)).ok_or_else(|| wrong(name, allowed(), raw.get()))
    }

    /// Returns whether a field is there, and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, value)| given == name && value.get() != "null")
    }

    /// Returns that a field is missing, or one of some.
    pub(super) fn missing(&self, fields: &'static str) -> AskFault {
        AskFault::Missing { what: self.what, fields }
    }

    /// Ends what is asked for: nothing may be left.
    ///
    /// # Errors
    /// If a field is not known.
    pub(super) fn end(self) -> Result<(), AskFault> {
        let what = self.what;
        let known = || list(self.known.iter().copied());
        match self.given.first() {
            Some((name, _)) => Err(AskFault::UnknownField { what, field: shown(name), known: known() }),
            None => Ok(()),
        }
    }
}

pub(super) fn wrong(field: &'static str, allowed: String, found: &str) -> AskFault {
    AskFault::WrongValue { field, allowed, found: shown(found) }
}

/// Returns the beginning of what was written, without what could steer a terminal.
pub(super) fn shown(written: &str) -> String {
    match written.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", svod_text::printable(&written[..end])),
        None => svod_text::printable(written).into_owned(),
    }
}

fn list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// An object in the order it is written, fields that stand twice included.
struct Pairs<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs<'de>, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one field each way and returns what is wrong with it.
    fn said(value: &str) -> [Option<String>; 4] {
        let json = format!("{{\"field\":{value}}}");
        let said = |fault: Option<AskFault>| fault.map(|fault| fault.to_string());
        let fields = || Fields::parse(&json).unwrap();
        [
            said(fields().text("field").err()),
            said(fields().number("field").err()),
            said(fields().is_true("field").err()),
            said(fields().texts("field").err()),
        ]
    }

    #[test]
    fn a_value_is_of_its_type_or_wrong() {
        for (value, fitting) in [
            ("\"停火\"", Some(0)),
            ("\"\\u505c火\"", Some(0)),
            ("7", Some(1)),
            ("true", Some(2)),
            ("[\"мир\", \"war\"]", Some(3)),
            ("[]", None),
            ("-1", None),
            ("7.0", None),
            ("1e400", None),
            ("123456789012345678901234567890", None),
            ("{\"a\":[1]}", None),
            ("[1]", None),
            ("\"\\ud800\"", None),
        ] {
            let said = said(value);
            for (way, said) in said.iter().enumerate() {
                assert_eq!(said.is_none(), fitting == Some(way), "{value}: {said:?}");
            }
        }
        assert_eq!(said("null"), [None, None, None, None], "null is not said");
        assert_eq!(said("-1")[1].as_deref(), Some("`field` is a whole number from 0, not `-1`"));
        let long = said(&format!("\"{}\"", "停".repeat(100)))[1].clone().unwrap();
        assert_eq!(long, format!("`field` is a whole number from 0, not `\"{}…`", "停".repeat(59)));
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = format!("{{\"field\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let mut fields = Fields::parse(&deep).unwrap();
        assert!(matches!(fields.texts("field"), Err(AskFault::WrongValue { field: "field", .. })));
        assert!(matches!(Fields::parse(&"[".repeat(100_000)), Err(AskFault::NotAnObject)));
    }

    #[test]
    fn every_field_is_asked_for_and_once() {
        let mut fields = Fields { what: "search", ..Fields::parse("{\"limit\":1,\"limt\":2,\"\u{202e}\":3}").unwrap() };
        assert_eq!(fields.twice(), None);
        assert_eq!((fields.number("limit"), fields.text("query")), (Ok(Some(1)), Ok(None)));
        let fault = fields.end().unwrap_err();
        assert_eq!(fault.to_string(), "`search` has no field `limt`; it has `limit`, `query`");
        assert_eq!(Fields::parse("{\"a\":1,\"b\":2,\"a\":1}").unwrap().twice(), Some("a"));
    }
}
