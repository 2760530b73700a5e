//! An updated index answers like one made from scratch.

#[cfg(unix)]
mod unchanged;
#[cfg(unix)]
mod watching;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use svod_indexer::{ChangeKind, Ending, Options, Progress, Report, SkipReason, changes, index_folder};
use svod_query::{Index, Mode, Request};
use tempfile::TempDir;

use crate::support::{Numbers, articles, indexer, new_folder, query_in, read_articles, text, unsealed};

/// A folder of articles with its index.
struct Folder {
    articles: TempDir,
    index: TempDir,
    numbers: Numbers,
    /// Paragraphs from which articles are written.
    paragraphs: Vec<String>,
    written: usize,
}

fn options(index: &Path) -> Options {
    let mut options = Options::default();
    options.index = Some(index.to_owned());
    options
}

impl Folder {
    fn of_samples(seed: u64) -> Folder {
        let mut folder = Folder {
            articles: new_folder(),
            index: new_folder(),
            numbers: Numbers(seed),
            paragraphs: Vec::new(),
            written: 0,
        };
        for (path, source, article) in read_articles(&articles()) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, source).unwrap();
            folder.paragraphs.extend(article.passages.into_iter().map(|passage| passage.text));
        }
        folder
    }

    fn path(&self) -> &Path {
        self.articles.path()
    }

    fn update(&self) -> Report {
        index_folder(self.path(), &options(self.index.path()), &mut ()).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        files_below(self.path())
    }

    /// Gives all files old times, so that their state proves that they are unchanged and no later run has to store it.
    fn make_old(&self) {
        for file in self.files() {
            let file = File::options().write(true).open(file).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(100)).unwrap();
        }
    }

    /// Makes one random change to the folder, as people do.
    fn edit(&mut self) {
        let files = self.files();
        let file = files[self.numbers.below(files.len())].clone();
        self.written += 1;
        let below = ["zh", "ru", "新"][self.numbers.below(3)];
        let new = self.path().join(below).join(format!("{}.md", self.written));
        fs::create_dir_all(new.parent().unwrap()).unwrap();
        match self.numbers.below(7) {
            0 | 1 => fs::write(&new, self.some_text()).unwrap(),
            2 => fs::write(&file, self.some_text()).unwrap(),
            3 => {
                let longer = format!("{}\n\n{}\n", fs::read_to_string(&file).unwrap(), self.some_text());
                fs::write(&file, longer).unwrap();
            }
            4 if files.len() > 4 => fs::remove_file(&file).unwrap(),
            5 => fs::rename(&file, &new).unwrap(),
            _ => drop(fs::copy(&file, &new).unwrap()),
        }
        // Half of the files get an old modification time.
        if let Ok(edited) = File::options().write(true).open(&new).or_else(|_| File::options().write(true).open(&file))
            && self.numbers.below(2) == 0
        {
            let age = Duration::from_secs(3_600 + self.numbers.below(100_000) as u64);
            edited.set_modified(SystemTime::now() - age).unwrap();
        }
    }

    fn some_text(&mut self) -> String {
        let count = 1 + self.numbers.below(6);
        let paragraphs: Vec<&str> =
            (0..count).map(|_| self.paragraphs[self.numbers.below(self.paragraphs.len())].as_str()).collect();
        paragraphs.join("\n\n")
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

const QUERIES: [(&str, Mode); 9] = [
    ("北极航道 保险", Mode::Query),
    ("出口管制", Mode::Exact),
    ("的", Mode::Exact),
    ("экспортные пошлины на зерно", Mode::Query),
    ("безопасност", Mode::Fragment),
    ("и", Mode::Exact),
    ("agencies buy AI systems", Mode::Query),
    ("kind:note", Mode::Query),
    ("+порт -судно", Mode::Query),
];

/// A hit without its id, which depends on whether its article was moved: path, place, text and score.
type Known = (PathBuf, String, String, f32);

fn brief((path, place, _, score): &Known) -> (&Path, &str, f32) {
    (path, place, *score)
}

fn hits(index: &Index, (query, mode): (&str, Mode)) -> Vec<Known> {
    let mut request = Request::new(query);
    (request.mode, request.limit) = (mode, None);
    let hits = index.search(&request).unwrap().hits;
    hits.into_iter().map(|hit| (hit.path, format!("{:?} {:?}", hit.lines, hit.section), hit.text, hit.score)).collect()
}

fn hit_set(index: &Index, query: (&str, Mode)) -> BTreeSet<(PathBuf, String, String)> {
    hits(index, query).into_iter().map(|(path, place, text, _)| (path, place, text)).collect()
}

/// Compares the hits of an updated index with those of one made from scratch.
pub(crate) fn check_hits(folder: &Path, updated: &Path) -> usize {
    let home = new_folder();
    index_folder(folder, &options(home.path()), &mut ()).unwrap();
    let (fresh, updated) = (Index::open(home.path()).unwrap(), Index::open(updated).unwrap());
    let mut found = 0;
    for query in QUERIES {
        let expected = hit_set(&fresh, query);
        assert!(hit_set(&updated, query) == expected, "{query:?} finds something else than afresh");
        found += expected.len();
    }
    found
}

/// Compares an updated index with one made from scratch, both merged: hits, scores and order.
fn check_scores(folder: &Path, updated: &Path) {
    let home = new_folder();
    let merge = |index: &Path| {
        let mut options = options(index);
        options.optimize = true;
        index_folder(folder, &options, &mut ()).unwrap();
        let index = Index::open(index).unwrap();
        assert!(index.status().unwrap().segments <= 1);
        index
    };
    let (fresh, updated) = (merge(home.path()), merge(updated));
    for query in QUERIES {
        for (hit, expected) in hits(&updated, query).into_iter().zip(hits(&fresh, query)) {
            assert!(hit == expected, "{query:?}: {:?}, but afresh {:?}", brief(&hit), brief(&expected));
        }
    }
}

#[test]
fn whatever_is_done_to_a_folder() {
    let mut folder = Folder::of_samples(51);
    folder.update();
    for round in 0..24 {
        for _ in 0..=folder.numbers.below(4) {
            folder.edit();
        }
        let expected = changes(folder.path(), &options(folder.index.path())).unwrap();
        let report = folder.update();
        assert_eq!(report.changes, expected.changes, "a dry run says what a run does");
        assert!(check_hits(folder.path(), folder.index.path()) > 100);
        assert!(Index::open(folder.index.path()).unwrap().status().unwrap().segments <= 9);
        if round % 8 == 7 {
            check_scores(folder.path(), folder.index.path());
        }
    }
}

/// Returns size and time of each file, which show whether it was written.
fn written(folder: &Path) -> Vec<(PathBuf, u64, SystemTime)> {
    let state = |path: PathBuf| {
        let metadata = fs::metadata(&path).unwrap();
        (path, metadata.len(), metadata.modified().unwrap())
    };
    files_below(folder).into_iter().map(state).collect()
}

#[test]
fn nothing_changed_nothing_written() {
    let folder = Folder::of_samples(52);
    folder.make_old();
    let first = folder.update();
    assert_eq!((first.ending, first.changes.len() as u64), (Ending::UpToDate, first.articles));
    let before = written(folder.index.path());
    let second = folder.update();
    assert_eq!((second.ending, second.changes.len()), (Ending::Unchanged, 0));
    assert_eq!((second.articles, second.passages), (first.articles, first.passages));
    assert_eq!(written(folder.index.path()), before);
}

#[test]
fn a_moved_file_keeps_the_ids_of_its_passages() {
    let folder = Folder::of_samples(53);
    folder.update();
    let ids = || -> BTreeSet<String> {
        let index = Index::open(folder.index.path()).unwrap();
        let mut request = Request::new("北极");
        (request.mode, request.limit) = (Mode::Exact, None);
        index.search(&request).unwrap().hits.iter().map(|hit| hit.id.to_string()).collect()
    };
    let before = ids();
    let to = folder.path().join("статьи/арктика.md");
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(folder.path().join("zh/beiji-hangdao.md"), &to).unwrap();
    let report = folder.update();
    let moved = ChangeKind::Moved { from: PathBuf::from("zh/beiji-hangdao.md") };
    assert_eq!(report.changes.iter().map(|change| change.kind.clone()).collect::<Vec<_>>(), [moved]);
    assert_eq!(report.read_bytes, 0, "a move reads no article");
    assert_eq!(ids(), before);
    assert!(check_hits(folder.path(), folder.index.path()) > 100);
    // A moved article whose title is the name of its file is read again, and keeps its ids.
    fs::write(folder.path().join("夏.txt"), "北极的夏天，没有标题。\n").unwrap();
    folder.update();
    let before = ids();
    fs::rename(folder.path().join("夏.txt"), folder.path().join("冬.txt")).unwrap();
    folder.update();
    assert_eq!(ids(), before);
    assert!(check_hits(folder.path(), folder.index.path()) > 100);
}

#[test]
fn a_file_that_moves_to_a_name_of_another_date_is_dated_anew() {
    let folder = Folder::of_samples(59);
    let law = "# 监督法\n\n2006年8月27日 会议通过\n\n第一条 为了监督北极航道。\n";
    fs::write(folder.path().join("法.md"), law).unwrap();
    let dated = || {
        folder.update();
        assert!(check_hits(folder.path(), folder.index.path()) > 100);
        let index = Index::open(folder.index.path()).unwrap();
        let hits = index.search(&Request::new("date:1900..2100 监督北极")).unwrap().hits;
        let hit = hits.into_iter().find(|hit| hit.title == "监督法").unwrap();
        (hit.date.unwrap().to_string(), hit.id.to_string())
    };
    let (date, id) = dated();
    assert_eq!(date, "2006-08-27");
    fs::rename(folder.path().join("法.md"), folder.path().join("法(2024-11-08).md")).unwrap();
    assert_eq!(dated(), ("2024-11-08".to_owned(), id.clone()));
    fs::rename(folder.path().join("法(2024-11-08).md"), folder.path().join("2024-法.md")).unwrap();
    assert_eq!(dated(), ("2006-08-27".to_owned(), id));
}

#[test]
fn skipped_files_are_tried_again_only_when_they_change() {
    let folder = new_folder();
    let home = new_folder();
    let update = || index_folder(folder.path(), &options(home.path()), &mut ()).unwrap();
    fs::write(folder.path().join("坏.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01").unwrap();
    fs::write(folder.path().join("мир.md"), "мир\n").unwrap();
    let reason = |report: &Report| report.skipped.iter().map(|skipped| skipped.reason.to_string()).collect::<Vec<_>>();
    let first = update();
    let second = update();
    assert!(matches!(second.skipped[..], [ref skipped] if matches!(skipped.reason, SkipReason::AsBefore(_))));
    assert_eq!(reason(&second), reason(&first));
    fs::write(folder.path().join("坏.md"), "好\n").unwrap();
    let third = update();
    assert_eq!((third.articles, third.skipped.len()), (2, 0));
    // A limit is a rule like others: only the files that it affects are read again.
    let mut small = options(home.path());
    small.max_file_bytes = 5;
    let limited = index_folder(folder.path(), &small, &mut ()).unwrap();
    assert_eq!((limited.articles, limited.skipped.len(), limited.changes.len()), (1, 1, 1));
    assert_eq!((update().articles, update().skipped.len()), (2, 0));
}

#[test]
fn rules_are_remembered_until_they_are_forgotten() {
    let folder = Folder::of_samples(54);
    let run = |change: fn(&mut Options)| {
        let mut options = options(folder.index.path());
        change(&mut options);
        index_folder(folder.path(), &options, &mut ()).unwrap()
    };
    let all = run(|_| {}).articles;
    let russian = run(|options| options.include = vec!["ru/".to_owned(), "ru/**".to_owned()]).articles;
    assert!(0 < russian && russian < all);
    assert_eq!(run(|_| {}).ending, Ending::Unchanged);
    let none = run(|options| options.exclude = vec!["*.md".to_owned()]);
    assert_eq!((none.articles, none.rules.include.len()), (0, 2));
    assert_eq!(run(|options| options.forget_rules = true).articles, all);
    assert_eq!(run(|_| {}).ending, Ending::Unchanged);
    check_hits(folder.path(), folder.index.path());
    // The encoding affects plain text and Markdown, but not formats that declare their encoding.
    fs::write(folder.path().join("page.html"), "<p>страница</p>").unwrap();
    run(|_| {});
    let read = run(|options| options.encoding = Some("gb18030".to_owned()));
    assert!(read.changes.iter().all(|change| change.path.extension().unwrap() != "html"), "{:?}", read.changes);
    assert_eq!(read.changes.len() as u64, all);
    assert_eq!(run(|options| options.encoding = Some("auto".to_owned())).changes.len() as u64, all);
    check_hits(folder.path(), folder.index.path());
}

/// Interrupts a run after a number of files.
struct After(u64);

impl Progress for After {
    fn done(&mut self, _: u64) {
        self.0 = self.0.saturating_sub(1);
    }

    fn is_interrupted(&mut self) -> bool {
        self.0 == 0
    }
}

#[test]
fn an_interrupted_run_keeps_what_is_done() {
    let folder = Folder::of_samples(55);
    let all = folder.files().len() as u64;
    let interrupt_after =
        |files: u64| index_folder(folder.path(), &options(folder.index.path()), &mut After(files)).unwrap();
    let report = interrupt_after(3);
    let Ending::Interrupted(left) = report.ending else { panic!("{:?}", report.ending) };
    assert_eq!(report.articles + left, all);
    assert!(report.articles >= 3);
    let index = Index::open(folder.index.path()).unwrap();
    assert_eq!(index.status().unwrap().articles, report.articles);
    assert!(!index.status().unwrap().is_finished);
    let output = query_in(folder.path(), &["--index", folder.index.path().to_str().unwrap(), "порт"]);
    assert!(text(&output.stderr).contains("the index is not finished"), "{}", text(&output.stderr));
    assert!(matches!(interrupt_after(2).ending, Ending::Interrupted(less) if less < left));
    assert_eq!(folder.update().articles, all);
    assert!(index.reload().unwrap() && index.status().unwrap().is_finished);
    check_hits(folder.path(), folder.index.path());
    // A rebuild is not visible before it is complete.
    let mut rebuild = options(folder.index.path());
    rebuild.rebuild = true;
    let report = index_folder(folder.path(), &rebuild, &mut After(3)).unwrap();
    assert!(matches!(report.ending, Ending::Interrupted(_)));
    assert_eq!(report.articles, all);
    check_hits(folder.path(), folder.index.path());
}

#[test]
fn a_second_indexer_says_who_holds_the_lock() {
    let folder = Folder::of_samples(56);
    folder.make_old();
    folder.update();
    let path = folder.path().to_str().unwrap();
    let index = folder.index.path().to_str().unwrap();
    let lock = File::options().read(true).write(true).open(folder.index.path().join("lock")).unwrap();
    lock.lock().unwrap();
    // A run that finds nothing changed needs no lock, nor does a search.
    assert_eq!(indexer(&[path, "--index", index]).status.code(), Some(0));
    assert_eq!(query_in(folder.path(), &["--index", index, "порт"]).status.code(), Some(0));
    fs::write(folder.path().join("new.md"), "новое\n").unwrap();
    let output = indexer(&[path, "--index", index]);
    assert_eq!(output.status.code(), Some(2));
    let expected = format!("is being written by process {}\nhint: wait", std::process::id());
    assert!(text(&output.stderr).contains(&expected), "{}", text(&output.stderr));
    drop(lock);
    assert_eq!(indexer(&[path, "--index", index]).status.code(), Some(0));
    assert_eq!(query_in(folder.path(), &["--index", index, "новое"]).status.code(), Some(0));
}

#[test]
fn what_cannot_be_brought_up_to_date_is_made_anew() {
    let folder = Folder::of_samples(57);
    folder.update();
    let meta = folder.index.path().join("1/meta.json");
    let written = fs::read_to_string(&meta).unwrap();
    let generation =
        || folder.index.path().join(fs::read_to_string(folder.index.path().join("current")).unwrap().trim());
    let other = unsealed(&written).replace(&svod_store::schema::stamp(), "svod-0.1");
    fs::write(generation().join("meta.json"), other).unwrap();
    let report = folder.update();
    assert!(report.unusable.unwrap().to_string().contains("another version"));
    for entry in fs::read_dir(generation()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "fast") {
            fs::write(path, "").unwrap();
        }
    }
    let report = folder.update();
    assert!(report.unusable.unwrap().to_string().contains("damaged"));
    assert!(check_hits(folder.path(), folder.index.path()) > 100);
}

#[test]
fn a_folder_that_changes_under_the_run() {
    let mut folder = Folder::of_samples(58);
    let path = folder.path().to_owned();
    let index = folder.index.path().to_owned();
    std::thread::scope(|scope| {
        let editor = scope.spawn(move || {
            for _ in 0..300 {
                folder.edit();
            }
            folder
        });
        while !editor.is_finished() {
            index_folder(&path, &options(&index), &mut ()).unwrap();
        }
        folder = editor.join().unwrap();
        folder.update();
        assert!(check_hits(folder.path(), folder.index.path()) > 100);
        assert_eq!(folder.update().changes, []);
    });
}
