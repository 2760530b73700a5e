//! Queries that are too expensive are answered too, with a warning of what was left out.

use svod_indexer::{Memory, Text, Writer};
use svod_query::{Answer, Index, Mode, Request};

use crate::support::{index_into, new_folder, query, sample_index, shared, text};

fn ask(index: &Index, query: &str, mode: Mode) -> Answer {
    let mut request = Request::new(query);
    request.mode = mode;
    index.search(&request).unwrap()
}

/// Queries that would take the longest without limits.
fn endless() -> Vec<(String, Mode)> {
    let words = (0..10_000).map(|number| format!("слово{number} "));
    let required = (0..10_000).map(|number| format!("+слово{number} OR "));
    vec![
        ("*".to_owned(), Mode::Query),
        ("а* е* и* о* *а *е *и *о *н* *т*".to_owned(), Mode::Query),
        ("\"*а *е *и *о *н *т\"".to_owned(), Mode::Query),
        ("\"*а* *е* *и* *о*\"~50".to_owned(), Mode::Query),
        ("的 是 了 在 有 和".to_owned(), Mode::Query),
        ("\"的 是 了 在 有 和\"~100".to_owned(), Mode::Query),
        ("的*是*了*在*有*和".to_owned(), Mode::Query),
        (words.collect(), Mode::Query),
        (required.collect(), Mode::Query),
        ("(".repeat(10_000) + "мир" + &")".repeat(10_000), Mode::Query),
        ("NOT ".repeat(10_000) + "мир", Mode::Query),
        ("мир ".repeat(100_000), Mode::Exact),
        ("мир~2 война~2 закон~2 право~2 статья~2".to_owned(), Mode::Query),
        ("а".to_owned(), Mode::Fragment),
        ("а и".to_owned(), Mode::Fragment),
    ]
}

#[test]
fn endless_queries_are_answered() {
    let index = Index::open(sample_index()).unwrap();
    for (query, mode) in endless() {
        let answer = ask(&index, &query, mode);
        // A NOT that cancels another does not count as a word.
        let is_cut = query.len() > 10_000 && !query.starts_with("NOT");
        assert!(!is_cut || !answer.warnings.is_empty(), "{}…", query.chars().take(40).collect::<String>());
    }
}

#[test]
fn an_answer_that_was_cut_says_so() {
    let limits = ["--timeout", "0.000001", "--index", sample_index()];
    let wildcards = "*а* *о* *е* *国* *的* *the*";
    for (arguments, said) in [
        (&["--json", wildcards][..], "\"total_is\":\"at_least\",\"cut\":\""),
        (&["--json", "--kwic", wildcards], "\"total_is\":\"at_least\",\"cut\":\""),
        (&["--json", "--count-by", "year", wildcards], "\"cut\":\""),
        (&["--json", "--timeline", wildcards], "\"cut\":\""),
        (&[wildcards], "may be more"),
        (&["-c", wildcards], "may be more"),
        (&["--timeline", wildcards], "may be more"),
    ] {
        let output = query(&[&limits[..], arguments].concat());
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(all.contains(said), "{arguments:?}: {all}");
        let whole = query(&[&["--timeout", "0", "--index", sample_index()], arguments].concat());
        let all = format!("{}{}", text(&whole.stdout), text(&whole.stderr));
        assert!(!all.contains("may be more") && !all.contains("\"cut\":\""), "{arguments:?}: {all}");
    }
}

#[test]
fn no_more_than_a_hundred_passages_are_read_around_a_hit() {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    let paragraphs: Vec<String> = (0..400).map(|number| format!("Абзац {number} о 停火.")).collect();
    writer.add(Text::new("long", paragraphs.join("\n\n"))).unwrap();
    writer.commit().unwrap();
    let index = Index::in_memory(&memory).unwrap();
    for (around, read, warnings) in [(0, 0, 0), (100, 100, 0), (101, 100, 1), (usize::MAX, 100, 1)] {
        let mut request = Request::new("\"Абзац 200\"");
        (request.before, request.after) = (around, around);
        let answer = index.search(&request).unwrap();
        let hit = &answer.hits[0];
        assert_eq!((hit.before.len(), hit.after.len(), answer.warnings.len()), (read, read, warnings), "{around}");
        let shown = index.show(hit.id, around).unwrap().unwrap().hit;
        assert_eq!((shown.before.len(), shown.after.len()), (read, read), "{around}");
    }
}

#[test]
fn endless_queries_on_real_text_are_answered_soon() {
    let Some(folder) = shared("library") else { return };
    let home = new_folder();
    let index = index_into(&folder, home.path());
    for (query, mode) in endless() {
        let answer = ask(&index, &query, mode);
        let shown: String = query.chars().take(40).collect();
        println!("{:>8.1} ms  {} passages  {shown}", answer.elapsed.as_secs_f64() * 1e3, answer.total.count());
        // Far above the times measured in a release build: this only guards against unlimited work.
        assert!(answer.elapsed.as_secs() < 10, "{shown}");
    }
}
