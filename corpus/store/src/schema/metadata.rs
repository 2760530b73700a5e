//! Metadata as they are stored: JSON, of which what is not known is left out.
//!
//! A form of its own, so that the type of svod-text can be renamed. The names
//! of [`Appeared`]'s fields are those of its list.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use svod_text::article::{Appeared, AppearedMut, AppearedValue, Date, Metadata};

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct MetadataJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<String>,
    #[serde(flatten)]
    appeared: AppearedJson,
}

impl From<Metadata> for MetadataJson {
    fn from(metadata: Metadata) -> MetadataJson {
        MetadataJson {
            title: metadata.title,
            authors: metadata.authors,
            date: metadata.date.map(|date| date.to_string()),
            keywords: metadata.keywords,
            appeared: AppearedJson(metadata.appeared),
        }
    }
}

impl From<MetadataJson> for Metadata {
    fn from(stored: MetadataJson) -> Metadata {
        Metadata {
            title: stored.title,
            authors: stored.authors,
            date: stored.date.as_deref().and_then(Date::parse),
            keywords: stored.keywords,
            appeared: stored.appeared.0,
            heading: None,
            adopted: None,
            made: None,
        }
    }
}

/// Each field that is known, by its name.
#[derive(Default)]
struct AppearedJson(Appeared);

impl Serialize for AppearedJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = self.0.fields().filter_map(|(name, value)| Some((name, value?)));
        serializer.collect_map(known.map(|(name, value)| (name, json_of(value))))
    }
}

impl<'de> Deserialize<'de> for AppearedJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AppearedJson, D::Error> {
        let mut appeared = Appeared::default();
        for (name, json) in BTreeMap::<String, Value>::deserialize(deserializer)? {
            let Some(field) = appeared.field_mut(&name) else { continue };
            set(field, json).map_err(|error| D::Error::custom(format_args!("`{name}`: {error}")))?;
        }
        Ok(AppearedJson(appeared))
    }
}

fn json_of(value: AppearedValue<'_>) -> Value {
    match value {
        AppearedValue::Text(text) => text.into(),
        AppearedValue::Number(number) => number.into(),
        AppearedValue::Date(date) => date.to_string().into(),
    }
}

fn set(field: AppearedMut<'_>, json: Value) -> serde_json::Result<()> {
    match field {
        AppearedMut::Text(text) => *text = serde_json::from_value(json)?,
        AppearedMut::Number(number) => *number = serde_json::from_value(json)?,
        AppearedMut::Date(date) => *date = Option::<String>::deserialize(json)?.as_deref().and_then(Date::parse),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What indexes have: whoever changes it raises the version of the schema.
    const STORED: &str = "{\"title\":\"停火\",\"authors\":[\"林舟\"],\"date\":\"2025-04\",\"keywords\":[\"мир\"],\
        \"journal\":\"极地与海洋\",\"issn\":\"1006-4127\",\"volume\":\"3\",\"issue\":\"2\",\"first_page\":48,\"pages\":23,\
        \"doi\":\"10.1/x\",\"url\":\"https://a.example\",\"publisher\":\"Наука\",\"place\":\"北京\",\
        \"classification\":\"D815\",\"received\":\"2025-04-07\"}";

    fn read(json: &str) -> serde_json::Result<Metadata> {
        serde_json::from_str::<MetadataJson>(json).map(Metadata::from)
    }

    #[test]
    fn every_field_is_stored_and_read() {
        let metadata = read(STORED).unwrap();
        assert!(metadata.appeared.fields().all(|(_, value)| value.is_some()));
        assert_eq!(metadata.appeared.received, Date::new(2025, 4, 7));
        assert_eq!(serde_json::to_string(&MetadataJson::from(metadata)).unwrap(), STORED);
        assert_eq!(serde_json::to_string(&MetadataJson::default()).unwrap(), "{}");
        assert_eq!(read("{}").unwrap(), Metadata::default());
    }

    #[test]
    fn unknown_fields_are_passed_over_and_wrong_ones_are_not() {
        for (json, is_read) in [
            (r#"{"later":[1],"journal":null,"title":null,"received":"?"}"#, true),
            (r#"{"pages":"23"}"#, false),
            (r#"{"pages":-1}"#, false),
            (r#"{"journal":3}"#, false),
            (r#"{"received":2025}"#, false),
            (r#"{"authors":"林舟"}"#, false),
        ] {
            assert_eq!(read(json).is_ok_and(|metadata| metadata == Metadata::default()), is_read, "{json}");
        }
    }
}
