//! What shows that a file is unchanged without reading it.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use svod_indexer::{Ending, SkipReason, Skipped, index_folder};
use svod_query::{Index, Mode, Request};

use super::{Folder, check_hits, options, written};
use crate::support::new_folder;

/// Sets an old modification time.
fn back_date(path: &Path) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000);
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn files_of_equal_size_and_time_that_exchange_their_texts() {
    let (folder, home) = (new_folder(), new_folder());
    let at = |name: &str| folder.path().join(name);
    let update = || index_folder(folder.path(), &options(home.path()), &mut ()).unwrap();
    let texts = ["停火 альфа\n", "停火 бравo\n", "停火 дельт\n"];
    for (name, text) in ["a.md", "б.md", "丙.md"].into_iter().zip(texts) {
        fs::write(at(name), text).unwrap();
        back_date(&at(name));
    }
    update();
    let exchanges: [&dyn Fn(); 3] = [
        // The files exchange their names.
        &|| {
            for (from, to) in [("a.md", "c"), ("б.md", "a.md"), ("c", "б.md")] {
                fs::rename(at(from), at(to)).unwrap();
            }
        },
        // The files exchange their contents, with old modification times.
        &|| {
            let (a, b) = (fs::read(at("a.md")).unwrap(), fs::read(at("б.md")).unwrap());
            fs::write(at("a.md"), b).unwrap();
            fs::write(at("б.md"), a).unwrap();
            back_date(&at("a.md"));
            back_date(&at("б.md"));
        },
        // A copy of one file replaces another.
        &|| {
            fs::copy(at("丙.md"), at("c")).unwrap();
            back_date(&at("c"));
            fs::rename(at("c"), at("a.md")).unwrap();
        },
    ];
    for exchange in exchanges {
        exchange();
        assert!(!update().changes.is_empty());
        let index = Index::open(home.path()).unwrap();
        for name in ["a.md", "б.md", "丙.md"] {
            let text = fs::read_to_string(at(name)).unwrap();
            let mut request = Request::new(text.trim());
            request.mode = Mode::Exact;
            let hits = index.search(&request).unwrap().hits;
            assert!(hits.iter().any(|hit| hit.path == Path::new(name)), "{name} {text}");
        }
        assert_eq!(update().ending, Ending::Unchanged);
    }
}

#[test]
fn a_file_that_only_looks_changed_costs_no_reading() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::of_samples(61);
    fs::write(folder.path().join("坏.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01").unwrap();
    let first = folder.update();
    for round in 0..2 {
        for file in folder.files() {
            // In the first round the change time is new, in the second also the inode.
            let copy = folder.path().join("copy");
            if round == 1 {
                fs::copy(&file, &copy).unwrap();
                fs::rename(copy, &file).unwrap();
            }
            fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
            back_date(&file);
        }
        let report = folder.update();
        assert_eq!((report.changes.len(), report.read_bytes), (0, 0));
        assert_eq!(report.unchanged, first.articles + 1);
        assert!(
            matches!(report.skipped[..], [Skipped { reason: SkipReason::AsBefore(_), .. }]),
            "{:?}",
            report.skipped
        );
        let before = written(folder.index.path());
        assert_eq!(folder.update().ending, Ending::Unchanged);
        assert_eq!(written(folder.index.path()), before, "what was seen is remembered");
    }
    assert!(check_hits(folder.path(), folder.index.path()) > 100);
}
