//! A timeline as a picture: a line chart that stands alone, as SVG.
//!
//! A line for each term, by how many of a thousand passages of a year match;
//! it is broken where a year has no passages or few. Lines differ by their dashes as
//! by their colours, which can be told from white and from black; paper and
//! ink follow the reader's choice, where the viewer knows it. Numbers
//! stand in the titles of the points.

use std::fmt::Write as _;
use std::io::{self, Write};

use svod_query::columns::shortened;
use svod_query::{Period, Timeline, TimelineTerm};
use svod_text::printable;
use unicode_width::UnicodeWidthStr;

use super::timeline::{least_drawn, most_per_thousand, shown_years};

const WIDTH: f64 = 800.0;
/// The height of the chart without the legend.
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 40.0;
/// The height of a row of the legend.
const LEGEND_ROW: f64 = 22.0;
/// The length of the stroke before a name in the legend.
const STROKE: f64 = 28.0;
/// About the width of a terminal column of text.
const COLUMN: f64 = 7.4;
/// The width of the name of a term, in columns; longer ones are cut.
const NAME_COLUMNS: usize = 40;
/// About the number of steps on either axis.
const STEPS: f64 = 8.0;

/// Contrast of three to one or more on white and on black (WCAG, non-text).
const COLOURS: [&str; 6] = ["#2f7fd1", "#d9730d", "#2a9a5f", "#a35fd0", "#d6504c", "#8a8a3c"];
const DASHES: [&str; 4] = ["none", "8 4", "2 3", "10 3 2 3"];

const STYLE: &str = "text{fill:#444;font:13px system-ui,'Noto Sans','Noto Sans CJK SC',sans-serif}\
.h{font-size:15px;font-weight:600}.b{fill:#fff}.g{stroke:#ccc}.a{stroke:#777}\
@media(prefers-color-scheme:dark){text{fill:#ccc}.b{fill:#1c1c1c}.g{stroke:#444}.a{stroke:#999}}";

/// Writes line charts.
pub struct Svg<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Svg<'w> {
    /// Returns a writer of pictures that stand alone.
    pub fn new(out: &'w mut dyn Write) -> Svg<'w> {
        Svg { out }
    }

    /// Writes a timeline as a line chart.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn timeline(&mut self, timeline: &Timeline) -> io::Result<()> {
        let mut svg = String::new();
        Chart::of(timeline).draw(&mut svg).map_err(io::Error::other)?;
        self.out.write_all(svg.as_bytes())
    }
}

/// The years that are drawn, and the scales.
struct Chart<'t> {
    timeline: &'t Timeline,
    years: &'t [Period],
    first: f64,
    last: f64,
    /// The share at the top.
    most: f64,
    /// Years with fewer passages are not drawn.
    least: u64,
    /// Between two lines of the grid.
    step: f64,
    /// For each term the place of its name in the legend.
    legend: Vec<(f64, f64)>,
}

impl<'t> Chart<'t> {
    fn of(timeline: &'t Timeline) -> Chart<'t> {
        let least = least_drawn(timeline);
        let years = shown_years(timeline, least);
        let year = |period: Option<&Period>| f64::from(period.and_then(|period| period.year).unwrap_or_default());
        let most = most_per_thousand(timeline);
        let step = round_step(most / STEPS);
        Chart {
            timeline,
            years,
            first: year(years.first()),
            last: year(years.last()),
            most: ((most / step).ceil() * step).max(step),
            least,
            step,
            legend: legend(&timeline.terms),
        }
    }

    fn draw(&self, svg: &mut String) -> std::fmt::Result {
        let height = self.bottom() + BOTTOM + self.legend.last().map_or(0.0, |(_, y)| y + LEGEND_ROW);
        write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{}</title>\n\
             <desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"b\" width=\"{WIDTH}\" height=\"{height}\"/>\n",
            escaped(&self.title()),
            escaped(&self.description())
        )?;
        writeln!(svg, "<text class=\"h\" x=\"{LEFT}\" y=\"24\">{}</text>", self.heading())?;
        self.draw_shares(svg)?;
        self.draw_years(svg)?;
        for number in 0..self.timeline.terms.len() {
            self.draw_term(svg, number)?;
        }
        svg.write_str("</svg>\n")
    }

    fn title(&self) -> String {
        let terms: Vec<&str> = self.timeline.terms.iter().map(|term| term.query.as_str()).collect();
        match self.years {
            [] => format!("{}: no dated passages", terms.join(", ")),
            _ => format!("{}, {}–{}: {}", terms.join(", "), self.first, self.last, self.heading()),
        }
    }

    /// Says in words what the lines show.
    fn description(&self) -> String {
        let peak = |number: usize| {
            let share = |period: &&Period| period.per_thousand(number).unwrap_or_default();
            self.drawn().max_by(|one, other| share(one).total_cmp(&share(other)))
        };
        let term = |(number, term): (usize, &TimelineTerm)| {
            let most = peak(number).filter(|_| term.passages > 0).and_then(|period| {
                Some(format!(", most in {}: {:.1} per thousand", period.year?, period.per_thousand(number)?))
            });
            format!("{}: {} passages{}.", term.query, term.passages, most.unwrap_or_default())
        };
        self.timeline.terms.iter().enumerate().map(term).collect::<Vec<_>>().join(" ")
    }

    fn drawn(&self) -> impl Iterator<Item = &Period> {
        self.years.iter().filter(|year| year.all >= self.least)
    }

    /// Says what is drawn.
    fn heading(&self) -> String {
        let heading = "passages per thousand of each year";
        match self.years.len() - self.drawn().count() {
            0 => heading.to_owned(),
            _ => format!("{heading} with {} or more", self.least),
        }
    }

    fn bottom(&self) -> f64 {
        HEIGHT - BOTTOM
    }

    fn x(&self, year: f64) -> f64 {
        let width = WIDTH - LEFT - RIGHT;
        if self.last > self.first {
            LEFT + (year - self.first) / (self.last - self.first) * width
        } else {
            LEFT + width / 2.0
        }
    }

    fn y(&self, share: f64) -> f64 {
        self.bottom() - share / self.most * (self.bottom() - TOP)
    }

    /// Draws the lines of the grid, each with its share.
    fn draw_shares(&self, svg: &mut String) -> std::fmt::Result {
        let steps = (self.most / self.step).round() as u32;
        for number in 0..=steps {
            let share = f64::from(number) * self.step;
            let y = self.y(share);
            let class = if number == 0 { "a" } else { "g" };
            writeln!(svg, "<path class=\"{class}\" d=\"M{LEFT} {y:.1}H{:.1}\"/>", WIDTH - RIGHT)?;
            let label = format!("{:.1$}", share, usize::from(self.step < 1.0) + usize::from(self.step < 0.1));
            writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>", LEFT - 8.0, y + 4.0)?;
        }
        Ok(())
    }

    fn draw_years(&self, svg: &mut String) -> std::fmt::Result {
        if self.years.is_empty() {
            return Ok(());
        }
        let step = round_step((self.last - self.first) / STEPS).max(1.0);
        let mut year = (self.first / step).ceil() * step;
        while year <= self.last {
            let (x, y) = (self.x(year), self.bottom());
            writeln!(svg, "<path class=\"a\" d=\"M{x:.1} {y:.1}v5\"/>")?;
            writeln!(svg, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{year}</text>", y + 20.0)?;
            year += step;
        }
        Ok(())
    }

    /// Draws the line of a term, its points, and its name in the legend.
    fn draw_term(&self, svg: &mut String, number: usize) -> std::fmt::Result {
        let (colour, dash) = (COLOURS[number % COLOURS.len()], DASHES[number % DASHES.len()]);
        let name = shortened(&self.timeline.terms[number].query, NAME_COLUMNS).into_owned();
        let name = escaped(&name);
        writeln!(svg, "<g stroke=\"{colour}\" fill=\"none\" stroke-width=\"2\">")?;
        let mut path = String::new();
        let mut points = String::new();
        let mut before: Option<u16> = None;
        for (period, year, share) in
            self.drawn().filter_map(|period| Some((period, period.year?, period.per_thousand(number)?)))
        {
            let (x, y) = (self.x(year.into()), self.y(share));
            let command = if before.is_some_and(|before| before + 1 == year) { 'L' } else { 'M' };
            write!(path, "{command}{x:.1} {y:.1}")?;
            let found = period.found.get(number).copied().unwrap_or_default();
            writeln!(
                points,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"{colour}\" stroke=\"none\">\
                 <title>{name} {year}: {found} of {} passages, {share:.1} per thousand</title></circle>",
                period.all
            )?;
            before = Some(year);
        }
        writeln!(svg, "<path stroke-dasharray=\"{dash}\" d=\"{path}\"/>\n{points}</g>")?;
        let (x, y) = self.legend[number];
        let y = self.bottom() + BOTTOM + y + LEGEND_ROW / 2.0;
        writeln!(
            svg,
            "<path stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" d=\"M{x:.1} {y:.1}h{STROKE}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            x + STROKE + 6.0,
            y + 4.0
        )
    }
}

/// Returns where the names stand: side by side, in as many rows as they need.
fn legend(terms: &[TimelineTerm]) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (LEFT, 0.0);
    let mut places = Vec::with_capacity(terms.len());
    for term in terms {
        let columns = printable(&shortened(&term.query, NAME_COLUMNS)).width();
        let width = STROKE + 6.0 + columns as f64 * COLUMN + 20.0;
        if x > LEFT && x + width > WIDTH - RIGHT {
            (x, y) = (LEFT, y + LEGEND_ROW);
        }
        places.push((x, y));
        x += width;
    }
    places
}

/// Returns a step of an axis: the next of 1, 2, 5, 10 … or 0.5, 0.2, 0.1 …
fn round_step(least: f64) -> f64 {
    if least <= 0.0 || !least.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= least * 0.999)
        .unwrap_or(power * 10.0)
}

/// Returns a text as XML may hold it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, expected) in
            [(0.0, 1.0), (0.013, 0.02), (0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (7.0, 10.0), (30.0, 50.0)]
        {
            assert!((round_step(least) - expected).abs() < 1e-9, "{least}: {}", round_step(least));
        }
    }

    #[test]
    fn nothing_in_a_name_is_markup() {
        assert_eq!(
            escaped("<b>\"мир\" & 停火</b>\x1b\u{ffff}"),
            "&lt;b&gt;&quot;мир&quot; &amp; 停火&lt;/b&gt;\u{fffd}\u{fffd}"
        );
    }
}
