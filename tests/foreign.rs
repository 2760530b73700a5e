//! Folders that are not trusted: nothing in them may block a run, fill the memory, lead it to other folders, or bring
//! in excluded files.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use encoding_rs::{BIG5, GB18030, KOI8_R, WINDOWS_1251};
use svod_query::{Index, Mode, Request};

use crate::support::{indexer, new_folder, text};

fn write(folder: &Path, path: &str, contents: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, contents).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let folder = folder.to_str().unwrap();
    indexer(&[&[folder], arguments].concat())
}

/// Returns the articles in which a word is found.
fn found(folder: &Path, word: &str) -> BTreeSet<String> {
    let mut request = Request::new(word);
    (request.mode, request.limit) = (Mode::Exact, None);
    let hits = Index::open(folder).unwrap().search(&request).unwrap().hits;
    hits.iter().map(|hit| hit.path.to_str().unwrap().to_owned()).collect()
}

fn paths(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

fn utf16(text: &str, mark: &str) -> Vec<u8> {
    format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn an_ignore_file_is_read_in_any_encoding() {
    let patterns = "# черновики и 草稿: не для поиска\n草稿/\nчерновики/\n*.draft.md\n";
    let chinese = "# 这些草稿不要收录\n草稿/\n内部资料/\n";
    let russian = "# Это не для поиска\nчерновики/\nвнутреннее/\n";
    for (name, bytes, drafts) in [
        ("UTF-8", patterns.as_bytes().to_vec(), ["草稿", "черновики"]),
        ("UTF-8 with a mark", "\u{feff}草稿/\nчерновики/\n".as_bytes().to_vec(), ["草稿", "черновики"]),
        ("UTF-16 with a mark", utf16(patterns, "\u{feff}"), ["草稿", "черновики"]),
        ("UTF-16", utf16(patterns, ""), ["草稿", "черновики"]),
        ("GBK", GB18030.encode(chinese).0.into_owned(), ["草稿", "内部资料"]),
        ("Big5", BIG5.encode("# 這些草稿不要收錄\n草稿/\n內部資料/\n").0.into_owned(), ["草稿", "內部資料"]),
        ("windows-1251", WINDOWS_1251.encode(russian).0.into_owned(), ["черновики", "внутреннее"]),
        ("KOI8-R", KOI8_R.encode(russian).0.into_owned(), ["черновики", "внутреннее"]),
        ("DOS lines", "草稿/\r\nчерновики/\r\n".as_bytes().to_vec(), ["草稿", "черновики"]),
        ("Mac lines", "草稿/\rчерновики/\r".as_bytes().to_vec(), ["草稿", "черновики"]),
    ] {
        for below in ["", "внутри/"] {
            let folder = new_folder();
            write(folder.path(), &format!("{below}good.md"), "停火 good\n");
            for draft in drafts {
                write(folder.path(), &format!("{below}{draft}/a.md"), "停火 draft\n");
            }
            write(folder.path(), &format!("{below}.svodignore"), &bytes);
            let output = run(folder.path(), &[]);
            assert_eq!(output.status.code(), Some(0), "{name}: {}", text(&output.stderr));
            assert_eq!(found(folder.path(), "停火"), paths(&[&format!("{below}good.md")]), "{name}");
        }
    }
}

#[test]
fn an_ignore_file_in_the_encoding_of_the_articles() {
    let folder = new_folder();
    let encoded = |text: &str| GB18030.encode(text).0.into_owned();
    write(folder.path(), "good.txt", encoded("停火谈判的进展\n"));
    write(folder.path(), "草稿/a.txt", encoded("停火谈判的进展\n"));
    write(folder.path(), ".svodignore", encoded("草稿\n"));
    assert_eq!(run(folder.path(), &["--encoding", "gbk"]).status.code(), Some(0));
    assert_eq!(found(folder.path(), "停火谈判"), paths(&["good.txt"]));
}

#[test]
fn an_ignore_file_that_cannot_be_applied_stops_the_run() {
    let noise: Vec<u8> = (0..4_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let (long, many) = (format!("{}\n", "a".repeat(3 << 20)), "a*b\n".repeat(20_000));
    for (contents, expected) in [
        (b"*.tmp\n\n[z-a].md\n".to_vec(), ", line 3: pattern `[z-a].md` cannot"),
        (b"# drafts\n{draft,old\n".to_vec(), ", line 2: pattern `{draft,old` cannot"),
        (b"drafts[\n".to_vec(), ", line 1: pattern `drafts[` cannot"),
        (b"drafts\\\n".to_vec(), ", line 1: pattern `drafts\\` cannot"),
        ("черновики\\старые\n".as_bytes().to_vec(), ", line 1: pattern `черновики\\старые` cannot"),
        (b"ok\n./drafts/\n".to_vec(), ", line 2: pattern `./drafts/` cannot"),
        (b"../drafts\n".to_vec(), ", line 1: pattern `../drafts` cannot"),
        (b"/\n".to_vec(), ", line 1: pattern `/` cannot"),
        (utf16("*.tmp\n[z-a]\n", "\u{feff}"), ", line 2: pattern `[z-a]` cannot"),
        (b"drafts/\n\xff\xfe\x00broken\xc0\xc1\n".to_vec(), " cannot be applied: "),
        (noise, " cannot be applied: "),
        (long.into_bytes(), " cannot be applied: 3145729 bytes, more than the limit of 524288"),
        (many.into_bytes(), " cannot be applied: more than 10000 patterns"),
    ] {
        for below in ["", "a/b/"] {
            let folder = new_folder();
            write(folder.path(), &format!("{below}draft.md"), "停火\n");
            write(folder.path(), &format!("{below}.svodignore"), &contents);
            let output = run(folder.path(), &[]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{expected}: {said}");
            assert!(said.contains(&format!("{below}.svodignore`{expected}")), "{expected}: {said}");
            assert!(said.contains("\nhint: "), "{said}");
            assert!(!folder.path().join(".svod/current").exists(), "nothing came in");
        }
    }
}

#[test]
fn a_wrong_ignore_file_leaves_the_last_commit() {
    let folder = new_folder();
    write(folder.path(), "a.md", "停火\n");
    write(folder.path(), "drafts/b.md", "停火\n");
    write(folder.path(), ".svodignore", "drafts/\n");
    assert_eq!(run(folder.path(), &[]).status.code(), Some(0));
    write(folder.path(), ".svodignore", "drafts/\n[z-a]\n");
    write(folder.path(), "c.md", "停火\n");
    for arguments in [&[][..], &["--dry-run"], &["--rebuild"], &["--include", "*.md"]] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(2), "{arguments:?}");
        assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
    }
}

#[test]
fn patterns_that_can_match_nothing_are_refused() {
    let folder = new_folder();
    write(folder.path(), "a.md", "停火\n");
    write(folder.path(), "drafts/b.md", "停火\n");
    let drafts = folder.path().canonicalize().unwrap().join("drafts");
    let wrong =
        ["[z-a]", "[", "{a", "drafts\\", "drafts\\old", "", "/", "#drafts", "./drafts", drafts.to_str().unwrap()];
    for option in ["--include", "--exclude"] {
        for pattern in wrong {
            let output = run(folder.path(), &[option, pattern]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{option} {pattern}: {said}");
            assert!(said.contains(&format!("pattern `{pattern}` cannot be understood")), "{said}");
            assert!(!folder.path().join(".svod/current").exists());
        }
    }
    let output = run(folder.path(), &["--exclude", "drafts/*", "--exclude", "!drafts/b.md", "--exclude", "a.md"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(found(folder.path(), "停火"), paths(&["drafts/b.md"]));
}

#[test]
fn what_an_ignore_file_names_stays_out_whatever_is_included() {
    let folder = new_folder();
    write(folder.path(), "a.md", "停火\n");
    write(folder.path(), "drafts/b.md", "停火\n");
    write(folder.path(), ".svodignore", "drafts/\n");
    assert_eq!(run(folder.path(), &["--include", "*.md"]).status.code(), Some(0));
    assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
}

/// macOS may write `й` as `и` and a combining breve; a user types one character.
#[test]
fn names_with_accents_that_stand_apart_are_found_and_left_out() {
    let folder = new_folder();
    write(folder.path(), "Новыи\u{306}/a.md", "停火\n");
    write(folder.path(), "Черновои\u{306}/b.md", "停火\n");
    assert_eq!(run(folder.path(), &["--exclude", "Черновой/"]).status.code(), Some(0));
    assert_eq!(found(folder.path(), "停火"), paths(&["Новыи\u{306}/a.md"]));
    let hits = Index::open(folder.path()).unwrap().search(&Request::new("停火 path:новый/")).unwrap().hits;
    assert_eq!(hits.len(), 1);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    fn pipe(path: &Path) {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    }

    fn link(target: impl AsRef<Path>, folder: &Path, path: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// Returns the skipped files with their reasons.
    fn skipped(output: &Output) -> Vec<(String, String)> {
        let report: serde_json::Value = serde_json::from_str(&text(&output.stdout)).unwrap();
        let skipped = report["skipped"].as_array().unwrap().iter();
        let part = |file: &serde_json::Value, name: &str| file[name].as_str().unwrap().to_owned();
        skipped.map(|file| (part(file, "path"), part(file, "reason"))).collect()
    }

    fn check_skipped(output: &Output, expected: &[(&str, &str)]) {
        let skipped = skipped(output);
        let is_as_expected =
            |((path, reason), (name, why)): (&(String, String), &(&str, &str))| path == name && reason.contains(why);
        assert!(
            skipped.len() == expected.len() && skipped.iter().zip(expected).all(is_as_expected),
            "{skipped:?}, but expected {expected:?}"
        );
        assert_eq!(output.status.code(), Some(i32::from(!expected.is_empty())));
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = new_folder();
        write(folder.path(), "good.md", "停火\n");
        fs::create_dir(folder.path().join("in")).unwrap();
        pipe(&folder.path().join("pipe.md"));
        pipe(&folder.path().join("in/pipe.docx"));
        // Not a document by its extension.
        pipe(&folder.path().join("pipe"));
        let _socket = UnixListener::bind(folder.path().join("socket.txt")).unwrap();
        link("/dev/zero", folder.path(), "zero.md");
        link("pipe.md", folder.path(), "to-pipe.html");
        link("/dev/zero", folder.path(), "zero");
        fs::create_dir(folder.path().join("folder.md")).unwrap();
        let expected = ["in/pipe.docx", "pipe.md", "socket.txt", "to-pipe.html", "zero.md"];
        for arguments in [&["--json"][..], &["--json", "--follow"], &["--json", "--rebuild"]] {
            check_skipped(&run(folder.path(), arguments), &expected.map(|path| (path, "not a regular file")));
            assert_eq!(found(folder.path(), "停火"), paths(&["good.md"]));
        }
    }

    #[test]
    fn an_ignore_file_that_is_no_file_stops_the_run() {
        type Make = fn(&Path);
        let make: [(Make, &str); 6] = [
            (pipe, "not a regular file"),
            (|path| symlink("/dev/zero", path).unwrap(), "not a regular file"),
            (|path| symlink("/dev/full", path).unwrap(), "not a regular file"),
            (|path| symlink("nowhere", path).unwrap(), "No such file"),
            (|path| symlink(".svodignore", path).unwrap(), "symbolic links"),
            (|path| fs::create_dir(path).unwrap(), "not a regular file"),
        ];
        for (make, why) in make {
            for below in ["", "a/"] {
                let folder = new_folder();
                write(folder.path(), &format!("{below}draft.md"), "停火\n");
                make(&folder.path().join(below).join(".svodignore"));
                let output = run(folder.path(), &[]);
                let said = text(&output.stderr);
                assert_eq!(output.status.code(), Some(2), "{said}");
                assert!(
                    said.contains(&format!("{below}.svodignore` cannot be applied: ")) && said.contains(why),
                    "{said}"
                );
            }
        }
    }

    #[test]
    fn an_ignore_file_that_may_not_be_read_stops_the_run() {
        let folder = new_folder();
        write(folder.path(), "draft.md", "停火\n");
        write(folder.path(), ".svodignore", "draft*\n");
        let path = folder.path().join(".svodignore");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&path).is_ok() {
            println!("skipped: this user may read everything");
            return;
        }
        let output = run(folder.path(), &[]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("ermission denied"), "{}", text(&output.stderr));
    }

    #[test]
    fn an_ignore_file_may_be_shared_by_a_link() {
        let (shared, folder) = (new_folder(), new_folder());
        write(shared.path(), "patterns", "drafts/\n");
        write(folder.path(), "a.md", "停火\n");
        write(folder.path(), "drafts/b.md", "停火\n");
        link(shared.path().join("patterns"), folder.path(), ".svodignore");
        assert_eq!(run(folder.path(), &[]).status.code(), Some(0));
        assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
    }

    #[test]
    fn each_folder_is_walked_once_however_many_links_lead_to_it() {
        let folder = new_folder();
        let name = |number: usize| format!("дело{number}");
        for number in 0..12 {
            write(folder.path(), &format!("{}/a.md", name(number)), "停火\n");
            for next in 0..12 {
                link(Path::new("..").join(name(next)), folder.path(), &format!("{}/к{next}", name(number)));
            }
        }
        for (target, path) in [(".", "here"), ("..", "дело0/up"), ("дело1/..", "round"), ("дело2/up/дело3", "far")]
        {
            link(target, folder.path(), path);
        }
        symlink("..", folder.path().join("дело2/up")).unwrap();
        let articles: Vec<String> = (0..12).map(|number| format!("{}/a.md", name(number))).collect();
        let articles: Vec<&str> = articles.iter().map(String::as_str).collect();
        for arguments in [&["--json"][..], &["--json", "--follow"]] {
            check_skipped(&run(folder.path(), arguments), &[]);
            assert_eq!(found(folder.path(), "停火"), paths(&articles));
        }
    }

    #[test]
    fn a_file_is_read_once_and_by_its_own_path() {
        let folder = new_folder();
        write(folder.path(), "z/real.md", "停火 real\n");
        link("z", folder.path(), "a");
        link("z/real.md", folder.path(), "a.md");
        link("a.md", folder.path(), "b.md");
        // A file that is not read by its own path is read once, by the first link.
        write(folder.path(), ".store/object", "停火 object\n");
        link("../.store/object", folder.path(), "m/object.md");
        link("../.store/object", folder.path(), "k/object.txt");
        write(folder.path(), ".hidden/deep/c.md", "停火 hidden\n");
        link(".hidden/deep", folder.path(), "shown");
        link(".hidden/deep/c.md", folder.path(), "c.md");
        link(".hidden", folder.path(), "y");
        let expected = paths(&["z/real.md", "k/object.txt", "shown/c.md"]);
        check_skipped(&run(folder.path(), &["--json"]), &[]);
        assert_eq!(found(folder.path(), "停火"), expected);
    }

    #[test]
    fn a_link_does_not_bring_in_what_was_to_stay_out() {
        let folder = new_folder();
        write(folder.path(), "a.md", "停火\n");
        write(folder.path(), "drafts/b.md", "停火\n");
        write(folder.path(), "заметки/c.md", "停火\n");
        write(folder.path(), ".svodignore", "drafts/\n");
        write(folder.path(), "заметки/.svodignore", "/c.md\n");
        link("drafts", folder.path(), "links/x");
        link("../drafts/b.md", folder.path(), "links/b.md");
        link("../заметки/c.md", folder.path(), "links/c.md");
        check_skipped(&run(folder.path(), &["--json"]), &[("links/x", "No such file")]);
        fs::remove_file(folder.path().join("links/x")).unwrap();
        link("../.svod", folder.path(), "links/index");
        link("../drafts", folder.path(), "links/x");
        check_skipped(&run(folder.path(), &["--json"]), &[]);
        assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
        fs::write(folder.path().join(".svodignore"), "").unwrap();
        check_skipped(&run(folder.path(), &["--json", "--exclude", "drafts"]), &[]);
        assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
    }

    #[test]
    fn links_out_of_the_folder_are_named_and_followed_only_when_wished() {
        let above = new_folder();
        let folder = above.path().join("статьи");
        write(&folder, "a.md", "停火\n");
        write(above.path(), "заметки/b.md", "停火\n");
        write(above.path(), "заметки/глубже/c.md", "停火\n");
        write(above.path(), "d.md", "停火\n");
        write(above.path(), "other", "停火\n");
        link("../заметки", &folder, "notes");
        link("../d.md", &folder, "d.md");
        link("../other", &folder, "other");
        link("..", &folder, "up");
        link("nowhere", &folder, "broken");
        link("e.md", &folder, "e.md");
        let left_out = [
            ("broken", "No such file"),
            ("d.md", "a link that leads out of the folder, to `"),
            ("e.md", "symbolic links"),
            ("notes", "a link that leads out of the folder, to `"),
            ("up", "a link that leads out of the folder, to `"),
        ];
        let broken = [left_out[0], left_out[2]];
        check_skipped(&run(&folder, &["--json"]), &left_out);
        assert_eq!(found(&folder, "停火"), paths(&["a.md"]));
        let said = run(&folder, &[]);
        assert!(text(&said.stderr).contains("hint: --follow"), "{}", text(&said.stderr));
        // Each once. A file in a folder that is read is read by its path there, not by a link to the file.
        let all = paths(&["a.md", "notes/b.md", "notes/глубже/c.md", "up/d.md"]);
        check_skipped(&run(&folder, &["--json", "--follow"]), &broken);
        assert_eq!(found(&folder, "停火"), all);
        // The option is remembered, and the summary says so.
        check_skipped(&run(&folder, &["--json"]), &broken);
        assert_eq!(found(&folder, "停火"), all);
        assert!(text(&run(&folder, &[]).stdout).contains("--follow  (remembered"));
        // Files that leave the index are named.
        let left = "leaves the index with `";
        let leaving = [
            left_out[0],
            left_out[1],
            left_out[2],
            left_out[3],
            ("notes/b.md", left),
            ("notes/глубже/c.md", left),
            left_out[4],
            ("up/d.md", left),
        ];
        for back in ["--no-follow", "--forget"] {
            check_skipped(&run(&folder, &["--json", back]), &leaving);
            assert_eq!(found(&folder, "停火"), paths(&["a.md"]), "{back}");
            check_skipped(&run(&folder, &["--json"]), &left_out);
            check_skipped(&run(&folder, &["--json", "--follow"]), &broken);
            assert_eq!(found(&folder, "停火"), all);
        }
    }

    #[test]
    fn what_lies_too_deep_is_named() {
        let folder = new_folder();
        write(folder.path(), "a.md", "停火\n");
        let deep = |top: &str| Path::new(top).join(vec!["д".repeat(100); 12].join("/"));
        for top in ["x", "y"] {
            fs::create_dir_all(folder.path().join(deep(top))).unwrap();
        }
        fs::write(folder.path().join(deep("y")).join("b.md"), "停火\n").unwrap();
        fs::rename(folder.path().join("y"), folder.path().join(deep("x")).join("y")).unwrap();
        let output = run(folder.path(), &["--json"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(matches!(&skipped(&output)[..], [(_, why)] if why.contains("too long")), "{:?}", skipped(&output));
        assert_eq!(found(folder.path(), "停火"), paths(&["a.md"]));
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_not_an_empty_one() {
        let (folder, index) = (new_folder(), new_folder());
        write(folder.path(), "a.md", "停火\n");
        let run = || run(folder.path(), &["--index", index.path().to_str().unwrap()]);
        assert_eq!(run().status.code(), Some(0));
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o300)).unwrap();
        if fs::read_dir(folder.path()).is_ok() {
            println!("skipped: this user may read everything");
            return;
        }
        assert_eq!(run().status.code(), Some(2));
        assert_eq!(found(index.path(), "停火"), paths(&["a.md"]));
    }
}
