//! Code that the two programs share: sections of their help, and the output of `--generate`.

mod generate;

pub use generate::{Schema, values, write};

/// A section of the help, for `--help` and for the man page.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Its lines, shown as they are, without wrapping.
    pub text: &'static str,
}

/// Returns the end of `--help`: all sections, indented below their titles.
pub fn long_help(sections: &[Section]) -> String {
    let indented = |text: &str| text.replace('\n', "\n  ").replace("\n  \n", "\n\n");
    let shown: Vec<String> =
        sections.iter().map(|section| format!("{}:\n  {}", section.title, indented(section.text))).collect();
    shown.join("\n\n")
}
