//! Thousands of lines: malformed ones, and enough to show a leak of memory.

use std::io::Write;
#[cfg(target_os = "linux")]
use std::time::Instant;

use super::kept::{Kept, any_request};
use crate::support::{LARGE, Numbers, sample_index};

/// Returns a line that is not a request, or is a damaged one.
fn malformed(numbers: &mut Numbers) -> Vec<u8> {
    let whole = any_request(numbers).to_string();
    let deep = 1 + numbers.below(5_000);
    let text = match numbers.below(12) {
        0 => return (0..numbers.below(300)).map(|_| numbers.below(256) as u8).filter(|&byte| byte != b'\n').collect(),
        1 => whole.chars().take(numbers.below(whole.chars().count())).collect(),
        2 => whole.replace(':', ["=", "::", "", ":\0"][numbers.below(4)]),
        3 => format!("{{\"query\":{}{}}}", "[".repeat(deep), "]".repeat(deep)),
        4 => "{\"query\":".repeat(deep),
        5 => format!("{{\"query\":\"мир\",\"limit\":{}{}}}", ["", "-", "1.", "1e"][numbers.below(4)], "9".repeat(deep)),
        6 => format!("{{\"query\":\"{}\"}}", ["\\ud800", "\\u0000", "\u{202e}", "\0", "\\x"][numbers.below(5)]),
        7 => format!("{{\"query\":\"停火\",\"query\":\"мир\",\"tag\":{deep}}}"),
        8 => ["", " ", "null", "[]", "\"停火\"", "7", "{}", "停火", "{\"do\":\"dance\"}", "\u{feff}{}"]
            [numbers.below(10)]
        .to_owned(),
        9 => format!("{{\"query\":\"{}\"}}", ["(", "\\\"", "-", "a*", "NOT "][numbers.below(5)].repeat(deep)),
        10 => format!("{{\"query\":\"war\",\"tag\":{}1{}}}", "[".repeat(deep), "]".repeat(deep)),
        _ => format!("{{\"query\":\"war\",\"before\":{0},\"snippet_columns\":{0},\"limit\":2}}", u64::MAX),
    };
    text.replace('\n', " ").into_bytes()
}

/// Writes many lines at once and checks that each is answered once, in order.
fn check_flood(arguments: &[&str], lines: Vec<Vec<u8>>) -> (usize, usize) {
    let mut kept = Kept::new(&[&["--index", sample_index()], arguments].concat());
    let (mut input, count) = (kept.input.take().unwrap(), lines.len());
    let writer = std::thread::spawn(move || {
        for line in lines {
            input.write_all(&line).and_then(|()| input.write_all(b"\n")).unwrap();
        }
    });
    let (mut answered, mut refused) = (0, 0);
    for number in 0..count {
        let answer = kept.answer();
        assert!(answer.iter().all(|line| line["query"] == number), "line {number}: {answer:?}");
        let last = &answer[answer.len() - 1];
        *if last["type"] == "error" { &mut refused } else { &mut answered } += 1;
        let message = last["message"].as_str().unwrap_or_default();
        assert!(message.len() < 1_000 && !message.contains("stopped"), "{message}");
        assert!(last["type"] == "summary" || last["fault"] == "request", "{last}");
    }
    writer.join().unwrap();
    assert_eq!(kept.end(), "");
    (answered, refused)
}

#[test]
fn malformed_lines_by_the_thousand() {
    let count = if std::env::var_os(LARGE).is_some() { 50_000 } else { 3_000 };
    let mut numbers = Numbers(11);
    let mut lines: Vec<Vec<u8>> = (0..count).map(|_| malformed(&mut numbers)).collect();
    for at in [0, 7, count / 2] {
        lines.insert(at, [b"{\"query\":\"".to_vec(), vec![b'a'; (1 << 20) + at], b"\"}".to_vec()].concat());
    }
    let (answered, refused) = check_flood(&["--requests", "-"], lines.clone());
    assert!(answered > count / 8 && refused > count / 2, "{answered} {refused}");
    let (answered, refused) = check_flood(&["--json", "--limit", "2", "--queries", "-"], lines);
    assert!(answered > count / 2 && refused > count / 20, "{answered} {refused}");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_stays_as_it_is() {
    let count = if std::env::var_os(LARGE).is_some() { 100_000 } else { 3_000 };
    let mut kept = Kept::requests();
    let mut numbers = Numbers(23);
    let (mut after, started) = (0, Instant::now());
    for number in 1..=count {
        kept.ask(&any_request(&mut numbers).to_string());
        if number == 1_000 {
            after = kept.memory();
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let memory = kept.memory();
    println!(
        "{:.0} requests a second; {} KB after 1000, {} KB after {count}",
        f64::from(count) / seconds,
        after >> 10,
        memory >> 10
    );
    assert!(memory < after * 5 / 4 + (2 << 20), "{after} bytes after 1000, {memory} after {count}");
    // An endless line is read but not kept.
    let part = vec![b'a'; 1 << 20];
    for _ in 0..64 {
        kept.input.as_mut().unwrap().write_all(&part).unwrap();
    }
    assert_eq!(kept.ask("")[0]["message"], "the line is longer than 1048576 bytes");
    assert!(kept.memory() < memory + (4 << 20), "{memory} bytes, {} after an endless line", kept.memory());
    assert_eq!(kept.end(), "");
}
