//! Hard inputs of the development corpora: the texts that must be found in each, and those that must not.

use std::path::PathBuf;

use serde_json::Value;
use svod_indexer::{Options, index_folder};
use svod_query::{Index, Mode, Request};

use crate::support::{new_folder, shared, skipped};

/// Returns the failures of one expectation.
fn misses(index: &Index, expectation: &Value) -> Vec<String> {
    let path = PathBuf::from(expectation["path"].as_str().unwrap());
    let strings = |name: &str| -> Vec<String> {
        let items = expectation[name].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
    };
    let is_found = |text: &str| {
        let mut request = Request::new(text);
        (request.mode, request.limit) = (Mode::Exact, None);
        index.search(&request).unwrap().hits.iter().any(|hit| hit.path == path)
    };
    let missed =
        strings("find").into_iter().filter(|text| !is_found(text)).map(|text| format!("{}: no {text}", path.display()));
    let leaked =
        strings("not").into_iter().filter(|text| is_found(text)).map(|text| format!("{}: has {text}", path.display()));
    missed.chain(leaked).collect()
}

#[test]
fn hard_inputs_are_read_as_expected() {
    let Some(messy) = shared("messy") else { return };
    let home = new_folder();
    let mut options = Options::default();
    options.index = Some(home.path().to_owned());
    let report = index_folder(messy.join("files"), &options, &mut ()).unwrap();
    let index = Index::open(home.path()).unwrap();
    let expectations = std::fs::read_to_string(messy.join("expect.jsonl")).unwrap();
    let mut missed = Vec::new();
    for line in expectations.lines() {
        let expectation: Value = serde_json::from_str(line).unwrap();
        let needs_pdftotext = expectation["path"].as_str().unwrap().ends_with(".pdf");
        let was_skipped = |path: &str| report.skipped.iter().any(|skipped| skipped.path.ends_with(path));
        if needs_pdftotext && was_skipped(expectation["path"].as_str().unwrap()) {
            skipped("pdftotext is not installed");
            continue;
        }
        missed.extend(misses(&index, &expectation));
    }
    assert!(missed.is_empty(), "{missed:#?}");
}
