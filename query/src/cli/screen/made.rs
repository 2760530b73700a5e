//! Passages for tests.

use std::path::{Path, PathBuf};

use crate::Appeared;
use crate::{Answer, Date, Hit, Kind, Language, PassageId, Snippet, Total};

/// Returns a passage of an article.
pub(super) fn hit(number: u64, path: &str) -> Hit {
    let text = "停火协议 о перемирии and a ceasefire".to_owned();
    Hit {
        index: 0,
        root: Some(Path::new("/library").into()),
        rank: number as usize,
        score: 1.0,
        id: format!("{number:016x}").parse::<PassageId>().unwrap(),
        path: PathBuf::from(path),
        title: format!("Статья {path}"),
        authors: vec!["王明".to_owned(), "И. Иванов".to_owned()],
        date: Date::parse("2024-05"),
        keywords: Vec::new(),
        appeared: Appeared::default(),
        language: Language::Chinese,
        kind: Kind::Body,
        section: vec!["一、停火".to_owned(), "Overview".to_owned()],
        page: Some(7),
        lines: Some(10..=12),
        paragraph: None,
        snippet: Snippet { text: text.clone(), highlights: std::iter::once(0..6).collect() },
        highlights: std::iter::once(0..6).collect(),
        text,
        pieces: Vec::new(),
        cited: None,
        notes: Vec::new(),
        before: Vec::new(),
        after: Vec::new(),
        copies: Vec::new(),
        more: None,
        explanation: None,
    }
}

/// Returns an answer with these hits.
pub(super) fn answer(hits: Vec<Hit>) -> Answer {
    Answer {
        total: Total::Exact(hits.len() as u64),
        hits,
        relaxed: None,
        beginning: None,
        is_narrowed: false,
        terms: Vec::new(),
        unknown: Vec::new(),
        warnings: Vec::new(),
        cut: None,
        is_finished: true,
        elapsed: std::time::Duration::from_micros(1200),
    }
}
