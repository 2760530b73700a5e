//! An indexer that goes on and follows a folder.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use crate::support::{indexer_command, new_folder, query_in};

/// An indexer that watches a folder.
struct Watching {
    child: Child,
    said: Lines<BufReader<ChildStderr>>,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Watching {
    /// Starts the program and waits until it watches.
    fn begin(folder: &Path) -> Watching {
        let mut command = indexer_command(&[folder.to_str().unwrap(), "--watch"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut watching = Watching { child, said, lines };
        watching.said_until("watching; Ctrl-C ends it");
        watching.until("search it");
        watching
    }

    /// Reads lines of standard output up to one that begins with `end`.
    fn until(&mut self, end: &str) -> Vec<String> {
        read_until(&mut self.lines, end)
    }

    fn said_until(&mut self, end: &str) -> Vec<String> {
        read_until(&mut self.said, end)
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_until(lines: &mut impl Iterator<Item = std::io::Result<String>>, end: &str) -> Vec<String> {
    let mut seen = Vec::new();
    while !seen.last().is_some_and(|line: &String| line.starts_with(end)) {
        seen.push(lines.next().expect("it goes on").unwrap());
    }
    seen
}

#[test]
fn a_watched_folder() {
    let folder = new_folder();
    fs::write(folder.path().join("a.md"), "первый\n").unwrap();
    let mut watching = Watching::begin(folder.path());
    // Saved like an editor does, through a temporary file, twice.
    for text in ["второй", "второй раз"] {
        fs::write(folder.path().join("b.md.tmp"), text).unwrap();
        fs::rename(folder.path().join("b.md.tmp"), folder.path().join("b.md")).unwrap();
    }
    assert_eq!(watching.until("1 added: 2 articles")[0], "add     b.md");
    assert_eq!(query_in(folder.path(), &["--exact", "второй раз"]).status.code(), Some(0));
    fs::create_dir(folder.path().join("в")).unwrap();
    fs::rename(folder.path().join("a.md"), folder.path().join("в/a.md")).unwrap();
    assert_eq!(watching.until("1 moved")[0], "move    a.md → в/a.md");
    fs::remove_dir_all(folder.path().join("в")).unwrap();
    assert_eq!(watching.until("1 removed: 1 article ")[0], "remove  в/a.md");
    assert!(Command::new("kill").args(["-INT", &watching.child.id().to_string()]).status().unwrap().success());
    assert_eq!(watching.child.wait().unwrap().code(), Some(130));
}

#[test]
fn a_watch_tries_again_what_another_process_kept_it_from() {
    let folder = new_folder();
    fs::write(folder.path().join("a.md"), "первый\n").unwrap();
    let mut watching = Watching::begin(folder.path());
    let lock = File::options().read(true).write(true).open(folder.path().join(".svod/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(folder.path().join("b.md"), "второй\n").unwrap();
    let said = watching.said_until("the index stays as it is");
    assert!(said[0].contains(" is being written by "), "{said:?}");
    drop(lock);
    assert_eq!(watching.until("1 added: 2 articles")[0], "add     b.md");
}

#[test]
fn a_watch_keeps_its_last_commit_while_an_ignore_file_is_wrong() {
    let folder = new_folder();
    fs::create_dir(folder.path().join("drafts")).unwrap();
    fs::write(folder.path().join("a.md"), "первый\n").unwrap();
    fs::write(folder.path().join("drafts/b.md"), "второй\n").unwrap();
    fs::write(folder.path().join(".svodignore"), "drafts/\n").unwrap();
    let mut watching = Watching::begin(folder.path());
    fs::write(folder.path().join(".svodignore"), "drafts/\n[z-a]\n").unwrap();
    let said = watching.said_until("the index stays as it is");
    assert!(said[0].contains(".svodignore`, line 2: pattern `[z-a]`"), "{said:?}");
    assert_eq!(query_in(folder.path(), &["--exact", "второй"]).status.code(), Some(1));
    assert_eq!(query_in(folder.path(), &["--exact", "первый"]).status.code(), Some(0));
    fs::write(folder.path().join(".svodignore"), "a.md\n").unwrap();
    assert_eq!(watching.until("1 added, 1 removed: 1 article ").len(), 3);
}

#[test]
fn a_watched_folder_that_is_made_anew() {
    let above = new_folder();
    let folder = above.path().join("статьи");
    let make = |path: &Path, name: &str| {
        fs::create_dir(path).unwrap();
        fs::write(path.join(name), "первый\n").unwrap();
    };
    make(&folder, "a.md");
    let mut watching = Watching::begin(&folder);
    let (next, gone) = (above.path().join("next"), above.path().join("gone"));
    // The folder disappears in one step: in a folder that is being emptied the indexer would write again.
    let remove = || {
        fs::rename(&folder, &gone).unwrap();
        fs::remove_dir_all(&gone).unwrap();
    };
    // The folder is gone for a while; is removed and made again at once; is replaced by another one.
    let replacements: [&dyn Fn(&mut Watching); 3] = [
        &|watching| {
            remove();
            watching.said_until("error: no folder");
            make(&folder, "б.md");
        },
        &|_| {
            remove();
            make(&folder, "б.md");
        },
        &|_| {
            make(&next, "б.md");
            fs::rename(&folder, &gone).unwrap();
            fs::rename(&next, &folder).unwrap();
        },
    ];
    for replace in replacements {
        replace(&mut watching);
        assert_eq!(watching.until("1 added: 1 article ")[0], "add     б.md");
        fs::write(folder.join("в.md"), "второй\n").unwrap();
        assert_eq!(watching.until("1 added: 2 articles")[0], "add     в.md");
    }
}
