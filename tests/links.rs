//! In an index folder no link is followed and no pipe or device is waited for, and missing permissions are reported as
//! such.

use std::fs;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use svod_indexer::{Text, Writer};

use crate::home::{At, Place, tree};
use crate::support::{indexer_command, query_command, text};

/// Far longer than any of these runs takes: a run that takes longer is waiting for a pipe.
const LONG: Duration = Duration::from_secs(60);

/// Runs a command that must end in time.
fn output(mut command: Command, what: &str) -> Output {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (process, (sender, receiver)) = (child.id(), mpsc::channel());
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    receiver
        .recv_timeout(LONG)
        .unwrap_or_else(|_| {
            let _ = Command::new("kill").args(["-KILL", &process.to_string()]).status();
            panic!("{what}: it waits")
        })
        .unwrap()
}

fn run(place: &Place, index: &Path, more: &[&str], what: &str) -> Output {
    let folder = place.folder();
    let mut arguments = vec![folder.to_str().unwrap()];
    if index != place.inside() {
        arguments.extend(["--index", index.to_str().unwrap()]);
    }
    output(indexer_command(&[&arguments[..], more].concat()), what)
}

fn search(index: &Path, more: &[&str], what: &str) -> Output {
    output(query_command(&[&["--index", index.to_str().unwrap()], more].concat()), what)
}

/// A replacement for a file or folder, with its name.
type Trick = (&'static str, fn(&Path, &Path));

const TRICKS: [Trick; 5] = [
    ("a link", |path, victim| symlink(victim, path).unwrap()),
    ("a link to nothing", |path, victim| symlink(victim.with_file_name("none"), path).unwrap()),
    ("a link to what has no end", |path, _| symlink("/dev/zero", path).unwrap()),
    ("a pipe", |path, _| assert!(Command::new("mkfifo").arg(path).status().unwrap().success())),
    ("a socket", |path, _| {
        // The path of a socket must be short.
        let near = std::env::temp_dir().join(format!("svod-{}", std::process::id()));
        drop(std::os::unix::net::UnixListener::bind(&near).unwrap());
        fs::rename(near, path).unwrap();
    }),
];

fn remove(path: &Path) {
    match path.symlink_metadata() {
        Ok(there) if there.is_dir() => fs::remove_dir_all(path).unwrap(),
        Ok(_) => fs::remove_file(path).unwrap(),
        Err(_) => {}
    }
}

/// Returns the names in an index of one generation, including files of a segment, each with whether a search reads it.
fn names(index: &Path) -> Vec<(PathBuf, bool)> {
    let segments = fs::read_dir(index.join("1")).unwrap().map(|entry| entry.unwrap().path());
    let stores =
        segments.filter(|path| ["store", "idx", "fast"].iter().any(|end| path.extension() == Some(end.as_ref())));
    let known = ["lock", "current.new", ".gitignore", "CACHEDIR.TAG", "2", "1/.managed.json", "1/.tmpAb3dEf"];
    let needed = ["current", "1", "1/svod.json", "1/meta.json"];
    let known = known.iter().map(|name| (index.join(name), false));
    known.chain(needed.iter().map(|name| (index.join(name), true))).chain(stores.map(|path| (path, true))).collect()
}

#[test]
fn links_pipes_and_devices_in_an_index_are_refused_and_not_waited_for() {
    for index in [Place::index as At, Place::inside] {
        let place = Place::with_index(index);
        let index = index(&place);
        let victim = place.folder().join("thesis.docx.bak");
        for (name, is_read) in names(&index) {
            for (trick, play) in TRICKS {
                let what = format!("{} is {trick}", name.display());
                let kept = place.folder().join("kept");
                let is_there = name.symlink_metadata().is_ok();
                if is_there {
                    fs::rename(&name, &kept).unwrap();
                }
                fs::write(&victim, "a thesis").unwrap();
                play(&name, &victim);
                let before = tree(&place.folder());
                for more in [&[][..], &["--rebuild"]] {
                    let refused = run(&place, &index, more, &what);
                    let printed = text(&refused.stderr);
                    assert_eq!(refused.status.code(), Some(2), "{what}: {printed}{}", text(&refused.stdout));
                    assert!(
                        printed.contains("not an index of svod") && printed.contains("\nhint: "),
                        "{what}: {printed}"
                    );
                    assert!(tree(&place.folder()) == before, "{what}: something was written");
                }
                for more in [&["мир"][..], &["--status"], &["--status", "--check"]] {
                    let code = search(&index, more, &what).status.code();
                    // The file of positions is not in the list, so every search reads each file.
                    assert!(code == Some(2) || !is_read, "{what}: {more:?} ended with {code:?}");
                }
                remove(&name);
                if is_there {
                    fs::rename(&kept, &name).unwrap();
                }
            }
        }
    }
}

#[test]
fn the_folder_and_the_place_of_the_index_may_be_links_but_not_what_lies_in_the_folder() {
    let place = Place::with_index(Place::index);
    let [folder, index] = ["to-folder", "to-index"].map(|name| place.index().with_file_name(name));
    symlink(place.folder(), &folder).unwrap();
    symlink(place.index(), &index).unwrap();
    let arguments = [folder.to_str().unwrap(), "--index", index.to_str().unwrap()];
    let same = output(indexer_command(&arguments), "links");
    assert!(text(&same.stdout).starts_with("nothing changed"), "{}", text(&same.stderr));
    assert_eq!(search(&index, &["мир"], "a link").status.code(), Some(0));
    for target in [place.index(), place.index().with_file_name("none"), place.folder().join("мир.md")] {
        symlink(&target, place.inside()).unwrap();
        let before = tree(&place.folder());
        for more in [&[][..], &["--rebuild"]] {
            let refused = run(&place, &place.inside(), more, "a link");
            assert_eq!(refused.status.code(), Some(2));
            assert!(text(&refused.stderr).contains("symbolic link"), "{}", text(&refused.stderr));
        }
        let refused = search(&place.folder(), &["мир"], "a link");
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains("symbolic link"), "{}", text(&refused.stderr));
        assert!(tree(&place.folder()) == before && !place.index().with_file_name("none").exists());
        fs::remove_file(place.inside()).unwrap();
    }
}

#[test]
fn a_file_of_two_names_is_not_emptied() {
    for name in ["lock", "current.new", "current", ".gitignore", "CACHEDIR.TAG", "1/.tmpAb3dEf", "1/svod.json.new"] {
        for is_made in [false, true] {
            let place = if is_made { Place::with_index(Place::inside) } else { Place::new() };
            let victim = place.folder().join("thesis.docx.bak");
            fs::write(&victim, "a thesis").unwrap();
            fs::create_dir_all(place.inside().join("1")).unwrap();
            remove(&place.inside().join(name));
            fs::hard_link(&victim, place.inside().join(name)).unwrap();
            for _ in 0..2 {
                fs::write(place.folder().join("new.md"), format!("{name} {is_made}")).unwrap();
                let done = run(&place, &place.inside(), &["--rebuild"], name);
                assert_eq!(done.status.code(), Some(0), "{name}: {}", text(&done.stderr));
                assert_eq!(fs::read_to_string(&victim).unwrap(), "a thesis", "{name}");
            }
        }
    }
}

#[test]
fn a_writer_of_texts_refuses_them_too() {
    let home = crate::support::new_folder();
    let mut writer = Writer::open(home.path()).unwrap();
    writer.add(Text::new("a", "Peace talks")).unwrap();
    writer.commit().unwrap();
    drop(writer);
    for (name, _) in names(home.path()) {
        let kept = home.path().join("1").with_file_name("current");
        if name == kept || name == home.path().join("1") {
            continue;
        }
        let before = fs::read(&name).ok();
        remove(&name);
        symlink("/dev/zero", &name).unwrap();
        let error = Writer::open(home.path()).unwrap_err().to_string();
        assert!(error.contains("a symbolic link"), "{}: {error}", name.display());
        remove(&name);
        before.into_iter().for_each(|bytes| fs::write(&name, bytes).unwrap());
    }
    assert_eq!(Writer::open(home.path()).unwrap().len(), 1);
}

/// The id of a user who owns no files.
const NOBODY: u32 = 65534;

/// Runs a command as another user, if this test runs as root; otherwise the command has no special permissions anyway.
fn of_somebody_else(mut command: Command) -> Command {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

#[test]
fn an_index_that_may_not_be_read_is_said_to_be_that() {
    let place = Place::with_index(Place::inside);
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    place.folder().ancestors().take(2).for_each(open);
    let shut = ["", "current", "1", "1/svod.json", "1/meta.json"].map(|name| place.inside().join(name));
    let everything = || tree(&place.folder()).into_keys().filter(|path| path.starts_with(place.inside()));
    for path in &shut {
        let name = path.display();
        open(&place.inside());
        everything().for_each(|path| open(&path));
        let mode = if path.is_dir() { 0o000 } else { 0o200 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let (folder, home) = (place.folder(), place.inside());
        let index = |more: &[&str]| {
            output(of_somebody_else(indexer_command(&[&[folder.to_str().unwrap()], more].concat())), "")
        };
        let search = |path: &Path, more: &[&str]| {
            output(of_somebody_else(query_command(&[&["--index", path.to_str().unwrap()], more].concat())), "")
        };
        let mut here = of_somebody_else(query_command(&["мир"]));
        here.current_dir(&folder);
        for refused in [
            index(&["--dry-run"]),
            index(&["--rebuild"]),
            search(&folder, &["мир"]),
            search(&home, &["мир"]),
            search(&folder, &["--status"]),
            search(&folder, &["--status", "--check"]),
            output(here, ""),
        ] {
            let printed = text(&refused.stderr);
            assert_eq!(refused.status.code(), Some(2), "{name}: {printed}");
            assert!(printed.contains("cannot read") && printed.contains("ermission denied"), "{name}: {printed}");
            assert!(printed.contains("\nhint: "), "{name}: {printed}");
        }
    }
    everything().for_each(|path| open(&path));
}

#[test]
fn a_pipe_is_a_pipe() {
    // Each trick makes what its name says.
    let place = Place::new();
    let kinds: Vec<_> = TRICKS
        .iter()
        .map(|(name, play)| {
            let path = place.folder().join("trick");
            play(&path, &place.folder().join("мир.md"));
            let kind = path.symlink_metadata().unwrap().file_type();
            remove(&path);
            (*name, kind.is_symlink(), kind.is_fifo(), kind.is_socket())
        })
        .collect();
    assert_eq!(kinds[3], ("a pipe", false, true, false));
    assert_eq!(kinds[4], ("a socket", false, false, true));
}
