//! Defaults of the user: a file of options, and what wins over it.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::support::{new_folder, query_command, sample_index, text};

/// Runs a query with environment variables.
fn run(variables: &[(&str, &Path)], arguments: &[&str]) -> Output {
    let mut command = query_command(arguments);
    command.env_remove("SVOD_CONFIG").env_remove("XDG_CONFIG_HOME").env_remove("HOME");
    command.envs(variables.iter().copied()).output().unwrap()
}

/// Returns the number of hits that were printed as JSON.
fn hits(output: &Output) -> usize {
    text(&output.stdout).lines().filter(|line| line.starts_with("{\"type\":\"hit\"")).count()
}

#[test]
fn options_of_the_file_are_defaults() {
    let folder = new_folder();
    let file = folder.path().join("svod/query.conf");
    fs::create_dir(folder.path().join("svod")).unwrap();
    let index = sample_index();
    fs::write(&file, format!("\u{feff}# 缺省\r\n\r\n--limit 3\n  --json\n--index = {index}\n--not=судно\n")).unwrap();
    let named: &[(&str, &Path)] = &[("SVOD_CONFIG", &file)];
    let usual: &[(&str, &Path)] = &[("XDG_CONFIG_HOME", folder.path())];
    assert_eq!(hits(&run(named, &["北极"])), 3);
    assert_eq!(hits(&run(usual, &["北极"])), 3);
    assert_eq!(hits(&run(usual, &["北极", "--limit", "5"])), 5, "what is typed wins");
    assert!(text(&run(usual, &["--format", "csv", "порт"]).stdout).starts_with("rank,"), "and over --json");
    assert!(text(&run(usual, &["--status"]).stdout).starts_with("{\"type\":\"status\""));
    let off: &[(&str, &Path)] = &[("SVOD_CONFIG", Path::new("")), ("XDG_CONFIG_HOME", folder.path())];
    assert_eq!(hits(&run(off, &["--index", index, "--json", "北极"])), 10, "an empty name is none");
    assert_eq!(hits(&run(named, &["--no-config", "--index", index, "--json", "北极"])), 10);
    let home = folder.path().join("home");
    fs::create_dir_all(home.join(".config/svod")).unwrap();
    fs::write(home.join(".config/svod/query.conf"), "-n 4\n").unwrap();
    assert_eq!(hits(&run(&[("HOME", &home)], &["--index", index, "--json", "北极"])), 4);
}

#[test]
fn variables_stand_between_the_file_and_what_is_typed() {
    let folder = new_folder();
    let file = folder.path().join("conf");
    fs::write(&file, "--index /нет\n--json\n--exact\n").unwrap();
    let both: &[(&str, &Path)] = &[("SVOD_CONFIG", &file), ("SVOD_INDEX", Path::new(sample_index()))];
    assert_eq!(hits(&run(both, &["北极"])), 10);
    let typed = run(both, &["--literal", "北极 порт"]);
    assert_eq!(hits(&typed), 10, "a default that conflicts with what is typed is left out: {}", text(&typed.stderr));
    let file_alone = run(&both[..1], &["北极"]);
    assert!(text(&file_alone.stderr).contains("no folder `/нет`"));
}

#[test]
fn a_wrong_line_is_named_with_what_to_do() {
    let folder = new_folder();
    let file = folder.path().join("我的.conf");
    for (lines, message) in [
        ("--limit 5\n--limt 20\n", "我的.conf`, line 2: unexpected argument '--limt' found; tip:"),
        ("\n# x\n--format jsn", "line 3: invalid value 'jsn'"),
        ("северный путь", "line 1: `северный путь` is no option: write one as on the command line"),
        ("--status", "line 1: `--status` can only be typed"),
        ("--exact\n--literal", "line 2: the argument '--exact' cannot be used with '--literal'"),
        ("--notes \x1b[31m", "line 1: "),
    ] {
        fs::write(&file, lines).unwrap();
        let output = run(&[("SVOD_CONFIG", &file)], &["--index", sample_index(), "北极"]);
        let printed = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{lines}");
        assert!(printed.contains(message) && printed.contains("hint: correct that line, or search with --no-config"));
        assert!(!printed.contains('\x1b') && !printed.contains("Usage") && output.stdout.is_empty(), "{printed}");
    }
    let missing = run(&[("SVOD_CONFIG", Path::new("/нет"))], &["北极"]);
    assert!(text(&missing.stderr).contains("cannot read the defaults in `/нет`"));
    assert_eq!(run(&[("SVOD_CONFIG", Path::new("/нет"))], &["--help"]).status.code(), Some(0), "help needs no file");
    let named = [("SVOD_INDEX", Path::new("/нет")), ("SVOD_CONFIG", Path::new("/нет"))];
    assert_eq!(run(&named, &["--generate", "man"]).status.code(), Some(0), "nor does the man page need an index");
}
