//! Pruning does not change answers: tantivy may skip passages that cannot be among the best.
//!
//! With a filter all matches are counted and none is skipped, so the judge is a
//! filter that every passage fulfils. It does not change scores.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use svod_indexer::{Options, index_folder};
use svod_query::{Index, Mode, Request};

use crate::support::{Numbers, articles, index_into, new_folder, sample_index, shared};

/// A filter that every passage fulfils.
const ANYTHING: &str = "(lang:zh OR lang:ru OR lang:uk OR lang:en OR lang:und)";
const QUERIES: usize = 500;

type Hits = Vec<(String, f32)>;

fn hits(index: &Index, query: &str, filter: &str, limit: usize) -> Hits {
    let mut request = Request::new(query);
    request.mode = Mode::Literal;
    request.filter = filter.to_owned();
    request.limit = NonZeroUsize::new(limit);
    request.snippet_columns = 0;
    let hits = index.search(&request).unwrap().hits;
    hits.into_iter().map(|hit| (hit.id.to_string(), hit.score)).collect()
}

/// Returns the files of a folder with their texts, in the order of their paths.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

/// Returns queries as people type them, taken from texts: headings, first words of paragraphs, single words, stretches
/// of any length, and words of two texts together.
fn queries(files: &[(PathBuf, String)], count: usize) -> Vec<String> {
    let mut numbers = Numbers(15);
    let mut queries = Vec::new();
    while queries.len() < count {
        let mut line = || {
            let text = &files[numbers.below(files.len())].1;
            let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            let line = if numbers.below(4) == 0 { lines.first() } else { lines.get(numbers.below(lines.len().max(1))) };
            line.map_or("", |line| line.trim_start_matches(['#', ' ', '*', '-'])).to_owned()
        };
        let (one, other) = (line(), line());
        let characters: Vec<char> = one.chars().collect();
        let first = numbers.below(characters.len().max(1));
        let stretch = |length: usize| characters.iter().skip(first).take(length).collect::<String>();
        let word = |line: &str, at: usize| line.split_whitespace().nth(at).unwrap_or_default().to_owned();
        queries.push(match numbers.below(6) {
            0 => characters.iter().take(40).collect(),
            1 => stretch(2),
            2 => stretch(3 + numbers.below(5)),
            3 => stretch(8 + numbers.below(30)),
            4 => word(&one, numbers.below(5)),
            _ => format!("{} {}", word(&one, numbers.below(3)), word(&other, numbers.below(6))),
        });
    }
    queries
}

/// Returns the queries whose answers differ with pruning.
fn differences<'q>(index: &Index, queries: &'q [String]) -> Vec<&'q str> {
    let differs = |query: &&'q String| hits(index, query, "", 10) != hits(index, query, ANYTHING, 10);
    queries.iter().filter(differs).map(String::as_str).collect()
}

/// Copies the wanted files of a folder into another one.
fn copy(from: &Path, files: &[(PathBuf, String)], to: &Path, is_wanted: impl Fn(usize) -> bool) {
    for (_, (path, text)) in files.iter().enumerate().filter(|(at, _)| is_wanted(*at)) {
        let path = to.join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Checks the queries in three indexes: with several segments, with one, and with one after deletions.
fn check_layouts(folder: &Path, count: usize) {
    let files = files(folder);
    let queries = queries(&files, count);
    let none: Vec<&str> = Vec::new();
    let (home, changing) = (new_folder(), new_folder());
    let mut options = Options::default();
    options.index = Some(home.path().to_owned());
    options.commit_interval = Duration::from_millis(200);
    index_folder(folder, &options, &mut ()).unwrap();
    assert_eq!(differences(&Index::open(home.path()).unwrap(), &queries), none, "several segments");
    options.optimize = true;
    index_folder(folder, &options, &mut ()).unwrap();
    assert_eq!(differences(&Index::open(home.path()).unwrap(), &queries), none, "one segment");
    copy(folder, &files, changing.path(), |at| at % 3 != 0);
    index_folder(changing.path(), &Options::default(), &mut ()).unwrap();
    copy(folder, &files, changing.path(), |at| at % 3 == 0);
    for (path, _) in files.iter().skip(1).step_by(5) {
        fs::remove_file(changing.path().join(path.strip_prefix(folder).unwrap())).unwrap();
    }
    index_folder(changing.path(), &Options::default(), &mut ()).unwrap();
    assert_eq!(differences(&Index::open(changing.path()).unwrap(), &queries), none, "updated");
}

#[test]
fn nothing_that_belongs_among_the_best_is_left_out() {
    check_layouts(&articles(), 200);
}

#[test]
fn nothing_is_left_out_of_fifty_thousand_passages() {
    let Some(folder) = shared("library") else { return };
    check_layouts(&folder, QUERIES);
}

/// Checks that the limit decides only the number of hits.
fn check_limits(index: &Index, queries: &[String]) {
    for query in queries {
        let ten = hits(index, query, "", 10);
        for limit in [1, 3, 100, 3000] {
            let hits = hits(index, query, "", limit);
            let same = limit.min(10).min(ten.len());
            assert_eq!(hits[..same.min(hits.len())], ten[..same], "{query}: {limit}");
        }
    }
}

#[test]
fn the_first_ten_are_the_same_however_many_are_asked_for() {
    let index = Index::open(sample_index()).unwrap();
    check_limits(&index, &queries(&files(&articles()), 60));
    let Some(folder) = shared("library") else { return };
    let home = new_folder();
    check_limits(&index_into(&folder, home.path()), &queries(&files(&folder), 60));
}
