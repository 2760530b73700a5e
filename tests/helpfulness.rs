//! The remarks of a search beside its hits: corrections of the query, unknown
//! words, near-copies, and explanations of scores.

use std::fs;

use serde_json::Value;

use crate::support::{check_golden, index_into, new_folder, query, query_in, sample_index, text};

/// Runs a query on the sample articles and returns its standard output and standard error.
fn ask(arguments: &[&str]) -> (String, String) {
    let output = query(&[&["--index", sample_index()], arguments].concat());
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn what_was_mended_is_said_with_its_place() {
    let (_, remarks) = ask(&["зерно AND “экспорт"]);
    assert!(remarks.contains("the quotation has no end"), "{remarks}");
    assert!(remarks.contains("(`“экспорт`, character 11)"), "{remarks}");
}

#[test]
fn unknown_words_are_named_with_the_nearest() {
    for (typed, nearest) in [("безапасность", "безопасность"), ("resiliense", "resilience"), ("半到体", "半导体")]
    {
        let (hits, remarks) = ask(&[typed]);
        assert_eq!(hits, "", "{typed}");
        assert!(remarks.contains(&format!("not in the index: {typed}; nearest: {nearest} ")), "{remarks}");
    }
}

#[test]
fn known_words_are_not_called_unknown() {
    let (_, remarks) = ask(&["\"аквариум\" зерно зззззз зерно"]);
    assert!(remarks.contains("not in the index: зззззз"), "{remarks}");
    assert!(!remarks.contains("not in the index: зерно"), "{remarks}");
}

#[test]
fn a_character_that_is_typed_twice_is_no_other_word() {
    let (explained, _) = ask(&["--explain", "水 зерно 水"]);
    assert!(explained.contains("  зерн*\n"), "{explained}");
}

#[test]
fn what_nothing_has_all_of_is_relaxed_and_said() {
    let (hits, remarks) = ask(&["+зерно +пошлина +аквариум"]);
    assert!(hits.contains("prodovolstvie.md"), "{hits}");
    assert!(remarks.contains("nothing has all that was asked for: these lack one of the words"), "{remarks}");
    let (hits, remarks) = ask(&["+зерно +аквариум"]);
    assert!(hits.contains("prodovolstvie.md"), "{hits}");
    assert!(remarks.contains("these have some of the words"), "{remarks}");
    for strict in [&["--json", "+зерно +аквариум"][..], &["\"зерно аквариум\""], &["--exact", "зерно аквариум"]]
    {
        let (hits, _) = ask(strict);
        assert!(!hits.contains("prodovolstvie.md"), "{strict:?}");
    }
}

#[test]
fn near_copies_are_folded() {
    let folder = new_folder();
    let paragraph =
        "第十二条 行政机关应当在收到申请之日起二十个工作日内作出答复；情况复杂的，经批准可以延长十个工作日。";
    let newer = paragraph.replace("第十二条", "第十五条");
    fs::write(folder.path().join("a.md"), format!("# 条例\n\n{paragraph}\n")).unwrap();
    fs::write(folder.path().join("b.md"), format!("# 条例（修订）\n\n{newer}\n")).unwrap();
    fs::write(folder.path().join("c.md"), "# 说明\n\n行政机关收到申请以后要登记。\n").unwrap();
    index_into(folder.path(), &folder.path().join(".svod"));
    let folded = text(&query_in(folder.path(), &["行政机关 申请 答复"]).stdout);
    assert_eq!((folded.matches(" 1. ").count(), folded.matches("    = ").count()), (1, 1), "{folded}");
    assert!(folded.contains("= b.md:3  条例（修订）") || folded.contains("= a.md:3  条例"), "{folded}");
    let shown = text(&query_in(folder.path(), &["--copies", "show", "行政机关 申请 答复"]).stdout);
    assert!(shown.contains(" 3. ") && !shown.contains("    = "), "{shown}");
    let copies = |arguments: &[&str]| -> Vec<usize> {
        let lines = text(&query_in(folder.path(), arguments).stdout);
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter_map(|line| line["copies"].as_array().map(Vec::len)).collect()
    };
    assert_eq!(copies(&["--json", "行政机关 申请 答复"]), [0, 0, 0]);
    assert_eq!(copies(&["--json", "--copies", "fold", "行政机关 申请 答复"]), [1, 0]);
}

#[test]
fn a_score_can_be_explained() {
    let (explained, _) = ask(&["--explain", "--limit", "2", "экспортные пошлины на зерно"]);
    check_golden("golden/explained.txt", &explained);
    let (json, _) = ask(&["--json", "--explain", "--limit", "1", "北极航道"]);
    let hit: Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let sum = |parts: &Value| parts.as_array().unwrap().iter().map(|part| number(&part["score"])).sum::<f64>();
    let explanation = &hit["explanation"];
    let terms = sum(&explanation["terms"]) + sum(&explanation["parts"]);
    let score = terms * number(&explanation["coverage"]) + number(&explanation["support"]);
    assert!((score - number(&hit["score"])).abs() < 0.01 * score, "{score} {hit}");
}

#[test]
fn text_cut_anywhere_is_found_as_a_fragment() {
    let (hits, _) = ask(&["--fragment", "довольственн"]);
    assert!(hits.contains("prodovolstvie.md"), "{hits}");
    assert_eq!(ask(&["--exact", "довольственн"]).0, "");
}
