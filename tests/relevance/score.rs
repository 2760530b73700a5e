//! Scores of answers, and the table of them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use svod_query::Hit;

use crate::set::{Answer, Question};

/// The number of hits that count.
const DEPTH: usize = 10;

/// The score of one question.
pub(crate) struct Scored {
    /// The rank of the first hit that gives an answer.
    rank: Option<usize>,
    /// nDCG@10 (Järvelin and Kekäläinen 2002), with the relevance as gain.
    pub(crate) gain: f64,
}

/// Scores the hits of a question. Each answer counts once, for the first hit that gives it.
pub(crate) fn score(question: &Question, hits: &[Hit]) -> Scored {
    let mut left: Vec<&Answer> = question.answers.iter().collect();
    let mut scored = Scored { rank: None, gain: 0.0 };
    for (at, hit) in counted(question, hits).take(DEPTH).enumerate() {
        let given = |answer: &&Answer| gives(hit, answer);
        let relevance = left.iter().filter(|answer| given(answer)).map(|answer| answer.relevance).fold(0.0, f64::max);
        left.retain(|answer| !given(answer));
        if relevance > 0.0 {
            scored.rank = scored.rank.or(Some(at + 1));
            scored.gain += relevance / discount(at);
        }
    }
    let mut best: Vec<f64> = question.answers.iter().map(|answer| answer.relevance).collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal: f64 = best.iter().take(DEPTH).enumerate().map(|(at, relevance)| relevance / discount(at)).sum();
    scored.gain = if ideal > 0.0 { (scored.gain / ideal).min(1.0) } else { 0.0 };
    scored
}

fn counted<'h>(question: &'h Question, hits: &'h [Hit]) -> impl Iterator<Item = &'h Hit> {
    let is_excluded = |hit: &Hit| question.excluded.as_ref().is_some_and(|folder| hit.path.starts_with(folder));
    hits.iter().filter(move |hit| !is_excluded(hit))
}

fn discount(at: usize) -> f64 {
    (at as f64 + 2.0).log2()
}

/// Whether a hit gives an answer: they share at least half of the shorter of the two.
fn gives(hit: &Hit, answer: &Answer) -> bool {
    let ranges = hit.source_ranges().unwrap_or_default();
    let shared = |start: usize, end: usize| end.min(answer.bytes.end).saturating_sub(start.max(answer.bytes.start));
    let common: usize = ranges.iter().map(|range| shared(range.start, range.end)).sum();
    let length: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    hit.path == Path::new(&answer.path) && common > 0 && 2 * common >= length.min(answer.bytes.len())
}

/// The scores of a set, by kind of question.
pub(crate) struct Table {
    name: String,
    rows: BTreeMap<String, Row>,
}

#[derive(Default)]
struct Row {
    first: Mean,
    first_five: Mean,
    reciprocal_rank: Mean,
    gain: Mean,
    halves: [Mean; 2],
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }
}

impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.count == 0 { f.pad("-") } else { write!(f, "{:.3}", self.sum / self.count as f64) }
    }
}

/// The name of the last row of a set with several kinds.
const ALL: &str = "~all";

impl Table {
    pub(crate) const HEAD: &str = "set           kind             n    S@1    S@5    MRR  nDCG@10  half A  half B";

    pub(crate) fn new(name: &str) -> Table {
        Table { name: name.to_owned(), rows: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, question: &Question, scored: Scored) {
        for kind in [question.kind.as_str(), ALL] {
            let row = self.rows.entry(kind.to_owned()).or_default();
            row.first.add(f64::from(u8::from(scored.rank == Some(1))));
            row.first_five.add(f64::from(u8::from(scored.rank.is_some_and(|rank| rank <= 5))));
            row.reciprocal_rank.add(scored.rank.map_or(0.0, |rank| 1.0 / rank as f64));
            row.gain.add(scored.gain);
            row.halves[half(question)].add(scored.gain);
        }
    }
}

/// Returns the half of a question. All questions about an article are in one half.
fn half(question: &Question) -> usize {
    let path = question.answers.first().map_or("", |answer| answer.path.as_str());
    path.bytes().map(u32::from).sum::<u32>() as usize % 2
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, row) in &self.rows {
            if kind == ALL && self.rows.len() == 2 {
                continue;
            }
            writeln!(
                f,
                "{:<13} {:<13} {:>4}  {}  {}  {}    {}   {}   {}",
                self.name,
                kind.trim_start_matches('~'),
                row.gain.count,
                row.first,
                row.first_five,
                row.reciprocal_rank,
                row.gain,
                row.halves[0],
                row.halves[1],
            )?;
        }
        Ok(())
    }
}
