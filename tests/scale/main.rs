//! Measures time and memory of the programs on whole folders.
//!
//! ```text
//! cargo bench -p svod-tests --bench scale -- FOLDER…
//! ```
//!
//! Each folder is copied, indexed, indexed again without changes, changed in one
//! file, and searched, by the programs of this build. Then, in the same run, the
//! same files are indexed by plain tantivy (`bare`). The last column is the ratio
//! of the times; less than 1 means faster than plain tantivy. Linux only: memory
//! and CPU time are read from `/proc`.

mod bare;
mod process;
mod words;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use process::Cost;
use svod_query::{Index, Request};
use words::Words;

/// The number of processes that are timed for one figure.
const PROCESSES: usize = 31;
/// The number of searches that are timed for one figure.
const SEARCHES: usize = 400;
/// The argument that makes this program index with plain tantivy.
const BARE: &str = "--bare";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, folder, index] = &arguments[..]
        && mode == BARE
    {
        return bare::index(Path::new(folder), Path::new(index));
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    let folders = if arguments.is_empty() { vec![samples] } else { arguments.iter().map(PathBuf::from).collect() };
    println!(
        "| folder | first index | MB a CPU-second | peak memory | index | no change | one change | warm: median, 95 % | cold | CPU, plain tantivy = 1 |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for folder in folders {
        println!("{}", measure(&folder)?);
    }
    Ok(())
}

fn measure(folder: &Path) -> Result<String, Box<dyn Error>> {
    let work = tempfile::tempdir()?;
    let (articles, index) = (work.path().join("articles"), work.path().join("index"));
    let megabytes = copy(folder, &articles)? as f64 / 1e6;
    let indexer = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_svod-indexer-under-test"));
        command.arg(&articles).arg("--index").arg(&index).arg("--quiet");
        command
    };
    let first = Cost::of(&mut indexer())?;
    let index_megabytes = size(&index)? as f64 / 1e6;
    let mut words = Words::read(&articles)?;
    let (warm, rare) = warm(&index, &mut words)?;
    let cold = median((0..PROCESSES).map(|_| cold(&index, &words.some(3))).collect::<Result<_, _>>()?);
    let unchanged = median((0..PROCESSES).map(|_| wall(&mut indexer())).collect::<Result<_, _>>()?);
    let change = || -> Result<Duration, Box<dyn Error>> {
        let text = fs::read_to_string(&words.file)?;
        fs::write(&words.file, format!("{text}\n\nИзменено: 已修改。\n"))?;
        wall(&mut indexer())
    };
    let changed = median((0..PROCESSES / 4).map(|_| change()).collect::<Result<_, _>>()?);
    let mut bare = Command::new(std::env::current_exe()?);
    let bare = Cost::of(bare.arg(BARE).arg(&articles).arg(work.path().join("bare")))?;
    Ok(format!(
        "| {megabytes:.0} MB | {:.1} s ({:.1} MB/s, {:.0} % of two cores) | {:.1} | {:.0} MB | {:.2} | {} | {} | {}, {} | {} | {:.1} |",
        first.wall.as_secs_f64(),
        megabytes / first.wall.as_secs_f64(),
        100.0 * first.cpu.as_secs_f64() / first.wall.as_secs_f64() / 2.0,
        megabytes / first.cpu.as_secs_f64(),
        first.anonymous_bytes as f64 / 1e6,
        index_megabytes / megabytes,
        milliseconds(unchanged),
        milliseconds(changed),
        milliseconds(warm),
        milliseconds(rare),
        milliseconds(cold),
        first.cpu.as_secs_f64() / bare.cpu.as_secs_f64(),
    ))
}

/// Copies a folder and returns the size of its files. The copies get old modification times.
fn copy(from: &Path, to: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            bytes += if entry.file_name() == ".svod" { 0 } else { copy(&path, &to)? };
        } else {
            bytes += fs::copy(&path, &to)?;
            fs::File::options().write(true).open(&to)?.set_modified(SystemTime::now() - Duration::from_secs(60))?;
        }
    }
    Ok(bytes)
}

fn size(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.path().is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

/// Times searches of one to four words in an open index; returns the median and the 95th percentile.
fn warm(index: &Path, words: &mut Words) -> Result<(Duration, Duration), Box<dyn Error>> {
    let index = Index::open(index)?;
    let requests: Vec<Request> = (0..SEARCHES).map(|at| Request::new(words.some(1 + at % 4))).collect();
    let mut times = Vec::with_capacity(SEARCHES);
    for _warm_up_first in 0..2 {
        times.clear();
        for request in &requests {
            let started = Instant::now();
            std::hint::black_box(index.search(request)?);
            times.push(started.elapsed());
        }
    }
    times.sort_unstable();
    Ok((times[SEARCHES / 2], times[SEARCHES * 95 / 100]))
}

/// Times a whole process that answers one query.
fn cold(index: &Path, query: &str) -> Result<Duration, Box<dyn Error>> {
    wall(Command::new(env!("CARGO_BIN_EXE_svod-query-under-test")).arg("--index").arg(index).args(["--literal", query]))
}

fn wall(command: &mut Command) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    command.output()?;
    Ok(started.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    match time.as_secs_f64() * 1e3 {
        short if short < 10.0 => format!("{short:.1} ms"),
        long => format!("{long:.0} ms"),
    }
}
