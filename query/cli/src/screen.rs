//! Search as you type: the screen that the program shows when it is run without a query.
//!
//! ```text
//! keys, reports of workers → state::update → effects (search, open, copy …) → draw
//! ```
//!
//! | room | what it does |
//! | --- | --- |
//! | `state` | the state of the screen, and how each event changes it; pure |
//! | `line`, `listing`, `filters`, `marks` | parts of the state |
//! | `keys` | the command of each key |
//! | `panes`, `draw` | layout and drawing |
//! | `worker` | searches and reads the index in other threads |
//! | `terminal` | takes over the terminal, and restores it |
//! | `editor`, `clipboard`, `citation`, `dossier` | opening, copying, citing and saving passages |
//!
//! The screen searches only through the public interface of `svod-query`.

mod citation;
mod clipboard;
mod dossier;
mod draw;
mod editor;
mod filters;
mod keys;
mod line;
mod listing;
mod marks;
mod panes;
mod places;
mod state;
mod terminal;
#[cfg(test)]
mod test_hits;
mod theme;
mod worker;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, KeyEventKind};
use ratatui::crossterm::terminal::size;
use svod_query::{Index, Request};
use svod_render::Paint;

use self::places::Places;
use self::state::{Effect, Event, State};
use self::terminal::Taken;
pub(crate) use self::terminal::{INTERRUPTED, can_tell_of_panic};
use self::worker::Workers;

/// The time that a drawing waits for the answer to a key.
const GRACE: Duration = Duration::from_millis(10);
/// The interval of checks for reports while workers are busy.
const BUSY: Duration = Duration::from_millis(2);
/// The same while they are idle.
const IDLE: Duration = Duration::from_millis(200);
/// The interval of checks whether the index has changed.
const LOOK: Duration = Duration::from_secs(2);
/// The time after which the screen shows that a search is still running.
const SLOW: Duration = Duration::from_millis(300);

/// The options of the screen.
#[derive(Debug, Clone)]
pub(crate) struct ScreenOptions {
    /// The template of all requests; the screen sets query, number of hits and length of snippets itself.
    pub(crate) request: Request,
    /// Whether there are colours.
    pub(crate) paint: Paint,
    /// The current folder.
    pub(crate) here: Option<PathBuf>,
}

/// How the screen ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The user left it.
    Left,
    /// A signal ended it.
    Interrupted,
}

/// Returns whether standard input and output are a terminal that can show the screen.
pub(crate) fn is_possible() -> bool {
    let is_able = |term: &std::ffi::OsStr| !term.is_empty() && term != "dumb";
    let term = std::env::var_os("TERM");
    (cfg!(windows) || term.as_deref().is_some_and(is_able)) && io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Runs the screen until it ends, and restores the terminal.
///
/// # Errors
/// If the terminal cannot be read or written.
pub(crate) fn run(index: &Index, options: ScreenOptions) -> io::Result<Ended> {
    let mut terminal = Taken::take()?;
    let roots = index.roots().map(|root| root.map_or_else(|| "(texts)".into(), Path::to_string_lossy));
    let places = Places { library: roots.collect::<Vec<_>>().join(", "), here: options.here };
    let state = State::new(options.request, options.paint, places);
    let (columns, rows) = size()?;
    let mut screen =
        Screen { state, workers: Workers::start(index), terminal: &mut terminal, asked: None, ended: None };
    screen.happened(Event::Resized(columns, rows))?;
    screen.go_on()
}

struct Screen<'t> {
    state: State,
    workers: Workers,
    terminal: &'t mut Taken,
    /// The time of the last search, while its answer is awaited.
    asked: Option<Instant>,
    ended: Option<Ended>,
}

impl Screen<'_> {
    fn go_on(mut self) -> io::Result<Ended> {
        let mut looked = Instant::now();
        let mut is_changed = true;
        loop {
            if let Some(ended) = self.ended {
                return Ok(ended);
            }
            if terminal::is_ending() {
                return Ok(Ended::Interrupted);
            }
            if is_changed {
                self.terminal.draw(&mut self.state)?;
            }
            is_changed = self.wait()?;
            if looked.elapsed() > LOOK {
                looked = Instant::now();
                self.workers.look();
            }
        }
    }

    /// Waits a moment for events; returns whether there were any.
    fn wait(&mut self) -> io::Result<bool> {
        let mut is_changed = false;
        if event::poll(if self.workers.is_busy() { BUSY } else { IDLE })? {
            // All pending keys are handled before the next drawing.
            while self.ended.is_none() && event::poll(Duration::ZERO)? {
                is_changed |= self.input(event::read()?)?;
            }
            is_changed |= self.wait_for_answer()?;
        }
        while let Some(report) = self.workers.report(Duration::ZERO) {
            is_changed = true;
            self.happened(report)?;
        }
        is_changed |= self.measure()?;
        if self.asked.is_some_and(|asked| asked.elapsed() > SLOW) && !self.state.is_slow {
            is_changed = true;
            self.happened(Event::Slow)?;
        }
        Ok(is_changed)
    }

    /// Checks whether the terminal has another size: no event reports this if a key comes at the same moment.
    fn measure(&mut self) -> io::Result<bool> {
        let (columns, rows) = size()?;
        let is_new = self.state.size() != (columns, rows);
        if is_new {
            self.happened(Event::Resized(columns, rows))?;
        }
        Ok(is_new)
    }

    /// Waits a moment for the answer, so that one drawing shows both the key and its answer.
    fn wait_for_answer(&mut self) -> io::Result<bool> {
        let until = Instant::now() + GRACE;
        let mut is_changed = false;
        while self.workers.is_busy() {
            let Some(report) = self.workers.report(until.saturating_duration_since(Instant::now())) else { break };
            is_changed = true;
            self.happened(report)?;
        }
        Ok(is_changed)
    }

    fn input(&mut self, event: event::Event) -> io::Result<bool> {
        let event = match event {
            event::Event::Key(key) if key.kind != KeyEventKind::Release => Event::Key(key),
            event::Event::Paste(text) => Event::Paste(text),
            event::Event::Resize(columns, rows) => Event::Resized(columns, rows),
            _ => return Ok(false),
        };
        self.happened(event)?;
        Ok(true)
    }

    fn happened(&mut self, event: Event) -> io::Result<()> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.state.update(event) {
                events.extend(self.carry_out(effect)?);
            }
        }
        if !self.state.is_waiting() {
            self.asked = None;
        }
        Ok(())
    }

    /// Carries out an effect, and returns the event that results, if any.
    fn carry_out(&mut self, effect: Effect) -> io::Result<Option<Event>> {
        match effect {
            Effect::Search(question) => {
                self.asked = Some(Instant::now());
                self.workers.search(*question);
            }
            Effect::Read(id) => self.workers.read(id),
            Effect::FindYears(request, turn) => self.workers.find_years(request, turn),
            Effect::Open { path, line } => {
                let opened = self.terminal.lend(|| editor::open(&path, line))?;
                let (columns, rows) = size()?;
                self.happened(Event::Resized(columns, rows))?;
                return Ok(opened.err().map(Event::Said));
            }
            Effect::Copy(text) => match clipboard::sequence(&text) {
                Some(sequence) => self.terminal.send(&sequence)?,
                None => return Ok(Some(Event::Said("too long for the terminal's clipboard".to_owned()))),
            },
            Effect::FindFreeName => return Ok(Some(Event::FreeName(dossier::free_name(Path::new("."))))),
            Effect::Write { name, text } => return Ok(Some(written(&name, &text))),
            Effect::Suspend => {
                self.terminal.lend(terminal::suspend)?;
                let (columns, rows) = size()?;
                return Ok(Some(Event::Resized(columns, rows)));
            }
            Effect::Redraw => self.terminal.forget()?,
            Effect::Leave => self.ended = Some(Ended::Left),
        }
        Ok(None)
    }
}

fn written(name: &str, text: &str) -> Event {
    match dossier::write(Path::new("."), name, text) {
        Ok(path) => Event::Written(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Event::NotWritten(format!("`{}` exists already: choose another name", svod_query::printable(name)))
        }
        Err(error) => Event::NotWritten(format!("cannot write `{}`: {error}", svod_query::printable(name))),
    }
}
