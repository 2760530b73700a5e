//! The second judge: quotations, words and counts are compared with the files on disk.
//!
//! The judge in `oracle.rs` uses the scanner of the product. This one shares no code with the product: it takes the raw
//! lines of the files, normalises them by Unicode, and scans them. It does not know Markdown, so it searches only for
//! text from parts of lines without markup.
//!
//! - Text in a line is found, in a passage of that line.
//! - Each hit has the text, and the file has the text of the hit at the place that the hit gives.
//! - All counts agree with the hits.

// The lint does not see that helpers of tests are test code.
#![allow(clippy::unwrap_used)]

mod raw;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use svod_indexer::{Options, index_folder};
use svod_query::{By, Hit, Index, Mode, Request, Total};
use tempfile::TempDir;

use crate::raw::{Line, Source, Token};

/// A folder, read by the judge and indexed by the product.
struct Case {
    sources: Vec<Source>,
    index: Index,
    numbers: Numbers,
    _home: TempDir,
}

/// A small random number generator (xorshift, Marsaglia 2003) with the same sequence in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Whether variants of a Chinese character, such as Traditional and Simplified, count as the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Forms {
    /// Variants are different characters.
    Strict,
    /// Up to half of the characters may differ, because the judge has no table of variants.
    Loose,
}

impl Case {
    fn of(folder: &Path) -> Case {
        let home = tempfile::tempdir().unwrap();
        let mut options = Options::default();
        options.index = Some(home.path().to_owned());
        index_folder(folder, &options, &mut ()).unwrap();
        let index = Index::open(home.path()).unwrap();
        Case { sources: raw::read(folder), index, numbers: Numbers(20_261_127), _home: home }
    }

    fn any_line(&mut self) -> &Line {
        loop {
            let source = self.numbers.below(self.sources.len());
            let lines = self.sources[source].lines.len();
            let line = self.numbers.below(lines);
            if self.sources[source].lines.get(line).is_some_and(|line| !line.tokens.is_empty()) {
                return &self.sources[source].lines[line];
            }
        }
    }

    /// Returns the text of some consecutive tokens of a line, and their forms.
    fn any_quotation(&mut self) -> (String, Vec<String>) {
        loop {
            let (first, length) = (self.numbers.below(1 << 20), 1 + self.numbers.below(14));
            let line = self.any_line();
            let first = first % line.tokens.len();
            let tokens = &line.tokens[first..(first + length).min(line.tokens.len())];
            if line.is_plain(tokens) {
                let text = &line.text[tokens[0].range.start..tokens[tokens.len() - 1].range.end];
                return (text.to_owned(), tokens.iter().map(|token| token.form.clone()).collect());
            }
        }
    }

    /// Returns a word of a line without markup.
    fn any_word(&mut self) -> String {
        loop {
            let (text, mut forms) = self.any_quotation();
            let form = forms.swap_remove(0);
            if text.chars().next().is_some_and(|c| c.is_alphabetic()) && form.chars().count() >= 3 {
                return form;
            }
        }
    }

    /// Searches for all hits and compares every count with them.
    fn ask(&self, query: &str, mode: Mode) -> Vec<Hit> {
        let mut request = Request::new(query);
        (request.mode, request.limit, request.help) = (mode, None, true);
        let answer = self.index.search(&request).unwrap();
        let found = answer.hits.len() as u64;
        assert!(answer.relaxed.is_none());
        assert_eq!(answer.total, Total::Exact(found), "{query}");
        for term in &answer.terms {
            assert!(term.passages.count() <= found, "{query}: {term:?}");
            assert!(!term.passages.is_exact() || term.passages.count() == found, "{query}: {term:?} of {found}");
        }
        let mut few = request.clone();
        few.limit = NonZeroUsize::new(3);
        let total = self.index.search(&few).unwrap().total;
        assert!(total.count() == found || (!total.is_exact() && total.count() < found), "{query}: {total} of {found}");
        let paths: BTreeSet<&PathBuf> = answer.hits.iter().map(|hit| &hit.path).collect();
        for by in [By::Kind, By::Article, By::Year] {
            let counts = self.index.count(&request, by).unwrap();
            assert_eq!((counts.passages, counts.articles), (found, paths.len() as u64), "{query} by {}", by.name());
            assert_eq!(counts.groups.iter().map(|group| group.passages).sum::<u64>(), found, "{query}");
        }
        answer.hits
    }

    /// Checks that each line with the query is in a hit.
    fn check_recall(&self, query: &str, hits: &[Hit], stands: impl Fn(&Line) -> bool) {
        for source in &self.sources {
            for line in source.lines.iter().filter(|line| stands(line)) {
                let covers = |hit: &&Hit| hit.lines.as_ref().is_some_and(|lines| lines.contains(&line.number));
                let found = hits.iter().filter(|hit| hit.path == source.path).find(covers);
                assert!(found.is_some(), "{query} is not found in {}:{}", source.path.display(), line.number);
            }
        }
    }

    /// Checks that each hit has the query, and that the file has the text of the hit.
    fn check_precision(&self, query: &str, hits: &[Hit], stands: impl Fn(&[Token], Forms) -> bool) -> usize {
        let mut loose = 0;
        for hit in hits {
            let source = self.sources.iter().find(|source| source.path == hit.path).unwrap();
            for piece in &hit.pieces {
                let in_text = &hit.text[piece.text..piece.text + piece.length];
                assert_eq!(source.text.get(piece.source..piece.source + piece.length), Some(in_text), "{query}");
            }
            // A match that begins in a part of a long paragraph may end in the next part.
            let end = hit.pieces.last().map_or(0, |piece| piece.source + piece.length);
            let after: String = source.text[end..].chars().take(200).collect();
            let tokens = [&hit.text, &format!("{}{after}", hit.text)].map(|text| raw::tokens(text));
            if !tokens.iter().any(|tokens| stands(tokens, Forms::Strict)) {
                assert!(tokens.iter().any(|tokens| stands(tokens, Forms::Loose)), "{query} is not in {}", hit.text);
                loose += 1;
            }
        }
        loose
    }

    fn check_quotations(&mut self, count: usize) {
        let (mut found, mut loose) = (0, 0);
        for turn in 0..count {
            let (mut text, mut forms) = self.any_quotation();
            if turn % 4 == 3 {
                // In reverse order, so that most quotations are not in the text.
                forms.reverse();
                text = forms.join(" ");
            }
            let hits = self.ask(&text, Mode::Exact);
            self.check_recall(&text, &hits, |line| {
                raw::places(&line.tokens, &forms, |a, b| a == b).any(|found| line.is_plain(found))
            });
            loose += self.check_precision(&text, &hits, |tokens, how| match how {
                Forms::Strict => raw::places(tokens, &forms, |a, b| a == b).next().is_some(),
                Forms::Loose => raw::stands_loosely(tokens, &forms),
            });
            found += hits.len();
        }
        assert!(found > count / 2 && loose * 10 <= found, "{found} hits, {loose} of them in other characters");
    }

    fn check_words(&mut self, count: usize) {
        for _ in 0..count {
            let word = self.any_word();
            let query = format!("+{word}");
            let hits = self.ask(&query, Mode::Query);
            self.check_recall(&word, &hits, |line| {
                line.is_plain(&line.tokens) && line.tokens.iter().any(|token| token.form == word)
            });
            self.check_precision(&word, &hits, |tokens, _| {
                tokens.iter().any(|token| raw::may_be_form(&token.form, &word))
            });
        }
    }
}

#[test]
fn the_sample_articles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/articles");
    let mut case = Case::of(&folder);
    case.check_quotations(1_000);
    case.check_words(300);
}

#[test]
fn the_development_library() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpora/library");
    if !folder.is_dir() {
        // Written to stderr directly, past the test harness's capture: CI counts the skipped tests.
        let note = "skipped: the_development_library: the development corpora are not there\n";
        return std::io::stderr().write_all(note.as_bytes()).unwrap();
    }
    let mut case = Case::of(&folder);
    case.check_quotations(60);
    case.check_words(20);
}

/// The judge itself is tested with a text of three lines.
#[test]
fn the_judge_knows_what_stands_where() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.md"), "Ёлка и Ｆ－３５.\n\n停火 *协议* 2024年\n").unwrap();
    let sources = raw::read(folder.path());
    let forms = |line: usize| sources[0].lines[line].tokens.iter().map(|token| &*token.form).collect::<Vec<_>>();
    assert_eq!(forms(0), ["елка", "и", "f", "35"]);
    assert_eq!(forms(1), ["停", "火", "协", "议", "2024", "年"]);
    assert_eq!((sources[0].lines[0].number, sources[0].lines[1].number), (1, 3));
    let line = &sources[0].lines[1];
    assert!(line.is_plain(&line.tokens[..2]) && !line.is_plain(&line.tokens[..3]));
}
