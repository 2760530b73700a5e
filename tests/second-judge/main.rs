//! The second judge: quotations, words and counts held against the files as they lie on disk.
//!
//! The judge of `oracle.rs` cuts texts with the scanner of the product itself. This one shares no code with it: it
//! takes the raw lines of the files, brings them into one form by Unicode's own normalisation, and scans. It knows no
//! Markdown, so it asks only for what stands in a line without any marks.
//!
//! - What stands in a line is found, in a passage of that line.
//! - What is found stands in the file, where the hit says.
//! - All counts say how much that is.

// Helpers of tests are tests too, whatever the lint thinks.
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

/// A small generator of numbers (xorshift, Marsaglia 2003): the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Whether characters of one meaning and another form count as the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Forms {
    /// They do not.
    Strict,
    /// Chinese characters may be of another form, half of them at most: the judge has no table of these.
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

    /// Returns some tokens in a row that a line has, and the text that they were made of.
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

    /// Returns a word of a line without marks.
    fn any_word(&mut self) -> String {
        loop {
            let (text, mut forms) = self.any_quotation();
            let form = forms.swap_remove(0);
            if text.chars().next().is_some_and(|c| c.is_alphabetic()) && form.chars().count() >= 3 {
                return form;
            }
        }
    }

    /// Asks for all hits and holds every count against them.
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

    /// Checks that each line with what was asked for is in a hit.
    fn check_recall(&self, query: &str, hits: &[Hit], stands: impl Fn(&Line) -> bool) {
        for source in &self.sources {
            for line in source.lines.iter().filter(|line| stands(line)) {
                let covers = |hit: &&Hit| hit.lines.as_ref().is_some_and(|lines| lines.contains(&line.number));
                let found = hits.iter().filter(|hit| hit.path == source.path).find(covers);
                assert!(found.is_some(), "{query} is not found in {}:{}", source.path.display(), line.number);
            }
        }
    }

    /// Checks that each hit has what was asked for, and that the file has the text of the hit.
    fn check_precision(&self, query: &str, hits: &[Hit], stands: impl Fn(&[Token], Forms) -> bool) -> usize {
        let mut loose = 0;
        for hit in hits {
            let source = self.sources.iter().find(|source| source.path == hit.path).unwrap();
            for piece in &hit.pieces {
                let in_text = &hit.text[piece.text..piece.text + piece.length];
                assert_eq!(source.text.get(piece.source..piece.source + piece.length), Some(in_text), "{query}");
            }
            // What begins in a part of a long paragraph may end in the next.
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
                // What was never written so.
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
        // Past the capture of the tests' output: it is counted.
        let note = "skipped: the_development_library: the development corpora are not there\n";
        return std::io::stderr().write_all(note.as_bytes()).unwrap();
    }
    let mut case = Case::of(&folder);
    case.check_quotations(60);
    case.check_words(20);
}

/// The judge is tried too: a text of three lines, of which it knows all.
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
