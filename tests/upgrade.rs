//! Indexes of texts that earlier versions wrote are converted without loss.
//!
//! `upgrade/` has a small index of each earlier schema, written from the texts below. Before
//! `svod_store::schema::VERSION` is raised, run this with `SVOD_RENEW=1` and commit the index that it writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use svod_indexer::{Added, Date, Ending, IndexError, Text, Writer};
use svod_query::{Index, Request};
use svod_store::schema;
use tempfile::TempDir;

use crate::damaged::copy;
use crate::support::{is_renewing, new_folder, unsealed};

/// The schema of the first version that others used.
const OLDEST: u32 = 4;

/// Texts with everything that a text can have: sections, notes, pages, tables, articles of a law, a paragraph in two
/// parts.
fn texts() -> Vec<Text> {
    let mut zh = Text::new(
        "zh/1",
        "# 停火谈判\n\n【关键词】停火；监督\n\n双方同意继续停火谈判。[^1]\n\n## 背景\n\n### 第一阶段\n\n监督团将于五月抵达。\n\n\
         ## 附录\n\n| 年份 | 会谈 |\n|---|---|\n| 2024 | 三次 |\n| 2025 | 五次 |\n\n[^1]: 见《会谈纪要》第三页。\n",
    );
    zh = zh.markdown().title("第一号照会").author("张弘").date(Date::parse("2025-04-11"));
    zh.metadata.appeared.journal = Some("外交文献".to_owned());
    zh.metadata.keywords = vec!["停火".to_owned(), "谈判".to_owned()];
    zh.metadata.appeared.doi = Some("10.1000/182".to_owned());
    (zh.metadata.appeared.volume, zh.metadata.appeared.issue) = (Some("7".to_owned()), Some("2".to_owned()));
    (zh.metadata.appeared.first_page, zh.metadata.appeared.pages) = (Some(17), Some(9));
    zh.metadata.appeared.received = Date::parse("2025-02");
    let ru = "О перемирии\n\nСтороны[1] согласились продолжить перего-\nворы.\n\n[1] Сноска первая.\n\u{c}Наблюдатели прибудут в мае 2025 г.\n";
    let sentence = |number: usize| format!("Sentence {number} of a long paragraph speaks of inspections in ports. ");
    vec![
        zh,
        Text::new("ru/1", ru).author("П. Иванов").author("А. Петрова").date(Date::parse("2024")),
        Text::new("en/1", "A single line about grain duties"),
        Text::new("en/long", (0..90).map(sentence).collect::<String>()).title("Ports"),
        Text::new("law", "航运法\n\n第一条 船舶应当登记。\n\n第二条 港口应当接受检查。\n\n检查每年一次。\n")
            .title("航运法"),
        Text::new("https://a.example/нота?id=1", "# Нота\n\n## Пустой раздел\n\n## Последний раздел").markdown(),
    ]
}

/// Returns the folder of the indexes of all schemas.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("upgrade")
}

/// Writes the texts in two commits; the second replaces one text and removes another.
fn write(home: &Path, texts: &[Text]) {
    let mut writer = Writer::open(home).unwrap();
    let add = |writer: &mut Writer, text: &Text| assert_ne!(writer.add(text.clone()).unwrap(), Added::Unchanged);
    for path in ["zh/1", "gone", "en/1"] {
        add(&mut writer, &Text::new(path, "An earlier text, soon to be replaced."));
    }
    let (first, rest) = texts.split_at(4);
    first.iter().for_each(|text| add(&mut writer, text));
    writer.commit().unwrap();
    rest.iter().for_each(|text| add(&mut writer, text));
    writer.remove("gone").unwrap();
    writer.commit().unwrap();
}

#[test]
fn indexes_of_all_earlier_schemas_are_kept() {
    let home = kept().join(schema::stamp());
    if is_renewing() && !home.exists() {
        write(&home, &texts());
        for sign in ["lock", ".gitignore"] {
            fs::remove_file(home.join(sign)).unwrap();
        }
    }
    let stamps: Vec<String> = copies().into_iter().map(|(stamp, _)| stamp).collect();
    for version in OLDEST..schema::VERSION {
        let is_kept = stamps.iter().any(|stamp| stamp.starts_with(&format!("svod-{version}.")));
        assert!(is_kept, "go back to schema {version}, and have it written: SVOD_RENEW=1");
    }
}

/// Returns a copy of each of these indexes, with its stamp.
fn copies() -> Vec<(String, TempDir)> {
    let kept = fs::read_dir(kept()).unwrap().map(|entry| entry.unwrap());
    let copied = kept.map(|entry| {
        let folder = new_folder();
        copy(&entry.path(), folder.path());
        (entry.file_name().into_string().unwrap(), folder)
    });
    copied.collect()
}

/// Returns everything that the library returns about every passage, including scores, and about every article.
fn all(home: &Path) -> BTreeSet<String> {
    let index = Index::open(home).unwrap();
    let queries = [
        "停火",
        "谈判",
        "第一阶段",
        "照会 停火",
        "\"监督团将于五月抵达\"",
        "会谈 2024",
        "перемирие",
        "сноска",
        "наблюдатели",
        "grain duties",
        "inspections",
        "\"ports. Sentence 55 of a long\"",
        "检查",
        "第二条",
        "нота",
        "раздел",
        "kind:note",
        "kind:metadata",
        "kind:heading",
        "kind:table",
        "title:航运法",
        "author:Иванов",
        "keywords:谈判",
        "date:2025",
        "lang:zh",
        "lang:ru",
        "lang:en",
        "path:law",
    ];
    let mut told = BTreeSet::new();
    for query in queries {
        let mut request = Request::new(query);
        request.limit = None;
        let mut hits = index.search(&request).unwrap().hits;
        assert!(!hits.is_empty(), "{query}");
        // Schemas before 7 tell only on which page a passage begins.
        hits.iter_mut().for_each(|hit| hit.pages = None);
        told.extend(hits.iter().map(|hit| format!("{query}: {hit:?}").replace(&format!("{home:?}"), "")));
    }
    told.extend(index.articles().unwrap().iter().map(|article| format!("{article:?}")));
    told.extend(texts().iter().map(|text| format!("{:?}", index.outline(&text.path).unwrap())));
    told
}

#[test]
fn an_index_of_an_earlier_schema_is_taken_over() {
    let afresh = new_folder();
    write(afresh.path(), &texts());
    let expected = all(afresh.path());
    for (stamp, folder) in copies() {
        let home = folder.path();
        let is_of_this_version = stamp == schema::stamp();
        let opened = Writer::open(home);
        let is_refused = matches!(opened, Err(IndexError::OtherVersion { .. }));
        drop(opened);
        assert_ne!(is_refused, is_of_this_version, "{stamp}");
        let mut writer = Writer::upgrade(home).unwrap();
        assert_eq!(writer.paths().count(), texts().len());
        let found = all(home);
        let lost: Vec<_> = expected.difference(&found).zip(found.difference(&expected)).collect();
        assert!(found == expected, "{stamp}: {lost:#?}");
        // The converted index can be written like any other.
        assert_eq!(writer.commit().unwrap().ending, Ending::Unchanged);
        writer.add(Text::new("en/1", "Another line")).unwrap();
        assert_eq!(writer.commit().unwrap().articles, texts().len() as u64);
        assert_eq!(Index::check(home).unwrap().damaged, []);
        assert_eq!(fs::read_dir(home).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count(), 1);
    }
}

#[test]
fn what_cannot_be_taken_over_stays_as_it_is() {
    for (stamp, folder) in copies() {
        let home = folder.path();
        let files = fs::read_dir(home.join("1")).unwrap().map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|end| end != "json")) {
            let whole = fs::read(&path).unwrap();
            let mut flipped = whole.clone();
            flipped[whole.len() / 3] ^= 4;
            fs::write(&path, &flipped).unwrap();
            let refused = Writer::upgrade(home);
            assert!(matches!(refused, Err(IndexError::Damaged { .. })) || stamp == schema::stamp(), "{path:?}");
            drop(refused);
            assert_eq!(fs::read(&path).unwrap(), flipped, "nothing is touched");
            fs::write(&path, whole).unwrap();
        }
        let meta = home.join("1/meta.json");
        let later = unsealed(&fs::read_to_string(&meta).unwrap()).replace(&stamp, "svod-99.1");
        fs::write(&meta, later).unwrap();
        assert!(matches!(Writer::upgrade(home), Err(IndexError::OtherVersion { .. })), "a later version");
    }
}
