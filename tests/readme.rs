//! The README is true.

use std::fs;

use crate::support::repository;

#[test]
fn its_examples_are_those_that_are_tested() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let embed = fs::read_to_string(repository().join("query/examples/embed.rs")).unwrap();
    let code = embed.split_once("\n\n").map_or(embed.as_str(), |(_, code)| code);
    assert!(readme.contains(code.trim_end()), "the embedding example differs from query/examples/embed.rs");
    let golden = fs::read_to_string(repository().join("tests/golden/chinese.txt")).unwrap();
    assert!(readme.contains(golden.trim_end()), "the transcript differs from tests/golden/chinese.txt");
}
