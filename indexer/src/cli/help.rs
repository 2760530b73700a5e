//! What stands in the help beside the options, for `--help` and for the man page.

/// A part of the help.
pub(super) struct Section {
    pub(super) title: &'static str,
    /// Lines that stay as they are.
    pub(super) text: &'static str,
}

/// Ends the short help.
pub(super) const SHORT: &str = "--help says more, with examples.";

/// The parts of the long help.
pub(super) const SECTIONS: [Section; 3] = [
    Section {
        title: "Files",
        text: "\
FOLDER/.svod         the index, if --index does not say otherwise
.svodignore          in any folder: files and folders to leave out, written like a .gitignore",
    },
    Section {
        title: "Exit status",
        text: "\
0    all files are in
1    finished, but some files were skipped; each is named with the reason
2    error
130  interrupted, in good order",
    },
    Section {
        title: "Examples",
        text: "\
svod-indexer articles
svod-indexer articles --dry-run
svod-indexer articles --index ~/indexes/articles --exclude 'drafts/' --exclude '*.tmp.md'
svod-indexer articles --watch
svod-indexer --generate man | man -l -",
    },
];

/// Returns what ends the long help.
pub(super) fn long() -> String {
    let indented = |text: &str| text.replace('\n', "\n  ");
    SECTIONS.map(|section| format!("{}:\n  {}", section.title, indented(section.text))).join("\n\n")
}
