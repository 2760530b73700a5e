//! Sample articles and development library: all offsets are true, and no text is lost.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use svod_query::Request;

use crate::support::{articles, index_into, new_folder, shared};

/// Checks every passage of a folder: its pieces are in the file, and its highlights are in its snippet.
fn check_folder(folder: &Path) -> u64 {
    let home = new_folder();
    let index = index_into(folder, home.path());
    let status = index.status().unwrap();
    assert_eq!(status.skipped, []);
    let mut sources: HashMap<PathBuf, Vec<u8>> = HashMap::new();
    let mut checked = 0;
    for kind in ["body", "heading", "note", "table", "metadata", "abstract"] {
        let mut request = Request::new(format!("kind:{kind}"));
        request.limit = None;
        for hit in index.search(&request).unwrap().hits {
            let source =
                sources.entry(hit.path.clone()).or_insert_with_key(|path| fs::read(folder.join(path)).unwrap());
            for piece in &hit.pieces {
                let in_text = &hit.text.as_bytes()[piece.text..piece.text + piece.length];
                assert_eq!(in_text, &source[piece.source..piece.source + piece.length]);
                let line = 1 + source[..piece.source].iter().filter(|&&byte| byte == b'\n').count();
                if checked % 100 == 0 {
                    assert_eq!(piece.line as usize, line, "{}", hit.path.display());
                }
            }
            // Bytes outside all pieces were added by joints.
            let held: usize = hit.pieces.iter().map(|piece| piece.length).sum();
            let joined = hit.text.len() - held;
            assert!(
                !hit.pieces.is_empty() && joined <= 3 * hit.pieces.len() + 8,
                "{}: {}",
                hit.path.display(),
                hit.text
            );
            checked += 1;
        }
    }
    assert_eq!(checked, status.passages);
    checked
}

#[test]
fn every_address_of_the_sample_articles_is_true() {
    assert!(check_folder(&articles()) > 200);
}

#[test]
fn every_address_is_true() {
    let Some(library) = shared("library") else { return };
    assert!(check_folder(&library) > 40_000);
    let Some(journal) = shared("sets/journal/articles") else { return };
    assert!(check_folder(&journal) > 500);
}
