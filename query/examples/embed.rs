//! Searches an index from another program: `cargo run --example embed -- corpus/articles 北极`.

use svod_query::{Index, QueryError, Request};

fn main() -> Result<(), QueryError> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "corpus/articles".to_owned());
    let words = arguments.next().unwrap_or_else(|| "безопасность".to_owned());

    let index = Index::open(folder)?;
    let answer = index.search(&Request::new(words))?;
    for hit in &answer.hits {
        println!("{}. {} ({})", hit.rank, hit.title, hit.path.display());
        println!("   {}", hit.snippet.marked("[", "]"));
    }
    println!("{} passages in {:?}", answer.total.count(), answer.elapsed);
    Ok(())
}
