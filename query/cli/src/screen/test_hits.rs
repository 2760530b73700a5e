//! Hits and answers for tests.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use svod_indexer::{Date, Memory, Text, Writer};
use svod_query::{Answer, Hit, Index, Neighbour, PassageId, Request, Snippet, Total};

/// Returns an answer with one hit and the passage before it, as a template for others.
fn template() -> Answer {
    static TEMPLATE: OnceLock<Answer> = OnceLock::new();
    let make = || {
        let memory = Memory::new();
        let mut writer = Writer::in_memory(&memory).unwrap();
        let text = Text::new("a.md", "# 一、停火\n\n## Overview\n\n停火协议 о перемирии and a ceasefire\n")
            .author("王明")
            .author("И. Иванов")
            .date(Date::parse("2024-05").unwrap());
        writer.add(text).unwrap();
        writer.commit().unwrap();
        let mut request = Request::new("停火协议");
        request.before = 1;
        Index::in_memory(&memory).unwrap().search(&request).unwrap()
    };
    TEMPLATE.get_or_init(make).clone()
}

/// Returns a hit with this number as its id, in the article at `path`.
pub(super) fn hit(number: u64, path: &str) -> Hit {
    let mut hit = template().hits.remove(0);
    hit.root = Some(Path::new("/library").into());
    hit.rank = number as usize;
    hit.score = 1.0;
    hit.id = format!("{number:016x}").parse::<PassageId>().unwrap();
    hit.path = PathBuf::from(path);
    hit.title = format!("Статья {path}");
    hit.section = vec!["一、停火".to_owned(), "Overview".to_owned()];
    hit.page = Some(7);
    hit.lines = Some(10..=12);
    hit.snippet = snippet(&hit.text, std::iter::once(0..6).collect());
    hit.highlights = std::iter::once(0..6).collect();
    hit.pieces = Vec::new();
    hit.before = Vec::new();
    hit
}

/// Returns a snippet of which these ranges were found.
pub(super) fn snippet(text: &str, highlights: Vec<Range<usize>>) -> Snippet {
    let mut snippet = Snippet::default();
    snippet.text = text.to_owned();
    snippet.highlights = highlights;
    snippet
}

/// Returns a passage beside a hit.
pub(super) fn neighbour(text: &str) -> Neighbour {
    let mut neighbour = template().hits.remove(0).before.remove(0);
    neighbour.text = text.to_owned();
    neighbour
}

/// Returns an answer with these hits.
pub(super) fn answer(hits: Vec<Hit>) -> Answer {
    let mut answer = template();
    answer.total = Total::Exact(hits.len() as u64);
    answer.hits = hits;
    answer.terms = Vec::new();
    answer.elapsed = Duration::from_micros(1200);
    answer
}
