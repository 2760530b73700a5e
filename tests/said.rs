//! All remarks beside the hits are true: every number and sentence in every output is compared with a scan of the
//! passages that exist now. The index also holds deleted passages, which must not count.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use svod_text::analysis::Scan;
use tempfile::TempDir;

use crate::oracle::{Passages, Places, holds_form, holds_quotation};
use crate::support::{Numbers, index_into, new_folder, query_in, text};

const WORDS: [&str; 12] =
    ["smith", "smiths", "treaty", "treaties", "national", "president", "мир", "мира", "войны", "停火", "谈判", "制裁"];

/// Writes a folder, indexes it, removes articles, changes others, and indexes it again.
fn changed_folder() -> TempDir {
    let folder = new_folder();
    let mut numbers = Numbers(11);
    let mut write = |number: usize| {
        let mut words = |most: usize| {
            let count = 1 + numbers.below(most);
            (0..count).map(|_| WORDS[numbers.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
        };
        let (title, heading) = (words(2), words(3));
        let paragraphs: Vec<String> = (0..3).map(|_| words(12)).collect();
        let head = format!("---\ndate: {}-05-01\nauthors: [Anna Smythe]\n---\n", 1990 + number % 9);
        let text = format!("{head}# {title}\n\n## {heading}\n\n{}\n", paragraphs.join("\n\n"));
        fs::write(folder.path().join(format!("{number}.md")), text).unwrap();
    };
    (0..60).for_each(&mut write);
    index_into(folder.path(), &folder.path().join(".svod"));
    (0..60).step_by(5).for_each(&mut write);
    for number in (1..60).step_by(4) {
        fs::remove_file(folder.path().join(format!("{number}.md"))).unwrap();
    }
    index_into(folder.path(), &folder.path().join(".svod"));
    folder
}

/// Runs the query program and returns its standard output and standard error.
fn ask(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = query_in(folder, arguments);
    (text(&output.stdout), text(&output.stderr))
}

fn json(folder: &Path, arguments: &[&str]) -> Vec<Value> {
    let (lines, _) = ask(folder, &[&["--json"], arguments].concat());
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn number_of(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The options that show every hit of a query.
const ALL: [&str; 6] = ["--limit", "0", "--per-article", "0", "--copies", "show"];

fn check_numbers(folder: &Path, query: &str, places: &Places) {
    let passages = places.len();
    let articles = places.iter().map(|(path, _)| path).collect::<BTreeSet<&PathBuf>>().len();
    let with = |options: &[&str]| ask(folder, &[options, &[query]].concat());
    let is_said = |said: &str, expected: &str| assert!(said.contains(expected), "{query}: no `{expected}` in {said}");

    let (_, remarks) = with(&ALL);
    let nothing = |term: &str| format!("nothing found (passages with each: {term} 0)");
    let expected = if passages == 0 { nothing(query) } else { format!("\n{passages} of {passages} passages in ") };
    is_said(&remarks, &expected);
    for format in ["html", "markdown"] {
        let (report, _) = with(&[&ALL[..], &["--format", format]].concat());
        let plural = if passages == 1 { "passage" } else { "passages" };
        let all = format!("{passages} of {passages} {plural}, from {}", number_of(articles, "article"));
        is_said(&report, if passages == 0 { "nothing found" } else { &all });
    }
    for limit in ["0", "3"] {
        let summary = json(folder, &["--limit", limit, query]).pop().unwrap();
        let told = (&summary["total"], &summary["total_is"], summary["terms"].as_array().unwrap());
        assert_eq!((told.0, told.1), (&passages.into(), &"exact".into()), "{summary}");
        assert_eq!(
            (&told.2[0]["passages"], &told.2[0]["passages_is"]),
            (&passages.into(), &"exact".into()),
            "{summary}"
        );
    }
    let timeline = json(folder, &["--timeline", query]);
    let years = timeline.iter().filter(|line| line["type"] == "year");
    assert_eq!(years.map(|year| year["terms"][0]["passages"].as_u64().unwrap()).sum::<u64>(), passages as u64);
    if passages > 0 {
        let (_, remarks) = with(&["--count-by", "kind"]);
        is_said(&remarks, &format!("\n{} of {} in ", number_of(passages, "passage"), number_of(articles, "article")));
        let (counts, _) = with(&["-c"]);
        let count = |line: &str| line.rsplit_once(':').unwrap().1.parse::<usize>().unwrap();
        assert_eq!((counts.lines().map(count).sum::<usize>(), counts.lines().count()), (passages, articles), "{query}");
        assert_eq!(with(&["-l"]).0.lines().count(), articles, "{query}");
        let (_, remarks) = with(&[&ALL[..], &["--kwic"]].concat());
        is_said(&remarks, &format!(" in {passages} of {passages} passages in "));
    }
}

#[test]
fn every_output_tells_the_numbers_of_a_scan() {
    let folder = changed_folder();
    let passages = Passages::of(folder.path());
    let quotation = |text: &str| passages.places_where(|passage| holds_quotation(passage, &Scan::new(text)));
    for quoted in ["national president", "president national", "smith", "of smith", "停火谈判", "мира", "火"] {
        check_numbers(folder.path(), &format!("\"{quoted}\""), &quotation(quoted));
    }
    for word in ["smith", "treaties", "мир", "война", "停火"] {
        let scan = Scan::new(word);
        let holds =
            |passage: &Scan| if scan.is_han(0) { holds_quotation(passage, &scan) } else { holds_form(passage, &scan) };
        check_numbers(folder.path(), &format!("+{word}"), &passages.places_where(holds));
    }
}

#[test]
fn lists_and_status_tell_what_is_there_now() {
    let folder = changed_folder();
    let all = Passages::of(folder.path()).places_where(|_| true);
    let status = json(folder.path(), &["--status"]).pop().unwrap();
    let articles = all.iter().map(|(path, _)| path).collect::<BTreeSet<_>>().len();
    assert_eq!((&status["passages"], &status["articles"]), (&all.len().into(), &articles.into()));
    let list = json(folder.path(), &["--list"]);
    let listed = list.iter().filter_map(|line| Some((line["path"].as_str()?, line["passages"].as_u64()?)));
    let mut count = 0;
    for (path, passages) in listed {
        assert_eq!(passages as usize, all.iter().filter(|(own, _)| own == Path::new(path)).count(), "{path}");
        count += 1;
    }
    assert_eq!(count, articles);
}

/// The remarks if nothing is found, or if not all words are.
#[test]
fn every_sentence_is_true() {
    let folder = new_folder();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "a.md",
        "# On ports\n\nThe national budget grows; a president spoke.\n\nNational ports. The president left.\n",
    );
    write("b.md", "# 港口\n\n【基金项目】smith 2020\n\n停火以后，港口开放。\n");
    write("gone.md", "# Gone\n\nSmithy, zeppelin and harbour, national presidents.\n");
    index_into(folder.path(), &folder.path().join(".svod"));
    fs::remove_file(folder.path().join("gone.md")).unwrap();
    index_into(folder.path(), &folder.path().join(".svod"));
    for (arguments, said) in [
        (&["\"national president\""][..], "nothing found (passages with each: \"national president\" 0)"),
        (&["\"national presidents\""], "nothing found (passages with each: \"national presidents\" 0)"),
        (&["..."], "nothing found (no words in the query)"),
        (&["author:smith"], "nothing found (filters and exclusions leave no passage)"),
        (&["date:1900"], "nothing found (filters and exclusions leave no passage)"),
        (&["--filter", "lang:ru", "kind:body"], "nothing found (filters and exclusions leave no passage)"),
        (&["+ports", "lang:zh"], "nothing found (passages with each, whatever is filtered or excluded: port* 2)"),
        (&["--filter", "lang:zh", "+ports"], "whatever is filtered or excluded: port* 2)"),
        (&["+ports -national -on"], "whatever is filtered or excluded: port* 2)"),
        (&["zeppelin"], "not in the index: zeppelin\n"),
        (&["zepelin"], "not in the index: zepelin\n"),
        (&["smyth"], "not in the index: smyth; nearest: smith 1\n"),
        (&["+national +ports +zeppelin"], "nothing has all that was asked for: these lack one of the words"),
        (&["+ports +停火"], "nothing has all that was asked for: these have some of the words"),
        (&["--count", "\"national president\""], "(passages with each: \"national president\" 0)"),
        (&["--kwic", "zeppelin"], "nothing found (passages with each: zeppelin* 0)"),
    ] {
        let (_, remarks) = ask(folder.path(), arguments);
        assert!(remarks.contains(said), "{arguments:?}: no `{said}` in {remarks}");
    }
    // The word occurs only in a line of metadata.
    let (hits, remarks) = ask(folder.path(), &["smith"]);
    assert!(hits.contains("b.md:3") && !remarks.contains("not in the index"), "{hits}{remarks}");
    let (_, remarks) = ask(folder.path(), &["--filter", "author:\"zeppelin harbour\"", "ports"]);
    assert!(!remarks.contains("not in the index"), "{remarks}");
}

/// Three versions of a law hold an article word for word; another version, ranked among them, words it differently.
#[test]
fn equal_paragraphs_are_one_hit_beside_others_that_are_like_them() {
    let folder = new_folder();
    let rule = "Rule 8. The keeper of a warehouse shall send a list of stored grain to the county office";
    for version in 1..=3 {
        let text = format!(
            "# Grain act, version {version}\n\n{rule} within nine weeks.\n\nRule 9. It holds for year {version}.\n"
        );
        fs::write(folder.path().join(format!("v{version}.md")), text).unwrap();
    }
    for (name, end) in [("a.md", "before the spring fair."), ("x.md", "whenever it is asked to.")] {
        fs::write(folder.path().join(name), format!("# Notes\n\n{rule} {end}\n")).unwrap();
    }
    index_into(folder.path(), &folder.path().join(".svod"));
    let hits = json(folder.path(), &["--copies", "fold", "+keeper +warehouse +grain"]);
    let hits: Vec<_> = hits.iter().filter(|line| line["type"] == "hit").collect();
    let shown: BTreeSet<&str> = hits.iter().map(|hit| hit["text"].as_str().unwrap()).collect();
    assert_eq!((hits.len(), shown.len()), (3, 3), "{hits:?}");
    let copies = |end: &str| {
        hits.iter().find(|hit| hit["text"].as_str().unwrap().ends_with(end)).unwrap()["copies"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(["nine weeks.", "spring fair.", "asked to."].map(copies), [2, 0, 0]);
}

/// Articles at the same path of two folders are different articles.
#[test]
fn articles_of_several_folders_are_told_apart() {
    let folder = new_folder();
    for name in ["one", "other"] {
        let root = folder.path().join(name);
        fs::create_dir(&root).unwrap();
        fs::write(root.join("a.md"), format!("# On {name}\n\nThe harbour of {name}.\n\nA harbour again, {name}.\n"))
            .unwrap();
        index_into(&root, &root.join(".svod"));
    }
    let arguments =
        ["--index", "one", "--index", "other", "--limit", "0", "--copies", "show", "--format", "markdown", "harbour"];
    let (report, _) = ask(folder.path(), &arguments);
    assert!(report.contains("4 of 4 passages, from 2 articles"), "{report}");
    assert!(report.contains("On one") && report.contains("On other"), "{report}");
}
