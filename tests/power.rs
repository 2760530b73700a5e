//! After a power cut the index is a commit: files are synced before the file that names them is written, and that file
//! is synced, too.
//!
//! Checked by the order of system calls, if `strace` can be run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::new_folder;

const CALLS: &str = "trace=openat,write,rename,renameat,renameat2,fsync,fdatasync,mkdir,mkdirat,unlink,unlinkat,rmdir";

/// Files that are not needed, and are made again if they are lost.
const EXPENDABLE: [&str; 4] = ["lock", ".gitignore", "CACHEDIR.TAG", ".managed.json"];

/// Runs the indexer and returns its system calls, each on one line; `None` if `strace` cannot be run.
fn calls(trace: &Path, arguments: &[&str]) -> Option<Vec<String>> {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-y", "-s", "0", "-e", CALLS, "-o"]).arg(trace);
    let run = command.arg(env!("CARGO_BIN_EXE_svod-indexer-under-test")).args(arguments).arg("--quiet").output();
    if !run.is_ok_and(|run| run.status.success()) {
        println!("skipped: strace cannot be run here");
        return None;
    }
    let (mut calls, mut begun) = (Vec::new(), BTreeMap::new());
    for line in fs::read_to_string(trace).unwrap().lines() {
        let (process, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if let Some(call) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(process.to_owned(), call.to_owned());
        } else if let Some((_, rest)) = call.split_once(" resumed>") {
            calls.push(begun.remove(process).unwrap() + rest);
        } else {
            calls.push(call.to_owned());
        }
    }
    // Calls that failed had no effect.
    calls.retain(|call| !call.contains(") = -1 "));
    Some(calls)
}

/// Returns the paths in a call: those of open files, and those in quotation marks.
fn paths(call: &str) -> Vec<PathBuf> {
    let [open, quoted] = [('<', '>'), ('"', '"')].map(|(from, to)| {
        let parts = call.split(from).skip(1).step_by(if from == to { 2 } else { 1 });
        parts.filter_map(move |part| part.split(to).next()).filter(|path| path.starts_with('/')).map(PathBuf::from)
    });
    if call.starts_with("openat")
        || call.starts_with("fsync")
        || call.starts_with("fdatasync")
        || call.starts_with("write")
    {
        open.collect::<Vec<_>>().pop().into_iter().collect()
    } else {
        quoted.collect()
    }
}

/// The state of the disk: what is not synced yet.
#[derive(Default)]
struct Disk {
    /// Files that were written since they were last synced.
    unsynced: BTreeSet<PathBuf>,
    /// Files that were made or renamed since their folders were last synced.
    unnamed: BTreeSet<PathBuf>,
}

impl Disk {
    fn call(&mut self, call: &str, commits: &mut usize) {
        let name = call.split('(').next().unwrap();
        let paths = paths(call);
        match (name, &paths[..]) {
            ("openat", [path]) if call.contains("O_CREAT") => drop(self.unnamed.insert(path.clone())),
            ("write", [path]) => drop(self.unsynced.insert(path.clone())),
            ("mkdir" | "mkdirat", [path]) => drop(self.unnamed.insert(path.clone())),
            ("fsync" | "fdatasync", [path]) => {
                self.unsynced.remove(path);
                self.unnamed.retain(|name| name.parent() != Some(path));
            }
            ("unlink" | "unlinkat" | "rmdir", [path]) => {
                self.unsynced.remove(path);
                self.unnamed.remove(path);
            }
            ("rename" | "renameat" | "renameat2", [from, to]) => {
                assert!(!self.unsynced.contains(from), "{} is named before it is synced", to.display());
                self.unnamed.remove(from);
                if to.ends_with("meta.json") || to.ends_with("current") {
                    *commits += 1;
                    self.check(to.parent().unwrap(), to);
                }
                self.unnamed.insert(to.clone());
            }
            _ => {}
        }
    }

    /// Checks that everything in a folder is synced.
    fn check(&self, folder: &Path, when: &Path) {
        let is_due = |path: &&PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            path.starts_with(folder) && !EXPENDABLE.contains(&name) && *path != when
        };
        let [unsynced, unnamed] =
            [&self.unsynced, &self.unnamed].map(|paths| paths.iter().filter(is_due).collect::<Vec<_>>());
        assert!(unsynced.is_empty() && unnamed.is_empty(), "{}: {unsynced:?} {unnamed:?}", when.display());
    }
}

#[test]
fn a_commit_lasts_and_names_nothing_that_does_not() {
    let above = new_folder();
    let above = fs::canonicalize(above.path()).unwrap();
    let folder = above.join("articles");
    fs::create_dir(&folder).unwrap();
    let index = above.join("new/index");
    for (round, more) in [&[][..], &[], &["--optimize"], &["--rebuild"]].into_iter().enumerate() {
        fs::write(folder.join(format!("{round}.md")), "停火 мир peace\n").unwrap();
        for place in [&[][..], &["--index", index.to_str().unwrap()]] {
            let arguments = [&[folder.to_str().unwrap()], place, more].concat();
            let Some(calls) = calls(&above.join("trace"), &arguments) else { return };
            let (mut disk, mut commits) = (Disk::default(), 0);
            calls.iter().for_each(|call| disk.call(call, &mut commits));
            assert!(commits > 0, "{arguments:?}: it commits");
            disk.unnamed.retain(|path| path.starts_with(&above) && !path.ends_with("trace"));
            disk.unsynced.retain(|path| path.starts_with(&above));
            disk.check(&above, Path::new("the end"));
        }
    }
}
