//! Writes version after version of the same texts into an index, each in one
//! commit. For tests that kill it.

use svod_indexer::{IndexError, Text, Writer, WriterOptions};

fn main() -> Result<(), IndexError> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, index, texts] = &arguments[..] else { panic!("give the index and the number of texts") };
    let texts: usize = texts.parse().expect("a number");
    let mut options = WriterOptions::default();
    // Little memory, so that segments are written before the commit.
    options.memory_bytes = 0;
    let mut writer = Writer::open_with(index, &options)?;
    let filling = "停火谈判仍在继续。 Переговоры о мире продолжаются.\n\n".repeat(60);
    for version in 0_u64.. {
        // Every seventh version is written to a new index.
        if version % 7 == 6 {
            drop(writer);
            writer = Writer::create_with(index, &options)?;
        }
        for text in 0..texts {
            writer.add(Text::new(text.to_string(), format!("{filling}Peace talks of {text}, needle{version}.")))?;
        }
        writer.commit()?;
    }
    Ok(())
}
