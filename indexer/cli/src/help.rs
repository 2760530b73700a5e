//! The parts of the help beside the options, for `--help` and for the man page.

use svod_cli::{Schema, Section};

/// The end of the short help.
pub(super) const SHORT: &str = "--help says more, with examples.";

/// The sections of the long help.
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

/// The schemas that `--generate` prints.
pub(super) const SCHEMAS: [Schema; 1] =
    [Schema { name: "json-schema", help: "The JSON Schema of the line of --json", text: super::json::schema }];
