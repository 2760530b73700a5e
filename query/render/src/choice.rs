//! Fields of JSON that hold one word of a fixed list.
//!
//! One list of names serves the reader, its messages and the published schemas.

use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use svod_query::{By, ConcordanceOrder, Copies, Cut, Kind, Language, Mode, Relaxation, Sort, WarningPlace, Words};

use crate::cite::CiteStyle;

/// A type whose values have names in JSON.
pub(crate) trait Named: Copy {
    /// Returns the values with their names, in the order of messages and schemas.
    fn named() -> impl Iterator<Item = (&'static str, Self)>;
}

/// A value that stands in JSON as its name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<T>(pub(crate) T);

impl<T: Default> Choice<T> {
    /// Returns the value, or the usual one if none is said.
    pub(crate) fn or_default(said: Option<Choice<T>>) -> T {
        said.map_or_else(T::default, |Choice(value)| value)
    }
}

impl<'de, T: Named> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameOf(PhantomData)).map(Choice)
    }
}

impl<T: Named> JsonSchema for Choice<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "choice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = T::named().map(|(name, _)| name).collect();
        json_schema!({"enum": names})
    }
}

struct NameOf<T>(PhantomData<T>);

impl<T: Named> Visitor<'_> for NameOf<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_of(T::named().map(|(name, _)| name)))
    }

    fn visit_str<E: Error>(self, written: &str) -> Result<T, E> {
        let chosen = T::named().find(|(name, _)| *name == written);
        chosen.map(|(_, value)| value).ok_or_else(|| E::invalid_value(Unexpected::Str(written), &self))
    }
}

/// Returns that one of `names` is allowed.
pub(crate) fn one_of(names: impl Iterator<Item = &'static str>) -> String {
    format!("one of {}", listed(names))
}

/// Returns names as a message lists them.
pub(crate) fn listed(names: impl Iterator<Item = &'static str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

macro_rules! named {
    ($($type:ty: $named:expr;)+) => {
        $(impl Named for $type {
            fn named() -> impl Iterator<Item = (&'static str, Self)> {
                $named.into_iter()
            }
        })+
    };
}

named! {
    Mode: [
        ("query", Mode::Query),
        ("literal", Mode::Literal),
        ("exact", Mode::Exact),
        ("fragment", Mode::Fragment),
    ];
    Words: [("any", Words::Any), ("all", Words::All), ("whole", Words::Whole)];
    Sort: [("score", Sort::Score), ("date", Sort::Newest), ("oldest", Sort::Oldest), ("path", Sort::Path)];
    Copies: [("show", Copies::Show), ("fold", Copies::Fold)];
    ConcordanceOrder: [
        ("hits", ConcordanceOrder::Hits),
        ("left", ConcordanceOrder::Left),
        ("right", ConcordanceOrder::Right),
        ("date", ConcordanceOrder::Date),
    ];
    By: By::ALL.map(|by| (by.name(), by));
    CiteStyle: CiteStyle::ALL.map(|style| (style.name(), style));
    Language: Language::ALL.map(|language| (language.code(), language));
    Kind: Kind::ALL.map(|kind| (kind.name(), kind));
    Cut: [Cut::Work, Cut::Memory, Cut::Deadline, Cut::Cancelled].map(|cut| (cut.name(), cut));
    Relaxation: [Relaxation::Most, Relaxation::Any].map(|relaxation| (relaxation.name(), relaxation));
    WarningPlace: [("query", WarningPlace::Query), ("filter", WarningPlace::Filter)];
}
