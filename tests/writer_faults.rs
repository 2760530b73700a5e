//! Whatever stops a writer of texts, the index is its last commit; searches see only whole commits.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use svod_indexer::{Added, Ending, IndexError, Progress, Text, Writer, WriterOptions};
use svod_query::{Index, Mode, Request};
use tantivy::Directory;
use tantivy::directory::{INDEX_WRITER_LOCK, META_LOCK, MmapDirectory};

#[cfg(target_os = "linux")]
use crate::faults::SmallDisk;
use crate::faults::{check_nothing_left, kill};
use crate::support::{Numbers, new_folder};
use crate::writer::{files, found};

const TEXTS: usize = 40;

/// Checks that an index has the same version of all texts, and returns it; `None` if there is no index yet.
fn version_of(index: Option<&Index>) -> Option<String> {
    let mut request = Request::new("Peace talks");
    (request.mode, request.limit) = (Mode::Exact, None);
    let hits = index?.search(&request).unwrap().hits;
    let mut versions: Vec<&str> = hits.iter().map(|hit| hit.text.rsplit_once("needle").unwrap().1).collect();
    assert_eq!(versions.len(), TEXTS);
    versions.dedup();
    assert_eq!(versions.len(), 1, "one commit");
    Some(versions[0].to_owned())
}

#[test]
fn killed_at_any_moment() {
    let home = new_folder();
    let index = home.path().join("index");
    let start = |index: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_write-texts"));
        command.arg(index).arg(TEXTS.to_string()).stderr(Stdio::null()).spawn().unwrap()
    };
    // The time of the first commit: kills are spread around it.
    let (started, timed) = (Instant::now(), home.path().join("timed"));
    let child = start(&timed);
    while !timed.join("current").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let first = started.elapsed();
    assert!(kill(child, Duration::ZERO));
    let (mut numbers, mut kills, mut versions) = (Numbers(31), 0_u32, 0);
    while kills < 14 || versions <= 5 {
        assert!(kills < 200, "no commit before any of {kills} kills");
        // On a machine that became slower since, longer lives are needed to see a commit.
        let longest = first * (5 + kills) / 2;
        assert!(kill(start(&index), longest.mul_f64(numbers.below(1_000) as f64 / 1e3)), "it was running");
        kills += 1;
        let opened = Index::open(&index).ok();
        versions += u64::from(version_of(opened.as_ref()).is_some());
        if numbers.below(3) == 0 {
            let mut writer = Writer::open(&index).unwrap();
            assert_eq!(writer.len(), if opened.is_some() { TEXTS } else { 0 });
            if let Some(opened) = opened {
                check_nothing_left(&index, &opened);
                for text in 0..TEXTS {
                    writer.add(Text::new(text.to_string(), "Peace talks, needle停.")).unwrap();
                }
                writer.commit().unwrap();
                assert!(opened.reload().unwrap());
                assert_eq!(version_of(Some(&opened)).as_deref(), Some("停."));
            }
        }
    }
}

#[test]
fn whoever_searches_sees_whole_commits() {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    let mut write = |version: usize| {
        for text in 0..TEXTS {
            writer
                .add(Text::new(text.to_string(), format!("停火。\n\nPeace talks of {text}, needle{version}")))
                .unwrap();
        }
        writer.commit().unwrap();
    };
    write(0);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = || {
            let index = Index::open(home.path()).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) {
                let _ = index.reload().unwrap();
                seen.extend(version_of(Some(&index)));
            }
            seen.len()
        };
        let readers = [scope.spawn(reader), scope.spawn(reader)];
        let started = Instant::now();
        (1..40).for_each(&mut write);
        // For a machine that has not scheduled the readers yet.
        (40..).take_while(|_| started.elapsed() < Duration::from_secs(2)).for_each(&mut write);
        is_over.store(true, Ordering::Relaxed);
        assert!(readers.into_iter().all(|reader| reader.join().unwrap() > 3));
    });
}

/// Interrupts when it was asked a number of times.
struct After(u64);

impl Progress for After {
    fn is_interrupted(&mut self) -> bool {
        let is_over = self.0 == 0;
        self.0 = self.0.saturating_sub(1);
        is_over
    }
}

#[test]
fn a_commit_that_is_interrupted() {
    let mut interrupted = 0;
    for questions in 0..30 {
        let home = new_folder();
        let mut writer = Writer::open(home.path()).unwrap();
        writer.add(Text::new("a", "Peace talks, needle1.")).unwrap();
        writer.commit().unwrap();
        for text in ["b", "c", "d", "e"] {
            let large = "停火谈判。 Переговоры. Peace.\n\n".repeat(4_000);
            writer.add(Text::new(text, format!("{large}Peace talks, needle1."))).unwrap();
        }
        writer.add(Text::new("a", "Peace talks, needle2.")).unwrap();
        let done = writer.commit_with(&mut After(questions)).unwrap();
        match done.ending {
            Ending::UpToDate => assert_eq!(found(home.path()), "a2 b1 c1 d1 e1"),
            Ending::Interrupted(left) => {
                interrupted += 1;
                assert!(left <= 5 && done.articles == 1, "{done:?}");
                assert_eq!((found(home.path()), writer.len()), ("a1".to_owned(), 5));
                if questions % 2 == 0 {
                    // The next commit continues from the interrupted one.
                    writer.remove("e").unwrap();
                    assert_eq!(writer.commit().unwrap().ending, Ending::UpToDate);
                    assert_eq!(found(home.path()), "a2 b1 c1 d1");
                } else {
                    writer.rollback();
                    assert_eq!(writer.paths().collect::<Vec<_>>(), ["a"]);
                    assert_eq!(writer.commit().unwrap().ending, Ending::Unchanged);
                }
            }
            Ending::Unchanged => panic!("there was something to do"),
        }
        check_nothing_left(home.path(), &Index::open(home.path()).unwrap());
    }
    assert!((5..30).contains(&interrupted), "{interrupted}");
}

#[test]
fn one_writer_at_a_time() {
    let home = new_folder();
    let index = home.path().join("нет/索引");
    let mut writer = Writer::open(&index).unwrap();
    writer.add(Text::new("a", "Peace talks, needle1.")).unwrap();
    for other in [Writer::open(&index), Writer::create(&index)] {
        let error = other.unwrap_err();
        assert!(matches!(&error, IndexError::Locked { process: Some(process), .. } if *process == std::process::id()));
        assert!(error.to_string().contains("索引` is being written by process "), "{error}");
    }
    writer.commit().unwrap();
    drop(writer);
    assert_eq!(Writer::open(&index).unwrap().len(), 1);
}

#[test]
fn dropped_without_a_commit() {
    let home = new_folder();
    let mut options = WriterOptions::default();
    options.memory_bytes = 0;
    let sentence = "停火谈判。 Переговоры. Peace.\n\n";
    for is_first in [true, false] {
        let before = files(home.path());
        let mut writer = Writer::open_with(home.path(), &options).unwrap();
        for text in 0..6 {
            writer.add(Text::new(text.to_string(), sentence.repeat(8_000))).unwrap();
        }
        assert!(files(home.path()).len() > before.len(), "segments were begun");
        drop(writer);
        let after: Vec<String> = files(home.path()).into_keys().filter(|name| !before.contains_key(name)).collect();
        let expected: &[&str] = if is_first { &[".gitignore"] } else { &[] };
        assert_eq!(after, expected);
        let mut writer = Writer::open(home.path()).unwrap();
        writer.add(Text::new("a", "Peace talks, needle1.")).unwrap();
        writer.commit().unwrap();
    }
    assert_eq!(found(home.path()), "a1");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let home = new_folder();
    let Some(disk) = SmallDisk::new(home.path(), 2) else {
        crate::support::skipped("a small file system cannot be made here");
        return;
    };
    let index = home.path().join("index");
    let mut options = WriterOptions::default();
    options.memory_bytes = 0;
    let mut writer = Writer::open_with(&index, &options).unwrap();
    writer.add(Text::new("a", "Peace talks, needle1.")).unwrap();
    writer.commit().unwrap();
    let mut numbers = Numbers(61);
    for large in [true, false, true] {
        writer.add(Text::new("a", "Peace talks, needle2.")).unwrap();
        // Random words, which cannot be compressed. Writing fails when texts are added, or with the commit.
        let mut words = || (0..50_000).map(|_| format!("{:x} ", numbers.below(usize::MAX))).collect::<String>();
        let count = if large { 30 } else { 3 };
        let failed = (0..count).find_map(|number| writer.add(Text::new(format!("noise{number}"), words())).err());
        let failed = failed.or_else(|| writer.commit().err()).expect("the disk is full");
        let mut cause: &dyn std::error::Error = &failed;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        assert!(
            failed.to_string().contains("could not be built") && cause.to_string().contains("os error 28"),
            "{cause}"
        );
        assert_eq!((found(&index), writer.len()), ("a1".to_owned(), 1), "the last commit, and room again");
        // The writer can still be used.
        assert_eq!(writer.add(Text::new("a", "Peace talks, needle1.")).unwrap(), Added::Unchanged);
        writer.add(Text::new("b", "Peace talks, needle1.")).unwrap();
        writer.commit().unwrap();
        writer.remove("b").unwrap();
        writer.commit().unwrap();
    }
    disk.grow(200);
    writer.add(Text::new("c", "Peace talks, needle3.")).unwrap();
    writer.commit().unwrap();
    assert_eq!(found(&index), "a1 c3");
}

#[test]
fn locks_of_tantivy_that_another_process_has_are_no_obstacle() {
    let home = new_folder();
    let write = |path: &str| {
        let mut writer = Writer::open(home.path()).unwrap();
        writer.add(Text::new(path, "Peace talks, needle1.")).unwrap();
        writer.commit().unwrap();
    };
    write("a");
    // A child process that is being started holds copies of the locks for a moment.
    let copies = MmapDirectory::open(home.path().join("1")).unwrap();
    let _held = [&INDEX_WRITER_LOCK, &META_LOCK].map(|lock| copies.acquire_lock(lock).unwrap());
    write("b");
    assert_eq!(found(home.path()), "a1 b1");
}
