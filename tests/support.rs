//! Shared by the tests: the programs, the sample articles and their index.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use svod_indexer::{Options, index_folder};
use svod_query::Index;
use svod_text::article::{Article, Passage, Syntax, parse};
use tempfile::TempDir;

/// The variable that makes tests rewrite golden files instead of comparing them. Read the difference line by line.
const RENEW: &str = "SVOD_RENEW";

/// The variable that enables tests with very large inputs.
pub(crate) const LARGE: &str = "SVOD_LARGE";

/// Returns the root of the repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository").to_owned()
}

/// Returns the folder of the sample articles.
pub(crate) fn articles() -> PathBuf {
    repository().join("corpus/articles")
}

/// Returns a folder of the real corpora that developers have beside the repository. If it does not exist, writes that
/// the test is skipped and returns `None`.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = repository().parent().map(|above| above.join("shared/corpora").join(path)).filter(|path| path.is_dir());
    if path.is_none() {
        skipped("the development corpora are not there");
    }
    path
}

/// Writes that a test, or a part of it, was skipped; CI counts these lines. Written to stderr directly, because the
/// test harness captures the output of the print macros.
pub(crate) fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    std::io::stderr().write_all(format!("skipped: {test}: {why}\n").as_bytes()).expect("it can be said");
}

/// Runs the indexer and returns its output.
pub(crate) fn indexer(arguments: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_svod-indexer-under-test"), arguments, &articles())
}

/// Returns the command for the indexer, for tests that stop it.
pub(crate) fn indexer_command(arguments: &[&str]) -> Command {
    command(env!("CARGO_BIN_EXE_svod-indexer-under-test"), arguments, &articles())
}

/// Runs the query program in the folder of the sample articles.
pub(crate) fn query(arguments: &[&str]) -> Output {
    query_in(&articles(), arguments)
}

/// Runs the query program in a folder.
pub(crate) fn query_in(folder: &Path, arguments: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_svod-query-under-test"), arguments, folder)
}

/// Returns the command for the query program, for tests that need its input.
pub(crate) fn query_command(arguments: &[&str]) -> Command {
    command(env!("CARGO_BIN_EXE_svod-query-under-test"), arguments, &articles())
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    command(program, arguments, folder).output().expect("the program starts")
}

fn command(program: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("SVOD_INDEX")
        .env("SVOD_CONFIG", "")
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE");
    command
}

/// Returns the text of an output stream.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("programs print UTF-8")
}

/// Returns the folder of an index of the sample articles, which is made once.
pub(crate) fn sample_index() -> &'static str {
    static INDEX: OnceLock<(TempDir, String)> = OnceLock::new();
    let (_, path) = INDEX.get_or_init(|| {
        let folder = new_folder();
        let path = folder.path().to_str().expect("a path of ours").to_owned();
        index_into(&articles(), folder.path());
        (folder, path)
    });
    path
}

/// Indexes a folder through the library and opens the index.
pub(crate) fn index_into(folder: &Path, index: &Path) -> Index {
    let mut options = Options::default();
    options.index = Some(index.to_owned());
    index_folder(folder, &options, &mut ()).expect("the folder can be indexed");
    Index::open(index).expect("the index can be opened")
}

/// Returns a new empty folder, removed when dropped.
pub(crate) fn new_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// Reads all articles of a folder: relative path, text and article, in the order of the paths.
pub(crate) fn read_articles(folder: &Path) -> Vec<(PathBuf, String, Article)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            // A developer may have made an index there.
            if path.file_name().is_some_and(|name| name == ".svod") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = fs::read_to_string(&path).expect("the article is UTF-8");
                let is_text = path.extension().is_some_and(|extension| extension == "txt");
                let syntax = if is_text { Syntax::of(&source) } else { Syntax::Markdown };
                let article = parse(&source, syntax);
                found.push((path.strip_prefix(folder).expect("it lies below").to_owned(), source, article));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Returns the offset of a passage in its source, which together with the path identifies it.
pub(crate) fn first_byte(passage: &Passage) -> usize {
    passage.pieces[0].source
}

/// Returns a `meta.json` without its checksums, as earlier versions wrote it.
pub(crate) fn unsealed(meta: &str) -> String {
    format!("{}\n}}\n", meta.split(",\n  \"files\"").next().expect("a text has a first part").trim_end_matches("\n}\n"))
}

/// Returns whether golden files are to be rewritten.
pub(crate) fn is_renewing() -> bool {
    std::env::var_os(RENEW).is_some()
}

/// Returns the text of a golden file.
pub(crate) fn golden(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_default()
}

/// Compares a text with a golden file, or renews the file.
pub(crate) fn check_golden(name: &str, actual: &str) {
    if is_renewing() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(name), actual).expect("the golden file can be written");
    }
    let expected = golden(name);
    assert!(
        expected == actual,
        "{name} differs; set {RENEW}=1 to renew it\n--- expected\n{expected}\n--- actual\n{actual}"
    );
}

/// A small random number generator (xorshift, Marsaglia 2003) with the same sequence in every run.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// Returns a number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}
