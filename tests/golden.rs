//! Whole outputs of the query program as text.

use crate::support::{check_golden, query, sample_index, text};

/// Runs a query and compares its output with a golden file.
fn check(name: &str, arguments: &[&str]) {
    let all = [&["--index", sample_index()], arguments].concat();
    let output = query(&all);
    let shown = format!("$ svod-query {}\n{}", arguments.join(" "), text(&output.stdout));
    check_golden(&format!("golden/{name}.txt"), &shown);
}

#[test]
fn best_match_in_three_languages() {
    check("chinese", &["--limit", "4", "北极航道 保险"]);
    check("russian", &["--limit", "4", "экспортные пошлины на зерно"]);
    check("english", &["--limit", "4", "cross-border electricity outage"]);
}

#[test]
fn quotations_and_signs() {
    check("quotation", &["--limit", "3", "\"出口管制\" -半导体"]);
    check("traditional", &["--limit", "3", "海底电缆 安全"]);
}

/// Compares the layout of the same answers for a width, with or without colours.
fn check_layout(columns: &str, colour: &str) {
    let mut shown = String::new();
    for arguments in [
        &["-n", "2", "海底电缆 保险"][..],
        &["-n", "2", "--notes", "-C", "1", "стратегическая стабильность"],
        &["-n", "3", "--full", "cross-border outage"],
        &["-n", "2", "--sort", "date", "制裁"],
    ] {
        let all = [&["--index", sample_index(), "--columns", columns, "--color", colour], arguments].concat();
        shown.push_str(&format!("$ svod-query {}\n{}\n", arguments.join(" "), text(&query(&all).stdout)));
    }
    check_golden(&format!("golden/layout-{columns}-{colour}.txt"), &shown);
}

#[test]
fn layouts_for_every_width() {
    for columns in ["40", "80", "120"] {
        check_layout(columns, "never");
    }
    check_layout("80", "always");
    check_layout("120", "always");
}

#[test]
fn what_an_index_holds() {
    let holds = |arguments: &[&str]| {
        let output = query(&[&["--index", sample_index(), "--columns", "80"], arguments].concat());
        format!("$ svod-query {}\n{}\n", arguments.join(" "), text(&output.stdout))
    };
    let shown = [&["--list"][..], &["--outline", "ru/kod-porta.md"], &["--outline", "zh/beiji-hangdao.md"]];
    check_golden("golden/holds.txt", &shown.map(holds).concat());
}

#[test]
fn citations() {
    for style in ["gbt7714", "gost", "bibtex", "csl-json"] {
        check(&format!("cite-{style}"), &["--list", "--cite", style]);
    }
    // With the pages of the hits, and the articles of a law.
    check("cite-pages", &["--cite", "gost", "--limit", "8", "порт OR 出口管制 OR audit"]);
}

#[test]
fn json() {
    let output = query(&["--index", sample_index(), "--json", "--limit", "1", "--exact", "战略稳定"]);
    let printed = text(&output.stdout);
    let hit = printed.lines().next().expect("a hit");
    let mut hit: serde_json::Value = serde_json::from_str(hit).expect("JSON");
    hit["score"] = serde_json::Value::Null;
    hit["root"] = serde_json::Value::Null;
    check_golden("golden/hit.json", &format!("{hit:#}\n"));
}
