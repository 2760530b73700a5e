//! What the owner of a folder knows of its documents: the export of a reference manager.
//!
//! An entry belongs to the files that it names as its attachments, else to the document that tells its DOI. What it says goes
//! before what the document says. It takes no part in reading: it is put over the metadata that was read.

#[cfg(feature = "bibtex")]
mod bibtex;
mod csl_json;
mod ris;
mod table;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use svod_store::schema::ContentHash;
use svod_text::article::{Date, Metadata};

use crate::reading::encoding;
use crate::reading::opening;
use crate::reading::skip_reason::SkipReason;

/// The largest export that is read: that of a hundred thousand entries.
const MOST_BYTES: u64 = 64 << 20;

/// An entry of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Entry {
    /// What it tells; never a heading.
    pub(crate) metadata: Metadata,
    /// The paths of its attachments, as written.
    pub(crate) files: Vec<String>,
    /// Its key, else its title.
    pub(crate) label: String,
    /// The line on which it begins, from 1.
    pub(crate) line: usize,
}

/// Why an export cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BibliographyFault {
    /// It cannot be read, or is no text.
    #[error("{0}")]
    Unreadable(SkipReason),
    /// It is none of the formats.
    #[error("it is neither BibTeX, CSL-JSON nor RIS, nor a table with a column `file`, `path` or `doi`")]
    Unknown,
    /// It is of a format, but damaged.
    #[error("line {line}: {message}")]
    Damaged {
        /// The line, from 1.
        line: usize,
        /// What is wrong, in the words of the reader of the format.
        message: String,
    },
}

/// The entries of an export, and the files of a folder that they belong to.
#[derive(Debug)]
pub(crate) struct Bibliography {
    entries: Vec<Entry>,
    by_path: HashMap<PathBuf, usize>,
    by_doi: HashMap<String, usize>,
    /// Of all entries that no file is attached to.
    stamp_of_rest: u64,
}

impl Bibliography {
    /// Reads an export, and finds the files of a folder that it names. `root` and `paths`, those of the files below it, are
    /// canonical.
    ///
    /// # Errors
    /// [`BibliographyFault`].
    pub(crate) fn read<'p>(
        file: &Path,
        root: &Path,
        paths: impl Iterator<Item = &'p Path>,
    ) -> Result<Bibliography, BibliographyFault> {
        let (opened, metadata) = opening::open(file).map_err(BibliographyFault::Unreadable)?;
        let bytes = opening::read(opened, &metadata, MOST_BYTES).map_err(BibliographyFault::Unreadable)?;
        let decoded = encoding::decode(bytes).map_err(|refusal| BibliographyFault::Unreadable(refusal.into()))?;
        let text = decoded.text.trim_start_matches('\u{feff}');
        let mut entries = parse(text)?;
        entries.iter_mut().for_each(|entry| entry.metadata.cut());
        let beside = file.parent().unwrap_or(Path::new(""));
        Ok(Bibliography::of(entries, root, beside, paths))
    }

    fn of<'p>(entries: Vec<Entry>, root: &Path, beside: &Path, paths: impl Iterator<Item = &'p Path>) -> Bibliography {
        let places = Places::of(root, beside, paths);
        let (mut by_path, mut by_doi) = (HashMap::new(), HashMap::new());
        let mut rest = String::new();
        for (at, entry) in entries.iter().enumerate() {
            let attached: Vec<&Path> = entry.files.iter().filter_map(|file| places.find(file)).collect();
            if attached.is_empty() {
                rest.push_str(&format!("{:?}", entry.metadata));
            }
            for path in attached {
                by_path.entry(path.to_owned()).or_insert(at);
            }
            if let Some(doi) = entry.metadata.appeared.doi.as_deref() {
                by_doi.entry(normal_doi(doi)).or_insert(at);
            }
        }
        Bibliography { entries, by_path, by_doi, stamp_of_rest: ContentHash::of(rest.as_bytes()).0 }
    }

    /// Returns what is known of the document at a path that tells this DOI.
    pub(crate) fn metadata_of(&self, path: &Path, doi: Option<&str>) -> Option<&Metadata> {
        let by_doi = || self.by_doi.get(&normal_doi(doi?));
        self.by_path.get(path).or_else(by_doi).map(|&at| &self.entries[at].metadata)
    }

    /// Returns a hash of what decides the metadata of the document at a path.
    pub(crate) fn stamp(&self, path: &Path) -> u64 {
        match self.by_path.get(path) {
            Some(&at) => ContentHash::of(format!("{:?}", self.entries[at].metadata).as_bytes()).0,
            None => self.stamp_of_rest,
        }
    }

    /// Returns whether there are entries that only a DOI can tie to a document.
    pub(crate) fn has_rest(&self) -> bool {
        let attached: HashSet<usize> = self.by_path.values().copied().collect();
        attached.len() < self.entries.len()
    }

    /// Returns the entries that belong to no file and to none of these DOIs.
    pub(crate) fn unmatched<'d>(&self, dois: impl Iterator<Item = &'d str>) -> Vec<&Entry> {
        let mut matched: HashSet<usize> = self.by_path.values().copied().collect();
        matched.extend(dois.filter_map(|doi| self.by_doi.get(&normal_doi(doi)).copied()));
        let unmatched = self.entries.iter().enumerate().filter(|(at, _)| !matched.contains(at));
        unmatched.map(|(_, entry)| entry).collect()
    }
}

/// Reads the entries of an export; its format is told by how it begins.
fn parse(text: &str) -> Result<Vec<Entry>, BibliographyFault> {
    let begins = text.trim_start();
    if begins.starts_with('[') || begins.starts_with('{') {
        return csl_json::read(text);
    }
    if begins.starts_with("TY  -") {
        return Ok(ris::read(text));
    }
    if let Some(entries) = table::read(text) {
        return Ok(entries);
    }
    let is_entry = |line: &str| line.trim_start().strip_prefix('@').is_some_and(|rest| rest.contains(['{', '(']));
    match text.lines().any(is_entry) {
        #[cfg(feature = "bibtex")]
        true => bibtex::read(text),
        _ => Err(BibliographyFault::Unknown),
    }
}

/// Returns a DOI as it is compared: in small letters, without an address before it.
fn normal_doi(doi: &str) -> String {
    let doi = doi.trim().to_lowercase();
    let bare = doi.find("10.").map_or("", |start| &doi[start..]);
    bare.to_owned()
}

/// The files of a folder, by all that an export may call them.
struct Places<'p> {
    root: &'p Path,
    beside: &'p Path,
    paths: HashSet<&'p Path>,
    /// `None` where several files have the name.
    by_name: HashMap<&'p str, Option<&'p Path>>,
}

impl<'p> Places<'p> {
    fn of<'r: 'p>(root: &'p Path, beside: &'p Path, paths: impl Iterator<Item = &'r Path>) -> Places<'p> {
        let (mut all, mut by_name) = (HashSet::new(), HashMap::new());
        for path in paths {
            all.insert(path);
            if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                by_name.entry(name).and_modify(|path| *path = None).or_insert(Some(path));
            }
        }
        Places { root, beside, paths: all, by_name }
    }

    /// Returns the path of an attachment: below the root, beside the export, or else the only file of its name, as when a
    /// library was copied elsewhere.
    fn find(&self, written: &str) -> Option<&'p Path> {
        let written = written.strip_prefix("file://").map_or_else(|| written.to_owned(), percent_decoded);
        let written = written.replace('\\', "/");
        let path = Path::new(&written);
        let below = |folder: &Path| {
            let real = folder.join(path).canonicalize().ok()?;
            self.paths.get(real.strip_prefix(self.root).ok()?).copied()
        };
        let name = written.rsplit('/').next().unwrap_or_default();
        below(self.beside)
            .or_else(|| below(self.root))
            .or_else(|| self.paths.get(path).copied())
            .or_else(|| self.by_name.get(name).copied().flatten())
    }
}

/// Decodes the part of an address behind `file://`.
fn percent_decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|digits| str::from_utf8(digits).ok());
        match digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns a name as readers see it: Chinese and Korean family names come first, without a blank.
fn full_name(family: &str, given: &str) -> String {
    let (family, given) = (family.trim(), given.trim());
    let is_han = |name: &str| name.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    match (family, given) {
        (family, "") => family.to_owned(),
        ("", given) => given.to_owned(),
        _ if is_han(family) => format!("{family}{given}"),
        _ => format!("{given} {family}"),
    }
}

/// Sets a field of [`Metadata`] from the name that RIS-like tables, CSL or BibTeX give it. Empty values say nothing.
fn set(metadata: &mut Metadata, name: &str, value: &str) {
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if value.is_empty() {
        return;
    }
    let appeared = &mut metadata.appeared;
    let text = match name {
        "title" => &mut metadata.title,
        "journal" => &mut appeared.journal,
        "issn" => &mut appeared.issn,
        "volume" => &mut appeared.volume,
        "issue" => &mut appeared.issue,
        "doi" => &mut appeared.doi,
        "url" => &mut appeared.url,
        "publisher" => &mut appeared.publisher,
        "place" => &mut appeared.place,
        "date" => {
            metadata.date = date(&value).or(metadata.date);
            return;
        }
        "pages" => {
            (appeared.first_page, appeared.pages) = pages(&value);
            return;
        }
        _ => return,
    };
    text.get_or_insert(value);
}

/// Reads a date with `-`, `/` or `.` between its parts, the year first.
fn date(value: &str) -> Option<Date> {
    let mut parts = value.split(['-', '/', '.', ' ']).map(str::trim).filter(|part| !part.is_empty());
    let year = parts.next()?.parse().ok()?;
    let mut part = || parts.next().and_then(|part| part.parse::<u8>().ok()).unwrap_or(0);
    let (month, day) = (part(), part());
    Date::new(year, month, day).or_else(|| Date::new(year, 0, 0))
}

/// Reads the first page and the number of pages: `48-70`, `48–70`, `48`.
fn pages(value: &str) -> (Option<u32>, Option<u32>) {
    let mut numbers = value.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut number = || numbers.next().and_then(|part| part.parse::<u32>().ok());
    let (first, last) = (number(), number());
    let count = first.zip(last).and_then(|(first, last)| last.checked_sub(first)?.checked_add(1));
    (first, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BIBTEX: &str = r#"
@article{lin2024,
  title = {北极航道的{规则}},
  author = {林, 舟 and Orlova, Anna},
  journal = {极地与海洋},
  year = {2024}, month = mar, volume = 12, number = {3}, pages = {48--70},
  doi = {10.5555/abc.1},
  keywords = {北极, 航道},
  file = {Full Text:files/7/lin.pdf:application/pdf;Snapshot:files/8/page.html:text/html}
}
@book{smith, title = {M{\"u}ller's harbour dues}, author = {Smith, John}, date = {2021-05-06}, file = {/elsewhere/dues.pdf}}
"#;
    const CSL: &str = r#"[{"id": "x1", "type": "article-journal", "title": "О портовых сборах",
        "author": [{"family": "Орлова", "given": "А. Н."}, {"literal": "Совет портов"}],
        "issued": {"date-parts": [[2023, 2]]}, "container-title": "Полис", "page": "5-9", "DOI": "https://doi.org/10.5555/ABC.2"}]"#;
    const RIS: &str = "TY  - JOUR\r\nTI  - Harbour dues\r\nAU  - Smith, John\r\nAU  - Doe, Jane\r\nPY  - 2020/03/04/\r\nT2  - Ports\r\nSP  - 7\r\nEP  - 11\r\nKW  - dues\r\nKW  - ports\r\nL1  - file:///C:/Zotero/%D0%B0.pdf\r\nDO  - 10.5555/3\r\nER  - \r\n\r\nTY  - RPRT\r\nTI  - Second\r\nER  - \r\n";
    const TABLE: &str =
        "file\ttitle\tauthors\tdate\tdoi\nlaws/a.md\t港口法\t张弘; 林舟\t2022-01-05\t\n\t\tNobody\t\t10.5555/9\n";

    fn entries(text: &str) -> Vec<Entry> {
        parse(text).unwrap()
    }

    #[test]
    fn exports_of_four_formats() {
        let [lin, smith] = &entries(BIBTEX)[..] else { panic!() };
        assert_eq!(lin.metadata.title.as_deref(), Some("北极航道的规则"));
        assert_eq!(lin.metadata.authors, ["林舟", "Anna Orlova"]);
        assert_eq!(lin.metadata.date, Date::new(2024, 3, 0));
        let appeared = &lin.metadata.appeared;
        assert_eq!((appeared.first_page, appeared.pages, appeared.issue.as_deref()), (Some(48), Some(23), Some("3")));
        assert_eq!(lin.metadata.keywords, ["北极", "航道"]);
        assert_eq!(
            (lin.files.as_slice(), lin.label.as_str(), lin.line),
            (&["files/7/lin.pdf".to_owned(), "files/8/page.html".to_owned()][..], "lin2024", 2)
        );
        assert_eq!(
            (smith.metadata.title.as_deref(), smith.files.as_slice()),
            (Some("Müller's harbour dues"), &["/elsewhere/dues.pdf".to_owned()][..])
        );
        assert_eq!(smith.metadata.date, Date::new(2021, 5, 6));

        let [orlova] = &entries(CSL)[..] else { panic!() };
        assert_eq!(orlova.metadata.authors, ["А. Н. Орлова", "Совет портов"]);
        assert_eq!(
            (orlova.metadata.date, orlova.metadata.appeared.journal.as_deref()),
            (Date::new(2023, 2, 0), Some("Полис"))
        );

        let [dues, second] = &entries(RIS)[..] else { panic!() };
        assert_eq!(dues.metadata.authors, ["John Smith", "Jane Doe"]);
        assert_eq!((dues.metadata.date, dues.metadata.appeared.pages), (Date::new(2020, 3, 4), Some(5)));
        assert_eq!(
            (dues.files.as_slice(), dues.metadata.keywords.len()),
            (&["file:///C:/Zotero/%D0%B0.pdf".to_owned()][..], 2)
        );
        assert_eq!((second.label.as_str(), second.line), ("Second", 15));

        let [law, nobody] = &entries(TABLE)[..] else { panic!() };
        assert_eq!(
            (law.metadata.authors.as_slice(), law.files.as_slice()),
            (&["张弘".to_owned(), "林舟".to_owned()][..], &["laws/a.md".to_owned()][..])
        );
        assert_eq!((nobody.metadata.appeared.doi.as_deref(), nobody.line), (Some("10.5555/9"), 3));
        let quoted =
            entries("\"Title\",\"File Attachments\",DOI\r\n\"A, \"\"B\"\"\nC\",x.pdf; y.pdf,10.5555/8\r\nD,z.pdf,\r\n");
        assert_eq!(quoted[0].metadata.title.as_deref(), Some("A, \"B\" C"));
        assert_eq!((quoted[0].files.len(), quoted[1].line), (2, 4));
    }

    #[test]
    fn what_is_no_export_is_refused() {
        for text in
            ["", "# Notes\n\nSee @smith.\n", "{\"a\": ", "[1, 2]", "name,colour\na,b\n", "@article{x, title = {no end"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_entry_belongs_to_its_files_else_to_its_doi() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for path in ["files/7/lin.pdf", "laws/a.md", "copies/dues.pdf", "twice/a.pdf", "other/a.pdf"] {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), "x").unwrap();
        }
        let paths = ["files/7/lin.pdf", "laws/a.md", "copies/dues.pdf", "twice/a.pdf", "other/a.pdf"].map(Path::new);
        let all = [BIBTEX, CSL, TABLE].map(entries).concat();
        let bibliography = Bibliography::of(all, &root, &root, paths.into_iter());
        let title = |path: &str, doi| {
            bibliography.metadata_of(Path::new(path), doi).and_then(|metadata| metadata.title.as_deref())
        };
        assert_eq!(title("files/7/lin.pdf", None), Some("北极航道的规则"));
        assert_eq!(title("copies/dues.pdf", None), Some("Müller's harbour dues"), "the only file of this name");
        assert_eq!(title("laws/a.md", Some("10.5555/abc.2")), Some("港口法"), "the path goes before the DOI");
        assert_eq!(title("twice/a.pdf", Some("10.5555/abc.2")), Some("О портовых сборах"));
        assert_eq!(title("twice/a.pdf", None), None);
        let unmatched = |dois: &[&str]| {
            bibliography
                .unmatched(dois.iter().copied())
                .into_iter()
                .map(|entry| entry.label.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(unmatched(&[]), ["x1", "10.5555/9"]);
        assert_eq!(unmatched(&["doi:10.5555/ABC.2"]), ["10.5555/9"]);
        assert_ne!(bibliography.stamp(paths[0]), bibliography.stamp(paths[1]));
        assert_eq!(bibliography.stamp(paths[3]), bibliography.stamp(paths[4]));
    }
}
