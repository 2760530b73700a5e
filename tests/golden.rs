//! Whole outputs of the query program, as a reader sees them.

use crate::support::{check_golden, query, sample_index, text};

/// Runs a query and compares what it prints with a golden file.
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

#[test]
fn colours() {
    check("colours", &["--color", "always", "--limit", "2", "стратегическая стабильность"]);
}

#[test]
fn json() {
    let output = query(&["--index", sample_index(), "--json", "--limit", "1", "--exact", "战略稳定"]);
    let printed = text(&output.stdout);
    let hit = printed.lines().next().expect("a hit");
    let mut hit: serde_json::Value = serde_json::from_str(hit).expect("JSON");
    hit["score"] = serde_json::Value::Null;
    check_golden("golden/hit.json", &format!("{hit:#}\n"));
}
