//! The marked passages as a Markdown file, each with its citation and the query that found it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use svod_render::escape_markdown;

use super::citation::citation;
use super::marks::Marks;
use super::places::Places;

/// The proposed name of the file, without its extension.
const NAME: &str = "svod-dossier";

/// Returns the dossier.
pub(super) fn text(marks: &Marks, places: &Places) -> String {
    let mut text = "# Dossier\n".to_owned();
    for article in marks.listing.articles() {
        let hits = &marks.listing.hits()[article];
        text.push_str(&format!("\n## {}\n", escape_markdown(&hits[0].title)));
        for hit in hits {
            text.push_str(&format!("\n> {}\n", escape_markdown(&hit.text)));
            text.push_str(&format!("\n— {}\n", escape_markdown(&citation(hit, &places.shown(hit)))));
            let section = hit.section.join(" › ");
            if !section.is_empty() {
                text.push_str(&format!("\nSection: {}\n", escape_markdown(&section)));
            }
            let query = marks.query(hit.id);
            if !query.is_empty() {
                text.push_str(&format!("\nQuery: {}\n", escape_markdown(query)));
            }
        }
    }
    text
}

/// Returns a name that no file in a folder has yet.
pub(super) fn free_name(folder: &Path) -> String {
    let names = std::iter::once(format!("{NAME}.md")).chain((2..).map(|number| format!("{NAME}-{number}.md")));
    let is_free = |name: &String| fs::symlink_metadata(folder.join(name)).is_err();
    names.take(10_000).find(is_free).unwrap_or_else(|| format!("{NAME}.md"))
}

/// Writes a new file; an existing one is not overwritten.
///
/// # Errors
/// If it exists, or cannot be written.
pub(super) fn write(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(name);
    let mut file = File::create_new(&path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(PathBuf::from(name))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::screen::test_hits::hit;

    #[test]
    fn each_passage_with_its_citation_and_query() {
        let mut marks = Marks::default();
        let mut hit = hit(1, "a_b.md");
        hit.text = "1. <b>停火</b> *и* мир".to_owned();
        marks.toggle(hit, "停火 kind:note".to_owned());
        let written = text(&marks, &Places::default());
        assert!(written.starts_with("# Dossier\n\n## Статья a\\_b.md\n\n> 1\\. \\<b\\>停火\\</b\\> \\*и\\* мир\n\n— "));
        assert!(
            written.ends_with("a\\_b.md:10\n\nSection: 一、停火 › Overview\n\nQuery: 停火 kind:note\n"),
            "{written}"
        );
    }

    #[test]
    fn a_file_that_exists_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(free_name(folder.path()), "svod-dossier.md");
        write(folder.path(), "svod-dossier.md", "first").unwrap();
        assert_eq!(free_name(folder.path()), "svod-dossier-2.md");
        let refused = write(folder.path(), "svod-dossier.md", "second").unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(folder.path().join("svod-dossier.md")).unwrap(), "first");
    }
}
