//! Several indexes opened together answer like one index of all their articles.

use std::fs;
use std::path::{Path, PathBuf};

use svod_indexer::{Memory, Text, Writer};
use svod_query::{By, Group, Hit, Index, Mode, QueryError, Request, Sort};
use tempfile::TempDir;

use crate::support::{articles, index_into, new_folder, query, read_articles, sample_index, text};

/// The sample articles in one index for each of their folders, and a copy of all of them in one index.
struct Parts {
    _folder: TempDir,
    roots: Vec<PathBuf>,
    union: Index,
}

impl Parts {
    fn of_samples() -> Parts {
        let folder = new_folder();
        let mut roots: Vec<PathBuf> = Vec::new();
        for (path, source, _) in read_articles(&articles()) {
            let copy = folder.path().join(&path);
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::write(&copy, source).unwrap();
            let root = folder.path().join(path.components().next().unwrap()).canonicalize().unwrap();
            if !roots.contains(&root) {
                roots.push(root);
            }
        }
        let indexes: Vec<Index> = roots.iter().map(|root| index_into(root, &root.join(".svod"))).collect();
        let union = Index::union(&indexes).unwrap();
        Parts { _folder: folder, roots, union }
    }
}

/// Returns the parts of a hit that do not depend on the folder of its article.
fn told(hit: &Hit, above: &Path) -> (PathBuf, String, String) {
    let file = hit.file().unwrap();
    (file.strip_prefix(above).unwrap().to_owned(), hit.text.clone(), format!("{:.4}", hit.score))
}

fn requests() -> Vec<Request> {
    let queries = [
        "北极航道 保险",
        "экспортные пошлины на зерно",
        "how agencies buy AI systems",
        "безопасность",
        "制裁 санкции sanctions",
        "\"航道\" -保险",
        "санкци* OR 北极",
        "path:beiji 航道",
        "title:пшениц* OR kind:note",
        "的",
    ];
    let mut requests = Vec::new();
    for query in queries {
        for sort in [Sort::Score, Sort::Newest, Sort::Path] {
            let mut request = Request::new(query);
            request.sort = sort;
            request.limit = None;
            requests.push(request);
        }
    }
    requests
}

#[test]
fn several_indexes_rank_as_one() {
    let parts = Parts::of_samples();
    assert!(parts.roots.len() > 2, "the samples lie in several folders");
    let whole = Index::open(sample_index()).unwrap();
    let (above, samples) = (parts.roots[0].parent().unwrap(), articles().canonicalize().unwrap());
    for request in requests() {
        let (one, other) = (whole.search(&request).unwrap(), parts.union.search(&request).unwrap());
        assert_eq!(one.total, other.total, "{}", request.query);
        let mut expected: Vec<_> = one.hits.iter().map(|hit| told(hit, &samples)).collect();
        let mut found: Vec<_> = other.hits.iter().map(|hit| told(hit, above)).collect();
        // Sorted, because ties are ordered by path, which depends on the root.
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{}", request.query);
        let scores: Vec<f32> = other.hits.iter().map(|hit| hit.score).collect();
        assert!(request.sort != Sort::Score || scores.is_sorted_by(|one, other| one >= other), "{}", request.query);
    }
    for by in [By::Year, By::Language, By::Kind, By::Author, By::Section] {
        let request = Request::new("безопасность OR 安全 OR security");
        let [one, other] = [&whole, &parts.union].map(|index| index.count(&request, by).unwrap());
        assert_eq!((one.passages, one.articles, one.groups), (other.passages, other.articles, other.groups));
    }
}

#[test]
fn articles_of_several_indexes_are_not_mixed_up() {
    let parts = Parts::of_samples();
    let union = &parts.union;
    let entries = union.articles().unwrap();
    assert_eq!(entries.len(), read_articles(&articles()).len());
    for entry in &entries {
        let file = entry.root.as_ref().unwrap().join(&entry.path);
        assert!(file.is_file(), "{}", file.display());
        let outline = union.outline(&file).unwrap().unwrap();
        assert_eq!(outline.article, *entry);
        let mut request = Request::new(format!("path:\"{}\"", entry.path.display()));
        request.limit = None;
        let hits = union.search(&request).unwrap().hits;
        assert_eq!(hits.len() as u64, entry.passages);
        assert!(hits.iter().all(|hit| hit.file() == Some(file.clone()) && hit.title == entry.title));
        let shown = union.show(hits[0].id, 1).unwrap().unwrap();
        assert_eq!((shown.hit.file(), shown.hit.text), (Some(file), hits[0].text.clone()));
    }
    let counted = union.count(&Request::new("of OR 的 OR и OR 年 OR в"), By::Article).unwrap();
    for count in &counted.groups {
        let Group::Article { path, root } = &count.group else { panic!("{:?}", count.group) };
        assert!(root.as_ref().unwrap().join(path).is_file());
    }
    let status = union.status().unwrap();
    assert_eq!((status.articles, status.index, status.root), (entries.len() as u64, None, None));
}

#[test]
fn texts_in_memory_are_searched_with_folders() {
    let (memory, folder) = (Memory::new(), Index::open(sample_index()).unwrap());
    let mut writer = Writer::in_memory(&memory).unwrap();
    let mut add = |path: &str, text: &str| {
        writer.add(Text::new(path, text)).unwrap();
        writer.commit().unwrap();
    };
    add("notes/1", "北极航道的保险费率。");
    let both = Index::union(&[folder.clone(), Index::in_memory(&memory).unwrap()]).unwrap();
    assert_eq!(both.paths().map(|path| path.is_some()).collect::<Vec<_>>(), [true, false]);
    let roots = |query: &str| {
        let mut request = Request::new(query);
        request.limit = None;
        let hits = both.search(&request).unwrap().hits;
        let texts = hits.iter().filter(|hit| hit.root.is_none() && hit.file().is_none()).count();
        (texts, hits.len() - texts)
    };
    let alone = folder.count(&Request::new("+北极航道"), By::Kind).unwrap().passages as usize;
    assert_eq!(roots("+北极航道"), (1, alone));
    assert_eq!(roots("path:notes/1"), (1, 0));
    add("notes/2", "Страхование на Северном морском пути, 北极航道.");
    assert!(both.reload().unwrap());
    assert_eq!(roots("+北极航道"), (2, alone));
    let status = both.status().unwrap();
    assert_eq!(status.articles, folder.status().unwrap().articles + 2);
}

#[test]
fn a_copy_of_an_index_can_be_opened_beside_it() {
    let parts = Parts::of_samples();
    let (one, copy) = (&parts.roots[0], new_folder());
    for folder in ["", ".svod", ".svod/1"] {
        fs::create_dir_all(copy.path().join(folder)).unwrap();
        for entry in fs::read_dir(one.join(folder)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file())
        {
            fs::copy(entry.path(), copy.path().join(folder).join(entry.file_name())).unwrap();
        }
    }
    let [one, copy] = [one.as_path(), copy.path()].map(|root| Index::open(root).unwrap());
    let twice = Index::union(&[one.clone(), copy.clone(), one.clone()]).unwrap();
    assert_eq!(twice.roots().len(), 2, "one that comes twice counts once");
    let mut request = Request::new("kind:heading OR kind:body");
    request.limit = None;
    let alone = one.search(&request).unwrap().hits.len();
    let hits = twice.search(&request).unwrap().hits;
    assert!(alone > 0);
    assert_eq!(hits.len(), 2 * alone);
    for root in twice.roots() {
        assert_eq!(hits.iter().filter(|hit| hit.root.as_deref() == root).count(), alone);
    }
}

#[test]
fn a_reload_looks_at_each_of_several_indexes() {
    let parts = Parts::of_samples();
    let found = |query: &str| parts.union.search(&Request::new(query)).unwrap().hits;
    assert!(!parts.union.reload().unwrap());
    for (number, root) in parts.roots.iter().enumerate() {
        let word = format!("neologism{number}");
        fs::write(root.join("new.md"), format!("# 新\n\n停火 мир {word}\n")).unwrap();
        index_into(root, &root.join(".svod"));
        assert!(found(&word).is_empty());
        assert!(parts.union.reload().unwrap());
        assert_eq!(found(&word)[0].root.as_deref(), Some(root.as_path()));
    }
    let moved = parts.roots[0].with_extension("away");
    fs::rename(&parts.roots[0], &moved).unwrap();
    assert!(matches!(parts.union.reload(), Err(QueryError::Read { .. })));
    assert!(!found("neologism1").is_empty(), "what was opened can still be searched");
    assert!(matches!(Index::union(&[]), Err(QueryError::NoIndexes)));
}

#[test]
fn damage_names_the_index_that_has_it() {
    let parts = Parts::of_samples();
    let damaged = parts.roots[1].join(".svod");
    let all: Vec<Index> = parts.roots.iter().map(|root| Index::open(root).unwrap()).collect();
    for entry in fs::read_dir(damaged.join("1")).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "store") {
            let mut bytes = fs::read(entry.path()).unwrap();
            let middle = bytes.len() / 2;
            bytes[20..middle].fill(0xff);
            // Replaced by renaming, so that files already open stay as they are.
            fs::write(damaged.join("1/aside"), bytes).unwrap();
            fs::rename(damaged.join("1/aside"), entry.path()).unwrap();
        }
    }
    let mut request = Request::new("kind:body");
    request.limit = None;
    match Index::union(&all).and_then(|union| union.search(&request)) {
        Err(QueryError::Damaged { path, damage }) => {
            assert_eq!(path, damaged);
            assert!(damage.to_string().contains(".store`"), "{damage}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_filter_lets_passages_through_and_changes_nothing_else() {
    let index = Index::open(sample_index()).unwrap();
    for (mode, query) in [
        (Mode::Query, "безопасность 安全 security"),
        (Mode::Query, "安全 OR security OR \"безопасности\""),
        (Mode::Literal, "安全 security"),
        (Mode::Exact, "安全"),
        (Mode::Fragment, "безопаснос"),
    ] {
        for (filter, keeps) in [
            ("lang:zh", &(|hit: &Hit| hit.language.code() == "zh") as &dyn Fn(&Hit) -> bool),
            ("lang:ru OR lang:en", &|hit| ["ru", "en"].contains(&hit.language.code())),
            ("-kind:note path:/", &|hit| hit.kind.name() != "note"),
            ("date:2024..", &|hit| hit.date.is_some_and(|date| date.year() >= 2024)),
            ("\"安全\"", &|hit| hit.text.contains("安全")),
            ("", &|_| true),
        ] {
            let mut request = Request::new(query);
            (request.mode, request.limit) = (mode, None);
            let all = index.search(&request).unwrap();
            filter.clone_into(&mut request.filter);
            let some = index.search(&request).unwrap();
            let kept: Vec<_> = all.hits.iter().filter(|hit| keeps(hit)).map(|hit| hit.id).collect();
            let mut found: Vec<_> = some.hits.iter().map(|hit| hit.id).collect();
            let (mut kept_sorted, total) = (kept.clone(), found.len() as u64);
            kept_sorted.sort();
            found.sort();
            // Lines of metadata and headings have no date to filter by.
            if !filter.starts_with("date:") {
                assert_eq!(found, kept_sorted, "{query} {filter}");
            }
            assert_eq!((some.total.count(), some.warnings.len()), (total, 0), "{query} {filter}");
            assert_eq!(index.count(&request, By::Kind).unwrap().passages, total);
            let terms =
                |answer: &svod_query::Answer| answer.terms.iter().map(|term| term.term.clone()).collect::<Vec<_>>();
            assert_eq!(terms(&some), terms(&all), "{query} {filter}");
            for hit in &some.hits {
                let same = all.hits.iter().find(|other| other.id == hit.id).unwrap();
                assert_eq!(hit.highlights, same.highlights, "{query} {filter}");
            }
        }
    }
    for (filter, at) in [
        ("lang:zh date:2024..2023", "date:2024..2023"),
        ("lang:xx", "lang:xx"),
        ("dat:2020 lang:zh", "dat:2020"),
        ("(lang:zh OR yaer:2020)", "yaer:2020"),
        ("date: 2020..2021", "date:"),
        ("\"安全", "\"安全"),
    ] {
        let mut request = Request::new("安全");
        filter.clone_into(&mut request.filter);
        match index.search(&request) {
            Err(QueryError::Filter { range, .. }) => assert_eq!(&filter[range], at),
            other => panic!("{filter}: {other:?}"),
        }
        assert!(matches!(index.count(&request, By::Kind), Err(QueryError::Filter { .. })));
        assert!(matches!(index.timeline(&[request]), Err(QueryError::Filter { .. })));
        let ask = serde_json::json!({"query": "安全", "filter": filter}).to_string();
        assert_eq!(svod_render::ask::Ask::parse(&ask).unwrap_err().fault.field(), Some("filter"));
    }
}

#[test]
fn the_program_searches_several_indexes_within_a_filter() {
    let parts = Parts::of_samples();
    let [one, other] = [0, 1].map(|number| parts.roots[number].to_str().unwrap());
    let arguments = [
        "--index",
        one,
        "--index",
        other,
        "--json",
        "--limit",
        "0",
        "--filter",
        "-kind:heading",
        "безопасность 安全 security",
    ];
    let printed = text(&query(&arguments).stdout);
    let lines: Vec<serde_json::Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (summary, hits) = lines.split_last().unwrap();
    assert_eq!(summary["roots"], serde_json::json!([one, other]));
    assert!(summary["root"].is_null());
    for root in [one, other] {
        assert!(hits.iter().any(|hit| hit["root"] == root && hit["kind"] != "heading"), "{root}");
    }
    let status = text(&query(&["--index", one, "--index", other, "--status"]).stdout);
    assert!(status.contains(one) && status.contains(other), "{status}");
}

#[test]
fn what_threads_may_share_and_send() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}
    shared::<Index>();
    shared::<Memory>();
    shared::<Request>();
    sent::<Writer>();
    sent::<svod_query::Answer>();
    // An app can pass these on as boxed errors.
    fn passed_on<E: std::error::Error + Send + Sync + 'static>() {}
    passed_on::<QueryError>();
    passed_on::<svod_indexer::IndexError>();
    passed_on::<svod_render::ask::AskError>();
}
