//! Output is complete or the program reports an error, and nothing in it can control a terminal.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::{index_into, indexer_command, new_folder, query_command, query_in, sample_index, text};

/// Command lines of the query program, one for each kind of output.
const ASKED: [&str; 33] = [
    "порт",
    "порт --json",
    "порт --format csv",
    "порт --format markdown",
    "порт --format html",
    "порт --vimgrep",
    "порт --explain --notes",
    "порт -n 0 --json",
    "порт -c",
    "порт -l",
    "порт --count-by year",
    "порт --count-by year --json",
    "порт --kwic",
    "порт --kwic --format csv",
    "порт --cite gbt7714",
    "порт --cite gost",
    "порт --cite bibtex",
    "порт --cite csl-json",
    "порт --paging always",
    "--timeline порт",
    "--timeline порт --json",
    "--timeline порт --svg -",
    "--status",
    "--status --json",
    "--list",
    "--list --json",
    "--list --cite bibtex",
    "--queries -",
    "--queries - --json",
    "--requests -",
    "--help",
    "-h",
    "--version",
];
const GENERATED: [&str; 6] = ["man", "complete-bash", "complete-zsh", "complete-fish", "json-schema", "request-schema"];

/// Runs a program with the given output.
fn run(mut command: Command, output: Stdio) -> Output {
    command.env("SVOD_PAGER", "no-such-pager").stdin(Stdio::piped()).stdout(output).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program may end without reading its input.
    let _ = child.stdin.take().unwrap().write_all("{\"query\": \"порт\"}\n".as_bytes());
    child.wait_with_output().unwrap()
}

/// Runs all command lines that print, with the given output.
fn each_that_prints(output: impl Fn() -> Stdio, check: impl Fn(&str, &Output)) {
    let asked = ASKED.iter().map(|asked| asked.split(' ').collect::<Vec<_>>());
    for arguments in asked.chain(GENERATED.map(|what| vec!["--generate", what])) {
        let command = query_command(&[&["--index", sample_index()], &arguments[..]].concat());
        check(&arguments.join(" "), &run(command, output()));
    }
    let (folder, index) = (new_folder(), new_folder());
    fs::write(folder.path().join("a.md"), "мир\n").unwrap();
    let (folder, index) = (folder.path().to_str().unwrap(), index.path().to_str().unwrap());
    let generated = GENERATED.iter().filter(|what| **what != "request-schema").map(|what| vec!["--generate", *what]);
    let runs = ["--dry-run", "--dry-run --json", "--json", "--rebuild", "--optimize", "--rebuild --json", ""];
    let runs = runs.map(|options| [vec![folder, "--index", index], options.split_whitespace().collect()].concat());
    let told = ["--help", "-h", "--version"].map(|option| vec![option]);
    for arguments in runs.into_iter().chain(told).chain(generated) {
        check(&arguments.join(" "), &run(indexer_command(&arguments), output()));
    }
    assert_eq!(query_in(Path::new("."), &["--index", index, "мир"]).status.code(), Some(0), "it was indexed");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_full_disk_does_not_take_is_an_error() {
    let full = || File::options().write(true).open("/dev/full").unwrap().into();
    each_that_prints(full, |what, output| {
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {told}");
        assert!(told.contains("error: cannot write the output: "), "{what}: {told}");
    });
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let closed = || std::io::pipe().unwrap().1.into();
    each_that_prints(closed, |what, output| {
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{what}: {told}");
        assert!(!told.contains("error"), "{what}: {told}");
    });
}

#[cfg(unix)]
#[test]
fn what_a_pager_does_not_show_is_printed() {
    let arguments = ["--index", sample_index(), "--paging", "always", "-n", "0", "порт"];
    let printed = |pager| query_command(&arguments).env("SVOD_PAGER", pager).output().unwrap();
    let expected = text(&printed("cat").stdout);
    assert!(expected.contains("порт"));
    for pager in ["no-such-pager", "false", "ls --no-such-option", "sh -c no-such-pager"] {
        let output = printed(pager);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), expected.clone()), "{pager}");
    }
}

#[test]
fn any_number_of_columns_can_be_asked_for() {
    for columns in ["0", "1", "99999999999", "18446744073709551615"] {
        for asked in ["порт", "порт --kwic", "порт --count-by year", "--timeline порт", "--list", "порт --json"]
        {
            let arguments: Vec<&str> = asked.split(' ').collect();
            let all = [&["--index", sample_index(), "--columns", columns][..], &arguments].concat();
            let output = query_command(&all).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{columns} {asked}: {}", text(&output.stderr));
            assert!(output.stdout.len() < 10 << 20);
        }
    }
}

/// Whether a character can control a terminal, or ends a line for some programs.
fn steers(c: char) -> bool {
    let is_of_lines = matches!(c, '\u{2028}' | '\u{2029}');
    let is_of_directions =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || is_of_lines || is_of_directions
}

const STEERING: &str = "\u{9b}2J\u{85}\u{2028}\u{2029}\u{202e}\u{61c}\u{200f}\u{2066}\u{7f}\x1b[31m";

#[test]
fn nothing_that_is_printed_steers_a_terminal_or_ends_a_line() {
    let (folder, index) = (new_folder(), new_folder());
    for (name, word) in [("停", "停火"), ("м", "мир"), ("w", "war")] {
        let path = folder.path().join(format!("{name}{STEERING}"));
        fs::create_dir(&path).unwrap();
        let article = format!(
            "---\ntitle: {word} {STEERING}\nauthors: [A{STEERING}]\njournal: J{STEERING}\nkeywords: [k{STEERING}]\n---\n\n\
             # {word} {STEERING}\n\n{word} {STEERING} порт {STEERING}[^1]\n\n[^1]: {STEERING} порт\n"
        );
        fs::write(path.join(format!("{STEERING}.md")), article).unwrap();
        fs::write(path.join(format!("{STEERING}.docx")), STEERING).unwrap();
    }
    let (root, place) = (folder.path().to_str().unwrap(), index.path().to_str().unwrap());
    for options in [&["--dry-run"][..], &["--dry-run", "--json"], &["--json"], &["--rebuild"], &["--optimize"]] {
        let output = indexer_command(&[&[root, "--index", place][..], options].concat()).output().unwrap();
        check_harmless(&options.join(" "), &output);
    }
    let index = index_into(folder.path(), index.path());
    let answer = index.search(&svod_query::Request::new("порт")).unwrap();
    assert!(svod_render::answer_json(STEERING, &index, &answer).chars().all(|c| !steers(c)));
    let id = answer.hits[0].id.to_string();
    let shown = ["--show ID", "--show ID --json", "--show ID --format markdown", "--show ID --format html"];
    for asked in ASKED.iter().copied().chain(shown) {
        let arguments: Vec<&str> = asked.split(' ').map(|word| if word == "ID" { &id } else { word }).collect();
        let mut command = query_command(&[&["--index", place, "--color", "never"], &arguments[..]].concat());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let request =
            format!("{{\"query\": \"порт{}\", \"tag\":\r{{\"a\":\t\"\u{2028}\u{9b}\"}}}}\n", "\u{202e}\u{9b}");
        let _ = child.stdin.take().unwrap().write_all(request.as_bytes());
        check_harmless(asked, &child.wait_with_output().unwrap());
    }
}

/// Checks that an output has no control characters or lines from documents, and is JSON where it should be.
fn check_harmless(what: &str, output: &Output) {
    for printed in [text(&output.stdout), text(&output.stderr)] {
        let printed = printed.replace("\r\n", "\n");
        let found: Vec<char> = printed.chars().filter(|&c| c != '\n' && steers(c)).collect();
        assert!(found.is_empty(), "{what}: {found:?}\n{printed:?}");
    }
    if what.contains("json") && !what.contains("csl") || what == "--requests -" {
        for line in text(&output.stdout).lines() {
            serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{what}: {error}: {line}"));
        }
    }
}
