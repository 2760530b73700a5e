//! Opens a file at a line in the user's editor.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The variables that name the editor; the first that is set counts.
const VARIABLES: [&str; 2] = ["VISUAL", "EDITOR"];
/// Extensions of files that an editor cannot show as text.
const NOT_TEXT: [&str; 3] = ["docx", "epub", "pdf"];

/// The arguments by which an editor opens a file at a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Style {
    /// `+12 file`
    Plus,
    /// `-g file:12`
    Goto,
    /// `file:12`
    Colon,
    /// `--line 12 file`
    Line,
    /// `file`
    None,
}

/// Opens a file and waits for the editor to end.
///
/// # Errors
/// If there is no editor, or it does not start, or it fails. The error is a message for the user.
pub(super) fn open(path: &Path, line: Option<u32>) -> Result<(), String> {
    let is_text =
        path.extension().is_none_or(|extension| !NOT_TEXT.iter().any(|known| extension.eq_ignore_ascii_case(known)));
    let shown = svod_query::printable(&path.to_string_lossy()).into_owned();
    if !is_text {
        return Err(format!("not a text file, open it with its own program: {shown}"));
    }
    let editor = VARIABLES.iter().filter_map(|name| std::env::var(name).ok()).find(|editor| !editor.trim().is_empty());
    let Some(editor) = editor else {
        return Err(
            "no editor is set: export EDITOR=vim (or another) before svod-query; F9 copies the passage and its place"
                .to_owned(),
        );
    };
    let words = words(&editor);
    let Some((program, first)) = words.split_first() else { return Err("no editor is set".to_owned()) };
    let status = Command::new(program).args(first).args(arguments(program, path, line)).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{}` ended with {status}", svod_query::printable(program))),
        Err(error) => Err(format!("cannot start `{}` ($VISUAL, $EDITOR): {error}", svod_query::printable(program))),
    }
}

/// Splits a command into words at blanks; text in quotation marks is one word.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in command.chars() {
        match quote {
            Some(mark) if c == mark => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Returns the arguments by which this editor opens the file at the line.
fn arguments(program: &str, path: &Path, line: Option<u32>) -> Vec<OsString> {
    let file = || path.as_os_str().to_owned();
    let with_line = |line: u32| {
        let mut file = file();
        file.push(format!(":{line}"));
        file
    };
    match (style(program), line) {
        (Style::None, _) | (_, None) => vec![file()],
        (Style::Plus, Some(line)) => vec![format!("+{line}").into(), file()],
        (Style::Goto, Some(line)) => vec!["-g".into(), with_line(line)],
        (Style::Colon, Some(line)) => vec![with_line(line)],
        (Style::Line, Some(line)) => vec!["--line".into(), line.to_string().into(), file()],
    }
}

fn style(program: &str) -> Style {
    let name = Path::new(program).file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    match name.as_str() {
        "vi" | "vim" | "nvim" | "view" | "gvim" | "mvim" | "nano" | "pico" | "micro" | "emacs" | "emacsclient"
        | "mg" | "jed" | "joe" | "ne" | "kak" | "gedit" | "less" | "ex" | "neovide" => Style::Plus,
        "code" | "code-insiders" | "codium" | "vscodium" | "cursor" | "windsurf" => Style::Goto,
        "subl" | "sublime_text" | "zed" | "zeditor" | "hx" | "helix" => Style::Colon,
        "kate" | "kwrite" | "mate" => Style::Line,
        _ => Style::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_the_line_its_way() {
        let told = |program, line| -> Vec<String> {
            let arguments = arguments(program, Path::new("/л/停 火.md"), line);
            arguments.into_iter().map(|argument| argument.into_string().unwrap()).collect()
        };
        for (program, expected) in [
            ("/usr/bin/nvim", &["+12", "/л/停 火.md"][..]),
            ("emacs", &["+12", "/л/停 火.md"]),
            ("code", &["-g", "/л/停 火.md:12"]),
            ("hx", &["/л/停 火.md:12"]),
            ("kate", &["--line", "12", "/л/停 火.md"]),
            ("my-editor", &["/л/停 火.md"]),
        ] {
            assert_eq!(told(program, Some(12)), expected, "{program}");
            assert_eq!(told(program, None), ["/л/停 火.md"], "{program}");
        }
    }

    #[test]
    fn a_command_may_have_words_of_its_own() {
        for (command, expected) in [
            ("vim", &["vim"][..]),
            (" code  --wait ", &["code", "--wait"]),
            ("'/opt/my editor/vim' -c 'set list' \"\"", &["/opt/my editor/vim", "-c", "set list", ""]),
            ("", &[]),
        ] {
            assert_eq!(words(command), expected);
        }
    }
}
