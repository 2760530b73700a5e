//! Whatever stops an indexer, the index is one of its commits, and the next run continues.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use svod_indexer::{Options, index_folder};
use svod_query::{Index, Mode, Request};

use crate::support::{LARGE, Numbers, indexer, indexer_command, new_folder, query_in, text};
use crate::updates::check_hits;

/// The variable for the number of times that an indexer is killed.
const KILLS: &str = "SVOD_KILLS";

/// Writes an article of forty passages, all of which have its name and version.
fn write_article(folder: &Path, number: usize, version: usize) {
    let path = folder.join(format!("{}/{number}.md", number % 7));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let paragraphs = (0..40).map(|paragraph| {
        format!("第{paragraph}段：停火谈判的第{version}版。Переговоры о мире, абзац {paragraph}. needle{number}v{version}\n\n")
    });
    fs::write(path, paragraphs.collect::<String>()).unwrap();
}

/// Counts the passages of each version of each article in an index.
fn versions(index: &Index, articles: usize, versions: usize) -> BTreeMap<(usize, usize), usize> {
    let mut found = BTreeMap::new();
    for number in 0..articles {
        for version in 0..versions {
            let mut request = Request::new(format!("needle{number}v{version}"));
            (request.mode, request.limit) = (Mode::Exact, None);
            let passages = index.search(&request).unwrap().hits.len();
            if passages > 0 {
                found.insert((number, version), passages);
            }
        }
    }
    found
}

/// Kills a process after a time; returns whether it was still running.
pub(crate) fn kill(mut child: Child, after: Duration) -> bool {
    std::thread::sleep(after);
    let was_running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    was_running
}

#[test]
fn killed_at_any_moment() {
    const ARTICLES: usize = 120;
    let kills = std::env::var(KILLS).map_or(16, |kills| kills.parse().unwrap());
    let folder = new_folder();
    let home = new_folder();
    let mut numbers = Numbers(59);
    let mut version = 0;
    let (mut killed, mut first_runs) = (0, 0);
    let mut index = home.path().join("0");
    (0..ARTICLES).for_each(|number| write_article(folder.path(), number, 0));
    // The time of a whole run: kills are spread over it.
    let started = Instant::now();
    assert!(in_steps(folder.path(), &home.path().join("timed")).spawn().unwrap().wait().unwrap().success());
    let whole = started.elapsed();
    while killed < kills {
        // A third of the runs begin without an index.
        let is_first = numbers.below(3) == 0;
        if is_first {
            fs::remove_dir_all(&index).unwrap_or_default();
            index = home.path().join(killed.to_string());
        } else {
            version += 1;
            for _ in 0..ARTICLES / 2 {
                write_article(folder.path(), numbers.below(ARTICLES), version % 4);
            }
        }
        let after = whole.mul_f64(numbers.below(1_000) as f64 / 1_000.0);
        if !kill(in_steps(folder.path(), &index).spawn().unwrap(), after) {
            continue;
        }
        killed += 1;
        first_runs += u64::from(is_first);
        if let Ok(opened) = Index::open(&index) {
            let mut seen = BTreeMap::new();
            for ((number, version), passages) in versions(&opened, ARTICLES, 4) {
                assert_eq!(passages, 40, "a part of article {number}");
                assert_eq!(seen.insert(number, version), None, "two versions of article {number}");
            }
        }
        // Most next runs are killed too; one in three finishes and is checked.
        if numbers.below(3) == 0 {
            index_folder(folder.path(), &options(&index), &mut ()).unwrap();
            check_hits(folder.path(), &index);
            let opened = Index::open(&index).unwrap();
            assert_eq!(versions(&opened, ARTICLES, 4).len(), ARTICLES);
            check_nothing_left(&index, &opened);
        }
    }
    println!("killed {killed} times, {first_runs} of them first runs");
}

/// Checks that a run has removed the files that earlier runs left behind.
pub(crate) fn check_nothing_left(index: &Path, opened: &Index) {
    let generation = index.join(fs::read_to_string(index.join("current")).unwrap().trim());
    let names: Vec<String> =
        fs::read_dir(&generation).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let stores = names.iter().filter(|name| name.ends_with(".store")).count();
    assert_eq!(stores, opened.status().unwrap().segments, "{names:?}");
}

fn options(index: &Path) -> Options {
    let mut options = Options::default();
    options.index = Some(index.to_owned());
    options
}

fn in_steps(folder: &Path, index: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_in-steps"));
    command.arg(folder).arg(index).stderr(Stdio::null());
    command
}

#[test]
fn a_list_of_deleted_records_that_was_left() {
    let folder = new_folder();
    let index = folder.path().join(".svod");
    let mut options = Options::default();
    // One segment, so that only a small part of it is deleted.
    options.threads = std::num::NonZeroUsize::new(1);
    let run = || index_folder(folder.path(), &options, &mut ()).unwrap();
    let lists = || {
        let names = fs::read_dir(index.join("1")).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter_map(|name| name.into_string().ok()).filter(|name| name.ends_with(".del")).collect::<Vec<_>>()
    };
    (0..20).for_each(|number| write_article(folder.path(), number, 0));
    run();
    let before: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(index.join("1"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    write_article(folder.path(), 3, 1);
    run();
    let list = lists();
    assert_eq!(list.len(), 1);
    // The index before the second run, with its new list: as if that run was killed before its commit.
    let list = (index.join("1").join(&list[0]), fs::read(index.join("1").join(&list[0])).unwrap());
    fs::remove_dir_all(index.join("1")).unwrap();
    fs::create_dir(index.join("1")).unwrap();
    before.iter().chain([&list]).for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
    run();
    check_hits(folder.path(), &index);
}

#[cfg(unix)]
#[test]
fn interrupted_by_the_user() {
    let folder = new_folder();
    (0..3_000).for_each(|number| write_article(folder.path(), number, 0));
    let path = folder.path().to_str().unwrap();
    let child = indexer_command(&[path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Waits until the run has begun to write.
    while !folder.path().join(".svod/1/meta.json").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let signal = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    let output = child.wait_with_output().unwrap();
    let printed = text(&output.stdout);
    assert_eq!(output.status.code(), Some(130), "{printed}");
    assert!(printed.starts_with("interrupted: "), "{printed}");
    let output = indexer(&[path]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("articles  3,000\n"), "{}", text(&output.stdout));
}

/// A small file system, if it may be mounted.
#[cfg(target_os = "linux")]
pub(crate) struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    pub(crate) fn new(at: &Path, megabytes: u32) -> Option<SmallDisk> {
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "svod-test"]).arg(at).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then(|| SmallDisk(at.to_owned()))
    }

    pub(crate) fn grow(&self, megabytes: u32) {
        let size = format!("remount,size={megabytes}m");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let home = new_folder();
    let Some(disk) = SmallDisk::new(home.path(), 3) else {
        crate::support::skipped("a small file system cannot be made here");
        return;
    };
    let folder = new_folder();
    (0..20).for_each(|number| write_article(folder.path(), number, 0));
    let path = folder.path().to_str().unwrap();
    let index = home.path().join("index");
    let run = || indexer(&[path, "--index", index.to_str().unwrap()]);
    assert_eq!(run().status.code(), Some(0));
    (0..20).for_each(|number| write_article(folder.path(), number, 1));
    let mut numbers = Numbers(60);
    for number in 0..40 {
        // Random words, which cannot be compressed.
        let words = (0..20_000).map(|_| format!("{:x} ", numbers.below(usize::MAX)));
        fs::write(folder.path().join(format!("noise{number}.txt")), words.collect::<String>()).unwrap();
    }
    for _ in 0..3 {
        let output = run();
        let printed = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{printed}");
        assert!(printed.contains("hint: make room"), "{printed}");
        let found = versions(&Index::open(&index).unwrap(), 20, 2);
        assert!(found.iter().all(|(&(_, version), &passages)| version == 0 && passages == 40), "{found:?}");
        assert_eq!(found.len(), 20, "the last good index");
    }
    disk.grow(200);
    assert_eq!(run().status.code(), Some(0));
    check_hits(folder.path(), &index);
}

#[cfg(unix)]
#[test]
fn files_that_are_none() {
    let folder = new_folder();
    fs::write(folder.path().join("good.md"), "мир\n").unwrap();
    std::os::unix::fs::symlink("nowhere.md", folder.path().join("broken.md")).unwrap();
    std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
    let pipe = Command::new("mkfifo").arg(folder.path().join("pipe.md")).status();
    assert!(pipe.unwrap().success());
    let path = folder.path().to_str().unwrap();
    for _ in 0..2 {
        let output = indexer(&[path, "--json"]);
        assert_eq!(output.status.code(), Some(1));
        let report: serde_json::Value = serde_json::from_str(&text(&output.stdout)).unwrap();
        let skipped: Vec<&str> =
            report["skipped"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
        assert_eq!(skipped, ["broken.md", "loop", "pipe.md"]);
        assert_eq!(report["articles"], 1);
    }
}

#[test]
fn many_tiny_files() {
    let folder = new_folder();
    let files = if std::env::var_os(LARGE).is_some() { 100_000 } else { 3_000 };
    for number in 0..files {
        let path = folder.path().join(format!("{}", number / 1_000));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join(format!("{number}.txt")), format!("停火 number{number}\n")).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    assert_eq!(indexer(&[path, "--quiet"]).status.code(), Some(0));
    assert_eq!(Index::open(folder.path()).unwrap().status().unwrap().passages, files);
    fs::remove_file(folder.path().join("1/1500.txt")).unwrap();
    assert!(text(&indexer(&[path]).stdout).contains("1 removed"));
    assert_eq!(query_in(folder.path(), &["--exact", "number1500"]).status.code(), Some(1));
}

#[test]
fn a_file_that_is_too_large() {
    let folder = new_folder();
    fs::write(folder.path().join("good.md"), "мир\n").unwrap();
    let sentence = "Стороны договорились продолжать переговоры о прекращении огня. 双方同意继续谈判。\n\n";
    let (megabytes, raised) = if std::env::var_os(LARGE).is_some() { (1_000, "2000") } else { (3, "4") };
    let text_of_it = sentence.repeat(megabytes * 1_000_000 / sentence.len() + 1);
    fs::write(folder.path().join("large.txt"), text_of_it).unwrap();
    let path = folder.path().to_str().unwrap();
    let output = indexer(&[path, "--max-file", "1"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("skipped large.txt: "), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("more than the limit of 1048576"), "{}", text(&output.stderr));
    // With a higher limit the file is indexed, or refused with a reason; the run is never killed.
    let output = indexer(&[path, "--max-file", raised]);
    let printed = text(&output.stderr);
    assert!(output.status.code() == Some(0) || printed.contains("large.txt: needs "), "{printed}");
    assert_eq!(query_in(folder.path(), &["мир"]).status.code(), Some(0));
}
