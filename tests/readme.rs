//! The README is true.

use std::fs;
use std::path::PathBuf;

use svod_query::{Index, Request};

use crate::support::{repository, sample_index};

const PAGES: [&str; 9] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "corpus/README.md",
    "indexer/README.md",
    "query/README.md",
    "query/python/README.md",
    "tests/README.md",
];

/// The tables of what can be typed: the page, and the heading above.
const TABLES: [(&str, &str); 2] =
    [("README.md", "\n## What can be typed\n"), ("query/README.md", "\n## The query language\n")];

fn page(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

/// Returns what stands in backticks in the first cell of each row of a table.
fn typed(section: &str) -> impl Iterator<Item = &str> {
    let first_cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    // The first backtick is gone, so what stands before the next one is code, and every second part after it.
    first_cells.flat_map(|cell| cell.split('`').step_by(2).filter(|code| !code.trim().is_empty()))
}

/// Returns what the links of a page lead to, but for addresses on the web.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0));
    targets.filter(|target| !target.starts_with("http"))
}

#[test]
fn its_examples_are_those_that_are_tested() {
    let readme = page("README.md");
    let embed = page("query/examples/embed.rs");
    let code = embed.split_once("\n\n").map_or(embed.as_str(), |(_, code)| code);
    assert!(readme.contains(code.trim_end()), "the embedding example differs from query/examples/embed.rs");
    let golden = page("tests/golden/chinese.txt");
    assert!(readme.contains(golden.trim_end()), "the transcript differs from tests/golden/chinese.txt");
}

#[test]
fn what_can_be_typed_finds_something() {
    let index = Index::open(sample_index()).unwrap();
    for (path, heading) in TABLES {
        let page = page(path);
        let (_, section) = page.split_once(heading).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let mut count = 0;
        for query in typed(section) {
            let answer = index.search(&Request::new(query)).unwrap();
            assert!(answer.total.count() > 0, "{path}: nothing is found by `{query}`");
            assert!(answer.warnings.is_empty(), "{path}: `{query}` is mended: {:?}", answer.warnings);
            count += 1;
        }
        assert!(count > 15, "{path}: {count} examples");
    }
}

#[test]
fn links_lead_somewhere() {
    for path in PAGES {
        let page = page(path);
        for link in links(&page) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => repository().join(path),
                file => repository().join(path).parent().unwrap().join(file),
            };
            assert!(target.exists(), "{path}: `{link}` leads nowhere");
            assert!(anchor.is_empty() || anchors(&target).contains(&anchor.to_owned()), "{path}: no heading `{link}`");
        }
    }
}

/// Returns the names that the headings of a page are linked by.
fn anchors(page: &PathBuf) -> Vec<String> {
    let name = |heading: &str| {
        let kept = heading.to_lowercase().replace(|c: char| !c.is_alphanumeric() && c != ' ' && c != '-', "");
        kept.trim().replace(' ', "-")
    };
    let text = fs::read_to_string(page).unwrap();
    text.lines().filter(|line| line.starts_with('#')).map(|line| name(line.trim_start_matches('#'))).collect()
}
