//! Error messages say what is wrong, and what to do.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{articles, indexer, new_folder, query_in, sample_index, text, unsealed};

/// Checks that a program failed with this message and a hint.
fn check(output: &Output, message: &str, hint: &str) {
    let printed = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains(message), "{printed}");
    assert!(printed.contains(hint), "{printed}");
    assert_eq!(text(&output.stdout), "");
}

fn folder_with_article(root: &Path) -> String {
    let folder = root.join("articles");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.md"), "мир\n").unwrap();
    folder.to_str().unwrap().to_owned()
}

#[test]
fn searching_without_an_index() {
    let root = new_folder();
    let here = root.path().to_str().unwrap();
    check(&query_in(root.path(), &["мир"]), "no index here", "hint: run `svod-indexer FOLDER`");
    check(&query_in(root.path(), &["--index", here, "мир"]), "no index in", "hint: run `svod-indexer`");
    check(&query_in(root.path(), &["--index", "нет", "мир"]), "no folder `нет`", "hint: check the path");
    check(&query_in(root.path(), &[]), "no query", "--help");
    fs::create_dir(root.path().join(".svod")).unwrap();
    check(
        &query_in(root.path(), &["--index", here, "мир"]),
        "is not an index of svod",
        "hint: name the indexed folder",
    );
}

#[test]
fn an_index_of_another_version_or_a_damaged_one() {
    let root = new_folder();
    let folder = folder_with_article(root.path());
    assert_eq!(indexer(&[&folder]).status.code(), Some(0));
    let generation = Path::new(&folder).join(".svod/1");
    let meta = fs::read_to_string(generation.join("meta.json")).unwrap();
    let stamp = svod_store::schema::stamp();
    fs::write(generation.join("meta.json"), unsealed(&meta).replace(&stamp, "svod-0.1")).unwrap();
    check(
        &query_in(root.path(), &["--index", &folder, "мир"]),
        "another version of svod",
        "hint: make it anew: run `svod-indexer FOLDER --rebuild`",
    );
    fs::write(generation.join("meta.json"), &meta[..meta.len() / 2]).unwrap();
    check(
        &query_in(root.path(), &["--index", &folder, "мир"]),
        "is damaged",
        "hint: make it anew: run `svod-indexer FOLDER --rebuild`",
    );
    fs::write(generation.join("svod.json"), "{\"svod_format\":9}").unwrap();
    check(
        &query_in(root.path(), &["--index", &folder, "мир"]),
        "another version of svod",
        "hint: make it anew: run `svod-indexer FOLDER --rebuild`",
    );
    check(&indexer(&[&folder]), "that it remembers cannot be read", "hint: give the patterns of --include");
    assert_eq!(indexer(&[&folder, "--forget"]).status.code(), Some(0), "what the hint says works");
    assert_eq!(query_in(root.path(), &["--index", &folder, "мир"]).status.code(), Some(0));
}

#[test]
fn folders_that_cannot_be_indexed() {
    let root = new_folder();
    let folder = folder_with_article(root.path());
    let file = format!("{folder}/a.md");
    check(&indexer(&["/нет/такой"]), "no folder `/нет/такой`", "hint: check the path");
    check(&indexer(&[&file]), "is not a folder", "hint: name the folder");
    check(
        &indexer(&[&folder, "--index", &format!("{file}/index")]),
        "cannot write",
        "hint: write the index somewhere else",
    );
    check(&indexer(&[]), "FOLDER", "--help");
}

#[test]
fn one_index_serves_one_folder() {
    let root = new_folder();
    let folder = folder_with_article(root.path());
    let index = root.path().join("index");
    let index = index.to_str().unwrap();
    assert_eq!(indexer(&[&folder, "--index", index]).status.code(), Some(0));
    let other = articles();
    check(
        &indexer(&[other.to_str().unwrap(), "--index", index]),
        "is the index of",
        "hint: one index serves one folder",
    );
    check(
        &indexer(&[&folder, "--index", other.to_str().unwrap()]),
        "not an index of svod",
        "hint: name an empty folder",
    );
    assert_eq!(query_in(root.path(), &["--index", index, "мир"]).status.code(), Some(0), "and is left as it was");
}

#[test]
fn an_empty_folder_is_no_error() {
    let root = new_folder();
    let path = root.path().to_str().unwrap();
    let output = indexer(&[path]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("no articles in"));
    assert_eq!(query_in(root.path(), &["мир"]).status.code(), Some(1));
}

#[test]
fn names_and_texts_cannot_steer_the_terminal() {
    let root = new_folder();
    fs::write(root.path().join("evil\x1b[2Jname.md"), "# \x1b]0;title\x07 мир\n\nмир \x1b[31m и \u{202e}война\n")
        .unwrap();
    let indexed = indexer(&[root.path().to_str().unwrap()]);
    assert_eq!(indexed.status.code(), Some(0));
    let output = query_in(root.path(), &["мир"]);
    let printed = text(&output.stdout);
    assert!(printed.contains("мир"));
    assert!(!printed.contains(['\x1b', '\x07', '\u{202e}']), "{printed:?}");
}

#[test]
fn mistyped_options_and_values_name_the_nearest() {
    let root = new_folder();
    for (arguments, message, tip) in [
        (&["--limt", "3", "мир"][..], "unexpected argument '--limt' found", "a similar argument exists: '--limit'"),
        (&["--format", "jsn", "停火"], "invalid value 'jsn'", "a similar value exists: 'json'"),
        (&["--format", "word", "停火"], "invalid value 'word'", "[possible values: text, json, csv, markdown, html]"),
        (&["--sort", "dat", "war"], "invalid value 'dat'", "a similar value exists: 'date'"),
        (&["--limit", "many", "war"], "invalid value 'many' for '--limit <N>': not a whole number", "--help"),
        (&["--limit"], "a value is required for '--limit <N>'", "--help"),
        (&["--show", "12"], "invalid value '12'", "not an id of a passage"),
        (&["--exact", "--literal", "мир"], "cannot be used with '--literal'", "--help"),
        (
            &["-слово"],
            "there is no option `-слово`",
            "hint: words that begin with a hyphen stand after --: `svod-query",
        ),
        (&["-停火"], "there is no option `-停火`", "--not 停火"),
        (&["--index", sample_index(), "--status", "--format", "html"], "is not printed as html", "hint: print it with"),
        (&["--index", sample_index(), "--list", "--vimgrep"], "is not printed as vimgrep", "hint: print it with"),
        (&["--index", sample_index(), "-c", "--format", "html", "мир"], "is not printed as html", "--format json"),
        (&["--generate", "pdf"], "invalid value 'pdf'", "[possible values: man, complete-bash"),
    ] {
        check(&query_in(root.path(), arguments), message, tip);
    }
    check(&indexer(&["--rebuld", "."]), "unexpected argument '--rebuld'", "a similar argument exists: '--rebuild'");
    let found = query_in(root.path(), &["--index", sample_index(), "--", "-судно", "порт"]);
    assert_eq!(found.status.code(), Some(0), "after -- a hyphen leaves out");
    assert!(!text(&found.stdout).contains("судно"));
}
