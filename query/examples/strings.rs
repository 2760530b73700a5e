//! Indexes a thousand strings, in memory, and searches them: `cargo run --release -p svod-query --example strings -- 停火`.

use std::error::Error;

use svod_indexer::{Memory, Text, Writer};
use svod_query::{Index, Request};

fn main() -> Result<(), Box<dyn Error>> {
    let query = std::env::args().nth(1).unwrap_or_else(|| "停火 № 17".to_owned());
    let memory = Memory::new(); // on disk: Writer::open("notes.index"), Index::open("notes.index")
    let mut writer = Writer::in_memory(&memory)?;
    for number in 0..1000 {
        let text = match number % 3 {
            0 => format!("第{number}号照会：双方同意继续停火谈判。"),
            1 => format!("Нота № {number}: стороны продолжают переговоры о прекращении огня."),
            _ => format!("Note {number}: both sides will go on with the ceasefire talks."),
        };
        writer.add(Text::new(format!("notes/{number}"), text).title(format!("Note {number}")))?;
    }
    writer.commit()?;

    let index = Index::in_memory(&memory)?;
    let answer = index.search(&Request::new(query))?;
    for hit in &answer.hits {
        println!("{}  {}  {}", hit.path.display(), hit.title, hit.snippet.text);
    }
    println!("{} of {} notes", answer.total.count(), writer.len());
    Ok(())
}
