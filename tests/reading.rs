//! Reading in an index: passages by id, neighbours, outlines, orders. The second judge is the articles themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use svod_query::{Answer, Hit, Index, Request, Sort, Words};
use svod_text::article::{Article, Kind, Passage};

use crate::support::{articles, query, read_articles, sample_index, text};

/// Words that are in many articles, in the three languages.
const QUERIES: [&str; 4] = ["合作 安全", "безопасность порт", "grid procurement", "保险 порт grid"];

fn index() -> Index {
    Index::open(Path::new(sample_index())).unwrap()
}

fn all(query: &str, change: impl FnOnce(&mut Request)) -> Answer {
    let mut request = Request::new(query);
    request.limit = None;
    change(&mut request);
    index().search(&request).unwrap()
}

/// The passages of each article, by path.
fn passages() -> BTreeMap<PathBuf, Article> {
    read_articles(&articles()).into_iter().map(|(path, _, article)| (path, article)).collect()
}

fn place_of(hit: &Hit, article: &Article) -> usize {
    let is_it = |passage: &Passage| Some(passage.lines()) == hit.lines && passage.text == hit.text;
    article.passages.iter().position(is_it).expect("the hit is a passage of its article")
}

#[test]
fn neighbours_are_those_of_the_article() {
    let articles = passages();
    for query in QUERIES {
        let answer = all(query, |request| (request.before, request.after) = (2, 3));
        assert!(answer.hits.len() > 5, "{query}");
        for hit in &answer.hits {
            let article = &articles[&hit.path];
            let at = place_of(hit, article);
            let is_read = |passage: &&Passage| hit.kind == Kind::Note || passage.kind != Kind::Note;
            let mut before: Vec<_> = article.passages[..at].iter().rev().filter(is_read).take(2).collect();
            before.reverse();
            let after: Vec<_> = article.passages[at + 1..].iter().filter(is_read).take(3).collect();
            let texts =
                |passages: Vec<&Passage>| passages.iter().map(|passage| passage.text.clone()).collect::<Vec<_>>();
            assert_eq!(hit.before.iter().map(|one| one.text.clone()).collect::<Vec<_>>(), texts(before));
            assert_eq!(hit.after.iter().map(|one| one.text.clone()).collect::<Vec<_>>(), texts(after));
        }
    }
}

#[test]
fn every_passage_is_shown_by_its_id() {
    let index = index();
    let mut shown = 0;
    for query in ["kind:body", "kind:note", "kind:heading", "kind:metadata", "kind:table", "kind:abstract"] {
        for hit in all(query, |_| {}).hits.iter().step_by(5) {
            let passage = index.show(hit.id, 1).unwrap().expect("it is there").hit;
            assert_eq!((&passage.text, &passage.path, &passage.lines), (&hit.text, &hit.path, &hit.lines));
            for neighbour in passage.before.iter().chain(&passage.after) {
                assert_eq!(index.show(neighbour.id, 0).unwrap().expect("it is there").hit.text, neighbour.text);
            }
            shown += 1;
        }
    }
    assert!(shown > 100, "{shown}");
    assert!(index.show("0000000000000000".parse().unwrap(), 1).unwrap().is_none());
}

#[test]
fn outlines_lead_to_their_lines() {
    let index = index();
    let sources = read_articles(&articles());
    let listed = index.articles().unwrap();
    let of = |path: &PathBuf| listed.iter().find(|entry| entry.path == *path).expect("it is listed");
    assert_eq!(listed.len(), sources.len());
    for (path, source, article) in &sources {
        assert_eq!(of(path).passages, article.passages.len() as u64);
        let outline = index.outline(path).unwrap().expect("it is there");
        assert_eq!(outline.article, *of(path));
        assert_eq!(outline.sections.len(), article.outline.len());
        let lines: Vec<&str> = source.lines().collect();
        let mut last = 0;
        for section in &outline.sections {
            let line = *section.lines.as_ref().expect("text has lines").start();
            assert!(line >= last, "in order");
            last = line;
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            let begins: String = squeezed(&section.heading).chars().take(3).collect();
            let source = lines[line as usize - 1];
            assert!(squeezed(source).contains(&begins), "{}: {source}", section.heading);
        }
    }
    assert!(index.outline(Path::new("нет.md")).unwrap().is_none());
}

#[test]
fn hits_come_in_the_order_that_was_asked_for() {
    for query in QUERIES {
        let all_words = |sort| all(query, |request| (request.words, request.sort) = (Words::All, sort)).hits;
        let by_score: BTreeSet<_> = all_words(Sort::Score).iter().map(|hit| hit.id).collect();
        for sort in [Sort::Newest, Sort::Oldest, Sort::Path] {
            let hits = all_words(sort);
            assert_eq!(hits.iter().map(|hit| hit.id).collect::<BTreeSet<_>>(), by_score, "{query}");
            let keys = hits.iter().map(|hit| {
                let date = hit.date.filter(|_| sort != Sort::Path).map(|date| date.number() as i64);
                let date = date.map(|date| if sort == Sort::Newest { -date } else { date });
                (date.is_none(), date, hit.path.clone(), hit.lines.clone().map(|lines| *lines.start()))
            });
            assert!(keys.is_sorted(), "{query} {sort:?}");
            let first = all(query, |request| {
                (request.words, request.sort, request.limit) = (Words::All, sort, NonZeroUsize::new(3));
            });
            assert!(first.hits.iter().map(|hit| hit.id).eq(hits.iter().take(3).map(|hit| hit.id)));
            assert_eq!(first.total.count(), by_score.len() as u64);
        }
    }
}

#[test]
fn more_are_those_with_all_the_words_that_are_not_shown() {
    for query in ["合作 安全", "безопасность порт", "grid", "\"出口管制\""] {
        let mut with_all: BTreeMap<PathBuf, BTreeSet<_>> = BTreeMap::new();
        for hit in all(query, |request| request.words = Words::All).hits {
            with_all.entry(hit.path).or_default().insert(hit.id);
        }
        let shown = all(query, |request| (request.more, request.limit) = (true, NonZeroUsize::new(6))).hits;
        let ids: BTreeSet<_> = shown.iter().map(|hit| hit.id).collect();
        for hit in &shown {
            let more = with_all.get(&hit.path).map_or(0, |all| all.difference(&ids).count());
            assert_eq!(hit.more, Some(more as u64), "{query} {}", hit.path.display());
        }
    }
}

#[test]
fn the_program_shows_what_stands_around() {
    let index = ["--index", sample_index()];
    let run = |arguments: &[&str]| query(&[&index, arguments].concat());
    let found = text(&run(&["--limit", "1", "北极航道 保险"]).stdout);
    let id = found.lines().nth(2).and_then(|line| line.split_whitespace().last()).expect("an id");
    let shown = text(&run(&["--show", id]).stdout);
    assert!(shown.contains("（二）冰情、保险与救援的短板") && shown.lines().count() > 15, "{shown}");
    assert_eq!(run(&["--show", "0123456789abcdef"]).status.code(), Some(1));
    assert_eq!(run(&["--show", "停火"]).status.code(), Some(2));
    let outline = text(&run(&["--outline", "zh/beiji-hangdao.md"]).stdout);
    assert!(outline.contains("  53") || outline.contains("（二）冰情、保险与救援的短板"), "{outline}");
    let missing = run(&["--outline", "нет.md"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no article `нет.md`"), "{}", text(&missing.stderr));
    let list = text(&run(&["--list"]).stdout);
    assert_eq!(list.matches(" passages\n").count(), read_articles(&articles()).len(), "{list}");
}
