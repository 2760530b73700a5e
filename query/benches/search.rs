//! Warm searches of ten hits with their snippets, by the kind of query; then counts of all that match, and searches from
//! many threads.
//!
//! ```text
//! SVOD_BENCH=FOLDER cargo bench -p svod-query --bench search
//! ```
//!
//! The folder (without one, the sample articles) is indexed, and the queries
//! are made of its own words: of random places, the same in every run. All of
//! a kind are asked before they are timed; the table has the median and the
//! time that 95 of 100 stay under.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use svod_indexer::{Options, index_folder};
use svod_query::{By, Index, Mode, QueryError, Request, Words};

/// Queries of each kind.
const QUERIES: usize = 500;
/// Counts of each kind.
const COUNTED: usize = 100;
/// Threads that search at once.
const THREADS: [usize; 3] = [1, 2, 4];
/// How often each number of threads is tried.
const ROUNDS: usize = 9;

fn main() -> Result<(), Box<dyn Error>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    let folder = std::env::var_os("SVOD_BENCH").map_or(samples, PathBuf::from);
    let home = tempfile::tempdir()?;
    let mut options = Options::default();
    options.index = Some(home.path().to_owned());
    index_folder(&folder, &options, &mut ())?;
    let index = Index::open(home.path())?;
    let status = index.status()?;
    println!("{} passages of {}", status.passages, folder.display());
    let mut words = Folder::read(&folder)?;
    println!("{:<28} {:>9} {:>9}", "", "median ms", "95 % ms");
    for count in 1..=4 {
        time(&index, &format!("words, {count}"), Mode::Query, || words.scattered(count))?;
    }
    time(&index, "question of 12 words", Mode::Literal, || words.side_by_side(12))?;
    time(&index, "quotation of 3 words", Mode::Exact, || words.side_by_side(3))?;
    time(&index, "quotation of 8 words", Mode::Exact, || words.side_by_side(8))?;
    time(&index, "fragment", Mode::Fragment, || words.fragment())?;
    time(&index, "two words required", Mode::Query, || format!("+{} +{}", words.word(), words.word()))?;
    time(&index, "window of 8", Mode::Query, || format!("\"{} {}\"~8", words.word(), words.word()))?;
    time(&index, "beginning of a word", Mode::Query, || words.beginning())?;
    time(&index, "word with an error", Mode::Query, || format!("{}~", words.word()))?;
    for by in [By::Year, By::Kind, By::Article, By::Author, By::Section] {
        let requests: Vec<Request> = (0..COUNTED).map(|_| required(words.word())).collect();
        time_all(&format!("a word by {}", by.name()), &requests, |request| index.count(request, by))?;
    }
    let quotations: Vec<Request> = (0..COUNTED).map(|_| exact(words.word())).collect();
    time_all("a quotation by year", &quotations, |request| index.count(request, By::Year))?;
    let requests: Vec<Request> = (0..COUNTED).map(|_| required(words.word())).collect();
    time_all("timeline of a word", &requests, |request| index.timeline(std::slice::from_ref(request)))?;
    let requests: Vec<Request> = (0..QUERIES).map(|number| Request::new(words.scattered(number % 4 + 1))).collect();
    println!("\n{:<28} {:>9} {:>9}", "threads", "searches/s", "of one");
    compare_threads(&index, &requests)
}

/// Asks the same from one thread, two and four in turn, and prints the medians of the rounds.
fn compare_threads(index: &Index, requests: &[Request]) -> Result<(), Box<dyn Error>> {
    let mut rates: [Vec<f64>; THREADS.len()] = Default::default();
    for _ in 0..ROUNDS {
        for (rates, threads) in rates.iter_mut().zip(THREADS) {
            rates.push(rate(index, requests, threads)?);
        }
    }
    let [alone, ..] = rates.each_mut().map(|rates| {
        rates.sort_by(f64::total_cmp);
        rates[ROUNDS / 2]
    });
    for (rates, threads) in rates.iter().zip(THREADS) {
        let rate = rates[ROUNDS / 2];
        println!("{threads:<28} {rate:>9.0} {:>9.2}", rate / alone);
    }
    Ok(())
}

/// Returns how many searches a second a number of threads do together.
fn rate(index: &Index, requests: &[Request], threads: usize) -> Result<f64, Box<dyn Error>> {
    let next = AtomicUsize::new(0);
    let search = || {
        while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
            index.search(request)?;
        }
        Ok::<(), QueryError>(())
    };
    let started = Instant::now();
    std::thread::scope(|scope| {
        let searching: Vec<_> = (0..threads).map(|_| scope.spawn(search)).collect();
        searching.into_iter().try_for_each(|thread| thread.join().expect("a search does not panic"))
    })?;
    Ok(requests.len() as f64 / started.elapsed().as_secs_f64())
}

/// As the program counts: passages with all of the words.
fn required(query: String) -> Request {
    let mut request = Request::new(query);
    request.words = Words::All;
    request
}

fn exact(query: String) -> Request {
    let mut request = Request::new(query);
    request.mode = Mode::Exact;
    request
}

fn time(index: &Index, name: &str, mode: Mode, mut query: impl FnMut() -> String) -> Result<(), Box<dyn Error>> {
    let request = |query| {
        let mut request = Request::new(query);
        request.mode = mode;
        request
    };
    let requests: Vec<Request> = (0..QUERIES).map(|_| request(query())).collect();
    time_all(name, &requests, |request| index.search(request))
}

fn time_all<T, E: Error + 'static>(
    name: &str,
    requests: &[Request],
    ask: impl Fn(&Request) -> Result<T, E>,
) -> Result<(), Box<dyn Error>> {
    for request in requests {
        ask(request)?;
    }
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let started = Instant::now();
        std::hint::black_box(ask(request)?);
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    println!("{name:<28} {:>9.3} {:>9.3}", times[times.len() / 2], times[times.len() * 95 / 100]);
    Ok(())
}

/// Random words of a folder. Of a run of Chinese characters, some of them.
struct Folder {
    lines: Vec<String>,
    random: u64,
}

/// Characters of a Chinese word.
const HAN_WORD: usize = 3;

impl Folder {
    fn read(folder: &Path) -> Result<Folder, Box<dyn Error>> {
        let mut lines = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = fs::read_to_string(&path) {
                    lines.extend(text.lines().filter(|line| line.chars().count() > 60).map(str::to_owned));
                }
            }
        }
        lines.sort_unstable();
        Ok(Folder { lines, random: 4 })
    }

    /// Returns a random number below `end` (xorshift, Marsaglia 2003).
    fn below(&mut self, end: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random % end.max(1) as u64) as usize
    }

    /// Returns `count` words of a line, from a random place on.
    fn side_by_side(&mut self, count: usize) -> String {
        let at = self.below(self.lines.len());
        let line = &self.lines[at];
        if line.chars().filter(|c| c.is_ascii_whitespace()).count() * 12 < line.chars().count() {
            let characters: Vec<char> = line.chars().filter(|c| c.is_alphanumeric()).collect();
            let length = (count * 2).max(HAN_WORD).min(characters.len());
            let first = self.below(characters.len() - length + 1);
            return characters[first..first + length].iter().collect();
        }
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let first = self.below(words.len().saturating_sub(count) + 1);
        words[first..(first + count).min(words.len())].join(" ")
    }

    fn word(&mut self) -> String {
        loop {
            let word = self.side_by_side(1);
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.chars().count() >= HAN_WORD && word.chars().all(char::is_alphabetic) {
                return word.to_owned();
            }
        }
    }

    fn scattered(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn fragment(&mut self) -> String {
        let words: Vec<char> = self.side_by_side(4).chars().collect();
        words[2.min(words.len() - 1)..words.len().saturating_sub(2).max(1)].iter().collect()
    }

    fn beginning(&mut self) -> String {
        let word: String = self.word().chars().take(5).collect();
        format!("{word}*")
    }
}
