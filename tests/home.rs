//! The ownership of an index folder: nothing foreign is overwritten or removed, and each run leaves the folder
//! complete.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, SystemTime};

use svod_indexer::{Ending, Foreign, IndexError, Options, Text, Writer, index_folder};
use svod_query::{Index, Request};
use tempfile::TempDir;

use crate::support::{indexer, new_folder, query_in, text};

/// A folder of two articles, and the place of an index beside it.
pub(crate) struct Place {
    above: TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        let place = Place { above: new_folder() };
        fs::create_dir(place.folder()).unwrap();
        for (name, contents) in [("мир.md", "Переговоры о мире.\n"), ("draft.md", "Тайный черновик.\n")]
        {
            let path = place.folder().join(name);
            fs::write(&path, contents).unwrap();
            // Old times, which prove that a file is unchanged: a recent time would be written to the index by a later
            // run.
            let file = File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(100)).unwrap();
        }
        place
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.above.path().join("статьи")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.above.path().join("index")
    }

    pub(crate) fn inside(&self) -> PathBuf {
        self.folder().join(".svod")
    }

    /// Runs the program on the folder, with the index in its own place or in the folder.
    pub(crate) fn run(&self, index: &Path, more: &[&str]) -> Output {
        let folder = self.folder();
        let mut arguments = vec![folder.to_str().unwrap()];
        if index != self.inside() {
            arguments.extend(["--index", index.to_str().unwrap()]);
        }
        indexer(&[&arguments[..], more].concat())
    }

    /// Makes an index with a rule that it remembers.
    pub(crate) fn with_index(index: At) -> Place {
        let place = Place::new();
        assert_eq!(place.run(&index(&place), &["--exclude", "draft*"]).status.code(), Some(0));
        place
    }
}

/// A function that returns the path of the index of a place.
pub(crate) type At = fn(&Place) -> PathBuf;

/// Returns everything in a folder by path: the contents of files, the targets of links, nothing for folders.
pub(crate) fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let kind = path.symlink_metadata().unwrap().file_type();
        let contents = match () {
            () if kind.is_symlink() => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            () if kind.is_file() => fs::read(&path).unwrap(),
            () => Vec::new(),
        };
        if kind.is_dir() {
            all.extend(tree(&path));
        }
        all.insert(path, contents);
    }
    all
}

/// Writes files, and makes folders for names that end in `/`.
fn write(folder: &Path, entries: &[(&str, &str)]) {
    for (name, contents) in entries {
        let path = folder.join(name);
        fs::create_dir_all(if name.ends_with('/') { &path } else { path.parent().unwrap() }).unwrap();
        if !name.ends_with('/') {
            fs::write(path, contents).unwrap();
        }
    }
}

/// Checks that a run was refused, with a hint, and changed nothing.
fn check_refused(place: &Place, index: &Path, named: &str) {
    let before = tree(place.above.path());
    for more in [&[][..], &["--rebuild"], &["--dry-run"], &["--optimize"]] {
        let output = place.run(index, more);
        let printed = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{named} {more:?}: {}{printed}", text(&output.stdout));
        assert!(printed.contains(named) && printed.contains("\nhint: "), "{named}: {printed}");
        assert!(tree(place.above.path()) == before, "{named} {more:?}: something was written");
    }
}

/// Replaces a file or folder.
fn put(folder: &Path, name: &str, contents: &str) {
    let path = folder.join(name.trim_end_matches('/'));
    if path.is_file() {
        fs::remove_file(&path).unwrap();
    }
    write(folder, &[(name, contents)]);
}

const SEGMENT: &str = "0123456789abcdef0123456789abcdef";

#[test]
fn what_svod_does_not_name_so_is_refused() {
    let [text, upper, list] =
        [format!("1/{SEGMENT}.md"), format!("1/{}.idx", SEGMENT.to_uppercase()), format!("1/{SEGMENT}.x7.del")];
    for (entry, named) in [
        ("2023/thesis.docx", "2023/thesis.docx"),
        ("2023/notes/deep/a.md", "2023/notes"),
        ("2023/notes/", "2023/notes"),
        ("1/meta.json/", "1/meta.json"),
        ("7", "7"),
        ("007/", "007"),
        ("+5/", "+5"),
        ("0/", "0"),
        ("-1/", "-1"),
        ("１/", "１"),
        ("99999999999999999999/", "99999999999999999999"),
        ("1.0/", "1.0"),
        ("lock/", "lock"),
        ("current/", "current"),
        ("current.new/", "current.new"),
        (".gitignore/", ".gitignore"),
        ("CACHEDIR.TAG/", "CACHEDIR.TAG"),
        ("current.old", "current.old"),
        ("svod.json", "svod.json"),
        ("notes.txt", "notes.txt"),
        (".hidden", ".hidden"),
        ("1/.tmp", "1/.tmp"),
        ("1/.tmpnotes.md", "1/.tmpnotes.md"),
        ("1/a.store", "1/a.store"),
        (&text, &text),
        (&upper, &upper),
        (&list, &list),
    ] {
        for index in [Place::index as At, Place::inside] {
            for place in [Place::new as fn() -> Place, || Place::with_index(Place::index)] {
                let place = place();
                let index = index(&place);
                write(&index, &[("lock", "")]);
                put(&index, entry, "моё");
                check_refused(&place, &index, &format!("`{named}`"));
            }
        }
    }
}

#[test]
fn what_only_looks_like_svod_is_refused_outside_the_folder() {
    let other = |root: &str| format!("{{\"svod_format\":1,\"root\":\"{root}\"}}\n");
    for (entries, named) in [
        (&[("2023/", ""), ("2024/", "")][..], "without a `lock`"),
        (&[("lock", "buy bread")], "`lock`"),
        (&[("lock", "2024-05-17 09:30")], "`lock`"),
        (&[("lock", ""), ("2023/", ""), ("current", "a note\n")], "`current`"),
        (&[("current.new", "a note\n")], "`current.new`"),
        (&[("lock", ""), ("2023/meta.json", "{\"of\":\"another app\"}")], "`2023/svod.json`"),
        (&[("lock", ""), ("1/svod.json", "")], "`1/svod.json`"),
        (&[("lock", ""), ("1/svod.json", "{\"svod_format\":9}")], "`1/svod.json`"),
        (&[("lock", ""), ("1/svod.json", "{\"svod_format\":9,\"texts\":true}")], "texts that an app wrote"),
        (&[("lock", ""), ("1/svod.json", &other("/elsewhere"))], "is the index of `/elsewhere`"),
        (&[("lock", ""), ("current", "1\n"), ("2/svod.json", &other("/elsewhere"))], "is the index of `/elsewhere`"),
        (&[("lock", ""), ("3/svod.json", "{\"svod_format\":1,\"texts\":true}")], "texts that an app wrote"),
    ] {
        let place = Place::new();
        write(&place.index(), entries);
        check_refused(&place, &place.index(), named);
    }
    // An index that may be of other texts is never deleted because of a damaged manifest.
    for damage in ["", "{\"svod_format\":9}", "{\"svod_format\":1,\"root\":\"/ano", "停火"] {
        let place = Place::with_index(Place::index);
        fs::write(place.index().join("1/svod.json"), damage).unwrap();
        check_refused(&place, &place.index(), "`1/svod.json`");
        fs::remove_file(place.index().join("1/svod.json")).unwrap();
        check_refused(&place, &place.index(), "`1/svod.json`");
    }
}

#[test]
fn an_index_never_lies_around_the_folder_it_is_of_or_in_another_index() {
    let place = Place::new();
    let above = place.above.path();
    check_refused(&place, &place.folder(), "is the folder that is to be indexed");
    check_refused(&place, above, "holds the folder that is to be indexed");
    // An empty folder whose name is a number looks like an empty generation.
    fs::remove_dir_all(place.folder()).unwrap();
    let numbered = above.join("home/1");
    fs::create_dir_all(&numbered).unwrap();
    for index in [&numbered, numbered.parent().unwrap()] {
        let output = indexer(&[numbered.to_str().unwrap(), "--index", index.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert_eq!(fs::read_dir(&numbered).unwrap().count(), 0);
    }
    let place = Place::with_index(Place::inside);
    check_refused(&place, &place.inside().join("sub/index"), "lies in the index");
    check_refused(&place, &place.inside().join("1"), "lies in the index");
    let output = indexer(&[place.inside().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(!place.inside().join(".svod").exists());
}

/// Checks that the next run repairs the index and keeps the rules.
fn check_mended(place: &Place, index: &Path) {
    let output = place.run(index, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("--exclude 'draft*'"), "rules are kept: {}", text(&output.stdout));
    let found = query_in(&place.folder(), &["--index", index.to_str().unwrap(), "--list"]);
    assert_eq!((found.status.code(), text(&found.stdout).contains("draft")), (Some(0), false));
    let current = fs::read_to_string(index.join("current")).unwrap();
    let mut names: Vec<String> =
        fs::read_dir(index).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, [".gitignore", current.trim(), "CACHEDIR.TAG", "current", "lock"]);
    let report = index_folder(place.folder(), &options(place, index), &mut ()).unwrap();
    assert!(report.ending == Ending::Unchanged && report.unusable.is_none());
}

fn options(place: &Place, index: &Path) -> Options {
    let mut options = Options::default();
    options.index = Some(index.to_owned()).filter(|index| *index != place.inside());
    options
}

type Damage = (&'static str, fn(&Path));

#[test]
fn what_stopped_runs_and_damage_leave_is_made_whole() {
    let damages: [Damage; 16] = [
        ("nothing", |_| {}),
        ("a rebuild was killed", |index| write(index, &[("2/", "")])),
        ("a rebuild was killed, later", |index| copy(&index.join("1"), &index.join("41"))),
        ("a generation of the last number", |index| copy(&index.join("1"), &index.join("18446744073709551615"))),
        ("a rebuild was killed in its first file", |index| write(index, &[("2/svod.json.new", "{\"sv")])),
        ("killed before the rename", |index| write(index, &[("current.new", "2")])),
        ("killed while it wrote", |index| write(index, &[("1/.tmpAb3dEf", "{"), (&format!("1/{SEGMENT}.store"), "")])),
        ("removed files that a network mount kept", |index| {
            write(index, &[("3/.nfs000000000002e3a400000001", "")]);
        }),
        ("no pointer", |index| fs::remove_file(index.join("current")).unwrap()),
        ("an empty pointer", |index| fs::write(index.join("current"), "").unwrap()),
        ("a broken pointer", |index| fs::write(index.join("current"), "停火").unwrap()),
        ("a pointer to nothing", |index| fs::write(index.join("current"), "7\n").unwrap()),
        ("a pointer that is written otherwise", |index| fs::write(index.join("current"), "+1\n").unwrap()),
        ("no pointer, and a killed rebuild", |index| {
            fs::remove_file(index.join("current")).unwrap();
            write(index, &[("2/svod.json", &fs::read_to_string(index.join("1/svod.json")).unwrap())]);
        }),
        ("a lock that is none", |index| fs::write(index.join("lock"), "\0\0\0\0").unwrap()),
        ("no lock and no signs", |index| {
            ["lock", ".gitignore", "CACHEDIR.TAG"].iter().for_each(|name| fs::remove_file(index.join(name)).unwrap());
            write(index, &[("9/", "")]);
        }),
    ];
    for (what, damage) in damages {
        for index in [Place::index as At, Place::inside] {
            println!("{what}");
            let place = Place::with_index(index);
            damage(&index(&place));
            check_mended(&place, &index(&place));
        }
    }
}

#[test]
fn what_a_first_run_that_was_killed_leaves_is_no_obstacle() {
    for index in [Place::index as At, Place::inside] {
        let made = fs::read_to_string(index(&Place::with_index(index)).join("1/svod.json")).unwrap();
        for left in [
            &[][..],
            &[("lock", "")],
            &[("lock", "4711\n"), (".gitignore", "*\n")],
            &[("lock", "4711\n"), ("1/", "")],
            &[("lock", "4711\n"), ("1/svod.json.new", "")],
            &[("lock", "4711\n"), ("1/svod.json", &made), ("1/.tmpAb3dEf", ""), ("1/meta.json", "{}")],
        ] {
            let place = Place::new();
            let here = fs::canonicalize(place.folder()).unwrap();
            let there = serde_json::from_str::<serde_json::Value>(&made).unwrap()["root"].as_str().map(str::to_owned);
            fs::create_dir(index(&place)).unwrap();
            write(&index(&place), left);
            if let (Some(there), true) = (there, index(&place).join("1/svod.json").exists()) {
                fs::write(index(&place).join("1/svod.json"), made.replace(&there, here.to_str().unwrap())).unwrap();
            }
            let output = place.run(&index(&place), &["--exclude", "draft*"]);
            assert_eq!(output.status.code(), Some(0), "{left:?}: {}", text(&output.stderr));
            check_mended(&place, &index(&place));
        }
    }
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

#[test]
fn a_small_file_that_names_the_folder_no_more_is_made_anew() {
    let of_another_format = |root: &str| format!("{{\"svod_format\":7,\"roots\":[\"{root}\"]}}");
    for damage in ["", "{", "停火", "{\"svod_format\":2}", "{}", &of_another_format("/elsewhere")] {
        for remove in [false, true] {
            let place = Place::with_index(Place::inside);
            let small = place.inside().join("1/svod.json");
            if remove {
                fs::remove_file(&small).unwrap()
            } else {
                fs::write(&small, damage).unwrap()
            }
            let ask = || query_in(&place.folder(), &["мир"]);
            let refused = ask();
            assert_eq!(refused.status.code(), Some(2));
            assert!(text(&refused.stderr).contains("\nhint: make it anew"), "{}", text(&refused.stderr));
            check_mended(&place, &place.inside());
            assert_eq!(ask().status.code(), Some(0));
        }
    }
    // An index outside its folder must still name the folder.
    let place = Place::with_index(Place::index);
    let folder = place.folder();
    let folder = fs::canonicalize(folder).unwrap();
    for damage in [of_another_format(folder.to_str().unwrap()), format!("{{\"svod_format\":1,\"root\":{folder:?},\"te")]
    {
        let current = fs::read_to_string(place.index().join("current")).unwrap();
        fs::write(place.index().join(current.trim()).join("svod.json"), damage).unwrap();
        check_mended(&place, &place.index());
    }
}

#[test]
fn a_generation_that_is_being_written_is_left_to_its_writer() {
    let place = Place::with_index(Place::index);
    copy(&place.index().join("1"), &place.index().join("2"));
    let before = tree(&place.index());
    let lock = File::options().write(true).open(place.index().join("lock")).unwrap();
    lock.lock().unwrap();
    let output = place.run(&place.index(), &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("nothing changed"), "{}", text(&output.stdout));
    assert!(tree(&place.index()) == before);
    drop(lock);
    check_mended(&place, &place.index());
}

#[test]
fn texts_are_kept_when_the_pointer_is_lost() {
    let home = new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    writer.add(Text::new("a", "Peace talks")).unwrap();
    writer.commit().unwrap();
    drop(writer);
    // A pointer to a generation that was never finished is an error, and nothing is removed because of it.
    write(home.path(), &[("2/svod.json", &fs::read_to_string(home.path().join("1/svod.json")).unwrap())]);
    fs::write(home.path().join("current"), "2\n").unwrap();
    assert!(matches!(Writer::open(home.path()), Err(IndexError::Damaged { .. })));
    fs::remove_file(home.path().join("current")).unwrap();
    assert_eq!(Writer::open(home.path()).unwrap().len(), 1);
    let index = Index::open(home.path()).unwrap();
    assert_eq!(index.search(&Request::new("peace")).unwrap().hits.len(), 1);
}

#[test]
fn a_list_of_files_that_names_other_files_deletes_none() {
    let place = Place::with_index(Place::inside);
    let victims =
        [place.folder().join("мир.md"), place.above.path().join("thesis.docx"), place.inside().join("current")];
    fs::write(&victims[1], "a thesis").unwrap();
    let before = victims.each_ref().map(|victim| fs::read(victim).unwrap());
    let managed = place.inside().join("1/.managed.json");
    let mut list: Vec<String> = serde_json::from_slice(&fs::read(&managed).unwrap()).unwrap();
    list.extend(["../../мир.md".to_owned(), victims[1].to_str().unwrap().to_owned(), "../current".to_owned()]);
    fs::write(&managed, serde_json::to_vec(&list).unwrap()).unwrap();
    for round in 0..3 {
        fs::write(place.folder().join("new.md"), format!("новое {round}")).unwrap();
        let output = place.run(&place.inside(), &["--optimize"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(victims.each_ref().map(|victim| fs::read(victim).unwrap_or_default()), before);
    }
}

#[test]
fn errors_tell_a_program_what_is_wrong() {
    let place = Place::new();
    write(&place.index(), &[("2023/thesis.docx", "")]);
    let index = |path: PathBuf| index_folder(place.folder(), &options(&place, &path), &mut ()).unwrap_err();
    assert!(
        matches!(index(place.index()), IndexError::ForeignFolder { found: Foreign::Entry { path, .. }, .. } if path == Path::new("2023/thesis.docx"))
    );
    assert!(matches!(index(place.folder()), IndexError::AroundFolder { .. }));
    assert!(matches!(Writer::open(place.index()), Err(IndexError::ForeignFolder { .. })));
}
