//! A process that waits for lines, and random requests for it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Numbers, query_command, sample_index, text};

/// The time without an answer after which a process counts as stuck.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// A process that waits for lines.
pub(super) struct Kept {
    pub(super) child: Child,
    pub(super) input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Kept {
    pub(super) fn new(arguments: &[&str]) -> Kept {
        let mut command = query_command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (output, (sender, lines)) = (child.stdout.take().unwrap(), channel());
        std::thread::spawn(move || {
            // Sending fails after a test has failed.
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Kept { input: child.stdin.take(), child, lines }
    }

    pub(super) fn requests() -> Kept {
        Kept::new(&["--index", sample_index(), "--requests", "-"])
    }

    pub(super) fn write(&mut self, line: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line).and_then(|()| input.write_all(b"\n")).and_then(|()| input.flush()).unwrap();
    }

    /// Reads to the end of the answer to one line.
    pub(super) fn answer(&mut self) -> Vec<Value> {
        let mut answer: Vec<Value> = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("an answer without an end, or none at all");
            answer.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")));
            let last = &answer[answer.len() - 1];
            if last["type"] == "summary" || last["type"] == "error" {
                assert!(last["type"] == "summary" || answer.len() == 1, "an error is alone: {answer:?}");
                return answer;
            }
        }
    }

    /// Writes a line and waits for its answer.
    pub(super) fn ask(&mut self, line: &str) -> Vec<Value> {
        self.write(line.as_bytes());
        self.answer()
    }

    /// Returns its own memory in bytes, without mapped files.
    #[cfg(target_os = "linux")]
    pub(super) fn memory(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim_end_matches("kB").trim().parse::<usize>().unwrap() << 10
    }

    /// Closes its input and returns its standard error.
    pub(super) fn end(mut self) -> String {
        drop(self.input.take());
        let output = self.child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(self.lines.try_recv().is_err(), "more answers than lines");
        text(&output.stderr)
    }
}

pub(super) const WORDS: [&str; 12] = [
    "北极",
    "航道",
    "保险",
    "合作",
    "порт",
    "экспорт",
    "безопасность",
    "зерно",
    "grid",
    "ports",
    "agencies",
    "insurance",
];

/// Returns a request of any kind, in any of the languages.
pub(super) fn any_request(numbers: &mut Numbers) -> Value {
    let mut word = || WORDS[numbers.below(WORDS.len())];
    let (one, other, third) = (word(), word(), word());
    match numbers.below(16) {
        0 => json!({"do": "count", "query": one, "by": "year"}),
        1 => json!({"do": "timeline", "terms": [one, other]}),
        2 => json!({"do": "concordance", "query": one, "order": "right", "limit": 5}),
        3 => json!({"do": "search_as_typed", "query": format!("{one} {}", other.chars().take(2).collect::<String>())}),
        4 => json!({"do": "outline", "path": "zh/beiji-hangdao.md"}),
        5 => json!({"do": "cite", "style": "gost", "query": one}),
        6 => json!({"query": format!("\"{one}\" OR +{other} {third}*"), "sort": "date", "notes": true}),
        7 => json!({"query": format!("{one}ъ {other}~"), "help": true, "limit": 3}),
        8 => json!({"query": one, "filter": "lang:zh kind:body", "copies": "fold", "before": 1, "after": 1}),
        9 => json!({"query": format!("({one} \"{other} ["), "explain": true}),
        _ => json!({"query": format!("{one} {other} {third}"), "limit": 5}),
    }
}
