//! Defaults of the user: options in a file, put before those of the command line.
//!
//! One option in a line, written as on the command line: `--limit 20` or
//! `--limit=20`. The value follows the first blank or `=` and needs no quotation
//! marks; `~/` at its beginning is the home folder. Empty lines and lines that
//! begin with `#` are ignored. The command line wins over the file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Parser;
use clap::error::ErrorKind;

use super::arguments::Arguments;

/// The variable that names another file; if it is empty, no file is read.
const VARIABLE: &str = "SVOD_CONFIG";
/// The path of the file in the configuration folder.
const FILE: &str = "svod/query.conf";
/// The options that choose a task; they cannot be defaults.
const NO_DEFAULTS: [&str; 25] = [
    "--cite",
    "--cite-locale",
    "--count-by",
    "--count",
    "-c",
    "--files-with-matches",
    "--paths",
    "-l",
    "--timeline",
    "--svg",
    "--kwic",
    "--show",
    "--outline",
    "--list",
    "--status",
    "--check",
    "--queries",
    "--requests",
    "--generate",
    "--config",
    "--no-config",
    "--help",
    "-h",
    "--version",
    "-V",
];

/// A fault of the file.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConfigError {
    #[error("cannot read the defaults in `{}`", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("`{}`, line {line}: {what}", .path.display())]
    Line { path: PathBuf, line: usize, what: String },
}

/// Returns the arguments with the defaults of the user; `typed` is the command line that they were parsed from.
///
/// # Errors
/// If the file cannot be read, or a line of it is not an option.
pub(super) fn with_defaults(arguments: Arguments, typed: &[OsString]) -> Result<Arguments, ConfigError> {
    if arguments.no_config {
        return Ok(arguments);
    }
    let Some((path, text)) = read()? else { return Ok(arguments) };
    let failed = |(line, what)| ConfigError::Line { path: path.clone(), line, what };
    let defaults = defaults(&text, home().as_deref()).map_err(failed)?;
    // `--index` can be repeated: without this, the indexes of the file would be added to those given otherwise.
    let is_named = !arguments.index.is_empty();
    let defaults: Vec<&OsString> = defaults.iter().filter(|argument| !(is_named && names_index(argument))).collect();
    Ok(merge(&defaults, typed).unwrap_or(arguments))
}

fn names_index(argument: &OsString) -> bool {
    argument.as_encoded_bytes().starts_with(b"--index=")
}

/// Reads the file, if there is one. A file named by the variable must exist.
fn read() -> Result<Option<(PathBuf, String)>, ConfigError> {
    let named = std::env::var_os(VARIABLE);
    let path = match &named {
        Some(path) if path.is_empty() => return Ok(None),
        Some(path) => PathBuf::from(path),
        None => match usual_path() {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if named.is_none() && is_absent(&error) => Ok(None),
        Err(source) => Err(ConfigError::Read { path, source }),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Returns the path of the file if the variable is not set.
fn usual_path() -> Option<PathBuf> {
    let absolute = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let windows = || if cfg!(windows) { absolute("APPDATA") } else { None };
    let folder = absolute("XDG_CONFIG_HOME").or_else(windows).or_else(|| home().map(|home| home.join(".config")))?;
    Some(folder.join(FILE))
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// Returns the options in a file, or the number of a faulty line and its fault.
fn defaults(text: &str, home: Option<&Path>) -> Result<Vec<OsString>, (usize, String)> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let mut defaults: Vec<OsString> = Vec::new();
    for (line, option) in lines {
        defaults.push(argument(option, home).map_err(|what| (line, what))?);
        check(&defaults).map_err(|what| (line, what))?;
    }
    Ok(defaults)
}

/// Returns a line as one argument of the command line.
fn argument(option: &str, home: Option<&Path>) -> Result<OsString, String> {
    let (name, value) = match option.split_once(|c: char| c == '=' || c.is_whitespace()) {
        Some((name, value)) => (name, Some(value.trim_start_matches(|c: char| c == '=' || c.is_whitespace()))),
        None => (option, None),
    };
    if !name.starts_with('-') || name == "--" || name == "-" {
        return Err(format!("`{option}` is no option: write one as on the command line, `--limit 20`"));
    }
    if NO_DEFAULTS.contains(&name) {
        return Err(format!("`{name}` can only be typed: the file holds how to search and to print, not what to do"));
    }
    let Some(value) = value else { return Ok(name.into()) };
    let mut argument = OsString::from(format!("{name}="));
    match (value.strip_prefix("~/"), home) {
        (Some(below), Some(home)) => argument.push(home.join(below)),
        _ => argument.push(value),
    }
    Ok(argument)
}

/// Checks that options can be parsed together, without a query.
fn check(defaults: &[OsString]) -> Result<(), String> {
    match Arguments::try_parse_from([&OsString::from("svod-query")].into_iter().chain(defaults)) {
        Ok(_) => Ok(()),
        Err(error) => Err(one_line(&error.render().to_string())),
    }
}

/// Returns a message of clap on one line, without the usage below it.
fn one_line(message: &str) -> String {
    let lines = message.lines().map(str::trim).take_while(|line| !line.starts_with("Usage"));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("For more information"));
    let joined = lines.collect::<Vec<_>>().join("; ");
    joined.trim_start_matches("error: ").to_owned()
}

/// Parses the defaults together with the command line. Defaults that conflict with the command line are left out.
fn merge(defaults: &[&OsString], typed: &[OsString]) -> Option<Arguments> {
    let (name, rest) = typed.split_at(typed.len().min(1));
    let parsed =
        |defaults: &[&OsString]| Arguments::try_parse_from(name.iter().chain(defaults.iter().copied()).chain(rest));
    match parsed(defaults) {
        Err(error) if error.kind() == ErrorKind::ArgumentConflict => {
            let fitting: Vec<&OsString> =
                defaults.iter().copied().filter(|argument| parsed(&[argument]).is_ok()).collect();
            parsed(&fitting).ok()
        }
        parsed => parsed.ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Format;

    #[test]
    fn a_line_is_an_option_as_it_is_typed() {
        let home = Path::new("/home/林舟");
        for (line, expected) in [
            ("--limit 20", Ok("--limit=20")),
            ("--limit=20", Ok("--limit=20")),
            ("--limit =  20", Ok("--limit=20")),
            ("-n 5", Ok("-n=5")),
            ("--notes", Ok("--notes")),
            ("--index ~/мои статьи", Ok("--index=/home/林舟/мои статьи")),
            ("--index /库/a=b", Ok("--index=/库/a=b")),
            ("--not \"слово\"", Ok("--not=\"слово\"")),
            ("停火", Err("`停火` is no option")),
            ("-- --limit", Err("is no option")),
            ("--status", Err("can only be typed")),
        ] {
            match (argument(line, Some(home)), expected) {
                (Ok(argument), Ok(expected)) => assert_eq!(argument, expected, "{line}"),
                (Err(what), Err(expected)) => assert!(what.contains(expected), "{line}: {what}"),
                (other, _) => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, line, what) in [
            ("# defaults\n\n--limt 20\n", 3, "--limit"),
            ("--limit 20\n--limit many\n", 2, "invalid value 'many'"),
            ("--notes\r\nмир\r\n", 2, "`мир` is no option"),
            ("--exact\n--literal\n", 2, "cannot be used with"),
            ("--notes yes", 1, "--notes"),
        ] {
            let (found, said) = defaults(text, None).unwrap_err();
            assert_eq!(found, line, "{said}");
            assert!(said.contains(what) && !said.contains('\n') && !said.contains("Usage"), "{said}");
        }
        assert!(defaults("\u{feff}# nothing\n\n  --notes  \n", None).is_ok_and(|defaults| defaults == ["--notes"]));
    }

    #[test]
    fn what_is_typed_wins() {
        let merged = |defaults: &[&str], typed: &[&str]| {
            let owned = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
            let defaults = owned(defaults);
            merge(&defaults.iter().collect::<Vec<_>>(), &owned(typed)).expect("they can be read together")
        };
        let both = merged(&["--limit=20", "--notes"], &["svod-query", "--limit", "3", "мир"]);
        assert_eq!((both.limit, both.notes, both.query), (Some(3), true, vec!["мир".to_owned()]));
        let conflict = merged(&["--exact", "--limit=7"], &["svod-query", "--literal", "--", "-мир"]);
        assert_eq!((conflict.exact, conflict.literal, conflict.limit), (false, true, Some(7)));
        assert_eq!(merged(&["--json"], &["svod-query", "--format", "csv", "停火"]).format(), Format::Csv);
        assert_eq!(merged(&["--format=html"], &["svod-query", "--json", "停火"]).format(), Format::Json);
        assert_eq!(merged(&["--not=уголь"], &["svod-query", "--not", "газ", "порт"]).not, ["уголь", "газ"]);
    }
}
