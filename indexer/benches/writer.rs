//! How fast an app's texts are indexed: `cargo bench -p svod-indexer --bench writer`.
//!
//! `files` and `strings` index the same text, once by `index_folder` and once
//! read and handed over one by one; `one_text` replaces a text of that index
//! and commits; `a_thousand` is an app with as many short texts, in memory. The
//! sample articles, each repeated, or the folder named by `SVOD_BENCH`;
//! loading the Chinese dictionary is not counted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use divan::counter::BytesCount;
use svod_indexer::{Memory, Options, Text, Writer, index_folder};
use tempfile::TempDir;

/// Copies of each sample article.
const COPIES: usize = 20;

fn main() {
    divan::main();
}

/// The files of the folder, each repeated.
fn files() -> &'static [(PathBuf, usize)] {
    static FILES: OnceLock<Vec<(PathBuf, usize)>> = OnceLock::new();
    FILES.get_or_init(|| {
        let named = std::env::var_os("SVOD_BENCH").map(PathBuf::from);
        let copies = if named.is_some() { 1 } else { COPIES };
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
        let mut files = Vec::new();
        list(&named.unwrap_or(samples), &mut files);
        files.sort();
        (0..copies).flat_map(|copy| files.iter().map(move |file| (file.clone(), copy))).collect()
    })
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => list(&path, files),
            path if path.extension().is_some_and(|extension| extension == "md" || extension == "txt") => {
                files.push(path)
            }
            _ => {}
        }
    }
}

fn bytes() -> BytesCount {
    BytesCount::new(files().iter().filter_map(|(path, _)| path.metadata().ok()).map(|file| file.len()).sum::<u64>())
}

fn text(path: &Path, copy: usize) -> Text {
    let text = Text::new(format!("{copy}/{}", path.display()), fs::read_to_string(path).expect("articles are UTF-8"));
    if path.extension().is_some_and(|extension| extension == "md") { text.markdown() } else { text }
}

fn new_folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be made")
}

fn index_strings(home: &Path) -> Writer {
    let mut writer = Writer::open(home).expect("an index can be made");
    for (path, copy) in files() {
        writer.add(text(path, *copy)).expect("a text can be added");
    }
    writer.commit().expect("texts can be committed");
    writer
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn files_of_a_folder(bencher: divan::Bencher<'_, '_>) {
    let folder = new_folder();
    for (at, (path, copy)) in files().iter().enumerate() {
        let to = folder.path().join(copy.to_string());
        fs::create_dir_all(&to).expect("a folder can be made");
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        fs::copy(path, to.join(format!("{at:06}.{extension}"))).expect("an article can be copied");
    }
    let index = |home: &mut TempDir| {
        let mut options = Options::default();
        options.index = Some(home.path().join("index"));
        index_folder(folder.path(), &options, &mut ()).expect("the folder can be indexed")
    };
    index(&mut new_folder());
    bencher.with_inputs(new_folder).counter(bytes()).bench_local_refs(index);
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn strings(bencher: divan::Bencher<'_, '_>) {
    bencher.with_inputs(new_folder).counter(bytes()).bench_local_refs(|home| index_strings(home.path()));
}

#[divan::bench(sample_count = 30, sample_size = 1)]
fn one_text(bencher: divan::Bencher<'_, '_>) {
    let home = new_folder();
    let mut writer = index_strings(home.path());
    let mut version = 0;
    bencher.bench_local(|| {
        version += 1;
        let text = format!("停火谈判仍在继续。\n\nПереговоры о мире.\n\nPeace talks, version {version}.");
        writer.add(Text::new("one", text)).expect("a text can be added");
        writer.commit().expect("a text can be committed")
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn a_thousand(bencher: divan::Bencher<'_, '_>) {
    let text = |number: usize| format!("第{number}条：停火谈判仍在继续。 Переговоры о мире. Peace talks. ").repeat(10);
    let texts: Vec<Text> = (0..1_000).map(|number| Text::new(number.to_string(), text(number))).collect();
    let bytes: usize = texts.iter().map(|text| text.text.len()).sum();
    bencher.with_inputs(|| texts.clone()).counter(BytesCount::new(bytes)).bench_local_values(|texts| {
        let memory = Memory::new();
        let mut writer = Writer::in_memory(&memory).expect("memory is there");
        for text in texts {
            writer.add(text).expect("a text can be added");
        }
        writer.commit().expect("texts can be committed");
        memory
    });
}
