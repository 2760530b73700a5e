//! Measures the quality of ranking, and prints it as one table.
//!
//! ```text
//! cargo run -p svod-tests --release --bin relevance -- [--misses] [SET…]
//! ```
//!
//! Without a set, it uses the questions about the sample articles, whose table is
//! committed. A set is a folder with `articles/`, `queries.jsonl` and `qrels.tsv`
//! (see [`Set::read`]). Every query is searched as plain words.
//!
//! nDCG@10 is given for all questions and for two halves that share no article, so
//! that weights tuned on one half can be judged by the other.

mod score;
mod set;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use score::{Table, score};
use set::Set;
use svod_indexer::{Options, index_folder};
use svod_query::{Index, Mode, Request};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let shows_misses = arguments.iter().any(|argument| argument == "--misses");
    arguments.retain(|argument| argument != "--misses");
    let folders = arguments.iter().map(PathBuf::from);
    match run(folders, shows_misses) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(folders: impl Iterator<Item = PathBuf>, shows_misses: bool) -> Result<(), Failure> {
    let mut sets = folders.map(|folder| Set::read(&folder)).collect::<Result<Vec<_>, _>>()?;
    if sets.is_empty() {
        sets.push(Set::sample(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?);
    }
    println!("{}", Table::HEAD);
    for set in sets {
        print!("{}", ask(&set, shows_misses)?);
    }
    Ok(())
}

/// Indexes the articles of a set, searches for its questions, and returns its table.
fn ask(set: &Set, shows_misses: bool) -> Result<Table, Failure> {
    let home = tempfile::tempdir()?;
    let mut options = Options::default();
    options.index = Some(home.path().to_owned());
    index_folder(&set.articles, &options, &mut ())?;
    let index = Index::open(home.path())?;
    let mut table = Table::new(&set.name);
    for question in &set.questions {
        let mut request = Request::new(&question.text);
        request.mode = Mode::Literal;
        request.limit = question.depth();
        let hits = index.search(&request)?.hits;
        let scored = score(question, &hits);
        if shows_misses && scored.gain < 1.0 {
            println!("{} {} {:.3} {}", set.name, question.id, scored.gain, question.text);
        }
        table.add(question, scored);
    }
    Ok(table)
}
