//! How fast a folder is indexed for the first time: `cargo bench -p svod-indexer`.
//!
//! The sample articles, each repeated, or the folder named by `SVOD_BENCH`.
//! Throughput is bytes of source a second of the clock, with one thread and
//! with one for each core; loading the Chinese dictionary is not counted.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use divan::counter::BytesCount;
use svod_indexer::{Options, index_folder};
use tempfile::TempDir;

/// Copies of each sample article.
const COPIES: usize = 20;

fn main() {
    divan::main();
}

/// Makes a folder of copies of the sample articles.
fn copies() -> TempDir {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    let folder = tempfile::tempdir().expect("a folder can be made");
    for copy in 0..COPIES {
        copy_into(&samples, &folder.path().join(copy.to_string()));
    }
    folder
}

fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_into(&path, &to);
        } else {
            fs::copy(path, to).expect("an article can be copied");
        }
    }
}

#[divan::bench(args = [Some(1), None], sample_count = 5, sample_size = 1)]
fn first_index(bencher: divan::Bencher<'_, '_>, threads: Option<usize>) {
    let made = copies();
    let folder = std::env::var_os("SVOD_BENCH").map_or(made.path().to_owned(), PathBuf::from);
    let index = |home: &TempDir| {
        let mut options = Options::default();
        options.index = Some(home.path().join("index"));
        options.threads = threads.and_then(NonZeroUsize::new);
        index_folder(&folder, &options, &mut ()).expect("the folder can be indexed")
    };
    let home = || tempfile::tempdir().expect("a folder can be made");
    let bytes = index(&home()).bytes;
    bencher.with_inputs(home).counter(BytesCount::new(bytes)).bench_local_refs(|home| index(home));
}
