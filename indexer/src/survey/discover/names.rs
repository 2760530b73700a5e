//! What the name of a file says of it. Its content is read later, and decides.

use std::path::Path;

use crate::reading::formats::Format;

/// What the name of a file says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// It is of a format that is read.
    Read(Format),
    /// It is an archive that is opened like a folder.
    Archive,
    /// It is a document to its owner, but is not read.
    NotRead(String),
    /// It is no document.
    Other,
}

/// Extensions of documents that are not read. They are reported as skipped: nothing is left out in silence.
const NOT_READ: &[&str] = &[
    // Text documents, tables and presentations.
    "sxw",
    "wpt",
    "wpd",
    "pages",
    "hwp",
    "hwpx",
    "ppt",
    "pps",
    "pot",
    "dps",
    "key",
    "sxi",
    "xlsb",
    "xls",
    "xlt",
    "et",
    "numbers",
    "sxc",
    "csv",
    "tsv",
    "one",
    "pub",
    // Books and pages as they are printed.
    "fb3",
    "mobi",
    "prc",
    "azw",
    "azw3",
    "azw4",
    "kfx",
    "lit",
    "lrf",
    "pdb",
    "chm",
    "djvu",
    "djv",
    "xps",
    "oxps",
    "ofd",
    "ceb",
    "cebx",
    "caj",
    "kdh",
    "nh",
    "teb",
    "ps",
    "eps",
    "cbz",
    "cbr",
    // Saved web pages and mail.
    "webarchive",
    "maff",
    "emlx",
    "msg",
    "mbox",
    "mbx",
    "pst",
    "ost",
    // Text with markup.
    "tex",
    "ltx",
    "rst",
    "adoc",
    "asciidoc",
    "org",
    "textile",
    "mediawiki",
    "xml",
    "tei",
    "jats",
    "nxml",
    // Archives.
    "rar",
    "7z",
    "tar",
    "tgz",
    "gz",
    "tbz2",
    "bz2",
    "txz",
    "xz",
    "zst",
    "lzh",
    "arj",
    "cab",
    "iso",
    // Scans. Pictures of other formats mostly belong to a page or a paper.
    "tif",
    "tiff",
];

/// Returns what a name says.
pub(super) fn named(path: &Path) -> Named {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match Format::of_extension(&extension) {
        Some(format) => Named::Read(format),
        None if cfg!(feature = "archives") && extension == "zip" => Named::Archive,
        None if extension == "zip" || NOT_READ.contains(&extension.as_str()) => Named::NotRead(extension),
        None => Named::Other,
    }
}

/// The ends of the names of folders in which browsers and Word save the parts of a page, beside it.
const PARTS: [&str; 2] = ["_files", ".files"];

/// Returns the name of the saved page, without its extension, of which a folder with this name would hold the parts.
pub(super) fn page_of_parts(folder: &str) -> Option<&str> {
    PARTS.iter().find_map(|end| folder.strip_suffix(end)).filter(|page| !page.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_opened_or_named() {
        for (name, expected) in [
            ("a.md", Named::Read(Format::Markdown)),
            ("A.PDF", Named::Read(Format::Pdf)),
            ("a.shtml", Named::Read(Format::Html)),
            ("книга.fb2.zip", Named::Archive),
            ("a.tar.gz", Named::NotRead("gz".to_owned())),
            ("a.caj", Named::NotRead("caj".to_owned())),
            ("скан.TIFF", Named::NotRead("tiff".to_owned())),
            ("a.rs", Named::Other),
            ("a", Named::Other),
            (".md", Named::Other),
        ] {
            assert_eq!(named(Path::new(name)), expected, "{name}");
        }
        let mut all: Vec<&str> = NOT_READ.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), NOT_READ.len(), "each once");
        assert!(NOT_READ.iter().all(|extension| Format::of_extension(extension).is_none()));
    }

    #[test]
    fn folders_of_the_parts_of_a_page() {
        for (folder, page) in [
            ("статья_files", Some("статья")),
            ("report.files", Some("report")),
            ("files", None),
            ("_files", None),
            ("my files", None),
        ] {
            assert_eq!(page_of_parts(folder), page, "{folder}");
        }
    }
}
