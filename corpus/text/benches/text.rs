//! How fast articles are parsed and analysed: `cargo bench -p svod-text --features dictionary`.
//!
//! Over the sample articles, or over the Markdown files of the folder named by
//! `SVOD_BENCH`. Throughput is bytes of source a second, on one core.

use std::fs;
use std::path::{Path, PathBuf};

use divan::counter::BytesCount;
use svod_text::analysis::{Terms, Tokenizer};
use svod_text::article::{Syntax, parse};

fn main() {
    divan::main();
}

fn sources() -> Vec<String> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../articles");
    let mut folders = vec![std::env::var_os("SVOD_BENCH").map_or(samples, PathBuf::from)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                sources.extend(fs::read_to_string(path));
            }
        }
    }
    sources
}

#[divan::bench]
fn parsing(bencher: divan::Bencher<'_, '_>) {
    let sources = sources();
    let bytes: usize = sources.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .bench(|| sources.iter().map(|source| parse(source, Syntax::Markdown).passages.len()).sum::<usize>());
}

#[divan::bench]
fn analysis(bencher: divan::Bencher<'_, '_>) {
    let texts: Vec<String> = sources()
        .iter()
        .flat_map(|source| parse(source, Syntax::Markdown).passages)
        .map(|passage| passage.text)
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut tokenizer = Tokenizer::new(Terms::All);
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let mut count = 0;
        for text in &texts {
            tokenizer.each_token(text, |_, _| count += 1);
        }
        count
    });
}
