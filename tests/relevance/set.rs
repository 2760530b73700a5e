//! Questions, and the passages that answer them.

use std::collections::HashMap;
use std::fs;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::Failure;

/// Articles, and questions about them.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) articles: PathBuf,
    pub(crate) questions: Vec<Question>,
}

/// A question.
pub(crate) struct Question {
    pub(crate) id: String,
    /// Its kind: the row of the table that it counts in.
    pub(crate) kind: String,
    pub(crate) text: String,
    /// Hits below this folder do not count.
    pub(crate) excluded: Option<String>,
    pub(crate) answers: Vec<Answer>,
}

/// A passage that answers a question.
pub(crate) struct Answer {
    pub(crate) path: String,
    /// Its byte range in the article.
    pub(crate) bytes: Range<usize>,
    /// Its relevance, 1 or more.
    pub(crate) relevance: f64,
}

impl Question {
    /// Returns the number of hits to ask for: more if hits are excluded.
    pub(crate) fn depth(&self) -> Option<NonZeroUsize> {
        NonZeroUsize::new(if self.excluded.is_some() { 100 } else { 10 })
    }
}

impl Set {
    /// Reads a set from a folder.
    ///
    /// It has `articles/`; `queries.jsonl` with `id`, `lang`, `kind`, `text` and optionally `exclude`; and `qrels.tsv`
    /// with the id of a question, a path below `articles/`, the first byte, the end byte, and the relevance.
    pub(crate) fn read(folder: &Path) -> Result<Set, Failure> {
        let read = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))
        };
        let mut answers: HashMap<String, Vec<Answer>> = HashMap::new();
        for line in read("qrels.tsv")?.lines() {
            let [id, path, start, end, relevance] = columns(line)?;
            let answer =
                Answer { path: path.to_owned(), bytes: start.parse()?..end.parse()?, relevance: relevance.parse()? };
            answers.entry(id.to_owned()).or_default().push(answer);
        }
        let mut questions = Vec::new();
        for line in read("queries.jsonl")?.lines() {
            let json: serde_json::Value = serde_json::from_str(line)?;
            let string = |name: &str| json[name].as_str().map(str::to_owned);
            let needed = |name: &str| string(name).ok_or(format!("a question without `{name}`: {line}"));
            let id = needed("id")?;
            questions.push(Question {
                kind: format!("{} {}", needed("kind")?, needed("lang")?),
                text: needed("text")?,
                excluded: string("exclude"),
                answers: answers.remove(&id).unwrap_or_default(),
                id,
            });
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Set { name, articles: folder.join("articles"), questions })
    }

    /// Reads the questions about the sample articles: language, path, a string
    /// that occurs once in the article and marks the passage, and the question.
    pub(crate) fn sample(repository: &Path) -> Result<Set, Failure> {
        let articles = repository.join("corpus/articles");
        let mut questions = Vec::new();
        for line in fs::read_to_string(repository.join("tests/relevance/questions.tsv"))?.lines() {
            let [language, path, marked, text] = columns(line)?;
            let source = fs::read_to_string(articles.join(path))?;
            let places: Vec<usize> = source.match_indices(marked).map(|(at, _)| at).collect();
            let [start] = places[..] else { return Err(format!("`{marked}` must stand once in {path}").into()) };
            questions.push(Question {
                id: marked.to_owned(),
                kind: language.to_owned(),
                text: text.to_owned(),
                excluded: None,
                answers: vec![Answer { path: path.to_owned(), bytes: start..start + marked.len(), relevance: 1.0 }],
            });
        }
        Ok(Set { name: "sample".to_owned(), articles, questions })
    }
}

fn columns<const N: usize>(line: &str) -> Result<[&str; N], Failure> {
    let columns: Vec<&str> = line.split('\t').collect();
    columns.try_into().map_err(|_| format!("not {N} columns: {line}").into())
}
