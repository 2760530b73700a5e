//! Counts and timelines agree with the list of all hits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use svod_query::{By, Count, Group, Hit, Index, Mode, Request};

use crate::support::{Numbers, index_into, new_folder, sample_index, shared};

const ALL: [By; 7] = [By::Year, By::Language, By::Author, By::Journal, By::Kind, By::Section, By::Article];

const QUERIES: [&str; 12] = [
    "北极",
    "+制裁",
    "безопасность и сотрудничество",
    "\"экспорт\"",
    "the grid",
    "ЕС 合作 grid",
    "\"出口管制\" OR порт*",
    "+能源 -合作",
    "kind:note",
    "\"международн* безопасности\"~8",
    "date:2024..",
    "слово-которого-нет",
];

fn year(hit: &Hit) -> Option<u16> {
    Some((hit.date?.number() / 10_000) as u16)
}

/// Removes the blanks from a name: names that differ only in blanks are one group.
fn without_blanks(group: &Group) -> Group {
    match group {
        Group::Name(name) => Group::Name(name.split_whitespace().collect()),
        group => group.clone(),
    }
}

/// Returns the groups that a hit belongs to.
fn groups(hit: &Hit, by: By) -> BTreeSet<Group> {
    let names = |names: &[String]| names.iter().map(|name| without_blanks(&Group::Name(name.clone()))).collect();
    let mut groups: BTreeSet<Group> = match by {
        By::Year => year(hit).map(Group::Year).into_iter().collect(),
        By::Language => [Group::Language(hit.language)].into(),
        By::Author => names(&hit.authors),
        By::Journal => {
            names(hit.appeared.journal.as_ref().or(hit.appeared.issn.as_ref()).map_or(&[], std::slice::from_ref))
        }
        By::Kind => [Group::Kind(hit.kind)].into(),
        By::Section => names(hit.section.first().map(std::slice::from_ref).unwrap_or_default()),
        By::Article => [Group::Article { path: hit.path.clone(), root: hit.root.clone() }].into(),
        by => panic!("no judge counts by {}", by.name()),
    };
    if groups.is_empty() {
        groups.insert(Group::Unknown);
    }
    groups
}

fn request(query: &str, mode: Mode) -> Request {
    let mut request = Request::new(query);
    request.mode = mode;
    request.limit = None;
    request
}

/// The second judge: counts the groups of all hits.
fn counted(hits: &[Hit], by: By) -> BTreeMap<Group, (u64, u64)> {
    let mut counts: BTreeMap<Group, (u64, BTreeSet<PathBuf>)> = BTreeMap::new();
    for hit in hits {
        for group in groups(hit, by) {
            let (passages, articles) = counts.entry(group).or_default();
            *passages += 1;
            articles.insert(hit.path.clone());
        }
    }
    counts.into_iter().map(|(group, (passages, articles))| (group, (passages, articles.len() as u64))).collect()
}

fn check(index: &Index, query: &str, mode: Mode) {
    let request = request(query, mode);
    let hits = index.search(&request).unwrap().hits;
    let paths: BTreeSet<&PathBuf> = hits.iter().map(|hit| &hit.path).collect();
    for by in ALL {
        let counts = index.count(&request, by).unwrap();
        let told: BTreeMap<Group, (u64, u64)> = counts
            .groups
            .iter()
            .map(|count| (without_blanks(&count.group), (count.passages, count.articles)))
            .collect();
        assert_eq!(told, counted(&hits, by), "{query} by {}", by.name());
        assert_eq!((counts.passages, counts.articles), (hits.len() as u64, paths.len() as u64), "{query}");
        assert_eq!(told.len(), counts.groups.len(), "no group stands twice");
        check_order(by, &counts.groups);
    }
    check_timeline(index, &request, &hits);
}

fn check_order(by: By, groups: &[Count]) {
    for pair in groups.windows(2) {
        let is_in_order = match by {
            By::Year | By::Article => pair[0].group < pair[1].group,
            _ => pair[1].group == Group::Unknown || pair[0].passages >= pair[1].passages,
        };
        assert!(is_in_order && pair[0].group != Group::Unknown, "{pair:?}");
    }
}

fn check_timeline(index: &Index, request: &Request, hits: &[Hit]) {
    let mut all =
        Request::new("kind:body OR kind:heading OR kind:note OR kind:table OR kind:metadata OR kind:abstract");
    all.limit = None;
    let timeline = index.timeline(&[request.clone(), all]).unwrap();
    let by_year = index.count(request, By::Year).unwrap();
    let years: BTreeMap<Group, u64> = by_year.groups.into_iter().map(|count| (count.group, count.passages)).collect();
    let found = |year: Option<u16>| years.get(&year.map_or(Group::Unknown, Group::Year)).copied().unwrap_or(0);
    let mut passages = 0;
    for period in timeline.years.iter().chain([&timeline.undated]) {
        assert_eq!(period.found[0], found(period.year), "{} {:?}", request.query, period.year);
        assert_eq!(period.found[1], period.all, "all passages are found by their kinds");
        passages += period.found[0];
    }
    assert_eq!(passages, hits.len() as u64);
    assert_eq!(timeline.terms[0].passages, passages);
    assert_eq!(timeline.terms[1].passages, index.status().unwrap().passages);
    assert!(timeline.years.windows(2).all(|pair| pair[0].year < pair[1].year));
}

#[test]
fn counts_are_those_of_all_hits() {
    let index = Index::open(sample_index()).unwrap();
    for query in QUERIES {
        check(&index, query, Mode::Query);
    }
    check(&index, "战略稳定", Mode::Exact);
    check(&index, "опасност", Mode::Fragment);
}

#[test]
fn counts_of_a_real_library() {
    let Some(library) = shared("library") else { return };
    let home = new_folder();
    let index = index_into(&library, home.path());
    for query in QUERIES {
        check(&index, query, Mode::Query);
    }
    check(&index, "第三条", Mode::Exact);
}

#[test]
fn what_stands_only_where_the_next_part_begins_is_not_counted() {
    let folder = new_folder();
    let sentences = (0..900).map(|number| format!("第{number}句谈到停火与和平，предложение {number} о мире. "));
    std::fs::write(folder.path().join("long.txt"), sentences.collect::<String>()).unwrap();
    let home = new_folder();
    let index = index_into(folder.path(), home.path());
    for number in (100..900).step_by(3) {
        let request = request(&format!("第{number}句谈到停火"), Mode::Exact);
        assert_eq!(index.count(&request, By::Kind).unwrap().passages, 1, "{number}");
    }
    for query in ["\"предложение 17\" OR \"предложение 170\"", "предложение 300", "+предложение"]
    {
        check(&index, query, Mode::Query);
    }
}

#[test]
fn deleted_and_moved_articles_are_counted_as_they_are_now() {
    let folder = new_folder();
    let home = new_folder();
    let path = |number: usize| folder.path().join(format!("{number}.md"));
    let mut numbers = Numbers(9);
    for number in 0..40 {
        let year = 1990 + numbers.below(30);
        let author = ["李明", "Иванов И. И.", "J. Smith"][numbers.below(3)];
        let text = format!(
            "---\ndate: {year}-05-01\nauthors: [{author}, 王芳]\n---\n# 标题 {number}\n\n停火 мир ceasefire.\n\n## Часть\n\nмир и война\n"
        );
        std::fs::write(path(number), text).unwrap();
    }
    index_into(folder.path(), home.path());
    for number in 0..20 {
        match numbers.below(3) {
            0 => std::fs::remove_file(path(number)).unwrap(),
            1 => std::fs::rename(path(number), path(number + 100)).unwrap(),
            _ => std::fs::write(path(number), "# 标题\n\nмир без даты\n").unwrap(),
        }
    }
    let index = index_into(folder.path(), home.path());
    for query in ["мир", "+停火", "\"война\"", "标题", "-мир"] {
        check(&index, query, Mode::Query);
    }
    let counts = index.count(&request("мир", Mode::Query), By::Year).unwrap();
    assert!(counts.groups.len() > 5 && counts.groups.last().unwrap().group == Group::Unknown, "{counts:?}");
}
