//! The parts of the help beside the options, for `--help` and for the man page.

use svod_cli::{Schema, Section};

/// The end of the short help.
pub(crate) const SHORT: &str = "\
Examples:
  svod-query 乌克兰 停火
  svod-query '\"северный морской путь\" +порт -уголь'
  svod-query --exact \"balance of power\"

--help says more: what a query can hold, variables, files, further examples.";

/// The sections of the long help.
pub(crate) const SECTIONS: [Section; 7] = [
    Section {
        title: "In a query",
        text: "\
\"…\"                 this text, exactly; Chinese: any substring
\"…\"~8               these words within 8 positions
+word  -word        must, must not be there; NOT, AND, OR and ( ) combine
санкци*  *威慑       any letters;  Zelensk?y  one letter;  美?关系  one character
Зеленскй~           one typing error, ~2 two
lang:zh kind:note date:2024..2025 path:zh/ title:… author:… keyword:… section:…

The shell takes the outermost quotation marks: write '\"…\"'. After -- a word may
begin with a hyphen: svod-query -- -слово",
    },
    Section {
        title: "Exit status",
        text: "\
0  found
1  nothing found
2  error",
    },
    Section {
        title: "Environment",
        text: "\
SVOD_INDEX          the indexed folder, or its index, if --index names none
SVOD_CONFIG         the file of defaults instead of the usual one; empty: none
SVOD_PAGER, PAGER   what shows output that is longer than the screen
VISUAL, EDITOR      the editor that opens a passage
NO_COLOR            if set to anything, no colours but with --color always",
    },
    Section {
        title: "Files",
        text: "\
$XDG_CONFIG_HOME/svod/query.conf, else ~/.config/svod/query.conf
                    (Windows: %APPDATA%\\svod\\query.conf)
    Defaults: one option in a line, as on the command line, which wins. The
    value follows the first blank or =, without quotation marks; ~/ at its
    beginning is the home folder; # begins a comment line. For example:

        --index ~/library
        --per-article 5
        --color=always",
    },
    Section {
        title: "Output for programs and papers",
        text: "\
svod-query --json --limit 0 停火 | jq .path
svod-query --format csv --limit 0 санкции > hits.csv
svod-query --format markdown --notes 'cease fire' > report.md
svod-query --format html --full 制裁 > report.html
svod-query --cite gbt7714 --limit 0 北极航道 > sources.txt
vim -q <(svod-query --vimgrep 停火)

A process that is kept open answers line by line, and sees new commits:

echo '{\"query\":\"停火\",\"limit\":5,\"tag\":1}' | svod-query --requests -
svod-query --generate json-schema      what each line of --json may hold
svod-query --generate request-schema   what each line of --requests may hold",
    },
    Section {
        title: "Looking rather than reading",
        text: "\
svod-query --count-by year 制裁
svod-query --timeline 制裁 санкции sanctions --svg sanctions.svg
svod-query --kwic=right --limit 0 баланс сил
svod-query -l 停火 | xargs wc -m",
    },
    Section {
        title: "Man page and completions",
        text: "\
svod-query --generate man | man -l -
svod-query --generate complete-bash > ~/.local/share/bash-completion/completions/svod-query
svod-query --generate complete-zsh > ~/.zfunc/_svod-query
svod-query --generate complete-fish > ~/.config/fish/completions/svod-query.fish",
    },
];

/// The schemas that `--generate` prints.
pub(crate) const SCHEMAS: [Schema; 2] = [
    Schema { name: "json-schema", help: "The JSON Schema of the lines of --json", text: svod_render::lines_schema },
    Schema {
        name: "request-schema",
        help: "The JSON Schema of the lines that --requests reads",
        text: svod_render::ask::requests_schema,
    },
];
