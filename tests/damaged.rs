//! Indexes that are damaged, foreign, being replaced or read-only: each gives the
//! right answer, or an error that says what is wrong and what to do.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, SystemTime};

use svod_indexer::{IndexError, Options, Text, Writer, index_folder};
use svod_query::{Index, QueryError, Request};
use tempfile::TempDir;

use crate::support::{
    Numbers, articles, index_into, indexer, new_folder, query_in, read_articles, sample_index, text, unsealed,
};

/// The outcome of a search in a damaged index.
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

    /// The files of the index that are not empty.
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

    /// Searches, and checks that the search ends with right answers, wrong ones, or an error that says what to do.
    fn search(&self, what: &str) -> Outcome {
        let output = self.ask(&[]);
        let errors = text(&output.stderr);
        assert!(!errors.contains("panicked"), "{what}: {errors}");
        match output.status.code() {
            Some(0) if hits(&output) == self.expected => Outcome::Right,
            // With many queries, each is answered or refused by itself.
            Some(0) if String::from_utf8_lossy(&output.stdout).contains(" is damaged (`1/") => Outcome::Refused,
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

/// Copies the files of a folder and of the folders in it.
pub(crate) fn copy(from: &Path, to: &Path) {
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
    let check = Index::check(index.path("")).unwrap();
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
        // The damaged byte may be a line end, or in a file that only the writer reads.
        assert_ne!(outcome, Outcome::Wrong, "{what}");
    }
}

#[test]
fn bits_that_flipped() {
    let index = Copy::new();
    let mut files = index.files();
    files.retain(|path| name(path) != "lock");
    let mut numbers = Numbers(20_261_123);
    let mut refused = 0;
    for flip in 0..300 {
        let path = &files[flip % files.len()];
        let whole = fs::read(path).unwrap();
        // Half of them in the last kilobyte, where files have their tables of contents.
        let from = if flip % 2 == 0 { 0 } else { whole.len().saturating_sub(1000) };
        let (at, bit) = (from + numbers.below(whole.len() - from), numbers.below(8));
        let what = format!("bit {bit} of byte {at} of {} in {}", whole.len(), name(path));
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << bit;
        fs::write(path, flipped).unwrap();
        let outcome = index.search(&what);
        assert_ne!(outcome, Outcome::Wrong, "{what}");
        refused += usize::from(outcome == Outcome::Refused);
        if is_of_segment(path) {
            index.check_names(&name(path), &what);
        }
        fs::write(path, whole).unwrap();
    }
    println!("of 300 flipped bits {refused} were refused, the others changed nothing; --check found all");
    assert!(refused > 50);
    assert_eq!(index.search("all put back"), Outcome::Right);
}

/// A small index of an app's texts: two segments, one of them with deleted records.
fn small_index() -> TempDir {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    for (path, words) in
        [("zh", "停火谈判仍在继续。\n\n双方同意。"), ("ru", "Переговоры о мире."), ("en", "Peace talks.")]
    {
        writer.add(Text::new(path, words).title("停火 Мир Peace").author("Ann")).unwrap();
    }
    writer.commit().unwrap();
    writer.remove("en").unwrap();
    writer.add(Text::new("mixed", "Talks о мире и 停火, 2025.")).unwrap();
    writer.commit().unwrap();
    home
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

/// Returns the hits in an index, in order, with their scores.
fn found(home: &Path) -> Result<String, QueryError> {
    let index = Index::open(home)?;
    let mut told = String::new();
    for query in ["停火 мир peace", "\"о мире\"", "talk*", "title:мир", "-peace kind:body"] {
        for hit in index.search(&Request::new(query))?.hits {
            told += &format!("{query} {:?} {} {} {}\n", hit.path, hit.title, hit.text, hit.score);
        }
    }
    Ok(told)
}

/// Flips bits in every part of every file: each answer is right or refused, and no damaged length makes the program
/// allocate more memory than there is, which would abort this process.
#[test]
fn a_flipped_bit_anywhere() {
    let home = small_index();
    let expected = found(home.path()).unwrap();
    assert!(expected.lines().count() > 8, "{expected}");
    let files = below(&home.path().join("1")).into_iter().chain([home.path().join("current")]);
    let (mut flips, mut refused) = (0, 0);
    for path in files {
        let whole = fs::read(&path).unwrap();
        for at in (0..whole.len()).step_by(5) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at / 5 % 8);
            fs::write(&path, flipped).unwrap();
            let what = format!("byte {at} of {}", name(&path));
            flips += 1;
            match found(home.path()) {
                Ok(found) => assert_eq!(found, expected, "{what}"),
                Err(QueryError::Stopped { panic, .. }) => panic!("{what}: {panic}"),
                Err(_) => refused += 1,
            }
            match Writer::open(home.path()) {
                Ok(writer) => assert_eq!(writer.paths().collect::<Vec<_>>(), ["mixed", "ru", "zh"], "{what}"),
                Err(IndexError::Damaged { .. } | IndexError::OtherVersion { .. }) => {}
                // A bit of the manifest, which names what the index is of.
                Err(error) => assert_eq!(name(&path), "svod.json", "{what}: {error}"),
            }
        }
        fs::write(&path, &whole).unwrap();
    }
    assert!(refused > flips / 2, "{refused} of {flips}");
    assert_eq!(found(home.path()).unwrap(), expected);
}

#[test]
fn files_that_were_exchanged() {
    let home = small_index();
    let expected = found(home.path()).unwrap();
    let files = below(&home.path().join("1"));
    for end in ["idx", "pos", "term", "store", "fast", "fieldnorm"] {
        let pair: Vec<&PathBuf> =
            files.iter().filter(|path| path.extension().is_some_and(|found| found == end)).collect();
        assert_eq!(pair.len(), 2, "{end}");
        let exchange = || {
            let [one, other] = [pair[0], pair[1]].map(|path| fs::read(path).unwrap());
            fs::write(pair[0], other).unwrap();
            fs::write(pair[1], one).unwrap();
        };
        exchange();
        assert!(matches!(found(home.path()), Err(QueryError::Damaged { .. })), "{end}");
        let damaged = Index::check(home.path()).unwrap().damaged;
        let named: Vec<_> = damaged.iter().map(|file| home.path().join(&file.path)).collect();
        assert_eq!(named.iter().collect::<Vec<_>>(), pair, "{end}");
        assert!(matches!(Writer::open(home.path()), Err(IndexError::Damaged { .. })), "{end}");
        exchange();
        assert_eq!(found(home.path()).unwrap(), expected);
    }
}

/// A merge of damaged files, or of files of another segment, would get valid checksums.
#[test]
fn no_segment_is_made_of_files_that_were_exchanged() {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    for number in 0..3 {
        writer.add(Text::new(number.to_string(), format!("停火 мир peace{number}"))).unwrap();
        writer.commit().unwrap();
    }
    let stores: Vec<_> = below(&home.path().join("1"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "store"))
        .collect();
    assert_eq!(stores.len(), 3);
    // Renamed, not overwritten, so that the files that the writer has open stay as they are.
    let aside = home.path().join("1/aside");
    fs::rename(&stores[0], &aside).unwrap();
    fs::rename(&stores[1], &stores[0]).unwrap();
    fs::rename(&aside, &stores[1]).unwrap();
    writer.add(Text::new("3", "停火 мир peace3")).unwrap();
    let committed = writer.commit().unwrap();
    assert!(matches!(committed.unmerged, Some(IndexError::Damaged { .. })), "{committed:?}");
    let damaged = Index::check(home.path()).unwrap().damaged;
    assert_eq!(damaged.len(), 2, "{damaged:?}");
}

/// A folder with an excluded draft, and its index.
fn folder_with_a_draft() -> TempDir {
    let folder = new_folder();
    fs::create_dir(folder.path().join("drafts")).unwrap();
    fs::write(folder.path().join("a.md"), "停火 мир peace\n").unwrap();
    fs::write(folder.path().join("drafts/b.md"), "секрет\n").unwrap();
    let output = indexer(&[folder.path().to_str().unwrap(), "--exclude", "drafts/"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    folder
}

fn has_draft(folder: &Path) -> bool {
    !Index::open(folder).unwrap().search(&Request::new("секрет")).unwrap().hits.is_empty()
}

#[test]
fn options_that_cannot_be_read_are_asked_for() {
    type Damage = fn(&Path);
    let damages: [Damage; 4] = [
        |home| fs::write(home.join("1/meta.json"), "{").unwrap(),
        |home| fs::remove_file(home.join("1/meta.json")).unwrap(),
        |home| {
            let meta = fs::read_to_string(home.join("1/meta.json")).unwrap();
            fs::write(home.join("1/meta.json"), meta.replace("exclude", "exclvde")).unwrap();
        },
        |home| {
            let meta = fs::read_to_string(home.join("1/meta.json")).unwrap();
            let earlier = unsealed(&meta).replace(&svod_store::schema::stamp(), "svod-4.2");
            fs::write(home.join("1/meta.json"), earlier.replace("exclude", "exclvde")).unwrap();
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        for (again, is_in) in [(&["--exclude", "drafts/"][..], false), (&["--forget"], true)] {
            let folder = folder_with_a_draft();
            let path = folder.path().to_str().unwrap();
            damage(&folder.path().join(".svod"));
            for options in [&[path][..], &[path, "--rebuild"], &[path, "--dry-run"], &[path, "--encoding", "gb18030"]] {
                let output = indexer(options);
                let errors = text(&output.stderr);
                assert_eq!(output.status.code(), Some(2), "{number} {options:?}: {errors}");
                assert!(errors.contains("that it remembers cannot be read\nhint: give the patterns of"), "{errors}");
            }
            let output = indexer(&[&[path, "--rebuild"], again].concat());
            assert_eq!(output.status.code(), Some(0), "{number} {again:?}: {}", text(&output.stderr));
            assert_eq!(has_draft(folder.path()), is_in, "{number} {again:?}");
        }
    }
}

#[test]
fn an_index_that_is_made_anew_remembers_its_options() {
    let damage_store = |home: &Path| {
        let store = below(&home.join("1")).into_iter().find(|path| path.extension().is_some_and(|end| end == "fast"));
        fs::write(store.unwrap(), "").unwrap();
    };
    let make_earlier = |home: &Path| {
        let meta = fs::read_to_string(home.join("1/meta.json")).unwrap();
        fs::write(home.join("1/meta.json"), unsealed(&meta).replace(&svod_store::schema::stamp(), "svod-4.2")).unwrap();
    };
    for damage in [damage_store, make_earlier] {
        for options in [&[][..], &["--rebuild"]] {
            let folder = folder_with_a_draft();
            damage(&folder.path().join(".svod"));
            let output = indexer(&[&[folder.path().to_str().unwrap()], options].concat());
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert!(text(&output.stdout).contains("--exclude drafts/") && text(&output.stderr).is_empty());
            assert!(!has_draft(folder.path()));
        }
    }
}

#[test]
fn a_flipped_bit_is_no_obstacle_to_making_an_index_anew() {
    let folder = folder_with_a_draft();
    let path = folder.path().to_str().unwrap();
    let generation = || {
        let home = folder.path().join(".svod");
        home.join(fs::read_to_string(home.join("current")).unwrap().trim())
    };
    let mut numbers = Numbers(20_261_127);
    for flip in 0..60 {
        let files: Vec<_> = below(&generation()).into_iter().filter(|path| name(path) != "svod.json").collect();
        let file = &files[flip % files.len()];
        let mut bytes = fs::read(file).unwrap();
        let at = numbers.below(bytes.len());
        bytes[at] ^= 1 << numbers.below(8);
        fs::write(file, bytes).unwrap();
        let what = format!("byte {at} of {}", name(file));
        let output = indexer(&[path, "--rebuild", "--exclude", "drafts/"]);
        assert_eq!(output.status.code(), Some(0), "{what}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "", "{what}");
        assert!(!has_draft(folder.path()), "{what}");
        assert_eq!(Index::check(folder.path()).unwrap().damaged, [], "{what}");
    }
}

/// tantivy removes the files that `.managed.json` names and no commit has.
#[test]
fn a_list_of_files_to_remove_that_somebody_else_wrote() {
    let folder = folder_with_a_draft();
    let thesis = folder.path().join("thesis.draft");
    fs::write(&thesis, "three years of work").unwrap();
    let list = [thesis.to_str().unwrap(), "../../thesis.draft"].map(|name| format!("\"{name}\"")).join(",");
    for (round, list) in [format!("[{list}]"), "停火".to_owned(), "[1]".to_owned()].into_iter().enumerate() {
        fs::write(folder.path().join(".svod/1/.managed.json"), list).unwrap();
        fs::write(folder.path().join("a.md"), format!("停火 мир {round}\n")).unwrap();
        let output = indexer(&[folder.path().to_str().unwrap(), "--optimize"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("1 changed") && thesis.exists());
        assert_eq!(fs::read_to_string(folder.path().join(".svod/current")).unwrap(), "1\n", "no need to make it anew");
    }
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
        "1/meta.json",
        &unsealed(&fs::read_to_string(index.path("1/meta.json")).unwrap()),
        "is not as it was written",
    );
    check(
        "1/svod.json",
        "{\"svod_format\":2}",
        "made by another version of svod (format 2, but this program reads format 1)",
    );
    check("1/svod.json", "{}", "is damaged (`1/svod.json` is not as it was written)");
    let meta = fs::read_to_string(index.path("1/meta.json")).unwrap();
    let stamp = svod_store::schema::stamp();
    check(
        "1/meta.json",
        &unsealed(&meta).replace(&stamp, "svod-99.0"),
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
                // The index is rebuilt, or updated with the new time of a file.
                options.rebuild = round % 3 == 0;
                let article = File::options().write(true).open(folder.path().join("zh/beiji-hangdao.md")).unwrap();
                article.set_modified(SystemTime::now() - Duration::from_secs(round * 1_000)).unwrap();
                index_folder(folder.path(), &options, &mut ()).unwrap();
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
