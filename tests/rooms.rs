//! The rooms of the house: which use which, as the `use` lines and paths of the sources say.
//!
//! A room is a module at the root of a package, with all that lies in it. Arrows between rooms never run in a circle, so
//! each can be read with what lies below it and nothing else. What is compiled for tests alone does not count: tests may
//! look at everything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// The packages, each with the packages of the house that it may use.
const PACKAGES: [(&str, &str, &[&str]); 8] = [
    ("corpus/text", "svod_text", &[]),
    ("corpus/store", "svod_store", &["svod_text"]),
    ("corpus/cli", "svod_cli", &[]),
    ("indexer", "svod_indexer", &["svod_store", "svod_text"]),
    ("indexer/cli", "svod_indexer_cli", &["svod_cli", "svod_indexer", "svod_store"]),
    ("query", "svod_query", &["svod_store", "svod_text"]),
    ("query/render", "svod_render", &["svod_query", "svod_store", "svod_text"]),
    ("query/cli", "svod_query_cli", &["svod_cli", "svod_query", "svod_render"]),
];

/// Which rooms a room uses, and the files that say so.
type Arrows = BTreeMap<String, BTreeMap<String, BTreeSet<PathBuf>>>;

#[test]
fn no_room_is_in_a_circle() {
    for (package, ..) in PACKAGES {
        let arrows = arrows(&repository().join(package).join("src"));
        if let Some(circle) = circle(&arrows) {
            let mut shown = String::new();
            for (at, room) in circle.iter().enumerate() {
                let next = &circle[(at + 1) % circle.len()];
                shown.push_str(&format!("\n  {room} uses {next} in {:?}", arrows[room][next]));
            }
            panic!("rooms of {package} use each other in a circle:{shown}");
        }
    }
}

#[test]
fn packages_use_only_what_lies_below_them() {
    for (package, name, below) in PACKAGES {
        for source in sources(&repository().join(package).join("src")) {
            let text = shipped(&fs::read_to_string(&source).unwrap());
            let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            let text = code.join("\n");
            for (_, other, _) in PACKAGES.iter().filter(|(_, other, _)| *other != name && !below.contains(other)) {
                assert!(!text.contains(&format!("{other}::")), "{} names {other}", source.display());
            }
        }
    }
}

#[test]
fn circles_are_found() {
    let arrows_of = |arrows: &[(&str, &str)]| {
        let mut all = Arrows::new();
        for (from, to) in arrows {
            all.entry((*from).to_owned()).or_default().insert((*to).to_owned(), BTreeSet::new());
        }
        all
    };
    assert_eq!(circle(&arrows_of(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    let found = circle(&arrows_of(&[("a", "b"), ("b", "c"), ("c", "d"), ("d", "b")])).unwrap();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), BTreeSet::from(["b", "c", "d"]));
}

#[test]
fn paths_are_read_as_rust_reads_them() {
    let text = "use crate::{a::B, c};\nuse super::d::E;\n// crate::not\nfn f() { crate::g::h(); super::super::i(); }\n";
    let of = |module: &[&str]| rooms_named(text, &module.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(of(&["room", "file"]), ["a", "c", "g", "i", "room"].map(str::to_owned).into());
    assert_eq!(of(&["room"]), ["a", "c", "d", "g"].map(str::to_owned).into());
    let text = "use crate::a;\n#[cfg(test)]\nmod tests {\n    use crate::b;\n}\nuse crate::c;\n";
    assert_eq!(rooms_named(&shipped(text), &["d".to_owned()]), ["a", "c"].map(str::to_owned).into());
}

/// Returns the arrows between the rooms of a package.
fn arrows(root: &Path) -> Arrows {
    let mut arrows = Arrows::new();
    for source in sources(root) {
        let below = source.strip_prefix(root).unwrap();
        let module: Vec<String> =
            below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let room = &module[0];
        if room == "lib" || room == "main" {
            continue;
        }
        for other in rooms_named(&shipped(&fs::read_to_string(&source).unwrap()), &module) {
            if other != *room && (root.join(&other).is_dir() || root.join(&other).with_extension("rs").exists()) {
                arrows.entry(room.clone()).or_default().entry(other).or_default().insert(below.to_owned());
            }
        }
    }
    arrows
}

/// Returns the source files that are compiled into a package, those for its tests left out.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.is_dir() && stem != "tests" {
            sources.extend(self::sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_for_tests(folder, &stem) {
            sources.push(path);
        }
    }
    sources
}

/// Returns whether the module that declares a file does so for tests alone.
fn is_for_tests(folder: &Path, module: &str) -> bool {
    let parents = [folder.with_extension("rs"), folder.join("lib.rs")];
    let declared = format!("#[cfg(test)]\nmod {module};");
    parents.iter().filter_map(|parent| fs::read_to_string(parent).ok()).any(|text| text.contains(&declared))
}

/// Returns a source without what is compiled for tests alone.
fn shipped(text: &str) -> String {
    let mut shipped = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == "#[cfg(test)]" {
            let item = lines.next().unwrap_or_default();
            if item.ends_with('{') {
                lines.by_ref().find(|line| *line == "}");
            }
        } else {
            shipped.push_str(line);
            shipped.push('\n');
        }
    }
    shipped
}

/// Returns the modules at the root of a package that a module names, be it itself.
fn rooms_named(text: &str, module: &[String]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            match rest.strip_prefix('{') {
                Some(list) => named.extend(list.split(['}', ',']).map(|name| first_name(name.trim()).to_owned())),
                None => named.extend([first_name(rest).to_owned()]),
            }
        }
        let mut rest = line;
        while let Some(at) = rest.find("super::") {
            rest = &rest[at..];
            let mut up = 0;
            while let Some(further) = rest.strip_prefix("super::") {
                (rest, up) = (further, up + 1);
            }
            match module.len().checked_sub(up) {
                Some(0) => named.extend([first_name(rest).to_owned()]),
                Some(_) => named.extend([module[0].clone()]),
                None => {}
            }
        }
    }
    named.remove("");
    named
}

/// Returns the identifier that a text begins with.
fn first_name(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

/// Returns rooms each of which uses the next, and the last the first.
fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|room| walk(arrows, room, &mut Vec::new(), &mut done))
}

fn walk(arrows: &Arrows, room: &String, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> Option<Vec<String>> {
    if let Some(at) = way.iter().position(|on_the_way| on_the_way == room) {
        return Some(way[at..].to_vec());
    }
    if done.contains(room) {
        return None;
    }
    way.push(room.clone());
    let found = arrows.get(room).into_iter().flatten().find_map(|(next, _)| walk(arrows, next, way, done));
    way.pop();
    done.insert(room.clone());
    found
}
