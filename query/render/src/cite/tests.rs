//! Citations of works in the three languages, whole and with parts missing.

mod bibtex;

use proptest::prelude::*;
use svod_query::{Date, Request};

use super::*;
use crate::test_index::index_of;

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn work(authors: &str, title: &str, language: Language) -> Work {
    let authors = authors.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    Work { authors, title: title.to_owned(), language, ..Work::default() }
}

fn in_journal(work: Work, journal: &str, date: &str, volume: &str, issue: &str) -> Work {
    Work { journal: some(journal), date: Date::parse(date), volume: some(volume), issue: some(issue), ..work }
}

fn paged(work: Work, first_page: u32, last_page: u32) -> Work {
    Work { first_page: Some(first_page), last_page: Some(last_page), ..work }
}

pub(super) fn chinese() -> Work {
    let work = in_journal(work("林舟", "北极航道新规则", Language::Chinese), "极地与海洋", "2025", "", "2");
    Work { issn: some("1006-4127"), ..paged(work, 48, 70) }
}

pub(super) fn russian() -> Work {
    let work = work("П. С. Иванов|Лядова Е. А.", "Зерно и порты", Language::Russian);
    Work { doi: some("10.1000/ru_1"), ..paged(in_journal(work, "Полис", "2025-03", "69", "4"), 5, 15) }
}

pub(super) fn english() -> Work {
    let work = work("Ann Smith|T. J. Vance|Bo Li|Eve Ng", "Who pays for R&D?", Language::English);
    in_journal(work, "World Politics", "2024-03-18", "3", "")
}

pub(super) fn law() -> Work {
    Work { date: Date::parse("1980-09-10"), ..work("", "中华人民共和国国籍法", Language::Chinese) }
}

pub(super) fn on_page(work: Work, page: u32) -> Citation {
    Citation { work, places: vec![Place { page: Some(page), ..Place::default() }] }
}

pub(super) fn whole(work: Work) -> Citation {
    Citation { work, places: Vec::new() }
}

pub(super) fn at_article(work: Work, article: &str) -> Citation {
    Citation { work, places: vec![Place { law_article: some(article), ..Place::default() }] }
}

#[test]
fn gbt7714() {
    let book = Work {
        publisher: some("商务印书馆"),
        place: some("北京"),
        date: Date::parse("2024"),
        ..work("欧阳修", "海权", Language::Chinese)
    };
    let page = Work {
        url: some("https://example.org/a"),
        date: Date::parse("2025-04-11"),
        ..work("外交部", "声明 Statement", Language::Chinese)
    };
    let news = in_journal(work("李明", "春耕", Language::Chinese), "人民日报", "2025-03-01", "", "");
    for (citation, expected) in [
        (whole(chinese()), "林舟. 北极航道新规则[J]. 极地与海洋, 2025(2): 48-70."),
        (on_page(chinese(), 58), "林舟. 北极航道新规则[J]. 极地与海洋, 2025(2): 58."),
        (whole(russian()), "ИВАНОВ П С, ЛЯДОВА Е А. Зерно и порты[J]. Полис, 2025, 69(4): 5-15. DOI: 10.1000/ru_1."),
        (whole(english()), "Ann Smith, VANCE T J, Bo Li, et al. Who pays for R&D?[J]. World Politics, 2024, 3."),
        (at_article(law(), "第三条"), "中华人民共和国国籍法[Z]. 1980-09-10: 第三条."),
        (on_page(book, 29), "欧阳修. 海权[M]. 北京: 商务印书馆, 2024: 29."),
        (whole(page), "外交部. 声明 Statement[EB/OL]. (2025-04-11). https://example.org/a."),
        (on_page(news, 3), "李明. 春耕[N]. 人民日报, 2025-03-01(3)."),
        (whole(work("", "停火", Language::Chinese)), "停火[Z]."),
    ] {
        assert_eq!(gbt7714::reference(&citation), expected);
    }
}

#[test]
fn gost() {
    let code = work("", "Гражданский кодекс Российской Федерации", Language::Russian);
    let book = Work {
        publisher: some("Наука"),
        place: some("М."),
        date: Date::parse("2024"),
        ..work("Иванов П.С.", "Море", Language::Russian)
    };
    for (citation, expected) in [
        (
            whole(russian()),
            "Иванов П. С., Лядова Е. А. Зерно и порты // Полис. — 2025. — Т. 69, № 4. — С. 5–15. — DOI: 10.1000/ru_1.",
        ),
        (
            on_page(russian(), 7),
            "Иванов П. С., Лядова Е. А. Зерно и порты // Полис. — 2025. — Т. 69, № 4. — С. 7. — DOI: 10.1000/ru_1.",
        ),
        (whole(chinese()), "林舟. 北极航道新规则 // 极地与海洋. — 2025. — 第2期. — 第48–70页."),
        (
            whole(english()),
            "Who pays for R&D? / Ann Smith, T. J. Vance, Bo Li [et al.] // World Politics. — 2024. — Vol. 3.",
        ),
        (at_article(code, "Статья 15"), "Гражданский кодекс Российской Федерации. — Ст. 15."),
        (whole(law()), "中华人民共和国国籍法. — 10.09.1980."),
        (on_page(book, 5), "Иванов П. С. Море. — М.: Наука. — 2024. — С. 5."),
    ] {
        assert_eq!(super::gost::reference(&citation), expected);
    }
}

#[test]
fn articles_of_a_law_come_in_its_order() {
    let place = |position, article: &str| Place { position, law_article: some(article), ..Place::default() };
    let places = vec![place(9, "第八条"), place(5, "第六条"), place(9, "第八条")];
    let citation = Citation { work: law(), places };
    assert_eq!(gbt7714::reference(&citation), "中华人民共和国国籍法[Z]. 1980-09-10: 第六条, 第八条.");
}

fn written(style: CiteStyle, citations: &[Citation]) -> String {
    let mut text = Vec::new();
    write_citations(&mut text, style, citations).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn bibtex() {
    let odd = Work {
        url: some("https://e.org/{a}?b=50%&c_d#~x"),
        ..work("R&D Group of Peace", "50% of $1_000 {is} ~#^\\", Language::English)
    };
    let entries = written(
        CiteStyle::Bibtex,
        &[on_page(russian(), 7), whole(english()), whole(russian()), whole(odd), whole(chinese())],
    );
    for expected in [
        "@article{ivanov2025,\n  author = {Иванов, П. С. and Лядова, Е. А.},\n  title = {{Зерно и порты}},\n  journal = {Полис},\n  year = {2025},\n  date = {2025-03},",
        "  volume = {69},\n  number = {4},\n  pages = {5--15},\n  doi = {10.1000/ru_1},\n  langid = {russian},\n  annotation = {p. 7},\n}\n",
        "@article{smith2024,\n  author = {Ann Smith and Vance, T. J. and Bo Li and Eve Ng},\n  title = {{Who pays for R\\&D?}},",
        "@article{ivanov2025-2,",
        "  author = {{R\\&D Group of Peace}},\n  title = {{50\\% of \\$1\\_000 \\{is\\} \\textasciitilde{}\\#\\textasciicircum{}\\textbackslash{}}},",
        "  url = {https://e.org/%7Ba%7D?b=50%&c_d#~x},",
        "@article{zh2025,\n  author = {林舟},",
    ] {
        assert!(entries.contains(expected), "{expected}\n{entries}");
    }
}

/// Counted on: to look for a free number among all before, again and again, takes minutes here.
#[test]
fn very_many_entries_of_one_key() {
    let citations = vec![whole(english()); 30_000];
    let entries = written(CiteStyle::Bibtex, &citations);
    let keys: Vec<&str> = entries.lines().filter_map(|line| line.strip_prefix("@article{")).collect();
    assert_eq!((keys[0], keys[1], keys[29_999]), ("smith2024,", "smith2024-2,", "smith2024-30000,"));
}

#[test]
fn csl_json() {
    let items = written(CiteStyle::CslJson, &[on_page(chinese(), 58), whole(english()), at_article(law(), "第三条")]);
    let items: serde_json::Value = serde_json::from_str(&items).unwrap();
    assert_eq!(
        items[0],
        serde_json::json!({
            "id": "zh2025", "type": "article-journal", "title": "北极航道新规则",
            "author": [{"family": "林", "given": "舟"}], "container-title": "极地与海洋",
            "issued": {"date-parts": [[2025]]}, "issue": "2", "page": "48-70", "locator": "58",
            "ISSN": "1006-4127", "language": "zh",
        })
    );
    assert_eq!(items[1]["issued"], serde_json::json!({"date-parts": [[2024, 3, 18]]}));
    assert_eq!(items[1]["author"][0], serde_json::json!({"literal": "Ann Smith"}));
    assert_eq!((&items[2]["type"], &items[2]["section"]), (&"legislation".into(), &"第三条".into()));
    assert_eq!(written(CiteStyle::CslJson, &[]), "[]\n");
}

#[test]
fn one_path_in_two_indexes_is_two_works() {
    let hit = index_of("a.md", "# 停火\n\nмир\n").search(&Request::new("мир")).unwrap().hits.remove(0);
    let mut other = hit.clone();
    other.index = 1;
    let places = citations(&[hit.clone(), other, hit]).iter().map(|citation| citation.places.len()).collect::<Vec<_>>();
    assert_eq!(places, [2, 1]);
}

fn word() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[A-Z][a-z]{1,6}|[А-Я][а-я]{1,6}|[一-三]{2,4}|[0-9]{1,3}")
}

prop_compose! {
    fn any_work()(
        authors in prop::collection::vec("[А-Я][а-я]{2,5} [А-Я]\\. [А-Я]\\.|[A-Z]\\. [A-Z][a-z]{2,5}|张[一-三]", 0..6),
        title in "[А-Я][а-я]{1,6}|[一-三]{2,4}|[A-Z][a-z]{1,6}[?!]?", journal in word(), volume in word(), issue in word(), publisher in word(), place in word(),
        date in proptest::option::of("20[0-9]{2}(-0[1-9](-1[0-9])?)?"),
        pages in proptest::option::of((1u32..500, proptest::option::of(0u32..30))),
        online in (proptest::option::of("10\\.1000/[a-z]{1,5}"), proptest::option::of("https://[a-z]{1,5}\\.org")),
        language in prop::sample::select(Language::ALL.to_vec()),
    ) -> Work {
        Work {
            authors, title, journal, volume, issue, publisher, place, language,
            date: date.as_deref().and_then(Date::parse),
            first_page: pages.map(|(first, _)| first),
            last_page: pages.and_then(|(first, more)| Some(first + more?)),
            doi: online.0, url: online.1, issn: None, file_name: String::new(),
        }
    }
}

proptest! {
    #[test]
    fn no_punctuation_dangles(work in any_work(), pages in prop::collection::vec(proptest::option::of(1u32..500), 0..3)) {
        let places = pages.into_iter().map(|page| Place { page, ..Place::default() }).collect();
        let citation = Citation { work, places };
        for style in [CiteStyle::Gbt7714, CiteStyle::Gost] {
            let text = written(style, std::slice::from_ref(&citation));
            let text = text.trim_end_matches('\n');
            for odd in ["..", ",,", ", ,", ": :", "::", ",.", ":.", ": ,", ", :", "()", "[]", "  ", " .", " ,", "// —", "— —", "— .", "/ /", "第页", "第期"] {
                prop_assert!(!text.contains(odd), "{odd:?} in {text:?}");
            }
            prop_assert!(!text.starts_with([' ', '.', ',', ':', '/', '—', '(']), "{text:?}");
            prop_assert!(text.is_empty() || text.ends_with(['.', '?', '!']), "{text:?}");
        }
    }

    #[test]
    fn formats_for_programs_are_whole(works in prop::collection::vec(any_work(), 0..6)) {
        let citations: Vec<Citation> = works.into_iter().map(whole).collect();
        let items: serde_json::Value = serde_json::from_str(&written(CiteStyle::CslJson, &citations)).unwrap();
        let ids: std::collections::HashSet<&str> = items.as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).collect();
        prop_assert_eq!(ids.len(), citations.len());
        prop_assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
        let entries = written(CiteStyle::Bibtex, &citations);
        prop_assert_eq!(entries.matches("\n}\n").count(), citations.len());
        prop_assert!(!entries.contains("= {}"), "{entries}");
    }
}
