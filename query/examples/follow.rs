//! Follows a folder: brings its index up to date again and again, says what changed, and searches what is there now.
//!
//! `cargo run --release -p svod-query --example follow -- FOLDER 停火` goes on until it is stopped; a third argument ends it
//! after a number of looks.

use std::error::Error;
use std::time::Duration;

use svod_indexer::{Ending, Options, Progress, index_folder};
use svod_query::{Index, Request};

/// Hears how a run goes on. It could also end it, by `is_interrupted`.
#[derive(Default)]
struct Heard {
    bytes: u64,
}

impl Progress for Heard {
    fn done(&mut self, bytes: u64) {
        self.bytes += bytes;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "corpus/articles".to_owned());
    let query = arguments.next().unwrap_or_else(|| "безопасность".to_owned());
    let looks = arguments.next().map_or(Ok(usize::MAX), |looks| looks.parse())?;

    let mut heard = Heard::default();
    index_folder(&folder, &Options::default(), &mut heard)?;
    println!("{} bytes read", heard.bytes);
    let index = Index::open(&folder)?;
    for look in 0..looks {
        // Costs milliseconds where nothing has changed.
        let report = index_folder(&folder, &Options::default(), &mut heard)?;
        for change in &report.changes {
            println!("{:?} {}", change.kind, change.path.display());
        }
        if look == 0 || report.ending != Ending::Unchanged {
            index.reload()?;
            println!("{query}: {} passages", index.search(&Request::new(&query))?.total.count());
        }
        std::thread::sleep(Duration::from_millis(if looks == usize::MAX { 1000 } else { 0 }));
    }
    Ok(())
}
