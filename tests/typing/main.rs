//! Measures search as you type: the time from each key to its drawing, in the real program in a terminal.
//!
//! ```text
//! cargo bench -p svod-tests --bench typing -- INDEX…
//! ```
//!
//! Queries in three languages are typed key by key and deleted again. The time of a
//! key ends with the last byte of the drawing that shows the new query with its own
//! answer.

// Only the tests use all of this module.
#[allow(dead_code)]
#[path = "../screen/pty.rs"]
mod pty;

use std::path::Path;
use std::time::{Duration, Instant};

use pty::Terminal;

/// The queries: topics of laws and policy papers, with a quotation, an operator and a filter among them.
const QUERIES: [&str; 12] = [
    "行政处罚的种类和设定",
    "数据安全 个人信息保护",
    "\"社会主义市场经济\"",
    "环境影响评价 公众参与",
    "экспортные пошлины на зерно",
    "международные санкции и торговля",
    "права человека +суд",
    "о безопасности государства",
    "national security strategy",
    "export control of semiconductors",
    "lang:en balance of power",
    "sanctions against Russia 制裁",
];
/// The sequence that the program writes after each drawing.
const END_OF_DRAWING: &[u8] = b"\x1b[?2026l";
/// The size of the terminal.
const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

fn main() {
    let indexes: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    println!("| index | keys | median | 95 % | slowest | of |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for index in indexes {
        let mut times = measure(&index);
        times.sort();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0.as_secs_f64() * 1e3;
        println!(
            "| {index} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {} |",
            times.len(),
            at(0.5),
            at(0.95),
            at(1.0),
            times[times.len() - 1].1
        );
    }
}

/// Returns the time of each key, with the query that it led to.
fn measure(index: &str) -> Vec<(Duration, String)> {
    let program = env!("CARGO_BIN_EXE_svod-query-under-test");
    let mut terminal = Terminal::start(program, &["--index", index], Path::new("/"), (COLUMNS, ROWS), &[]);
    terminal.shows("Type to search");
    let mut times = Vec::new();
    for query in QUERIES {
        let mut typed = String::new();
        for c in query.chars() {
            typed.push(c);
            times.push((press(&mut terminal, c.encode_utf8(&mut [0; 4]), &typed), typed.clone()));
        }
        while typed.pop().is_some() && !typed.is_empty() {
            times.push((press(&mut terminal, "\x7f", &typed), typed.clone()));
        }
        terminal.types("\x15");
        terminal.shows("Type to search");
    }
    times
}

/// Presses a key and waits for the drawing that shows this query and its answer.
fn press(terminal: &mut Terminal, key: &str, query: &str) -> Duration {
    let query = format!("› {}", query.trim_end());
    let started = Instant::now();
    terminal.types(key);
    terminal.waits_until("the drawing does not come", |output| {
        let rows = output.rows();
        output.bytes.ends_with(END_OF_DRAWING) && rows[0] == query && rows[1].contains(" ms ")
    });
    started.elapsed()
}
