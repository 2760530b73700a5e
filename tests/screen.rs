//! Search as you type: the real program in a terminal, driven by keys; its screen is compared with golden files.

mod picture;
pub(crate) mod pty;

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use self::pty::{Output, Terminal};
use crate::support::{
    articles, check_golden, golden, index_into, is_renewing, new_folder, query_command, sample_index, text,
};

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";
const ESCAPE: &str = "\x1b";
const CUT_LINE: &str = "\x15";
const CONTROL_C: &str = "\x03";
const F1: &str = "\x1bOP";
const F2: &str = "\x1bOQ";
const F6: &str = "\x1b[17~";
const F7: &str = "\x1b[18~";
const F8: &str = "\x1b[19~";
const F9: &str = "\x1b[20~";

/// The time without changes after which the screen is written to a golden file.
const QUIET: Duration = Duration::from_secs(2);

/// Starts the screen on the sample articles.
fn start(size: (u16, u16), environment: &[(&str, &str)]) -> Terminal {
    start_in(&articles(), &["--index", sample_index()], size, environment)
}

fn start_in(folder: &Path, arguments: &[&str], size: (u16, u16), environment: &[(&str, &str)]) -> Terminal {
    let program = env!("CARGO_BIN_EXE_svod-query-under-test");
    let terminal = Terminal::start(program, arguments, folder, size, environment);
    terminal.shows("Type");
    terminal
}

/// Types a query and waits for its answer. Answers to its beginnings come before it, and each chooses its first
/// passage.
fn ask(terminal: &mut Terminal, query: &str) {
    terminal.types(query);
    let line = format!("› {query}");
    terminal.waits_until(&format!("`{query}` is not answered"), |output| {
        let rows = output.rows();
        rows[0] == line && rows[1].starts_with("─ 1 of ") && rows[1].contains(" ms ")
    });
}

/// Returns a copy of the sample articles with its own index.
fn library() -> TempDir {
    let library = new_folder();
    for language in ["zh", "ru", "en"] {
        let folder = library.path().join(language);
        fs::create_dir(&folder).unwrap();
        for entry in fs::read_dir(articles().join(language)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    index_into(library.path(), &library.path().join(".svod"));
    library
}

/// Waits until the screen equals a golden file.
fn check(terminal: &Terminal, name: &str) {
    let path = format!("golden/screen/{name}.txt");
    if is_renewing() {
        let mut before = String::new();
        while before != masked(&terminal.output()) {
            before = masked(&terminal.output());
            terminal.holds_within(QUIET, |output| masked(output) != before);
        }
        return check_golden(&path, &before);
    }
    let expected = golden(&path);
    if !terminal.holds_within(Duration::from_secs(60), |output| masked(output) == expected) {
        check_golden(&path, &masked(&terminal.output()));
    }
}

/// Returns the screen without the time that a search took.
fn masked(output: &Output) -> String {
    let rows = output.rows();
    let lines = rows.iter().map(|line| match line.split_once(" ms ") {
        Some((before, behind)) if line.starts_with('─') => {
            let before = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            // The rule fills the line behind the time.
            let parts: Vec<&str> = behind.split('─').filter(|part| !part.is_empty()).collect();
            format!("{before}… ms {}", parts.join("─")).trim_end().to_owned()
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn three_languages_at_any_size() {
    let mut terminal = start((120, 40), &[]);
    terminal.types("北极航道 保险");
    check(&terminal, "chinese");
    terminal.types(CUT_LINE);
    terminal.types("экспортные пошл");
    check(&terminal, "russian");
    terminal.resize(80, 30);
    check(&terminal, "russian-80");
    terminal.resize(40, 10);
    check(&terminal, "russian-40");
    terminal.types("\t");
    check(&terminal, "russian-40-passage");
    terminal.resize(120, 40);
    terminal.types("q");
    terminal.types(CUT_LINE);
    terminal.types("cross-border electricity");
    check(&terminal, "english");
    terminal.types(F2);
    check(&terminal, "english-filtered");
    terminal.types(F1);
    check(&terminal, "keys");
    terminal.types(ESCAPE);
    terminal.waits_until("the help is closed", |output| !output.has("Leaving"));
    terminal.types(ESCAPE);
    assert_eq!(terminal.ends(), 0);
    terminal.is_as_before();
}

#[test]
fn pasted_text_is_one_query() {
    let mut terminal = start((100, 30), &[]);
    terminal.waits_until("pasting is told", |output| output.screen().bracketed_paste());
    terminal.types("\x1b[200~北极\r\nполитика\n\x1b[201~");
    terminal.shows("› 北极 политика");
}

#[test]
fn a_passage_opens_in_the_editor_at_its_line() {
    let folder = new_folder();
    let (editor, told) = (folder.path().join("vim"), folder.path().join("told"));
    fs::write(&editor, format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > '{0}.new'\nmv '{0}.new' '{0}'\n", told.display()))
        .unwrap();
    make_executable(&editor);
    let mut terminal = start((120, 30), &[("VISUAL", editor.to_str().unwrap()), ("EDITOR", "no-such-editor")]);
    ask(&mut terminal, "北极航道");
    terminal.types("\r");
    terminal.waits_until("the editor was started", |_| told.exists());
    let told = fs::read_to_string(&told).unwrap();
    let (line, path) = told.trim_end().split_once('\n').unwrap();
    let line: usize = line.strip_prefix('+').unwrap().parse().unwrap();
    let source = fs::read_to_string(path).unwrap();
    assert!(source.lines().nth(line - 1).unwrap().contains("北极"), "{told}");
    terminal.waits_until("the screen is back", |output| output.screen().alternate_screen() && output.has("› 北极航道"));
    terminal.types(ESCAPE);
    assert_eq!(terminal.ends(), 0);
    terminal.is_as_before();
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn without_an_editor_it_says_so() {
    let mut terminal = start((120, 30), &[]);
    ask(&mut terminal, "политика");
    terminal.types("\r");
    terminal.shows("no editor is set: export EDITOR=vim");
}

#[test]
fn marked_passages_become_a_dossier() {
    let library = library();
    let mut terminal = start_in(library.path(), &[], (120, 40), &[]);
    ask(&mut terminal, "北极航道 保险");
    terminal.types(F6);
    terminal.shows("● 1 marked");
    terminal.types(DOWN);
    terminal.shows("2 of ");
    terminal.types(F6);
    terminal.shows("● 2 marked");
    terminal.types(CUT_LINE);
    ask(&mut terminal, "экспортные пошлины");
    terminal.types(F6);
    terminal.shows("● 3 marked");
    terminal.types(F7);
    terminal.shows("─ marked passages");
    check(&terminal, "marked");
    terminal.types(UP);
    terminal.types(ESCAPE);
    terminal.shows("1 of ");
    terminal.types(CONTROL_C);
    terminal.shows("3 marked, not written");
    terminal.types("w");
    terminal.shows("svod-dossier.md");
    terminal.types("\r");
    assert_eq!(terminal.ends(), 0);
    terminal.is_as_before();
    check_golden("golden/screen/dossier.md", &fs::read_to_string(library.path().join("svod-dossier.md")).unwrap());
}

#[test]
fn a_dossier_is_never_written_over_another_file() {
    let library = library();
    fs::write(library.path().join("svod-dossier.md"), "mine").unwrap();
    let mut terminal = start_in(library.path(), &[], (90, 30), &[]);
    ask(&mut terminal, "electricity");
    terminal.types(F6);
    terminal.types(F8);
    terminal.shows("svod-dossier-2.md");
    terminal.types(CUT_LINE);
    terminal.types("svod-dossier.md\r");
    terminal.shows("exists already");
    terminal.types("\r");
    terminal.shows("1 passage written to svod-dossier-2.md");
    assert_eq!(fs::read_to_string(library.path().join("svod-dossier.md")).unwrap(), "mine");
    terminal.types(ESCAPE);
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_passage_is_given_to_the_clipboard() {
    let mut terminal = start((120, 30), &[]);
    ask(&mut terminal, "北极航道");
    terminal.types(F9);
    terminal.shows("given to the terminal's clipboard");
    let output = terminal.output();
    let start = b"\x1b]52;c;";
    assert!(output.bytes.windows(start.len()).any(|bytes| bytes == start));
}

#[test]
fn the_terminal_is_given_back_when_the_program_is_ended() {
    for signal in ["TERM", "HUP", "INT"] {
        let mut terminal = start((100, 30), &[]);
        terminal.types("мир");
        terminal.shows("› мир");
        let killed = std::process::Command::new("kill").args(["-s", signal, &terminal.process().to_string()]).status();
        assert!(killed.unwrap().success());
        assert_eq!(terminal.ends(), 130, "{signal}");
        terminal.is_as_before();
    }
}

#[test]
fn a_program_whose_terminal_is_gone_ends() {
    let program = env!("CARGO_BIN_EXE_svod-query-under-test");
    // Whether the program notices the loss of the terminal by a signal or by an error depends on what it is doing.
    for _ in 0..20 {
        let code = pty::abandoned(program, &["--index", sample_index()], &articles(), "Type");
        assert!([2, 130].contains(&code), "{code}");
    }
}

#[test]
fn without_colours_there_are_none() {
    for (arguments, environment) in [(&["--color", "never"][..], &[][..]), (&[], &[("NO_COLOR", "1")])] {
        let all = [&["--index", sample_index()], arguments].concat();
        let mut terminal = start_in(&articles(), &all, (100, 30), environment);
        terminal.types("北极");
        terminal.shows("1 of ");
        let output = terminal.output();
        let cells = (0..30).flat_map(|row| (0..100).map(move |column| (row, column)));
        let cells: Vec<_> = cells.filter_map(|(row, column)| output.screen().cell(row, column)).collect();
        let is_plain = |cell: &&vt100::Cell| [cell.fgcolor(), cell.bgcolor()] == [vt100::Color::Default; 2];
        assert!(cells.iter().all(is_plain));
        assert!(cells.iter().any(|cell| cell.underline() && cell.contents() == "北"), "what was found is marked");
    }
}

#[test]
fn what_changes_on_disk_is_found() {
    let library = library();
    let mut terminal = start_in(library.path(), &[], (100, 30), &[]);
    terminal.types("гиперборея");
    terminal.shows("nothing found");
    fs::write(library.path().join("ru/new.md"), "# Новое\n\nГиперборея лежит за северным ветром.\n").unwrap();
    index_into(library.path(), &library.path().join(".svod"));
    terminal.shows("Новое");
}

#[test]
fn without_a_terminal_it_says_what_to_do() {
    let output = query_command(&["--index", sample_index()]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: no query\nhint: "), "{}", text(&output.stderr));
    let program = env!("CARGO_BIN_EXE_svod-query-under-test");
    for term in ["dumb", ""] {
        let mut terminal =
            Terminal::start(program, &["--index", sample_index()], &articles(), (80, 24), &[("TERM", term)]);
        terminal.shows("error: no query");
        assert_eq!(terminal.ends(), 2);
        terminal.is_as_before();
    }
}

/// Renews the picture of the README with the golden files.
#[test]
fn a_picture_of_the_screen() {
    let mut terminal = start((120, 32), &[]);
    ask(&mut terminal, "северный морской путь 北极航道");
    terminal.types(DOWN);
    terminal.shows("2 of ");
    terminal.types(F6);
    terminal.shows("● 1 marked");
    terminal.holds_within(if is_renewing() { QUIET } else { Duration::ZERO }, |_| false);
    let picture = picture::svg(terminal.output().screen());
    assert!(picture.contains("морской") && picture.ends_with("</svg>\n"));
    if is_renewing() {
        check_golden("golden/screen/picture.svg", &picture);
    }
}
