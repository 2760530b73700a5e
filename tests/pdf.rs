//! PDF files, and the program that reads them: however it ends, no file is lost or half read, and no process is left.
//!
//! The `pdftotext` of these tests runs the file as a shell script, which prints pages with `page`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use svod_query::{Index, Request};

use crate::support::{indexer_command, new_folder, text};

/// A shell function that prints a page of one word.
const PAGE: &str = r#"page() {
    echo '<page width="600" height="800">'
    echo "<word xMin=\"60\" yMin=\"60\" xMax=\"160\" yMax=\"70\">$1</word>"
    echo '</page>'
}"#;

/// A script that names an author, whom the page must name too.
const INFO: &str = "printf 'Author: whole\\n'";

/// A folder of articles, and a folder of programs that come first in `PATH`.
struct Place {
    folder: tempfile::TempDir,
    programs: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        let place = Place { folder: new_folder(), programs: new_folder() };
        place.program("pdftotext", &format!("{PAGE}\n. \"$5\""));
        place.program("pdfinfo", INFO);
        place
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.programs.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Writes a file with the same time as all others.
    fn write(&self, name: &str, content: &str) {
        let path = self.folder.path().join(name);
        fs::write(&path, format!("#%PDF-1.4\n{content}")).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
    }

    /// Returns the path of a file that scripts read or write.
    fn note(&self, name: &str) -> PathBuf {
        self.programs.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = indexer_command(&[self.folder.path().to_str().unwrap()]);
        let system = std::env::var_os("PATH").unwrap_or_default();
        let paths = [self.programs.path().to_owned()].into_iter().chain(std::env::split_paths(&system));
        command.args(arguments).env("PATH", std::env::join_paths(paths).unwrap()).env("NOTES", self.programs.path());
        command
    }

    /// Runs the indexer and returns its exit code and standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command(arguments).output().unwrap();
        (output.status.code().unwrap(), text(&output.stderr))
    }

    fn finds(&self, words: &str) -> bool {
        let index = Index::open(self.folder.path()).unwrap();
        !index.search(&Request::new(words)).unwrap().hits.is_empty()
    }
}

#[test]
fn what_passes_is_tried_again() {
    for (script, reason) in [
        ("page 'Half a text'; kill -TERM $$", "was killed or crashed"),
        ("page 'Half a text'; kill -SEGV $$", "was killed or crashed"),
        ("page 'Half a text'; kill -KILL $$", "was killed or crashed"),
        ("page 'Half a text'; exit 137", "was killed or crashed"),
        ("page 'Half a text'; echo 'Out of memory' >&2; exit 1", "needs more memory"),
        ("page 'Half a text'; echo 'Cannot fork' >&2; exit 2", "cannot be run: Cannot fork"),
    ] {
        let place = Place::new();
        place.write("a.pdf", &format!("if [ -e \"$NOTES/whole\" ]; then page 'Whole text'; else {script}; fi"));
        for _ in 0..2 {
            let (code, said) = place.run(&[]);
            assert_eq!(code, 1, "{script}: {said}");
            assert!(said.contains("skipped a.pdf: `pdftotext` ") && said.contains(reason), "{script}: {said}");
            assert!(!place.finds("half"), "{script}");
        }
        fs::write(place.note("whole"), "").unwrap();
        assert_eq!(place.run(&[]), (0, String::new()), "{script}");
        assert!(place.finds("whole"), "{script}");
        assert!(text(&place.command(&[]).output().unwrap().stdout).contains("nothing changed"), "{script}");
    }
}

#[test]
fn what_the_file_is_to_blame_for_is_remembered() {
    let place = Place::new();
    place.write("damaged.pdf", "echo run >> \"$NOTES/runs\"; page 'As far as it goes'; exit 1");
    place.write("locked.pdf", "echo run >> \"$NOTES/runs\"; echo 'Incorrect password' >&2; exit 1");
    place.write("noisy.pdf", "echo run >> \"$NOTES/runs\"; yes 'Syntax Error' | head -c 9000000 >&2; exit 1");
    let (code, said) = place.run(&[]);
    assert!(code == 1 && said.contains("skipped locked.pdf: encrypted\n"), "{said}");
    assert!(said.lines().all(|line| line.len() < 500), "{said}");
    assert_eq!(place.run(&[]).0, 1);
    assert!(place.finds("far"));
    assert_eq!(fs::read_to_string(place.note("runs")).unwrap().lines().count(), 3);
}

#[test]
fn a_program_that_cannot_be_started() {
    let place = Place::new();
    place.write("a.pdf", "page 'Whole text'");
    let program = place.programs.path().join("pdftotext");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
    // The shell would go on to a program of the system.
    let output = place.command(&[]).env("PATH", place.programs.path()).output().unwrap();
    let (code, said) = (output.status.code().unwrap(), text(&output.stderr));
    assert!(code == 1 && said.contains("skipped a.pdf: `pdftotext` cannot be run"), "{said}");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(place.run(&[]), (0, String::new()));
    assert!(place.finds("whole"));
}

#[test]
fn what_a_file_says_of_itself_is_asked_again() {
    let place = Place::new();
    place.write("a.pdf", "page 'Whole text'");
    place.program("pdfinfo", "kill -TERM $$");
    let (code, said) = place.run(&[]);
    assert_eq!(code, 0);
    assert!(said.contains("repaired a.pdf: `pdfinfo` "), "{said}");
    assert!(place.finds("whole") && !place.finds("whole author:whole"));
    place.program("pdfinfo", INFO);
    assert_eq!(place.run(&[]).0, 0);
    assert!(place.finds("whole author:whole"));
}

/// A script that starts another process and hangs.
const HANGS: &str = "sleep 1000 & echo $! > \"$NOTES/below\"; echo $$ > \"$NOTES/running\"; wait";

/// Starts the indexer, and waits until it is reading the file.
fn start(place: &Place, file: &str) -> Child {
    place.write(file, HANGS);
    let child = place.command(&[]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    wait_until(|| fs::read_to_string(place.note("running")).is_ok_and(|number| number.ends_with('\n')));
    child
}

fn wait_until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn send(signal: &str, to: &Child) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &to.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// Returns whether the process whose number is in a file is running, and not a zombie.
fn is_running(note: &Path) -> bool {
    let number = fs::read_to_string(note).unwrap();
    let state = Command::new("ps").args(["-o", "stat=", "-p", number.trim()]).output().unwrap();
    let state = text(&state.stdout);
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

#[test]
fn however_a_run_ends_nothing_is_left_running() {
    for signals in [&["INT"][..], &["TERM"], &["KILL"], &["INT", "INT"]] {
        let place = Place::new();
        place.write("b.md", "Мир.\n");
        let child = start(&place, "a.pdf");
        signals.iter().for_each(|signal| send(signal, &child));
        let output = child.wait_with_output().unwrap();
        if signals != ["KILL"] {
            assert_eq!(output.status.code(), Some(130), "{signals:?}: {}", text(&output.stdout));
        }
        // The system may take a moment to end killed processes.
        wait_until(|| !is_running(&place.note("running")) && !is_running(&place.note("below")));
        // The file has the same size and time, so that only the index decides whether it is read.
        place.write("a.pdf", &format!("{:<1$}", "page 'Whole text' #", HANGS.len()));
        assert_eq!(place.run(&[]), (0, String::new()), "{signals:?}");
        assert!(place.finds("whole") && place.finds("мир"), "{signals:?}");
    }
}

#[test]
fn a_file_that_hangs_costs_its_own_time_only() {
    let place = Place::new();
    // Each waits for the last file in the order of the paths.
    for name in ["a.pdf", "b.pdf", "c.pdf"] {
        place.write(name, "until [ -e \"$NOTES/last\" ]; do sleep 0.01; done; page 'Late text'");
    }
    for number in 0..20 {
        place.write(&format!("d{number}.md"), "Мир.\n");
    }
    place.write("e.pdf", ": > \"$NOTES/last\"; page 'Last text'");
    assert_eq!(place.run(&["--threads", "1"]), (0, String::new()));
    assert!(place.finds("late") && place.finds("last") && place.finds("мир"));
}

#[test]
fn output_and_memory_are_bounded() {
    let place = Place::new();
    place.write("endless.pdf", "yes 'text without end'");
    place.write("modest.pdf", "ulimit -v > \"$NOTES/memory\"; page 'Modest text'");
    let (code, said) = place.run(&[]);
    assert!(code == 1 && said.contains("skipped endless.pdf: ") && said.lines().count() == 1, "{said}");
    assert!(place.finds("modest"));
    // macOS has the limit but does not enforce it.
    let limit = fs::read_to_string(place.note("memory")).unwrap();
    assert!(limit.trim() == "1048576" || cfg!(target_os = "macos"), "{limit}");
}
