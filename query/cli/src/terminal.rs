//! The layout of printed text by the terminal: colours, width, links.

use std::io::{self, IsTerminal};

use clap::ColorChoice;
use svod_render::{Layout, Links, Paint};

use super::arguments::Arguments;

/// The width of piped output, and for a terminal of unknown width.
const COLUMNS: usize = 100;
/// The most columns without `--columns`: long lines are hard to read.
const MOST_COLUMNS: usize = 120;
/// The most columns with `--columns`: lines are padded, so a larger number could take all memory.
const WIDEST_COLUMNS: usize = 10_000;
/// The fewest columns: narrower lines have no room for text.
const LEAST_COLUMNS: usize = 20;

/// Returns the layout of printed text.
pub(super) fn layout(arguments: &Arguments) -> Layout {
    let is_terminal = io::stdout().is_terminal();
    let is_smart = is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let is_wanted = is_smart && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let paint = match arguments.color {
        ColorChoice::Always => Paint::Colour,
        ColorChoice::Auto if is_wanted => Paint::Colour,
        ColorChoice::Auto | ColorChoice::Never => Paint::Plain,
    };
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).min(MOST_COLUMNS));
    let columns = arguments.columns.or_else(|| of_terminal().filter(|_| is_terminal));
    let links = match &*arguments.links {
        "auto" if paint == Paint::Colour && is_smart => links("file"),
        "auto" => Links::None,
        named => links(named),
    };
    Layout::new(columns.unwrap_or(COLUMNS).clamp(LEAST_COLUMNS, WIDEST_COLUMNS)).paint(paint).links(links)
}

/// Returns the address of links: that of a known editor, or one given by the user.
fn links(to: &str) -> Links {
    let address = match to {
        "never" | "none" => return Links::None,
        "file" => "file://{path}#{line}",
        "vscode" => "vscode://file{path}:{line}",
        "vscodium" => "vscodium://file{path}:{line}",
        "cursor" => "cursor://file{path}:{line}",
        "zed" => "zed://file{path}:{line}",
        "macvim" => "mvim://open?url=file://{path}&line={line}",
        "textmate" => "txmt://open?url=file://{path}&line={line}",
        "emacs" => "org-protocol://open-source?url=file://{path}&line={line}",
        own => own,
    };
    Links::To(address.chars().filter(|c| !c.is_control()).collect())
}

/// Returns the number of lines of the terminal, if it can show a pager.
pub(super) fn screen_lines() -> Option<usize> {
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    let is_smart = std::env::var_os("TERM").is_some_and(|term| term != "dumb");
    let size = || terminal_size::terminal_size().map(|(_, height)| usize::from(height.0));
    if is_terminal && is_smart { size() } else { None }
}
