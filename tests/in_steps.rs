//! Indexes a folder like `svod-indexer`, but with a commit every few milliseconds,
//! as in a run that takes hours. For tests that kill it.

use std::path::Path;
use std::time::Duration;

use svod_indexer::{IndexError, Options, index_folder};

fn main() -> Result<(), IndexError> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, folder, index] = &arguments[..] else { panic!("give the folder and the index") };
    let mut options = Options::default();
    options.index = Some(index.into());
    options.commit_interval = Duration::from_millis(20);
    // Small segments, so that there are many commits.
    options.memory_bytes = 0;
    index_folder(Path::new(folder), &options, &mut ()).map(|_| ())
}
