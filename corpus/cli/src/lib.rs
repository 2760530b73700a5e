//! What the programs of svod share: the parts of their help, and what `--generate` prints of them.

mod generate;

pub use generate::{Schema, values, write};

/// A part of the help, for `--help` and for the man page.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its heading.
    pub title: &'static str,
    /// Lines that stay as they are.
    pub text: &'static str,
}

/// Returns what ends the long help: all sections, indented below their titles.
pub fn long_help(sections: &[Section]) -> String {
    let indented = |text: &str| text.replace('\n', "\n  ").replace("\n  \n", "\n\n");
    let shown: Vec<String> =
        sections.iter().map(|section| format!("{}:\n  {}", section.title, indented(section.text))).collect();
    shown.join("\n\n")
}
