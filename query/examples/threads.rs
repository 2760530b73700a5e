//! One index, many threads: clones share all that is open, and no search waits for another.
//!
//! `cargo run --release -p svod-query --example threads -- corpus/articles`

use std::thread;

use svod_query::{Index, QueryError, Request};

fn main() -> Result<(), QueryError> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "corpus/articles".to_owned());
    let index = Index::open(folder)?;
    let searching: Vec<_> = ["北极航道 保险", "экспортные пошлины на зерно", "how agencies buy AI systems"]
        .into_iter()
        .map(|query| {
            let index = index.clone();
            thread::spawn(move || index.search(&Request::new(query)).map(|answer| (query, answer)))
        })
        .collect();
    for thread in searching {
        let (query, answer) = thread.join().expect("a search does not panic")?;
        let best = answer.hits.first().map_or("nothing", |hit| hit.title.as_str());
        println!("{query}: {best} ({:?})", answer.elapsed);
    }
    Ok(())
}
