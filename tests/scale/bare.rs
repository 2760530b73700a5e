//! An index by plain tantivy, for comparison: one record for each paragraph, the default analyzer, no Chinese words.

use std::error::Error;
use std::fs;
use std::path::Path;

use tantivy::schema::{STORED, Schema, TEXT};
use tantivy::{Index, IndexWriter, TantivyDocument};

/// The memory that `svod-indexer` gives to its segments.
const MEMORY_BYTES: usize = 200 << 20;
const THREADS: usize = 2;

/// Indexes the text files of a folder into a new one.
pub(crate) fn index(folder: &Path, index: &Path) -> Result<(), Box<dyn Error>> {
    let mut schema = Schema::builder();
    let text = schema.add_text_field("text", TEXT | STORED);
    fs::create_dir_all(index)?;
    let index = Index::create_in_dir(index, schema.build())?;
    let mut writer: IndexWriter = index.writer_with_num_threads(THREADS, MEMORY_BYTES)?;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(article) = fs::read_to_string(&path) {
                for paragraph in article.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
                    let mut record = TantivyDocument::new();
                    record.add_text(text, paragraph);
                    writer.add_document(record)?;
                }
            }
        }
    }
    writer.commit()?;
    Ok(writer.wait_merging_threads()?)
}
