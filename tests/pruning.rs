//! The engine may leave out what cannot be among the best: that changes no answer.

use std::num::NonZeroUsize;

use svod_query::{Index, Mode, Request};

use crate::support::{Numbers, articles, index_into, new_folder, read_articles, sample_index, shared};

/// The first ten hits with their scores, of as many as are asked for.
fn first_ten(index: &Index, query: &str, limit: Option<NonZeroUsize>) -> Vec<(String, f32)> {
    let mut request = Request::new(query);
    request.mode = Mode::Literal;
    request.limit = limit;
    let hits = index.search(&request).unwrap().hits;
    hits.into_iter().take(10).map(|hit| (hit.id.to_string(), hit.score)).collect()
}

fn check(index: &Index, query: &str) {
    assert_eq!(first_ten(index, query, NonZeroUsize::new(10)), first_ten(index, query, None), "{query}");
}

#[test]
fn the_best_ten_of_ten_are_the_best_ten_of_all() {
    let index = Index::open(sample_index()).unwrap();
    let mut numbers = Numbers(10);
    for (.., article) in read_articles(&articles()) {
        for _ in 0..12 {
            let text = &article.passages[numbers.below(article.passages.len())].text;
            let characters: Vec<char> = text.chars().collect();
            let first = numbers.below(characters.len());
            let query: String = characters[first..].iter().take(3 + numbers.below(30)).collect();
            check(&index, &query);
        }
    }
}

#[test]
fn also_of_fifty_thousand_passages() {
    let Some(folder) = shared("library") else { return };
    let home = new_folder();
    let index = index_into(&folder, home.path());
    for query in
        ["исковая давность по требованиям", "行政复议申请期限", "freedom of speech", "政府信息公开 государство state"]
    {
        check(&index, query);
    }
}
