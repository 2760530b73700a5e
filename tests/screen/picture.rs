//! Renders a screen as SVG.

use std::fmt::Write;

use vt100::{Cell, Color, Screen};

/// The size of a cell.
const WIDTH: f32 = 8.4;
const HEIGHT: f32 = 19.0;
/// The room around the screen.
const MARGIN: f32 = 12.0;
/// The sixteen colours.
const PALETTE: [&str; 16] = [
    "#1d2026", "#e0626c", "#7fb069", "#e5b95c", "#6aa5e3", "#b98ad6", "#4fb8c4", "#d7dae0", "#767c88", "#f08790",
    "#9bc986", "#f2cf85", "#8dbdf0", "#cfa8e6", "#7fd0da", "#ffffff",
];
const TEXT: &str = "#d7dae0";
const GROUND: &str = "#1d2026";

/// Returns the picture.
pub(crate) fn svg(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let (width, height) = (f32::from(columns) * WIDTH + 2.0 * MARGIN, f32::from(rows) * HEIGHT + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-size=\"14\" \
         font-family=\"'Noto Sans Mono CJK SC', 'Sarasa Mono SC', 'DejaVu Sans Mono', Menlo, Consolas, monospace\">\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"{GROUND}\"/>\n"
    );
    for row in 0..rows {
        for run in runs(screen, row, columns) {
            run.write(&mut svg, row);
        }
    }
    if !screen.hide_cursor() {
        let (row, column) = screen.cursor_position();
        let (x, y) = place(row, column);
        let _ = writeln!(svg, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"2\" height=\"{HEIGHT}\" fill=\"{TEXT}\"/>");
    }
    svg + "</svg>\n"
}

/// Neighbouring cells of one style.
struct Run {
    column: u16,
    columns: u16,
    text: String,
    style: Style,
}

#[derive(Clone, PartialEq)]
struct Style {
    text: &'static str,
    ground: &'static str,
    is_bold: bool,
    is_dim: bool,
    is_underlined: bool,
}

impl Style {
    fn of(cell: &Cell) -> Style {
        let (mut text, mut ground) = (colour(cell.fgcolor(), TEXT), colour(cell.bgcolor(), GROUND));
        if cell.inverse() {
            std::mem::swap(&mut text, &mut ground);
        }
        Style { text, ground, is_bold: cell.bold(), is_dim: cell.dim(), is_underlined: cell.underline() }
    }
}

fn colour(colour: Color, default: &'static str) -> &'static str {
    match colour {
        Color::Idx(index) => PALETTE.get(usize::from(index)).copied().unwrap_or(default),
        _ => default,
    }
}

fn runs(screen: &Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column).filter(|cell| !cell.is_wide_continuation()) else { continue };
        let (style, columns) = (Style::of(cell), if cell.is_wide() { 2 } else { 1 });
        let text = if cell.has_contents() { cell.contents() } else { " " };
        match runs.last_mut() {
            // Text without blanks stays one run, which is fitted to the width of its cells.
            Some(run) if run.style == style && (text == " ") == run.text.ends_with(' ') => {
                run.text.push_str(text);
                run.columns += columns;
            }
            _ => runs.push(Run { column, columns, text: text.to_owned(), style }),
        }
    }
    runs
}

impl Run {
    fn write(&self, svg: &mut String, row: u16) {
        let ((x, y), width) = (place(row, self.column), f32::from(self.columns) * WIDTH);
        let Style { text, ground, is_bold, is_dim, is_underlined } = self.style;
        if ground != GROUND {
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" fill=\"{ground}\"/>"
            );
        }
        if self.text.trim().is_empty() {
            return;
        }
        let bold = if is_bold { " font-weight=\"bold\"" } else { "" };
        let dim = if is_dim { " opacity=\"0.55\"" } else { "" };
        let line = if is_underlined { " text-decoration=\"underline\"" } else { "" };
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{text}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"\
             {bold}{dim}{line}>{}</text>",
            y + 14.5,
            escaped(&self.text)
        );
    }
}

fn place(row: u16, column: u16) -> (f32, f32) {
    (MARGIN + f32::from(column) * WIDTH, MARGIN + f32::from(row) * HEIGHT)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
