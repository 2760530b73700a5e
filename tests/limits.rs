//! Queries that ask for too much are answered too, and what was left out is said.

use svod_query::{Answer, Index, Mode, Request};

use crate::support::{index_into, new_folder, sample_index, shared};

fn ask(index: &Index, query: &str, mode: Mode) -> Answer {
    let mut request = Request::new(query);
    request.mode = mode;
    index.search(&request).unwrap()
}

/// Queries of which each would cost the most if there were no limit on it.
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
        // A NOT that undoes another is no word too many.
        let is_cut = query.len() > 10_000 && !query.starts_with("NOT");
        assert!(!is_cut || !answer.warnings.is_empty(), "{}…", query.chars().take(40).collect::<String>());
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
        // Far above what was measured in a release build: this is a guard against what has no bound at all.
        assert!(answer.elapsed.as_secs() < 10, "{shown}");
    }
}
