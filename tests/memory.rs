//! `--memory` is a limit: for many short passages, for archives that unpack to large files, and for several at once.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{indexer, indexer_command, new_folder, text};

/// The limit of these runs, little more than the lowest.
const MEGABYTES: u64 = 120;

/// This number of short paragraphs takes more than the limit. A quarter of it takes less, but two such files together
/// would take more.
const PASSAGES: usize = 400_000;

fn pack(parts: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(part.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn paragraphs(count: usize, before: &str, after: &str) -> String {
    (0..count).map(|number| format!("{before}{:05}{after}", number % 99_999)).collect()
}

fn book(chapter: &str) -> Vec<u8> {
    let page = format!("<html><body>{chapter}</body></html>");
    pack(&["1.xhtml", "2.xhtml", "3.xhtml", "4.xhtml"].map(|name| (name, page.clone())))
}

fn document(body: &str) -> Vec<u8> {
    pack(&[("word/document.xml", format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>"))])
}

/// Indexes a folder, and returns the exit status and the peak of the program's own memory.
fn index(folder: &Path) -> (ExitStatus, u64) {
    let arguments = [folder.to_str().unwrap(), "--memory", &MEGABYTES.to_string()];
    let mut child = indexer_command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    loop {
        most = own_bytes(child.id()).unwrap_or(0).max(most);
        match child.try_wait().unwrap() {
            Some(status) => return (status, most),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn own_bytes(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

/// Returns files with this number of passages each.
fn files(passages: usize) -> [(&'static str, Vec<u8>); 6] {
    let sentences = "Стороны договорились продолжать переговоры. 双方同意继续谈判。 ".repeat(4);
    [
        ("short.txt", paragraphs(passages, "", "\n\n").into_bytes()),
        ("short.md", paragraphs(passages, "- ", "\n").into_bytes()),
        ("short.html", paragraphs(passages, "<p>", "").into_bytes()),
        ("short.docx", document(&paragraphs(passages, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>"))),
        ("short.epub", book(&paragraphs(passages / 4, "<p>", "</p>"))),
        ("long.epub", book(&format!("<p>{sentences}</p>").repeat(passages / 20))),
    ]
}

/// Indexes two copies of each file, and a small file that must always be read.
fn check(passages: usize, code: i32) {
    for (name, bytes) in files(passages) {
        let folder = new_folder();
        for file in [name.to_owned(), format!("other-{name}")] {
            fs::write(folder.path().join(file), &bytes).unwrap();
        }
        fs::write(folder.path().join("good.md"), "Мир.\n").unwrap();
        let (status, most) = index(folder.path());
        println!("{name}: {status}, {} MB", most >> 20);
        assert!(most < MEGABYTES << 20, "{name} took {} MB", most >> 20);
        assert_eq!(status.code(), Some(code), "{name}");
    }
}

#[test]
fn what_fits_is_read_in_turn() {
    check(PASSAGES / 4, 0);
}

#[test]
fn what_does_not_fit_is_skipped() {
    check(PASSAGES, 1);
}

#[test]
fn a_file_that_needs_more_is_read_when_more_is_allowed() {
    let folder = new_folder();
    fs::write(folder.path().join("short.epub"), book(&paragraphs(PASSAGES / 4, "<p>", "</p>"))).unwrap();
    fs::write(folder.path().join("good.md"), "Мир.\n").unwrap();
    let path = folder.path().to_str().unwrap();
    let output = indexer(&[path, "--memory", "120"]);
    let said = text(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("short.epub: needs at least "), "{said}");
    assert!(said.contains(" MB of memory, more than the 120 MB allowed"), "{said}");
    let again = indexer(&[path, "--memory", "120"]);
    assert!(again.status.code() == Some(1) && text(&again.stdout).contains("nothing changed"));
    assert_eq!(indexer(&[path, "--memory", "2000"]).status.code(), Some(0));
    // A file that is in the index stays there with any limit.
    let output = indexer(&[path, "--memory", "120"]);
    assert!(output.status.code() == Some(0) && text(&output.stdout).contains("nothing changed"));
}
