//! A JSON object as serde's derived readers take it, with errors that name the field, what it can be and what it is.
//!
//! Three rules make a reader of asks out of one for any types:
//!
//! - An enum is tagged by the field `do`; its first variant is meant where `do` is not said.
//! - A structure inside a structure is a part of it: its fields stand in the same object. Schemas say so with `flatten`.
//!   (serde's own `flatten` copies all values first, and its errors name no field.)
//! - All else is a field of its own, and optional: not said is the same as null. What must be there is checked when
//!   all is read, so that a field that is misspelt is named rather than one that is missing.
//!
//! Nothing is turned into something else: `"5"` is no number. No value but a list of strings is nested, so depth costs
//! nothing.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;

use super::error::AskFault;
use crate::choice::{listed, one_of};

/// Of a value that is wrong, this many characters are shown.
const MOST_SHOWN: usize = 60;

/// The fields of an object, and which of them were read.
pub(super) struct Object<'j> {
    given: Vec<Given<'j>>,
    /// What is asked for: the value of `do`.
    pub(super) what: &'static str,
    /// The fields that were asked for, whether they are there or not.
    known: Vec<&'static str>,
}

struct Given<'j> {
    name: Cow<'j, str>,
    value: &'j RawValue,
    is_read: bool,
}

impl<'j> Object<'j> {
    /// Reads an object.
    ///
    /// # Errors
    /// If it is none, or a field stands twice.
    pub(super) fn parse(json: &'j str) -> Result<Object<'j>, AskFault> {
        let given = match serde_json::from_str(json) {
            Ok(Fields(given)) => given,
            Err(error) if error.is_data() => return Err(AskFault::NotAnObject),
            Err(error) => return Err(AskFault::NotJson(error.to_string())),
        };
        let mut names: Vec<&str> = given.iter().map(|field| &*field.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(AskFault::Twice(shown(pair[0]))),
            None => Ok(Object { given, what: "", known: Vec::new() }),
        }
    }

    /// Returns the value of a field as it is written; `None` if it is not there.
    pub(super) fn raw(&mut self, name: &'static str) -> Option<&'j RawValue> {
        self.known.push(name);
        let field = self.given.iter_mut().find(|field| field.name == name)?;
        field.is_read = true;
        Some(field.value)
    }

    /// Reads a type from all fields that were not read yet. The field `tagged_by` says which variant of an enum.
    ///
    /// # Errors
    /// If a value is not of its type, or a field is not known.
    pub(super) fn read<T: Deserialize<'j>>(&mut self, tagged_by: &'static str) -> Result<T, AskFault> {
        let read = T::deserialize(Slot { object: self, field: tagged_by }).map_err(|error| match error {
            ReadError::Field(fault) => fault,
            ReadError::Value(allowed) => wrong(tagged_by, allowed, "null"),
        })?;
        match self.given.iter().find(|field| !field.is_read) {
            Some(field) => {
                let (field, known) = (shown(&field.name), listed(self.known.iter().copied()));
                Err(AskFault::UnknownField { what: self.what, field, known })
            }
            None => Ok(read),
        }
    }
}

pub(super) fn wrong(field: &'static str, allowed: String, found: &str) -> AskFault {
    AskFault::WrongValue { field, allowed, found: shown(found) }
}

/// Returns the beginning of what was written, without what could steer a terminal.
fn shown(written: &str) -> String {
    match written.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", svod_text::printable(&written[..end])),
        None => svod_text::printable(written).into_owned(),
    }
}

/// Why a value cannot be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Field(AskFault),
    /// What it can be, from a type that does not know its field.
    #[error("{0}")]
    Value(String),
}

impl ReadError {
    /// Names the field, where that is not done yet, and what stands there.
    fn of(self, field: &'static str, found: &str) -> ReadError {
        match self {
            ReadError::Value(allowed) => ReadError::Field(wrong(field, allowed, found)),
            named => named,
        }
    }
}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(allowed: T) -> Self {
        ReadError::Value(allowed.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ReadError::Value(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        ReadError::Value(expected.to_string())
    }
}

/// The place of a field in an object.
struct Slot<'o, 'j> {
    object: &'o mut Object<'j>,
    field: &'static str,
}

impl<'de> Deserializer<'de> for Slot<'_, 'de> {
    type Error = ReadError;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let value = self.object.raw(self.field).map(RawValue::get).filter(|&json| json != "null");
        let Some(json) = value else { return visitor.visit_none() };
        visitor.visit_some(Value { field: self.field, json }).map_err(|error| {
            // A string that its type refuses: its text says more than its JSON.
            let text: Option<String> = serde_json::from_str(json).ok();
            error.of(self.field, text.as_deref().unwrap_or(json))
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_seq(Part { object: self.object, fields: fields.iter() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_enum(Tagged { slot: self, variants })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        // Only a type that breaks the third rule comes here.
        self.deserialize_option(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The fields of a structure, in its order.
struct Part<'o, 'j> {
    object: &'o mut Object<'j>,
    fields: std::slice::Iter<'static, &'static str>,
}

impl<'j> SeqAccess<'j> for Part<'_, 'j> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'j>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let field = self.fields.next();
        field.map(|field| seed.deserialize(Slot { object: self.object, field })).transpose()
    }
}

/// An object with the field that says which variant it is.
struct Tagged<'o, 'j> {
    slot: Slot<'o, 'j>,
    variants: &'static [&'static str],
}

impl<'o, 'j> EnumAccess<'j> for Tagged<'o, 'j> {
    type Error = ReadError;
    type Variant = Slot<'o, 'j>;

    fn variant_seed<S: DeserializeSeed<'j>>(self, seed: S) -> Result<(S::Value, Slot<'o, 'j>), ReadError> {
        let Tagged { slot, variants } = self;
        let value = slot.object.raw(slot.field).map_or("null", RawValue::get);
        let chosen = match serde_json::from_str::<Option<Cow<'_, str>>>(value) {
            Ok(Some(name)) => variants.iter().find(|variant| **variant == name),
            Ok(None) => variants.first(),
            Err(_) => None,
        };
        let Some(&name) = chosen else {
            let allowed = one_of(variants.iter().copied());
            return Err(ReadError::Field(wrong(slot.field, allowed, value)));
        };
        slot.object.what = name;
        let name: StrDeserializer<'_, ReadError> = name.into_deserializer();
        Ok((seed.deserialize(name)?, slot))
    }
}

impl<'j> VariantAccess<'j> for Slot<'_, 'j> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'j>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'j>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'j>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_struct("", fields, visitor)
    }
}

/// A value that is there. What each kind is called in messages stands here.
struct Value<'j> {
    field: &'static str,
    json: &'j str,
}

type Json<'j> = serde_json::Deserializer<serde_json::de::StrRead<'j>>;

impl<'j> Value<'j> {
    fn read<T>(
        self,
        allowed: &str,
        read: impl FnOnce(&mut Json<'j>) -> Result<T, serde_json::Error>,
    ) -> Result<T, ReadError> {
        read(&mut Json::from_str(self.json))
            .map_err(|_| ReadError::Field(wrong(self.field, allowed.to_owned(), self.json)))
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = ReadError;

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.read("a string", |json| json.deserialize_string(visitor))
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.read("a whole number from 0", |json| json.deserialize_u64(visitor))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.read("true or false", |json| json.deserialize_bool(visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.read("a list of one string or more", |json| json.deserialize_seq(visitor))
    }

    /// One of a few words, or a type that no field has yet: what it can be, its visitor says.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match serde_json::from_str::<Cow<'_, str>>(self.json) {
            Ok(text) => visitor.visit_str(&text),
            Err(_) => visitor.visit_unit(),
        }
        .map_err(|error: ReadError| error.of(self.field, self.json))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 f64 char str bytes byte_buf option unit unit_struct newtype_struct tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

/// An object in the order it is written, fields that stand twice included.
struct Fields<'j>(Vec<Given<'j>>);

/// The name of a field, borrowed where no escape is in it.
#[derive(Deserialize)]
struct Name<'j>(#[serde(borrow)] Cow<'j, str>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fields<'de>, M::Error> {
                let mut given = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    given.push(Given { name, value, is_read: false });
                }
                Ok(Fields(given))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads one field as a type and returns what is wrong with it.
    fn said<T: for<'j> Deserialize<'j>>(value: &str) -> Option<String> {
        let json = format!("{{\"field\":{value}}}");
        Object::parse(&json).unwrap().read::<Option<T>>("field").err().map(|fault| fault.to_string())
    }

    fn said_of_each(value: &str) -> [Option<String>; 4] {
        [said::<String>(value), said::<usize>(value), said::<bool>(value), said::<Vec<String>>(value)]
    }

    #[test]
    fn a_value_is_of_its_type_or_wrong() {
        for (value, fitting) in [
            ("\"停火\"", Some(0)),
            ("\"\\u505c火\"", Some(0)),
            ("7", Some(1)),
            ("true", Some(2)),
            ("[\"мир\", \"war\"]", Some(3)),
            ("[1]", None),
            ("-1", None),
            ("7.0", None),
            ("1e400", None),
            ("123456789012345678901234567890", None),
            ("{\"a\":[1]}", None),
            ("\"\\ud800\"", None),
        ] {
            let said = said_of_each(value);
            for (way, said) in said.iter().enumerate() {
                assert_eq!(said.is_none(), fitting == Some(way), "{value}: {said:?}");
            }
        }
        assert_eq!(said_of_each("null"), [None, None, None, None], "null is not said");
        assert_eq!(said::<usize>("-1").as_deref(), Some("`field` is a whole number from 0, not `-1`"));
        let long = said::<usize>(&format!("\"{}\"", "停".repeat(100))).unwrap();
        assert_eq!(long, format!("`field` is a whole number from 0, not `\"{}…`", "停".repeat(59)));
    }

    #[test]
    fn depth_costs_nothing() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(said::<Vec<String>>(&deep).unwrap().starts_with("`field` is a list of one string or more, not `[[["));
        assert!(matches!(Object::parse(&"[".repeat(100_000)), Err(AskFault::NotAnObject)));
    }

    #[derive(Deserialize)]
    struct Whole {
        limit: Option<usize>,
        part: Part,
    }

    #[derive(Deserialize)]
    struct Part {
        query: Option<String>,
    }

    #[test]
    fn a_structure_in_a_structure_is_a_part_of_it() {
        let whole: Whole = Object::parse("{\"query\":\"мир\",\"limit\":1}").unwrap().read("").unwrap();
        assert_eq!((whole.limit, whole.part.query.as_deref()), (Some(1), Some("мир")));
    }

    #[test]
    fn a_field_that_nobody_asks_for_or_that_stands_twice_is_wrong() {
        let mut object = Object::parse("{\"limit\":1,\"limt\":2,\"\u{202e}\":3}").unwrap();
        object.what = "search";
        let fault = object.read::<Whole>("").err().unwrap();
        assert_eq!(fault.to_string(), "`search` has no field `limt`; it has `limit`, `query`");
        for twice in ["{\"a\":1,\"b\":2,\"a\":1}", "{\"a\":1,\"\\u0061\":2}"] {
            assert_eq!(Object::parse(twice).err(), Some(AskFault::Twice("a".to_owned())));
        }
    }
}
