//! Filters and counts: what is found in one language, how it is spread over the years, and which authors write of it.
//!
//! `cargo run --release -p svod-query --example counts -- corpus/articles безопасность lang:ru`

use svod_query::{By, Index, QueryError, Request, Words};

fn main() -> Result<(), QueryError> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "corpus/articles".to_owned());
    let index = Index::open(folder)?;

    let query = arguments.next().unwrap_or_else(|| "безопасность OR 安全 OR security".to_owned());
    // What every hit must fulfil, in the query language; it changes no score.
    let filter = arguments.next().unwrap_or_else(|| "-kind:note date:2020..".to_owned());
    let request = Request::new(query).filter(filter);
    println!("{} passages", index.search(&request)?.total.count());

    // All words of a query must be there: a passage with one of three is no match to count.
    let request = request.words(Words::All);
    for by in [By::Year, By::Language, By::Author] {
        let counts = index.count(&request, by)?;
        println!("by {}:", by.name());
        for count in counts.groups.iter().take(5) {
            println!("  {:<24} {:>4} passages in {} articles", count.group.to_string(), count.passages, count.articles);
        }
    }
    Ok(())
}
