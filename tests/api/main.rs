//! Lists the types of other crates in the public interface of the libraries.
//!
//! ```text
//! cargo run -p svod-tests --bin public-api -- target/doc/svod_query.json target/doc/svod_indexer.json target/doc/svod_text.json
//! ```
//!
//! Reads the JSON that rustdoc writes for each crate. If a public type comes from
//! another crate whose JSON is given too, its own interface is followed, because a
//! tantivy type in it would be visible to apps as well. The list is compared with
//! `foreign-types.txt`; with `SVOD_RENEW` set that file is rewritten.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

/// The libraries that apps use. Of other crates only the types that these show are followed.
const LIBRARIES: [&str; 3] = ["svod_indexer", "svod_query", "svod_render"];
/// Crates whose types are not listed.
const STANDARD: [&str; 3] = ["alloc", "core", "std"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut crates = BTreeMap::new();
    for path in std::env::args().skip(1) {
        let name = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let docs: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
        crates.insert(name, docs);
    }
    let mut listed = String::new();
    for library in LIBRARIES {
        let docs = crates.get(library).ok_or(format!("no description of {library} was given"))?;
        for foreign in foreign_types(docs, &crates) {
            listed.push_str(&format!("{library}: {foreign}\n"));
        }
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("api/foreign-types.txt");
    if std::env::var_os("SVOD_RENEW").is_some() {
        std::fs::write(&golden, &listed)?;
    }
    if std::fs::read_to_string(&golden)? == listed {
        print!("{listed}");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{} differs; what there is now:\n{listed}", golden.display());
    Ok(ExitCode::FAILURE)
}

/// Returns the types of other crates in the interface of a crate, and those in the interfaces of these types.
fn foreign_types(docs: &Value, crates: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let shown = items(docs).filter(|item| !is_automatic(item));
    shown.for_each(|item| collect(&item["inner"], docs, &mut found));
    let mut followed = BTreeSet::new();
    while let Some(next) = found.iter().find(|name| !followed.contains(*name)).cloned() {
        if let Some(docs) = next.split("::").next().and_then(|name| crates.get(name)) {
            of_type(&next, docs, &mut found);
        }
        followed.insert(next);
    }
    found
}

/// Returns the items of the crate itself.
fn items(docs: &Value) -> impl Iterator<Item = &Value> {
    let all = docs["index"].as_object().into_iter().flat_map(|index| index.values());
    all.filter(|item| item["crate_id"] == 0)
}

/// Whether an item is an auto or blanket implementation, which every type has.
fn is_automatic(item: &Value) -> bool {
    let implementation = &item["inner"]["impl"];
    !implementation.is_null() && (implementation["is_synthetic"] == true || !implementation["blanket_impl"].is_null())
}

/// Collects the types in the interface of a type: its fields, variants and implementations.
fn of_type(name: &str, docs: &Value, found: &mut BTreeSet<String>) {
    let paths = docs["paths"].as_object().into_iter().flatten();
    let ids = paths.filter(|(_, path)| full_name(path) == name).map(|(id, _)| id.as_str());
    let mut waiting: Vec<String> = ids.map(str::to_owned).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop().filter(|id| seen.insert(id.clone())) {
        let item = &docs["index"][&id];
        if item["crate_id"] != 0 || is_automatic(item) {
            continue;
        }
        collect(&item["inner"], docs, found);
        let inner = item["inner"].as_object().into_iter().flat_map(|inner| inner.values());
        for part in inner.flat_map(|inner| [&inner["impls"], &inner["variants"], &inner["items"], &inner["kind"]]) {
            numbers(part, &mut waiting);
        }
    }
}

fn numbers(part: &Value, found: &mut Vec<String>) {
    match part {
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(parts) => parts.iter().for_each(|part| numbers(part, found)),
        Value::Object(parts) => parts.values().for_each(|part| numbers(part, found)),
        _ => {}
    }
}

/// Collects the types of other crates that a part of the JSON names.
fn collect(part: &Value, docs: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(parts) => {
            if let Some(id) = part["id"].as_u64() {
                let path = &docs["paths"][id.to_string()];
                let name = full_name(path);
                let is_foreign = path["crate_id"].as_u64().is_some_and(|number| number != 0);
                if is_foreign && !STANDARD.iter().any(|crate_name| name.starts_with(&format!("{crate_name}::"))) {
                    found.insert(name);
                }
            }
            parts.values().for_each(|part| collect(part, docs, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, docs, found)),
        _ => {}
    }
}

fn full_name(path: &Value) -> String {
    let parts = path["path"].as_array().into_iter().flatten().filter_map(Value::as_str);
    parts.collect::<Vec<_>>().join("::")
}
