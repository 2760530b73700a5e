//! JSON Schemas, made from the types that are written and read.

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// Returns the JSON Schema of a type, as it is written or as it is read.
pub(crate) fn schema_of<T: JsonSchema>(contract: Contract) -> String {
    let mut settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(with_plain_description));
    settings.contract = contract;
    let schema = settings.into_generator().into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema).expect("a schema has strings, numbers and lists only") + "\n"
}

/// Joins the lines that a comment was broken into.
fn with_plain_description(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
}
