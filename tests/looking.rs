//! Overviews of all matches: counts, timelines and concordances as the program prints them.

use std::fs;
use std::path::Path;

use serde_json::Value;
use svod_query::{ConcordanceOrder, Index, Request, concordance};
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

use crate::support::{articles, check_golden, index_into, new_folder, query, query_in, sample_index, text};

/// A folder of dated articles in three languages, with hostile names and titles.
fn dated() -> (TempDir, String) {
    let folder = new_folder();
    let article = |name: &str, head: &str, body: &str| {
        fs::write(folder.path().join(name), format!("---\n{head}\n---\n\n{body}\n")).unwrap();
    };
    article(
        "制裁.md",
        "title: 制裁\nauthors: [林舟, 王芳]\ndate: 2014-03-18",
        "# 制裁\n\n美国宣布制裁。欧盟的制裁随后生效。\n\n## 第一章 总则\n\n制裁清单。",
    );
    article(
        "санкции.md",
        "title: Санкции\nauthors: [\"Иванов И. И.\"]\ndate: 2014",
        "# Санкции\n\nСанкции введены. О санкциях спорят.\n\nПро порт.",
    );
    article(
        "sanctions.md",
        "title: Sanctions\nauthors: [\"=HYPERLINK(1)\"]\ndate: 2018-08",
        "# Sanctions\n\nNew sanctions, and old Sanctions.\n\nPorts.",
    );
    article("later.md", "authors: [\"\u{202e}gpj.exe\\x1b[31m\"]\ndate: 2016", "# 后来\n\n制裁与санкции。");
    article("undated.md", "title: <script>", "# Без даты\n\nсанкции без даты, sanctions");
    let home = folder.path().join(".svod");
    index_into(folder.path(), &home);
    let path = home.to_str().unwrap().to_owned();
    (folder, path)
}

/// Runs commands in a folder and returns them with their output.
fn run(folder: &Path, index: &str, options: &[&str], commands: &[&[&str]]) -> String {
    let shown = |command: &&[&str]| {
        let output = query_in(folder, &[&["--index", index], options, command].concat());
        format!("$ svod-query {}\n{}\n", command.join(" "), text(&output.stdout))
    };
    commands.iter().map(shown).collect()
}

const SAMPLES: [&[&str]; 8] = [
    &["--count-by", "language", "合作"],
    &["--count-by", "section", "--limit", "6", "безопасность"],
    &["--count-by", "author", "grid"],
    &["-c", "порт"],
    &["-l", "procurement"],
    &["--kwic=right", "-n", "6", "北极航道"],
    &["--kwic=left", "-n", "4", "экспортные пошлины"],
    &["--kwic", "-n", "3", "cross-border outage"],
];

const DATED: [&[&str]; 3] = [
    &["--count-by", "year", "制裁 OR санкции OR sanctions"],
    &["--timeline", "制裁", "санкции", "sanctions"],
    &["--kwic=date", "制裁 OR санкции OR sanctions"],
];

fn looks(columns: &str, colour: &str) -> String {
    let (folder, dated) = dated();
    let options = ["--columns", columns, "--color", colour, "--links", "never"];
    run(&articles(), sample_index(), &options, &SAMPLES) + &run(folder.path(), &dated, &options, &DATED)
}

#[test]
fn looking_at_every_width() {
    for (columns, colour) in [("40", "never"), ("80", "never"), ("80", "always"), ("120", "never"), ("120", "always")] {
        let shown = looks(columns, colour);
        let most: usize = columns.parse().unwrap();
        for line in shown.lines().filter(|line| colour == "never" && !line.starts_with('$')) {
            let is_path = line.ends_with(".md") || line.ends_with(".txt") || line.contains(".md:");
            assert!(line.width() <= most || is_path, "{} columns: {line}", line.width());
        }
        assert!(colour == "always" || !shown.contains('\x1b'));
        assert!(!shown.contains(['\u{202e}', '\u{7}']));
        check_golden(&format!("golden/looking-{columns}-{colour}.txt"), &shown);
    }
}

/// Replaces values that differ from run to run.
fn settled(json: &str) -> String {
    let settle = |line: &str| {
        let mut value: Value = serde_json::from_str(line).expect("JSON");
        for name in ["elapsed_ms", "root"] {
            value.as_object_mut().expect("an object").entry(name).and_modify(|value| *value = Value::Null);
        }
        format!("{value}\n")
    };
    json.lines().map(settle).collect()
}

#[test]
fn json_of_counts_timelines_and_concordances() {
    let (_folder, dated) = dated();
    let mut shown = String::new();
    for command in [
        &["--count-by", "author", "制裁 OR санкции OR sanctions"][..],
        &["-c", "санкции"],
        &["--timeline", "制裁", "санкции"],
        &["--kwic=left", "sanctions"],
    ] {
        let output = query(&[&["--index", &dated, "--json"], command].concat());
        shown.push_str(&format!("$ svod-query --json {}\n{}", command.join(" "), settled(&text(&output.stdout))));
        assert_eq!(text(&output.stderr), "");
    }
    check_golden("golden/looking.jsonl", &shown);
}

#[test]
fn tables_of_counts_timelines_and_concordances() {
    let (folder, dated) = dated();
    let commands: [&[&str]; 5] = [
        &["--count-by", "author", "制裁 OR санкции OR sanctions"],
        &["-c", "санкции"],
        &["--timeline", "制裁", "+санкции"],
        &["--kwic=right", "制裁 OR sanctions"],
        &["--count-by", "year", "нетакогослова"],
    ];
    let shown = run(folder.path(), &dated, &["--format", "csv"], &commands);
    assert!(shown.contains("\n'=HYPERLINK(1),3,1\r\n"), "{shown}");
    assert!(shown.contains(",'+санкции,"), "{shown}");
    check_golden("golden/looking.csv.txt", &shown);
    let output = query(&["--index", &dated, "--format", "html", "--kwic", "制裁"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
}

#[test]
fn a_timeline_is_a_picture() {
    let (folder, dated) = dated();
    let terms = ["--timeline", "制裁", "санкции", "sanctions <b>&\""];
    let output = query(&[&["--index", &dated, "--svg", "-"], &terms[..]].concat());
    let svg = text(&output.stdout);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert_eq!(svg.matches('<').count(), svg.matches('>').count(), "what is foreign is no markup");
    check_golden("golden/timeline.svg", &svg);
    let file = folder.path().join("图.svg");
    let output = query(&[&["--index", &dated, "--svg", file.to_str().unwrap()], &terms[..]].concat());
    assert_eq!(fs::read_to_string(file).unwrap(), svg);
    assert!(text(&output.stdout).contains("2014"), "the table is printed too");
    let output = query(&["--index", &dated, "--svg", "/no/such/folder/t.svg", "--timeline", "制裁"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: cannot write `/no/such/folder/t.svg`"));
    let output = query(&["--index", sample_index(), "--svg", "-", "--timeline", "нетакогослова"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).ends_with("</svg>\n"));
}

#[test]
fn exit_codes_and_remarks() {
    for (command, code, said) in [
        (&["--count-by", "year", "合作"][..], 0, "passages of"),
        (&["--count-by", "year", "鼹鼠皮"], 1, "nothing found"),
        (&["-c", "鼹鼠皮"], 1, "nothing found"),
        (&["-l", "鼹鼠皮"], 1, "nothing found"),
        (&["--kwic", "鼹鼠皮"], 1, "nothing found"),
        (&["--timeline", "鼹鼠皮", "нетакогослова"], 1, "nothing found: 鼹鼠皮\nnothing found: нетакогослова"),
        (&["--timeline", "合作"], 0, "have no date"),
        (&["--kwic", "-n", "1", "合作"], 0, " in 1 of "),
        (&["--count-by", "moon", "合作"], 2, "year"),
        (&["--kwic", "--count", "合作"], 2, "cannot be used with"),
        (&["--svg", "t.svg"], 2, "--timeline"),
        (&["--svg", "t.svg", "合作"], 2, "cannot be used with"),
        (&["--timeline", "合作", "--queries", "-"], 2, "cannot be used with"),
    ] {
        let output = query(&[&["--index", sample_index()], command].concat());
        assert_eq!(output.status.code(), Some(code), "{command:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(said), "{command:?}: {}", text(&output.stderr));
    }
}

#[test]
fn every_highlight_is_a_line() {
    let index = Index::open(sample_index()).unwrap();
    for query in ["合作", "北极 航道", "порт", "экспортные пошлины", "\"the grid\"", "ЕС 合作 grid", "санкци*"]
    {
        let mut request = Request::new(query);
        request.limit = None;
        let hits = index.search(&request).unwrap().hits;
        let highlights: usize = hits.iter().map(|hit| hit.highlights.len()).sum();
        for order in [ConcordanceOrder::Hits, ConcordanceOrder::Left, ConcordanceOrder::Right, ConcordanceOrder::Date] {
            let lines = concordance(&hits, order, 60);
            assert_eq!(lines.len(), highlights, "{query}");
            for line in lines {
                let lines = line.hit.lines.clone().unwrap();
                assert!(lines.contains(&line.line.unwrap()), "{query}: {lines:?}");
            }
        }
    }
}
