//! Indexes that are damaged, foreign, being replaced, or must not be written:
//! the right answer, or a sentence that says what is wrong and what to do.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, SystemTime};

use svod_indexer::{Options, index_folder};
use svod_query::{Index, QueryError, Request};
use tempfile::TempDir;

use crate::support::{Numbers, articles, index_into, new_folder, query_in, read_articles, sample_index, text};

/// What damage does to a search.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Right,
    Refused,
    Wrong,
}

/// A copy of the index of the sample articles, to be damaged.
struct Copy {
    folder: TempDir,
    expected: String,
}

const QUERIES: [&str; 8] = [
    "北极航道",
    "\"безопасности\"",
    "inspection* port",
    "+能源 -合作",
    "kind:note",
    "сотрудничество~",
    "title:港 lang:zh",
    "的",
];

impl Copy {
    fn new() -> Copy {
        let folder = new_folder();
        let index = folder.path().join("index");
        fs::create_dir(&index).unwrap();
        copy(sample_index().as_ref(), &index);
        let mut copy = Copy { folder, expected: String::new() };
        let output = copy.ask(&[]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        copy.expected = hits(&output);
        assert!(copy.expected.lines().count() > 40);
        copy
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("index").join(name)
    }

    /// The files of the index that hold anything.
    fn files(&self) -> Vec<PathBuf> {
        let below =
            |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        let all = [below(&self.path("")), below(&self.path("1"))].concat();
        let mut files: Vec<_> =
            all.into_iter().filter(|path| path.is_file() && path.metadata().unwrap().len() > 0).collect();
        files.sort();
        files
    }

    fn ask(&self, arguments: &[&str]) -> Output {
        let queries = self.folder.path().join("queries.txt");
        if !queries.exists() {
            fs::write(&queries, QUERIES.join("\n")).unwrap();
        }
        let index = self.path("");
        let index = index.to_str().unwrap();
        let asked: &[&str] = if arguments.is_empty() {
            &["--json", "--notes", "--limit", "0", "--queries", queries.to_str().unwrap()]
        } else {
            arguments
        };
        query_in(self.folder.path(), &[&["--index", index], asked].concat())
    }

    /// Searches, and checks that it ends with the same answers, other ones, or an error that says what to do.
    fn search(&self, what: &str) -> Outcome {
        let output = self.ask(&[]);
        let errors = text(&output.stderr);
        assert!(!errors.contains("panicked"), "{what}: {errors}");
        match output.status.code() {
            Some(0) if hits(&output) == self.expected => Outcome::Right,
            Some(0) => Outcome::Wrong,
            Some(2) => {
                assert!(errors.starts_with("error: "), "{what}: {errors}");
                assert!(errors.contains("\nhint: "), "{what}: {errors}");
                Outcome::Refused
            }
            other => panic!("{what}: ended with {other:?}: {errors}"),
        }
    }

    /// Checks that `--status --check` names a damaged file.
    fn check_names(&self, name: &str, what: &str) {
        let output = self.ask(&["--status", "--check"]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {errors}");
        assert!(errors.contains("is damaged") && errors.contains(name), "{what}: {errors}");
        assert!(errors.contains("hint: make it anew: run `svod-indexer FOLDER --rebuild`"), "{what}: {errors}");
    }
}

/// The hits that were printed, without the times.
fn hits(output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    printed.lines().filter(|line| line.starts_with("{\"type\":\"hit\"")).map(|line| format!("{line}\n")).collect()
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn is_of_segment(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.len() == 32)
}

#[test]
fn a_whole_index_is_called_whole() {
    let index = Copy::new();
    let output = index.ask(&["--status", "--check"]);
    assert!(text(&output.stdout).contains("checked"), "{}", text(&output.stderr));
    let output = index.ask(&["--status", "--check", "--json"]);
    assert!(text(&output.stdout).contains("\"checked\":{\"files\":"));
    let check = Index::check(&index.path("")).unwrap();
    assert!(check.files > 6 && check.bytes > 100_000 && check.damaged.is_empty());
}

#[test]
fn files_that_are_empty_or_cut_or_missing() {
    let index = Copy::new();
    for path in index.files() {
        let whole = fs::read(&path).unwrap();
        for left in [0, whole.len() / 2, whole.len() - 1] {
            let what = format!("{} cut to {left} bytes", name(&path));
            fs::write(&path, &whole[..left]).unwrap();
            check_refused(&index, &path, &what);
        }
        fs::remove_file(&path).unwrap();
        check_refused(&index, &path, &format!("{} missing", name(&path)));
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(index.search("all put back"), Outcome::Right);
}

fn check_refused(index: &Copy, path: &Path, what: &str) {
    let outcome = index.search(what);
    if is_of_segment(path) {
        assert_eq!(outcome, Outcome::Refused, "{what}");
        index.check_names(&name(path), what);
    } else {
        // The last byte of a small file may be its line end; others are only the writer's.
        assert_ne!(outcome, Outcome::Wrong, "{what}");
    }
}

#[test]
fn bits_that_flipped() {
    let index = Copy::new();
    let mut files = index.files();
    files.retain(|path| is_of_segment(path));
    let mut numbers = Numbers(20_261_123);
    let mut counts = [0; 3];
    for flip in 0..300 {
        let path = &files[flip % files.len()];
        let whole = fs::read(path).unwrap();
        // Half of them in the last kilobyte, where the tables of contents are.
        let from = if flip % 2 == 0 { 0 } else { whole.len().saturating_sub(1000) };
        let (at, bit) = (from + numbers.below(whole.len() - from), numbers.below(8));
        let what = format!("bit {bit} of byte {at} of {} in {}", whole.len(), name(path));
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << bit;
        fs::write(path, flipped).unwrap();
        counts[index.search(&what) as usize] += 1;
        index.check_names(&name(path), &what);
        fs::write(path, whole).unwrap();
    }
    let [right, refused, wrong] = counts;
    println!(
        "of 300 flipped bits {right} changed nothing, {refused} were refused, {wrong} gave other hits; --check found all"
    );
    assert_eq!(index.search("all put back"), Outcome::Right);
}

#[test]
fn foreign_and_other_versions() {
    let index = Copy::new();
    let check = |file: &str, contents: &str, expected: &str| {
        let path = index.path(file);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, contents).unwrap();
        let output = index.ask(&["мир"]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(expected) && errors.contains("\nhint: "), "{errors}");
        fs::write(&path, whole).unwrap();
    };
    check("current", "7\n", "is damaged (`7/meta.json` is missing)");
    check("current", "停火", "is damaged (`current` names no generation)");
    check(
        "1/svod.json",
        "{\"svod_format\":2}",
        "made by another version of svod (format 2, but this program reads format 1)",
    );
    check("1/svod.json", "{}", "is damaged (`1/svod.json` is not as it was written)");
    let meta = fs::read_to_string(index.path("1/meta.json")).unwrap();
    let stamp = svod_corpus::schema::stamp();
    check(
        "1/meta.json",
        &meta.replace(&stamp, "svod-99.0"),
        "made by another version of svod (made by version `svod-99.0`",
    );
    check("1/meta.json", &meta.replace("\"title\"", "\"titel\""), "is damaged");
    let foreign = new_folder();
    fs::write(foreign.path().join("current"), "a note\n").unwrap();
    assert!(matches!(Index::open(foreign.path()), Err(QueryError::NotAnIndex(_))));
    assert!(matches!(Index::check(foreign.path()), Err(QueryError::NotAnIndex(_))));
}

#[test]
fn what_is_searched_is_not_written() {
    let index = Copy::new();
    let listing = || -> BTreeSet<_> {
        let all = index.files().into_iter();
        all.map(|path| (path.metadata().unwrap().modified().unwrap(), path)).collect()
    };
    let names = || fs::read_dir(index.path("1")).unwrap().count();
    let before = (listing(), names());
    assert_eq!(index.search("a search"), Outcome::Right);
    assert_eq!(index.ask(&["--status", "--check"]).status.code(), Some(0));
    assert_eq!((listing(), names()), before);
}

#[test]
fn searching_while_the_index_is_written() {
    let (folder, home) = (new_folder(), new_folder());
    for (path, source, _) in read_articles(&articles()) {
        fs::create_dir_all(folder.path().join(&path).parent().unwrap()).unwrap();
        fs::write(folder.path().join(path), source).unwrap();
    }
    let opened = index_into(folder.path(), home.path());
    let request = Request::new("北极航道 безопасность inspections");
    let found = |index: &Index| -> Vec<String> {
        index.search(&request).unwrap().hits.iter().map(|hit| hit.id.to_string()).collect()
    };
    let expected = found(&opened);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut options = Options::default();
            options.index = Some(home.path().to_owned());
            for round in 1..=12 {
                // Made anew, and brought up to date: another time of a file is noted.
                options.rebuild = round % 3 == 0;
                let article = File::options().write(true).open(folder.path().join("zh/beiji-hangdao.md")).unwrap();
                article.set_modified(SystemTime::now() - Duration::from_secs(round * 1_000)).unwrap();
                index_folder(folder.path(), &options, &()).unwrap();
            }
        });
        let clone = opened.clone();
        let mut reloads = 0;
        while !writer.is_finished() {
            assert_eq!(found(&Index::open(home.path()).unwrap()), expected);
            reloads += usize::from(opened.reload().unwrap());
            assert_eq!(found(&clone), expected);
            assert!(Index::check(home.path()).unwrap().damaged.is_empty());
        }
        opened.reload().unwrap();
        assert!(!clone.reload().unwrap(), "clones share what was reloaded");
        assert!(reloads > 0);
    });
}
