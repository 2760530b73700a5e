//! Every document of a folder is read as what it holds, or named with the reason: whatever its name, and also in an archive.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use encoding_rs::GBK;
use svod_indexer::{Ending, Options, Report, index_folder};
use svod_query::{Index, Mode, Request, Sort};
use zip::ZipWriter;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;

use crate::support::new_folder;

const DOCUMENT: &str = r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>
<w:r><w:t>Портовые сборы взимаются на входе</w:t></w:r></w:p></w:body></w:document>"#;

/// Packs files into an archive.
fn zip(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        // Names are bytes: the writer is given one of as many letters, which is replaced below.
        let stand_in: String = name.iter().map(|byte| if byte.is_ascii() { *byte as char } else { '~' }).collect();
        writer.start_file(stand_in, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    let mut packed = writer.finish().unwrap().into_inner();
    for (name, _) in files.iter().filter(|(name, _)| !name.is_ascii()) {
        let stand_in: Vec<u8> = name.iter().map(|byte| if byte.is_ascii() { *byte } else { b'~' }).collect();
        while let Some(at) = packed.windows(stand_in.len()).position(|window| window == stand_in) {
            packed[at..at + name.len()].copy_from_slice(name);
        }
    }
    packed
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn index(folder: &Path) -> Report {
    index_folder(folder, &Options::default(), &mut ()).unwrap()
}

/// Returns what was skipped, with its reason, and what was read with remarks.
fn said(report: &Report) -> BTreeMap<String, String> {
    let shown = |path: &Path| path.to_str().unwrap().replace('\\', "/");
    let skipped = report.skipped.iter().map(|skipped| (shown(&skipped.path), skipped.reason.to_string()));
    let remarks = report.repaired.iter().map(|read| (shown(&read.path), format!("read: {}", read.remarks.join("; "))));
    skipped.chain(remarks).collect()
}

/// Returns the paths of the articles in which a text stands.
fn found(folder: &Path, text: &str) -> Vec<String> {
    let mut request = Request::new(text);
    (request.mode, request.limit) = (Mode::Exact, None);
    let hits = Index::open(folder).unwrap().search(&request).unwrap().hits;
    let mut paths: Vec<String> = hits.iter().map(|hit| hit.path.to_str().unwrap().replace('\\', "/")).collect();
    paths.sort();
    paths
}

#[test]
fn a_file_is_what_it_holds() {
    let folder = new_folder();
    let docx = zip(&[(b"[Content_Types].xml", b"<Types/>"), (b"word/document.xml", DOCUMENT.as_bytes())]);
    let page =
        "<!doctype html><html><head><title>Тарифы</title></head><body><p>Тарифы растут каждый год.</p></body></html>";
    for (name, bytes) in [
        ("закон.pdf", docx.as_slice()),
        ("saved.docx", page.as_bytes()),
        ("notes.epub", "Plain notes about pilotage.\n".as_bytes()),
        ("right.html", page.as_bytes()),
        ("scan.pdf", b"\x89PNG\r\n\x1a\n\0\0\0\0"),
        ("old.md", b"Rar!\x1a\x07\x01\0"),
        ("about-pdf.md", b"Each file begins with %PDF-1.4, says the manual.\n"),
    ] {
        write(folder.path(), name, bytes);
    }
    let report = index(folder.path());
    let expected = [
        ("закон.pdf", "read: named `.pdf`, but it is a Word document"),
        ("saved.docx", "read: named `.docx`, but it is a web page"),
        ("notes.epub", "read: named `.epub`, but it is plain text"),
        ("scan.pdf", "it is a picture, which is not read"),
        ("old.md", "it is a RAR archive, which is not read"),
    ];
    assert_eq!(said(&report), expected.map(|(path, why)| (path.to_owned(), why.to_owned())).into());
    assert_eq!(found(folder.path(), "сборы взимаются"), ["закон.pdf"]);
    assert_eq!(found(folder.path(), "Тарифы растут каждый"), ["right.html", "saved.docx"]);
    assert_eq!(found(folder.path(), "notes about pilotage"), ["notes.epub"]);
    assert_eq!(found(folder.path(), "begins with %PDF-1.4"), ["about-pdf.md"]);
    assert_eq!(index(folder.path()).ending, Ending::Unchanged);
}

#[test]
fn what_is_not_read_is_named() {
    let folder = new_folder();
    let named =
        ["a.ppt", "a.msg", "a.caj", "a.ofd", "a.azw3", "a.7z", "a.rar", "a.tif", "a.tex", "a.csv", "a.djv", "b/a.chm"];
    let silent = ["a.rs", "a.png", "a.css", "a"];
    for name in named.iter().chain(&silent) {
        write(folder.path(), name, b"x");
    }
    let report = index(folder.path());
    let mut expected: Vec<&str> = named.to_vec();
    expected.sort_unstable();
    assert_eq!(said(&report).into_keys().collect::<Vec<_>>(), expected);
}

#[test]
fn an_archive_is_a_folder() {
    let folder = new_folder();
    let inner = zip(&[(b"c.md", b"deep")]);
    let chinese = GBK.encode("法规/港口管理条例.txt").0.into_owned();
    let packed = zip(&[
        (b"laws/one.md", "# Первый\n\nСтавка сбора утверждена.\n".as_bytes()),
        (b"laws/drafts/two.md", "Черновик сбора.\n".as_bytes()),
        (&chinese, "港口条例自公布之日起施行。\n".as_bytes()),
        (b"inner.zip", &inner),
        (b"slides.ppt", b"x"),
        (b"../escape.md", b"escaped"),
        (b"__MACOSX/._one.md", b"attributes"),
        (b"photo.jpg", b"x"),
    ]);
    write(folder.path(), "all.zip", &packed);
    write(folder.path(), "broken.zip", b"PK");
    write(folder.path(), ".svodignore", b"drafts/\n");
    let report = index(folder.path());
    let expected = [
        ("all.zip/inner.zip", "an archive in an archive is not opened"),
        ("all.zip/slides.ppt", "`.ppt` files are not read"),
        ("broken.zip", "not a zip archive"),
    ];
    assert_eq!(said(&report), expected.map(|(path, why)| (path.to_owned(), why.to_owned())).into());
    assert_eq!(found(folder.path(), "сбора"), ["all.zip/laws/one.md"]);
    assert_eq!(found(folder.path(), "自公布之日起施行"), ["all.zip/法规/港口管理条例.txt"]);
    assert_eq!(found(folder.path(), "escaped"), [""; 0]);

    // The link of a hit opens the archive, and no byte of it is claimed to be one of the text.
    let hits = Index::open(folder.path()).unwrap().search(&Request::new("ставка")).unwrap().hits;
    assert_eq!(hits[0].file().unwrap(), folder.path().canonicalize().unwrap().join("all.zip"));
    assert_eq!((hits[0].lines.clone(), hits[0].source_ranges()), (Some(3..=3), None));

    // Like a folder it is read again only where something changed.
    assert_eq!(index(folder.path()).ending, Ending::Unchanged);
    let packed = zip(&[
        (b"laws/one.md", "# Первый\n\nСтавка сбора утверждена.\n".as_bytes()),
        (b"laws/three.md", "Третий закон о ставках.\n".as_bytes()),
    ]);
    write(folder.path(), "all.zip", &packed);
    let report = index(folder.path());
    let mut changes: Vec<String> =
        report.changes.iter().map(|change| format!("{:?} {}", change.kind, change.path.display())).collect();
    changes.sort();
    assert_eq!(changes, ["Added all.zip/laws/three.md", "Removed all.zip/法规/港口管理条例.txt"]);
    assert_eq!((report.articles, report.unchanged), (2, 1));
    assert_eq!(found(folder.path(), "сбора"), ["all.zip/laws/one.md"]);
}

#[test]
fn an_archive_has_bounds() {
    let folder = new_folder();
    let bomb = zip(&[(b"bomb.txt", &vec![b' '; 40 << 20]), (b"good.txt", b"good text")]);
    write(folder.path(), "bomb.zip", &bomb);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().with_deprecated_encryption(b"secret").unwrap();
    writer.start_file("closed.md", options).unwrap();
    writer.write_all(b"secret text").unwrap();
    write(folder.path(), "closed.zip", &writer.finish().unwrap().into_inner());
    // The same bytes under two names.
    let once = zip(&[(b"a1.txt", &[b'x'; 4_000]), (b"a2.txt", &[b'y'; 10])]);
    let mut twice = once.clone();
    let second = twice.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    let first = twice.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    let sizes = once[first + 16..first + 28].to_vec();
    twice[second + 16..second + 28].copy_from_slice(&sizes);
    twice[first + 20..first + 24].copy_from_slice(&4_000_u32.to_le_bytes());
    twice[second + 20..second + 24].copy_from_slice(&4_000_u32.to_le_bytes());
    write(folder.path(), "twice.zip", &twice);
    let report = index(folder.path());
    let expected = [
        ("bomb.zip/bomb.txt", "unpacks to more than the limit of 8388608 bytes"),
        ("closed.zip/closed.md", "encrypted"),
        ("twice.zip", "damaged: its parts lie over each other"),
    ];
    assert_eq!(said(&report), expected.map(|(path, why)| (path.to_owned(), why.to_owned())).into());
    assert_eq!(found(folder.path(), "good text"), ["bomb.zip/good.txt"]);
}

#[test]
fn parts_of_a_saved_page_belong_to_it() {
    let folder = new_folder();
    for (name, text) in [
        ("статья.html", "<p>Сама статья о тарифах</p>"),
        ("статья_files/saved_resource.html", "<p>реклама о тарифах</p>"),
        ("статья_files/frames/1.htm", "<p>счётчик о тарифах</p>"),
        ("статья_files/приложение.md", "Приложение о тарифах"),
        ("other_files/page.html", "<p>Страница о тарифах</p>"),
        ("Report.htm", "<p>report</p>"),
        ("Report.files/header.htm", "<p>header of the report</p>"),
    ] {
        write(folder.path(), name, text.as_bytes());
    }
    let report = index(folder.path());
    assert!(report.skipped.is_empty());
    assert_eq!(
        found(folder.path(), "о тарифах"),
        ["other_files/page.html", "статья.html", "статья_files/приложение.md"]
    );
    assert_eq!(found(folder.path(), "header of the report"), [""; 0]);
}

#[test]
fn what_the_owner_knows_goes_before_what_a_document_says() {
    let folder = new_folder();
    write(folder.path(), "files/1/a.md", "# Black-box dues\n\nHarbour dues of the north.\n".as_bytes());
    write(folder.path(), "b.md", "---\ndoi: 10.5555/B\n---\n# О сборах\n\nПортовые сборы севера.\n".as_bytes());
    write(folder.path(), "c.md", "# Other\n\nNo entry is about this.\n".as_bytes());
    let export = |authors: &str| {
        format!(
            "@article{{one, title = {{Harbour dues}}, author = {{{authors}}}, year = 2020, file = {{files/1/a.md}}}}\n\
             @article{{two, title = {{Портовые сборы}}, author = {{Орлова, Анна}}, doi = {{10.5555/b}}}}\n\
             @book{{three, title = {{Nothing}}, file = {{gone.pdf}}}}\n@book{{four, title = {{open\n"
        )
    };
    write(folder.path(), "refs.bib", export("Smith, John").as_bytes());
    let options = Options::default().metadata(folder.path().join("refs.bib"));
    let report = index_folder(folder.path(), &options, &mut ()).unwrap();
    let unmatched: Vec<(&str, usize)> = report.unmatched.iter().map(|entry| (&*entry.label, entry.line)).collect();
    assert_eq!(unmatched, [("three", 3), ("four", 4)]);
    let shown = || {
        let mut request = Request::new("dues OR сборы OR entry");
        request.sort = Sort::Path;
        let hits = Index::open(folder.path()).unwrap().search(&request).unwrap().hits;
        let mut shown: Vec<String> = hits
            .iter()
            .map(|hit| format!("{}: {} / {}", hit.path.display(), hit.title, hit.authors.join(", ")))
            .collect();
        shown.dedup();
        shown
    };
    let smith = ["b.md: Портовые сборы / Анна Орлова", "c.md: Other / ", "files/1/a.md: Harbour dues / John Smith"];
    assert_eq!(shown(), smith);
    assert_eq!(found(folder.path(), "Black-box dues"), ["files/1/a.md"], "its own heading is still found");

    // The export is remembered; when it changes, the files that it says more of are read again, and no others.
    assert_eq!(index(folder.path()).ending, Ending::Unchanged);
    assert_eq!(index(folder.path()).unmatched.len(), 2);
    write(folder.path(), "refs.bib", export("Doe, Jane").as_bytes());
    let report = index(folder.path());
    assert_eq!(
        report.changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>(),
        [Path::new("files/1/a.md")]
    );
    assert_eq!(shown()[2], "files/1/a.md: Harbour dues / Jane Doe");

    fs::remove_file(folder.path().join("refs.bib")).unwrap();
    let error = index_folder(folder.path(), &Options::default(), &mut ()).unwrap_err().to_string();
    assert!(
        error.ends_with("refs.bib` cannot be used: cannot be read: No such file or directory (os error 2)"),
        "{error}"
    );
    let options = Options::default().forget_rules();
    assert!(index_folder(folder.path(), &options, &mut ()).unwrap().unmatched.is_empty());
    assert_eq!(shown()[2], "files/1/a.md: Black-box dues / ");
}

#[test]
fn an_export_is_no_document() {
    let folder = new_folder();
    write(folder.path(), "a.md", b"# Dues\n\nHarbour dues.\n");
    write(folder.path(), "refs.csv", b"file,title\na.md,Dues of the north\n");
    let report =
        index_folder(folder.path(), &Options::default().metadata(folder.path().join("refs.csv")), &mut ()).unwrap();
    assert_eq!((report.articles, said(&report).len()), (1, 0));
    let hits = Index::open(folder.path()).unwrap().search(&Request::new("harbour")).unwrap().hits;
    assert_eq!(hits[0].title, "Dues of the north");
}
