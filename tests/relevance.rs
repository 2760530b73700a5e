//! Ranking as a number in the repository: questions about the sample articles.
//!
//! `relevance/questions.tsv`: language, path, a string that stands once in the
//! file and marks the passage that answers, and the question. The score is
//! committed; a change of analysis, fields or weights shows its new score.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use svod_query::{Index, Mode, Request};

use crate::support::{articles, check_golden, repository, sample_index};

#[derive(Default)]
struct Score {
    questions: usize,
    first: usize,
    reciprocal_rank: f64,
    gain: f64,
}

impl Score {
    fn add(&mut self, rank: Option<usize>) {
        self.questions += 1;
        if let Some(rank) = rank {
            self.first += usize::from(rank == 1);
            self.reciprocal_rank += 1.0 / rank as f64;
            self.gain += 1.0 / (rank as f64 + 1.0).log2();
        }
    }

    fn row(&self, name: &str) -> String {
        let share = |sum: f64| sum / self.questions as f64;
        format!(
            "{name:<4} {:>9}  {:.3}  {:.3}  {:.3}\n",
            self.questions,
            share(self.first as f64),
            share(self.reciprocal_rank),
            share(self.gain)
        )
    }
}

/// Returns the rank of the passage that answers, among the first ten.
fn rank_of(index: &Index, path: &str, marked: &str, question: &str) -> Option<usize> {
    let source = fs::read_to_string(articles().join(path)).unwrap();
    let mut places = source.match_indices(marked);
    let (start, _) = places.next().unwrap_or_else(|| panic!("{path} has no {marked}"));
    assert!(places.next().is_none(), "{path} has {marked} twice");
    let mut request = Request::new(question);
    request.mode = Mode::Literal;
    let answer = index.search(&request).unwrap();
    let answers = |hit: &&svod_query::Hit| {
        hit.path == Path::new(path)
            && hit.pieces.iter().any(|piece| piece.source < start + marked.len() && start < piece.source + piece.length)
    };
    answer.hits.iter().find(answers).map(|hit| hit.rank)
}

#[test]
fn the_score_is_the_committed_one() {
    let index = Index::open(sample_index().as_ref()).unwrap();
    let questions = fs::read_to_string(repository().join("tests/relevance/questions.tsv")).unwrap();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for line in questions.lines() {
        let [language, path, marked, question] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let rank = rank_of(&index, path, marked, question);
        scores.entry(language).or_default().add(rank);
        scores.entry("all").or_default().add(rank);
    }
    assert!(["zh", "ru", "en"].iter().all(|language| scores[language].questions >= 20));
    let rows: String = scores.iter().map(|(name, score)| score.row(name)).collect();
    check_golden("relevance/score.txt", &format!("     questions    S@1    MRR   nDCG@10\n{rows}"));
}
