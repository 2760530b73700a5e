//! The development library: every address is true, nothing is lost.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

use svod_query::{Mode, Request};

use crate::support::{index_into, new_folder, shared};

#[test]
fn every_piece_of_every_hit_is_in_the_file() {
    let Some(library) = shared("library") else { return };
    let home = new_folder();
    let index = index_into(&library, home.path());
    let status = index.status().unwrap();
    assert_eq!((status.articles, status.skipped.len()), (689, 0));
    let mut sources: HashMap<PathBuf, Vec<u8>> = HashMap::new();
    let mut checked = 0;
    for query in ["的", "статья", "the", "и", "第", "of"] {
        let mut request = Request::new(query);
        (request.mode, request.limit) = (Mode::Exact, None);
        for hit in index.search(&request).unwrap().hits {
            let source =
                sources.entry(hit.path.clone()).or_insert_with_key(|path| fs::read(library.join(path)).unwrap());
            for piece in &hit.pieces {
                assert_eq!(
                    hit.text.as_bytes()[piece.text..piece.text + piece.length],
                    source[piece.source..piece.source + piece.length]
                );
            }
            assert!(!hit.snippet.highlights.is_empty(), "{query}: {}", hit.text);
            checked += 1;
        }
    }
    assert!(checked > 60_000, "{checked}");
}
