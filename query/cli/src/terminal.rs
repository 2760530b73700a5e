//! What the terminal is like: colours, width, links.

use std::io::{self, IsTerminal};
use std::path::Path;

use clap::ColorChoice;
use svod_render::{Layout, Links, Paint};

use super::arguments::Arguments;

/// The width of piped output, and of a terminal that does not tell.
const COLUMNS: usize = 100;
/// Long lines are hard to read.
const MOST_COLUMNS: usize = 120;
/// No page is wider, whatever is asked for: lines are filled up.
const WIDEST_COLUMNS: usize = 10_000;
/// Narrower lines hold no text.
const LEAST_COLUMNS: usize = 20;

/// Returns how to lay out what is printed.
pub(super) fn layout(arguments: &Arguments) -> Layout {
    let is_terminal = io::stdout().is_terminal();
    let is_smart = is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let is_wanted = is_smart && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let paint = match arguments.color {
        ColorChoice::Always => Paint::Colour,
        ColorChoice::Auto if is_wanted => Paint::Colour,
        ColorChoice::Auto | ColorChoice::Never => Paint::Plain,
    };
    let told = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).min(MOST_COLUMNS));
    let told = arguments.columns.or_else(|| told().filter(|_| is_terminal));
    Layout {
        paint,
        columns: told.unwrap_or(COLUMNS).clamp(LEAST_COLUMNS, WIDEST_COLUMNS),
        links: match &*arguments.links {
            "auto" if paint == Paint::Colour && is_smart => links("file"),
            "auto" => Links::None,
            named => links(named),
        },
    }
}

/// Returns what links lead to: the addresses that editors register for themselves, or one of the user's own.
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

/// Returns a path below a root as it is shown: relative to the current folder where it lies below that. What is no file
/// is shown by its name.
pub(super) fn shown_path(root: Option<&Path>, here: Option<&Path>, path: &Path) -> String {
    let Some(root) = root else { return path.to_string_lossy().into_owned() };
    let whole = root.join(path);
    let shown = here.and_then(|here| whole.strip_prefix(here).ok()).unwrap_or(&whole).to_string_lossy();
    // Windows' form of paths that may be long and have any names: roots have it.
    let rest = if cfg!(windows) { shown.strip_prefix(r"\\?\") } else { None };
    rest.filter(|rest| !rest.starts_with("UNC")).map_or_else(|| shown.to_string(), str::to_owned)
}

/// Returns the lines of the screen, if there is one that can be paged on.
pub(super) fn screen_lines() -> Option<usize> {
    let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
    let is_smart = std::env::var_os("TERM").is_some_and(|term| term != "dumb");
    let size = || terminal_size::terminal_size().map(|(_, height)| usize::from(height.0));
    if is_terminal && is_smart { size() } else { None }
}
