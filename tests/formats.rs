//! Whole outputs of hits in the formats for papers, spreadsheets, browsers and editors.

use std::fs;
use std::path::Path;

use crate::support::{articles, check_golden, index_into, new_folder, query, query_in, sample_index, text};

/// Runs a query on the sample articles and compares its output with a golden file.
fn check(golden: &str, arguments: &[&str]) {
    let output = query(&[&["--index", sample_index()], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    check_golden(&format!("golden/{golden}"), &portable(&text(&output.stdout), &articles()));
}

/// Returns an output in the form that is the same on any machine: without the folder and the scores.
fn portable(output: &str, root: &Path) -> String {
    let root = root.canonicalize().unwrap();
    let output = output.replace(root.to_str().unwrap(), "/ROOT");
    let is_table = output.starts_with("rank,score,");
    output.split_inclusive('\n').map(|line| if is_table { without_score(line) } else { line.to_owned() }).collect()
}

fn without_score(row: &str) -> String {
    let mut cells: Vec<&str> = row.splitn(3, ',').collect();
    cells[1] = if cells[0] == "rank" { cells[1] } else { "…" };
    cells.join(",")
}

const THREE_SCRIPTS: &str = "保险 страхование insurance";

#[test]
fn reports_in_three_scripts() {
    check("report.md", &["--limit", "8", "--notes", "--format", "markdown", THREE_SCRIPTS]);
    check("report.html", &["--limit", "8", "--notes", "--format", "html", THREE_SCRIPTS]);
    check("whole.md", &["--limit", "2", "-C", "1", "--format", "markdown", "\"северный морской путь\" OR 海底電纜"]);
}

#[test]
fn tables_and_places_in_three_scripts() {
    check("hits.csv", &["--limit", "8", "--format", "csv", THREE_SCRIPTS]);
    check("articles.csv", &["--list", "--format", "csv"]);
    check("places.txt", &["--limit", "8", "--vimgrep", THREE_SCRIPTS]);
}

#[test]
fn counts_timelines_and_concordances_are_tables_too() {
    let print = |arguments: &[&str]| {
        let output = query(&[&["--index", sample_index(), "--format", "csv"], arguments].concat());
        (output.status.code(), text(&output.stdout).lines().next().unwrap_or_default().to_owned())
    };
    assert_eq!(print(&["--count-by", "language", "保险"]), (Some(0), "language,passages,articles".to_owned()));
    assert_eq!(print(&["--timeline", "保险", "--not", "x"]).1, "year,term,passages,all,per_thousand");
    assert!(print(&["--kwic", "страхование"]).1.split(',').count() > 4);
    assert_eq!(print(&["--count", "zzzzqqq"]), (Some(1), "article,passages,articles".to_owned()));
}

#[test]
fn places_are_true() {
    let output = query(&["--index", sample_index(), "--limit", "0", "--vimgrep", "порт*"]);
    let printed = text(&output.stdout);
    assert!(printed.lines().count() > 3);
    for line in printed.lines() {
        let [path, line, column, text] = line.splitn(4, ':').collect::<Vec<_>>().try_into().unwrap();
        let source = fs::read_to_string(articles().join(path)).unwrap();
        let line = source.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        let found = line[column.parse::<usize>().unwrap() - 1..].to_lowercase();
        assert!(found.starts_with("порт"), "{path}: {found}");
        assert!(!text.is_empty());
    }
}

/// Hostile articles, in three scripts.
const HOSTILE: [(&str, &str, &str); 5] = [
    (
        "=cmd().md",
        "=HYPERLINK(\\\"http://x\\\";\\\"停火\\\")",
        "停火 </blockquote><script>alert(1)</script> & \"кавычки\"",
    ),
    ("](x).md", "](javascript:alert(1)) **мир**", "# мир | *мир* _мир_ `мир` [мир](http://x) ~~мир~~ $мир$ 1. мир"),
    ("tab.md", "@SUM(1;2) war", "-1+war, \"war\"\twar"),
    ("b.md", "<img src=x onerror=alert(1)> 停火", "+停火 \u{202e}火停 \u{7}停火"),
    ("пробел и 'знаки' \"&\".md", "- мир\\nмир", "=мир"),
];

/// Writes the hostile articles and returns the output of a query for all of them.
fn hostile(format: &[&str]) -> String {
    let (folder, index) = (new_folder(), new_folder());
    for (name, title, sentence) in HOSTILE {
        let article = format!("---\ntitle: \"{title}\"\nauthors: [\"=1+1\", \"<b>林舟</b>\"]\n---\n\n{sentence}\n");
        fs::write(folder.path().join(name), article).unwrap();
    }
    index_into(folder.path(), index.path());
    let index = index.path().to_str().unwrap();
    let output =
        query_in(folder.path(), &[&["--index", index, "--sort", "path"], format, &["停火 OR мир OR war"]].concat());
    portable(&text(&output.stdout), folder.path())
}

#[test]
fn what_documents_hold_is_text_everywhere() {
    for (name, format) in [
        ("hostile.csv", &["--format", "csv"][..]),
        ("hostile.md", &["--format", "markdown"]),
        ("hostile.html", &["--format", "html"]),
        ("hostile.txt", &["--vimgrep"]),
    ] {
        let printed = hostile(format);
        assert!(!printed.contains(['\u{202e}', '\u{7}']) && printed.matches(['停', 'м']).count() > 3, "{name}");
        check_golden(&format!("golden/{name}"), &printed);
    }
}

#[test]
fn a_page_stands_alone() {
    let page = hostile(&["--format", "html"]);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
    for absent in ["<script", "<img", "<link", "onerror=\"", "http://x\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    for tag in ["article", "section", "blockquote", "mark", "p", "ul", "li", "a", "h1", "h2", "span", "header"] {
        let count = |text: &str| page.matches(text).count();
        let opened = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
        assert_eq!(opened, count(&format!("</{tag}>")), "{tag}");
    }
}

#[test]
fn many_queries_make_one_page_and_one_table() {
    let folder = new_folder();
    let file = folder.path().join("queries");
    fs::write(&file, "北极\nпорт\nzzzzqqq\n").unwrap();
    let print = |format| {
        let output = query(&["--index", sample_index(), "--queries", file.to_str().unwrap(), "--format", format]);
        assert_eq!(output.status.code(), Some(0));
        text(&output.stdout)
    };
    let page = print("html");
    assert_eq!(["<!DOCTYPE", "</html>", "<h1"].map(|part| page.matches(part).count()), [1, 1, 3]);
    assert!(page.contains("nothing found"));
    assert_eq!(print("csv").matches("rank,score").count(), 1);
    assert_eq!(print("markdown").lines().filter(|line| line.starts_with("# ")).count(), 3);
}

#[test]
fn a_passage_by_its_id_as_markdown_and_as_a_page() {
    let id = text(&query(&["--index", sample_index(), "-n", "1", "--format", "csv", "冰损免赔"]).stdout);
    let id = id.lines().nth(1).unwrap().rsplit(',').nth(1).unwrap().to_owned();
    let show = |format| text(&query(&["--index", sample_index(), "--show", &id, "--format", format]).stdout);
    assert!(show("markdown").contains("\n> 保险是另一块短板。"));
    assert!(show("html").contains("<blockquote lang=\"zh-Hans\">保险是另一块短板。"));
}
