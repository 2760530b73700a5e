//! Texts of an app: added, replaced, removed; visible after a commit, with the same answers as a new index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use svod_indexer::{Added, Appeared, Date, Ending, IndexError, Memory, Metadata, Syntax, Text, Writer, WriterOptions};
use svod_query::{Index, Mode, Request};
use tempfile::TempDir;

use crate::support::{Numbers, articles, indexer, new_folder, read_articles, text, unsealed};

/// Returns a text in three languages, with a word that only this version of this article has.
fn version(path: &str, version: usize) -> Text {
    let words = format!("停火谈判的第{version}版。\n\nПереговоры о мире.\n\nPeace talks of {path}, needle{version}.");
    Text::new(path, words)
}

/// Returns the articles that a search finds, each with its version: `a1 b2`.
pub(crate) fn found(home: &Path) -> String {
    Index::open(home).map_or_else(|_| "none".to_owned(), |index| found_in(&index))
}

fn found_in(index: &Index) -> String {
    let mut request = Request::new("Peace talks");
    (request.mode, request.limit) = (Mode::Exact, None);
    let hits = index.search(&request).unwrap().hits;
    let name = |text: &str| text.rsplit_once("needle").unwrap().1.trim_end_matches('.').to_owned();
    let mut names: Vec<String> = hits.iter().map(|hit| format!("{}{}", hit.path.display(), name(&hit.text))).collect();
    names.sort();
    names.join(" ")
}

/// Carries out orders: `+a1` adds version 1 of article a, `-a` removes it, `0` removes all, `!` commits, `~` rolls
/// back, `^` opens the index again. Returns the result of each.
fn follow(home: &Path, orders: &str) -> (Writer, String) {
    let mut writer = Writer::open(home).unwrap();
    let mut log = Vec::new();
    for order in orders.split_whitespace() {
        let (kind, rest) = order.split_at(1);
        log.push(match kind {
            "+" => {
                let (path, number) = rest.split_at(rest.len() - 1);
                format!("{:?}", writer.add(version(path, number.parse().unwrap())).unwrap())
            }
            "-" => format!("{}", writer.remove(rest).unwrap()),
            "!" => format!("{:?}", writer.commit().unwrap().ending),
            "0" => {
                writer.clear();
                "cleared".to_owned()
            }
            "~" => {
                writer.rollback();
                "back".to_owned()
            }
            _ => {
                drop(writer);
                writer = Writer::open(home).unwrap();
                "again".to_owned()
            }
        });
    }
    (writer, log.join(" "))
}

/// Checks the result of each order, the articles that a search finds in the end, and those of the writer.
fn check(orders: &str, expected: &str, expected_found: &str, expected_paths: &str) {
    let home = new_folder();
    let (writer, log) = follow(home.path(), orders);
    assert_eq!(log, expected, "{orders}");
    assert_eq!(found(home.path()), expected_found, "{orders}");
    let paths: Vec<&str> = writer.paths().collect();
    assert_eq!(paths.join(" "), expected_paths, "{orders}");
    assert_eq!((writer.len(), writer.is_empty()), (paths.len(), paths.is_empty()));
    assert!(paths.iter().all(|path| writer.contains(path)) && !writer.contains("nothing"));
}

#[test]
fn sequences() {
    check("", "", "none", "");
    check("!", "UpToDate", "", "");
    check("! !", "UpToDate Unchanged", "", "");
    check("+a1 +b1", "New New", "none", "a b");
    check("+a1 +b1 !", "New New UpToDate", "a1 b1", "a b");
    check("+a1 ! +a2", "New UpToDate Replaced", "a1", "a");
    check("+a1 ! +a2 !", "New UpToDate Replaced UpToDate", "a2", "a");
    check("+a1 ! +a1 !", "New UpToDate Unchanged Unchanged", "a1", "a");
    check("+a1 +a2 +a1 !", "New Replaced Replaced UpToDate", "a1", "a");
    check("+a1 -a !", "New true UpToDate", "", "");
    check("+a1 ! -a +a1 !", "New UpToDate true New UpToDate", "a1", "a");
    check("+a1 ! -a -a ~", "New UpToDate true false back", "a1", "a");
    check("+a1 ! +a2 ~ +b1 !", "New UpToDate Replaced back New UpToDate", "a1 b1", "a b");
    check("+a1 ! +b1 -b !", "New UpToDate New true Unchanged", "a1", "a");
    check("+a1 +b1 ! 0 +b2 !", "New New UpToDate cleared New UpToDate", "b2", "b");
    check("+a1 +b1 ! 0 ~ !", "New New UpToDate cleared back Unchanged", "a1 b1", "a b");
    check("+a1 ! ^ +a1 +b1 ^ !", "New UpToDate again Unchanged New again Unchanged", "a1", "a");
    check("+a1 ^ !", "New again UpToDate", "", "");
    check("+a1 ! -a ! ^ +a1 !", "New UpToDate true UpToDate again New UpToDate", "a1", "a");
    check("+а1 +停1 ! ^ -а +停2 !", "New New UpToDate again true Replaced UpToDate", "停2", "停");
    check("~ ~ +a1 ~ !", "back back New back UpToDate", "", "");
}

/// Returns hits, which must be the same in every index of the same texts.
fn hits(index: &Index) -> BTreeSet<(String, String, String, String)> {
    let mut all = BTreeSet::new();
    for query in ["北极航道 保险", "的", "экспортные пошлины", "и", "agencies buy AI systems", "kind:note", "停火"]
    {
        let mut request = Request::new(query);
        request.limit = None;
        all.extend(index.search(&request).unwrap().hits.into_iter().map(|hit| {
            let place = format!("{:?} {:?} {:?} {:?}", hit.lines, hit.section, hit.title, hit.pieces);
            (hit.id.to_string(), hit.path.display().to_string(), place, hit.text)
        }));
    }
    all
}

#[test]
fn any_sequence_is_as_indexed_afresh() {
    let paragraphs: Vec<String> = read_articles(&articles())
        .into_iter()
        .flat_map(|(.., article)| article.passages)
        .map(|passage| passage.text)
        .collect();
    let mut compared = 0;
    for seed in 1..=4 {
        let mut numbers = Numbers(seed * 77);
        let home = new_folder();
        let mut options = WriterOptions::default();
        // Little memory, so that there are many small segments.
        options.memory_bytes = 0;
        let memory = Memory::new();
        let open = || match seed % 2 {
            0 => Writer::in_memory_with(&memory, &options).unwrap(),
            _ => Writer::open_with(home.path(), &options).unwrap(),
        };
        let mut writer = open();
        let (mut now, mut committed) = (BTreeMap::new(), BTreeMap::new());
        for _ in 0..60 {
            let path = format!("{}/{}", ["zh", "ru", "en"][numbers.below(3)], numbers.below(9));
            match numbers.below(12) {
                0..6 => {
                    let times = if numbers.below(9) == 0 { 900 } else { 1 + numbers.below(6) };
                    let words: Vec<&str> =
                        (0..times).map(|_| paragraphs[numbers.below(paragraphs.len())].as_str()).collect();
                    let mut text = Text::new(path.as_str(), words.join("\n\n"));
                    if numbers.below(2) == 0 {
                        text = text.markdown().title("停火 Мир Peace");
                    }
                    let is_known = now.insert(path, text.clone()).is_some();
                    assert_eq!(writer.add(text).unwrap() == Added::New, !is_known);
                }
                6..8 => assert_eq!(writer.remove(&path).unwrap(), now.remove(&path).is_some()),
                8..10 => {
                    let done = writer.commit().unwrap();
                    committed.clone_from(&now);
                    assert_eq!((done.articles, done.unmerged.is_none()), (committed.len() as u64, true));
                }
                10 => {
                    writer.rollback();
                    now.clone_from(&committed);
                }
                _ => {
                    drop(writer);
                    writer = open();
                    now.clone_from(&committed);
                }
            }
            assert!(writer.paths().eq(now.keys()));
        }
        let done = writer.commit().unwrap();
        let afresh = new_folder();
        let mut other = Writer::open(afresh.path()).unwrap();
        for text in now.values() {
            other.add(text.clone()).unwrap();
        }
        assert_eq!(other.commit().unwrap().passages, done.passages);
        let index = if seed % 2 == 0 { Index::in_memory(&memory) } else { Index::open(home.path()) }.unwrap();
        let (updated, fresh) = (hits(&index), hits(&Index::open(afresh.path()).unwrap()));
        assert!(updated == fresh, "seed {seed}: something else is found than afresh");
        assert_eq!(index.status().unwrap().passages, done.passages);
        compared += fresh.len();
    }
    assert!(compared > 200, "{compared}");
}

/// Returns the files of an index with their times.
pub(crate) fn files(home: &Path) -> BTreeMap<String, SystemTime> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(home).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            files.extend(self::files(&entry.path()).into_iter().map(|(below, time)| (format!("{name}/{below}"), time)));
        } else if name != "lock" {
            files.insert(name, entry.metadata().unwrap().modified().unwrap());
        }
    }
    files
}

#[test]
fn texts_that_are_the_same_write_nothing() {
    let home = new_folder();
    let texts = || ["停火", "война", "peace"].map(|word| version(word, 1).title(word));
    let write = || {
        let mut writer = Writer::open(home.path()).unwrap();
        let added = texts().map(|text| writer.add(text).unwrap());
        (added, writer.commit().unwrap().ending)
    };
    assert_eq!(write(), ([Added::New; 3], Ending::UpToDate));
    let before = files(home.path());
    assert_eq!(write(), ([Added::Unchanged; 3], Ending::Unchanged));
    assert_eq!(files(home.path()), before);
    let mut writer = Writer::open(home.path()).unwrap();
    for other in [version("停火", 1), version("停火", 1).title("停火").markdown(), version("停火", 1).title("和平")]
    {
        assert_eq!(writer.add(other).unwrap(), Added::Replaced);
    }
}

#[test]
fn hits_know_what_the_app_said() {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    let appeared = Appeared { journal: Some("极地与海洋".to_owned()), ..Appeared::default() };
    let metadata = Metadata { appeared, ..Metadata::default() };
    let mut zh = Text::new("https://a.example/停火?id=1#x", "# 前景\n\n第一段。\n\n谈判仍在\n继续。").markdown();
    (zh.metadata, zh.syntax) = (metadata, Syntax::Markdown);
    let ru = Text::new("../../etc/passwd", "Ключевые слова: мир, война\n\nПереговоры продолжаются.\n");
    let ru = ru.title("Переговоры").author("П. Иванов").date(Date::parse("2025-04").unwrap());
    let en = Text::new("17", "Talks go on.");
    for text in [zh, ru, en] {
        writer.add(text).unwrap();
    }
    writer.commit().unwrap();
    let index = Index::open(home.path()).unwrap();
    let hit = |query: &str| index.search(&Request::new(query)).unwrap().hits.remove(0);
    let zh = hit("谈判仍在继续");
    assert_eq!((zh.path.to_str(), zh.title.as_str()), (Some("https://a.example/停火?id=1#x"), "前景"));
    assert_eq!((zh.lines, zh.pieces[0].source, zh.pieces[1].line), (Some(5..=6), 24, 6));
    let ru = hit("переговоры продолжаются");
    assert_eq!((ru.path.to_str(), ru.title.as_str()), (Some("../../etc/passwd"), "Переговоры"));
    assert_eq!((ru.authors, ru.date), (vec!["П. Иванов".to_owned()], Date::parse("2025-04")));
    assert_eq!(hit("talks go on").title.as_str(), "17");
    assert_eq!(hit("title:17").title.as_str(), "17");
    assert_eq!(index.search(&Request::new("date:2025..")).unwrap().hits.len(), 1);
}

#[test]
fn ids_stay_with_the_passage() {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    let mut ids = Vec::new();
    for text in ["停火谈判。\n\nМир.", "停火谈判。\n\nДругой абзац.", "Новый абзац.\n\n停火谈判。"]
    {
        writer.add(Text::new("a", text)).unwrap();
        writer.commit().unwrap();
        let hits = Index::open(home.path()).unwrap().search(&Request::new("停火谈判")).unwrap().hits;
        assert_eq!(hits.len(), 1);
        ids.push(hits[0].id);
    }
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_an_index_cannot_hold() {
    let home = new_folder();
    let mut options = WriterOptions::default();
    options.memory_bytes = 1 << 20;
    let mut writer = Writer::open_with(home.path(), &options).unwrap();
    writer.add(version("a", 1)).unwrap();
    let sentence = "停火谈判 Переговоры peace. ";
    let large = Text::new("a", sentence.repeat((67 << 18) / sentence.len()));
    let long = "ж".repeat(40_000);
    for (text, expected) in [
        (Text::new("", "x"), "a text without a path: it must be named by one"),
        (large, "text `a` needs about 68 MB of memory, more than the 64 MB allowed"),
        (Text::new(long.as_str(), "x"), "the path of a text has 80000 bytes, more than the limit of 65535"),
        (Text::new("x".repeat(65_536), "x"), "the path of a text has 65536 bytes, more than the limit of 65535"),
    ] {
        assert_eq!(writer.add(text).unwrap_err().to_string(), expected);
    }
    // Three names of the greatest length, which differ only in the last byte.
    let longest = |last: &str| format!("{}{last}", "x".repeat(65_534));
    let texts = ["1", "2", "3"].map(|last| Text::new(longest(last), format!("停火 longest{last}")));
    for text in texts.clone() {
        writer.add(text).unwrap();
    }
    writer.commit().unwrap();
    assert_eq!(found(home.path()), "a1");
    // Enough commits for a merge.
    for number in 0..6 {
        writer.add(version("b", number)).unwrap();
        assert!(writer.commit().unwrap().unmerged.is_none());
    }
    drop(writer);
    let mut writer = Writer::open(home.path()).unwrap();
    assert!(texts.into_iter().all(|text| writer.add(text).unwrap() == Added::Unchanged));
    let index = Index::open(home.path()).unwrap();
    let hit = index.search(&Request::new("longest2")).unwrap().hits.remove(0);
    assert_eq!(hit.path.to_str(), Some(longest("2").as_str()));
}

#[test]
fn texts_larger_than_a_segment() {
    let home = new_folder();
    let mut options = WriterOptions::default();
    options.memory_bytes = 0;
    let mut writer = Writer::open_with(home.path(), &options).unwrap();
    let sentence = "停火谈判。 Переговоры. Peace.\n\n";
    writer.add(version("before", 1)).unwrap();
    for number in 0..2 {
        let large = format!("large{number} {}", sentence.repeat((4 << 20) / sentence.len()));
        writer.add(Text::new(number.to_string(), large)).unwrap();
    }
    writer.add(version("after", 1)).unwrap();
    writer.add(version("0", 1)).unwrap();
    writer.commit().unwrap();
    assert_eq!(found(home.path()).split(' ').filter(|name| name.len() > 2).count(), 2);
    let index = Index::open(home.path()).unwrap();
    for (query, expected) in [("large0", 0), ("large1", 1), ("needle1", 3)] {
        assert_eq!(index.search(&Request::new(query)).unwrap().hits.len(), expected, "{query}");
    }
}

#[test]
fn an_index_made_anew() {
    let home = new_folder();
    drop(follow(home.path(), "+a1 +b1 !"));
    let anew = |is_committed: bool| {
        let mut writer = Writer::create(home.path()).unwrap();
        assert!(writer.is_empty());
        assert_eq!(writer.add(version("c", 1)).unwrap(), Added::New);
        writer.rollback();
        writer.add(version("d", 1)).unwrap();
        assert_eq!(found(home.path()), "a1 b1", "nothing is seen before the commit");
        is_committed.then(|| writer.commit().unwrap());
    };
    anew(false);
    assert_eq!(found(home.path()), "a1 b1");
    assert_eq!(generations(home.path()), 1, "no litter");
    anew(true);
    assert_eq!(found(home.path()), "d1");
    assert_eq!(generations(home.path()), 1);
}

fn generations(home: &Path) -> usize {
    fs::read_dir(home).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir()).count()
}

/// Returns a folder with its index inside, and an index of texts.
fn two_indexes() -> (TempDir, TempDir) {
    let (folder, texts) = (new_folder(), new_folder());
    fs::write(folder.path().join("a.md"), "停火").unwrap();
    assert_eq!(indexer(&[folder.path().to_str().unwrap()]).status.code(), Some(0));
    drop(follow(texts.path(), "+a1 !"));
    (folder, texts)
}

#[test]
fn what_is_not_an_index_of_texts() {
    let (folder, texts) = two_indexes();
    let before = (files(folder.path()), files(texts.path()));
    let inside = folder.path().join(".svod");
    for open in [|path: &Path| Writer::open(path), |path: &Path| Writer::create(path)] {
        assert!(matches!(open(&inside), Err(IndexError::OtherRoot { .. })));
        assert!(matches!(open(folder.path()), Err(IndexError::ForeignFolder { .. })));
    }
    let [articles, index] = [folder.path(), texts.path()].map(|path| path.to_str().unwrap());
    for option in [&[][..], &["--rebuild"]] {
        let output = indexer(&[&[articles, "--index", index], option].concat());
        assert_eq!(output.status.code(), Some(2));
        let printed = text(&output.stderr);
        assert!(printed.contains("is the index of texts that an app wrote\nhint: one index serves"), "{printed}");
    }
    assert_eq!((files(folder.path()), files(texts.path())), before);
    assert_eq!(found(texts.path()), "a1");
    assert!(!texts.path().join("CACHEDIR.TAG").exists(), "backups must not leave out what cannot be made again");
}

#[test]
fn nothing_is_thrown_away_by_itself() {
    type Damage = fn(&Path);
    let damages: [(Damage, &str); 5] = [
        (|home| fs::write(home.join("current"), "停火").unwrap(), "is damaged (`current` is not readable)"),
        (|home| fs::write(home.join("1/svod.json"), "{}").unwrap(), "is damaged (`svod.json` is not readable)"),
        (
            |home| fs::write(home.join("1/svod.json"), "{\"svod_format\":99}").unwrap(),
            "was made by another version of svod (format 99, but this program reads format 1)",
        ),
        (|home| fs::write(home.join("1/meta.json"), "{").unwrap(), "is damaged ("),
        (
            |home| {
                let meta = fs::read_to_string(home.join("1/meta.json")).unwrap();
                fs::write(home.join("1/meta.json"), unsealed(&meta).replace("\"svod-", "\"svod-0.")).unwrap();
            },
            "was made by another version of svod (made by version `svod-0.",
        ),
    ];
    for (damage, expected) in damages {
        let home = new_folder();
        drop(follow(home.path(), "+a1 !"));
        damage(home.path());
        let before = files(home.path());
        let error = Writer::open(home.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(files(home.path()), before);
        let mut writer = Writer::create(home.path()).unwrap();
        writer.add(version("b", 1)).unwrap();
        writer.commit().unwrap();
        assert_eq!(found(home.path()), "b1", "made anew when it is wished");
    }
}

#[test]
fn an_index_in_memory() {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    writer.add(version("停", 1)).unwrap();
    let locked = Writer::in_memory(&memory.clone()).unwrap_err();
    assert!(matches!(&locked, IndexError::Locked { process: Some(_), .. }));
    assert!(locked.to_string().starts_with("the index in memory is being written by process "), "{locked}");
    assert!(Index::in_memory(&memory).is_err(), "nothing is committed");
    drop(writer);
    let mut writer = Writer::in_memory(&memory).unwrap();
    assert!(writer.is_empty(), "what was not committed is gone");
    assert_eq!(writer.commit().unwrap().articles, 0);
    let index = Index::in_memory(&memory).unwrap();
    assert_eq!(found_in(&index), "");
    for number in 0..6 {
        writer.add(version("停", number)).unwrap();
        writer.add(version("война", 1)).unwrap();
        let done = writer.commit().unwrap();
        assert_eq!((done.articles, done.passages, done.unmerged.is_none()), (2, 6, true));
        assert!(index.reload().unwrap());
        assert_eq!(found_in(&index), format!("война1 停{number}"));
    }
    writer.remove("война").unwrap();
    writer.add(version("x", 1)).unwrap();
    writer.rollback();
    drop(writer);
    let mut writer = Writer::in_memory(&memory).unwrap();
    assert_eq!(writer.paths().collect::<Vec<_>>(), ["война", "停"]);
    assert_eq!(writer.add(version("停", 5)).unwrap(), Added::Unchanged);
    assert_eq!(writer.commit().unwrap().ending, Ending::Unchanged);
    assert_eq!((index.reload().unwrap(), found_in(&index)), (false, "война1 停5".to_owned()));
}

#[test]
fn a_writer_can_go_to_another_thread() {
    fn check<T: Send>(_: &T) {}
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    check(&writer);
    writer.add(version("a", 1)).unwrap();
    let writer = std::thread::spawn(move || writer.commit().map(|_| writer)).join().unwrap().unwrap();
    assert_eq!((writer.len(), found(home.path())), (1, "a1".to_owned()));
}

#[test]
fn the_heading_of_a_text_that_has_another_title_is_found() {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    for text in [
        Text::new("zh", "# 停火谈判\n\n双方同意继续。").title("照会"),
        Text::new("ru", "---\ntitle: Нота\n---\n\n# Переговоры о перемирии\n\nСтороны согласны."),
        Text::new("en", "# Ceasefire talks\n\nBoth sides agree.").title("A note"),
    ] {
        writer.add(text.markdown()).unwrap();
    }
    writer.commit().unwrap();
    let index = Index::in_memory(&memory).unwrap();
    for (query, path, title) in [
        ("谈判", "zh", "照会"),
        ("照会", "zh", "照会"),
        ("переговоры", "ru", "Нота"),
        ("title:перемирие", "ru", "Нота"),
        ("ceasefire", "en", "A note"),
        ("ceasefire note", "en", "A note"),
    ] {
        let hits = index.search(&Request::new(query)).unwrap().hits;
        let found: BTreeSet<_> = hits.iter().map(|hit| (hit.path.to_str().unwrap(), hit.title.as_str())).collect();
        assert_eq!(found, [(path, title)].into(), "{query}");
    }
}

#[test]
fn texts_of_one_line_are_ranked_as_any_other() {
    let memory = Memory::new();
    let mut writer = Writer::in_memory(&memory).unwrap();
    for (path, text) in [
        ("1", "News of grain"),
        ("2", "Grain duties and duties on grain"),
        ("3", "# Grain duties"),
        ("4", "Duties on oil are growing, and nobody knows for how long."),
    ] {
        let text = Text::new(path, text).title("T");
        writer.add(if path == "3" { text.markdown() } else { text }).unwrap();
    }
    for number in 10..100 {
        writer.add(Text::new(number.to_string(), format!("Another line, {number}")).title("T")).unwrap();
    }
    writer.commit().unwrap();
    let hits = Index::in_memory(&memory).unwrap().search(&Request::new("grain duties")).unwrap().hits;
    let found: Vec<&str> = hits.iter().map(|hit| hit.path.to_str().unwrap()).collect();
    assert_eq!(found.iter().take(2).collect::<BTreeSet<_>>(), [&"2", &"3"].into(), "{found:?}");
    assert!(found.len() == 4 && hits.iter().all(|hit| hit.score > 0.0), "{found:?}");
}
